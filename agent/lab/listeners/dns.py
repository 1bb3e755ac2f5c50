"""A name server of the lab over UDP and TCP, or TLS. Its messages are put together here from bytes.

It shares no code with the probe, so that a codec cannot confirm its own mistake.
"""

from __future__ import annotations

import socket
import ssl
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from agent.lab.listeners import udp_and_tcp
from agent.lab.listeners.base import LabService, ListenerSettings
from agent.lab.listeners.udp_and_tcp import CannedReply, UdpAndTcpListener

A, NS, CNAME, SOA, PTR, MX, TXT, AAAA, SRV = 1, 2, 5, 6, 12, 15, 16, 28, 33  # RFC 1035 3.2.2, 3596, 2782
_INTERNET = 1
_TO_THE_QUESTION = b"\xc0\x0c"  # a pointer to the name behind the header, RFC 1035 4.1.4
_RESPONSE, _TRUNCATED, _RECURSION, _AUTHENTICATED = 0x8000, 0x0200, 0x0080, 0x0020
_GARBAGE = b"\x00\xffnot a name server\r\n\r\n"

Spoil = Callable[[bytes, bytes], bytes]
"""Query and true answer to the message that is sent before it."""


@dataclass(frozen=True, slots=True)
class Record:
    """One resource record; its name is the one asked for unless another is given."""

    kind: int
    data: bytes
    name: str = ""
    ttl: int = 60

    def packed(self) -> bytes:
        name = packed_name(self.name) if self.name else _TO_THE_QUESTION
        return name + struct.pack("!HHIH", self.kind, _INTERNET, self.ttl, len(self.data)) + self.data


def packed_name(name: str) -> bytes:
    """``a.example`` as labels, without compression."""
    labels = [label.encode("ascii") for label in name.rstrip(".").split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def address(text: str) -> Record:
    """An A or AAAA record."""
    number = ip_address(text)
    return Record(A if number.version == 4 else AAAA, number.packed)


def soa(serial: int) -> Record:
    """The SOA record of a zone."""
    names = packed_name("ns.lab.example") + packed_name("noc.lab.example")
    return Record(SOA, names + struct.pack("!IIIII", serial, 3600, 600, 86_400, 60))


class DnsListener(UdpAndTcpListener):
    """Gives the same records to every question of one name; with a server context its TCP port speaks TLS.

    truncated cuts what goes over UDP, truncated_over_tcp what goes over connections; spoiled messages go out before the
    true one, over UDP those of `elsewhere` from another port. `heard` counts the queries by transport. Over UDP nothing
    can be closed: CLOSE and RESET are silence. SILENT comes after the TLS handshake.
    """

    def __init__(self, *answers: Record, tls: ssl.SSLContext | None = None) -> None:
        super().__init__()
        self.answers = answers or (address("192.0.2.80"),)
        self.authority: tuple[Record, ...] = ()
        self.additional: tuple[Record, ...] = ()
        self.rcode = 0
        self.authenticated = False
        self.truncated = False
        self.truncated_over_tcp = False
        self.spoiled: Sequence[Spoil] = ()
        self.elsewhere: Sequence[Spoil] = ()
        self.drops_first = 0  # so many queries over UDP get lost
        self.heard = {"udp": 0, "tcp": 0}
        self._tls = tls

    async def open(self, host: str, port: int = 0) -> None:
        await self._listen(host, port, lambda: DnsDatagrams(self), lambda: DnsStream(self), self._tls)

    def answer(self, query: bytes, *, cut: bool) -> bytes:
        """The whole answer to a query of one question."""
        end = query.index(b"\0", 12) + 5
        flags = _RESPONSE | (query[2] & 1) << 8 | _RECURSION | self.rcode
        flags |= (_TRUNCATED if cut else 0) | (_AUTHENTICATED if self.authenticated else 0)
        sections = ((), (), ()) if cut else (self.answers, self.authority, self.additional)
        head = query[:2] + struct.pack("!HHHHH", flags, 1, *map(len, sections))
        return head + query[12:end] + b"".join(record.packed() for section in sections for record in section)


class DnsDatagrams(udp_and_tcp.Datagrams):
    def __init__(self, server: DnsListener) -> None:
        super().__init__(server)
        self._names = server

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        server = self._names
        server.heard["udp"] += 1
        if server.heard["udp"] <= server.drops_first:
            return
        answer = server.answer(data, cut=server.truncated)
        _from_elsewhere([spoil(data, answer) for spoil in server.elsewhere], addr)
        for spoil in server.spoiled:
            self.send(spoil(data, answer), addr)
        self.behave(CannedReply(answer, _GARBAGE, answer[: len(answer) // 2], _of_another(answer)), addr)


class DnsStream(udp_and_tcp.Stream):
    def __init__(self, server: DnsListener) -> None:
        super().__init__(server)
        self._names = server
        self._received = b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        if len(self._received) < 2 + int.from_bytes(self._received[:2], "big"):
            return
        query, self._received = self._received[2:], b""
        self._names.heard["tcp"] += 1
        answer = self._names.answer(query, cut=self._names.truncated_over_tcp)
        for spoil in self._names.spoiled:
            self.write(_framed(spoil(query, answer)))
        whole = _framed(answer)
        self.behave(CannedReply(whole, _framed(_GARBAGE), whole[: len(whole) // 2], _framed(_of_another(answer)) * 64))


def _framed(message: bytes) -> bytes:
    return len(message).to_bytes(2, "big") + message


def _of_another(answer: bytes) -> bytes:
    """A well-formed answer to a query that nobody made."""
    return bytes((answer[0] ^ 0xFF, answer[1])) + answer[2:]


def _from_elsewhere(messages: Sequence[bytes], addr: tuple[str, int]) -> None:
    if messages:
        with socket.socket(socket.AF_INET6 if ":" in addr[0] else socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            for message in messages:
                stranger.sendto(message, addr)


_SERIAL = 2026010101


def _name_server(settings: ListenerSettings) -> DnsListener:
    """One resolves and sets the AD flag, the other is authoritative for the zone."""
    if settings.host == "zone":
        return DnsListener(soa(_SERIAL))
    resolver = DnsListener(address(settings.resolved_address))
    resolver.authenticated = True
    return resolver


SERVICES = (
    LabService(
        "dns",
        53,
        5053,
        _name_server,
        {
            "names": "{probe: dns, query_name: $query_name, degraded: {rtt: 200ms}}",
            "zone": "{probe: dns, query_name: $query_zone, query_type: SOA, recursion: false, degraded: {rtt: 200ms}}",
        },
    ),
)
