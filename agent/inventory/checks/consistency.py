"""Checks across lines: references, duplicates, circles, scopes, addresses. Pure functions that yield findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from agent.inventory.calendars import BUILT_IN
from agent.inventory.checks.declared_facts import overlaps
from agent.inventory.checks.unit_changes import unit_change_findings, unit_change_mentions
from agent.inventory.document.names import names_of
from agent.inventory.document.parts import ModuleRow, Parts
from agent.inventory.document.sections import PLACEHOLDER, site_defaults
from agent.inventory.expand import CREDENTIAL_COLUMN, SETTING_KEYS, TargetDraft, full_parents, policy
from agent.inventory.findings import MAX_LISTED, FilePosition, Finding, Located, listed, unknown, unknown_reference
from agent.inventory.messages.document import KINDS
from agent.inventory.messages.message import Value
from agent.inventory.schema.rows import CheckRow, TargetRow
from agent.inventory.sheets.columns import ADDRESS_COLUMNS, DEVICE_COLUMNS
from agent.inventory.sheets.row_kinds import addresses_in
from agent.model import CheckSettings
from agent.text import Text

_COMPARISONS = 200_000  # to find the word that was meant, 2 s: a sheet may have 20,000 wrong words beside 20,000 right


def cross_checks(parts: Parts, drafts: list[TargetDraft]) -> Iterator[Finding]:
    """Every fault between the parts."""
    yield from _duplicates(parts)
    yield from _references(parts)
    yield from _unit_circles(parts)
    yield from unit_change_findings(parts)
    yield from overlaps(parts)
    yield from _columns(parts)
    yield from _anchors(parts)
    yield from _same_target(drafts)
    yield from _parents(parts, drafts)
    yield from _parent_circles(drafts)
    yield from _addresses(drafts)
    yield from _settings(drafts)
    yield from _timeouts(parts, drafts)


def _duplicates(parts: Parts) -> Iterator[Finding]:
    kinds: tuple[tuple[str, Iterable[Located[Any]]], ...] = (
        ("level", parts.levels),
        ("unit", parts.units),
        ("site", parts.sites),
        ("module", parts.modules),
        ("profile", parts.profiles),
        ("path", parts.paths),
        ("contact", parts.contacts),
        *(("check", entry.value.checks) for entry in parts.profiles),
    )
    for kind, entries in kinds:
        yield from _twice(kind, entries)


def _twice(kind: str, entries: Iterable[Located[Any]]) -> Iterator[Finding]:
    first: dict[str, FilePosition] = {}
    for entry in entries:
        identity = entry.value.id
        if identity in first:
            values: dict[str, Value] = {"kind": KINDS[kind], "value": identity, "first": str(first[identity])}
            yield Finding(entry.at("id"), "duplicate_id", values)
        else:
            first[identity] = entry.at("id")


def _ids_by_kind(parts: Parts) -> dict[str, set[str]]:
    """The ids that exist, faulty entries included."""
    kinds: Mapping[str, list[Any]] = {
        "level": parts.levels,
        "unit": parts.units,
        "site": parts.sites,
        "module": parts.modules,
        "profile": parts.profiles,
        "contact": parts.contacts,
        "calendar": parts.calendars,
    }
    ids = {
        kind: {entry.value.id for entry in entries} | parts.refused.get(kind, set()) for kind, entries in kinds.items()
    }
    ids["calendar"].update(BUILT_IN)
    return ids


def _references(parts: Parts) -> Iterator[Finding]:
    ids = _ids_by_kind(parts)
    few = {kind: sorted(words)[:MAX_LISTED] for kind, words in ids.items()}
    left = _COMPARISONS
    names = names_of((), ((entry.value.id, entry.value.name) for entry in parts.units))
    for place, kind, value in _mentions(parts):
        if value not in ids[kind] and kind == "unit" and len(several := names.called(value)) > 1:
            yield Finding(place, "ambiguous_reference", {"value": value, "choices": listed(several)})
        elif value not in ids[kind]:
            left -= len(ids[kind])
            yield unknown_reference(place, kind, value, ids[kind] if left >= 0 else few[kind])


def _mentions(parts: Parts) -> Iterator[tuple[FilePosition, str, str]]:
    """Every id that one entry says of another: where, of which kind, which."""
    for unit in parts.units:
        yield unit.at("level"), "level", unit.value.level
        if unit.value.parent is not None:
            yield unit.at("parent"), "unit", unit.value.parent
    defaults = site_defaults(parts)
    if parts.main is not None:
        for key, value in defaults.items():
            yield parts.main.place(("defaults", key)), key, value
    for site in parts.sites:
        row = site.value.row
        references = {"unit": row.unit, "profile": row.profile, "calendar": row.calendar, "contact": row.contact}
        for kind, named in references.items():
            if named is not None and named != defaults.get(kind):  # a wrong default is told once
                yield site.at(kind), kind, named
    for profile in parts.profiles:
        for check in profile.value.checks:
            yield check.at("module"), "module", check.value.module
            yield from _own_calendar(check)
    for target in parts.targets:
        yield target.at("id"), "site", target.value.id.partition("/")[0]
        yield target.at("module"), "module", target.value.module
        yield from _own_calendar(target)
    yield from _path_mentions(parts)
    yield from unit_change_mentions(parts)


def _own_calendar(entry: Located[CheckRow] | Located[TargetRow]) -> Iterator[tuple[FilePosition, str, str]]:
    if entry.value.calendar is not None:
        yield entry.at("calendar"), "calendar", entry.value.calendar


def _path_mentions(parts: Parts) -> Iterator[tuple[FilePosition, str, str]]:
    for path in parts.paths:
        scope = path.value.behind
        yield path.at("module"), "module", path.value.module
        for key, kind, values in (
            ("sites", "site", scope.sites if isinstance(scope.sites, tuple) else ()),
            ("units", "unit", scope.units),
            ("except", "site", scope.without),
        ):
            for index, value in enumerate(values):
                yield path.at("behind", key, index), kind, value


def _circles(parents: Mapping[str, Iterable[str]]) -> Iterator[list[str]]:
    """Every circle once, started at its member that stands first. A loop, not recursion: chains may be long."""
    done: set[str] = set()
    for start in parents:
        if start in done:
            continue
        walk = {start: iter(parents[start])}  # in the order walked, each with what it has not looked at yet
        while walk:
            node = next(reversed(walk))
            above = next(walk[node], None)
            if above is None:
                del walk[node]
                done.add(node)
            elif above in walk:
                members = list(walk)
                yield [*members[members.index(above) :], above]
            elif above not in done:
                walk[above] = iter(parents.get(above, ()))


def _unit_circles(parts: Parts) -> Iterator[Finding]:
    entries = {entry.value.id: entry for entry in parts.units}
    above = {key: [entry.value.parent] for key, entry in entries.items() if entry.value.parent is not None}
    for circle in _circles(above):
        yield Finding(entries[circle[0]].at("parent"), "unit_cycle", {"circle": " -> ".join(circle)})


def _columns(parts: Parts) -> Iterator[Finding]:
    """A column that a profile names and no site has is a misspelling: its check would never run."""
    existing = {*ADDRESS_COLUMNS, *DEVICE_COLUMNS, *(column for site in parts.sites for column in site.value.columns)}
    for profile in parts.profiles:
        for check in profile.value.checks:
            for key in ("address", "credential", "port"):
                for name in PLACEHOLDER.findall(getattr(check.value, key) or ""):
                    if name not in existing and (name, key) != (CREDENTIAL_COLUMN, "credential"):
                        yield unknown(check.at(key), "unknown_column", {"value": name}, name, existing)


def _anchors(parts: Parts) -> Iterator[Finding]:
    modules = {entry.value.id: entry.value for entry in parts.modules}
    for path in parts.paths:
        row = path.value
        if len(set(row.anchors)) < 2:
            yield Finding(path.at("anchors"), "few_anchors", {"count": str(len(set(row.anchors)))})
        module = modules.get(row.module)
        for index, anchor in enumerate(row.anchors if module else ()):
            fault = module.spec.unfit(anchor, module.options) if module else None
            if fault is not None:
                yield _unfit(path.at("anchors", index), *fault)
        if module is not None:
            yield from _timeout(path.at("id"), f"path:{row.id}", policy(row, module.timing, parts.defaults))


def _same_target(drafts: Iterable[TargetDraft]) -> Iterator[Finding]:
    first: dict[str, TargetDraft] = {}
    for draft in drafts:
        earlier = first.setdefault(draft.id, draft)
        # a check or site that stands twice is said as such already
        if earlier is not draft and (
            isinstance(draft.owner.value, TargetRow) or isinstance(earlier.owner.value, TargetRow)
        ):
            values: dict[str, Value] = {"kind": KINDS["target"], "value": draft.id, "first": str(earlier.place())}
            yield Finding(draft.owner.at("id"), "duplicate_id", values)


def _parents(parts: Parts, drafts: Iterable[TargetDraft]) -> Iterator[Finding]:
    """Parents that exist nowhere. A check of the same profile that this site lacks is no fault, it is left out."""
    drafts = tuple(drafts)
    ids = {draft.id for draft in drafts} | parts.refused.get("target", set())
    checks = {
        entry.value.id: {check.value.id for check in entry.value.checks}
        | parts.refused.get(f"check {entry.value.id}", set())
        for entry in parts.profiles
    }
    reported: set[FilePosition] = set()
    for draft in drafts:
        for index, (parent, full) in enumerate(zip(draft.owner.value.parents, full_parents(draft), strict=True)):
            site, _, check = full.partition("/")
            same_site = site == draft.home.value.id
            if full in ids or (same_site and check in checks.get(draft.home.value.row.profile or "", ())):
                continue
            place = draft.owner.at("parents", index)
            if place not in reported:
                reported.add(place)
                yield Finding(place, "unknown_parent", {"value": parent, "target": draft.id})


def _parent_circles(drafts: Iterable[TargetDraft]) -> Iterator[Finding]:
    """Circles of parents; one that comes from a profile is said once, not for every site."""
    by_id = {draft.id: draft for draft in drafts}
    reported: set[FilePosition] = set()
    for circle in _circles({key: full_parents(draft) for key, draft in by_id.items() if draft.owner.value.parents}):
        place = by_id[circle[0]].owner.at("parents")
        if place not in reported:
            reported.add(place)
            yield Finding(place, "parent_cycle", {"circle": " -> ".join(circle)})


def _addresses(drafts: Iterable[TargetDraft]) -> Iterator[Finding]:
    for draft in drafts:
        fault = draft.module.spec.unfit(draft.address, draft.module.options)
        if fault is not None:
            candidates = _fitting_addresses(draft)
            right = candidates[0] if len(candidates) == 1 else fault[1]
            yield _unfit(draft.address_place(), fault[0], right)


def _settings(drafts: Iterable[TargetDraft]) -> Iterator[Finding]:
    """What checks say to their probes; a key of a profile that its probe does not know is said once."""
    reported: set[FilePosition] = set()
    for draft in drafts:
        fault = draft.options() if draft.settings else None
        if not isinstance(fault, tuple):
            continue
        place = draft.setting_place(_faulty_setting(draft))
        if place not in reported:
            reported.add(place)
            yield _unfit(place, *fault)


def _faulty_setting(draft: TargetDraft) -> str:
    """The first of its settings that is refused by itself."""
    module = draft.module
    values = {key: getattr(draft.settings, key) for key in SETTING_KEYS}
    given = [key for key in SETTING_KEYS if values[key]]
    alone = (key for key in given if isinstance(_with_check(module, CheckSettings(**{key: values[key]})), tuple))
    return next(alone, given[0])


def _with_check(module: ModuleRow, settings: CheckSettings) -> object:
    return module.spec.with_check(module.options, settings)


def _unfit(place: FilePosition, wrong: Text, right: Text | str) -> Finding:
    """An address that its probe cannot use."""
    return Finding(place, "said_by_probe", {"wrong": wrong, "right": right})


def _fitting_addresses(draft: TargetDraft) -> list[str]:
    """The addresses in a faulty cell that would do in its place."""
    if draft.column is None:
        return []
    columns = dict(draft.home.value.columns)
    fitting: list[str] = []
    for candidate in addresses_in(columns[draft.column]):
        columns[draft.column] = candidate
        address = PLACEHOLDER.sub(lambda match: columns[match[1]], draft.owner.value.address).strip()
        if draft.module.spec.unfit(address, draft.module.options) is None:
            fitting.append(candidate)
    return fitting


def _timeouts(parts: Parts, drafts: Iterable[TargetDraft]) -> Iterator[Finding]:
    reported: set[tuple[int, int, int]] = set()
    for draft in drafts:
        timing = policy(draft.owner.value, draft.home.value.row, draft.module.timing, parts.defaults)
        key = (timing.timeout_ms, timing.interval_ms, id(draft.owner))
        if timing.timeout_ms > timing.interval_ms and key not in reported:
            reported.add(key)
            yield from _timeout(draft.place(), draft.id, timing)


def _timeout(place: FilePosition, target: str, timing: Any) -> Iterator[Finding]:
    if timing.timeout_ms > timing.interval_ms:
        seconds = {"timeout": f"{timing.timeout_ms / 1000:g}", "interval": f"{timing.interval_ms / 1000:g}"}
        yield Finding(place, "timeout_interval", {"target": target, **seconds})
