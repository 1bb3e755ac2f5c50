"""What was counted for a measure, as the first part of a sentence: ``30/33 điểm cầu đạt ... (90,90%)``.

Each function gives one that words a value: what never changes of a criterion is put together once, as a province has
hundreds of thousands of rows.
"""

from __future__ import annotations

from collections.abc import Callable

from agent.availability.figures import Pooling
from agent.scoring.explanations.numbers import (
    amount_text,
    cut_percent,
    exact_text,
    is_short,
    percent_text,
    time_text,
    whole_text,
)
from agent.scoring.explanations.words import calendar_text, fact_text, feature_text, members_text, test_text
from agent.scoring.formulas import ChoiceFormula, SimpleFormula
from agent.scoring.measures import (
    AgeMeasure,
    BooleanMeasure,
    Counted,
    CountMeasure,
    ExternalMeasure,
    FactMeasure,
    ManualMeasure,
    Measure,
    QuantileMeasure,
    Quantity,
    ShareMeasure,
    UptimeMeasure,
    UptimeTest,
)
from agent.scoring.values import MeasuredValue, Origin
from agent.text import Text

Wording = Callable[[MeasuredValue], str]

_UPTIME = Text(
    "{members} {noun} hoạt động {up} trên {known} giờ đã biết{calendar} ({percent})",
    "{members} {noun} worked for {up} of {known} known hours{calendar} ({percent})",
)
_UPTIME_MEAN = Text(
    "độ sẵn sàng trung bình của {members} {noun}{calendar}: {percent}",
    "mean availability of {members} {noun}{calendar}: {percent}",
)
_SHARE = Text("{k}/{n} {noun} {test}{calendar} ({percent})", "{k} of {n} {noun} {test}{calendar} ({percent})")
_COUNT = Text("{k} {noun}{test}{calendar}", "{k} {noun}{test}{calendar}")
_EVERY = Text("cả {members} {noun} đều {feature}", "all {members} {noun} {feature}")
_NOT_EVERY = Text("không phải cả {members} {noun} đều {feature}", "not all {members} {noun} {feature}")
_ONLY = Text("{noun} duy nhất {feature}", "the only one of the {noun} does: {feature}")
_NOT_ONLY = Text("{noun} duy nhất không {feature}", "the only one of the {noun} does not: {feature}")
_QUANTILE = Text(
    "{percent} lượt đo nhận byte đầu tiên trong {seconds} trở xuống",
    "{percent} of the runs had the first byte within {seconds}",
)
_AGE = Text(
    "tuổi trung bình của {members} {noun} đã biết tuổi: {years}",
    "mean age of {members} {noun} whose age is known: {years}",
)
_FACT = Text("khai báo “{fact}”: {value}", "declared “{fact}”: {value}")
_YES, _NO = Text("có", "yes"), Text("không", "no")
_GIVEN_SHARE = Text("{a}/{b} ({percent})", "{a} of {b} ({percent})")
_A_OF_B = Text("{a_is}: {a}; {b_is}: {b} ({percent})", "{a_is}: {a}; {b_is}: {b} ({percent})")
_NAMED = Text("{a_is}: {a}", "{a_is}: {a}")
_POINTS = Text("điểm được điền: {points}", "points filled in: {points}")
_NUMBER = Text("số được điền: {number}", "number filled in: {number}")
_CHOSEN = Text("mức được chọn: “{word}”", "chosen: “{word}”")
_INSTEAD = Text("số liệu tự điền thay cho số đo: ", "filled in instead of a measured figure: ")


def wording(measure: Measure, formula: SimpleFormula | None, language: str) -> Wording:
    """The words for a known value of the measure."""
    given = _given(measure, formula, language)
    if isinstance(measure, ManualMeasure | ExternalMeasure):
        return given
    measured = _measured(measure, language)
    instead = _INSTEAD.to(language)

    def worded(value: MeasuredValue) -> str:
        return instead + given(value) if value.source is Origin.MANUAL else measured(value)

    return worded


def _measured(measure: Measure, language: str) -> Wording:
    match measure:
        case UptimeMeasure():
            return _uptime(measure, language)
        case ShareMeasure():
            return _share(measure, language)
        case CountMeasure():
            return _count(measure, language)
        case BooleanMeasure():
            return _every(measure, language)
        case QuantileMeasure():
            percent, form = percent_text(measure.quantile, language), _QUANTILE.to(language)
            return lambda value: form.format(
                percent=percent, seconds=amount_text(value.number, Quantity.SECONDS, language)
            )
        case AgeMeasure():
            noun, form = members_text(Counted.TARGETS, measure.area, language), _AGE.to(language)
            return lambda value: form.format(
                members=value.members, noun=noun, years=amount_text(value.number, Quantity.YEARS, language)
            )
        case FactMeasure():
            return _fact(measure, language)
        case _:
            raise TypeError(f"{type(measure).__name__} is not measured")


def _uptime(measure: UptimeMeasure, language: str) -> Wording:
    noun = members_text(Counted.TARGETS, measure.area, language)
    pooled, mean = _UPTIME.to(language), _UPTIME_MEAN.to(language)

    def worded(value: MeasuredValue) -> str:
        words = {
            "members": whole_text(value.members, language),
            "noun": noun,
            "calendar": calendar_text(value.calendar, language),
            "percent": cut_percent(value.numerator, value.denominator, language),
        }
        if measure.pooling is Pooling.MEAN or not (is_short(value.numerator) and is_short(value.denominator)):
            return mean.format(**words)
        up, known = (time_text(int(ms), language) for ms in (value.numerator, value.denominator))
        return pooled.format(**words, up=up, known=known)

    return worded


def _share(measure: ShareMeasure, language: str) -> Wording:
    noun, test = members_text(measure.of, measure.area, language), test_text(measure.test, language)
    form, timed = _SHARE.to(language), isinstance(measure.test, UptimeTest)

    def worded(value: MeasuredValue) -> str:
        return form.format(
            k=exact_text(value.numerator, language),
            n=exact_text(value.denominator, language),
            noun=noun,
            test=test,
            calendar=calendar_text(value.calendar, language) if timed else "",
            percent=cut_percent(value.numerator, value.denominator, language),
        )

    return worded


def _count(measure: CountMeasure, language: str) -> Wording:
    noun = members_text(measure.of, measure.area, language)
    test = "" if measure.test is None else f" {test_text(measure.test, language)}"
    form, timed = _COUNT.to(language), measure.of is Counted.OUTAGES or isinstance(measure.test, UptimeTest)

    def worded(value: MeasuredValue) -> str:
        calendar = calendar_text(value.calendar, language) if timed else ""
        return form.format(k=exact_text(value.numerator, language), noun=noun, test=test, calendar=calendar)

    return worded


def _every(measure: BooleanMeasure, language: str) -> Wording:
    noun = members_text(Counted.TARGETS, measure.area, language)
    feature = feature_text(measure.feature, language)

    def worded(value: MeasuredValue) -> str:
        if value.members == 1:
            form = _ONLY if value.numerator else _NOT_ONLY
        else:
            form = _EVERY if value.numerator else _NOT_EVERY
        return form.to(language).format(members=whole_text(value.members, language), noun=noun, feature=feature)

    return worded


def _fact(measure: FactMeasure, language: str) -> Wording:
    fact, form = fact_text(measure.fact, language), _FACT.to(language)

    def worded(value: MeasuredValue) -> str:
        number = value.number
        if measure.quantity is Quantity.SHARE and value.denominator == 1 and number in (0, 1):
            said = (_YES if number else _NO).to(language)
        else:
            said = amount_text(number, measure.quantity, language)
        return form.format(fact=fact, value=said)

    return worded


def _given(measure: Measure, formula: SimpleFormula | None, language: str) -> Wording:
    a, b = _called(measure, language)

    def worded(value: MeasuredValue) -> str:
        match value.quantity:
            case Quantity.SHARE:
                form = _A_OF_B if a and b else _GIVEN_SHARE
                return form.to(language).format(
                    a_is=a,
                    b_is=b,
                    a=exact_text(value.numerator, language),
                    b=exact_text(value.denominator, language),
                    percent=cut_percent(value.numerator, value.denominator, language),
                )
            case Quantity.CHOICE:
                return _CHOSEN.to(language).format(word=choice_text(value.choice, formula, language))
            case Quantity.POINTS:
                return _POINTS.to(language).format(points=exact_text(value.number, language))
            case quantity:
                number = amount_text(value.number, quantity, language)
                return (_NAMED if a else _NUMBER).to(language).format(a_is=a, a=number, number=number)

    return worded


def _called(measure: Measure, language: str) -> tuple[str, str]:
    if isinstance(measure, ManualMeasure):
        return measure.a.to(language), measure.b.to(language)
    return "", ""


def choice_text(word: str, formula: SimpleFormula | None, language: str) -> str:
    """What a word means where the sheet says so, else the word."""
    title = formula.titles.get(word) if isinstance(formula, ChoiceFormula) else None
    return word if title is None else title.to(language) or word
