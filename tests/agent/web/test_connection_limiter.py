from __future__ import annotations

from agent.web.connection_limiter import ConnectionLimiter
from agent.web.limits import ServerLimits


class Visitor:
    def __init__(self) -> None:
        self.heard = ""

    def abort(self) -> None:
        self.heard = "out"

    def reject(self) -> None:
        self.heard = "away"


def visitors(door: ConnectionLimiter, count: int) -> list[Visitor]:
    found = [Visitor() for _ in range(count)]
    for one in found:
        door.enter(one)
    return found


def test_the_longest_awaited_goes_and_those_at_work_stay() -> None:
    door = ConnectionLimiter(ServerLimits(connections=3))
    first, second, third = visitors(door, 3)
    door.request_complete(first)
    fourth, fifth = visitors(door, 2)
    assert [one.heard for one in (first, second, third, fourth, fifth)] == ["", "out", "out", "", ""]
    assert len(door) == 3


def test_one_that_was_served_queues_again_at_the_end() -> None:
    door = ConnectionLimiter(ServerLimits(connections=2))
    first, second = visitors(door, 2)
    door.request_complete(first)
    door.awaits_request(first)
    visitors(door, 1)
    assert (first.heard, second.heard) == ("", "out")


def test_a_full_house_at_work_turns_the_newcomer_away() -> None:
    door = ConnectionLimiter(ServerLimits(connections=2))
    for one in visitors(door, 2):
        door.request_complete(one)
    (late,) = visitors(door, 1)
    assert late.heard == "away"
    assert len(door) == 2


def test_slow_readers_go_once_they_hold_more_than_half() -> None:
    door = ConnectionLimiter(ServerLimits(connections=4))
    readers = visitors(door, 3)
    for one in readers:
        door.request_complete(one)
        door.slow(one)
    asking = visitors(door, 2)
    assert [one.heard for one in (*readers, *asking)] == ["out", "", "", "", ""]
    door.write_resumed(readers[1])
    visitors(door, 1)
    assert [one.heard for one in (*readers, *asking)] == ["out", "", "", "out", ""]


def test_room_is_made_when_descriptors_run_out() -> None:
    door = ConnectionLimiter(ServerLimits())
    door.evict_one()
    (one,) = visitors(door, 1)
    door.evict_one()
    assert (one.heard, len(door)) == ("out", 0)
