"""A room that answers is alive, however badly it writes what the verdict does not need; over UDP, TCP and TLS alike."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable

import pytest

from agent.lab.listeners.sip import SipRoom
from agent.model import ProbeResult, Reason, Verdict
from agent.probes.sip.options import SipOptions
from tests.agent.probes.sip.test_probe import TCP, UDP, facts_of, over_tls, probe
from tests.agent.probes.sip.test_wire import NOT_NEEDED
from tests.pki import pki

Rewrite = Callable[[bytes], bytes]
OPTIONS = {"udp": UDP, "tcp": TCP, "tls": over_tls()}


@pytest.fixture
async def room() -> AsyncIterator[SipRoom]:
    room = SipRoom(pki().good.context())
    await room.open("127.0.0.1")
    yield room
    await room.close()


async def said(room: SipRoom, options: SipOptions, rewrite: Rewrite, timeout: float = 3.0) -> ProbeResult:
    room.rewrite = rewrite
    return await probe(room, options, timeout)


def with_line(line: bytes) -> Rewrite:
    return lambda answer: answer.replace(b"\r\n", b"\r\n" + line + b"\r\n", 1)


def replaced(pattern: bytes, text: bytes) -> Rewrite:
    return lambda answer: re.sub(pattern, text, answer, flags=re.MULTILINE)


def small_names(answer: bytes) -> bytes:
    return re.sub(rb"^[A-Za-z-]+:", lambda match: match[0].lower(), answer, flags=re.MULTILINE)


def compact(answer: bytes) -> bytes:
    for long, short in ((b"Via", b"v"), (b"From", b"f"), (b"To", b"t"), (b"Call-ID", b"i"), (b"Content-Length", b"l")):
        answer = answer.replace(b"\r\n" + long + b":", b"\r\n" + short + b":")
    return answer


WRITTEN = {
    "compact names": compact,
    "names in small letters": small_names,
    "version in small letters": replaced(rb"^SIP/2.0 200", b"sip/2.0 200"),
    "no space behind colons": replaced(rb"^([A-Za-z-]+): ", rb"\1:"),
    "space before colons": replaced(rb"^([A-Za-z-]+):", rb"\1 \t:"),
    "space behind values": replaced(rb"([^\r\n])\r$", b"\\1 \t\r"),
    "folded lines": replaced(rb";(branch|tag|rport)", b"\r\n  ;\\1"),
    "folded before the value": replaced(rb"^(Call-ID|CSeq|Via): ", b"\\1:\r\n\t"),
    "space around parameters": replaced(rb";branch=", b" ; branch = "),
    "no reason phrase": replaced(rb"^SIP/2.0 200 OK", b"SIP/2.0 200"),
    "a reason phrase that is not UTF-8": replaced(rb"^SIP/2.0 200 OK", b"SIP/2.0 200 \xff\xfe"),
    "more spaces in the status line": replaced(rb"^SIP/2.0 200 OK", b"SIP/2.0  200\tOK "),
    "line ends before and behind": lambda answer: b"\r\n\r\n" + answer + b"\r\n\r\n",
    "no Content-Length": replaced(rb"^Content-Length: 0\r\n", b""),
    "the same Call-ID twice": replaced(rb"^(Call-ID: .*\r\n)", rb"\1\1"),
    "To without a tag": replaced(rb";tag=lab", b""),
    "lines that end with LF": lambda answer: answer.replace(b"\r\n", b"\n"),
    "one line that ends with LF": replaced(rb"^(To:.*)\r\n", b"\\1\n"),
    "more Vias behind ours": replaced(rb"^(From: )", b"Via: SIP/2.0/UDP 127.0.0.2;branch=z9hG4bKno\r\n\\1"),
} | {f"a line: {name}": with_line(line) for name, line in NOT_NEEDED.items() if name != "60 KiB"}


@pytest.mark.parametrize("transport", OPTIONS)
async def test_a_living_room_is_up_however_it_writes(room: SipRoom, transport: str) -> None:
    results = {name: await said(room, OPTIONS[transport], rewrite) for name, rewrite in WRITTEN.items()}
    assert {name: (each.verdict, each.reason, each.detail) for name, each in results.items()} == dict.fromkeys(
        WRITTEN, (Verdict.OK, Reason.OK, "answered 200")
    )


NEEDED: dict[str, tuple[Rewrite, str]] = {
    "a status of two digits": (replaced(rb"^SIP/2.0 200", b"SIP/2.0 20"), "neither a status line nor a request line"),
    "a status of 700": (replaced(rb"^SIP/2.0 200", b"SIP/2.0 700"), "neither a status line nor a request line"),
    "another version": (replaced(rb"^SIP/2.0 200", b"SIP/3.0 200"), "neither a status line nor a request line"),
    "no Via": (replaced(rb"^Via:.*\r\n", b""), "no via"),
    "a Via without a branch": (replaced(rb";branch=[^;\r]*", b""), "a Via without a branch"),
    "a Via that is not one": (replaced(rb"^Via: SIP/2.0/", b"Via: "), "a Via that is not one"),
    "no Call-ID": (replaced(rb"^Call-ID", b"X-Call-ID"), "no call-id"),
    "two Call-IDs": (with_line(b"Call-ID: other"), "call-id stands twice, and differs"),
    "NUL in the Call-ID": (replaced(rb"^Call-ID: ", b"Call-ID: \x00"), "a control character in call-id"),
    "no CSeq": (replaced(rb"^CSeq.*\r\n", b""), "no cseq"),
    "a CSeq without a number": (replaced(rb"^CSeq: [0-9]*", b"CSeq: x"), "a CSeq that is not a number and a method"),
    "no From": (replaced(rb"^From", b"Form"), "no from"),
    "an empty To": (replaced(rb"^To: .*\r", b"To: \r"), "no to"),
}


async def test_a_datagram_without_the_blank_line_is_an_answer_and_a_stream_waits(room: SipRoom) -> None:
    results = await asyncio.gather(*(said(room, options, lambda it: it[:-2], 0.5) for options in OPTIONS.values()))
    assert [each.reason for each in results] == [Reason.OK, Reason.STALLED, Reason.STALLED]


async def said_by_its_own_room(options: SipOptions, rewrite: Rewrite, timeout: float) -> ProbeResult:
    room = SipRoom(pki().good.context())
    await room.open("127.0.0.1")
    try:
        return await said(room, options, rewrite, timeout)
    finally:
        await room.close()


@pytest.mark.parametrize("transport", OPTIONS)
async def test_what_is_needed_and_malformed_fails_by_name(transport: str) -> None:
    """Over UDP at the deadline, since the right answer may still come; over a connection at once."""
    timeout = 1.5 if transport == "udp" else 10.0
    asked = (said_by_its_own_room(OPTIONS[transport], rewrite, timeout) for rewrite, _ in NEEDED.values())
    results = dict(zip(NEEDED, await asyncio.gather(*asked), strict=True))
    assert {name: (each.reason, each.detail) for name, each in results.items()} == {
        name: (Reason.PROTOCOL_ERROR, why) for name, (_, why) in NEEDED.items()
    }
    assert max(each.took_seconds for each in results.values()) < 5.0


@pytest.mark.parametrize(
    ("length", "over_udp", "over_tcp"),
    [
        (b"4711", Reason.OK, Reason.STALLED),  # the rest is waited for
        (b"3", Reason.OK, Reason.OK),  # bytes behind the answer concern nobody
        (b"-1", Reason.OK, Reason.PROTOCOL_ERROR),
        (b"0\r\nContent-Length: 5", Reason.OK, Reason.PROTOCOL_ERROR),
        (b"70000", Reason.OK, Reason.TOO_LARGE),
    ],
)
async def test_a_wrong_content_length_matters_where_it_cuts_a_stream(
    room: SipRoom, length: bytes, over_udp: Reason, over_tcp: Reason
) -> None:
    def rewrite(answer: bytes) -> bytes:
        return answer.replace(b"Content-Length: 0", b"Content-Length: " + length) + b"v=0\r\ns=-\r\n"

    results = await asyncio.gather(*(said(room, options, rewrite, 2.0) for options in OPTIONS.values()))
    reasons = dict(zip(OPTIONS, (result.reason for result in results), strict=True))
    assert reasons == {"udp": over_udp, "tcp": over_tcp, "tls": over_tcp}


async def test_a_server_text_of_any_bytes_is_shown_cleaned(room: SipRoom) -> None:
    room.server = ""
    result = await said(room, UDP, with_line(b"Server: \x1b[31m\xff\x00room"))
    assert (result.reason, facts_of(result).server) == (Reason.OK, "\ufffd[31m\ufffd\ufffdroom")


async def test_keep_alives_are_no_answer_and_no_garbage(room: SipRoom) -> None:
    blanks = (b"\r\n\r\n", b"\0", b"")
    results = [await said(room, UDP, replaced(rb"(?s)\A.*\Z", blank), 0.15) for blank in blanks]
    assert {each.reason for each in results} == {Reason.TIMEOUT}
    assert (await said(room, TCP, replaced(rb"(?s)\A.*\Z", blanks[0]), 0.15)).reason is Reason.TIMEOUT
