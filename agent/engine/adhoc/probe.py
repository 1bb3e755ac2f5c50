"""One probe on demand, for /probe: who may ask for what, and the run. It changes no state and writes no row."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from agent.engine.adhoc.allowlist import NetworkAllowlist, PinningResolver
from agent.engine.runner import Runner
from agent.errors import Fault, SansangError
from agent.inventory.entities import Inventory, Module, UnreadableOptions
from agent.model import CheckSettings, ProbeResult, Reason, Role, Target
from agent.probes.address import AddressError
from agent.probes.resolver import IpFamily
from agent.probes.spec import ProbeSpec
from agent.text import Text

OFFSET_SECONDS = 0.5
"""How much earlier than the scraper's timeout a run ends; blackbox_exporter's default."""

NO_SETTINGS = CheckSettings()
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
_WRONG_AND_RIGHT = Text("{wrong}; hãy ghi {right}", "{wrong}; right would be {right}")
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
    this machine. probe: only modules of this protocol are meant, and what else it knows by name (ProbeSpec.variant).
    settings: of the check, beside those of the module.
    """

    target: str
    module: str = ""
    hostname: str = ""
    scrape_timeout_seconds: float | None = None
    near: bool = True
    probe: str = ""
    settings: CheckSettings = NO_SETTINGS


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
    def of(cls, inventory: Inventory, specs: Mapping[str, ProbeSpec[Any, Any]]) -> AccessPolicy:
        targets = {target.id: target for target in inventory.targets}
        hosts = frozenset(host for target in inventory.targets for host in _redirect_hosts(target, specs[target.probe]))
        return cls(
            inventory.modules, targets, NetworkAllowlist(inventory.probe_allow), hosts, inventory.probe_allow_ids
        )


def _redirect_hosts(target: Target, spec: ProbeSpec[Any, Any]) -> tuple[str, ...]:
    return spec.redirect_hosts(target.address, target.options) if isinstance(target.options, spec.options) else ()


async def probe_once(request: ProbeRequest, policy: AccessPolicy, runner: Runner) -> ProbeResponse:
    """Probe once. Raises ProbeRequestError or ProbeNotAllowedError, before any packet to the target."""
    known = policy.targets.get(request.target)
    if known is not None and not (request.near or policy.ids_from_afar):
        raise ProbeNotAllowedError(_FROM_AFAR)
    module = await module_of(request, policy, runner)
    fault: Fault | None = None
    if isinstance(module.options, UnreadableOptions):
        read = await asyncio.to_thread(module.options.read)
        fault = read if isinstance(read, Fault) else None
        module = replace(module, options=read)
    target = _with_settings(_resolve_target(request, known, module, runner), request, runner)
    trusted_hosts = None if known is None else policy.hosts
    names = PinningResolver(runner.resolver, policy.allowlist, trusted_hosts)
    if fault is not None:
        return await _without_files(target, fault, names, runner)
    observation = await replace(runner, resolver=names, learn_time=False).run(target)
    if names.refused and names.nothing_resolved:
        raise ProbeNotAllowedError(names.refused)
    return ProbeResponse(target, observation.result, names.took_seconds, names.refused)


async def module_of(request: ProbeRequest, policy: AccessPolicy, runner: Runner) -> Module:
    """The module that a request means. Raises ProbeRequestError."""
    known = policy.targets.get(request.target)
    name = request.module or (known.module if known else DEFAULT_MODULE)
    modules = {key: module for key, module in policy.modules.items() if request.probe in ("", module.probe)}
    base = modules.get(request.probe) or next(iter(modules.values()), None)
    if not request.probe or name in modules or base is None:
        return _module(name, modules)
    spec = runner.transports.spec(base.probe)
    own = known is not None and known.probe == base.probe and not request.settings
    options = known.options if known is not None and own else base.options
    readable = isinstance(options, spec.options)
    variant = None if not readable else await asyncio.to_thread(spec.variant, options, name)
    return _module(name, modules) if variant is None else replace(base, id=name, options=variant)


def _with_settings(target: Target, request: ProbeRequest, runner: Runner) -> Target:
    spec = runner.transports.spec(target.probe)
    if not request.settings or not isinstance(target.options, spec.options):
        return target
    options = spec.with_check(target.options, request.settings)
    if isinstance(options, tuple):
        wrong, right = options
        why = _WRONG_AND_RIGHT.filled(wrong=wrong, right=right)
        raise ProbeRequestError(_OF_MODULE.filled(name=target.module, why=why))
    return replace(target, options=options)


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
    if known is not None and module.id == known.module and not (request.hostname or request.settings):
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
    spec = runner.transports.spec(module.probe)
    _check(target, known is not None, spec)
    return _timed(_named(target, request.hostname, spec), request)


def _module(name: str, modules: Mapping[str, Module]) -> Module:
    module = modules.get(name)
    if module is None:
        raise ProbeRequestError(_UNKNOWN_MODULE.filled(name=ascii(name), known=", ".join(modules)))
    return module


def _check(target: Target, known: bool, spec: ProbeSpec[Any, Any]) -> None:
    fault = spec.validate(target.address)
    if fault is not None:
        why = _BAD_ADDRESS.filled(address=ascii(target.address), wrong=fault[0], right=fault[1])
        if known:
            raise ProbeRequestError(_OF_MODULE.filled(name=target.module, why=why))
        raise ProbeNotAllowedError(why)
    if isinstance(target.options, spec.options) and spec.has_proxy(target.options):
        raise ProbeNotAllowedError(_BEHIND_PROXY.filled(name=target.module))


def _timed(target: Target, request: ProbeRequest) -> Target:
    """The module's timeout, or less when the scraper waits no longer."""
    timeout_ms = target.policy.timeout_ms
    if request.scrape_timeout_seconds is not None and request.scrape_timeout_seconds > OFFSET_SECONDS:
        timeout_ms = min(timeout_ms, max(1, int((request.scrape_timeout_seconds - OFFSET_SECONDS) * 1000)))
    if timeout_ms == target.policy.timeout_ms:
        return target
    return replace(target, policy=replace(target.policy, timeout_ms=timeout_ms))


def _named(target: Target, hostname: str, spec: ProbeSpec[Any, Any]) -> Target:
    """Host header and TLS server name as asked, where the protocol has them and unless the module has its own."""
    if not hostname or not isinstance(target.options, spec.options):
        return target
    try:
        options = spec.with_hostname(target.options, hostname)
    except AddressError as error:
        raise ProbeRequestError(_BAD_HOSTNAME.filled(wrong=error.wrong)) from error
    if options is None:
        raise ProbeRequestError(_OWN_HOST_HEADER.filled(name=target.module))
    return replace(target, options=options)
