"""What the page says of devices: failed parts, limits, and outages of whole sites."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.availability.outage_cause import OutageCause
from agent.engine.snapshot import ComponentView, LastRun, SiteOutageView, TargetView
from agent.explain.texts import explain
from agent.model import Component, ComponentFault, ComponentKind, ProbeResult, Reason, ReasonCode, Role, State
from agent.text import Text
from exporters.pages.banners import AgentCondition
from exporters.pages.landing import LandingView, landing_page
from tests.exporters.pages.test_landing import NOW_MS, PAYLOADS, WELL, Shape, page_of, text_of
from tests.exporters.sample import WALL_MS, inventory, target, view


def device(*parts: ComponentView, cause: ReasonCode = Reason.COMPONENT_FAILED) -> TargetView:
    switch = target("switch", "a", Role.LAN, "snmp", title="Xã A: bộ chuyển mạch")
    return replace(view(switch, State.DEGRADED), cause=cause, components=parts)


def failed(name: str, text: str = "", since_ms: int | None = WALL_MS) -> ComponentView:
    port = Component(f"port:{name}", ComponentKind.PORT, ComponentFault.PORT_DOWN, name, text)
    return ComponentView(port, matters=True, since_wall_ms=since_ms)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_failed_part_is_told_by_name_and_since_when(language: str) -> None:
    text = text_of([device(failed("3", "Phòng họp"))], language)

    said = "Cổng 3 (Phòng họp) của bộ chuyển mạch mất kết nối từ 08:00"
    assert (said if language == "vi" else "Port 3 (Phòng họp) of bộ chuyển mạch is down since 08:00") in text
    assert explain(Role.LAN, Reason.COMPONENT_FAILED, language).what not in text


def test_of_many_failed_parts_some_are_told_and_the_others_counted() -> None:
    text = text_of([device(*(failed(str(number)) for number in range(9)))])

    assert text.count("mất kết nối") == 4
    assert "và 5 bộ phận nữa" in text


def test_a_part_is_not_told_where_something_else_is_the_reason() -> None:
    text = text_of([device(failed("3"), cause=Reason.HIGH_RTT)])

    assert "Cổng 3" not in text
    assert explain(Role.LAN, Reason.HIGH_RTT, "vi").what in text


def test_a_detail_in_words_stands_below_the_reason_that_it_belongs_to() -> None:
    said = Text("lỗi 7 gói mỗi giây tại Gi0/3", "errors 7 a second at Gi0/3")
    run = LastRun(WALL_MS, replace(ProbeResult.of(Reason.HIGH_RTT, 0.1), detail_text=said))

    assert said.vi in text_of([replace(device(cause=Reason.HIGH_RTT), last_run=run)])
    assert said.vi not in text_of([replace(device(cause=Reason.SLOW), last_run=run)])


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_of_a_device_becomes_markup(payload: str) -> None:
    benign, hostile = (Shape(page_of([device(failed("3", text))])) for text in ("x", payload))

    assert hostile.elements == benign.elements


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (OutageCause.POWER, "Mất điện từ 08:00 đến 09:00"),
        (OutageCause.LINE, "Đứt đường truyền từ 08:00 đến 09:00"),
        (OutageCause.UNKNOWN, "chưa rõ vì mất điện hay đứt đường truyền"),
        (None, "đang chờ thiết bị cho biết"),
    ],
)
def test_an_outage_of_a_site_is_told_for_a_day_with_its_cause(cause: OutageCause | None, said: str) -> None:
    one = view(target("switch", "a", Role.LAN))
    outage = SiteOutageView("a", WALL_MS, WALL_MS + 3_600_000, cause)

    def shown(now_ms: int) -> str:
        known = LandingView(inventory(one.target), (one,), AgentCondition(WELL), now_ms, outages=(outage,))
        return Shape(landing_page(known, "vi")).text

    assert said in shown(NOW_MS)
    assert said not in shown(WALL_MS + 3_600_000 + 86_400_000)


def test_what_a_device_says_of_itself_counts_in_no_tile() -> None:
    """Neither its silence nor its ports are an outage; a device that is pinged counts."""
    silent = replace(view(target("switch-snmp", "a", Role.DEVICE, "snmp"), State.DOWN), cause=Reason.TIMEOUT)
    pinged = view(target("printer", "a", Role.DEVICE))

    assert "Thiết bị1/1" in text_of([silent, pinged])
    assert "Thiết bị0/1" not in text_of([silent])
