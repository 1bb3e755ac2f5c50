"""The short way to the state that a row tells says what the whole row says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import LedgerError
from agent.ledger.codec import change_of, encode
from agent.ledger.rows import StateChange
from agent.ledger.transitions import TRANSITIONS, WrittenState, transition_of
from agent.model import Cause, Reason, State
from tests.agent.ledger.rows import change

_INSTANTS = st.integers(1 - 10**18, 10**18 - 1)
_DOWN = next(place for place, one in enumerate(TRANSITIONS) if one == (State.DOWN, Reason.TIMEOUT))
_TARGETS = st.sampled_from(["xa-a/room", 'a"b', "\\", "xã"])


@given(st.sampled_from(TRANSITIONS), _INSTANTS, _INSTANTS, _TARGETS)
def test_what_tells_the_state_is_what_the_whole_row_says(
    transition: tuple[State, Cause], effective_ms: int, confirmed_ms: int, target: str
) -> None:
    body = encode(StateChange(target, *transition, effective_ms, confirmed_ms, 0)).body
    for spelling in (body, body.replace('":', '": ')):
        row, found = change_of(spelling), transition_of(spelling)
        state, cause = TRANSITIONS[found.kind]
        assert state is found.state is row.state is transition[0]
        assert cause is row.cause is transition[1]  # equal is not enough: two kinds of causes share words
        assert found[:2] == (effective_ms, confirmed_ms)


@pytest.mark.parametrize("number", ["007", "1.5", "true", '"1"', "null", str(10**18), str(-(10**30))])
def test_what_is_no_instant_tells_no_state(number: str) -> None:
    body = encode(change(60_000, State.DOWN, Reason.TIMEOUT)).body
    assert transition_of(body) == WrittenState(60_000, 60_100, _DOWN)
    with pytest.raises(LedgerError):
        transition_of(body.replace("60000", number))


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"cause":"reason:never"}'])
def test_what_is_no_change_tells_no_state(body: str) -> None:
    with pytest.raises(LedgerError):
        transition_of(body)
