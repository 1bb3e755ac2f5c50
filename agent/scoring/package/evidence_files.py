"""Evidence as files that people and programs read, and the evidence in such files: exact in both directions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any, TypeVar

from agent.availability.accounting import ReportTerms
from agent.availability.figures import Provenance
from agent.characters import quoted
from agent.scoring.evidence import Evidence, FeatureDays, MeasuredSpan, TargetEvidence, UnitBasis
from agent.scoring.package import evidence_tables as tables
from agent.scoring.package.cells import END, NUMBER, START, TEXT, WHOLE, Cell, chosen
from agent.scoring.package.tables import EvidenceError, TableOf
from agent.text import Text

_PartT = TypeVar("_PartT")
_MOST_PERIOD_MS = 11 * 366 * 86_400_000
_MISSING = Text("gói thiếu tệp {file}", "the package lacks the file {file}")
_KEYS = Text("{file}: các khóa phải là {right}", "{file}: its keys should be {right}")
_KEY = Text("{file}, khóa {key}: không hiểu {value}", "{file}, key {key}: {value} is no value")
_PERIOD = Text("{file}: kỳ từ start đến end không hợp lý", "{file}: start to end is no period")
_STRANGER = Text("{file}: {owner} không có trong {list}", "{file}: {owner} is not in {list}")
_TWICE = Text("{file}: {owner} có hai lần", "{file}: {owner} is there twice")
_CALENDAR = Text(
    "{file}: nội dung không khớp với mã băm ở tên tệp", "{file}: the content does not fit the hash in its name"
)

_TERM_CELLS: Mapping[str, Cell] = {  # the terms, whose they are, and the provenance; in this order
    "start": START, "end": END, "as_of": START, "weight": NUMBER, "threshold_percent": NUMBER, "zone": TEXT,
    "organisation": TEXT, "observer": TEXT, "basis": chosen(UnitBasis), "ledger_observer": TEXT, "first_row": WHOLE,
    "last_row": WHOLE, "last_row_sha256": TEXT, "version": TEXT, "tzdata": TEXT, "inventory_sha256": TEXT,
}  # fmt: skip


def evidence_files(evidence: Evidence) -> dict[str, bytes]:
    """Every file, by its name. ValueError for what has no exact form: it is a fault of ours."""
    targets, source = evidence.targets, evidence.provenance
    written: list[tuple[TableOf[Any], Iterable[Any]]] = [
        (tables.TERMS, _term_rows(evidence)),
        (tables.UNITS, evidence.units),
        (tables.SITES, evidence.site_names.items()),
        (tables.SITE_PLACES, ((site, place) for site, places in evidence.sites.items() for place in places)),
        (tables.TARGETS, targets),
        (tables.PLACES, _each(targets, lambda target: target.placements)),
        (tables.STATES, _each(targets, lambda target: target.states)),
        (tables.CORRECTED, _each(targets, lambda target: target.corrections)),
        (tables.HOURS, (row for target in targets for row in _hours(target))),
        (tables.WINDOWS, _each(targets, lambda target: target.windows)),
        (tables.MEASURED, _each(targets, lambda target: target.measured)),
        (tables.FEATURES, (row for target in targets for row in _features(target))),
        (tables.FACTS, evidence.facts),
        (tables.GIVEN, evidence.given),
        (tables.BOOKED, evidence.booked),
        (tables.SIGNED, evidence.signed),
        (tables.IN_FORCE, source.versions),
        (tables.CALENDAR_NAMES, source.calendars),
    ]
    files = {table.name: table.written(records) for table, records in written}
    return files | {f"{tables.CALENDARS}{digest}.json": body for digest, body in evidence.calendars.items()}


def read_evidence(files: Mapping[str, bytes]) -> Evidence:
    """The evidence that ``evidence_files`` wrote so; other files are not looked at. EvidenceError says what is wrong.

    Nothing is taken on trust but the content: whether the files are spelled as they would be written is for who
    compares them with those of the evidence.
    """
    terms = _read_terms(_content(files, tables.TERMS.name))
    site_names = dict(_rows(files, tables.SITES))
    return Evidence(
        terms=_terms(terms),
        zone=terms["zone"],
        organisation=terms["organisation"],
        observer=terms["observer"],
        units=_rows(files, tables.UNITS),
        site_names=site_names,
        targets=_targets(files),
        calendars=_calendars(files),
        facts=_rows(files, tables.FACTS),
        given=_rows(files, tables.GIVEN),
        provenance=_provenance(files, terms),
        booked=_rows(files, tables.BOOKED),
        signed=_rows(files, tables.SIGNED),
        basis=terms["basis"],
        sites=_grouped(tables.SITE_PLACES, _rows(files, tables.SITE_PLACES), site_names, tables.SITES.name),
    )


# written


def _each(
    targets: Iterable[TargetEvidence], parts: Callable[[TargetEvidence], Iterable[_PartT]]
) -> Iterator[tuple[str, _PartT]]:
    return ((target.target, part) for target in targets for part in parts(target))


def _hours(target: TargetEvidence) -> Iterator[tuple[str, str, int, int, str]]:
    for name, held in target.hours.items():
        for (start_ms, end_ms), digest in held:
            yield target.target, name, start_ms, end_ms, digest


def _features(target: TargetEvidence) -> Iterator[tuple[str, int, FeatureDays]]:
    return ((target.target, span.start_ms, feature) for span in target.measured for feature in span.features)


def _term_rows(evidence: Evidence) -> Iterator[tuple[str, str]]:
    terms, source = evidence.terms, evidence.provenance
    named: dict[str, Any] = {
        "start": terms.start_ms,
        "end": terms.end_ms,
        "as_of": terms.as_of_ms,
        "weight": terms.weight,
        "threshold_percent": terms.threshold,
        "zone": evidence.zone,
        "organisation": evidence.organisation,
        "observer": evidence.observer,
        "basis": evidence.basis,
        "ledger_observer": source.observer,
        "first_row": source.first_seq,
        "last_row": source.last_seq,
        "last_row_sha256": source.head,
        "version": source.version,
        "tzdata": source.tzdata,
        "inventory_sha256": source.inventory,
    }
    for key, cell in _TERM_CELLS.items():
        yield key, str(named[key]) if cell is TEXT else cell.write(named[key])


# read


def _content(files: Mapping[str, bytes], name: str) -> bytes:
    content = files.get(name)
    if content is None:
        raise EvidenceError(_MISSING.filled(file=name))
    return content


def _rows(files: Mapping[str, bytes], table: TableOf[_PartT]) -> tuple[_PartT, ...]:
    return tuple(table.read(_content(files, table.name)))


def _read_terms(content: bytes) -> dict[str, Any]:
    rows = list(tables.TERMS.read(content))
    if [key for key, _ in rows] != list(_TERM_CELLS):
        raise EvidenceError(_KEYS.filled(file=tables.TERMS.name, right=", ".join(_TERM_CELLS)))
    return {key: _term(key, value) for key, value in rows}


def _term(key: str, value: str) -> Any:
    cell = _TERM_CELLS[key]
    if cell is TEXT:
        return value
    try:
        return cell.read(value)
    except (ValueError, KeyError, OverflowError) as error:
        raise EvidenceError(_KEY.filled(file=tables.TERMS.name, key=key, value=quoted(value[:80]))) from error


def _terms(values: Mapping[str, Any]) -> ReportTerms:
    if not values["start"] < values["end"] <= values["start"] + _MOST_PERIOD_MS:
        raise EvidenceError(_PERIOD.filled(file=tables.TERMS.name))
    return ReportTerms(values["start"], values["end"], values["as_of"], values["weight"], values["threshold_percent"])


def _provenance(files: Mapping[str, bytes], terms: Mapping[str, Any]) -> Provenance:
    return Provenance(
        observer=terms["ledger_observer"],
        first_seq=terms["first_row"],
        last_seq=terms["last_row"],
        head=terms["last_row_sha256"],
        version=terms["version"],
        tzdata=terms["tzdata"],
        inventory=terms["inventory_sha256"],
        calendars=_rows(files, tables.CALENDAR_NAMES),
        versions=_rows(files, tables.IN_FORCE),
    )


def _calendars(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """By hash; each is what its name says."""
    names = [name for name in files if name.startswith(tables.CALENDARS)]
    for name in names:
        if name != f"{tables.CALENDARS}{sha256(files[name]).hexdigest()}.json":
            raise EvidenceError(_CALENDAR.filled(file=name))
    return {name.removeprefix(tables.CALENDARS).removesuffix(".json"): files[name] for name in sorted(names)}


def _targets(files: Mapping[str, bytes]) -> tuple[TargetEvidence, ...]:
    targets = _rows(files, tables.TARGETS)
    known = {target.target: target.name for target in targets}
    if len(known) < len(targets):
        ids = [target.target for target in targets]
        twice = next(identity for identity in known if ids.count(identity) > 1)
        raise EvidenceError(_TWICE.filled(file=tables.TARGETS.name, owner=quoted(twice)))

    def of(table: TableOf[tuple[str, _PartT]]) -> dict[str, tuple[_PartT, ...]]:
        return _grouped(table, _rows(files, table), known, tables.TARGETS.name)

    places, states, corrected = of(tables.PLACES), of(tables.STATES), of(tables.CORRECTED)
    windows, measured, hours = of(tables.WINDOWS), _measured(files, known), _held(files, known)
    return tuple(
        replace(
            target,
            placements=places.get(target.target, ()),
            states=states.get(target.target, ()),
            corrections=corrected.get(target.target, ()),
            windows=windows.get(target.target, ()),
            measured=measured.get(target.target, ()),
            hours=hours.get(target.target, {}),
        )
        for target in targets
    )


def _measured(files: Mapping[str, bytes], known: Collection[str]) -> dict[str, tuple[MeasuredSpan, ...]]:
    """Of each target its spans, each with its features."""
    spans = _grouped(tables.MEASURED, _rows(files, tables.MEASURED), known, tables.TARGETS.name)
    begun = {(owner, span.start_ms) for owner, of_target in spans.items() for span in of_target}
    features: dict[tuple[str, int], list[FeatureDays]] = defaultdict(list)
    for owner, start_ms, feature in _rows(files, tables.FEATURES):
        if (owner, start_ms) not in begun:
            raise EvidenceError(
                _STRANGER.filled(file=tables.FEATURES.name, owner=quoted(owner), list=tables.MEASURED.name)
            )
        features[owner, start_ms].append(feature)
    return {
        owner: tuple(replace(span, features=tuple(features[owner, span.start_ms])) for span in of_target)
        for owner, of_target in spans.items()
    }


def _held(
    files: Mapping[str, bytes], known: Collection[str]
) -> dict[str, dict[str, tuple[tuple[tuple[int, int], str], ...]]]:
    """Of each target, by the name of a calendar, which one held when."""
    held: dict[str, dict[str, Any]] = defaultdict(lambda: defaultdict(list))
    calendars = {name for name in files if name.startswith(tables.CALENDARS)}
    for owner, name, start_ms, end_ms, digest in _rows(files, tables.HOURS):
        if owner not in known:
            raise EvidenceError(_STRANGER.filled(file=tables.HOURS.name, owner=quoted(owner), list=tables.TARGETS.name))
        if f"{tables.CALENDARS}{digest}.json" not in calendars:
            raise EvidenceError(_STRANGER.filled(file=tables.HOURS.name, owner=quoted(digest), list=tables.CALENDARS))
        held[owner][name].append(((start_ms, end_ms), digest))
    return {owner: {name: tuple(spans) for name, spans in names.items()} for owner, names in held.items()}


def _grouped(
    table: TableOf[Any], rows: Iterable[tuple[str, _PartT]], known: Collection[str], listed: str
) -> dict[str, tuple[_PartT, ...]]:
    groups: dict[str, list[_PartT]] = defaultdict(list)
    for owner, part in rows:
        if owner not in known:
            raise EvidenceError(_STRANGER.filled(file=table.name, owner=quoted(owner), list=listed))
        groups[owner].append(part)
    return {owner: tuple(parts) for owner, parts in groups.items()}
