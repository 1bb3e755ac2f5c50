from __future__ import annotations

import csv
import io

import pytest

from agent.characters import cleaned
from exporters.reports.csv_file import COLUMNS, DANGEROUS, csv_file, harmless
from tests.exporters.reports.hostile import texts
from tests.exporters.reports.sample import figures, outage, report, subject


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_row_says_everything_of_its_target_with_dots_and_iso() -> None:
    headings, row = read(csv_file(report(figures(subject("xa/room", "Phòng họp"), outage("2026-10-05 08:00", 1)))))

    assert tuple(headings) == tuple(COLUMNS)
    assert dict(zip(headings, row, strict=True)) == {
        "target": "xa/room", "name": "Phòng họp", "role": "service", "site": "xa", "site_name": "xa", "unit": "xa",
        "unit_name": "xa", "level": "commune", "calendar": "always", "period_start": "2026-09-30T17:00:00.000Z",
        "period_end": "2026-10-31T17:00:00.000Z", "as_of": "2026-11-01T01:00:00.000Z", "status": "ok",
        "availability_percent": "99.9999", "coverage_percent": "100.0000", "low_percent": "99.9999",
        "high_percent": "99.9999", "slo_percent": "", "slo_reached": "", "scoring_ms": "2678400000",
        "maintenance_ms": "0", "unknown_ms": "0", "down_ms": "1", "degraded_ms": "0", "up_ms": "2678399999",
        "outages": "1", "longest_outage_ms": "1", "soft_failures": "1", "resolution_ms": "60000",
        "amended_availability_percent": "", "outage_numbers": "43872", "corrections": "",
            "shortest_seen_ms": "70000", "thresholds": "interval_ms=60000 timeout_ms=5000 grace_ms=30000 fail_after=3 "
            "recover_after=1 confirm_interval_ms=5000 degraded.loss=0.05 degraded.rtt=0.15",
            "selection": "", "repeat": "", "ledger_head": report().provenance.anchor, "breaks": "",
        "outage_causes": "", "pooling": "pooled", "role_availability_percent": "99.9999", "role_status": "ok",
        "overall_availability_percent": "99.9999", "overall_status": "ok", "units": "as-was",
    }  # fmt: skip


def test_the_promise_is_judged_only_where_it_can_be() -> None:
    rows = {row[0]: row[17:19] for row in read(csv_file(report()))}

    assert rows["xa-1/uplink"] == ["99", "yes"]
    assert rows["xa-5/room"] == ["99", "no"]
    assert rows["dc/portal"] == ["99.5", ""]
    assert rows["dc/new"] == ["", ""]


@pytest.mark.parametrize("start", DANGEROUS)
def test_an_apostrophe_goes_before_what_could_be_a_formula(start: str) -> None:
    assert harmless(f"{start}1+1").startswith("'")


def test_hostile_names_come_back_as_text_each_in_its_cell() -> None:
    names = texts(2_000)
    rows = read(csv_file(report(*(figures(subject(f"x/{n}", name or "-")) for n, name in enumerate(names)))))[1:]

    assert [row[1].removeprefix("'") for row in rows] == [cleaned(name or "-").removeprefix("'") for name in names]
    assert [row[1] for row in rows if row[1].lstrip().startswith(DANGEROUS)] == []


def test_the_same_report_gives_the_same_bytes() -> None:
    assert csv_file(report()) == csv_file(report())
