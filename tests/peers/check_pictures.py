"""``make pictures``: what ``sansang check`` prints while a room is dead and a commune cut off; two minutes.

The real command asks the agent of a lab of 22 communes; Chromium draws the letters. Writes docs/pictures/check-*.png.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text as RichText

from agent.lab.control_protocol import LabAction
from tests.peers.board_agent import LabAgent, watched_lab
from tests.peers.page_pictures import CUT_OFF, OUT, ROOT, Picture, draw, with_contact

COLUMNS, SECONDS = 124, 90
PICTURES = (Picture("check-vi", "vi", 1080), Picture("check-en", "en", 1080))
_TERMINAL = """<!doctype html><meta charset="utf-8"><body style="margin:0;color:{foreground};background:{background}">
<pre style="margin:0;padding:14px;font:14px/1.25 'Noto Sans Mono';width:max-content">{code}</pre>"""


def typed(agent: LabAgent, language: str) -> str:
    """The command as a person types it, and its answer in colour; some targets have failed: its exit code is 1."""
    call = [sys.executable, "-m", "agent", "check", "--agent", f"http://{agent.address}", "--lang", language]
    colours = {"COLUMNS": str(COLUMNS), "FORCE_COLOR": "1", "TERM": "xterm-256color"}
    config = ["--config", str(agent.lab.state / "inventory.yaml")]
    done = subprocess.run(
        [*call, *config], cwd=ROOT, env=os.environ | colours, capture_output=True, text=True, timeout=120, check=False
    )
    if done.returncode != 1:
        raise ValueError(f"check ended with {done.returncode}: {done.stderr[-500:]}")
    asked = "sansang check" if language == "vi" else f"sansang check --lang {language}"
    return f"$ {asked}\n{done.stdout}"


def html(printed: str) -> str:
    """A terminal's window with it."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), highlight=False)
    console.print(RichText.from_ansi(printed), soft_wrap=True)
    return console.export_html(theme=MONOKAI, code_format=_TERMINAL, inline_styles=True)


def main() -> None:
    """Both pictures, anew."""
    with tempfile.TemporaryDirectory() as name, watched_lab(22) as agent:
        with_contact(agent)
        agent.lab.order(LabAction.FAIL, "room-07")
        agent.lab.order(LabAction.CUT, CUT_OFF)
        time.sleep(SECONDS)
        for picture in PICTURES:
            draw(picture, Path(name), html(typed(agent, picture.language)))
            print(OUT / f"{picture.name}.png")


if __name__ == "__main__":
    main()
