"""State intervals of one target from what was written about it: pure arithmetic on one axis of milliseconds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from agent.model import Cause, State, UnknownCause

_PRECEDENCE = {cause: rank for rank, cause in enumerate(UnknownCause)}


@dataclass(frozen=True, slots=True)
class Interval:
    """The state in [start_ms, end_ms)."""

    start_ms: int
    end_ms: int
    state: State
    cause: Cause


@dataclass(frozen=True, slots=True)
class Change:
    """A transition as written: it holds from at_ms on, over everything written before it."""

    at_ms: int
    state: State
    cause: Cause
    confirmed_ms: int


@dataclass(frozen=True, slots=True)
class Blind:
    """[start_ms, end_ms) in which the target could not be judged."""

    start_ms: int
    end_ms: int
    cause: UnknownCause


@dataclass(frozen=True, slots=True)
class Watch:
    """One agent run: it vouches for [start_ms, end_ms), the end being a clean stop or the watermark.

    changes in the order written. A change confirmed after the end is no evidence.
    """

    start_ms: int
    end_ms: int
    changes: tuple[Change, ...] = ()
    blinds: tuple[Blind, ...] = ()


def intervals(watches: Sequence[Watch], configured: Sequence[tuple[int, int]], until_ms: int) -> tuple[Interval, ...]:
    """The target's states where it is configured, up to until_ms: sorted, touching where configured, none empty.

    Off beats blind: outside every agent run the state is UNKNOWN(agent_off). ValueError for runs that overlap.
    """
    told: list[Interval] = []
    at_ms = min((start for start, _ in configured), default=until_ms)
    for watch in sorted(watches, key=lambda watch: watch.start_ms):
        if told and watch.start_ms < told[-1].end_ms:
            raise ValueError(f"two agent runs overlap at {watch.start_ms}")
        told += [_off(told[-1].end_ms if told else min(at_ms, watch.start_ms), watch.start_ms), *_seen(watch)]
    told.append(_off(told[-1].end_ms if told else at_ms, until_ms))
    kept = [piece for span in _union(configured, until_ms) for piece in _clip(told, *span)]
    return tuple(_merged(kept))


def _off(start_ms: int, end_ms: int) -> Interval:
    return Interval(start_ms, end_ms, State.UNKNOWN, UnknownCause.AGENT_OFF)


def _seen(watch: Watch) -> list[Interval]:
    """What one run says of its own time; before its first change it says no more than the gap before it."""
    first = Change(watch.start_ms, State.UNKNOWN, UnknownCause.AGENT_OFF, watch.start_ms)
    told = _readers_rule([first, *(change for change in watch.changes if change.confirmed_ms <= watch.end_ms)])
    for blind in _settled(watch.blinds):
        told = _hidden(told, blind)
    ends = [change.at_ms for change in told[1:]] + [watch.end_ms]
    pieces = [Interval(one.at_ms, end, one.state, one.cause) for one, end in zip(told, ends, strict=True)]
    return _clip(pieces, watch.start_ms, watch.end_ms)


def _readers_rule(changes: Iterable[Change]) -> list[Change]:
    told: list[Change] = []
    for change in changes:
        while told and told[-1].at_ms >= change.at_ms:
            told.pop()
        told.append(change)
    return told


def _settled(blinds: Sequence[Blind]) -> list[Blind]:
    """Overlapping blind intervals cut into pieces that do not overlap, each with the cause that goes first."""
    edges = sorted({edge for blind in blinds for edge in (blind.start_ms, blind.end_ms)})
    pieces = []
    for start, end in pairwise(edges):
        causes = [blind.cause for blind in blinds if blind.start_ms <= start and end <= blind.end_ms]
        if causes:
            pieces.append(Blind(start, end, min(causes, key=_PRECEDENCE.__getitem__)))
    return pieces


def _hidden(told: list[Change], blind: Blind) -> list[Change]:
    """UNKNOWN(cause) from the blind start to the first change that begins at its end or later."""
    before = [change for change in told if change.at_ms < blind.start_ms]
    after = [change for change in told if change.at_ms >= blind.end_ms]
    return [*before, Change(blind.start_ms, State.UNKNOWN, blind.cause, blind.start_ms), *after]


def _union(spans: Sequence[tuple[int, int]], until_ms: int) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return [(start, min(end, until_ms)) for start, end in joined if start < until_ms]


def _clip(pieces: Iterable[Interval], start_ms: int, end_ms: int) -> list[Interval]:
    cut = (
        Interval(max(piece.start_ms, start_ms), min(piece.end_ms, end_ms), piece.state, piece.cause) for piece in pieces
    )
    return [piece for piece in cut if piece.start_ms < piece.end_ms]


def _merged(pieces: Iterable[Interval]) -> list[Interval]:
    """Touching pieces of one state are one; UNKNOWN only if of one cause, else the earlier cause stays."""
    told: list[Interval] = []
    for piece in pieces:
        last = told[-1] if told else None
        if last is not None and last.end_ms == piece.start_ms and _alike(last, piece):
            told[-1] = Interval(last.start_ms, piece.end_ms, last.state, last.cause)
        else:
            told.append(piece)
    return told


def _alike(left: Interval, right: Interval) -> bool:
    return left.state is right.state and (left.state is not State.UNKNOWN or left.cause is right.cause)
