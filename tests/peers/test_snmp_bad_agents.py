"""Devices that answer badly, before a real snmpd, asked by a whole running agent: reasons, deadlines, neighbours."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from agent.probes.snmp import ber
from agent.probes.snmp.message import PduType, token_of
from benchmarks.run import lateness, quantile, total
from benchmarks.snmp_switch import PreparedSwitch
from tests.agent.cli.commands.test_check import running
from tests.agent.cli.conftest import free_port
from tests.agent.probes.snmp.scripted_agent import Change, asked, response
from tests.peers.snmp_agents import AUTH_PASSWORD, COMMUNITY, PRIVACY_PASSWORD, NetSnmpAgent

pytestmark = pytest.mark.peers

HEALTHY = 100
INTERVAL, TIMEOUT = 4, 1.5
OVER = 0.5  # a run is cut off so long after its deadline
LATE_SECONDS = 0.25
ROUNDS = 3


def _nothing(*_: bytes) -> Iterable[bytes]:
    return ()


def _garbage(*_: bytes) -> Iterable[bytes]:
    return (random.randbytes(40),)


def _half(_: bytes, answer: bytes) -> Iterable[bytes]:
    return (answer[: len(answer) // 2],)


def _other_number(request: bytes, answer: bytes) -> Iterable[bytes]:
    token = token_of(request, len(request))
    return (answer.replace(token, bytes((token[0], token[1], token[2], token[3] ^ 0x55)), 1),)


def _twice(_: bytes, answer: bytes) -> Iterable[bytes]:
    return answer, answer


def _cut_short(_: bytes, answer: bytes) -> Iterable[bytes]:
    return (answer[:300],)


def _stuck(request: bytes, answer: bytes) -> Iterable[bytes]:
    """The same row again and again, whatever table is asked for."""
    kind, names, _ = asked(request)
    if kind is not PduType.GET_BULK:
        return (answer,)
    return (response(request, [(name + b"\1", b"\x04\1x") for name in names * 6]),)


def _huge(request: bytes, answer: bytes) -> Iterable[bytes]:
    """Every value has 60,000 octets."""
    kind, names, _ = asked(request)
    return (response(request, [(names[0], ber.tlv(4, b"v" * 60_000))]),) if kind is PduType.GET else (answer,)


def _error(status: int) -> Change:
    return lambda request, _: (response(request, [], status),)


def _as_it_is(_: bytes, answer: bytes) -> Iterable[bytes]:
    return (answer,)


@dataclass(frozen=True)
class BadAgent:
    """What it makes of snmpd's answers, and the reasons that a run may then have."""

    name: str
    reasons: str
    change: Change
    slow_seconds: float = 0.0
    credential: str = "commune"


AGENTS = (
    *(BadAgent(f"silent-{number}", "timeout", _nothing) for number in range(5)),
    *(BadAgent(f"slow-{number}", "timeout", _as_it_is, slow_seconds=5.0) for number in range(3)),
    BadAgent("garbage", "protocol_error", _garbage),
    BadAgent("truncated", "protocol_error", _half),
    BadAgent("wrong-id", "protocol_error", _other_number),
    BadAgent("wrong-source", "protocol_error", _as_it_is),
    BadAgent("twice", "ok", _twice),
    BadAgent("a-little-slow", "ok", _as_it_is, slow_seconds=0.02),
    BadAgent("stuck", "too_large", _stuck),
    BadAgent("huge", "ok", _huge),
    BadAgent("cut-short", "ok", _cut_short),
    BadAgent("gen-err", "snmp_error", _error(5)),
    BadAgent("refusing", "not_permitted", _error(16)),
    BadAgent("other-engine", "ok", _as_it_is, credential="core"),
)


class _Upstream(asyncio.DatagramProtocol):
    def __init__(self, back: Callable[[bytes], None]) -> None:
        self._back = back

    def datagram_received(self, data: bytes, _: tuple[str, int]) -> None:
        self._back(data)


class StandsBefore(asyncio.DatagramProtocol):
    """A bad agent: it asks snmpd, and answers with what it makes of that; wrong-source does so from another port."""

    def __init__(self, agent: BadAgent, upstream: Sequence[int]) -> None:
        self._agent, self._upstream = agent, upstream
        self._open: list[asyncio.DatagramTransport] = []

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]  # as it is made
        self._open.append(transport)
        self.port = int(transport.get_extra_info("sockname")[1])

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        asyncio.ensure_future(self._ask(data, addr))  # noqa: RUF006 - ends with the transport

    async def _ask(self, request: bytes, addr: tuple[str, int]) -> None:
        loop = asyncio.get_running_loop()

        def back(answer: bytes) -> None:
            for datagram in self._agent.change(request, answer):
                loop.call_later(self._agent.slow_seconds, self._send, datagram, addr)

        turn = int(loop.time() / INTERVAL) % 2 if self._agent.name == "other-engine" else 0
        transport, _ = await loop.create_datagram_endpoint(
            lambda: _Upstream(back), remote_addr=("127.0.0.1", self._upstream[turn])
        )
        self._open.append(transport)
        transport.sendto(request)

    def _send(self, datagram: bytes, addr: tuple[str, int]) -> None:
        if not self._open[0].is_closing():
            self._open[self._agent.name == "wrong-source"].sendto(datagram, addr)

    async def open(self, host: str) -> None:
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(lambda: self, local_addr=(host, 0))
        if self._agent.name == "wrong-source":
            other, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, local_addr=(host, 0))
            self._open.append(other)

    def close(self) -> None:
        for transport in self._open:
            transport.close()


class HealthySwitch(asyncio.DatagramProtocol):
    """Answers at once."""

    def __init__(self, switch: PreparedSwitch) -> None:
        self._switch = switch

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]  # as it is made
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._transport.sendto(self._switch.answer(data), addr)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[list[str]]:
    """Rows of the inventory, of bad agents and of healthy ones."""
    snmpds = [NetSnmpAgent(tmp_path / name, "127.0.0.1") for name in ("snmpd", "other")]
    bad = [StandsBefore(agent, [each.port for each in snmpds]) for agent in AGENTS]
    switch, loop = PreparedSwitch(), asyncio.get_running_loop()
    rows, healthy = [], []
    try:
        for agent, standing in zip(AGENTS, bad, strict=True):
            await standing.open("127.0.0.1")
            rows.append(_row(f"bad/{agent.name}", agent.credential, f"127.0.0.1:{standing.port}"))
        for number in range(HEALTHY):
            host = f"127.9.0.{1 + number}"
            transport, _ = await loop.create_datagram_endpoint(lambda: HealthySwitch(switch), local_addr=(host, 0))
            healthy.append(transport)
            port = transport.get_extra_info("sockname")[1]
            rows.append(_row(f"good/switch-{number}", "commune", f"{host}:{port}"))
        yield rows
    finally:
        for standing in bad:
            standing.close()
        for transport in healthy:
            transport.close()
        for snmpd in snmpds:
            snmpd.stop()


def _row(target: str, credential: str, address: str) -> str:
    return (
        f"  - {{id: {target}, name: x, role: device, module: snmp, credential: {credential}, address: '{address}'}}\n"
    )


def inventory(folder: Path, rows: list[str], port: int) -> Path:
    credentials = folder / "credentials.yml"
    credentials.write_text(
        f"""commune: {{version: 2c, community: {COMMUNITY}}}
core: {{version: 3, user: sha_aes, auth: sha, auth_password: {AUTH_PASSWORD},
  privacy: aes128, privacy_password: {PRIVACY_PASSWORD}}}
""",
        encoding="utf-8",
    )
    credentials.chmod(0o600)
    config = folder / "sansang.yml"
    config.write_text(
        f"""organisation: {{name: Bad, language: en}}
levels: [{{id: commune, name: {{vi: Xã, en: Commune}}}}]
units: [{{id: u, name: U, level: commune}}]
defaults: {{interval: {INTERVAL}s, timeout: {TIMEOUT * 1000:.0f}ms}}
modules: {{snmp: {{probe: snmp, credentials: {{file: {credentials}}}}}}}
sites: [{{id: bad, name: Bad, unit: u}}, {{id: good, name: Good, unit: u}}]
targets:
{"".join(rows)}listen: 127.0.0.1:{port}
storage: {{path: {folder / "ledger"}}}
""",
        encoding="utf-8",
    )
    return config


def _text(url: str) -> str:
    with urlopen(url, timeout=10) as answer:  # noqa: S310 - our own
        body: bytes = answer.read()
    return body.decode()


def _runs(address: str) -> dict[str, dict[str, Any]]:
    """The last run of each target, and its state."""
    targets = json.loads(_text(f"{address}/api/v1/targets"))["targets"]
    return {each["target"]: each["last_run"] | {"state": each["state"]} for each in targets if each["last_run"]}


def _watch(config: Path, address: str) -> None:
    seen: dict[str, set[str]] = {agent.name: set() for agent in AGENTS}
    with running(config, address):
        time.sleep(2 * INTERVAL)  # the first runs ask for everything that a device may have
        before = lateness(_text(f"{address}/metrics"))
        until = time.monotonic() + ROUNDS * INTERVAL
        while time.monotonic() < until:
            time.sleep(INTERVAL / 4)
            runs = _runs(address)
            for agent in AGENTS:
                run = runs[f"bad/{agent.name}"]
                seen[agent.name].add(run["reason"])
                assert run["took_seconds"] < TIMEOUT + OVER, (agent.name, run)
            unwell = {name: run for name, run in runs.items() if name.startswith("good/") and run["reason"] != "ok"}
            assert not unwell
        page = _text(f"{address}/metrics")
    assert seen == {agent.name: {agent.reasons} for agent in AGENTS}, {
        agent.name: runs[f"bad/{agent.name}"] for agent in AGENTS if seen[agent.name] != {agent.reasons}
    }
    assert [run["state"] for name, run in runs.items() if name.startswith("good/")] == ["up"] * HEALTHY
    assert total(page, "sansang_probe_overruns_total") == 0
    late = quantile(before, lateness(page), 0.99)
    print(f"{HEALTHY} switches beside {len(AGENTS)} bad agents: lateness p99 <= {late * 1000:.0f} ms")
    assert late <= LATE_SECONDS


async def test_bad_agents_have_their_reasons_and_disturb_no_other(world: list[str], tmp_path: Path) -> None:
    port = free_port()
    await asyncio.to_thread(_watch, inventory(tmp_path, world, port), f"http://127.0.0.1:{port}")
