"""Every way a score sheet can be wrong, with the exact words a person gets: one change of good.yml each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from agent.errors import ConfigError
from agent.inventory.messages.score_sheets import SCORE_SHEET_MESSAGES
from agent.scoring.document.load import MAX_NODES, checked_sheet, sheet_from_bytes
from agent.scoring.document.rows import MAX_CRITERIA

DATA = Path(__file__).parents[3] / "data" / "score_sheets"
GOOD = (DATA / "good.yml").read_text(encoding="utf-8")
CASES: list[dict[str, Any]] = YAML(typ="safe", pure=True).load((DATA / "refused.yml").read_text(encoding="utf-8"))
NOT_HERE = {
    "sheet_reference",
    "sheet_reference_close",
    "districts_gone",
    "parts_below",
    "first_byte_bound",
    "sheet_crowded",
}


def faults(text: str, language: str = "en") -> list[str]:
    with pytest.raises(ConfigError) as refused:
        sheet_from_bytes("s.yml", text.encode(), language)
    return [str(fault) for fault in refused.value.faults]


def changed(case: dict[str, Any]) -> str:
    old, new = case["change"]
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def test_it_is_good_as_it_stands() -> None:
    sheet_from_bytes("s.yml", GOOD.encode())


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_exact_words(case: dict[str, Any]) -> None:
    assert faults(changed(case)) == case["faults"]


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_vietnamese_names_the_same_places(case: dict[str, Any]) -> None:
    places = [fault.split(": ")[0] for fault in faults(changed(case), "vi")]
    assert places == [fault.split(": ")[0] for fault in case["faults"]]


def test_every_message_is_met() -> None:
    words = "\n".join(fault for case in CASES for fault in case["faults"])
    unmet = [
        key
        for key, message in SCORE_SHEET_MESSAGES.items()
        if key not in NOT_HERE and max(message.wrong.en.replace("}", "{").split("{")[::2], key=len) not in words
    ]
    assert unmet == []


def test_remarks_are_no_faults(tmp_path: Path) -> None:
    sheet = tmp_path / "s.yml"
    text = GOOD.replace("levels: commune", "levels: [district]").replace(
        "title: Hai, points: 10", "title: Hai, points: 5"
    )
    text = text.replace(
        "test: {kind: uptime, at_least: 95%}", "test: {kind: first_byte, quantile: 95%, at_most: 800ms}"
    )
    sheet.write_text(text, encoding="utf-8")
    remarks = [str(fault).removeprefix(f"{sheet}:") for fault in checked_sheet(sheet, "en").remarks]
    assert [remark.partition(", ")[0] for remark in remarks] == [
        "8:12: sheet.levels[0]: there are no districts from 1 July 2025 on",
        "14:5: criteria[1]: first-byte times are counted up to 50",
        "18:84: criteria[5].formula.parts: the parts make 15 of 20 points",
    ]
    sheet.write_text(text.replace("2026-12-31", "2025-06-30").replace("2026-01-01", "2025-01-01"), encoding="utf-8")
    assert not any("districts" in str(fault) for fault in checked_sheet(sheet, "en").remarks)


def test_crowds_are_refused_without_being_gone_through() -> None:
    row = "  - {code: CODE, group: 1, title: T, maximum: 1, measure: manual, formula: points}\n"
    rows = "".join(row.replace("CODE", f"9.{number}") for number in range(MAX_CRITERIA + 5))
    assert faults(GOOD.replace("form:\n", rows + "form:\n")) == [
        f"s.yml:{13 + MAX_CRITERIA}:5: criteria[{MAX_CRITERIA}]: too many entries, at most {MAX_CRITERIA}"
    ]
    assert [fault.partition(": ")[2] for fault in faults("sheet: [" + "1, " * (MAX_NODES + 1) + "]\n")] == [
        f"sheet: more than {MAX_NODES} values in one sheet, a sheet has 1000 criteria at most"
    ]
    assert faults("sheet: " + "[" * 40 + "]" * 40) == [
        "s.yml:1:39: sheet[0][0]: nested deeper than 32, a flatter document"
    ]


def test_nothing_written_makes_a_traceback() -> None:
    for hostile in (
        b"",
        b"\x00",
        b"\xff\xfe",
        b"- 1",
        b"sheet: null",
        b"a: &a [*a]",
        b"sheet: {maximum: " + b"9" * 5_000 + b"}",
    ):
        with pytest.raises(ConfigError):
            sheet_from_bytes("s.yml", hostile)
