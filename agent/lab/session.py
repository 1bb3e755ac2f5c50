"""A run of the lab, from the lock on its state directory to the last listener closed.

One process holds the district; the agent is its only child. The agent's HTTP socket is opened first, in the network
the user sits in, and handed to the agent, which lives with the district in the private one.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import fcntl
import os
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from ipaddress import ip_address
from pathlib import Path

import uvloop

from agent.clock import SystemClock
from agent.errors import LabError
from agent.explain.system_errors import system_text
from agent.lab import namespace
from agent.lab.certificates import Authority
from agent.lab.control import ControlServer
from agent.lab.control_protocol import LabCommand, LabReply
from agent.lab.district import District, Ports, district
from agent.lab.inventory import LabFiles, inventory_yaml
from agent.lab.namespace import PrivateNetwork
from agent.lab.running import RunningDistrict
from agent.lab.snmp_credentials import write_credentials
from agent.text import Text

_STOP_SECONDS = 4.0  # the agent ends within these or is killed; the whole lab within 5
_LISTEN_BACKLOG = 512
_MOST_LABS = 9
LISTEN = "127.0.0.1:10115"
_STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

LEFT_OUT = Text("theo yêu cầu", "left out on purpose")
_NO_STATE = Text(
    "không dùng được thư mục {state}: {why}; hãy chọn thư mục khác bằng --state",
    "no state in {state}: {why}; choose another with --state",
)
_RUNS_ALREADY = Text(
    "huyện mô phỏng đang chạy ở {state}: hãy dừng nó, hoặc chọn thư mục khác bằng --state",
    "a lab is running in {state} already: stop it, or choose another with --state",
)
_NO_PORT = Text("cần một địa chỉ và một cổng", "an address and a port are wanted")
_NO_LISTENING = Text(
    "bộ giám sát không nhận được kết nối ở {listen}: {why}; hãy chọn chỗ khác bằng --listen",
    "the agent cannot listen on {listen}: {why}; choose another with --listen",
)


@dataclass(frozen=True, slots=True)
class LabOptions:
    """Options of a run. listen is ``host:port`` (port 0: any); plain leaves out the private network.

    If something runs already: without listen the agent takes LISTEN, or any free port where that is taken; with beside,
    the lab takes another state directory next to the named one where a lab holds that.
    """

    state: Path
    communes: int = 22
    listen: str = ""
    agent: bool = True
    plain: bool = False
    language: str = "vi"
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Started:
    """A lab that has started. refusal says why there is no private network, if so; listen is "" without an agent."""

    district: District
    state: Path
    inventory: Path
    refusal: Text | None
    listen: str


def run(options: LabOptions, announce: Callable[[Started], None]) -> int | None:
    """Run the lab until SIGTERM, SIGINT or SIGHUP; announce is called once everything answers.

    Returns None after a signal, and the agent's exit code if it ended by itself. LabError if it cannot be set up.
    The process must have one thread, and is in another network afterwards.
    """
    with _locked(options) as state, _listening(options) as listening:
        options = replace(options, state=state)
        refusal = LEFT_OUT if options.plain else namespace.refusal()
        network = None if refusal is not None else namespace.enter()
        simulated = district(options.communes, Ports.HIGH if network is None else Ports.USUAL)
        return uvloop.run(_Session(options, simulated, network, listening, refusal).run(announce))


class _Session:
    def __init__(
        self,
        options: LabOptions,
        simulated: District,
        network: PrivateNetwork | None,
        listening: socket.socket | None,
        refusal: Text | None,
    ) -> None:
        self._options = options
        self._authority = Authority(options.state / "pki", SystemClock())
        self._running = RunningDistrict(simulated, self._authority, network)
        self._listening = listening
        self._refusal = refusal
        self._listen = _name_of(listening)
        self._inventory = options.state / "inventory.yaml"

    async def run(self, announce: Callable[[Started], None]) -> int | None:
        stop = asyncio.Event()
        for number in _STOPS:
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        control = ControlServer(self._options.state, self._execute)
        try:
            await self._running.open()
            await control.open()
            _write(self._inventory, self._inventory_text())
            announce(Started(self._running.district, self._options.state, self._inventory, self._refusal, self._listen))
            return await self._watch(stop)
        finally:
            await control.close()
            await self._running.close()

    async def _watch(self, stop: asyncio.Event) -> int | None:
        """Wait for the signal to stop, or for an agent that ends by itself."""
        if self._listening is None:
            await stop.wait()
            return None
        agent = await _start_agent(self._inventory, self._listening)
        stopped = asyncio.ensure_future(stop.wait())
        ended = asyncio.ensure_future(agent.wait())
        try:
            await asyncio.wait((stopped, ended), return_when=asyncio.FIRST_COMPLETED)
            return None if stopped.done() else ended.result()
        finally:
            stopped.cancel()
            await _end(agent)

    async def _execute(self, command: LabCommand) -> LabReply:
        reply = await self._running.execute(command)
        return replace(reply, listen=self._listen, pid=os.getpid())

    def _inventory_text(self) -> str:
        listen = self._listen or self._options.listen or LISTEN
        storage = self._options.state / "agent"
        files = LabFiles(self._authority.ca_file, write_credentials(self._options.state))
        return inventory_yaml(self._running.district, listen, storage, files, self._options.language)


async def _start_agent(inventory: Path, listening: socket.socket) -> Process:
    """Start the agent as a child that ends with this process, in a group of its own: Ctrl+C reaches the lab alone."""
    command = [sys.executable, "-m", "agent", "run", "--config", str(inventory), "--listen-fd", str(listening.fileno())]
    return await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        pass_fds=(listening.fileno(),),
        start_new_session=True,
        preexec_fn=partial(namespace.die_with, os.getpid(), signal.SIGKILL),
    )


async def _end(agent: Process) -> None:
    """Ask the agent to stop, and kill it if it does not."""
    with contextlib.suppress(ProcessLookupError):
        agent.terminate()
    try:
        async with asyncio.timeout(_STOP_SECONDS):
            await agent.wait()
    except TimeoutError:
        agent.kill()
        await agent.wait()


@contextmanager
def _locked(options: LabOptions) -> Iterator[Path]:
    """Hold a state directory for this process; the kernel lets go of it however the process ends."""
    others = range(2, _MOST_LABS + 1) if options.beside else ()
    for state in (options.state, *(options.state.with_name(f"{options.state.name}-{number}") for number in others)):
        try:
            state.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(state / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise LabError(_NO_STATE.filled(state=state, why=system_text(error))) from error
        with os.fdopen(descriptor, "rb"):
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield state
            return
    raise LabError(_RUNS_ALREADY.filled(state=options.state))


@contextmanager
def _listening(options: LabOptions) -> Iterator[socket.socket | None]:
    """The agent's HTTP socket, opened before this process leaves the user's network; None without an agent."""
    if not options.agent:
        yield None
        return
    with _server(options.listen or LISTEN, any_other=not options.listen) as server:
        yield server


def _server(listen: str, *, any_other: bool) -> socket.socket:
    host, _, port = listen.rpartition(":")
    try:
        address = ip_address("127.0.0.1" if host == "localhost" else host.strip("[]"))  # nothing is resolved
        family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
        return socket.create_server((str(address), int(port)), family=family, backlog=_LISTEN_BACKLOG)
    except OSError as error:
        if any_other and error.errno == errno.EADDRINUSE:
            return _server(f"{host}:0", any_other=False)
        raise _no_listening(listen, system_text(error)) from error
    except (ValueError, OverflowError) as error:
        raise _no_listening(listen, _NO_PORT) from error


def _no_listening(listen: str, why: Text) -> LabError:
    return LabError(_NO_LISTENING.filled(listen=listen, why=why))


def _name_of(listening: socket.socket | None) -> str:
    if listening is None:
        return ""
    host, port = listening.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _write(path: Path, text: str) -> None:
    """Write the file whole or not at all."""
    fresh = path.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
