"""A sheet imported twice keeps its ids; a bad one leaves everything as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import ConfigError
from agent.inventory.importing.changes import FieldChange, RowChanges, difference
from agent.inventory.importing.lists import ImportAnswers
from agent.inventory.importing.proposal import ImportProposal, write
from agent.inventory.importing.propose import propose
from agent.inventory.load import load
from agent.inventory.sources.yaml_source import read_yaml
from agent.inventory.sources.yaml_writer import Row, as_yaml
from tests.agent.inventory.fakes import REGISTRY

MAIN = """
organisation: {name: Huyện thử, language: vi}
levels: [{id: district, name: {vi: Huyện}}, {id: commune, name: {vi: Xã}}]
units: [{id: lap-thach, name: Huyện Lập Thạch, level: district}]
modules: {ping: {probe: icmp}}
profiles: {office: [{id: uplink, role: uplink, module: ping, address: "{gateway}"}]}
include: ["sites.d/*.yml"]
"""
HEADER = "Tên,Đơn vị,Mẫu,Cổng mạng,Tọa độ"
ROW_A = "Điểm A,Huyện Lập Thạch,office,192.0.2.1,21.4; 105"
ROW_B = "Điểm B,lap-thach,office,192.0.2.2,"
SHEET = f"{HEADER}\n{ROW_A}\n{ROW_B}\n"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    main = tmp_path / "sansang.yml"
    main.write_text(MAIN, encoding="utf-8")
    return main


def proposed(
    config: Path, text: str, name: str = "Điểm cầu.csv", answers: ImportAnswers | None = None
) -> ImportProposal:
    sheet = config.parent / name
    sheet.write_text(text, encoding="utf-8")
    return propose(config, sheet, REGISTRY, "en", answers)


def test_nothing_is_written_before_it_is_applied_and_then_it_loads(config: Path) -> None:
    proposal = proposed(config, SHEET)
    assert proposal.target == config.parent / "sites.d" / "diem-cau.yml"
    assert [row["id"] for row in proposal.changes["sites"].added] == ["diem-a", "diem-b"]
    assert not proposal.target.exists()
    write(proposal)
    assert [target.id for target in load(config, REGISTRY).targets] == ["diem-a/uplink", "diem-b/uplink"]
    assert not proposed(config, SHEET)
    assert [path.name for path in proposal.target.parent.iterdir()] == ["diem-cau.yml"]


def test_ids_stay_when_other_fields_change_and_rows_move(config: Path) -> None:
    write(
        proposed(
            config, SHEET.replace("Tên,", "Mã,Tên,").replace("\nĐiểm", "\nx1,Điểm", 1).replace("\nĐiểm B", "\n,Điểm B")
        )
    )
    again = proposed(
        config, "Tên,Đơn vị,Mẫu,Cổng mạng\nĐIỂM B,lap-thach,office,192.0.2.9\nĐiểm A,lap-thach,office,192.0.2.1\n"
    )
    changed = {one.id: one.fields for one in again.changes["sites"].changed}
    assert changed == {
        "diem-b": (FieldChange("name", "Điểm B", "ĐIỂM B"), FieldChange("gateway", "192.0.2.2", "192.0.2.9"))
    }
    assert not again.changes["sites"].added
    assert not again.changes["sites"].removed


def test_rows_that_the_sheet_no_longer_has_are_shown_as_removed(config: Path) -> None:
    write(proposed(config, SHEET))
    proposal = proposed(config, SHEET.rpartition("Điểm B")[0])
    assert [row["id"] for row in proposal.changes["sites"].removed] == ["diem-b"]


def test_units_and_sites_of_one_workbook_order(config: Path) -> None:
    units = proposed(config, "Tên,Cấp,Trực thuộc\nXã A,Xã,Huyện Lập Thạch\n", "units.csv")
    assert units.changes["units"].added == ({"id": "xa-a", "name": "Xã A", "level": "commune", "parent": "lap-thach"},)


def test_faults_are_placed_in_the_sheet_and_nothing_is_proposed(config: Path) -> None:
    bad = SHEET.replace("192.0.2.2", "192.0.2.222.2").replace("lap-thach", "lap-thac")
    with pytest.raises(ConfigError) as refused:
        proposed(config, bad)
    sheet = config.parent / "Điểm cầu.csv"
    assert [str(fault) for fault in refused.value.faults] == [
        f"{sheet}:3:2: Đơn vị: unknown unit 'lap-thac', did you mean 'lap-thach'?",
        f"{sheet}:3:4: Cổng mạng '192.0.2.222.2': not an address, 192.0.2.1 or a host name",
    ]
    assert not (config.parent / "sites.d").exists()


def test_a_sheet_of_headers_alone_is_refused_by_its_own_name(config: Path) -> None:
    write(proposed(config, SHEET))
    with pytest.raises(ConfigError) as refused:
        proposed(config, f"{HEADER}\n")
    assert str(refused.value) == f"{config.parent}/Điểm cầu.csv: the file is empty, see config/examples"


def test_a_site_that_stands_elsewhere_is_refused_in_a_list_of_its_own(config: Path) -> None:
    write(proposed(config, SHEET))
    with pytest.raises(ConfigError, match="stands twice"):
        proposed(config, SHEET, "other.csv", ImportAnswers(new=True))


def test_a_configuration_that_includes_no_such_file_is_told_so(config: Path) -> None:
    config.write_text(MAIN.replace("*.yml", "*.csv"), encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        proposed(config, SHEET)
    wrong = f"{config}: no include pattern takes in sites.d/diem-cau.yml, include: [sites.d/*.yml]"
    assert str(refused.value) == wrong


def test_other_files_are_no_sheets(config: Path) -> None:
    with pytest.raises(ConfigError, match="a YAML file is no sheet"):
        propose(config, config, REGISTRY, "en")


_rows = st.lists(
    st.fixed_dictionaries({"id": st.sampled_from("abcdef"), "name": st.text(max_size=3)}),
    unique_by=lambda row: row["id"],
)


@given(_rows, _rows)
@settings(deadline=None)
def test_a_difference_applied_gives_the_new_rows(before: list[Row], after: list[Row]) -> None:
    changes = difference(before, after)
    result = {row["id"]: dict(row) for row in before}
    for row in changes.removed:
        del result[row["id"]]
    for changed in changes.changed:
        result[changed.id].update({field.key: field.after for field in changed.fields})
    result |= {row["id"]: dict(row) for row in changes.added}
    assert result == {row["id"]: dict(row) for row in after}
    assert difference(after, after) == RowChanges((), (), ())


@given(_rows)
@settings(deadline=None)
def test_written_rows_read_back_as_they_were(rows: list[Row]) -> None:
    text = as_yaml("sites", rows)
    source, findings = read_yaml("x", text)
    if findings:  # control characters are refused, and so is the import
        assert {finding.message for finding in findings} <= {"control_character", "invisible_character", "yaml_syntax"}
    else:
        assert source is not None
        assert source.data() == {"sites": [dict(row) for row in rows]}
