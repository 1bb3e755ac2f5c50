"""The control socket: orders as lines, and what is not an order bounded and answered."""

from __future__ import annotations

import asyncio
import json
import socket
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.errors import LabError
from agent.lab.control import SOCKET, ControlServer, ask
from agent.lab.district import Service
from agent.lab.orders import MAX_LINE, Answer, Deed, Note, Order, Report, read_answer, read_order, write_answer

ROOM = Report("room-01", "ubnd-a/room", "ubnd-a", "127.100.1.10", Service.SIP, 5060, "slow", 2.0)
ANSWER = Answer(places=(ROOM,), notes=((Note.PINGS_CANNOT_FAIL, ("room-01",)),), private=False, listen="x", pid=7)


@pytest.fixture
async def heard(tmp_path: Path) -> AsyncIterator[list[Order]]:
    """A server in tmp_path that answers ANSWER; the orders it heard."""
    orders: list[Order] = []

    async def obey(order: Order) -> Answer:
        orders.append(order)
        if order.names == ("nowhere",):
            raise LabError("no such place")
        if order.names == ("kernel",):
            raise PermissionError(1, "Operation not permitted")
        return ANSWER

    server = ControlServer(tmp_path, obey)
    await server.open()
    yield orders
    await server.close()
    assert not (tmp_path / SOCKET).exists()


async def lines_back(directory: Path, data: bytes) -> list[bytes]:
    """All that comes back for these bytes until the server hangs up."""
    async with asyncio.timeout(5):
        reader, writer = await asyncio.open_unix_connection(str(directory / SOCKET))
        writer.write(data)
        writer.write_eof()
        back = await reader.read()
        writer.close()
    return back.splitlines()


async def test_an_order_goes_there_and_its_answer_back(heard: list[Order], tmp_path: Path) -> None:
    order = Order(Deed.SLOW, ("room-01",), 2.0)
    assert await asyncio.to_thread(ask, tmp_path, order) == ANSWER
    assert heard == [order]


@pytest.mark.parametrize(("name", "why"), [("nowhere", "no such place"), ("kernel", "Operation not permitted")])
async def test_a_no_is_an_error_with_its_words(heard: list[Order], tmp_path: Path, name: str, why: str) -> None:
    with pytest.raises(LabError, match=why):
        await asyncio.to_thread(ask, tmp_path, Order(Deed.FAIL, (name,)))


async def test_several_orders_on_one_connection(heard: list[Order], tmp_path: Path) -> None:
    back = await lines_back(tmp_path, b'{"do":"status"}\n{"do":"fail","names":["a","b"]}\n')
    assert [read_answer(line) for line in back] == [ANSWER, ANSWER]
    assert heard[1] == Order(Deed.FAIL, ("a", "b"))


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"fail room-07",
        b"null",
        b"[]",
        b'"status"',
        b"{}",
        b'{"do":"explode"}',
        b'{"do":"status","shell":"true"}',
        b'{"do":"fail","names":"room-07"}',
        b'{"do":"fail","names":[1]}',
        b'{"do":"slow","seconds":-1}',
        b'{"do":"slow","seconds":1e99}',
        b'{"do":"slow","seconds":"NaN"}',
        b'{"do":"fail","names":' + json.dumps(["x"] * 1001).encode() + b"}",
        b"\xff\xfe\x00",
        b"[" * 20000,
        b'{"do":"status"' + b" " * (MAX_LINE + 1) + b"}",
    ],
)
async def test_what_is_not_an_order_is_answered_and_done_with(heard: list[Order], tmp_path: Path, line: bytes) -> None:
    back = await lines_back(tmp_path, line + b'\n{"do":"status"}\n')
    assert len(back) == 1
    error = read_answer(back[0]).error
    assert error is not None
    assert error.en.startswith("not an order: ")
    assert heard == []
    assert await asyncio.to_thread(ask, tmp_path, Order(Deed.STATUS)) == ANSWER


async def test_half_an_order_is_none(heard: list[Order], tmp_path: Path) -> None:
    assert await lines_back(tmp_path, b'{"do":"status"}') == []
    assert heard == []


async def test_many_idle_clients_do_not_pile_up(heard: list[Order], tmp_path: Path) -> None:
    clients = [await asyncio.open_unix_connection(str(tmp_path / SOCKET)) for _ in range(40)]
    async with asyncio.timeout(5):
        turned_away = [reader for reader, _ in clients[16:] if await reader.read() == b""]
    assert len(turned_away) == 24
    for _, writer in clients:
        writer.close()
    async with asyncio.timeout(5):
        while True:  # until the server has seen them leave
            try:
                assert await asyncio.to_thread(ask, tmp_path, Order(Deed.STATUS)) == ANSWER
            except LabError:
                continue
            break


async def test_only_this_user_may_ask(heard: list[Order], tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / SOCKET).stat().st_mode) == 0o600


async def test_a_socket_left_behind_is_replaced(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(tmp_path / SOCKET))

    async def obey(order: Order) -> Answer:
        return ANSWER

    server = ControlServer(tmp_path, obey)
    with pytest.raises(LabError, match="no lab is running"):
        ask(tmp_path, Order(Deed.STATUS))
    await server.open()
    assert await asyncio.to_thread(ask, tmp_path, Order(Deed.STATUS)) == ANSWER
    await server.close()


def test_no_lab_is_an_error_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(LabError, match=r"no lab is running in .*: start one with `sansang lab run`"):
        ask(tmp_path, Order(Deed.STATUS))


def test_too_long_a_path_is_told(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="too long a path"):
        ask(tmp_path / ("x" * 120), Order(Deed.STATUS))


@pytest.mark.parametrize("line", [b"", b"hello", b'{"places":[{"name":"x"}]}'])
def test_an_answer_that_is_none_is_told(line: bytes) -> None:
    with pytest.raises(LabError, match="cannot be read"):
        read_answer(line)


def test_answers_survive_the_wire() -> None:
    assert read_answer(write_answer(ANSWER)) == ANSWER
    assert read_order(b'{"do":"restore","names":["all"]}') == Order(Deed.RESTORE, ("all",))
