"""What must be mended on the agent's own machine: it fires, stands while nobody can tell, and ends when mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboards.settings import BuildSettings
from tests.peers.rule_story import STEP, Spans, Story

pytestmark = [pytest.mark.peers, pytest.mark.timeout(180)]

SETTLE = BuildSettings().timing.resolve_hold // STEP
MINUTE = 60 // STEP
FLAGS = {
    "SansangLedgerNotWritable": ("sansang_ledger_writable", MINUTE),
    "SansangClockNotSynchronised": ("sansang_clock_synchronised", 15 * MINUTE),
    "SansangReloadFailed": ("sansang_config_last_reload_successful", MINUTE),
    "SansangResolverFailing": ("sansang_resolver_up", 5 * MINUTE),
}
each_flag = pytest.mark.parametrize("alert", FLAGS)
HOUR = 3600
DAY_HOURS = BuildSettings().limits.backup_hours
BACKUP, WHOLE, COPIED = (
    "SansangBackupFailing",
    "sansang_ledger_verify_success",
    "sansang_ledger_backup_timestamp_seconds",
)


@each_flag
def test_it_is_told_after_a_while_and_ends_when_mended(tmp_path: Path, alert: str) -> None:
    sample, wait = FLAGS[alert]
    bad = wait + 20
    story = Story(bad + 40).agent().shows(sample, ((1, 10), (0, bad), (1, 40)))
    story.firing(alert, (11, 0), (10 + wait + 1, 1), (10 + bad - 1, 1), (10 + bad + SETTLE + 2, 0)).check(tmp_path)


@each_flag
def test_well_or_not_said_is_nobodys_alert(tmp_path: Path, alert: str) -> None:
    sample, _ = FLAGS[alert]
    Story(90).agent().shows(sample, ((1, 90),)).firing(alert, (89, 0)).check(tmp_path)
    Story(90).agent().firing(alert, (89, 0)).check(tmp_path)


@each_flag
def test_a_short_fault_is_nobodys_alert(tmp_path: Path, alert: str) -> None:
    sample, wait = FLAGS[alert]
    story = Story(120).agent().shows(sample, ((1, 20), (0, wait * 2 // 3), (1, 100)))
    story.firing(alert, *((step, 0) for step in range(120))).check(tmp_path)


@each_flag
def test_the_agents_silence_neither_ends_it_nor_begins_it(tmp_path: Path, alert: str) -> None:
    """Told, then away; the twin went bad just before the agent did: nobody knows whether it still is."""
    sample, wait = FLAGS[alert]
    gap: Spans = (("stale", 1), ("_", 79))
    told = Story(wait + 10 + 80 + 20).agent((1, wait + 10), (0, 80), (1, 20))
    told.shows(sample, ((0, wait + 10), *gap, (0, 20)))
    told.firing(alert, *((step, 1) for step in range(wait + 2, wait + 110))).check(tmp_path)
    unreported = Story(110).agent((1, 30), (0, 80)).shows(sample, ((1, 30 - wait // 2), (0, wait // 2), *gap))
    unreported.firing(alert, *((step, 0) for step in range(110))).check(tmp_path)


def test_a_resolver_that_answers_now_and_then_is_not_told_and_a_restart_does_not_end_it(tmp_path: Path) -> None:
    alert, sample = "SansangResolverFailing", "sansang_resolver_up"
    Story(80).agent().shows(sample, ((1, 1), (0, 2)) * 27).firing(alert, (40, 0), (79, 0)).check(tmp_path)
    again = Story(90).agent((1, 40), (0, 4), (1, 46))
    again.shows(sample, ((0, 40), ("stale", 1), ("_", 3), (1, 1), (0, 45)))
    again.firing(alert, *((step, 1) for step in range(10, 90))).check(tmp_path)


def test_a_lost_path_is_its_own_cause_and_ends_nothing(tmp_path: Path) -> None:
    alert, sample = "SansangResolverFailing", "sansang_resolver_up"
    blind = Story(80).agent().shows(sample, ((1, 10), (0, 70))).shows("sansang_path_up", ((1, 10), (0, 70)), path="wan")
    blind.firing(alert, (40, 0), (79, 0)).firing("SansangPathLost", (40, 1)).check(tmp_path)
    told = Story(80).agent().shows(sample, ((0, 80),)).shows("sansang_path_up", ((1, 30), (0, 30), (1, 20)), path="wan")
    told.firing(alert, *((step, 1) for step in range(22, 80))).check(tmp_path)


FREE, SIZE = "sansang_storage_free_bytes", "sansang_storage_size_bytes"
FULL = "SansangDiskFilling"
MIB = 1024 * 1024
WAIT = 15 * MINUTE


@pytest.mark.parametrize(
    ("size_mib", "free_mib", "told"),
    [(100_000, 9_999, 1), (100_000, 10_000, 0), (4_000, 499, 1), (4_000, 500, 0)],
)
def test_a_disk_is_told_by_its_share_or_by_what_is_left(
    tmp_path: Path, size_mib: int, free_mib: int, told: int
) -> None:
    length = WAIT + 20
    story = Story(length).agent().shows(SIZE, ((size_mib * MIB, length),)).shows(FREE, ((free_mib * MIB, length),))
    story.firing(FULL, (WAIT - 1, 0), (WAIT + 1, told)).check(tmp_path)


def test_a_disk_that_was_told_ends_with_room_and_not_with_silence(tmp_path: Path) -> None:
    told, away, after = WAIT + 10, 40, 40
    gap: Spans = (("stale", 1), ("_", away - 1))
    story = Story(told + away + after).agent((1, told), (0, away), (1, after))
    story.shows(SIZE, ((100_000 * MIB, told), *gap, (100_000 * MIB, after)))
    story.shows(FREE, ((MIB, told), *gap, (50_000 * MIB, after)))
    story.firing(FULL, (told + away - 1, 1), (told + away + SETTLE + 2, 0)).check(tmp_path)


@pytest.mark.parametrize(
    ("alert", "sample"),
    [
        ("SansangLedgerQuarantined", "sansang_ledger_quarantined"),
        ("SansangHeartbeatRefused", "sansang_ledger_heartbeat_refused"),
    ],
)
def test_what_a_start_found_is_told_until_the_next_start(tmp_path: Path, alert: str, sample: str) -> None:
    story = Story(80).agent((1, 30), (0, 5), (1, 45)).shows(sample, ((1, 30), ("stale", 1), ("_", 4), (0, 45)))
    story.firing(alert, (MINUTE + 1, 1), (34, 1), (35 + SETTLE + 2, 0)).check(tmp_path)
    Story(40).agent().shows(sample, ((0, 40),)).firing(alert, (39, 0)).check(tmp_path)


TWICE, BUILD = "SansangObserverTwice", "sansang_build_info"


def twins(steps: int, *up: tuple[object, int], instance: str = "b:1", **other: str) -> Story:
    """The agent of every story, and a second one that is scraped as ``up`` says."""
    labels = {"observer": "dc", "installation": "4f1c", "version": "1"}
    shown: Spans = tuple(("_" if not each else 1, count) for each, count in up)
    story = Story(steps).agent().shows(BUILD, ((1, steps),), **labels)
    story.shows("up", up, instance=instance)
    return story.shows(BUILD, shown, **(labels | {"instance": instance} | other))


@pytest.mark.parametrize("installation", ["90ab", "4f1c"])
def test_two_agents_of_one_observer_are_told_both(tmp_path: Path, installation: str) -> None:
    """Also where the whole machine was cloned, identity and all."""
    story = twins(60, (1, 60), installation=installation)
    story.firing(TWICE, (MINUTE - 1, 0), (MINUTE + 1, 2), (59, 2)).check(tmp_path)


def test_a_copy_behind_the_same_address_is_told(tmp_path: Path) -> None:
    story = Story(60).agent()
    for installation in ("4f1c", "90ab"):
        story.shows(BUILD, ((1, 60),), observer="dc", installation=installation)
    story.firing(TWICE, (MINUTE + 1, 1), (59, 1)).check(tmp_path)


def test_two_observers_are_nobodys_alert_nor_is_one_agent_started_anew(tmp_path: Path) -> None:
    twins(60, (1, 60), installation="90ab", observer="dc-2").firing(TWICE, (59, 0)).check(tmp_path)
    story = Story(60).agent((1, 20), (0, 4), (1, 36))
    story.shows(BUILD, ((1, 20), ("stale", 1)), observer="dc", installation="4f1c", version="1")
    story.shows(BUILD, (("_", 24), (1, 36)), observer="dc", installation="90ab", version="2")
    story.firing(TWICE, *((step, 0) for step in range(60))).check(tmp_path)


def test_the_silence_of_one_does_not_end_it_and_its_removal_does(tmp_path: Path) -> None:
    story = twins(140, (1, 30), (0, 60), ("stale", 1), ("_", 49), installation="90ab")
    story.series[-1]["values"] = "1x29 stale"
    story.firing(TWICE, (29, 2), (60, 2), (89, 2), (92 + SETTLE, 0)).check(tmp_path)


def copies(hours: int, stamps: Spans, whole: Spans, *up: tuple[object, int]) -> Story:
    """A step is ten minutes; hours long; when the last copy was made, and whether it was whole."""
    story = Story(hours * 6, step=600).agent(*up)
    return story.shows(COPIED, stamps).shows(WHOLE, whole)


def test_a_copy_that_is_too_old(tmp_path: Path) -> None:
    """Made in the first hour; the next one after 30 hours."""
    due = DAY_HOURS * 6
    story = copies(34, ((0, 180), (30 * HOUR, 24)), ((1, 204),))
    story.firing(BACKUP, (due - 1, 0), (due + 2, 1), (179, 1), (183, 0)).check(tmp_path)


def test_a_copy_that_is_not_whole(tmp_path: Path) -> None:
    story = copies(3, ((0, 18),), ((1, 6), (0, 6), (1, 6)))
    story.firing(BACKUP, (5, 0), (8, 1), (11, 1), (14, 0)).check(tmp_path)


def test_no_copy_at_all_since_the_agent_was_first_asked(tmp_path: Path) -> None:
    story = Story(180, step=600).agent()
    story.firing(BACKUP, (DAY_HOURS * 6 - 1, 0), (DAY_HOURS * 6 + 2, 1)).check(tmp_path)


def test_a_restart_knows_of_no_copy_and_that_is_no_fault(tmp_path: Path) -> None:
    """Copied at 9 h, started again at 10 h, copied at 33 h."""
    gap: Spans = (("stale", 1), ("_", 137))
    story = copies(40, ((9 * HOUR, 60), *gap, (33 * HOUR, 42)), ((1, 60), *gap, (1, 42)))
    story.firing(BACKUP, *((step, 0) for step in range(0, 240, 5))).check(tmp_path)


def test_a_restart_does_not_end_what_was_told_of_a_copy(tmp_path: Path) -> None:
    gap: Spans = (("stale", 1), ("_", 11))
    story = Story(50).agent().shows(WHOLE, ((0, 12), *gap, (1, 26)))
    story.shows(COPIED, ((0, 12), *gap, (300, 26)))
    story.firing(BACKUP, *((step, 1) for step in range(5, 24)), (24 + SETTLE + 1, 0)).check(tmp_path)


def test_overload_is_told_after_a_minute_and_ends_with_the_pace_kept(tmp_path: Path) -> None:
    alert, sample = "SansangOverloaded", "sansang_overloaded"
    story = Story(80).agent().shows(sample, ((0, 10), (1, 40), (0, 30)))
    story.firing(alert, (11, 0), (10 + MINUTE + 1, 1), (49, 1), (50 + SETTLE + 2, 0)).check(tmp_path)
    Story(60).agent().shows(sample, ((0, 60),)).firing(alert, (59, 0)).check(tmp_path)
    away = Story(80).agent((1, 20), (0, 40), (1, 20)).shows(sample, ((1, 20), ("stale", 1), ("_", 39), (1, 20)))
    away.firing(alert, (19, 1), (40, 1), (79, 1)).check(tmp_path)


def test_dropped_packets_are_told_by_probe_and_end_five_minutes_after_the_last(tmp_path: Path) -> None:
    alert, sample, window = "SansangPacketsDropped", "sansang_socket_dropped_packets_total", 300 // STEP
    story = Story(120).agent().counts(sample, ((0, 10), (40, 20), (0, 90)), probe="icmp")
    story.counts(sample, ((0, 120),), probe="dns")
    story.firing(alert, (10, 0), (10 + MINUTE + 2, 1), (29 + window - 2, 1), (30 + window + SETTLE + 2, 0))
    story.check(tmp_path)
    Story(60).agent().counts(sample, ((0, 60),), probe="icmp").firing(alert, (59, 0)).check(tmp_path)


def test_the_agents_absence_neither_ends_nor_begins_that_packets_are_dropped(tmp_path: Path) -> None:
    alert, sample = "SansangPacketsDropped", "sansang_socket_dropped_packets_total"
    gap: Spans = (("stale", 1), ("_", 39))
    away = Story(140).agent((1, 20), (0, 40), (1, 80))
    away.shows(sample, ((0, 5), *((100 * each, 1) for each in range(15)), *gap, (0, 80)), probe="sip")
    away.firing(alert, (19, 1), (30, 1), (59, 1), (60 + SETTLE + 2, 0), (139, 0)).check(tmp_path)
    well = Story(140).agent((1, 20), (0, 40), (1, 80)).shows(sample, ((7, 20), *gap, (0, 80)), probe="sip")
    well.firing(alert, (30, 0), (61, 0), (139, 0)).check(tmp_path)


JOB, JOB_WELL = "SansangJobFailing", "sansang_job_last_run_successful"


def test_a_job_that_fails_is_told_by_its_name_and_ends_with_its_next_good_turn(tmp_path: Path) -> None:
    story = Story(80).agent().shows(JOB_WELL, ((1, 80),), job_name="ledger_head")
    story.shows(JOB_WELL, ((1, 10), (0, 40), (1, 30)), job_name="ledger_days")
    story.firing(JOB, (11, 0), (10 + MINUTE + 1, 1), (49, 1), (50 + SETTLE + 2, 0)).check(tmp_path)


def test_a_restart_ends_nothing_that_was_told_of_a_job(tmp_path: Path) -> None:
    """The agent knows nothing of its head until midnight; that the days go well says nothing of it."""
    gap: Spans = (("stale", 1), ("_", 9))
    story = Story(90).agent((1, 20), (0, 4), (1, 66)).shows(JOB_WELL, ((0, 20), *gap, (1, 60)), job_name="ledger_days")
    story.shows(JOB_WELL, ((0, 20), ("stale", 1), ("_", 69)), job_name="ledger_head")
    story.firing(JOB, (19, 2), (29, 2), (30 + SETTLE + 2, 1), (89, 1)).check(tmp_path)


def test_the_copy_has_an_alert_of_its_own(tmp_path: Path) -> None:
    Story(60).agent().shows(JOB_WELL, ((0, 60),), job_name="ledger_backup").firing(JOB, (59, 0)).check(tmp_path)
