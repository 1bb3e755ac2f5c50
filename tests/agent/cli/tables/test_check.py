"""What the table of `sansang check` says of our own clock."""

from __future__ import annotations

import re
from dataclasses import replace
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from agent.cli.clients.agent_api import TargetCheck, parse_target_check
from agent.cli.tables.check import Style, table
from agent.engine.adhoc.check import CheckResult
from agent.explain.clock import DOUBTED, NOT_SYNCHRONISED, OURS, wrong
from agent.explain.labels import OWN_FAULTS
from agent.explain.reasons import with_verdict
from agent.explain.texts import explain
from agent.model import ProbeResult, Reason, ReasonCode, State, UnknownCause, Verdict
from agent.probes.http.reasons import HttpReason
from agent.probes.ntp.reasons import NtpReason
from agent.web.documents import of_row
from tests.exporters.sample import target, view


def row(reason: ReasonCode, *, doubted: bool) -> TargetCheck:
    """A run of a target that the agent calls down."""
    result = replace(ProbeResult.of(reason, 0.1), clock_doubted=doubted)
    return parse_target_check(of_row(CheckResult(view(target("web"), State.DOWN, None, Reason.TLS_EXPIRED), result)))


def shown(rows: list[TargetCheck], style: Style, width: int) -> str:
    console = Console(file=StringIO(), width=width)
    table(rows, style, console)
    assert isinstance(console.file, StringIO)
    return " ".join(console.file.getvalue().split())


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_doubt_stands_beside_the_verdict_and_the_clock_below_the_table(language: str) -> None:
    style = Style(language, ZoneInfo("UTC"), clock=NOT_SYNCHRONISED)
    text = shown([row(Reason.TLS_EXPIRED, doubted=True)], style, 60)
    assert text.index(explain(row(Reason.OK, doubted=False).role, Reason.TLS_EXPIRED, language).what) < text.index(
        DOUBTED.to(language)
    )
    assert text.endswith(NOT_SYNCHRONISED.to(language))


def test_nothing_is_doubted_by_a_clock_that_is_set() -> None:
    text = shown([row(Reason.TLS_EXPIRED, doubted=False)], Style("en", ZoneInfo("UTC")), 120)
    assert "clock" not in text.replace("the monitor's own date", "")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_time_servers_that_agree_say_that_the_fault_is_ours(language: str) -> None:
    result = replace(ProbeResult.of(NtpReason.CLOCK_OFFSET, 0.1), clock_offset_seconds=-5.0)
    measured = parse_target_check(of_row(CheckResult(view(target("web"), State.UP, None, Reason.OK), result)))
    style = Style(language, ZoneInfo("UTC"), clock=wrong(-5.0))
    text = shown([measured], style, 60)
    assert OURS.to(language) in text
    assert text.endswith(wrong(-5.0).to(language))
    assert ("chạy chậm 5,0 giây" if language == "vi" else "5.0 s behind") in text


def test_what_our_clock_cannot_judge_says_so_itself() -> None:
    text = shown([row(Reason.CLOCK_SKEW, doubted=True)], Style("en", ZoneInfo("UTC")), 60)
    assert "The monitor's own clock is wrong" in text
    assert DOUBTED.en not in text


def run_of(
    reason: ReasonCode, name: str = "web", state: State = State.UP, detail: str = "", remedy: str = ""
) -> TargetCheck:
    cause = UnknownCause.NOT_YET if state is State.UNKNOWN else Reason.OK
    result = replace(ProbeResult.of(reason, 0.1), detail=detail, remedy=remedy)
    seen = replace(view(target(name), state, None, Reason.OK), cause=cause)
    return parse_target_check(of_row(CheckResult(seen, result)))


def test_right_after_a_start_only_what_this_run_found_is_listed() -> None:
    fresh = [run_of(Reason.OK, f"site/{number}", State.UNKNOWN) for number in range(66)]
    rows = [run_of(Reason.TIMEOUT, "site/room", State.UNKNOWN), *fresh]
    text = shown(rows, Style("vi", ZoneInfo("UTC")), 80)
    assert text.startswith("hỏng a/site/room")
    assert "tốt: 66" in text
    assert "67 mục tiêu chưa có trạng thái" in text
    assert "1 hỏng trên 67 mục tiêu" in text
    assert "site/65" not in text


def test_a_state_that_is_unknown_for_another_cause_is_listed() -> None:
    one = replace(run_of(Reason.OK, "site/room", State.UNKNOWN), cause=UnknownCause.MONITOR_NET)
    assert "site/room" in shown([one], Style("vi", ZoneInfo("UTC")), 80)


@pytest.mark.parametrize("reason", with_verdict(Verdict.LOCAL_ERROR))
@pytest.mark.parametrize(
    ("language", "said"),
    [("vi", "1 hỏng trên 4 mục tiêu; 2 chưa đo được"), ("en", "1 failed of 4 targets; 2 not measured")],
)
def test_own_faults_are_no_faults_of_the_targets(reason: ReasonCode, language: str, said: str) -> None:
    rows = [run_of(Reason.TIMEOUT, "s/a"), run_of(reason, "s/b"), run_of(reason, "s/c"), run_of(Reason.OK, "s/d")]
    text = shown(rows, Style(language, ZoneInfo("UTC")), 80)
    assert said in text
    assert f"{OWN_FAULTS[reason].to(language)} (2)" in text


@pytest.mark.parametrize("width", [40, 60, 80, 120, 1_000_000])
def test_the_line_to_run_stands_once_and_whole(width: int) -> None:
    line = 'sudo sysctl -w net.ipv4.ping_group_range="0 2147483647"'
    detail = f"pings are not permitted: run `{line}`, or give the service a capability"
    rows = [run_of(Reason.NOT_PERMITTED, f"s/{name}", State.UNKNOWN, detail, line) for name in "abc"]
    console = Console(file=StringIO(), width=width)
    table(rows, Style("vi", ZoneInfo("UTC")), console)
    assert isinstance(console.file, StringIO)
    lines = console.file.getvalue().splitlines()
    assert [one for one in lines if "sysctl" in one] == [f"  {line}"]


def test_beside_a_reason_stands_no_english_under_vi_and_a_state_has_its_year() -> None:
    rows = [
        run_of(Reason.RESOLVER_FAILED, "site/gateway", State.UNKNOWN, "gw.example: Could not contact DNS servers"),
        run_of(Reason.PROTOCOL_ERROR, "site/portal", State.DOWN, "neither a status line nor a head (RFC 9112)"),
        run_of(HttpReason.BAD_STATUS, "site/shop", State.DOWN, "status 503"),
    ]
    text = shown(rows, Style("vi", ZoneInfo("UTC")), 80)
    assert "gw.example: máy chủ tên miền không trả lời" in text
    assert "HTTP 503" in text
    assert not re.search(r"contact|neither|status", text)
    assert re.search(r"từ \d\d/\d\d/20\d\d \d\d:\d\d", text)
    assert "neither a status line" in shown(rows, Style("en", ZoneInfo("UTC")), 80)
