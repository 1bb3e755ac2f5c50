"""H.225.0 call signalling: TPKT (RFC 1006), Q.931 and as much of the User-user element as names a message.

Two things only: the one PDU that may be sent (a StatusEnquiry outside any call), and a reader of whatever comes back.
A Setup would ring the room, so this module cannot write one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

NONCE_BYTES = 18  # 2 for the call reference, 16 for the call identifier
MAX_TPKT_BYTES = 16 * 1024  # what stacks send is below 2 KiB; the length field could say 65,535
_MAX_EMPTY = 64  # empty TPKTs, which some stacks send to keep a connection alive
_TPKT_HEAD = 4
_TPKT_VERSION = 3
_Q931 = 0x08  # protocol discriminator of call control messages, Q.931 4.2
_CRV_BYTES = 2  # H.225.0 7.1: the call reference always has two octets
_CAUSE, _USER_USER = 0x08, 0x7E  # Q.931 4.5.12, 4.5.30
_PER = 0x05  # protocol discriminator in the User-user element: X.680, H.225.0 7.2.2.31
_RELEASE_COMPLETE = 0x5A
_OID = b"\x06\x00\x08\x91\x4a\x00"  # length and all but the last octet of 0.0.8.2250.0.VERSION

KINDS: Mapping[int, str] = {
    0x01: "Alerting",
    0x02: "CallProceeding",
    0x03: "Progress",
    0x05: "Setup",
    0x07: "Connect",
    0x0D: "SetupAcknowledge",
    0x0F: "ConnectAcknowledge",
    0x5A: "ReleaseComplete",
    0x62: "Facility",
    0x6E: "Notify",
    0x75: "StatusEnquiry",
    0x7B: "Information",
    0x7D: "Status",
}
"""Message types of Q.931 and H.225.0 (table 4)."""

_REASONS = (
    "noBandwidth", "gatekeeperResources", "unreachableDestination", "destinationRejection", "invalidRevision",
    "noPermission", "unreachableGatekeeper", "gatewayResources", "badFormatAddress", "adaptiveBusy", "inConf",
    "undefinedReason",
)  # fmt: skip
_LATER_REASONS = (
    "facilityCallDeflection", "securityDenied", "calledPartyNotRegistered", "callerNotRegistered",
    "newConnectionNeeded", "nonStandardReason", "replaceWithConferenceInvite", "genericDataReason",
    "neededFeatureNotSupported", "tunnelledSignallingRejected", "invalidCID", "securityError", "hopCountExceeded",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class H225Message:
    """One H.225.0 message. release is why a ReleaseComplete came: H.225.0's word, else Q.931's ``cause 31``, or ""."""

    kind: str
    call_reference: int
    release: str = ""


@dataclass(frozen=True, slots=True)
class H225Malformed:
    """What came is not H.225.0, and why; after it the stream is lost."""

    why: str
    too_large: bool = False


def status_enquiry(nonce: bytes) -> bytes:
    """The StatusEnquiry of a call that does not exist; NONCE_BYTES random bytes make its reference and identifier.

    A template, octet by octet (H.225.0 version 4, h245Tunnelling false): nothing of it has a length that varies.
    """
    if len(nonce) != NONCE_BYTES:
        raise ValueError(f"a nonce of {NONCE_BYTES} bytes, not {len(nonce)}")
    reference = (int.from_bytes(nonce[:2], "big") & 0x7FFF) or 1  # top bit: sent by the side that called; 0: no call
    return (
        b"\x03\x00\x00\x2d"  # TPKT of 45 octets
         b"\x08\x02" + reference.to_bytes(2, "big") + b"\x75"  # Q.931, StatusEnquiry
        + b"\x7e\x00\x21\x05"  # User-user, 33 octets
        + b"\x28\x30\x19\x00" + _OID + b"\x04\x00" + nonce[2:]  # statusInquiry: protocolIdentifier, callIdentifier
        + b"\x10\x80\x01\x00"  # h245Tunnelling
    )  # fmt: skip


class H225Reader:
    """Messages out of a TCP stream that may be cut anywhere; never holds more than one TPKT and one chunk."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._empty = 0

    def feed(self, data: bytes) -> None:
        self._buffer += data

    @property
    def started(self) -> bool:
        """Whether part of a message is waiting for the rest."""
        return bool(self._buffer)

    def take(self) -> H225Message | H225Malformed | None:
        """The next message; None when more bytes are needed. Empty TPKTs are passed over, a few."""
        while (length := self._tpkt()) == _TPKT_HEAD:
            del self._buffer[:_TPKT_HEAD]
            self._empty += 1
            if self._empty > _MAX_EMPTY:
                return H225Malformed("empty TPKTs without end")
        if not isinstance(length, int):
            return length
        if length > len(self._buffer):
            return None
        payload = bytes(self._buffer[_TPKT_HEAD:length])
        del self._buffer[:length]
        return _q931(payload)

    def _tpkt(self) -> int | H225Malformed | None:
        """The length of the TPKT at the start, its head included; a first octet that is wrong is told at once."""
        if self._buffer[:1] not in (b"", bytes((_TPKT_VERSION,))):
            return H225Malformed("not a TPKT")
        if len(self._buffer) < _TPKT_HEAD:
            return None
        length = int.from_bytes(self._buffer[2:_TPKT_HEAD], "big")
        if length < _TPKT_HEAD:
            return H225Malformed(f"a TPKT of {length} bytes, less than its own head")
        if length > MAX_TPKT_BYTES:
            return H225Malformed(f"a TPKT of {length} bytes", too_large=True)
        return length


def _q931(data: bytes) -> H225Message | H225Malformed:
    """The octet after the discriminator holds the length of the call reference in its lower half (Q.931 4.3)."""
    if data[:1] != bytes((_Q931,)):
        return H225Malformed("a TPKT without Q.931 in it")
    if len(data) < 5 or data[1] != _CRV_BYTES or data[4] & 0x80:
        return H225Malformed("the head of a Q.931 message is wrong")
    elements = _elements(data[5:])
    if elements is None:
        return H225Malformed("an information element is longer than its message")
    kind = data[4]
    release = _release(elements) if kind == _RELEASE_COMPLETE else ""
    reference = int.from_bytes(data[2:4], "big") & 0x7FFF
    return H225Message(KINDS.get(kind, f"type {kind}"), reference, release)


def _elements(data: bytes) -> dict[int, bytes] | None:
    """Information elements by identifier, the first of each; None when a length leads out of the message."""
    elements: dict[int, bytes] = {}
    at = 0
    while at < len(data):
        identifier = data[at]
        at += 1
        if identifier & 0x80:  # a single octet, Q.931 4.5.1
            continue
        size = 2 if identifier == _USER_USER else 1  # H.225.0 7.2.2.31 widens this one's length
        begin = at + size
        end = begin + int.from_bytes(data[at:begin], "big")
        if max(begin, end) > len(data):
            return None
        elements.setdefault(identifier, data[begin:end])
        at = end
    return elements


def _release(elements: Mapping[int, bytes]) -> str:
    return _release_reason(elements.get(_USER_USER, b"")) or _cause(elements.get(_CAUSE, b""))


def _release_reason(user: bytes) -> str:
    """ReleaseCompleteReason in aligned PER: choice 5 of h323-message-body, present bit, identifier, a 4-bit choice.

    Anything else than that shape gives "": what cannot be read is not guessed at.
    """
    if len(user) < 11 or user[0] != _PER or user[1] & 0x0F != 5 or not user[2] & 0x40 or user[3:9] != _OID:
        return ""
    choice = user[10]
    table, index = (_LATER_REASONS, choice & 0x3F) if choice & 0x80 else (_REASONS, choice >> 3)
    if choice & 0xC0 == 0xC0:  # an index of 64 and more
        return ""
    return table[index] if index < len(table) else ""


def _cause(content: bytes) -> str:
    """The value of a Cause element; octet 3a stands before it where octet 3 says so (Q.850 2.1)."""
    at = 1 if content[:1] >= b"\x80" else 2
    return f"cause {content[at] & 0x7F}" if len(content) > at else ""
