"""What `sansang check --snmp` says of each device: what it is, its ports and parts, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console

from agent.cli.clients.agent_api import TargetCheck
from agent.cli.tables.check import VERDICT_COLOURS, VERDICT_WORDS, Style, part_sentence
from agent.cli.tables.layout import say
from agent.cli.visible import visible
from agent.engine.snapshot import ComponentView
from agent.explain.components import component_name, device_text
from agent.explain.device_gaps import GAPS, MEASURES, SILENT
from agent.explain.durations import duration_text
from agent.explain.texts import explain_target
from agent.model import ComponentKind, DeviceIdentity, Verdict
from agent.text import Text

NO_DEVICES = Text(
    "không có mục tiêu SNMP nào khớp với lựa chọn; hãy ghi tên mã vào cột `snmp` của điểm",
    "no SNMP target matches the selection; write the name of a credential into the site's column `snmp`",
)
_SILENT_REASONS = ("no_snmp_answer", "timeout")
_MOST = 12  # ports in a list
_HEAD = Text("{name} ({target}, {address}): {verdict}", "{name} ({target}, {address}): {verdict}")
_WHAT = Text("Thiết bị: {said}", "Device: {said}")
_NOTHING = Text("không khai gì về mình", "it says nothing of itself")
_FIRMWARE = Text("phần mềm {said}", "firmware {said}")
_SERIAL = Text("số sê-ri {said}", "serial number {said}")
_HARDWARE = Text("phần cứng {said}", "hardware {said}")
_MADE = Text("sản xuất {said}", "made {said}")
_RUNNING = Text("Đã chạy: {duration}", "Running for {duration}")
_PORTS = Text(
    "Cổng: {all}; có kết nối {up}, không kết nối {down}, tắt {disabled}, có tên {named}",
    "Ports: {all}; {up} up, {down} down, {disabled} switched off, {named} with a name",
)
_WATCHED = Text("Cổng được theo dõi: {ports}", "Ports that are watched: {ports}")
_UNWATCHED = Text(
    "Chưa cổng nào được theo dõi: cổng có tên, hoặc dùng ít nhất một giờ trong 3 của 10 ngày làm việc gần nhất, thì"
    " mới được",
    "No port is watched yet: one with a name is, or one used for an hour on 3 of the last 10 working days",
)
_UP = Text("{port} tốt", "{port} up")
_DOWN = Text("{port} mất kết nối", "{port} down")
_OFF = Text("{port} tắt", "{port} switched off")
_MORE = Text("và {count} cổng nữa", "and {count} more")
_PARTS = Text("Bộ phận khác: {parts}", "Other parts: {parts}")
_GOOD = Text("{part} tốt", "{part} in order")
_MEASURED = Text("Đo được: {measures}", "Measured: {measures}")
_MISSING = Text("Còn thiếu: {what}", "Missing: {what}")


def device_blocks(rows: Sequence[TargetCheck], style: Style, console: Console) -> None:
    """Print one block a device."""
    for row in rows:
        head = _HEAD.to(style.language).format(
            name=visible(row.name),
            target=visible(row.target),
            address=visible(str(row.document.get("address", ""))),
            verdict=VERDICT_WORDS[row.verdict].to(style.language),
        )
        say(head, console, VERDICT_COLOURS[row.verdict])
        for line in _lines(row, style):
            say(line, console, indent=2)
        console.print()


def _lines(row: TargetCheck, style: Style) -> Iterator[str]:
    if not row.verdict.success:
        yield from _failed(row, style)
        return
    language = style.language
    device = row.device
    yield _WHAT.to(language).format(said=_identity(row.identity or (device and device.identity) or None, language))
    if device is not None and device.uptime_ms is not None:
        yield _RUNNING.to(language).format(duration=duration_text(device.uptime_ms / 1000, language))
    yield from _ports(row, language)
    yield from _others(row, language)
    if measures := ", ".join(_measures(row, language)):
        yield _MEASURED.to(language).format(measures=measures)
    for part in row.failed_parts:
        yield part_sentence(part, row.name, style)
    if row.verdict is Verdict.DEGRADED and not row.failed_parts:
        yield explain_target(row.role, row.reason, language).what
        if row.detail_text is not None:
            yield visible(row.detail_text.to(language))
    if missing := "; ".join(_missing(row, language)):
        yield _MISSING.to(language).format(what=missing)


def _failed(row: TargetCheck, style: Style) -> Iterator[str]:
    explanation = explain_target(row.role, row.reason, style.language, upstream=visible(row.upstream_name))
    yield explanation.what
    yield f"→ {explanation.advice}"
    if row.reason.value in _SILENT_REASONS:
        yield _MISSING.to(style.language).format(what=SILENT.to(style.language))


def _identity(identity: DeviceIdentity | None, language: str) -> str:
    if identity is None:
        return _NOTHING.to(language)
    what = " ".join(filter(None, (identity.vendor, identity.model)))
    facts = (
        (_FIRMWARE, identity.firmware),
        (_SERIAL, identity.serial),
        (_HARDWARE, identity.hardware),
        (_MADE, identity.made_on),
    )
    details = [text.to(language).format(said=visible(device_text(said))) for text, said in facts if said]
    return ", ".join([*([visible(device_text(what))] if what else []), *details]) or _NOTHING.to(language)


def _ports(row: TargetCheck, language: str) -> Iterator[str]:
    found = row.device.components if row.device is not None else ()
    ports = [part for part in found if part.kind is ComponentKind.PORT]
    if not ports:
        return
    yield _PORTS.to(language).format(
        all=len(ports),
        up=sum(port.operational is True for port in ports),
        down=sum(port.operational is not True and not port.disabled for port in ports),
        disabled=sum(port.disabled for port in ports),
        named=sum(port.named for port in ports),
    )
    watched = [part for part in row.parts if part.matters and part.component.kind is ComponentKind.PORT]
    watched.sort(key=lambda part: not part.failed)
    listed = ", ".join(_port(part, language) for part in watched[:_MOST])
    if len(watched) > _MOST:
        listed = f"{listed}, {_MORE.to(language).format(count=len(watched) - _MOST)}"
    yield _WATCHED.to(language).format(ports=listed) if watched else _UNWATCHED.to(language)


def _port(part: ComponentView, language: str) -> str:
    text = _OFF if part.component.disabled else _DOWN if part.failed else _UP
    return text.to(language).format(port=visible(component_name(part.component).to(language)))


def _others(row: TargetCheck, language: str) -> Iterator[str]:
    """Batteries, fans, supplies, sensors that are in order; those that are not have a sentence each."""
    found = row.device.components if row.device is not None else ()
    good = [
        _GOOD.to(language).format(part=visible(component_name(part).to(language)))
        for part in found
        if part.kind is not ComponentKind.PORT and part.fault is None
    ]
    if good:
        yield _PARTS.to(language).format(parts=", ".join(good[:_MOST]))


def _measures(row: TargetCheck, language: str) -> Iterator[str]:
    facts = _facts(row)
    for name, text in MEASURES.items():
        if numbers := list(_numbers(facts.get(name))):
            yield text.to(language).format(
                percent=f"{max(numbers) * 100:.0f}",
                least=f"{min(numbers) * 100:.0f}",
                number=f"{max(numbers):.0f}",
                duration=duration_text(max(numbers), language),
            )


def _numbers(fact: object) -> Iterator[float]:
    """One, or one for each sensor."""
    for number in fact.values() if isinstance(fact, Mapping) else (fact,):
        if isinstance(number, int | float):
            yield number


def _missing(row: TargetCheck, language: str) -> Iterator[str]:
    gaps = _facts(row).get("gaps")
    for gap in gaps if isinstance(gaps, list) else ():
        if gap in GAPS:
            yield GAPS[gap].to(language)


def _facts(row: TargetCheck) -> Mapping[str, object]:
    facts = row.document["run"]["facts"]
    return facts if isinstance(facts, Mapping) else {}
