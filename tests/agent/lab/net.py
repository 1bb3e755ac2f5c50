"""Runs a piece of Python in a private network of the lab, as an ordinary user where the tests run as root."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
NOBODY = 65534


def as_ordinary_user() -> dict[str, object]:
    """What subprocess needs so that the child is an ordinary user."""
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}


def python_as_ordinary_user(code: str, seconds: float = 30.0) -> subprocess.CompletedProcess[str]:
    """Run code as an ordinary user and bring back what it said."""
    command = [sys.executable, "-B", "-c", code]
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        command, cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False, **as_ordinary_user()
    )


def need_namespaces() -> None:
    """Leave the test out where the kernel refuses user namespaces; on the build machine that is an error."""
    why = python_as_ordinary_user("from agent.lab import namespace; print(namespace.refusal())").stdout.strip()
    if why != "None":
        message = f"user namespaces are refused here: {why}"
        if os.environ.get("SANSANG_CI") == "1":
            pytest.fail(message)
        pytest.skip(message)
