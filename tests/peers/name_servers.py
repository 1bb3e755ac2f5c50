"""dnsmasq, unbound and knot on free ports of 127.x, and blackbox_exporter beside them; ended by pid."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

DNSMASQ, UNBOUND, KNOT = "127.0.1.53", "127.0.1.54", "127.0.1.55"
START_SECONDS = 15.0

_DNSMASQ = """
port={port}
listen-address={address}
bind-interfaces
no-resolv
no-hosts
no-poll
user=root
local=/lab.example/
address=/good.lab.example/127.0.1.80
cname=www.lab.example,portal.lab.example
host-record=portal.lab.example,127.0.1.80,2001:db8::80
srv-host=_sip._udp.lab.example,portal.lab.example,5060,10,10
txt-record=lab.example,"v=test"
mx-host=lab.example,mail.lab.example,10
ptr-record=80.2.0.192.in-addr.arpa,portal.lab.example
"""
_KNOT = """
server:
    listen: {address}@{port}
    rundir: "{folder}"
    user: root:root
database:
    storage: "{folder}/db"
zone:
  - domain: lab.example
    storage: "{folder}"
    file: "lab.zone"
    dnssec-signing: on
"""
_ZONE = """$ORIGIN lab.example.
$TTL 60
@ SOA ns noc 2026112401 3600 600 86400 60
@ NS ns
ns A 127.0.1.55
portal A 127.0.1.80
_sip._udp SRV 10 10 5060 portal
_h323ls._udp SRV 10 10 1719 portal
big TXT {big}
"""
_UNBOUND = """
server:
  interface: {address}
  port: {port}
  access-control: 127.0.0.0/8 allow
  do-daemonize: no
  chroot: ""
  username: ""
  directory: "{folder}"
  pidfile: "{folder}/unbound.pid"
  use-syslog: no
  do-not-query-localhost: no
  trust-anchor: "{anchor}"
  local-zone: "refused.test." refuse
  local-zone: "dropped.test." deny
  local-zone: "nothere.test." always_nxdomain
  tls-port: {tls_port}
  interface: {address}@{tls_port}
  tls-service-key: "{key}"
  tls-service-pem: "{pem}"
stub-zone:
  name: "lab.example."
  stub-addr: {knot}
remote-control:
  control-enable: no
"""


class NameServers:
    """All of them; `at` gives host:port by name."""

    def __init__(self, folder: Path, pem: str) -> None:
        self._folder, self._pem = folder, pem
        self._processes: list[subprocess.Popen[bytes]] = []
        self.at = {
            "dnsmasq": f"{DNSMASQ}:{free_port(DNSMASQ)}",
            "unbound": f"{UNBOUND}:{free_port(UNBOUND)}",
            "unbound-tls": f"{UNBOUND}:{free_port(UNBOUND)}",
            "knot": f"{KNOT}:{free_port(KNOT)}",
            "blackbox": f"127.0.0.1:{free_port('127.0.0.1')}",
        }

    def start(self) -> None:
        """Everything that answers; knot first, whose key unbound must trust."""
        big = " ".join(f'"{letter * 200}"' for letter in "abcdefghijklmnop")
        (self._folder / "db").mkdir()
        (self._folder / "lab.zone").write_text(_ZONE.format(big=big))
        knot = self._write("knot", _KNOT)
        self._run(["knotd", "-c", knot])
        self._wait("knot")
        dnsmasq = self._write("dnsmasq", _DNSMASQ)
        self._run(["dnsmasq", "-k", "-C", dnsmasq, f"--pid-file={self._folder}/dnsmasq.pid"])
        self._wait("dnsmasq")
        said = subprocess.run(["keymgr", "-c", knot, "lab.example", "ds"], check=True, capture_output=True, text=True)
        anchor = next(line for line in said.stdout.splitlines() if " DS " in line)
        unbound = self._write(
            "unbound", _UNBOUND, anchor=anchor, knot=self.at["knot"].replace(":", "@"), key=self._pem, pem=self._pem,
            tls_port=self.at["unbound-tls"].rpartition(":")[2],
        )  # fmt: skip
        self._run(["unbound", "-d", "-c", unbound])
        self._wait("unbound")

    def start_blackbox(self, modules: dict[str, Any]) -> None:
        config = self._folder / "blackbox.yml"
        config.write_text(json.dumps({"modules": modules}))  # JSON is YAML
        command = [
            "prometheus-blackbox-exporter",
            f"--config.file={config}",
            f"--web.listen-address={self.at['blackbox']}",
        ]
        self._run([*command, "--log.level=error"])
        self._wait("blackbox")

    def blackbox(self, module: str, server: str) -> bool:
        """blackbox_exporter's verdict."""
        query = urllib.parse.urlencode({"module": module, "target": self.at[server]})
        with urllib.request.urlopen(f"http://{self.at['blackbox']}/probe?{query}", timeout=10) as answer:
            return b"\nprobe_success 1" in answer.read()

    def stop(self) -> None:
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.wait(10)

    def _write(self, name: str, text: str, **values: str) -> str:
        address, _, port = self.at[name].rpartition(":")
        path = self._folder / f"{name}.conf"
        path.write_text(text.format(address=address, port=port, folder=self._folder, **values))
        return str(path)

    def _run(self, command: list[str]) -> None:
        program = shutil.which(command[0], path="/usr/sbin:/usr/bin:/sbin:/bin")
        assert program, f"{command[0]} is not installed"
        with (self._folder / f"{Path(program).name}.log").open("wb") as log:
            self._processes.append(subprocess.Popen([program, *command[1:]], stdout=log, stderr=log))

    def _wait(self, name: str) -> None:
        address, _, port = self.at[name].rpartition(":")
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            try:
                socket.create_connection((address, int(port)), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        logs = "\n".join(path.read_text("utf-8", "replace")[-2000:] for path in self._folder.glob("*.log"))
        raise TimeoutError(f"{name} did not start:\n{logs}")


def free_port(address: str) -> int:
    """A port free for UDP and TCP now."""
    with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        tcp.bind((address, 0))
        udp.bind((address, tcp.getsockname()[1]))
        return int(tcp.getsockname()[1])
