"""`sansang maintenance`: windows that were announced, and so do not count; add, cancel, list."""

from __future__ import annotations

import argparse
import sys
from datetime import date, datetime
from zoneinfo import ZoneInfo

from agent.availability.maintenance import BookedWindow, ClockQuality
from agent.cli.agent_location import AgentLocation, add_location_options, locate_agent
from agent.cli.arguments import Subparsers, print_json, say
from agent.cli.clients.signed_replies import parse_maintenance_reply
from agent.cli.signed_rows import parse_time, parse_wall_ms, read_signed_rows, time_formats, write_signed_row
from agent.cli.tables.layout import columns, console, show
from agent.cli.visible import visible
from agent.clock import SystemClock
from agent.engine.upkeep.maintenance import CancelMaintenance, MaintenanceReply, ScopedTargets, row_of
from agent.ledger.history.recorded import stamp
from agent.ledger.signed.maintenance import NOTICE_WORKING_DAYS, WindowRequest, notice_days, read, windows
from agent.ledger.store import Ledger
from agent.text import Text
from agent.web.request_body import maintenance_body
from agent.web.signed_rows import of_maintenance
from exporters.reports.formatting import moment as local_time

PATH = "/api/v1/maintenance"
_COLUMNS = Text("Mã|Phạm vi|Từ|Đến|Ghi lúc|Người ghi|Lý do|Tình trạng", "Id|Scope|From|To|Recorded|Who|Why|Status")
_NONE = Text("Chưa có đợt bảo trì nào.", "There is no maintenance window.")
_ADDED = Text("Đã ghi đợt bảo trì {id}.", "Window {id} is recorded.")
_CANCELLED_NOW = Text("Đã hủy đợt bảo trì {id}.", "Window {id} is cancelled.")
_CANCELLED = Text("đã hủy lúc {when}", "cancelled {when}")
_RETROACTIVE = Text("ghi muộn, vẫn tính vào thời gian phục vụ", "recorded late, counts as service time")
_UNSYNCHRONISED = Text(
    "đồng hồ chưa đồng bộ khi ghi, vẫn tính vào thời gian phục vụ",
    "recorded by an unsynchronised clock, counts as service time",
)
_OVER = Text("đã xong", "over")
_NOW = Text("đang diễn ra", "under way")
_PLANNED = Text("sắp tới", "to come")
_LATE = Text(
    "Đợt này được ghi khi đã bắt đầu: không được trừ khỏi thời gian phục vụ, chỉ nêu trong báo cáo.",
    "It was recorded after its beginning: it is not taken out of the service time, only listed in reports.",
)
_UNSET = Text(
    "Đồng hồ của máy chưa được đồng bộ từ khi khởi động: đợt này chưa được trừ khỏi thời gian phục vụ. Bật đồng bộ giờ"
    " (sudo timedatectl set-ntp true) rồi xem lại bằng `sansang maintenance list`.",
    "This machine's clock was never synchronised since it started: the window is not taken out of the service time."
    " Turn synchronisation on (sudo timedatectl set-ntp true), then look at `sansang maintenance list`.",
)
_SHORT = Text(
    "Chỉ báo trước {days} ngày làm việc; quy định là ít nhất {least} ngày (Nghị định 64/2007, Điều 16).",
    "Announced {days} working days ahead; at least {least} are asked for (Decree 64/2007, article 16).",
)


def add_parser(commands: Subparsers) -> None:
    """Register the command with its three actions."""
    parser = commands.add_parser(
        "maintenance",
        description=say(
            "Báo trước các đợt bảo trì, để thời gian đó không bị tính.",
            "Announce maintenance windows, so that they do not count.",
        ),
    )
    actions = parser.add_subparsers(title=say("lệnh", "commands"), metavar="COMMAND", required=True)
    add = actions.add_parser(
        "add",
        help=say(
            "ghi một đợt; chỉ được trừ nếu ghi trước khi bắt đầu",
            "record a window; it counts only if recorded before it begins",
        ),
    )
    which = add.add_mutually_exclusive_group(required=True)
    for kind, text in (
        ("target", say("mục tiêu này", "this target")),
        ("site", say("mọi thứ ở điểm này", "all of this site")),
    ):
        which.add_argument(f"--{kind}", metavar="ID", help=text)
    which.add_argument("--unit", metavar="ID", help=say("đơn vị này và mọi cấp dưới", "this unit and all below it"))
    which.add_argument("--all", action="store_true", help=say("mọi thứ được giám sát", "everything the agent watches"))
    add.add_argument("--from", dest="start", required=True, metavar="TIME", help=time_formats())
    add.add_argument("--to", dest="end", required=True, metavar="TIME", help=say("đến lúc nào", "until when"))
    add.add_argument(
        "--announced-on",
        metavar="DATE",
        help=say(
            "ngày đã báo cho các bên liên quan, nếu không phải hôm nay", "when those concerned were told, if not today"
        ),
    )
    cancel = actions.add_parser("cancel", help=say("hủy một đợt kể từ bây giờ", "take a window back from now on"))
    cancel.add_argument(
        "id",
        metavar="ID",
        help=say("mã như `sansang maintenance list` cho thấy", "as `sansang maintenance list` shows it"),
    )
    for action in (add, cancel):
        action.add_argument("--who", required=True, metavar="NAME", help=say("ai ký", "who signs for it"))
        action.add_argument("--why", required=True, metavar="TEXT", help=say("lý do", "the reason"))
    for action, run in (
        (add, _add),
        (cancel, _cancel),
        (actions.add_parser("list", help=say("mọi đợt đã ghi", "every window")), _list),
    ):
        add_location_options(action)
        action.set_defaults(run=run)


def _add(args: argparse.Namespace) -> int:
    location = locate_agent(args)
    announced = _announced(args.announced_on, location.zone)
    start, end = parse_time(args.start, location.zone), parse_wall_ms(args.end, location.zone)
    announced_on = announced.isoformat() if args.announced_on else ""
    request = WindowRequest(_scope(args), round(start.timestamp() * 1000), end, args.who, args.why, announced_on)
    reply = _write(location, request)
    if args.json:
        return print_json(of_maintenance(reply))
    language = location.language
    print(_ADDED.to(language).format(id=reply.id))  # noqa: T201 - the command's own output
    days = notice_days(announced, start.astimezone(location.zone).date())
    if warning := _warning(next(window for window in reply.windows if window.id == reply.id), days):
        print(warning.to(language), file=sys.stderr)  # noqa: T201
    return 0


def _warning(window: BookedWindow, days: int) -> Text | None:
    if window.quality is ClockQuality.UNSYNCHRONISED:
        return _UNSET
    if window.retroactive:
        return _LATE
    return _SHORT.filled(days=days, least=NOTICE_WORKING_DAYS) if days < NOTICE_WORKING_DAYS else None


def _cancel(args: argparse.Namespace) -> int:
    location = locate_agent(args)
    reply = _write(location, CancelMaintenance(args.id, args.who, args.why))
    if args.json:
        return print_json(of_maintenance(reply))
    print(_CANCELLED_NOW.to(location.language).format(id=reply.id))  # noqa: T201
    return 0


def _list(args: argparse.Namespace) -> int:
    location = locate_agent(args)
    reply = read_signed_rows(
        location, PATH, parse_maintenance_reply, lambda reader: MaintenanceReply("", windows(read(reader)))
    )
    if args.json:
        return print_json(of_maintenance(reply))
    language = location.language
    if not reply.windows:
        print(_NONE.to(language))  # noqa: T201
        return 0
    records = [_record(window, location) for window in reply.windows]
    show(columns(_COLUMNS.to(language), prose=(5, 6, 7)), records, console())
    return 0


def _record(window: BookedWindow, location: AgentLocation) -> tuple[str, ...]:
    instants = (window.start_wall_ms, window.end_wall_ms, window.recorded_wall_ms)
    times = (local_time(at_ms, location.zone.key, location.language) for at_ms in instants)
    status = _status(window, location).to(location.language)
    return (window.id, visible(window.scope), *times, visible(window.who), visible(window.why), status)


def _status(window: BookedWindow, location: AgentLocation) -> Text:
    now_ms = SystemClock().wall_ms()
    if window.cancelled_wall_ms is not None:
        return _CANCELLED.filled(when=local_time(window.cancelled_wall_ms, location.zone.key, location.language))
    if window.quality is ClockQuality.UNSYNCHRONISED:
        return _UNSYNCHRONISED
    if window.retroactive:
        return _RETROACTIVE
    if window.end_wall_ms <= now_ms:
        return _OVER
    return _NOW if window.start_wall_ms <= now_ms else _PLANNED


def _write(location: AgentLocation, command: WindowRequest | CancelMaintenance) -> MaintenanceReply:
    def write(ledger: Ledger) -> MaintenanceReply:
        rows = read(ledger)
        row = row_of(command, rows, ScopedTargets.of(location.inventory), stamp(SystemClock()))
        ledger.append([row])
        return MaintenanceReply(row.id, windows(read(ledger)))

    return write_signed_row(location, PATH, maintenance_body(command), parse_maintenance_reply, write)


def _scope(args: argparse.Namespace) -> str:
    kinds = ("target", "site", "unit")
    return next((f"{kind}:{getattr(args, kind)}" for kind in kinds if getattr(args, kind)), "all")


def _announced(text: str | None, zone: ZoneInfo) -> date:
    if text is None:
        return datetime.fromtimestamp(SystemClock().wall_ms() / 1000, zone).date()
    return parse_time(f"{text} 12:00", zone).astimezone(zone).date()
