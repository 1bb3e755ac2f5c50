"""What pacing by the wall clock does: APScheduler's interval trigger, one line on stdout a second until it stops."""

from __future__ import annotations

import asyncio

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger


async def main() -> None:
    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.add_job(lambda: print("tick", flush=True), IntervalTrigger(seconds=1))
    scheduler.start()
    await asyncio.sleep(60)


if __name__ == "__main__":
    asyncio.run(main())
