"""A configuration of snmp_exporter as modules of probe `snmp`, each with an object set of its own.

Both layouts are read: modules at the top, each with its auth (up to 0.22), and ``auths`` beside ``modules``. Nothing is
dropped in silence: what has no counterpart is noted with its place.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.inventory.blackbox.module import TranslatedModule, TranslationNote, milliseconds, text, whole
from agent.inventory.findings import Trail
from agent.inventory.schema.types import is_module_name
from agent.inventory.sheets.columns import slug
from agent.inventory.snmp_exporter.auths import DEFAULT_AUTH, TranslatedAuths
from agent.inventory.snmp_exporter.objects import read_oid, take_objects
from agent.probes.snmp.object_file import MAX_FILE_BYTES, MAX_OBJECTS
from agent.probes.snmp.object_set import ObjectSet, SnmpObject
from agent.probes.snmp.object_writer import object_file

_MODULE_KEYS = (
    "version", "auth", "walk", "get", "metrics", "max_repetitions", "retries", "timeout", "filters",
    "use_unconnected_udp_socket", "allow_nonincreasing_oids",
)  # fmt: skip
MAX_MODULES = 500
"""snmp_exporter ships some fifty."""
_BOUNDS: Mapping[str, tuple[int, int]] = {"max_repetitions": (1, 100), "retries": (0, 10)}


@dataclass(frozen=True, slots=True)
class ExporterModule:
    """A module, and the file of the set that it names."""

    module: TranslatedModule
    objects: ObjectSet
    path: Path
    text: str


@dataclass(frozen=True, slots=True)
class ExporterConfiguration:
    """What was taken over, and all that is to be said, in the order of the file."""

    modules: list[ExporterModule]
    auths: TranslatedAuths
    notes: list[TranslationNote]


def translate_snmp_exporter(document: object, folder: Path, stem: str, credentials: Path) -> ExporterConfiguration:
    """The modules; folder: where the files of their sets go, stem: how the names of those begin."""
    data = document if isinstance(document, dict) else {}
    auths, notes = TranslatedAuths(), []
    split = any(isinstance(data.get(key), dict) and not _is_module(data[key]) for key in ("auths", "modules"))
    sections, above = (data.get("modules"), ("modules",)) if split else (data, ())
    if split:
        notes += [TranslationNote((key,), "snmp_exporter_unknown") for key in data if key not in _SPLIT_KEYS]
        _take_auths(auths, data.get("auths"))
    if not isinstance(sections, dict) or not sections:
        return ExporterConfiguration([], auths, [*notes, TranslationNote(above, "snmp_exporter_empty")])
    if len(sections) > MAX_MODULES:
        note = TranslationNote(above, "snmp_exporter_modules", {"limit": str(MAX_MODULES)})
        return ExporterConfiguration([], auths, [*notes, note])
    modules: list[ExporterModule] = []
    taken: set[Path] = set()
    for name, section in sections.items():
        module = TranslatedModule(str(name), (*above, name), refused="snmp_exporter_refused")
        objects = _module(module, section)
        if not module.left_out:
            if not split:
                _take_own_auth(auths, module, section)
            modules.append(_with_file(module, objects, folder, stem, taken))
            taken.add(modules[-1].path)
        notes += [note for note in module.notes if note.leaves_out or not (module.left_out and objects)]
    modules = [part for part in modules if not part.module.left_out]
    _name_credentials(auths, [part.module for part in modules], credentials, notes if split else None)
    return ExporterConfiguration(modules, auths, [*auths.notes, *notes])


_SPLIT_KEYS = ("auths", "modules", "version")


def _is_module(section: Mapping[str, Any]) -> bool:
    """Whether it is a module that is only called ``modules`` or ``auths``."""
    return isinstance(section.get("metrics"), list)


def _module(module: TranslatedModule, section: object) -> tuple[SnmpObject, ...]:
    if not isinstance(section, dict):
        module.leave_out("snmp_exporter_form")
        return ()
    if not is_module_name(module.name):
        module.leave_out("blackbox_name")
    for key in section:
        if key not in _MODULE_KEYS:
            module.note("snmp_exporter_unknown", key)
    module.options["probe"] = "snmp"
    _walk_options(module, section)
    objects = tuple(take_objects(module, section.get("metrics")))
    if not objects:
        module.leave_out("snmp_exporter_no_metrics")
    elif len(objects) > MAX_OBJECTS:
        module.leave_out("snmp_exporter_too_much", "metrics", limit=str(MAX_OBJECTS))
    else:
        _say_what_is_asked(module, section, objects)
    return objects


def _walk_options(module: TranslatedModule, section: Mapping[str, Any]) -> None:
    for key, (least, most) in _BOUNDS.items():
        if section.get(key) is None:
            continue
        number = whole(section[key]) if not isinstance(section[key], list | dict) else None
        module.options[key] = min(max(number or 0, least), most)
        module.places[key,] = (*module.trail, key)
        if number != module.options[key]:
            module.note("snmp_exporter_bounded", key, least=str(least), most=str(most))
    if section.get("timeout") is not None:
        _timeout(module, section["timeout"])
    if section.get("filters"):
        module.note("snmp_exporter_filters", "filters")
    for key in ("use_unconnected_udp_socket", "allow_nonincreasing_oids"):
        if module.flag(section.get(key), key):
            module.note(f"snmp_exporter_{key}", key)


def _timeout(module: TranslatedModule, given: object) -> None:
    """There of one request, here of the whole run."""
    lasts = milliseconds(given) if not isinstance(given, list | dict) else None
    if lasts is None or lasts < 1:
        module.note("snmp_exporter_timeout_value", "timeout")
        return
    module.options["timeout"] = f"{int(lasts)}ms" if int(lasts) % 1000 else f"{int(lasts) // 1000}s"
    module.places["timeout",] = (*module.trail, "timeout")
    module.note("snmp_exporter_timeout", "timeout")


def _say_what_is_asked(module: TranslatedModule, section: Mapping[str, Any], objects: tuple[SnmpObject, ...]) -> None:
    """The walks and gets that name more, less or other objects than the metrics do, from which the agent asks."""
    tables = {part.oid for part in objects if part.indexes}
    named = _Names([*(part.oid for part in objects), *(lookup.oid for part in objects for lookup in part.lookups)])
    asked: list[bytes] = []
    for key in ("walk", "get"):
        for number, written in enumerate(section[key] if isinstance(section.get(key), list) else []):
            try:
                oid = read_oid(written)
            except ValueError:
                module.note("snmp_exporter_oid_or_name", key, number)
                continue
            asked.append(oid)
            if not named.meet(oid):
                module.note("snmp_exporter_unnamed", key, number)
            elif any(oid[:length] in tables for length in range(1, len(oid))):
                module.note("snmp_exporter_rows", key, number)
    walked = _Names(asked)
    if asked and (never := [part.name for part in objects if not walked.meet(part.oid)]):
        module.note("snmp_exporter_never", "metrics", names=", ".join(never[:10]), count=str(len(never)))


class _Names:
    """Object identifiers, asked for those that are above or below another."""

    def __init__(self, oids: Iterable[bytes]) -> None:
        self._all = set(oids) - {b""}
        self._ordered = sorted(self._all)

    def meet(self, oid: bytes) -> bool:
        if any(oid[:length] in self._all for length in range(1, len(oid) + 1)):
            return True
        after = bisect_left(self._ordered, oid)
        return after < len(self._ordered) and self._ordered[after].startswith(oid)


def _with_file(
    module: TranslatedModule, objects: tuple[SnmpObject, ...], folder: Path, stem: str, taken: set[Path]
) -> ExporterModule:
    base = f"{stem[:20]}-{slug(module.name)[:36]}".strip("-")
    names = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    name = next(name for name in names if folder / f"{name}.yml" not in taken)
    object_set = ObjectSet(name, objects, title=f"snmp_exporter: {module.name}", complete=True)
    body = object_file(object_set)
    if len(body.encode()) > MAX_FILE_BYTES:
        module.leave_out("snmp_exporter_too_much", "metrics", limit=str(MAX_OBJECTS))
    path = folder / f"{name}.yml"
    module.options["objects"] = [str(path)]
    return ExporterModule(module, object_set, path, body)


def _take_auths(auths: TranslatedAuths, given: object) -> None:
    if given is not None and not isinstance(given, dict):
        auths.notes.append(TranslationNote(("auths",), "snmp_exporter_form"))
        return
    for name, auth in (given or {}).items():
        auths.add(str(name), auth, ("auths", name))


def _take_own_auth(auths: TranslatedAuths, module: TranslatedModule, section: Mapping[str, Any]) -> None:
    """The auth that stands in a module, once for all that have it; none is the community public, version 2."""
    auth, version = section.get("auth"), section.get("version")
    name = auths.alike(auth, version)
    if name is None:
        name = module.name if auth is not None else f"public_v{text(version) or '2'}"
        name = auths.add(name, auth, (*module.trail, "auth") if auth is not None else module.trail, version)
    if name is not None:
        module.options["credential"] = name


def _name_credentials(
    auths: TranslatedAuths, modules: list[TranslatedModule], file: Path, notes: list[TranslationNote] | None
) -> None:
    """Where the credentials are, and which of them: there public_v2 is asked with where a request names none."""
    for module in modules:
        if auths.entries:
            module.options["credentials"] = {"file": str(file)}
        if notes is not None and DEFAULT_AUTH in auths.entries:
            module.options["credential"] = DEFAULT_AUTH
    if notes is not None and not auths.entries:
        notes.append(TranslationNote(_AUTHS_TRAIL, "snmp_exporter_no_auths"))
    elif notes is not None and len(auths.entries) > 1:
        notes.append(TranslationNote(_AUTHS_TRAIL, "snmp_exporter_which_auth", {"names": ", ".join(auths.entries)}))


_AUTHS_TRAIL: Trail = ("auths",)
