"""snmpd of Net-SNMP on ports of 127.x, ended by pid."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from pathlib import Path

COMMUNITY, AUTH_PASSWORD, PRIVACY_PASSWORD = "wardroom", "authpass123", "privpass456"
USERS = {  # name: level, createUser's words
    "plain": ("noauth", ""),
    "sha": ("auth", f"SHA {AUTH_PASSWORD}"),
    "sha256": ("auth", f"SHA-256 {AUTH_PASSWORD}"),
    "sha_aes": ("priv", f"SHA {AUTH_PASSWORD} AES {PRIVACY_PASSWORD}"),
    "sha_des": ("priv", f"SHA {AUTH_PASSWORD} DES {PRIVACY_PASSWORD}"),
    "sha256_aes": ("priv", f"SHA-256 {AUTH_PASSWORD} AES {PRIVACY_PASSWORD}"),
    "sha512_aes": ("priv", f"SHA-512 {AUTH_PASSWORD} AES {PRIVACY_PASSWORD}"),
    "md5_des": ("priv", f"MD5 {AUTH_PASSWORD} DES {PRIVACY_PASSWORD}"),
}
START_SECONDS = 15.0
_DISCOVERY = (  # recorded of Net-SNMP's snmpget
    "3038020103300e020101020300ffe30401040201030410300e0400020100020100040004000400"
    "301104000400a00b0201010201000201003000"
)


class NetSnmpAgent:
    """One snmpd with a community and a user for each way of authentication and encryption."""

    def __init__(self, folder: Path, address: str) -> None:
        folder.mkdir(exist_ok=True)
        self.address, self._folder = address, folder
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind((address, 0))
            self.port = int(free.getsockname()[1])
        users = [f"createUser {name} {words}\nrouser {name} {level}" for name, (level, words) in USERS.items()]
        lines = [
            f"rocommunity {COMMUNITY} 127.0.0.0/8",
            "sysName sw-xa-01",
            "sysLocation Xa Test 01",
            *users,
        ]
        (folder / "conf").write_text("\n".join([*lines, f"agentaddress udp:{address}:{self.port}", ""]))
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        environment = os.environ | {"MIBS": "", "SNMP_PERSISTENT_DIR": str(self._folder / "state")}
        command = ["snmpd", "-f", "-Lo", "-C", "-c", str(self._folder / "conf"), "-I", "-smux"]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        self._wait()

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def _wait(self) -> None:
        ask = bytes.fromhex(_DISCOVERY)
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
                asking.settimeout(0.3)
                asking.connect((self.address, self.port))
                try:
                    asking.send(ask)
                    asking.recv(2000)
                    return
                except OSError:
                    time.sleep(0.1)
        raise AssertionError((self._folder / "log").read_text())
