"""What the system, the C library, OpenSSL and Python's HTTP say of a failed connection, in both languages."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Callable

import pytest
import trustme

from agent.explain.system_errors import system_text


def served(answer: Callable[[socket.socket], None]) -> int:
    """The port of one connection that is answered so."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        with listener, listener.accept()[0] as connection:
            answer(connection)

    threading.Thread(target=accept, daemon=True).start()
    return int(listener.getsockname()[1])


def failed(connection: http.client.HTTPConnection) -> Exception:
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException) as error:
        return error
    finally:
        connection.close()
    raise AssertionError("it was answered")


def answering(sent: bytes) -> Exception:
    def answer(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(sent)

    return failed(http.client.HTTPConnection("127.0.0.1", served(answer), timeout=5))


@pytest.mark.parametrize(
    ("sent", "vi", "en"),
    [
        (b"", "bên kia đóng kết nối mà không trả lời", "the other side closed the connection without an answer"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "chương trình nghe ở đó không nói HTTP", "what answers there does not speak HTTP"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
            "câu trả lời bị ngắt giữa chừng",
            "the answer broke off",
        ),
    ],
)
def test_an_answer_that_is_none(sent: bytes, vi: str, en: str) -> None:
    assert system_text(answering(sent)) == (vi, en)


@pytest.mark.parametrize(
    ("trusted", "name", "vi"),
    [
        (False, "127.0.0.1", "đơn vị cấp chứng thư không nằm trong danh sách được tin"),
        (True, "127.0.0.2", "chứng thư được cấp cho tên khác"),
    ],
)
def test_a_certificate_is_no_forbidden_operation(trusted: bool, name: str, vi: str) -> None:
    authority = trustme.CA()
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert(name).configure_cert(server)
    if trusted:
        authority.configure_trust(client)

    def answer(connection: socket.socket) -> None:
        with pytest.raises(ssl.SSLError):
            server.wrap_socket(connection, server_side=True)

    port = served(answer)
    said = system_text(failed(http.client.HTTPSConnection("127.0.0.1", port, timeout=5, context=client)))
    assert said.vi == vi
    assert "certificate" in said.en


def test_a_name_that_nobody_knows() -> None:
    error = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    assert system_text(error) == ("không có máy nào tên như vậy", "Name or service not known")
