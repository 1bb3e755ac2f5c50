"""`sansang run` with the machine's clock moved, at a boot of its own, with a time source.

Called with the Unix time that the clock shows once the agent has been loaded, and the boot's name, before the command.
APScheduler is the real one; the `datetime` that it asks for the time is moved alike.
"""

from __future__ import annotations

import sys
import time
from datetime import datetime, timedelta, tzinfo

from apscheduler.schedulers import base

from agent import runtime
from agent.cli.main import main
from agent.clock import SystemClock

FIRST_SHOWN, BOOT = float(sys.argv[1]), sys.argv[2]
SHIFT_SECONDS = FIRST_SHOWN - time.time()


class ShiftedClock(SystemClock):
    def wall_ms(self) -> int:
        return super().wall_ms() + int(SHIFT_SECONDS * 1000)

    def wall_ns(self) -> int:
        return super().wall_ns() + int(SHIFT_SECONDS * 1e9)

    def boot_id(self) -> str:
        return BOOT

    def synchronised(self) -> bool:
        return True


class ShiftedDatetime(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> ShiftedDatetime:
        return super().now(tz) + timedelta(seconds=SHIFT_SECONDS)


if __name__ == "__main__":
    vars(base)["datetime"] = ShiftedDatetime
    vars(runtime)["SystemClock"] = ShiftedClock
    sys.exit(main(sys.argv[3:]))
