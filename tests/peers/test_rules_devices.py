"""Alerts about what devices tell of themselves, their ports and their power: `promtool test rules`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from agent.model import State
from dashboards.settings import BuildSettings, DeviceLimits
from tests.peers.rule_story import ANY_HOUR, Spans, Story

pytestmark = [pytest.mark.peers, pytest.mark.timeout(180)]

MINUTE = 60
SETTLE = BuildSettings().timing.resolve_hold // MINUTE
LIMITS = DeviceLimits()
X = {"role": "device", "site": "a", "target": "a/x-snmp"}
PORT = X | {"port": "Gi0/3"}
DOWN, REBOOTED, LOW = "SansangPortDown", "SansangDeviceRebooted", "SansangUpsBatteryLow"
POWER_CUT, LINE_CUT = "SansangPowerCut", "SansangLineCut"
UP, AWAY = int(State.UP), ("stale", "_")


@dataclass(frozen=True)
class Case:
    """An alert, what makes it fire from step 10 on, and what does not; after: the steps that it takes."""

    alert: str
    sample: str
    bad: float
    good: float
    after: int
    labels: tuple[tuple[str, str], ...] = ()
    also: tuple[tuple[str, float], ...] = ()

    def shown(self) -> dict[str, str]:
        return X | dict(self.labels)

    def __str__(self) -> str:
        return f"{self.alert}-{self.sample.removeprefix('sansang_')}"


PORT_LABEL, SETTLING = (("port", "Gi0/3"),), 5
CASES = (
    Case(DOWN, "sansang_port_failed", 1, 0, 15, PORT_LABEL),
    Case("SansangPortFlapping", "sansang_port_flaps_per_hour", 6, 5, 0, PORT_LABEL),
    Case("SansangPortErrors", "sansang_port_errors_per_second", 30, 1, SETTLING, PORT_LABEL),
    Case("SansangPortSaturated", "sansang_port_utilisation_ratio", 0.99, 0.9, SETTLING, PORT_LABEL),
    Case("SansangBroadcastStorm", "sansang_port_broadcast_ratio", 0.9, 0.5, 1, PORT_LABEL),
    Case("SansangComponentFailed", "sansang_component_failed", 1, 0, 5, (("component", "fan:2"),)),
    Case("SansangComponentFailed", "sansang_component_failed", 1, 0, 5, (("component", "power"),)),
    Case("SansangDeviceOverloaded", "sansang_device_cpu_ratio", 1, 0.9, SETTLING),
    Case("SansangDeviceOverloaded", "sansang_device_memory_used_ratio", 1, 0.95, SETTLING),
    Case("SansangDeviceHot", "sansang_device_temperature_celsius", 90, 70, SETTLING, (("sensor", "cpu"),)),
    Case("SansangSignalWeak", "sansang_port_receive_power_dbm", -35, -27, SETTLING, PORT_LABEL),
    Case("SansangSignalWeak", "sansang_lte_rsrp_dbm", -125, -112, SETTLING),
    Case("SansangSignalWeak", "sansang_lte_sinr_db", -5, 0, SETTLING),
    Case("SansangUpsOnBattery", "sansang_ups_on_battery", 1, 0, 2),
    Case("SansangUpsReplaceBattery", "sansang_ups_battery_replace", 1, 0, 15),
    Case(LOW, "sansang_ups_runtime_seconds", 599, 600, 1, also=(("sansang_ups_on_battery", 1),)),
    Case(LOW, "sansang_ups_charge_ratio", 0.19, 0.2, 1, also=(("sansang_ups_on_battery", 1),)),
)
cases = pytest.mark.parametrize("case", CASES, ids=str)


def told(case: Case, story: Story, parts: Spans, state: Spans = (), **also: Spans) -> Story:
    """A device that answers, and shows the sample; state: as sansang_target_state."""
    length: Spans = ((UP, story.steps),)
    story.target(X["target"], X["role"], **also).shows("sansang_target_state", state or length, **X)
    for sample, value in case.also:
        story.shows(sample, tuple((value if isinstance(part, float | int) else part, n) for part, n in parts), **X)
    return story.shows(case.sample, parts, **case.shown())


@cases
def test_it_fires_ends_and_its_twin_is_silent(tmp_path: Path, case: Case) -> None:
    story = told(case, Story(90, step=MINUTE).agent(), ((case.good, 10), (case.bad, 40), (case.good, 40)))
    begins = 10 + case.after
    story.firing(case.alert, (9, 0), (begins - 1, 0), (begins + 2, 1), (49, 1), (50 + SETTLE + 1, 0)).check(tmp_path)


@cases
def test_while_the_device_tells_nothing_it_goes_on_and_nothing_begins(tmp_path: Path, case: Case) -> None:
    """From 45 on it is down, from 55 unknown, from 60 the agent is away; at 80 all is as it was."""
    gap: Spans = (("stale", 1), ("_", 34))
    away: Spans = (("stale", 1), ("_", 19))
    state: Spans = ((UP, 45), (int(State.DOWN), 10), (int(State.UNKNOWN), 5), *away, (UP, 20))
    calm: Spans = ((0, 60), *away, (0, 20))
    for first, fires in ((case.bad, 1), (case.good, 0)):
        parts: Spans = ((case.good, 10), (first, 35), *gap, (first, 20))
        story = Story(100, step=MINUTE).agent((1, 60), (0, 20), (1, 20))
        told(case, story, parts, state, maintenance=calm, passing=calm, upstream=calm)
        story.firing(case.alert, *((step, fires) for step in range(45, 100))).check(tmp_path)


@cases
def test_in_maintenance_it_is_nobodys(tmp_path: Path, case: Case) -> None:
    parts: Spans = ((case.good, 10), (case.bad, 50))
    story = told(case, Story(60, step=MINUTE).agent(), parts, maintenance=((0, 5), (1, 55)))
    story.firing(case.alert, *((step, 0) for step in range(10, 60))).check(tmp_path)


@cases
def test_a_device_that_leaves_the_inventory_takes_it_along(tmp_path: Path, case: Case) -> None:
    gone: Spans = (("stale", 1), ("_", 39))
    story = Story(90, step=MINUTE).agent()
    state, calm = ((UP, 50), *gone), ((0, 50), *gone)
    told(case, story, ((case.good, 10), (case.bad, 40), *gone), state, maintenance=calm, passing=calm, upstream=calm)
    story.firing(case.alert, (49, 1), (50 + SETTLE + 1, 0)).check(tmp_path)


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.after == SETTLING and case.good not in (0, 1)], ids=str
)
def test_a_burst_that_the_mean_does_not_see_is_nobodys(tmp_path: Path, case: Case) -> None:
    """Well within the limit but for six minutes of fifteen."""
    calm = case.good + (case.good - case.bad) * 2
    story = told(case, Story(60, step=MINUTE).agent(), ((calm, 20), (case.bad, 6), (calm, 34)))
    story.firing(case.alert, *((step, 0) for step in range(20, 60))).check(tmp_path)


@pytest.mark.parametrize("battery", ["sansang_ups_on_battery", "sansang_ups_battery_replace"])
def test_the_mains_of_a_ups_have_one_alert_and_its_fan_another(tmp_path: Path, battery: str) -> None:
    story = Story(40, step=MINUTE).agent().target(X["target"], "device").shows("sansang_target_state", ((1, 40),), **X)
    story.shows(battery, ((1, 40),), **X)
    for component in ("power", "battery", "battery:1", "fan:1"):
        story.shows("sansang_component_failed", ((1, 40),), component=component, **X)
    story.firing("SansangComponentFailed", (30, 1)).check(tmp_path)


def test_a_battery_that_is_charged_again_is_not_low_on_mains(tmp_path: Path) -> None:
    story = (
        Story(20, step=MINUTE).agent().target(X["target"], "device").shows("sansang_ups_on_battery", ((0, 20),), **X)
    )
    story.shows("sansang_ups_runtime_seconds", ((30, 20),), **X).shows("sansang_ups_charge_ratio", ((0.1, 20),), **X)
    story.firing(LOW, (10, 0), (19, 0)).check(tmp_path)


def ports(story: Story, *each: Spans) -> Story:
    story.target(X["target"], "device").shows("sansang_target_state", ((UP, story.steps),), **X)
    for number, parts in enumerate(each):
        story.shows("sansang_port_failed", parts, **X, port=f"Gi0/{number}")
    return story


def test_a_port_that_was_not_in_order_for_half_a_day_is_a_computer_that_is_off(tmp_path: Path) -> None:
    """One went down 11 hours before, one 13; one was never seen in order, one no longer matters."""
    late, early = ((0, 120), (1, 720)), ((0, 1), (1, 839))
    story = ports(Story(840, step=MINUTE).agent(), late, early, ((1, 840),), ((0, 810), ("stale", 1), ("_", 29)))
    opened = replace(story.settings, warnings_wait=False)
    story.settings = opened
    story.firing(DOWN, (100, 1), (140, 2), (800, 2)).check(tmp_path)


def test_it_begins_in_office_hours_and_goes_on_at_night(tmp_path: Path) -> None:
    """1 January 1970 was a Thursday; the story begins at 07:00, the office opens at 07:30 and closes at 17:00.

    The first port went down at 07:10; the second, at 17:20, is told in the morning only if it is still down within
    half a day of being in order, which it is not.
    """
    day = 24 * 60
    story = ports(Story(day + 90, BuildSettings(), step=MINUTE).agent(), ((0, 10), (1, day + 80)), ((0, 620), (1, 910)))
    story.firing(DOWN, (29, 0), (44, 0), (48, 1), (600, 1), (700, 1), (day - 1, 1), (day + 29, 1), (day + 60, 1))
    story.check(tmp_path)


def boots(story: Story, booted: int, parts: Spans = (), **also: Spans) -> Story:
    story.target(X["target"], "device", **also).shows("sansang_target_state", ((UP, story.steps),), **X)
    return story.shows("sansang_device_boot_timestamp_seconds", parts or ((-9000, 10), (booted, 110)), **X)


def test_a_restart_is_told_for_a_while_unless_it_was_a_power_cut_or_announced(tmp_path: Path) -> None:
    """It restarts at minute 9. The other site had the cut; a cut line explains no restart."""
    for site, cause, fires in (("a", "power", 0), ("a", "unknown", 0), ("a", "line", 1), ("b", "power", 1)):
        story = boots(Story(120, step=MINUTE).agent(), 540)
        story.shows("sansang_site_outage_end_timestamp_seconds", ((600, 120),), site=site, cause=cause)
        story.firing(REBOOTED, (10, 0), (29, 0), (34, fires), (68, fires), (72, 0)).check(tmp_path)
    story = boots(Story(120, step=MINUTE).agent(), 540, maintenance=((0, 5), (1, 10), (0, 105)))
    story.firing(REBOOTED, *((step, 0) for step in range(0, 120, 5))).check(tmp_path)


def test_an_agent_that_is_new_or_back_makes_no_restart_of_a_device(tmp_path: Path) -> None:
    story = boots(Story(120, step=MINUTE).agent(), 0, ((-9000, 10), ("stale", 1), ("_", 29), (-9000, 80)))
    story.firing(REBOOTED, *((step, 0) for step in range(0, 120, 5))).check(tmp_path)


@pytest.mark.parametrize(("cause", "alert"), [("power", POWER_CUT), ("line", LINE_CUT), ("unknown", "")])
def test_what_an_outage_was_is_told_for_an_hour(tmp_path: Path, cause: str, alert: str) -> None:
    """Also at night: the office is closed. The outage ended at minute 10 and was judged at 20."""
    story = Story(120, BuildSettings(), step=MINUTE).agent((1, 50), (0, 10), (1, 60))
    parts: Spans = (("_", 20), (600, 30), ("stale", 1), ("_", 9), (600, 60))
    story.shows("sansang_site_outage_end_timestamp_seconds", parts, site="a", cause=cause)
    for each in (POWER_CUT, LINE_CUT):
        fires = int(each == alert)
        story.firing(each, (19, 0), (21, fires), *((step, fires) for step in range(48, 69)), (73, 0))
    story.check(tmp_path)


def test_an_old_outage_is_not_told(tmp_path: Path) -> None:
    story = Story(20, step=MINUTE).agent()
    story.shows("sansang_site_outage_end_timestamp_seconds", ((-3601, 20),), site="a", cause="power")
    story.firing(POWER_CUT, (5, 0), (19, 0)).check(tmp_path)


SAID = {
    DOWN: {
        "vi": "Cổng Gi0/3 của Bộ chuyển mạch (UBND xã A) mất kết nối từ 08:12 01/01/1970. Cắm lại dây ở hai đầu, thử"
        " cổng khác, xem thiết bị đầu kia có bật không. Thiết bị đã dời đi nơi khác thì không phải sự cố.",
        "en": "Port Gi0/3 of Bộ chuyển mạch (UBND xã A) has no link since 08:12 01/01/1970. Reseat the cable at both"
        " ends, try another port, see whether what it leads to is switched on. If that was moved away, nothing is"
        " wrong.",
    },
    LOW: {
        "vi": "Bộ chuyển mạch (UBND xã A) sắp hết ắc quy, còn khoảng 9 phút, điện lưới chưa có lại. Lưu việc và tắt máy"
        " chủ đúng cách ngay; gọi trụ sở, có máy phát thì chạy.",
        "en": "Bộ chuyển mạch (UBND xã A) has nearly emptied its battery, for about 9 minutes, and there is no mains"
        " yet. Save the work and shut servers down properly now; call the office, start a generator if there is one.",
    },
    POWER_CUT: {
        "vi": "UBND xã A có lại lúc 08:12 01/01/1970. Đó là mất điện, không phải đứt đường truyền: thiết bị nào ở đó"
        " cũng vừa khởi động lại. Hỏi điện lực hoặc người trông trụ sở; hay lặp lại thì cần bộ lưu điện.",
        "en": "UBND xã A was back at 08:12 01/01/1970. It was a power cut, not a cut line: every device there has just"
        " started anew. Ask the power company or the caretaker; if it happens often, the site needs a UPS.",
    },
}
SUMMARIES = {
    DOWN: {"vi": "Một cổng mạng đang dùng bị mất kết nối.", "en": "A port that is in use has no link."},
    LOW: {"vi": "Ắc quy của một bộ lưu điện sắp cạn.", "en": "The battery of a UPS is nearly empty."},
    POWER_CUT: {"vi": "Một địa điểm vừa qua mất điện.", "en": "A site is back from a power cut."},
}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("alert", list(SAID))
def test_the_text_says_what_where_and_since_when(tmp_path: Path, alert: str, language: str) -> None:
    settings = replace(ANY_HOUR, runbook_url="https://r", grafana_url="https://g")
    story, minutes = Story(120, settings, step=MINUTE).agent(), 72
    story.shows("sansang_site_info", ((1, 120),), site="a", name="UBND xã A")
    story.shows("sansang_target_info", ((1, 120),), probe="snmp", name="Bộ chuyển mạch", **X)
    ports(story, ())
    story.shows("sansang_port_failed", ((0, minutes), (1, 120 - minutes)), **PORT)
    since: Spans = (("_", minutes), (minutes * MINUTE, 120 - minutes))
    story.shows("sansang_port_failed_since_timestamp_seconds", since, **PORT)
    story.shows("sansang_ups_on_battery", ((1, 120),), **X).shows("sansang_ups_runtime_seconds", ((540, 120),), **X)
    story.shows("sansang_site_outage_end_timestamp_seconds", since, site="a", cause="power")
    labels = {
        DOWN: PORT | {"severity": "warning"},
        LOW: X | {"severity": "critical"},
        POWER_CUT: {"site": "a", "severity": "info"},
    }[alert]
    annotations = {
        "summary": SUMMARIES[alert][language],
        "description": SAID[alert][language],
        "runbook_url": f"https://r/{alert}.md",
        "dashboard_url": "https://g/d/sansang-site?var-site=a",
    }
    story.says(alert, 100, labels, annotations).check(tmp_path, language)


def test_a_unit_has_its_lan_in_order_when_every_site_of_it_has(tmp_path: Path) -> None:
    """Four communes: one in order, one with a site of two at fault, one not known, and the hall of another level."""
    story = Story(4, step=MINUTE).agent()
    sites = {"a": ("a", 1), "b1": ("b", 1), "b2": ("b", 0), "c": ("c", None), "d": ("d", 1)}
    for site, (unit, ready) in sites.items():
        story.shows("sansang_site_info", ((1, 4),), site=site, unit=unit)
        if ready is not None:
            story.shows("sansang_site_lan_ready", ((ready, 4),), site=site)
    for unit in "abcd":
        story.shows("sansang_unit_info", ((1, 4),), unit=unit, level="district" if unit == "d" else "commune")
    name = "level:sansang_site_lan_ready"
    for level, ready, known in (("commune", 1, 2), ("district", 1, 1)):
        for end, value in (("ready", ready), ("known", known), ("ready_ratio", ready / known)):
            story.value(f'sum({name}:{end}{{level="{level}"}})', (3, value))
    story.check(tmp_path)
