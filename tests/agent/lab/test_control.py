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
from agent.lab.control import SOCKET, ControlServer, send_command
from agent.lab.control_protocol import (
    MAX_LINE,
    HostStatus,
    LabAction,
    LabCommand,
    LabNote,
    LabReply,
    decode_command,
    decode_reply,
    encode_reply,
)

ROOM = HostStatus("room-01", "ubnd-a/room", "ubnd-a", "127.100.1.10", "sip", 5060, "slow", 2.0)
ANSWER = LabReply(hosts=(ROOM,), notes=((LabNote.PINGS_CANNOT_FAIL, ("room-01",)),), private=False, listen="x", pid=7)


@pytest.fixture
async def heard(tmp_path: Path) -> AsyncIterator[list[LabCommand]]:
    """A server in tmp_path that answers ANSWER; the orders it heard."""
    orders: list[LabCommand] = []

    async def execute(order: LabCommand) -> LabReply:
        orders.append(order)
        if order.names == ("nowhere",):
            raise LabError("no such place")
        if order.names == ("kernel",):
            raise PermissionError(1, "Operation not permitted")
        return ANSWER

    server = ControlServer(tmp_path, execute)
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


async def test_an_order_goes_there_and_its_answer_back(heard: list[LabCommand], tmp_path: Path) -> None:
    order = LabCommand(LabAction.SLOW, ("room-01",), 2.0)
    assert await asyncio.to_thread(send_command, tmp_path, order) == ANSWER
    assert heard == [order]


@pytest.mark.parametrize(("name", "why"), [("nowhere", "no such place"), ("kernel", "Operation not permitted")])
async def test_a_no_is_an_error_with_its_words(heard: list[LabCommand], tmp_path: Path, name: str, why: str) -> None:
    with pytest.raises(LabError, match=why):
        await asyncio.to_thread(send_command, tmp_path, LabCommand(LabAction.FAIL, (name,)))


async def test_several_orders_on_one_connection(heard: list[LabCommand], tmp_path: Path) -> None:
    back = await lines_back(tmp_path, b'{"action":"status"}\n{"action":"fail","names":["a","b"]}\n')
    assert [decode_reply(line) for line in back] == [ANSWER, ANSWER]
    assert heard[1] == LabCommand(LabAction.FAIL, ("a", "b"))


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"fail room-07",
        b"null",
        b"[]",
        b'"status"',
        b"{}",
        b'{"action":"explode"}',
        b'{"action":"status","shell":"true"}',
        b'{"action":"fail","names":"room-07"}',
        b'{"action":"fail","names":[1]}',
        b'{"action":"slow","seconds":-1}',
        b'{"action":"slow","seconds":1e99}',
        b'{"action":"slow","seconds":"NaN"}',
        b'{"action":"fail","names":' + json.dumps(["x"] * 1001).encode() + b"}",
        b"\xff\xfe\x00",
        b"[" * 20000,
        b'{"action":"status"' + b" " * (MAX_LINE + 1) + b"}",
    ],
)
async def test_what_is_not_an_order_is_answered_and_done_with(
    heard: list[LabCommand], tmp_path: Path, line: bytes
) -> None:
    back = await lines_back(tmp_path, line + b'\n{"action":"status"}\n')
    assert len(back) == 1
    error = decode_reply(back[0]).error
    assert error is not None
    assert error.en.startswith("not an order: ")
    assert heard == []
    assert await asyncio.to_thread(send_command, tmp_path, LabCommand(LabAction.STATUS)) == ANSWER


async def test_half_an_order_is_none(heard: list[LabCommand], tmp_path: Path) -> None:
    assert await lines_back(tmp_path, b'{"action":"status"}') == []
    assert heard == []


async def test_many_idle_clients_do_not_pile_up(heard: list[LabCommand], tmp_path: Path) -> None:
    clients = [await asyncio.open_unix_connection(str(tmp_path / SOCKET)) for _ in range(40)]
    async with asyncio.timeout(5):
        turned_away = [reader for reader, _ in clients[16:] if await reader.read() == b""]
    assert len(turned_away) == 24
    for _, writer in clients:
        writer.close()
    async with asyncio.timeout(5):
        while True:  # until the server has seen them leave
            try:
                assert await asyncio.to_thread(send_command, tmp_path, LabCommand(LabAction.STATUS)) == ANSWER
            except LabError:
                continue
            break


async def test_only_this_user_may_ask(heard: list[LabCommand], tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / SOCKET).stat().st_mode) == 0o600


async def test_a_socket_left_behind_is_replaced(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(tmp_path / SOCKET))

    async def execute(order: LabCommand) -> LabReply:
        return ANSWER

    server = ControlServer(tmp_path, execute)
    with pytest.raises(LabError, match="no lab is running"):
        send_command(tmp_path, LabCommand(LabAction.STATUS))
    await server.open()
    assert await asyncio.to_thread(send_command, tmp_path, LabCommand(LabAction.STATUS)) == ANSWER
    await server.close()


def test_no_lab_is_an_error_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(LabError, match=r"no lab is running in .*: start one with `sansang lab run`"):
        send_command(tmp_path, LabCommand(LabAction.STATUS))


def test_too_long_a_path_is_told(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="too long a path"):
        send_command(tmp_path / ("x" * 120), LabCommand(LabAction.STATUS))


@pytest.mark.parametrize("line", [b"", b"hello", b'{"hosts":[{"name":"x"}]}'])
def test_an_answer_that_is_none_is_told(line: bytes) -> None:
    with pytest.raises(LabError, match="cannot be read"):
        decode_reply(line)


def test_answers_survive_the_wire() -> None:
    assert decode_reply(encode_reply(ANSWER)) == ANSWER
    assert decode_command(b'{"action":"restore","names":["all"]}') == LabCommand(LabAction.RESTORE, ("all",))
