"""``make pictures``: workbooks as LibreOffice prints them, some pages of each one below the other.

The reports are those that the tests know (tests/exporters/reports and tests/exporters/scores). Writes
docs/pictures/uptime-xlsx-vi.png, score-xlsx-vi.png and devices-xlsx-vi.png.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from exporters.reports.device_sheets import device_workbook
from exporters.reports.xlsx_file import workbook, xlsx_file
from exporters.scores.xlsx_file import xlsx_file as score_file
from tests.exporters.reports.device_sample import district
from tests.exporters.reports.sample import DISTRICT, report
from tests.exporters.scores.test_score_workbook import of_one
from tests.peers.page_pictures import OUT, Picture, draw

_DPI = 95
_UPTIME = {"BÁO CÁO MỨC ĐỘ": (0, 786), "THEO MỤC TIÊU": (40, 300), "CÁC SỰ CỐ": (40, 460)}
_DEVICES = {"NGƯỜI LẬP BIỂU": (40, 640), "Số sê-ri": (40, 330), "CẦN TRƯỚC XẾP TRƯỚC": (40, 320)}
_SCORES = {"BIỂU TỰ CHẤM ĐIỂM": (0, 740), "TỔNG CỘNG": (46, 330), "ĐỂ TĂNG ĐIỂM": (46, 420)}
"""What stands on a page, and which of its lines of pixels are shown."""
_PART = """<div style="height:{height}px;overflow:hidden"><img src="{page}" style="margin-top:-{top}px"></div>"""


def printed(folder: Path, content: bytes) -> list[Path]:
    """The pages that the office suite prints, as pictures."""
    (folder / "report.xlsx").write_bytes(content)
    office = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "pdf"]
    for command in (
        [*office, "--outdir", str(folder), str(folder / "report.xlsx")],
        ["pdftoppm", "-r", str(_DPI), "-png", str(folder / "report.pdf"), str(folder / "page")],
    ):
        subprocess.run(command, capture_output=True, timeout=120, check=True)
    return sorted(folder.glob("page-*.png"))


def beginning_with(heading: str, pages: list[Path]) -> Path:
    """The first of the pages with that heading."""
    for number, page in enumerate(pages, 1):
        command = ["pdftotext", "-f", str(number), "-l", str(number), str(page.parent / "report.pdf"), "-"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
        if heading in done.stdout:
            return page
    raise ValueError(f"no page has {heading}")


def picture(name: str, content: bytes, shown: Mapping[str, tuple[int, int]]) -> None:
    """One picture, anew."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        pages = printed(folder, content)
        parts = [
            _PART.format(page=beginning_with(heading, pages).name, top=top, height=bottom - top)
            for heading, (top, bottom) in shown.items()
        ]
        page = '<!doctype html><meta charset="utf-8"><body style="margin:0">' + "".join(parts)
        draw(Picture(name, "vi", 1111), folder, page)
        print(OUT / f"{name}.png")


def main() -> None:
    """All pictures."""
    picture("uptime-xlsx-vi", xlsx_file(report(*DISTRICT[:-1])), _UPTIME)
    picture("score-xlsx-vi", score_file(of_one()), _SCORES)
    picture("devices-xlsx-vi", workbook(device_workbook(district())), _DEVICES)


if __name__ == "__main__":
    main()
