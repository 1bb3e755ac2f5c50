"""One client for all that commands ask of other programs. What a hostile server does: tests/dashboards/grafana."""

from __future__ import annotations

import socket
import threading
from contextlib import closing

import pytest

from agent.http_client import HttpExchange, HttpLimits, HttpRequest, TooLargeError, fetch, parse_address
from tests.dashboards.grafana.fake import server_of

LIMITS = HttpLimits(1000, connect_seconds=1.0, total_seconds=5.0)


def test_a_line_is_read_before_the_next_one_is_sent() -> None:
    read = threading.Event()

    def serve(sock: socket.socket, over: threading.Event) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\n\r\nfirst\n")
        read.wait(5)
        sock.sendall(b"second")

    with server_of(serve) as (url, _), closing(HttpExchange(HttpRequest(url, LIMITS))) as answer:
        assert answer.read_line(100) == b"first\n"
        read.set()
        assert (answer.read_line(100), answer.read_line(100)) == (b"second", b"")


@pytest.mark.parametrize(("size", "taken"), [(1000, True), (1001, False)])
def test_an_answer_has_a_bound(size: int, taken: bool) -> None:
    def serve(sock: socket.socket, over: threading.Event) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * size)

    with server_of(serve) as (url, _):
        if taken:
            assert len(fetch(HttpRequest(url, LIMITS)).body) == size
        else:
            with pytest.raises(TooLargeError):
                fetch(HttpRequest(url, LIMITS))


def test_a_line_that_is_too_long_is_cut() -> None:
    def serve(sock: socket.socket, over: threading.Event) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 300 + b"\n")

    with server_of(serve) as (url, _), closing(HttpExchange(HttpRequest(url, LIMITS))) as answer:
        assert [len(answer.read_line(200)) for _ in range(3)] == [200, 101, 0]


def test_a_server_that_says_nothing_is_given_up() -> None:
    def serve(sock: socket.socket, over: threading.Event) -> None:
        over.wait(5)

    with server_of(serve) as (url, _), pytest.raises(TimeoutError):
        fetch(HttpRequest(url, HttpLimits(1000, connect_seconds=1.0, total_seconds=0.2)))


def test_a_redirect_is_an_answer() -> None:
    def serve(sock: socket.socket, over: threading.Event) -> None:
        sock.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")

    with server_of(serve) as (url, _):
        response = fetch(HttpRequest(url, LIMITS))
    assert (response.status, response.headers["location"]) == (302, "http://127.0.0.1:1/")


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://127.0.0.1", "http://127.0.0.1:80"),
        ("https://[::1]:3000/x/", "https://[::1]:3000/x"),
        ("http://máy.example:1/a b", "http://xn--my-mia.example:1/a%20b"),
    ],
)
def test_an_address_is_a_url_without_its_last_slash(url: str, address: str) -> None:
    assert parse_address(url).url == address
