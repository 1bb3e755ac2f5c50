"""`sansang lab`: the simulated district, and its faults switched while it runs."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text as RichText

from agent.cli.arguments import Subparsers, say
from agent.cli.tables.layout import TerminalColumn, console, show
from agent.cli.tables.layout import say as wrap
from agent.errors import LabError
from agent.explain.system_errors import system_text
from agent.lab import namespace, phrases, session
from agent.lab.control import send_command
from agent.lab.control_protocol import MAX_SECONDS, USUAL_SECONDS, LabAction, LabCommand, LabReply
from agent.lab.district import MAX_COMMUNES
from agent.text import Text

_WHICH_COMMAND = Text("exec: lệnh nào?", "exec: which command?")
_NOT_RUN = Text("{command}: {why}", "{command}: {why}")
_HELP = {
    LabAction.FAIL: Text(
        "rút địa chỉ: không ping, không kết nối được", "take away its address: no ping, no connection"
    ),
    LabAction.CUT: Text(
        "như trên, cho cả một xã hoặc đường tới tất cả",
        "the same for a whole commune or the path to all of them",
    ),
    LabAction.SILENT: Text("nhận yêu cầu mà không bao giờ trả lời", "take requests and never answer"),
    LabAction.SLOW: Text("trả lời chậm", "answer late"),
    LabAction.GARBAGE: Text("trả về byte không đúng giao thức", "answer bytes that are not the protocol"),
    LabAction.STALL: Text("bắt đầu trả lời rồi ngừng", "start an answer and stop"),
    LabAction.DRIP: Text("mỗi giây trả lời một byte", "answer one byte a second"),
    LabAction.ENDLESS: Text("trả lời không dứt", "answer without end"),
    LabAction.CLOSE: Text("đóng kết nối, không trả lời", "close connections without an answer"),
    LabAction.RESET: Text("ngắt kết nối đột ngột", "reset connections"),
    LabAction.BUSY: Text("điểm cầu đang trong cuộc gọi", "a conference point in a call"),
    LabAction.EXPIRE: Text("dùng chứng thư đã hết hạn", "serve an expired certificate"),
    LabAction.REBOOT: Text(
        "khởi động lại: im lặng một lúc, rồi thời gian chạy tính lại từ đầu",
        "reboot a device: silent for a moment, then its uptime begins anew",
    ),
    LabAction.ON_BATTERY: Text("bộ lưu điện mất điện lưới, ắc quy cạn dần", "a UPS without mains; its battery empties"),
    LabAction.ON_MAINS: Text("bộ lưu điện có điện lưới trở lại", "the mains of a UPS are back"),
    LabAction.WEAR_BATTERY: Text("bộ lưu điện báo ắc quy cần thay", "a UPS asks for a new battery"),
    LabAction.WRONG_COMMUNITY: Text(
        "thiết bị dùng mã SNMP (community) khác: vẫn ping được", "a device whose SNMP wants another community; it pings"
    ),
    LabAction.POWER_CUT: Text(
        "mất điện cả điểm: bộ lưu điện chạy trước, hết ắc quy thì mọi thứ im lặng",
        "a site without power: the UPS first, everything silent once it is empty",
    ),
    LabAction.POWER_BACK: Text(
        "có điện trở lại: mọi thiết bị khởi động lại từ đầu", "the power is back: every device has just started"
    ),
    LabAction.RESTORE: Text("khôi phục mọi chỗ đã làm hỏng", "undo every fault"),
}


_ENDS = (LabAction.RESTORE, LabAction.PLUG_PORT, LabAction.ON_MAINS, LabAction.POWER_BACK)
_PORTS = {
    LabAction.PULL_PORT: Text("rút cáp khỏi một cổng của thiết bị", "pull the cable out of a port of a device"),
    LabAction.PLUG_PORT: Text("cắm cáp lại", "put the cable back"),
}
_SECONDS = {
    LabAction.SLOW: Text("chậm bao nhiêu giây", "how late"),
    LabAction.REBOOT: Text("im lặng bao nhiêu giây", "how long it is silent"),
    LabAction.ON_BATTERY: Text("ắc quy dùng được bao nhiêu giây", "how long the battery lasts"),
    LabAction.POWER_CUT: Text("ắc quy dùng được bao nhiêu giây", "how long the battery lasts"),
}


def add_parser(commands: Subparsers) -> None:
    """Register `lab` and what can be done with it."""
    parser = commands.add_parser(
        "lab",
        description=say(
            "Huyện mô phỏng trên máy này: chạy nó cùng một bộ giám sát, rồi làm hỏng thử.",
            "The simulated district on this machine: run it with an agent, and break it.",
        ),
    )
    subcommands = parser.add_subparsers(title=say("lệnh", "commands"), metavar="COMMAND", required=True)
    _add_run(subcommands)
    status = _add(
        subcommands,
        "status",
        say("mọi chỗ, địa chỉ và tình trạng", "every place, its address and how it stands"),
        _order,
    )
    status.set_defaults(action=LabAction.STATUS, names=[])
    for action, text in _HELP.items():
        subparser = _add(subcommands, action.value, say(*text), _order)
        subparser.add_argument(
            "names",
            nargs="+",
            metavar="NAME",
            help=say(
                "chỗ (room-07), mã mục tiêu, mã điểm hoặc đơn vị, mã đường đi, hoặc all",
                "a place (room-07), a target id, a site or unit id, the path's id, or all",
            ),
        )
        subparser.set_defaults(action=action)
        _add_seconds(subparser, action)
    for action, text in _PORTS.items():
        _add_port(_add(subcommands, action.value, say(*text), _order), action)
    inside = _add(
        subcommands,
        "exec",
        say("chạy một lệnh trong mạng riêng của huyện mô phỏng", "run a command in the lab's private network"),
        _execute,
    )
    inside.add_argument(
        "command",
        nargs=argparse.REMAINDER,
        metavar="COMMAND",
        help=say("lệnh và tham số của nó", "the command and its arguments"),
    )


def _add_seconds(parser: argparse.ArgumentParser, action: LabAction) -> None:
    if action in _SECONDS:
        usual, text = USUAL_SECONDS[action], _SECONDS[action]
        how = say(f"{text.vi} (mặc định: {usual:g})", f"{text.en} (default: {usual:g})")
        parser.add_argument("--seconds", type=_seconds, default=usual, metavar="SECONDS", help=how)


def _add_port(parser: argparse.ArgumentParser, action: LabAction) -> None:
    parser.add_argument("names", nargs=1, metavar="HOST", help=say("thiết bị (switch-07)", "a device (switch-07)"))
    parser.add_argument("port", metavar="PORT", help=say("tên cổng hoặc số của nó", "its port's name or number"))
    parser.set_defaults(action=action)


def _add_run(subcommands: Subparsers) -> None:
    parser = _add(
        subcommands,
        "run",
        say("chạy huyện mô phỏng cùng một bộ giám sát", "run the district, and an agent that watches it"),
        _run,
    )
    parser.add_argument(
        "--communes",
        type=int,
        default=22,
        metavar="N",
        help=say(f"số xã, 1 đến {MAX_COMMUNES} (mặc định: 22)", f"1 to {MAX_COMMUNES} (default: 22)"),
    )
    where = say(
        f"địa chỉ HTTP của bộ giám sát (mặc định: {session.LISTEN}, hoặc cổng trống khác nếu đã có chương trình dùng)",
        f"the agent's HTTP address (default: {session.LISTEN}, or any free port where that is taken)",
    )
    parser.add_argument("--listen", default="", metavar="ADDRESS", help=where)
    parser.set_defaults(state=None)
    parser.add_argument(
        "--no-agent", action="store_true", help=say("chỉ huyện mô phỏng, không có bộ giám sát", "the district alone")
    )
    parser.add_argument(
        "--plain",
        action="store_true",
        help=say("không dùng mạng riêng, dù có thể", "no private network, even where there could be one"),
    )


def _add(subcommands: Subparsers, name: str, text: str, run: object) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = subcommands.add_parser(name, help=text, description=text)
    parser.add_argument(
        "--state",
        type=Path,
        default=default_state(),
        metavar="DIR",
        help=say(f"nơi lưu (mặc định: {default_state()})", f"where it keeps its files (default: {default_state()})"),
    )
    parser.add_argument("--lang", choices=("en", "vi"), default="vi", help=say("mặc định: vi", "default: vi"))
    parser.set_defaults(run=run)
    return parser


def default_state() -> Path:
    """Where the lab keeps its socket, certificates and inventory (XDG Base Directory Specification)."""
    base = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")  # noqa: PTH111 - home may be absent
    return Path(base) / "sansang" / "lab"


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value <= MAX_SECONDS:
        raise argparse.ArgumentTypeError(
            say(f"phải trên 0 và không quá {MAX_SECONDS:g}", f"over 0 and up to {MAX_SECONDS:g}")
        )
    return value


def _run(args: argparse.Namespace) -> int:
    state = (args.state or default_state()).absolute()
    beside = args.state is None
    options = session.LabOptions(state, args.communes, args.listen, not args.no_agent, args.plain, args.lang, beside)
    code = session.run(options, lambda started: _announce(started, args.lang, moved=_has_moved(started, args)))
    if code is None:
        return 0
    ended = phrases.AGENT_ENDED.filled(code=code).to(args.lang)
    print(ended, file=sys.stderr)  # noqa: T201 - the command's own output
    return 1


def _has_moved(started: session.Started, args: argparse.Namespace) -> bool:
    """Whether the agent listens elsewhere than a reader of the manual would look, without having been told to."""
    return not args.listen and started.listen not in ("", session.LISTEN)


def _announce(started: session.Started, language: str, *, moved: bool) -> None:
    district, refusal = started.district, started.refusal
    lines: list[Text | str] = [
        phrases.STARTED.filled(communes=len(district.communes), hosts=len(district.hosts)),
        phrases.PRIVATE if refusal is None else phrases.PLAIN.filled(why=refusal),
    ]
    if moved:
        lines.append(phrases.BESIDE.filled(usual=session.LISTEN))
    lines.append(f"  {phrases.INVENTORY.to(language)}: {started.inventory}")
    lines += [*(_to_try(started, language) if started.listen else [_without_agent(started)]), phrases.STOP]
    print("\n".join(line if isinstance(line, str) else line.to(language) for line in lines), flush=True)  # noqa: T201


def _to_try(started: session.Started, language: str) -> list[Text | str]:
    """The agent's addresses, and commands to copy."""
    me, communes = _my_name(), started.district.communes
    check = f"{me} check" if started.listen == session.LISTEN else f"{me} check --config {started.inventory}"
    site = communes[min(6, len(communes) - 1)]
    room = next(host.name for host in site.hosts if host.check == "room")
    return [
        f"  {phrases.LANDING.to(language)}: http://{started.listen}/",
        f"  {phrases.METRICS.to(language)}: http://{started.listen}/metrics",
        phrases.TRY_THESE,
        f"  {check}",
        f"  {me} lab fail{_state_option(started)} {room}",
        f"  {check} --site {site.id}",
        f"  {me} lab restore{_state_option(started)} all",
    ]


def _without_agent(started: session.Started) -> Text:
    return phrases.NO_AGENT.filled(command=f"{_my_name()} lab exec{_state_option(started)} COMMAND")


def _state_option(started: session.Started) -> str:
    return "" if started.state == default_state() else f" --state {started.state}"


def _my_name() -> str:
    """How this command was called, so that its lines can be copied."""
    return sys.argv[0] if Path(sys.argv[0]).name == "sansang" else "sansang"


def _order(args: argparse.Namespace) -> int:
    seconds, port = getattr(args, "seconds", None), getattr(args, "port", "")
    command = LabCommand(args.action, tuple(args.names), seconds, port)
    reply = send_command(args.state.absolute(), command)
    if command.action is LabAction.STATUS:
        _table(reply, args.lang, console())
    else:
        _report(reply, args.lang, console(), ends=command.action in _ENDS)
    return 0


def _table(reply: LabReply, language: str, out: Console) -> None:
    records: list[tuple[str | RichText, ...]] = []
    for host in reply.hosts:
        port = f":{host.port}" if host.port else ""
        fault = phrases.describe(host, language)
        state = RichText(fault, "red" if host.fault else "green")
        records.append((host.name, host.target, f"{host.address}{port}", state))
    columns = [TerminalColumn(title.to(language), prose=title is phrases.STATE) for title in phrases.COLUMNS]
    show(columns, records, out)


def _report(reply: LabReply, language: str, out: Console, *, ends: bool) -> None:
    """What was done; ends: the command ends faults."""
    for host in reply.hosts:
        fault = phrases.describe(host, language)
        phrase = phrases.DONE if host.fault or not ends else phrases.RESTORED
        wrap(phrase.filled(name=host.name, fault=fault).to(language), out)
    for _, names in reply.notes:
        wrap(phrases.PINGS_ANSWER.filled(names=", ".join(names)).to(language), out)


def _execute(args: argparse.Namespace) -> int:
    answer = send_command(args.state.absolute(), LabCommand(LabAction.STATUS))
    command = args.command[1:] if args.command[:1] == ["--"] else args.command
    if not command:
        raise LabError(_WHICH_COMMAND)
    try:
        if answer.private:
            namespace.join(answer.pid)
        os.execvp(command[0], command)  # noqa: S606 - the user's own command, without a shell
    except OSError as error:
        raise LabError(_NOT_RUN.filled(command=command[0], why=system_text(error))) from error
