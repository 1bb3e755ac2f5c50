"""What a list of devices says of one of them, in words: state, age, faults of parts, and why to replace it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from agent.availability.zones import DAY_MS
from agent.characters import cleaned
from agent.explain.components import component_name
from agent.explain.labels import STATES
from agent.explain.sentences.components import FAULTS
from agent.model import Component, State
from agent.reporting.devices import DeviceList, DeviceRecord, old_since
from agent.reporting.replacement import FaultSpan, ReplacementCause, ReplacementReason, Urgency, urgency
from agent.text import Text
from exporters.reports.formatting import local

URGENCIES: Mapping[Urgency, Text] = {
    Urgency.NOW: Text("thay ngay", "replace now"),
    Urgency.SOON: Text("nên thay sớm", "replace soon"),
    Urgency.PLANNED: Text("đưa vào kế hoạch", "plan to replace"),
    Urgency.NONE: Text("", ""),
}
_REASONS: Mapping[ReplacementCause, Text] = {
    ReplacementCause.BATTERY_WORN: Text(
        "{part} cần thay, thiết bị tự báo", "{part} has to be replaced, says the device"
    ),
    ReplacementCause.SUPPLY_FAILED: Text("{part} hỏng", "{part} has failed"),
    ReplacementCause.FAN_FAILED: Text("{part} không quay", "{part} does not turn"),
    ReplacementCause.SILENT: Text("không trả lời đã {amount} ngày", "no answer for {amount} days"),
    ReplacementCause.RESTARTS: Text(
        "khởi động lại {amount} lần không do mất điện", "restarted {amount} times without a power cut"
    ),
    ReplacementCause.PART_FAILS: Text("{part} lỗi {amount} lần", "{part} failed {amount} times"),
    ReplacementCause.BEYOND_LIMITS: Text("vượt ngưỡng {amount} giờ", "beyond its limits for {amount} hours"),
    ReplacementCause.AGE: Text("đã dùng {amount} năm", "{amount} years old"),
}
_MADE = Text("sản xuất {day}", "made {day}")
_SEEN = Text("thấy từ {day}", "seen since {day}")
_YEARS = Text("{age} ({years} năm)", "{age} ({years} years)")
_YEAR = Text("{age} (1 năm)", "{age} (1 year)")
_NO_LONGER = Text("chưa rõ (trước đó: {state})", "unknown (before: {state})")
_NEVER = Text("chưa đo lần nào", "never probed")
_SILENT = Text("{state}; SNMP không trả lời", "{state}; SNMP silent")
_NOT_ASKED = Text("{state}; chưa hỏi SNMP", "{state}; not asked by SNMP")
_TIMES = Text("{fault} {times} lần", "{fault} {times} times")
_LASTING = Text("{fault}, chưa hết", "{fault}, still")
_MORE = Text("và {count} lỗi khác", "and {count} more")
_FEW = 4  # faults in a cell


def device_name(device: DeviceRecord) -> str:
    """Its name without that of its site, which has a column of its own."""
    subject = device.subject
    return cleaned((subject.name or subject.target).removeprefix(f"{subject.site_name}: "))


def state_text(device: DeviceRecord, language: str) -> str:
    """The state that is known last, and what its SNMP does."""
    if device.state is None:
        state = _NEVER.to(language)
    else:
        word = STATES[device.state].to(language)
        state = word if device.known else _NO_LONGER.to(language).format(state=word.lower())
    if not device.asked:
        return _NOT_ASKED.to(language).format(state=state)
    silent = device.silent and device.state is not State.DOWN
    return _SILENT.to(language).format(state=state) if silent else state


def age_text(device: DeviceRecord, devices: DeviceList) -> str:
    """Made when, or seen since when, and how many whole years that is; "" where nobody knows."""
    since_ms, language = old_since(device, devices.zone), devices.language
    if since_ms is None:
        return ""
    text = _MADE if made_on(device) else _SEEN
    age = text.to(language).format(day=f"{local(since_ms, devices.zone):%d/%m/%Y}")
    years = int((devices.as_of_ms - since_ms) // (365.25 * DAY_MS))
    if years < 1:
        return age
    return (_YEAR if years == 1 else _YEARS).to(language).format(age=age, years=years)


def made_on(device: DeviceRecord) -> str:
    """The ISO date on which it was made; "" where it does not say one."""
    try:
        return date.fromisoformat(device.identity.made_on).isoformat()
    except ValueError:
        return ""


def faults_text(device: DeviceRecord, language: str) -> str:
    """Each fault of a part in the period with its number, the most frequent first."""
    spans: dict[str, list[FaultSpan]] = defaultdict(list)
    for span in device.faults:
        spans[fault_text(span.component, language)].append(span)
    parts = []
    for words, those in sorted(spans.items(), key=lambda entry: (-len(entry[1]), entry[0])):
        text = words if len(those) == 1 else _TIMES.to(language).format(fault=words, times=len(those))
        lasts = any(span.end_ms is None for span in those)
        parts.append(_LASTING.to(language).format(fault=text) if lasts else text)
    more = [_MORE.to(language).format(count=len(parts) - _FEW)] if len(parts) > _FEW else []
    return "; ".join([*parts[:_FEW], *more])


def fault_text(component: Component, language: str) -> str:
    """The part and what is wrong with it: ``Cổng 3 (Phòng họp): mất kết nối``."""
    words = "" if component.fault is None else FAULTS[component.fault].to(language)
    return f"{component_name(component).to(language)}: {words}"


def reason_text(reason: ReplacementReason, language: str) -> str:
    """Why to replace it, without a full stop."""
    part = "" if reason.component is None else component_name(reason.component).to(language)
    return _REASONS[reason.cause].to(language).format(part=part, amount=reason.amount)


def advice_text(device: DeviceRecord, language: str) -> str:
    """How soon to replace it, and why; "" where nothing speaks for it."""
    if not device.reasons:
        return ""
    word = URGENCIES[urgency(device.reasons)].to(language)
    return f"{word[0].upper()}{word[1:]}: {'; '.join(reason_text(reason, language) for reason in device.reasons)}"
