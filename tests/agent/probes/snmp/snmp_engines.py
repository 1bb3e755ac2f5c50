"""Two engines behind one face: our client, and pysnmp's behind a gate. Nothing reaches pysnmp's decoder before our own
reader found it whole, awaited, of 1,500 octets and 20 variables at most.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Protocol

from pyasn1.type import univ
from pysnmp.hlapi.v3arch import asyncio as pysnmp

from agent.clock import SystemClock
from agent.model import Reason, ReasonCode
from agent.probes.snmp.ber import BerError
from agent.probes.snmp.client import SnmpClient, SnmpFailure, SnmpShared
from agent.probes.snmp.credential import SnmpCredential
from agent.probes.snmp.message import Pdu, SnmpVersion, read_community_message
from agent.probes.snmp.reasons import SnmpReason
from agent.probes.snmp.usm import UsmMessage, read_scoped_pdu, read_usm_message
from agent.probes.snmp.usm_keys import UsmKeys, engine_keys, password_key
from agent.probes.snmp.values import decode_oid, encode_oid
from tests.agent.probes.snmp.pysnmp_agent import AUTH, PRIVACY

MOST_BYTES, MOST_VARBINDS = 1_500, 20
Values = Mapping[str, bytes | int]
"""By name; an object identifier as its octets."""


class SnmpEngine(Protocol):
    """Values by name, or the reason why there are none."""

    async def get(self, oids: Sequence[str]) -> Values | ReasonCode: ...

    async def walk(self, columns: Sequence[str]) -> Values | ReasonCode: ...


class MakeEngine(Protocol):
    """An engine that asks the agent at an address as this credential, for so long at most."""

    def __call__(self, address: str, port: int, credential: SnmpCredential, seconds: float) -> SnmpEngine: ...


@dataclass(frozen=True, slots=True)
class OurEngine:
    address: str
    port: int
    credential: SnmpCredential
    seconds: float

    async def get(self, oids: Sequence[str]) -> Values | ReasonCode:
        return await self._run([encode_oid(oid) for oid in oids], walks=False)

    async def walk(self, columns: Sequence[str]) -> Values | ReasonCode:
        return await self._run([encode_oid(column) for column in columns], walks=True)

    async def _run(self, oids: list[bytes], *, walks: bool) -> Values | ReasonCode:
        clock = SystemClock()
        shared = SnmpShared(clock)
        until = clock.monotonic() + self.seconds
        asking = SnmpClient(
            shared, self.credential, address=self.address, port=self.port, clock=clock, deadline=until, retries=1
        )
        try:
            if not walks:
                return {decode_oid(name): value.content for name, value in (await asking.get(oids)).items()}
            found = await asking.walk(oids, 1_000)
            return {decode_oid(at + end): value.content for at, rows in found.items() for end, value in rows.items()}
        except SnmpFailure as failed:
            return failed.reason
        finally:
            shared.close()


# The gate


class Gatekeeper:
    """Says of a datagram what keeps it from pysnmp; v3 is decrypted for that."""

    def __init__(self, credential: SnmpCredential) -> None:
        self._credential = credential
        self._keys: list[bytes] = []  # only what is encrypted has to be made readable
        if credential.auth is not None and credential.privacy is not None:
            words = (credential.auth_password, credential.privacy_password)
            self._keys = [password_key(credential.auth, word) for word in words]

    def refusal(self, datagram: bytes, awaited: Collection[int]) -> str:
        """What is wrong with an answer, "" where nothing is."""
        if len(datagram) > MOST_BYTES:
            return "over 1,500 octets"
        try:
            number, pdu = self.read(datagram)
        except BerError as error:
            return str(error)
        if number not in awaited:
            return "an answer to no request"
        return "over 20 variables" if len(pdu.varbinds) > MOST_VARBINDS else ""

    def read(self, datagram: bytes) -> tuple[int, Pdu]:
        """The request-id of v1 and v2c or the msgID of v3, and what is said."""
        if datagram[:1] == b"\x30" and b"\x02\x01\x03" in datagram[2:9]:
            message = read_usm_message(datagram)
            return message.message_id, read_scoped_pdu(message, self._keys_for(message))
        pdu = read_community_message(datagram).pdu
        return pdu.request_id, pdu

    def _keys_for(self, message: UsmMessage) -> UsmKeys:
        credential = self._credential
        if credential.auth is None or not self._keys or not message.is_encrypted:
            return UsmKeys()
        auth_key, privacy_key = self._keys
        return engine_keys(credential.auth, auth_key, credential.privacy, privacy_key, message.engine_id)


class Gate(asyncio.DatagramProtocol):
    """Between pysnmp and an agent: questions pass, answers if nothing is wrong with them; keeps why others did not."""

    def __init__(self, agent: tuple[str, int], keeper: Gatekeeper) -> None:
        self.refused: list[str] = []
        self._agent = agent
        self._keeper = keeper
        self._awaited: set[int] = set()
        self._client: tuple[str, int] | None = None
        self.transport: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]  # as it is made
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if self._client is None or addr == self._client:  # the first to speak is pysnmp
            self._client = addr
            self._awaited.add(_number_of_request(data))
            self.transport.sendto(data, self._agent)
            return
        refusal = "another address" if addr != self._agent else self._keeper.refusal(data, self._awaited)
        if refusal:
            self.refused.append(refusal)
            return
        self._awaited.discard(self._keeper.read(data)[0])
        self.transport.sendto(data, self._client)

    def reason(self) -> ReasonCode:
        """Of a question that was not answered."""
        if not self.refused:
            return Reason.TIMEOUT
        return Reason.TOO_LARGE if self.refused[-1].startswith("over ") else Reason.PROTOCOL_ERROR


def _number_of_request(datagram: bytes) -> int:
    try:
        return read_usm_message(datagram).message_id
    except BerError:
        return read_community_message(datagram).pdu.request_id


# pysnmp's client


@dataclass(frozen=True, slots=True)
class PysnmpEngine:
    address: str
    port: int
    credential: SnmpCredential
    seconds: float

    async def get(self, oids: Sequence[str]) -> Values | ReasonCode:
        return await self._run(oids, walks=False)

    async def walk(self, columns: Sequence[str]) -> Values | ReasonCode:
        return await self._run(columns, walks=True)

    async def _run(self, oids: Sequence[str], *, walks: bool) -> Values | ReasonCode:
        _, gate = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: Gate((self.address, self.port), Gatekeeper(self.credential)), local_addr=("127.0.0.1", 0)
        )
        engine = pysnmp.SnmpEngine()
        try:
            port = gate.transport.get_extra_info("sockname")[1]
            target = await pysnmp.UdpTransportTarget.create(("127.0.0.1", port), timeout=self.seconds / 2, retries=1)
            about = (engine, _auth_data(self.credential), target, pysnmp.ContextData())
            if not walks:
                return _values(await pysnmp.get_cmd(*about, *map(_object, oids), lookupMib=False), gate)
            found: dict[str, bytes | int] = {}
            async with asyncio.timeout(4 * self.seconds):
                for column in oids:
                    rows = await self._column(about, column, gate)
                    if not isinstance(rows, Mapping):
                        return rows
                    found.update(rows)
            return found
        except TimeoutError:
            return Reason.TIMEOUT
        finally:
            engine.close_dispatcher()
            gate.transport.close()

    async def _column(self, about: tuple[Any, ...], column: str, gate: Gate) -> Values | ReasonCode:
        found: dict[str, bytes | int] = {}
        if self.credential.version is SnmpVersion.V1:
            rows = pysnmp.walk_cmd(*about, _object(column), lookupMib=False, lexicographicMode=False)
        else:
            rows = pysnmp.bulk_walk_cmd(
                *about, 0, MOST_VARBINDS, _object(column), lookupMib=False, lexicographicMode=False
            )
        async with aclosing(rows) as answers:
            async for answer in answers:
                values = _values(answer, gate)
                if not isinstance(values, Mapping):
                    return values
                if not values.keys().isdisjoint(found):
                    return Reason.TOO_LARGE  # it goes round in circles and would not stop by itself
                found.update(values)
        return found


def _object(oid: str) -> pysnmp.ObjectType:
    return pysnmp.ObjectType(pysnmp.ObjectIdentity(oid))


def _values(answer: tuple[Any, Any, Any, Any], gate: Gate) -> Values | ReasonCode:
    """Its Reports have names; what is missing comes as a value of its own type."""
    indication, status, _, varbinds = answer
    if indication is not None:
        words = str(indication)
        if "not increasing" in words:
            return Reason.TOO_LARGE
        return gate.reason() if "No SNMP response" in words else Reason.NOT_PERMITTED
    if int(status):
        return Reason.NOT_PERMITTED if int(status) == 16 else SnmpReason.SNMP_ERROR
    return {str(name): _content(value) for name, value in varbinds if not _is_missing(value)}


def _is_missing(value: Any) -> bool:
    return bool(value.tagSet.superTags[-1].tagClass & 0x80)


def _content(value: Any) -> bytes | int:
    if isinstance(value, univ.Integer):
        return int(value)
    return encode_oid(str(value)) if isinstance(value, univ.ObjectIdentifier) else bytes(value)


def _auth_data(credential: SnmpCredential) -> object:
    if credential.version is not SnmpVersion.V3:
        return pysnmp.CommunityData(credential.community.decode(), mpModel=int(credential.version))
    return pysnmp.UsmUserData(
        credential.user.decode(),
        credential.auth_password.decode() or None,
        credential.privacy_password.decode() or None,
        authProtocol=AUTH[credential.auth],
        privProtocol=PRIVACY[credential.privacy],
    )


ENGINES: dict[str, MakeEngine] = {"ours": OurEngine, "pysnmp": PysnmpEngine}
