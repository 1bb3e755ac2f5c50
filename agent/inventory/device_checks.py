"""What the one cell `snmp` of a site asks for: each of its pinged devices is also asked what it says of itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from agent.inventory.document.parts import ModuleRow, Parts, SitePart
from agent.inventory.expand import CREDENTIAL_COLUMN, DEVICE_PROBE, TargetDraft
from agent.inventory.findings import FilePosition, Finding, Located, listed
from agent.inventory.schema.rows import CheckRow, TargetRow
from agent.model import CheckSettings, Role
from agent.probes.address import AddressError, Host

_PING = "icmp"
_ROLES = (Role.UPLINK, Role.LAN, Role.DEVICE)
_SUFFIX = f"-{DEVICE_PROBE}"


@dataclass(frozen=True, slots=True)
class DeviceChecks:
    """All drafts, each check of a device behind the ping that it comes from; faults; and what has no effect."""

    drafts: list[TargetDraft]
    findings: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)


def with_device_checks(parts: Parts, drafts: list[TargetDraft]) -> DeviceChecks:
    """The drafts of profiles and targets with those that the column `snmp` of their sites adds."""
    homes = [home for home in parts.sites if home.value.row.snmp]
    if not homes:
        return DeviceChecks(drafts)
    wanted = _wanted(parts, drafts)
    modules = [entry.value for entry in parts.modules if entry.value.spec.probe == DEVICE_PROBE]
    named = [module for module in modules if module.id == DEVICE_PROBE]
    usable = named or modules
    notes = _without_devices(homes, drafts)
    if len(usable) != 1:
        return DeviceChecks(drafts, _no_module(parts, homes, wanted, modules), notes)
    derived = {id(draft): _derived(draft, usable[0]) for draft in wanted}
    pairs = ((draft, derived.get(id(draft))) for draft in drafts)
    return DeviceChecks([one for pair in pairs for one in pair if one is not None], notes=notes)


def _wanted(parts: Parts, drafts: Sequence[TargetDraft]) -> list[TargetDraft]:
    """The pings beside which a device is asked: each address once, unless the site asks it already by a line of its
    own, or has given the id to something else.
    """
    taken = {draft.id for draft in drafts} | parts.refused.get("target", set())
    asked = {(draft.home.value.id, _host(draft)) for draft in drafts if _asks_device(draft)}
    wanted: list[TargetDraft] = []
    for draft in drafts:
        if not (draft.home.value.row.snmp and _is_ping(draft)):
            continue
        place = (draft.home.value.id, _host(draft))
        if place[1] is not None and place not in asked and f"{draft.id}{_SUFFIX}" not in taken:
            asked.add(place)
            wanted.append(draft)
    return wanted


def _is_ping(draft: TargetDraft) -> bool:
    return draft.module.spec.probe == _PING and draft.owner.value.role in _ROLES


def _asks_device(draft: TargetDraft) -> bool:
    """Whether it asks the device as a whole; a target about one port does not."""
    return draft.module.spec.probe == DEVICE_PROBE and draft.settings.port is None


def _host(draft: TargetDraft) -> Host | None:
    """None where the address is faulty, which is said of the line that has it."""
    try:
        return draft.module.spec.host(draft.address)
    except AddressError:
        return None


def _derived(draft: TargetDraft, module: ModuleRow) -> TargetDraft:
    """The check beside a ping. The site's names of ports are those of its switches."""
    site = draft.home.value.row
    return TargetDraft(
        f"{draft.id}{_SUFFIX}",
        _owner(draft.owner, module.id),
        draft.home,
        module,
        draft.address,
        draft.column,
        CheckSettings(credential=site.snmp, ports=site.ports if draft.owner.value.role is Role.LAN else {}),
        derived=True,
    )


def _owner(ping: Located[CheckRow] | Located[TargetRow], module: str) -> Located[CheckRow] | Located[TargetRow]:
    """The line that nobody wrote, in place of that of the ping. It has the timing of its site and module: how often to
    ping says nothing of it.
    """
    row, beside = ping.value, f"{ping.value.id}{_SUFFIX}"
    parents = (row.id,)
    if isinstance(row, TargetRow):
        name = row.name and f"{row.name} (SNMP)"
        target = TargetRow(
            id=beside, role=Role.DEVICE, module=module, address=row.address, name=name, parents=parents,
            calendar=row.calendar,
        )  # fmt: skip
        return Located(ping.source, ping.trail, target)
    check = CheckRow(
        id=beside, role=Role.DEVICE, module=module, address=row.address, name=f"{row.name or row.id} (SNMP)",
        parents=parents, calendar=row.calendar,
    )  # fmt: skip
    return Located(ping.source, ping.trail, check)


def _cell(home: Located[SitePart]) -> FilePosition:
    """The cell, without what stands there: it may be the secret itself."""
    return replace(home.at(CREDENTIAL_COLUMN), value="")


def _no_module(
    parts: Parts, homes: Sequence[Located[SitePart]], wanted: Sequence[TargetDraft], modules: Sequence[ModuleRow]
) -> list[Finding]:
    """Said once, at the first of the cells: what has to be added is the same for all."""
    if DEVICE_PROBE in parts.refused.get("module", set()):  # its own fault is told
        return []
    count = str(len(homes))
    if not modules:
        return [Finding(_cell(homes[0]), "snmp_no_module", {"count": count})]
    several = {"count": count, "choices": listed(module.id for module in modules)}
    return [Finding(_cell(wanted[0].home), "snmp_several_modules", several)] if wanted else []


def _without_devices(homes: Sequence[Located[SitePart]], drafts: Sequence[TargetDraft]) -> list[Finding]:
    """Cells without effect: the site has nothing that is pinged, and asks nothing by a line of its own."""
    used = set(_sites_with_devices(drafts))
    return [Finding(_cell(home), "snmp_no_device") for home in homes if home.value.id not in used]


def _sites_with_devices(drafts: Sequence[TargetDraft]) -> Iterator[str]:
    return (draft.home.value.id for draft in drafts if _is_ping(draft) or draft.module.spec.probe == DEVICE_PROBE)
