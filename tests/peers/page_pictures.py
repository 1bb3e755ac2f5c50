"""``make pictures``: the landing page of a live lab at five widths, as Chromium draws it; a minute.

A lab of 22 communes with a room dead and in announced maintenance, a commune cut off, a service down and one slow; then
with the monitor's own way out lost and a configuration refused. Writes docs/pictures/page-*.png. Nothing may be wider
than the window.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError

from agent.cli.clients import agent_api
from agent.clock import SystemClock
from agent.lab.control_protocol import LabAction
from agent.lab.district import PATH
from tests.peers.board_agent import LabAgent, watched_lab

ROOT = Path(__file__).parents[2]
OUT = ROOT / "docs" / "pictures"
STYLE = ROOT / "agent" / "web" / "static" / "style.css"
CUT_OFF, COVERED = "ubnd-quang-yen", "ubnd-don-nhan/room"
SECONDS = 90
_BROWSER = (
    "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
    "--allow-file-access-from-files", "--virtual-time-budget=2000",
)  # fmt: skip
_FRAME = """<!doctype html><meta charset="utf-8"><body style="margin:0;overflow:hidden">
<iframe src="page.html" style="border:0;display:block;width:{width}px;height:{height}px"></iframe>
<script>onload = () => {{ const page = document.querySelector("iframe").contentDocument.documentElement;
document.title = page.scrollWidth + "x" + page.scrollHeight; }}</script>"""


@dataclass(frozen=True)
class Picture:
    """One file. A window cannot be narrower than 500 pixels, so that the page stands in a frame of that width."""

    name: str
    language: str
    width: int
    dark: bool = False


PICTURES = (
    Picture("page-vi", "vi", 1280),
    Picture("page-en", "en", 1280, dark=True),
    Picture("page-320-vi", "vi", 320),
    Picture("page-375-en", "en", 375),
    Picture("page-768-vi", "vi", 768),
    Picture("page-1920-vi", "vi", 1920),
)
LOST = Picture("page-lost-vi", "vi", 1280)
CONTACT = "contacts: [{id: an, name: Nguyễn Văn An, phone: 0900 000 111}]\n"


def saved(address: str, language: str) -> str:
    """The page as it is now, with its style, so that it can be framed and stays as it is."""
    with urllib.request.urlopen(f"http://{address}/?lang={language}", timeout=30) as answer:
        text: str = answer.read().decode()
    text = text.replace(
        '<link rel="stylesheet" href="/static/style.css">', f"<style>{STYLE.read_text('utf-8')}</style>"
    )
    return re.sub(r'<meta http-equiv="refresh"[^>]*>', "", text)


def draw(picture: Picture, folder: Path, text: str) -> None:
    """One picture as high as the page, small enough to be committed; ValueError if it is wider than its window."""
    (folder / "page.html").write_text(text, "utf-8")
    width, height = _measured(picture, folder)
    if width > picture.width:
        raise ValueError(f"{picture.name}: {width} pixels in a window of {picture.width}")
    file = OUT / f"{picture.name}.png"
    _chromium(picture, folder, height, f"--screenshot={file}")
    subprocess.run(["pngquant", "--force", "--ext", ".png", "--quality", "60-95", str(file)], check=True, timeout=60)


def _measured(picture: Picture, folder: Path) -> tuple[int, int]:
    dump = _chromium(picture, folder, 100, "--dump-dom")
    found = re.search(r"<title>(\d+)x(\d+)</title>", dump)
    assert found is not None, dump[-500:]
    return int(found[1]), int(found[2])


def _chromium(picture: Picture, folder: Path, height: int, do: str) -> str:
    frame = folder / "frame.html"
    frame.write_text(_FRAME.format(width=picture.width, height=height), "utf-8")
    scheme = f"--blink-settings=preferredColorScheme={0 if picture.dark else 1}"
    command = [*_BROWSER, scheme, f"--window-size={picture.width},{height}", do, f"file://{frame}"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
    return done.stdout


def announce(address: str, target: str, seconds: float) -> None:
    """Maintenance of that target, an hour of it, to begin in so many seconds: a window counts only if told before."""
    begin = datetime.fromtimestamp(SystemClock().wall_ms() / 1000, UTC) + timedelta(seconds=seconds)
    window = {"from": begin.isoformat(), "to": (begin + timedelta(hours=1)).isoformat(), "scope": f"target:{target}"}
    signed = {"who": "Trần Văn Bình", "why": "Thay thiết bị phòng họp"}
    agent_api.post(f"http://{address}", "/api/v1/maintenance", {"do": "add", **window, **signed, "announced_on": ""})


def with_contact(agent: LabAgent) -> None:
    """Somebody to call for the commune that will be cut off; what is refused later is told in Vietnamese."""
    config = agent.lab.state / "inventory.yaml"
    text = config.read_text("utf-8").replace(f"{{id: {CUT_OFF}, ", f"{{id: {CUT_OFF}, contact: an, ", 1)
    config.write_text(text.replace("language: en", "language: vi", 1) + CONTACT, "utf-8")
    reload(agent)


def refuse(agent: LabAgent) -> None:
    """A configuration with a slip of the pen, which the agent is told to read."""
    config = agent.lab.state / "inventory.yaml"
    config.write_text(config.read_text("utf-8").replace("contact: an", "contact: anh"), "utf-8")
    with suppress(HTTPError):
        reload(agent)


def reload(agent: LabAgent) -> None:
    urllib.request.urlopen(f"http://{agent.address}/-/reload", b"", timeout=30).close()


def break_some(agent: LabAgent) -> None:
    """What the pictures show; returns when the page tells it."""
    announce(agent.address, COVERED, SECONDS / 2)
    agent.lab.order(LabAction.FAIL, "room-07", "room-03", "one-stop")
    agent.lab.order(LabAction.CUT, CUT_OFF)
    agent.lab.order(LabAction.SLOW, "portal")
    time.sleep(SECONDS)


def main() -> None:
    """All pictures, anew."""
    with tempfile.TemporaryDirectory() as name, watched_lab(22) as agent:
        with_contact(agent)
        break_some(agent)
        pages = {language: saved(agent.address, language) for language in ("vi", "en")}
        for picture in PICTURES:
            draw(picture, Path(name), pages[picture.language])
            print(OUT / f"{picture.name}.png")
        agent.lab.order(LabAction.CUT, PATH)
        refuse(agent)
        time.sleep(SECONDS)
        draw(LOST, Path(name), saved(agent.address, LOST.language))


if __name__ == "__main__":
    main()
