"""Where a body ends, to the letter of RFC 9112: what is malformed is no success, whatever libcurl takes."""

from __future__ import annotations

import pytest

from agent.model import Reason, ReasonCode
from agent.probes.http.chunks import ChunkedDecoder, FramingError
from agent.probes.http.reasons import HttpReason
from tests.agent.probes.http.asking import ADDRESS, asking, facts, serving

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
END = b"0\r\n\r\n"


def transfer(coding: bytes) -> bytes:
    return OK + b"Transfer-Encoding: " + coding + b"\r\n\r\n2\r\nok\r\n" + END


TAKEN = {
    "a chunk": CHUNKED + b"2\r\nok\r\n" + END,
    "two chunks": CHUNKED + b"1\r\no\r\n1\r\nk\r\n" + END,
    "zeros before the size": CHUNKED + b"0002\r\nok\r\n000\r\n\r\n",
    "extensions": CHUNKED + b'2;a=b;c="d"\r\nok\r\n0;e\r\n\r\n',
    "a blank before an extension": CHUNKED + b"2 ;a=b\r\nok\r\n" + END,
    "a blank behind the size": CHUNKED + b"2 \t\r\nok\r\n" + END,
    "trailers": CHUNKED + b"2\r\nok\r\n0\r\nA: b\r\nContent-Length: 77\r\nLocation: /\r\n\r\n",
    "more behind the end": CHUNKED + b"2\r\nok\r\n" + END + b"junk",
    "in capitals": transfer(b"CHUNKED"),
    "an empty element": transfer(b", chunked,"),
}
REFUSED = {
    "a hexadecimal prefix": CHUNKED + b"0x2\r\nok\r\n" + END,
    "letters behind the size": CHUNKED + b"2xyz\r\nok\r\n" + END,
    "a comma behind the size": CHUNKED + b"2,2\r\nok\r\n" + END,
    "an underscore": CHUNKED + b"0_2\r\nok\r\n" + END,
    "a blank before the size": CHUNKED + b" 2\r\nok\r\n" + END,
    "a sign": CHUNKED + b"+2\r\nok\r\n" + END,
    "a minus": CHUNKED + b"-2\r\nok\r\n" + END,
    "no size": CHUNKED + b"\r\nok\r\n" + END,
    "a size of 17 digits": CHUNKED + b"00000000000000002\r\nok\r\n" + END,
    "a line feed alone behind the size": CHUNKED + b"2\nok\r\n" + END,
    "a line feed alone behind the data": CHUNKED + b"2\r\nok\n" + END,
    "a line feed alone at the end": CHUNKED + b"2\r\nok\r\n0\r\n\n",
    "nothing behind the data": CHUNKED + b"2\r\nok" + END,
    "more data than its size": CHUNKED + b"1\r\nok\r\n" + END,
    "a carriage return too many": CHUNKED + b"2\r\r\nok\r\n" + END,
    "one behind the data": CHUNKED + b"2\r\nok\r\r\n" + END,
    "letters behind the last size": CHUNKED + b"2\r\nok\r\n0x\r\n\r\n",
    "a trailer without a name": CHUNKED + b"2\r\nok\r\n0\r\n: b\r\n\r\n",
    "a trailer without a colon": CHUNKED + b"2\r\nok\r\n0\r\nAb\r\n\r\n",
    "a trailer like a status line": CHUNKED + b"2\r\nok\r\n0\r\nHTTP/1.1 500 No\r\n\r\n",
    "chunked twice": transfer(b"chunked, chunked"),
    "chunked in two lines": OK + b"Transfer-Encoding: chunked\r\n" * 2 + b"\r\n2\r\nok\r\n" + END,
    "chunked and identity": transfer(b"identity, chunked"),
    "identity alone": OK + b"Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\nok",
    "no coding at all": transfer(b""),
    "another coding": transfer(b"gzip, chunked"),
    "a word like it": transfer(b"xchunked"),
    "a vertical tab": transfer(b"\x0bchunked"),
    "a length of 2^64 + 2": OK + b"Content-Length: 18446744073709551618\r\n\r\nok",
    "a length of 24 digits": OK + b"Content-Length: " + b"9" * 24 + b"\r\n\r\nok",
}
CUT = {
    "before the last chunk": CHUNKED + b"2\r\nok\r\n",
    "in the last chunk": CHUNKED + b"2\r\nok\r\n0\r\n",
    "in a trailer": CHUNKED + b"2\r\nok\r\n0\r\nA: b\r\n",
    "in a size": CHUNKED + b"2",
    "in the data": CHUNKED + b"ff\r\nok",
}
ANSWERS = [
    *((name, answer, Reason.OK) for name, answer in TAKEN.items()),
    *((name, answer, Reason.PROTOCOL_ERROR) for name, answer in REFUSED.items()),
    *((name, answer, Reason.CONNECTION_CLOSED) for name, answer in CUT.items()),
]


@pytest.mark.parametrize(("answer", "reason"), [each[1:] for each in ANSWERS], ids=[each[0] for each in ANSWERS])
async def test_where_a_body_ends(answer: bytes, reason: ReasonCode) -> None:
    async with serving() as web, asking() as asker:
        web.routes["/"] = answer
        results = [await asker.ask(f"http://{ADDRESS}:{web.port}/", compression=each) for each in ("none", "any")]
    assert {each.reason for each in results} == {reason}, results[0].detail
    if reason is Reason.OK:
        assert facts(results[0]).body_bytes == 2


async def test_a_trailer_is_no_header() -> None:
    async with serving() as web, asking() as asker:
        web.routes["/"] = CHUNKED + b"2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n"
        web.routes["/go"] = CHUNKED.replace(b"200 OK", b"302 Found") + b"0\r\nLocation: /\r\n\r\n"
        url = f"http://{ADDRESS}:{web.port}/"
        matched = await asker.ask(url, header_matches=[{"header": "X-Sum", "regexp": "1"}])
        followed = await asker.ask(f"{url}go")
    assert matched.reason is HttpReason.BAD_HEADER
    assert (followed.reason, facts(followed).status_code) == (HttpReason.BAD_STATUS, 302)


def test_chunks_may_come_in_any_pieces() -> None:
    whole = b"5;x=y\r\nhello\r\n10\r\n" + b"0123456789abcdef\r\n0\r\nA: b\r\n\r\n"
    for length in range(1, len(whole) + 1):
        chunks = ChunkedDecoder()
        content = b"".join(chunks.put(whole[at : at + length]) for at in range(0, len(whole), length))
        assert (content, chunks.whole, chunks.count) == (b"hello0123456789abcdef", True, 3)


def test_a_size_that_never_ends_is_bounded() -> None:
    chunks = ChunkedDecoder()
    for _ in range(16):
        chunks.put(b"1;" + b"a" * 1022)
    with pytest.raises(FramingError, match="extension"):
        chunks.put(b"a")
