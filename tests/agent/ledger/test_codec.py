"""Canonical rows: every kind comes back as it was, anything else is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import LedgerError
from agent.ledger.codec import GENESIS, NAME_OF, decode, encode, fault_of, link
from agent.ledger.rows import AgentStop, Content, Row
from agent.model import Reason, State, UnknownCause
from tests.agent.ledger.rows import ALL_KINDS, ANY_ROW, change, content, start


def test_every_row_kind_has_a_name() -> None:
    assert set(NAME_OF) == ALL_KINDS


@given(ANY_ROW)
def test_round_trip(row: Row) -> None:
    encoded = encode(row)
    assert decode(encoded.kind, encoded.body, encoded.blob) == row
    assert encode(decode(encoded.kind, encoded.body, encoded.blob)) == encoded


def test_a_row_from_before_a_field_was_added_is_read_with_its_default() -> None:
    whole = encode(replace(start(), installation="4f1c")).body
    older = whole.replace('"installation":"4f1c",', "")
    assert older != whole
    assert decode("agent_run", older) == replace(start(), installation="")


def test_the_written_form() -> None:
    encoded = encode(change(60_000, State.DOWN, Reason.TIMEOUT))
    assert (encoded.kind, encoded.target, encoded.at_ms) == ("state_change", "xa-a/room", 60_000)
    assert encoded.body == (
        '{"cause":"reason:timeout","committed_at_ms":60150,"confirmed_at_ms":60100,'
        '"effective_at_ms":60000,"state":0,"target":"xa-a/room"}'
    )


def test_a_word_of_two_enums_keeps_its_kind() -> None:
    ours = encode(change(1, State.UNKNOWN, UnknownCause.LOCAL_ERROR))
    other = encode(change(1, State.UNKNOWN, Reason.LOCAL_ERROR))
    assert '"unknown:local_error"' in ours.body
    assert '"reason:local_error"' in other.body


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("rumour", "{}"),
        ("agent_stop", ""),
        ("agent_stop", "[]"),
        ("agent_stop", "{}"),
        ("agent_stop", '{"at_ms":1,"more":2}'),
        ("agent_stop", '{"at_ms":1.5}'),
        ("agent_stop", '{"at_ms":true}'),
        ("agent_stop", '{"at_ms":"1"}'),
        ("agent_stop", '{"at_ms":NaN}'),
        ("agent_stop", '{"at_ms": 1}'),
        ("agent_stop", '{"at_ms":9223372036854775808}'),
        ("agent_stop", "[" * 100_000),
        ("blind_start", '{"at_ms":1,"cause":"tea_break","scope":""}'),
        ("content", '{"hash":"00","kind":"inventory"}'),
        ("state_change", encode(change(1)).body.replace("reason:ok", "ok")),
        ("state_change", encode(change(1)).body.replace('"state":1', '"state":4')),
    ],
)
def test_hostile_rows_are_refused(kind: str, body: str) -> None:
    with pytest.raises(LedgerError):
        decode(kind, body)


@pytest.mark.parametrize(
    "row",
    [
        AgentStop(1 << 63),
        AgentStop(True),
        AgentStop(1.5),  # type: ignore[arg-type]
        replace(start(), observer="\ud800"),
        replace(start(), observer=None),  # type: ignore[arg-type]
        Content("00", "inventory", b"other bytes"),
        "not a row",
    ],
)
def test_what_cannot_be_kept_exactly_is_refused(row: Row) -> None:
    with pytest.raises(LedgerError):
        encode(row)


def test_content_is_checked_against_its_hash() -> None:
    encoded = encode(content(b"inventory"))
    with pytest.raises(LedgerError, match="not that of its bytes"):
        decode(encoded.kind, encoded.body, b"another")


def test_the_hash_covers_place_and_columns() -> None:
    row = encode(change(1))
    hashes = {
        link(GENESIS, 1, 1, row),
        link(GENESIS, 2, 1, row),
        link(GENESIS, 1, 0, row),
        link(b"\0" * 32, 1, 1, row),
        link(GENESIS, 1, 1, replace(row, target="xa-b/room")),
        link(GENESIS, 1, 1, replace(row, at_ms=2)),
        link(GENESIS, 1, 1, replace(row, kind="soft_failure")),
    }
    assert len(hashes) == 7
    assert json.loads(row.body)["target"] == "xa-a/room"


@given(ANY_ROW, st.integers(1, 1 << 40), st.integers(0, 1 << 40))
def test_the_hash_is_that_of_the_canonical_row(row: Row, seq: int, run: int) -> None:
    kept = encode(row)
    columns = [seq, run, kept.kind, kept.target, kept.at_ms, kept.body]
    canonical = json.dumps(columns, separators=(",", ":"), allow_nan=False)

    assert link(GENESIS, seq, run, kept) == sha256(GENESIS + canonical.encode()).digest()


@given(ANY_ROW)
def test_columns_that_say_otherwise_than_the_body_are_a_fault(row: Row) -> None:
    kept = encode(row)
    other_target = None if kept.target is not None else "xa-a/room"
    other_instant = None if kept.at_ms is not None else 5

    assert fault_of(kept.kind, kept.target, kept.at_ms, kept.body) == ""
    assert fault_of(kept.kind, other_target, kept.at_ms, kept.body) != ""
    assert fault_of(kept.kind, f"{kept.target}x", kept.at_ms, kept.body) != ""
    assert fault_of(kept.kind, kept.target, other_instant, kept.body) != ""
    assert fault_of(kept.kind, kept.target, (kept.at_ms or 0) + 1, kept.body) != ""
    assert fault_of(kept.kind, kept.target, kept.at_ms, kept.body + " ") != ""
    assert fault_of("of_tomorrow", kept.target, kept.at_ms, kept.body) != ""


@given(ANY_ROW, st.data())
def test_the_quick_look_at_a_body_accepts_nothing_that_the_reader_refuses(row: Row, data: st.DataObject) -> None:
    """Bodies with a character put in, taken out or changed."""
    kept = encode(row)
    place = data.draw(st.integers(0, len(kept.body)))
    put = data.draw(st.sampled_from(["", "0", "-", "1", '"', "\\", " ", ",", "e", ".", "\u00e9", "\x00"]))
    body = kept.body[:place] + put + kept.body[place + data.draw(st.integers(0, 1)) :]
    try:
        decoded = encode(decode(kept.kind, body, kept.blob))
    except LedgerError:
        decoded = None

    if decoded is None and kept.kind != "content":
        assert fault_of(kept.kind, kept.target, kept.at_ms, body) != ""
    if decoded is not None and decoded.body == body:
        assert (fault_of(kept.kind, kept.target, kept.at_ms, body) == "") == (decoded.place == kept.place)
