"""The inventory as the sheets that `sansang import` takes: units, contacts and sites of all files, with their ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.explain.environment import environment_language
from agent.inventory.document.parts import Registry
from agent.inventory.importing.current_rows import SITE_KEYS, current_rows
from agent.inventory.load import config_error, examine
from agent.inventory.schema.facts import facts_from_text
from agent.inventory.sheets.fact_cells import FACTS, spread
from agent.inventory.sources.files import Files
from agent.inventory.sources.yaml_writer import Row
from agent.text import Text

TITLES: Mapping[str, Text] = {
    "sites": Text("Điểm", "Sites"),
    "units": Text("Đơn vị", "Units"),
    "contacts": Text("Liên hệ", "Contacts"),
}
_FACT_HEADERS: Mapping[str, Text] = {
    "fibre": Text("Cáp quang", "Fibre"),
    "cellular_4g": Text("Sóng 4G", "Cellular 4G"),
    "cellular_5g": Text("Sóng 5G", "Cellular 5G"),
    "broadband_households": Text("Hộ có băng rộng", "Broadband households"),
    "lan_upgraded": Text("LAN nâng cấp", "LAN upgraded"),
    "document": Text("Số văn bản", "Document"),
    "document_date": Text("Ngày văn bản", "Document date"),
    "facts": Text("Dữ kiện khác", "Other facts"),
}
HEADERS: Mapping[str, Mapping[str, Text]] = {
    "sites": {
        "id": Text("Mã", "Id"),
        "name": Text("Tên điểm", "Name"),
        "unit": Text("Đơn vị", "Unit"),
        "profile": Text("Mẫu", "Profile"),
        "calendar": Text("Lịch", "Calendar"),
        "slo": Text("Cam kết", "SLO"),
        "contact": Text("Liên hệ", "Contact"),
        "location": Text("Tọa độ", "Location"),
        "uplinks": Text("Đường truyền cần có", "Uplinks needed"),
        "interval": Text("Chu kỳ", "Interval"),
        "timeout": Text("Thời gian chờ", "Timeout"),
        "fail_after": Text("Số lần lỗi", "Fail after"),
        "recover_after": Text("Số lần tốt", "Recover after"),
        "confirm_interval": Text("Chu kỳ xác nhận", "Confirm interval"),
        "grace": Text("Thời gian ân hạn", "Grace"),
        "gateway": Text("Cổng mạng", "Gateway"),
        "switch": Text("Bộ chuyển mạch", "Switch"),
        "room": Text("Điểm cầu", "Room"),
        "snmp": Text("Mã SNMP", "SNMP"),
        "ports": Text("Tên cổng", "Port names"),
        **_FACT_HEADERS,
    },
    "units": {
        "id": Text("Mã", "Id"),
        "name": Text("Tên", "Name"),
        "level": Text("Cấp", "Level"),
        "parent": Text("Cấp trên", "Parent"),
        "code": Text("Mã hành chính", "Code"),
        **_FACT_HEADERS,
    },
    "contacts": {
        "id": Text("Mã", "Id"),
        "name": Text("Họ tên", "Full name"),
        "phone": Text("Số điện thoại", "Phone"),
        "email": Text("Email", "Email"),
    },
}
_ALWAYS = {
    "sites": ("id", "name", "unit", "profile", "calendar", "contact", "gateway", "switch", "room", "snmp"),
    "units": ("id", "name", "level", "parent", "code"),
    "contacts": ("id", "name", "phone", "email"),
}


@dataclass(frozen=True, slots=True)
class ExportSheet:
    """One sheet: its title, its header, and its rows of texts."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def inventory_sheets(
    config: Path, registry: Registry, language: str | None = None
) -> tuple[tuple[ExportSheet, ...], str]:
    """The sites first, then units and contacts if there are any; and the language. ConfigError: it is not valid."""
    parts, _, findings = examine(config, registry, Files())
    words = language or parts.language or environment_language()
    if findings:
        raise config_error(findings, words)
    rows = {kind: [current.row for current in rows_of_kind] for kind, rows_of_kind in current_rows(parts).items()}
    rows["sites"] = [{**row, "calendar": row.get("calendar", "always")} for row in rows["sites"]]
    spread_rows = {kind: [_with_facts_spread(row, words) for row in rows[kind]] for kind in rows}
    return tuple(_sheet(kind, spread_rows[kind], words) for kind in TITLES if rows[kind]), words


def _with_facts_spread(row: Row, language: str) -> Row:
    """The row with the declared facts that have columns of their own in those."""
    if FACTS not in row:
        return row
    others = {key: value for key, value in row.items() if key != FACTS}
    return {**others, **spread(facts_from_text(row[FACTS]), language)}


def _sheet(kind: str, rows: Sequence[Row], language: str) -> ExportSheet:
    """The usual columns, and those of which some row has something; columns of the sites' own by their names."""
    used = {key for row in rows for key in row} | {*_ALWAYS[kind]}
    headers = HEADERS[kind]
    keys = [key for key in headers if key in used] + sorted(used - headers.keys() - {*SITE_KEYS})
    header = tuple(headers[key].to(language) if key in headers else key for key in keys)
    return ExportSheet(
        TITLES[kind].to(language), header, tuple(tuple(row.get(key, "") for key in keys) for row in rows)
    )
