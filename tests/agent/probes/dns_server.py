"""A DNS server for tests: answers A and AAAA as told, or misbehaves. UDP only, packed by hand from RFC 1035."""

from __future__ import annotations

import asyncio
import ipaddress
import struct
from dataclasses import dataclass, field
from enum import StrEnum

_TYPES = {1: 4, 28: 6}  # A, AAAA to the IP version of the address
NOERROR, SERVFAIL, NXDOMAIN, NOTIMP, REFUSED = 0, 2, 3, 4, 5


class Mood(StrEnum):
    GOOD = "good"
    SERVFAIL = "servfail"
    REFUSED = "refused"
    NOTIMP = "notimp"
    SILENT = "silent"
    GARBAGE = "garbage"


@dataclass
class DnsServer(asyncio.DatagramProtocol):
    """names: host to addresses; ttl 0 by default, so that c-ares itself caches nothing. moods: by type, before mood."""

    names: dict[str, list[str]] = field(default_factory=dict)
    ttl: int = 0
    mood: Mood = Mood.GOOD
    moods: dict[int, Mood] = field(default_factory=dict)
    delay: float = 0.0
    asked: list[tuple[str, int]] = field(default_factory=list)
    address: str = ""

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))
        host, port = self._transport.get_extra_info("sockname")
        self.address = f"{host}:{port}"

    def close(self) -> None:
        self._transport.close()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        name, kind, question = _question(data)
        self.asked.append((name, kind))
        if (answer := self._answer(data, name, kind, question)) is not None:
            asyncio.get_running_loop().call_later(self.delay, self._transport.sendto, answer, addr)

    def _answer(self, query: bytes, name: str, kind: int, question: bytes) -> bytes | None:
        match self.moods.get(kind, self.mood):
            case Mood.SILENT:
                return None
            case Mood.GARBAGE:
                return query[:2] + b"\xff" * 40
            case Mood.SERVFAIL:
                return _packet(query, SERVFAIL, question, [])
            case Mood.REFUSED:
                return _packet(query, REFUSED, question, [])
            case Mood.NOTIMP:
                return _packet(query, NOTIMP, question, [])
            case Mood.GOOD if name not in self.names:
                return _packet(query, NXDOMAIN, question, [])
        wanted = [ipaddress.ip_address(each) for each in self.names[name]]
        records = [
            b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, self.ttl, len(each.packed)) + each.packed
            for each in wanted
            if each.version == _TYPES.get(kind)
        ]
        return _packet(query, NOERROR, question, records)


def _question(data: bytes) -> tuple[str, int, bytes]:
    labels, at = [], 12
    while length := data[at]:
        labels.append(data[at + 1 : at + 1 + length].decode())
        at += 1 + length
    kind = int.from_bytes(data[at + 1 : at + 3])
    return ".".join(labels).lower(), kind, data[12 : at + 5]


def _packet(query: bytes, code: int, question: bytes, records: list[bytes]) -> bytes:
    header = query[:2] + struct.pack("!HHHHH", 0x8180 | code, 1, len(records), 0, 0)
    return header + question + b"".join(records)
