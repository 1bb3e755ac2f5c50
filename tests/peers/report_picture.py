"""``make pictures``: a month's workbook as LibreOffice prints it: summary, targets and outages, one below the other.

The report is the one that the tests of reports know (tests/exporters/reports/sample.py). Writes
docs/pictures/uptime-xlsx-vi.png.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from exporters.reports.xlsx_file import xlsx_file
from tests.exporters.reports.sample import DISTRICT, report
from tests.peers.page_pictures import OUT, Picture, draw

PICTURE = Picture("uptime-xlsx-vi", "vi", 1111)
_DPI = 95
_SHOWN = {"BÁO CÁO MỨC ĐỘ": (0, 786), "THEO MỤC TIÊU": (40, 300), "CÁC SỰ CỐ": (40, 460)}
"""What stands at the top of a page, and which of its lines of pixels are shown."""
_PART = """<div style="height:{height}px;overflow:hidden"><img src="{page}" style="margin-top:-{top}px"></div>"""


def printed(folder: Path) -> list[Path]:
    """The pages that the office suite prints, as pictures."""
    (folder / "report.xlsx").write_bytes(xlsx_file(report(*DISTRICT)))
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


def main() -> None:
    """The picture, anew."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pages = printed(folder)
        parts = [
            _PART.format(page=beginning_with(heading, pages).name, top=top, height=bottom - top)
            for heading, (top, bottom) in _SHOWN.items()
        ]
        draw(PICTURE, folder, '<!doctype html><meta charset="utf-8"><body style="margin:0">' + "".join(parts))
        print(OUT / f"{PICTURE.name}.png")


if __name__ == "__main__":
    main()
