"""Files that are small and dear: read within seconds and some memory, or refused, with so many faults told and no more.

The largest of them runs as a command of its own, whose processor time and memory the kernel counts.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from agent.errors import ConfigError, Fault
from agent.inventory.blackbox.source import MAX_NODES
from agent.inventory.document.sections import read_parts
from agent.inventory.findings import MAX_FINDINGS
from agent.inventory.importing.propose_blackbox import propose_blackbox
from agent.inventory.load import load
from agent.inventory.sources.files import Files
from agent.probes.registry import PROBES
from tests.agent.cli.commands.run.test_reload import SHEET, workbook

HEAD = "organisation: {name: A}\n"
MOST_SECONDS, MOST_BYTES = 40, 250 << 20  # of processor time on a busy machine; of resident memory with the program
CROWDED = "more than 200000 values in all YAML files together"
MORE = f"there are more than {MAX_FINDINGS} faults"
EMPTY = "the file is empty"
MILLIONS = "the workbook holds millions of cells"


def faults_of(place: Path, text: str, include: str = "", content: bytes = b"") -> list[Fault]:
    file = place / "sansang.yml"
    file.write_text(HEAD + text, "utf-8")
    if include:
        file.write_text(f"{HEAD}include: [{include}]\n", "utf-8")
        (place / include).write_bytes(content)
    before = time.process_time()
    with pytest.raises(ConfigError) as told:
        load(file, PROBES, "en")
    assert time.process_time() - before < MOST_SECONDS
    assert len(told.value.faults) <= MAX_FINDINGS + 1
    assert all(len(str(fault)) < 4_000 for fault in told.value.faults)
    return list(told.value.faults)


@pytest.mark.parametrize("entry", ["{}", "~", "''", "[]"])
def test_of_very_many_faults_some_are_told_and_the_rest_is_not_looked_at(entry: str, tmp_path: Path) -> None:
    for section in ("targets", "sites", "units", "levels", "paths", "contacts"):
        faults = faults_of(tmp_path, f"{section}: [{','.join([entry] * 2_000)}]\n")
        assert (len(faults), faults[-1].wrong.startswith(MORE)) == (MAX_FINDINGS + 1, True)


COLUMNS = "".join(f"{{c{number}}}" for number in range(300_000))
SITES = ",".join(f"{{d{number}: a}}" for number in range(2_000))
OPTIONS = ", ".join(f"k{number}: 1" for number in range(2_000))
PATTERNS = ", ".join("'*.none'" for _ in range(1_500))
FILES = {
    "aliases": (f"x: &a 1\ntargets: [{','.join(['*a'] * 1_600_000)}]\n", MORE),
    "billion laughs": ("a: &a [x, x]\n" + "".join(f"a{n}: &a{n} [*a, *a]\n" for n in range(2_000)), MORE),
    "deep": ("x: " + "[" * 5_000_000, "nested deeper than 32"),
    "deep dashes": ("x:\n" + "- " * 2_500_000, "nested deeper than 32"),
    "columns": (f"profiles: {{p: [{{id: a, address: '{COLUMNS}'}}]}}\nsites: [{SITES}]\n", MORE),
    "long key": (f"modules:\n  ? {'m' * 2_000_000}\n  : {{probe: icmp, {OPTIONS}}}\n", MORE),
    "includes": (f"include: [{PATTERNS}]\n", "matches more than 1000 files"),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_dear_yaml_file_is_bounded(kind: str, tmp_path: Path) -> None:
    text, said = FILES[kind]
    faults = faults_of(tmp_path, text)
    assert any(said in fault.wrong for fault in faults), faults[-1]


DAYS = [date.fromordinal(date(2000, 1, 1).toordinal() + number).isoformat() for number in range(20_000)]
WORKED = f"working_days: [{','.join(f'{{date: {day!r}, like: mon}}' for day in DAYS)}]\n"
HOURS = "{hours: {mon: ['07:00-11:30']}, override: notice.yml}"


def test_the_days_of_a_notice_are_gone_through_once(tmp_path: Path) -> None:
    (tmp_path / "notice.yml").write_text(WORKED, "utf-8")
    assert len(faults_of(tmp_path, f"calendars: {{c: {HOURS}}}\n")) == 1  # that there is nothing to probe


def test_a_notice_counts_for_every_calendar_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "notice.yml").write_text(f"holidays: {DAYS[:100]!r}\n", "utf-8")
    for count in (1, 30):
        file = tmp_path / "sansang.yml"
        file.write_text(f"{HEAD}calendars: {{{', '.join(f'c{n}: {HOURS}' for n in range(count))}}}\n", "utf-8")
        assert count * 100 < read_parts(Files(), file, PROBES).nodes < count * 120


def test_after_a_file_too_much_no_other_is_gone_through(tmp_path: Path) -> None:
    for number in range(100):
        (tmp_path / f"b{number}.yml").write_text(f"contacts: [{'~,' * 60_000}]\n", "utf-8")
    (tmp_path / "notice.yml").write_text(f"holidays: {DAYS!r}\n", "utf-8")
    calendars = "".join(f"  c{number}: {HOURS}\n" for number in range(800))
    faults = faults_of(tmp_path, f"include: ['b*.yml']\ncalendars:\n{calendars}")
    assert {fault.file for fault in faults if CROWDED in fault.wrong} >= {str(tmp_path / "notice.yml")}
    assert sum(CROWDED in fault.wrong for fault in faults) == 98  # of a hundred files, and the notice


MODULES = [f"m{number}: " for number in range(12_000)]
FEW = MODULES[:1_200]
NODES = f"more than {MAX_NODES} keys and values"
IMPORTS = {
    "a list": (f"modules: [{'{},' * 1_600_000}{{}}]\n", NODES),
    "names": ("modules:\n" + "".join(f"  m{number}:\n" for number in range(300_000)), NODES),
    "merges": (f"a: &a {{b: 1}}\nmodules: {{m: {{<<: [{','.join(['*a'] * 1_600_000)}]}}}}\n", NODES),
    "deep": ("modules: " + "[" * 5_000_000, "not YAML"),
    "empty modules": (f"modules: {{{','.join(MODULES)}}}\n", MORE),
    "bad modules": (f"modules: {{{','.join(f'{name}{{prober: icmp, icmp: {{ttl: 999}}}}' for name in FEW)}}}\n", MORE),
    "an alias": (f"a: &a {{prober: icmp, icmp: {{ttl: 999}}}}\nmodules: {{{','.join(f'{m}*a' for m in FEW)}}}\n", MORE),
}  # fmt: skip


@pytest.mark.parametrize("kind", IMPORTS)
def test_a_dear_blackbox_yml_is_bounded(kind: str, tmp_path: Path) -> None:
    text, said = IMPORTS[kind]
    (tmp_path / "sansang.yml").write_text(f"{HEAD}include: [sites.d/*.yml]\n", "utf-8")
    (tmp_path / "bb.yml").write_text(text, "utf-8")
    before = time.process_time()
    with pytest.raises(ConfigError) as told:
        propose_blackbox(tmp_path / "sansang.yml", tmp_path / "bb.yml", PROBES, "en")
    assert time.process_time() - before < MOST_SECONDS
    assert len(told.value.faults) <= MAX_FINDINGS + 1
    assert said in told.value.faults[-1].wrong


SHEETS = {
    "empty lines": (b"\n" * 5_000_000, EMPTY),
    "commas": (b"," * 5_000_000, EMPTY),
    "empty cells": (b",,\n" * 1_600_000, EMPTY),
    "one line": (b"x" * 100_000_000, "larger than 5 MiB"),
    "brackets": (b"id,name," + b"(" * 130_000 + b"\n", "a cell of 130000 characters"),
    "rows": (b"id,name,unit\n" + b"a,,\n" * 1_200_000, "more than 20000 rows"),
}


@pytest.mark.parametrize("kind", SHEETS)
def test_a_dear_csv_file_is_bounded(kind: str, tmp_path: Path) -> None:
    content, said = SHEETS[kind]
    faults = faults_of(tmp_path, "", "a.csv", content)
    assert any(said in fault.wrong for fault in faults), faults[-1]


def _sheet(rows: bytes, after: bytes = b"") -> Callable[[dict[str, bytes]], None]:
    start = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
    )

    def spoil(parts: dict[str, bytes]) -> None:
        parts[SHEET] = start + b"<sheetData>" + rows + b"</sheetData>" + after + b"</worksheet>"

    return spoil


def _text(text: bytes) -> bytes:
    return b'<c t="inlineStr"><is><t>' + text + b"</t></is></c>"


def _format_of_megabytes(parts: dict[str, bytes]) -> None:
    code = b'<numFmts><numFmt numFmtId="200" formatCode="' + b"&quot;" * 3_000_000 + b'"/></numFmts>'
    parts["xl/styles.xml"] = b"<styleSheet>" + code + b'<cellXfs><xf numFmtId="200"/></cellXfs></styleSheet>'
    _sheet(b'<row><c s="0"><v>1</v></c></row>' * 100)(parts)


BOOKS = {
    "empty rows": (_sheet(b"<row/>" * 1_600_000), EMPTY),
    "the last cell": (_sheet(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "more than 100 columns"),
    "cells of a row": (_sheet(b"<row>" + b"<c/>" * 2_900_000 + b"</row>"), MILLIONS),
    "merged cells": (_sheet(b"<row/>", b'<mergeCell ref="A1:B2"/>' * 2_000_000), MILLIONS),
    "nested": (_sheet(b"<row>" + b"<a>" * 2_900_000), MILLIONS),
    "one tag": (_sheet(b'<row x="' + b"a" * 20_000_000 + b'"/>'), EMPTY),
    "slashes": (_sheet((b"<row>" + _text(b"a / (b) " * 120) * 100 + b"</row>") * 20), "no header row found"),
    "a cell": (_sheet(b"<row>" + _text(b"x " * 10_000_000 + b"x") + b"</row>"), "a cell of 32767 characters"),
    "a number format": (_format_of_megabytes, "no header row found"),
}


@pytest.mark.parametrize("kind", BOOKS)
def test_a_dear_workbook_is_bounded(kind: str, tmp_path: Path) -> None:
    spoil, said = BOOKS[kind]
    faults = faults_of(tmp_path, "", "a.xlsx", workbook(spoil))
    assert any(said in fault.wrong for fault in faults), faults[-1]


MEASURED = """
import resource, subprocess, sys
code = subprocess.run([sys.executable, "-m", "agent", "validate", sys.argv[1], "--lang", "en"]).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(code, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""  # in a process between, since the kernel lets a child begin with the peak of its parent


def test_the_command_ends_on_1_6_million_empty_entries(tmp_path: Path) -> None:
    file = tmp_path / "sansang.yml"
    file.write_text(f"{HEAD}targets: [{'{},' * 1_600_000}{{}}]\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(file)], capture_output=True, text=True, timeout=200, check=True
    )
    code, seconds, kilobytes = done.stdout.split()

    assert (code, len(done.stderr.splitlines()), CROWDED in done.stderr) == ("2", 1, True)
    assert float(seconds) < MOST_SECONDS
    assert int(kilobytes) * 1024 < MOST_BYTES
