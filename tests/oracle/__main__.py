"""`python -m tests.oracle FILE` prints the oracle's answer; `--seed N` a scenario; `--bugs` what notices each first."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tests.oracle.bugs import BUGS
from tests.oracle.catching import caught_by_scenarios, caught_by_tales
from tests.oracle.oracle import report
from tests.oracle.refusal import RefusedError
from tests.oracle.scenarios import scenario


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("file", nargs="?", type=Path)
    what.add_argument("--seed", type=int)
    what.add_argument("--bugs", action="store_true")
    chosen = parser.parse_args()
    if chosen.bugs:
        for bug in BUGS:
            print(f"{bug.__name__}: {next(caught_by_tales(bug), '-')}; {next(caught_by_scenarios(bug), '-')}")
        return 0
    if chosen.seed is not None:
        print(json.dumps(scenario(chosen.seed), indent=1))
        return 0
    try:
        print(json.dumps(report(json.loads(chosen.file.read_text("utf-8"))), indent=1))
    except RefusedError as refused:
        print("\n".join(refused.faults), file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
