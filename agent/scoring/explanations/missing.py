"""Why there is no value, and what to do: for each status of each kind of measure."""

from __future__ import annotations

from agent.scoring.explanations.numbers import figure_text
from agent.scoring.explanations.words import fact_text, members_text
from agent.scoring.measures import (
    AgeMeasure,
    AgeTest,
    BooleanMeasure,
    Counted,
    CountMeasure,
    ExternalMeasure,
    FactMeasure,
    FactTest,
    FeatureTest,
    FirstByteTest,
    ManualMeasure,
    Measure,
    QuantileMeasure,
    Quantity,
    ShareMeasure,
    UptimeMeasure,
)
from agent.scoring.sheet import WhenMissing
from agent.scoring.values import MeasuredValue, ValueStatus
from agent.text import Text

_NOT_GIVEN = {
    Quantity.SHARE: Text("chưa điền tử số và mẫu số", "numerator and denominator are not filled in"),
    Quantity.COUNT: Text("chưa điền con số", "the number is not filled in"),
    Quantity.CHOICE: Text("chưa chọn mức", "nothing is chosen yet"),
    Quantity.POINTS: Text("chưa điền điểm", "the points are not filled in"),
}
_NOT_GIVEN_NAMED = Text("chưa điền “{a}” và “{b}”", "“{a}” and “{b}” are not filled in")
_NOT_GIVEN_ONE = Text("chưa điền “{a}”", "“{a}” is not filled in")
_NOT_EXTERNAL = Text("chưa có số liệu từ bên ngoài", "the figure from elsewhere is not there yet")
_NOT_EXTERNAL_OF = Text("chưa có số liệu từ {source}", "the figure of {source} is not there yet")
_FILL = Text(
    "hãy điền vào tệp của `sansang score values` rồi đưa vào bằng --values",
    "fill in the file of `sansang score values` and give it with --values",
)
_NOTHING = Text("đơn vị không có {noun} nào để đo", "the unit has no {noun} to measure")
_NOTHING_DO = Text(
    "hãy khai báo trong danh mục, hoặc xem lại biểu chấm", "declare them in the inventory, or look at the sheet again"
)
_NO_FACT = Text("chưa khai báo “{fact}”", "“{fact}” is not declared")
_NO_FACT_DO = Text(
    "hãy khai báo trong danh mục (mục facts), kèm số và ngày văn bản",
    "declare it in the inventory (facts), with the number and date of the document",
)
_NO_DATA = Text("sổ không có số liệu của kỳ này", "the ledger has nothing of this period")
_NO_DATA_DO = Text(
    "hãy kiểm tra mục tiêu và thời gian bộ giám sát chạy bằng `sansang uptime`",
    "see with `sansang uptime` which targets there were and when the agent ran",
)
_NO_DAYS = Text("sổ không có số đo theo ngày của kỳ này", "the ledger has no measured days of this period")
_NO_DAYS_DO = Text(
    "số đo này chỉ có từ ngày bộ giám sát bắt đầu ghi; kỳ trước đó không đo lại được",
    "they are kept only since the agent writes them; earlier periods cannot be measured again",
)
_NO_DEVICES = Text("chưa thiết bị nào cho biết tuổi", "no device tells its age")
_DEVICES_DO = Text("hãy xem từng thiết bị bằng `sansang devices`", "see what each device says with `sansang devices`")
_LITTLE = Text("chưa đủ số liệu", "too little is known")
_LITTLE_KNOWN = Text(
    "chưa đủ số liệu, mới biết {percent} thời gian được tính", "too little is known, {percent} of the counted time"
)
_LITTLE_DO = Text(
    "hãy xem thời gian chưa rõ bằng `sansang uptime`; có căn cứ thì đính chính có ký bằng `sansang amend`",
    "see with `sansang uptime` which time is unknown; where there is proof, sign a correction with `sansang amend`",
)
_DAYS_DO = Text("hãy thử những nơi chưa rõ bằng `sansang check`", "try those not known with `sansang check`")
_FACTS_DO = Text(
    "hãy khai báo cho từng nơi trong danh mục (mục facts), kèm số và ngày văn bản",
    "declare it for each in the inventory (facts), with the number and date of the document",
)
_OR_FILL = Text(
    "biểu cho phép tự điền thay: điền vào tệp của `sansang score values`",
    "the sheet takes your own figure instead: fill in the file of `sansang score values`",
)


def missing_text(measure: Measure, value: MeasuredValue, when_missing: WhenMissing, language: str) -> tuple[str, str]:
    """Why there is none, and what to do about it."""
    if isinstance(measure, ManualMeasure | ExternalMeasure):
        return _not_given(measure, language), _FILL.to(language)
    why, remedy = _why(measure, value)
    if when_missing is WhenMissing.MANUAL:
        remedy = _OR_FILL
    return why.to(language), remedy.to(language)


def _not_given(measure: ManualMeasure | ExternalMeasure, language: str) -> str:
    if isinstance(measure, ExternalMeasure):
        form = _NOT_EXTERNAL_OF if measure.source else _NOT_EXTERNAL
        return form.to(language).format(source=measure.source)
    a, b = measure.a.to(language), measure.b.to(language)
    if a and b:
        return _NOT_GIVEN_NAMED.to(language).format(a=a, b=b)
    if a:
        return _NOT_GIVEN_ONE.to(language).format(a=a)
    return _NOT_GIVEN.get(measure.quantity, _NOT_GIVEN[Quantity.COUNT]).to(language)


def _why(measure: Measure, value: MeasuredValue) -> tuple[Text, Text]:
    if isinstance(measure, FactMeasure):
        return _NO_FACT.filled(fact=_fact(measure.fact)), _NO_FACT_DO
    if value.status is ValueStatus.NOTHING_THERE:
        return _NOTHING.filled(noun=_noun(measure)), _NOTHING_DO
    missing = value.status is not ValueStatus.INSUFFICIENT
    test = measure.test if isinstance(measure, ShareMeasure | CountMeasure) else None
    if isinstance(measure, AgeMeasure) or isinstance(test, AgeTest):
        return (_NO_DEVICES if missing else _LITTLE), _DEVICES_DO
    if isinstance(measure, BooleanMeasure | QuantileMeasure) or isinstance(test, FeatureTest | FirstByteTest):
        return (_NO_DAYS, _NO_DAYS_DO) if missing else (_LITTLE, _DAYS_DO)
    if isinstance(test, FactTest):
        return _NO_FACT.filled(fact=_fact(test.fact)) if missing else _LITTLE, _FACTS_DO
    if missing:
        return _NO_DATA, _NO_DATA_DO
    if value.coverage is None:
        return _LITTLE, _LITTLE_DO
    percent = Text(*(figure_text(value.coverage, language) for language in Text._fields))
    return _LITTLE_KNOWN.filled(percent=percent), _LITTLE_DO


def _fact(fact: str) -> Text:
    return Text(*(fact_text(fact, language) for language in Text._fields))


def _noun(measure: Measure) -> Text:
    match measure:
        case ShareMeasure() | CountMeasure():
            of, area = measure.of, measure.area
            of = Counted.TARGETS if of is Counted.OUTAGES else of
        case UptimeMeasure() | BooleanMeasure() | QuantileMeasure() | AgeMeasure():
            of, area = Counted.TARGETS, measure.area
        case _:
            raise TypeError(f"{type(measure).__name__} counts no members")
    return Text(*(members_text(of, area, language) for language in Text._fields))
