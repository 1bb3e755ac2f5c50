"""``make pictures``: the boards, drawn with Grafana's own components from a live lab. It takes half an hour.

A lab of 22 communes, from its second half on with a room dead and in announced maintenance, a site cut, a service down
and a page slow, Prometheus beside it, Chromium in front; writes docs/pictures/board-*.png. With an argument so many
minutes instead. The agent's clock counts as set and its months are worked out at once (board_agent.py), so that the
official half of the uptime board has figures. State timelines are a stand-in: Grafana keeps its own in its core.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from agent.cli.clients import agent_api
from agent.clock import SystemClock
from agent.lab.control_protocol import LabAction
from dashboards.boards.links import LINES, MONITOR, OVERVIEW, POINTS, SERVICES, SITE, UPTIME
from dashboards.build import documents
from dashboards.settings import AlertTiming, BuildSettings
from tests.peers.board_agent import watched_lab
from tests.peers.prometheus_process import prometheus

KIT = Path(__file__).parent / "drawing"
OUT = Path(__file__).parents[3] / "docs" / "pictures"
SITE_SHOWN, POINT_SHOWN = "ubnd-quang-yen", "ubnd-don-nhan/room"
MINUTES_SHOWN = 30
_BUNDLE = (
    "app.jsx", "--bundle", "--outfile=site/app.js", "--log-level=error", "--define:global=window",
    '--define:process.env.NODE_ENV="production"', "--alias:react-custom-scrollbars-2=./scrollbars.js",
    "--loader:.svg=dataurl", "--loader:.woff2=dataurl", "--loader:.ttf=dataurl",
)  # fmt: skip
_BROWSER = (
    "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
    "--allow-file-access-from-files", "--virtual-time-budget=15000",
)  # fmt: skip
_PAGE = """<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="app.css"><body style="margin:0">
<div id="root"></div><script>WANTED = {wanted}</script><script src="app.js"></script>"""


@dataclass(frozen=True)
class Picture:
    """One file: which board, how wide and high, on a dark wall or not."""

    name: str
    language: str
    uid: str
    width: int
    height: int
    dark: bool = False


PICTURES = (
    Picture("board-overview-vi", "vi", OVERVIEW, 1600, 2070),
    Picture("board-overview-en", "en", OVERVIEW, 1600, 2070, dark=True),
    Picture("board-site-vi", "vi", SITE, 1600, 1150),
    Picture("board-site-en", "en", SITE, 1600, 1150, dark=True),
    Picture("board-points-vi", "vi", POINTS, 1600, 2560),
    Picture("board-services-vi", "vi", SERVICES, 1600, 1570),
    Picture("board-lines-vi", "vi", LINES, 1600, 2400),
    Picture("board-uptime-vi", "vi", UPTIME, 1600, 2370),
    Picture("board-monitor-vi", "vi", MONITOR, 1600, 1730),
    Picture("board-overview-phone-vi", "vi", OVERVIEW, 400, 1820),
    Picture("board-site-phone-vi", "vi", SITE, 400, 1670),
)


def bundle(folder: Path) -> None:
    """Grafana's components and the page that uses them, as one script in ``folder/site``."""
    for file in KIT.iterdir():
        if file.is_file():
            shutil.copy(file, folder / file.name)
    _run("npm", "ci", "--legacy-peer-deps", "--no-audit", "--no-fund", "--prefer-offline", cwd=folder)
    _run("node_modules/.bin/esbuild", *_BUNDLE, cwd=folder)


def draw(picture: Picture, folder: Path, source: str, minutes: int) -> None:
    """One picture, small enough to be committed."""
    board = json.loads(documents(BuildSettings(), "boards")[f"grafana/boards/{picture.language}/{picture.uid}.json"])
    wanted: dict[str, Any] = {
        "board": board,
        "prometheus": source,
        "minutes": minutes,
        "chosen": {"agent": ".+", "place": ".+", "role": ".+", "site": SITE_SHOWN, "point": POINT_SHOWN},
        "width": picture.width,
        "dark": picture.dark,
    }
    text = json.dumps(wanted).replace("</", "<\\/")
    (folder / "site" / "page.html").write_text(_PAGE.replace("{wanted}", text), "utf-8")
    file = OUT / f"{picture.name}.png"
    size = f"--window-size={picture.width},{picture.height}"
    _run(*_BROWSER, size, f"--screenshot={file}", f"file://{folder}/site/page.html", cwd=folder)
    _run("pngquant", "--force", "--ext", ".png", "--quality", "60-95", str(file), cwd=folder)


def _run(*command: str, cwd: Path) -> None:
    subprocess.run(command, cwd=cwd, check=True, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=300)


def announce(agent: str, target: str, minutes: float) -> None:
    """Maintenance of that target, an hour of it, to begin in so many minutes: a window counts only if told before."""
    begin = datetime.fromtimestamp(SystemClock().wall_ms() / 1000, UTC) + timedelta(minutes=minutes)
    window = {"from": begin.isoformat(), "to": (begin + timedelta(hours=1)).isoformat(), "scope": f"target:{target}"}
    signed = {"who": "Trần Văn Bình", "why": "Thay thiết bị phòng họp"}
    agent_api.post(agent, "/api/v1/maintenance", {"do": "add", **window, **signed, "announced_on": ""})


def main(minutes: int = MINUTES_SHOWN) -> None:
    """All pictures, anew."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bundle(folder)
        with (
            watched_lab(22) as agent,
            prometheus(
                folder, agent.address, "--web.cors.origin=.*", timing=AlertTiming(resolve_hold=15), seconds=5
            ) as source,
        ):
            announce(f"http://{agent.address}", POINT_SHOWN, minutes / 2)
            time.sleep(minutes * 30)
            agent.lab.order(LabAction.FAIL, "room-07", "one-stop")
            agent.lab.order(LabAction.CUT, SITE_SHOWN)
            agent.lab.order(LabAction.SLOW, "portal")
            time.sleep(minutes * 30)
            for picture in PICTURES:
                draw(picture, folder, source, minutes)
                print(OUT / f"{picture.name}.png")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
