"""The agent on a lab whose boards are looked at: started and stopped by the test, inside the lab's network.

Three things are hastened that an agent does or has in its own time: the wall clock counts as set, a copy of the ledger
is made five seconds after the start, and the official months are worked out every two seconds. All else is the agent.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from agent import runtime
from agent.cli.main import main
from agent.clock import SystemClock
from agent.engine.upkeep.cron_jobs import CronJob, CronJobs
from agent.lab import namespace
from tests.agent.lab import net
from tests.peers.prometheus_process import free_port

_COPY_AFTER_SECONDS = 5.0
_READY_SECONDS = 30


class SetClock(SystemClock):
    """A machine with a time source, which a build machine may not have."""

    def synchronised(self) -> bool:
        return True


class PromptCronJobs(CronJobs):
    """The copy of the day comes due soon after the start, once."""

    def start(self) -> None:
        super().start()
        soon = datetime.now(self._zone) + timedelta(seconds=_COPY_AFTER_SECONDS)
        self._scheduler.modify_job(CronJob.LEDGER_BACKUP.value, next_run_time=soon)


def hasten() -> None:
    vars(runtime).update(SystemClock=SetClock, CronJobs=PromptCronJobs, AVAILABILITY_REFRESH_SECONDS=2.0)


@dataclass
class LabAgent:
    """One agent after another at one address, with one ledger."""

    lab: net.Lab
    address: str
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns once it answers."""
        command = [sys.executable, "-m", __name__, str(self.lab.process.pid), self.address, str(self.lab.state)]
        self.process = subprocess.Popen(
            command,
            cwd=net.ROOT,
            env=net.ENVIRONMENT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **net.ordinary_user(),
        )
        deadline = time.monotonic() + _READY_SECONDS
        while not self._is_ready():
            assert self.process.poll() is None, "the agent ended"
            assert time.monotonic() < deadline, "the agent did not get ready"
            time.sleep(0.1)

    def stop(self) -> None:
        """As at a shutdown of the machine."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(10) == 0

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://{self.address}/-/ready", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


@contextmanager
def watched_lab(communes: int, rewrite: Callable[[str], str] = str) -> Iterator[LabAgent]:
    """A lab without an agent of its own, and this one; with the lab's inventory as it is rewritten."""
    address = f"127.0.0.1:{free_port()}"
    with net.lab("--communes", str(communes), "--no-agent", "--listen", address) as lab:
        inventory = lab.state / "inventory.yaml"
        inventory.write_text(rewrite(inventory.read_text("utf-8")), "utf-8")
        agent = LabAgent(lab, address)
        agent.start()
        try:
            yield agent
        finally:
            if agent.process is not None and agent.process.poll() is None:
                agent.process.kill()
                agent.process.wait()


def _run(lab_process: int, address: str, state: Path) -> int:
    """Listens where the test is, lives where the lab is."""
    host, port = address.split(":")
    listening = socket.create_server((host, int(port)), backlog=128).detach()
    namespace.join(lab_process)
    hasten()
    return main(["run", "--config", str(state / "inventory.yaml"), "--listen-fd", str(listening)])


if __name__ == "__main__":
    sys.exit(_run(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])))
