"""The whole chain of alerts in one namespace: Prometheus, Alertmanager, and receivers of our own for what they send."""

from __future__ import annotations

import json
import socket
import socketserver
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, cast

from dashboards.settings import Messages
from tests.peers.icmp_network import Network

PROMETHEUS, ALERTMANAGER, HOOK, MAIL = 9090, 9093, 9099, 2525
ARCHIVE = "archive@localhost"
_HOOK_URL = f"http://127.0.0.1:{HOOK}"
HEARD = Messages(
    smtp=f"127.0.0.1:{MAIL}",
    webhook=f"{_HOOK_URL}/alerts",
    heartbeat=f"{_HOOK_URL}/heartbeat",
    archive_webhook=f"{_HOOK_URL}/archive",
)
"""Where our receivers stand."""


@dataclass(frozen=True, slots=True)
class Told:
    """One message of the webhook."""

    at: float
    status: str
    alert: str
    site: str
    alerts: tuple[tuple[str, str], ...]


@dataclass
class Server:
    """A process in the monitor's namespace."""

    network: Network
    log: Path
    command: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self) -> None:
        with self.log.open("ab") as out:
            where = ("ip", "netns", "exec", self.network.name("mon"))
            self.process = subprocess.Popen((*where, *self.command), stdout=out, stderr=out, cwd=self.log.parent)

    def restart(self) -> None:
        """By SIGTERM, so that it writes what it knows."""
        assert self.process is not None
        self.process.terminate()
        self.process.wait(20)
        self.start()

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)


@dataclass
class Chain:
    """What runs, and what has arrived so far: at the officers' webhook, the loud one, as mail, and in the archive."""

    network: Network
    messages: list[Told] = field(default_factory=list)
    loud: list[Told] = field(default_factory=list)
    heartbeats: list[float] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)
    archive: list[str] = field(default_factory=list)
    archive_mails: list[EmailMessage] = field(default_factory=list)
    servers: dict[int, Server] = field(default_factory=dict)

    def of(self, site: str) -> list[tuple[str, str]]:
        """(status, alert) of every message about a site, in order."""
        return [(told.status, told.alert) for told in list(self.messages) if told.site == site]

    def rung(self, site: str) -> list[tuple[str, str]]:
        """The same of the loud place."""
        return [(told.status, told.alert) for told in list(self.loud) if told.site == site]

    def restart(self, port: int) -> None:
        """End a server as an officer would, start it again, wait until it is ready."""
        self.servers[port].restart()
        self.until(lambda: _ready(self, port), 30, f"ready: {port}")

    def connect(self, port: int) -> socket.socket:
        """To a server of the monitor's machine."""
        with self.network.inside("mon"):
            return socket.create_connection(("127.0.0.1", port), 5)

    def get(self, port: int, path: str) -> tuple[int, Any]:
        """Status and JSON (or text) that a server answers with."""
        connection = HTTPConnection("127.0.0.1", port)
        connection.sock = self.connect(port)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
            return answer.status, json.loads(body) if body.startswith(b"{") else body.decode()
        finally:
            connection.close()

    def until(self, holds: Callable[[], bool], seconds: float, what: str) -> None:
        """Wait until that holds; fails after so many seconds with what has arrived."""
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, f"{what}: {self.messages}"
            time.sleep(0.1)


class _Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    allow_reuse_address = True
    chain: Chain


class _Hook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        chain = cast("_Server", self.server).chain
        if self.path == "/heartbeat":
            chain.heartbeats.append(time.monotonic())
        elif self.path == "/archive":
            chain.archive += [alert["annotations"]["description"] for alert in body["alerts"]]
        else:
            (chain.loud if self.path == "/loud" else chain.messages).append(_told(body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Nothing is written."""


def _told(body: Mapping[str, Any]) -> Told:
    labels = body["groupLabels"]
    alerts = tuple((alert["status"], alert["labels"].get("target", "")) for alert in body["alerts"])
    return Told(time.monotonic(), body["status"], labels["alertname"], labels.get("site", ""), alerts)


class _Mailbox(socketserver.StreamRequestHandler):
    """SMTP (RFC 5321) as far as Alertmanager speaks it."""

    def handle(self) -> None:
        self.wfile.write(b"220 box\r\n")
        for line in self.rfile:
            verb = line[:4].upper().strip()
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                text = b"".join(iter(self.rfile.readline, b".\r\n"))
                mail = message_from_bytes(text, policy=policy.default)
                chain = cast("_Server", self.server).chain
                (chain.archive_mails if mail["To"] == ARCHIVE else chain.mails).append(mail)
            self.wfile.write({b"QUIT": b"221 bye\r\n"}.get(verb, b"250 ok\r\n"))


@contextmanager
def _serving(chain: Chain, port: int, handler: type[socketserver.BaseRequestHandler]) -> Iterator[None]:
    with chain.network.inside("mon"):
        server = _Server(("127.0.0.1", port), handler)
    server.chain = chain
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@contextmanager
def chain(network: Network, config: Path, folder: Path) -> Iterator[Chain]:
    """Debian's Prometheus and Alertmanager with the files below config, ready, and our receivers."""
    made = Chain(network)
    with ExitStack() as stack:
        stack.enter_context(_serving(made, HOOK, _Hook))
        stack.enter_context(_serving(made, MAIL, _Mailbox))
        for port, command in _commands(config, folder).items():
            made.servers[port] = Server(network, folder / f"{command[0]}.log", command)
            made.servers[port].start()
            stack.callback(made.servers[port].kill)
        for port in (ALERTMANAGER, PROMETHEUS):
            made.until(lambda port=port: _ready(made, port), 30, f"ready: {port}")  # type: ignore[misc]
        yield made


def _commands(config: Path, folder: Path) -> dict[int, tuple[str, ...]]:
    return {
        ALERTMANAGER: (
            "prometheus-alertmanager",
            f"--config.file={config}/alertmanager/alertmanager.yml",
            f"--storage.path={folder}/alertmanager",
            f"--web.listen-address=127.0.0.1:{ALERTMANAGER}",
            "--cluster.listen-address=",
        ),
        PROMETHEUS: (
            "prometheus",
            f"--config.file={config}/prometheus/prometheus.yml",
            f"--storage.tsdb.path={folder}/tsdb",
            f"--web.listen-address=127.0.0.1:{PROMETHEUS}",
            "--rules.alert.resend-delay=5s",  # in its first seconds it knows no Alertmanager: not a minute lost
        ),
    }


def _ready(made: Chain, port: int) -> bool:
    try:
        return made.get(port, "/-/ready")[0] == 200
    except OSError:
        return False
