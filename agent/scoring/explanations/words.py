"""What the sentences of a score call things: members, tests, facts, features, calendars. In both languages."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from agent.explain.labels import CALENDARS, ROLES_COUNTED
from agent.model import Role
from agent.scoring.explanations.numbers import exact_text, percent_text, whole_text
from agent.scoring.measures import (
    AgeTest,
    Area,
    Counted,
    FactTest,
    Feature,
    FeatureTest,
    FirstByteTest,
    Test,
    UptimeTest,
)
from agent.text import Text

_TARGETS = Text("mục tiêu", "targets")
_COUNTED: Mapping[Counted, Text] = {
    Counted.TARGETS: _TARGETS,
    Counted.SITES: Text("điểm", "sites"),
    Counted.UNITS: Text("đơn vị", "units"),
    Counted.OUTAGES: Text("lần mất", "outages"),
}
_OUTAGES_OF = Text("lần mất của {role}", "outages of {role}")
_WITH: Mapping[Feature, Text] = {
    Feature.IPV6: Text("hỗ trợ IPv6", "support IPv6"),
    Feature.DNSSEC: Text("có DNSSEC hợp lệ", "have valid DNSSEC"),
    Feature.HTTPS: Text("dùng HTTPS", "use HTTPS"),
    Feature.HSTS: Text("bật HSTS", "use HSTS"),
    Feature.CERTIFICATE: Text("có chứng thư số hợp lệ", "have a valid certificate"),
}
_FACTS: Mapping[str, Text] = {
    "fibre": Text("cáp quang", "fibre"),
    "cellular_4g": Text("phủ sóng 4G", "4G coverage"),
    "cellular_5g": Text("phủ sóng 5G", "5G coverage"),
    "broadband_households": Text("hộ gia đình có Internet băng rộng", "households with broadband"),
    "lan_upgraded": Text("mạng LAN đã nâng cấp", "LAN upgraded"),
}
_UPTIME = Text("đạt độ sẵn sàng từ {percent} trở lên", "reached an availability of {percent} or more")
_FIRST_BYTE = Text(
    "có {percent} lượt đo nhận byte đầu tiên trong {ms} mili giây trở xuống",
    "had the first byte within {ms} milliseconds in {percent} of the runs",
)
_AGE = Text("có tuổi không quá {years} năm", "are at most {years} years old")
_FACT = Text("đã khai báo “{fact}”", "are declared with “{fact}”")
_FACT_FROM = Text("đã khai báo “{fact}” từ {least} trở lên", "are declared with “{fact}” of {least} or more")
_ALWAYS = Text(", tính cả ngày đêm", ", at all hours")
_WITHIN = Text(" trong {calendar}", " in {calendar}")
_OWN = Text(" theo lịch “{calendar}”", " in the calendar “{calendar}”")
_EACH = Text(", mỗi mục tiêu theo lịch riêng", ", each target in its own calendar")


def members_text(of: Counted, area: Area, language: str) -> str:
    """What is counted: of targets by their role where all are of one, else as targets."""
    roles = area.selection.roles
    if of is Counted.TARGETS and len(roles) == 1:
        return ROLES_COUNTED[Role(roles[0])].to(language)
    if of is Counted.OUTAGES and len(roles) == 1:
        return _OUTAGES_OF.filled(role=ROLES_COUNTED[Role(roles[0])]).to(language)
    return _COUNTED[of].to(language)


def test_text(test: Test, language: str) -> str:
    """What a member does that passes: ``đạt độ sẵn sàng từ 99% trở lên``."""
    match test:
        case UptimeTest(share):
            return _UPTIME.to(language).format(percent=percent_text(share, language))
        case FeatureTest(feature):
            return feature_text(feature, language)
        case FirstByteTest(quantile, most):
            return _FIRST_BYTE.to(language).format(
                percent=percent_text(quantile, language), ms=whole_text(most, language)
            )
        case AgeTest(years):
            return _AGE.to(language).format(years=exact_text(years, language))
        case FactTest(fact, least):
            form = (_FACT if least is None else _FACT_FROM).to(language)
            return form.format(fact=fact_text(fact, language), least=_least_text(least or Fraction(0), language))


def feature_text(feature: Feature, language: str) -> str:
    """What a service with the feature does."""
    return _WITH[feature].to(language)


def fact_text(fact: str, language: str) -> str:
    """A declared fact by its name where it is one of those with a meaning, else by its id."""
    return _FACTS[fact].to(language) if fact in _FACTS else fact


def calendar_text(calendars: str, language: str) -> str:
    """Behind what was counted in time; calendars: the names, as a value has them. "" where no time was counted."""
    if not calendars:
        return ""
    if "," in calendars:
        return _EACH.to(language)
    if calendars == "always":
        return _ALWAYS.to(language)
    known = CALENDARS.get(calendars)
    form = _OWN if known is None else _WITHIN
    return form.to(language).format(calendar=calendars if known is None else known.to(language))


def _least_text(least: Fraction, language: str) -> str:
    """A fact that is declared as a share is asked for as a percent."""
    return percent_text(least, language) if 0 < least < 1 else exact_text(least, language)
