"""The lab's control socket: a Unix socket in the state directory; one JSON command a line, one JSON reply a line."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable
from pathlib import Path

from agent.errors import LabError
from agent.explain.system_errors import system_text
from agent.lab.control_protocol import (
    MAX_LINE,
    MAX_REPLY,
    LabCommand,
    LabReply,
    decode_command,
    decode_reply,
    encode_command,
    encode_reply,
)
from agent.text import Text

SOCKET = "control"
_MAX_CLIENTS = 16
_IDLE_SECONDS = 10.0
_ANSWER_SECONDS = 10.0
_MAX_PATH = 107  # sun_path without its final zero, unix(7)

Execute = Callable[[LabCommand], Awaitable[LabReply]]

_TOO_LONG = Text("không phải là một lệnh: dài hơn {most} byte", "not an order: longer than {most} bytes")
_NONE_RUNS = Text(
    "không có huyện mô phỏng nào đang chạy ở {place}: hãy chạy `sansang lab run`",
    "no lab is running in {place}: start one with `sansang lab run`",
)
_SILENT = Text("huyện mô phỏng ở {place} không trả lời: {why}", "the lab in {place} does not answer: {why}")
_LONG_PATH = Text(
    "đường dẫn {place} quá dài cho một socket: hãy chọn thư mục khác bằng --state",
    "{place} is too long a path for a socket: choose another with --state",
)


class ControlServer:
    """Takes commands from this user alone (mode 0600). Any other line gets an error, and the connection ends.

    At most 16 clients at once, lines up to 64 KiB, 10 seconds for each.
    """

    def __init__(self, directory: Path, execute: Execute) -> None:
        self._path = _path_in(directory)
        self._execute = execute
        self._server: asyncio.Server | None = None
        self._clients: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Start to listen. A socket file left behind is replaced, so the caller must hold the lock of the directory."""
        self._server = await asyncio.start_unix_server(self._accept, sock=_bound(self._path), limit=MAX_LINE)

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for client in tuple(self._clients):
            client.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)
        _remove(self._path)

    def _accept(self, reader: StreamReader, writer: StreamWriter) -> None:
        if len(self._clients) >= _MAX_CLIENTS:
            writer.close()
            return
        client = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._clients.add(client)
        client.add_done_callback(self._clients.discard)

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        with contextlib.suppress(TimeoutError, OSError):  # too slow, or gone
            while await self._answer_line(reader, writer):
                pass
        writer.close()

    async def _answer_line(self, reader: StreamReader, writer: StreamWriter) -> bool:
        """Answer one line; False at the end of the conversation."""
        async with asyncio.timeout(_IDLE_SECONDS):
            try:
                line = await reader.readline()
            except ValueError:
                writer.write(encode_reply(LabReply(error=(_TOO_LONG.filled(most=MAX_LINE)))))
                line = b""
        if not line.endswith(b"\n"):
            return False
        try:
            command = decode_command(line)
        except LabError as error:
            writer.write(encode_reply(LabReply(error=_both(error))))
            return False
        writer.write(encode_reply(await self._reply_to(command)))
        async with asyncio.timeout(_IDLE_SECONDS):
            await writer.drain()
        return True

    async def _reply_to(self, command: LabCommand) -> LabReply:
        try:
            return await self._execute(command)
        except LabError as error:
            return LabReply(error=_both(error))
        except OSError as error:  # the kernel would not give or take an address
            return LabReply(error=system_text(error))


def send_command(directory: Path, command: LabCommand) -> LabReply:
    """Send a command to the lab that runs in the directory; raises LabError if none runs there, or if it refuses."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(_ANSWER_SECONDS)
            client.connect(_path_in(directory))
            client.sendall(encode_command(command))
            with client.makefile("rb") as lines:
                line = lines.readline(MAX_REPLY)
    except (FileNotFoundError, ConnectionRefusedError) as error:
        raise LabError(_NONE_RUNS.filled(place=directory)) from error
    except OSError as error:
        raise LabError(_SILENT.filled(place=directory, why=system_text(error))) from error
    reply = decode_reply(line)
    if reply.error is not None:
        raise LabError(reply.error)
    return reply


def _both(error: LabError) -> Text:
    return Text(error.to("vi"), error.to("en"))


def _bound(path: str) -> socket.socket:
    _remove(path)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listening.bind(path)
    Path(path).chmod(0o600)  # before listen(): nobody can have come in
    return listening


def _remove(path: str) -> None:
    Path(path).unlink(missing_ok=True)


def _path_in(directory: Path) -> str:
    path = str(directory / SOCKET)
    if len(os.fsencode(path)) > _MAX_PATH:
        raise LabError(_LONG_PATH.filled(place=directory))
    return path
