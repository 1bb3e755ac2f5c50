"""Evidence with something in every field, and with texts that a table could trip over."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from hashlib import sha256

from agent.availability.accounting import ReportTerms
from agent.availability.figures import Provenance
from agent.availability.intervals import Interval
from agent.availability.maintenance import AppliedWindow, BookedWindow, ClockQuality
from agent.availability.spans import BEGINNING, FOREVER
from agent.model import Reason, State, UnknownCause
from agent.probes.http.reasons import HttpReason
from agent.scoring.evidence import (
    DeviceEvidence,
    Evidence,
    FactEvidence,
    FeatureDays,
    GivenValue,
    MeasuredSpan,
    Placement,
    SignedCorrection,
    TargetEvidence,
    UnitBasis,
    UnitPeriod,
)
from agent.scoring.values import Document

START, DAY = 1_759_251_600_000, 86_400_000  # 1 October 2025 in Vietnam
END = START + 31 * DAY
CALENDAR = b'{"kind":"always"}'
CALENDAR_HASH = sha256(CALENDAR).hexdigest()
_PAPER = Document("123/QĐ-UBND", date(2025, 3, 1), '=1+1; "hai"\r\ndòng')


def evidence() -> Evidence:
    return Evidence(
        terms=ReportTerms(START, END, END + DAY, Fraction(1, 3), Fraction(95)),
        zone="Asia/Ho_Chi_Minh",
        organisation="=Huyện Lập Thạch, Vĩnh Phúc",
        observer="local",
        units=(
            UnitPeriod(
                "xa-a", "Xã A", "08824", "commune", "", ((START, START + DAY), (START + 2 * DAY, END)), ("b c",)
            ),
            UnitPeriod("b c", "'Xã B", "-1", "commune", "xa-a", ()),
        ),
        site_names={"s": "UBND xã A", "t%20 u": ""},
        targets=(_web(), TargetEvidence("s/none", "", "service", "tcp", (), (), {})),
        calendars={CALENDAR_HASH: CALENDAR},
        facts=(
            FactEvidence("site:s", "fibre", "true", "none", _PAPER),
            FactEvidence("unit:xa-a", "n", "3", "count", Document()),
        ),
        given=(
            GivenValue("1.1", 0, "xa-a", Fraction(716), Fraction(719), "", _PAPER),
            GivenValue("1.2", 1, "xa-a", None, None, "@tốt", Document()),
            GivenValue("1.3", 0, "b c", Fraction(-1, 3), None, "", Document("", None, " '")),
        ),
        provenance=Provenance(
            "local",
            1,
            4711,
            "ab" * 32,
            "1.2",
            "2025b",
            "cd" * 32,
            (("office", CALENDAR_HASH),),
            (("cd" * 32, START, END),),
        ),
        booked=(
            BookedWindow(
                "m1",
                "site:s",
                START + DAY,
                START + DAY + 1,
                START - DAY,
                "A",
                "Thay ổ cứng",
                "2025-09-20",
                None,
                ClockQuality.SYNCHRONISED,
            ),
            BookedWindow("m2", "all", START, START + 5, START + 1, "B\tC", "+", "", START + 3),
        ),
        signed=(SignedCorrection(9, 7, "s/web", START, START + 9, State.UP, "ok", END, "B", "do mất điện"),),
        basis=UnitBasis.TODAY_MEAN,
        sites={"s": (Placement(BEGINNING, FOREVER, "xa-a", "s"),), "t%20 u": (Placement(START, END, "", "t%20 u"),)},
    )


def _web() -> TargetEvidence:
    return TargetEvidence(
        "s/web",
        'Cổng dịch vụ công, "một cửa"',
        "one-stop",
        "http",
        (Placement(BEGINNING, START + DAY, "xa-a", "s"), Placement(START + DAY, FOREVER, "b c", "s")),
        (
            Interval(START, START + DAY, State.UP, Reason.OK, START + 250, 17),
            Interval(START + DAY, START + DAY + 1, State.DOWN, HttpReason.BAD_STATUS, START + DAY + 7, 18),
            Interval(START + DAY + 1, END, State.UNKNOWN, UnknownCause.AGENT_OFF),
        ),
        {"": (((START, END), CALENDAR_HASH),), "Hành chính": (((START, START + 1), CALENDAR_HASH),)},
        (
            AppliedWindow("m1", START + DAY, START + DAY + 1, excluded=True),
            AppliedWindow("m2", START, START + 5, excluded=False),
        ),
        (Interval(START, START + 9, State.UP, Reason.OK, END),),
        Fraction("99.5"),
        (
            MeasuredSpan(START, START + DAY, 1, (0, 12, 0, 3), (FeatureDays("ipv6", date(2025, 10, 1), 30, 1),)),
            MeasuredSpan(START + DAY, END, 30, (), (FeatureDays("hsts", date(2025, 10, 31), 0, 1),)),
        ),
        DeviceEvidence(None, START - DAY),
        beside=True,
    )
