"""Mutated HTTP answers over real sockets: a run succeeds only where others, too, read a whole answer.

The others are Python's http.client for the message and its gzip, zlib and Google's brotli for the codings.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import random
import re
import zlib
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.client import HTTPException, HTTPResponse, IncompleteRead
from io import BytesIO

import brotli
import pytest

from agent.model import Reason, ReasonCode
from tests.agent.probes.http.asking import ADDRESS, OTHER, Asker, asking, read, serving
from tests.agent.probes.test_mutated_answers import LONG, NOT_OURS, TOGETHER, mutant
from tests.probing import Stalls

OPTIONS = read({"compression": "any", "follow_redirects": False, "status": ["2xx", "3xx", "4xx", "5xx"]})
PAGE = b"<html>" + b"a page of the portal, again and again. " * 8 + b"</html>"
HEAD = b"HTTP/1.1 200 OK\r\nServer: lab\r\nContent-Type: text/html\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
STATUS_LINE = re.compile(rb"HTTP/1\.[0-9] [0-9]{3}( [^\r\n]*)?\r?\n")


def chunks(body: bytes, size: int) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x;a=b\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\nX-Trailer: end\r\n\r\n"


def with_length(coding: bytes, body: bytes) -> bytes:
    return HEAD + b"Content-Encoding: %b\r\nContent-Length: %d\r\n\r\n" % (coding, len(body)) + body


ANSWERS = (
    HEAD + b"Content-Length: %d\r\n\r\n" % len(PAGE) + PAGE,
    HEAD + CHUNKED + chunks(PAGE, 40),
    HEAD + b"\r\n" + PAGE,
    b"HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" + HEAD + b"Content-Length: 2\r\n\r\nok",
    b"HTTP/1.2 200 OK\r\nContent-Length: 2\r\n\r\nok",
    with_length(b"gzip", gzip.compress(PAGE)),
    with_length(b"deflate", zlib.compress(PAGE)),
    with_length(b"br", brotli.compress(PAGE)),
    with_length(b"gzip, deflate", zlib.compress(gzip.compress(PAGE))),
    HEAD + b"Content-Encoding: gzip\r\n" + CHUNKED + chunks(gzip.compress(PAGE), 20),
    HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(PAGE),
)


class _Strict(HTTPResponse):
    """Chunks to the letter of RFC 9112 section 7.1; http.client itself takes 0x5, and lines that end with LF alone."""

    def _read_chunked(self, amt: int | None = None) -> bytes:  # noqa: ARG002
        body = bytearray()
        while True:
            line = self.fp.readline(70_000)
            size = re.fullmatch(rb"([0-9A-Fa-f]+)[ \t]*(;[^\r]*)?\r\n", line)
            if size is None:
                raise IncompleteRead(bytes(body))
            if not int(size[1], 16):
                break
            body += self._safe_read(int(size[1], 16))  # type: ignore[attr-defined]
            if self.fp.readline(3) != b"\r\n":
                raise IncompleteRead(bytes(body))
        while (line := self.fp.readline(70_000)) != b"\r\n":
            if not line.endswith(b"\r\n") or line[:1] in b"\r \t":
                raise IncompleteRead(bytes(body))
        return bytes(body)


class _Wire:
    """What http.client wants of a socket."""

    def __init__(self, stream: BytesIO) -> None:
        self._stream = stream

    def makefile(self, _mode: str) -> BytesIO:
        return self._stream


def unpacked(codings: list[str], body: bytes) -> bytes:
    """Raises ValueError, OSError, EOFError or brotli.error for what is not whole."""
    for coding in reversed(codings):
        if coding in ("gzip", "x-gzip"):
            body = gzip.decompress(body) if body else body
        elif coding == "br":
            body = brotli.decompress(body) if body else body
        elif coding == "deflate":
            body = inflated(body) if body else body
        elif coding and coding not in ("identity", "none"):
            raise ValueError(coding)
    return body


def inflated(body: bytes) -> bytes:
    for window, spare in ((15, 0), (-15, 4)):
        stream = zlib.decompressobj(window)
        with contextlib.suppress(zlib.error):
            made = stream.decompress(body)
            if stream.eof and len(stream.unused_data) <= spare:
                return made
    raise ValueError("deflate")


def reads_whole(answer: bytes) -> bool:
    """Whether a closed connection with these bytes held a whole answer, by other readers than the probe's."""
    stream = BytesIO(answer)
    while True:
        start = stream.tell()
        if not STATUS_LINE.fullmatch(stream.readline()):
            return False
        stream.seek(start)
        if not head_is_whole(answer[start:]):
            return False
        response = _Strict(_Wire(stream))  # type: ignore[arg-type]
        try:
            response.begin()
            if 100 <= response.status < 200:
                response.fp = None  # type: ignore[assignment]  # else it would close the stream
                continue
            body = response.read()
            codings = [name.strip().lower() for name in response.headers.get_all("content-encoding", [])]
            unpacked([each.strip() for name in codings for each in name.split(",")], body)
        except (HTTPException, ValueError, OverflowError, OSError, EOFError, brotli.error, zlib.error):
            return False
        return True


def head_is_whole(rest: bytes) -> bool:
    return re.search(rb"\n\r?\n", rest) is not None


@asynccontextmanager
async def answering(draw: random.Random, sent: dict[str, bytes]) -> AsyncIterator[str]:
    """Each path has a mutant of its own, the same when it is asked for again."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            path = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode()
            if path not in sent:
                sent[path] = mutant(draw, draw.choice(ANSWERS), 0)
            writer.write(sent[path])
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, ADDRESS, 0)
    async with server:
        yield f"http://{ADDRESS}:{server.sockets[0].getsockname()[1]}"


async def ask_all(asker: Asker, url: str, paths: list[str]) -> dict[str, ReasonCode]:
    results = await asyncio.gather(*(asker.ask_as(f"{url}{path}", OPTIONS, 2.0) for path in paths))
    return {path: result.reason for path, result in zip(paths, results, strict=True)}


def test_the_other_readers_know_a_whole_answer() -> None:
    for answer in ANSWERS:
        assert reads_whole(answer)
        assert not reads_whole(answer[: answer.index(b"\r\n\r\n") + 2])


@pytest.mark.parametrize("mutants", LONG)
async def test_a_mutant_is_good_only_where_others_read_it_whole(mutants: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("http.client._MAXHEADERS", 1000)  # as the probe takes
    draw, said, wrong = random.Random(20_000), Counter[ReasonCode](), list[bytes]()
    agreed = missed = 0
    async with serving(OTHER) as web, asking() as asker, Stalls() as stalls:
        for turn in range(mutants // TOGETHER):
            sent: dict[str, bytes] = {}
            async with answering(draw, sent) as url:
                reasons = await ask_all(asker, url, [f"/{turn}/{number}" for number in range(TOGETHER)])
            said.update(reasons.values())
            for path, reason in reasons.items():
                whole = reads_whole(sent[path])
                agreed += whole and reason is Reason.OK
                missed += whole and reason is not Reason.OK
                if reason is Reason.OK and not whole:
                    wrong.append(sent[path])
            assert (await asker.ask(f"http://{OTHER}:{web.port}/")).reason is Reason.OK
    print(f"{dict(said.most_common())}; {agreed} whole for both, {missed} for the others alone")
    print(f"  longest turn {stalls.longest * 1e3:.0f} ms of CPU")
    assert wrong == [], "\n".join(repr(each[:2000]) for each in wrong[:12])
    assert set(said) & NOT_OURS == set()
    assert agreed > mutants // 20
    assert stalls.longest < 0.1
