"""The request for scores: sheet, period, which units, the ledger as of a row; the command that repeats it."""

from __future__ import annotations

from dataclasses import dataclass

from agent.ledger.history.position import AsOf
from agent.reporting.request import format_as_of, shell_line

AS_WAS = "as-was"
UNIT_BASES = (AS_WAS, "today", "today-mean")
"""Under which unit a target counts: by the legal dates, in the units of today (pooled), or as the mean of indices."""


@dataclass(frozen=True, slots=True)
class ScoreRequest:
    """sheet, values and before as the command names them; period as people write it.

    unit: this one alone; level: all units of it; both "": all units of the sheet's levels. before: what the difference
    is counted to, a period or a score.json; "" for nothing. as_of: the ledger as it stood then, None: as it stands.
    every_target: the report keeps the evidence of each target, as a package needs it; always so for one unit.
    """

    sheet: str
    period: str
    language: str = "vi"
    unit: str = ""
    level: str = ""
    units: str = AS_WAS
    as_of: AsOf | None = None
    values: tuple[str, ...] = ()
    before: str = ""
    unverified: bool = False
    every_target: bool = False


def score_again(request: ScoreRequest) -> str:
    """The command that gives the same scores again, from the same files; "" if the request names no row."""
    as_of = request.as_of
    if as_of is None or as_of.seq is None or as_of.at_ms is None:
        return ""
    stand = format_as_of(as_of.seq, as_of.at_ms)
    words = ["sansang", "score", *_words("--sheet", request.sheet), *_words("--period", request.period)]
    for name, value in (("--unit", request.unit), ("--level", request.level)):
        words += _words(name, value) if value else ()
    words += _words("--units", request.units) if request.units != AS_WAS else ()
    words += [word for value in request.values for word in _words("--values", value)]
    words += _words("--before", request.before) if request.before else ()
    words += [*_words("--as-of", stand), *_words("--lang", request.language)]
    words += ["--unverified"] if request.unverified else ()
    return shell_line(words)


def _words(name: str, value: str) -> list[str]:
    """Two words; one where the value would be taken for an option."""
    return [f"{name}={value}"] if value.startswith("-") else [name, value]
