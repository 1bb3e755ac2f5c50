"""`sansang check` lists what the page lists, in the order of the page."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from agent.cli.clients.agent_api import TargetCheck, parse_target_check
from agent.cli.tables.check import Style, ordered
from agent.engine.adhoc.check import CheckResult
from agent.engine.snapshot import TargetView
from agent.explain.texts import explain_silent_but_passing
from agent.model import ProbeResult, Reason, Role, State
from agent.web.documents import of_row
from exporters.pages.problems import lists
from tests.agent.cli.tables.test_check import shown
from tests.exporters.pages.test_landing import cut_off, down
from tests.exporters.sample import target, view

VIEWS = [
    down(target("tv", "alone", Role.DEVICE)),
    view(target("fine", "alone")),
    down(target("room", "point", Role.CONFERENCE)),
    *reversed(cut_off("large", children=4)),
    *cut_off("small", children=1),
]


def row(one: TargetView, reason: Reason) -> TargetCheck:
    return parse_target_check(of_row(CheckResult(one, ProbeResult.of(reason, 0.1))))


def test_the_order_is_that_of_the_page() -> None:
    rows = [row(one, Reason.OK if one.state is State.UP else Reason.TIMEOUT) for one in VIEWS]
    on_page = [
        one.target for place in lists(VIEWS).down for each in place.problems for one in (each.root, *each.behind)
    ]
    assert [one.target for one in ordered(rows)] == [*on_page, "alone/fine"]
    assert on_page[0] == "large/uplink"


def test_what_we_could_not_measure_comes_after_what_failed() -> None:
    rows = [
        row(view(target("a")), Reason.NOT_PERMITTED),
        row(view(target("b")), Reason.SLOW),
        row(view(target("c")), Reason.TIMEOUT),
    ]
    assert [one.target for one in ordered(rows)] == ["a/c", "a/a", "a/b"]


def test_whom_to_call_stands_at_the_fault_and_not_at_what_lies_behind_it() -> None:
    rows = [row(one, Reason.TIMEOUT) for one in cut_off("large", children=3)]
    style = Style("vi", ZoneInfo("UTC"), contacts={"large": "An, 0912"})
    assert shown(ordered(rows), style, 80).count("Gọi: An, 0912") == 1


def test_a_gateway_that_passes_is_told_as_on_the_page() -> None:
    silent = row(replace(down(target("uplink")), silent_but_passing=True), Reason.TIMEOUT)
    assert explain_silent_but_passing(Role.UPLINK, "en").what in shown([silent], Style("en", ZoneInfo("UTC")), 200)
