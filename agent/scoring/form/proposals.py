"""A measure for the rows of a form that the agent can answer, by their words. A proposal: the clerk decides. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from agent.model import Role, Selection
from agent.scoring.form.headings import plain_words
from agent.scoring.formulas import Formula, RatioFormula
from agent.scoring.measures import (
    Area,
    BooleanMeasure,
    Counted,
    FactMeasure,
    Feature,
    FeatureTest,
    Measure,
    ShareMeasure,
    UptimeMeasure,
    UptimeTest,
)
from agent.text import Text


@dataclass(frozen=True, slots=True)
class MeasureProposal:
    """What a row may be measured by, and that in words."""

    measure: Measure
    formula: Formula
    words: Text


_MOST_READ = 500  # characters of how a row is counted
_GOOD = Fraction(99, 100)


def _sites(role: Role) -> Measure:
    return ShareMeasure(Counted.SITES, UptimeTest(_GOOD), Area(Selection(roles=(role.value,))))


_PORTAL = r"(?:cong|trang) thong tin dien tu|trang tin dien tu|\bcong ttdt\b|\bwebsite\b|\bportal\b"
_SERVICE = r"\bdich vu\b|mot cua|he thong|ung dung|nen tang"


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whose features a row asks for."""

    area: Area
    words: Text


_PORTALS = _Asked(Area(Selection(roles=(Role.PORTAL.value,))), Text("cổng, trang thông tin", "portals"))
_SERVICES = _Asked(
    Area(Selection(roles=(Role.PORTAL.value, Role.ONE_STOP.value, Role.SERVICE.value))),
    Text("cổng, dịch vụ", "portals and services"),
)


def _uptime(role: Role) -> Measure:
    return UptimeMeasure(Area(Selection(roles=(role.value,))))


_FEATURES: tuple[tuple[re.Pattern[str], Feature, Text], ...] = (
    (re.compile(r"\bipv6\b"), Feature.IPV6, Text("trả lời qua IPv6", "that answer over IPv6")),
    (re.compile(r"\bdnssec\b"), Feature.DNSSEC, Text("có tên miền ký DNSSEC", "whose names DNSSEC signs")),
    (
        re.compile(r"\bhttps\b|\bssl\b|\btls\b|chung thu so (?:may chu|website|trang)|giao thuc bao mat"),
        Feature.HTTPS,
        Text("chỉ dùng HTTPS", "that use HTTPS only"),
    ),
)

# The first that fits counts: what is said exactly stands before what is said in general.
_KNOWN: tuple[tuple[re.Pattern[str], Measure, Text], ...] = (
    (
        re.compile(r"\btslcd\b|truyen so lieu chuyen dung"),
        _sites(Role.UPLINK),
        Text(
            "tỷ lệ điểm có đường truyền sẵn sàng từ 99 %", "share of sites whose uplink was available 99 % of the time"
        ),
    ),
    (
        re.compile(r"\blan\b|mang (?:noi bo|cuc bo)"),
        _sites(Role.LAN),
        Text("tỷ lệ điểm có mạng LAN sẵn sàng từ 99 %", "share of sites whose LAN was available 99 % of the time"),
    ),
    (
        re.compile(
            r"(?:ho gia dinh|ho dan|thue bao).*(?:bang rong|cap quang|internet)|(?:bang rong|cap quang).*\bho\b"
        ),
        FactMeasure("broadband_households"),
        Text("số khai broadband_households của đơn vị", "the unit's declared fact broadband_households"),
    ),
    (
        re.compile(r"cap quang|bang rong|bang thong rong"),
        FactMeasure("fibre"),
        Text("số khai fibre của đơn vị", "the unit's declared fact fibre"),
    ),
    (
        re.compile(r"diem cau|hoi nghi (?:truyen hinh|truc tuyen)|hop truc tuyen|\bhntt\b|\bhnth\b"),
        _sites(Role.CONFERENCE),
        Text(
            "tỷ lệ điểm có phòng họp trực tuyến sẵn sàng từ 99 %",
            "share of sites whose conference point was available 99 % of the time",
        ),
    ),
    (
        re.compile(r"^(?!.*\b(?:ho|thon|khu|to dan pho|truong|tram|may tinh)\b).*duong (?:truyen|internet)"),
        _sites(Role.UPLINK),
        Text(
            "tỷ lệ điểm có đường truyền sẵn sàng từ 99 %", "share of sites whose uplink was available 99 % of the time"
        ),
    ),
    (
        re.compile(
            r"(?:he thong|phan mem|cong|bo phan).{0,40}(?:mot cua|dich vu cong)|mot cua (?:dien tu|so|lien thong)"
        ),
        _uptime(Role.ONE_STOP),
        Text("tỷ lệ hoạt động của hệ thống một cửa", "uptime of the one-stop system"),
    ),
    (
        re.compile(_PORTAL),
        _uptime(Role.PORTAL),
        Text("tỷ lệ hoạt động của cổng, trang thông tin điện tử", "uptime of the portal"),
    ),
)  # fmt: skip
_YES_OR_NO = re.compile(r"\b(?:co|dat)\b.{0,60}\b(?:khong|chua)\b")
_OF_PEOPLE = re.compile(
    r"\b(?:tap huan|dao tao|tuyen truyen|ban hanh"
    r"|ke hoach|quy che|van ban chi dao|so luong tin bai|tin bai|ho so"
    r"|(?:ty le|so|danh muc) thu tuc|cong khai|tiep nhan|nguoi dan|nhan luc|kinh phi"
    r"|chuyen muc|bai viet|co quan bao chi)\b"
)


def measure_proposal(title: str, method: str) -> MeasureProposal | None:
    """By the row's title, else by how it is counted; None for what only people can answer."""
    words = plain_words(title)
    if _OF_PEOPLE.search(words):
        return None
    counted = plain_words(method[:_MOST_READ])
    for text in (words, counted):
        for pattern, feature, said in _FEATURES:
            if pattern.search(text):
                return _feature_proposal(feature, said, words, counted)
        for pattern, measure, said in _KNOWN:
            if pattern.search(text):
                return MeasureProposal(measure, RatioFormula(), said)
    return None


def _feature_proposal(feature: Feature, said: Text, title: str, counted: str) -> MeasureProposal:
    """All or nothing of a feature that the form counts as there or not there, else the share that has it."""
    only_portals = re.search(_PORTAL, title) and not re.search(_SERVICE, title)
    asked = _PORTALS if only_portals else _SERVICES
    if _YES_OR_NO.search(counted):
        words = Text(
            f"mọi {asked.words.vi} đều đạt {feature.value}: đủ điểm, nếu không: 0",
            f"all points if all {asked.words.en} have {feature.value}, else none",
        )
        return MeasureProposal(BooleanMeasure(feature, asked.area), RatioFormula(), words)
    words = Text(f"tỷ lệ {asked.words.vi} {said.vi}", f"share of {asked.words.en} {said.en}")
    return MeasureProposal(ShareMeasure(Counted.TARGETS, FeatureTest(feature), asked.area), RatioFormula(), words)
