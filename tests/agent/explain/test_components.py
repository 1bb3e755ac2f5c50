"""What people read of the parts of a device."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from agent.explain.components import (
    component_advice,
    component_name,
    component_sentence,
    device_name,
    device_text,
    since_text,
)
from agent.explain.sentences import components as words
from agent.model import Component, ComponentFault, ComponentKind
from agent.text import Text

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 12, 1, 9, 30, tzinfo=HANOI)
MORNING = since_text(datetime(2026, 12, 1, 8, 12, tzinfo=HANOI), NOW)


def port(name: str = "", text: str = "") -> Component:
    return Component("port:3", ComponentKind.PORT, ComponentFault.PORT_DOWN, name or "3", text)


def test_a_port_is_told_by_its_number_and_what_the_office_calls_it() -> None:
    sentence = component_sentence(port("Phòng họp"), "bộ chuyển mạch xã A", MORNING)

    assert sentence.vi == "Cổng 3 (Phòng họp) của bộ chuyển mạch xã A mất kết nối từ 08:12"
    assert sentence.en == "Port 3 (Phòng họp) of bộ chuyển mạch xã A is down since 08:12"


def test_what_the_administrator_called_it_stands_in_where_the_inventory_has_no_name() -> None:
    assert component_name(port(text="Phong hop")).vi == "Cổng 3 (Phong hop)"
    assert component_name(port("Phòng họp", "Phong hop")).vi == "Cổng 3 (Phòng họp)"
    assert component_name(port()).en == "Port 3"


def test_a_device_is_called_the_same_however_it_is_asked() -> None:
    assert device_name("UBND xã A: Bộ chuyển mạch (SNMP)") == "Bộ chuyển mạch UBND xã A"
    assert device_name("UBND xã A: Bộ chuyển mạch") == "Bộ chuyển mạch UBND xã A"
    assert device_name("Tủ trung tâm (SNMP)") == "Tủ trung tâm"


def test_another_day_has_its_date() -> None:
    assert since_text(datetime(2026, 11, 30, 23, 59, tzinfo=HANOI), NOW).vi == "23:59 ngày 30/11/2026"


def test_a_part_without_a_name_is_the_only_one_of_its_kind() -> None:
    battery = Component("battery", ComponentKind.BATTERY, ComponentFault.BATTERY_LOW, "battery")

    assert component_sentence(battery, "UPS xã A").vi == "Ắc quy của UPS xã A sắp cạn"
    assert component_sentence(battery, "UPS xã A").en == "Battery of UPS xã A is nearly empty"


@pytest.mark.parametrize("fault", ComponentFault)
def test_every_fault_has_a_sentence_and_what_to_do(fault: ComponentFault) -> None:
    part = Component("fan:1", ComponentKind.FAN, fault, "1")

    for text in (component_sentence(part, "Máy", MORNING), component_advice(part), words.FAULTS[fault]):
        assert text.vi
        assert text.en
        assert text.vi != text.en
        assert "{" not in f"{text}"


def test_every_kind_has_a_word() -> None:
    assert set(words.COMPONENTS) == set(ComponentKind)


def test_text_of_a_device_is_harmless_and_short() -> None:
    hostile = "\x1b[31m{device}\u202e\nPhòng" + "x" * 300
    sentence = component_sentence(port(text=hostile), "{part}\x07", Text("a", "b"))

    for said in sentence:
        assert said.isprintable()
        assert len(said) < 200
        assert "{device}" in said
        assert "{part}" in said
    assert len(device_text(hostile)) == 64


def test_what_is_in_order_has_no_sentence() -> None:
    with pytest.raises(ValueError, match="in order"):
        component_sentence(Component("port:1", ComponentKind.PORT), "x")
