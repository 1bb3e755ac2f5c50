"""chronyd on ports of 127.x, without control of this machine's clock; ended by pid."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from tests.peers import shifted_clock

START_SECONDS = 15.0
_CONFIGURATION = """
port {port}
bindaddress {address}
allow 127.0.0.0/8
cmdport 0
bindcmdaddress {folder}/control.sock
pidfile {folder}/pid
driftfile {folder}/drift
{lines}
"""


class TimeServer:
    """One chronyd; lines are added to its configuration, shift_seconds to its clock."""

    def __init__(self, folder: Path, address: str, lines: str, shift_seconds: int = 0) -> None:
        folder.mkdir()
        self.address = f"{address}:{_free_port(address)}"
        host, _, port = self.address.rpartition(":")
        (folder / "conf").write_text(_CONFIGURATION.format(port=port, address=host, folder=folder, lines=lines))
        self._log = (folder / "log").open("wb")
        command = ["chronyd", "-x", "-d", "-u", "root", "-f", str(folder / "conf")]
        self._process = subprocess.Popen(command, stdout=self._log, stderr=self._log, env=_clock(folder, shift_seconds))
        try:
            self._wait()
        except AssertionError:
            self.stop()
            raise

    def pause(self) -> None:
        """Hang until stop()."""
        self._process.send_signal(signal.SIGSTOP)

    def stop(self) -> None:
        self._process.send_signal(signal.SIGCONT)
        self._process.terminate()
        self._process.wait()
        self._log.close()

    def _wait(self) -> None:
        """Until it answers anything at all."""
        host, _, port = self.address.rpartition(":")
        until = time.monotonic() + START_SECONDS
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.settimeout(0.2)
            client.connect((host, int(port)))
            while time.monotonic() < until:
                try:
                    client.send(b"\x23" + bytes(39) + os.urandom(8))
                    client.recv(1024)
                except OSError:
                    time.sleep(0.05)
                else:
                    return
        raise AssertionError(f"no answer: {Path(self._log.name).read_text()}")


@asynccontextmanager
async def altering(address: str, alter: Callable[[bytes], bytes]) -> AsyncIterator[str]:
    """A relay before a server that alters its answers; gives the address to ask."""
    host, _, port = address.rpartition(":")
    loop = asyncio.get_running_loop()
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as front,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as back,
    ):
        front.bind(("127.0.1.129", 0))
        back.connect((host, int(port)))
        clients: list[tuple[str, int]] = []

        def request() -> None:
            data, client = front.recvfrom(1024)
            clients.append(client)
            back.send(data)

        loop.add_reader(front, request)
        loop.add_reader(back, lambda: front.sendto(alter(back.recv(1024)), clients.pop(0)))
        try:
            yield f"127.0.1.129:{front.getsockname()[1]}"
        finally:
            loop.remove_reader(front)
            loop.remove_reader(back)


def _free_port(address: str) -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_port:
        any_port.bind((address, 0))
        return int(any_port.getsockname()[1])


def _clock(folder: Path, shift_seconds: int) -> Mapping[str, str]:
    if not shift_seconds:
        return os.environ
    library, orders = folder / "clock.so", folder / "clock"
    shifted_clock.build(library)
    shifted_clock.order(orders, shift_seconds, synchronised=True)
    return os.environ | {"LD_PRELOAD": str(library), "SHIFTED_CLOCK": str(orders)}
