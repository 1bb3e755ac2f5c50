"""The one table of commands, as a person looks for them, and the page that lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agent import __version__
from agent.cli.arguments import say
from agent.text import Text


@dataclass(frozen=True, slots=True)
class Command:
    """module: below agent.cli.commands, loaded only when the command is called; all together take a second."""

    module: str
    about: Text


GROUPS: Mapping[Text, Mapping[str, Command]] = {
    Text("Xem hằng ngày", "Day to day"): {
        "check": Command(
            "check", Text("kiểm tra mọi thứ ngay bây giờ: cái gì hỏng", "probe everything now: what fails?")
        ),
        "uptime": Command("uptime", Text("báo cáo độ sẵn sàng của một kỳ", "uptime of a period, as a report")),
        "score": Command("score.command", Text("chấm điểm theo biểu chuyển đổi số", "points by a score sheet")),
        "devices": Command(
            "devices", Text("hiện trạng thiết bị, nên thay gì trước", "the devices, and what to replace first")
        ),
        "maintenance": Command("maintenance", Text("báo trước đợt bảo trì", "announce maintenance windows")),
        "amend": Command("amend", Text("ký đính chính điều sổ đã ghi", "sign a correction of the ledger")),
    },
    Text("Khai báo", "Setting up"): {
        "validate": Command("validate", Text("kiểm tra tệp cấu hình", "check the configuration")),
        "import": Command("import_", Text("đưa điểm, đơn vị từ bảng tính vào", "take sites or units from a sheet")),
        "units": Command(
            "units.command", Text("đơn vị và lịch sử; đưa bảng thay đổi vào", "units, their history and changes")
        ),
        "export": Command("export", Text("ghi điểm, đơn vị ra bảng tính", "write sites and units as a sheet")),
        "snmp": Command("snmp", Text("đưa MIB của hãng vào", "take a maker's MIB")),
        "build": Command("build.command", Text("tạo bảng Grafana và cảnh báo", "write Grafana boards and alert rules")),
    },
    Text("Máy giám sát", "The agent"): {
        "run": Command("run", Text("chạy bộ giám sát", "run the agent")),
        "ledger": Command(
            "ledger.command", Text("kiểm chứng, sao lưu, xuất sổ", "verify, back up or export the ledger")
        ),
    },
    Text("Tập thử", "To try it out"): {
        "lab": Command(
            "lab", Text("huyện mô phỏng: chạy thử, làm hỏng thử", "a simulated district to run and to break")
        ),
    },
}

COMMANDS: Mapping[str, Command] = {name: command for group in GROUPS.values() for name, command in group.items()}


def overview() -> str:
    """Every command in a line, by what it is for, in the language of the call."""
    language = say("vi", "en")
    wide = max(map(len, COMMANDS))
    lines = [
        say(
            f"San Sang {__version__}: hạ tầng số đã sẵn sàng chưa?",
            f"San Sang {__version__}: is our digital infrastructure ready?",
        ),
        "",
        say("cách dùng: sansang LỆNH [tùy chọn]", "usage: sansang COMMAND [options]"),
    ]
    for title, commands in GROUPS.items():
        lines += ["", title.to(language)]
        lines += [f"  {name:{wide}}  {command.about.to(language)}" for name, command in commands.items()]
    lines += [
        "",
        say("Cách dùng một lệnh:  sansang help LỆNH", "How to use one:  sansang help COMMAND"),
        say("Số phiên bản:        sansang --version", "The version:     sansang --version"),
    ]
    return "\n".join(lines) + "\n"
