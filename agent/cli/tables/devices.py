"""The devices on a terminal: what to replace first, then each device with its state and what speaks against it."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text as RichText

from agent.cli.tables.layout import columns, say, show
from agent.cli.visible import visible
from agent.explain.components import device_text
from agent.explain.durations import duration_text
from agent.model import State
from agent.reporting.devices import DeviceList, DeviceRecord
from agent.text import Text
from exporters.reports.device_words import advice_text, age_text, faults_text, state_text
from exporters.reports.formatting import moment

NO_DEVICES = Text(
    "không có thiết bị nào khớp với lựa chọn: danh sách gồm những gì được ping như đường truyền, mạng LAN, thiết bị,"
    " hoặc được hỏi SNMP",
    "no device matches the selection: listed is what is pinged as uplink, LAN or device, or asked by SNMP",
)
_PERIOD = Text(
    "Lỗi và khởi động lại: từ {start} đến trước {end}; giờ {zone}",
    "Faults and restarts: from {start} to before {end}; time of {zone}",
)
_COLUMNS = Text(
    "Thiết bị|Hãng, kiểu|Số sê-ri|Phần mềm|Chạy được|Khởi động lại|Tuổi|Tình trạng|Lỗi và đề xuất",
    "Device|Vendor, model|Serial|Firmware|Running for|Restarts|Age|State|Faults and proposal",
)
_CUTS = Text("{number} ({cuts} do mất điện)", "{number} ({cuts} by power cuts)")
_REPLACE = Text("Nên thay trước:", "To replace first:")
_MOST = 10  # to replace first, on a terminal


def device_table(devices: DeviceList, console: Console) -> None:
    """Print it."""
    language = devices.language
    if devices.unverified:
        say(devices.unverified, console, "bold red")
    start, end = (moment(ms // 1000 * 1000, devices.zone, language) for ms in (devices.start_ms, devices.end_ms))
    say(_PERIOD.to(language).format(start=start, end=end, zone=devices.zone), console)
    shape = columns(_COLUMNS.to(language), prose=(0, 1, 6, 7, 8), right=(5,))
    show(shape, [_cells(device, devices) for device in devices.devices], console)
    if worst := devices.replace_first[:_MOST]:
        say(_REPLACE.to(language), console, "bold")
        for number, device in enumerate(worst, start=1):
            name = visible(device.subject.name or device.subject.target)
            say(f"{number}. {name}. {visible(advice_text(device, language))}", console, indent=2)
    if devices.unverified:
        say(devices.unverified, console, "bold red")


def _cells(device: DeviceRecord, devices: DeviceList) -> tuple[RichText | str, ...]:
    identity, language = device.identity, devices.language
    what = " ".join(filter(None, (device_text(identity.vendor), device_text(identity.model))))
    notes = filter(None, (faults_text(device, language), advice_text(device, language)))
    return (
        RichText.assemble(visible(device.subject.target), "\n", (visible(device.subject.name), "dim")),
        visible(what) or "-",
        visible(device_text(identity.serial)) or "-",
        visible(device_text(identity.firmware)) or "-",
        _running(device, devices),
        _restarts(device, language),
        age_text(device, devices) or "-",
        state_text(device, language),
        RichText("\n".join(map(visible, notes))),
    )


def _restarts(device: DeviceRecord, language: str) -> str:
    """How many, and how many of them a power cut explains."""
    if not device.asked:
        return "-"
    number, cuts = len(device.restarts), len(device.power_cuts)
    return _CUTS.to(language).format(number=number, cuts=cuts) if cuts else str(number)


def _running(device: DeviceRecord, devices: DeviceList) -> str:
    """For how long it runs, as far as is known; "-" of one that is down or never said."""
    if device.booted_ms is None or device.state is State.DOWN:
        return "-"
    return duration_text((devices.as_of_ms - device.booted_ms) / 1000, devices.language)
