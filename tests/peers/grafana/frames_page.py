"""``make frames`` writes docs/boards-frames.md: what every tile, table and timeline shows in every situation."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dashboards.panels import GREY
from tests.peers.board_frames import frames
from tests.peers.board_situations import SITUATIONS

PAGE = Path(__file__).parents[3] / "docs" / "boards-frames.md"
_VERSION = "13.2.2"
_HEAD = """# What the boards show

Written by `make frames`; `tests/peers/test_board_frames.py` asserts the important parts of it, in both languages.
A small district (a hall, three communes, a data centre) in eight situations. A real Prometheus scrapes the agent's own
exposition; texts and colours are those that Grafana's own code ({version}, and 11.1.0 in the same colours) makes
of its answers. For a table: how many lines, and the first line. Times and addresses are left out (…).

- *health*: all is well. *degraded*: one uplink loses 8 %.
- *down*: a site is cut off; a room elsewhere and the one-stop shop are dead.
- *unknown*: one room could not be measured. *path lost*: the agent's own way to the communes is gone.
- *silent*: the only agent answered until a moment ago.
- *one of two silent*: one of two agents that watch the same targets is silent.
- *two agents*: *down*, reported by two agents that watch the same targets: each has its lines, and tiles count both.
"""
_CHANGING = re.compile(r"127\.0\.0\.1:\d+|\d\d:\d\d(:\d\d)?( \d\d/\d\d)?|\d+\.\d{3,}")
_COLOURS = {GREY: "grey", "#00000000": "", "transparent": "", "text": "", "#ccccdc": ""}


def page(said: dict[str, dict[str, list[dict[str, Any]]]]) -> str:
    """The tables of the Vietnamese boards, one a board."""
    boards = [name for name in next(iter(said.values())) if name.startswith("vi/")]
    return "\n".join([_HEAD.format(version=_VERSION), *(line for board in boards for line in _table(said, board))])


def _table(said: dict[str, dict[str, list[dict[str, Any]]]], board: str) -> Iterator[str]:
    yield f"## `{board.removeprefix('vi/')}`\n"
    yield f"| Panel | {' | '.join(SITUATIONS)} |"
    yield f"|---|{'---|' * len(SITUATIONS)}"
    for number, panel in enumerate(said["health"][board]):
        if panel["type"] != "timeseries":
            cells = [_written(said[situation][board][number]) for situation in SITUATIONS]
            yield f"| {panel['title']} | {' | '.join(cells)} |"
    yield ""


def _written(panel: dict[str, Any]) -> str:
    if panel["type"] == "stat":
        found = [(f"{tile['name']}: " if tile["name"] else "") + _cell(tile) for tile in panel["tiles"]]
    elif panel.get("rows"):
        first = ", ".join(cell for each in panel["rows"][0] if (cell := _cell(each)) != "–")
        found = [f"{len(panel['rows'])} lines: {first}"]
    elif panel.get("series"):
        found = sorted({_cell(state) for series in panel["series"] for state in series["states"]})
    else:
        found = [f"*{panel['empty']}*"]
    return _CHANGING.sub("…", "<br>".join(dict.fromkeys(found))).replace("|", "\\|")


def _cell(cell: dict[str, str]) -> str:
    colour = _COLOURS.get(cell.get("colour", ""), cell.get("colour", ""))
    return f"{cell['text']} ({colour})" if colour else cell["text"]


def main() -> None:
    """The page, anew."""
    with tempfile.TemporaryDirectory() as name:
        PAGE.write_text(page(frames(Path(name))[_VERSION]) + "\n", "utf-8")
    print(PAGE)


if __name__ == "__main__":
    main()
