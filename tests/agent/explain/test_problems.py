from __future__ import annotations

from random import Random

from agent.explain.problems import FailingTarget, worst_first
from agent.model import Role


def one(site: str, name: str, role: Role, upstream: str | None = None, since_ms: int = 0) -> FailingTarget:
    return FailingTarget(f"{site}/{name}", site, role, since_ms, upstream)


def test_a_fault_and_what_it_cuts_off_are_one() -> None:
    uplink = one("a", "uplink", Role.UPLINK)
    room, printer = one("a", "room", Role.CONFERENCE, uplink.target), one("b", "printer", Role.DEVICE, uplink.target)
    (place,) = worst_first([printer, room, uplink])
    (problem,) = place.problems
    assert (problem.root, problem.behind, problem.cuts) == (uplink, (room, printer), True)
    assert place.affected == 3


def test_a_second_line_that_is_down_cuts_nobody_off() -> None:
    uplink, room = one("a", "uplink", Role.UPLINK), one("b", "room", Role.CONFERENCE)
    assert [place.site for place in worst_first([uplink, room])] == ["a", "b"]
    assert [place.site for place in worst_first([uplink, room], linked={"a"})] == ["b", "a"]


def test_what_lies_behind_something_that_is_not_listed_stands_for_itself() -> None:
    (place,) = worst_first([one("a", "room", Role.CONFERENCE, "a/uplink")])
    assert place.problems[0].root.target == "a/room"


def test_every_fault_is_listed_once_in_an_order_that_the_input_does_not_change() -> None:
    random = Random(11)
    ids = [(f"s{number % 7}", f"t{number}") for number in range(60)]
    faulty = [
        one(site, name, random.choice(list(Role)), random.choice([None, "s0/t0", "s1/t1", "x/y"]), random.randrange(9))
        for site, name in ids
    ]
    places = worst_first(faulty)
    listed = [each.target for place in places for problem in place.problems for each in (problem.root, *problem.behind)]
    assert sorted(listed) == sorted(each.target for each in faulty)
    random.shuffle(faulty)
    assert worst_first(faulty) == places
