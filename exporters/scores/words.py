"""What is said of a whole score: points, places, differences, marks; the house style of announcements."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from agent.availability.periods import period_of
from agent.explain.periods import period_in_words
from agent.reporting.scoring.report import ScoreReport
from agent.scoring.evaluation import Total
from agent.scoring.evidence import UnitBasis
from agent.scoring.explanations.numbers import day_text, localised, points_text
from agent.scoring.ranking import Ranked
from agent.scoring.sheet import ScoreSheet
from agent.text import Text

_TENTH = Decimal("0.1")
_CRITERIA = Text("{full}/{rows} chỉ tiêu", "{full}/{rows} criteria")
_PROVISIONAL = Text(
    "TẠM TÍNH: đã đạt {earned}, còn có thể {possible}, đã mất {lost} trên {maximum} điểm; {pending} chỉ tiêu chưa chấm",
    "PROVISIONAL: {earned} earned, {possible} still possible, {lost} lost of {maximum} points; {pending} criteria wait",
)
_PROVISIONAL_UNITS = Text(
    "TẠM TÍNH: {units} đơn vị còn chỉ tiêu chưa chấm", "PROVISIONAL: {units} units have criteria that wait"
)
_ILLUSTRATIVE = Text(
    "BIỂU MINH HỌA: không do cơ quan nào ban hành, không dùng để nộp",
    "ILLUSTRATIVE SHEET: issued by no authority, not to be handed in",
)
_OUT_OF_FORCE = Text(
    "KỲ NGOÀI HIỆU LỰC CỦA BIỂU: biểu có hiệu lực {valid}",
    "THE SHEET IS NOT IN FORCE in all of the period: {valid}",
)
_SINCE, _WITHIN = Text("từ {first}", "from {first} on"), Text("từ {first} đến {last}", "from {first} to {last}")
_BASES = {
    UnitBasis.AS_WAS: Text("theo đơn vị đúng như thời điểm đó", "under the units as they were then"),
    UnitBasis.TODAY: Text(
        "theo đơn vị hiện nay, cộng gộp toàn bộ thời gian", "under the units of today, everything in one sum"
    ),
    UnitBasis.TODAY_MEAN: Text(
        "theo đơn vị hiện nay, lấy trung bình cộng điểm của các đơn vị trước sắp xếp",
        "under the units of today, each the mean of the units that it was made of",
    ),
}


def basis_text(basis: UnitBasis, language: str) -> str:
    """Under which units targets count."""
    return _BASES[basis].to(language)


def period_words(report: ScoreReport) -> str:
    """``Năm 2026``, ``Quý IV/2026``."""
    first, after = period_days(report)
    return period_in_words(first, after).to(report.language)


def period_days(report: ScoreReport) -> tuple[date, date]:
    """The first day, and the one after the last."""
    return period_of(report.request.period)


def place_text(ranked: Ranked) -> str:
    """``1``; ``3–7`` while rows are pending."""
    return str(ranked.best) if ranked.place is not None else f"{ranked.best}–{ranked.worst}"


def difference_text(delta: Decimal, language: str) -> str:
    """``+161,8``: one decimal, half up, with its sign."""
    tenths = delta.quantize(_TENTH, ROUND_HALF_UP)
    return localised(f"{tenths:+,f}", language) if tenths else localised("0.0", language)


def exact_difference_text(delta: Decimal, language: str) -> str:
    """``+161,813``: every digit, with its sign."""
    return ("+" if delta > 0 else "") + points_text(delta, language)


def house_line(ranked: Ranked, language: str) -> str:
    """``744,213; +161,8; 1/9; 17/17 chỉ tiêu``: points, difference if there is one, place, criteria with all points."""
    total = ranked.total
    parts = [points_text(total.earned, language)]
    if ranked.delta is not None:
        parts.append(difference_text(ranked.delta, language))
    parts.append(f"{place_text(ranked)}/{ranked.of}")
    parts.append(_CRITERIA.to(language).format(full=total.full, rows=total.rows))
    return "; ".join(parts)


def provisional_text(total: Total, language: str) -> str:
    """What a total with pending rows has to say; "" where nothing is pending."""
    if not total.provisional:
        return ""
    earned, possible, lost, maximum = (
        points_text(points, language) for points in (total.earned, total.possible, total.lost, total.maximum)
    )
    return _PROVISIONAL.to(language).format(
        earned=earned, possible=possible, lost=lost, maximum=maximum, pending=total.pending
    )


def marks(report: ScoreReport) -> str:
    """What stands on every page: an illustrative sheet, one out of force, pending rows, a ledger that was not verified.

    "" if nothing.
    """
    language = report.language
    said = [_ILLUSTRATIVE.to(language)] if report.sheet.illustrative else []
    first, after = period_days(report)
    if not report.sheet.in_force(first, after - timedelta(days=1)):
        said.append(_OUT_OF_FORCE.to(language).format(valid=_valid(report.sheet, language)))
    waiting = [score for score in report.scores if score.total.provisional]
    if len(report.scores) == 1 and waiting:
        said.append(provisional_text(waiting[0].total, language))
    elif waiting:
        said.append(_PROVISIONAL_UNITS.to(language).format(units=len(waiting)))
    if report.unverified:
        said.append(report.unverified)
    return " · ".join(said)


def _valid(sheet: ScoreSheet, language: str) -> str:
    first = day_text(sheet.valid_from)
    if sheet.valid_to is None:
        return _SINCE.to(language).format(first=first)
    return _WITHIN.to(language).format(first=first, last=day_text(sheet.valid_to))
