"""Facts that an office declares of sites and units: read, checked, kept exactly, and given back by sheets."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import json
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from agent.errors import ConfigError
from agent.inventory.entities import Inventory
from agent.inventory.export import inventory_sheets
from agent.inventory.importing.lists import ImportAnswers
from agent.inventory.importing.propose import propose
from agent.inventory.load import load
from agent.inventory.schema.facts import FactRow, facts_from_text
from agent.inventory.sheets.fact_cells import spread, text_of_facts
from agent.model.declared_facts import DeclaredFact, facts_in_force, plain_facts, stored_facts
from agent.probes.registry import PROBES
from exporters.inventory_file import comma_separated, xlsx

HEAD = """
organisation: {name: Xã thử, language: vi}
levels: [{id: commune, name: {vi: Xã}}]
modules: {ping: {probe: icmp}}
profiles: {office: [{id: gateway, role: uplink, module: ping, address: "{gateway}"}]}
"""
SITE = "{id: a, name: UBND xã A, unit: xa-a, profile: office, gateway: 192.0.2.1%s}"


Cell = str | int | dt.datetime | None


def written(tmp_path: Path, units: str = "", sites: str = "", more: str = "") -> Path:
    config = tmp_path / "sansang.yml"
    text = f"{HEAD}units: [{{id: xa-a, name: Xã A, level: commune{units}}}]\n" + more
    config.write_text(text + (f"sites: [{SITE % sites}]\n" if "include" not in more else ""), encoding="utf-8")
    return config


def loaded(tmp_path: Path, **parts: str) -> Inventory:
    return load(written(tmp_path, **parts), PROBES, "vi")


def refusals(tmp_path: Path, facts: str) -> str:
    with pytest.raises(ConfigError) as refused:
        loaded(tmp_path, sites=f", facts: {facts}")
    return str(refused.value)


def test_facts_stand_on_sites_and_units_and_in_the_ledgers_inventory(tmp_path: Path) -> None:
    fibre = "{id: fibre, value: true, document: 123/QĐ-UBND, date: 2026-03-01, from: 2026-01-01}"
    half = '{id: broadband_households, value: "95,50%", unit: ratio}'
    inventory = loaded(tmp_path, units=f", facts: [{half}]", sites=f", facts: [{fibre}]")

    document = json.loads(inventory.content)
    share = {"id": "broadband_households", "value": "0.955", "unit": "ratio", "document": None, "date": None}
    assert document["units"][0]["facts"] == [{**share, "from": None, "to": None}]
    assert stored_facts(document["sites"][0]) == (
        DeclaredFact(
            id="fibre", value=True, document="123/QĐ-UBND", date=dt.date(2026, 3, 1), first=dt.date(2026, 1, 1)
        ),
    )


def test_an_inventory_without_facts_keeps_its_bytes(tmp_path: Path) -> None:
    document = json.loads(loaded(tmp_path).content)

    assert not any("facts" in entry for entry in (*document["sites"], *document["units"]))
    assert stored_facts(document["sites"][0]) == ()


def test_what_is_declared_is_part_of_the_hash(tmp_path: Path) -> None:
    hashes = {loaded(tmp_path, sites=f", facts: [{{id: fibre, value: {value}}}]").hash for value in ("true", "false")}

    assert len({*hashes, loaded(tmp_path).hash}) == 3


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        ("{id: x, value: 0.1, unit: ratio}", "0.1"),
        ('{id: x, value: "0.30000000000000004", unit: ratio}', "0.30000000000000004"),
        ("{id: x, value: 1, unit: ratio}", "1"),
        ("{id: x, value: 100%, unit: ratio}", "1"),
        ("{id: x, value: 1250, unit: count}", "1250"),
        ("{id: x, value: 2025-12-31, unit: date}", "2025-12-31"),
        ("{id: x, value: 31/12/2025, unit: date}", "2025-12-31"),
        ("{id: x, value: có}", True),
        ("{id: x, value: no}", False),
    ],
)
def test_values_are_kept_to_the_last_digit(fact: str, expected: str | bool, tmp_path: Path) -> None:
    assert loaded(tmp_path, sites=f", facts: [{fact}]").sites[0].facts[0].value == expected


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ("[{id: x, value: 1.2, unit: ratio}]", "tỷ lệ '1.2' lớn hơn 1"),
        ("[{id: x, value: 120%, unit: ratio}]", "lớn hơn 1"),
        ("[{id: x, value: -0.1, unit: ratio}]", "không phải tỷ lệ"),
        ("[{id: x, value: 1e400, unit: ratio}]", "tỷ lệ"),
        ("[{id: x, value: .nan, unit: ratio}]", "tỷ lệ"),
        ("[{id: x, value: 1.5, unit: count}]", "không phải số đếm"),
        ("[{id: x, value: 12}]", "không phải có hay không"),
        ("[{id: x, value: 2025-02-30, unit: date}]", "không phải ngày"),
        ("[{id: x, value: true, from: 2026-02-01, to: 2026-01-01}]", "sau ngày hết hiệu lực"),
        ("[{id: 'Có dấu', value: true}]", "không dùng làm tên được"),
        ("[{id: x, value: true, document: 'a|b'}]", "có dấu | hoặc ="),
        ("[{id: x, value: true, unit: percent}]", "none"),
        ("[{id: x, value: [1]}]", "facts"),
        ("x", "không phải dữ kiện khai báo"),
        ("[{id: x, value: true}, {id: x, value: false}]", "khai hai lần"),
        ("[{id: x, value: true, to: 2026-06-30}, {id: x, value: false, from: 2026-06-30}]", "2026-06-30"),
        ("[" + "{id: x, value: true}," * 101 + "]", "100"),
    ],
)
def test_what_is_no_fact_is_refused_with_what_would_be_right(facts: str, said: str, tmp_path: Path) -> None:
    assert said in refusals(tmp_path, facts)


def test_the_value_in_force_on_the_day_counts(tmp_path: Path) -> None:
    facts = "[{id: fibre, value: false, to: 2026-06-30}, {id: fibre, value: true, from: 2026-07-01}]"
    declared = loaded(tmp_path, sites=f", facts: {facts}").sites[0].facts

    before, after = (facts_in_force(declared, "fibre", dt.date(2026, *day)) for day in ((6, 30), (7, 1)))
    assert (before and before.value, after and after.value) == (False, True)
    assert facts_in_force(declared, "lan_upgraded", dt.date(2026, 7, 1)) is None


def test_a_fact_without_a_document_is_said_once_for_all_places(tmp_path: Path) -> None:
    notes = loaded(tmp_path, units=", facts: [{id: fibre, value: true}]", sites=", facts: [{id: fibre, value: true}]")

    assert ["không có số văn bản ở 2 nơi: a, xa-a" in str(note) for note in notes.notes] == [True]


def sheet(folder: Path, *rows: tuple[Cell, ...], name: str = "diem.xlsx") -> Path:
    book = Workbook()
    page = book.create_sheet("Điểm", 0)
    for row in rows:
        page.append(list(row))
    data = io.BytesIO()
    book.save(data)
    (folder / name).write_bytes(data.getvalue())
    return folder / name


SHEET = ("Mã", "Tên điểm", "Đơn vị", "Mẫu", "Cổng mạng", "Cáp quang", "Sóng 4G", "Hộ có băng rộng", "Số văn bản",
         "Ngày văn bản")  # fmt: skip
ROW = ("a", "UBND xã A", "xa-a", "office", "192.0.2.1")


def test_columns_of_a_sheet(tmp_path: Path) -> None:
    day = dt.datetime(2026, 3, 1)  # noqa: DTZ001 - a cell has no zone
    sheet(tmp_path, SHEET, (*ROW, "có", 0, "95,5 %", "123/QĐ-UBND", day))
    site = load(written(tmp_path, more="include: [diem.xlsx]\n"), PROBES, "vi").sites[0]

    paper = FactRow(id="fibre", value=True, document="123/QĐ-UBND", date=dt.date(2026, 3, 1))
    assert site.facts == (
        paper,
        dataclasses.replace(paper, id="cellular_4g", value=False),
        dataclasses.replace(paper, id="broadband_households", value="0.955", unit="ratio"),
    )
    assert "fibre" not in site.columns


@pytest.mark.parametrize("empty", [None, "-", "N/A"])
def test_an_empty_cell_declares_nothing(empty: str | None, tmp_path: Path) -> None:
    sheet(tmp_path, SHEET, (*ROW, empty, empty, empty, "123/QĐ-UBND", empty))

    assert load(written(tmp_path, more="include: [diem.xlsx]\n"), PROBES, "vi").sites[0].facts == ()


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (("có lẽ", None, None, "1/QĐ", None), "ô F2 (Cáp quang): 'có lẽ' không phải giá trị của dữ kiện"),
        (("có", None, None, "1/QĐ", "hôm qua"), "ô J2 (Ngày văn bản): 'hôm qua' không phải ngày"),
        (("có", None, None, "a|b", None), "ô I2 (Số văn bản)"),
        (("có", None, "120 %", "1/QĐ", None), "lớn hơn 1"),
    ],
)
def test_a_wrong_cell_is_named(cells: tuple[str | None, ...], said: str, tmp_path: Path) -> None:
    sheet(tmp_path, SHEET, (*ROW, *cells))
    with pytest.raises(ConfigError) as refused:
        load(written(tmp_path, more="include: [diem.xlsx]\n"), PROBES, "vi")

    assert said in str(refused.value)


def test_a_sheet_with_papers_of_something_else_declares_nothing(tmp_path: Path) -> None:
    sheet(tmp_path, (*SHEET[:5], "Số văn bản"), (*ROW, "a|b = c"))

    assert load(written(tmp_path, more="include: [diem.xlsx]\n"), PROBES, "vi").sites[0].facts == ()


FACTS = (
    "[{id: wifi_points, value: 12, unit: count, document: 9/BC}, {id: fibre, value: true, document: 123/QĐ-UBND, "
    "date: 2026-03-01}, {id: lan_upgraded, value: false, to: 2026-06-30}, {id: lan_upgraded, value: true, "
    "from: 2026-07-01, document: 5/QĐ}, {id: broadband_households, value: 95.5%, unit: ratio}]"
)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_is_exported_imports_without_a_change(language: str, tmp_path: Path) -> None:
    (tmp_path / "sites.d").mkdir()
    config = written(tmp_path, units=f", facts: {FACTS}", sites=f", facts: {FACTS}")
    config.write_text(config.read_text() + "include: [sites.d/*.yml]\n", encoding="utf-8")
    sheets, _ = inventory_sheets(config, PROBES, language)
    book, table = tmp_path / "xuất.xlsx", tmp_path / "xuất.csv"
    book.write_bytes(xlsx(sheets))
    table.write_bytes(comma_separated(sheets[0]))

    assert ("Cáp quang" if language == "vi" else "Fibre") in sheets[0].header
    for file in (book, table):
        proposal = propose(config, file, PROBES, language)
        assert not proposal, proposal.changes


LIST = """
sites:
  - {id: a, name: UBND xã A, unit: xa-a, profile: office, gateway: 192.0.2.1, facts: "fibre = false | 1/QĐ; x = 7"}
"""


def test_an_import_changes_the_facts_of_its_columns_alone(tmp_path: Path) -> None:
    config = written(tmp_path, more="include: [sites.d/*.yml]\n")
    (tmp_path / "sites.d").mkdir()
    (tmp_path / "sites.d" / "diem.yml").write_text(LIST, encoding="utf-8")
    file = sheet(tmp_path, (*SHEET[:6], "Số văn bản"), (*ROW, "có", "2/QĐ"))
    proposal = propose(config, file, PROBES, "vi", ImportAnswers())

    assert "x = 7; fibre = true | 2/QĐ" in str(proposal.changes["sites"])


_DAY = st.dates(dt.date(1970, 1, 1), dt.date(2199, 12, 31))
_TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P"), exclude_characters="|="), min_size=1).map(
    lambda text: unicodedata.normalize("NFC", text)
)
_VALUE = st.one_of(
    st.booleans().map(lambda value: (value, "none")),
    st.decimals(0, 1, allow_nan=False, places=6).map(lambda value: (f"{value:f}", "ratio")),
    st.integers(0, 10**12 - 1).map(lambda value: (str(value), "count")),
    _DAY.map(lambda day: (day.isoformat(), "date")),
)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["fibre", "cellular_5g", "x-1", "wifi_points"]),
            _VALUE,
            st.none() | _TEXT.filter(lambda text: text.strip("; ") == text and text.isprintable()),
            st.none() | _DAY,
            st.none() | _DAY,
        ),
        max_size=5,
    )
)
def test_the_one_text_gives_back_the_facts(
    rows: list[tuple[str, tuple[bool | str, str], str | None, object, object]],
) -> None:
    said = [
        {"id": identity, "value": value, "unit": unit, "document": document, "date": day, "first": first}
        for identity, (value, unit), document, day, first in rows
    ]
    facts = [DeclaredFact(**fact) for fact in said]  # type: ignore[arg-type]
    again = facts_from_text(text_of_facts(facts))

    assert [_exact(fact) for fact in plain_facts(again)] == [_exact(fact) for fact in plain_facts(facts)]
    assert set(spread(facts, "vi")) <= {"fibre", "cellular_5g", "facts", "document", "document_date"}


def _exact(fact: dict[str, object]) -> dict[str, object]:
    return {**fact, "value": Decimal(str(fact["value"]))} if fact["unit"] == "ratio" else fact
