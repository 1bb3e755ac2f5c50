"""Hosts and ports as people write them, read by one rule for all probes. Pure: no sockets, no names resolved.

A host is a name (RFC 1123, `_` allowed, RFC 2782 has it in front) or one numeric address of one machine. A name beyond
ASCII is taken as browsers take it (UTS 46, non-transitional). What only some readers call numeric (127.1, 0x7f.1,
2130706433, leading zeros) is refused rather than guessed. docs/inventory.md has the table.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache

import idna

from agent.text import Text

RIGHT = Text("tên máy hoặc địa chỉ, ví dụ 192.0.2.1", "a host name or an address, e.g. 192.0.2.1")
_RIGHT_PORT = Text("cổng từ 1 đến 65535", "a port from 1 to 65535")
_RIGHT_ZONE = Text("fe80::1%eth0, có cổng thì viết [fe80::1%eth0]:443", "fe80::1%eth0, with a port [fe80::1%eth0]:443")
_MANY = Text("địa chỉ của nhiều máy hoặc không của máy nào", "an address of many or of none")
_MAX_NAME, _MAX_LABEL = 253, 63  # RFC 1035 section 2.3.4, without the dot at the end
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?")
_LOOKS_NUMERIC = re.compile(r"(?:^|\.)(?:0x[0-9a-f]*|[0-9]+)\.?$")  # WHATWG URL: a host that "ends in a number"
_ALMOST_FOUR = re.compile(r"(?:[0-9]+\.){3}(?:[0-9][^.]*|[^.])")  # 192.0.2.l, 192.0.2.1-9: no domain ends so
_ZONE = re.compile(r"[A-Za-z0-9_.~-]{1,15}")  # of an interface, by name or number; RFC 6874 section 2
_JOINERS = "\u200c\u200d"
_SERVICES = {
    "ssh": 22, "smtp": 25, "domain": 53, "dns": 53, "http": 80, "pop3": 110, "ntp": 123, "imap": 143, "snmp": 161,
    "ldap": 389, "https": 443, "submission": 587, "ldaps": 636, "domain-s": 853, "imaps": 993, "pop3s": 995,
    "h323": 1720, "h323hostcall": 1720, "mysql": 3306, "ms-wbt-server": 3389, "rdp": 3389, "stun": 3478, "sip": 5060,
    "sips": 5061, "postgresql": 5432, "http-alt": 8080,
}  # fmt: skip
"""Names that people write in place of a port, for the sentence that says which number is meant."""


class AddressError(ValueError):
    """Not an address; ``wrong`` and ``right`` are for the person who wrote it."""

    def __init__(self, wrong: Text, right: Text | str = RIGHT) -> None:
        super().__init__(wrong.en)
        self.wrong = wrong
        self.right = right if isinstance(right, Text) else Text(right, right)


@dataclass(frozen=True, slots=True)
class Host:
    """A name or a numeric address.

    name is all that another machine may get to see: in ASCII and lower case with its dot at the end, if any; of an
    address its normal form. version is 4 or 6 for an address, 0 for a name. zone says over which interface a
    link-local address is meant, by name or number; it means something on this machine alone.
    """

    name: str
    version: int = 0
    zone: str = ""

    @property
    def lookup_name(self) -> str:
        """The name that the resolver looks up."""
        return f"{self.name}%{self.zone}" if self.zone else self.name

    @property
    def absolute(self) -> str:
        """The name without the dot at its end, which TLS and SIP do not have (RFC 6066 section 3)."""
        return self.name.rstrip(".")

    @property
    def in_uri(self) -> str:
        """The host as it stands in a URI (RFC 3986 section 3.2.2)."""
        return f"[{self.name}]" if self.version == 6 else self.name


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A host and the port that stands beside it, None where none does."""

    host: Host
    port: int | None = None


@lru_cache(maxsize=65_536)
def read_endpoint(text: str) -> Endpoint:
    """``host``, ``host:port``, IPv6 in brackets or, without a port, bare. Raises AddressError."""
    if "://" in text:
        raise AddressError(Text("địa chỉ web ở chỗ của tên máy hay địa chỉ", "a URL where a host belongs"))
    if text.startswith("["):
        inside, bracket, rest = text.partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise AddressError(
                Text("dấu ngoặc vuông không bao một địa chỉ IPv6", "brackets that do not enclose an IPv6 address"),
                "[2001:db8::1]:443",
            )
        host, colon, port = read_host(inside + bracket), rest[:1], rest[1:]
    elif text.count(":") > 1:
        host, colon, port = read_host(text), "", ""
    else:
        name, colon, port = text.partition(":")
        host = read_host(name)
    return Endpoint(host, _port(port, host) if colon else None)


def _port(text: str, host: Host) -> int:
    if not text:
        raise AddressError(Text("có dấu hai chấm nhưng thiếu cổng", "a colon without a port"), _RIGHT_PORT)
    if text.isascii() and text.isdecimal() and len(text) <= 5 and 1 <= int(text) <= 65535:
        return int(text)
    if text[:1].isalpha():
        known = _SERVICES.get(text.lower())
        raise AddressError(
            Text("cổng phải viết bằng số, không viết bằng tên", "a port is a number, not a name"),
            f"{host.in_uri}:{known}" if known else _RIGHT_PORT,
        )
    raise AddressError(Text("không phải số cổng", "not a port"), _RIGHT_PORT)


@lru_cache(maxsize=65_536)
def read_host(text: str) -> Host:
    """A name or an address, IPv6 with or without brackets. Raises AddressError."""
    if any(letter.isspace() or letter < " " or letter == "\x7f" for letter in text):
        raise AddressError(
            Text("địa chỉ có dấu cách hoặc ký tự điều khiển", "blanks or control characters in an address")
        )
    if "@" in text:
        raise AddressError(Text("có tên người dùng đứng trước tên máy", "a user name stands before the host"))
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    if ":" in bare:
        return _six(bare)
    if bare is not text:
        raise AddressError(
            Text("dấu ngoặc vuông không bao một địa chỉ IPv6", "brackets that do not enclose an IPv6 address"),
            "[2001:db8::1]:443",
        )
    return _named(text)


def _six(text: str) -> Host:
    bare, percent, zone = text.partition("%")
    try:
        address = ipaddress.IPv6Address(bare)
    except ValueError as error:
        raise AddressError(
            Text("không phải địa chỉ IPv6", "not an IPv6 address"),
            Text("2001:db8::1, có cổng thì viết [2001:db8::1]:443", "2001:db8::1, with a port [2001:db8::1]:443"),
        ) from error
    if percent and not (address.is_link_local and _ZONE.fullmatch(zone)):
        raise AddressError(
            Text(
                "vùng (sau dấu %) sai, hoặc địa chỉ này không có vùng",
                "a zone that is none, or on an address that has none",
            ),
            _RIGHT_ZONE,
        )
    return _of_one_machine(address.ipv4_mapped or address, zone)


def _of_one_machine(address: ipaddress.IPv4Address | ipaddress.IPv6Address, zone: str = "") -> Host:
    if address.is_unspecified:
        raise AddressError(
            Text(
                "0.0.0.0 và :: luôn trỏ về chính máy giám sát", "0.0.0.0 and :: mean this machine, whatever its address"
            ),
            Text("127.0.0.1 hoặc ::1 nếu đúng là máy này", "127.0.0.1 or ::1 for this machine"),
        )
    if not is_unicast(address):
        raise AddressError(_MANY)
    return Host(str(address), address.version, zone)


def is_unicast(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether it is an address of one machine: not 0.0.0.0/8 (RFC 1122 3.2.1.3), multicast or the broadcast to all."""
    if isinstance(address, ipaddress.IPv4Address):
        return not (address.packed[0] == 0 or address.is_multicast or address.packed == b"\xff\xff\xff\xff")
    return not (address.is_unspecified or address.is_multicast)


def _named(text: str) -> Host:
    name = to_ascii(text)
    if _LOOKS_NUMERIC.search(name) or _ALMOST_FOUR.fullmatch(text):
        try:
            return _of_one_machine(ipaddress.IPv4Address(text))
        except ipaddress.AddressValueError as error:
            raise AddressError(
                Text("không phải địa chỉ IPv4", "not an IPv4 address"),
                Text("bốn số từ 0 đến 255, không thêm số 0 ở đầu", "four numbers from 0 to 255 without leading zeros"),
            ) from error
    labels = name.removesuffix(".").split(".")
    if len(name.removesuffix(".")) > _MAX_NAME or any(len(label) > _MAX_LABEL for label in labels):
        raise AddressError(
            Text(
                "tên dài hơn 253 ký tự, hoặc một phần dài hơn 63",
                "a name longer than 253 letters, or a part of it longer than 63",
            )
        )
    if not all(_LABEL.fullmatch(label) for label in labels):
        raise AddressError(Text("không phải tên máy hay địa chỉ", "not a host name or address"))
    return Host(name)


def to_ascii(name: str) -> str:
    """A name in lower-case ASCII, letters beyond it by UTS 46 as browsers do; AddressError where there is no such."""
    if name.isascii():
        return name.lower()
    try:
        mapped = idna.uts46_remap(name, std3_rules=False, transitional=False)
        return ".".join(_label(label) for label in mapped.split("."))
    except UnicodeError as error:  # idna.IDNAError is one
        raise AddressError(
            Text("không phải tên máy có dấu hợp lệ", "not an international host name"),
            Text("xã.example hoặc xn--x-yfa.example", "xã.example or xn--x-yfa.example"),
        ) from error


def _label(label: str) -> str:
    if label.isascii():
        return label
    idna.check_initial_combiner(label)
    idna.check_bidi(label)
    if not all(idna.valid_contextj(label, at) for at, letter in enumerate(label) if letter in _JOINERS):
        raise idna.InvalidCodepointContext(label)
    return f"xn--{label.encode('punycode').decode('ascii')}"
