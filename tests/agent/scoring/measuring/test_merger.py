"""Thiệu Phú goes into Thiệu Hóa on 1 February 2024, in the middle of a quarter: counted by hand, all three ways.

A quarter of 91 days (31 + 29 + 31), one uplink each, every hour counts. Down: Thiệu Hóa's 2 days in January and 1 in
March; Thiệu Phú's 6.2 days in January and 1.2 in February.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from agent.scoring.evaluation import PredecessorPoints
from agent.scoring.evidence import Evidence, UnitBasis
from agent.scoring.measures import UptimeMeasure
from agent.scoring.unit_scores import chosen_units, scored
from agent.scoring.values import MeasuredValue
from tests.agent.scoring.measuring.evidence import evidence, sheet, states, target, unit

UPTIME = sheet(UptimeMeasure())
HOA, PHU = "thieu-hoa", "thieu-phu"
OF_HOA = states((3, 5), (70, 71))
OF_PHU = states((10, 16.2), (40, 41.2))


def quarter(basis: UnitBasis) -> Evidence:
    if basis is UnitBasis.TODAY:
        return evidence(
            [unit(HOA)], [target("h/up", [(0, 91, HOA)], OF_HOA), target("p/up", [(0, 91, HOA)], OF_PHU)], basis
        )
    units = [unit(HOA), unit(PHU, (0, 31), now=(HOA,))]
    return evidence(
        units, [target("h/up", [(0, 91, HOA)], OF_HOA), target("p/up", [(0, 31, PHU), (31, 91, HOA)], OF_PHU)], basis
    )


def row(basis: UnitBasis, unit_id: str) -> tuple[MeasuredValue, Decimal | None]:
    (score,) = scored(UPTIME, quarter(basis), [unit_id])
    return score.rows[0].values[0], score.rows[0].points


def test_as_it_was_each_commune_answers_for_its_own_time() -> None:
    phu, points = row(UnitBasis.AS_WAS, PHU)
    assert phu.number == 1 - Fraction(62, 310)  # 6.2 of 31 days
    assert points == Decimal("8.000")

    hoa, points = row(UnitBasis.AS_WAS, HOA)
    assert hoa.number == 1 - Fraction(42, 1510)  # 2 + 1 + 1.2 days of 91 + 60
    assert (hoa.members, hoa.lacking) == (2, ("h/up", "p/up"))
    assert points == Decimal("9.722")


def test_in_the_units_of_today_everything_is_one_sum() -> None:
    hoa, points = row(UnitBasis.TODAY, HOA)

    assert hoa.number == 1 - Fraction(104, 1820)  # 10.4 of 182 days
    assert points == Decimal("9.429")
    assert chosen_units(UPTIME, quarter(UnitBasis.TODAY)) == (HOA,)


def test_the_mean_of_indices_weighs_both_communes_alike() -> None:
    everything = quarter(UnitBasis.TODAY_MEAN)
    assert chosen_units(UPTIME, everything) == (HOA,)

    (score,) = scored(UPTIME, everything, [HOA])
    of_hoa, of_phu = 10 - Fraction(420, 1510), Fraction(8)

    assert score.rows[0].points == Decimal("8.861")  # (9.72185... + 8) / 2, rounded once
    assert score.rows[0].predecessors == (PredecessorPoints(HOA, of_hoa), PredecessorPoints(PHU, of_phu))
    assert score.rows[0].values[0].number == (of_hoa + of_phu) / 20
    assert score.total.earned == Decimal("8.861")
