"""The inventory as the sheets that `sansang import` takes: units, contacts and sites of all files, with their ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.explain.environment import environment_language
from agent.explain.words import Words
from agent.inventory.changes import Row
from agent.inventory.files import Files
from agent.inventory.load import examined, refusal
from agent.inventory.parts import Registry
from agent.inventory.rows import SITE_KEYS, standing

TITLES: Mapping[str, Words] = {
    "sites": Words("Điểm", "Sites"),
    "units": Words("Đơn vị", "Units"),
    "contacts": Words("Liên hệ", "Contacts"),
}
HEADERS: Mapping[str, Mapping[str, Words]] = {
    "sites": {
        "id": Words("Mã", "Id"),
        "name": Words("Tên điểm", "Name"),
        "unit": Words("Đơn vị", "Unit"),
        "profile": Words("Mẫu", "Profile"),
        "calendar": Words("Lịch", "Calendar"),
        "slo": Words("Cam kết", "SLO"),
        "contact": Words("Liên hệ", "Contact"),
        "location": Words("Tọa độ", "Location"),
        "uplinks": Words("Đường truyền cần có", "Uplinks needed"),
        "interval": Words("Chu kỳ", "Interval"),
        "timeout": Words("Thời gian chờ", "Timeout"),
        "fail_after": Words("Số lần lỗi", "Fail after"),
        "recover_after": Words("Số lần tốt", "Recover after"),
        "confirm_interval": Words("Chu kỳ xác nhận", "Confirm interval"),
        "grace": Words("Thời gian ân hạn", "Grace"),
        "gateway": Words("Cổng mạng", "Gateway"),
        "switch": Words("Bộ chuyển mạch", "Switch"),
        "room": Words("Điểm cầu", "Room"),
    },
    "units": {
        "id": Words("Mã", "Id"),
        "name": Words("Tên", "Name"),
        "level": Words("Cấp", "Level"),
        "parent": Words("Cấp trên", "Parent"),
        "code": Words("Mã hành chính", "Code"),
    },
    "contacts": {
        "id": Words("Mã", "Id"),
        "name": Words("Họ tên", "Full name"),
        "phone": Words("Số điện thoại", "Phone"),
        "email": Words("Email", "Email"),
    },
}
_ALWAYS = {
    "sites": ("id", "name", "unit", "profile", "calendar", "contact", "gateway", "switch", "room"),
    "units": ("id", "name", "level", "parent", "code"),
    "contacts": ("id", "name", "phone", "email"),
}


@dataclass(frozen=True, slots=True)
class SheetToWrite:
    """One sheet: its title, its header, and its rows of texts."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def inventory_sheets(
    config: Path, registry: Registry, language: str | None = None
) -> tuple[tuple[SheetToWrite, ...], str]:
    """The sites first, then units and contacts if there are any; and the language. ConfigError: it is not valid."""
    parts, _, findings = examined(config, registry, Files())
    words = language or parts.language or environment_language()
    if findings:
        raise refusal(findings, words)
    rows = {kind: [one.row for one in found] for kind, found in standing(parts).items()}
    rows["sites"] = [{**row, "calendar": row.get("calendar", "always")} for row in rows["sites"]]
    return tuple(_sheet(kind, rows[kind], words) for kind in TITLES if rows[kind]), words


def _sheet(kind: str, rows: Sequence[Row], language: str) -> SheetToWrite:
    """The usual columns, and those of which some row has something; columns of the sites' own by their names."""
    used = {key for row in rows for key in row} | {*_ALWAYS[kind]}
    known = HEADERS[kind]
    keys = [key for key in known if key in used] + sorted(used - known.keys() - {*SITE_KEYS})
    header = tuple(known[key].to(language) if key in known else key for key in keys)
    return SheetToWrite(
        TITLES[kind].to(language), header, tuple(tuple(row.get(key, "") for key in keys) for row in rows)
    )
