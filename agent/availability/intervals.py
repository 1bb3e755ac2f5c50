"""State intervals of one target from what was written about it: pure arithmetic on one axis of milliseconds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise
from operator import attrgetter
from typing import NamedTuple

from agent.availability.precedence import foremost, superseded
from agent.availability.spans import union
from agent.model import Cause, State, UnknownCause


@dataclass(frozen=True, slots=True)
class Interval:
    """The state in [start_ms, end_ms).

    confirmed_ms, when it became known, makes no two intervals different, nor does number: the row that began a stretch
    of DOWN (`_readers_rule`), 0 where no row did.
    """

    start_ms: int
    end_ms: int
    state: State
    cause: Cause
    confirmed_ms: int = field(default=0, compare=False)
    number: int = field(default=0, compare=False)


class Change(NamedTuple):
    """A transition as written: it holds from at_ms on, over everything written before it. number: its row, 0: none.

    A tuple, as a country's year has millions of them.
    """

    at_ms: int
    state: State
    cause: Cause
    confirmed_ms: int
    number: int = 0


@dataclass(frozen=True, slots=True)
class BlindInterval:
    """[start_ms, end_ms) in which the target could not be judged."""

    start_ms: int
    end_ms: int
    cause: UnknownCause


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One agent run: it vouches for [start_ms, end_ms), the end being a clean stop or the watermark.

    changes in the order written. A change confirmed after the end is no evidence. off: the cause of the time before
    it in which no run vouched, and until its first change.
    """

    start_ms: int
    end_ms: int
    changes: tuple[Change, ...] = ()
    blinds: tuple[BlindInterval, ...] = ()
    off: UnknownCause = UnknownCause.AGENT_OFF


def intervals(
    records: Sequence[RunRecord],
    configured: Sequence[tuple[int, int]],
    until_ms: int,
    *,
    after: UnknownCause = UnknownCause.AGENT_OFF,
) -> tuple[Interval, ...]:
    """The target's states where it is configured, up to until_ms: sorted, touching where configured, none empty.

    Off beats blind: outside every agent run the state is UNKNOWN, with the cause ``off`` of the next run, after the
    last one with the cause ``after``. ValueError for runs that overlap.
    """
    pieces: list[Interval] = []
    at_ms = min((start for start, _ in configured), default=until_ms)
    for record in sorted(records, key=lambda record: (record.start_ms, record.end_ms)):
        if pieces and record.start_ms < pieces[-1].end_ms:
            raise ValueError(f"two agent runs overlap at {record.start_ms}")
        start = pieces[-1].end_ms if pieces else min(at_ms, record.start_ms)
        pieces += [Interval(start, record.start_ms, State.UNKNOWN, record.off), *_of_run(record)]
    pieces.append(Interval(pieces[-1].end_ms if pieces else at_ms, until_ms, State.UNKNOWN, after))
    within = union((start, min(end, until_ms)) for start, end in configured)
    starts = {piece.start_ms for piece in pieces}
    numbered = (piece if piece.start_ms in starts else replace(piece, number=0) for piece in _clipped(pieces, within))
    return tuple(_merged(numbered))


def _of_run(record: RunRecord) -> list[Interval]:
    """What one run says of its own time; before its first change it says no more than the gap before it."""
    first = Change(record.start_ms, State.UNKNOWN, record.off, record.start_ms)
    changes = _readers_rule([first, *(change for change in record.changes if change.confirmed_ms <= record.end_ms)])
    for blind in _settled(record.blinds):
        changes = _hidden(changes, blind)
    ends = [change.at_ms for change in changes[1:]] + [record.end_ms]
    pieces = [
        Interval(change.at_ms, end, change.state, change.cause, change.confirmed_ms, change.number)
        for change, end in zip(changes, ends, strict=True)
    ]
    return _clipped(pieces, ((record.start_ms, record.end_ms),))


def _readers_rule(changes: Iterable[Change]) -> list[Change]:
    """A later change wins from its instant on. DOWN that is written over DOWN keeps the number of the first of them."""
    holding: list[Change] = []
    for change in changes:
        if holding and holding[-1].at_ms < change.at_ms:  # nearly always: nothing is written over
            holding.append(change)
            continue
        number = change.number
        for replaced in superseded(holding, change.at_ms, attrgetter("at_ms")):
            number = replaced.number if replaced.state is State.DOWN else number
        holding.append(change._replace(number=number) if change.state is State.DOWN and number else change)
    return holding


def _settled(blinds: Sequence[BlindInterval]) -> list[BlindInterval]:
    """Overlapping blind intervals cut into pieces that do not overlap, each with the cause that goes first."""
    edges = sorted({edge for blind in blinds for edge in (blind.start_ms, blind.end_ms)})
    pieces = []
    for start, end in pairwise(edges):
        causes = [blind.cause for blind in blinds if blind.start_ms <= start and end <= blind.end_ms]
        if causes:
            pieces.append(BlindInterval(start, end, foremost(causes)))
    return pieces


def _hidden(changes: list[Change], blind: BlindInterval) -> list[Change]:
    """UNKNOWN(cause) from the blind start to the first change that begins at its end or later."""
    before = [change for change in changes if change.at_ms < blind.start_ms]
    after = [change for change in changes if change.at_ms >= blind.end_ms]
    return [*before, Change(blind.start_ms, State.UNKNOWN, blind.cause, blind.start_ms), *after]


def _clipped(pieces: Sequence[Interval], spans: Sequence[tuple[int, int]]) -> list[Interval]:
    """The parts of the pieces that lie in the spans; both sorted."""
    clipped: list[Interval] = []
    place = 0
    for start, end in spans:
        while place < len(pieces) and pieces[place].end_ms <= start:
            place += 1
        for piece in islice(pieces, place, None):
            if piece.start_ms >= end:
                break
            if start <= piece.start_ms < piece.end_ms <= end:
                clipped.append(piece)
            elif max(piece.start_ms, start) < min(piece.end_ms, end):
                clipped.append(cut(piece, start, end))
    return clipped


def cut(piece: Interval, start_ms: int, end_ms: int) -> Interval:
    """The part of it that lies in [start_ms, end_ms), which it touches."""
    start, end = max(piece.start_ms, start_ms), min(piece.end_ms, end_ms)
    return Interval(start, end, piece.state, piece.cause, piece.confirmed_ms, piece.number)


def _merged(pieces: Iterable[Interval]) -> list[Interval]:
    """Touching pieces of one state are one; UNKNOWN only if of one cause, else the earlier cause stays."""
    merged: list[Interval] = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if last is not None and last.end_ms == piece.start_ms and _alike(last, piece):
            merged[-1] = Interval(last.start_ms, piece.end_ms, last.state, last.cause, last.confirmed_ms, last.number)
        else:
            merged.append(piece)
    return merged


def _alike(left: Interval, right: Interval) -> bool:
    return left.state is right.state and (left.state is not State.UNKNOWN or left.cause is right.cause)


def overlaid(states: Sequence[Interval], corrections: Iterable[Interval]) -> tuple[Interval, ...]:
    """The states with signed corrections laid over them, the later over the earlier, where there is a state at all."""
    pieces = list(states)
    for correction in corrections:
        pieces = [part for piece in pieces for part in _overlay(piece, correction)]
    return tuple(pieces)


def _overlay(piece: Interval, over: Interval) -> Iterable[Interval]:
    start, end = max(piece.start_ms, over.start_ms), min(piece.end_ms, over.end_ms)
    if start >= end:
        return [piece]
    parts = [
        Interval(piece.start_ms, start, piece.state, piece.cause, piece.confirmed_ms),
        Interval(start, end, over.state, over.cause, over.confirmed_ms),
        Interval(end, piece.end_ms, piece.state, piece.cause, piece.confirmed_ms),
    ]
    return [part for part in parts if part.start_ms < part.end_ms]
