"""Real SIP software for the tests: a kamailio registrar, baresip rooms, sipp; all on 127.21.0.0/16, ended by pid.

baresip's net_interface must be the address itself: with `lo` it cannot start. A room unregisters when it is
terminated, and leaves its binding behind when it is killed.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import trustme

REGISTRAR = "127.21.0.10"
DOMAIN = "lab.test"
SIPP = "127.21.2.1"
_WAIT_SECONDS = 5

_KAMAILIO = """#!KAMAILIO
debug=1
log_stderror=yes
children=2
tcp_children=2
enable_tls=yes
auto_aliases=no
alias="{domain}"
listen=udp:{address}:5060
listen=tcp:{address}:5060
listen=tls:{address}:5061
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "sanity.so"
loadmodule "tls.so"
modparam("tls", "config", "{folder}/tls.cfg")
modparam("tm", "fr_timer", 1000)
modparam("usrloc", "db_mode", 0)

request_route {{
    if (!mf_process_maxfwd_header("10")) {{ sl_send_reply("483", "Too Many Hops"); exit; }}
    if (!sanity_check("1511", "7")) exit;
    if (is_method("OPTIONS") && uri==myself && $rU==$null) {{ sl_send_reply("200", "Here"); exit; }}
    if (is_method("REGISTER")) {{ if (!save("location")) sl_reply_error(); exit; }}
    if ($rU=="guarded") {{ sl_send_reply("403", "Forbidden"); exit; }}
    if (uri==myself) {{ if (!lookup("location")) {{ sl_send_reply("404", "Not Found"); exit; }} }}
    if (!t_relay()) sl_reply_error();
    exit;
}}
"""
_TLS = """[server:default]
method = TLSv1.2+
verify_certificate = no
require_certificate = no
private_key = {pem}
certificate = {pem}
[client:default]
verify_certificate = no
require_certificate = no
"""
_ROOM = """sip_listen {address}:5060
sip_trans_def udp
audio_player ausine,440
audio_source ausine,440
audio_alert ausine,440
net_interface {address}
sip_certificate {pem}
module_path /usr/lib/baresip/modules
module g711.so
module ausine.so
module_tmp uuid.so
module_tmp account.so
module_app menu.so
"""
_SCENARIO = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="answers OPTIONS">
  <recv request="OPTIONS"/>
  <pause/>
  <send><![CDATA[

SIP/2.0 {status}
[last_Via:]
[last_From:]
[last_To:];tag=[pid]UAS[call_number]
[last_Call-ID:]
[last_CSeq:]
Server: Slow/1.0
Content-Length: 0

]]></send>
</scenario>
"""


def room_name(number: int) -> str:
    return f"room-{number:02d}"


def room_address(number: int) -> str:
    return f"127.21.1.{number}"


@dataclass
class District:
    """The running servers. ca_file is what a client of their TLS must trust."""

    folder: Path
    count: int
    ca_file: str = ""
    _processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self) -> None:
        authority = trustme.CA()
        self.ca_file = str(self.folder / "ca.pem")
        authority.cert_pem.write_to_path(self.ca_file)
        names = [REGISTRAR, DOMAIN, *(room_address(number) for number in self.rooms())]
        pem = self.folder / "server.pem"
        authority.issue_cert(*names).private_key_and_cert_chain_pem.write_to_path(str(pem))
        self._registrar(pem)
        for number in self.rooms():
            self._room(number, pem)

    def rooms(self) -> range:
        return range(1, self.count + 1)

    def signal(self, number: int, what: signal.Signals) -> None:
        """Kill, freeze or end a room; waits until one that should be gone is."""
        process = self._processes[room_name(number)]
        process.send_signal(what)
        if what in (signal.SIGKILL, signal.SIGTERM):
            process.wait(_WAIT_SECONDS)

    def sipp(self, status: str, delay_ms: int, port: int) -> None:
        """A user agent on SIPP:port that answers OPTIONS with a status after a delay."""
        scenario = self.folder / f"uas-{port}.xml"
        scenario.write_text(_SCENARIO.format(status=status), encoding="ascii")
        options = ["-sf", str(scenario), "-i", SIPP, "-p", str(port), "-nostdin", "-d", str(delay_ms)]
        self._run(f"sipp-{port}", ["sipp", *options])

    def stop(self) -> None:
        """End everything: rooms and sipp at once (they would wait for answers), kamailio with its children."""
        for name, process in self._processes.items():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM if name == "kamailio" else signal.SIGKILL)
        for process in self._processes.values():
            try:
                process.wait(_WAIT_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(_WAIT_SECONDS)

    def alive(self) -> bool:
        """Whether every server that was started still runs."""
        return all(process.poll() is None for process in self._processes.values())

    def logs(self) -> str:
        """The last lines that the servers wrote, for a test that fails."""
        texts = []
        for name in self._processes:
            with contextlib.suppress(OSError):
                texts.append(f"{name}: " + (self.folder / f"{name}.log").read_text(errors="replace")[-400:])
        return "\n".join(texts)

    def _registrar(self, pem: Path) -> None:
        (self.folder / "tls.cfg").write_text(_TLS.format(pem=pem), encoding="ascii")
        config = self.folder / "kamailio.cfg"
        config.write_text(_KAMAILIO.format(domain=DOMAIN, address=REGISTRAR, folder=self.folder), encoding="ascii")
        run = self.folder / "run"
        run.mkdir()
        command = ["kamailio", "-f", str(config), "-w", str(self.folder), "-Y", str(run), "-P", str(run / "pid")]
        self._run("kamailio", [*command, "-DD", "-E", "-m", "64", "-M", "8"])

    def _room(self, number: int, pem: Path) -> None:
        name, address = room_name(number), room_address(number)
        folder = self.folder / name
        folder.mkdir()
        (folder / "config").write_text(_ROOM.format(address=address, pem=pem), encoding="ascii")
        account = f'<sip:{name}@{DOMAIN};transport=udp>;auth_pass=none;outbound="sip:{REGISTRAR}:5060;transport=udp"'
        (folder / "accounts").write_text(account + ";regint=60\n", encoding="ascii")
        (folder / "contacts").write_text(f"sip:monitor@{DOMAIN}\n", encoding="ascii")
        (folder / "uuid").touch()
        self._run(name, ["baresip", "-4", "-f", str(folder)])

    def _run(self, name: str, command: Sequence[str]) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            self._processes[name] = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder
            )
