"""Whoever answers at the agent's address: a sentence, and never a traceback."""

from __future__ import annotations

import dataclasses
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from agent.cli.agent_location import url_of
from agent.cli.clients.agent_api import CheckHeader, TargetCheck, check, post
from agent.errors import AgentUnreachableError, SansangError
from agent.model import Selection
from tests.agent.engine.world import inventory


@contextmanager
def answering(body: bytes) -> Iterator[str]:
    """Another program, which answers anything with these bytes."""

    def answer() -> None:
        connection, _ = server.accept()
        with connection:
            while b"\r\n\r\n" not in connection.recv(4096, socket.MSG_PEEK):
                pass
            connection.recv(4096)
            connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + body)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(4096):
                pass

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=answer)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        thread.join()


def asked(agent: str) -> list[CheckHeader | TargetCheck]:
    return list(check(agent, Selection()))


NOT_OURS = {
    "a page": b"<html><body>It works!</body></html>",
    "nothing": b"",
    "a list": b"[]\n",
    "null": b"null\n",
    "a word for a number": b'{"count": "x", "timezone": "UTC"}\n',
    "no such zone": b'{"count": 1, "timezone": "Nowhere/City"}\n{}\n',
    "a path for a zone": b'{"count": 1, "timezone": "/etc/passwd"}\n{}\n',
    "no text": b"\xff\xfe\n",
    "a nest": b"[" * 100_000 + b"\n",
    "an empty row": b'{"count": 1, "timezone": "UTC"}\n{}\n',
    "a row of words": b'{"count": 1, "timezone": "UTC"}\n"row"\n',
    "a torn row": b'{"count": 1, "timezone": "UTC"}\n{"target": "s/a\n',
}


@pytest.mark.parametrize("name", NOT_OURS)
def test_an_answer_that_is_not_an_agents_is_told(name: str) -> None:
    with answering(NOT_OURS[name]) as agent, pytest.raises(SansangError, match="is not understood"):
        asked(agent)


def test_an_agent_that_goes_before_its_last_row_is_told() -> None:
    header = b'{"count": 2, "timezone": "UTC"}\n'
    with answering(header) as agent, pytest.raises(AgentUnreachableError, match="stopped answering"):
        asked(agent)


@pytest.mark.parametrize("body", [b"<html>", b"", b"[]", b"\xff", b"[" * 100_000])
def test_an_order_that_is_answered_by_another_program_is_told(body: bytes) -> None:
    with answering(body) as agent, pytest.raises(SansangError, match="is not understood"):
        post(agent, "/api/v1/maintenance", {"do": "list"})


@pytest.mark.parametrize(
    "agent",
    ["http://h:abc", "http://[::1", "http://127.0.0.1:99999", "http://a..b:1", f"http://{'a' * 70}:1", "unix:/x", ""],
)
def test_an_address_that_is_none_is_told(agent: str) -> None:
    with pytest.raises(SansangError, match="not an address such as"):
        asked(agent)


@pytest.mark.parametrize(
    ("listen", "url"),
    [
        ("127.0.0.1:10115", "http://127.0.0.1:10115"),
        ("localhost:1", "http://localhost:1"),
        ("[fd00::7]:1", "http://[fd00::7]:1"),
        ("0.0.0.0:1", "http://127.0.0.1:1"),
        ("[::]:1", "http://[::1]:1"),
        ("[0:0:0:0:0:0:0:0]:1", "http://[::1]:1"),
    ],
)
def test_the_agent_of_a_configuration_is_where_it_listens(listen: str, url: str) -> None:
    assert url_of(dataclasses.replace(inventory([]), listen=listen)) == url


def test_a_port_that_is_open_to_anybody_is_no_other_port() -> None:
    with pytest.raises(AgentUnreachableError):
        asked("http://127.0.0.1:0")
