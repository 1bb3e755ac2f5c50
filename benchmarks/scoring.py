"""A sheet of 98 criteria in 9 groups for 3,321 communes over a year of 66,420 targets: time and memory of each command.

python -m benchmarks.scoring [--communes N] [--keep DIR]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from agent.ledger.schema import FILE_NAME
from agent.scoring.document.canonical import sheet_yaml
from benchmarks.scoring_year import CHECKS, SITES, ZONE, Year, score_sheet, write

_ROOT = Path(__file__).parents[1]
_MODULES = {
    "ping": "{probe: icmp}", "room": "{probe: sip}", "web": "{probe: http}", "port": "{probe: tcp}",
    "names": "{probe: dns, query_name: example.vn}", "snmp": "{probe: tcp}",
}  # fmt: skip
_ADDRESSES = {"room": "{host}:5060", "web": "https://{host}/", "port": "{host}:25", "snmp": "{host}:161"}


def prepare(folder: Path, communes: int) -> None:
    """The sheet, and the configuration of the agent that wrote the ledger, as its operators have them."""
    year = Year(communes)
    (folder / "sheet.yml").write_text(sheet_yaml(score_sheet()))
    (folder / "sansang.yml").write_text("\n".join(_configuration(folder / "ledger")))
    unit_rows = (f"{xa},Xã {xa[3:]},commune,{year.province(xa)},{xa[3:]}" for xa in year.communes)
    (folder / "units.csv").write_text("\n".join(["id,name,level,parent,code", *_province_rows(year), *unit_rows]))
    sites = [f"{xa}-{site},{site} {xa},{xa},office,10.0.0.1" for xa in year.communes for site in SITES]
    (folder / "sites.csv").write_text("\n".join(["id,name,unit,profile,host", *sites]))


def _province_rows(year: Year) -> Iterator[str]:
    return (f"{one},Tỉnh {one},province,,{one[5:]}" for one in year.provinces)


def _configuration(ledger: Path) -> Iterator[str]:
    yield f"organisation: {{name: Cả nước, timezone: {ZONE}}}"
    yield f"storage: {{path: {ledger}}}"
    yield "levels: [{id: province, name: {vi: Tỉnh, en: Province}}, {id: commune, name: {vi: Xã, en: Commune}}]"
    yield "include: [units.csv, sites.csv]"
    yield "modules:"
    yield from (f"  {name}: {options}" for name, options in _MODULES.items())
    yield "profiles:\n  office:"
    for check, role, module, calendar in CHECKS:
        address = _ADDRESSES.get(module, "{host}")
        yield f'    - {{id: {check}, role: {role}, module: {module}, address: "{address}", calendar: {calendar}}}'


def timed(what: str, folder: Path, words: Sequence[str], output: str = "") -> float:
    """Run one command as an operator does, and say what it took; its seconds."""
    command = [sys.executable, "-m", "agent", *words, "--config", str(folder / "sansang.yml")]
    command += ["-o", str(folder / output)] if output else []
    began = time.perf_counter()
    pid = os.posix_spawn(sys.executable, command, os.environ | {"PYTHONPATH": str(_ROOT)})
    _, status, usage = os.wait4(pid, 0)
    seconds = time.perf_counter() - began
    if status:
        raise SystemExit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    size = f", {(folder / output).stat().st_size / 1e6:.1f} MB" if output else ""
    cpu = usage.ru_utime + usage.ru_stime
    sys.stdout.write(f"{what}: {seconds:.1f} s ({cpu:.1f} s of CPU), {usage.ru_maxrss / 1024:.0f} MiB{size}\n")
    sys.stdout.flush()
    return seconds


def measure(folder: Path) -> None:
    """Every step, each by a process of its own; all of them verify the whole ledger first."""
    score = ["score", "--sheet", str(folder / "sheet.yml"), "--period", "2025"]
    timed("the ledger alone verified", folder, ["ledger", "verify"])
    timed("all communes to CSV", folder, [*score, "--level", "commune"], "x.csv")
    timed("all communes to JSON", folder, [*score, "--level", "commune"], "x.json")
    both = [*score, "--level", "commune", "-o", str(folder / "x.csv")]
    timed("all communes to CSV and JSON", folder, both, "x.json")
    one = [*score, "--unit", "xa-0000"]
    timed("one commune to CSV", folder, one, "one.csv")
    timed("one commune to a workbook", folder, one, "one.xlsx")
    packed = [*one, "-o", str(folder / "one.csv"), "-o", str(folder / "one.xlsx")]
    timed("one commune to CSV, workbook and package", folder, packed, "one.zip")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--communes", type=int, default=3_321)
    parser.add_argument("--keep", type=Path, help="write the year there, and measure one that is there already")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = (chosen.keep or Path(place)).absolute()
        folder.mkdir(exist_ok=True)
        prepare(folder, chosen.communes)
        if not (folder / "ledger" / FILE_NAME).exists():
            write(folder / "ledger", chosen.communes)
        size = (folder / "ledger" / FILE_NAME).stat().st_size
        sys.stdout.write(f"{chosen.communes} communes, ledger of {size / 1e6:.0f} MB\n")
        sys.stdout.flush()
        measure(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
