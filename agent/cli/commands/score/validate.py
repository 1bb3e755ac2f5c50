"""`sansang score validate`: every fault of a score sheet, or what it holds."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from agent.characters import json_text
from agent.cli.arguments import Subparsers, add_config, add_json, add_language, language_now, print_json, say
from agent.cli.tables.layout import console
from agent.cli.tables.layout import say as say_in
from agent.errors import ConfigError, SansangError
from agent.inventory.entities import Inventory
from agent.inventory.load import load
from agent.inventory.locate import locate
from agent.probes.registry import PROBES
from agent.scoring.document.json_schema import build
from agent.scoring.document.load import CheckedSheet, checked_sheet
from agent.scoring.document.numbers import exact_text
from agent.scoring.measures import ExternalMeasure, FactMeasure, ManualMeasure
from agent.scoring.sheet import Criterion
from agent.scoring.values import Origin
from agent.text import Text

_GOOD = Text(
    "{file}: biểu đúng. {title}: {criteria} chỉ tiêu trong {groups} nhóm, thang {maximum} điểm, lấy {decimals} chữ số"
    " thập phân.",
    "{file}: the sheet is good. {title}: criteria {criteria}, groups {groups}, scale {maximum} points, {decimals}"
    " decimals.",
)
_ORIGINS: Mapping[Origin, Text] = {
    Origin.MEASURED: Text("Số đo từ sổ: {count} chỉ tiêu", "Measured, from the ledger: {count} criteria"),
    Origin.DECLARED: Text("Khai báo trong cấu hình: {count}", "Declared, in the inventory: {count}"),
    Origin.MANUAL: Text("Cán bộ điền: {count}", "Filled in by the clerk: {count}"),
    Origin.EXTERNAL: Text("Số liệu từ nơi khác: {count}", "From elsewhere: {count}"),
}
_UNSCORED = Text("Chỉ để xem, không tính điểm: {count}", "Shown and not scored: {count}")
_ILLUSTRATIVE = Text("Biểu minh họa: không cơ quan nào ban hành.", "Illustrative: no authority issued this sheet.")
_DIGEST = Text("SHA-256 của nội dung: {digest}", "SHA-256 of what it says: {digest}")
_NO_FILE = Text(
    "Hãy nêu ít nhất một biểu, ví dụ: sansang score validate config/scoring/commune-illustrative.yml",
    "Name a score sheet, for instance: sansang score validate config/scoring/commune-illustrative.yml",
)
_REMARKS = Text("Có thể không như ý:", "Perhaps not what is meant:")


def add_parser(subcommands: Subparsers) -> None:
    """Register the command."""
    parser = subcommands.add_parser(
        "validate",
        help=say("kiểm tra biểu chấm điểm", "check a score sheet"),
        description=say(
            "Kiểm tra một biểu chấm điểm: nêu mọi lỗi cùng một lúc, hoặc biểu có những gì. Với --config, tên lịch, cấp,"
            " điểm và mục tiêu cũng phải có trong cấu hình.",
            "Check a score sheet: every fault at once, or what it holds. With --config, names of calendars, levels,"
            " sites and targets must be the inventory's.",
        ),
    )
    parser.add_argument("file", nargs="*", type=Path, help=say("biểu chấm điểm (.yml)", "the score sheet (.yml)"))
    add_config(parser)
    add_json(parser)
    add_language(parser)
    parser.add_argument(
        "--schema",
        action="store_true",
        help=say("in JSON Schema cho trình soạn thảo rồi thôi", "print the JSON Schema for editors and stop"),
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit code 0 when every sheet is good, 2 with every fault on stderr when one is not."""
    if args.schema:
        sys.stdout.write(json_text(build(), 2) + "\n")
        return 0
    if not args.file:
        raise SansangError(_NO_FILE)
    inventory = load(locate(args.config), PROBES, args.lang) if args.config else None
    language = args.lang or (inventory.organisation.language if inventory else language_now())
    checked, faults = _checked(args.file, language, inventory)
    if faults:
        error = ConfigError([fault for found in faults for fault in found.faults])
        return _refused(error) if args.json else _raise(error)
    if args.json:
        return print_json({"ok": True, "sheets": [_document(path, sheet) for path, sheet in checked]})
    for path, sheet in checked:
        _show(path, sheet, language)
    return 0


def _checked(
    paths: list[Path], language: str, inventory: Inventory | None
) -> tuple[list[tuple[Path, CheckedSheet]], list[ConfigError]]:
    """All sheets that are good, and what is wrong with the others."""
    good: list[tuple[Path, CheckedSheet]] = []
    faults: list[ConfigError] = []
    for path in paths:
        try:
            good.append((path, checked_sheet(path, language, inventory)))
        except ConfigError as error:
            faults.append(error)
    return good, faults


def _raise(error: ConfigError) -> int:
    raise error


def _refused(error: ConfigError) -> int:
    print_json({"ok": False, "faults": [dataclasses.asdict(fault) for fault in error.faults]})
    sys.stderr.writelines(f"{fault}\n" for fault in error.faults)
    return 2


def origins(criterion: Criterion) -> frozenset[Origin]:
    """Where the values of a criterion come from."""
    return frozenset(
        Origin.DECLARED
        if isinstance(measure, FactMeasure)
        else Origin.MANUAL
        if isinstance(measure, ManualMeasure)
        else Origin.EXTERNAL
        if isinstance(measure, ExternalMeasure)
        else Origin.MEASURED
        for measure in criterion.measures
    )


def _counts(checked: CheckedSheet) -> Counter[Origin]:
    return Counter(origin for criterion in checked.sheet.criteria if criterion.scored for origin in origins(criterion))


def _document(path: Path, checked: CheckedSheet) -> dict[str, object]:
    sheet, counts = checked.sheet, _counts(checked)
    return {
        "file": str(path),
        "id": sheet.id,
        "digest": sheet.digest,
        "illustrative": sheet.illustrative,
        "maximum": exact_text(sheet.maximum),
        "decimals": sheet.decimals,
        "levels": sheet.levels,
        "groups": len(sheet.groups),
        "criteria": len(sheet.criteria),
        "scored": sum(criterion.scored for criterion in sheet.criteria),
        **{origin.value: counts[origin] for origin in _ORIGINS},
        "remarks": [dataclasses.asdict(fault) for fault in checked.remarks],
    }


def _show(path: Path, checked: CheckedSheet, language: str) -> None:
    out, sheet, counts = console(), checked.sheet, _counts(checked)
    maximum = exact_text(sheet.maximum).replace(".", "," if language == "vi" else ".")
    shown = sum(not criterion.scored for criterion in sheet.criteria)
    good = _GOOD.filled(
        file=path,
        title=sheet.title,
        criteria=len(sheet.criteria),
        groups=len(sheet.groups),
        maximum=maximum,
        decimals=sheet.decimals,
    )
    lines = [good, *([_ILLUSTRATIVE] if sheet.illustrative else [])]
    lines += [text.filled(count=counts[origin]) for origin, text in _ORIGINS.items() if counts[origin]]
    lines += [_UNSCORED.filled(count=shown)] if shown else []
    lines += [_DIGEST.filled(digest=sheet.digest), *([_REMARKS] if checked.remarks else [])]
    for line in (*(text.to(language) for text in lines), *map(str, checked.remarks)):
        say_in(line, out)
