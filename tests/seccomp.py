"""A seccomp filter as systemd's SystemCallFilter= or a container engine installs it: named calls fail with EPERM.

`python -m tests.seccomp adjtimex clock_adjtime -- COMMAND ...` runs the command under it.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import sys
from collections.abc import Sequence

NUMBERS = {
    "x86_64": {"adjtimex": 159, "clock_adjtime": 305, "unshare": 272},
    "aarch64": {"adjtimex": 171, "clock_adjtime": 266, "unshare": 97},
}[platform.machine()]
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06  # classic BPF: LD|W|ABS, JMP|JEQ|K, RET|K
_ALLOW, _FAIL = 0x7FFF0000, 0x00050000 | errno.EPERM
_NO_NEW_PRIVS, _SECCOMP, _FILTER = 38, 22, 2  # prctl(2)


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("k", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.POINTER(_Instruction)))


def forbid(calls: Sequence[str]) -> None:
    """From now on these calls fail with EPERM, in this process and all that it starts; raises OSError.

    Root may do so without giving up that programs gain capabilities from their files, as an engine does.
    """
    steps = [_Instruction(_LOAD, 0, 0, 0)]
    for call in calls:
        steps += [_Instruction(_JUMP_IF_EQUAL, 0, 1, NUMBERS[call]), _Instruction(_RETURN, 0, 0, _FAIL)]
    steps.append(_Instruction(_RETURN, 0, 0, _ALLOW))
    program = _Program(len(steps), (_Instruction * len(steps))(*steps))
    libc = ctypes.CDLL(None, use_errno=True)
    if (os.geteuid() and libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0)) or libc.prctl(
        _SECCOMP, _FILTER, ctypes.byref(program), 0, 0
    ):
        raise OSError(ctypes.get_errno(), "seccomp filter refused")


if __name__ == "__main__":
    end = sys.argv.index("--")
    forbid(sys.argv[1:end])
    os.execvp(sys.argv[end + 1], sys.argv[end + 1 :])  # noqa: S606 - the command as it was given
