"""Messages of SNMPv3 with the User-based Security Model (RFC 3412, 3414, 3826, 7860). Pure but for random salts."""

from __future__ import annotations

import hmac
import os
from enum import StrEnum
from typing import NamedTuple

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from agent.probes.snmp import ber
from agent.probes.snmp.ber import BerError
from agent.probes.snmp.credential import PrivacyProtocol
from agent.probes.snmp.message import Pdu, PduRequest, PduType, SnmpVersion, pdu_template, read_pdu
from agent.probes.snmp.usm_keys import UsmKeys
from agent.probes.snmp.values import encode_oid

MAX_ENGINE_ID, MAX_USER = 32, 32  # RFC 3411 section 5, RFC 3414 section 5
_USM = 3  # the security model
_AUTH, _PRIVACY, _REPORTABLE = 1, 2, 4
_SALT_BYTES = 8
_DES_BLOCK = 8
_MOST = 2**31 - 1


class UsmReport(StrEnum):
    """What a Report says is wrong with a request of ours (RFC 3414 section 5, RFC 3412, RFC 3413)."""

    UNSUPPORTED_SEC_LEVELS = "unsupportedSecLevels"
    NOT_IN_TIME_WINDOWS = "notInTimeWindows"
    UNKNOWN_USER_NAMES = "unknownUserNames"
    UNKNOWN_ENGINE_IDS = "unknownEngineIDs"
    WRONG_DIGESTS = "wrongDigests"
    DECRYPTION_ERRORS = "decryptionErrors"
    UNKNOWN_PDU_HANDLERS = "unknownPDUHandlers"
    UNAVAILABLE_CONTEXTS = "unavailableContexts"
    UNKNOWN_CONTEXTS = "unknownContexts"


_REPORTS = {
    encode_oid(f"{oid}.0"): report
    for oid, report in (
        *((f"1.3.6.1.6.3.15.1.1.{number}", report) for number, report in enumerate(list(UsmReport)[:6], 1)),
        ("1.3.6.1.6.3.11.2.1.3", UsmReport.UNKNOWN_PDU_HANDLERS),
        ("1.3.6.1.6.3.12.1.4", UsmReport.UNAVAILABLE_CONTEXTS),
        ("1.3.6.1.6.3.12.1.5", UsmReport.UNKNOWN_CONTEXTS),
    )
}


class UsmUser(NamedTuple):
    """Who asks: the user's name, the context that is asked about, and the keys for one engine."""

    name: bytes
    context: bytes
    keys: UsmKeys


class EngineClock(NamedTuple):
    """An engine as it was known at an instant of ``clock.monotonic()``: who it is, its boots, its seconds since."""

    engine_id: bytes
    boots: int
    seconds: int
    read_at: float

    def seconds_at(self, now: float) -> int:
        return min(self.seconds + int(now - self.read_at), _MOST)


class UsmMessage(NamedTuple):
    """A message but for what it says: that is read once its sender is known. scoped: where its scoped PDU begins."""

    octets: bytes
    message_id: int
    flags: int
    engine_id: bytes
    boots: int
    seconds: int
    user: bytes
    mac_at: int
    mac: bytes
    salt: bytes
    scoped: int

    @property
    def is_authenticated(self) -> bool:
        return bool(self.flags & _AUTH)

    @property
    def is_encrypted(self) -> bool:
        return bool(self.flags & _PRIVACY)


# Writing


def discovery(token: bytes) -> bytes:
    """The request that every engine answers with a Report, which has its id (RFC 3414 section 4)."""
    scoped = _scoped_pdu(b"", b"", PduRequest(PduType.GET, ()), token)
    parameters = ber.tlv(ber.SEQUENCE, b"\x04\x00\x02\x01\x00\x02\x01\x00\x04\x00\x04\x00\x04\x00")
    return ber.tlv(ber.SEQUENCE, _head(token, _REPORTABLE) + ber.tlv(ber.OCTET_STRING, parameters) + scoped)


def request_message(token: bytes, request: PduRequest, user: UsmUser, engine: EngineClock, now: float) -> bytes:
    """A request to an engine, as secure as its keys make it. The token is its msgID and its request-id."""
    keys, seconds = user.keys, engine.seconds_at(now)
    payload = _scoped_pdu(engine.engine_id, user.context, request, token)
    flags, salt = _REPORTABLE, b""
    if keys.hash_name:
        flags |= _AUTH
    if keys.privacy is not None:
        flags |= _PRIVACY
        salt = _new_salt(keys.privacy, engine.boots)
        payload = ber.tlv(ber.OCTET_STRING, _encrypted(payload, keys, engine.boots, seconds, salt))
    known = ber.tlv(ber.OCTET_STRING, engine.engine_id) + ber.integer(engine.boots) + ber.integer(seconds)
    after = ber.tlv(ber.OCTET_STRING, salt)
    mac = ber.tlv(ber.OCTET_STRING, bytes(keys.mac_bytes))
    parameters = ber.tlv(ber.SEQUENCE, known + ber.tlv(ber.OCTET_STRING, user.name) + mac + after)
    message = ber.tlv(ber.SEQUENCE, _head(token, flags) + ber.tlv(ber.OCTET_STRING, parameters) + payload)
    if not keys.hash_name:
        return message
    at = len(message) - len(payload) - len(after) - keys.mac_bytes
    return message[:at] + _mac(keys, message) + message[at + keys.mac_bytes :]


def _head(token: bytes, flags: int) -> bytes:
    return b"\x02\x01\x03\x30\x11\x02\x04" + token + b"\x02\x03\x00\xff\xe3\x04\x01" + bytes((flags, 2, 1, _USM))


def _scoped_pdu(engine_id: bytes, context: bytes, request: PduRequest, token: bytes) -> bytes:
    scope = ber.tlv(ber.OCTET_STRING, engine_id) + ber.tlv(ber.OCTET_STRING, context)
    return ber.tlv(ber.SEQUENCE, scope + pdu_template(request).with_id(token))


# Reading


def read_usm_message(octets: bytes) -> UsmMessage:
    """A message of SNMPv3, by whomever; BerError for what is none."""
    if len(octets) > ber.MAX_MESSAGE_BYTES:
        raise BerError("a message of more than 65,507 octets")
    at, end = ber.expect(octets, 0, len(octets), ber.SEQUENCE)
    if end != len(octets):
        raise BerError("octets behind the message")
    version, at = ber.expect_integer(octets, at, end)
    if version != SnmpVersion.V3:
        raise BerError("a message of another version")
    message_id, flags, at = _read_head(octets, at, end)
    at, scoped = ber.expect(octets, at, end, ber.OCTET_STRING)
    at, stop = ber.expect(octets, at, scoped, ber.SEQUENCE)
    engine_id, at = ber.expect_octets(octets, at, stop)
    boots, at = ber.expect_integer(octets, at, stop)
    seconds, at = ber.expect_integer(octets, at, stop)
    user, at = ber.expect_octets(octets, at, stop)
    mac_at, at = ber.expect(octets, at, stop, ber.OCTET_STRING)
    mac = octets[mac_at:at]
    salt, at = ber.expect_octets(octets, at, stop)
    if at != stop or stop != scoped:
        raise BerError("octets behind the security parameters")
    if len(engine_id) > MAX_ENGINE_ID or len(user) > MAX_USER or not (0 <= boots <= _MOST and 0 <= seconds <= _MOST):
        raise BerError("security parameters out of range")
    return UsmMessage(octets, message_id, flags, engine_id, boots, seconds, user, mac_at, mac, salt, scoped)


def _read_head(octets: bytes, at: int, end: int) -> tuple[int, int, int]:
    """MsgID and flags of the header at this place, and where it ends."""
    at, stop = ber.expect(octets, at, end, ber.SEQUENCE)
    message_id, at = ber.expect_integer(octets, at, stop)
    _, at = ber.expect_integer(octets, at, stop)
    flags, at = ber.expect_octets(octets, at, stop)
    model, at = ber.expect_integer(octets, at, stop)
    if len(flags) != 1 or model != _USM or at != stop:
        raise BerError("a message of another security model")
    if flags[0] & (_AUTH | _PRIVACY) == _PRIVACY:
        raise BerError("encrypted, but not authenticated")
    return message_id, flags[0], stop


def is_authentic(message: UsmMessage, keys: UsmKeys) -> bool:
    """Whether whoever knows the key wrote it."""
    if not keys.hash_name or len(message.mac) != keys.mac_bytes:
        return False
    at, octets = message.mac_at, message.octets
    blank = octets[:at] + bytes(keys.mac_bytes) + octets[at + keys.mac_bytes :]
    return hmac.compare_digest(_mac(keys, blank), message.mac)


def read_scoped_pdu(message: UsmMessage, keys: UsmKeys) -> Pdu:
    """What a message says, decrypted if it has to be."""
    octets, at, end = message.octets, message.scoped, len(message.octets)
    if message.is_encrypted:
        start, stop = ber.expect(octets, at, end, ber.OCTET_STRING)
        if stop != end:
            raise BerError("octets behind the encrypted part")
        octets = _decrypted(octets[start:stop], keys, message)
        at, end = 0, len(octets)
    at, stop = ber.expect(octets, at, end, ber.SEQUENCE)  # a DES block is filled up behind it
    _, at = ber.expect_octets(octets, at, stop)
    _, at = ber.expect_octets(octets, at, stop)
    pdu, at = read_pdu(octets, at, stop)
    if at != stop or (not message.is_encrypted and stop != end):
        raise BerError("octets behind the PDU")
    return pdu


def report_of(pdu: Pdu) -> UsmReport | None:
    """What a Report says is wrong; None for another PDU, and for a Report that is not known."""
    if pdu.kind != PduType.REPORT or not pdu.varbinds:
        return None
    return _REPORTS.get(pdu.varbinds[0][0])


# Ciphers


def _mac(keys: UsmKeys, octets: bytes) -> bytes:
    return hmac.digest(keys.auth_key, octets, keys.hash_name)[: keys.mac_bytes]


def _new_salt(privacy: PrivacyProtocol, boots: int) -> bytes:
    """Never the same twice under one key: 64 random bits, or for DES the boots and 32 of them (RFC 3414 8.1.1.1)."""
    if privacy is PrivacyProtocol.DES:
        return boots.to_bytes(4, "big") + os.urandom(4)
    return os.urandom(_SALT_BYTES)


def _cipher(keys: UsmKeys, boots: int, seconds: int, salt: bytes) -> Cipher[CBC] | Cipher[CFB]:
    if keys.privacy is PrivacyProtocol.DES:
        vector = bytes(one ^ other for one, other in zip(salt, keys.privacy_key[8:], strict=True))
        return Cipher(TripleDES(keys.privacy_key[:8] * 3), CBC(vector))  # three times one key is DES
    return Cipher(AES(keys.privacy_key), CFB(boots.to_bytes(4, "big") + seconds.to_bytes(4, "big") + salt))


def _encrypted(octets: bytes, keys: UsmKeys, boots: int, seconds: int, salt: bytes) -> bytes:
    if keys.privacy is PrivacyProtocol.DES:
        octets += bytes(-len(octets) % _DES_BLOCK)
    return _cipher(keys, boots, seconds, salt).encryptor().update(octets)


def _decrypted(octets: bytes, keys: UsmKeys, message: UsmMessage) -> bytes:
    if keys.privacy is None or len(message.salt) != _SALT_BYTES:
        raise BerError("an encrypted message that is not for our keys")
    if keys.privacy is PrivacyProtocol.DES and len(octets) % _DES_BLOCK:
        raise BerError("an encrypted part of broken blocks")
    return _cipher(keys, message.boots, message.seconds, message.salt).decryptor().update(octets)
