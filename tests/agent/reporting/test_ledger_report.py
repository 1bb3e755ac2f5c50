"""A ledger written by hand, and the figures that follow from it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.availability.accounting import ReportTerms
from agent.availability.figures import Figure, Report
from agent.errors import SansangError
from agent.inventory.entities import digest
from agent.ledger.history.recorded import Stamp
from agent.ledger.reader import Reader
from agent.ledger.rows import (
    AgentRun,
    AgentStop,
    Configured,
    Content,
    Maintenance,
    Removed,
    Row,
    SoftFailure,
    StateChange,
)
from agent.ledger.signed.amendments import Correction, amendment
from agent.ledger.store import Ledger
from agent.model import Reason, Selection, State
from agent.reporting.builder import ReportQuery
from agent.reporting.ledger_report import build_report
from tests.clock import TravellingClock

HOUR = 3_600_000
MONDAY = 1_780_246_800_000  # 1 June 2026 in Viet Nam, 00:00; UTC equals boottime here
DAY = 24 * HOUR
UNITS = [
    {"id": "lap-thach", "name": "Huyện Lập Thạch", "level": "district", "parent": None},
    {"id": "xa-a", "name": "Xã A", "level": "commune", "parent": "lap-thach"},
]


def target(name: str, calendar: str) -> dict[str, object]:
    site = name.partition("/")[0]
    return {
        "id": name,
        "name": f"Tên {name}",
        "site": site,
        "unit": "xa-a",
        "role": "uplink",
        "calendar": calendar,
        "paths": [],
    }


BODY = json.dumps(
    {
        "organisation": {"timezone": "Asia/Ho_Chi_Minh"},
        "units": UNITS,
        "sites": [{"id": "a", "name": "UBND xã A"}, {"id": "b", "name": "Nhà văn hóa"}],
        "targets": [target("a/uplink", "always"), target("b/desk", "desk")],
    }
).encode()


def change(name: str, state: State, at_ms: int) -> StateChange:
    reason = Reason.TIMEOUT if state is State.DOWN else Reason.OK
    return StateChange(name, state, reason, at_ms, at_ms + 10, at_ms + 250)


def rows() -> Iterator[Row]:
    """Both are down on Monday from 09:00 to 15:00; the first is down from Sunday evening as well."""
    start = MONDAY - DAY
    yield AgentRun("local", "boot", start, start, synchronised=True, version="0")
    yield Content(digest(BODY), "inventory", BODY)
    for name in ("a/uplink", "b/desk"):
        yield Configured(name, start, 60_000, 5_000, 30_000, 3, 1, digest(BODY))
        yield change(name, State.UP, start)
    yield change("a/uplink", State.DOWN, MONDAY - HOUR)
    yield change("a/uplink", State.UP, MONDAY + HOUR)
    yield Maintenance("m1", "unit:lap-thach", MONDAY + 14 * HOUR, MONDAY + 15 * HOUR, MONDAY, "A", "B")
    yield Maintenance("m2", "site:b", MONDAY + 9 * HOUR, MONDAY + 10 * HOUR, MONDAY + 9 * HOUR, "A", "B")
    for name in ("a/uplink", "b/desk"):
        yield change(name, State.DOWN, MONDAY + 9 * HOUR)
    yield SoftFailure("b/desk", MONDAY + 8 * HOUR, 1, Reason.TIMEOUT)
    yield SoftFailure("b/desk", MONDAY + 12 * HOUR, 1, Reason.TIMEOUT)  # the desk is closed
    for name in ("a/uplink", "b/desk"):
        yield change(name, State.UP, MONDAY + 15 * HOUR)
    yield AgentStop(MONDAY + 2 * DAY)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    ledger = Ledger.open(tmp_path, TravellingClock())
    ledger.append(list(rows()))
    down = next(stored.seq for stored in ledger.only(StateChange) if stored.row.target == "a/uplink")
    span = (MONDAY + 9 * HOUR, MONDAY + 10 * HOUR)
    wanted = Correction(down, State.UP, Reason.OK.value, *span, "A", "our own cable")
    ledger.append([amendment(ledger, wanted, Stamp("signing", MONDAY + 3 * DAY, MONDAY + 3 * DAY, synchronised=True))])
    ledger.close()
    return tmp_path


def monday(directory: Path, **asked: object) -> Report:
    reader = Reader.open(directory)
    terms = ReportTerms(MONDAY, MONDAY + DAY, MONDAY + 4 * DAY)
    try:
        return build_report(reader, None, ReportQuery(terms, "Asia/Ho_Chi_Minh", "local", **asked))  # type: ignore[arg-type]
    finally:
        reader.close()


def test_each_target_is_counted_in_its_own_calendar_with_its_own_windows(directory: Path) -> None:
    found = {one.target: one for one in monday(directory).targets}
    uplink, desk = found["a/uplink"], found["b/desk"]

    assert (uplink.tally.scoring_ms, uplink.tally.maintenance_ms, uplink.tally.down_ms) == (DAY, HOUR, 6 * HOUR)
    assert [(one.start_ms - MONDAY, one.counted_ms, one.confirmed_ms - MONDAY) for one in uplink.outages] == [
        (0, HOUR, 10 - HOUR),
        (9 * HOUR, 5 * HOUR, 9 * HOUR + 10),
    ]
    assert (desk.tally.scoring_ms, desk.tally.maintenance_ms, desk.tally.down_ms) == (
        15 * HOUR // 2,
        HOUR,
        3 * HOUR,  # 09:00-11:30 and 13:30-14:00
    )
    assert (uplink.retroactive, desk.retroactive, desk.soft_failures) == ((), ("m2",), 1)
    assert (desk.subject.name, desk.subject.unit_name, desk.subject.level) == ("Tên b/desk", "Xã A", "commune")


def test_a_correction_is_a_second_figure_beside_the_recorded_one(directory: Path) -> None:
    uplink, desk = monday(directory).targets

    assert uplink.amended is not None
    assert (uplink.tally.down_ms, uplink.amended.down_ms, desk.amended) == (6 * HOUR, 5 * HOUR, None)


def test_groups_name_the_pooled_and_the_mean_figure(directory: Path) -> None:
    (group,) = monday(directory, by="unit", calendar="always").groups

    assert (group.id, group.targets, group.pooled.scoring_ms) == ("xa-a", 2, 2 * DAY)
    assert group.mean == Figure(35, 46)  # the mean of 17/23 and 18/23


def test_a_report_says_what_it_was_counted_from_and_can_be_had_again(directory: Path) -> None:
    found = monday(directory, selection=Selection(("b",)))

    assert [one.target for one in found.targets] == ["b/desk"]
    assert (found.provenance.inventory, found.provenance.first_seq) == (digest(BODY), 1)
    assert [name for name, _ in found.provenance.calendars] == ["desk"]
    assert monday(directory, selection=Selection(("b",))) == found


def test_an_unknown_calendar_is_said(directory: Path) -> None:
    with pytest.raises(SansangError) as refused:
        monday(directory, calendar="offce")

    assert str(refused.value) == "there is no calendar 'offce'; there are: always, desk, meetings, office"


def test_a_boot_whose_clock_was_never_synchronised_is_no_evidence(directory: Path) -> None:
    """It lies between a stop and a later boot; what it saw, and the time up to the first new probe, is unknown."""
    ledger = Ledger.open(directory, TravellingClock())
    later = MONDAY + 3 * DAY
    ledger.append(
        [
            AgentRun("local", "lost", 0, MONDAY + 2 * DAY, synchronised=False, version="0"),
            change("a/uplink", State.UP, 1_000),
            AgentStop(DAY // 2),
            AgentRun("local", "found", later, later, synchronised=True, version="0"),
            change("a/uplink", State.UP, later + HOUR),
            AgentStop(later + 2 * HOUR),
        ]
    )
    ledger.close()
    reader = Reader.open(directory)
    terms = ReportTerms(MONDAY + DAY, MONDAY + 4 * DAY, MONDAY + 4 * DAY)
    found = build_report(
        reader, None, ReportQuery(terms, "Asia/Ho_Chi_Minh", "local", selection=Selection(targets=("a/uplink",)))
    )
    reader.close()

    (uplink,) = found.targets
    assert [(one.start_ms - MONDAY, one.state, str(one.cause)) for one in uplink.states] == [
        (DAY, State.UP, "ok"),
        (2 * DAY, State.UNKNOWN, "clock"),
        (3 * DAY + HOUR, State.UP, "ok"),
        (3 * DAY + 2 * HOUR, State.UNKNOWN, "agent_off"),
    ]


def test_a_machine_that_starts_in_1970_takes_no_history_away(directory: Path) -> None:
    """What its inventory says there, it says between the boots whose clocks are known."""
    ledger = Ledger.open(directory, TravellingClock())
    added = ("late", 0, 60_000, 5_000, 30_000, 3, 1, digest(BODY))
    ledger.append(
        [
            AgentRun("local", "lost", 0, 0, synchronised=False, version="0"),
            Removed("a/uplink", 0),
            Configured(*added),
            AgentStop(HOUR),
            AgentRun("local", "found", 0, MONDAY + 3 * DAY, synchronised=True, version="0"),
            AgentStop(DAY),
        ]
    )
    ledger.close()
    reader = Reader.open(directory)
    terms = ReportTerms(MONDAY, MONDAY + 4 * DAY, MONDAY + 4 * DAY)
    found = build_report(reader, None, ReportQuery(terms, "Asia/Ho_Chi_Minh", "local", calendar="always"))
    reader.close()

    told = {one.target: (one.states[0].start_ms - MONDAY, one.states[-1].end_ms - MONDAY) for one in found.targets}
    assert told == {"a/uplink": (0, 2 * DAY), "b/desk": (0, 4 * DAY), "late": (2 * DAY, 4 * DAY)}
    assert found.targets[0].tally.down_ms == 6 * HOUR
