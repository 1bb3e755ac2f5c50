"""A head of the ledger that somebody noted elsewhere (row and hash), and whether a ledger still contains it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from agent.characters import quoted
from agent.errors import SansangError
from agent.explain import ledger_errors as said
from agent.ledger.codec import GENESIS
from agent.ledger.verify import Verification

_LEAST_DIGITS = 16  # 64 bits: nobody makes another row fit to them
_MOST_DIGITS = 64
_SEQ = re.compile(r"""\b(?:last_)?seq["']?\s*[=:]\s*["']?([0-9]{1,18})(?![0-9A-Za-z])""", re.IGNORECASE)
_FIRST = re.compile(r"""\s*#?([0-9]{1,18})(?![0-9A-Za-z])""")
_HASH = re.compile(r"""\b(?:hash|head|sha256|sha-256)["']?\s*[=:]\s*["']?([0-9A-Fa-f]+)""", re.IGNORECASE)
_BARE = re.compile(r"[0-9A-Fa-f]+")


@dataclass(frozen=True, slots=True)
class Noted:
    """Row seq, and the first digits of its hash: small hexadecimal ones, all 64 or at least 16."""

    seq: int
    digits: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.digits}"


class Verdict(Enum):
    """What a ledger says of a head that was noted elsewhere."""

    CONTAINED = "contained"
    CUT = "cut"  # it ends before: cut, rolled back, or begun anew
    REWRITTEN = "rewritten"  # that row has another hash: some row up to it was written anew
    BROKEN = "broken"  # its chain breaks before: nothing can be said


@dataclass(frozen=True, slots=True)
class Found:
    """row: the one that says so: the newest, the first bad one, else the noted one; hash: what that row has now."""

    noted: Noted
    verdict: Verdict
    row: int
    hash: str = ""


def noted_of(text: str) -> Noted:
    """What somebody copied: ``4711:9f86d0...``, in either case, in groups, cut short, or a line of the log or a label.

    SansangError for what names no row and no hash, or too little of one.
    """
    named = _SEQ.search(text) or _FIRST.match(text)
    if named is None:
        raise SansangError(said.NO_ANCHOR.filled(text=quoted(text)))
    rest = text[: named.start()] + " " + text[named.end() :]
    labelled = _HASH.search(rest)
    digits = labelled[1] if labelled else "".join(rest.rstrip(" .…").lstrip(" :@,;").split())
    if not _BARE.fullmatch(digits):
        raise SansangError(said.NO_ANCHOR.filled(text=quoted(text)))
    if not _LEAST_DIGITS <= len(digits) <= _MOST_DIGITS:
        raise SansangError(said.SHORT_ANCHOR.filled(text=quoted(text), count=len(digits)))
    return Noted(int(named[1]), digits.lower())


def look_for(noted: Noted, hash_of: Callable[[int], bytes | None], verified: Verification) -> Found:
    """Whether a ledger that was looked at contains what was noted.

    hash_of: of its rows. What lies before the first bad row is proved all the same.
    """
    broken = verified.first_bad_seq
    if broken is not None and broken <= noted.seq:
        return Found(noted, Verdict.BROKEN, broken)
    found = hash_of(noted.seq) if noted.seq else GENESIS
    if found is None:
        return Found(noted, Verdict.CUT, verified.rows)
    if not found.hex().startswith(noted.digits):
        return Found(noted, Verdict.REWRITTEN, noted.seq, found.hex())
    return Found(noted, Verdict.CONTAINED, noted.seq, found.hex())
