"""What was not known is said with its cause, never left as a bare dash."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.availability.figures import Subject, Tally, TargetFigures
from agent.availability.intervals import Interval
from agent.model import Reason, State, UnknownCause
from agent.reporting.report import UptimeReport
from agent.reporting.unknown import dropped
from exporters.reports.cells import Duration, Instant
from exporters.reports.sheet_breaks import breaks
from exporters.reports.unknown_causes import unknown_lines
from tests.exporters.reports.sample import START, figures, subject
from tests.exporters.reports.sample import report as sample


def report(*states: Interval) -> UptimeReport:
    return UptimeReport(0, 10_000, 10_000, "UTC", (TargetFigures(Subject("s/t"), Tally(), states=states),))


def test_the_longest_cause_comes_first_and_only_unknown_time_counts() -> None:
    told = unknown_lines(
        report(
            Interval(0, 1_000, State.UNKNOWN, UnknownCause.AGENT_OFF),
            Interval(1_000, 4_000, State.UNKNOWN, UnknownCause.CLOCK),
            Interval(4_000, 9_000, State.DOWN, Reason.TIMEOUT),
            Interval(9_000, 10_000, State.UNKNOWN, UnknownCause.AGENT_OFF),
        ),
        "en",
    )

    assert told[0].startswith("Unknown for 0:00:03 (all targets together): the monitor's clock was not synchronised")
    assert told[0].endswith("sudo timedatectl set-ntp true")
    assert told[1:] == ("Unknown for 0:00:02 (all targets together): the monitor was not running",)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("cause", list(UnknownCause))
def test_every_cause_has_its_words(cause: UnknownCause, language: str) -> None:
    (line,) = unknown_lines(report(Interval(0, 1_000, State.UNKNOWN, cause)), language)

    assert len(line.partition("): ")[2]) > 10


def test_of_dropped_packets_the_targets_are_named_the_most_first() -> None:
    drops = [
        Interval(0, 1_000, State.UNKNOWN, UnknownCause.DROPS),
        Interval(5_000, 6_000, State.UNKNOWN, UnknownCause.DROPS),
    ]
    targets = [
        TargetFigures(
            Subject(f"s/t{number}"),
            Tally(),
            states=(Interval(2_000, 2_000 + number * 1_000, State.UNKNOWN, UnknownCause.DROPS),),
        )
        for number in range(1, 7)
    ]
    targets += [
        TargetFigures(Subject("s/flooder"), Tally(), states=tuple(drops)),
        TargetFigures(Subject("s/well"), Tally()),
    ]
    told = UptimeReport(0, 10_000, 10_000, "UTC", tuple(targets))

    (line,) = unknown_lines(told, "en")
    assert line.startswith("Unknown for 0:00:23 (all targets together): more packets came than the monitor could read")
    assert line.endswith("(s/t6 0:00:06; s/t5 0:00:05; s/t4 0:00:04; s/t3 0:00:03; s/flooder 0:00:02; and 2 more)")
    assert unknown_lines(told, "vi")[0].endswith("s/flooder 0:00:02; và 2 mục tiêu khác)")
    found = dropped(told)[4]
    assert (found.figures.target, found.times, found.first_ms, found.last_ms) == ("s/flooder", 2, 0, 6_000)


@pytest.mark.parametrize(
    ("language", "caption"), [("vi", "Chưa rõ vì gói tin dồn tới"), ("en", "Unknown because more")]
)
def test_the_sheet_of_breaks_lists_every_target_that_lost_time_by_a_flood(language: str, caption: str) -> None:
    lost = Interval(START, START + 90_000, State.UNKNOWN, UnknownCause.DROPS)
    hit = replace(figures(subject("xa-1/room", site="UBND xã A"), unknown_ms=90_000), states=(lost,))
    page = breaks(sample(hit, figures(subject("xa-2/room")), language=language))
    assert page is not None
    table = page.tables[1]
    assert table.caption.startswith(caption)
    assert table.rows == (("xa-1/room", Instant(START), Instant(START + 90_000), Duration(90_000), "UBND xã A", 1),)
    well = breaks(sample(figures(subject("xa-2/room")), language=language))
    assert well is not None
    assert len(well.tables) == 1
