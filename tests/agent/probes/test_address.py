"""One rule for hosts and ports, and every probe keeps it: the same input gives the same decision everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from agent.engine.adhoc.allowlist import NetworkAllowlist
from agent.engine.adhoc.probe import AccessPolicy, ProbeNotAllowedError, ProbeRequest, probe_once
from agent.engine.clock_doubt import ClockDoubt
from agent.engine.runner import Runner, Transports
from agent.inventory.entities import Module
from agent.model import Policy, Reason
from agent.probes.address import AddressError, Endpoint, Host, read_endpoint
from agent.probes.dns.options import DnsOptions
from agent.probes.registry import PROBES
from agent.probes.resolver import IpFamily, Resolved, Unresolved
from agent.probes.snmp.credential import SnmpCredential
from agent.probes.snmp.credentials import Credentials
from agent.probes.snmp.message import SnmpVersion
from agent.probes.snmp.options import SnmpOptions
from agent.probes.spec import ProbeContext
from tests.clock import TravellingClock
from tests.probing import target_of

FORMS: Mapping[str, tuple[str, ...]] = {
    "icmp": ("{host}", "{six}"),
    "tcp": ("{six}:80",),
    "http": ("http://{six}/", "{host}", "{six}:8080", "https://{six}:8443/a?b"),
    "sip": ("{host}", "{six}:5070", "sip:room@{six}", "sip:{six}:5060"),
}
USUAL_FORMS = ("{host}", "{six}", "{six}:5353")
"""How an address of a probe may hold a host, where not as usual; six is the host in brackets where it is IPv6."""

GOOD = {
    "192.0.2.1": Host("192.0.2.1", 4),
    "2001:DB8::1": Host("2001:db8::1", 6),
    "2001:db8:0:0:0:0:0:1": Host("2001:db8::1", 6),
    "::1": Host("::1", 6),
    "::ffff:192.0.2.1": Host("192.0.2.1", 4),  # it is that IPv4 address: the kernel sends IPv4
    "::ffff:c000:201": Host("192.0.2.1", 4),
    "fe80::1%eth0": Host("fe80::1", 6, "eth0"),
    "fe80::1%br-lan.7": Host("fe80::1", 6, "br-lan.7"),
    "fe80::1%3": Host("fe80::1", 6, "3"),
    "portal": Host("portal"),
    "Portal.EXAMPLE": Host("portal.example"),
    "portal.example.": Host("portal.example."),
    "_sip._udp.xa_a.example": Host("_sip._udp.xa_a.example"),
    "3com.example": Host("3com.example"),
    "xã.gov.vn": Host("xn--x-yfa.gov.vn"),
    "xa\u0303.gov.vn": Host("xn--x-yfa.gov.vn"),
    "XÃ.GOV.VN": Host("xn--x-yfa.gov.vn"),
    "xã。gov。vn": Host("xn--x-yfa.gov.vn"),
    "xn--x-yfa.gov.vn": Host("xn--x-yfa.gov.vn"),
    "faß.example": Host("xn--fa-hia.example"),  # not fass.example: UTS 46, non-transitional, as browsers
    "i❤.example": Host("xn--i-7iq.example"),  # refused by IDNA 2008, taken by browsers
    "x" * 63 + ".example": Host("x" * 63 + ".example"),
    ".".join(["x" * 49] * 5) + ".vnm.": Host(".".join(["x" * 49] * 5) + ".vnm."),
}
MANY = "an address of many or of none"
THIS = "0.0.0.0 and :: mean this machine, whatever its address"
FOUR = "not an IPv4 address"
SIX = "not an IPv6 address"
NAME = "not a host name or address"
LONG = "a name longer than 253 letters, or a part of it longer than 63"
BLANK = "blanks or control characters in an address"
ZONE = "a zone that is none, or on an address that has none"
BAD = {
    "0.0.0.0": THIS, "::": THIS, "::ffff:0.0.0.0": THIS, "0.1.2.3": MANY, "224.0.0.1": MANY, "255.255.255.255": MANY,
    "ff02::1": MANY, "127.0.0.010": FOUR, "127.1": FOUR, "0x7f.1": FOUR, "0x7f000001": FOUR, "2130706433": FOUR,
    "192.0.2.l": FOUR, "192.0.2.O": FOUR, "192.0.2.1-9": FOUR, "192.0.2.1–9": FOUR,
    "0177.0.0.1": FOUR, "192.0.2.256": FOUR, "192.0.2.1.": FOUR, "192.0.2": FOUR, "１２７.0.0.1": FOUR,
    "127.0.0.１": FOUR,
    "portal.1": FOUR, "2001:db8::zz": SIX, ":::1": SIX, "2001:db8::1%eth0": ZONE, "::1%lo": ZONE, "fe80::1%": ZONE,
    "fe80::1%a:b": ZONE, "fe80::1%sixteen-letters-": ZONE, "a..example": NAME, ".example": NAME, "portal..": NAME,
    "-portal.example": NAME, "portal-.example": NAME, "port%61l.example": NAME, "a,b": NAME,
    "x" * 64 + ".example": LONG,
    ".".join(["x" * 49] * 5) + ".vnmm": LONG, "a\tb.example": BLANK, "a\x00b": BLANK, "xã gov.vn": BLANK,
    "a\u202eb.example": "not an international host name", "\u0301a.example": "not an international host name",
}  # fmt: skip


def spelt(form: str, host: str) -> str:
    return form.format(host=host, six=f"[{host}]" if ":" in host else host)


def test_every_form_is_of_a_probe() -> None:
    assert FORMS.keys() < PROBES.keys()


@pytest.mark.parametrize("probe", PROBES)
@pytest.mark.parametrize(("text", "host"), GOOD.items())
def test_a_host_is_the_same_for_every_probe(text: str, host: Host, probe: str) -> None:
    for form in FORMS.get(probe, USUAL_FORMS):
        assert PROBES[probe].host(spelt(form, text)) == host, form


@pytest.mark.parametrize("probe", PROBES)
@pytest.mark.parametrize(("text", "wrong"), BAD.items())
def test_what_is_no_host_is_none_for_any_probe_and_for_the_same_cause(text: str, wrong: str, probe: str) -> None:
    for form in FORMS.get(probe, USUAL_FORMS):
        found = PROBES[probe].validate(spelt(form, text))
        assert found is not None, form
        assert all(found)
        assert found[0].en == wrong or found[0].en.startswith(("not a URL", "brackets")), form
        assert found[0].vi != found[0].en


@pytest.mark.parametrize("probe", [probe for probe in PROBES if probe != "icmp"])
@pytest.mark.parametrize(
    ("port", "wrong", "right"),
    [
        ("0", "not a port", "a port from 1 to 65535"),
        ("65536", "not a port", "a port from 1 to 65535"),
        ("99999999999999999999", "not a port", "a port from 1 to 65535"),
        ("+80", "not a port", "a port from 1 to 65535"),
        ("-1", "not a port", "a port from 1 to 65535"),
        ("8０", "not a port", "a port from 1 to 65535"),
        ("８０", "not a port", "a port from 1 to 65535"),
        ("", "a colon without a port", "a port from 1 to 65535"),
        ("https", "a port is a number, not a name", "portal.example:443"),
        ("SIP", "a port is a number, not a name", "portal.example:5060"),
        ("nonsense", "a port is a number, not a name", "a port from 1 to 65535"),
    ],
)
def test_a_port_is_a_number_for_every_probe(probe: str, port: str, wrong: str, right: str) -> None:
    prefix = {"http": "http://", "sip": "sip:room@"}.get(probe, "")
    found = PROBES[probe].validate(f"{prefix}portal.example:{port}")
    assert found is not None
    assert (found[0].en, found[1].en) == (wrong, right)


@pytest.mark.parametrize("probe", PROBES)
def test_blanks_users_and_half_brackets_suit_no_probe(probe: str) -> None:
    for text in (
        " portal.example:80",
        "portal.example: 80",
        "[::1",
        "[::1]80",
        "[192.0.2.1]:80",
        "[]:80",
        "::1]:80",
        "",
    ):
        assert PROBES[probe].validate(text) is not None, text
    assert (PROBES[probe].validate("canbo@portal.example:80") is None) == (probe == "sip")


def test_only_a_ping_has_no_port_and_only_tcp_needs_one() -> None:
    found = PROBES["icmp"].validate("portal.example:80")
    assert found is not None
    assert (found[0].en, found[1].en) == ("a ping has no port", "portal.example")
    alone = {probe for probe, spec in PROBES.items() if spec.validate("portal.example") is None}
    assert alone == {*PROBES} - {"tcp"}


def test_what_is_on_the_wire_and_what_is_not() -> None:
    zoned = Host("fe80::1", 6, "eth0")
    assert (zoned.lookup_name, zoned.in_uri, zoned.absolute) == ("fe80::1%eth0", "[fe80::1]", "fe80::1")
    dotted = Host("portal.example.")
    assert (dotted.lookup_name, dotted.in_uri, dotted.absolute) == (
        "portal.example.",
        "portal.example.",
        "portal.example",
    )
    assert read_endpoint("[fe80::1%eth0]:443") == Endpoint(zoned, 443)
    with pytest.raises(AddressError):
        read_endpoint("fe80::1%eth0]:443")


CREDENTIAL = SnmpCredential("c", "here", SnmpVersion.V2C, community=b"c")
OPTIONS: Mapping[str, object] = {
    "dns": DnsOptions("a.example"),
    "snmp": SnmpOptions(Credentials("here", {"c": CREDENTIAL})),
}


def options_of(probe: str) -> object:
    return OPTIONS.get(probe) or PROBES[probe].options()


@pytest.mark.parametrize("probe", PROBES)
@pytest.mark.parametrize(
    ("family", "host", "suits"),
    [
        (family, host, family.value.startswith("prefer") or family.value[-1] == str(version))
        for family in IpFamily
        for host, version in (("192.0.2.1", 4), ("2001:db8::1", 6), ("::ffff:192.0.2.1", 4), ("fe80::1%eth0", 6))
    ],
)
def test_a_numeric_address_is_of_the_module_s_family(probe: str, family: IpFamily, host: str, suits: bool) -> None:
    spec = PROBES[probe]
    options = type(options_of(probe))(**({"family": family} | ({"query_name": "a.example"} if probe == "dns" else {})))
    for form in FORMS.get(probe, USUAL_FORMS):
        found = spec.unfit(spelt(form, host), options)
        version = spec.host(spelt(form, host)).version
        wrong = f"an IPv{version} address, but the module uses IPv{10 - version} alone"
        assert (found and found[0].en) == (None if suits else wrong)
        assert found is None or found[0].vi != found[0].en


@dataclass(slots=True)
class Recording:
    """A resolver that remembers what it was asked and knows nothing."""

    asked: list[tuple[str, IpFamily]] = field(default_factory=list)

    async def resolve(self, host: str, family: IpFamily, deadline: float) -> Resolved | Unresolved:  # noqa: ARG002
        self.asked.append((host, family))
        return Unresolved(Reason.NAME_NOT_FOUND, host)


@pytest.mark.parametrize("probe", PROBES)
@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("XÃ.gov.vn", "xn--x-yfa.gov.vn"),
        ("Portal.example.", "portal.example."),
        ("fe80::1%eth0", "fe80::1%eth0"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
    ],
)
async def test_every_probe_asks_the_resolver_for_the_same(probe: str, text: str, asked: str) -> None:
    clock, names, spec, options = TravellingClock(), Recording(), PROBES[probe], options_of(probe)
    shared = spec.open(clock)
    for form in FORMS.get(probe, USUAL_FORMS):
        ctx = ProbeContext(clock, clock.monotonic() + 5, names, shared)
        await spec.run(target_of(probe, spelt(form, text), options), options, ctx)
    shared.close()
    assert names.asked == [(asked, IpFamily.PREFER_IP4)] * len(FORMS.get(probe, USUAL_FORMS))


@pytest.mark.parametrize("probe", PROBES)
@pytest.mark.parametrize("text", ["127.1", "0.0.0.0", "portal.example:https", "a b", "224.0.0.1", "2001:db8::1%eth0"])
async def test_over_probe_the_same_addresses_are_refused(probe: str, text: str) -> None:
    policy = Policy(60_000, 2_000, 5_000, 3, 1, 5_000)
    module = Module("m", probe, options_of(probe), policy)
    permitted = AccessPolicy({"m": module}, {}, NetworkAllowlist(["0.0.0.0/0", "::/0"]), frozenset())
    clock, names = TravellingClock(), Recording()
    runner = Runner(clock, names, Transports(PROBES, clock), "local", ClockDoubt(clock))
    with pytest.raises(ProbeNotAllowedError):
        await probe_once(ProbeRequest(text, "m"), permitted, runner)
    assert names.asked == []
