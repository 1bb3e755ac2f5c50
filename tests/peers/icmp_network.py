"""Private networks of the icmp tests: namespaces named ss-icmp-PID-*, joined by veth pairs or by cables.

A socket belongs for good to the namespace in which it was opened, so a test enters one for as long as it opens its
sockets, and stays in the same process.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

_CLONE_NEWNET = 0x4000_0000
_RUN = Path("/run/netns")
_PREFIX = "ss-icmp-"
_libc = ctypes.CDLL(None, use_errno=True)


def _setns(fd: int) -> None:
    if _libc.setns(fd, _CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


class Network:
    """A set of namespaces that ends with the ``with`` block, whatever happens in it."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._cables: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        _remove_leftovers()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._cables is not None:
            assert self._cables.stdin is not None
            self._cables.stdin.close()
            self._cables.wait(10)
            assert self._cables.stdout is not None
            self._cables.stdout.close()
        for name in self._names:
            _ip("netns", "del", name)

    def name(self, short: str) -> str:
        return f"{_PREFIX}{os.getpid()}-{short}"

    def add(self, *shorts: str) -> None:
        for short in shorts:
            _ip("netns", "add", self.name(short))
            self._names.append(self.name(short))
            _ip("-n", self.name(short), "link", "set", "lo", "up")
            self.sysctl(short, ipv6__conf__default__accept_dad="0")  # addresses are usable at once

    def ip(self, short: str, *words: str) -> None:
        _ip("-n", self.name(short), *words)

    def run(self, short: str, *command: str, stdin: str = "") -> str:
        """A command inside a namespace; its output."""
        done = subprocess.run(
            ["ip", "netns", "exec", self.name(short), *command],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stderr}{done.stdout}"
        return done.stdout

    def sysctl(self, short: str, **values: str) -> None:
        """Settings below net/, `__` for a slash: ipv4__ip_forward="1"."""
        with self.inside(short):
            for key, value in values.items():
                Path("/proc/sys/net", *key.split("__")).write_text(value, encoding="ascii")

    def veth(self, one: tuple[str, str], other: tuple[str, str]) -> None:
        """A pair of devices: (namespace, device) twice, both up."""
        (here, near), (there, far) = one, other
        self.ip(here, "link", "add", near, "type", "veth", "peer", "name", far, "netns", self.name(there))
        self.ip(here, "link", "set", "dev", near, "up")
        self.ip(there, "link", "set", "dev", far, "up")

    def address(self, short: str, device: str, *addresses: str) -> None:
        for address in addresses:
            flags = ("nodad",) if ":" in address else ()
            self.ip(short, "addr", "add", address, "dev", device, *flags)

    @contextlib.contextmanager
    def inside(self, short: str) -> Iterator[None]:
        """This thread in the namespace: sockets opened now stay there."""
        with Path("/proc/thread-self/ns/net").open("rb") as home, (_RUN / self.name(short)).open("rb") as there:
            _setns(there.fileno())
            try:
                yield
            finally:
                _setns(home.fileno())

    def lay_cables(self, hub: str, *names: str) -> None:
        """Start the cables NAME=DEVICE,DEVICE whose inner ends lie in the hub."""
        script = Path(__file__).with_name("wire_link.py")
        self._cables = subprocess.Popen(
            ["ip", "netns", "exec", self.name(hub), sys.executable, str(script), *names],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._cables.stdout is not None
        assert self._cables.stdout.readline() == "ready\n"

    def cable(self, name: str, **values: float | bool) -> tuple[int, int]:
        """Change a cable; the frames it (passed, dropped) since the last change."""
        assert self._cables is not None
        assert self._cables.stdin is not None
        assert self._cables.stdout is not None
        self._cables.stdin.write(json.dumps({"cable": name, **values}) + "\n")
        self._cables.stdin.flush()
        counted = json.loads(self._cables.stdout.readline())
        return counted["passed"], counted["dropped"]


def _ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 0, f"ip {' '.join(words)}: {done.stderr}"


def _remove_leftovers() -> None:
    """Namespaces of a test process that was killed."""
    for path in _RUN.glob(f"{_PREFIX}*"):
        pid = path.name.removeprefix(_PREFIX).partition("-")[0]
        if pid.isdigit() and not Path("/proc", pid).exists():
            _ip("netns", "del", path.name)
