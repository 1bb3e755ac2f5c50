"""`python -m agent` is `sansang`."""

from __future__ import annotations

import sys

from agent.cli.main import script

if __name__ == "__main__":
    sys.exit(script())
