"""From the document of one file to a score sheet, or to everything that is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from agent.inventory.document.parts import validated
from agent.inventory.findings import Finding, Findings, Located, TooManyError, Trail, missing, unknown
from agent.inventory.sources.yaml_source import YamlSource
from agent.scoring.document.formulas import read_scoring
from agent.scoring.document.kinds import wholly_valid
from agent.scoring.document.rows import (
    MAX_CRITERIA,
    MAX_GROUP_DEPTH,
    MAX_GROUPS,
    CriterionRow,
    FormRow,
    GroupRow,
    SheetRow,
)
from agent.scoring.formulas import Formula, UnscoredFormula
from agent.scoring.sheet import Criterion, CriterionGroup, FormSource, RowCells, ScoreSheet, WhenMissing

SECTIONS = ("sheet", "groups", "criteria", "form")
_ZERO = Decimal(0)


@dataclass(slots=True)
class SheetDraft:
    """What was read so far; criteria with the place of each."""

    source: YamlSource
    head: SheetRow | None = None
    groups: list[Located[GroupRow]] = field(default_factory=list)
    criteria: list[Located[Criterion]] = field(default_factory=list)
    form: FormSource | None = None
    findings: Findings = field(default_factory=Findings)
    complete: bool = True  # every criterion could be read, so that sums mean something


def read_sheet(source: YamlSource) -> SheetDraft:
    """Everything that the file says, and all findings about its parts: no sums yet."""
    draft = SheetDraft(source)
    try:
        _read(draft)
    except TooManyError:
        draft.complete = False
    return draft


def built(draft: SheetDraft) -> ScoreSheet:
    """The sheet of a draft without findings; its digest is still to be filled in."""
    head = draft.head
    assert head is not None  # noqa: S101 - a draft without one has a finding
    return ScoreSheet(
        id=head.id,
        title=head.title,
        legal_reference=head.legal_reference,
        maximum=head.maximum,
        decimals=head.decimals,
        levels=head.levels,
        groups=tuple(_group(entry.value, draft) for entry in draft.groups),
        criteria=tuple(entry.value for entry in draft.criteria),
        valid_from=head.valid.first,
        valid_to=head.valid.last,
        illustrative=head.illustrative,
        form=draft.form,
    )


def group_sums(draft: SheetDraft) -> Mapping[str, Decimal]:
    """What the criteria of each group, and of the groups below it, are worth together."""
    sums = {entry.value.code: _ZERO for entry in draft.groups}
    for criterion, group in _within(draft):
        sums[group] += criterion.maximum
    return sums


def group_sizes(draft: SheetDraft) -> Mapping[str, int]:
    """How many criteria each group has, with those of the groups below it."""
    counts = Counter(group for _, group in _within(draft))
    return {entry.value.code: counts[entry.value.code] for entry in draft.groups}


def _within(draft: SheetDraft) -> Iterator[tuple[Criterion, str]]:
    """Each criterion with each group that it is in."""
    parents = {entry.value.code: entry.value.parent for entry in draft.groups}
    for entry in draft.criteria:
        code: str | None = entry.value.group
        while code in parents:
            yield entry.value, code
            code = parents[code]


def _group(row: GroupRow, draft: SheetDraft) -> CriterionGroup:
    maximum = group_sums(draft)[row.code] if row.maximum is None else row.maximum
    return CriterionGroup(row.code, row.title, maximum, row.parent or "")


def _read(draft: SheetDraft) -> None:
    source, findings = draft.source, draft.findings
    data = source.data()
    if not isinstance(data, dict):
        findings.append(Finding(source.place(()), "not_mapping"))
        return
    for key in data:
        if key not in SECTIONS:
            findings.append(unknown(source.place((key,), key=True), "unknown_key", {"key": key}, key, SECTIONS))
    lacking = [key for key in SECTIONS[:3] if data.get(key) is None]
    findings.extend(missing(source, (), key) for key in lacking)
    draft.complete = not lacking
    if data.get("sheet") is not None:
        draft.head = validated(SheetRow, source, ("sheet",), data["sheet"], findings)
    _read_groups(draft, data.get("groups"))
    _read_criteria(draft, data.get("criteria"))
    if data.get("form") is not None:
        _read_form(draft, data["form"])


def _items(draft: SheetDraft, key: str, data: object, most: int) -> Iterator[Located[dict[str, Any]]]:
    """The mappings of a list, so many at most."""
    if data is None:
        return
    if not isinstance(data, list):
        draft.complete = False
        draft.findings.append(Finding(draft.source.place((key,)), "not_list"))
        return
    for index, item in enumerate(data):
        at: Trail = (key, index)
        if index >= most:
            draft.complete = False
            draft.findings.append(Finding(draft.source.place(at), "too_long", {"limit": str(most)}))
            return
        if isinstance(item, dict):
            yield Located(draft.source, at, item)
        else:
            draft.complete = False
            draft.findings.append(Finding(draft.source.place(at), "not_mapping"))


def _read_groups(draft: SheetDraft, data: object) -> None:
    depths: dict[str, int] = {}
    for item in _items(draft, "groups", data, MAX_GROUPS):
        row = wholly_valid(GroupRow, item, item.value, draft.findings)
        if row is None:
            draft.complete = False
            continue
        if row.code in depths:
            draft.complete = False
            draft.findings.append(Finding(item.at("code"), "code_twice", {"code": row.code}))
            continue
        if row.parent is not None and row.parent not in depths:
            draft.complete = False
            draft.findings.append(Finding(item.at("parent"), "parent_unknown", {"code": row.parent}))
        depths[row.code] = depths.get(row.parent or "", 0) + 1
        if depths[row.code] > MAX_GROUP_DEPTH:
            draft.complete = False
            draft.findings.append(Finding(item.at("parent"), "groups_deep", {"limit": str(MAX_GROUP_DEPTH)}))
        draft.groups.append(Located(item.source, item.trail, row))


def _read_criteria(draft: SheetDraft, data: object) -> None:
    codes: set[str] = set()
    groups, groups_known = {entry.value.code for entry in draft.groups}, draft.complete
    for item in _items(draft, "criteria", data, MAX_CRITERIA):
        before = len(draft.findings)
        row = validated(CriterionRow, item.source, item.trail, item.value, draft.findings)
        faulty = len(draft.findings) > before
        draft.complete = draft.complete and not faulty
        if row is None:
            continue
        if row.code in codes:
            draft.findings.append(Finding(item.at("code"), "code_twice", {"code": row.code}))
        codes.add(row.code)
        if row.group not in groups and groups_known:
            values = {"code": row.group}
            draft.findings.append(unknown(item.at("group"), "group_unknown", values, row.group, groups))
            draft.complete = False
        criterion = _criterion(row, item, draft, faulty=faulty)
        if criterion is None:
            draft.complete = False
        else:
            draft.criteria.append(Located(item.source, item.trail, criterion))


def _criterion(
    row: CriterionRow, item: Located[dict[str, Any]], draft: SheetDraft, *, faulty: bool
) -> Criterion | None:
    maximum = None if row.maximum is None else Fraction(row.maximum)
    formula_at: Located[object] = Located(item.source, (*item.trail, "formula"), row.formula)
    measure_at: Located[object] = Located(item.source, (*item.trail, "measure"), row.measure)
    formula, measure = read_scoring(formula_at, measure_at, maximum, draft.findings)
    if formula is None:
        return None
    if not faulty:
        _check_maximum(row, item, formula, draft)
    return Criterion(
        code=row.code,
        title=row.title,
        group=row.group,
        maximum=row.maximum or _ZERO,
        formula=formula,
        measure=measure,
        when_missing=WhenMissing(row.when_missing),
        method=row.method,
        evidence=row.evidence,
        verifier=row.verifier,
    )


def _check_maximum(row: CriterionRow, item: Located[dict[str, Any]], formula: Formula, draft: SheetDraft) -> None:
    """What is only shown is worth nothing, and nothing else is."""
    finding = None
    if isinstance(formula, UnscoredFormula):
        finding = Finding(item.at("maximum"), "unscored_worth") if row.maximum else None
    elif row.maximum is None:
        finding = missing(item.source, item.trail, "maximum")
    elif not row.maximum:
        finding = Finding(item.at("maximum"), "maximum_zero")
    if finding is not None:
        draft.complete = False
        draft.findings.append(finding)


def _read_form(draft: SheetDraft, data: object) -> None:
    row = validated(FormRow, draft.source, ("form",), data, draft.findings)
    if row is None:
        return
    codes = {entry.value.code for entry in draft.criteria}
    seen: set[str] = set()
    for index, cells in enumerate(row.rows):
        place = draft.source.place(("form", "rows", index, "code"))
        if cells.code in seen:
            draft.findings.append(Finding(place, "code_twice", {"code": cells.code}))
        elif cells.code not in codes and draft.complete:
            draft.findings.append(Finding(place, "form_code", {"code": cells.code}))
        seen.add(cells.code)
    rows = tuple(RowCells(cells.code, cells.points, cells.explanation, cells.evidence) for cells in row.rows)
    draft.form = FormSource(row.name, row.sha256, row.tab, rows)
