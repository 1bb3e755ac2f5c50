"""A list of devices as the sheets that an office hands in, from the summary to the rule by which it proposes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent.characters import cleaned
from agent.explain.components import component_name, device_text
from agent.explain.labels import STATES
from agent.explain.sentences.components import FAULTS
from agent.model import State
from agent.reporting.devices import DeviceList, DeviceRecord
from agent.reporting.replacement import FaultSpan
from agent.text import Text
from exporters.reports.cells import (
    Cell,
    Duration,
    Instant,
    ReportSheet,
    Table,
    TableColumn,
    Workbook,
    named_sheet,
    table,
)
from exporters.reports.device_method import device_method
from exporters.reports.device_words import advice_text, age_text, device_name, faults_text, state_text
from exporters.reports.formatting import moment

_MOST_IN_SUMMARY = 8
_TITLE = Text("HIỆN TRẠNG THIẾT BỊ MẠNG VÀ PHÒNG MÁY", "NETWORK AND ROOM EQUIPMENT")
_PERIOD = Text(
    "Kỳ xem xét: từ {start} đến trước {end} (múi giờ {zone})", "Period: from {start} until just before {end} ({zone})"
)
_AS_OF = Text("Số liệu tính đến {as_of}", "As known at {as_of}")
_NO_SNMP = Text("Chưa hỏi SNMP", "Not asked by SNMP")
_SILENT = Text("SNMP không trả lời", "SNMP silent")
_UNKNOWN = Text("Chưa rõ", "Unknown")
_CAPTION = Text("Cần thay trước", "To replace first")
_TO_REPLACE = Text("Đề xuất thay", "Proposed for replacement")
_ALL = Text("Tổng số thiết bị", "All devices")
_NOT_GIVEN = Text("(chưa rõ)", "(not told)")
_LASTS = Text("chưa hết", "still")


@dataclass(frozen=True, slots=True)
class _Line:
    """A device in a table, with its number there."""

    number: int
    device: DeviceRecord
    devices: DeviceList

    def text(self, write: Callable[[DeviceRecord, str], str]) -> str:
        return write(self.device, self.devices.language)


_NUMBER: TableColumn[_Line] = TableColumn(Text("STT", "No."), 5, lambda line: line.number)
_UNIT: TableColumn[_Line] = TableColumn(
    Text("Đơn vị", "Unit"), 14, lambda line: _name(line.device.subject.unit_name, line.device.subject.unit)
)
_SITE: TableColumn[_Line] = TableColumn(
    Text("Địa điểm", "Site"), 16, lambda line: _name(line.device.subject.site_name, line.device.subject.site)
)
_DEVICE: TableColumn[_Line] = TableColumn(Text("Thiết bị", "Device"), 16, lambda line: device_name(line.device))
_VENDOR: TableColumn[_Line] = TableColumn(
    Text("Hãng", "Vendor"), 11, lambda line: device_text(line.device.identity.vendor)
)
_MODEL: TableColumn[_Line] = TableColumn(
    Text("Kiểu", "Model"), 14, lambda line: device_text(line.device.identity.model)
)
_SERIAL: TableColumn[_Line] = TableColumn(
    Text("Số sê-ri", "Serial number"), 15, lambda line: device_text(line.device.identity.serial)
)
_AGE: TableColumn[_Line] = TableColumn(
    Text("Tuổi thiết bị", "Age"), 15, lambda line: age_text(line.device, line.devices)
)
_STATE: TableColumn[_Line] = TableColumn(Text("Tình trạng", "State"), 14, lambda line: line.text(state_text))
_ADVICE: TableColumn[_Line] = TableColumn(Text("Đề xuất", "Proposal"), 26, lambda line: line.text(advice_text))
_WORST: tuple[TableColumn[_Line], ...] = (
    TableColumn(
        Text("Địa điểm, thiết bị", "Site, device"), 40, lambda line: f"{_SITE.cell(line)}: {_DEVICE.cell(line)}"
    ),
    TableColumn(Text("Kiểu", "Model"), 20, _MODEL.cell),
    TableColumn(Text("Đề xuất", "Proposal"), 60, _ADVICE.cell),
)
_EVERYTHING: tuple[TableColumn[_Line], ...] = (
    _NUMBER,
    _UNIT,
    _SITE,
    _DEVICE,
    _VENDOR,
    _MODEL,
    _SERIAL,
    TableColumn(Text("Phiên bản phần mềm", "Firmware"), 14, lambda line: device_text(line.device.identity.firmware)),
    TableColumn(Text("Địa chỉ", "Address"), 14, lambda line: cleaned(line.device.address)),
    TableColumn(Text("Chạy từ", "Running since"), 20, lambda line: _instant(line.device.booted_ms)),
    TableColumn(
        Text("Số lần khởi động lại", "Restarts"), 9, lambda line: _asked(line.device, len(line.device.restarts))
    ),
    TableColumn(Text("Do mất điện", "By power cuts"), 9, lambda line: _asked(line.device, len(line.device.power_cuts))),
    _AGE,
    _STATE,
    TableColumn(Text("Lỗi bộ phận trong kỳ", "Faults of parts in the period"), 24, lambda line: line.text(faults_text)),
    _ADVICE,
)


def device_workbook(devices: DeviceList) -> Workbook:
    """Every sheet, in the language and the zone of the list."""
    language = devices.language
    sheets = (
        _summary(devices),
        named_sheet(Text("Hiện trạng", "Devices"), _TITLE, language, _table(_EVERYTHING, devices.devices, devices)),
        named_sheet(
            Text("Thay trước", "Replace first"),
            Text("THIẾT BỊ ĐỀ XUẤT THAY, CẦN TRƯỚC XẾP TRƯỚC", "DEVICES TO REPLACE, THE MOST URGENT FIRST"),
            language,
            _table(
                (_NUMBER, _UNIT, _SITE, _DEVICE, _VENDOR, _MODEL, _SERIAL, _AGE, _STATE, _ADVICE),
                devices.replace_first,
                devices,
            ),
        ),
        _faults(devices),
        device_method(devices),
    )
    return Workbook(devices.organisation, language, devices.zone, sheets, mark=devices.unverified)


def _table(
    columns: Sequence[TableColumn[_Line]],
    records: Sequence[DeviceRecord],
    devices: DeviceList,
    caption: Text | None = None,
) -> Table:
    lines = [_Line(number, device, devices) for number, device in enumerate(records, start=1)]
    return table(columns, lines, devices.language, caption)


def _name(name: str, identity: str) -> str:
    return cleaned(name or identity)


def _instant(ms: int | None) -> Cell:
    """To the second: what a device counts is no more exact."""
    return "" if ms is None else Instant(ms // 1000 * 1000)


def _asked(device: DeviceRecord, number: int) -> Cell:
    return number if device.asked else ""


# -- the summary ------------------------------------------------------------------------------------------------------


def _summary(devices: DeviceList) -> ReportSheet:
    language, zone = devices.language, devices.zone
    start, end, as_of = (
        moment(ms // 1000 * 1000, zone, language) for ms in (devices.start_ms, devices.end_ms, devices.as_of_ms)
    )
    worst = devices.replace_first[:_MOST_IN_SUMMARY]
    return ReportSheet(
        Text("Tổng hợp", "Summary").to(language),
        _TITLE.to(language),
        (
            _counted(Text("Tình trạng", "State"), _states(devices), language),
            _counted(Text("Hãng và kiểu", "Vendor and model"), _models(devices), language),
            table(_WORST, [_Line(0, device, devices) for device in worst], language, _CAPTION),
        ),
        (
            _PERIOD.to(language).format(start=start, end=end, zone=zone),
            _AS_OF.to(language).format(as_of=as_of),
        ),
        signed=True,
    )


def _counted(heading: Text, counts: Sequence[tuple[str, int]], language: str) -> Table:
    columns: tuple[TableColumn[tuple[str, int]], ...] = (
        TableColumn(heading, 40, lambda entry: entry[0]),
        TableColumn(Text("Số thiết bị", "Devices"), 14, lambda entry: entry[1]),
    )
    return table(columns, counts, language)


def _states(devices: DeviceList) -> list[tuple[str, int]]:
    language = devices.language
    known = Counter(device.state if device.known else None for device in devices.devices)
    return [
        (_ALL.to(language), len(devices.devices)),
        *((STATES[state].to(language), known[state]) for state in (State.UP, State.DEGRADED, State.DOWN)),
        (_UNKNOWN.to(language), known[None]),
        (_SILENT.to(language), sum(device.silent for device in devices.devices)),
        (_NO_SNMP.to(language), sum(not device.asked for device in devices.devices)),
        (_TO_REPLACE.to(language), len(devices.replace_first)),
    ]


def _models(devices: DeviceList) -> list[tuple[str, int]]:
    kinds = Counter(
        " ".join(filter(None, (device_text(device.identity.vendor), device_text(device.identity.model))))
        for device in devices.devices
    )
    named = [(name, count) for name, count in kinds.most_common() if name][:_MOST_IN_SUMMARY]
    rest = len(devices.devices) - sum(count for _, count in named)
    return [*named, *([(_NOT_GIVEN.to(devices.language), rest)] if rest else [])]


# -- faults of parts --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _FaultLine:
    """A fault in its table."""

    number: int
    device: DeviceRecord
    span: FaultSpan
    devices: DeviceList

    @property
    def part(self) -> str:
        return component_name(self.span.component).to(self.devices.language)

    @property
    def fault(self) -> str:
        fault = self.span.component.fault
        return "" if fault is None else FAULTS[fault].to(self.devices.language)

    @property
    def end(self) -> Cell:
        return _LASTS.to(self.devices.language) if self.span.end_ms is None else _instant(self.span.end_ms)

    @property
    def length(self) -> Cell:
        end_ms = self.devices.as_of_ms if self.span.end_ms is None else self.span.end_ms
        return Duration(max(0, end_ms // 1000 - self.span.start_ms // 1000) * 1000)


_FAULT_COLUMNS: tuple[TableColumn[_FaultLine], ...] = (
    TableColumn(Text("STT", "No."), 5, lambda line: line.number),
    TableColumn(
        Text("Địa điểm", "Site"), 22, lambda line: _name(line.device.subject.site_name, line.device.subject.site)
    ),
    TableColumn(Text("Thiết bị", "Device"), 22, lambda line: device_name(line.device)),
    TableColumn(Text("Bộ phận", "Part"), 26, lambda line: line.part),
    TableColumn(Text("Lỗi", "Fault"), 20, lambda line: line.fault),
    TableColumn(Text("Từ", "From"), 21, lambda line: _instant(line.span.start_ms)),
    TableColumn(Text("Đến", "To"), 21, lambda line: line.end),
    TableColumn(Text("Kéo dài", "Lasted"), 14, lambda line: line.length),
)


def _faults(devices: DeviceList) -> ReportSheet:
    pairs = [(device, span) for device in devices.devices for span in device.faults]
    lines = [_FaultLine(number, *pair, devices) for number, pair in enumerate(pairs, start=1)]
    return named_sheet(
        Text("Lỗi bộ phận", "Faults of parts"),
        Text("LỖI CỦA CỔNG, NGUỒN, ẮC QUY, QUẠT TRONG KỲ", "FAULTS OF PORTS, SUPPLIES, BATTERIES AND FANS"),
        devices.language,
        table(_FAULT_COLUMNS, lines, devices.language),
    )
