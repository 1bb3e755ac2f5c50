"""The package around a workbook: what kind of file it is, its parts within bounds, and which part holds which sheet."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from agent.scoring.form.texts import BROKEN, KIND_REFUSED, TOO_LARGE, FormError

MOST_BYTES = 16 * 1024 * 1024
"""Of a workbook as it lies on the disk."""

_MOST_UNPACKED = 64 * 1024 * 1024
_MOST_PARTS = 5_000
_MOST_ELEMENTS = 600_000  # of a sheet: 20,000 rows of 15 cells
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|table|\?xml|\?mso)", re.IGNORECASE)
_ENTRIES = {  # names in an OLE file's directory
    "EncryptedPackage": "password",
    "EncryptionInfo": "password",
    "Workbook": "xls",
    "Book": "xls",
}
_MAIN_TYPES = (
    (b"spreadsheetml.template", "xltx"),
    (b"ms-excel.template.macroenabled", "xltx"),
    (b"ms-excel.sheet.macroenabled", "xlsm"),
    (b"ms-excel.addin.macroenabled", "xlsm"),
    (b"ms-excel.sheet.binary.macroenabled", "xlsb"),
    (b"wordprocessingml", "docx"),
    (b"ms-word.", "docx"),
    (b"presentationml", "pptx"),
)


class WorkbookPackage:
    """The parts of an .xlsx file, by path without regard to case. Raises FormError for any other kind of file."""

    def __init__(self, data: bytes) -> None:
        kind = _kind_by_begin(data)
        if kind:
            raise FormError(KIND_REFUSED[kind])
        if len(data) > MOST_BYTES:
            raise FormError(TOO_LARGE.filled(limit=_MOST_UNPACKED // 1024 // 1024))
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
            listed = self._archive.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise FormError(BROKEN) from error
        if sum(part.file_size for part in listed) > _MOST_UNPACKED or len(listed) > _MOST_PARTS:
            raise FormError(TOO_LARGE.filled(limit=_MOST_UNPACKED // 1024 // 1024))
        self._parts = {plain_path(part.filename): part for part in listed}
        if len(self._parts) < len(listed):
            raise FormError(BROKEN)  # two parts of one name: which of them a program reads is anyone's guess
        kind = self._kind()
        if kind:
            raise FormError(KIND_REFUSED[kind])

    def __contains__(self, path: str) -> bool:
        return plain_path(path) in self._parts

    @property
    def paths(self) -> tuple[str, ...]:
        """The parts in their order, lower case."""
        return tuple(self._parts)

    def entry(self, path: str) -> zipfile.ZipInfo:
        """The part as the package lists it. Raises FormError where there is none."""
        try:
            return self._parts[plain_path(path)]
        except KeyError as error:
            raise FormError(BROKEN) from error

    def read(self, path: str) -> bytes:
        """The content of a part. Raises FormError for one that is missing, damaged or made of too many elements."""
        try:
            content = self._archive.read(self.entry(path))
        except (
            zipfile.BadZipFile,
            zlib.error,
            NotImplementedError,
            RuntimeError,
            EOFError,
            ValueError,
            OSError,
        ) as error:
            raise FormError(BROKEN) from error
        if content.count(b"<") > _MOST_ELEMENTS:
            raise FormError(TOO_LARGE.filled(limit=_MOST_UNPACKED // 1024 // 1024))
        return content

    def _kind(self) -> str:
        """The key of what it is instead of an .xlsx workbook; "" for one."""
        if "[content_types].xml" not in self:
            return self._kind_without_types()
        types = self.read("[content_types].xml").lower().replace(b"\x00", b"")
        if "xl/vbaproject.bin" in self:
            return "xlsm"
        for sign, kind in _MAIN_TYPES:
            if sign in types:
                return kind
        return "" if b"spreadsheetml.sheet.main" in types or "xl/workbook.xml" in self else "zip"

    def _kind_without_types(self) -> str:
        if "mimetype" in self:
            said = self.read("mimetype")
            return "ods" if b"spreadsheet" in said else "odt" if b"opendocument" in said else "zip"
        return "ods" if "content.xml" in self else "zip"


def plain_path(name: str) -> str:
    """How parts are compared: forward slashes, none at the beginning, lower case."""
    return name.replace("\\", "/").lstrip("/").lower()


def _kind_by_begin(data: bytes) -> str:
    if not data:
        return "empty"
    if data.startswith(_OLE):
        found = [kind for name, kind in _ENTRIES.items() if name.encode("utf-16-le") in data]
        return found[0] if found else "ole"
    if data.startswith(b"%PDF"):
        return "pdf"
    if _MARKUP.match(data[:200]):
        return "markup"
    return "" if data.startswith(b"PK\x03\x04") else "other"
