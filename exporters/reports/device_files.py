"""A list of devices as a file, in the form that its name asks for."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from agent.availability.instants import iso_utc
from agent.errors import SansangError
from agent.model import State
from agent.reporting.devices import DeviceList, DeviceRecord
from agent.reporting.replacement import urgency
from agent.text import Text
from exporters.reports.csv_file import harmless
from exporters.reports.device_json import device_json
from exporters.reports.device_words import fault_text, made_on, reason_text

DeviceWriter = Callable[[DeviceList], bytes]


def device_csv(devices: DeviceList) -> bytes:
    """UTF-8 with the mark that spreadsheets know it by, comma, CRLF, dots, instants in ISO; one row for each device."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    columns = {**_COLUMNS, "unverified": _unverified} if devices.unverified else _COLUMNS
    writer.writerow(columns)
    ranks = {device.subject.target: rank for rank, device in enumerate(devices.replace_first, start=1)}
    for device in devices.devices:
        row = _DeviceRow(devices, device, ranks.get(device.subject.target, 0))
        writer.writerow(column(row) for column in columns.values())
    return text.getvalue().encode("utf-8-sig")


@dataclass(frozen=True, slots=True)
class _DeviceRow:
    """rank: its place among those to replace, 0 of one that is not."""

    devices: DeviceList
    device: DeviceRecord
    rank: int


def _unverified(row: _DeviceRow) -> str:
    return harmless(row.devices.unverified)


def _iso(ms: int | None) -> str:
    return "" if ms is None else iso_utc(ms)


def _state(row: _DeviceRow) -> str:
    state = row.device.state
    return "" if state is None else (state if row.device.known else State.UNKNOWN).name.lower()


def _open_faults(row: _DeviceRow) -> str:
    return harmless("; ".join(fault_text(span.component, row.devices.language) for span in row.device.open_faults))


def _reasons(row: _DeviceRow) -> str:
    return harmless("; ".join(reason_text(reason, row.devices.language) for reason in row.device.reasons))


_COLUMNS: Mapping[str, Callable[[_DeviceRow], str | int]] = {
    "target": lambda row: harmless(row.device.subject.target),
    "name": lambda row: harmless(row.device.subject.name),
    "role": lambda row: harmless(row.device.subject.role),
    "site": lambda row: harmless(row.device.subject.site),
    "site_name": lambda row: harmless(row.device.subject.site_name),
    "unit": lambda row: harmless(row.device.subject.unit),
    "unit_name": lambda row: harmless(row.device.subject.unit_name),
    "level": lambda row: harmless(row.device.subject.level),
    "address": lambda row: harmless(row.device.address),
    "vendor": lambda row: harmless(row.device.identity.vendor),
    "model": lambda row: harmless(row.device.identity.model),
    "serial": lambda row: harmless(row.device.identity.serial),
    "firmware": lambda row: harmless(row.device.identity.firmware),
    "hardware": lambda row: harmless(row.device.identity.hardware),
    "made_on": lambda row: made_on(row.device),
    "seen_since": lambda row: _iso(row.device.seen_ms),
    "state": _state,
    "state_since": lambda row: _iso(row.device.state_since_ms),
    "snmp": lambda row: row.device.snmp,
    "booted": lambda row: _iso(row.device.booted_ms),
    "restarts": lambda row: len(row.device.restarts) if row.device.asked else "",
    "power_cuts": lambda row: len(row.device.power_cuts) if row.device.asked else "",
    "faults": lambda row: len(row.device.faults) if row.device.asked else "",
    "open_faults": _open_faults,
    "beyond_limits_ms": lambda row: row.device.beyond_limits_ms if row.device.asked else "",
    "replace": lambda row: urgency(row.device.reasons).name.lower() if row.device.reasons else "",
    "replace_rank": lambda row: row.rank or "",
    "replace_reasons": _reasons,
    "period_start": lambda row: iso_utc(row.devices.start_ms),
    "period_end": lambda row: iso_utc(row.devices.end_ms),
    "as_of": lambda row: iso_utc(row.devices.as_of_ms),
    "ledger_head": lambda row: row.devices.provenance.anchor,
}
"""Heading and value of each column, in the order of the file."""


def _xlsx(devices: DeviceList) -> bytes:
    from exporters.reports.device_sheets import device_workbook  # noqa: PLC0415 - with xlsxwriter: 45 ms
    from exporters.reports.xlsx_file import workbook  # noqa: PLC0415

    return workbook(device_workbook(devices))


DEVICE_WRITERS: Mapping[str, DeviceWriter] = {".xlsx": _xlsx, ".csv": device_csv, ".json": device_json}

_NO_ENDING = Text(
    "{path}: tên tệp phải kết thúc bằng {known}; hãy ghi {stem}.xlsx",
    "{path}: the name must end in {known}; right would be {stem}.xlsx",
)


def device_writer(path: Path) -> DeviceWriter:
    """SansangError if nothing is written under such a name; ask before the long work."""
    writer = DEVICE_WRITERS.get(path.suffix.lower())
    if writer is None:
        raise SansangError(_NO_ENDING.filled(path=path, known=", ".join(DEVICE_WRITERS), stem=path.stem))
    return writer
