"""What of a state_change row tells the state, read without the rest: the history of a country has millions of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from agent.errors import LedgerError
from agent.explain import ledger_errors
from agent.ledger.codec import CAUSES, cause_word, change_of
from agent.model import Cause, State

TRANSITIONS: Sequence[tuple[State, Cause]] = tuple((state, cause) for state in State for cause in CAUSES.values())
"""Every state with every cause."""

_INSTANTS = range(1 - 10**18, 10**18)
"""With room in 64 bits for what a clock's offset adds."""

_NUMBER = "(?:0|-?[1-9][0-9]{0,17})"
_ROW = re.compile(
    rf'\{{"cause":"([^"\\]*)","committed_at_ms":{_NUMBER},"confirmed_at_ms":({_NUMBER}),'
    rf'"effective_at_ms":({_NUMBER}),"state":([0-9]),"target":"[^"\\]*"\}}'
).fullmatch
_KIND_OF = {
    (str(int(state)), spelled): place
    for place, (state, spelled) in enumerate((state, spelled) for state in State for spelled in CAUSES)
}


class WrittenState(NamedTuple):
    """kind: the place of state and cause in ``TRANSITIONS``."""

    effective_at_ms: int
    confirmed_at_ms: int
    kind: int

    @property
    def state(self) -> State:
        """The state from then on."""
        return TRANSITIONS[self.kind][0]


def transition_of(body: str) -> WrittenState:
    """Of the body of a state_change row in the one spelling that is written, or in another; LedgerError for none."""
    match = _ROW(body)
    if match is not None:
        cause, confirmed, effective, state = match.groups()
        kind = _KIND_OF.get((state, cause))
        if kind is not None:
            return WrittenState(int(effective), int(confirmed), kind)
    row = change_of(body)
    for instant in (row.effective_at_ms, row.confirmed_at_ms):
        if type(instant) is not int or instant not in _INSTANTS:
            why = f"{instant!r} is no instant"
            raise LedgerError(ledger_errors.ROW_UNREADABLE.filled(kind="state_change", why=why))
    return WrittenState(row.effective_at_ms, row.confirmed_at_ms, _KIND_OF[str(int(row.state)), cause_word(row.cause)])
