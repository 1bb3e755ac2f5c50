"""A district's devices as `sansang devices` finds them, made by hand: for pictures and office suites."""

from __future__ import annotations

from dataclasses import replace

from agent.availability.figures import Provenance, Subject
from agent.model import Component, ComponentFault, ComponentKind, DeviceIdentity, State
from agent.reporting.devices import DeviceList, DeviceRecord, judged
from agent.reporting.replacement import FaultSpan
from tests.exporters.reports.sample import DAY, HOUR, at

START, END = at("2026-11-01 00:00"), at("2026-12-01 00:00")
ZONE = "Asia/Ho_Chi_Minh"


def device(place: str, name: str, address: str, *said: str, **known: object) -> DeviceRecord:
    site = place.lower().replace(" ", "-")
    subject = Subject(f"{site}/{name}", f"UBND {place}: {name}", "lan", site, f"UBND {place}", site, place, "commune")
    record = DeviceRecord(
        subject,
        address,
        DeviceIdentity(*said) if said else DeviceIdentity(),
        State.UP,
        START,
        known=True,
        asked=bool(said),
        booted_ms=START - 40 * DAY if said else None,
        seen_ms=START if said else None,
    )
    return judged(replace(record, **known), ZONE, END)  # type: ignore[arg-type]


def fault(part: str, what: ComponentFault, day: int, hours: int | None, text: str = "") -> FaultSpan:
    kind, _, name = part.partition(":")
    start = START + day * DAY
    component = Component(part, ComponentKind(kind), what, name, text)
    return FaultSpan(component, start, None if hours is None else start + hours * HOUR)


CUT = START + 12 * DAY
_OWN = tuple(START + day * DAY for day in (2, 9, 17, 23))
_AN_HOA = (
    device(
        "xã An Hòa", "Bộ định tuyến", "192.0.2.1", "MikroTik", "RB951Ui-2HnD", "B8950A1F", "6.49.10", "", "",
        restarts=(CUT,), power_cuts=(CUT,),
    ),
    device(
        "xã An Hòa", "Bộ chuyển mạch", "192.0.2.2", "HPE", "1920-24G", "CN4BGP0123", "5.20.99", "", "2014-03-01",
        restarts=(*_OWN, CUT), power_cuts=(CUT,), booted_ms=_OWN[-1],
        faults=(fault("port:3", ComponentFault.PORT_DOWN, 8, 3, "Phòng họp"),),
    ),
    device(
        "xã An Hòa", "Bộ lưu điện", "192.0.2.3", "Santak", "C3KR", "SK1906A0077", "02.14", "", "2019-06-01",
        state=State.DEGRADED,
        faults=(
            fault("power", ComponentFault.ON_BATTERY, 12, 1),
            fault("battery", ComponentFault.BATTERY_REPLACE, 13, None),
        ),
    ),
)  # fmt: skip
_BINH_MINH = (
    device("xã Bình Minh", "Bộ định tuyến", "192.0.2.17", "DrayTek", "Vigor2925", "142A0C77", "3.8.9.6", "", ""),
    device(
        "xã Bình Minh", "Bộ chuyển mạch", "192.0.2.18", "Cisco", "WS-C2960-24TT-L", "FOC1132X0QF", "12.2(55)SE12",
        "V05", "2011-08-15", state=State.DEGRADED, beyond_limits_ms=31 * HOUR,
        faults=(
            fault("fan:1", ComponentFault.FAN_FAILED, 20, None),
            fault("port:Fa0/7", ComponentFault.PORT_DOWN, 4, 2, "Một cửa"),
        ),
    ),
    device("xã Bình Minh", "Máy in một cửa", "192.0.2.19"),
)  # fmt: skip
_CAM_TAY = (
    device(
        "phường Cẩm Tây", "Bộ chuyển mạch", "192.0.2.34", "Ruijie", "RG-ES224GC", "G1NW21R00123", "ESW_1.0(1)B1P11",
        "", "", silent=True,
    ),
    device("phường Cẩm Tây", "Bộ phát wifi", "192.0.2.35", state=State.DOWN, state_since_ms=END - 6 * DAY),
)  # fmt: skip


def district() -> DeviceList:
    """Eight devices of three communes, four of them worn."""
    devices = (*_AN_HOA, *_BINH_MINH, *_CAM_TAY)
    source = Provenance("local", 1, 48_211, "9f86d081884c7d65" * 4, "0.1.0", "2026a", "", (), ())
    return DeviceList(START, END, END, ZONE, "vi", "Huyện Lập Thạch", devices, source)
