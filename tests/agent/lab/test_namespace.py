"""The private network, on the kernel at hand and as an ordinary user."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from ipaddress import IPv4Address
from typing import Any

import pytest

from agent.lab.netlink import Loopback
from tests.agent.lab import net
from tests.agent.lab.net import ROOT, need_namespaces, python_as_ordinary_user

ANSWERS = {"raw ping": "answered", "datagram ping": "answered", "tcp": "ECONNREFUSED", "udp": "ECONNREFUSED"}
SILENT = {"raw ping": "silent", "datagram ping": "silent", "tcp": "silent", "udp": "silent"}


@pytest.fixture(scope="module")
def report() -> Any:
    need_namespaces()
    done = python_as_ordinary_user("from tests.agent.lab import inside; inside.take_away_and_give_back()")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_needs_no_root(report: Any) -> None:
    assert report["uid"] == 0  # inside; outside it was an ordinary user's process
    net.need(os.geteuid() != 0 or net.ordinary_user(), "nobody cannot read this folder")
    if os.geteuid() == 0:
        assert python_as_ordinary_user("import os; print(os.geteuid())").stdout == "65534\n"


def test_an_address_given_answers_every_way(report: Any) -> None:
    assert report["before"] == ANSWERS | {"tcp": "answered"}
    assert report["neighbour"] == ANSWERS


def test_an_address_taken_away_is_silent_every_way(report: Any) -> None:
    assert report["gone"] == SILENT


def test_an_address_never_given_is_silent_too(report: Any) -> None:
    assert report["never"] == SILENT


def test_localhost_stays(report: Any) -> None:
    assert report["localhost"] == ANSWERS


def test_a_connection_made_before_goes_silent(report: Any) -> None:
    assert report["old connection"] == "silent"


def test_an_address_given_back_answers_as_before(report: Any) -> None:
    assert report["after"] == report["before"]


def test_nothing_but_loopback_is_in_reach() -> None:
    need_namespaces()
    done = python_as_ordinary_user(
        "from agent.lab import namespace; import socket\n"
        "namespace.enter(); print([name for _, name in socket.if_nameindex()])\n"
        "try: socket.create_connection(('192.0.2.1', 80), 1)\n"
        "except OSError as error: print(error.errno)"
    )
    assert done.stdout.splitlines()[0].startswith("['lo'"), done.stderr
    assert done.stdout.splitlines()[1] == "101"  # ENETUNREACH


def test_a_socket_opened_before_stays_outside() -> None:
    need_namespaces()
    code = (
        "from agent.lab import namespace; import socket\n"
        "server = socket.create_server(('127.0.0.1', 0)); namespace.enter()\n"
        "print(server.getsockname()[1], flush=True); connection, _ = server.accept(); connection.sendall(b'inside')"
    )
    with subprocess.Popen([sys.executable, "-B", "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        port = int(child.stdout.readline())
        with socket.create_connection(("127.0.0.1", port), 5) as client:
            assert client.recv(10) == b"inside"


def test_a_refusal_is_told_with_its_cause() -> None:
    """A user namespace that may have no namespaces below it, without the right to make a network."""
    need_namespaces()
    limit = "echo 0 > /proc/sys/user/max_user_namespaces; exec setpriv --bounding-set=-sys_admin "
    code = "from agent.lab import namespace; print(namespace.refusal().en)"
    done = subprocess.run(
        ["unshare", "-Ur", "sh", "-c", f'{limit} "$0" -B -c "$1"', sys.executable, code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.stdout.strip() in {"No space left on device", "Operation not permitted"}, done.stderr


def test_the_kernels_no_is_an_error_of_its_own_number() -> None:
    """An ordinary user may not change the loopback of the machine."""
    code = (
        "from agent.lab.netlink import Loopback; from ipaddress import IPv4Address\n"
        "try: Loopback().add(IPv4Address('127.77.0.1'))\n"
        "except PermissionError as error: print(error.errno)"
    )
    assert python_as_ordinary_user(code).stdout == "1\n"


def test_addresses_are_written_as_the_kernel_reads_them() -> None:
    lo = Loopback()
    try:
        message = lo._address_message(IPv4Address("127.77.1.2"), 32)
    finally:
        lo.close()
    assert message[:4] == bytes([2, 32, 0, 254])  # AF_INET, /32, no flags, scope host
    assert message[8:] == bytes([8, 0, 2, 0, 127, 77, 1, 2])  # IFA_LOCAL
