"""From a form to a score sheet as data: codes, groups, criteria with a proposed measure or a manual one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agent.inventory.sheets.columns import slug
from agent.scoring.form.form import EntryKind, Form, FormEntry
from agent.scoring.form.proposals import MeasureProposal, measure_proposal
from agent.scoring.form.sums import worth
from agent.scoring.formulas import Formula, PointsFormula, RatioFormula, UnscoredFormula
from agent.scoring.measures import ManualMeasure, Measure, Quantity
from agent.scoring.sheet import Criterion, CriterionGroup, FormSource, RowCells, ScoreSheet
from agent.text import Text

_CODE = re.compile(r"[^\w.-]+")
_LONGEST_CODE = 40
_LONGEST_TITLE, _LONGEST_WORDS = 1_000, 5_000
_LEAST_DECIMALS = 2
_RATIO = re.compile(r"\ba\s*[/:÷]\s*b\b", re.IGNORECASE)
_DECISION = re.compile(
    r"(?:quyết định|qđ|kế hoạch|công văn)\s*(?:số\s*:?)?\s*([0-9]{1,6}/[\w-]{2,20})([^.;)]{0,60})", re.IGNORECASE
)
_YEAR = re.compile(r"năm\s*:?\s*(20[0-9]{2})", re.IGNORECASE)
_WHOLE = CriterionGroup("chung", Text("Các chỉ số", "Criteria"), Decimal(0))


@dataclass(frozen=True, slots=True)
class FormIdentity:
    """What the sheet is called, for whom and when it is in force; name: of the workbook's file."""

    id: str
    name: str
    levels: tuple[str, ...]
    year: int


def form_codes(form: Form) -> Mapping[int, str]:
    """The code of each group and criterion by row number: as cited, with the group's before it where that is needed."""
    codes: dict[int, str] = {}
    taken: set[str] = set()
    for entry in form.rows:
        if entry.kind not in (EntryKind.GROUP, EntryKind.CRITERION):
            continue
        above = codes.get(entry.parent or 0, "")
        code = next(one for one in _candidates(entry, above) if one not in taken)
        codes[entry.row] = code
        taken.add(code)
    return codes


def _candidates(entry: FormEntry, above: str) -> Iterator[str]:
    own = _CODE.sub("", entry.number).strip(".-")[:20]
    if own and own[0].isalnum():
        yield own
        if above:
            yield f"{above}.{own}"[:_LONGEST_CODE]
    base = own or above or "x"
    for number in range(1, 10_000):
        yield f"{base[: _LONGEST_CODE - 6]}-{number}"


def proposals(form: Form) -> Mapping[int, MeasureProposal]:
    """What the agent can answer, by row number."""
    found = ((entry.row, measure_proposal(entry.title, entry.method)) for entry in form.criteria if entry.maximum)
    return {row: proposal for row, proposal in found if proposal is not None}


def year_of(form: Form) -> int | None:
    """The year that the lines above the table name."""
    years = [int(year) for line in form.heading for year in _YEAR.findall(line)]
    return years[0] if years else None


def score_sheet(form: Form, identity: FormIdentity) -> ScoreSheet:
    """The form as a score sheet; what does not add up in the form does not in the sheet."""
    codes, proposed = form_codes(form), proposals(form)
    groups = tuple(_group(entry, form, codes) for entry in form.rows if entry.kind is EntryKind.GROUP)
    alone = [entry for entry in form.criteria if entry.parent is None]
    if alone:
        maximum = sum((entry.maximum or Decimal(0) for entry in alone), Decimal(0))
        groups = (*groups, CriterionGroup(_free(_WHOLE.code, codes), _WHOLE.title, maximum))
    criteria = tuple(_criterion(entry, codes, groups, proposed.get(entry.row)) for entry in form.criteria)
    maxima = [*(group.maximum for group in groups), *(criterion.maximum for criterion in criteria)]
    return ScoreSheet(
        id=identity.id,
        title=_title(form, identity),
        legal_reference=_legal_reference(form),
        maximum=sum((group.maximum for group in groups if not group.parent), Decimal(0)),
        decimals=max(_LEAST_DECIMALS, *map(_decimals, maxima)),
        levels=identity.levels,
        groups=groups,
        criteria=criteria,
        valid_from=date(identity.year, 1, 1),
        valid_to=date(identity.year, 12, 31),
        form=form_source(form, identity.name),
    )


def form_source(form: Form, name: str) -> FormSource:
    """Where the criteria stand in the workbook; those without a cell of their own for points are left out."""
    codes = form_codes(form)
    rows = tuple(
        RowCells(codes[entry.row], entry.points, entry.explanation, entry.evidence)
        for entry in form.criteria
        if entry.points
    )
    return FormSource(name, form.sha256, form.tab, rows)


def sheet_id(name: str) -> str:
    """An id from the name of a file."""
    return slug(name) or "tu-danh-gia"


def _free(code: str, codes: Mapping[int, str]) -> str:
    return code if code not in codes.values() else f"{code}-0"


def _group(entry: FormEntry, form: Form, codes: Mapping[int, str]) -> CriterionGroup:
    title = _one_line(entry.title or entry.number)
    return CriterionGroup(
        codes[entry.row], Text(title, title), worth(entry, form.rows), codes.get(entry.parent or 0, "")
    )


def _criterion(
    entry: FormEntry,
    codes: Mapping[int, str],
    groups: tuple[CriterionGroup, ...],
    proposal: MeasureProposal | None,
) -> Criterion:
    title = _one_line(entry.title or entry.number)
    measure, formula = _measured(entry, proposal)
    return Criterion(
        code=codes[entry.row],
        title=Text(title, title),
        group=codes.get(entry.parent or 0, "") or groups[-1].code,
        maximum=entry.maximum or Decimal(0),
        formula=formula,
        measure=measure,
        method=entry.method[:_LONGEST_WORDS],
        evidence=entry.asked[:_LONGEST_WORDS],
    )


def _measured(entry: FormEntry, proposal: MeasureProposal | None) -> tuple[Measure | None, Formula]:
    if not entry.maximum:
        return None, UnscoredFormula()
    if proposal is not None:
        return proposal.measure, proposal.formula
    if _RATIO.search(entry.method):
        return ManualMeasure(Quantity.SHARE, Text("a", "a"), Text("b", "b")), RatioFormula()
    return ManualMeasure(Quantity.POINTS), PointsFormula()


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_TITLE]


def _title(form: Form, identity: FormIdentity) -> Text:
    """The longest line in capitals above the table, as offices write titles; else the name of the sheet."""
    written = [line for line in form.heading if line.isupper() and len(line) > 10 and "CỘNG HÒA" not in line]
    title = _one_line(max(written, key=len, default=f"{form.tab} ({identity.name})"))
    return Text(title, title)


def _legal_reference(form: Form) -> str:
    found = next((match for line in form.heading if (match := _DECISION.search(line))), None)
    return _one_line(found[0]) if found else ""


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
