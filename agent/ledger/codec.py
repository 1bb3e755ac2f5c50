"""Rows to canonical JSON and back: sorted keys, no blanks, integers and strings only, one spelling per value.

A cause is spelled with its kind (``reason:timeout``, ``unknown:dns``), because some words stand in both.
A field whose metadata says ADDED came to its kind after rows of it had been written: it is always written, and where a
stored row lacks it, it has its default.
The bytes of a Content are kept beside its row, by hash.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from hashlib import sha256
from json.encoder import encode_basestring_ascii as _quoted
from typing import TypeVar, get_type_hints

from agent.errors import LedgerError, LedgerRowError
from agent.explain import ledger_errors
from agent.ledger.rows import (
    ADDED,
    AgentRun,
    AgentStop,
    Amendment,
    BlindEnd,
    BlindStart,
    ClockAnchor,
    ClockStep,
    ComponentChange,
    ComponentsUsed,
    Configured,
    Content,
    DeviceSeen,
    EvidenceEnd,
    HeartbeatRefused,
    Maintenance,
    MeasuredSums,
    NewInstallation,
    ObserverAlias,
    Quarantined,
    Removed,
    Restored,
    Row,
    ScoreIssued,
    SoftFailure,
    StateChange,
    Watermark,
)
from agent.model import Cause, ReasonCode, State, UnknownCause
from agent.probes.declared import REASONS

GENESIS = sha256(b"sansang ledger 1").digest()
"""The hash before the first row."""

_INT64 = 1 << 63
_STATES = {int(state): state for state in State}
_Plain = str | int | bool
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class _RowKind:
    """One row kind: its class, and which of its fields is the instant that the index shows ("" for none)."""

    row: type[Row]
    at: str


KINDS: Mapping[str, _RowKind] = {
    "agent_run": _RowKind(AgentRun, "start_ms"),
    "agent_stop": _RowKind(AgentStop, "at_ms"),
    "watermark": _RowKind(Watermark, "at_ms"),
    "heartbeat_refused": _RowKind(HeartbeatRefused, ""),
    "clock_anchor": _RowKind(ClockAnchor, "at_ms"),
    "clock_step": _RowKind(ClockStep, "at_ms"),
    "configured": _RowKind(Configured, "at_ms"),
    "removed": _RowKind(Removed, "at_ms"),
    "blind_start": _RowKind(BlindStart, "at_ms"),
    "blind_end": _RowKind(BlindEnd, "at_ms"),
    "state_change": _RowKind(StateChange, "effective_at_ms"),
    "soft_failure": _RowKind(SoftFailure, "at_ms"),
    "component_change": _RowKind(ComponentChange, "at_ms"),
    "components_used": _RowKind(ComponentsUsed, "at_ms"),
    "device_seen": _RowKind(DeviceSeen, "at_ms"),
    "measured_sums": _RowKind(MeasuredSums, "at_ms"),
    "evidence_end": _RowKind(EvidenceEnd, "start_ms"),
    "maintenance": _RowKind(Maintenance, ""),
    "quarantined": _RowKind(Quarantined, "at_ms"),
    "restored": _RowKind(Restored, ""),
    "observer_alias": _RowKind(ObserverAlias, "at_ms"),
    "new_installation": _RowKind(NewInstallation, "at_ms"),
    "amendment": _RowKind(Amendment, ""),
    "score_issued": _RowKind(ScoreIssued, ""),
    "content": _RowKind(Content, ""),
}
NAME_OF: Mapping[type[Row], str] = {kind.row: name for name, kind in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Encoded:
    """A row as it is stored, before it has a place in the chain."""

    kind: str
    target: str | None
    at_ms: int | None
    body: str
    blob: bytes | None = None

    @property
    def place(self) -> tuple[str, str | None, int | None]:
        """Kind, target and instant: what the columns say."""
        return self.kind, self.target, self.at_ms

    @property
    def content_hash(self) -> str:
        """The hash in a content row, by which its bytes are found."""
        return str(json.loads(self.body)["hash"])


def encode(row: Row) -> Encoded:
    """The stored form of a row; LedgerError if a value cannot be kept exactly."""
    name = NAME_OF.get(type(row))
    if name is None:
        raise LedgerError(ledger_errors.NO_ROW_KIND.filled(kind=type(row).__name__))
    blob = None
    if isinstance(row, Content):
        blob = row.body
        _check_content(row)
    plain = {field: write(getattr(row, field)) for field, (write, _) in _CODECS[name].items()}
    target, at_ms = getattr(row, "target", None), getattr(row, KINDS[name].at, None)
    return Encoded(name, target, at_ms, _canonical(plain), blob)


def encode_all(rows: Sequence[Row]) -> tuple[Encoded, ...]:
    """The stored form of each; LedgerRowError that names every one that cannot be kept."""
    encoded: list[Encoded] = []
    wrong: dict[int, LedgerError] = {}
    for index, row in enumerate(rows):
        try:
            encoded.append(encode(row))
        except LedgerError as error:
            wrong[index] = error
    if wrong:
        first = next(iter(wrong.values()))
        raise LedgerRowError(first, tuple(wrong)) from first
    return tuple(encoded)


def decode(kind: str, body: str, blob: bytes | None = None) -> Row:
    """The row of a stored form; LedgerError for an unknown kind or a body that is not exactly what encode writes."""
    values = _read(kind, body)
    try:
        row = KINDS[kind].row(**values) if blob is None else Content(body=blob, **values)  # type: ignore[arg-type]
    except (ValueError, TypeError) as error:
        raise LedgerError(ledger_errors.ROW_UNREADABLE.filled(kind=kind, why=error)) from error
    if isinstance(row, Content):
        _check_content(row)
    return row


def fault_of(kind: str, target: str | None, at_ms: int | None, body: str) -> str:
    """The fault of a stored row by itself: a body that encode does not write, columns that differ; or ""."""
    plainest = _PLAINEST.get(kind)
    match = plainest.spelling(body) if plainest is not None else None
    if plainest is None or match is None:
        return _fault_of(kind, target, at_ms, body)
    # the groups are what the body says, in the only spelling it can have there
    same_target = match["target"] == target if plainest.has_target else target is None
    same_instant = type(at_ms) is int and match["at"] == str(at_ms) if plainest.has_instant else at_ms is None
    return "" if same_target and same_instant else _OTHERWISE


def _fault_of(kind: str, target: str | None, at_ms: int | None, body: str) -> str:
    try:
        values = _read(kind, body)
    except LedgerError as error:
        return str(error)
    columns = values.get("target"), values.get(KINDS[kind].at)
    return "" if columns == (target, at_ms) else _OTHERWISE


_OTHERWISE = "its columns do not say what its body says"


def _read(kind: str, body: str) -> dict[str, object]:
    if kind not in KINDS:
        raise LedgerError(ledger_errors.UNKNOWN_KIND.filled(kind=repr(kind)))
    try:
        plain = json.loads(body)
        values = _values(kind, plain)
    except (ValueError, TypeError, RecursionError) as error:
        raise LedgerError(ledger_errors.ROW_UNREADABLE.filled(kind=kind, why=error)) from error
    if _canonical(plain) != body:
        raise LedgerError(ledger_errors.NOT_CANONICAL.filled(kind=kind))
    return values


def change_of(body: str) -> StateChange:
    """A state_change row without the check of its spelling, for who reads very many; LedgerError if it is none."""
    try:
        plain = json.loads(body)
        return StateChange(
            plain["target"],
            _STATES[plain["state"]],
            CAUSES[plain["cause"]],
            plain["effective_at_ms"],
            plain["confirmed_at_ms"],
            plain["committed_at_ms"],
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise LedgerError(ledger_errors.ROW_UNREADABLE.filled(kind="state_change", why=error)) from error


def _values(kind: str, plain: object) -> dict[str, object]:
    codecs = _CODECS[kind]
    if not isinstance(plain, dict) or not codecs.keys() - _ADDED[kind] <= plain.keys() <= codecs.keys():
        raise ValueError("its fields are not those of the kind")
    return {field: read(plain[field]) for field, (_, read) in codecs.items() if field in plain}


def link(previous: bytes, seq: int, run: int, row: Encoded) -> bytes:
    """The hash of a row in its place: SHA-256(previous hash || canonical row), columns included."""
    return hashed(previous, seq, run, row.kind, row.target, row.at_ms, row.body)


def hashed(  # noqa: PLR0917 - columns as they lie in the file: no object for each of millions of rows
    previous: bytes, seq: int, run: int, kind: str, target: str | None, at_ms: int | None, body: str
) -> bytes:
    """As ``link``, of a row as it lies in the file; spelled as ``_canonical`` would. TypeError: it is none."""
    named, instant = "null" if target is None else _quoted(target), "null" if at_ms is None else at_ms
    row = f"[{seq},{run},{_quoted(kind)},{named},{instant},{_quoted(body)}]"
    return sha256(previous + row.encode()).digest()


def _check_content(row: Content) -> None:
    if sha256(row.body).hexdigest() != row.hash:
        raise LedgerError(ledger_errors.WRONG_HASH.filled(digest=row.hash))


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _exactly(kind: type[_Value]) -> Callable[[object], _Value]:
    def check(value: object) -> _Value:
        if type(value) is not kind:
            raise ValueError(f"{value!r} is not {kind.__name__}")
        return value

    return check


def _integer(value: object) -> int:
    number = _exactly(int)(value)
    if not -_INT64 <= number < _INT64:
        raise ValueError(f"{number} does not fit in 64 bits")
    return number


def _text(value: object) -> str:
    text = _exactly(str)(value)
    text.encode()  # a lone surrogate is not text; UnicodeEncodeError is a ValueError
    return text


def cause_word(value: object) -> str:
    """As rows spell it: words that two kinds of causes share are told apart."""
    if isinstance(value, UnknownCause):
        return f"unknown:{value.value}"
    if isinstance(value, ReasonCode):
        return f"reason:{value.value}"
    raise ValueError(f"{value!r} is not a cause")


def _read_cause(value: object) -> Cause:
    kind, _, word = _text(value).partition(":")
    if kind == "unknown":
        return UnknownCause(word)
    if kind == "reason" and word in REASONS:
        return REASONS[word]
    raise ValueError(f"{value!r} is not a cause")


CAUSES: Mapping[str, Cause] = {cause_word(cause): cause for cause in (*REASONS.values(), *UnknownCause)}
"""By how a row spells them."""


def _guarded(write: Callable[[object], _Plain]) -> Callable[[object], _Plain]:
    def checked(value: object) -> _Plain:
        try:
            return write(value)
        except ValueError as error:
            raise LedgerError(ledger_errors.NOT_KEPT.filled(why=error)) from error

    return checked


_Read = Callable[[object], object]
_BY_TYPE: Mapping[object, tuple[Callable[[object], _Plain], _Read]] = {
    str: (_text, _text),
    int: (_integer, _integer),
    bool: (_exactly(bool), _exactly(bool)),
    State: (lambda value: int(_exactly(State)(value)), lambda value: State(_integer(value))),
    UnknownCause: (lambda value: _exactly(UnknownCause)(value).value, lambda value: UnknownCause(_text(value))),
    Cause: (cause_word, _read_cause),
}


def _codecs(row: type[Row]) -> dict[str, tuple[Callable[[object], _Plain], _Read]]:
    hints = get_type_hints(row)
    names = [field.name for field in fields(row) if hints[field.name] is not bytes]
    codecs = {name: _BY_TYPE[hints[name]] for name in names}
    return {name: (_guarded(write), read) for name, (write, read) in codecs.items()}


_CODECS = {name: _codecs(kind.row) for name, kind in KINDS.items()}
_ADDED = {
    name: frozenset(field.name for field in fields(kind.row) if ADDED.items() <= field.metadata.items())
    for name, kind in KINDS.items()
}


@dataclass(frozen=True, slots=True)
class _Plainest:
    """How nearly all rows of one kind are spelled: texts without escapes, so that no JSON has to be read.

    Such a body is canonical, and its values are some that encode writes: keys are sorted, and no text can hold a quote.
    """

    spelling: Callable[[str], re.Match[str] | None]
    has_target: bool
    has_instant: bool


_DIGITS = "(?:0|-?[1-9][0-9]{0,17})"
_SPELLED: Mapping[object, str] = {
    str: r"[ !#-\[\]-~]*",
    int: _DIGITS,
    bool: "(?:true|false)",
    State: f"(?:{'|'.join(str(number) for number in _STATES)})",
    UnknownCause: f"(?:{'|'.join(re.escape(cause.value) for cause in UnknownCause)})",
    Cause: f"(?:{'|'.join(map(re.escape, CAUSES))})",
}


def _plainest(name: str) -> _Plainest:
    hints, at = get_type_hints(KINDS[name].row), KINDS[name].at
    text = ""
    for field in sorted(_CODECS[name]):
        spelled = _SPELLED[hints[field]]
        if hints[field] in (str, UnknownCause):
            spelled = f'"{f"(?P<target>{spelled})" if field == "target" else spelled}"'
        elif hints[field] == Cause:
            spelled = f'"{spelled}"'
        elif field == at:
            spelled = f"(?P<at>{spelled})"
        pair = f'"{field}":{spelled}'
        added = field in _ADDED[name]
        if not text or text.endswith(",)?"):  # nothing before it is always there
            text += f"(?:{pair},)?" if added else pair
        else:
            text += f"(?:,{pair})?" if added else f",{pair}"
    return _Plainest(re.compile(rf"\{{{text}\}}").fullmatch, "target" in _CODECS[name], bool(at))


_PLAINEST = {name: _plainest(name) for name in KINDS}
