"""What the ledger says of the days: one observer's rows, added up, as it stands or as it stood."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from agent.errors import LedgerError
from agent.ledger.history.measured_days import LastAnswer, measured_days, measured_period, measured_since
from agent.ledger.packed_sums import TargetCounts, packed
from agent.ledger.reader import Reader
from agent.ledger.rows import AgentStop, MeasuredSums, ObserverAlias, Row
from agent.ledger.store import Ledger
from agent.model.measured import BUCKETS, BooleanFact, Measured, YesNo
from tests.agent.ledger.rows import start
from tests.clock import TravellingClock

ZONE = "Asia/Ho_Chi_Minh"
HTTPS = BooleanFact.HTTPS


def seen(yes: int, no: int = 0, days: int | None = None) -> Measured:
    return Measured((yes,) + (0,) * (BUCKETS - 1), {HTTPS: YesNo(yes, no)}, days)


def row(day: str, **sums: Measured) -> MeasuredSums:
    targets = []
    for target, measured in sums.items():
        pairs = [measured.facts.get(fact, YesNo()) for fact in BooleanFact]
        counts = (*measured.first_byte, *(count for pair in pairs for count in (pair.yes, pair.no)))
        targets.append(TargetCounts(target, array("I", counts), measured.certificate_days))
    return MeasuredSums(2_000, 1_000, day, ZONE, packed(targets))


ROWS: tuple[Row, ...] = (
    start(),
    row("2026-11-29", a=seen(1), b=seen(2)),
    row("2026-11-30", a=seen(10, 1, 90)),
    AgentStop(3_000),
    start(4_000),
    row("2026-11-30", a=seen(5, 2, 89)),
    row("2026-12-01", b=seen(7)),
    AgentStop(9_000),
    start(9_500, observer="another"),
    row("2026-11-01", a=seen(100)),
)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Reader]:
    writer = Ledger.open(tmp_path, TravellingClock())
    writer.append(ROWS)
    writer.close()
    reader = Reader.open(tmp_path)
    yield reader
    reader.close()


def test_rows_of_a_day_come_in_order_and_add_up(ledger: Reader) -> None:
    day = date(2026, 11, 30)

    days = [(part.day, part.target, part.measured) for part in measured_days(ledger, "local", day, day)]
    assert days == [(day, "a", seen(10, 1, 90)), (day, "a", seen(5, 2, 89))]
    period = measured_period(ledger, "local", day, date(2026, 12, 31))
    assert period.sums == {"a": seen(15, 3, 89), "b": seen(7)}
    assert (period.days, period.measured_since) == ({"a": 1, "b": 1}, date(2026, 11, 29))


def test_only_the_targets_that_are_asked_for(ledger: Reader) -> None:
    period = measured_period(ledger, "local", date(2026, 1, 1), date(2026, 12, 31), {"b"})

    assert (period.sums, period.days) == ({"b": seen(9)}, {"b": 2})


def test_another_observer_has_its_own(ledger: Reader) -> None:
    assert measured_since(ledger, "another") == date(2026, 11, 1)
    assert measured_since(ledger, "nobody") is None


def test_the_names_that_an_observer_had_count(tmp_path: Path) -> None:
    writer = Ledger.open(tmp_path, TravellingClock())
    writer.append([*ROWS, ObserverAlias(9_600, "another", "local")])

    assert measured_since(writer, "another") == date(2026, 11, 1)
    assert measured_period(writer, "another", date(2026, 12, 1), date(2026, 12, 1)).sums == {"b": seen(7)}
    writer.close()


def test_as_of_a_row_newer_ones_are_not_there(ledger: Reader) -> None:
    as_it_stood = ledger.up_to(3)

    period = measured_period(as_it_stood, "local", date(2026, 11, 1), date(2026, 12, 31))
    assert period.sums == {"a": seen(11, 1, 90), "b": seen(2)}


@pytest.mark.parametrize(("day", "sums"), [("2026-11-30", "AAAA"), ("2026-11-3x", packed([]))])
def test_a_row_that_no_agent_writes_is_named(day: str, sums: str, tmp_path: Path) -> None:
    writer = Ledger.open(tmp_path, TravellingClock())
    writer.append([start(), MeasuredSums(2, 1, day, ZONE, sums)])

    with pytest.raises(LedgerError, match="measured_sums 2"):
        list(measured_days(writer, "local", date(2026, 11, 1), date(2026, 12, 31)))
    writer.close()


def answers_of(**answers: tuple[int, int]) -> Measured:
    return Measured((0,) * BUCKETS, {BooleanFact(name): YesNo(*runs) for name, runs in answers.items()})


def test_the_last_day_that_answers_a_question_is_known(tmp_path: Path) -> None:
    writer = Ledger.open(tmp_path, TravellingClock())
    writer.append(
        [
            start(),
            row("2026-11-28", a=answers_of(hsts=(1, 0), https=(9, 0))),
            row("2026-11-30", a=answers_of(https=(1, 2))),
            row("2026-11-29", a=answers_of(https=(7, 7), ipv6=(0, 3))),
            row("2026-11-30", a=answers_of(https=(10, 20), dnssec=(0, 1))),
        ]
    )
    period = measured_period(writer, "local", date(2026, 11, 1), date(2026, 11, 30)).targets["a"]
    writer.close()

    assert period.days == 3
    assert period.last == {
        BooleanFact.IPV6: LastAnswer(date(2026, 11, 29), YesNo(0, 3)),
        BooleanFact.DNSSEC: LastAnswer(date(2026, 11, 30), YesNo(0, 1)),
        BooleanFact.HTTPS: LastAnswer(date(2026, 11, 30), YesNo(11, 22)),
        BooleanFact.HSTS: LastAnswer(date(2026, 11, 28), YesNo(1, 0)),
    }


def test_as_many_parts_and_runs_as_a_row_may_claim_add_up_exactly(tmp_path: Path) -> None:
    most = 10_000_000
    writer = Ledger.open(tmp_path, TravellingClock())
    days = [date(2025, 1, 1) + timedelta(days=number % 300) for number in range(900)]
    writer.append([start(), *(row(day.isoformat(), a=seen(most, most)) for day in days)])
    period = measured_period(writer, "local", date(2025, 1, 1), date(2025, 12, 31)).targets["a"]
    writer.close()

    assert (period.sums, period.days) == (seen(900 * most, 900 * most), 300)
    assert period.last[HTTPS] == LastAnswer(date(2025, 10, 27), YesNo(3 * most, 3 * most))
