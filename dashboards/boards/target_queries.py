"""PromQL that several boards share: states, now and over time, and figures of the last run."""

from __future__ import annotations

from agent.model import State
from dashboards import queries as q
from dashboards.display_values import CUT_OFF, DASH
from dashboards.queries import series


def ready_of_all(*matchers: str) -> str:
    """``queries.k_of_n`` of these targets in total."""
    state = series("sansang_target_state", *matchers)
    ready = f"(sum({state} == bool {State.UP}) + sum({state} == bool {State.DEGRADED}))"
    down, unknown = (f"sum({state} == bool {value})" for value in (State.DOWN, State.UNKNOWN))
    return q.or_silent(q.k_of_n("", ready, f"count({state})", down, unknown), k=DASH, n=DASH)


def with_why(expr: str) -> str:
    """With the label ``why``, role and reason, which ``reason_mappings`` maps to a sentence."""
    return f'label_join({expr}, "why", ".", "role", "reason")'


def state_history(*matchers: str) -> str:
    """The worst confirmed state of each step, so that a short outage is not lost; or CUT_OFF."""
    state, parent = (
        f"{series(name, *matchers)}[$__rate_interval]"
        for name in ("sansang_target_state", "sansang_target_upstream_down")
    )
    down = f"(min_over_time({state}) == bool {State.DOWN})"
    worst = f"max_over_time({state}) * (1 - {down})"  # of the others the higher number is the worse
    cut_off = f"{down} * on (instance, target) max_over_time({parent})"
    return f"({worst} + on (instance, target) group_left () {CUT_OFF} * {cut_off})"


def state_or_cut_off(*matchers: str) -> str:
    """The state; CUT_OFF where a target is down only because its parent is."""
    state, parent = (series(name, *matchers) for name in ("sansang_target_state", "sansang_target_upstream_down"))
    cut_off = f"({state} == bool {State.DOWN}) * on (instance, target) {parent}"
    return f"({state} + on (instance, target) group_left () ({CUT_OFF} * {cut_off}))"


def measured(sample: str, *matchers: str) -> str:
    """A figure of the last run, without targets that are unknown or cut off, for which it means nothing.

    Packet loss only of targets that work, and below 100 %: a line that answers nothing is shown by its state.
    """
    if sample == "sansang_packet_loss_ratio":
        return f"({series(sample, *matchers)} < 1 and on (instance, target) {working(*matchers)})"
    not_unknown = f"{series('sansang_target_state', *matchers)} != {State.UNKNOWN}"
    cut_off = f"{series('sansang_target_upstream_down', *matchers)} == 1"
    return (
        f"({series(sample, *matchers)} and on (instance, target) {not_unknown} unless on (instance, target) {cut_off})"
    )


def working(*matchers: str) -> str:
    """The state of targets that are up or degraded."""
    return f"({series('sansang_target_state', *matchers)} > {State.DOWN} < {State.UNKNOWN})"


def days_left(expr: str) -> str:
    """Days until a Unix time."""
    return f"({expr} - time()) / 86400"
