"""One probe on demand, for /probe: who may ask for what, and the run. It changes no state and writes no row."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from agent.engine.adhoc.allowlist import NetworkAllowlist, PinningResolver
from agent.engine.runner import Runner
from agent.errors import Fault, SansangError
from agent.inventory.entities import Inventory, Module, UnreadableOptions
from agent.model import ProbeResult, Reason, Role, Target
from agent.probes.address import AddressError, read_host
from agent.probes.http.options import HttpOptions
from agent.probes.http.redirect import parse
from agent.probes.resolver import IpFamily
from agent.probes.tcp.options import TcpOptions
from agent.text import Text

OFFSET_SECONDS = 0.5
"""How much earlier than the scraper's timeout a run ends; blackbox_exporter's default."""

DEFAULT_MODULE = "http_2xx"
"""The module of an address where none is asked for, if there is one of that name: blackbox_exporter's."""

_FROM_AFAR = Text(
    "mục tiêu của danh mục chỉ được kiểm tra cho chính máy này; để máy khác cũng dùng được, với tài khoản của các"
    " mô-đun, hãy đặt probe_endpoint.allow_ids: true",
    "targets of the inventory are probed for this machine alone; to have them probed from elsewhere, with "
    "the credentials of their modules, set probe_endpoint.allow_ids: true",
)
_UNKNOWN_MODULE = Text("không có mô-đun {name}; có {known}", "unknown module {name}; known are {known}")
_BAD_ADDRESS = Text("{address}: {wrong}; hãy ghi {right}", "{address}: {wrong}; right would be {right}")
_OF_MODULE = Text("mô-đun {name}: {why}", "module {name}: {why}")
_BEHIND_PROXY = Text(
    "mô-đun {name} hỏi qua proxy, nên không kiểm tra được địa chỉ nào phía sau",
    "module {name} asks through a proxy, behind which no address can be checked",
)
_BAD_HOSTNAME = Text("hostname: {wrong}", "hostname: {wrong}")
_OWN_HOST_HEADER = Text(
    "mô-đun {name} có tiêu đề Host riêng: hãy bỏ hostname",
    "module {name} has a Host header of its own: leave hostname out",
)


class ProbeRequestError(SansangError):
    """The request cannot be served: its module is unknown, or the target does not suit the module."""


class ProbeNotAllowedError(SansangError):
    """The target is not open to this client: not of the inventory, nor in an allowed network. Nothing was sent."""


@dataclass(frozen=True, slots=True)
class ProbeRequest:
    """One request of a scraper.

    hostname overrides Host and TLS server name; scrape_timeout_seconds: the scraper's own time limit; near: it runs on
    this machine.
    """

    target: str
    module: str = ""
    hostname: str = ""
    scrape_timeout_seconds: float | None = None
    near: bool = True


@dataclass(frozen=True, slots=True)
class ProbeResponse:
    """The run. lookup_seconds were spent on names; refused names the redirect that was not followed."""

    target: Target
    result: ProbeResult
    lookup_seconds: float
    refused: str = ""


@dataclass(frozen=True, slots=True)
class AccessPolicy:
    """What an inventory lets clients ask for; made once for each inventory.

    hosts: those of its web targets and their proxies; a redirect of one of its targets may lead to them.
    ids_from_afar: other machines, too, may have its targets probed, with the credentials of their modules.
    """

    modules: Mapping[str, Module]
    targets: Mapping[str, Target]
    allowlist: NetworkAllowlist
    hosts: frozenset[str]
    ids_from_afar: bool = False

    @classmethod
    def of(cls, inventory: Inventory) -> AccessPolicy:
        targets = {target.id: target for target in inventory.targets}
        hosts = frozenset(host for target in inventory.targets for host in _hosts(target))
        return cls(
            inventory.modules, targets, NetworkAllowlist(inventory.probe_allow), hosts, inventory.probe_allow_ids
        )


def _hosts(target: Target) -> Iterator[str]:
    if isinstance(target.options, HttpOptions):
        yield parse(target.address).lookup_name
        if target.options.proxy is not None:
            yield parse(target.options.proxy.url).lookup_name


async def probe_once(request: ProbeRequest, policy: AccessPolicy, runner: Runner) -> ProbeResponse:
    """Probe once. Raises ProbeRequestError or ProbeNotAllowedError, before any packet to the target."""
    known = policy.targets.get(request.target)
    if known is not None and not (request.near or policy.ids_from_afar):
        raise ProbeNotAllowedError(_FROM_AFAR)
    module = _module(request.module or (known.module if known else DEFAULT_MODULE), policy.modules)
    fault: Fault | None = None
    if isinstance(module.options, UnreadableOptions):
        read = await asyncio.to_thread(module.options.read)
        fault = read if isinstance(read, Fault) else None
        module = replace(module, options=read)
    target = _resolve_target(request, known, module, runner)
    trusted_hosts = None if known is None else policy.hosts
    names = PinningResolver(runner.resolver, policy.allowlist, trusted_hosts)
    if fault is not None:
        return await _without_files(target, fault, names, runner)
    observation = await replace(runner, resolver=names, learn_time=False).run(target)
    if names.refused and names.nothing_resolved:
        raise ProbeNotAllowedError(names.refused)
    return ProbeResponse(target, observation.result, names.took_seconds, names.refused)


async def _without_files(target: Target, fault: Fault, names: PinningResolver, runner: Runner) -> ProbeResponse:
    """The module's files cannot be read: a fault of this machine. A client that may not ask learns nothing of it."""
    began, seconds = runner.clock.monotonic(), target.policy.timeout_ms / 1000
    host = runner.transports.spec(target.probe).host(target.address)
    await names.resolve(host.lookup_name, IpFamily.PREFER_IP4, began + seconds)
    if names.refused:
        raise ProbeNotAllowedError(names.refused)
    took = runner.clock.monotonic() - began
    return ProbeResponse(target, ProbeResult.of(Reason.LOCAL_ERROR, took, detail=fault.wrong), names.took_seconds)


def _resolve_target(request: ProbeRequest, known: Target | None, module: Module, runner: Runner) -> Target:
    if known is not None and module.id == known.module and not request.hostname:
        return _timed(known, request)
    if known is None:
        target = Target(
            request.target,
            "",
            "",
            "",
            Role.SERVICE,
            module.id,
            module.probe,
            request.target,
            module.options,
            module.policy,
        )
    else:
        target = replace(known, module=module.id, probe=module.probe, options=module.options)
    _check(target, known is not None, runner.transports.spec(module.probe).validate)
    return _timed(_named(target, request.hostname), request)


def _module(name: str, modules: Mapping[str, Module]) -> Module:
    module = modules.get(name)
    if module is None:
        raise ProbeRequestError(_UNKNOWN_MODULE.filled(name=ascii(name), known=", ".join(modules)))
    return module


def _check(target: Target, known: bool, validate: Callable[[str], tuple[Text, Text] | None]) -> None:
    fault = validate(target.address)
    if fault is not None:
        why = _BAD_ADDRESS.filled(address=ascii(target.address), wrong=fault[0], right=fault[1])
        if known:
            raise ProbeRequestError(_OF_MODULE.filled(name=target.module, why=why))
        raise ProbeNotAllowedError(why)
    if getattr(target.options, "proxy", None) is not None:
        raise ProbeNotAllowedError(_BEHIND_PROXY.filled(name=target.module))


def _timed(target: Target, request: ProbeRequest) -> Target:
    """The module's timeout, or less when the scraper waits no longer."""
    timeout_ms = target.policy.timeout_ms
    if request.scrape_timeout_seconds is not None and request.scrape_timeout_seconds > OFFSET_SECONDS:
        timeout_ms = min(timeout_ms, max(1, int((request.scrape_timeout_seconds - OFFSET_SECONDS) * 1000)))
    if timeout_ms == target.policy.timeout_ms:
        return target
    return replace(target, policy=replace(target.policy, timeout_ms=timeout_ms))


def _named(target: Target, hostname: str) -> Target:
    """Host header (http) and TLS server name (http, tcp) as asked, unless the module has its own."""
    options: Any = target.options
    if not hostname or not isinstance(options, HttpOptions | TcpOptions):
        return target
    try:
        host = read_host(hostname)
    except AddressError as error:
        raise ProbeRequestError(_BAD_HOSTNAME.filled(wrong=error.wrong)) from error
    tls = options.tls_config
    if not tls.server_name:
        tls = replace(tls, server_name=host.absolute)
    if isinstance(options, TcpOptions):
        return replace(target, options=replace(options, tls_config=tls))
    hosts = [value for name, value in options.headers if name.lower() == "host"]
    if hosts and hosts not in ([hostname], [host.in_uri]):
        raise ProbeRequestError(_OWN_HOST_HEADER.filled(name=target.module))
    headers = options.headers if hosts else (*options.headers, ("Host", host.in_uri))
    return replace(target, options=replace(options, headers=headers, tls_config=tls))
