"""What `sansang check --snmp` says of a device, and what `sansang check` says of a failed part."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from agent.availability.outage_cause import OutageCause
from agent.cli.clients.agent_api import TargetCheck, parse_target_check, unconfirmed
from agent.cli.clients.device_documents import parse_outages
from agent.cli.tables.check import Style, outage_lines, table
from agent.cli.tables.device_checks import device_blocks
from agent.engine.adhoc.check import CheckResult
from agent.engine.snapshot import ComponentView, SiteOutageView
from agent.explain.device_gaps import GAPS, SILENT
from agent.model import (
    Component,
    ComponentFault,
    ComponentKind,
    DeviceIdentity,
    DeviceReport,
    Facts,
    ProbeResult,
    Reason,
    ReasonCode,
    Role,
    State,
)
from agent.text import Text
from agent.web.documents import of_outage, of_row
from tests.exporters.sample import target, view

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 12, 1, 9, 30, tzinfo=HANOI)
SINCE_MS = int(datetime(2026, 12, 1, 8, 12, tzinfo=HANOI).timestamp() * 1000)
ROOM = Component("port:3", ComponentKind.PORT, ComponentFault.PORT_DOWN, "Phòng họp", named=True, operational=False)
UPLINK = Component("port:1", ComponentKind.PORT, None, "1", "Uplink", named=True, operational=True)
EMPTY = Component("port:2", ComponentKind.PORT, None, "2", operational=False)
FAN = Component("fan:1", ComponentKind.FAN, None, "1")
IDENTITY = DeviceIdentity("HPE", "1920-24G", "CN1", "5.20", "", "2017-03-01")


@dataclass(frozen=True, slots=True)
class DeviceNumbers(Facts):
    """As far as the command looks at them."""

    gaps: tuple[str, ...] = ()
    cpu_ratio: float | None = 0.42
    ups_runtime_seconds: float | None = None
    temperatures_celsius: tuple[tuple[str, float], ...] = (("a", 40.0), ("b", 51.0))
    raw: bytes = field(default=b"secret" * 99, repr=False)


def checked(reason: ReasonCode = Reason.COMPONENT_FAILED, gaps: tuple[str, ...] = ("no_serial",)) -> CheckResult:
    found = DeviceReport(41 * 86_400_000, IDENTITY, (UPLINK, EMPTY, ROOM, FAN))
    result = replace(ProbeResult.of(reason, 0.1, DeviceNumbers(gaps)), device=found if reason.verdict.success else None)
    parts = (ComponentView(UPLINK, matters=True), ComponentView(ROOM, matters=True, since_wall_ms=SINCE_MS))
    device = target("switch", role=Role.LAN, probe="snmp", title="UBND xã A: bộ chuyển mạch")
    known = replace(view(device, State.DEGRADED), components=parts, device_identity=IDENTITY)
    return CheckResult(known, result)


def row(reason: ReasonCode = Reason.COMPONENT_FAILED, gaps: tuple[str, ...] = ("no_serial",)) -> TargetCheck:
    return parse_target_check(of_row(checked(reason, gaps)))


def style(language: str) -> Style:
    return Style(language, HANOI, now_wall_ms=int(NOW.timestamp() * 1000))


def block(one: TargetCheck, language: str = "vi", width: int = 200) -> str:
    console = Console(file=StringIO(), width=width)
    device_blocks([one], style(language), console)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_a_part_that_this_run_blames_has_its_sentence_before_the_state_has_turned() -> None:
    in_order = replace(ROOM, fault=None, operational=True)
    found = checked()
    known = replace(found.view, components=(ComponentView(in_order, matters=True),))
    blamed = CheckResult(known, replace(found.result, detail="3 (Phòng họp): port_down"))
    console = Console(file=StringIO(), width=200)
    table([parse_target_check(of_row(blamed))], style("vi"), console)
    assert isinstance(console.file, StringIO)

    said = " ".join(console.file.getvalue().split())
    assert "Cổng 3 (Phòng họp) của bộ chuyển mạch UBND xã A mất kết nối." in said
    assert "port_down" not in said


def test_a_failed_part_is_told_by_name_and_since_when() -> None:
    console = Console(file=StringIO(), width=200)
    table([row()], style("vi"), console)
    assert isinstance(console.file, StringIO)

    said = " ".join(console.file.getvalue().split())
    assert "Cổng 3 (Phòng họp) của bộ chuyển mạch UBND xã A mất kết nối từ 08:12." in said
    assert "→ Cắm lại dây ở hai đầu" in said


def test_a_device_is_told_with_its_ports_and_what_is_missing() -> None:
    assert [line.strip() for line in block(row()).splitlines() if line] == [
        "UBND xã A: bộ chuyển mạch (a/switch, 127.0.0.1): kém",
        "Thiết bị: HPE 1920-24G, phần mềm 5.20, số sê-ri CN1, sản xuất 2017-03-01",
        "Đã chạy: 41 ngày",
        "Cổng: 3; có kết nối 1, không kết nối 2, tắt 0, có tên 2",
        "Cổng được theo dõi: Cổng 3 (Phòng họp) mất kết nối, Cổng 1 (Uplink) tốt",
        "Bộ phận khác: Quạt 1 tốt",
        "Đo được: CPU 42 %, nóng nhất 51 °C",
        "Cổng 3 (Phòng họp) của bộ chuyển mạch UBND xã A mất kết nối từ 08:12.",
        "Còn thiếu: không khai số sê-ri",
    ]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_silence_says_the_four_reasons(language: str) -> None:
    said = " ".join(block(row(Reason.TIMEOUT), language).split())

    assert SILENT.to(language) in said
    assert "HPE" not in said


@pytest.mark.parametrize("gap", GAPS)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_each_gap_has_words(gap: str, language: str) -> None:
    assert GAPS[gap].to(language) in " ".join(block(row(gaps=(gap, "of_a_newer_version")), language).split())


def test_without_an_agent_ports_with_names_are_those_that_matter() -> None:
    alone = checked()
    alone = replace(alone, view=replace(alone.view, components=(), device_identity=None))

    said = block(unconfirmed(alone))
    assert "Cổng được theo dõi: Cổng 3 (Phòng họp) mất kết nối, Cổng 1 (Uplink) tốt" in said
    assert "Cổng 3 (Phòng họp) của bộ chuyển mạch UBND xã A mất kết nối." in said


def test_text_of_a_device_acts_on_no_terminal() -> None:
    hostile = replace(IDENTITY, model="\x1b[2J\u202e" + "x" * 500, serial="[red]a[/red]\nb")
    result = checked()
    evil = replace(result, view=replace(result.view, device_identity=hostile))
    said = block(parse_target_check(of_row(evil)))

    assert "\x1b" not in said
    assert "\u202e" not in said
    assert "[red]a[/red]" in said
    assert max(map(len, said.splitlines())) <= 200


def test_what_a_run_read_raw_stays_in_the_agent() -> None:
    document = of_row(checked())

    assert "secret" not in str(document)
    assert isinstance(document["components"], list)


def test_a_detail_that_the_probe_words_itself_is_read_in_each_language() -> None:
    result = checked(Reason.HIGH_RTT)
    said = Text("lỗi 7 gói mỗi giây", "errors 7 a second")
    one = parse_target_check(of_row(replace(result, result=replace(result.result, detail="raw", detail_text=said))))

    for language in ("vi", "en"):
        console = Console(file=StringIO(), width=200)
        table([one], style(language), console)
        assert isinstance(console.file, StringIO)
        assert said.to(language) in console.file.getvalue()
        assert "raw" not in console.file.getvalue()


def test_an_older_agent_says_nothing_of_parts() -> None:
    document = dict(of_row(checked()))
    for key in ("components", "booted", "identity"):
        del document[key]
    parsed = parse_target_check(document)

    assert parsed.parts == ()
    assert parsed.identity is None


def test_outages_of_a_day_stand_below_with_their_cause() -> None:
    power = SiteOutageView("a", SINCE_MS, SINCE_MS + 5_280_000, OutageCause.POWER)
    header = {"count": 0, "timezone": "UTC", "outages": [of_outage(power)]}
    console = Console(file=StringIO(), width=200)
    outage_lines(parse_outages(header), {"a": "UBND xã A"}, style("vi"), console)
    assert isinstance(console.file, StringIO)

    assert console.file.getvalue().startswith("UBND xã A: Mất điện từ 08:12 đến 09:40")
    old = Console(file=StringIO(), width=200)
    outage_lines([power], {}, replace(style("vi"), now_wall_ms=SINCE_MS + 200_000_000), old)
    assert isinstance(old.file, StringIO)
    assert old.file.getvalue() == ""
