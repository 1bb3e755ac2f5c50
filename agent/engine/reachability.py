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

from agent.availability.machine import grace_ran_out_at
from agent.availability.track import Track
from agent.engine.target_state import NEVER, AnchorState, PathFlap, PathState, TargetState
from agent.model import State

MAX_LAG_MS = 120_000
"""State seconds are booked at the latest this long after they passed, whatever is still in doubt."""


def anchor_conclusive(anchor: AnchorState, since_ms: int) -> bool:
    """Whether the anchor has said something definite since then: it answered, or failed often enough."""
    if anchor.last_success_ms >= since_ms:
        return True
    return anchor.failures_in_row >= anchor.target.policy.fail_after


def all_anchors_down(watch: PathState) -> bool:
    """Whether every anchor has failed often enough to count."""
    return bool(watch.anchors) and all(a.failures_in_row >= a.target.policy.fail_after for a in watch.anchors)


def loss_start(watch: PathState) -> int | None:
    """When the path was lost, or None if it works or is in doubt."""
    if not all_anchors_down(watch):
        return None
    firsts = [a.failing_since_ms for a in watch.anchors if a.failing_since_ms is not None]
    begin, earliest = max(firsts), min(firsts)
    if watch.last_failure_ms < earliest or watch.last_success_behind_ms >= begin:
        return None
    return begin


def flap_ended_by(watch: PathState, end_ms: int) -> PathFlap | None:
    """The stutter that a success at end_ms ends, whether of an anchor or of anything behind.

    Asked before that success is taken into account; an older stutter that the success shortens is given shorter.
    """
    known = watch.flap
    if known is not None and known.begin_ms <= end_ms < known.end_ms:
        return PathFlap(known.begin_ms, end_ms)
    firsts = [a.failing_since_ms for a in watch.anchors if a.failing_since_ms is not None]
    if not firsts or len(firsts) < len(watch.anchors) or watch.lost_since_ms is not None:
        return known
    begin_ms = max(firsts)
    return known if watch.last_success_behind_ms >= begin_ms or end_ms < begin_ms else PathFlap(begin_ms, end_ms)


def flap_during_failure(slot: TargetState) -> tuple[int, int]:
    """Begin and end of its paths' stutters during the failure of this slot; begin >= end if there was none."""
    since_ms = slot.failing_since_ms
    found = [w.flap for w in slot.paths if w.flap is not None and since_ms is not None and since_ms <= w.flap.end_ms]
    if not found:
        return NEVER, NEVER
    return max(min(s.begin_ms for s in found), blindable_from(slot)), max(s.end_ms for s in found)


def last_proof(watch: PathState) -> int:
    """The latest instant at which the path certainly worked: an anchor or something behind it answered."""
    return max([watch.last_success_behind_ms, *(a.last_success_ms for a in watch.anchors)])


def path_resolved(watch: PathState, since_ms: int) -> bool:
    """Whether a target failing since then may stop waiting for this path's verdict."""
    if not watch.anchors or watch.lost_since_ms is not None:
        return True
    if any(a.last_success_ms >= since_ms for a in watch.anchors):
        return True
    return all(anchor_conclusive(a, since_ms) for a in watch.anchors)


def ancestor_resolved(ancestor: TargetState, since_ms: int) -> bool:
    """Whether this ancestor has answered, failed for good, or cannot be judged since then."""
    if ancestor.confirmed_down or ancestor.decide_by_ms is not None:
        return True
    if ancestor.last_start_ms < since_ms:
        return False
    return ancestor.failing_since_ms is None


def dependencies_resolved(slot: TargetState) -> bool:
    """Whether everything that could explain the failure of this slot has been heard."""
    since_ms = slot.failing_since_ms
    if since_ms is None:
        return True
    if slot.last_start_ms < flap_during_failure(slot)[1]:
        return False
    return all(path_resolved(watch, since_ms) for watch in slot.paths) and all(
        ancestor_resolved(ancestor, since_ms) for ancestor in slot.ancestors()
    )


def last_known_down(slot: TargetState) -> bool:
    """DOWN, or UNKNOWN and DOWN when last known: a restart and a lost path take no explanation back."""
    state = slot.committed.state
    return state is State.DOWN or (state is State.UNKNOWN and slot.last_known_up is False)


def reachable_behind(slot: TargetState) -> bool:
    """DOWN by its own failed runs, yet something behind it has answered since: silent but passing."""
    return last_known_down(slot) and slot.last_downstream_success_ms >= slot.down_since_ms


def upstream_of(slot: TargetState) -> TargetState | None:
    """The farthest ancestor known to be DOWN behind which nothing has answered since; it explains this slot."""
    found = None
    for ancestor in slot.ancestors():
        if last_known_down(ancestor) and not reachable_behind(ancestor):
            found = ancestor
    return found


def final_until(slot: TargetState, now_ms: int) -> int:
    """Up to which instant the state of this slot can no longer change."""
    certain = min(_horizon(slot, now_ms), *_open_questions(slot), now_ms)
    return max(slot.accounted_until_ms, certain)


def _horizon(slot: TargetState, now_ms: int) -> int:
    """How far the newest evidence reaches, and the path's; a state that is UNKNOWN needs neither.

    Except in a gap: a path that was lost before the grace ran out takes it back, and none of it is booked before that
    is out of the question.
    """
    if slot.blind_scopes:
        return now_ms - MAX_LAG_MS  # the run that will end the loss may have begun long before it ends
    proofs = [last_proof(watch) for watch in slot.paths if watch.anchors]
    proved_ms = max(min(proofs, default=now_ms), now_ms - MAX_LAG_MS)
    if slot.track.state is not State.UNKNOWN:
        return min(slot.last_start_ms, proved_ms)
    known_ms = now_ms if slot.running_since_ms is None else slot.running_since_ms
    grace_end_ms = grace_ran_out_at(slot.track)
    if grace_end_ms is None or proved_ms > grace_end_ms:
        return known_ms
    return min(known_ms, proved_ms, slot.track.since_ms)


def _open_questions(slot: TargetState) -> Iterator[int]:
    """Instants from which on the state may still be told otherwise."""
    yield from slot.uncommitted
    yield from (run.start_ms for run in slot.soft_down_runs)
    track: Track | None = slot.track
    while track is not None:
        if track.pending or (track.failures and track.state is not State.DOWN):
            yield track.first_ms
        awaited = slot.running_since_ms is not None and slot.running_since_ms <= track.since_ms
        track = track.before if awaited else None  # a run that began before the interruption still counts for then


def blindable_from(slot: TargetState) -> int:
    """Up to which instant a lost path can no longer make this slot UNKNOWN (what is UNKNOWN already may be)."""
    if (
        slot.track.state is State.UNKNOWN
        and slot.committed.state is State.UNKNOWN
        and grace_ran_out_at(slot.track) is None
    ):
        return NEVER
    return max(slot.accounted_until_ms, known_since(slot))


def known_since(slot: TargetState) -> int:
    """Where the state began that a lost path may end: in a gap, the one before it."""
    track = slot.track
    return track.since_ms if track.before is None or grace_ran_out_at(track) is None else track.before.since_ms
