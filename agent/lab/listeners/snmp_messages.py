"""Answers to SNMP requests (RFC 1157, 3416) about a sorted table of objects, through pysnmp's messages.

It shares no code with the probe, so that a codec cannot confirm its own mistake. Names and values that stay are encoded
once; only values that live are encoded for each answer.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from pyasn1.codec.ber import decoder, encoder
from pyasn1.error import PyAsn1Error
from pyasn1.type import tag, univ
from pysnmp.proto import rfc1901, rfc1902, rfc1905

from agent.lab.devices.objects import Content, Oid, SimulatedObject, Syntax

_SYNTAXES = {
    Syntax.INTEGER: rfc1902.Integer32,
    Syntax.OCTETS: rfc1902.OctetString,
    Syntax.OID: rfc1902.ObjectIdentifier,
    Syntax.COUNTER32: rfc1902.Counter32,
    Syntax.GAUGE32: rfc1902.Gauge32,
    Syntax.TIME_TICKS: rfc1902.TimeTicks,
    Syntax.COUNTER64: rfc1902.Counter64,
}
_NULL = encoder.encode(univ.Null(""))
_NO_SUCH_OBJECT = encoder.encode(rfc1905.noSuchObject)
_NO_SUCH_INSTANCE = encoder.encode(rfc1905.noSuchInstance)
_END_OF_VIEW = encoder.encode(rfc1905.endOfMibView)
_MESSAGE = rfc1901.Message()  # v1's tags are among those of v2c
SEQUENCE = univ.SequenceOf(componentType=univ.Any())
_RESPONSE, _REPORT = (
    SEQUENCE.subtype(implicitTag=tag.Tag(tag.tagClassContext, tag.tagFormatConstructed, number)) for number in (2, 8)
)
_MOST_BYTES = 1400  # of all varbinds: the whole goes into one Ethernet frame
_MOST_REPETITIONS = 128
_TICKS_WRAP = 1 << 32


class Version(IntEnum):
    """The version field of a message."""

    V1 = 0
    V2C = 1
    V3 = 3


class ErrorStatus(IntEnum):
    """The errors that it answers with (RFC 3416 section 3)."""

    NONE = 0
    TOO_BIG = 1
    NO_SUCH_NAME = 2
    NO_ACCESS = 16  # authorizationError
    NOT_WRITABLE = 17


@dataclass(frozen=True, slots=True)
class Request:
    """A decoded request. For GetBulk status and index are non-repeaters and max-repetitions."""

    version: Version
    community: bytes
    kind: str
    number: int
    status: int
    index: int
    names: tuple[Oid, ...]


def decoded(datagram: bytes) -> Request | None:
    """The request in a datagram; None for anything else."""
    try:
        message, _ = decoder.decode(datagram, asn1Spec=_MESSAGE)
        return request_of(message[2], Version(int(message[0])), bytes(message[1]))
    except (PyAsn1Error, ValueError, TypeError, IndexError):
        return None


def request_of(pdus: rfc1905.PDUs, version: Version, community: bytes = b"") -> Request:
    """The request in a decoded PDU."""
    kind, pdu = pdus.getName(), pdus.getComponent()
    number, status, index = (int(pdu[place]) for place in range(3))
    return Request(version, community, kind, number, status, index, tuple(tuple(variable[0]) for variable in pdu[3]))


def in_community(request: Request, pdu: bytes) -> bytes:
    """The whole message of version 1 or 2c."""
    return wrapped(SEQUENCE, encoded_integer(request.version), encoded_octets(request.community), pdu)


class ObjectView:
    """Answers requests from the objects as they are now."""

    def __init__(self, objects: Callable[[], Sequence[SimulatedObject]]) -> None:
        self._source = objects
        self._held: Sequence[SimulatedObject] = ()
        self._oids: list[Oid] = []

    def answer(self, request: Request) -> bytes | None:
        """The PDU of the answer; None where an agent says nothing."""
        self._refresh()
        match request.kind:
            case "get-request":
                found = [self._get(request, name) for name in request.names]
            case "get-next-request":
                found = [self._next(request, name) for name in request.names]
            case "get-bulk-request" if request.version is not Version.V1:
                return _response(request, list(self._bulk(request)))
            case "set-request":
                return _failure(request, ErrorStatus.NOT_WRITABLE if request.version else ErrorStatus.NO_SUCH_NAME, 1)
            case _:
                return None
        if request.version is Version.V1 and None in found:
            return _failure(request, ErrorStatus.NO_SUCH_NAME, found.index(None) + 1)
        variables = [each for each in found if each is not None]
        if sum(map(len, variables)) > _MOST_BYTES:
            return _response(request, [], ErrorStatus.TOO_BIG)
        return _response(request, variables)

    def _refresh(self) -> None:
        objects = self._source()
        if objects is not self._held:
            self._held = objects
            self._oids = [each.oid for each in objects]

    def _get(self, request: Request, name: Oid) -> bytes | None:
        """The variable of exactly this name; None in v1 where it is not there."""
        place = bisect_left(self._oids, name)
        if place < len(self._oids) and self._oids[place] == name:
            variable = _encoded(self._held[place], request.version)
            if variable is not None:
                return variable
        if request.version is Version.V1:
            return None
        near = any(
            self._oids[at][: len(name) - 1] == name[:-1] for at in (place - 1, place) if 0 <= at < len(self._oids)
        )
        return _variable(name, _NO_SUCH_INSTANCE if near else _NO_SUCH_OBJECT)

    def _next(self, request: Request, name: Oid) -> bytes | None:
        """The variable behind this name; None in v1 where there is none."""
        found = next(self._behind(request, name), None)
        if found is not None:
            return found[1]
        return None if request.version is Version.V1 else _variable(name, _END_OF_VIEW)

    def _behind(self, request: Request, name: Oid) -> Iterator[tuple[Oid, bytes]]:
        for place in range(bisect_right(self._oids, name), len(self._oids)):
            variable = _encoded(self._held[place], request.version)
            if variable is not None:
                yield self._oids[place], variable

    def _bulk(self, request: Request) -> Iterator[bytes]:
        """RFC 3416 section 4.2.3, cut where a frame is full."""
        single, repetitions = max(request.status, 0), min(max(request.index, 0), _MOST_REPETITIONS)
        room = _MOST_BYTES
        for variable in self._in_turn(request, request.names[:single], request.names[single:], repetitions):
            room -= len(variable)
            if room < 0:
                return
            yield variable

    def _in_turn(
        self, request: Request, single: Sequence[Oid], repeated: Sequence[Oid], repetitions: int
    ) -> Iterator[bytes]:
        for name in single:
            yield self._next(request, name) or b""
        rows = [self._behind(request, name) for name in repeated]
        last = list(repeated)
        for _ in range(repetitions if repeated else 0):
            ended = 0
            for column, row in enumerate(rows):
                found = next(row, None)
                ended += found is None
                last[column] = last[column] if found is None else found[0]
                yield _variable(last[column], _END_OF_VIEW) if found is None else found[1]
            if ended == len(rows):
                return


@cache
def _name(oid: Oid) -> bytes:
    return bytes(encoder.encode(rfc1902.ObjectName(oid)))


def _encoded(held: SimulatedObject, version: Version) -> bytes | None:
    """The variable as it is now; None where it is not there. Version 1 has no Counter64 (RFC 3584 section 4.2.2.1)."""
    if version is Version.V1 and held.syntax is Syntax.COUNTER64:
        return None
    if not callable(held.content):
        return _constant(held.oid, held.syntax, held.content)
    content = held.content()
    if content is None:
        return None
    if held.syntax is Syntax.TIME_TICKS and isinstance(content, int):
        content %= _TICKS_WRAP
    return _variable(held.oid, bytes(encoder.encode(_SYNTAXES[held.syntax](content))))


@cache
def _constant(oid: Oid, syntax: Syntax, content: Content) -> bytes:
    return _variable(oid, bytes(encoder.encode(_SYNTAXES[syntax](content))))


def _variable(oid: Oid, value: bytes) -> bytes:
    return wrapped(SEQUENCE, _name(oid), value)


def _failure(request: Request, status: ErrorStatus, index: int) -> bytes:
    return _response(request, [_variable(name, _NULL) for name in request.names], status, index)


def _response(
    request: Request, variables: Iterable[bytes], status: ErrorStatus = ErrorStatus.NONE, index: int = 0
) -> bytes:
    return pdu(_RESPONSE, request.number, status, index, variables)


def pdu(shape: univ.SequenceOf, number: int, status: int, index: int, variables: Iterable[bytes]) -> bytes:
    """A PDU of that tag."""
    return wrapped(shape, *map(encoded_integer, (number, status, index)), wrapped(SEQUENCE, *variables))


def denied(request: Request) -> bytes:
    """What an agent answers who grants this user nothing on this level (RFC 3415)."""
    return _failure(request, ErrorStatus.NO_ACCESS, 0)


def counter_report(number: int, oid: Oid, count: int) -> bytes:
    """A Report about one counter (RFC 3412 section 7.1)."""
    return pdu(_REPORT, number, 0, 0, [_constant(oid, Syntax.COUNTER32, count)])


def encoded_integer(number: int) -> bytes:
    return bytes(encoder.encode(univ.Integer(int(number))))


def encoded_octets(octets: bytes) -> bytes:
    return bytes(encoder.encode(univ.OctetString(octets)))


def wrapped(shape: univ.SequenceOf, *parts: bytes) -> bytes:
    """The header of the shape, and what is encoded already."""
    whole = shape.clone()
    whole.extend([b"".join(parts)])
    return bytes(encoder.encode(whole))
