"""Who `notify` names is told: from `sansang.yml` through `sansang build` to Debian's Alertmanager, mails and posts."""

from __future__ import annotations

import base64
import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, cast

import pytest

from agent.cli.main import main
from tests.peers.disk_room import until
from tests.peers.test_office_hours import Places, alertmanager, tell

pytestmark = [pytest.mark.peers, pytest.mark.timeout(120)]

INVENTORY = """\
organisation: {{name: Huyện Thử, language: vi}}
levels: [{{id: district, name: {{vi: Huyện}}}}]
units: [{{id: thu, name: Huyện Thử, level: district}}]
modules: {{ping: {{probe: icmp}}}}
sites: [{{id: a, name: A, unit: thu}}]
targets: [{{id: a/x, role: device, module: ping, address: 127.0.0.1}}]
calendars: {{office: {{hours: {{mon-sun: ["00:00-24:00"]}}, holidays: none}}}}
runbooks: https://books.example
notify:
  mail: {{to: [cntt@example.gov.vn, b@example.gov.vn], server: "127.0.0.1:{mail}", from: sansang@example.gov.vn,
         user: sansang, password: {{file: {folder}/password}}}}
  webhook: {{url: "http://127.0.0.1:{hook}/all", token: {{file: {folder}/token}}}}
  loud: {{webhook: "http://127.0.0.1:{hook}/loud"}}
  heartbeat: http://127.0.0.1:{hook}/heartbeat
"""


@dataclass
class Arrived:
    """(path, Authorization) of each post; (login, sender, recipients, subject) of each mail."""

    posts: list[tuple[str, str | None]] = field(default_factory=list)
    mails: list[tuple[str, str, str, str]] = field(default_factory=list)

    def told(self, recipient: str) -> set[str]:
        """How the subjects of somebody's mails begin."""
        return {subject.partition("]")[0] for _, _, to, subject in list(self.mails) if f"<{recipient}>" in to}


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    arrived: Arrived


class _Hook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        cast("_Server", self.server).arrived.posts.append((self.path, self.headers["Authorization"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Nothing is written."""


class _Mailbox(socketserver.StreamRequestHandler):
    """SMTP with a login (RFC 5321, RFC 4954 AUTH PLAIN), as far as Alertmanager speaks it."""

    def handle(self) -> None:
        login, sender, recipients = "", "", ""
        self.wfile.write(b"220 box\r\n")
        for line in self.rfile:
            verb, _, rest = line.decode().strip().partition(" ")
            if verb == "EHLO":
                self.wfile.write(b"250-box\r\n250 AUTH PLAIN\r\n")
                continue
            if verb == "AUTH":
                login = base64.b64decode(rest.removeprefix("PLAIN ")).decode()
                self.wfile.write(b"235 ok\r\n")
                continue
            sender, recipients = (rest if verb == "MAIL" else sender), recipients + (rest if verb == "RCPT" else "")
            if verb == "DATA":
                self.wfile.write(b"354 go on\r\n")
                mail = message_from_bytes(b"".join(iter(self.rfile.readline, b".\r\n")), policy=policy.default)
                cast("_Server", self.server).arrived.mails.append((login, sender, recipients, str(mail["Subject"])))
            self.wfile.write({"QUIT": b"221 bye\r\n"}.get(verb, b"250 ok\r\n"))


@contextmanager
def _serving(arrived: Arrived, handler: Any) -> Iterator[int]:
    """Its port."""
    with _Server(("127.0.0.1", 0), handler) as server:
        server.arrived = arrived
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()


def test_everyone_who_is_named_is_told_and_secrets_go_to_their_own_place_only(tmp_path: Path) -> None:
    arrived, config = Arrived(), tmp_path / "sansang.yml"
    for name, secret in (("password", "mật khẩu"), ("token", "abc")):
        (tmp_path / name).write_text(secret, "utf-8")
    with _serving(arrived, _Mailbox) as mail, _serving(arrived, _Hook) as hook:
        config.write_text(INVENTORY.format(mail=mail, hook=hook, folder=tmp_path), "utf-8")
        assert main(["build", "alertmanager", "--config", str(config), "--out", str(tmp_path / "out")]) == 0
        built = {file.name: file.read_text("utf-8") for file in (tmp_path / "out/alertmanager").iterdir()}
        with alertmanager(tmp_path, Places(), built) as url:
            critical = {"alertname": "SansangConferencePointDown", "severity": "critical", "site": "a"}
            tell(url, critical)
            tell(url, {"alertname": "SansangWatchdog", "severity": "info"})
            tell(url, {"alertname": "SansangLedgerHead", "severity": "info"})
            until(lambda: {path for path, _ in list(arrived.posts)} == {"/all", "/loud", "/heartbeat"}, 40, "all posts")
            for person in ("cntt@example.gov.vn", "b@example.gov.vn"):
                until(lambda person=person: arrived.told(person) == {"[Sự cố", "[Lưu"}, 40, "mails")  # type: ignore[misc]
    assert dict(arrived.posts) == {"/all": "Bearer abc", "/loud": None, "/heartbeat": None}
    assert {(login, sender.partition(" ")[0]) for login, sender, _, _ in arrived.mails} == {
        ("\0sansang\0mật khẩu", "FROM:<sansang@example.gov.vn>")
    }
