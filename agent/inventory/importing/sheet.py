"""The rows of a sheet that is to be imported: read, names resolved to ids, and what is lacking supplied."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from agent.errors import ConfigError, Fault
from agent.inventory.document.names import names_of
from agent.inventory.document.parts import Parts
from agent.inventory.document.sections import lacking, with_id
from agent.inventory.findings import MAX_FINDINGS, FilePosition, Finding, Findings, TooManyError, faults_in
from agent.inventory.importing.current_rows import CurrentRow
from agent.inventory.importing.inference import Inference, InferredValues, infer_for_site, inference_for
from agent.inventory.importing.remarks import Remark
from agent.inventory.sheets.columns import ID, plain, slug
from agent.inventory.sheets.tables import SheetTables, TableSource, interpret
from agent.inventory.sources.files import YAML_ENDINGS, Files, read_sheets
from agent.inventory.sources.yaml_writer import Row

_OF_ANY_KIND = frozenset({"loai", "loai diem", "type"})


@dataclass(frozen=True, slots=True)
class Cells:
    """A row of the sheet: what it says, what was supplied to it, and where it stands."""

    source: TableSource
    index: int
    row: Row
    inferred: InferredValues = field(default_factory=InferredValues)

    @property
    def full(self) -> dict[str, str]:
        return {**self.row, **self.inferred.values}

    def place(self, key: str = "") -> FilePosition:
        return self.source.place((self.index, key) if key in self.source.headers else (self.index,))


@dataclass(frozen=True, slots=True)
class ImportedSheet:
    """The rows of the whole file. made are units that its sites name and nothing defines yet.

    notes: what of it was left out or read otherwise than it is written; findings: which of its cells are wrong, to be
    said together with what the rest of it makes of the configuration.
    """

    cells: Mapping[str, Sequence[Cells]]
    new_units: Sequence[Row] = ()
    remarks: tuple[Remark, ...] = ()
    notes: tuple[Fault, ...] = ()
    findings: tuple[Finding, ...] = ()


def read_sheet(parts: Parts, file: Path, now: Mapping[str, Sequence[CurrentRow]], language: str) -> ImportedSheet:
    """Raises ConfigError where nothing of it can be read."""
    tables = _tables(parts, file, language)
    inference = inference_for(parts, now["units"])
    sources = [_without_other_kinds(inference, table, tables.notes) for table in tables.sources]
    ids: list[tuple[str, str]] = []
    rows = {kind: list(_rows(sources, kind, ids)) for kind in ("units", "contacts", "sites")}
    rows["units"] = _units(inference, rows["units"])
    rows["sites"] = [_site(inference, cells) for cells in rows["sites"]]
    remarks: tuple[Remark, ...] = ()
    if ids:
        remarks += (Remark("id_written", {"count": str(len(ids)), "before": ids[0][0], "value": ids[0][1]}),)
    return ImportedSheet(
        rows, inference.new_units, remarks, faults_in(tables.notes, file, language), tuple(tables.findings)
    )


def _tables(parts: Parts, file: Path, language: str) -> SheetTables:
    """The tables of the file."""
    if file.suffix.lower() not in (".csv", ".xlsx"):
        wrong = "import_yaml" if file.suffix.lower() in YAML_ENDINGS else "import_kind"
        raise ConfigError([Finding(FilePosition(str(file)), wrong).fault(language)])
    sheets, findings = read_sheets(Files(), file)
    form = Parts(findings=Findings(findings), defaults=parts.defaults)
    tables = interpret(str(file), sheets, parts.columns)
    with suppress(TooManyError):
        form.findings.extend(tables.findings)
        tables.sources[:] = [source for source in tables.sources if not lacking(form, source, ("unit",))]
    if not any(source.rows for source in tables.sources) and not form.findings:
        form.findings.append(Finding(FilePosition(str(file)), "file_empty"))
    if not any(source.rows for source in tables.sources):
        raise ConfigError([finding.fault(language) for finding in form.findings[:MAX_FINDINGS]])
    tables.findings[:] = form.findings
    return tables


def _without_other_kinds(inference: Inference, source: TableSource, notes: list[Finding]) -> TableSource:
    """The table without a column *Loại* that names no profile in any row: it is about something else."""
    number, written = source.headers.get("profile", (0, ""))
    named = {row["profile"] for row in source.rows if "profile" in row}
    if plain(written) not in _OF_ANY_KIND or any(inference.profile(text) in inference.profiles for text in named):
        return source
    notes.append(Finding(source.whole.at(source.header_line, number), "column_left_out", {"key": written[:60]}))
    rows = tuple({key: text for key, text in row.items() if key != "profile"} for row in source.rows)
    headers = {key: header for key, header in source.headers.items() if key != "profile"}
    return dataclasses.replace(source, rows=rows, headers=headers)


def _rows(sources: Sequence[TableSource], kind: str, ids: list[tuple[str, str]]) -> Iterator[Cells]:
    """The rows of one kind; an id in an office's own way of writing (``DC-01``) becomes one, and is added to ids."""
    for source in sources:
        for index, row in enumerate(source.rows if source.kind == kind else ()):
            written = row.get("id", "")
            if written and not ID.fullmatch(written) and (identity := slug(written)):
                ids.append((written, identity))
                yield Cells(source, index, {**row, "id": identity})
            else:
                yield Cells(source, index, row)


def _units(inference: Inference, cells: Sequence[Cells]) -> list[Cells]:
    """The units with level and parent by id; a parent may stand in the same sheet."""
    existing = {plain(row.get("name", "")) for row in inference.units} | {row["id"] for row in inference.units}
    fresh = [with_id(row_cells.row) for row_cells in cells]
    fresh = [row for row in fresh if plain(row.get("name", "")) not in existing and row.get("id") not in existing]
    pairs = [(row["id"], row.get("name", "")) for row in (*inference.units, *fresh) if row.get("id")]
    names = names_of(inference.levels, pairs)
    translate = {"parent": names.unit, "level": names.level}
    resolved = [
        dataclasses.replace(
            row_cells, row={key: translate.get(key, str)(value) for key, value in row_cells.row.items()}
        )
        for row_cells in cells
    ]
    inference.know([{**row, "level": names.level(row.get("level", ""))} for row in fresh if row.get("id")])
    return resolved


def _site(inference: Inference, cells: Cells) -> Cells:
    translate = {"unit": inference.unit, "profile": inference.profile}
    row = {key: translate.get(key, str)(value) for key, value in cells.row.items()}
    return dataclasses.replace(cells, row=row, inferred=infer_for_site(inference, cells.source, cells.index, row))
