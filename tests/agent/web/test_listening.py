"""The socket that is opened or handed in, and how its address is written."""

from __future__ import annotations

import socket

import pytest

from agent.errors import SansangError
from agent.web.listening import listening_socket, url


@pytest.mark.parametrize(("listen", "start"), [("127.0.0.1:0", "http://127.0.0.1:"), ("[::1]:0", "http://[::1]:")])
def test_the_address_is_one_that_a_browser_takes(listen: str, start: str) -> None:
    with listening_socket(listen, None) as sock:
        assert url(sock) == f"{start}{sock.getsockname()[1]}/"


def test_a_socket_that_is_handed_in_is_used() -> None:
    with socket.create_server(("127.0.0.1", 0)) as given:
        port = given.getsockname()[1]
        with listening_socket("127.0.0.1:1", given.detach()) as sock:
            assert url(sock) == f"http://127.0.0.1:{port}/"


@pytest.mark.parametrize(
    ("family", "kind"), [(socket.AF_UNIX, socket.SOCK_STREAM), (socket.AF_INET, socket.SOCK_DGRAM)]
)
def test_another_kind_of_socket_is_refused_in_words(family: socket.AddressFamily, kind: socket.SocketKind) -> None:
    descriptor = socket.socket(family, kind).detach()
    with pytest.raises(SansangError, match=f"--listen-fd {descriptor}: not a TCP socket"):
        listening_socket("127.0.0.1:1", descriptor)


def test_what_is_no_socket_is_refused_in_words() -> None:
    with pytest.raises(SansangError, match="--listen-fd 999999: Bad file descriptor"):
        listening_socket("127.0.0.1:1", 999_999)
