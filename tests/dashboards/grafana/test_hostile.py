"""Wrong calls and tokens, and servers that are no Grafana or answer badly: each is said, none is shown the token."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.cli.main import main
from agent.clock import SystemClock
from agent.web.authority import is_loopback
from dashboards.grafana.client import parse_grafana_address
from dashboards.grafana.errors import TEXTS, GrafanaError, GrafanaErrorKind
from tests.agent.cli.conftest import free_port
from tests.dashboards.grafana.fake import TOKEN, grafana, server_of
from tests.pki import pki

Serve = Callable[[socket.socket, threading.Event], None]
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.fixture
def token(tmp_path: Path) -> str:
    file = tmp_path / "token"
    file.write_text(TOKEN + "\n", "utf-8")
    file.chmod(0o600)
    return str(file)


def said(capsys: pytest.CaptureFixture[str], *call: str, language: str = "en") -> tuple[int, str]:
    code = main(["build", "grafana", "--lang", language, *call])
    out, err = capsys.readouterr()
    assert TOKEN not in out + err
    assert all(line.isprintable() for line in (out + err).splitlines())
    return code, err


def test_every_trouble_has_its_words_in_both_languages() -> None:
    assert set(TEXTS) == set(GrafanaErrorKind)


@pytest.mark.parametrize(("language", "words"), [("vi", "không nhận mã truy cập này (401)"), ("en", "does not take")])
def test_a_wrong_token(capsys: pytest.CaptureFixture[str], tmp_path: Path, language: str, words: str) -> None:
    file = tmp_path / "token"
    file.write_text("glsa_wrong", "utf-8")
    file.chmod(0o600)
    with grafana() as fake:
        code, err = said(capsys, "--push", fake.url, "--token-file", str(file), language=language)
        assert (code, words in err, fake.writes) == (2, True, [])


def test_a_user_and_a_password_in_the_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "login"
    file.write_text("admin:mat:khau\n", "utf-8")
    file.chmod(0o600)
    with grafana() as fake:
        assert said(capsys, "--push", fake.url, "--token-file", str(file)) == (0, "")


@pytest.mark.parametrize(
    ("content", "mode", "words"),
    [
        ("glsa x", 0o600, "right would be one line"),
        ("a\nb", 0o600, "right would be one line"),
        ("glsa_đ", 0o600, "right would be one line"),
        ("\n", 0o600, "a token is missing"),
        (TOKEN, 0o644, "run chmod 600"),
        (None, 0, "cannot be read"),
    ],
)
def test_a_file_without_a_token(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str | None, mode: int, words: str
) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_text(content, "utf-8")
        file.chmod(mode)
    with grafana() as fake:
        code, err = said(capsys, "--push", fake.url, "--token-file", str(file))
        assert (code, words in err, fake.asked) == (2, True, [])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (["--push", "ftp://127.0.0.1"], "right would be an address"),
        (["--push", "http://admin:glsa_hidden@127.0.0.1"], "right would be an address"),
        (["--push", "http://127.0.0.1:99999"], "right would be an address"),
        (["--push", "http://[::1"], "right would be an address"),
        (["--push", "http://grafana.example"], "unencrypted"),
        (["--push", "http://127.0.0.1:1", "--check"], "--check does not go with it"),
        (["--push", "http://127.0.0.1:1", "--timeout", "nan"], "--timeout"),
        (["--push", "http://127.0.0.1:1", "--data-source", "prometheus"], "--data-source: right would be an address"),
        (["--dry-run"], "--dry-run goes with --push"),
        (["--json"], "--json goes with --push"),
    ],
)
def test_a_wrong_call(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: list[str], words: str
) -> None:
    monkeypatch.setenv("SANSANG_GRAFANA_TOKEN", TOKEN)
    code, err = said(capsys, *call, "--out", str(tmp_path))
    assert (code, words in err, "hidden" in err) == (2, True, False)
    assert list(tmp_path.iterdir()) == []


def test_no_token_at_all(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SANSANG_GRAFANA_TOKEN", raising=False)
    code, err = said(capsys, "--push", "http://127.0.0.1:1")
    assert (code, "a token is missing: --token-file FILE, or" in err) == (2, True)


def test_only_boards_and_grafana_can_be_pushed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "rules", "--lang", "en", "--push", "http://127.0.0.1:1"]) == 2
    assert "sansang build grafana --push" in capsys.readouterr().err


@pytest.mark.parametrize("host", ["localhost", "127.0.0.9", "[::1]"])
def test_this_machine_needs_no_encryption(host: str) -> None:
    assert is_loopback(parse_grafana_address(f"http://{host}:3000").host)
    assert not is_loopback(parse_grafana_address("http://localhost.example:3000").host)


def _drip(sock: socket.socket, over: threading.Event) -> None:
    sock.sendall(HEAD + b"\r\n")
    while not over.wait(0.05):
        sock.sendall(b" ")


def _drip_headers(sock: socket.socket, over: threading.Event) -> None:
    sock.sendall(HEAD)
    while not over.wait(0.05):
        sock.sendall(b"x")


def _silent(sock: socket.socket, over: threading.Event) -> None:
    over.wait(10)


def _endless(sock: socket.socket, over: threading.Event) -> None:
    sock.sendall(HEAD + b"\r\n")
    while not over.is_set():
        sock.sendall(b" " * 65536)


def _with(text: bytes) -> Serve:
    def serve(sock: socket.socket, over: threading.Event) -> None:
        sock.sendall(text)

    return serve


def _body(body: bytes) -> Serve:
    return _with(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)


@pytest.mark.parametrize(
    ("serve", "words"),
    [
        (_drip, "did not finish its answer in time"),
        (_drip_headers, "did not finish its answer in time"),
        (_silent, "did not finish its answer in time"),
        (_endless, "an answer of more than 16 MiB"),
        (_with(b"\x1b[31mSSH-2.0\r\n"), "no Grafana"),
        (_with(b""), "cannot be reached"),
        (_with(HEAD + b"Content-Length: 99\r\n\r\n{}"), "the answer broke off"),
        (_body(b"<html>"), "no Grafana"),
        (_body(b"[" * 100_000), "no Grafana"),
        (_body(b'"database"'), "no Grafana"),
        (_body(b'{"status": "ok"}'), "no Grafana"),
        (_with(HEAD + b"h: 1\r\n" * 200 + b"\r\n"), "no Grafana"),
        (_with(b"HTTP/1.1 503 x\r\nContent-Length: 24\r\n\r\n" + b'{"database": "\\u001b[2Jx"}'[:24]), "no Grafana"),
        (_with(b"HTTP/1.1 503 x\r\n\r\n" + b'{"database": "\\u001b[2J"}'), "not well: \\x1b[2J"),
        (
            _with(b"HTTP/1.1 302 x\r\nLocation: http://evil.example/\x1b[2J\r\n\r\n"),
            "redirects to http://evil.example/",
        ),
    ],
)
def test_what_is_no_grafana_never_sees_the_token(
    capsys: pytest.CaptureFixture[str], token: str, serve: Serve, words: str
) -> None:
    with server_of(serve) as (url, came):
        code, err = said(capsys, "--push", url, "--token-file", token, "--timeout", "0.5")
    assert (code, words in err) == (2, True), err
    assert [TOKEN.encode() in request for request in came] == [False]


def test_a_redirect_does_not_take_the_token_along(capsys: pytest.CaptureFixture[str], token: str) -> None:
    with server_of(_silent) as (elsewhere, came):

        def serve(sock: socket.socket, over: threading.Event) -> None:
            health = len(asked) == 1
            _body(b'{"database": "ok"}')(sock, over) if health else sock.sendall(
                b"HTTP/1.1 307 x\r\nLocation: " + elsewhere.encode() + b"\r\nContent-Length: 0\r\n\r\n"
            )

        with server_of(serve) as (url, asked):
            code, err = said(capsys, "--push", url, "--token-file", token)
        assert (code, f"redirects to {elsewhere};" in err) == (2, True)
        assert ([TOKEN.encode() in request for request in asked], came) == ([False, True], [])


def test_the_deadline_holds_whatever_drips(capsys: pytest.CaptureFixture[str], token: str) -> None:
    with server_of(_drip) as (url, _):
        began = SystemClock().monotonic()
        said(capsys, "--push", url, "--token-file", token, "--timeout", "0.3")
        assert SystemClock().monotonic() - began < 3


def test_a_port_where_nobody_listens(capsys: pytest.CaptureFixture[str], token: str) -> None:
    code, err = said(capsys, "--push", f"http://127.0.0.1:{free_port()}", "--token-file", token, language="vi")
    assert code == 2
    assert "không kết nối được với Grafana: không có chương trình nào nghe ở đó; kiểm tra địa chỉ, cổng" in err


@pytest.mark.parametrize(
    "answer",
    [
        {"dashboard": [], "meta": {}},
        {"dashboard": {}, "meta": {"version": "1"}},
        {"dashboard": {}, "meta": None},
        [],
        "x",
    ],
)
def test_boards_that_are_none_are_no_boards(capsys: pytest.CaptureFixture[str], token: str, answer: object) -> None:
    with grafana() as fake:
        fake.state.board = lambda _: (200, answer)  # type: ignore[method-assign, assignment]
        code, err = said(capsys, "--push", fake.url, "--token-file", token)
        assert (code, "no Grafana" in err) == (2, True)


def test_what_was_done_before_it_broke_off_is_told_in_json(capsys: pytest.CaptureFixture[str], token: str) -> None:
    with grafana() as fake:
        fake.state.board = lambda _: (200, None)  # type: ignore[method-assign, assignment]
        assert main(["build", "grafana", "--push", fake.url, "--token-file", token, "--json"]) == 2
        items = json.loads(capsys.readouterr().out)["items"]
        assert [item["outcome"] for item in items] == ["created", "created"]


def test_a_grafana_behind_tls_and_a_path(capsys: pytest.CaptureFixture[str], token: str) -> None:
    made = pki()
    with grafana(prefix="/grafana", tls=made.good.context()) as fake:
        call = ("--push", fake.url + "/", "--token-file", token)
        code, err = said(capsys, *call)
        assert (code, "certificate is not trusted" in err, fake.asked) == (2, True, [])
        assert said(capsys, *call, "--ca-file", made.ca_file) == (0, "")
        code, err = said(capsys, *call, "--ca-file", token)
        assert (code, "--ca-file" in err) == (2, True)


def test_an_error_shows_as_itself_where_nobody_translates() -> None:
    assert GrafanaError(GrafanaErrorKind.TLS, "a\x1b[2Jb\nc").detail.en == "a\\x1b[2Jb c"
