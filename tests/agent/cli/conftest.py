"""A small world for command tests: one TCP service that answers, one that is refused, and a configuration of both."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest_asyncio

from agent.lab.listeners.tcp import TcpListener


@dataclass(frozen=True)
class Served:
    """Where the configuration lies, where its agent will answer, where its ledger will be."""

    config: Path
    address: str
    storage: Path


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


@pytest_asyncio.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    listener = TcpListener()
    await listener.open("127.0.0.1")
    port = free_port()
    config = tmp_path / "sansang.yml"
    config.write_text(
        f"""organisation: {{name: Thử, language: vi}}
levels: [{{id: commune, name: {{vi: Xã, en: Commune}}}}]
units: [{{id: u, name: Xã A, level: commune}}]
defaults: {{interval: 1s, timeout: 1s, confirm_interval: 1s}}
modules: {{port: {{probe: tcp}}}}
sites: [{{id: s, name: UBND xã A, unit: u}}]
targets:
  - {{id: s/good, name: Tốt, role: service, module: port, address: "127.0.0.1:{listener.port}"}}
  - {{id: s/dead, name: Hỏng, role: one-stop, module: port, address: "127.0.0.1:{free_port()}"}}
listen: 127.0.0.1:{port}
storage: {{path: {tmp_path / "ledger"}}}
""",
        "utf-8",
    )
    yield Served(config, f"http://127.0.0.1:{port}", tmp_path / "ledger")
    await listener.close()
