"""Kinds of rows below a header: an office's sheet also has headings, sums, notes and signatures."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterator, Mapping
from enum import Enum, auto

from agent.inventory.sheets.columns import plain

_NUMBERING = re.compile(r"\(?(?:[0-9]{1,2}|[A-Za-z])\)?(?:\s*=.*)?")
_COUNTED = re.compile(r"[0-9]{1,5}\.?")
_SUM = re.compile(r"(?:tong cong|tong so|tong hop|tong|cong|total|sum)(?: [0-9].*)?|(?:tong cong|tong so)\b.*")
_NOTE = re.compile(r"(?:ghi chu|chu thich|luu y|nguon|note|notes|remark|danh sach nay|noi nhan|kem theo)\b.*")
_SIGNED = re.compile(
    r"(?:nguoi lap|lap bieu|nguoi ky|nguoi phe duyet|xac nhan|phe duyet|thu truong|chu tich|"
    r"pho chu tich|truong phong|"
    r"pho truong phong|giam doc|pho giam doc|ke toan|chanh van phong|tm|kt|tl|tuq|ky ten|ky ghi|da ky)\b.*"
)
_DATED = re.compile(r".*\bngay [0-9 ]*thang [0-9 ]*nam\b.*")
_NAME = re.compile(
    r"(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?)+"
)
_FOUR = re.compile(r"(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?!\.?[0-9])")
_MISTYPED = re.compile(r"[0-9lIoO]{1,3}(?:[.,][0-9lIoO]{1,3}){3}")
_DIGITS = str.maketrans("lIoO", "1100")
_UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_PORT = re.compile(r":[0-9]{1,5}$")
_MOST = 80  # characters of a row that a note repeats


class RowKind(Enum):
    """The kind of a row."""

    ROW = auto()
    NUMBERING = auto()
    """(1), (2), (3) under the header of a form."""
    HEADING = auto()
    FOOT = auto()
    """A sum, a note, a signature; below the first signature whatever has no address."""
    NAMELESS = auto()
    """A row without a name that has something of a site: nobody can tell which."""


def looks_like_address(text: str) -> bool:
    """Whether somebody wrote an IP address, a name of a host with a dot, or a URL."""
    bare = text.strip()
    if "://" in bare or is_ip(bare):
        return True
    bare = _PORT.sub("", bare).strip("[]").partition("/")[0]
    return is_ip(bare) or (
        _NAME.fullmatch(bare) is not None and re.search("[A-Za-z]", bare.rpartition(".")[2]) is not None
    )


def addresses_in(text: str) -> list[str]:
    """The IPv4 addresses in a text, each once: also with blanks at their dots, in the digits of other keyboards.

    A whole text that is one but for a comma, or a letter that looks like a digit, counts too.
    """
    drawn = _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).replace("\u3002", ".")
    joined = re.sub(r"\s*\.\s*", ".", drawn.strip().rstrip(".,;"))
    if _MISTYPED.fullmatch(joined):
        joined = joined.translate(_DIGITS).replace(",", ".")
    return [address for address in dict.fromkeys(_FOUR.findall(joined)) if is_ip(address)]


def is_ip(text: str) -> bool:
    """Whether it is an IP address and nothing else."""
    if not (":" in text or text.count(".") == 3):  # most cells are not: no exception for each
        return False
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def classify_rows(
    rows: list[Mapping[str, str]], lines: list[tuple[str, ...]], numbered: int | None, addresses: frozenset[str]
) -> Iterator[RowKind]:
    """The kind of each row. rows: by key; lines: as written; numbered: the index of the column that counts them."""
    below = False
    for index, (row, cells) in enumerate(zip(rows, lines, strict=True)):
        counted = numbered is not None and numbered < len(cells) and _COUNTED.fullmatch(cells[numbered]) is not None
        addressed = any(looks_like_address(row[key]) for key in addresses if key in row)
        if _is_numbering(cells, first=index == 0):
            part = RowKind.NUMBERING
        elif addressed or "id" in row:
            part = RowKind.ROW if "name" in row or "id" in row else RowKind.NAMELESS
        elif not counted and (below or _is_foot(row, cells)):
            part = RowKind.FOOT
        elif "name" not in row or (not counted and _is_bare(row)):
            part = RowKind.HEADING
        else:
            part = RowKind.ROW
        below = below or (part is RowKind.FOOT and _is_signed(row, cells))
        yield part


def _is_bare(row: Mapping[str, str]) -> bool:
    """Whether nothing stands beside the name, or counts alone: a heading with its sums."""
    return all(_COUNTED.fullmatch(value) for key, value in row.items() if key != "name")


def _is_numbering(cells: tuple[str, ...], *, first: bool) -> bool:
    """Further below, where a page repeats them, they must count on."""
    texts = [cell for cell in cells if cell]
    if len(texts) < 2 or not all(_NUMBERING.fullmatch(text) for text in texts):
        return False
    numbers = [re.sub("[^0-9].*", "", text.strip("()")) for text in texts]
    return first or (len(texts) > 2 and numbers == [str(number) for number in range(1, len(texts) + 1)])


def _is_foot(row: Mapping[str, str], cells: tuple[str, ...]) -> bool:
    leading = (plain(cell) for cell in _leading(row, cells))
    return _is_signed(row, cells) or any(_SUM.fullmatch(text) or _NOTE.fullmatch(text) for text in leading)


def _is_signed(row: Mapping[str, str], cells: tuple[str, ...]) -> bool:
    """Whether the row begins as signatures do, or tells place and date of a paper."""
    texts = [plain(cell) for cell in (_leading(row, cells) if "name" in row else cells) if cell]
    return any(_SIGNED.fullmatch(text) or _DATED.fullmatch(text) for text in texts)


def _leading(row: Mapping[str, str], cells: tuple[str, ...]) -> Iterator[str]:
    """The first text of the row, and its name."""
    yield next((cell for cell in cells if cell), "")
    yield row.get("name", "")


def excerpt(cells: tuple[str, ...]) -> str:
    """The text of a row, shortened for a note."""
    text = " | ".join(dict.fromkeys(cell for cell in cells if cell))
    return text if len(text) <= _MOST else text[: _MOST - 3] + "..."
