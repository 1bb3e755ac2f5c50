"""Whether every target has exactly one state at every instant in which it was configured, as the rows tell it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from agent.availability.intervals import Interval
from agent.errors import LedgerError
from agent.explain import ledger_errors as said
from agent.ledger.chain import Progress
from agent.ledger.heartbeat import Heartbeat
from agent.ledger.history.runs import agent_runs
from agent.ledger.reader import Reader
from agent.ledger.rows import Configured
from agent.ledger.schema import of_kinds
from agent.ledger.timeline import timeline
from agent.text import Spoken


def first_overlap(reader: Reader, alive: Heartbeat | None, until_wall_ms: int, progress: Progress) -> Spoken | None:
    """The first target whose states overlap or are empty, or whose agent runs do; None when there is none."""
    try:
        observers = sorted({run.row.observer for run in agent_runs(reader)})
        stored = reader.select(of_kinds("configured"))
        targets = sorted({one.row.target for one in stored if isinstance(one.row, Configured)})
        for done, target in enumerate(targets):
            for observer in observers:
                told = timeline(reader, target, observer, scopes=frozenset(), alive=alive, until_wall_ms=until_wall_ms)
                if fault := overlap_of(told):
                    return said.recalled(f"{target}: {fault}")
            progress(done + 1, len(targets))
    except (ValueError, LedgerError) as error:
        return error if isinstance(error, LedgerError) else said.recalled(str(error))
    return None


def overlap_of(told: Sequence[Interval]) -> str:
    """What is wrong with these intervals; "" when they are sorted, not empty, and do not overlap."""
    for one in told:
        if one.end_ms <= one.start_ms:
            return f"an empty interval at {one.start_ms}"
    for left, right in pairwise(told):
        if right.start_ms < left.end_ms:
            return f"two states from {right.start_ms} to {left.end_ms}"
    return ""
