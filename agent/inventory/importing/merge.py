"""The rows of a sheet put to those that stand: each back to the file it stands in, new ones to the sheet's own list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agent.inventory.document.sections import with_id
from agent.inventory.findings import Finding, listed
from agent.inventory.importing.current_rows import KINDS, SITE_KEYS, CurrentRow, normalised_row, same_text
from agent.inventory.importing.inference import inference_remarks
from agent.inventory.importing.lists import ChosenList, CurrentConfiguration, ImportAnswers
from agent.inventory.importing.matching import PossibleRename, likeness, match
from agent.inventory.importing.remarks import Choice, ImportQuestion, Remark
from agent.inventory.importing.sheet import Cells, ImportedSheet
from agent.inventory.schema.facts import merged_facts
from agent.inventory.sheets.columns import slug
from agent.inventory.sheets.contacts import AddressBook, contact_row
from agent.inventory.sheets.fact_cells import FACTS, has_all_facts
from agent.inventory.sources.yaml_writer import Row

_PERSON = ("contact", "phone", "email")
_NAMED = 5  # sites that a sentence names
Placed = tuple[Row, Cells | None]


@dataclass(slots=True)
class Merged:
    """The rows of each file that the import touches, as they will be, each with where in the sheet it comes from."""

    files: dict[Path, dict[str, list[Placed]]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    questions: list[ImportQuestion] = field(default_factory=list)


@dataclass(slots=True)
class _MergedKind:
    """Rows of one kind: which stand already (by their id), which are new, and which the sheet no longer has."""

    matched: dict[str, tuple[Row, Cells]] = field(default_factory=dict)
    fresh: list[Placed] = field(default_factory=list)
    removed: set[str] = field(default_factory=set)

    def put(self, kind: str, cells: Cells, row: Row, old: Row | None) -> None:
        if old is None:
            self.fresh.append((_ordered(normalised_row(kind, row)), cells))
        else:
            self.matched[old["id"]] = (_ordered(_merged_row(kind, cells, row, old)), cells)


@dataclass(frozen=True, slots=True)
class _Import:
    """One sheet on its way into the list at path."""

    sheet: ImportedSheet
    present: CurrentConfiguration
    path: Path
    answers: ImportAnswers
    result: Merged = field(default_factory=Merged)

    def current(self, kind: str) -> Sequence[CurrentRow]:
        return self.present.rows[kind]

    def of_list(self, kind: str) -> dict[str, Row]:
        """The rows that the list has now, by id."""
        return {row.row["id"]: row.row for row in self.current(kind) if row.file == self.path}


def merge(sheet: ImportedSheet, present: CurrentConfiguration, to: ChosenList, answers: ImportAnswers) -> Merged:
    """The whole of it. A row of the main file, which is never written to, may not differ: that is a finding."""
    job = _Import(sheet, present, to.path, answers)
    units, existing_ids = _units(job)
    contacts = _MergedKind()
    sites = _sites(job, existing_ids, units, contacts)
    _assemble(job, {"units": units, "contacts": contacts, "sites": sites})
    return job.result


def _units(job: _Import) -> tuple[_MergedKind, dict[str, str]]:
    """The units, and for those that keep another id than their name would make: both."""
    cells = job.sheet.cells["units"]
    old = {current.row["id"]: current.row for current in job.current("units")}
    ids = match([*old.values()], [cell_row.row for cell_row in cells], frozenset()).ids
    new_ids = [with_id(cell_row.row).get("id", "") for cell_row in cells]
    existing_ids = {new_ids[index]: identity for index, identity in ids.items()}
    kind = _MergedKind()
    for index, cell_row in enumerate(cells):
        row = {**cell_row.row, "id": ids.get(index, new_ids[index])}
        if "parent" in row:
            row["parent"] = existing_ids.get(row["parent"], row["parent"])
        kind.put("units", cell_row, row, old.get(row["id"]))
    if cells:
        kind.removed = job.of_list("units").keys() - kind.matched.keys()
    return kind, existing_ids


def _sites(job: _Import, existing_units: Mapping[str, str], units: _MergedKind, contacts: _MergedKind) -> _MergedKind:
    cells = job.sheet.cells["sites"]
    rows = [
        {**cell_row.full, "unit": existing_units.get(cell_row.full.get("unit", ""), cell_row.full.get("unit", ""))}
        for cell_row in cells
    ]
    old = {current.row["id"]: current.row for current in job.current("sites")}
    leaving = _leaving(job, rows) if cells else frozenset[str]()
    ids = _ids(job, [*old.values()], rows, leaving)
    kind = _MergedKind(removed=_removed_sites(job, leaving - {*ids.values()}, len(leaving), old))
    why: list[tuple[str, str]] = []
    pointing = _people(job, rows, contacts)
    for index, row in enumerate(_with_ids(job, pointing, ids, old)):
        before = old.get(ids.get(index, ""))
        explicit = None if before is None else {"calendar": "always", **before}
        kind.put("sites", cells[index], {**job.present.defaults, **row}, explicit)
        if not row["id"]:
            job.result.findings.append(Finding(cells[index].place("name"), "no_id"))
        if before is None:
            why += cells[index].inferred.why
            job.result.findings += cells[index].inferred.lacks
    new_units = _new_units(job, kind)
    units.fresh += [(row, None) for row in new_units]
    job.result.remarks += inference_remarks(why, new_units)
    _unused(job, kind, contacts)
    in_main = {current.row["id"] for current in job.current("sites") if current.file == job.present.main}
    stay = in_main - kind.matched.keys()
    if stay and len(in_main) >= 2 * len(stay):
        values = {"count": str(len(stay)), "file": job.present.main.name, "value": listed(stay)}
        job.result.remarks.append(Remark("stays_in_main", values))
    return kind


def _new_units(job: _Import, sites: _MergedKind) -> list[Row]:
    """The units made for sites that do belong to them in the end."""
    used = {row.get("unit") for row, _ in (*sites.fresh, *sites.matched.values())}
    return [row for row in job.sheet.new_units if row["id"] in used]


def _leaving(job: _Import, rows: Sequence[Row]) -> frozenset[str]:
    """The sites of the list, and of every other file of which the sheet writes half of the ids at least."""
    files = {current.row["id"]: current.file for current in job.current("sites")}
    written = Counter(files[row["id"]] for row in rows if row.get("id") in files)
    sizes = Counter(files.values())
    stood_for = {file for file, count in written.items() if count * 2 >= sizes[file]} - {job.present.main} | {job.path}
    return frozenset(current.row["id"] for current in job.current("sites") if current.file in stood_for)


def _ids(job: _Import, old: Sequence[Row], rows: Sequence[Row], leaving: frozenset[str]) -> dict[int, str]:
    """The id that each row has already, with what is in doubt settled by answer, else asked."""
    if job.answers.new:
        existing_ids = {row["id"] for row in old}
        return {index: row["id"] for index, row in enumerate(rows) if row.get("id") in existing_ids}
    matches = match(old, rows, leaving)
    ids = dict(matches.ids)
    for swapped in (False, True):
        doubts = [doubt for doubt in matches.doubts if doubt.swapped == swapped]
        if job.answers.renamed:
            confirmed = [doubt for doubt in doubts if "all" in job.answers.renamed or doubt.id in job.answers.renamed]
            ids |= {doubt.index: doubt.id for doubt in confirmed}
        elif doubts:
            job.result.questions.append(_renaming(doubts, rows, swapped=swapped))
            ids |= {} if swapped else {doubt.index: doubt.id for doubt in doubts}
    return ids


def _renaming(doubts: Sequence[PossibleRename], rows: Sequence[Row], *, swapped: bool) -> ImportQuestion:
    details = tuple(
        Remark("renamed_row", {"before": doubt.before, "after": rows[doubt.index].get("name", ""), "id": doubt.id})
        for doubt in doubts
    )
    yes = Choice(("--renamed", "all"), Remark("renamed"))
    no = Choice(("--renamed", "none"), Remark("names_stay" if swapped else "not_renamed"))
    some = Choice(("--renamed", ",".join(doubt.id for doubt in doubts[:2])), Remark("some_renamed"))
    remark = Remark("which_swapped" if swapped else "which_name", {"count": str(len(doubts))})
    return ImportQuestion(remark, (no, yes) if swapped else (yes, no, some) if len(doubts) > 2 else (yes, no), details)


def _removed_sites(job: _Import, removed: frozenset[str], total: int, old: Mapping[str, Row]) -> set[str]:
    """The sites that end; many at once are asked about: the sheet may be a filtered one."""
    if job.answers.gone == "keep" and removed:
        job.result.remarks.append(Remark("kept", {"count": str(len(removed))}))
        return set()
    if not job.answers.gone and removed and len(removed) * 2 >= total and (len(removed) > 1 or total == 1):
        names = [old[identity].get("name", identity) for identity in sorted(removed)]
        more = f" ... (+{len(names) - _NAMED})" if len(names) > _NAMED else ""
        values = {"count": str(len(removed)), "total": str(total), "value": ", ".join(names[:_NAMED]) + more}
        answer = (Choice(("--gone", "keep"), Remark("gone_keep")), Choice(("--gone", "remove"), Remark("gone_remove")))
        job.result.questions.append(ImportQuestion(Remark("which_gone", values), answer))
    return {*removed}


def _with_ids(
    job: _Import, rows: Sequence[Row], ids: Mapping[int, str], old: Mapping[str, Row]
) -> Iterator[dict[str, str]]:
    """Each row with its id; the name makes that of a new one, with its unit where several have that name."""
    slugs = [
        slug(row.get("name", "")) if index not in ids and "id" not in row else "" for index, row in enumerate(rows)
    ]
    counts = Counter(slugs)
    likenesses = {likeness(row) for row in old.values()}
    new_ids: list[str] = []
    for index, row in enumerate(rows):
        identity = ids.get(index) or row.get("id") or slugs[index]
        clash = slugs[index] and (counts[slugs[index]] > 1 or (slugs[index] in old and likeness(row) not in likenesses))
        if clash and row.get("unit"):
            identity = f"{identity}-{slug(row['unit'])}"
            new_ids.append(identity)
        yield {**row, "id": identity}
    if new_ids:
        job.result.remarks.append(Remark("id_with_unit", {"count": str(len(new_ids)), "value": new_ids[0]}))


def _people(job: _Import, rows: Sequence[Row], contacts: _MergedKind) -> list[dict[str, str]]:
    """The rows of sites pointing to their contacts, which are added to those that the sheet holds."""
    own = job.of_list("contacts")
    others = {current.row["id"]: current.row for current in job.current("contacts") if current.file != job.path}
    book = AddressBook(others.values(), own.values())
    existing = {**others, **own}
    origins: dict[str, Cells] = {}
    for cells in job.sheet.cells["contacts"]:
        if "id" in cells.row:
            person = contact_row(cells.row)
            book.know(person)
            contacts.put("contacts", cells, person, existing.get(person["id"]))
    for cells in job.sheet.cells["contacts"]:
        if "id" not in cells.row:
            origins.setdefault(book.add(cells.row), cells)
    pointing = []
    for cells, row in zip(job.sheet.cells["sites"], rows, strict=True):
        pointing.append(book.point(row))
        origins.setdefault(pointing[-1].get("contact", ""), cells)
    for identity, contact in book.rows.items():
        contacts.put("contacts", origins[identity], contact, existing.get(identity))
    return pointing


def _unused(job: _Import, sites: _MergedKind, contacts: _MergedKind) -> None:
    """The contacts of the list that no site points to any more, and the sheet does not name."""
    if not job.sheet.cells["sites"] and not job.sheet.cells["contacts"]:
        return
    remaining = [
        current.row for current in job.current("sites") if current.row["id"] not in {*sites.removed, *sites.matched}
    ]
    rows = [*remaining, *(row for row, _ in sites.matched.values()), *(row for row, _ in sites.fresh)]
    pointed = {row.get("contact") for row in rows} | contacts.matched.keys()
    contacts.removed = job.of_list("contacts").keys() - pointed


def _merged_row(kind: str, cells: Cells, row: Row, old: Row) -> dict[str, str]:
    """The row, with what it had in columns that the sheet does not have, or where it would only be supplied."""
    headers = {*cells.source.headers}
    if kind == "sites" and headers & {*_PERSON}:
        headers.add("contact")
    inferred = cells.inferred.values
    stays = {key: value for key, value in old.items() if key not in headers or key in inferred}
    written = {key: value for key, value in row.items() if key not in inferred}
    if FACTS in headers and FACTS in old:
        columns = None if has_all_facts(cells.source.headers) else headers
        written[FACTS] = merged_facts(old[FACTS], written.get(FACTS, ""), columns)
    normalised = normalised_row(kind, {**written, **stays, "id": old["id"]})
    return {
        key: old[key] if key in old and same_text(key, old[key], value) else value for key, value in normalised.items()
    }


def _ordered(row: Row) -> dict[str, str]:
    """Keys in the order of the documentation, columns of the site's own after them."""
    return {key: row[key] for key in (*SITE_KEYS, *row) if key in row}


def _assemble(job: _Import, kinds: Mapping[str, _MergedKind]) -> None:
    path, main, result = job.path, job.present.main, job.result
    touched = {current.file for kind in KINDS for current in job.current(kind) if _differs(current, kinds[kind])} - {
        main
    }
    for file in (path, *sorted(touched - {path})):
        result.files[file] = {kind: _rows_of(file, kinds[kind], job.current(kind), own=file == path) for kind in KINDS}
    for kind in KINDS:
        for current in job.current(kind):
            if current.file == main and current.row["id"] in kinds[kind].matched:
                row, cells = kinds[kind].matched[current.row["id"]]
                more = _more(current.row, row) if kind == "units" else {}
                result.remarks += _unit_stays(current, more)
                result.findings += _differences(current, {key: row[key] for key in row if key not in more}, cells)
    files = [current.file for current in job.current("sites") if current.row["id"] in kinds["sites"].matched]
    for file, count in Counter(files).items():
        if file not in result.files:
            result.remarks.append(Remark("stays", {"count": str(count), "file": file.name}))


def _differs(current: CurrentRow, kind: _MergedKind) -> bool:
    identity = current.row["id"]
    return identity in kind.removed or (identity in kind.matched and kind.matched[identity][0] != current.row)


def _rows_of(file: Path, kind: _MergedKind, current: Sequence[CurrentRow], *, own: bool) -> list[Placed]:
    """The rows of one file as they will be: the list's in the order of the sheet, then what it does not have."""
    before = {entry.row["id"]: entry.row for entry in current if entry.file == file}
    unchanged: dict[str, Placed] = {
        identity: (row, None) for identity, row in before.items() if identity not in kind.removed
    }
    if not own:
        return [kind.matched.get(identity, placed) for identity, placed in unchanged.items()]
    matched = [placed for identity, placed in kind.matched.items() if identity in before]
    rows = sorted((*matched, *kind.fresh), key=_position)
    return [*rows, *(placed for identity, placed in unchanged.items() if identity not in kind.matched)]


def _position(placed: Placed) -> tuple[str, int]:
    cells = placed[1]
    return (cells.source.title, cells.index) if cells is not None else ("", -1)


def _more(old: Row, new: Row) -> dict[str, str]:
    """Parent and code of a unit that the sheet has and the configuration has not."""
    return {key: new[key] for key in ("parent", "code") if key in new and key not in old}


def _unit_stays(current: CurrentRow, more: Row) -> Iterator[Remark]:
    if more:
        values = ", ".join(f"{key}: {value}" for key, value in more.items())
        yield Remark("unit_of_main", {"name": current.row["name"], "file": str(current.place), "value": values})


def _differences(current: CurrentRow, row: Row, cells: Cells) -> Iterator[Finding]:
    for key in dict.fromkeys((*row, *current.row)):
        if row.get(key) != current.row.get(key):
            values = {
                "value": current.row["id"],
                "first": str(current.place),
                "key": key,
                "before": current.row.get(key, ""),
            }
            yield Finding(cells.place(key), "row_of_main", values)
