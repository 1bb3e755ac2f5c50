"""One user of SNMPv3 (RFC 3414) with HMAC-SHA-256 and AES-128, by pysnmp's services; what goes wrong is reported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pyasn1.codec.ber import decoder
from pyasn1.error import PyAsn1Error
from pyasn1.type import univ
from pysnmp.proto.error import ProtocolError, StatusInformation
from pysnmp.proto.mpmod.rfc3412 import ScopedPDU, SNMPv3Message
from pysnmp.proto.secmod.rfc3414.service import UsmSecurityParameters
from pysnmp.proto.secmod.rfc3826.priv.aes import Aes
from pysnmp.proto.secmod.rfc7860.auth.hmacsha2 import HmacSha2

from agent.lab.devices.device import SimulatedDevice
from agent.lab.devices.objects import Oid
from agent.lab.listeners.snmp import SnmpUser
from agent.lab.listeners.snmp_messages import (
    SEQUENCE,
    ObjectView,
    Version,
    counter_report,
    denied,
    encoded_integer,
    encoded_octets,
    request_of,
    wrapped,
)

_STATISTICS: Oid = (1, 3, 6, 1, 6, 3, 15, 1, 1)  # usmStats
_NOT_IN_TIME, _UNKNOWN_USER, _UNKNOWN_ENGINE, _WRONG_DIGEST = 2, 3, 4, 5
_AUTHENTICATED, _PRIVATE, _REPORTABLE = 1, 2, 4
_MOST_BYTES, _USM = 1472, 3
_WINDOW_SECONDS = 150
_SHA256 = HmacSha2(HmacSha2.SHA256_SERVICE_ID)
_AES = Aes()
_ERRORS = (PyAsn1Error, ProtocolError, StatusInformation, ValueError, TypeError, IndexError)


@dataclass(frozen=True, slots=True)
class _Envelope:
    """What stands around the PDU of one request."""

    number: int
    flags: int
    user: bytes


class UserSecurity:
    """The engine of one device; its boots and its time are the device's."""

    def __init__(self, user: SnmpUser, device: SimulatedDevice) -> None:
        self._user = user
        self._device = device
        self._engine = b"\x80\x00\x00\x00\x05" + device.name.encode()  # RFC 3411: octets, of an enterprise of its own
        self._counts: dict[int, int] = {}
        keys = [_SHA256.hash_passphrase(password) for password in (user.auth_password, user.privacy_password)]
        engine = univ.OctetString(self._engine)
        self._auth_key = _SHA256.localize_key(keys[0], engine)
        self._privacy_key = _SHA256.localize_key(keys[1], engine)[:16]

    def answer(self, datagram: bytes, view: ObjectView) -> bytes | None:
        """The whole answer; None for silence, as after a wrong privacy password."""
        try:
            message, _ = decoder.decode(datagram, asn1Spec=SNMPv3Message())
            parameters, _ = decoder.decode(bytes(message[2]), asn1Spec=UsmSecurityParameters())
            envelope = _Envelope(int(message[1][0]), bytes(message[1][2])[0], bytes(parameters[3]))
            return self._answer(envelope, message, parameters, datagram, view)
        except _ERRORS:
            return None

    def _answer(
        self,
        envelope: _Envelope,
        message: SNMPv3Message,
        parameters: UsmSecurityParameters,
        datagram: bytes,
        view: ObjectView,
    ) -> bytes | None:
        if bytes(parameters[0]) != self._engine:
            return self._report(envelope, _UNKNOWN_ENGINE)
        if envelope.user != self._user.name.encode():
            return self._report(envelope, _UNKNOWN_USER)
        if not envelope.flags & _AUTHENTICATED:
            request = request_of(message[3].getComponent()[2], Version.V3)
            return self._sealed(envelope, denied(request), 0)
        try:
            _SHA256.authenticate_incoming_message(self._auth_key, parameters[4], datagram)
        except StatusInformation:
            return self._report(envelope, _WRONG_DIGEST)
        if int(parameters[1]) != self._device.boots or abs(int(parameters[2]) - self._time()) > _WINDOW_SECONDS:
            return self._report(envelope, _NOT_IN_TIME, _AUTHENTICATED)
        if not envelope.flags & _PRIVATE:
            request = request_of(message[3].getComponent()[2], Version.V3)
            return self._sealed(envelope, denied(request), _AUTHENTICATED)
        salted = (int(parameters[1]), int(parameters[2]), parameters[5])
        plain = _AES.decrypt_data(self._privacy_key, salted, message[3].getComponent())
        scoped, _ = decoder.decode(plain, asn1Spec=ScopedPDU())
        pdu = view.answer(request_of(scoped[2], Version.V3))
        return None if pdu is None else self._sealed(envelope, pdu, _AUTHENTICATED | _PRIVATE)

    def _time(self) -> int:
        return int(self._device.uptime_seconds())

    def _report(self, envelope: _Envelope, counter: int, flags: int = 0) -> bytes | None:
        if not envelope.flags & _REPORTABLE:
            return None
        self._counts[counter] = self._counts.get(counter, 0) + 1
        return self._sealed(envelope, counter_report(0, (*_STATISTICS, counter, 0), self._counts[counter]), flags)

    def _sealed(self, envelope: _Envelope, pdu: bytes, flags: int) -> bytes:
        """The message of one level of security: signed, and encrypted, as the flags say."""
        scoped = wrapped(SEQUENCE, encoded_octets(self._engine), encoded_octets(b""), pdu)
        boots, now, salt = self._device.boots, self._time(), b""
        if flags & _PRIVATE:
            hidden, salted = _AES.encrypt_data(self._privacy_key, (boots, now, b""), scoped)
            scoped, salt = encoded_octets(bytes(hidden)), bytes(salted)
        digest = bytes(_SHA256.digest_length if flags & _AUTHENTICATED else 0)
        security = wrapped(
            SEQUENCE,
            encoded_octets(self._engine),
            encoded_integer(boots),
            encoded_integer(now),
            *map(encoded_octets, (envelope.user, digest, salt)),
        )
        header = wrapped(
            SEQUENCE,
            encoded_integer(envelope.number),
            encoded_integer(_MOST_BYTES),
            encoded_octets(bytes([flags])),
            encoded_integer(_USM),
        )
        whole = wrapped(SEQUENCE, encoded_integer(Version.V3), header, encoded_octets(security), scoped)
        sign: Callable[[univ.OctetString, bytes], bytes] = _SHA256.authenticate_outgoing_message
        return sign(self._auth_key, whole) if digest else whole
