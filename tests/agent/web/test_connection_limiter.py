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


def visitors(limiter: ConnectionLimiter, count: int) -> list[Visitor]:
    found = [Visitor() for _ in range(count)]
    for one in found:
        limiter.opened(one)
    return found


def test_the_longest_awaited_goes_and_those_at_work_stay() -> None:
    limiter = ConnectionLimiter(ServerLimits(connections=3))
    first, second, third = visitors(limiter, 3)
    limiter.request_complete(first)
    fourth, fifth = visitors(limiter, 2)
    assert [one.heard for one in (first, second, third, fourth, fifth)] == ["", "out", "out", "", ""]
    assert len(limiter) == 3


def test_one_that_was_served_queues_again_at_the_end() -> None:
    limiter = ConnectionLimiter(ServerLimits(connections=2))
    first, second = visitors(limiter, 2)
    limiter.request_complete(first)
    limiter.awaits_request(first)
    visitors(limiter, 1)
    assert (first.heard, second.heard) == ("", "out")


def test_a_full_house_at_work_turns_the_newcomer_away() -> None:
    limiter = ConnectionLimiter(ServerLimits(connections=2))
    for one in visitors(limiter, 2):
        limiter.request_complete(one)
    (late,) = visitors(limiter, 1)
    assert late.heard == "away"
    assert len(limiter) == 2


def test_slow_readers_go_once_they_hold_more_than_half() -> None:
    limiter = ConnectionLimiter(ServerLimits(connections=4))
    readers = visitors(limiter, 3)
    for one in readers:
        limiter.request_complete(one)
        limiter.write_paused(one)
    asking = visitors(limiter, 2)
    assert [one.heard for one in (*readers, *asking)] == ["out", "", "", "", ""]
    limiter.write_resumed(readers[1])
    visitors(limiter, 1)
    assert [one.heard for one in (*readers, *asking)] == ["out", "", "", "out", ""]


def test_room_is_made_when_descriptors_run_out() -> None:
    limiter = ConnectionLimiter(ServerLimits())
    limiter.evict_one()
    (one,) = visitors(limiter, 1)
    limiter.evict_one()
    assert (one.heard, len(limiter)) == ("out", 0)
