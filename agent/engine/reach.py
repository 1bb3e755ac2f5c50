"""Whose side is it on? Pure questions about slots and paths; nothing here changes anything.

A path is lost when all its anchors have fail_after failed runs, something behind has failed, and nothing behind has
answered since the loss would have begun: the latest of the anchors' first failed starts.

A cut can be just long enough for a target's fail_after runs and too short for the anchors', which are asked one run
later. Then the path has stuttered: the target waits for one more run of its own after something answered over the path.
Fails it again, it is down from its first failed run; answers it, the stutter
was the path's, and the target's state is UNKNOWN for as long as it lasted.
"""

from __future__ import annotations

from collections.abc import Iterator

from agent.availability.machine import Track, grace_ran_out_at
from agent.engine.slots import NEVER, Anchor, PathWatch, Slot, Stutter
from agent.model import State

MAX_LAG_MS = 120_000
"""State seconds are booked at the latest this long after they passed, whatever is still in doubt."""


def anchor_judged(anchor: Anchor, since_ms: int) -> bool:
    """Whether the anchor has said something definite since then: it answered, or failed often enough."""
    if anchor.last_success_ms >= since_ms:
        return True
    return anchor.failures_in_row >= anchor.target.policy.fail_after


def anchors_down(watch: PathWatch) -> bool:
    """Whether every anchor has failed often enough to count."""
    return bool(watch.anchors) and all(a.failures_in_row >= a.target.policy.fail_after for a in watch.anchors)


def loss_start(watch: PathWatch) -> int | None:
    """When the path was lost, or None if it works or is in doubt."""
    if not anchors_down(watch):
        return None
    firsts = [a.failing_since_ms for a in watch.anchors if a.failing_since_ms is not None]
    begin, earliest = max(firsts), min(firsts)
    if watch.last_failure_ms < earliest or watch.last_answer_ms >= begin:
        return None
    return begin


def stutter_ending(watch: PathWatch, end_ms: int) -> Stutter | None:
    """The stutter that a success at end_ms ends, whether of an anchor or of anything behind.

    Asked before that success is taken into account; an older stutter that the success shortens is given shorter.
    """
    known = watch.stutter
    if known is not None and known.begin_ms <= end_ms < known.end_ms:
        return Stutter(known.begin_ms, end_ms)
    firsts = [a.failing_since_ms for a in watch.anchors if a.failing_since_ms is not None]
    if not firsts or len(firsts) < len(watch.anchors) or watch.lost_since_ms is not None:
        return known
    begin_ms = max(firsts)
    return known if watch.last_answer_ms >= begin_ms or end_ms < begin_ms else Stutter(begin_ms, end_ms)


def stutter_of(slot: Slot) -> tuple[int, int]:
    """Begin and end of its paths' stutters during the failure of this slot; begin >= end if there was none."""
    since_ms = slot.failing_since_ms
    found = [
        w.stutter for w in slot.paths if w.stutter is not None and since_ms is not None and since_ms <= w.stutter.end_ms
    ]
    if not found:
        return NEVER, NEVER
    return max(min(s.begin_ms for s in found), committed_until(slot)), max(s.end_ms for s in found)


def settled(watch: PathWatch) -> int:
    """The latest instant at which the path certainly worked: an anchor or something behind it answered."""
    return max([watch.last_answer_ms, *(a.last_success_ms for a in watch.anchors)])


def path_decided(watch: PathWatch, since_ms: int) -> bool:
    """Whether a target failing since then may stop waiting for this path's verdict."""
    if not watch.anchors or watch.lost_since_ms is not None:
        return True
    if any(a.last_success_ms >= since_ms for a in watch.anchors):
        return True
    return all(anchor_judged(a, since_ms) for a in watch.anchors)


def ancestor_decided(ancestor: Slot, since_ms: int) -> bool:
    """Whether this ancestor has answered, failed for good, or cannot be judged since then."""
    if ancestor.confirmed_down or ancestor.hold_until_ms is not None:
        return True
    if ancestor.last_start_ms < since_ms:
        return False
    return ancestor.failing_since_ms is None


def may_decide(slot: Slot) -> bool:
    """Whether everything that could explain the failure of this slot has been heard."""
    since_ms = slot.failing_since_ms
    if since_ms is None:
        return True
    if slot.last_start_ms < stutter_of(slot)[1]:
        return False
    return all(path_decided(watch, since_ms) for watch in slot.paths) and all(
        ancestor_decided(ancestor, since_ms) for ancestor in slot.ancestors()
    )


def known_down(slot: Slot) -> bool:
    """DOWN, or UNKNOWN and DOWN when last known: a restart and a lost path take no explanation back."""
    state = slot.shown.state
    return state is State.DOWN or (state is State.UNKNOWN and slot.last_known_up is False)


def passing(slot: Slot) -> bool:
    """DOWN by its own failed runs, yet something behind it has answered since: silent but passing."""
    return known_down(slot) and slot.below_answer_ms >= slot.down_since_ms


def upstream_of(slot: Slot) -> Slot | None:
    """The farthest ancestor known to be DOWN behind which nothing has answered since; it explains this slot."""
    found = None
    for ancestor in slot.ancestors():
        if known_down(ancestor) and not passing(ancestor):
            found = ancestor
    return found


def bookable_until(slot: Slot, now_ms: int) -> int:
    """Up to which instant the state of this slot can no longer change."""
    certain = min(_horizon(slot, now_ms), *_doubts(slot), now_ms)
    return max(slot.booked_ms, certain)


def _horizon(slot: Slot, now_ms: int) -> int:
    """How far the newest evidence reaches, and the path's; a state that is UNKNOWN needs neither.

    Except in a gap: a path that was lost before the grace ran out takes it back, and none of it is booked before that
    is out of the question.
    """
    if slot.blind:
        return now_ms - MAX_LAG_MS  # the run that will end the loss may have begun long before it ends
    proofs = [settled(watch) for watch in slot.paths if watch.anchors]
    proved_ms = max(min(proofs, default=now_ms), now_ms - MAX_LAG_MS)
    if slot.track.state is not State.UNKNOWN:
        return min(slot.last_start_ms, proved_ms)
    known_ms = now_ms if slot.running_since_ms is None else slot.running_since_ms
    grace_end_ms = grace_ran_out_at(slot.track)
    if grace_end_ms is None or proved_ms > grace_end_ms:
        return known_ms
    return min(known_ms, proved_ms, slot.track.since_ms)


def _doubts(slot: Slot) -> Iterator[int]:
    """Instants from which on the state may still be told otherwise."""
    yield from slot.uncommitted
    yield from (run.start_ms for run in slot.held)
    track: Track | None = slot.track
    while track is not None:
        if track.pending or (track.failures and track.state is not State.DOWN):
            yield track.first_ms
        awaited = slot.running_since_ms is not None and slot.running_since_ms <= track.since_ms
        track = track.before if awaited else None  # a run that began before the interruption still counts for then


def committed_until(slot: Slot) -> int:
    """Up to which instant a lost path can no longer make this slot UNKNOWN (what is UNKNOWN already may be)."""
    if slot.track.state is State.UNKNOWN and slot.shown.state is State.UNKNOWN and grace_ran_out_at(slot.track) is None:
        return NEVER
    return max(slot.booked_ms, known_since(slot))


def known_since(slot: Slot) -> int:
    """Where the state began that a lost path may end: in a gap, the one before it."""
    track = slot.track
    return track.since_ms if track.before is None or grace_ran_out_at(track) is None else track.before.since_ms
