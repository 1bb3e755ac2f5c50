"""Nobody reaches through /probe what the inventory does not name (forms of addresses, rebinding, redirects)."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest
from pydantic import TypeAdapter

from agent.clock import SystemClock
from agent.engine.adhoc.allowlist import NetworkAllowlist, PinningResolver
from agent.engine.adhoc.probe import (
    AccessPolicy,
    ProbeNotAllowedError,
    ProbeRequest,
    ProbeRequestError,
    ProbeResponse,
    probe_once,
)
from agent.engine.clock_doubt import ClockDoubt
from agent.engine.runner import Runner, Transports
from agent.errors import Fault
from agent.inventory.entities import Inventory, Module, UnreadableOptions
from agent.model import Policy, Reason, Role, Target
from agent.probes.http.options import HttpOptions
from agent.probes.registry import PROBES
from agent.probes.resolver import IpFamily, Resolved, Unresolved
from agent.probes.tcp.options import TcpOptions
from tests.exporters.sample import inventory

OPEN, SHUT, AWAY = "127.80.0.1", "127.66.0.1", "127.67.0.1"
POLICY = Policy(60_000, 2_000, 5_000, 3, 1, 5_000)
FORMS = (
    SHUT, f"::ffff:{SHUT}", "::ffff:7f42:1", "64:ff9b::7f42:1", "2002:7f42:1::", "::127.66.0.1", "0x7f420001",
    "2135031809", "0177.0102.0.1", "127.4325377", "0x7f.66.0.1", "127.66.1", "0.0.0.0", "::", "::1", "127.0.0.1",
    "169.254.169.254", "fe80::1%lo", "224.0.0.1", "255.255.255.255", f"{OPEN}@{SHUT}", "rebind.example",
    "shut.example", f"{SHUT}.", "１２７.66.0.1", "::ffff:0:7f42:1", "64:ff9b:1::7f42:1", "64:ff9b:1:7f42:0:100::",
    "64:ff9b:1:7f42:0:100::c000:201", "2001:0:c000:201::80bd:fffe", "2001:0:7f42:1::3fff:fdfe", "0.1.2.3", "240.0.0.1",
    "::ffff:240.0.0.1", "64:ff9b::e000:1", "ff02::1", "::ffff:0.0.0.0", "64:ff9b::", "2002::1", "64:ff9b:1::",
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("networks", [("127.80.0.0/16",), ("0.0.0.0/0", "::/0")])
def test_no_form_of_a_forbidden_address_is_admitted(form: str, networks: tuple[str, ...]) -> None:
    assert not NetworkAllowlist(networks).allows(form)


@pytest.mark.parametrize(
    ("networks", "address"),
    [
        ("192.0.2.0/24", "192.0.2.7"),
        ("192.0.2.0/24", "::ffff:192.0.2.7"),
        ("192.0.2.0/24", "64:ff9b::192.0.2.7"),
        ("192.0.2.0/24", "2002:c000:207::1"),
        ("2001:db8::/32", "2001:db8::1"),
        ("127.0.0.0/8", "127.0.0.1"),
        ("::1/128", "::1"),
        ("169.254.0.0/16", "169.254.1.1"),
        ("192.0.2.0/24", "::ffff:0:192.0.2.7"),
        ("192.0.2.0/24", "64:ff9b:1::192.0.2.7"),
        ("192.0.2.0/24", "64:ff9b:1:c000:2:700::"),
        ("2001:db8::/32", "2001:db8::5eff:7f00:1"),
        ("192.0.2.0/24", "2001:0:c000:201::3fff:fdf8"),
    ],
)
def test_what_a_network_names_is_admitted(networks: str, address: str) -> None:
    assert NetworkAllowlist([networks]).allows(address)


@pytest.mark.parametrize("form", ["0.0.0.0", "0.1.2.3", "224.0.0.1", "240.0.0.1", "255.255.255.255"])
def test_what_is_open_to_nobody_is_not_opened_by_its_own_network(form: str) -> None:
    assert not NetworkAllowlist([f"{form}/32"]).allows(form)


CARRIED = {  # how an IPv6 address carries an IPv4 one, with the bytes of the latter to be put in
    "mapped": "::ffff:{0:02x}{1:02x}:{2:02x}{3:02x}",
    "translated": "::ffff:0:{0:02x}{1:02x}:{2:02x}{3:02x}",
    "compatible": "::{0:02x}{1:02x}:{2:02x}{3:02x}",
    "NAT64": "64:ff9b::{0:02x}{1:02x}:{2:02x}{3:02x}",
    "local NAT64, /96": "64:ff9b:1::{0:02x}{1:02x}:{2:02x}{3:02x}",
    "local NAT64, /96 in a subnet": "64:ff9b:1:fffe::{0:02x}{1:02x}:{2:02x}{3:02x}",
    "local NAT64, /64": "64:ff9b:1:0:{0:02x}:{1:02x}{2:02x}:{3:02x}00:0",
    "local NAT64, /56": "64:ff9b:1:{0:02x}:{1:02x}:{2:02x}{3:02x}::",
    "local NAT64, /48": "64:ff9b:1:{0:02x}{1:02x}:{2:02x}:{3:02x}00::",
    "local NAT64, /48 with a suffix": "64:ff9b:1:{0:02x}{1:02x}:{2:02x}:{3:02x}00:cb00:7101",
    "6to4": "2002:{0:02x}{1:02x}:{2:02x}{3:02x}::1",
    "ISATAP": "2001:db8::5efe:{0:02x}{1:02x}:{2:02x}{3:02x}",
    "ISATAP of a globally unique address": "2001:db8:0:1:200:5efe:{0:02x}{1:02x}:{2:02x}{3:02x}",
    "ISATAP behind 6to4": "2002:cb00:7101:1:0:5efe:{0:02x}{1:02x}:{2:02x}{3:02x}",
    "Teredo server": "2001:0:{0:02x}{1:02x}:{2:02x}{3:02x}::34ff:8efe",
    "Teredo client": "2001:0:cb00:7101::{4:02x}{5:02x}:{6:02x}{7:02x}",
}


@pytest.mark.parametrize("inside", ["127.0.0.1", "169.254.169.254", "10.0.0.1", "224.0.0.5", "240.1.2.3"])
@pytest.mark.parametrize("carrier", CARRIED)
def test_an_ipv4_address_is_judged_wherever_it_is_carried(carrier: str, inside: str) -> None:
    numbers = socket.inet_aton(inside)
    address = CARRIED[carrier].format(*numbers, *(255 - number for number in numbers))
    assert not NetworkAllowlist(["203.0.113.0/24", "::/0"]).allows(address)


@dataclass(slots=True)
class Rebinding:
    """Every second answer leads elsewhere, as with a time to live of 0."""

    asked: dict[str, int] = field(default_factory=dict)

    async def resolve(self, host: str, family: IpFamily, deadline: float) -> Resolved | Unresolved:  # noqa: ARG002
        times = self.asked[host] = self.asked.get(host, 0) + 1
        if host == "rebind.example":
            return Resolved(OPEN if times % 2 else SHUT, stale=False, took_seconds=0.0)
        if host in ("shut.example", "away.example"):
            return Resolved(SHUT if host == "shut.example" else AWAY, stale=False, took_seconds=0.0)
        if host.replace(".", "").isdigit() or ":" in host:
            return Resolved(host, stale=False, took_seconds=0.0)
        return Unresolved(Reason.NAME_NOT_FOUND, host)


@dataclass(slots=True)
class World:
    port: int
    runner: Runner
    inventory: Inventory
    location: str = ""
    reached: dict[str, int] = field(default_factory=lambda: {OPEN: 0, SHUT: 0})

    async def ask(self, target: str, module: str = "web", hostname: str = "") -> ProbeResponse:
        return await probe_once(
            ProbeRequest(target, module, hostname), AccessPolicy.of(self.inventory, PROBES), self.runner
        )

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reached[writer.get_extra_info("sockname")[0]] += 1
        try:
            await reader.readuntil(b"\r\n\r\n")
            head = f"302 Found\r\nLocation: {self.location}" if self.location else "200 OK"
            writer.write(f"HTTP/1.1 {head}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
            await writer.drain()
        except (asyncio.IncompleteReadError, OSError):
            pass
        writer.close()


def modules(port: int) -> dict[str, Module]:
    proxied = TypeAdapter(HttpOptions).validate_python({"proxy": {"url": f"http://{SHUT}:{port}"}})
    return {
        "web": Module("web", "http", HttpOptions(), POLICY),
        "port": Module("port", "tcp", TcpOptions(), POLICY),
        "proxied": Module("proxied", "http", proxied, POLICY),
    }


@asynccontextmanager
async def world() -> AsyncIterator[World]:
    first = socket.create_server((OPEN, 0))
    port: int = first.getsockname()[1]
    own = Target("s/web", "", "s", "", Role.PORTAL, "web", "http", f"http://{SHUT}:{port}/", HttpOptions(), POLICY)
    transports = Transports(PROBES, SystemClock())
    runner = Runner(SystemClock(), Rebinding(), transports, "local", ClockDoubt(SystemClock()))
    known = replace(inventory(own), modules=modules(port), probe_allow=("127.80.0.0/16",))
    made = World(port, runner, known)
    servers = [
        await asyncio.start_server(made.serve, sock=sock) for sock in (first, socket.create_server((SHUT, port)))
    ]
    try:
        yield made
    finally:
        transports.close()
        for server in servers:
            server.close()


async def test_10_000_attempts_reach_nothing_forbidden() -> None:
    draw = random.Random(65)
    outcomes = {"forbidden": 0, "not followed": 0, "followed": 0}
    async with world() as lab:
        for _ in range(10_000):
            form = draw.choice(FORMS)
            host = f"[{form}]" if ":" in form else form
            redirected = draw.random() < 0.1
            lab.location = f"{draw.choice(('http:', ''))}//{host}:{lab.port}/" if redirected else ""
            address = f"{OPEN if redirected else host}:{lab.port}"
            try:
                done = await lab.ask(address, "web" if redirected else draw.choice(("web", "port")))
            except ProbeNotAllowedError:
                outcomes["forbidden"] += 1
            else:
                outcomes["followed" if done.result.success else "not followed"] += 1
    assert lab.reached[SHUT] == 0
    assert lab.reached[OPEN] > 900
    assert sum(outcomes.values()) == 10_000
    assert min(outcomes.values()) > 0


async def test_without_the_fence_the_same_listener_is_reached() -> None:
    async with world() as lab:
        wide = replace(lab.inventory, probe_allow=("127.0.0.0/8",))
        done = await probe_once(ProbeRequest(f"{SHUT}:{lab.port}", "web"), AccessPolicy.of(wide, PROBES), lab.runner)
    assert (done.result.reason, lab.reached[SHUT]) == (Reason.OK, 1)


async def test_a_name_is_pinned_for_its_run() -> None:
    names = PinningResolver(Rebinding(), NetworkAllowlist(["127.80.0.0/16"]))
    found = [await names.resolve("rebind.example", IpFamily.PREFER_IP4, 0.0) for _ in range(3)]
    assert found == [Resolved(OPEN, stale=False, took_seconds=0.0)] * 3


async def test_an_address_without_a_module_is_asked_with_http_2xx_where_there_is_one() -> None:
    async with world() as lab:
        web = replace(lab.inventory.modules["web"], id="http_2xx")
        named = replace(lab.inventory, modules={**lab.inventory.modules, "http_2xx": web})
        done = await probe_once(ProbeRequest(f"{OPEN}:{lab.port}"), AccessPolicy.of(named, PROBES), lab.runner)
    assert (done.target.module, done.result.reason) == ("http_2xx", Reason.OK)


async def test_a_module_without_its_file_sends_nothing_until_the_file_can_be_read() -> None:
    missing = Fault("sansang.yml", 1, 1, "modules.web.bearer", "secret file /p: No such file", "a readable file")
    answers: list[object] = [missing, missing, missing, HttpOptions()]
    async with world() as lab:
        web = replace(lab.inventory.modules["web"], options=UnreadableOptions(lambda: answers.pop(0)))
        lab.inventory = replace(lab.inventory, modules={**lab.inventory.modules, "web": web})
        done = await lab.ask(f"{OPEN}:{lab.port}")
        assert (done.result.reason, done.result.detail) == (Reason.LOCAL_ERROR, missing.wrong)
        for address in (f"{SHUT}:{lab.port}", "shut.example"):
            with pytest.raises(ProbeNotAllowedError):
                await lab.ask(address)
        assert lab.reached[OPEN] == 0
        assert (await lab.ask(f"{OPEN}:{lab.port}")).result.reason is Reason.OK


async def test_a_target_of_the_inventory_is_asked_wherever_it_lies() -> None:
    async with world() as lab:
        by_itself = await lab.ask("s/web", "")
        renamed = await lab.ask("s/web", "web", hostname="portal.example")
    assert [by_itself.result.reason, renamed.result.reason] == [Reason.OK, Reason.OK]


@pytest.mark.parametrize("hostname", ["", "portal.example"])
async def test_a_redirect_of_the_inventory_s_target_leads_only_to_its_own_hosts_or_the_allowed(hostname: str) -> None:
    async with world() as lab:
        lab.location = f"http://away.example:{lab.port}/"
        away = await lab.ask("s/web", "", hostname)
        one_of_them = replace(lab.inventory.targets[0], id="s/away", address=f"http://away.example:{lab.port}/")
        lab.inventory = replace(lab.inventory, targets=(*lab.inventory.targets, one_of_them))
        listed = await lab.ask("s/web", "", hostname)
        lab.location = f"http://{OPEN}:{lab.port}/"
        allowed = await lab.ask("s/web", "", hostname)
    assert (away.result.reason, away.refused) == (
        Reason.REDIRECT_FORBIDDEN,
        f"away.example is {AWAY}, outside probe_endpoint.allow",
    )
    assert [listed.refused, allowed.refused, lab.reached[OPEN] > 0] == ["", "", True]
    assert listed.result.reason is Reason.REFUSED


@pytest.mark.parametrize(
    ("target", "module", "hostname", "error"),
    [
        ("s/web", "nothing", "", ProbeRequestError),
        (f"{OPEN}:1", "", "", ProbeRequestError),
        ("s/web", "port", "", ProbeRequestError),
        (f"{OPEN}:1", "web", "a b", ProbeRequestError),
        (f"http://{OPEN}:1/", "proxied", "", ProbeNotAllowedError),
        ("s/web", "proxied", "", ProbeNotAllowedError),
        ("nonsense", "port", "", ProbeNotAllowedError),
    ],
)
async def test_what_cannot_be_asked(target: str, module: str, hostname: str, error: type[Exception]) -> None:
    async with world() as lab:
        with pytest.raises(error):
            await lab.ask(target, module, hostname=hostname)
    assert lab.reached == {OPEN: 0, SHUT: 0}


@pytest.mark.parametrize(("patience", "timeout_ms"), [(None, 2000), (10.0, 2000), (1.5, 1000), (0.3, 2000)])
async def test_the_scrapers_patience_less_half_a_second(patience: float | None, timeout_ms: int) -> None:
    async with world() as lab:
        done = await probe_once(
            ProbeRequest("s/web", "web", "", patience), AccessPolicy.of(lab.inventory, PROBES), lab.runner
        )
    assert done.target.policy.timeout_ms == timeout_ms
