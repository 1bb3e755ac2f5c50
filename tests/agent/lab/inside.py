"""What is tried inside the private network: run by a child process that is an ordinary user (see net.py)."""

from __future__ import annotations

import errno
import json
import os
import socket
from ipaddress import IPv4Address

from agent.lab import namespace

HERE, GONE, NEVER = "127.77.0.5", "127.77.0.6", "127.99.0.9"
_WAIT_SECONDS = 0.3


def ping(address: str, kind: int) -> str:
    """One echo request (RFC 792) through a raw or a datagram socket: answered, silent, or an errno."""
    with socket.socket(socket.AF_INET, kind, socket.IPPROTO_ICMP) as probe:
        probe.settimeout(_WAIT_SECONDS)
        probe.sendto(bytes([8, 0, 0xF7, 0xFE, 0, 0, 0, 1]), (address, 0))
        for _ in range(10):  # a raw socket hears every packet, its own request first
            try:
                packet = probe.recv(2048)
            except TimeoutError:
                return "silent"
            body = packet[20:] if kind == socket.SOCK_RAW else packet
            if body[0] == 0:
                return "answered"
        return "confused"


def tcp(address: str, port: int) -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as client:
        client.settimeout(_WAIT_SECONDS)
        try:
            client.connect((address, port))
            client.sendall(b"?")
        except TimeoutError:
            return "silent"
        except OSError as error:
            return errno.errorcode[error.errno or 0]
        return "answered"


def udp(address: str, port: int) -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(_WAIT_SECONDS)
        try:
            client.connect((address, port))
            client.send(b"?")
            client.recv(10)
        except TimeoutError:
            return "silent"
        except OSError as error:
            return errno.errorcode[error.errno or 0]
        return "answered"


def every_way(address: str, port: int) -> dict[str, str]:
    return {
        "raw ping": ping(address, socket.SOCK_RAW),
        "datagram ping": ping(address, socket.SOCK_DGRAM),
        "tcp": tcp(address, port),
        "udp": udp(address, port),
    }


def take_away_and_give_back() -> None:
    """Print what each address answers before, while and after one of them is taken away."""
    network = namespace.enter()
    network.assign(map(IPv4Address, (HERE, GONE)))
    server = socket.create_server((GONE, 0))
    port = server.getsockname()[1]
    old = socket.create_connection((GONE, port))
    accepted, _ = server.accept()
    report: dict[str, object] = {"uid": os.geteuid(), "before": every_way(GONE, port)}
    network.withdraw([IPv4Address(GONE)])
    network.withdraw([IPv4Address(GONE)])
    report |= {"gone": every_way(GONE, port), "neighbour": every_way(HERE, 1), "never": every_way(NEVER, 1)}
    report |= {"localhost": every_way("127.0.0.1", 1), "old connection": _hears(old, accepted)}
    network.assign([IPv4Address(GONE)])
    network.assign([IPv4Address(GONE)])
    report |= {"after": every_way(GONE, port)}
    print(json.dumps(report))


def _hears(sender: socket.socket, receiver: socket.socket) -> str:
    receiver.settimeout(_WAIT_SECONDS)
    try:
        sender.sendall(b"still there?")
        return receiver.recv(100).decode()
    except TimeoutError:
        return "silent"
    except OSError as error:
        return errno.errorcode[error.errno or 0]
