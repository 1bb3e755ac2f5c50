"""The state step, rule by rule, in whole transitions."""

from __future__ import annotations

from dataclasses import replace

from agent.availability import machine
from agent.availability.track import CompletedRun, SoftRun, Step, Track
from agent.model import Policy, Reason, State, Transition, UnknownCause, Verdict

POLICY = Policy(60_000, 5_000, 30_000, 3, 1, 5_000)
TARGET = "xa-a/room"
Told = tuple[State, object, int, int]


def run(at_s: float, reason: Reason = Reason.OK, took_ms: int = 100) -> CompletedRun:
    verdicts = {
        Reason.OK: Verdict.OK,
        Reason.HIGH_RTT: Verdict.DEGRADED,
        Reason.NO_ROUTE: Verdict.LOCAL_ERROR,
    }
    return CompletedRun(round(at_s * 1000), took_ms, verdicts.get(reason, Verdict.FAILED), reason)


def fail(at_s: float, reason: Reason = Reason.TIMEOUT, took_ms: int = 5_000) -> CompletedRun:
    return run(at_s, reason, took_ms)


class Script:
    """Feeds events to the machine and keeps what it told."""

    def __init__(self, policy: Policy = POLICY, cause: UnknownCause = UnknownCause.NOT_YET) -> None:
        self.policy = policy
        self.told: list[Told] = []
        self.softs: list[SoftRun] = []
        self.track = self._take(machine.begin(TARGET, 0, cause))
        self.told.clear()

    def _take(self, step: Step) -> Track:
        self.told += [(t.state, t.cause, t.effective_at_ms, t.confirmed_at_ms) for t in step.transitions]
        if step.soft is not None:
            self.softs.append(step.soft)
        return step.track

    def runs(self, *runs: CompletedRun) -> Script:
        for one in runs:
            self.track = self._take(machine.completed(self.track, self.policy, one))
        return self

    def expire(self, now_s: float) -> Script:
        self.track = self._take(machine.expired(self.track, self.policy, round(now_s * 1000)))
        return self

    def blind(self, at_s: float, cause: UnknownCause = UnknownCause.MONITOR_NET) -> Script:
        self.track = self._take(machine.blinded(self.track, self.policy, round(at_s * 1000), cause))
        return self

    def clear(self, at_s: float, cause: UnknownCause = UnknownCause.MONITOR_NET) -> Script:
        self.track = self._take(machine.cleared(self.track, round(at_s * 1000), cause))
        return self

    def end(self, at_s: float) -> Script:
        self.track = self._take(machine.ended(self.track, self.policy, round(at_s * 1000)))
        return self


UP, DOWN, DEGRADED, UNKNOWN = State.UP, State.DOWN, State.DEGRADED, State.UNKNOWN
CAUSE = UnknownCause


def test_begin_is_unknown_with_its_cause() -> None:
    step = machine.begin(TARGET, 7, CAUSE.AGENT_OFF)
    assert step.transitions == (Transition(TARGET, UNKNOWN, CAUSE.AGENT_OFF, 7, 7),)
    assert (step.track.state, step.track.since_ms) == (UNKNOWN, 7)


def test_w3_down_is_back_dated_and_confirmed_by_the_third_failure() -> None:
    script = Script().runs(run(0), fail(60), fail(120), fail(180), run(240))
    assert script.told == [
        (UP, Reason.OK, 0, 100),
        (DOWN, Reason.TIMEOUT, 60_000, 185_000),
        (UP, Reason.OK, 240_000, 240_100),
    ]
    assert script.softs == []


def test_w4_one_failure_is_soft() -> None:
    script = Script().runs(run(0), fail(60), run(120))
    assert script.told == [(UP, Reason.OK, 0, 100)]
    assert script.softs == [SoftRun(60_000, 1, Reason.TIMEOUT)]


def test_r2_the_end_of_the_grace_is_still_in_time() -> None:
    assert Script().runs(run(0), run(90)).told == [(UP, Reason.OK, 0, 100)]
    late = Script().runs(run(0), run(90.001))
    assert late.told[1:] == [(UNKNOWN, CAUSE.OVERLOAD, 60_000, 90_000), (UP, Reason.OK, 90_001, 90_101)]


def test_expired_tells_once_what_completed_would_tell() -> None:
    script = Script().runs(run(0))
    assert machine.expires_at(script.track, POLICY) == 90_001
    assert machine.expired(script.track, POLICY, 90_000).track is script.track
    script.expire(90.001)
    assert script.told[1:] == [(UNKNOWN, CAUSE.OVERLOAD, 60_000, 90_000)]
    assert machine.expires_at(script.track, POLICY) is None
    assert machine.expired(script.track, POLICY, 200_000).track is script.track
    script.runs(run(100))
    assert script.told[2:] == [(UP, Reason.OK, 100_000, 100_100)]


def test_a_run_that_began_in_time_undoes_the_expiry() -> None:
    policy = replace(POLICY, grace_ms=0)
    script = Script(policy).runs(run(0), fail(60), fail(120)).expire(181).runs(fail(180, took_ms=5_000))
    assert script.told[1:] == [
        (UNKNOWN, CAUSE.OVERLOAD, 180_000, 180_000),
        (DOWN, Reason.TIMEOUT, 60_000, 185_000),
    ]
    assert script.softs == []
    again = Script(policy).runs(run(0)).expire(61).runs(run(60, took_ms=3_000))
    assert again.told[1:] == [(UNKNOWN, CAUSE.OVERLOAD, 60_000, 60_000), (UP, Reason.OK, 60_000, 63_000)]


def test_r6_not_yet_until_a_run_reaches_its_threshold() -> None:
    script = Script(cause=CAUSE.AGENT_OFF).runs(fail(10), fail(15), fail(20))
    assert script.told == [
        (UNKNOWN, CAUSE.NOT_YET, 10_000, 15_000),
        (DOWN, Reason.TIMEOUT, 10_000, 25_000),
    ]


def test_r6_down_before_a_gap_is_not_resumed() -> None:
    script = Script().runs(fail(0), fail(5), fail(10), fail(200), run(260))
    assert script.told == [
        (DOWN, Reason.TIMEOUT, 0, 15_000),
        (UNKNOWN, CAUSE.OVERLOAD, 70_000, 100_000),
        (UNKNOWN, CAUSE.NOT_YET, 200_000, 205_000),
        (UP, Reason.OK, 260_000, 260_100),
    ]
    assert script.softs == [SoftRun(200_000, 1, Reason.TIMEOUT)]


def test_r7_one_outage_over_short_runs() -> None:
    policy = replace(POLICY, recover_after=2)
    runs = [fail(60), fail(120), fail(180), run(240), fail(300), run(360), run(420)]
    script = Script(policy).runs(run(0), run(30), *runs)
    assert script.told[1:] == [(DOWN, Reason.TIMEOUT, 60_000, 185_000), (UP, Reason.OK, 360_000, 420_100)]
    assert script.softs == []


def test_r9_degraded_is_a_success_and_not_damped() -> None:
    script = Script().runs(run(0), run(60, Reason.HIGH_RTT), fail(120), run(180))
    assert script.told == [
        (UP, Reason.OK, 0, 100),
        (DEGRADED, Reason.HIGH_RTT, 60_000, 60_100),
        (UP, Reason.OK, 180_000, 180_100),
    ]
    assert [soft.failures for soft in script.softs] == [1]


def test_r9_back_dated_recovery_keeps_each_verdict() -> None:
    policy = replace(POLICY, recover_after=3, fail_after=1)
    script = Script(policy).runs(fail(0), run(60), run(120), run(180, Reason.HIGH_RTT))
    assert script.told == [
        (DOWN, Reason.TIMEOUT, 0, 5_000),
        (UP, Reason.OK, 60_000, 180_100),
        (DEGRADED, Reason.HIGH_RTT, 180_000, 180_100),
    ]


def test_r10_local_error_interrupts_and_breaks_both_sides() -> None:
    script = Script().runs(fail(0), fail(5), fail(10), run(15, Reason.NO_ROUTE), fail(20), run(25))
    assert script.told[1:] == [
        (UNKNOWN, CAUSE.LOCAL_ERROR, 15_000, 15_100),
        (UNKNOWN, CAUSE.NOT_YET, 20_000, 25_000),
        (UP, Reason.OK, 25_000, 25_100),
    ]
    assert script.softs == [SoftRun(20_000, 1, Reason.TIMEOUT)]


def test_r10_beyond_grace_it_becomes_overload() -> None:
    script = Script().runs(run(0), run(60, Reason.NO_ROUTE), run(200))
    assert script.told[1:] == [
        (UNKNOWN, CAUSE.LOCAL_ERROR, 60_000, 60_100),
        (UNKNOWN, CAUSE.OVERLOAD, 120_000, 150_000),
        (UP, Reason.OK, 200_000, 200_100),
    ]


def test_r5_r19_r20_blind_hides_its_runs_and_lasts_to_the_next() -> None:
    script = Script().runs(run(0)).blind(30).runs(fail(30), fail(40)).clear(50).runs(fail(49.9), run(60))
    assert script.told[1:] == [(UNKNOWN, CAUSE.MONITOR_NET, 30_000, 30_000), (UP, Reason.OK, 60_000, 60_100)]
    assert script.softs == []


def test_r1_a_run_at_the_very_end_is_outside() -> None:
    script = Script().runs(run(0)).blind(30).clear(50).runs(run(50))
    assert script.told[-1] == (UP, Reason.OK, 50_000, 50_100)


def test_r20_a_run_begun_before_and_ended_inside_counts() -> None:
    script = Script().runs(run(0), fail(60), fail(65)).blind(72).runs(fail(70, took_ms=5_000))
    assert script.told[1:] == [
        (UNKNOWN, CAUSE.MONITOR_NET, 72_000, 72_000),
        (DOWN, Reason.TIMEOUT, 60_000, 75_000),
        (UNKNOWN, CAUSE.MONITOR_NET, 72_000, 72_000),
    ]
    assert script.softs == []
    assert script.track.state is UNKNOWN


def test_r23_a_run_cut_by_a_blind_interval_is_soft_once() -> None:
    script = Script().runs(run(0), fail(60), fail(65)).blind(72).clear(80).runs(run(120), run(180))
    assert script.softs == [SoftRun(60_000, 2, Reason.TIMEOUT)]


def test_r20_a_blind_interval_dated_back_before_the_failures_leaves_no_soft_failure() -> None:
    script = Script().runs(run(0), fail(60), fail(65)).blind(58).clear(80).runs(run(120))
    assert script.softs == []
    assert script.told[1:] == [(UNKNOWN, CAUSE.MONITOR_NET, 58_000, 58_000), (UP, Reason.OK, 120_000, 120_100)]


def test_a_run_between_two_blind_intervals_counts_though_it_ends_in_the_second() -> None:
    script = Script().runs(run(0)).blind(10).clear(20).blind(30, CAUSE.DNS).runs(run(25, took_ms=8_000))
    assert script.told[1:] == [
        (UNKNOWN, CAUSE.MONITOR_NET, 10_000, 10_000),
        (UNKNOWN, CAUSE.DNS, 30_000, 30_000),
        (UP, Reason.OK, 25_000, 33_000),
        (UNKNOWN, CAUSE.DNS, 30_000, 30_000),
    ]


def test_r3_blind_after_the_grace_leaves_a_gap_first() -> None:
    script = Script().runs(run(0)).blind(100)
    assert script.told[1:] == [
        (UNKNOWN, CAUSE.OVERLOAD, 60_000, 90_000),
        (UNKNOWN, CAUSE.MONITOR_NET, 100_000, 100_000),
    ]


def test_r3_blind_within_the_grace_but_known_later_takes_the_gap_back() -> None:
    script = Script().runs(run(0)).expire(90.001).blind(90).clear(100).runs(run(120))
    assert script.told[1:] == [
        (UNKNOWN, CAUSE.OVERLOAD, 60_000, 90_000),
        (UP, Reason.OK, 60_000, 90_000),
        (UNKNOWN, CAUSE.MONITOR_NET, 90_000, 90_000),
        (UP, Reason.OK, 120_000, 120_100),
    ]
    before_the_gap = Script().runs(run(0)).expire(90.001).blind(40)
    assert before_the_gap.told[2:] == [(UNKNOWN, CAUSE.MONITOR_NET, 40_000, 40_000)]
    after_the_grace = Script().runs(run(0)).expire(90.001).blind(90.001)
    assert after_the_grace.told[2:] == [(UNKNOWN, CAUSE.MONITOR_NET, 90_001, 90_001)]


def test_r21_overlapping_blind_causes_by_precedence() -> None:
    script = Script().runs(run(0)).blind(10, CAUSE.DNS).blind(20, CAUSE.CLOCK).blind(25, CAUSE.MONITOR_NET)
    script.clear(30, CAUSE.CLOCK).clear(35).clear(40, CAUSE.DNS).runs(run(60))
    assert [(cause, at) for _, cause, at, _ in script.told[1:]] == [
        (CAUSE.DNS, 10_000),
        (CAUSE.CLOCK, 20_000),
        (CAUSE.MONITOR_NET, 30_000),
        (CAUSE.DNS, 35_000),
        (Reason.OK, 60_000),
    ]


def test_two_blind_intervals_of_one_cause_want_two_ends() -> None:
    script = Script().runs(run(0)).blind(10).blind(20).clear(30).runs(run(35)).clear(40).runs(run(45))
    assert script.told[1:] == [(UNKNOWN, CAUSE.MONITOR_NET, 10_000, 10_000), (UP, Reason.OK, 45_000, 45_100)]


def test_r3_r14_clean_stop_within_and_beyond_the_grace() -> None:
    assert Script().runs(run(0), fail(60)).end(150).told == [(UP, Reason.OK, 0, 100)]
    late = Script().runs(run(0), fail(60)).end(150.001)
    assert late.told[1:] == [(UNKNOWN, CAUSE.OVERLOAD, 120_000, 150_000)]
    assert late.softs == [SoftRun(60_000, 1, Reason.TIMEOUT)]


def test_down_keeps_the_reason_that_confirmed_it() -> None:
    script = Script().runs(fail(0), fail(5), fail(10, Reason.REFUSED), fail(15), fail(20))
    assert script.told == [(DOWN, Reason.REFUSED, 0, 15_000)]


def test_a_run_from_before_the_track_is_no_evidence() -> None:
    track = machine.begin(TARGET, 1_000, CAUSE.AGENT_OFF).track
    assert machine.completed(track, POLICY, run(0.9)).track is track


def test_a_longer_interval_after_a_reload_opens_no_gap() -> None:
    script = Script(replace(POLICY, interval_ms=600_000)).runs(run(0))
    script.policy = POLICY
    assert script.runs(run(400)).told == [(UP, Reason.OK, 0, 100)]
    script.policy = replace(POLICY, interval_ms=600_000)
    assert script.runs(run(900)).told == [(UP, Reason.OK, 0, 100)]


def test_a_longer_interval_after_a_reload_opens_no_gap_before_a_blind_interval() -> None:
    script = Script(replace(POLICY, interval_ms=15_000, grace_ms=5_000)).runs(run(0))
    script.policy = POLICY
    assert script.blind(40).told[1:] == [(UNKNOWN, CAUSE.MONITOR_NET, 40_000, 40_000)]


def test_a_longer_interval_takes_no_gap_back_that_came_before_it() -> None:
    script = Script(replace(POLICY, interval_ms=15_000, grace_ms=5_000)).runs(run(0)).expire(21)
    script.policy = POLICY
    assert script.runs(run(40)).told[1:] == [
        (UNKNOWN, CAUSE.OVERLOAD, 15_000, 20_000),
        (UP, Reason.OK, 40_000, 40_100),
    ]


def test_corrections_unlearn_what_was_written() -> None:
    base = Script().runs(run(0)).track
    written = (Transition(TARGET, UNKNOWN, CAUSE.OVERLOAD, 60_000, 90_000),)
    assert machine.corrections(base, written, (), 95_000) == (Transition(TARGET, UP, Reason.OK, 60_000, 95_000),)
    down = Transition(TARGET, DOWN, Reason.TIMEOUT, 70_000, 95_000)
    assert machine.corrections(base, written, (down,), 95_000) == (
        Transition(TARGET, UP, Reason.OK, 60_000, 95_000),
        down,
    )
    assert machine.corrections(base, written, written, 95_000) == ()
