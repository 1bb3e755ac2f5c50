"""A private network for the lab, without root: a user and a network namespace of this process's own.

Inside, ``lo`` keeps only the single addresses it is given, while all of 127.0.0.0/8 is routed to it. A packet for an
address that was taken away is sent, comes back, and is dropped: no answer to ping, TCP or UDP, and no error either.
Measured on Linux 6.18; tests/agent/lab/test_namespace.py proves it on the machine it runs on.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

from agent.explain.system_errors import system_text
from agent.lab.netlink import Loopback
from agent.text import Text

_NEWUSER, _NEWNET = 0x10000000, 0x40000000  # CLONE_*, linux/sched.h
_PR_SET_PDEATHSIG = 1
LOCALHOST = IPv4Address("127.0.0.1")
_LOOPBACK = IPv4Network("127.0.0.0/8")
_libc = ctypes.CDLL(None, use_errno=True)


class PrivateNetwork:
    """The network this process has moved into: loopback only, with single addresses that come and go."""

    def __init__(self, lo: Loopback) -> None:
        self._lo = lo

    def assign(self, addresses: Iterable[IPv4Address]) -> None:
        """Let these addresses answer."""
        for address in addresses:
            self._lo.add(address)

    def withdraw(self, addresses: Iterable[IPv4Address]) -> None:
        """Make these addresses silent; sockets bound to them stay, and answer again once they are given back."""
        for address in addresses:
            self._lo.remove(address)

    def close(self) -> None:
        self._lo.close()


_NO_WORD = Text("lần thử kết thúc mà không cho biết gì", "the trial ended without a word")


def refusal() -> Text | None:
    """Why this process cannot have a private network, or None when it can.

    Tried in a forked child, because a half-made namespace (AppArmor lets one be made and then takes its rights)
    cannot be left again. To be called while the process has one thread.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _try_and_exit(writer)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as answer:
        why = answer.read()
    os.waitpid(child, 0)
    if why == "ok":
        return None
    return system_text(OSError(int(why), os.strerror(int(why)))) if why else _NO_WORD


def _try_and_exit(writer: int) -> None:
    answer = ""
    try:
        enter().close()
        answer = "ok"
    except OSError as error:
        answer = str(error.errno or errno.EPROTO)
    finally:
        os.write(writer, answer.encode())
        os._exit(0)


def enter() -> PrivateNetwork:
    """Move this process into a new private network, for good; sockets opened before stay in the old one.

    The process must have one thread. Raises OSError when the kernel refuses; ask refusal() first.
    """
    _unshare()
    with contextlib.suppress(OSError):  # some containers hold /proc/sys read-only; raw sockets work without this
        Path("/proc/sys/net/ipv4/ping_group_range").write_text("0 0", encoding="ascii")
    lo = Loopback()
    try:
        lo.up()
        lo.add(LOCALHOST)
        lo.remove(LOCALHOST, prefix=8)  # takes the kernel's `local 127.0.0.0/8` with it
        lo.route(_LOOPBACK)
    except OSError:
        lo.close()
        raise
    return PrivateNetwork(lo)


def _unshare() -> None:
    """Root takes a network namespace alone; any other user takes a user namespace too and is its root."""
    if os.geteuid() == 0 and _libc.unshare(_NEWNET) == 0:
        return
    user, group = os.geteuid(), os.getegid()
    if _libc.unshare(_NEWUSER | _NEWNET) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    own = Path("/proc/self")
    (own / "setgroups").write_text("deny", encoding="ascii")  # user_namespaces(7): before gid_map
    (own / "uid_map").write_text(f"0 {user} 1", encoding="ascii")
    (own / "gid_map").write_text(f"0 {group} 1", encoding="ascii")


def join(process: int) -> None:
    """Move this process into the private network of another one of the same user, for good; OSError if refused."""
    for kind, flag in (("user", _NEWUSER), ("net", _NEWNET)):
        target, own = Path(f"/proc/{process}/ns/{kind}"), Path(f"/proc/self/ns/{kind}")
        if target.stat().st_ino == own.stat().st_ino:  # setns(2): one's own user namespace cannot be joined again
            continue
        with target.open("rb") as namespace:
            if _libc.setns(namespace.fileno(), flag) != 0:
                code = ctypes.get_errno()
                raise OSError(code, os.strerror(code))
        if flag == _NEWUSER:  # real root has no name in there until it takes the one that is mapped
            os.setgid(0)
            os.setuid(0)


def die_with(parent: int, signal_number: int) -> None:
    """Have the kernel send this process the signal when its parent ends in any way; exit if it has ended already.

    For a new child, before exec; calls nothing but prctl and getppid.
    """
    _libc.prctl(_PR_SET_PDEATHSIG, signal_number)
    if os.getppid() != parent:
        os._exit(1)
