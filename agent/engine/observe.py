"""From a finished run to a committed state: the step, who must be asked first, what is written, what is shown.

A run that would make a target DOWN waits (is held) until its ancestors and its paths' anchors have been heard, at most
HOLD_MS; then it decides alone. What lies behind a lost path is blind: UNKNOWN, whatever its runs say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import structlog

from agent.availability.machine import CompletedRun, Step, blinded, cleared, completed, ended, expired
from agent.clock import Clock
from agent.engine.build import Wiring
from agent.engine.journal import Journal
from agent.engine.reach import (
    bookable_until,
    committed_until,
    known_down,
    known_since,
    loss_start,
    may_decide,
    passing,
    stutter_ending,
    stutter_of,
)
from agent.engine.reprobe import Reprobes
from agent.engine.slots import Anchor, Lane, PathWatch, Shown, Slot
from agent.ledger.rows import BlindEnd, BlindStart, SoftFailure
from agent.model import Reason, State, Transition, UnknownCause, Verdict

log = structlog.get_logger(__name__)

HOLD_MS = 30_000
"""How long a target at its threshold waits at most for the verdict of what it is reached through."""

STANDSTILL_MS = 1_000
"""Longer than this between two ticks is time that no target's wait is charged with."""

BOOK_STEP_MS = 10_000
"""State seconds of a target that stays UNKNOWN are booked, and shown, this often."""


@dataclass(frozen=True, slots=True)
class Publishers:
    """Called whenever what is shown of a target or path has changed."""

    target: Callable[[Slot], None]
    path: Callable[[PathWatch], None]


class Judge:
    """Applies runs to slots. Everything it decides goes through the journal; nothing is shown before its commit."""

    def __init__(self, clock: Clock, journal: Journal, reprobes: Reprobes, publish: Publishers) -> None:
        self._clock = clock
        self._journal = journal
        self._reprobes = reprobes
        self._publish = publish
        self._held: dict[str, Slot] = {}
        self._disk_full = False
        self._decided_ms = clock.boottime_ms()

    def observed(self, slot: Slot, run: CompletedRun) -> None:
        """Take a finished run of a target into account."""
        if self._journal.full:
            return
        success = run.verdict in (Verdict.OK, Verdict.DEGRADED)
        if success:
            for watch in slot.paths:
                watch.stutter = stutter_ending(watch, run.start_ms)
            if slot.held:
                self._excuse(slot, run)
        slot.note(run, success=success, failure=run.verdict is Verdict.FAILED)
        self._tell_paths(slot, run, success=success)
        if success:
            self._tell_ancestors(slot, run.start_ms)
        if slot.blind:
            self._apply(slot, completed(slot.track, slot.target.policy, run))  # evidence only if it began before
        else:
            self._judge(slot, run)
        slot.book(bookable_until(slot, self._clock.boottime_ms()))
        self._publish.target(slot)

    def anchor_observed(self, watch: PathWatch, anchor: Anchor, run: CompletedRun) -> None:
        """Take a finished run of a path's anchor into account. Having no route ourselves is a failure of the path."""
        if self._journal.full:
            return
        success = run.verdict in (Verdict.OK, Verdict.DEGRADED)
        if success:
            watch.stutter = stutter_ending(watch, run.start_ms)
        anchor.note(run, success=success, failure=_counts_against_path(run))
        if success and watch.lost_since_ms is not None:
            self._path_back(watch, run.start_ms)
        elif anchor.failing_since_ms is not None:
            if anchor.failures_in_row < anchor.target.policy.fail_after:
                self._confirm_soon(anchor)
            self._judge_path(watch)
        self._publish.path(watch)

    def decide_held(self) -> None:
        """Release every held target whose explanation has been heard, or whose time is up; parents before children."""
        now_ms = self._clock.boottime_ms()
        stood_ms, self._decided_ms = now_ms - self._decided_ms, now_ms
        if not self._held:
            return
        if stood_ms > STANDSTILL_MS:
            self._wait_longer(stood_ms)
        for watch in {id(w): w for slot in self._held.values() for w in slot.paths}.values():
            self._judge_path(watch)
        ripe = [slot for slot in self._held.values() if (slot.hold_until_ms or 0) <= now_ms or may_decide(slot)]
        for slot in sorted(ripe, key=lambda s: sum(1 for _ in s.ancestors())):
            self._release(slot)

    def _wait_longer(self, by_ms: int) -> None:
        """While the agent stood still nobody could be heard."""
        for slot in self._held.values():
            slot.hold_until_ms = (slot.hold_until_ms or 0) + by_ms

    def sweep(self, slots: Iterable[Slot]) -> None:
        """Commit UNKNOWN where no fresh result came within interval + grace; book what has become certain."""
        now_ms = self._clock.boottime_ms()
        for slot in slots:
            if not (slot.blind or slot.held or self._journal.full or _run_in_time(slot)):
                self._apply(slot, expired(slot.track, slot.target.policy, now_ms))
            until_ms = bookable_until(slot, now_ms)
            if slot.shown.state is State.UNKNOWN and until_ms - slot.booked_ms >= BOOK_STEP_MS:
                slot.book(until_ms)
                self._publish.target(slot)

    def heed_disk(self, slots: Iterable[Slot]) -> None:
        """Nothing is judged while the journal can hold no more: everything is UNKNOWN(disk) until it is empty again."""
        if self._journal.full and not self._disk_full:
            self._disk_full = True
            start_ms = self._clock.boottime_ms()
            log.error("nothing_is_judged", why="the ledger takes no rows, and no more can wait")
            self._journal.write(BlindStart("", UnknownCause.DISK, start_ms))
            for slot in slots:
                self._blind(slot, "", UnknownCause.DISK, start_ms)
        elif self._disk_full and self._journal.empty:
            self._disk_full = False
            end_ms = self._clock.boottime_ms()
            self._journal.write(BlindEnd("", UnknownCause.DISK, end_ms))
            for slot in slots:
                self._see_again(slot, "", end_ms, UnknownCause.DISK)

    def ends(self, slot: Slot, at_ms: int) -> None:
        """The agent stops or the target leaves: runs whose verdict still waits for others are evidence all the same."""
        self._fold_held(slot, None)
        self._reprobes.forget(slot.target.id)
        self._apply(slot, ended(slot.track, slot.target.policy, at_ms))

    def apply(self, slot: Slot, step: Step) -> None:
        """Write what a step entails that no run caused: how a target begins."""
        self._apply(slot, step)

    def rewired(self, old: Iterable[PathWatch], wiring: Wiring) -> None:
        """After a reload: end the loss of paths that are gone, and blind exactly what lies behind the lost ones now."""
        now_ms = self._clock.boottime_ms()
        current = {id(watch) for watch in wiring.watches.values()}
        for watch in old:
            if id(watch) not in current and watch.lost_since_ms is not None:
                self._journal.write(BlindEnd(watch.path.id, UnknownCause.MONITOR_NET, now_ms))
        for slot in wiring.slots.values():
            lost = {watch.path.id: watch for watch in slot.paths if watch.lost_since_ms is not None}
            for path_id in slot.blind - lost.keys() - {""}:
                self._see_again(slot, path_id, now_ms)
            for path_id in lost.keys() - slot.blind:
                self._blind(slot, path_id, UnknownCause.MONITOR_NET, now_ms)
            if self._disk_full and "" not in slot.blind:
                self._blind(slot, "", UnknownCause.DISK, now_ms)

    # -- one run ------------------------------------------------------------------------------------------------------

    def _judge(self, slot: Slot, run: CompletedRun) -> None:
        if slot.held:
            slot.held.append(run)
            self._confirm_soon(slot)
            return
        step = completed(slot.track, slot.target.policy, run)
        confirms = step.track.state is State.DOWN and slot.track.state is not State.DOWN
        if confirms and not may_decide(slot):
            slot.held.append(run)
            slot.hold_until_ms = self._clock.boottime_ms() + HOLD_MS
            self._held[slot.target.id] = slot
            self._confirm_soon(slot)
            return
        self._apply(slot, step)
        if slot.unconfirmed:
            self._doubt(slot)

    def _doubt(self, slot: Slot) -> None:
        """An unconfirmed failure: probe it again fast, and everything it is reached through at once."""
        self._confirm_soon(slot)
        since_ms = slot.failing_since_ms or 0
        for ancestor in slot.ancestors():
            self._ask(ancestor, since_ms)
        for watch in slot.paths:
            for anchor in watch.anchors:
                self._ask(anchor, since_ms)

    def _confirm_soon(self, lane: Lane) -> None:
        policy = lane.target.policy
        self._reprobes.want(lane.target.id, lane.last_start_ms + max(policy.confirm_interval_ms, policy.timeout_ms))

    def _ask(self, lane: Lane, since_ms: int) -> None:
        """Have lane probed now, unless it has been since then; never more often than its confirm_interval."""
        if lane.last_start_ms >= since_ms or lane.running_since_ms is not None:
            return
        earliest_ms = lane.last_start_ms + lane.target.policy.confirm_interval_ms
        self._reprobes.want(lane.target.id, max(self._clock.boottime_ms(), earliest_ms))

    def _release(self, slot: Slot) -> None:
        self._fold_held(slot, None)
        if slot.unconfirmed:
            self._doubt(slot)

    def _fold_held(self, slot: Slot, before_ms: int | None) -> None:
        """Take the held runs into the track, as far as they started before that instant; the others are no evidence."""
        runs, slot.held, slot.hold_until_ms = slot.held, [], None
        self._held.pop(slot.target.id, None)
        for run in runs:
            if before_ms is None or run.start_ms < before_ms:
                self._apply(slot, completed(slot.track, slot.target.policy, run))

    def _apply(self, slot: Slot, step: Step) -> None:
        slot.track = step.track
        if step.soft is not None:
            soft = step.soft
            self._journal.write(SoftFailure(slot.target.id, soft.first_start_ms, soft.failures, soft.cause))
        for transition in step.transitions:
            slot.uncommitted.append(transition.effective_at_ms)
            self._journal.write(transition, lambda t=transition: self._show(slot, t))  # type: ignore[misc]

    # -- what is shown ------------------------------------------------------------------------------------------------

    def _show(self, slot: Slot, transition: Transition) -> None:
        before, explained = slot.shown, known_down(slot)
        slot.uncommitted.popleft()
        slot.tell(transition.effective_at_ms, transition.state)
        slot.book(bookable_until(slot, self._clock.boottime_ms()))
        slot.shown = Shown(transition.state, transition.cause, transition.effective_at_ms, transition.confirmed_at_ms)
        if transition.state is not State.UNKNOWN:
            slot.last_known_up = transition.state is not State.DOWN
        if transition.state is State.DOWN:
            slot.down_since_ms = transition.effective_at_ms
        if before.state is not transition.state:
            say = log.debug if _first_look(before, transition) else log.info
            say(
                "state_changed",
                target=slot.target.id,
                state=transition.state.name.lower(),
                was=before.state.name.lower(),
                cause=transition.cause.value,
            )
        self._publish.target(slot)
        if explained or known_down(slot):
            for child in slot.descendants():
                self._publish.target(child)

    def _tell_ancestors(self, slot: Slot, start_ms: int) -> None:
        for ancestor in slot.ancestors():
            first = known_down(ancestor) and not passing(ancestor)
            ancestor.below_answer_ms = max(ancestor.below_answer_ms, start_ms)
            if first and passing(ancestor):
                self._publish.target(ancestor)
                for child in ancestor.descendants():
                    self._publish.target(child)

    # -- paths --------------------------------------------------------------------------------------------------------

    def _tell_paths(self, slot: Slot, run: CompletedRun, *, success: bool) -> None:
        for watch in slot.paths:
            if success:
                watch.last_answer_ms = max(watch.last_answer_ms, run.start_ms)
                if watch.lost_since_ms is not None and run.start_ms >= watch.lost_since_ms:
                    self._path_back(watch, run.start_ms)
            elif _counts_against_path(run):
                watch.last_failure_ms = max(watch.last_failure_ms, run.start_ms)
                self._judge_path(watch)

    def _judge_path(self, watch: PathWatch) -> None:
        start_ms = None if watch.lost_since_ms is not None else loss_start(watch)
        if start_ms is None:
            return
        start_ms = max([start_ms, *(committed_until(slot) for slot in watch.behind)])
        watch.lost_since_ms = watch.changed_ms = start_ms
        log.warning("path_lost", path=watch.path.id, targets=len(watch.behind))
        self._journal.write(BlindStart(watch.path.id, UnknownCause.MONITOR_NET, start_ms))
        for slot in watch.behind:
            self._blind(slot, watch.path.id, UnknownCause.MONITOR_NET, start_ms)
        self._publish.path(watch)

    def _excuse(self, slot: Slot, run: CompletedRun) -> None:
        """A held target answers right after its path stuttered: the path failed, not the target."""
        begin_ms, end_ms = stutter_of(slot)
        if run.start_ms < end_ms or begin_ms >= end_ms:
            return
        scope, cause = slot.target.id, UnknownCause.MONITOR_NET
        self._fold_held(slot, begin_ms)
        self._journal.write(BlindStart(scope, cause, begin_ms))
        self._apply(slot, blinded(slot.track, slot.target.policy, begin_ms, cause))
        self._journal.write(BlindEnd(scope, cause, end_ms))
        self._apply(slot, cleared(slot.track, end_ms, cause))

    def _blind(self, slot: Slot, scope: str, cause: UnknownCause, start_ms: int) -> None:
        self._fold_held(slot, start_ms)
        self._reprobes.forget(slot.target.id)
        slot.blind.add(scope)
        at_ms = max(start_ms, known_since(slot))
        self._apply(slot, blinded(slot.track, slot.target.policy, at_ms, cause))

    def _path_back(self, watch: PathWatch, end_ms: int) -> None:
        watch.lost_since_ms = None
        watch.changed_ms = end_ms
        log.info("path_back", path=watch.path.id, targets=len(watch.behind))
        self._journal.write(BlindEnd(watch.path.id, UnknownCause.MONITOR_NET, end_ms))
        for slot in watch.behind:
            self._see_again(slot, watch.path.id, end_ms)
        self._publish.path(watch)

    def _see_again(self, slot: Slot, scope: str, end_ms: int, cause: UnknownCause = UnknownCause.MONITOR_NET) -> None:
        slot.blind.discard(scope)
        self._apply(slot, cleared(slot.track, end_ms, cause))
        if slot.blind:
            return
        slot.failing_since_ms = None
        slot.failures_in_row = 0
        self._reprobes.want(slot.target.id, self._clock.boottime_ms())


def _first_look(before: Shown, transition: Transition) -> bool:
    """After a start all that is well would be said once more: ten thousand lines in which none matters."""
    return before.cause in (UnknownCause.NOT_YET, UnknownCause.AGENT_OFF) and transition.state is State.UP


def _counts_against_path(run: CompletedRun) -> bool:
    return run.verdict is Verdict.FAILED or run.reason is Reason.NO_ROUTE


def _run_in_time(slot: Slot) -> bool:
    """A run that started before the grace ran out is still going: its verdict is waited for."""
    if slot.running_since_ms is None:
        return False
    policy = slot.target.policy
    return slot.running_since_ms <= slot.last_start_ms + policy.interval_ms + policy.grace_ms
