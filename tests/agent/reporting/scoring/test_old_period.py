"""An old period, scored again after inventory, units, calendars, facts and sheets changed, has its old digits."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from agent.inventory.entities import digest
from agent.ledger.history.inventories import InventoryVersion
from agent.ledger.rows import AgentRun, AgentStop, ClockAnchor, Configured, Content, Removed, Row
from agent.reporting.scoring.declared import declared_facts
from agent.reporting.scoring.ledger_score import score_from_ledger
from agent.reporting.scoring.report import ScoreReport
from agent.reporting.scoring.request import ScoreRequest
from agent.scoring.document.load import load_sheet
from agent.scoring.sheet import ScoreSheet
from tests.agent.reporting.scoring import score_ledger
from tests.agent.reporting.scoring.score_ledger import END, HERE, PLACES, START, document, targets_of
from tests.exporters.reports.sample import DAY

OLD_SHEET = """\
sheet: {id: cu, title: Biểu cũ, valid: {from: 2026-01-01, to: 2026-12-31}, maximum: 100, decimals: 3, levels: commune}
groups: [{code: "1", title: Hạ tầng số}]
criteria:
  - {code: "1.1", group: "1", title: Đường truyền, maximum: 30, measure: {kind: uptime, roles: uplink}, formula: ratio}
  - code: "1.2"
    group: "1"
    title: Cổng
    maximum: 20
    measure: {kind: uptime, roles: portal, calendar: office}
    formula: {kind: linear, from: 90%, to: 100%}
  - code: "1.3"
    group: "1"
    title: LAN
    maximum: 20
    measure: {kind: share, of: sites, test: {kind: uptime, at_least: 98%}, roles: lan}
    formula: ratio
  - {code: "1.4", group: "1", title: Hộ, maximum: 20, measure: {kind: fact, fact: broadband_households}, formula: ratio}
  - {code: "1.5", group: "1", title: Cáp quang, maximum: 10, measure: {kind: fact, fact: fibre}, formula: ratio}
"""
NEW_SHEET = (
    OLD_SHEET.replace("id: cu", "id: moi")
    .replace("maximum: 30", "maximum: 10")
    .replace("Hộ, maximum: 20", "Hộ, maximum: 40")
)


def declared(share: str, *more: dict[str, Any]) -> list[dict[str, Any]]:
    rest = {"document": None, "date": None, "from": None, "to": None}
    facts = [{"id": "broadband_households", "value": share, "unit": "ratio"}, *more]
    return [{**rest, **fact} for fact in facts]


THEN = tuple(
    dataclasses.replace(place, facts=declared("0.75", {"id": "fibre", "value": True, "unit": "none"}))
    for place in PLACES
)


def then() -> Iterator[Row]:
    """The quarter, with what was declared in it."""
    body = document(THEN)
    for row in score_ledger.rows():
        match row:
            case Content():
                yield Content(digest(body), "inventory", body)
            case Configured():
                yield dataclasses.replace(row, content=digest(body))
            case _:
                yield row


def later() -> Iterator[Row]:
    """The year after: A renamed and recoded, B gone, other roles, calendars and facts, the targets of C gone."""
    places = tuple(
        dataclasses.replace(place, name=f"Phường {place.name}", facts=declared("0.9"))
        for place in PLACES
        if place.id != "xa-b"
    )
    plain = json.loads(document(places))
    plain["targets"] = [
        {**target, "role": "service", "calendar": "always"}
        for target in plain["targets"]
        if not target["id"].startswith("c1/")
    ]
    body, at = json.dumps(plain).encode(), START + 400 * DAY
    kept = {target["id"] for target in plain["targets"]}
    yield AgentRun("local", "boot-2", at, at, synchronised=True, version="0")
    yield Content(digest(body), "inventory", body)
    for name in targets_of(PLACES):
        yield Configured(name, at, 60_000, 5_000, 30_000, 3, 1, digest(body)) if name in kept else Removed(name, at)
    yield ClockAnchor(at + DAY, at + DAY, synchronised=True)
    yield AgentStop(at + DAY)


def score(ledger: Path, sheet: ScoreSheet, now_ms: int, **asked: Any) -> ScoreReport:
    return score_from_ledger(ledger, HERE, ScoreRequest("s.yml", "2026-Q1", **asked), sheet, (), now_ms)


def digits(report: ScoreReport) -> dict[str, list[str]]:
    return {one.unit: [str(row.points) for row in one.rows] + [str(one.total.earned)] for one in report.scores}


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return score_ledger.write(tmp_path / "ledger", then())


@pytest.fixture
def sheets(tmp_path: Path) -> tuple[ScoreSheet, ScoreSheet]:
    for name, text in (("old.yml", OLD_SHEET), ("new.yml", NEW_SHEET)):
        (tmp_path / name).write_text(text, "utf-8")
    return load_sheet(tmp_path / "old.yml"), load_sheet(tmp_path / "new.yml")


def test_the_old_sheet_gives_the_old_digits(ledger: Path, sheets: tuple[ScoreSheet, ScoreSheet]) -> None:
    old, new = sheets
    first = score(ledger, old, END + DAY)
    score_ledger.append(ledger, list(later()))
    again = score(ledger, old, START + 402 * DAY)

    assert digits(again) == digits(first)
    assert {one.unit: one.total.provisional for one in first.scores} == dict.fromkeys(("xa-a", "xa-b", "xa-c"), False)
    assert [row[3] for row in digits(first).values()] == ["15.000"] * 3  # 0,75 as it was declared then
    assert digits(score(ledger, new, START + 402 * DAY)) != digits(first)


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ({"value": "0.9"}, "0.75"),
        ({"value": "0.9", "from": "2026-01-01"}, "0.9"),
        ({"value": "0.9", "to": "2026-12-31"}, "0.9"),
        ({"value": "0.9", "from": "2027-01-01"}, "0.75"),
        ({"id": "another", "value": "0.9"}, "0.75"),
    ],
)
def test_a_value_entered_later_counts_if_it_says_for_when(change: dict[str, Any], value: str) -> None:
    assert of("broadband_households", declared("0.75"), [{**declared("0.75")[0], **change}]) == value


def test_a_value_entered_later_counts_where_there_was_none() -> None:
    assert of("broadband_households", [], declared("0.9")) == "0.9"
    assert of("fibre", declared("0.75"), declared("0.75")) is None


def of(fact: str, then: list[dict[str, Any]], now: list[dict[str, Any]]) -> str | None:
    """What counts of xa-a at the end of the quarter. then: as declared in it, now: since it is over."""
    old, newest = (version(facts) for facts in (then, now))
    found = declared_facts(newest, [old], date(2026, 3, 31))
    return next((one.value for one in found if (one.owner, one.fact) == ("unit:xa-a", fact)), None)


def version(facts: list[dict[str, Any]]) -> InventoryVersion:
    body = document([dataclasses.replace(place, facts=facts) for place in PLACES])
    return InventoryVersion(1, digest(body), START, END, json.loads(body))


def test_as_of_the_old_row_everything_is_as_it_was(ledger: Path, sheets: tuple[ScoreSheet, ScoreSheet]) -> None:
    first = score(ledger, sheets[0], END + DAY)
    score_ledger.append(ledger, list(later()))
    again = score(ledger, sheets[0], START + 402 * DAY, as_of=first.request.as_of)
    assert again == first
