"""SIP messages cut out of a stream, wherever it is split."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.probes.sip.wire import MAX_MESSAGE_BYTES, SipFramer, SipMalformed, SipResponse
from tests.agent.probes.sip.test_wire import OK, PROXY, ROOM, SMALL, changed, taken


def statuses(pieces: list[bytes]) -> list[int]:
    framer, found = SipFramer(), []
    for piece in pieces:
        framer.feed(piece)
        for message in taken(framer):
            assert isinstance(message, SipResponse), message
            found.append(message.status)
    assert not framer.started
    return found


STREAM = b"\r\n\r\n" + OK.replace(b"200 OK", b"100 Trying") + b"\r\n" + ROOM + SMALL + PROXY + b"\r\n\r\n"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100, 5000])
def test_a_stream_is_cut_by_content_length_wherever_it_is_split(size: int) -> None:
    assert statuses([STREAM[at : at + size] for at in range(0, len(STREAM), size)]) == [100, 200, 200, 404]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_any_split_gives_the_same_messages(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(STREAM)]
    assert statuses([STREAM[a:b] for a, b in pairwise(edges)]) == [100, 200, 200, 404]


@pytest.mark.parametrize(
    ("data", "too_large"),
    [
        (b"SIP/2.0 200 OK\r\n" + b"X-A: b\r\n" * 9000, True),
        (b"SIP/2.0 200 OK\r\nX: " + b"y" * (MAX_MESSAGE_BYTES + 10), True),
        (changed(b"Content-Length: 0", b"Content-Length: 65536"), True),
        (b"hello there\r\n", False),
        (b"HTTP/1.1 400 Bad Request\r\n", False),
    ],
)
def test_a_stream_is_bounded_and_refused_early(data: bytes, too_large: bool) -> None:
    framer = SipFramer()
    framer.feed(data)
    message = framer.take()
    assert isinstance(message, SipMalformed)
    assert message.too_large is too_large


@pytest.mark.parametrize(
    "data",
    [
        b"SIP/2.0 200 OK" + b"x" * 60_000,
        b"SIP/2.0 200 OK\r\n" + b"X-A: b\r\n" * 200 + b"y" * 60_000,
        changed(b"Content-Length: 0", b"Content-Length: 60000") + b"z" * 59_999,
        b"\r\n" * 30_000,
    ],
    ids=["status line", "headers", "body", "keep-alives"],
)
def test_a_stream_of_single_bytes_costs_no_more_than_its_length(data: bytes) -> None:
    """A framer that begins anew with every byte would need 20 s and more."""
    framer = SipFramer()
    started = time.process_time()
    for at in range(len(data)):
        framer.feed(data[at : at + 1])
        assert framer.take() is None
    assert time.process_time() - started < 2.0


def test_keep_alives_without_end_are_not_kept() -> None:
    framer = SipFramer()
    for _ in range(100):
        framer.feed(b"\r\n" * 10_000)
        assert framer.take() is None
    assert not framer.started
    framer.feed(OK)
    assert len(taken(framer)) == 1
