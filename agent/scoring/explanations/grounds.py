"""What a value rests on, in the middle of a sentence: who failed, what is unknown or excluded, which paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from agent.scoring.explanations.numbers import day_text, figure_text, time_text, whole_text
from agent.scoring.measures import (
    BooleanMeasure,
    Counted,
    CountMeasure,
    ExternalMeasure,
    Measure,
    ShareMeasure,
    UptimeMeasure,
)
from agent.scoring.values import MOST_NAMED, Document, MeasuredValue, Origin
from agent.text import Text

_MOST_SAID = 5
_MINUTE_MS = 60_000
_FAILED = Text("chưa đạt: {names}", "not so: {names}")
_DOWN = Text("có lần mất: {names}", "with outages: {names}")
_UNSURE = Text("chưa rõ: {names}", "not known: {names}")
_MORE = Text(" và {more} nơi khác", " and {more} more")
_OTHERS = Text(" và những nơi khác", " and others")
_COVERAGE = Text("độ phủ {percent}", "coverage {percent}")
_EXCLUDED = Text("loại trừ {minutes} phút bảo trì", "{minutes} minutes of maintenance excluded")
_EXCLUDED_TIME = Text("loại trừ {time} giờ bảo trì", "{time} hours of maintenance excluded")
_AMENDED = Text("theo đính chính đã ký: {percent}", "as signed corrections make it: {percent}")
_BY = Text("theo {document}", "by {document}")
_BY_DATED = Text("theo {document} ngày {day}", "by {document} of {day}")
_DATED = Text("số liệu ngày {day}", "figure of {day}")
_NO_DOCUMENT = Text("khai báo không kèm văn bản", "declared without a document")
_NOT_RECOMPUTED = Text(
    "số liệu bên ngoài, không tính lại được từ sổ của bộ giám sát",
    "a figure from elsewhere, which cannot be computed again from the agent's ledger",
)
_SOURCE = Text("nguồn: {source}", "source: {source}")
_NOTE = Text("ghi chú: {note}", "note: {note}")

Grounds = Callable[[MeasuredValue], list[str]]


def grounds(measure: Measure, names: Mapping[str, str], language: str) -> Grounds:
    """The parts for a value, each a few words; names: of units, sites and targets by id."""
    failed = _lacking_form(measure, language)
    counts = isinstance(measure, ShareMeasure)
    source = measure.source if isinstance(measure, ExternalMeasure) else ""

    def said(value: MeasuredValue) -> list[str]:
        parts = []
        if value.lacking and failed:
            missing = _failing(value) if counts else len(value.lacking)
            parts.append(failed.format(names=_named(value.lacking, missing, names, language)))
        parts.extend(unsure(value, names, language))
        parts.extend(_time(value, language))
        parts.extend(_paper(value, source, language))
        return parts

    return said


def unsure(value: MeasuredValue, names: Mapping[str, str], language: str) -> list[str]:
    """Who is not known well enough, if anybody."""
    if not value.unsure:
        return []
    return [_UNSURE.to(language).format(names=_named(value.unsure, len(value.unsure), names, language))]


def _lacking_form(measure: Measure, language: str) -> str:
    """What is said of members that a value names; of what was asked to be counted nobody is at fault."""
    if isinstance(measure, UptimeMeasure) or (isinstance(measure, CountMeasure) and measure.of is Counted.OUTAGES):
        return _DOWN.to(language)
    if isinstance(measure, ShareMeasure | BooleanMeasure) or (
        isinstance(measure, CountMeasure) and measure.test is not None
    ):
        return _FAILED.to(language)
    return ""


def _failing(value: MeasuredValue) -> int:
    """How many members failed, also where not all of them are named."""
    return max(int(value.denominator - value.numerator), len(value.lacking))


def _named(ids: Sequence[str], count: int, names: Mapping[str, str], language: str) -> str:
    said = ", ".join(_name(one, names) for one in ids[:_MOST_SAID])
    more = max(count, len(ids)) - _MOST_SAID
    if more <= 0:
        return said
    cut = len(ids) >= MOST_NAMED and count <= len(ids)
    return said + (_OTHERS.to(language) if cut else _MORE.to(language).format(more=whole_text(more, language)))


def _name(identity: str, names: Mapping[str, str]) -> str:
    """A target that has no name here goes by that of its site."""
    return names.get(identity) or names.get(identity.partition("/")[0]) or identity


def _time(value: MeasuredValue, language: str) -> Iterator[str]:
    if value.coverage is not None:
        yield _COVERAGE.to(language).format(percent=figure_text(value.coverage, language))
    if value.excluded_ms % _MINUTE_MS:
        yield _EXCLUDED_TIME.to(language).format(time=time_text(value.excluded_ms, language))
    elif value.excluded_ms:
        yield _EXCLUDED.to(language).format(minutes=whole_text(value.excluded_ms // _MINUTE_MS, language))
    if value.amended is not None:
        yield _AMENDED.to(language).format(percent=figure_text(value.amended, language))


def _paper(value: MeasuredValue, source: str, language: str) -> Iterator[str]:
    if value.source is Origin.MEASURED:
        return
    if source:
        yield _SOURCE.to(language).format(source=source)
    document = value.document
    if paper := document_text(document, language):
        yield paper
    elif value.source is Origin.DECLARED:
        yield _NO_DOCUMENT.to(language)
    if document is not None and document.note:
        yield _NOTE.to(language).format(note=document.note)
    if value.source is Origin.EXTERNAL:
        yield _NOT_RECOMPUTED.to(language)


def document_text(document: Document | None, language: str) -> str:
    """The paper behind a word, with its date; "" where none is named."""
    if document is None:
        return ""
    if document.number and document.dated:
        return _BY_DATED.to(language).format(document=document.number, day=day_text(document.dated))
    if document.number:
        return _BY.to(language).format(document=document.number)
    return _DATED.to(language).format(day=day_text(document.dated)) if document.dated else ""
