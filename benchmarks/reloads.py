"""What 20 minutes of reloads add to a ledger: every 20 s the inventory is read again, another site changed each time.

python -m benchmarks.reloads [--targets N] [--reloads N]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from agent.inventory.load import load
from agent.ledger.integrity.verify import verify
from agent.ledger.rows import AgentRun, Content
from agent.ledger.schema import FILE_NAME
from agent.ledger.store import Ledger
from agent.probes.registry import PROBES
from tests.clock import TravellingClock

_CHECKS = 4


def configuration(sites: int, changed: int) -> str:
    """So many offices of four checks each; the first ``changed`` of them have got another router since the start."""
    checks = ", ".join(f"{{id: c{n}, role: uplink, module: ping, address: '{{gateway}}'}}" for n in range(_CHECKS))
    rows = "\n".join(
        f"  - {{id: xa-{n:04}, name: 'UBND xã {n}', unit: h, profile: office, "
        f"gateway: 10.{n // 250}.{n % 250}.{2 if n * 7 % sites < changed else 1}}}"
        for n in range(sites)
    )
    return f"""organisation: {{name: H, language: vi, timezone: Asia/Ho_Chi_Minh}}
levels: [{{id: district, name: {{vi: Huyện, en: District}}}}]
units: [{{id: h, name: H, level: district}}]
modules: {{ping: {{probe: icmp}}}}
profiles: {{office: [{checks}]}}
sites:
{rows}
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--targets", type=int, default=2_000)
    parser.add_argument("--reloads", type=int, default=60)
    chosen = parser.parse_args()
    sites = chosen.targets // _CHECKS
    with tempfile.TemporaryDirectory() as place:
        directory, file = Path(place) / "ledger", Path(place) / "sansang.yml"
        ledger = Ledger.open(directory, TravellingClock())
        ledger.append([AgentRun("local", "boot", 0, 0, synchronised=True, version="0")])
        spent, size = 0.0, 0
        for turn in range(chosen.reloads + 1):
            file.write_text(configuration(sites, turn), "utf-8")
            inventory = load(file, PROBES, "en")
            began = time.process_time()
            ledger.append([Content(inventory.hash, "inventory", inventory.content)])
            spent, size = spent + time.process_time() - began, len(inventory.content)
        ledger.close()
        took = (directory / FILE_NAME).stat().st_size
        began = time.process_time()
        good = verify(directory).ok
        checked = time.process_time() - began
        sys.stdout.write(
            f"{chosen.reloads} reloads of {size / 1e6:.2f} MB each: ledger {took / 1e6:.2f} MB, "
            f"{spent / (chosen.reloads + 1) * 1e3:.1f} ms of CPU a commit, verified {good} in {checked:.2f} s of CPU\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
