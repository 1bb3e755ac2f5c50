"""A head of the ledger that somebody noted elsewhere (row and hash), and whether a ledger still contains it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from agent.characters import quoted
from agent.errors import SansangError
from agent.explain import ledger_errors
from agent.ledger.codec import GENESIS
from agent.ledger.integrity.verify import Verification

_LEAST_DIGITS = 16  # 64 bits: nobody makes another row fit to them
_MOST_DIGITS = 64
_SEQ = re.compile(r"""\b(?:last_)?seq["']?\s*[=:]\s*["']?([0-9]{1,18})(?![0-9A-Za-z])""", re.IGNORECASE)
_FIRST = re.compile(r"""\s*#?([0-9]{1,18})(?![0-9A-Za-z])""")
_HASH = re.compile(r"""\b(?:hash|head|sha256|sha-256)["']?\s*[=:]\s*["']?([0-9A-Fa-f]+)""", re.IGNORECASE)
_BARE = re.compile(r"[0-9A-Fa-f]+")


@dataclass(frozen=True, slots=True)
class NotedHead:
    """Row seq, and the first digits of its hash: small hexadecimal ones, all 64 or at least 16."""

    seq: int
    digits: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.digits}"


class HeadVerdict(Enum):
    """What a ledger says of a head that was noted elsewhere."""

    CONTAINED = "contained"
    CUT = "cut"  # it ends before: cut, rolled back, or begun anew
    REWRITTEN = "rewritten"  # that row has another hash: some row up to it was written anew
    BROKEN = "broken"  # its chain breaks before: nothing can be said


@dataclass(frozen=True, slots=True)
class HeadCheck:
    """row: the one that says so: the newest, the first bad one, else the noted one; hash: what that row has now."""

    noted: NotedHead
    verdict: HeadVerdict
    row: int
    hash: str = ""


def parse_noted_head(text: str) -> NotedHead:
    """What somebody copied: ``4711:9f86d0...``, in either case, in groups, cut short, or a line of the log or a label.

    SansangError for what names no row and no hash, or too little of one.
    """
    named = _SEQ.search(text) or _FIRST.match(text)
    if named is None:
        raise SansangError(ledger_errors.NO_ANCHOR.filled(text=quoted(text)))
    rest = text[: named.start()] + " " + text[named.end() :]
    labelled = _HASH.search(rest)
    digits = labelled[1] if labelled else "".join(rest.rstrip(" .…").lstrip(" :@,;").split())
    if not _BARE.fullmatch(digits):
        raise SansangError(ledger_errors.NO_ANCHOR.filled(text=quoted(text)))
    if not _LEAST_DIGITS <= len(digits) <= _MOST_DIGITS:
        raise SansangError(ledger_errors.SHORT_ANCHOR.filled(text=quoted(text), count=len(digits)))
    return NotedHead(int(named[1]), digits.lower())


def find_head(noted: NotedHead, hash_of: Callable[[int], bytes | None], verified: Verification) -> HeadCheck:
    """Whether a ledger that was looked at contains what was noted.

    hash_of: of its rows. What lies before the first bad row is proved all the same.
    """
    broken = verified.first_bad_seq
    if broken is not None and broken <= noted.seq:
        return HeadCheck(noted, HeadVerdict.BROKEN, broken)
    row_hash = hash_of(noted.seq) if noted.seq else GENESIS
    if row_hash is None:
        return HeadCheck(noted, HeadVerdict.CUT, verified.rows)
    if not row_hash.hex().startswith(noted.digits):
        return HeadCheck(noted, HeadVerdict.REWRITTEN, noted.seq, row_hash.hex())
    return HeadCheck(noted, HeadVerdict.CONTAINED, noted.seq, row_hash.hex())
