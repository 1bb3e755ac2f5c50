"""The committed boards are values of Grafana's own TypeScript types: a fault is a line, and a good board has none."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KIT = Path(__file__).parent / "grafana" / "schema"
BOARDS = sorted((ROOT / "config/grafana/boards").rglob("*.json"))

pytestmark = [pytest.mark.peers, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def types(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with @grafana/schema and the compiler, of the versions and hashes in the lock file."""
    folder = tmp_path_factory.mktemp("types")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(KIT / name, folder / name)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=150)
    return folder


def findings(types: Path, *boards: Path) -> list[str]:
    command = ["node", str(KIT / "typecheck.mjs"), str(types), *map(str, boards)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == bool(done.stdout), done.stderr
    return done.stdout.splitlines()


def test_no_board_has_a_finding(types: Path) -> None:
    assert len(BOARDS) >= 4
    assert findings(types, *BOARDS) == []


@pytest.mark.parametrize(
    ("place", "wrong"),
    [
        (("schemaVersion",), "41"),
        (("panels", 0, "datasource"), "Prometheus"),
        (("panels", 0, "fieldConfig", "defaults", "thresholds", "steps", 0, "value"), "null"),
        (("panels", 0, "options", "textMode"), "big"),
        (("panels", 0, "height"), None),
        (("templating", "list", 0, "current", "tags"), []),
        (("annotations", "list", 0, "target", "query"), "up"),
    ],
)
def test_a_fault_is_found(types: Path, tmp_path: Path, place: tuple[str | int, ...], wrong: object) -> None:
    board = json.loads(BOARDS[0].read_text("utf-8"))
    inner = board
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = wrong
    (tmp_path / "wrong.json").write_text(json.dumps(board), "utf-8")
    assert len(findings(types, tmp_path / "wrong.json")) == 1
