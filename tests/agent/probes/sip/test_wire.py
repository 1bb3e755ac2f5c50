"""The SIP codec against messages made to break it, in the spirit of RFC 4475, and against mutants of good answers."""

from __future__ import annotations

import os
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.probes.sip.wire import (
    MAX_HEADERS,
    MAX_MESSAGE_BYTES,
    OptionsTemplate,
    SipFramer,
    SipMalformed,
    SipRequest,
    SipResponse,
    TransactionIds,
    UserAgentClient,
    fresh_ids,
    parse,
)

MUTANTS = int(os.environ.get("SANSANG_MUTANTS", "5000"))
IDS = TransactionIds(b"z9hG4bK0011223344556677", b"8899aabbccddeeff", 4711)
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
    "no space after the colon": OK.replace(b": ", b":"),
    "much space around values": OK[: -len(END)].replace(b": ", b":\t  ").replace(b"\r\n", b" \t\r\n") + END,
    "all names in small letters": OK.replace(b"Via", b"via").replace(b"CSeq", b"cseq").replace(b"Call-ID", b"call-id"),
    "method in small letters": changed(b"4711 OPTIONS", b"4711 options"),
    "spaces in the status line": changed(b"SIP/2.0 200 OK", b"SIP/2.0\t 200  OK"),
    "line ends before it": b"\r\n\r\n" + OK,
    "LF only": OK.replace(b"\r\n", b"\n"),
    "LF only, folded": OK.replace(b"\r\n", b"\n").replace(b";branch", b"\n ;branch"),
    "one bare LF": changed(b";tag=9f\r\n", b";tag=9f\n"),
    "LF in the blank line": OK[:-2] + b"\n",
    "the same Call-ID twice": changed(b"CSeq:", b"i: 8899aabbccddeeff\r\nCSeq:"),
}
NOT_NEEDED = {  # one line more, of which nothing is asked
    "no colon": b"garbage",
    "a name that is no token": b"bad name: x",
    "no name": b": x",
    "nothing but a colon": b":",
    "a bad Contact": b'Contact: <sip:"@[::1>;;;=',
    "not UTF-8": b"Organization: \xff\xfe\x80",
    "a name that is not ASCII": "Tên: Xã A".encode(),
    "an odd Allow": b"Allow: ,, INVITE;;OPTIONS ,\t",
    "a bad Date": b"Date: yesterday, or so",
    "NUL": b"X-Room: \x00\x00",
    "a bare CR": b"X-Room: one\rtwo",
    "a bare LF": b"X-Room: one\ntwo",
    "the header's text in a value": b"Subject: Call-ID: other",
    "a value that looks like the blank line": b"X: \r\n \r\n \ty",
    "two Servers": b"Server: a\r\nServer: b",
    "a Server of controls": b"Server: \x1b[31m\x00\rred",
    "a User-Agent of nothing": b"User-Agent:",
    "two Contents": b"Content-Type: x\r\nc: y",
    "a name with a needed one in it": b"X-Via: no\r\nVia-X: no\r\nTo-Tag: no",
    "a fold of nothing": b"X-Room:\r\n \r\n\t",
    "60 KiB": b"X-Room: " + b"x" * 60_000,
    "a Date of folds": b"Date:" + b"\r\n x" * 200,
}
LENGTHS = {  # of a datagram nobody needs them
    "two": b"0\r\nl: 7",
    "negative": b"-1",
    "with a plus": b"+0",
    "of 40 digits": b"9" * 40,
    "too long": b"4711",
    "none": b"",
    "a word": b"zero",
}
INVALID = {
    "nothing": b"",
    "only line ends": b"\r\n\r\n\r\n",
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
    "two CSeqs": changed(b"CSeq:", b"CSeq: 4712 OPTIONS\r\nCSeq:"),
    "two Froms": changed(b"CSeq:", b"f: <sip:other@127.0.0.1>;tag=1\r\nCSeq:"),
    "two Tos": changed(b"CSeq:", b"t: <sip:other@127.0.0.1>;tag=1\r\nCSeq:"),
    "bare CR in a folded Call-ID": changed(b"8899aabbccddeeff", b"\r\n 8899aabb\rccddeeff"),
    "NUL in the Call-ID": changed(b"8899aabb", b"8899\x00aabb"),
    "Via without a branch": changed(b";branch=z9hG4bK0011223344556677", b""),
    "no space before the status": changed(b"SIP/2.0 200", b"SIP/2.0200"),
    "CSeq without a method": changed(b"4711 OPTIONS", b"4711"),
    "CSeq too big": changed(b"4711 OPTIONS", b"36893488147419103232 OPTIONS"),
    "negative CSeq": changed(b"4711 OPTIONS", b"-1 OPTIONS"),
    "Via without a transport": changed(b"SIP/2.0/UDP", b"SIP/2.0"),
    "fold before any header": changed(b"200 OK\r\nVia", b"200 OK\r\n Via"),
    "TLS record": b"\x16\x03\x01\x00\xc8" + b"\x01" * 200,
    "too many headers": changed(END, b"X: y\r\n" * (MAX_HEADERS + 1) + END),
    "too long": changed(END, b"X: " + b"y" * MAX_MESSAGE_BYTES + b"\r\n" + END),
}


@pytest.mark.parametrize("name", VALID)
def test_a_valid_answer_is_ours_however_it_is_written(name: str) -> None:
    message = parse(VALID[name])
    assert isinstance(message, SipResponse), message
    assert (message.status, message.ids) == (200, IDS)


@pytest.mark.parametrize("name", NOT_NEEDED)
@pytest.mark.parametrize("where", ["first", "last"])
def test_a_line_that_is_not_needed_cannot_make_an_answer_invalid(name: str, where: str) -> None:
    line = NOT_NEEDED[name] + b"\r\n"
    data = OK.replace(VIA, line + VIA) if where == "first" else OK.replace(END, line + END)
    assert _ids_of(parse(data)) == IDS
    framer = SipFramer()
    framer.feed(data)
    assert _ids_of(framer.take()) == IDS


@pytest.mark.parametrize("name", LENGTHS)
def test_content_length_is_needed_in_a_stream_and_nowhere_else(name: str) -> None:
    data = changed(b"Content-Length: 0", b"Content-Length: " + LENGTHS[name])
    assert _ids_of(parse(data)) == IDS
    framer = SipFramer()
    framer.feed(data)
    found = framer.take()
    assert found is None if name == "too long" else isinstance(found, SipMalformed)


@pytest.mark.parametrize("cut", [1, 5, 26])
def test_a_body_cut_short_is_whole_in_a_datagram_and_waited_for_in_a_stream(cut: int) -> None:
    assert _ids_of(parse(ROOM[:-cut])) == IDS
    framer = SipFramer()
    framer.feed(ROOM[:-cut])
    assert (framer.take(), framer.started) == (None, True)


def _ids_of(message: object) -> TransactionIds | None:
    return message.ids if isinstance(message, SipResponse) else None


@pytest.mark.parametrize("name", ["LF only", "one bare LF", "LF in the blank line"])
def test_a_line_may_end_with_lf_alone_in_a_stream_too(name: str) -> None:
    framer = SipFramer()
    for at in range(len(VALID[name])):
        framer.feed(VALID[name][at : at + 1])
    assert (_ids_of(framer.take()), framer.started) == (IDS, False)
    framer.feed(VALID[name] + VALID["LF only"])
    assert [_ids_of(framer.take()) for _ in range(2)] == [IDS, IDS]


@pytest.mark.parametrize("cut", [1, 2, 3, 4])
def test_the_end_of_a_datagram_ends_the_head_and_a_stream_is_waited_for(cut: int) -> None:
    assert _ids_of(parse(OK[:-cut])) == IDS
    framer = SipFramer()
    framer.feed(OK[:-cut])
    assert (framer.take(), framer.started) == (None, True)


@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_message_is_refused_with_a_reason(name: str) -> None:
    message = parse(INVALID[name])
    assert isinstance(message, SipMalformed), message
    assert message.why
    assert message.too_large == name.startswith("too ")


def test_the_device_says_who_it_is() -> None:
    servers = [message.server for message in map(parse, CAPTURED) if isinstance(message, SipResponse)]
    assert servers == [b"", b"baresip v1.0.0 (x86_64/linux)", b"", b"kamailio (5.6.3 (x86_64/linux))"]
    phone = parse(changed(END, b"User-Agent: Phone/2\r\n" + END))
    assert isinstance(phone, SipResponse)
    assert phone.server == b"Phone/2"


def test_a_request_of_a_peer_is_known_as_one_and_not_read() -> None:
    for head in (OK.partition(b"\r\n")[2], b"\xff\r\n\r\n"):
        request = parse(b"NOTIFY sip:monitor@127.0.0.1:5060 SIP/2.0\r\n" + head)
        assert request == SipRequest(b"NOTIFY", b"sip:monitor@127.0.0.1:5060")


def test_what_is_sent_is_one_well_formed_options() -> None:
    asker = UserAgentClient("TCP", "2001:db8::7")
    ids, tag = fresh_ids(bytes(range(24)))
    text = OptionsTemplate("sip:100%25@h.example", "sip:h.example", asker).encode(ids, tag, 5060)
    assert parse(text) == SipRequest(b"OPTIONS", b"sip:100%25@h.example")
    echoed = parse(text.replace(b"OPTIONS sip:100%25@h.example SIP/2.0", b"SIP/2.0 200 OK"))
    assert _ids_of(echoed) == ids
    lines = text.split(b"\r\n")
    assert lines[1] == b"Via: SIP/2.0/TCP [2001:db8::7]:5060;branch=%b;rport" % ids.branch
    assert b"Contact: <sip:monitor@[2001:db8::7]:5060;transport=tcp>" in lines
    assert lines[-3:] == [b"Content-Length: 0", b"", b""]
    assert text.count(b"OPTIONS") == 2
    assert b"INVITE" not in text


@pytest.mark.parametrize("bad", ["sip:x\r\nVia: y", "sip:x\0", "sip:sẵn"])
def test_text_that_could_break_a_line_is_never_sent(bad: str) -> None:
    with pytest.raises(ValueError, match="printable"):
        OptionsTemplate(bad, "sip:x", UserAgentClient("UDP", "127.0.0.1"))


def test_ids_differ_in_every_part() -> None:
    made = [fresh_ids(os.urandom(24)) for _ in range(100)]
    assert len({ids.branch for ids, _ in made}) == len({ids.call_id for ids, _ in made}) == 100
    assert all(1 <= ids.cseq < 2**31 and ids.branch.startswith(b"z9hG4bK") for ids, _ in made)


# Mutants


def taken(framer: SipFramer) -> list[object]:
    messages: list[object] = []
    while (message := framer.take()) is not None:
        messages.append(message)
        if isinstance(message, SipMalformed):
            break
    return messages


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
        assert isinstance(message, SipResponse | SipRequest | SipMalformed)
        if isinstance(message, SipResponse):
            accepted += 1
            assert 100 <= message.status <= 699
        framer = SipFramer()
        for at in range(0, len(data), 97):
            framer.feed(data[at : at + 97])
            taken(framer)
    assert 0 < accepted < MUTANTS


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_are_parsed_or_refused(data: bytes) -> None:
    assert isinstance(parse(data), SipResponse | SipRequest | SipMalformed)
    assert isinstance(parse(b"SIP/2.0 200 OK\r\n" + data + b"\r\n\r\n"), SipResponse | SipRequest | SipMalformed)


@pytest.mark.parametrize(
    "hostile",
    [
        b'Via: SIP/2.0/UDP x;a="' + b'\\"' * 30_000,
        b"Via: SIP/2.0/UDP x" + b";" * 60_000,
        b"Via: " + b"SIP/" * 15_000,
        b"X: y" + b"\r\n " * 20_000,
        b"CSeq: " + b"1" * 60_000,
        b"\\" * 30_000 + b"\0" * 30_000 + b": x",
        b"v" + b" " * 60_000,
        b"Call-ID:" + b" " * 60_000 + b"x",
        b"Call-ID: x" + b"\r\n \t " * 200 + b" " * 60_000,
        b"a:\r\n" * 254,
        b"v:\r\n" * 254,
        b"X:" + b"\r\n a" * 15_000,
        b"Record-Route: <sip:a>\r\n" * 2_500,
    ],
)
def test_hostile_headers_cost_no_time(hostile: bytes) -> None:
    """The bound is generous for a busy machine; a quadratic parser would need tens of seconds."""
    data = b"SIP/2.0 200 OK\r\n" + hostile + b"\r\n" + REST + END
    started = time.process_time()
    for _ in range(10):
        parse(data)
    assert time.process_time() - started < 1.0
