"""`sansang maintenance`: windows that were announced, and so do not count; add, cancel, list."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from agent.cli.agent_location import (
    Place,
    add_place,
    as_json,
    known,
    language_of,
    local,
    moment,
    place_of,
    sign,
    times,
    understood,
)
from agent.cli.arguments import say
from agent.cli.tables.layout import columns, console, show
from agent.cli.visible import visible
from agent.clock import SystemClock
from agent.engine.upkeep.maintenance import CancelMaintenance, MaintenanceReply, all_scopes, row_of
from agent.ledger.history.recorded import stamp
from agent.ledger.signed.maintenance import NOTICE_WORKING_DAYS, WindowRequest, notice_days, read, windows
from agent.ledger.store import Ledger
from agent.web.ledger_writes import of_booked, parse_maintenance

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[Any]  # noqa: SLF001 - argparse has no public name for it

PATH = "/api/v1/maintenance"
_WORDS: Mapping[str, Mapping[str, str]] = {
    "vi": {
        "columns": "Mã|Phạm vi|Từ|Đến|Ghi lúc|Người ghi|Lý do|Tình trạng",
        "none": "Chưa có đợt bảo trì nào.",
        "added": "Đã ghi đợt bảo trì {id}.",
        "cancelled_now": "Đã hủy đợt bảo trì {id}.",
        "cancelled": "đã hủy lúc {when}",
        "retroactive": "ghi muộn, vẫn tính vào thời gian phục vụ",
        "unsynchronised": "đồng hồ chưa đồng bộ khi ghi, vẫn tính vào thời gian phục vụ",
        "over": "đã xong",
        "now": "đang diễn ra",
        "planned": "sắp tới",
        "late": "Đợt này được ghi khi đã bắt đầu: không được trừ khỏi thời gian phục vụ, chỉ nêu trong báo cáo.",
        "unset": "Đồng hồ của máy chưa được đồng bộ từ khi khởi động: đợt này chưa được trừ khỏi thời gian phục vụ. "
        "Bật đồng bộ giờ (sudo timedatectl set-ntp true) rồi xem lại bằng `sansang maintenance list`.",
        "short": "Chỉ báo trước {days} ngày làm việc; quy định là ít nhất {least} ngày (Nghị định 64/2007, Điều 16).",
    },
    "en": {
        "columns": "Id|Scope|From|To|Recorded|Who|Why|Status",
        "none": "There is no maintenance window.",
        "added": "Window {id} is recorded.",
        "cancelled_now": "Window {id} is cancelled.",
        "cancelled": "cancelled {when}",
        "retroactive": "recorded late, counts as service time",
        "unsynchronised": "recorded by an unsynchronised clock, counts as service time",
        "over": "over",
        "now": "under way",
        "planned": "to come",
        "late": "It was recorded after its beginning: it is not taken out of the service time, only listed in reports.",
        "unset": "This machine's clock was never synchronised since it started: the window is not taken out of the "
        "service time. Turn synchronisation on (sudo timedatectl set-ntp true), then look at `sansang maintenance "
        "list`.",
        "short": "Announced {days} working days ahead; at least {least} are asked for (Decree 64/2007, article 16).",
    },
}


def add_parser(commands: Subparsers) -> None:
    """Register the command with its three deeds."""
    parser = commands.add_parser(
        "maintenance",
        description=say(
            "Báo trước các đợt bảo trì, để thời gian đó không bị tính.",
            "Announce maintenance windows, so that they do not count.",
        ),
    )
    deeds = parser.add_subparsers(title=say("lệnh", "commands"), metavar="COMMAND", required=True)
    add = deeds.add_parser(
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
    add.add_argument("--from", dest="start", required=True, metavar="TIME", help=times())
    add.add_argument("--to", dest="end", required=True, metavar="TIME", help=say("đến lúc nào", "until when"))
    add.add_argument(
        "--announced-on",
        metavar="DATE",
        help=say(
            "ngày đã báo cho các bên liên quan, nếu không phải hôm nay", "when those concerned were told, if not today"
        ),
    )
    cancel = deeds.add_parser("cancel", help=say("hủy một đợt kể từ bây giờ", "take a window back from now on"))
    cancel.add_argument(
        "id",
        metavar="ID",
        help=say("mã như `sansang maintenance list` cho thấy", "as `sansang maintenance list` shows it"),
    )
    for deed in (add, cancel):
        deed.add_argument("--who", required=True, metavar="NAME", help=say("ai ký", "who signs for it"))
        deed.add_argument("--why", required=True, metavar="TEXT", help=say("lý do", "the reason"))
    for deed, run in (
        (add, _add),
        (cancel, _cancel),
        (deeds.add_parser("list", help=say("mọi đợt đã ghi", "every window")), _list),
    ):
        add_place(deed)
        deed.set_defaults(run=run)


def _add(args: argparse.Namespace) -> int:
    place = place_of(args)
    announced = _announced(args.announced_on, place.zone)
    start = moment(args.start, place.zone)
    document = {
        "do": "add",
        "scope": _scope(args),
        "from": start.isoformat(),
        "to": moment(args.end, place.zone).isoformat(),
        "who": args.who,
        "why": args.why,
        "announced_on": announced.isoformat() if args.announced_on else "",
    }
    answer = _order(place, document)
    if args.json:
        return as_json(answer)
    words = _WORDS[language_of(args, place)]
    print(words["added"].format(id=answer["id"]))  # noqa: T201 - the command's own output
    _warn(answer, notice_days(announced, start.astimezone(place.zone).date()), words)
    return 0


def _warn(answer: dict[str, Any], days: int, words: Mapping[str, str]) -> None:
    (window,) = (one for one in answer["windows"] if one["id"] == answer["id"])
    if window["clock"] == "unsynchronised":
        print(words["unset"], file=sys.stderr)  # noqa: T201
    elif window["retroactive"]:
        print(words["late"], file=sys.stderr)  # noqa: T201
    elif days < NOTICE_WORKING_DAYS:
        print(words["short"].format(days=days, least=NOTICE_WORKING_DAYS), file=sys.stderr)  # noqa: T201


def _cancel(args: argparse.Namespace) -> int:
    place = place_of(args)
    answer = _order(place, {"do": "cancel", "id": args.id, "who": args.who, "why": args.why})
    if args.json:
        return as_json(answer)
    print(_WORDS[language_of(args, place)]["cancelled_now"].format(id=answer["id"]))  # noqa: T201
    return 0


def _list(args: argparse.Namespace) -> int:
    place = place_of(args)
    answer = known(place, PATH, lambda reader: dict(of_booked(MaintenanceReply("", windows(read(reader))))))
    if args.json:
        return as_json(answer)
    language = language_of(args, place)
    words = _WORDS[language]
    if not answer["windows"]:
        print(words["none"])  # noqa: T201
        return 0
    records = [
        (
            window["id"],
            visible(window["scope"]),
            *(local(window[field], place, language) for field in ("from", "to", "recorded")),
            visible(window["who"]),
            visible(window["why"]),
            _standing(window, place, language),
        )
        for window in answer["windows"]
    ]
    show(columns(words["columns"], prose=(5, 6, 7)), records, console())
    return 0


def _standing(window: dict[str, Any], place: Place, language: str) -> str:
    words = _WORDS[language]
    now = datetime.fromtimestamp(SystemClock().wall_ms() / 1000, UTC)
    if window["cancelled"]:
        return words["cancelled"].format(when=local(window["cancelled"], place, language))
    if window["clock"] == "unsynchronised":
        return words["unsynchronised"]
    if window["retroactive"]:
        return words["retroactive"]
    if datetime.fromisoformat(window["to"]) <= now:
        return words["over"]
    return words["now" if datetime.fromisoformat(window["from"]) <= now else "planned"]


def _order(place: Place, document: dict[str, object]) -> dict[str, Any]:
    order = understood(parse_maintenance, document)
    assert isinstance(order, WindowRequest | CancelMaintenance)  # noqa: S101 - to list, nothing is written

    def write(ledger: Ledger) -> dict[str, Any]:
        rows = read(ledger)
        row = row_of(order, rows, all_scopes(place.inventory), stamp(SystemClock()))
        ledger.append([row])
        return dict(of_booked(MaintenanceReply(row.id, windows(read(ledger)))))

    return sign(place, PATH, document, write)


def _scope(args: argparse.Namespace) -> str:
    kinds = ("target", "site", "unit")
    return next((f"{kind}:{getattr(args, kind)}" for kind in kinds if getattr(args, kind)), "all")


def _announced(text: str | None, zone: ZoneInfo) -> date:
    if text is None:
        return datetime.fromtimestamp(SystemClock().wall_ms() / 1000, zone).date()
    return moment(f"{text} 12:00", zone).astimezone(zone).date()
