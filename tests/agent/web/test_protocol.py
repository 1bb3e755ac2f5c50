"""How an answer is written: its head goes out with the body, unless the body is large."""

from __future__ import annotations

import h11

from agent.web.protocol import _JOINED, _Joining


def asked() -> tuple[_Joining, list[bytes]]:
    """A connection that has read a request, and what it writes by itself."""
    alone: list[bytes] = []
    connection = _Joining(4096, alone.append)
    ask(connection)
    return connection, alone


def ask(connection: h11.Connection) -> None:
    connection.receive_data(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
    assert isinstance(connection.next_event(), h11.Request)
    assert isinstance(connection.next_event(), h11.EndOfMessage)


def test_head_and_body_are_one_write() -> None:
    connection, alone = asked()
    for _ in range(2):
        connection.send(h11.Response(status_code=200, headers=[("content-length", "4")]))
        whole = connection.send(h11.Data(data=b"body"))
        assert whole is not None
        assert whole.startswith(b"HTTP/1.1 200")
        assert whole.endswith(b"\r\n\r\nbody")
        assert connection.send(h11.EndOfMessage()) == b""
        connection.start_next_cycle()
        ask(connection)
    assert alone == []


def test_of_a_body_in_pieces_the_first_takes_the_head_along() -> None:
    connection, alone = asked()
    assert connection.send(h11.Response(status_code=200, headers=[])) == b""
    first, second = (connection.send(h11.Data(data=piece)) for piece in (b"one", b"two"))
    assert first is not None
    assert first.endswith(b"\r\n\r\n3\r\none\r\n")
    assert second == b"3\r\ntwo\r\n"
    assert alone == []


def test_a_large_body_is_not_copied_behind_its_head() -> None:
    connection, alone = asked()
    body = b"x" * (_JOINED + 1)
    connection.send(h11.Response(status_code=200, headers=[("content-length", str(len(body)))]))
    assert connection.send(h11.Data(data=body)) == body
    assert [head[:12] for head in alone] == [b"HTTP/1.1 200"]


def test_an_answer_without_a_body_is_its_head() -> None:
    connection, _ = asked()
    connection.send(h11.Response(status_code=200, headers=[("content-length", "0")]))
    head = connection.send(h11.EndOfMessage())
    assert head is not None
    assert head.startswith(b"HTTP/1.1 200")


def test_what_says_go_on_is_not_kept() -> None:
    connection = _Joining(4096, lambda _: None)
    connection.receive_data(b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\nexpect: 100-continue\r\n\r\n")
    connection.next_event()
    quarantine_and_restore = connection.send(h11.InformationalResponse(status_code=100, headers=[]))
    assert quarantine_and_restore is not None
    assert quarantine_and_restore.startswith(b"HTTP/1.1 100")
