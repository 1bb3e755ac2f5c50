"""A report says by which thresholds it was judged, and which outages they cannot see."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from agent.availability.machine import begin, completed
from agent.availability.track import CompletedRun
from agent.cli.tables.uptime import table
from agent.inventory.entities import digest
from agent.ledger.rows import AgentRun, AgentStop, Configured, Content, StateChange
from agent.ledger.store import Ledger
from agent.model import Policy, Reason, State, UnknownCause, Verdict
from agent.reporting.ledger_report import report_from_ledger
from agent.reporting.request import ReportRequest
from exporters.reports.cells import Duration, Instant
from exporters.reports.files import WRITERS
from exporters.reports.sheet_summary import summary
from exporters.reports.sheet_thresholds import thresholds
from tests.agent.reporting.test_as_of import ORGANISATION
from tests.clock import TravellingClock
from tests.exporters.reports.sample import DAY, at, report

SECOND = 1_000


@pytest.mark.parametrize(
    ("policy", "seconds"),
    [
        (Policy(60_000, 5_000, 30_000, 3, 1, 5_000), 70),  # a minute to the first failure, then two runs 5 s apart
        (Policy(60_000, 10_000, 30_000, 3, 1, 5_000), 80),  # never closer than the timeout
        (Policy(60_000, 5_000, 30_000, 1, 1, 5_000), 60),  # between two rounds
        (Policy(1_000, 1_000, 1_000, 100, 1, 1_000), 100),  # hides an outage of 20 s
        (Policy(1_000, 1_000, 1_000, 3, 1, 5_000), 3),  # the rounds come sooner than the fast runs
        (Policy(15_000, 5_000, 7_500, 3, 2, 5_000), 25),
    ],
)
def test_the_shortest_outage_that_is_surely_seen(policy: Policy, seconds: int) -> None:
    assert policy.shortest_seen_ms == seconds * SECOND


@pytest.mark.parametrize("late", range(0, 60, 7))
@pytest.mark.parametrize("fail_after", [1, 2, 3, 5])
def test_the_state_step_finds_an_outage_of_that_length_wherever_it_begins_and_may_miss_a_shorter(
    fail_after: int, late: int
) -> None:
    """Rounds every minute, fast runs 5 s after a failure; the outage begins `late` seconds after a round."""
    policy = Policy(60_000, 5_000, 30_000, fail_after, 1, 5_000)
    began = late * SECOND + 1

    assert found(policy, began, policy.shortest_seen_ms)
    if late == 0:
        assert not found(policy, began, policy.shortest_seen_ms - 2)


def found(policy: Policy, began_ms: int, length_ms: int) -> bool:
    """Whether runs at the minutes of rounds, and 5 s after each failure, make DOWN of an outage."""
    step, now, states = begin("t", 0, UnknownCause.NOT_YET), 0, []
    while now < began_ms + length_ms + 3 * policy.interval_ms:
        down = began_ms <= now < began_ms + length_ms
        run = CompletedRun(now, 1, Verdict.FAILED if down else Verdict.OK, Reason.TIMEOUT if down else Reason.OK)
        step = completed(step.track, policy, run)
        states.append(step.track.state)
        following = (now // policy.interval_ms + 1) * policy.interval_ms
        again = down and step.track.state is not State.DOWN
        now = min(following, now + policy.confirm_interval_ms) if again else following
    return State.DOWN in states


def inventory(limit: str, fail_after: int) -> bytes:
    policy = {"interval_ms": 60_000, "timeout_ms": 5_000, "grace_ms": 30_000, "fail_after": fail_after,
              "recover_after": 1, "confirm_interval_ms": 5_000}  # fmt: skip
    target = {"id": "s/t", "name": "Tốt", "site": "s", "unit": "u", "role": "uplink", "calendar": "always",
              "paths": [], "module": "ping", "policy": policy}  # fmt: skip
    options = {"degraded": {"rtt": float(limit), "loss": None, "certificate": 21 * 86_400.0}}
    document = {"organisation": {"name": "H", "timezone": "Asia/Ho_Chi_Minh"}, "levels": [], "units": [], "sites": [],
                "targets": [target], "calendars": {}, "modules": {"ping": {"options": options}}}  # fmt: skip
    return json.dumps(document, sort_keys=True).encode()


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """fail_after 3 and rtt 0.15 until 15 October, then fail_after 100 and rtt 2."""
    begin_ms, later, end = at("2025-09-20 00:00"), at("2025-10-15 00:00"), at("2025-11-02 00:00")
    first, second = inventory("0.15", 3), inventory("2", 100)
    ledger = Ledger.open(tmp_path / "ledger", TravellingClock())
    policy = 60_000, 5_000, 30_000
    ledger.append(
        [
            AgentRun("local", "boot", begin_ms, begin_ms, synchronised=True, version="0"),
            Content(digest(first), "inventory", first),
            Configured("s/t", begin_ms, *policy, 3, 1, digest(first)),
            StateChange("s/t", State.UP, Reason.OK, begin_ms, begin_ms + 20, begin_ms + 250),
            Content(digest(second), "inventory", second),
            Configured("s/t", later, *policy, 100, 1, digest(second)),
            AgentStop(end),
        ]
    )
    ledger.close()
    return tmp_path / "ledger"


def test_every_set_that_was_in_force_in_the_period_is_told_and_the_worst_in_the_summary(changed: Path) -> None:
    found_ = report_from_ledger(changed, ORGANISATION, ReportRequest("2025-10"), at("2025-11-03 00:00"))
    rows = thresholds(found_).tables[0].rows
    document = json.loads(WRITERS[".json"](found_))
    (row,) = csv.DictReader(io.StringIO(WRITERS[".csv"](found_).decode("utf-8-sig")))

    assert [row[1:3] for row in rows] == [
        (Instant(at("2025-10-01 00:00")), Instant(at("2025-10-15 00:00"))),
        (Instant(at("2025-10-15 00:00")), Instant(at("2025-11-01 00:00"))),
    ]
    assert [row[6:] for row in rows] == [
        (Duration(60_000), Duration(5_000), Duration(30_000), 3, 1, Duration(5_000),
         "chứng thư còn dưới 21 ngày; khứ hồi > 0,15 s", Duration(70_000)),
        (Duration(60_000), Duration(5_000), Duration(30_000), 100, 1, Duration(5_000),
         "chứng thư còn dưới 21 ngày; khứ hồi > 2 s", Duration(555_000)),
    ]  # fmt: skip
    assert "Sự cố ngắn hơn khoảng 0:09:15 có thể không được phát hiện" in summary(found_).lines
    assert [(one["fail_after"], one["shortest_seen_ms"]) for one in document["targets"][0]["in_force"]] == [
        (3, 70_000), (100, 555_000),
    ]  # fmt: skip
    assert (row["shortest_seen_ms"], row["thresholds"].count("; ")) == ("555000", 1)
    assert "fail_after=100" in row["thresholds"]


def test_a_period_before_the_change_has_the_first_alone(changed: Path) -> None:
    found_ = report_from_ledger(
        changed, ORGANISATION, ReportRequest("2025-10-01..2025-10-10"), at("2025-11-03 00:00") + DAY
    )

    assert [(one.fail_after, one.policy.shortest_seen_ms) for one in found_.targets[0].in_force] == [(3, 70_000)]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        (
            "vi",
            (
                "  14 mục tiêu: kiểm tra mỗi 0:01:00, chờ trả lời 0:00:05, ân hạn 0:00:30, hỏng sau 3 lần, tốt lại sau "
                "1 lần, thử lại sau 0:00:05 (mất gói > 5 %; khứ hồi > 0,15 s): chắc chắn phát hiện từ 0:01:10"
            ),
        ),
        (
            "en",
            (
                "  14 targets: probed every 0:01:00, timeout 0:00:05, grace 0:00:30, down after 3, up after 1, "
                "confirmed every 0:00:05 (loss > 5 %; rtt > 0.15 s): surely seen from 0:01:10"
            ),
        ),
    ],
)
def test_the_terminal_tells_each_set_once(language: str, line: str) -> None:
    console = Console(record=True, width=400, file=io.StringIO())
    table(report(language=language), console)

    assert line in console.export_text().splitlines()
