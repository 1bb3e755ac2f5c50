"""Content codings: what was done to a body is undone in small steps, and each must have reached its end."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import brotli
import pytest

from agent.lab.listeners.http import response
from agent.model import Reason
from agent.probes.http.content import BodyDecoder, BodyFault, body_decoder
from tests.agent.probes.http.asking import ADDRESS, OTHER, asking, facts, read, serving
from tests.probing import Stalls

PAGE = "Cổng thông tin điện tử: đang phục vụ. ".encode() * 400
MIB = 1024 * 1024


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(body) + packer.flush()


CODED: dict[str, tuple[str, bytes]] = {
    "gzip": ("gzip", gzip.compress(PAGE)),
    "x-gzip": ("x-gzip", gzip.compress(PAGE)),
    "capitals and blanks": (" GZip ,", gzip.compress(PAGE)),
    "members": ("gzip", gzip.compress(PAGE[:100]) + gzip.compress(b"") + gzip.compress(PAGE[100:])),
    "deflate": ("deflate", zlib.compress(PAGE)),
    "deflate without a frame": ("deflate", raw_deflate(PAGE)),
    "deflate with a checksum alone": ("deflate", raw_deflate(PAGE) + zlib.adler32(PAGE).to_bytes(4, "big")),
    "brotli": ("br", brotli.compress(PAGE, quality=5)),
    "two": ("deflate, gzip", gzip.compress(zlib.compress(PAGE))),
    "five": (
        "gzip, br, deflate, br, gzip",
        gzip.compress(brotli.compress(zlib.compress(brotli.compress(gzip.compress(PAGE), quality=1)), quality=1)),
    ),
    "identity": ("identity", PAGE),
    "identity between": ("identity, gzip, identity", gzip.compress(PAGE)),
}  # fmt: skip


def decoded(codings: str, body: bytes, piece: int, limit: int = MIB) -> tuple[bytes, BodyFault | None]:
    content = body_decoder([codings.encode()], limit)
    if content is None:
        return body, None
    made = bytearray()
    for start in range(0, len(body), piece):
        content.put(body[start : start + piece])
        while content.busy:
            step = content.step()
            assert len(step) <= 64 * 1024
            made += step
    content.end()
    return bytes(made), content.fault


@pytest.mark.parametrize("piece", [1, 7, 4096, MIB])
@pytest.mark.parametrize("name", CODED)
def test_in_whatever_pieces_it_comes(name: str, piece: int) -> None:
    codings, body = CODED[name]
    assert decoded(codings, body, piece) == (PAGE, None)


@pytest.mark.parametrize("name", ["gzip", "deflate", "deflate without a frame", "brotli", "two", "five"])
def test_no_shorter_body_is_whole(name: str) -> None:
    codings, body = CODED[name]
    assert {decoded(codings, body[:cut], MIB)[1] for cut in range(1, len(body))} == {BodyFault.CUT}


def test_a_layer_decodes_to_no_more_than_the_limit() -> None:
    big, bomb = bytes(MIB + 1), gzip.compress(bytes(64 * MIB), 9)
    assert decoded("gzip", gzip.compress(big[1:]), MIB)[1] is None
    for codings, body in (
        ("gzip", gzip.compress(big)),
        ("gzip, gzip", gzip.compress(bomb)),
        ("br", brotli.compress(big)),
    ):
        made, fault = decoded(codings, body, MIB)
        assert fault is BodyFault.LARGE
        assert len(made) <= MIB


def test_six_codings_are_too_many() -> None:
    assert BodyDecoder(["gzip"] * 5, MIB).fault is None
    assert BodyDecoder(["gzip"] * 6, MIB).fault is BodyFault.BROKEN


def with_length(codings: str, body: bytes) -> bytes:
    return response(200, body, {"Content-Encoding": codings})


def in_chunks(codings: str, body: bytes) -> bytes:
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(body[at : at + 50]), body[at : at + 50]) for at in range(0, len(body), 50))
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {codings}\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head.encode() + chunks + b"0\r\n\r\n"


def until_the_end(codings: str, body: bytes) -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Encoding: {codings}\r\n\r\n".encode() + body


def wrong_crc(body: bytes) -> bytes:
    return body[:-8] + bytes(4) + body[-4:]


GZIP, ZLIB, BR = CODED["gzip"][1], CODED["deflate"][1], CODED["brotli"][1]
FAULTS: dict[str, tuple[str, bytes, Reason]] = {
    "gzip without its trailer": ("gzip", GZIP[:-8], Reason.CONNECTION_CLOSED),
    "gzip without its length": ("gzip", GZIP[:-4], Reason.CONNECTION_CLOSED),
    "gzip short of a byte": ("gzip", GZIP[:-1], Reason.CONNECTION_CLOSED),
    "gzip cut in its data": ("gzip", GZIP[: len(GZIP) // 2], Reason.CONNECTION_CLOSED),
    "gzip cut in its header": ("gzip", GZIP[:5], Reason.CONNECTION_CLOSED),
    "gzip of a wrong checksum": ("gzip", wrong_crc(GZIP), Reason.PROTOCOL_ERROR),
    "gzip of a wrong length": ("gzip", GZIP[:-4] + bytes(4), Reason.PROTOCOL_ERROR),
    "a second member cut": ("gzip", GZIP + GZIP[:-3], Reason.CONNECTION_CLOSED),
    "bytes after gzip": ("gzip", GZIP + b"rest", Reason.PROTOCOL_ERROR),
    "plain text called gzip": ("gzip", b"plain text", Reason.PROTOCOL_ERROR),
    "zlib called gzip": ("gzip", ZLIB, Reason.PROTOCOL_ERROR),
    "deflate without its checksum": ("deflate", ZLIB[:-4], Reason.CONNECTION_CLOSED),
    "deflate short of a byte": ("deflate", ZLIB[:-1], Reason.CONNECTION_CLOSED),
    "deflate of a wrong checksum": ("deflate", ZLIB[:-4] + bytes(4), Reason.PROTOCOL_ERROR),
    "deflate without a frame, cut": ("deflate", raw_deflate(PAGE)[:-1], Reason.CONNECTION_CLOSED),
    "bytes after deflate": ("deflate", ZLIB + b"rest", Reason.PROTOCOL_ERROR),
    "brotli short of a byte": ("br", BR[:-1], Reason.CONNECTION_CLOSED),
    "brotli cut in its data": ("br", BR[: len(BR) // 2], Reason.CONNECTION_CLOSED),
    "bytes after brotli": ("br", BR + b"rest", Reason.PROTOCOL_ERROR),
    "a page called brotli": ("br", b"<!DOCTYPE html><html>" * 20, Reason.PROTOCOL_ERROR),
    "the inner of two cut": ("gzip, gzip", gzip.compress(GZIP[:-8]), Reason.CONNECTION_CLOSED),
    "the outer of two cut": ("gzip, gzip", gzip.compress(GZIP)[:-8], Reason.CONNECTION_CLOSED),
    "twice named, once done": ("gzip, gzip", GZIP, Reason.PROTOCOL_ERROR),
    "an unknown coding": ("gzip, rot13", GZIP, Reason.PROTOCOL_ERROR),
    "compress": ("compress", b"\x1f\x9d\x90", Reason.PROTOCOL_ERROR),
    "six codings": ("gzip, " * 5 + "gzip", GZIP, Reason.PROTOCOL_ERROR),
}
FRAMINGS: dict[str, Callable[[str, bytes], bytes]] = {
    "with a length": with_length, "in chunks": in_chunks, "until the end": until_the_end,
}  # fmt: skip


@pytest.mark.parametrize("framing", FRAMINGS)
async def test_faults_of_a_body(framing: str) -> None:
    """Each, however its length is told; and none is looked at where the module asks for no coding."""
    async with serving() as web, asking() as asker:
        url = f"http://{ADDRESS}:{web.port}"
        for name, (codings, body, reason) in FAULTS.items():
            web.routes["/"] = FRAMINGS[framing](codings, body)
            assert (await asker.ask(f"{url}/", compression="any")).reason is reason, name
            assert (await asker.ask(f"{url}/")).reason is Reason.OK, name
        for name, (codings, body) in CODED.items():
            web.routes["/"] = FRAMINGS[framing](codings, body)
            result = await asker.ask(f"{url}/", compression="gzip", body_matches="đang phục vụ")
            assert (result.reason, facts(result).body_bytes) == (Reason.OK, len(PAGE)), name


NO_BODY = {
    "an empty body": (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n", "GET"),
    "an empty body in chunks": (in_chunks("br", b""), "GET"),
    "an empty body until the end": (until_the_end("deflate", b""), "GET"),
    "an empty body of an unknown coding": (with_length("rot13", b""), "GET"),
    "an answer to HEAD": (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 99\r\n\r\n", "HEAD"),
    "204": (b"HTTP/1.1 204 No Content\r\nContent-Encoding: gzip\r\n\r\n", "GET"),
    "304": (b"HTTP/1.1 304 Not Modified\r\nContent-Encoding: gzip\r\nContent-Length: 99\r\n\r\n", "GET"),
}


@pytest.mark.parametrize("name", NO_BODY)
async def test_what_has_no_body_is_not_cut(name: str) -> None:
    answer, method = NO_BODY[name]
    async with serving() as web, asking() as asker:
        web.routes["/"] = answer
        result = await asker.ask(
            f"http://{ADDRESS}:{web.port}/", compression="any", method=method, status=["2xx", 304], timeout=1
        )
    assert (result.reason, facts(result).body_bytes) == (Reason.OK, 0)


HEAD = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"


def nothing(layers: int, megabytes: int) -> bytes:
    """A gzip that decodes to nothing: empty stored blocks without end, in that many more layers."""
    body = HEAD + b"\0\0\0\xff\xff" * (megabytes * MIB // 5)
    for _ in range(layers):
        body = gzip.compress(body, 1)
    return body


@asynccontextmanager
async def holding(body: bytes, codings: int) -> AsyncIterator[str]:
    """The address of a server that sends a body and then stays silent."""
    over = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {', '.join(['gzip'] * codings)}\r\n\r\n"
        writer.write(head.encode() + body)
        await over.wait()
        writer.close()

    server = await asyncio.start_server(answer, OTHER, 0)
    try:
        yield f"http://{OTHER}:{server.sockets[0].getsockname()[1]}/"
    finally:
        over.set()
        server.close()


@pytest.mark.alone
@pytest.mark.parametrize(
    ("layers", "limit", "reasons"),
    [
        (0, "1MiB", {Reason.STALLED}),
        (1, "1MiB", {Reason.TOO_LARGE}),
        (2, "64MiB", {Reason.TOO_LARGE, Reason.STALLED}),  # its silence may be over before it is decoded
    ],
)
async def test_a_bomb_that_decodes_to_nothing_holds_nobody(layers: int, limit: str, reasons: set[Reason]) -> None:
    options = read({"compression": "any", "body_size_limit": limit})
    bomb = nothing(layers, 40 if layers else 3)
    async with serving() as web, asking() as asker, holding(bomb, layers + 1) as url:
        web.routes["/"] = with_length("gzip", gzip.compress(PAGE))
        async with Stalls() as stalls:
            bombs = [asyncio.create_task(asker.ask_as(url, options, timeout=0.6)) for _ in range(8)]
            waits = []
            while not all(each.done() for each in bombs):
                good = await asker.ask(f"http://{ADDRESS}:{web.port}/", compression="any")
                assert good.reason is Reason.OK
                waits.append(good.took_seconds)
        results = [await each for each in bombs]
    assert {each.reason for each in results} <= reasons, results
    assert stalls.longest < 0.1
    assert max(waits) < 0.5
