"""A package: equal reports give equal bytes anywhere; every changed byte is named; a forger's is told by its hash."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import subprocess
import sys
import zipfile
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest

from agent.reporting.scoring.report import ScoreReport
from agent.scoring.package.archive import zipped
from agent.scoring.package.manifest import NAME, WORKBOOK, read_manifest
from exporters.scores.package import MadeBy, ScorePackage, score_package
from exporters.scores.verification import MOST_SHOWN, PackageCheck, check_package
from tests.exporters.scores import package_sample
from tests.exporters.scores.package_sample import ROOT, forged, relisted, scored

CHANGES, PARTS = 500, 10


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return package_sample.ledger(tmp_path_factory.mktemp("package") / "ledger")


@pytest.fixture(scope="module")
def report(ledger: Path) -> ScoreReport:
    return scored(ledger)


@pytest.fixture(scope="module")
def package(report: ScoreReport) -> ScorePackage:
    return score_package(report)


def rows(package: ScorePackage, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(package.files[name].decode("utf-8-sig"), newline="")))


def found(check: PackageCheck) -> list[tuple[str, str]]:
    return [(one.file, one.place.en) for one in check.differences]


def test_a_package_is_consistent_and_says_what_it_rests_on(package: ScorePackage) -> None:
    check = check_package(package.data)

    assert check.differences == ()
    assert check.consistent
    assert check.manifest_sha256 == package.manifest_sha256
    assert check.manifest is not None
    assert (check.manifest.unit, check.manifest.period) == ("xa-a", "2026-01")
    assert check.manifest.sheet == "commune-illustrative"
    assert [remark.en for remark in check.remarks] == [
        "the totals of the period before (previous.csv) are taken as they are packed",
        "1 figures were given by people (given.csv): taken as they are packed, nobody can measure them again",
    ]


def test_the_manifest_has_the_hash_of_every_file_but_itself_and_the_workbook(package: ScorePackage) -> None:
    listed = json.loads(package.files[NAME])["files"]

    assert {one["name"] for one in listed} == set(package.files) - {NAME, WORKBOOK}
    assert all(sha256(package.files[one["name"]]).hexdigest() == one["sha256"] for one in listed)
    assert all(len(package.files[one["name"]]) == one["bytes"] for one in listed)


def test_the_workbook_to_hand_in_has_the_manifests_hash(package: ScorePackage) -> None:
    with zipfile.ZipFile(io.BytesIO(package.workbook)) as book:
        texts = b"".join(book.read(name) for name in book.namelist() if name.endswith(".xml"))
        assert {part.compress_type for part in book.infolist()} == {zipfile.ZIP_STORED}

    assert package.manifest_sha256.encode() in texts


def test_behind_each_criterion_stand_its_figures_and_its_outages(package: ScorePackage, report: ScoreReport) -> None:
    folders = {name.split("/")[1] for name in package.files if name.startswith("criteria/")}
    assert len(folders) == len(report.sheet.criteria)
    for folder in folders:
        figures = rows(package, f"criteria/{folder}/figures.csv")
        row = report.scores[0].row(report.sheet.criteria[int(folder[:3]) - 1].code)
        assert {one["points"] for one in figures} == {"" if row.points is None else format(row.points, "f")}
        targets = f"criteria/{folder}/targets.csv"
        if targets in package.files:
            each = {(one["measure"], one["target"]): int(one["outages"]) for one in rows(package, targets)}
            outages = rows(package, f"criteria/{folder}/outages.csv")
            assert +Counter(each) == Counter((one["measure"], one["target"]) for one in outages)


def test_maintenance_and_corrections_stand_with_who_and_why(package: ScorePackage) -> None:
    names = [name for name in package.files if name.endswith("/maintenance.csv") and name.startswith("criteria/")]
    windows = {tuple(row.values())[1:] for name in names for row in rows(package, name)}
    corrections = {row["why"] for name in names for row in rows(package, name.replace("maintenance", "corrections"))}

    recorded = "2026-01-01T17:00:00.000Z"
    span = "2026-01-09T17:00:00.000Z", "2026-01-09T23:00:00.000Z"
    assert windows == {("bt-1", *span, "yes", "unit:xa-a", recorded, "", "", "A", "Nâng cấp")}
    assert corrections == {'Mất điện, "có biên bản"'}


def test_made_twice_it_is_the_same_to_the_byte(ledger: Path, package: ScorePackage) -> None:
    assert score_package(scored(ledger)).data == package.data


@pytest.mark.parametrize(
    ("settings", "umask"),
    [
        ({"TZ": "America/New_York", "LC_ALL": "vi_VN.UTF-8", "PYTHONHASHSEED": "1"}, 0o077),
        ({"TZ": "Asia/Kathmandu", "LC_ALL": "C", "PYTHONHASHSEED": "4711", "LANG": "tr_TR.UTF-8"}, 0o000),
    ],
)
def test_another_machines_settings_make_no_difference(
    ledger: Path, package: ScorePackage, settings: dict[str, str], umask: int
) -> None:
    command = [sys.executable, "-m", "tests.exporters.scores.package_sample", str(ledger)]
    there = os.environ | settings
    made = subprocess.run(
        command, cwd=ROOT, env=there, umask=umask, capture_output=True, check=True, text=True, timeout=60
    )

    assert made.stdout == package.manifest_sha256


@pytest.mark.parametrize("part", range(PARTS))
def test_500_changed_bytes_anywhere_are_found_and_each_is_named(package: ScorePackage, part: int) -> None:
    """The file, and in it the line of a text or the place in a workbook; or the place in the zip around it."""
    data, numbers = package.data, random.Random(part)
    owners = _owners(data)
    for _ in range(CHANGES // PARTS):
        at, changed = numbers.randrange(len(data)), bytearray(data)
        changed[at] ^= numbers.randrange(1, 256)
        check = check_package(bytes(changed))
        assert not check.consistent
        name, inside = owners[at]
        assert {file for file, _ in found(check)} == {name or "zip"}, at
        if inside >= 0 and name != WORKBOOK:
            line = package.files[name][:inside].count(b"\n") + 1
            assert check.differences[0].place.en == f"line {line}", at


def _owners(data: bytes) -> list[tuple[str, int]]:
    """Of each byte the file that it is of, and its place in the content, -1 outside of it; by the standard library."""
    owners = [("", -1)] * len(data)
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        listed = opened.start_dir
        for part in opened.infolist():
            start = part.header_offset + 30 + len(part.filename)
            owners[part.header_offset : start] = [(part.filename, -1)] * (start - part.header_offset)
            owners[start : start + part.file_size] = [(part.filename, at) for at in range(part.file_size)]
            owners[listed : listed + 46 + len(part.filename)] = [(part.filename, -1)] * (46 + len(part.filename))
            listed += 46 + len(part.filename)
    return owners


def test_a_forger_with_this_program_makes_a_consistent_package_with_another_hash(
    report: ScoreReport, package: ScorePackage
) -> None:
    made = forged(report)
    check = check_package(made.data)

    assert check.consistent
    assert check.manifest_sha256 != package.manifest_sha256
    assert check.manifest is not None
    assert check.manifest.last_row_sha256 == read_manifest(package.files[NAME]).last_row_sha256


def test_a_figure_that_does_not_follow_is_named_with_what_follows(package: ScorePackage) -> None:
    """Somebody raises points in the CSV, puts its hash into the manifest, and repairs the zip."""
    line = next(line for line in package.files["score.csv"].split(b"\n") if b",1.1," in line)
    points = next(row["points"] for row in rows(package, "score.csv") if row["criterion"] == "1.1")
    better = package.files["score.csv"].replace(line, line.replace(f",{points},".encode(), b",99.99,", 1))

    check = check_package(relisted(package, **{"score.csv": better}))

    assert check.recounted
    assert {file for file, _ in found(check)} == {"score.csv", NAME}
    first = next(one for one in check.differences if one.file == "score.csv")
    assert ("99.99" in first.says, points in first.follows) == (True, True)


def test_changed_evidence_is_not_counted_and_the_file_is_named(package: ScorePackage) -> None:
    name = "evidence/states.csv"
    other = package.files[name].replace(b",down,", b",up,")

    check = check_package(zipped({**package.files, name: other}))

    assert found(check) == [(name, "the content has another SHA-256 than manifest.json")]
    assert not check.recounted
    assert "no figure was counted again" in check.remarks[0].en


def test_missing_and_surplus_files_are_named(package: ScorePackage) -> None:
    files = {name: content for name, content in package.files.items() if name != "score.json"}

    check = check_package(zipped({**files, "evidence/more.csv": b"a\r\n", "more.txt": b""}))

    assert found(check) == [
        ("evidence/more.csv", "the file is not in manifest.json"),
        ("more.txt", "the file is not in manifest.json"),
        ("score.json", "manifest.json names this file, the package lacks it"),
    ]


@pytest.mark.parametrize("left_out", [NAME, WORKBOOK])
def test_a_package_without_its_manifest_or_its_workbook_is_not_consistent(package: ScorePackage, left_out: str) -> None:
    check = check_package(zipped({name: content for name, content in package.files.items() if name != left_out}))

    assert not check.consistent
    assert left_out in {file for file, _ in found(check)}


def test_a_package_of_another_version_of_the_program_is_checked_and_says_so(report: ScoreReport) -> None:
    check = check_package(score_package(report, MadeBy("0.0.1", "1999a", "0.1")).data)

    assert check.consistent
    assert check.remarks[0].en.startswith("made by version sansang 0.0.1 tzdata 1999a xlsxwriter 0.1, this is sansang ")


def test_what_is_shown_of_many_differences_is_bounded(package: ScorePackage) -> None:
    files = {name: content + b"x" for name, content in package.files.items()}

    check = check_package(zipped(files))

    assert check.found >= len(check.differences)
    assert len(check.differences) <= MOST_SHOWN


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("hours.csv", b",office,", b",other,"),
        ("terms.csv", b"Asia/Ho_Chi_Minh", b"Asia/Nowhere"),
        ("units.csv", b"xa-a,", b"xa-z,"),
        ("sheet.json", b'"kind":"ratio"', b'"kind":"rat"'),
        ("previous.csv", b"582.4", b"5e82"),
        ("states.csv", b"down", b"dawn"),
    ],
)
def test_evidence_that_nobody_can_count_is_told_in_a_sentence(
    package: ScorePackage, name: str, old: bytes, new: bytes
) -> None:
    """A consistent manifest over evidence that this program would never write."""
    (file,) = [file for file in package.files if file in (name, f"evidence/{name}")]
    other = package.files[file].replace(old, new)
    assert other != package.files[file]

    check = check_package(relisted(package, **{name: other}))

    assert not check.consistent
    assert check.differences
    assert "cannot be counted again" in check.differences[0].place.en or check.recounted
