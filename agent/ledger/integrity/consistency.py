"""Whether every target has exactly one state at every instant in which it was configured, by the reader of reports."""

from __future__ import annotations

from itertools import pairwise

from agent.availability.spans import BEGINNING
from agent.errors import LedgerError
from agent.explain import ledger_errors
from agent.ledger.chain import Progress
from agent.ledger.heartbeat import Heartbeat
from agent.ledger.history.inventories import Inventories
from agent.ledger.history.runs import agent_runs
from agent.ledger.history.state_history import HistoryQuery, TargetHistory, target_histories
from agent.ledger.reader import Reader
from agent.text import Text, Translatable


def first_overlap(
    reader: Reader, alive: Heartbeat | None, until_wall_ms: int, progress: Progress
) -> Translatable | None:
    """The first target whose states overlap or are empty, or whose agent runs do; None when there is none."""
    try:
        observers = sorted({run.row.observer for run in agent_runs(reader)})
        for observer in observers:
            behind = Inventories(reader, observer).behind
            query = HistoryQuery(observer, BEGINNING, until_wall_ms, until_wall_ms, alive, behind)
            histories = target_histories(reader, query)
            for done, history in enumerate(histories, start=1):
                if fault := overlap_of(history):
                    return fault
                progress(done, len(histories))
    except LedgerError as error:
        return error
    return None


def overlap_of(history: TargetHistory) -> Text | None:
    """What is wrong with the states; None when they are sorted, not empty, and do not overlap."""
    target = history.target
    for state in history.states:
        if state.end_ms <= state.start_ms:
            return ledger_errors.EMPTY_INTERVAL.filled(target=target, at=state.start_ms)
    for left, right in pairwise(history.states):
        if right.start_ms < left.end_ms:
            return ledger_errors.TWO_STATES.filled(target=target, start=right.start_ms, end=left.end_ms)
    return None
