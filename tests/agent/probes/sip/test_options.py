"""What may be configured, and that the page says the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from agent.model import ReasonCode, Verdict
from agent.probes.address import Host
from agent.probes.sip.options import SipDegraded, SipOptions
from agent.probes.sip.probe import SPEC, SipAddress, parse_address
from agent.probes.sip.status_codes import TABLE, Via, in_use, reason_of


def test_every_final_code_has_a_verdict_on_both_sides() -> None:
    for code in range(200, 700):
        assert reason_of(code, Via.ENDPOINT).verdict in (Verdict.OK, Verdict.DEGRADED), code
        assert isinstance(reason_of(code, Via.REGISTRAR), ReasonCode)
        assert in_use(code) in (None, 0, 1)
    refused = {reason_of(code, Via.REGISTRAR) for code in (401, 403, 407)}
    assert {reason.verdict for reason in refused} == {Verdict.LOCAL_ERROR}


def test_the_documented_table_is_the_code() -> None:
    page = (Path(__file__).parents[4] / "docs" / "probes" / "sip.md").read_text(encoding="utf-8")
    rows = [
        f"| {row.label} | {row.meaning} | `{row.endpoint}` ({row.endpoint.verdict}) "
        f"| `{row.registrar}` ({row.registrar.verdict}) |"
        for row in TABLE
    ]
    assert "\n".join(rows) in page


def test_every_option_is_documented() -> None:
    page = (Path(__file__).parents[4] / "docs" / "probes" / "sip.md").read_text(encoding="utf-8")
    assert "`degraded.rtt`" in page
    for options in (SipOptions, SipDegraded):
        for name in options.__dataclass_fields__.keys() - {"degraded"}:
            assert f"`{name}`" in page or f"`degraded.{name}`" in page, name


def test_addresses_are_read_or_refused() -> None:
    assert parse_address("192.0.2.10") == SipAddress(Host("192.0.2.10", 4), None, None)
    assert parse_address("sip:room-07@192.0.2.10:5062") == SipAddress(Host("192.0.2.10", 4), 5062, "room-07")
    assert parse_address("SIP:a@[2001:db8::1]:5060") == SipAddress(Host("2001:db8::1", 6), 5060, "a")
    assert parse_address("sip:a@[fe80::1%25eth0]") == SipAddress(Host("fe80::1", 6, "eth0"), None, "a")
    bad = ("sip:@host", "sip:a b@host", "a:pw@host", "a\r\nVia: x", "http://x/", "sips:host")
    assert {address: SPEC.validate(address) is not None for address in bad} == dict.fromkeys(bad, True)


@pytest.mark.parametrize(
    "wrong",
    [{"method": "INVITE"}, {"transport": "sctp"}, {"port": 0}, {"user": "a b"}, {"domain": "x\r\ny"}, {"via": "me"}],
)
def test_wrong_options_are_refused_when_loaded(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(SipOptions).validate_python(wrong)
