from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from agent.clock import SystemClock
from agent.model import Reason
from agent.probes.tcp.dialogue import Conversation, DialogueStep
from agent.probes.tls.connection import MAX_DIALOGUE, MAX_LINE, ExchangeError, StreamConnection


class Peer:
    """Both ends of a connection: ours to test, theirs to write to and read from."""

    def __init__(self) -> None:
        ours, self.theirs = socket.socketpair()
        ours.setblocking(False)
        self.theirs.setblocking(False)
        self.connection = StreamConnection(ours)
        self.conversation = Conversation(self.connection)

    def say(self, data: bytes, *, end: bool = False) -> None:
        self.theirs.sendall(data)
        if end:
            self.theirs.shutdown(socket.SHUT_WR)

    def heard(self) -> bytes:
        return self.theirs.recv(65536)

    async def take(self, **step: object) -> None:
        await asyncio.wait_for(self.conversation.take(DialogueStep(**step)), 2)  # type: ignore[arg-type]


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    peer = Peer()
    yield peer
    peer.connection.close()
    peer.theirs.close()


async def test_lines_are_read_until_one_fits(peer: Peer) -> None:
    peer.say(b"220-welcome\r\n220-to\n220 ready\r\nnext\n")
    await peer.take(expect="^220 ready$")
    await peer.take(expect="^next$")


@pytest.mark.parametrize(
    ("pattern", "line", "send", "sent"),
    [
        ("^220 ([^ ]+) (.*)$", b"220 mail.example ESMTP", r"EHLO \1 \2", b"EHLO mail.example ESMTP\n"),
        ("^PING (.*)", b"PING :42", r"PONG \1", b"PONG :42\n"),
        ("a(b)?c", b"xacx", r"[\0][\1][\7]", b"[ac][][]\n"),
        ("^Ch\u00e0o (.+)", "Ch\u00e0o b\u1ea1n".encode(), r"\1", "b\u1ea1n\n".encode()),
        ("x", b"x", "plain", b"plain\n"),
        ("(.*)", rb"\1", r"<\1>", b"<\\1>\n"),  # what came is not filled again
        ("x", b"x", r"a\\1 \\ \n \g<x>", rb"a\1 \ \n \g<x>" + b"\n"),  # a doubled backslash is one
        ("(a)" * 12, b"a" * 12, r"\12 \g<12> \g<13>", b"a2 a \n"),
        ("^(.+)$", b"\xff\xfe", r"\1", b"\xff\xfe\n"),  # bytes stay bytes
    ],
)
async def test_what_was_captured_is_sent(peer: Peer, pattern: str, line: bytes, send: str, sent: bytes) -> None:
    peer.say(line + b"\r\n")
    await peer.take(expect=pattern, send=send)
    assert peer.heard() == sent


async def test_a_send_without_an_expect_before_has_nothing_captured(peer: Peer) -> None:
    await peer.take(send=r"<\1>")
    assert peer.heard() == b"<>\n"


async def test_nothing_but_empty_captures_sends_nothing(peer: Peer) -> None:
    peer.say(b"x\n")
    await peer.take(expect="x(y)?", send=r"\1")
    await peer.take(send="end")
    assert peer.heard() == b"end\n"


async def test_captures_last_over_steps(peer: Peer) -> None:
    peer.say(b"id 7\n")
    await peer.take(expect="id ([0-9]+)")
    await peer.take(send=r"say \1")
    assert peer.heard() == b"say 7\n"


async def test_the_last_line_needs_no_end_when_the_connection_has_one(peer: Peer) -> None:
    peer.say(b"login: ", end=True)
    await peer.take(expect="^login: $")


@pytest.mark.parametrize(("wanted", "came"), [("\x00\x01AB", b"\x00\x01AB"), ("ab\ncd", b"ab\ncdef")])
async def test_bytes_are_compared_exactly(peer: Peer, wanted: str, came: bytes) -> None:
    peer.say(came)
    await peer.take(expect_bytes=wanted)


@pytest.mark.parametrize(
    ("step", "came", "reason"),
    [
        ({"expect": "^220"}, b"550 no\n", Reason.BAD_DIALOGUE),
        ({"expect": "^220"}, b"", Reason.CONNECTION_CLOSED),
        ({"expect_bytes": "abc"}, b"abd", Reason.BAD_DIALOGUE),
        ({"expect_bytes": "abc"}, b"ab", Reason.BAD_DIALOGUE),
        ({"expect_bytes": "abc"}, b"", Reason.CONNECTION_CLOSED),
    ],
)
async def test_what_does_not_fit(peer: Peer, step: dict[str, object], came: bytes, reason: Reason) -> None:
    peer.say(came, end=True)
    with pytest.raises(ExchangeError) as caught:
        await peer.take(**step)
    assert caught.value.reason is reason


async def test_more_than_64_kib_is_too_large(peer: Peer) -> None:
    async def pour() -> None:
        while True:
            await asyncio.get_running_loop().sock_sendall(peer.theirs, b"x" * 1000 + b"\n")

    pouring = asyncio.create_task(pour())
    with pytest.raises(ExchangeError) as caught:
        await peer.take(expect="y")
    pouring.cancel()
    assert caught.value.reason is Reason.TOO_LARGE
    assert peer.connection.received <= MAX_DIALOGUE + 16 * 1024


async def test_a_line_is_matched_in_its_first_4_kib_only(peer: Peer) -> None:
    peer.say(b"x" * MAX_LINE + b"needle\nneedle 2\n")
    await peer.take(expect="(needle.*)", send=r"\1")
    assert peer.heard() == b"needle 2\n"


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(.*a){12}$", "^([a-zA-Z]+)*$"])
async def test_patterns_that_explode_elsewhere_take_no_time(peer: Peer, pattern: str) -> None:
    clock = SystemClock()
    peer.say(b"a" * (MAX_LINE - 1) + b"!\n", end=True)
    began = clock.monotonic()
    with pytest.raises(ExchangeError):
        await peer.take(expect=pattern)
    assert clock.monotonic() - began < 0.25


async def test_binary_is_no_error(peer: Peer) -> None:
    peer.say(bytes(range(256)) + b"\n" + b"ok\n")
    await peer.take(expect="^ok$")


async def test_clear_text_after_the_turn_to_tls_is_refused(peer: Peer) -> None:
    import ssl

    peer.say(b"220 go ahead\r\nEVIL injected\r\n")
    await peer.take(expect="^220")
    with pytest.raises(ExchangeError) as caught:
        await peer.connection.start_tls(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), "mail.example")
    assert caught.value.reason is Reason.PROTOCOL_ERROR
