"""Prometheus' answers to every query of every panel, and what Grafana's own code makes of them: each tile and cell."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from dashboards.build import documents
from dashboards.settings import BuildSettings
from tests.peers.board_situations import POINT, SITUATIONS, inventory, watched
from tests.peers.board_wall import FILLED

KIT = Path(__file__).parent / "grafana" / "frames"
SEEN_SECONDS, _STEP_SECONDS = 4, 1
_BOARDS = "grafana/boards/"
CHOSEN = {"$site": POINT, "$point": f"{POINT}/room"}
Answers = dict[str, dict[str, dict[str, Any]]]
"""By the board's name, the panel's id, the letter of the query."""
Said = dict[str, dict[str, dict[str, list[dict[str, Any]]]]]
"""By the version, the situation, the board: its panels as Grafana's code writes them."""


def answers(url: str, boards: Mapping[str, Mapping[str, Any]], chosen: Mapping[str, str], now: float) -> Answers:
    """What Prometheus says to every query; of the instant now, charts of the seconds before it."""
    known: dict[tuple[str, bool], Any] = {}

    def answer(target: Mapping[str, Any]) -> Any:
        expr = target["expr"]
        for name, value in {**FILLED, **chosen}.items():
            expr = expr.replace(name, value)
        key = (expr, target["instant"])
        if key not in known:
            known[key] = _ask(url, expr, now, instant=target["instant"])
        return known[key]

    return {
        name: {
            str(panel["id"]): {target["refId"]: answer(target) for target in panel["targets"]}
            for panel in board["panels"]
            if panel["type"] != "row"
        }
        for name, board in boards.items()
    }


def _ask(url: str, expr: str, now: float, *, instant: bool) -> Any:
    asked = {"query": expr, "time": str(now)}
    if not instant:
        asked = {"query": expr, "start": str(now - SEEN_SECONDS), "end": str(now), "step": str(_STEP_SECONDS)}
    address = f"{url}/api/v1/{'query' if instant else 'query_range'}?{urllib.parse.urlencode(asked)}"
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - our own Prometheus
        return json.load(answer)["data"]["result"]


def install(folder: Path) -> None:
    """Both versions of @grafana/data, as the lock file has them."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(KIT / name, folder / name)
    command = ["npm", "ci", "--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--no-fund", "--prefer-offline"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=150)


def said(folder: Path, boards: Mapping[str, Mapping[str, Any]], situations: Mapping[str, Answers]) -> Said:
    """What both versions make of the answers."""
    into, out = folder / "answers.json", folder / "said.json"
    into.write_text(json.dumps({"boards": boards, "situations": situations}), "utf-8")
    command = ["node", str(KIT / "frames.cjs"), str(folder), str(into), str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found: Said = json.loads(out.read_text("utf-8"))
    return found


def frames(folder: Path) -> Said:
    """Every board in both languages in all situations, by both versions."""
    built = documents(BuildSettings(), "boards")
    boards = {path.removeprefix(_BOARDS).removesuffix(".json"): json.loads(text) for path, text in built.items()}
    known = inventory(folder)
    with ExitStack() as stack, ThreadPoolExecutor(1) as beside:
        installed = beside.submit(install, folder)
        worlds = {
            name: stack.enter_context(watched(folder / name.replace(" ", "-"), known, situation))
            for name, situation in SITUATIONS.items()
        }
        for world in worlds.values():
            world.resolve_hold()
        found = {name: answers(world.url, boards, CHOSEN, time.time()) for name, world in worlds.items()}
        installed.result()
    return said(folder, boards, found)
