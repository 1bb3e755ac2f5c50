"""Every command, as root and as anybody, in both languages, at a terminal of 80 columns and into a pipe."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent.cli.main import parser
from agent.cli.registry import COMMANDS
from tests.agent.cli.zygote import COLUMNS, Ended, Zygote, zygote
from tests.agent.reporting.small_ledger import recorded

NOBODY = 65534
LANGUAGES = {"vi": "vi_VN.UTF-8", "en": "en_US.UTF-8"}
SHEET = "id;name;unit\ns;UBND xa A;xa-a\nt;UBND xa B;xa-a\n"
BREAKS = re.compile("Traceback|Exception ignored|Error:|[Ee]rrno")
ESCAPES = re.compile(r"\\x[0-9a-f]{2}|\\u[0-9a-f]{4}")
ENGLISH = re.compile(
    r"\b(?:the|is|are|was|of|not|cannot|with|from|which|that|this|and|or|denied|such|file|directory|missing|invalid"
    r"|expected|required|argument|option|running|there|where|what|already|another|agent|may|more|nothing|should|must"
    r"|answers?|written|read|found|would|right|wrong|it|its|be|by|for|on|at|one|only|every|show|help|usage)\b",
    re.IGNORECASE,
)
VIETNAMESE = re.compile("[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE)
COPIED = re.compile(
    r"`[^`]*`|https?://\S+|(?<!\w)[~./]?/[^\s,;:)]+|\S+\.(?:yml|yaml|csv|xlsx|md|json|db)\b|--[a-z-]+|\b[A-Z_]{4,}\b"
)
DRAWN = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
WHOLE = re.compile(r"\b(?:sudo|chmod|systemctl|timedatectl|sansang|sysctl) |https?://|/\S*/|[0-9a-f]{64}")
"""A line that holds what is to be copied is not broken."""
DATA = re.compile("Xã|xã|Thay ổ|Thay|ổ|cứng|Huyện Lập Thạch")  # of the ledger, whatever language is spoken
WRONG = "--nonsens"
MACHINE = ("--json", "--schema", "export")


@dataclass(frozen=True, slots=True)
class Row:
    """A call and how it ends: for who may read everything, and for who may read neither configuration nor ledger."""

    call: str
    code: int
    closed: int

    @property
    def arguments(self) -> list[str]:
        return self.call.split()


SPAN = "--from 2025-10-10T08:00Z --to 2025-10-10T09:00Z"
LATER = "--from 2027-10-10T08:00Z --to 2027-10-10T09:00Z"
ROWS = (
    Row("", 0, 0),
    Row("help", 0, 0),
    Row("--help", 0, 0),
    Row("--version", 0, 0),
    Row("chek", 2, 2),
    Row("help chek", 2, 2),
    Row("--nonsense", 2, 2),
    Row("check --site nowhere", 2, 2),
    Row("check --agent http://127.0.0.1:1", 2, 2),
    Row("check --agent nonsense", 2, 2),
    Row("check --local", 1, 2),
    Row("check --local --all", 1, 2),
    Row("check --alone --site nowhere", 2, 2),  # as --local was called before
    Row("check --local --json", 1, 2),
    Row("check --role nonsense", 2, 2),
    Row("check --local --snmp", 2, 2),
    Row("check --config none.yml", 2, 2),
    Row("validate", 0, 2),
    Row("validate --json", 0, 2),
    Row("validate none.yml", 2, 2),
    Row("validate .", 0, 2),
    Row("validate --schema", 0, 0),
    Row("uptime --period 2025-10", 0, 2),
    Row("uptime --period 2025-10 --by unit", 0, 2),
    Row("uptime --period 2025-10 --json", 0, 2),
    Row("uptime --period last-month", 2, 2),
    Row("uptime --period 2025-10 -o report.pdf", 2, 2),
    Row("uptime --period 2025-10 -o /nowhere/report.csv", 2, 2),
    Row("uptime --period 2025-10 --target s/none", 2, 2),
    Row("uptime --period 2025-10 --source prometheus=http://127.0.0.1:1", 2, 2),
    Row("uptime --replay none.json", 2, 2),
    Row("uptime", 2, 2),
    Row("score --sheet none.yml --period 2025-10", 2, 2),
    Row("score", 2, 2),
    Row("score validate none.yml", 2, 2),
    Row("score verify none.zip", 2, 2),
    Row("score values --sheet none -o x.xlsx", 2, 2),
    Row("score import-sheet none.xlsx", 2, 2),
    Row("units", 0, 2),
    Row("units --json", 0, 2),
    Row("units --late", 0, 2),
    Row("units apply none.csv", 2, 2),
    Row("units apply sheet.csv", 2, 2),
    Row("devices", 0, 2),
    Row("devices --json", 0, 2),
    Row("devices --period last-month", 2, 2),
    Row("devices -o devices.pdf", 2, 2),
    Row("devices --target s/dead", 2, 2),
    Row("maintenance list", 0, 2),
    Row(f"maintenance add --site s {LATER} --who A --why B", 0, 2),
    Row(f"maintenance add --site none {LATER} --who A --why B", 2, 2),
    Row("maintenance add --site s --from soon --to later --who A --why B", 2, 2),
    Row("maintenance cancel none --who A --why B", 2, 2),
    Row("amend --list", 0, 2),
    Row("amend", 2, 2),
    Row("amend 12a", 2, 2),
    Row(f"amend --target s/dead --state up {SPAN} --who A --why B", 0, 2),
    Row(f"amend --target s/none --state up {SPAN} --who A --why B", 2, 2),
    Row("amend --outage 999 --state up --who A --why B", 2, 2),
    Row("ledger verify", 0, 2),
    Row("ledger verify --json", 0, 2),
    Row("ledger verify --anchor nonsense", 2, 2),
    Row("ledger verify --path none", 2, 2),
    Row("ledger export", 0, 2),
    Row("ledger export -o /nowhere/rows", 2, 2),
    Row("ledger days", 2, 2),
    Row("ledger days --year 99", 2, 2),
    Row("ledger backup --to backup", 0, 2),
    Row("ledger restore none", 2, 2),
    Row("import sheet.csv", 2, 2),
    Row("import none.csv", 2, 2),
    Row("import --snmp-exporter none.yml", 2, 2),
    Row("import --snmp-exporter sheet.csv", 2, 2),
    Row("import --snmp-exporter --blackbox sheet.csv", 2, 2),
    Row("import sheet.pdf", 2, 2),
    Row("import", 2, 2),
    Row("snmp import-mib none.txt", 2, 2),
    Row("snmp import-mib sheet.csv", 2, 2),
    Row("snmp", 2, 2),
    Row("export --force exported.csv", 0, 2),
    Row("export sheet.pdf", 2, 2),
    Row("export /nowhere/sites.csv", 2, 2),
    Row("export", 2, 2),
    Row("ledger export -o /dev/full", 2, 2),
    Row("build alertmanager --check --out unbuilt", 1, 1),
    Row("build alertmanager --out built", 0, 0),
    Row("build alertmanager --config sansang.yml --out built", 0, 2),
    Row("build alertmanager --out /proc/nowhere", 1, 1),
    Row("build boards --dry-run", 2, 2),
    Row("build boards --push nonsense", 2, 2),
    Row("lab status --state lab", 2, 2),
    Row("lab fail --state lab room-07", 2, 2),
    Row("lab exec --state lab true", 2, 2),
    Row("lab run --no-agent --plain --state /proc/nowhere", 2, 2),
    Row("lab run --communes 0 --state lab", 2, 2),
    Row("lab slow --seconds never all", 2, 2),
    Row("run --config none.yml", 2, 2),
    Row("run --log-level loud", 2, 2),
)


def helps() -> list[Row]:
    """The help of each command and of each of its own, and each with an option that there is not."""

    def names(one: ArgumentParser, before: str = "") -> Iterator[str]:
        for action in one._actions:
            if isinstance(action.choices, dict):
                for name, below in action.choices.items():
                    yield f"{before}{name}"
                    yield from names(below, f"{before}{name} ")

    every = list(names(parser()))
    wrong = [name for name in every if name != "lab exec"]
    return [*(Row(f"help {name}", 0, 0) for name in every), *(Row(f"{name} {WRONG}", 2, 2) for name in wrong)]


@dataclass(frozen=True, slots=True)
class World:
    """A configuration and its ledger in one language, each owned by the user who runs the suite."""

    folder: Path
    language: str

    def environment(self) -> dict[str, str]:
        locale = LANGUAGES[self.language]
        return {
            "SANSANG_CONFIG": str(self.folder / "etc/sansang.yml"),
            "LANG": locale,
            "HOME": "/nonexistent",
            "PATH": os.environ["PATH"],
        }


def world(folder: Path, language: str) -> World:
    """What `make install` leaves: 0750 for the configuration, 0700 for the ledger; the working directory is open."""
    (folder / "etc").mkdir(parents=True)
    folder.chmod(0o755)
    config = recorded(folder / "etc")
    text = config.read_text("utf-8").replace("language: vi", f"language: {language}")
    if language == "en":
        for vi, en in (("Huyện Lập Thạch", "Lap Thach"), ("Xã", "Xa"), ("xã", "xa"), ("Tốt", "Good"), ("Hỏng", "Dead")):
            text = text.replace(vi, en)
    text = text.replace("port: {probe: tcp}", "port: {probe: tcp, timeout: 1s}, ping: {probe: icmp}")
    switch = '  - {id: s/switch, name: Switch, role: lan, module: ping, address: "127.0.0.1"}\n'
    text = text.replace("storage:", f"{switch}storage:") + "listen: 127.0.0.1:1\n"
    config.write_text(text, "utf-8")
    (folder / "etc").chmod(0o750)
    work = folder / "work"
    work.mkdir()
    work.chmod(0o777)
    shutil.copy(config, work / "sansang.yml")
    (work / "sansang.yml").chmod(0o600)
    (work / "sheet.csv").write_text(SHEET, "utf-8")
    (work / "sheet.pdf").write_text(SHEET, "utf-8")
    return World(folder, language)


@pytest.fixture(scope="module")
def worlds() -> Iterator[dict[str, World]]:
    """In a folder where other users may look, as in none of pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield {language: world(Path(name) / language, language) for language in LANGUAGES}


@pytest.fixture(scope="module")
def runner() -> Iterator[Zygote]:
    with zygote() as found:
        yield found


def faults(row: Row, ended: Ended, world: World, expected: int, *, terminal: bool) -> Iterator[str]:
    """What is wrong with how a call ended, each in a line."""
    said = DRAWN.sub("", ended.out + ended.err)
    if ended.code != expected:
        yield f"exit code {ended.code}, not {expected}: {said[-300:]!r}"
    for_machines = any(one in row.arguments for one in MACHINE)
    said = said.replace("\r", "\n")
    read = DRAWN.sub("", ended.err) if for_machines else said
    if found := BREAKS.search(said) or ESCAPES.search(read):
        yield f"{found[0]!r} in {said[-300:]!r}"
    for line in read.splitlines():
        prose = DATA.sub("", COPIED.sub("", line.replace(str(world.folder), "")))
        if world.language == "vi" and len(set(map(str.lower, ENGLISH.findall(prose)))) > 1:
            yield f"English: {line}"
        if world.language == "en" and VIETNAMESE.search(prose):
            yield f"Vietnamese: {line}"
        if terminal and len(line) > COLUMNS and not WHOLE.search(line):
            yield f"{len(line)} columns: {line}"


def calls(row: Row, world: World, runner: Zygote, *, everything: bool, terminal: bool) -> list[str]:
    uid = os.geteuid() if everything or os.geteuid() else NOBODY
    with ExitStack() as after:
        if not everything and os.geteuid():  # who owns it all shuts himself out
            for place, mode in ((world.folder / "etc", 0o750), (world.folder / "work/sansang.yml", 0o600)):
                place.chmod(0)
                after.callback(place.chmod, mode)
        ended = runner.call(row.arguments, world.environment(), world.folder / "work", uid, terminal=terminal)
    expected = row.code if everything else row.closed
    return [f"{row.call} [{uid}]: {one}" for one in faults(row, ended, world, expected, terminal=terminal)]


def users(row: Row, language: str, *, terminal: bool) -> tuple[bool, ...]:
    """Each command once in every way; its other calls in each pair of user, language and stream; help as anybody."""
    if row.call.startswith("help ") or row.call.endswith(WRONG):
        return (False,) if terminal else ()
    first = next(one for one in ROWS if one.arguments[:1] == row.arguments[:1] and _same(one, row))
    return (True, False) if row is first else ((language == "vi") is terminal,)


def _same(one: Row, other: Row) -> bool:
    """Whether both call the same command of a command."""
    return one.arguments[:1] not in (["ledger"], ["maintenance"], ["lab"]) or one.arguments[1] == other.arguments[1]


def of(command: str) -> list[Row]:
    if not command:
        return [row for row in ROWS if not row.arguments or row.arguments[0] not in COMMANDS]
    return [row for row in (*ROWS, *helps()) if command in row.arguments[:2] and row.arguments[0] in (command, "help")]


@pytest.mark.parametrize("terminal", [True, False], ids=["terminal", "pipe"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_call_ends_with_words_for_who_called(
    command: str, language: str, terminal: bool, worlds: dict[str, World], runner: Zygote
) -> None:
    rows, here = of(command), worlds[language]

    assert rows
    assert [
        fault
        for row in rows
        for everything in users(row, language, terminal=terminal)
        for fault in calls(row, here, runner, everything=everything, terminal=terminal)
    ] == []
