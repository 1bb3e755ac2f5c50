"""`sansang units apply`: an office's sheet of changes into the configuration, shown first; and the list of units."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from agent.cli.main import main
from agent.inventory.entities import Inventory
from agent.inventory.load import load
from agent.probes.registry import PROBES
from tests.agent.reporting.test_inventory_history import told
from tests.agent.reporting.test_unit_changes import AFTER, RECORDED, ledger

EXAMPLE = Path(__file__).parents[4] / "config/examples/district-merged"
HEADINGS = "Loại thay đổi;Ngày hiệu lực;Văn bản;Đơn vị;Nhập vào;Tên mới;Mã mới;Trực thuộc mới;Điểm;Thành lập mới"
Printed = pytest.CaptureFixture[str]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLE, tmp_path / "config")
    return tmp_path / "config/sansang.yml"


def apply(config: Path, file: Path, *options: str) -> int:
    return main(["units", "apply", str(file), "--config", str(config), "--lang", "vi", *options])


def sheet(config: Path, *rows: str, encoding: str = "utf-8-sig", name: str = "thay-doi.csv") -> Path:
    file = config.parent / name
    file.write_bytes("\r\n".join([HEADINGS, *rows, ""]).encode(encoding))
    return file


def inventory(config: Path) -> Inventory:
    return load(config, PROBES, "vi")


def places(config: Path) -> tuple[dict[str, str], dict[str, str | None]]:
    """The unit of each site, the parent of each unit."""
    found = inventory(config)
    return {site.id: site.unit for site in found.sites}, {unit.id: unit.parent for unit in found.units}


def contents(config: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in config.parent.rglob("*") if file.is_file()}


def test_the_example_is_shown_first_and_nothing_is_written(config: Path, capsys: Printed) -> None:
    before = contents(config)

    assert apply(config, config.parent / "thay-doi-don-vi.csv") == 0

    said = capsys.readouterr().out
    assert "Thay đổi: 2 mới, 0 đã ghi từ trước" in said
    assert "+ 01/02/2024 Sáp nhập thieu-phu -> thieu-hoa, NQ 939/NQ-UBTVQH15; điểm: ubnd-thieu-phu" in said
    assert "~ ubnd-thieu-phu: đơn vị thieu-phu -> thieu-hoa" in said
    assert "Chưa ghi gì. Để ghi, thêm --write:" in said
    assert contents(config) == before


def test_the_example_is_written_once_ids_stay_and_sites_follow(config: Path, capsys: Printed) -> None:
    before, file = inventory(config), config.parent / "thay-doi-don-vi.csv"
    text = config.read_text("utf-8")

    assert apply(config, file, "--write") == 0
    after = inventory(config)
    written = contents(config)
    assert apply(config, file, "--write") == 0

    assert "Không có gì thay đổi: 2 thay đổi trong bảng đã được ghi từ trước." in capsys.readouterr().out
    assert contents(config) == written
    assert {target.id for target in after.targets} == {target.id for target in before.targets}
    assert {unit.id for unit in after.units} == {unit.id for unit in before.units}
    sites, parents = places(config)
    assert (sites["ubnd-thieu-phu"], sites["ubnd-huyen"], sites["ubnd-thieu-duy"]) == (
        "thieu-hoa", "thanh-hoa", "thieu-duy",
    )  # fmt: skip
    assert (parents["thieu-hoa"], parents["thieu-duy"], parents["thieu-phu"]) == (
        "thanh-hoa", "thanh-hoa", "huyen-thieu-hoa",
    )  # fmt: skip
    assert [(one.kind, one.date, one.unit, one.into) for one in after.unit_changes] == [
        ("merge", date(2024, 2, 1), "thieu-phu", "thieu-hoa"),
        ("dissolve", date(2025, 7, 1), "huyen-thieu-hoa", "thanh-hoa"),
    ]
    changed = [line for line in config.read_text("utf-8").splitlines() if line not in text.splitlines()]
    assert len(changed) == 3  # comments and every other line are as they were
    assert Path(f"{config}.bak").read_text("utf-8") == text


def test_rename_recode_split_and_transfer(config: Path, capsys: Printed) -> None:
    rows = (
        "Đổi tên;01/03/2025;NQ 1/NQ-HĐND;Xã Thiệu Duy;;Xã Thiệu Duy Mới;;;;",
        "Cấp mã mới;1/3/2025;NQ 1/NQ-HĐND;Thiệu Duy;;;09001;;;",
        "Tách;2025-04-01;NQ 2/NQ-HĐND;Thị trấn Thiệu Hóa;Xã Thiệu Mới;;;Huyện Thiệu Hóa;mot-cua-thieu-hoa;có",
        "Chuyển;01-05-2025;NQ 3/NQ-HĐND;Xã Thiệu Duy Mới;;;;Tỉnh Thanh Hóa;;",
    )

    assert apply(config, sheet(config, *rows), "--write") == 0

    found = inventory(config)
    units = {unit.id: unit for unit in found.units}
    new = next(unit for unit in found.units if unit.name == "Xã Thiệu Mới")
    assert (units["thieu-duy"].name, units["thieu-duy"].code, units["thieu-duy"].parent) == (
        "Xã Thiệu Duy Mới", "09001", "thanh-hoa",
    )  # fmt: skip
    assert (new.level, new.parent) == ("commune", "huyen-thieu-hoa")
    assert places(config)[0]["mot-cua-thieu-hoa"] == new.id
    old = {change.kind: (change.old_name, change.old_parent) for change in found.unit_changes}
    assert old["rename"] == ("Xã Thiệu Duy", None)
    assert old["transfer"] == (None, "huyen-thieu-hoa")
    assert "Đơn vị mới Xã Thiệu Mới" in capsys.readouterr().out


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_of_offices(config: Path, encoding: str) -> None:
    row = "Sáp nhập;1/2/2024;NQ 939/NQ-UBTVQH15;Xã Thiệu Phú;Thị trấn Thiệu Hóa;;;;;"

    assert apply(config, sheet(config, row, encoding=encoding), "--write") == 0
    assert places(config)[0]["ubnd-thieu-phu"] == "thieu-hoa"


def test_a_workbook_with_titles_dates_and_signatures(config: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["PHỤ LỤC: SẮP XẾP ĐƠN VỊ HÀNH CHÍNH"])
    page.append([])
    page.append(["STT", "Hình thức sắp xếp", "Ngày có hiệu lực", "Nghị quyết", "Đơn vị cũ", "Đơn vị mới"])
    page.append(["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"])
    page.append([1, "Nhập nguyên trạng", date(2024, 2, 1), "939/NQ-UBTVQH15", "Xã Thiệu Phú", "Thị trấn Thiệu Hóa"])
    page.append([None, None, None, None, None, "CHỦ TỊCH"])
    file = config.parent / "phu-luc.xlsx"
    book.save(file)

    assert apply(config, file, "--write") == 0
    assert [(one.kind, one.date) for one in inventory(config).unit_changes] == [("merge", date(2024, 2, 1))]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Sáp nhập;1/2/2024;NQ;Xã Không Có;Thị trấn Thiệu Hóa;;;;;", "Xã Không Có"),
        ("Sáp nhập;1/2/2024;NQ;Xã Thiệu Phú;;;;;;", "into"),
        ("Sáp nhập;31/2/2024;NQ;Xã Thiệu Phú;Thị trấn Thiệu Hóa;;;;;", "31/2/2024"),
        ("Bay hơi;1/2/2024;NQ;Xã Thiệu Phú;Thị trấn Thiệu Hóa;;;;;", "'Bay hơi' không phải loại thay đổi"),
        ("Sáp nhập;1/2/2024;;Xã Thiệu Phú;Thị trấn Thiệu Hóa;;;;;", "ô 'Văn bản' để trống"),
        ("Sáp nhập;1/2/2024;NQ;Xã Thiệu Phú;Xã Thiệu Phú;;;;;", "thieu-phu"),
        ("Giải thể;1/2/2024;NQ;Xã Thiệu Duy;;;;;;", "không nói chuyển về đâu"),
        ("Chuyển;1/2/2024;NQ;Huyện Thiệu Hóa;;;;Xã Thiệu Phú;;", "nằm dưới chính nó"),
        ("Tách;1/2/2024;NQ;Xã Thiệu Phú;Thị trấn Thiệu Hóa;;;;ubnd-thieu-duy;", "thuộc đơn vị 'thieu-duy'"),
        ("Sáp nhập;1/2/2024;NQ;Xã Thiệu Phú;Xã Chưa Lập;;;;;", "Thành lập mới"),
    ],
)
def test_what_cannot_be_is_refused_with_its_cell_and_nothing_is_written(
    config: Path, row: str, said: str, capsys: Printed
) -> None:
    file = sheet(config, row)
    before = contents(config)

    assert apply(config, file, "--write") == 2

    err = capsys.readouterr().err
    assert said in err
    assert "thay-doi.csv:2" in err
    assert contents(config) == before


def test_a_sheet_that_contradicts_what_is_recorded_is_refused(config: Path, capsys: Printed) -> None:
    row = "Sáp nhập;1/2/2024;NQ {};Xã Thiệu Phú;Thị trấn Thiệu Hóa;;;;;"
    assert apply(config, sheet(config, row.format("939")), "--write") == 0

    assert apply(config, sheet(config, row.format("940"), name="lai.csv"), "--write") == 2
    assert "thay đổi này đã ghi ở" in capsys.readouterr().err


def test_a_write_that_was_cut_off_is_finished_by_applying_again(config: Path) -> None:
    file = config.parent / "thay-doi-don-vi.csv"
    main_file = config.read_bytes()
    assert apply(config, file, "--write") == 0
    whole = contents(config)
    config.write_bytes(main_file)  # as if the machine had stopped before the last file

    assert apply(config, file, "--write") == 0

    after = contents(config)
    assert after[str(config)] == whole[str(config)]
    assert len(inventory(config).unit_changes) == 2


def _zip_of(content: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in content.items():
            archive.writestr(name, text)
    return data.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b""),
        ("a.csv", b"\x00\xff\xfe" * 1000),
        ("a.csv", b";" * 5_000_000),
        ("a.csv", ("x" * 3_000_000 + "\n").encode()),
        ("a.xlsx", b"PK\x03\x04" + b"\0" * 100),
        ("a.xlsx", _zip_of({"xl/workbook.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"})),
        ("a.xlsx", _zip_of({"xl/workbook.xml": b" " * 300_000_000})),
        ("a.yml", b"unit_changes: []"),
        ("a.ods", b"PK\x03\x04"),
    ],
)
def test_hostile_files_are_refused_in_words(config: Path, name: str, data: bytes, capsys: Printed) -> None:
    file = config.parent / name
    file.write_bytes(data)

    assert apply(config, file, "--write") == 2
    assert name in capsys.readouterr().err


def test_a_formula_is_no_name(config: Path, capsys: Printed) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["Loại", "Ngày hiệu lực", "Văn bản", "Đơn vị", "Nhập vào"])
    page.append(["Sáp nhập", date(2024, 2, 1), "NQ", "=1+1", "Thị trấn Thiệu Hóa"])
    file = config.parent / "a.xlsx"
    book.save(file)

    assert apply(config, file, "--write") == 2
    assert "D2" in capsys.readouterr().err


def test_units_are_listed_with_what_became_of_them(config: Path, capsys: Printed) -> None:
    assert apply(config, config.parent / "thay-doi-don-vi.csv", "--write") == 0
    capsys.readouterr()

    assert main(["units", "--config", str(config), "--json"]) == 0
    units = {unit["id"]: unit for unit in json.loads(capsys.readouterr().out)["units"]}
    assert (units["thieu-phu"]["ended"], units["huyen-thieu-hoa"]["ended"]) == ("2024-02-01", "2025-07-01")
    assert units["thieu-hoa"]["ended"] is None
    assert [change["kind"] for change in units["thieu-hoa"]["changes"]] == ["merge", "dissolve"]

    assert main(["units", "--config", str(config), "--lang", "vi"]) == 0
    said = capsys.readouterr().out
    assert "Xã Thiệu Phú" in said
    assert "01/02/2024 Sáp nhập thieu-phu -> thieu-hoa" in " ".join(said.split())


def test_what_the_ledger_got_after_its_date_is_listed_with_both_dates(
    config: Path, tmp_path: Path, capsys: Printed
) -> None:
    ledger(tmp_path / "ledger", told(AFTER, RECORDED))
    config.write_text(f"storage: {{path: {tmp_path / 'ledger'}}}\n" + config.read_text("utf-8"), "utf-8")

    assert main(["units", "--late", "--config", str(config)]) == 0
    said = capsys.readouterr().out
    assert ("06/06/2026" in said, "08/06/2026" in said, "NQ 939/NQ-UBTVQH15" in said) == (True, True, True)

    assert main(["units", "--late", "--config", str(config), "--json"]) == 0
    (late,) = json.loads(capsys.readouterr().out)["late_unit_changes"]
    assert (late["in_force"], late["recorded"]) == ("2026-06-05T17:00:00.000Z", "2026-06-07T17:00:00.000Z")


def test_the_configuration_is_good_after_applying(config: Path, capsys: Printed) -> None:
    assert apply(config, config.parent / "thay-doi-don-vi.csv", "--write") == 0
    capsys.readouterr()

    assert main(["validate", str(config), "--lang", "vi"]) == 0
    assert "Cấu hình đúng: 5 điểm, 9 mục tiêu" in capsys.readouterr().out
