"""Test files that run once more where they may do what the machine itself does not let them."""

from __future__ import annotations

import os
import subprocess
import sys
from tempfile import TemporaryDirectory

import pytest

_SECONDS = 50
_NETWORK = """
import sys
from ipaddress import IPv4Address
from agent.lab import namespace
why = namespace.refusal()
if why:
    sys.exit('refused: ' + why)
addresses, options = sys.argv[1].split(), sys.argv[2:]
net = namespace.enter()
net.assign([IPv4Address(address) for address in addresses])
import pytest
sys.exit(pytest.main(['-p', 'no:cacheprovider', *options]))
"""


def in_a_private_network(file: str, inside: tuple[str, str], addresses: str, *options: str) -> None:
    """The tests of the file in a network of the lab's kind with these addresses; inside: the variable that says so."""
    done = _run([sys.executable, "-c", _NETWORK, addresses, *options, file], inside)
    if "refused: " in done.stderr and os.environ.get("SANSANG_CI") != "1":
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0, done.stdout + done.stderr


def unshared(file: str, inside: tuple[str, str], kind: str, before: str) -> None:
    """The tests of the file in a namespace of this kind (unshare's option), prepared by this command of the shell."""
    inner = f"{before} && exec {sys.executable} -m pytest -p no:cacheprovider {file}"
    done = _run(["unshare", "--user", "--map-root-user", kind, "sh", "-c", inner], inside)
    if done.stderr.startswith("unshare: ") and "SANSANG_CI" not in os.environ:
        pytest.skip(f"namespaces are not permitted: {done.stderr.strip()[:200]}")
    assert done.returncode == 0, done.stdout + done.stderr


def _run(command: list[str], inside: tuple[str, str]) -> subprocess.CompletedProcess[str]:
    """With a folder of its own: in the one that all sessions share, one takes away what another looks through."""
    with TemporaryDirectory() as folder:
        environment = os.environ | {"PYTEST_ADDOPTS": f"--basetemp={folder}/inner"} | dict([inside])
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False)
