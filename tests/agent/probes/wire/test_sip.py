"""The SIP codec against messages made to break it, in the spirit of RFC 4475, and against mutants of good answers."""

from __future__ import annotations

import os
import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.probes.wire.sip import (
    MAX_HEADERS,
    MAX_MESSAGE_BYTES,
    Asker,
    Framer,
    Ids,
    Malformed,
    OptionsTemplate,
    Request,
    Response,
    fresh_ids,
    parse,
)

MUTANTS = int(os.environ.get("SANSANG_MUTANTS", "5000"))
IDS = Ids(b"z9hG4bK0011223344556677", b"8899aabbccddeeff", 4711)
VIA = b"Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK0011223344556677;rport=5060;received=127.0.0.1\r\n"
REST = (
    b"From: <sip:monitor@127.0.0.1>;tag=01020304\r\nTo: <sip:127.1.1.1>;tag=9f\r\n"
    b"Call-ID: 8899aabbccddeeff\r\nCSeq: 4711 OPTIONS\r\n"
)
END = b"Content-Length: 0\r\n\r\n"
OK = b"SIP/2.0 200 OK\r\n" + VIA + REST + END
# as a room system answers, body included
ROOM = (
    b"SIP/2.0 200 OK\r\n" + VIA + REST + b"Server: baresip v1.0.0 (x86_64/linux)\r\n"
    b"Contact: <sip:room-05-0x5581@127.1.1.5:5060>\r\nAllow: INVITE,ACK,BYE,CANCEL,OPTIONS,NOTIFY,SUBSCRIBE,INFO\r\n"
    b"Supported: gruu\r\nContent-Type: application/sdp\r\nContent-Length: 26\r\n\r\nv=0\r\no=- 1 2 IN IP4 0\r\ns=-"
)
# as a small client answers over UDP: no Content-Length, no Server
SMALL = b"SIP/2.0 200 Ok\r\n" + VIA + REST + b"\r\n"
PROXY = b"SIP/2.0 404 Not Found\r\n" + VIA + REST + b"Server: kamailio (5.6.3 (x86_64/linux))\r\n" + END
CAPTURED = (OK, ROOM, SMALL, PROXY)


def changed(old: bytes, new: bytes) -> bytes:
    assert old in OK
    return OK.replace(old, new)


VALID = {
    "plain": OK,
    "with a body": ROOM,
    "no content-length": SMALL,
    "compact names": OK.replace(b"Via:", b"v:")
    .replace(b"From:", b"f:")
    .replace(b"To:", b"t:")
    .replace(b"Call-ID:", b"i:")
    .replace(b"Content-Length:", b"l:"),
    "any case, spaces before the colon": OK.replace(b"Via:", b"vIA  :").replace(b"CSeq:", b"CSEQ\t:"),
    "folded lines": OK.replace(b";branch", b"\r\n ;branch").replace(b"4711 OPTIONS", b"4711\r\n\t  OPTIONS"),
    "spaces around the parameter": changed(b";branch=", b" ; branch = "),
    "branch after a quoted semicolon and comma": changed(b";branch=", b';x="a;branch=no,\\"b";branch='),
    "two hops in one Via": changed(b";received=127.0.0.1", b", SIP/2.0/TCP 127.0.0.2;branch=z9hG4bKother"),
    "two Vias": OK.replace(VIA, VIA + b"Via: SIP/2.0/TCP 127.0.0.2;branch=z9hG4bKother\r\n"),
    "no reason phrase": changed(b"200 OK", b"200 "),
    "no reason phrase and no space": changed(b"200 OK", b"200"),
    "phrase in UTF-8": changed(b"200 OK", "200 sẵn sàng".encode()),
    "old version in small letters": changed(b"SIP/2.0 200", b"sip/2.0 200"),
    "unknown headers": OK.replace(END, b"X-Odd_Name!: \xff\xfe\r\nEmpty:\r\n" + END),
    "leading zeros": changed(b"CSeq: 4711", b"CSeq: 0000004711"),
    "quoted NUL": changed(b"To: <", b'To: "NUL:\\\x00 DEL:\\\x7f" <'),
    "bytes after the body": OK + b"\r\n\r\nstray",
    "escapes in a URI": changed(b"<sip:127.1.1.1>", b"<sip:%00%4a%25@127.1.1.1;%6c=x>"),
    "spaces in the Via protocol": changed(b"Via: SIP/2.0/UDP", b"Via: SIP  / 2.0 / UDP "),
}
INVALID = {
    "nothing": b"",
    "only line ends": b"\r\n\r\n\r\n",
    "no end": OK[:-2],
    "LF only": OK.replace(b"\r\n", b"\n"),
    "one bare LF": changed(b";tag=9f\r\n", b";tag=9f\n"),
    "bare CR": changed(b"tag=9f", b"tag=9\rf"),
    "raw NUL": changed(b"tag=9f", b"tag=9\x00f"),
    "status too big": changed(b"200 OK", b"4294967301 Better"),
    "status of two digits": changed(b"200 OK", b"20 OK"),
    "status 700": changed(b"200 OK", b"700 OK"),
    "status 099": changed(b"200 OK", b"099 OK"),
    "unknown version": changed(b"SIP/2.0 200", b"SIP/7.0 200"),
    "HTTP": OK.replace(b"SIP/2.0 200", b"HTTP/1.1 200", 1),
    "no Via": OK.replace(VIA, b""),
    "no From": changed(b"From:", b"X-From:"),
    "no To": changed(b"To:", b"X-To:"),
    "no Call-ID": changed(b"Call-ID:", b"X-Call-ID:"),
    "no CSeq": changed(b"CSeq:", b"X-CSeq:"),
    "empty Call-ID": changed(b"8899aabbccddeeff", b""),
    "two Call-IDs": changed(b"CSeq:", b"i: other\r\nCSeq:"),
    "two CSeqs": changed(b"CSeq:", b"CSeq: 4711 OPTIONS\r\nCSeq:"),
    "two Content-Lengths": changed(END, b"l: 0\r\n" + END),
    "CSeq without a method": changed(b"4711 OPTIONS", b"4711"),
    "CSeq too big": changed(b"4711 OPTIONS", b"36893488147419103232 OPTIONS"),
    "negative CSeq": changed(b"4711 OPTIONS", b"-1 OPTIONS"),
    "negative Content-Length": changed(b"Content-Length: 0", b"Content-Length: -1"),
    "Content-Length with a plus": changed(b"Content-Length: 0", b"Content-Length: +0"),
    "Content-Length of 40 digits": changed(b"Content-Length: 0", b"Content-Length: " + b"9" * 40),
    "body cut short": ROOM[:-1],
    "Via without a transport": changed(b"SIP/2.0/UDP", b"SIP/2.0"),
    "line without a colon": changed(END, b"garbage\r\n" + END),
    "name that is no token": changed(END, b"bad name: x\r\n" + END),
    "empty name": changed(END, b": x\r\n" + END),
    "fold before any header": changed(b"200 OK\r\nVia", b"200 OK\r\n Via"),
    "TLS record": b"\x16\x03\x01\x00\xc8" + b"\x01" * 200,
    "too many headers": changed(END, b"X: y\r\n" * (MAX_HEADERS + 1) + END),
    "too long": changed(END, b"X: " + b"y" * MAX_MESSAGE_BYTES + b"\r\n" + END),
}


@pytest.mark.parametrize("name", VALID)
def test_a_valid_answer_is_ours_however_it_is_written(name: str) -> None:
    message = parse(VALID[name])
    assert isinstance(message, Response), message
    assert (message.status, message.ids) == (200, IDS)


@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_message_is_refused_with_a_reason(name: str) -> None:
    message = parse(INVALID[name])
    assert isinstance(message, Malformed), message
    assert message.why
    assert message.too_large == name.startswith("too ")


def test_the_device_says_who_it_is() -> None:
    servers = [message.server for message in map(parse, CAPTURED) if isinstance(message, Response)]
    assert servers == [b"", b"baresip v1.0.0 (x86_64/linux)", b"", b"kamailio (5.6.3 (x86_64/linux))"]
    phone = parse(changed(END, b"User-Agent: Phone/2\r\n" + END))
    assert isinstance(phone, Response)
    assert phone.server == b"Phone/2"


def test_a_request_of_a_peer_is_known_as_one() -> None:
    head = OK.partition(b"\r\n")[2]
    request = parse(b"OPTIONS sip:monitor@127.0.0.1:5060 SIP/2.0\r\n" + head)
    assert request == Request(b"OPTIONS", b"sip:monitor@127.0.0.1:5060", IDS)
    assert isinstance(parse(b"INVITE sip:x@127.0.0.1 SIP/2.0\r\n" + head), Malformed)  # CSeq says OPTIONS


def test_what_is_sent_is_one_well_formed_options() -> None:
    asker = Asker("TCP", "2001:db8::7")
    ids, tag = fresh_ids(bytes(range(24)))
    text = OptionsTemplate("sip:100%25@h.example", "sip:h.example", asker).encode(ids, tag, 5060)
    assert parse(text) == Request(b"OPTIONS", b"sip:100%25@h.example", ids)
    lines = text.split(b"\r\n")
    assert lines[1] == b"Via: SIP/2.0/TCP [2001:db8::7]:5060;branch=%b;rport" % ids.branch
    assert b"Contact: <sip:monitor@[2001:db8::7]:5060;transport=tcp>" in lines
    assert lines[-3:] == [b"Content-Length: 0", b"", b""]
    assert text.count(b"OPTIONS") == 2
    assert b"INVITE" not in text


@pytest.mark.parametrize("bad", ["sip:x\r\nVia: y", "sip:x\0", "sip:sẵn"])
def test_text_that_could_break_a_line_is_never_sent(bad: str) -> None:
    with pytest.raises(ValueError, match="printable"):
        OptionsTemplate(bad, "sip:x", Asker("UDP", "127.0.0.1"))


def test_ids_differ_in_every_part() -> None:
    made = [fresh_ids(os.urandom(24)) for _ in range(100)]
    assert len({ids.branch for ids, _ in made}) == len({ids.call_id for ids, _ in made}) == 100
    assert all(1 <= ids.cseq < 2**31 and ids.branch.startswith(b"z9hG4bK") for ids, _ in made)


# Streams


def taken(framer: Framer) -> list[object]:
    messages: list[object] = []
    while (message := framer.take()) is not None:
        messages.append(message)
        if isinstance(message, Malformed):
            break
    return messages


def statuses(pieces: list[bytes]) -> list[int]:
    framer, found = Framer(), []
    for piece in pieces:
        framer.feed(piece)
        for message in taken(framer):
            assert isinstance(message, Response), message
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
    framer = Framer()
    framer.feed(data)
    message = framer.take()
    assert isinstance(message, Malformed)
    assert message.too_large is too_large


def test_keep_alives_without_end_are_not_kept() -> None:
    framer = Framer()
    for _ in range(100):
        framer.feed(b"\r\n" * 10_000)
        assert framer.take() is None
    assert not framer.started
    framer.feed(OK)
    assert len(taken(framer)) == 1


# Mutants


def mutant(rng: random.Random) -> bytes:
    data = bytearray(rng.choice(CAPTURED))
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(data) + 1)
        kind = rng.randrange(6)
        if kind == 0 and at < len(data):
            data[at] = rng.randrange(256)
        elif kind == 1:
            del data[at : at + rng.randint(1, 20)]
        elif kind == 2:
            data[at:at] = rng.randbytes(rng.randint(1, 20))
        elif kind == 3:
            data[at:at] = rng.choice((b"\r\n", b"\r\n ", b"\n", b"\r", b"\x00", b'"', b";branch=", b",", b":", b"%n"))
        elif kind == 4:
            piece = data[at : at + rng.randint(1, 80)]
            data[at:at] = piece * rng.randint(1, 5)
        else:
            other = rng.choice(CAPTURED)
            data[at:] = other[rng.randrange(len(other)) :]
    return bytes(data)


def test_mutants_of_good_answers_are_parsed_or_refused_never_worse() -> None:
    rng = random.Random(3261)
    accepted = 0
    for _ in range(MUTANTS):
        data = mutant(rng)
        message = parse(data)
        assert isinstance(message, Response | Request | Malformed)
        if isinstance(message, Response):
            accepted += 1
            assert 100 <= message.status <= 699
        framer = Framer()
        for at in range(0, len(data), 97):
            framer.feed(data[at : at + 97])
            taken(framer)
    assert 0 < accepted < MUTANTS


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_are_parsed_or_refused(data: bytes) -> None:
    assert isinstance(parse(data), Response | Request | Malformed)
    assert isinstance(parse(b"SIP/2.0 200 OK\r\n" + data + b"\r\n\r\n"), Response | Request | Malformed)


@pytest.mark.parametrize(
    "hostile",
    [
        b'Via: SIP/2.0/UDP x;a="' + b'\\"' * 30_000,
        b"Via: SIP/2.0/UDP x" + b";" * 60_000,
        b"Via: " + b"SIP/" * 15_000,
        b"X: y" + b"\r\n " * 20_000,
        b"CSeq: " + b"1" * 60_000,
        b"\\" * 30_000 + b"\0" * 30_000 + b": x",
    ],
)
def test_hostile_headers_cost_no_time(hostile: bytes) -> None:
    """The bound is generous for a busy machine; a quadratic parser would need tens of seconds."""
    import time

    data = b"SIP/2.0 200 OK\r\n" + hostile + b"\r\n" + REST + END
    started = time.process_time()
    for _ in range(10):
        parse(data)
    assert time.process_time() - started < 1.0
