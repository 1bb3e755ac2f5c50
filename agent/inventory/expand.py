"""Sites x profiles -> targets, and paths -> anchors. Pure: what cannot be resolved is reported by checks/."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from agent.inventory.document.parts import ModuleRow, Parts, SitePart
from agent.inventory.document.sections import PLACEHOLDER
from agent.inventory.findings import FilePosition, Located
from agent.inventory.schema.rows import CheckRow, DefaultsRow, PathRow, ProbeTiming, TargetRow, Unit
from agent.model import CheckSettings, Path, Policy, Role, Target
from agent.text import Text

INTERVAL_SECONDS = 60.0
TIMEOUT_SECONDS = 5.0
FAIL_AFTER = 3
RECOVER_AFTER = 1
CONFIRM_INTERVAL_SECONDS = 5.0

DEVICE_PROBE = "snmp"
"""The probe that devices answer about themselves; its credential is the site's own unless a check names another."""

CREDENTIAL_COLUMN = "snmp"
SETTING_KEYS = ("credential", "port", "ports")
_NO_SETTINGS = CheckSettings()


@dataclass(frozen=True, slots=True)
class TargetDraft:
    """A target to be: the line that defines it, its site and module, and where its address came from.

    settings: what it says to its probe itself. derived: no line defines it, but a check beside it.
    """

    id: str
    owner: Located[CheckRow] | Located[TargetRow]
    home: Located[SitePart]
    module: ModuleRow
    address: str
    column: str | None = None
    settings: CheckSettings = _NO_SETTINGS
    derived: bool = False

    def options(self) -> object | tuple[Text, Text]:
        """The options of its module with its own settings; else what is wrong with these, and what would be right."""
        return self.module.spec.with_check(self.module.options, self.settings) if self.settings else self.module.options

    def place(self) -> FilePosition:
        """The position of the target's definition: its own line, or its site's."""
        return self.owner.at("id") if isinstance(self.owner.value, TargetRow) else self.home.at("id")

    def address_place(self) -> FilePosition:
        """The position of the address: the site's column, or the target's own line."""
        return self.owner.at("address") if self.column is None else self.home.at(self.column)

    def setting_place(self, key: str) -> FilePosition:
        """The position of one of its settings: its own line, or the site's column. The value is not told: a cell for
        the name of a credential may hold the secret itself.
        """
        written: str | None = getattr(self.owner.value, key) if key in ("credential", "port") else ""
        column = CREDENTIAL_COLUMN if written is None else next(iter(PLACEHOLDER.findall(written or "")), None)
        place = self.owner.at(key) if column is None else self.home.at(column)
        return dataclasses.replace(place, value="")


def draft(parts: Parts) -> list[TargetDraft]:
    """Every target that can be made, in file order: those of the profiles first, then the single ones."""
    modules = {entry.value.id: entry.value for entry in parts.modules}
    profiles = {entry.value.id: entry.value for entry in parts.profiles}
    sites = {entry.value.id: entry for entry in reversed(parts.sites)}
    drafts: list[TargetDraft] = []
    for home in parts.sites:
        profile = profiles.get(home.value.row.profile or "")
        drafts.extend(_of_profile(home, profile.checks if profile else (), modules))
    for target in parts.targets:
        site, module = sites.get(target.value.id.partition("/")[0]), modules.get(target.value.module)
        if site is not None and module is not None:
            address = target.value.address.strip()
            settings = _settings(target.value, site.value, module)
            drafts.append(TargetDraft(target.value.id, target, site, module, address, settings=settings))
    return drafts


def _of_profile(
    home: Located[SitePart], checks: Iterable[Located[CheckRow]], modules: Mapping[str, ModuleRow]
) -> Iterator[TargetDraft]:
    """The checks of one site; one whose column is empty is left out."""
    columns = home.value.columns
    for check in checks:
        module = modules.get(check.value.module)
        names = PLACEHOLDER.findall(check.value.address)
        stray = "{" in PLACEHOLDER.sub("", check.value.address)  # a fault already
        if module is None or stray or any(name not in columns for name in names) or _lacks_setting(check.value, home):
            continue
        address = PLACEHOLDER.sub(lambda match: columns[match[1]], check.value.address).strip()
        column = names[0] if names else None
        settings = _settings(check.value, home.value, module)
        yield TargetDraft(f"{home.value.id}/{check.value.id}", check, home, module, address, column, settings)


def _lacks_setting(row: CheckRow, home: Located[SitePart]) -> bool:
    """Whether a setting of the check names a column that is empty: then the check is left out, as for its address."""
    if row.credential is None and row.port is None:
        return False
    names = PLACEHOLDER.findall(f"{row.credential or ''} {row.port or ''}")
    return any(name not in _setting_columns(home.value) for name in names)


def _setting_columns(site: SitePart) -> Mapping[str, str]:
    return {**site.columns, CREDENTIAL_COLUMN: site.row.snmp} if site.row.snmp else site.columns


def _settings(row: CheckRow | TargetRow, site: SitePart, module: ModuleRow) -> CheckSettings:
    """What the row says to its probe; a device is asked with the site's credential unless the row names another."""
    credential, port = row.credential, row.port
    if credential is None and module.spec.probe == DEVICE_PROBE:
        credential = site.row.snmp
    if credential is None and port is None and not row.ports:
        return _NO_SETTINGS
    columns = _setting_columns(site)
    return CheckSettings(_filled(credential, columns), _filled(port, columns), row.ports)


def _filled(text: str | None, columns: Mapping[str, str]) -> str | None:
    return text and PLACEHOLDER.sub(lambda match: columns.get(match[1], match[0]), text)


def credential_columns(parts: Parts) -> frozenset[str]:
    """The sites' columns that name credentials. What stands in them is told nowhere: it may be the secret itself."""
    checks = (check.value for profile in parts.profiles for check in profile.value.checks)
    own = (name for check in checks for name in PLACEHOLDER.findall(check.credential or ""))
    return frozenset((CREDENTIAL_COLUMN, *own))


def full_parents(draft: TargetDraft) -> tuple[str, ...]:
    """The parents as full target ids; a bare check id means the same site."""
    return tuple(parent if "/" in parent else f"{draft.home.value.id}/{parent}" for parent in draft.owner.value.parents)


def targets(parts: Parts, drafts: Iterable[TargetDraft]) -> tuple[Target, ...]:
    """The finished targets. A parent that the site does not have (its column is empty) is dropped."""
    drafts = tuple(drafts)
    ids = {entry.id for entry in drafts}
    ways = paths_by_site(parts)
    return tuple(_target(entry, ids, ways.get(entry.home.value.id, ()), parts.defaults) for entry in drafts)


def _target(draft: TargetDraft, ids: set[str], ways: tuple[str, ...], defaults: DefaultsRow) -> Target:
    row, site = draft.owner.value, draft.home.value.row
    name = row.name if isinstance(row, TargetRow) and row.name else f"{site.name}: {row.name or row.id}"
    return Target(
        id=draft.id,
        name=name,
        site=site.id,
        unit=site.unit,
        role=row.role,
        module=draft.module.id,
        probe=draft.module.spec.probe,
        address=draft.address,
        options=draft.options(),
        policy=policy(row, site, draft.module.timing, defaults),
        parents=tuple(parent for parent in full_parents(draft) if parent in ids),
        paths=ways,
        calendar=row.calendar or site.calendar,
        slo=row.slo or (None if _is_beside(draft) else site.slo),
    )


def _is_beside(draft: TargetDraft) -> bool:
    """Whether it tells about a device beside what the site promises: silence of its SNMP is no outage of the site."""
    return draft.module.spec.probe == DEVICE_PROBE and draft.owner.value.role is Role.DEVICE


def policy(*timings: ProbeTiming) -> Policy:
    """The settings of one target; the nearest that says something wins, the built-in defaults come last."""
    interval = _nearest(timings, "interval", INTERVAL_SECONDS)
    timeout = _nearest(timings, "timeout", TIMEOUT_SECONDS)
    grace = _nearest(timings, "grace", max(timeout, interval / 2))
    return Policy(
        interval_ms=round(interval * 1000),
        timeout_ms=round(timeout * 1000),
        grace_ms=round(grace * 1000),
        fail_after=int(_nearest(timings, "fail_after", FAIL_AFTER)),
        recover_after=int(_nearest(timings, "recover_after", RECOVER_AFTER)),
        confirm_interval_ms=round(_nearest(timings, "confirm_interval", CONFIRM_INTERVAL_SECONDS) * 1000),
    )


def _nearest(timings: Iterable[ProbeTiming], name: str, last: float) -> float:
    for timing in timings:
        value: float | None = getattr(timing, name)
        if value is not None:
            return value
    return last


def subtree(units: Iterable[Unit], tops: Iterable[str]) -> frozenset[str]:
    """The units below and including some; circles do no harm."""
    below: dict[str | None, list[str]] = {}
    for unit in units:
        below.setdefault(unit.parent, []).append(unit.id)
    members: set[str] = set()
    waiting = list(tops)
    while waiting:
        unit_id = waiting.pop()
        if unit_id not in members:
            members.add(unit_id)
            waiting.extend(below.get(unit_id, ()))
    return frozenset(members)


def paths_by_site(parts: Parts) -> dict[str, tuple[str, ...]]:
    """The paths that each site lies behind, by site."""
    by_site: dict[str, tuple[str, ...]] = {}
    for entry in parts.paths:
        for site in _behind(parts, entry.value):
            by_site[site] = (*by_site.get(site, ()), entry.value.id)
    return by_site


def _behind(parts: Parts, path: PathRow) -> list[str]:
    scope = path.behind
    everything = scope.sites == "all" or (scope.sites is None and not scope.units)
    sites = frozenset(scope.sites) if isinstance(scope.sites, tuple) else frozenset()
    below = subtree((entry.value for entry in parts.units), scope.units)
    without = frozenset(scope.without)
    rows = (entry.value.row for entry in parts.sites)
    return [row.id for row in rows if row.id not in without and (everything or row.id in sites or row.unit in below)]


def paths(parts: Parts) -> tuple[Path, ...]:
    """Every path with its anchors as targets named ``path:<path>/<anchor>``; they hang on no site and no unit."""
    modules = {entry.value.id: entry.value for entry in parts.modules}
    return tuple(_path(entry.value, modules[entry.value.module], parts.defaults) for entry in parts.paths)


def _path(row: PathRow, module: ModuleRow, defaults: DefaultsRow) -> Path:
    timing = policy(row, module.timing, defaults)
    return Path(
        row.id,
        tuple(
            Target(
                id=f"path:{row.id}/{address}",
                name=f"{row.id}: {address}",
                site="",
                unit="",
                role=Role.DEVICE,
                module=module.id,
                probe=module.spec.probe,
                address=address,
                options=module.options,
                policy=timing,
            )
            for address in row.anchors
        ),
    )
