"""SNMP that is silent while its device answers: one warning, and nothing else. `promtool test rules`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dashboards.settings import BuildSettings
from tests.peers.rule_story import ANY_HOUR, STEP, Spans, Story

pytestmark = [pytest.mark.peers, pytest.mark.timeout(180)]

SETTLE = BuildSettings().timing.resolve_hold // STEP
SILENT, CUT, MANY = "SansangSnmpSilent", "SansangSiteCutOff", "SansangManyPointsDown"
FLAPS = "SansangTargetFlapping"
X = {"role": "device", "site": "a", "target": "a/switch-snmp"}
NO_ANSWER, FALLS = "no_snmp_answer", ((1, 4), (0, 100))
EVERY = 'count(ALERTS{alertstate="firing", severity!="info"}) or vector(0)'


def snmp(
    story: Story,
    known: Spans,
    /,
    reason: str = NO_ANSWER,
    why: Spans | None = None,
    role: str = "device",
    **also: Spans,
) -> Story:
    """An SNMP check that is down where it is known to be, for that reason; why: when the reason is shown."""
    labels = X | {"role": role}
    story.target(X["target"], labels["role"], known, **also)
    story.shows("sansang_target_info", ((1, story.steps),), probe="snmp", **labels)
    shown = why or tuple((1 if value == 0 else "stale" if value == 1 else value, n) for value, n in known)
    return story.shows("sansang_target_down_reason", shown, reason=reason, **labels)


def test_silence_is_one_warning_and_nothing_else(tmp_path: Path) -> None:
    story = snmp(Story(60).agent(), ((1, 4), (0, 30), (1, 26))).target("a/switch", "lan")
    story.firing(SILENT, (4, 0), (6, 1), (34 + SETTLE - 1, 1), (34 + SETTLE + 1, 0))
    story.value(EVERY, (3, 0), (6, 1), (20, 1), (59, 0)).check(tmp_path)


@pytest.mark.parametrize("reason", ["timeout", "refused", "not_permitted"])
def test_a_device_that_is_silent_itself_is_nobodys(tmp_path: Path, reason: str) -> None:
    snmp(Story(60).agent(), FALLS, reason).value(EVERY, (6, 0), (30, 0), (59, 0)).check(tmp_path)


def test_a_lan_device_that_is_asked_by_snmp_only_is_told_too_and_a_service_by_its_own_alert(tmp_path: Path) -> None:
    for role, alert in (("lan", SILENT), ("service", "SansangServiceDown")):
        story = snmp(Story(60).agent(), FALLS, role=role)
        story.firing(alert, (6, 1)).value(EVERY, (6, 1), (59, 1)).check(tmp_path)


def test_in_maintenance_and_behind_a_parent_that_is_down_nothing_begins(tmp_path: Path) -> None:
    excused: Spans = ((1, 20), (0, 40))
    for excuse in ("maintenance", "upstream"):
        also = {"maintenance": excused} if excuse == "maintenance" else {"upstream": excused}
        story = snmp(Story(60).agent(), FALLS, NO_ANSWER, why=(), role="device", **also)
        after = 20 if excuse == "maintenance" else 20 + SETTLE
        story.firing(SILENT, (6, 0), (after - 1, 0), (after + 3, 1)).check(tmp_path)


def test_told_it_goes_on_while_the_site_is_cut_the_path_lost_and_the_agent_away_or_new(tmp_path: Path) -> None:
    """Told at 6; cut from 20 to 39; unknown (a lost path, a restart) to 59; away to 79."""
    away: Spans = (("stale", 1), ("_", 19))
    story = Story(100).agent((1, 60), (0, 20), (1, 20))
    snmp(
        story,
        ((1, 4), (0, 56), *away, (0, 20)),
        why=(("_", 4), (1, 36), ("stale", 1), ("_", 39), (1, 20)),
        upstream=((0, 20), (1, 20), (0, 20), *away, (0, 20)),
        maintenance=((0, 60), *away, (0, 20)),
        passing=((0, 60), *away, (0, 20)),
    )
    story.firing(SILENT, *((step, 1) for step in range(6, 100))).check(tmp_path)


def test_the_agent_away_begins_nothing(tmp_path: Path) -> None:
    away: Spans = (("stale", 1), ("_", 39))
    story = Story(60).agent((1, 20), (0, 40))
    calm: Spans = ((0, 20), *away)
    snmp(story, ((1, 20), *away), maintenance=calm, passing=calm, upstream=calm)
    story.firing(SILENT, (19, 0), (30, 0), (59, 0)).check(tmp_path)


@pytest.mark.parametrize(("probe", "fires"), [("snmp", 0), ("icmp", 1)])
def test_it_flaps_for_nobody(tmp_path: Path, probe: str, fires: int) -> None:
    """Its twin, a device that is pinged, does."""
    story = Story(150).agent().target(X["target"], "device", ((1, 12), *(((0, 4), (1, 12)) * 4), (1, 100)))
    story.shows("sansang_target_info", ((1, 150),), probe=probe, **X)
    story.firing(FLAPS, (90, fires)).check(tmp_path)


def test_a_site_is_not_at_fault_for_its_silent_snmp(tmp_path: Path) -> None:
    """Points behind another site's line are not many points down of their own, whatever SNMP says at their sites."""
    for probe, fires in (("snmp", 0), ("icmp", 1)):
        story = Story(40).agent()
        for site in "abc":
            room = {"role": "conference", "site": site, "target": f"{site}/room"}
            story.target(room["target"], "conference", FALLS, upstream=((0, 4), (1, 100)))
            for metric, parts in (("sansang_target_state", FALLS), ("sansang_target_up", FALLS)):
                story.shows(metric, parts, **room)
            story.shows("sansang_target_info", ((1, 40),), unit=site, **room)
            story.shows("sansang_unit_info", ((1, 40),), unit=site, level="commune")
            device = {"role": "device", "site": site, "target": f"{site}/x"}
            story.target(device["target"], "device", FALLS)
            story.shows("sansang_target_info", ((1, 40),), probe=probe, **device)
        story.firing(MANY, (39, fires)).check(tmp_path)


@pytest.mark.parametrize("other", ["snmp", "icmp"])
def test_two_dead_lines_are_a_cut_site_whatever_snmp_says(tmp_path: Path, other: str) -> None:
    """Something passed before; a pinged device that is down as well makes it a cut, a silent SNMP says nothing."""
    story = Story(60).agent()
    for line in ("one", "two"):
        story.target(f"a/{line}", "uplink", FALLS, passing=((0, 60),))
    story.target(X["target"], "device", FALLS).shows("sansang_target_info", ((1, 60),), probe=other, **X)
    story.firing(CUT, (3, 0), (8, 2)).check(tmp_path)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_text_names_the_device_and_the_four_causes(tmp_path: Path, language: str) -> None:
    story = snmp(Story(40, replace(ANY_HOUR, runbook_url="https://r", grafana_url="https://g")).agent(), FALLS)
    story.shows("sansang_site_info", ((1, 40),), site="a", name="UBND xã A")
    story.series = [each for each in story.series if "sansang_target_info" not in each["series"]]
    story.shows("sansang_target_info", ((1, 40),), probe="snmp", name="Bộ chuyển mạch xã A", **X)
    story.shows("sansang_target_up", FALLS, **X)
    story.shows("sansang_target_state_since_timestamp_seconds", ((60, 40),), **X)
    said = {
        "vi": "Bộ chuyển mạch xã A (UBND xã A) không trả lời từ 07:01 01/01/1970, trong khi chính thiết bị đó vẫn trả"
        " lời ping. Một trong bốn: sai chuỗi community hoặc tài khoản, sai mật khẩu mã hóa, danh sách truy cập của"
        " thiết bị thiếu máy giám sát, hoặc SNMP của nó đã tắt. Thiết bị vẫn chạy; chỉ không còn thấy cổng, nguồn,"
        " nhiệt độ.",
        "en": "Bộ chuyển mạch xã A (UBND xã A) has not answered since 07:01 01/01/1970, while the same device answers"
        " ping. One of four: wrong community or user, wrong privacy password, an access list without the monitor, or"
        " its SNMP is off. The device works; only its ports, power and temperature cannot be seen.",
    }[language]
    summary = {
        "vi": "Một thiết bị không trả lời SNMP, dù vẫn trả lời ping.",
        "en": "A device does not answer SNMP, although it answers ping.",
    }[language]
    annotations = {
        "summary": summary,
        "description": said,
        "runbook_url": f"https://r/{SILENT}.md",
        "dashboard_url": "https://g/d/sansang-site?var-site=a",
    }
    story.says(SILENT, 10, X | {"severity": "warning"}, annotations).check(tmp_path, language)
