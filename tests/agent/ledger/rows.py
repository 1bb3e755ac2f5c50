"""Rows for tests: one of each kind, and hypothesis strategies for any."""

from __future__ import annotations

from dataclasses import fields
from hashlib import sha256
from typing import get_type_hints

from hypothesis import strategies as st

from agent.ledger import rows as kinds
from agent.ledger.codec import NAME_OF
from agent.ledger.rows import AgentRun, Content, Row, StateChange
from agent.model import Cause, Reason, State, UnknownCause


def start(start_ms: int = 0, observer: str = "local", boot: str = "boot-1", wall_ms: int = 1_000_000) -> AgentRun:
    return AgentRun(observer, boot, start_ms, wall_ms, synchronised=True, version="0.1.0")


def change(
    at_ms: int, state: State = State.UP, cause: Cause = Reason.OK, target: str = "xa-a/room", confirmed_ms: int = 0
) -> StateChange:
    confirmed = confirmed_ms or at_ms + 100
    return StateChange(target, state, cause, at_ms, confirmed, confirmed + 50)


def content(body: bytes, kind: str = "inventory") -> Content:
    return Content(sha256(body).hexdigest(), kind, body)


_INTEGERS = st.integers(-(1 << 63), (1 << 63) - 1)
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_BY_TYPE: dict[object, st.SearchStrategy[object]] = {
    int: _INTEGERS,
    str: _TEXTS,
    bool: st.booleans(),
    State: st.sampled_from(State),
    UnknownCause: st.sampled_from(UnknownCause),
    Cause: st.sampled_from(Reason) | st.sampled_from(UnknownCause),
}


def _any_of(kind: type[Row]) -> st.SearchStrategy[Row]:
    if kind is Content:
        return st.builds(content, st.binary(max_size=50), _TEXTS)
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: _BY_TYPE[hints[field.name]] for field in fields(kind)})


ANY_ROW: st.SearchStrategy[Row] = st.one_of(*(_any_of(kind) for kind in NAME_OF))
ALL_KINDS = {value for value in vars(kinds).values() if isinstance(value, type) and value.__module__ == kinds.__name__}
