"""`sansang build`: what it writes, what it compares, and what it takes from the inventory."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

import pytest

from agent.cli import build
from agent.clock import SystemClock
from dashboards.build import documents
from dashboards.settings import LevelName, Settings
from tests.agent.cli.test_validate import EXAMPLES

CONFIG = Path(__file__).parents[3] / "config"
PROVIDER = "grafana/provisioning/dashboards/sansang.yml"


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    build.add_parser(parser.add_subparsers())
    args = parser.parse_args(["build", *arguments])
    code: int = args.run(args)
    return code


def files(folder: Path) -> dict[str, str]:
    return {str(file.relative_to(folder)): file.read_text("utf-8") for file in folder.rglob("*") if file.is_file()}


def test_everything_is_written_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    built = documents(Settings())
    assert run("--out", str(tmp_path), "--lang", "en") == 0
    assert capsys.readouterr().out == f"{len(built)} of {len(built)} files written to {tmp_path}.\n"
    assert files(tmp_path) == documents(Settings(language="en"))
    assert run("--out", str(tmp_path), "--lang", "en") == 0
    assert capsys.readouterr().out == f"0 of {len(built)} files written to {tmp_path}.\n"


def test_one_part_alone(tmp_path: Path) -> None:
    assert run("boards", "--out", str(tmp_path)) == 0
    assert files(tmp_path) == documents(Settings(), "boards")
    assert not (tmp_path / PROVIDER).exists()


def test_check_names_what_differs_and_writes_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    run("--out", str(tmp_path))
    capsys.readouterr()
    assert run("--out", str(tmp_path), "--check") == 0
    changed, gone = tmp_path / PROVIDER, tmp_path / "grafana/provisioning/datasources/sansang.yml"
    changed.write_bytes(b"\xff")
    gone.unlink()
    capsys.readouterr()
    assert run("--out", str(tmp_path), "--check") == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"đã cũ: {changed}\ncòn thiếu: {gone}\nGhi lại bằng: sansang build all\n"
    assert changed.read_bytes() == b"\xff"
    assert not gone.exists()


def test_the_inventory_names_the_district(tmp_path: Path) -> None:
    assert run("--config", str(EXAMPLES / "district-22"), "--out", str(tmp_path)) == 0
    assert "boards/vi" in (tmp_path / PROVIDER).read_text("utf-8")
    assert run("--config", str(EXAMPLES / "district-22"), "--out", str(tmp_path), "--lang", "en") == 0
    assert "boards/en" in (tmp_path / PROVIDER).read_text("utf-8")


def test_settings_hold_what_the_inventory_knows() -> None:
    from agent.inventory.load import load
    from agent.probes.registry import PROBES

    settings = build.settings_of(load(EXAMPLES / "district-22" / "sansang.yml", PROBES), SystemClock())
    assert settings.levels == (
        LevelName("district", {"vi": "Huyện", "en": "District"}),
        LevelName("commune", {"vi": "Xã", "en": "Commune"}),
    )
    assert (settings.organisation, settings.agent) == ("Huyện Thạch Sơn", "127.0.0.1:10115")


def test_a_folder_that_cannot_be_written_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "grafana").write_text("in the way", "utf-8")
    assert run("--out", str(tmp_path), "--lang", "en") == 1
    assert "cannot write" in capsys.readouterr().err


def test_a_broken_inventory_is_refused(tmp_path: Path) -> None:
    from agent.cli.main import main

    assert main(["build", "--config", str(tmp_path / "none.yml"), "--out", str(tmp_path)]) == 2
    assert files(tmp_path) == {}


def test_no_other_command_waits_for_grafanalib() -> None:
    program = (
        "import sys; from agent.cli.main import parser; parser();"
        "print('grafanalib' in sys.modules, 'dashboards.settings' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
