"""How messages to one device are made and its answers read: by community, or as a user of SNMPv3."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from agent.probes.snmp import usm
from agent.probes.snmp.ber import BerError
from agent.probes.snmp.credential import AuthProtocol, SnmpCredential
from agent.probes.snmp.message import (
    Pdu,
    PduRequest,
    PduType,
    message_template,
    read_community_message,
)
from agent.probes.snmp.usm import EngineClock, UsmReport, UsmUser
from agent.probes.snmp.usm_keys import UsmKeys, costs_a_loop, engine_keys, password_key

_MOST_PASSWORDS = 10_000


class MessageSecurity(Protocol):
    """How messages to one device are made, and what came is read: by version and credential."""

    def packet(self, token: bytes, request: PduRequest) -> bytes:
        """A whole message."""

    def read(self, datagram: bytes) -> Pdu | None:
        """The response in a datagram, or a Report to act upon; BerError for neither, None for what decides nothing."""


class CommunitySecurity:
    """v1 and v2c: whoever knows the community may ask."""

    __slots__ = ("_community", "_version")

    def __init__(self, credential: SnmpCredential) -> None:
        self._version = credential.version
        self._community = credential.community

    def packet(self, token: bytes, request: PduRequest) -> bytes:
        return message_template(self._version, self._community, request).with_id(token)

    def read(self, datagram: bytes) -> Pdu:
        """Its request-id is known to be ours; communities of answers differ from those of requests in old devices."""
        version, _, pdu = read_community_message(datagram)
        if version != self._version:
            raise BerError("an answer of another version")
        if pdu.kind != PduType.RESPONSE:
            raise BerError("no response")
        return pdu


class UsmSecurity:
    """v3: messages of one user to one engine.

    What is not authenticated decides nothing while an authentic answer may still come; report keeps what it said. An
    authentic message has our msgID, 31 random bits of this very request, so it is no replay, and its boots and seconds
    are the engine's now, whatever was known before.
    """

    __slots__ = ("_now", "_user", "engine", "is_proved", "report")

    def __init__(self, user: UsmUser, engine: EngineClock, now: Callable[[], float]) -> None:
        self.engine = engine
        self.is_proved = False  # whether an answer showed that the engine is who it says
        self.report: UsmReport | None = None
        self._user = user
        self._now = now

    @property
    def keys(self) -> UsmKeys:
        return self._user.keys

    def packet(self, token: bytes, request: PduRequest) -> bytes:
        return usm.request_message(token, request, self._user, self.engine, self._now())

    def read(self, datagram: bytes) -> Pdu | None:
        message, keys = usm.read_usm_message(datagram), self._user.keys
        is_ours = message.engine_id == self.engine.engine_id and message.user == self._user.name
        if not is_ours or message.is_authenticated != bool(keys.hash_name):
            self._read_unauthenticated(message)
            return None
        if message.is_authenticated and not usm.is_authentic(message, keys):
            raise BerError("an answer with a wrong digest")
        pdu = usm.read_scoped_pdu(message, keys)
        if pdu.kind == PduType.REPORT:
            return self._reported(message, pdu)
        if pdu.kind != PduType.RESPONSE or pdu.request_id != message.message_id:
            raise BerError("no response to our request")
        if keys.privacy is not None and not message.is_encrypted:
            raise BerError("a response in clear to an encrypted request")
        self._note_time(message)
        self.is_proved, self.report = True, None
        return pdu

    def _reported(self, message: usm.UsmMessage, pdu: Pdu) -> Pdu | None:
        """A Report in the engine's name; without authentication anybody can write one."""
        self.report = usm.report_of(pdu) or self.report
        if not message.is_authenticated:
            return None
        self._note_time(message)
        return pdu

    def _read_unauthenticated(self, message: usm.UsmMessage) -> None:
        """Only a Report can be of use, and one by another engine says that ours is not there, whatever else it says."""
        if message.is_authenticated or message.is_encrypted:
            raise BerError("an answer of another engine or user")
        pdu = usm.read_scoped_pdu(message, self._user.keys)
        if pdu.kind != PduType.REPORT:
            raise BerError("an answer that is not authenticated")
        is_changed = message.engine_id not in (b"", self.engine.engine_id)
        self.report = UsmReport.UNKNOWN_ENGINE_IDS if is_changed else usm.report_of(pdu) or self.report

    def _note_time(self, message: usm.UsmMessage) -> None:
        self.engine = EngineClock(message.engine_id, message.boots, message.seconds, self._now())


class EngineDiscovery:
    """v3 before the engine is known: asks who it is, and takes any Report for the answer."""

    __slots__ = ("_now", "engine")

    def __init__(self, now: Callable[[], float]) -> None:
        self.engine: EngineClock | None = None
        self._now = now

    def packet(self, token: bytes, request: PduRequest) -> bytes:  # noqa: ARG002 - the question is always the same
        return usm.discovery(token)

    def read(self, datagram: bytes) -> Pdu:
        message = usm.read_usm_message(datagram)
        if message.is_encrypted or not message.engine_id:
            raise BerError("no engine id in the answer to a discovery")
        pdu = usm.read_scoped_pdu(message, UsmKeys())
        if pdu.kind != PduType.REPORT:
            raise BerError("no report")
        self.engine = EngineClock(message.engine_id, message.boots, message.seconds, self._now())
        return pdu


class PasswordKeys:
    """The keys of all passwords that were used, each made once, outside the loop."""

    def __init__(self) -> None:
        self._keys: dict[tuple[AuthProtocol, bytes], bytes] = {}
        self._making = asyncio.Lock()

    async def for_engine(self, credential: SnmpCredential, engine_id: bytes) -> UsmKeys:
        """The keys of a user with one engine."""
        auth, privacy = credential.auth, credential.privacy
        if auth is None:
            return UsmKeys()
        auth_key = await self._of(auth, credential.auth_password)
        privacy_key = b"" if privacy is None else await self._of(auth, credential.privacy_password)
        if costs_a_loop(auth, privacy):
            return await asyncio.to_thread(engine_keys, auth, auth_key, privacy, privacy_key, engine_id)
        return engine_keys(auth, auth_key, privacy, privacy_key, engine_id)

    def ready_for_engine(self, credential: SnmpCredential, engine_id: bytes) -> UsmKeys | None:
        """The same without waiting; None while the keys of its passwords are not made: its first run makes them."""
        auth, privacy = credential.auth, credential.privacy
        if auth is None:
            return UsmKeys()
        auth_key = self._keys.get((auth, credential.auth_password))
        privacy_key = b"" if privacy is None else self._keys.get((auth, credential.privacy_password))
        if auth_key is None or privacy_key is None:
            return None
        return engine_keys(auth, auth_key, privacy, privacy_key, engine_id)

    async def _of(self, auth: AuthProtocol, password: bytes) -> bytes:
        found = self._keys.get((auth, password))
        if found is not None:
            return found
        async with self._making:  # many targets of one user start together
            if (auth, password) not in self._keys:
                if len(self._keys) >= _MOST_PASSWORDS:
                    self._keys.clear()
                self._keys[auth, password] = await asyncio.to_thread(password_key, auth, password)
            return self._keys[auth, password]
