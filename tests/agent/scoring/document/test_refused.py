"""Every way a score sheet can be wrong, with the exact words a person gets: one change of good.yml each."""

from __future__ import annotations

import time
from itertools import pairwise
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
    "nothing_scored",
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


def test_a_sheet_must_be_worth_something() -> None:
    head, _, _ = GOOD.partition("criteria:\n")
    shown = "criteria:\n  - {code: 2.4, group: 2, title: T, formula: unscored}\n"
    for rows in ("criteria: []\n", shown):
        text = head.replace("maximum: 100", "maximum: 0").replace("maximum: 60", "maximum: 0") + rows
        found = faults(text.replace("maximum: 40", "maximum: 0"))
        assert any("no criterion is worth points, at least one" in fault for fault in found)
        assert any("group 1 has no criterion" in fault for fault in found)


NO_NUMBERS = (
    "1e400", "1e2", "-5", "-0", "+20", ".nan", ".inf", "-.inf", "NaN", "0x14", "0o24", "1_000", "20.", ".5", "２０",
    "10²", "½", "20 điểm", "12:30", "true", "[20]", "{a: 20}", "9" * 400, "20.0000000000001", "1/0",
    "!!float 20", "!!int 20",
)  # fmt: skip


@pytest.mark.parametrize("written", NO_NUMBERS)
def test_what_is_no_number_is_said_to_be_none_where_it_stands(written: str) -> None:
    """Of points, and of a bound; whatever YAML 1.1, YAML 1.2 or Python would make of it."""
    for key, old in (
        ("criteria[0].maximum", "maximum: 20, measure: {kind: uptime"),
        ("criteria[2].formula.steps[0].at_least", "at_least: 4, points"),
    ):
        word, _, rest = old.partition(": ")
        first, *others = faults(GOOD.replace(old, f"{word}: {written}{rest.lstrip('0123456789')}", 1))
        assert key in first, written
        assert not others, written


def test_points_can_be_no_ratio_and_no_percent() -> None:
    uptime = "measure: {kind: uptime"
    for written in ("20%", "40/2"):
        (fault,) = faults(GOOD.replace(f"maximum: 20, {uptime}", f"maximum: {written}, {uptime}"))
        assert "is no number of points" in fault


MANY_KEYS = ", ".join(f"k{number}: 1" for number in range(10_000))
HOSTILE = {
    "aliases of aliases": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(
        f"{name}: &{name} [{','.join(f'*{below}' for _ in range(9))}]\n" for below, name in pairwise("abcdefghij")
    ),
    "a merge": "x: &x {a: 1}\nsheet:\n  <<: *x\n",
    "deep mappings": "sheet: " + "{a: " * 2_000 + "}" * 2_000,
    "deep lists": "- " * 20_000,
    "brackets": "[" * 100_000,
    "a long line": "sheet: " + "a" * 1_000_000,
    "anchors": "".join(f"k{number}: &a{number} 1\n" for number in range(10_000)),
    "an object": "sheet: !!python/object/apply:os.system ['true']\n",
    "many keys": GOOD.replace("title: Họp,", f"title: Họp, {MANY_KEYS},"),
    "a key twice": GOOD.replace("decimals: 3", "decimals: 3\n  decimals: 2"),
    "tabs": GOOD.replace("  ", "\t"),
    "a surrogate": GOOD.replace("Họp", "\udc80"),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_are_refused_soon_and_in_few_words(text: str) -> None:
    start = time.process_time()
    with pytest.raises(ConfigError) as refused:
        sheet_from_bytes("s.yml", text.encode("utf-8", "surrogatepass"), "en")
    assert time.process_time() - start < 10  # seconds of CPU; it takes at most 2
    assert 0 < len(refused.value.faults) <= 1_001  # the last says that there are more
    assert all(len(str(fault)) < 1_000 for fault in refused.value.faults)
    assert not any("add up" in str(fault) for fault in refused.value.faults)  # not of what was read in part


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
