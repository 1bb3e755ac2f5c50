"""Every measure over evidence that is written by hand: what it counts, and when there is no value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.availability.figures import Figure, Pooling
from agent.availability.intervals import Interval
from agent.availability.maintenance import AppliedWindow
from agent.model import Reason, Selection, State
from agent.scoring.evidence import DeviceEvidence, Evidence, FeatureDays, GivenValue, MeasuredSpan, TargetEvidence
from agent.scoring.formulas import ChoiceFormula
from agent.scoring.measures import (
    AgeMeasure,
    AgeTest,
    Area,
    BooleanMeasure,
    Counted,
    CountMeasure,
    ExternalMeasure,
    FactMeasure,
    FactTest,
    Feature,
    FeatureTest,
    FirstByteTest,
    ManualMeasure,
    Measure,
    QuantileMeasure,
    Quantity,
    ShareMeasure,
    UptimeMeasure,
    UptimeTest,
)
from agent.scoring.measuring.measured import measured
from agent.scoring.sheet import WhenMissing
from agent.scoring.values import Document, MeasuredValue, Origin, ValueStatus
from tests.agent.scoring.measuring.evidence import DAY, DAYS, END, START, evidence, sheet, states, target, unit

XA = "xa-a"
ALL = [(0, DAYS, XA)]
KNOWN, INSUFFICIENT, NO_DATA = ValueStatus.KNOWN, ValueStatus.INSUFFICIENT, ValueStatus.NO_DATA
NOTHING, NOT_GIVEN = ValueStatus.NOTHING_THERE, ValueStatus.NOT_GIVEN


def value(measure: Measure, source: Evidence, unit_id: str = XA, **rest: object) -> MeasuredValue:
    return measured(sheet(measure, **rest), source, [unit_id])[unit_id][0][0]  # type: ignore[arg-type]


def commune(*targets: TargetEvidence, **rest: object) -> Evidence:
    return evidence([unit(XA)], targets, **rest)  # type: ignore[arg-type]


def web(id_: str, first_byte: Sequence[int] = (), days: int = DAYS, **features: tuple[int, int]) -> TargetEvidence:
    """A web page that was measured on so many days; each property with its runs of the last day, with and without."""
    last = date(2024, 3, 31)
    told = tuple(FeatureDays(name, last, *runs) for name, runs in features.items())
    return target(
        id_, ALL, role="portal", probe="http", measured=[MeasuredSpan(START, END, days, tuple(first_byte), told)]
    )


def k_of_n(got: MeasuredValue) -> str:
    return f"{got.numerator}/{got.denominator}"


def buckets(**counts: int) -> list[int]:
    """b3=5: five runs in bucket 3."""
    return [counts.get(f"b{place}", 0) for place in range(15)]


# --- uptime ---


def test_uptime_of_a_unit_without_what_is_asked_for_and_of_one_that_is_not_known() -> None:
    source = commune(target("a/up", ALL), target("b/lan", ALL, states(unknown=[(0, 5)]), role="lan"))
    of = {role: value(UptimeMeasure(Area(Selection(roles=(role,)))), source) for role in ("uplink", "lan", "portal")}

    assert (of["uplink"].status, k_of_n(of["uplink"])) == (KNOWN, f"{91 * DAY}/{91 * DAY}")
    assert (of["lan"].status, k_of_n(of["lan"])) == (INSUFFICIENT, "0/1")  # 86 of 91 days are 94.5 percent
    assert of["lan"].coverage == Figure(86 * DAY, 91 * DAY)
    assert of["lan"].unsure == ("b/lan",)
    assert of["portal"].status is NOTHING


def test_nothing_known_at_all_is_no_data() -> None:
    assert value(UptimeMeasure(), commune(target("a/up", ALL, states(unknown=[(0, 91)])))).status is NO_DATA


def test_pooled_and_mean_differ_where_targets_were_there_for_unlike_times() -> None:
    source = commune(target("a/up", ALL, states((0, 9.1))), target("b/up", [(0, DAYS, XA)], states((81, 86), since=81)))

    assert value(UptimeMeasure(), source).number == Fraction(869, 1010)  # (81.9 + 5) / (91 + 10) days
    assert value(UptimeMeasure(pooling=Pooling.MEAN), source).number == (Fraction(9, 10) + Fraction(1, 2)) / 2


def test_maintenance_and_corrections_are_told_beside() -> None:
    window = AppliedWindow("bt", START + 10 * DAY, START + 12 * DAY, excluded=True)
    correction = Interval(START + 30 * DAY, START + 31 * DAY, State.UP, Reason.OK)
    source = commune(target("a/up", ALL, states((10, 12), (30, 31)), windows=(window,), corrections=(correction,)))
    got = value(UptimeMeasure(), source)

    assert got.number == Fraction(88, 89)
    assert got.excluded_ms == 2 * DAY
    assert got.amended == Figure(89 * DAY, 89 * DAY)


def test_a_device_beside_counts_only_where_it_is_asked_for() -> None:
    source = commune(
        target("a/up", ALL), target("a/snmp", ALL, states((0, 91)), role="device", probe="snmp", beside=True)
    )

    assert value(UptimeMeasure(), source).members == 1
    assert value(UptimeMeasure(Area(Selection(roles=("device",)))), source).number == 0
    assert value(UptimeMeasure(Area(Selection(targets=("a/snmp",)))), source).members == 1


def test_a_calendar_of_the_sheet_counts_only_its_hours() -> None:
    saturday = states((5, 7))  # 6 and 7 January 2024
    source = commune(target("a/up", ALL, saturday))

    assert value(UptimeMeasure(Area(calendar="office")), source).number == 1
    assert value(UptimeMeasure(Area(calendar="office")), source).calendar == "office"
    assert value(UptimeMeasure(), source).number == Fraction(89, 91)


def test_a_province_counts_its_communes_and_a_level_only_their_sites() -> None:
    units = [unit("tinh", level="province"), unit(XA, parent="tinh")]
    source = evidence(units, [target("p/up", [(0, DAYS, "tinh")], states((0, 91))), target("a/up", ALL)])

    assert value(UptimeMeasure(), source, "tinh").number == Fraction(1, 2)
    assert value(UptimeMeasure(Area(level="commune")), source, "tinh").number == 1


def test_a_target_that_moved_counts_in_each_unit_for_its_time_there() -> None:
    source = evidence([unit(XA), unit("xa-b")], [target("a/up", [(0, 40, XA), (40, DAYS, "xa-b")], states((30, 45)))])

    assert value(UptimeMeasure(), source).number == Fraction(30, 40)
    assert value(UptimeMeasure(), source, "xa-b").number == Fraction(46, 51)
    assert value(CountMeasure(Counted.OUTAGES), source).number == 1
    assert value(CountMeasure(Counted.OUTAGES), source, "xa-b").number == 1


def test_a_period_that_is_not_over_is_counted_as_of_now() -> None:
    source = commune(target("a/up", ALL, states((10, 20), until=50)), as_of=50)

    assert value(UptimeMeasure(), source).number == Fraction(40, 50)


# --- shares and counts ---


def test_a_share_of_targets_names_those_that_fail() -> None:
    source = commune(*(target(f"s{number}/up", ALL, states((0, number / 2))) for number in range(4)))
    got = value(ShareMeasure(Counted.TARGETS, UptimeTest(Fraction(99, 100))), source)

    assert (k_of_n(got), got.members) == ("2/4", 4)  # 0.91 days may lack
    assert got.lacking == ("s2/up", "s3/up")


def test_a_site_is_judged_by_all_its_targets_pooled() -> None:
    source = commune(
        target("s/up", ALL, states((0, 1))), target("s/lan", ALL, role="lan"), target("t/up", ALL, states((0, 1)))
    )

    got = value(ShareMeasure(Counted.SITES, UptimeTest(Fraction(99, 100))), source)
    assert (k_of_n(got), got.lacking) == ("1/2", ("t",))
    assert value(CountMeasure(Counted.SITES), source).number == 2
    assert value(CountMeasure(Counted.SITES, UptimeTest(Fraction(1, 2))), source).number == 2


def test_a_commune_without_any_check_makes_the_share_of_communes_insufficient() -> None:
    units = [unit("tinh", level="province"), unit(XA, parent="tinh"), unit("xa-b", parent="tinh")]
    measure = ShareMeasure(Counted.UNITS, UptimeTest(Fraction(9, 10)), Area(level="commune"))
    one, both = [target("a/up", ALL)], [target("a/up", ALL), target("b/up", [(0, DAYS, "xa-b")], states((0, 20)))]

    lacking = value(measure, evidence(units, one), "tinh")
    assert (lacking.status, lacking.unsure, lacking.members) == (INSUFFICIENT, ("xa-b",), 2)
    whole = value(measure, evidence(units, both), "tinh")
    assert (k_of_n(whole), whole.lacking) == ("1/2", ("xa-b",))
    assert value(CountMeasure(Counted.UNITS, area=Area(level="commune")), evidence(units, one), "tinh").number == 2


def test_a_number_of_nothing_is_nought_but_a_share_of_nothing_is_none() -> None:
    assert value(CountMeasure(Counted.TARGETS), commune()).number == 0
    assert value(CountMeasure(Counted.OUTAGES), commune()).status is NOTHING
    assert value(ShareMeasure(Counted.TARGETS, UptimeTest(Fraction(1))), commune()).status is NOTHING


def test_unknown_time_leaves_the_number_of_outages_open() -> None:
    assert (
        value(CountMeasure(Counted.OUTAGES), commune(target("a/up", ALL, states(unknown=[(0, 10)])))).status
        is INSUFFICIENT
    )


# --- measured days ---


def test_a_property_is_there_if_every_service_that_can_have_it_had_it_in_every_run_of_its_last_day() -> None:
    has, lacks, cannot = web("a/web", https=(9, 0)), web("b/web", https=(8, 1)), target("c/up", ALL)
    measure = BooleanMeasure(Feature.HTTPS)

    assert value(measure, commune(has, cannot)).number == 1
    both = value(measure, commune(has, lacks, cannot))
    assert (both.status, k_of_n(both), both.members, both.lacking) == (KNOWN, "0/1", 2, ("b/web",))
    assert value(measure, commune(cannot)).status is NOTHING
    share = value(ShareMeasure(Counted.TARGETS, FeatureTest(Feature.HTTPS)), commune(has, lacks, cannot))
    assert k_of_n(share) == "1/2"


def test_before_measured_days_were_kept_and_with_too_few_of_them_nothing_is_said() -> None:
    measure = BooleanMeasure(Feature.HTTPS)

    assert value(measure, commune(target("a/web", ALL, role="portal", probe="http"))).status is NO_DATA
    few = commune(web("a/web", days=86, https=(9, 0)), web("b/web", https=(9, 0)))
    assert (value(measure, few).status, value(measure, few).unsure) == (INSUFFICIENT, ("a/web",))
    assert value(measure, commune(web("a/web", days=87, https=(9, 0)))).number == 1


def test_a_quantile_is_the_upper_bound_of_its_bucket() -> None:
    source = commune(web("a/web", buckets(b0=94, b3=1)), web("b/web", buckets(b5=4, b14=1)))

    assert value(QuantileMeasure(Fraction(94, 100)), source).number == Fraction(50, 1000)
    assert value(QuantileMeasure(Fraction(95, 100)), source).number == Fraction(200, 1000)
    assert value(QuantileMeasure(Fraction(99, 100)), source).number == Fraction(400, 1000)
    assert value(QuantileMeasure(Fraction(1)), source).number == Fraction(10_001, 1000)
    assert value(QuantileMeasure(Fraction(1, 2)), commune(target("c/up", ALL))).status is NOTHING
    assert value(QuantileMeasure(Fraction(1, 2)), commune(web("a/web", buckets(b0=9), days=80))).status is INSUFFICIENT
    fast = value(ShareMeasure(Counted.TARGETS, FirstByteTest(Fraction(9, 10), 200)), source)
    assert (k_of_n(fast), fast.lacking) == ("1/2", ("b/web",))


# --- devices, facts, given values ---


def device(id_: str, made_on: date | None, first_seen: int = START) -> TargetEvidence:
    return target(id_, ALL, role="device", probe="snmp", beside=True, device=DeviceEvidence(made_on, first_seen))


def test_the_age_of_devices_at_the_end_of_the_period() -> None:
    area = Area(Selection(roles=("device",)))
    old, new, silent = device("a/d", date(2020, 3, 31)), device("b/d", date(2022, 3, 31)), device("c/d", None)

    assert value(AgeMeasure(area), commune(old, new)).number == Fraction(4 * (1461 + 731), 1461) / 2
    assert value(AgeMeasure(area), commune(old, silent)).status is INSUFFICIENT
    assert value(AgeMeasure(area), commune(silent)).status is NO_DATA
    young = value(ShareMeasure(Counted.TARGETS, AgeTest(Fraction(3)), area), commune(old, new))
    assert (k_of_n(young), young.lacking) == ("1/2", ("a/d",))
    unsure = value(ShareMeasure(Counted.TARGETS, AgeTest(Fraction(3)), area), commune(new, silent))
    assert (unsure.status, unsure.unsure) == (INSUFFICIENT, ("c/d",))


def test_what_was_declared_of_the_unit_and_of_its_sites() -> None:
    facts = [(f"unit:{XA}", "fibre", "true", "none"), (f"unit:{XA}", "broadband_households", "0.955", "ratio"),
             (f"unit:{XA}", "since", "2024-02-01", "date"), ("site:a", "fibre", "true", "none"),
             ("site:b", "fibre", "false", "none")]  # fmt: skip
    source = commune(target("a/up", ALL), target("b/up", ALL), facts=facts)

    fibre = value(FactMeasure("fibre"), source)
    assert (k_of_n(fibre), fibre.source) == ("1/1", Origin.DECLARED)
    assert value(FactMeasure("broadband_households"), source).number == Fraction(955, 1000)
    assert value(FactMeasure("since", Quantity.DATE), source).number == date(2024, 2, 1).toordinal()
    assert value(FactMeasure("since"), source).status is NOT_GIVEN
    assert value(FactMeasure("lan_upgraded"), source).status is NOT_GIVEN
    share = value(ShareMeasure(Counted.SITES, FactTest("fibre")), source)
    assert (k_of_n(share), share.lacking) == ("1/2", ("b",))
    missing = value(
        ShareMeasure(Counted.SITES, FactTest("fibre")), commune(*source.targets, target("c/up", ALL), facts=facts)
    )
    assert (missing.status, missing.unsure) == (INSUFFICIENT, ("c",))


def by_hand(a: int | None, b: int | None = None, choice: str = "") -> list[GivenValue]:
    a_fraction, b_fraction = (None if number is None else Fraction(number) for number in (a, b))
    return [GivenValue("1", 0, XA, a_fraction, b_fraction, choice, Document("7/BC", date(2024, 4, 2)))]


@pytest.mark.parametrize(
    ("quantity", "given_", "status", "number"),
    [
        (Quantity.SHARE, by_hand(716, 719), KNOWN, Fraction(716, 719)),
        (Quantity.SHARE, by_hand(5, 4), KNOWN, Fraction(5, 4)),
        (Quantity.SHARE, by_hand(5), NOT_GIVEN, 0),
        (Quantity.SHARE, by_hand(5, 0), NOT_GIVEN, 0),
        (Quantity.COUNT, by_hand(4), KNOWN, 4),
        (Quantity.POINTS, by_hand(0), KNOWN, 0),
        (Quantity.POINTS, [], NOT_GIVEN, 0),
    ],
)
def test_what_a_person_fills_in(quantity: Quantity, given_: list[GivenValue], status: ValueStatus, number: int) -> None:
    got = value(ManualMeasure(quantity), commune(given=given_))

    assert (got.status, got.source) == (status, Origin.MANUAL)
    assert got.number == number
    assert value(ExternalMeasure(quantity), commune(given=given_)).source is Origin.EXTERNAL


def test_a_word_that_the_formula_does_not_have_is_no_value() -> None:
    formula = ChoiceFormula({"chair": Fraction(1)}, {})
    measure = ManualMeasure(Quantity.CHOICE)

    assert value(measure, commune(given=by_hand(None, choice="chair")), formula=formula).choice == "chair"
    assert value(measure, commune(given=by_hand(None, choice="king")), formula=formula).status is NOT_GIVEN


def test_the_clerks_figure_takes_the_place_of_a_missing_one_only() -> None:
    blind, seen = target("a/up", ALL, states(unknown=[(0, 50)])), target("a/up", ALL)
    given_ = by_hand(9, 10)

    assert value(UptimeMeasure(), commune(blind, given=given_), missing=WhenMissing.MANUAL).number == Fraction(9, 10)
    assert value(UptimeMeasure(), commune(seen, given=given_), missing=WhenMissing.MANUAL).number == 1
    assert value(UptimeMeasure(), commune(blind, given=given_)).status is INSUFFICIENT


# --- properties ---

_down = st.lists(
    st.tuples(st.integers(0, 90), st.integers(10, 1440).map(lambda minutes: minutes / 1440)),
    max_size=4,
    unique_by=lambda span: span[0],
)
MEASURES = (
    UptimeMeasure(),
    UptimeMeasure(pooling=Pooling.MEAN),
    ShareMeasure(Counted.TARGETS, UptimeTest(Fraction(99, 100))),
    ShareMeasure(Counted.SITES, UptimeTest(Fraction(99, 100)), Area(calendar="office")),
    CountMeasure(Counted.OUTAGES),
)


def _targets(histories: Sequence[Sequence[tuple[int, float]]]) -> list[TargetEvidence]:
    return [
        target(f"s{number // 2}/t{number}", ALL, states(*((day, day + length) for day, length in sorted(down))))
        for number, down in enumerate(histories)
    ]


@settings(max_examples=40, deadline=None)
@given(st.lists(_down, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_targets_is_irrelevant(histories: list[list[tuple[int, float]]], random: object) -> None:
    targets = _targets(histories)
    shuffled = list(targets)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert measured(sheet(*MEASURES), commune(*targets), [XA]) == measured(sheet(*MEASURES), commune(*shuffled), [XA])


@settings(max_examples=40, deadline=None)
@given(st.lists(_down, min_size=1, max_size=4), st.integers(0, 3), st.integers(0, 89))
def test_one_more_outage_never_raises_a_figure(histories: list[list[tuple[int, float]]], which: int, day: int) -> None:
    place = which % len(histories)
    more = [list(down) for down in histories]
    more[place] = [span for span in more[place] if span[0] not in (day - 1, day)] + [(day, 1.0)]
    before = measured(sheet(*MEASURES), commune(*_targets(histories)), [XA])[XA]
    kept = [
        [span for span in down if number != place or span[0] not in (day - 1, day)]
        for number, down in enumerate(histories)
    ]
    without = measured(sheet(*MEASURES), commune(*_targets(kept)), [XA])[XA]
    after = measured(sheet(*MEASURES), commune(*_targets(more)), [XA])[XA]

    assert len(before) == len(MEASURES)
    for worse, better in zip(after[:4], without[:4], strict=True):
        assert worse[0].number <= better[0].number
    assert after[4][0].number == without[4][0].number + 1
