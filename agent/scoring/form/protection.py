"""Whether a workbook is protected: nothing is written into one that its owner closed."""

from __future__ import annotations

from collections.abc import Mapping

from agent.scoring.form.package import WorkbookPackage
from agent.scoring.form.texts import BOOK_PROTECTED, BROKEN, FormError
from agent.scoring.form.xml_bytes import Path, walk, xml_part

_LOCKS = ("lockStructure", "lockWindows", "lockRevision")


def workbook_path(package: WorkbookPackage) -> str:
    """The part that lists the sheets. Raises FormError where there is none."""
    if "xl/workbook.xml" in package:
        return "xl/workbook.xml"
    found = [path for path in package.paths if path.endswith("workbook.xml")]
    if not found:
        raise FormError(BROKEN)
    return found[0]


def refuse_protected(package: WorkbookPackage) -> None:
    """Raises FormError if the workbook's structure is locked."""
    found: list[bool] = []

    def begin(path: Path, has: Mapping[str, str], _start: int) -> None:
        if path == ("workbook", "workbookProtection"):
            found.append(any(has.get(lock, "0") in ("1", "true", "on") for lock in _LOCKS))

    walk(xml_part(package.read(workbook_path(package))).content, begin)
    if any(found):
        raise FormError(BOOK_PROTECTED)
