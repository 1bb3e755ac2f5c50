"""`sansang score verify`: without the ledger, with it, and against the hash of what was handed in."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.cli.agent_location import add_location_options, locate_agent
from agent.cli.commands.score.issued import record_issue
from agent.cli.main import main
from agent.ledger.integrity.verify import verify
from agent.ledger.reader import Reader
from agent.ledger.signed.score_issues import read
from agent.reporting.scoring.report import ScoreReport
from exporters.scores.package import ScorePackage, score_package
from tests.agent.reporting.small_ledger import configuration
from tests.exporters.scores import package_sample
from tests.exporters.scores.package_sample import ROOT, forged, relisted, scored

OTHER = "ab" * 32


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a configuration, its ledger, and a package.zip of it."""
    folder = tmp_path_factory.mktemp("verify")
    package_sample.ledger(folder / "ledger")
    configuration(folder)
    (folder / "package.zip").write_bytes(score_package(scored(folder / "ledger")).data)
    return folder


@pytest.fixture(scope="module")
def report(place: Path) -> ScoreReport:
    return scored(place / "ledger")


@pytest.fixture(scope="module")
def package(report: ScoreReport) -> ScorePackage:
    return score_package(report)


@pytest.fixture
def forgery(report: ScoreReport, tmp_path: Path) -> Path:
    file = tmp_path / "package.zip"
    file.write_bytes(forged(report).data)
    return file


def answer(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    code = main(["score", "verify", *map(str, arguments)])
    return code, capsys.readouterr().out


def with_ledger(place: Path) -> tuple[object, ...]:
    return "--ledger", "--config", place / "sansang.yml"


def test_without_the_hash_it_is_consistent_and_its_origin_is_not_proved(
    place: Path, package: ScorePackage, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = answer(capsys, place / "package.zip", "--lang", "vi")

    assert code == 0
    assert f"package.zip: nhất quán. {len(package.files)} tệp, " in said
    assert "Chưa chứng minh nguồn gốc: ai cũng có thể tự lập một gói nhất quán." in said
    assert f"Mã của gói: {package.manifest_sha256}." in said


def test_with_the_hash_of_what_was_handed_in_its_origin_is_proved(
    place: Path, package: ScorePackage, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = answer(capsys, place / "package.zip", "--manifest", package.manifest_sha256.upper(), "--lang", "en")

    assert code == 0
    assert f"Origin proved: its manifest has the hash {package.manifest_sha256}." in said


def test_a_forgers_package_is_consistent_and_refused_by_the_hash(
    forgery: Path, package: ScorePackage, capsys: pytest.CaptureFixture[str]
) -> None:
    without = answer(capsys, forgery, "--lang", "en")
    with_hash = answer(capsys, forgery, "--manifest", package.manifest_sha256, "--lang", "en")

    assert (without[0], "consistent" in without[1], "Origin not proved" in without[1]) == (0, True, True)
    assert with_hash[0] == 1
    assert f"NOT the package that was handed in: the hash asked for is {package.manifest_sha256}" in with_hash[1]


def test_the_ledger_gives_the_same_bytes(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = answer(capsys, place / "package.zip", *with_ledger(place), "--lang", "en")

    assert code == 0
    assert "Ledger: made again from it as of " in said
    assert "equal to the byte" in said


def test_the_ledger_does_not_give_a_forgers_package(
    place: Path, forgery: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = answer(capsys, forgery, *with_ledger(place), "--lang", "en")

    assert code == 1
    assert "consistent" in said
    assert "it DIFFERS in " in said
    assert "  evidence/states.csv, line " in said
    assert "The ledger has no row of this package's hash." in said


def test_a_row_of_the_ledger_proves_the_origin_and_is_written_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package_sample.ledger(tmp_path / "ledger")
    configuration(tmp_path)
    report = scored(tmp_path / "ledger")
    package = score_package(report)
    (tmp_path / "package.zip").write_bytes(package.data)

    for _ in range(2):
        assert record_issue(locate_agent(_location(tmp_path)), report, package.manifest_sha256) is None
    code, said = answer(capsys, tmp_path / "package.zip", *with_ledger(tmp_path), "--json")

    document = json.loads(said)
    (issue,) = _issues(tmp_path / "ledger")
    assert (code, document["ok"], document["origin"]) == (0, True, "ledger")
    assert (document["ledger"]["equal"], document["ledger"]["row"]) == (True, issue)
    assert verify(tmp_path / "ledger").ok


def _location(folder: Path) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_location_options(parser)
    return parser.parse_args(["--config", str(folder / "sansang.yml")])


def _issues(directory: Path) -> Iterator[int]:
    reader = Reader.open(directory)
    try:
        return iter([issue.seq for issue in read(reader)])
    finally:
        reader.close()


def test_a_hash_that_cannot_be_recorded_is_said_and_nothing_is_lost(tmp_path: Path, report: ScoreReport) -> None:
    configuration(tmp_path)  # no ledger there, and no agent

    remark = record_issue(locate_agent(_location(tmp_path)), report, OTHER)

    assert remark is not None
    assert remark.en.startswith("The ledger has no row of this package's hash, so it cannot prove later where")
    assert remark.vi.startswith("Sổ chưa ghi mã của gói này")


def test_a_changed_byte_is_named_with_its_line(place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = bytearray((place / "package.zip").read_bytes())
    at = data.index(b"xa-a,", data.index(b"score.csv\xef\xbb\xbf"))
    data[at] = ord("y")
    changed = tmp_path / "package.zip"
    changed.write_bytes(bytes(data))

    code, said = answer(capsys, changed, "--lang", "vi")

    assert code == 1
    assert "package.zip: KHÁC ở 1 chỗ.\n  score.csv, dòng " in said
    assert "gói ghi '" in said
    assert "đúng ra là '" in said


def test_programs_are_told_the_same(place: Path, package: ScorePackage, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = answer(capsys, place / "package.zip", "--json")

    document = json.loads(said)
    assert code == 0
    assert document == {
        "ok": True,
        "consistent": True,
        "recounted": True,
        "origin": "not_proved",
        "manifest_sha256": package.manifest_sha256,
        "found": 0,
        "differences": [],
        "remarks": document["remarks"],
    }


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "this is no score package as sansang writes it"),
        (b"PK\x03\x04 and so on", "this is no score package as sansang writes it"),
        (b"\0" * 1000, "this is no score package as sansang writes it"),
    ],
)
def test_what_is_no_package_is_refused_with_a_sentence(
    tmp_path: Path, content: bytes, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "package.zip"
    file.write_bytes(content)

    assert main(["score", "verify", str(file), "--lang", "en"]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("text", ["ab", "xy" * 32, ""])
def test_a_hash_that_is_none_is_refused_with_what_would_be_right(
    place: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", "verify", str(place / "package.zip"), "--manifest", text, "--lang", "en"]) == 2
    assert "right would be a SHA-256, 64 digits 0-9, a-f" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", "verify", str(tmp_path / "none.zip"), "--lang", "en"]) == 2
    assert "none.zip" in capsys.readouterr().err


def test_it_needs_nothing_but_the_package_in_an_empty_directory(place: Path, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here/package.zip").write_bytes((place / "package.zip").read_bytes())
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "LANG": "C"}

    done = subprocess.run(
        [sys.executable, "-m", "agent", "score", "verify", "package.zip", "--lang", "vi"],
        cwd=tmp_path / "here", env=environment, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")
    assert "nhất quán" in done.stdout


def test_a_package_of_which_a_figure_does_not_follow_differs(
    package: ScorePackage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "package.zip"
    file.write_bytes(relisted(package, **{"score.json": package.files["score.json"].replace(b"pending", b"scored")}))

    code, said = answer(capsys, file, "--lang", "en")

    assert code == 1
    assert "score.json, line " in said
