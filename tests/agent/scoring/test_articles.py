"""The figures that districts announce, reproduced from what they count: points, difference, place, groups that lead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

import pytest

from agent.scoring.document.load import sheet_from_bytes
from agent.scoring.evaluation import Total, UnitScore, exact_points, rounded
from agent.scoring.evidence import GivenValue
from agent.scoring.explanations.sentences import Explanations
from agent.scoring.group_totals import GroupTotals, led_groups, most_points
from agent.scoring.ranking import ranking
from agent.scoring.sheet import ScoreSheet
from agent.scoring.unit_scores import scored
from agent.scoring.values import Document
from exporters.scores.words import house_line
from tests.agent.scoring.measuring.evidence import evidence, unit

SHARES = {  # of 20 points each: what was counted, its house percent, its cut percent, and the points
    "3.1": ("716/719", "99,6%", "99,58%", "19.917"),
    "3.2": ("45/46", "97,8%", "97,82%", "19.565"),
    "3.3": ("3728/3754", "99,3%", "99,30%", "19.861"),
    "3.4": ("4597/5200", "88,4%", "88,40%", "17.681"),
    "3.5": ("431172/596049", "72,3%", "72,33%", "14.468"),
    "3.6": ("9865/10000", "98,7%", "98,65%", "19.730"),
    "3.7": ("22/22", "100%", "100,00%", "20.000"),
}
MAXIMA = {"1": 50, "2": 100, "4": 100, "5": 100, "6": 160, "7": 150, "8": 150, "9": 50}  # group 3 beside: 140
LAP_THACH = {"1": "40", "2": "80", "4": "70", "5": "70.5", "6": "140", "7": "120.491", "8": "72", "9": "20"}
BEST_OTHER = {"1": "50", "2": "90", "4": "80", "5": "80", "6": "60", "7": "50", "8": "60", "9": "21.2"}
DISTRICTS = ("lap-thach", *(f"huyen-{number}" for number in range(2, 10)))


def sheet(criteria: Iterable[str], groups: Iterable[str], maximum: int = 1000) -> ScoreSheet:
    head = f"sheet: {{id: s, title: S, valid: {{from: 2023-01-01}}, maximum: {maximum}, decimals: 3, levels: district}}"
    lines = [head, "groups:", *(f'  - {{code: "{group}", title: G}}' for group in groups), "criteria:", *criteria]
    return sheet_from_bytes("s.yml", "\n".join(lines).encode())


def row(code: str, maximum: int, rest: str) -> str:
    return f'  - {{code: "{code}", group: "{code[0]}", title: T, maximum: {maximum}, {rest}}}'


def sheet_of_2023() -> ScoreSheet:
    shares = [row(code, 20, "measure: {kind: manual, quantity: share}, formula: ratio") for code in SHARES]
    points = [row(f"{group}.1", most, "measure: manual, formula: points") for group, most in MAXIMA.items()]
    return sheet([*points, *shares], sorted([*MAXIMA, "3"]))


def given(unit_id: str, code: str, written: str) -> GivenValue:
    above, _, below = written.partition("/")
    return GivenValue(code, 0, unit_id, Fraction(above), Fraction(below) if below else None, "", Document())


def of_2023() -> Iterator[GivenValue]:
    for code, (counted, *_) in SHARES.items():
        yield given("lap-thach", code, counted)
        yield from (given(district, code, "1/1") for district in DISTRICTS[1:])
    for place, district in enumerate(DISTRICTS):
        own: Mapping[str, str] = LAP_THACH if not place else {**BEST_OTHER, "2": str(91 - place)}
        if district == DISTRICTS[-1]:
            own = {**dict.fromkeys(MAXIMA, "1"), "8": "100"}
        yield from (given(district, f"{group}.1", points) for group, points in own.items())


@pytest.fixture(scope="module")
def scores() -> tuple[UnitScore, ...]:
    source = evidence([unit(one, level="district") for one in DISTRICTS], [], given=of_2023())
    return scored(sheet_of_2023(), source, DISTRICTS)


def of_2022() -> Mapping[str, Total]:
    """The year before, by a sheet of its own."""
    before = sheet([row("1", 1000, "measure: manual, formula: points")], ["1"])
    source = evidence([unit("lap-thach", level="district")], [], given=[given("lap-thach", "1", "582.413")])
    (score,) = scored(before, source, ["lap-thach"])
    return {"lap-thach": score.total}


def test_744_213_first_of_nine_by_161_8(scores: tuple[UnitScore, ...]) -> None:
    first, second = ranking(scores, of_2022())[:2]
    assert (first.unit, first.total.earned, first.delta) == ("lap-thach", Decimal("744.213"), Decimal("161.800"))
    assert house_line(first, "vi") == "744,213; +161,8; 1/9; 1/15 chỉ tiêu"
    assert second.total.earned == Decimal("631.200")


def test_two_of_nine_groups_lead_the_province(scores: tuple[UnitScore, ...]) -> None:
    groups = GroupTotals(sheet_of_2023())
    totals = [groups.of(score) for score in scores]
    assert led_groups(totals[0], most_points(totals), list(totals[0])) == ("6", "7")
    assert len(totals[0]) == 9
    assert sum(total.earned for total in totals[0].values()) == Decimal("744.213")


def test_each_share_as_it_was_announced(scores: tuple[UnitScore, ...]) -> None:
    own, words = scores[0], Explanations(sheet_of_2023(), {}, "vi")
    for code, (counted, house, cut, points) in SHARES.items():
        scored_row = own.row(code)
        k, n = (f"{int(number):,}".replace(",", ".") for number in counted.split("/"))
        assert str(scored_row.points) == points
        assert words.result(scored_row) == f"{k}/{n} = {house}"
        assert f"{k}/{n} ({cut})" in words.sentence(scored_row)


def test_the_sum_adds_rounded_rows_and_is_not_the_rounded_sum() -> None:
    codes = ("1.1", "1.2", "1.3")
    thirds = sheet([row(code, 1, "measure: {kind: manual, a: A, b: B}, formula: ratio") for code in codes], ["1"], 3)
    source = evidence([unit("u", level="district")], [], given=[given("u", code, "1/3") for code in codes])
    (score,) = scored(thirds, source, ["u"])
    exact = sum((exact_points(one.criterion, one.values) for one in score.rows), Fraction(0))
    assert (score.total.earned, rounded(exact, 3)) == (Decimal("0.999"), Decimal("1.000"))


def test_seventeen_of_seventeen_targets() -> None:
    codes = [f"1.{number}" for number in range(1, 18)]
    kept = "measure: {kind: manual, quantity: share}, formula: {kind: threshold, at_least: 98%}"
    targets = sheet([row(code, 10, kept) for code in codes], ["1"], maximum=170)
    source = evidence([unit("u", level="district")], [], given=[given("u", code, "9865/10000") for code in codes])
    (score,) = scored(targets, source, ["u"])
    (place,) = ranking([score])
    assert house_line(place, "vi") == "170; 1/1; 17/17 chỉ tiêu"
