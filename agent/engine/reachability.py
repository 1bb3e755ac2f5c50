"""Whose fault is a failure: the target's, or that of what it is reached through? Pure; nothing here changes anything.

A path is lost when all its anchors have fail_after failed runs, something behind has failed, and nothing behind has
answered since the loss would have begun: the latest of the anchors' first failed starts.

A cut can be long enough for a target's fail_after runs and too short for those of the anchors, which are probed one run
later. Then the path has flapped. The target waits for one more run of its own after something answered over the path.
If that run fails, the target is DOWN from its first failed run. If it succeeds, the path was at fault, and the target
is UNKNOWN for as long as the flap lasted.
"""

from __future__ import annotations

from collections.abc import Iterator

from agent.availability.machine import grace_ran_out_at
from agent.availability.track import Track
from agent.engine.target_state import NEVER, AnchorState, PathFlap, PathState, TargetState
from agent.model import State

MAX_LAG_MS = 120_000
"""State seconds are added up at the latest this long after they passed, whatever is still in doubt."""


def anchor_conclusive(anchor: AnchorState, since_ms: int) -> bool:
    """True if the anchor has answered since then, or failed often enough."""
    if anchor.last_success_ms >= since_ms:
        return True
    return anchor.failures_in_row >= anchor.policy.fail_after


def all_anchors_down(path: PathState) -> bool:
    """True if every anchor has failed often enough to count."""
    return bool(path.anchors) and all(a.failures_in_row >= a.policy.fail_after for a in path.anchors)


def loss_start(path: PathState) -> int | None:
    """Begin of the path's loss; None if it works or is in doubt."""
    if not all_anchors_down(path):
        return None
    first_failures = [a.failing_since_ms for a in path.anchors if a.failing_since_ms is not None]
    begin_ms, earliest_ms = max(first_failures), min(first_failures)
    if path.last_failure_ms < earliest_ms or path.last_success_behind_ms >= begin_ms:
        return None
    return begin_ms


def flap_ended_by(path: PathState, end_ms: int) -> PathFlap | None:
    """The flap that a success at end_ms ends, whether of an anchor or of anything behind.

    To be called before that success is taken into account. A success within an older flap shortens it.
    """
    last = path.flap
    if last is not None and last.begin_ms <= end_ms < last.end_ms:
        return PathFlap(last.begin_ms, end_ms)
    first_failures = [a.failing_since_ms for a in path.anchors if a.failing_since_ms is not None]
    if not first_failures or len(first_failures) < len(path.anchors) or path.lost_since_ms is not None:
        return last
    begin_ms = max(first_failures)
    return last if path.last_success_behind_ms >= begin_ms or end_ms < begin_ms else PathFlap(begin_ms, end_ms)


def flap_during_failure(target: TargetState) -> tuple[int, int]:
    """Begin and end of its paths' flaps during the failure of this target; begin >= end if there was none."""
    since_ms = target.failing_since_ms
    flaps = [
        path.flap
        for path in target.paths
        if path.flap is not None and since_ms is not None and since_ms <= path.flap.end_ms
    ]
    if not flaps:
        return NEVER, NEVER
    return max(min(f.begin_ms for f in flaps), blindable_from(target)), max(f.end_ms for f in flaps)


def last_proof(path: PathState) -> int:
    """Newest instant at which the path certainly worked: an anchor or something behind it answered."""
    return max([path.last_success_behind_ms, *(anchor.last_success_ms for anchor in path.anchors)])


def path_resolved(path: PathState, since_ms: int) -> bool:
    """True if a target that fails since then may stop waiting for this path's verdict."""
    if not path.anchors or path.lost_since_ms is not None:
        return True
    if any(anchor.last_success_ms >= since_ms for anchor in path.anchors):
        return True
    return all(anchor_conclusive(anchor, since_ms) for anchor in path.anchors)


def ancestor_resolved(ancestor: TargetState, since_ms: int) -> bool:
    """True if this ancestor has answered since then, failed for good, or cannot be judged."""
    if ancestor.confirmed_down or ancestor.soft_down is not None:
        return True
    if ancestor.last_start_ms < since_ms:
        return False
    return ancestor.failing_since_ms is None


def dependencies_resolved(target: TargetState) -> bool:
    """True if everything that could explain the failure of this target has been heard."""
    since_ms = target.failing_since_ms
    if since_ms is None:
        return True
    if target.last_start_ms < flap_during_failure(target)[1]:
        return False
    return all(path_resolved(path, since_ms) for path in target.paths) and all(
        ancestor_resolved(ancestor, since_ms) for ancestor in target.ancestors()
    )


def last_known_down(target: TargetState) -> bool:
    """True if DOWN, or UNKNOWN and DOWN before: a restart or a lost path takes no explanation back."""
    state = target.committed.state
    return state is State.DOWN or (state is State.UNKNOWN and target.last_known_up is False)


def reachable_behind(target: TargetState) -> bool:
    """True if DOWN by its own failed runs, yet something behind it has answered since."""
    return last_known_down(target) and target.last_downstream_success_ms >= target.down_since_ms


def upstream_of(target: TargetState) -> TargetState | None:
    """The farthest ancestor known to be DOWN behind which nothing has answered since: it explains this target."""
    farthest = None
    for ancestor in target.ancestors():
        if last_known_down(ancestor) and not reachable_behind(ancestor):
            farthest = ancestor
    return farthest


def final_until(target: TargetState, now_ms: int) -> int:
    """The instant up to which the state of this target can no longer change."""
    certain_ms = min(_horizon(target, now_ms), *_open_questions(target), now_ms)
    return max(target.accounting.until_ms, certain_ms)


def _horizon(target: TargetState, now_ms: int) -> int:
    """How far the newest evidence reaches, and the path's. A state that is UNKNOWN needs neither.

    A gap is the exception: a path that was lost before the grace ran out takes the gap back, so nothing of it is final
    before that is out of the question.
    """
    if target.blind_scopes:
        return now_ms - MAX_LAG_MS  # the run that will end the loss may have begun long before it ends
    proofs = [last_proof(path) for path in target.paths if path.anchors]
    proved_ms = max(min(proofs, default=now_ms), now_ms - MAX_LAG_MS)
    if target.track.state is not State.UNKNOWN:
        return min(target.last_start_ms, proved_ms)
    known_ms = now_ms if target.running_since_ms is None else target.running_since_ms
    grace_end_ms = grace_ran_out_at(target.track)
    if grace_end_ms is None or proved_ms > grace_end_ms:
        return known_ms
    return min(known_ms, proved_ms, target.track.since_ms)


def _open_questions(target: TargetState) -> Iterator[int]:
    """Instants from which on the state may still become another."""
    yield from target.uncommitted
    if target.soft_down is not None:
        yield from (run.start_ms for run in target.soft_down.runs)
    track: Track | None = target.track
    while track is not None:
        if track.pending or (track.failures and track.state is not State.DOWN):
            yield track.first_ms
        awaited = target.running_since_ms is not None and target.running_since_ms <= track.since_ms
        track = track.before if awaited else None  # a run that began before the interruption still counts for then


def blindable_from(target: TargetState) -> int:
    """The instant from which a lost path can make this target UNKNOWN (what is UNKNOWN already may always be)."""
    unknown = target.track.state is State.UNKNOWN and target.committed.state is State.UNKNOWN
    if unknown and grace_ran_out_at(target.track) is None:
        return NEVER
    return max(target.accounting.until_ms, known_since(target))


def known_since(target: TargetState) -> int:
    """Begin of the state that a lost path may end: in a gap, of the one before it."""
    track = target.track
    return track.since_ms if track.before is None or grace_ran_out_at(track) is None else track.before.since_ms
