"""`sansang build`: boards, rules and the configuration around them, to files, compared with them, or into a Grafana."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from agent.availability.zones import date_of, offsets
from agent.cli import push_options
from agent.cli.arguments import say
from agent.cli.build_hours import open_hours
from agent.cli.grafana_access import GrafanaError
from agent.cli.grafana_words import told
from agent.clock import Clock, SystemClock
from agent.inventory.entities import Inventory, Level
from agent.inventory.load import load
from agent.inventory.locate import locate
from agent.probes.registry import PROBES
from dashboards.settings import ALL, LANGUAGES, PARTS, LevelName, Settings

_WORDS = {
    "en": {
        "written": "{changed} of {all} files written to {out}.",
        "same": "All {all} files in {out} are as they would be built.",
        "differs": "out of date: {file}",
        "missing": "missing: {file}",
        "build": "Write them with: sansang build {part}",
        "failed": "cannot write {file}: {detail}",
    },
    "vi": {
        "written": "Đã ghi {changed} trong {all} tệp vào {out}.",
        "same": "Cả {all} tệp trong {out} đều đúng như khi tạo mới.",
        "differs": "đã cũ: {file}",
        "missing": "còn thiếu: {file}",
        "build": "Ghi lại bằng: sansang build {part}",
        "failed": "không ghi được {file}: {detail}",
    },
}


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser = subparsers.add_parser(
        "build",
        description=say(
            "Tạo bảng Grafana, luật cảnh báo và cấu hình đi kèm: ghi ra tệp, so với tệp đã có, hoặc đưa lên Grafana.",
            "Write Grafana boards, alert rules and the configuration around them: to files, compared with them, or "
            "into a Grafana.",
        ),
    )
    parser.add_argument(
        "part",
        nargs="?",
        choices=(ALL, *PARTS),
        default=ALL,
        help=say("phần cần tạo (mặc định: %(default)s)", "what to write (default: %(default)s)"),
    )
    parser.add_argument(
        "--config",
        metavar="FILE",
        help=say("lấy tên, cấp và địa chỉ từ tệp cấu hình này", "take names, levels and addresses from this inventory"),
    )
    parser.add_argument(
        "--lang",
        choices=LANGUAGES,
        help=say(
            "ngôn ngữ được nạp (mặc định: ngôn ngữ của cơ quan)",
            "the language that is loaded (default: the organisation's)",
        ),
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("config"),
        metavar="DIR",
        help=say("thư mục ghi ra (mặc định: %(default)s)", "where to (default: %(default)s)"),
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help=say("không ghi gì; mã thoát 1 khi có tệp khác đi", "write nothing; exit 1 when a file differs"),
    )
    push_options.add_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit code 0 written or up to date, 1 when a file differs (--check) or something could not be written."""
    settings = Settings()
    if args.config is not None:
        settings = settings_of(load(locate(args.config), PROBES, args.lang), SystemClock())
    settings = replace(settings, language=args.lang or settings.language)
    try:
        push_options.check(args)
    except GrafanaError as error:
        sys.stderr.write(told(error, settings.language))
        return 2
    if args.push is not None:
        from agent.cli import push  # noqa: PLC0415 - loads grafanalib: 75 ms and 6 MB

        return push.run(args, settings)
    return _files(args, settings)


def _files(args: argparse.Namespace, settings: Settings) -> int:
    from dashboards.build import documents  # noqa: PLC0415 - as above

    built = documents(settings, args.part)
    words = _WORDS[settings.language]
    changed = {name: text for name, text in built.items() if _read(args.out / name) != text}
    if args.check:
        return _compare(args, changed, len(built), words)
    for name, text in changed.items():
        try:
            _write(args.out / name, text)
        except OSError as error:
            sys.stderr.write(words["failed"].format(file=args.out / name, detail=error.strerror) + "\n")
            return 1
    sys.stdout.write(words["written"].format(changed=len(changed), all=len(built), out=args.out) + "\n")
    return 0


def settings_of(inventory: Inventory, clock: Clock) -> Settings:
    """The defaults, with what the inventory knows better; holidays are those of this year and the next."""
    organisation, now_ms = inventory.organisation, clock.wall_ms()
    year = date_of(now_ms + offsets(organisation.timezone, now_ms, now_ms + 1)[0].offset_ms).year
    return Settings(
        organisation=organisation.name,
        language=organisation.language,
        timezone=organisation.timezone,
        levels=tuple(map(_level, inventory.levels)),
        agent=inventory.listen,
        calendars=open_hours(inventory, range(year, year + 2)),
    )


def _level(level: Level) -> LevelName:
    """A level that is named in one language only has that name in all."""
    fallback = next(iter(level.names.values()), level.id)
    return LevelName(level.id, {language: level.names.get(language, fallback) for language in LANGUAGES})


def _compare(args: argparse.Namespace, changed: Mapping[str, str], count: int, words: Mapping[str, str]) -> int:
    if not changed:
        sys.stdout.write(words["same"].format(all=count, out=args.out) + "\n")
        return 0
    for name in changed:
        file = args.out / name
        sys.stderr.write(words["differs" if file.is_file() else "missing"].format(file=file) + "\n")
    sys.stderr.write(words["build"].format(part=args.part) + "\n")
    return 1


def _read(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
