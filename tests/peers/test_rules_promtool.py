"""Every alert fires where it should, and its twin one label or one state away stays silent: `promtool test rules`."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from agent.explain.texts import explain
from agent.model import Reason, Role
from dashboards.rules.all_rules import alerts
from dashboards.settings import BuildSettings
from tests.peers.rule_story import ANY_HOUR, STEP, Spans, Story

pytestmark = [pytest.mark.peers, pytest.mark.timeout(180)]

CONFIG = Path(__file__).parents[2] / "config"
ROOM, CUT, SERVICE = "SansangConferencePointDown", "SansangSiteCutOff", "SansangServiceDown"
FALLS = ((1, 4), (0, 100))  # down from step 4 on
SETTLE = BuildSettings().timing.resolve_hold // STEP


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_committed_files_pass_every_linter() -> None:
    rules = [str(file) for file in sorted((CONFIG / "prometheus/rules").glob("*/*.yml"))]
    assert len(rules) == 4
    assert "FAILED" not in run("promtool", "check", "rules", "--lint=all", "--lint-fatal", *rules)
    assert "SUCCESS" in run(
        "promtool", "check", "config", "--lint=all", "--lint-fatal", str(CONFIG / "prometheus/prometheus.yml")
    )
    assert "SUCCESS" in run("amtool", "check-config", str(CONFIG / "alertmanager/alertmanager.yml"))


@pytest.mark.parametrize(
    ("role", "alert"),
    [("conference", ROOM), ("uplink", CUT), ("one-stop", SERVICE), ("portal", SERVICE), ("service", SERVICE)],
)
def test_what_is_down_fires_once_and_nothing_else(tmp_path: Path, role: str, alert: str) -> None:
    story = Story(40).agent().target("a/x", role, FALLS)
    for each in (ROOM, CUT, SERVICE):
        story.firing(each, (3, 0), (4, 0), (6, int(each == alert)), (39, int(each == alert)))
    story.check(tmp_path)


@pytest.mark.parametrize("role", ["lan", "device"])
def test_roles_that_have_no_alert_of_their_own(tmp_path: Path, role: str) -> None:
    story = Story(40).agent().target("a/x", role, FALLS)
    for each in (ROOM, CUT, SERVICE):
        story.firing(each, (39, 0))
    story.check(tmp_path)


@pytest.mark.parametrize("excuse", ["maintenance", "passing", "upstream"])
@pytest.mark.parametrize(("role", "alert"), [("conference", ROOM), ("uplink", CUT), ("portal", SERVICE)])
def test_the_twin_with_an_excuse_stays_silent(tmp_path: Path, role: str, alert: str, excuse: str) -> None:
    excused = {excuse: ((0, 4), (1, 100))}
    Story(40).agent().target("a/x", role, FALLS, **excused).firing(alert, (6, 0), (39, 0)).check(tmp_path)


def test_a_failure_of_one_evaluation_is_nobodys_alert(tmp_path: Path) -> None:
    Story(40).agent().target("a/x", "conference", ((1, 4), (0, 1), (1, 40))).firing(ROOM, (4, 0), (5, 0), (6, 0)).check(
        tmp_path
    )


def test_a_recovery_ends_it_after_settling_and_flapping_is_one_alert(tmp_path: Path) -> None:
    flaps = ((1, 4), (0, 4), (1, SETTLE - 1), (0, 4), (1, 40))
    last_down = 4 + 4 + SETTLE - 1 + 4 - 1
    steps = [(step, 1) for step in range(5, last_down + SETTLE)]
    over = last_down + SETTLE + 1
    Story(60).agent().target("a/x", "conference", flaps).firing(ROOM, *steps, (over, 0), (over + 1, 0)).check(tmp_path)


def test_one_of_two_lines_down_is_no_cut_and_both_are(tmp_path: Path) -> None:
    both = ((1, 20), (0, 100))
    story = Story(60).agent().target("a/one", "uplink", FALLS).target("a/two", "uplink", both)
    story.target("b/one", "uplink", FALLS).target("b/two", "uplink").firing(CUT, (19, 0), (22, 2)).check(tmp_path)


def test_room_told_first_is_not_resolved_when_its_uplink_goes_too(tmp_path: Path) -> None:
    """Down at 4, told; its uplink confirmed at 20: the room goes on until it is back, whatever the uplink."""
    room: Spans = ((1, 4), (0, 36), (1, 60))
    explained: Spans = ((0, 20), (1, 20), (0, 60))
    story = Story(100).agent().target("a/room", "conference", room, upstream=explained)
    story.target("a/uplink", "uplink", ((1, 20), (0, 40), (1, 40)))
    story.firing(ROOM, (6, 1), (21, 1), (39, 1), (40 + SETTLE + 1, 0)).firing(CUT, (19, 0), (22, 1), (59, 1), (70, 0))
    story.check(tmp_path)


def test_uplink_back_first_gives_its_room_a_round_and_then_tells(tmp_path: Path) -> None:
    """Both down from 4 on, the uplink back at 20: a room back at 24 was never told, one that stays down is."""
    story = Story(60).agent().target("a/uplink", "uplink", ((1, 4), (0, 16), (1, 60)))
    story.target("a/room", "conference", ((1, 4), (0, 20), (1, 60)), upstream=((0, 4), (1, 16), (0, 60)))
    story.target("a/dead", "conference", FALLS, upstream=((0, 4), (1, 16), (0, 60)))
    story.firing(ROOM, *((step, 0) for step in range(4, 20 + SETTLE)), (20 + SETTLE + 2, 1)).check(tmp_path)


def test_a_site_with_two_lines_is_cut_off_with_the_second(tmp_path: Path) -> None:
    """The room answers over the second line, so the first is "silent but passing", for good: that excuses it not."""
    dies = ((1, 20), (0, 40))
    story = Story(60).agent().target("a/first", "uplink", FALLS, passing=((0, 4), (1, 56)))
    story.target("a/second", "uplink", dies).target("a/room", "conference", dies, upstream=((0, 20), (1, 40)))
    story.firing(CUT, (19, 0), (24, 2), (59, 2)).firing(ROOM, (59, 0)).check(tmp_path)


def test_a_line_that_filters_ping_is_no_cut_while_something_behind_it_answers(tmp_path: Path) -> None:
    """Nothing answers behind the second line, which is down; the room stands behind the first."""
    story = Story(60).agent().target("a/first", "uplink", FALLS, passing=((0, 4), (1, 56)))
    story.target("a/second", "uplink", ((1, 20), (0, 40))).target("a/room", "conference")
    story.firing(CUT, (19, 0), (24, 0), (59, 0)).check(tmp_path)


def test_another_site_goes_its_own_way(tmp_path: Path) -> None:
    story = Story(40).agent().target("a/uplink", "uplink", FALLS)
    story.target("a/room", "conference", FALLS, upstream=((0, 4), (1, 100))).target("b/room", "conference", FALLS)
    story.firing(CUT, (39, 1)).firing(ROOM, (39, 1)).check(tmp_path)


def test_a_target_taken_out_by_a_reload_ends_its_alert(tmp_path: Path) -> None:
    gone = dict.fromkeys(("maintenance", "passing", "upstream"), ((0, 20), ("stale", 1), ("_", 60)))
    story = Story(60).agent().target("a/room", "conference", ((1, 4), (0, 16), ("stale", 1), ("_", 60)), **gone)
    story.firing(ROOM, (19, 1), (20 + SETTLE, 0), (59, 0)).check(tmp_path)


def absent(absent_steps: int, settings: BuildSettings) -> Story:
    """A room down from 4 on, told; a cut site with its room; the agent silent from 12 on, then back as it was."""
    silence = (("stale", 1), ("_", absent_steps - 1))
    story = Story(12 + absent_steps + 40, settings).agent((1, 12), (0, absent_steps), (1, 40))

    def shown(*before: tuple[object, int], after: int) -> Spans:
        return (*before, *silence, (after, 40))

    calm, down = shown((0, 12), after=0), shown((1, 4), (0, 8), after=0)
    quiet = {"maintenance": calm, "passing": calm}
    story.target("a/room", "conference", down, upstream=calm, **quiet)
    story.target("b/uplink", "uplink", down, upstream=calm, **quiet)
    behind = shown((0, 4), (1, 8), after=1)
    return story.target("b/room", "conference", down, upstream=behind, **quiet)


BOUND = replace(ANY_HOUR, agent_absent_seconds=600)
BOUND_STEPS = BOUND.agent_absent_seconds // STEP


@pytest.mark.parametrize("steps", [1, 2, BOUND_STEPS - 1])
def test_the_agent_absent_within_the_bound_changes_nothing(tmp_path: Path, steps: int) -> None:
    each = [(step, 1) for step in range(6, 12 + steps + 40)]
    absent(steps, BOUND).firing(ROOM, *each).firing(CUT, *each).check(tmp_path)


def test_the_agent_absent_beyond_the_bound_promises_only_its_own_silence(tmp_path: Path) -> None:
    """The last good scrape is step 11: carried until the bound, kept for settle, then only the silence is told."""
    end = 11 + BOUND_STEPS
    story = absent(BOUND_STEPS + 30, BOUND)
    for each in (ROOM, CUT):
        story.firing(each, (end, 1), (end + SETTLE + 1, 0), (end + 29, 0), (end + 34, 1))
    story.firing("SansangAgentSilent", (11 + 12, 0), (11 + 14, 1), (end + 29, 1)).check(tmp_path)


def test_recovered_while_the_agent_was_away_is_told_when_it_is_back(tmp_path: Path) -> None:
    calm = ((0, 12), ("stale", 1), ("_", 7), (0, 40))
    quiet = {"maintenance": calm, "passing": calm, "upstream": calm}
    known = ((1, 4), (0, 8), ("stale", 1), ("_", 7), (1, 40))
    story = Story(60).agent((1, 12), (0, 8), (1, 40)).target("a/room", "conference", known, **quiet)
    story.firing(ROOM, (19, 1), (20 + SETTLE, 0)).check(tmp_path)


def test_agent_silent_waits_longer_than_a_restart(tmp_path: Path) -> None:
    silent = BuildSettings().timing.absent_after // STEP
    again = 4 + silent + 10
    story = Story(again + 40).agent((1, 4), (0, silent), (1, 10), (0, 40))
    story.firing("SansangAgentSilent", (4 + silent, 0), (again + silent - 1, 0), (again + silent, 1)).check(tmp_path)


def test_agent_that_is_not_scraped_at_all_is_silent_too(tmp_path: Path) -> None:
    silent = BuildSettings().timing.absent_after // STEP
    Story(40).firing("SansangAgentSilent", (silent - 1, 0), (silent + 1, 1)).check(tmp_path)


def test_monitor_blind_and_its_twins(tmp_path: Path) -> None:
    """Lost; working; lost across a restart (not judged for three steps); nobody's target is told meanwhile."""
    blind = "SansangPathLost"
    story = Story(60).agent((1, 12), (0, 4), (1, 60))
    story.shows("sansang_path_up", ((1, 4), (0, 8), ("stale", 1), ("_", 6), (0, 10), (1, 40)), path="wan")
    story.shows("sansang_path_up", ((1, 60),), path="lan").target("a/room", "conference")
    story.firing(blind, (4, 0), *((step, 1) for step in range(6, 29)), (28 + SETTLE + 1, 0)).firing(ROOM, (20, 0))
    story.check(tmp_path)


def test_certificate_is_told_so_many_days_before(tmp_path: Path) -> None:
    """Time begins at 0, so the value is when it expires. A failed run or a restart without a date changes nothing."""
    alert, days = "SansangCertificateExpiring", 86400 * BuildSettings().certificate_days
    story = (
        Story(60).agent().target("a/web", "portal").target("a/new", "portal").target("a/gone", "portal", (("_", 60),))
    )
    story.shows("sansang_tls_expiry_timestamp_seconds", ((days - 1, 15), ("stale", 1), ("_", 44)), target="a/web")
    story.shows("sansang_tls_expiry_timestamp_seconds", ((days + 3600, 60),), target="a/new")
    story.shows("sansang_tls_expiry_timestamp_seconds", ((days - 1, 60),), target="a/gone")
    story.firing(alert, (4, 0), (SETTLE + 1, 1), (30, 1), (59, 1)).check(tmp_path)


def test_certificate_that_was_renewed_ends_it(tmp_path: Path) -> None:
    days = 86400 * BuildSettings().certificate_days
    story = Story(60).agent().target("a/web", "portal")
    story.shows("sansang_tls_expiry_timestamp_seconds", ((days - 1, 15), (days + 9999999, 45)), target="a/web")
    story.firing("SansangCertificateExpiring", (14, 1), (15 + SETTLE, 0)).check(tmp_path)


def test_the_watchdog_always_fires(tmp_path: Path) -> None:
    Story(10).agent((0, 10)).firing("SansangWatchdog", (0, 1), (9, 1)).check(tmp_path)


def test_the_ledgers_head_is_told_once_a_day_with_its_hash_and_an_absence_tells_no_other(tmp_path: Path) -> None:
    """Another head is another alert; the old one ends with its series; while the agent is away there is none."""
    alert, sample = "SansangLedgerHead", "sansang_ledger_daily_head_info"
    first, second = ({"seq": seq, "hash": seq * 32} for seq in ("12", "34"))
    story = Story(60).agent((1, 40), (0, 10), (1, 10))
    story.shows(sample, ((1, 20), ("stale", 1)), **first)
    story.shows(sample, (("_", 20), (1, 20), ("stale", 1), ("_", 9), (1, 10)), **second)
    story.firing(alert, (1, 1), (19, 1), (21, 1), (45, 0), (52, 1))
    row = next(one for one in alerts(story.settings) if one.name == alert)
    text = row.description.vi
    for label, value in ({"instance": "a:1"} | second).items():
        text = text.replace(f"{{{{ $labels.{label} }}}}", value)
    assert f"--anchor 34:{'34' * 32}" in text
    annotations = {
        "summary": row.summary.vi,
        "description": text,
        "dashboard_url": f"{story.settings.grafana_url}{row.board}",
    }
    story.says(alert, 30, {"severity": "info"} | second, annotations).check(tmp_path)


@pytest.mark.parametrize(("role", "ready", "of"), [("conference", 4, 6), ("portal", 0, 2)])
def test_k_of_n_per_level_and_role(tmp_path: Path, role: str, ready: int, of: int) -> None:
    """Two communes and their district; up and degraded are ready; the district's own points are of another level."""
    story = Story(4).agent()
    counts = {
        ("u1", "conference"): (1, 1, 1, 0), ("u2", "conference"): (1, 1, 0, 1), ("d", "conference"): (9, 0, 0, 0),
        ("u1", "portal"): (0, 0, 2, 0),
    }  # fmt: skip
    for (unit, kind), numbers in counts.items():
        for state, number in zip(("up", "degraded", "down", "unknown"), numbers, strict=True):
            story.shows("sansang_unit_targets", ((number, 4),), unit=unit, role=kind, state=state)
    for unit, level in (("u1", "commune"), ("u2", "commune"), ("d", "district")):
        story.shows("sansang_unit_info", ((1, 4),), unit=unit, level=level, name=unit)
    for end, value in (("ready", ready), ("sum", of), ("ready_ratio", ready / of)):
        where = f'{{level="commune", role="{role}", job="sansang"}}'
        story.value(f"sum(level_role:sansang_unit_targets:{end}{where})", (3, value))
    story.check(tmp_path)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_it_says(tmp_path: Path, language: str) -> None:
    """Place by its name, since when on the office's clock, the reason and what to try; links."""
    settings = replace(ANY_HOUR, runbook_url="https://r", grafana_url="https://g")
    said = explain(Role.CONFERENCE, Reason.REFUSED, language)
    begun = {"vi": "Điểm cầu tại UBND xã A hỏng từ 07:01 01/01/1970.",
             "en": "The conference point at UBND xã A is down since 07:01 01/01/1970."}[language]  # fmt: skip
    (row,) = (row for row in alerts(settings) if row.name == ROOM)
    labels = {"role": "conference", "site": "a", "target": "a/room"}
    story = Story(20, settings).agent().target("a/room", "conference", FALLS)
    story.shows("sansang_target_state_since_timestamp_seconds", ((60, 20),), **labels)
    story.shows("sansang_target_up", ((1, 4), (0, 16)), **labels)
    story.shows("sansang_target_down_reason", (("_", 4), (1, 16)), reason="refused", **labels)
    story.shows("sansang_site_info", ((1, 20),), site="a", name="UBND xã A")
    annotations = {
        "summary": row.summary.to(language),
        "description": f"{begun} {said.what} → {said.advice}",
        "runbook_url": f"https://r/{ROOM}.md",
        "dashboard_url": "https://g/d/sansang-site?var-site=a",
    }
    story.says(ROOM, 10, labels | {"severity": "critical"}, annotations).check(tmp_path, language)
