"""Packed evidence: exact in both directions, harmless in a spreadsheet, and never a traceback."""

from __future__ import annotations

import csv
import dataclasses
import io
import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.availability.intervals import Interval
from agent.characters import FORMULA_BEGINS
from agent.errors import SansangError
from agent.scoring import evidence as types
from agent.scoring.package.cells import IDS, NUMBER, TEXT, exact_number
from agent.scoring.package.evidence_files import evidence_files, read_evidence
from agent.scoring.package.evidence_tables import TARGET_CELLS
from agent.scoring.package.tables import EvidenceError
from agent.scoring.values import Document
from tests.agent.scoring.package.sample import CALENDAR_HASH, evidence

CALENDAR = f"calendars/{CALENDAR_HASH}.json"
TERM_KEYS = (
    "start, end, as_of, weight, threshold_percent, zone, organisation, observer, basis, ledger_observer, first_row,"
    " last_row, last_row_sha256, version, tzdata, inventory_sha256"
)
_SIGNS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")


def test_evidence_comes_back_as_it_was_in_every_field() -> None:
    whole = evidence()

    back = read_evidence(evidence_files(whole))

    assert back == whole
    assert [_times(one) for one in back.targets] == [_times(one) for one in whole.targets]
    assert evidence_files(back) == evidence_files(whole)


def _times(target: types.TargetEvidence) -> list[tuple[int, int]]:
    """What makes no two intervals different, and is kept all the same."""
    return [(state.confirmed_ms, state.number) for state in (*target.states, *target.corrections)]


def test_every_field_of_a_target_has_a_column_or_a_table() -> None:
    elsewhere = {"placements", "states", "hours", "windows", "corrections", "measured", "device"}
    columns = {name for name in TARGET_CELLS if not name.startswith("device_")}

    assert {field.name for field in dataclasses.fields(types.TargetEvidence)} == elsewhere | columns
    assert {field.name for field in dataclasses.fields(types.DeviceEvidence)} == {"made_on", "first_seen_ms"}
    assert {field.name for field in dataclasses.fields(Document)} == {"number", "dated", "note"}
    assert len(dataclasses.fields(Interval)) == 6


def test_the_sample_has_something_in_every_field_of_the_evidence() -> None:
    whole = evidence()

    assert [field.name for field in dataclasses.fields(whole) if not getattr(whole, field.name)] == []
    assert [
        field.name for field in dataclasses.fields(whole.provenance) if not getattr(whole.provenance, field.name)
    ] == []


def test_no_cell_is_a_formula_and_instants_are_utc_to_the_millisecond() -> None:
    files = evidence_files(evidence())
    rows = {
        name: list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
        for name, data in files.items()
        if name.endswith(".csv")
    }

    assert [
        cell for table in rows.values() for row in table for cell in row if cell.lstrip(" ").startswith(FORMULA_BEGINS)
    ] == []
    assert ",".join(rows["evidence/states.csv"][2]) == (
        "s/web,2025-10-01T17:00:00.000Z,2025-10-01T17:00:00.001Z,down,reason:bad_status,2025-10-01T17:00:00.007Z,18"
    )
    assert rows["evidence/placements.csv"][1] == ["s/web", "", "2025-10-01T17:00:00.000Z", "xa-a", "s"]
    assert rows["evidence/given.csv"][3][3:5] == ["'-1/3", ""]
    assert rows["evidence/terms.csv"][4:6] == [["weight", "1/3"], ["threshold_percent", "95"]]


@given(st.fractions())
def test_numbers_are_exact(number: Fraction) -> None:
    assert NUMBER.read(NUMBER.write(number)) == number


@pytest.mark.parametrize(
    ("number", "text"),
    [("716/719", "716/719"), ("99.50", "99.5"), ("-1/8", "-0.125"), ("0", "0"), ("1/40", "0.025"), ("-7/3", "-7/3")],
)
def test_numbers_are_decimal_where_they_can_be(number: str, text: str) -> None:
    assert exact_number(Fraction(number)) == text


@given(st.text(_SIGNS))
def test_texts_are_exact_and_no_formula(text: str) -> None:
    try:
        cell = TEXT.write(text)
    except ValueError:
        return
    assert TEXT.read(cell) == text
    assert not cell.lstrip(" ").startswith(FORMULA_BEGINS)


@given(st.lists(st.text(st.characters(categories=["L", "Nd"], include_characters=" %;/.-_"), min_size=1)))
def test_lists_of_ids_are_exact(ids: list[str]) -> None:
    assert IDS.read(IDS.write(tuple(ids))) == tuple(ids)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("targets.csv", "s/none,", "s/web,", ": 's/web' is there twice"),
        ("states.csv", "down", "dawn", ", line 3, column state: 'dawn' is no value"),
        ("states.csv", "s/web,2025-10-01T", "s/wob,2025-10-01T", ": 's/wob' is not in evidence/targets.csv"),
        ("states.csv", "00.000Z", "00", ", line 2, column start_ms: '2025-09-30T17:00:00' is no value"),
        ("hours.csv", CALENDAR_HASH, "0" * 64, f": '{'0' * 64}' is not in evidence/calendars/"),
        ("given.csv", ",716,", ",716e9999999,", ", line 3, column a: '716e9999999' is no value"),
        ("given.csv", ",719,", f",{'9' * 2001},", f", line 3, column b: '{'9' * 80}' is no value"),
        ("given.csv", ",719,", ",719/0,", ", line 3, column b: '719/0' is no value"),
        ("sites.csv", "site,name", "site;name", ": the first line should be site,name, and is 'site;name'"),
        ("sites.csv", "s,UBND", "s,,UBND", ", line 2: 3 cells, not 2"),
        ("terms.csv", "zone", "zne", f": its keys should be {TERM_KEYS}"),
        ("terms.csv", "2025-10-31", "2125-10-31", ": start to end is no period"),
        ("terms.csv", "today-mean", "tomorrow", ", key basis: 'tomorrow' is no value"),
        ("facts.csv", '""hai', '"hai', ", line 2: no CSV (',' expected after '\"')"),
        (CALENDAR, "always", "alweys", ": the content does not fit the hash in its name"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(file: str, old: str, new: str, message: str) -> None:
    files, name = evidence_files(evidence()), f"evidence/{file}"
    changed = files[name].decode().replace(old, new, 1)
    assert changed.encode() != files[name]

    with pytest.raises(EvidenceError) as caught:
        read_evidence(files | {name: changed.encode()})

    assert str(caught.value) == f"{name}{message}"
    assert caught.value.to("vi").startswith(name)
    assert caught.value.to("vi") != str(caught.value)


def test_a_missing_file_and_bytes_that_are_no_text_are_named() -> None:
    files = evidence_files(evidence())

    for name in [name for name in files if name.endswith(".csv")]:
        with pytest.raises(SansangError, match=f"lacks the file {name}"):
            read_evidence({other: data for other, data in files.items() if other != name})
        with pytest.raises(SansangError, match=f"{name}: no UTF-8 text at byte "):
            read_evidence(files | {name: files[name] + b"\xff"})


def test_random_changes_end_in_a_sentence_or_in_other_evidence_never_in_a_traceback() -> None:
    files, numbers = evidence_files(evidence()), random.Random(14)
    names = sorted(files)
    refused = 0
    for _ in range(3000):
        name = numbers.choice(names)
        content = bytearray(files[name])
        content[numbers.randrange(len(content))] ^= 1 << numbers.randrange(8)
        try:
            read_evidence(files | {name: bytes(content)})
        except SansangError:
            refused += 1

    assert 1000 < refused < 3000
