"""What a module of `probe: dns` may say, and what a run measures. Checked when the inventory is loaded."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from agent.probes.dns import wire
from agent.probes.options import STRICT, Pattern, Port, Seconds, SourceAddress, Transport, refused
from agent.probes.resolver import IpFamily
from agent.probes.tls.options import Tls, TlsOptions
from agent.text import Text

MAX_PAYLOAD = 4096


class QueryClass(StrEnum):
    """The Internet, Chaos (version.bind and the like), Hesiod, or any."""

    IN = "IN"
    CH = "CH"
    HS = "HS"
    ANY = "ANY"


def _queried(value: str) -> str:
    if not wire.is_name(value):
        raise refused(Text("không phải tên miền", "not a domain name"), "portal.example, _sip._udp.example")
    return value


def _record_type(value: str) -> str:
    if not wire.is_type(value):
        raise refused(
            Text("không phải loại bản ghi DNS hỏi được", "not a record type to ask for"), "A, AAAA, MX, SOA, TYPE65"
        )
    return value.upper()


def _rcode(value: str) -> str:
    if value.upper() not in wire.RCODES:
        raise refused(Text("không phải mã trả lời DNS", "not a DNS response code"), "NOERROR, NXDOMAIN, REFUSED")
    return value.upper()


def _payload(value: int) -> int:
    if value and not 512 <= value <= MAX_PAYLOAD:
        raise refused(
            Text("không phải kích thước gói hợp lệ", "not a size to offer"),
            Text("0, hoặc từ 512 đến 4096", "0, or 512 to 4096"),
        )
    return value


@dataclass(frozen=True, slots=True)
class Records:
    """What the records of one section must be like; each pattern of a list by itself, but for the first list.

    A section without records fails any_matches and all_match, and passes the others.
    """

    __pydantic_config__ = STRICT

    any_matches: tuple[Pattern, ...] = ()
    all_match: tuple[Pattern, ...] = ()
    all_match_or_empty: tuple[Pattern, ...] = ()
    none_matches: tuple[Pattern, ...] = ()
    not_all_match: tuple[Pattern, ...] = ()


_ANYTHING_GOES = Records()


@dataclass(frozen=True, slots=True)
class DnsDegraded:
    """Outside these limits the server counts as degraded; None sets no limit."""

    __pydantic_config__ = STRICT

    rtt: Seconds | None = None
    certificate: Seconds | None = None


@dataclass(frozen=True, slots=True)
class DnsOptions:
    """Settings of a `dns` module. The target is the server; what it is asked for stands here."""

    __pydantic_config__ = STRICT

    query_name: Annotated[str, AfterValidator(_queried)]
    query_type: Annotated[str, AfterValidator(_record_type)] = "A"
    query_class: QueryClass = QueryClass.IN
    recursion: bool = True
    transport: Transport = Transport.UDP
    port: Port | None = None
    udp_payload: Annotated[int, AfterValidator(_payload)] = 1232
    tls_config: Tls = field(default_factory=TlsOptions)
    rcodes: Annotated[tuple[Annotated[str, AfterValidator(_rcode)], ...], Field(min_length=1)] = ("NOERROR",)
    min_answers: Annotated[int, Field(ge=0, le=wire.MAX_RECORDS)] = 1
    answer: Records = field(default_factory=Records)
    authority: Records = field(default_factory=Records)
    additional: Records = field(default_factory=Records)
    authenticated: bool = False
    family: IpFamily = IpFamily.PREFER_IP4
    source: SourceAddress | None = None
    degraded: DnsDegraded = field(default_factory=DnsDegraded)

    @property
    def question(self) -> wire.DnsQuestion:
        return wire.DnsQuestion(self.query_name, self.query_type, self.query_class, self.recursion, self.udp_payload)

    @property
    def judged(self) -> wire.Sections:
        """The sections that patterns speak of."""
        return wire.Sections(
            self.answer != _ANYTHING_GOES, self.authority != _ANYTHING_GOES, self.additional != _ANYTHING_GOES
        )
