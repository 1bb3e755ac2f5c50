"""Conference points that limp or flap, many of them at once, the spare line, and names: `promtool test rules`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from agent.explain.texts import explain
from agent.model import Role
from agent.probes.icmp.reasons import IcmpReason
from dashboards.settings import AlertLimits, BuildSettings
from tests.peers.rule_story import ANY_HOUR, STEP, Spans, Story

pytestmark = [pytest.mark.peers, pytest.mark.timeout(180)]

SETTLE = BuildSettings().timing.resolve_hold // STEP
LIMITS = AlertLimits()
LASTING, WITHIN = LIMITS.degraded_seconds // STEP, LIMITS.degraded_within // STEP
FALLS = ((1, 4), (0, 100))
LIMPS, FLAPS, MANY = "SansangConferencePointDegraded", "SansangTargetFlapping", "SansangManyPointsDown"
SPARE, CUT, NAMES = "SansangUplinkRedundancyLost", "SansangSiteCutOff", "SansangDnsServerDown"
ROOM, SERVICE = "SansangConferencePointDown", "SansangServiceDown"
X = {"role": "conference", "site": "a", "target": "a/room"}


def limping(story: Story, states: Spans, seconds: Spans | None = None, **also: Spans) -> Story:
    """The state step by step; a degraded step is booked as such, unless told otherwise."""
    booked = seconds or tuple(
        (STEP if state == 2 else state if isinstance(state, str) else 0, n) for state, n in states
    )
    story.target(X["target"], X["role"], **also).shows("sansang_target_state", states, **X)
    return story.counts("sansang_target_state_seconds_total", booked, state="degraded", **X)


def test_degraded_for_minutes_is_told_and_ends_when_runs_are_good(tmp_path: Path) -> None:
    story = limping(Story(140).agent(), ((1, 10), (2, 40), (1, 90)))
    begins = 10 + LASTING
    story.firing(LIMPS, (begins - 2, 0), (begins + 2, 1), (50, 1), (139, 0)).firing(ROOM, (139, 0)).check(tmp_path)


def test_bad_in_every_second_run_is_degraded_and_in_every_fifth_is_not(tmp_path: Path) -> None:
    half = limping(Story(100).agent(), ((2, 2), (1, 1)) * 33)
    half.firing(LIMPS, (LASTING, 0), (WITHIN + 5, 1), (95, 1)).check(tmp_path)
    limping(Story(100).agent(), ((2, 1), (1, 4)) * 20).firing(LIMPS, *((step, 0) for step in range(0, 100, 7))).check(
        tmp_path
    )


@pytest.mark.parametrize("state", [0, 1, 3])
def test_a_point_in_another_state_is_not_degraded_whatever_was_booked(tmp_path: Path, state: int) -> None:
    story = limping(Story(80).agent(), ((state, 80),), ((STEP, 80),))
    story.firing(LIMPS, (40, 0), (79, 0)).check(tmp_path)


def test_a_degraded_point_in_maintenance_is_nobodys_alert(tmp_path: Path) -> None:
    story = limping(Story(100).agent(), ((2, 100),), maintenance=((0, 4), (1, 60), (0, 36)))
    story.firing(LIMPS, (LASTING + 4, 0), (64, 0), (64 + 5, 0)).check(tmp_path)


def test_the_agent_away_its_restart_and_a_lost_path_do_not_end_it(tmp_path: Path) -> None:
    """Told at 22; silent from 40 for ten minutes, unknown for two after that, then unknown again: a lost path."""
    away = (("stale", 1), ("_", 39))
    states: Spans = ((2, 40), *away, (3, 8), (2, 12), (3, 40), (2, 10))
    seconds: Spans = ((STEP, 40), *away, (0, 8), (STEP, 12), (0, 40), (STEP, 10))
    calm: Spans = ((0, 40), *away, (0, 70))
    story = Story(150).agent((1, 40), (0, 40), (1, 70))
    limping(story, states, seconds, maintenance=calm, passing=calm, upstream=calm)
    story.firing(LIMPS, *((step, 1) for step in range(WITHIN, 150))).check(tmp_path)


def test_new_is_nothing_while_the_agent_is_away(tmp_path: Path) -> None:
    away = (("stale", 1), ("_", 59))
    story = Story(80).agent((1, 20), (0, 60))
    quiet: Spans = ((0, 20), *away)
    limping(story, ((2, 20), *away), maintenance=quiet, passing=quiet, upstream=quiet)
    story.firing(LIMPS, (19, 0), (40, 0), (79, 0)).check(tmp_path)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_reason_is_said_in_words(tmp_path: Path, language: str) -> None:
    """The reason that was seen most; and no text of the down alert."""
    said = explain(Role.CONFERENCE, IcmpReason.HIGH_LOSS, language)
    lead = {
        "vi": "Điểm cầu tại UBND xã A vẫn trả lời nhưng kém: họp có thể giật hình, rè tiếng.",
        "en": "The conference point at UBND xã A answers, but badly: picture or sound may break up.",
    }[language]
    story = limping(Story(40, replace(ANY_HOUR, runbook_url="https://r", grafana_url="https://g")).agent(), ((2, 40),))
    story.shows("sansang_target_degraded_reason", ((1, 10), ("stale", 1), ("_", 29)), reason="high_rtt", **X)
    story.shows("sansang_target_degraded_reason", (("_", 10), (1, 30)), reason="high_loss", **X)
    story.shows("sansang_site_info", ((1, 40),), site="a", name="UBND xã A")
    annotations = {
        "summary": {"vi": "Một điểm cầu kém.", "en": "A conference point is degraded."}[language],
        "description": f"{lead} {said.what} → {said.advice}",
        "runbook_url": f"https://r/{LIMPS}.md",
        "dashboard_url": "https://g/d/sansang-site?var-site=a",
    }
    story.says(LIMPS, 39, X | {"severity": "warning"}, annotations).check(tmp_path, language)


def flapping(times: int, each: int = 12) -> Spans:
    """So often down, a step of ``each`` apart: longer than settle, so that each outage is told and over."""
    return ((1, each), *(((0, 4), (1, each)) * times))


def test_many_changes_within_an_hour_are_told_once_between_the_outages(tmp_path: Path) -> None:
    """The third outage is its down alert's; when that is over the flapping is told, and stays through the fourth."""
    third = 12 + 2 * 16 + 4
    story = Story(300).agent().target("a/room", "conference", (*flapping(4), (1, 220)))
    story.firing(FLAPS, (third - 2, 0), (third + 1, 0), (third + 11, 1), (third + 16 - 2, 1), (third + 30, 1))
    story.firing(ROOM, (third - 1, 1), (third + 11, 0)).firing(FLAPS, (299, 0)).check(tmp_path)


def test_two_outages_or_an_hour_between_are_no_flapping(tmp_path: Path) -> None:
    hour = 3600 // STEP
    story = (
        Story(2 * hour + 60).agent().target("a/room", "conference", (*flapping(2), (1, hour), *flapping(2), (1, 60)))
    )
    story.firing(FLAPS, *((step, 0) for step in range(0, 2 * hour, 20))).check(tmp_path)


@pytest.mark.parametrize("excuse", ["maintenance", "passing", "upstream"])
def test_flapping_with_an_excuse_is_nobodys(tmp_path: Path, excuse: str) -> None:
    excused = {excuse: ((1, 80), (0, 100))}
    story = Story(150).agent().target("a/room", "conference", (*flapping(4), (1, 100)), **excused)
    story.firing(FLAPS, *((step, 0) for step in range(0, 150, 10))).check(tmp_path)


def test_an_hour_with_a_maintenance_window_in_it_is_not_counted(tmp_path: Path) -> None:
    """Two outages, five minutes of announced work, one more outage: the same six changes."""
    window: Spans = ((0, 50), (1, 20), (0, 80))
    known: Spans = (*flapping(2), (1, 30), *flapping(1), (1, 80))
    Story(150).agent().target("a/room", "conference", known, maintenance=window).firing(FLAPS, (110, 0)).check(tmp_path)
    Story(150).agent().target("a/room", "conference", known).firing(FLAPS, (110, 1)).check(tmp_path)


def test_a_restart_and_an_absence_are_no_flapping(tmp_path: Path) -> None:
    """Four restarts while the room is down: known up is restored at each."""
    gap: Spans = (("stale", 1), ("_", 3))
    known, calm, up = ((0, 10), *gap) * 5, ((0, 10), *gap) * 5, ((1, 10), (0, 4)) * 5
    story = Story(70).agent(*up).target("a/room", "lan", known, maintenance=calm, passing=calm, upstream=calm)
    story.firing(FLAPS, (30, 0), (69, 0)).check(tmp_path)


def district(story: Story, rooms: dict[str, tuple[Spans, Spans]], level: str = "commune", **also: Spans) -> Story:
    """Rooms of one level: known up, and state as sansang_target_state; one unit and site each."""
    length: Spans = ((1, story.steps),)
    for site, (known, state) in rooms.items():
        labels = {"role": "conference", "site": site, "target": f"{site}/room"}
        story.target(labels["target"], "conference", known, **also).shows("sansang_target_state", state, **labels)
        up = tuple(
            ("stale" if value == 3 else value if isinstance(value, str) else min(int(str(value)), 1), n)
            for value, n in state
        )
        story.shows("sansang_target_up", up, **labels)
        story.shows("sansang_target_info", length, unit=f"u-{site}", name=f"{site}: phòng", **labels)
        story.shows("sansang_site_info", length, site=site, name=f"Xã {site}", unit=f"u-{site}")
        story.shows("sansang_unit_info", length, unit=f"u-{site}", level=level, name=site)
    return story


def rooms(down: int, up: int, unknown: int = 0, steps: int = 60) -> dict[str, tuple[Spans, Spans]]:
    """Of one kind each, from step 10 on."""
    falls, works, lost = ((1, 10), (0, steps)), ((1, steps),), ((1, steps),)
    return {
        **{f"d{i}": (falls, falls) for i in range(down)},
        **{f"w{i}": (works, works) for i in range(up)},
        **{f"x{i}": (lost, ((1, 10), (3, steps))) for i in range(unknown)},
    }


@pytest.mark.parametrize(
    ("down", "up", "unknown", "fires"),
    [
        (3, 9, 0, 1),  # a quarter
        (3, 10, 0, 0),  # less
        (2, 1, 0, 0),  # two of three: too few
        (3, 7, 5, 1),  # unknown ones are in neither number
        (3, 1, 5, 0),  # most are unknown: nobody can tell
    ],
)
def test_many_points_down_is_one_cause(tmp_path: Path, down: int, up: int, unknown: int, fires: int) -> None:
    story = district(Story(40).agent(), rooms(down, up, unknown))
    story.firing(MANY, (9, 0), (10, 0), (12, fires), (39, fires)).check(tmp_path)


def test_levels_are_not_added_up(tmp_path: Path) -> None:
    story = district(Story(40).agent(), {"d8": rooms(1, 0)["d0"]}, "province")
    district(story, rooms(2, 2)).firing(MANY, (39, 0)).check(tmp_path)


def test_points_in_maintenance_are_not_many(tmp_path: Path) -> None:
    district(Story(40).agent(), rooms(4, 4), maintenance=((1, 60),)).firing(MANY, (39, 0)).check(tmp_path)


@pytest.mark.parametrize("own", [True, False])
def test_rooms_behind_cut_lines_of_their_sites_count_too(tmp_path: Path, own: bool) -> None:
    """Sites cut at the same time are one cause, though no room is to blame; another site's line tells it itself."""
    story = district(Story(40).agent(), rooms(4, 4), upstream=((0, 10), (1, 50)))
    for number in range(4):
        story.target(f"{f'd{number}' if own else 'hub'}/line-{number}", "uplink", ((1, 10), (0, 50)))
    story.firing(MANY, (39, int(own))).firing(ROOM, (39, 0)).firing(CUT, (39, 0 if own else 4)).check(tmp_path)


def test_one_of_many_is_told_before_it_or_after_it(tmp_path: Path) -> None:
    """d0 was told alone, and its end is told too; d1 stays down and is told when the many are over."""
    alone: tuple[Spans, Spans] = ((1, 4), (0, 20), (1, 60)), ((1, 4), (0, 20), (1, 60))
    stays: tuple[Spans, Spans] = ((1, 10), (0, 70)), ((1, 10), (0, 70))
    back: tuple[Spans, Spans] = ((1, 10), (0, 20), (1, 50)), ((1, 10), (0, 20), (1, 50))
    shown = {"d0": alone, "d1": stays, "d2": back, "d3": back, "w0": rooms(0, 1, steps=80)["w0"]}
    story = district(Story(80).agent(), shown)
    story.firing(ROOM, (9, 1), (12, 1), (29, 1), (24 + SETTLE - 1, 1), (24 + SETTLE + 1, 0), (79, 1))
    story.firing(MANY, (12, 1), (30 + SETTLE - 1, 1), (30 + SETTLE + 1, 0)).check(tmp_path)


def test_a_lost_path_or_a_restart_does_not_end_it_and_a_recovery_does(tmp_path: Path) -> None:
    """All unknown from 30 to 59; then two of three are back, which is too few."""
    dead: tuple[Spans, Spans] = ((1, 10), (0, 90)), ((1, 10), (0, 20), (3, 30), (0, 40))
    back: tuple[Spans, Spans] = ((1, 10), (0, 60), (1, 30)), ((1, 10), (0, 20), (3, 30), (0, 10), (1, 30))
    fine: tuple[Spans, Spans] = ((1, 100),), ((1, 30), (3, 30), (1, 40))
    story = district(Story(100).agent(), {"a": dead, "b": back, "c": back, "d": fine})
    each = ((step, 1) for step in range(12, 70 + SETTLE))
    story.firing(MANY, *each, (70 + SETTLE + 2, 0)).check(tmp_path)


def test_the_agent_away_does_not_end_it(tmp_path: Path) -> None:
    away: Spans = (("stale", 1), ("_", 29))
    story = Story(80).agent((1, 20), (0, 30), (1, 30))
    calm: Spans = ((0, 20), *away, (0, 30))
    shown: Spans = ((1, 10), (0, 10), *away, (0, 30))
    district(story, dict.fromkeys("abc", (shown, shown)), maintenance=calm, passing=calm, upstream=calm)
    story.firing(MANY, *((step, 1) for step in range(12, 80))).check(tmp_path)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_it_says_how_many_of_how_many_and_where(tmp_path: Path, language: str) -> None:
    said = {
        "vi": "3 trong 4 điểm cầu cấp Xã đang hỏng: Xã d0, Xã d1, Xã d2. Thường là đường truyền chung, máy chủ hội nghị"
        " hoặc mất điện diện rộng: gọi nơi vận hành chung trước, chưa cần gọi từng nơi.",
        "en": "3 of 4 conference points of level Commune are down: Xã d0, Xã d1, Xã d2. Usually a shared line, the"
        " conference server or a power cut: call whoever runs what they share before you call one office after the"
        " other.",
    }[language]
    summary = {"vi": "Nhiều điểm cầu cùng hỏng: một nguyên nhân chung.",
               "en": "Many conference points are down: one common cause."}[language]  # fmt: skip
    story = district(
        Story(20, replace(ANY_HOUR, runbook_url="https://r", grafana_url="https://g")).agent(), rooms(3, 1)
    )
    annotations = {
        "summary": summary,
        "description": said,
        "runbook_url": f"https://r/{MANY}.md",
        "dashboard_url": "https://g/d/sansang-points",
    }
    story.says(MANY, 15, {"level": "commune", "severity": "critical"}, annotations).check(tmp_path, language)


def test_one_line_down_and_another_working(tmp_path: Path) -> None:
    story = Story(60).agent().target("a/one", "uplink", FALLS).target("a/two", "uplink")
    story.firing(SPARE, (4 + SETTLE - 1, 0), (4 + SETTLE + 1, 1), (59, 1)).firing(CUT, (59, 0)).check(tmp_path)


def test_the_other_line_silent_but_passing_works_too(tmp_path: Path) -> None:
    story = Story(60).agent().target("a/one", "uplink", FALLS)
    story.target("a/two", "uplink", FALLS, passing=((0, 4), (1, 100))).firing(SPARE, (59, 1)).check(tmp_path)


@pytest.mark.parametrize("other", ["none", "down", "elsewhere"])
def test_no_other_line_that_works_is_no_spare_line(tmp_path: Path, other: str) -> None:
    story = Story(60).agent().target("a/one", "uplink", FALLS)
    if other == "down":
        story.target("a/two", "uplink", ((1, 8), (0, 100)))
    elif other == "elsewhere":
        story.target("b/two", "uplink")
    story.firing(SPARE, (4 + SETTLE + 1, 0), (59, 0)).firing(CUT, (59, 2 if other == "down" else 1)).check(tmp_path)


def test_answers_that_came_over_the_other_line_excuse_a_spare_line_not(tmp_path: Path) -> None:
    """What has both lines as parents makes the dead one "silent but passing"."""
    story = Story(60).agent().target("a/one", "uplink", FALLS, passing=((0, 4), (1, 100)))
    story.target("a/two", "uplink").target("a/room", "conference").firing(SPARE, (59, 1)).check(tmp_path)


@pytest.mark.parametrize("excuse", ["maintenance", "upstream"])
def test_a_spare_line_with_an_excuse(tmp_path: Path, excuse: str) -> None:
    story = Story(60).agent().target("a/one", "uplink", FALLS, **{excuse: ((0, 4), (1, 100))})
    story.target("a/two", "uplink").firing(SPARE, (59, 0)).check(tmp_path)


def test_a_spare_line_told_stays_told_while_the_agent_is_away(tmp_path: Path) -> None:
    away: Spans = (("stale", 1), ("_", 29))
    known, works, calm = (((v, 20), *away, (v, 30)) for v in (0, 1, 0))
    story = Story(80).agent((1, 20), (0, 30), (1, 30))
    story.target("a/one", "uplink", known, maintenance=calm, passing=calm, upstream=calm)
    story.target("a/two", "uplink", works, maintenance=calm, passing=calm, upstream=calm)
    story.firing(SPARE, *((step, 1) for step in range(SETTLE + 1, 80))).check(tmp_path)


@pytest.mark.parametrize("role", ["service", "device", "lan"])
def test_a_name_server_down_is_told_as_names_not_as_a_service(tmp_path: Path, role: str) -> None:
    story = Story(40).agent().target("a/x", role, FALLS)
    story.shows("sansang_target_info", ((1, 40),), role=role, site="a", target="a/x", probe="dns", name="DNS")
    story.firing(NAMES, (4, 0), (6, 1), (39, 1)).firing(SERVICE, (6, 0), (39, 0)).check(tmp_path)


def test_another_probe_is_no_name_server(tmp_path: Path) -> None:
    story = Story(40).agent().target("a/x", "service", FALLS)
    story.shows("sansang_target_info", ((1, 40),), role="service", site="a", target="a/x", probe="http", name="W")
    story.firing(NAMES, (39, 0)).firing(SERVICE, (6, 1)).check(tmp_path)


@pytest.mark.parametrize("excuse", ["maintenance", "passing", "upstream"])
def test_a_name_server_with_an_excuse(tmp_path: Path, excuse: str) -> None:
    story = Story(40).agent().target("a/x", "service", FALLS, **{excuse: ((0, 4), (1, 100))})
    story.shows("sansang_target_info", ((1, 40),), role="service", site="a", target="a/x", probe="dns", name="DNS")
    story.firing(NAMES, (39, 0)).firing(SERVICE, (39, 0)).check(tmp_path)


def test_a_name_server_stays_one_while_the_agent_is_away(tmp_path: Path) -> None:
    """Its info is away as well: it must not look like any service that has just died."""
    away: Spans = (("stale", 1), ("_", 29))
    known, calm, info = (((v, 20), *away, (v, 30)) for v in (0, 0, 1))
    story = Story(80, replace(ANY_HOUR, agent_absent_seconds=3600)).agent((1, 20), (0, 30), (1, 30))
    story.target("a/x", "service", known, maintenance=calm, passing=calm, upstream=calm)
    story.shows("sansang_target_info", info, role="service", site="a", target="a/x", probe="dns", name="DNS")
    story.firing(NAMES, *((step, 1) for step in range(2, 80))).firing(SERVICE, *((step, 0) for step in range(80)))
    story.check(tmp_path)
