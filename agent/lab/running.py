"""The district with its listeners open, and its faults on demand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from agent.clock import SystemClock
from agent.errors import LabError
from agent.explain.system_errors import system_text
from agent.lab.certificates import EXPIRED, EXPIRING, GOOD, Authority
from agent.lab.control_protocol import MISBEHAVIOUR_OF, LabAction, LabCommand, LabNote, LabReply
from agent.lab.device_faults import DEVICE_ACTIONS, WHO_CAN, fits, give_fault
from agent.lab.devices.ups import SimulatedUps
from agent.lab.district import District, LabHost
from agent.lab.host_state import HostState
from agent.lab.listeners.base import Listener, ListenerSettings, Misbehaviour
from agent.lab.listeners.http import HttpListener
from agent.lab.listeners.sip import SipRoom
from agent.lab.listeners.snmp import SnmpListener
from agent.lab.namespace import PrivateNetwork
from agent.lab.services import NO_SERVICE, SERVICES
from agent.text import Text

_SIP_OK, _SIP_BUSY = 200, 486  # RFC 3261 section 21.4.24
_EXPIRING_SOON = "documents"  # one service whose certificate expires soon: something to see in a healthy district
_RESOLVED_HOST = "one-stop"  # whose address the district's name servers give
_REOPEN_TRIES = 20
_TAKE_AWAY = (LabAction.FAIL, LabAction.CUT, LabAction.POWER_CUT, LabAction.POWER_BACK)


class RunningDistrict:
    """Listeners on every host with a service. Commands run one at a time; each is complete when `execute` returns.

    With a private network a failed address goes silent; without one its listener closes and pings still answer.
    """

    def __init__(self, district: District, authority: Authority, network: PrivateNetwork | None = None) -> None:
        self.district = district
        self._authority = authority
        self._network = network
        self._states = {host.name: HostState(host, None) for host in district.hosts}
        self._turn = asyncio.Lock()
        self._pending: dict[str, asyncio.Task[None]] = {}  # by the host whose end of a reboot, or empty battery, is due

    @property
    def ca_file(self) -> Path:
        """The certificate that vouches for the district's web servers."""
        return self._authority.ca_file

    def listener(self, name: str) -> Listener:
        """The listener of a host; raises KeyError if it has none."""
        listener = self._states[name].listener
        if listener is None:
            raise KeyError(name)
        return listener

    async def open(self) -> None:
        """Start everything; `district` then has the ports in use. Raises LabError if an address or port is taken."""
        if self._network is not None:
            self._network.assign(host.address for host in self.district.hosts)
        ports = {}
        for state in self._states.values():
            host = state.host
            state.listener = self._listener_for(host)
            if state.listener is not None:
                await _open(state.listener, host, 1)
                ports[host.name] = state.listener.port
        self.district = self.district.with_ports(ports)
        for host in self.district.hosts:
            self._states[host.name].host = host

    async def close(self) -> None:
        """Stop every listener."""
        for pending in self._pending.values():
            pending.cancel()
        for state in self._states.values():
            if state.listener is not None and (self._network is not None or not state.withdrawn):
                await state.listener.close()

    async def execute(self, command: LabCommand) -> LabReply:
        """Execute the command and return the state of its hosts; LabError if it applies to none of them."""
        if command.action is LabAction.STATUS:
            return self._reply(self._states.values())
        if not command.names:
            raise LabError(_WHICH.filled(action=command.action))
        named = {host.name: self._states[host.name] for name in command.names for host in self.district.find(name)}
        states = self._select(command, named.values())
        async with self._turn:
            if command.action is LabAction.POWER_CUT:
                await self._cut_power(command, states)
            else:
                for state in states:
                    await self._apply(command, state)
        answering = () if self._network else tuple(state.host.name for state in states if state.withdrawn)
        return self._reply(states, ((LabNote.PINGS_CANNOT_FAIL, answering),) if answering else ())

    def _select(self, command: LabCommand, named: Iterable[HostState]) -> list[HostState]:
        """The named hosts that the command applies to; LabError if there are none."""
        states = [state for state in named if self._applies_to(command, state)]
        if not states:
            raise LabError(
                _CANNOT.filled(
                    action=command.action, names=", ".join(command.names), who=_WHO_CAN.get(command.action, _NOT_PINGS)
                )
            )
        return states

    def _applies_to(self, command: LabCommand, state: HostState) -> bool:
        action = command.action
        if action in _TAKE_AWAY:
            return self._network is not None or state.listener is not None
        if action is LabAction.BUSY:
            return isinstance(state.listener, SipRoom)
        if action is LabAction.EXPIRE:
            return state.host.service == "https"
        if action in DEVICE_ACTIONS:
            return state.device is not None and fits(command, state.device)
        return action is LabAction.RESTORE or state.listener is not None

    async def _apply(self, command: LabCommand, state: HostState) -> None:
        listener, device, action = state.listener, state.device, command.action
        if action in (LabAction.FAIL, LabAction.CUT):
            state.failed = True
        elif action is LabAction.RESTORE:
            await self._restore(state)
        elif action is LabAction.REBOOT:
            state.rebooting = True
            self._later(state, command.lasts, partial(self._boot, state))
        elif action is LabAction.POWER_BACK:
            self._power_back(state)
        elif action is LabAction.BUSY and isinstance(listener, SipRoom):
            state.busy, listener.status = True, _SIP_BUSY
        elif action is LabAction.EXPIRE and isinstance(listener, HttpListener):
            state.expired = True
            listener.use_certificate(*self._authority.issue(state.host.name, [state.host.address], EXPIRED))
        elif action is LabAction.WRONG_COMMUNITY and isinstance(listener, SnmpListener):
            listener.credential_changed = True
        elif action in DEVICE_ACTIONS and device is not None:
            give_fault(command, device)
        elif listener is not None and action in MISBEHAVIOUR_OF:
            listener.slow_seconds = command.lasts
            listener.misbehaviour = MISBEHAVIOUR_OF[action]
        await self._settle(state)

    async def _cut_power(self, command: LabCommand, states: Sequence[HostState]) -> None:
        """Each site falls silent: at once, or when the battery of its UPS is empty."""
        for site in dict.fromkeys(state.host.site for state in states):
            here = [state for state in states if state.host.site == site]
            supply = next((state for state in here if isinstance(state.device, SimulatedUps)), None)
            if supply is None:
                await self._black_out(here)
            elif isinstance(supply.device, SimulatedUps):
                supply.device.on_battery(command.lasts)
                for state in here:
                    state.on_supply = state is not supply
                self._later(supply, command.lasts, partial(self._black_out, here))

    async def _black_out(self, states: Sequence[HostState]) -> None:
        for state in states:
            state.powerless, state.on_supply = True, False
            await self._settle(state)

    def _power_back(self, state: HostState) -> None:
        self._forget(state)
        if isinstance(state.device, SimulatedUps):
            state.device.on_mains()
        if state.powerless and state.device is not None:
            state.device.reboot()
        state.powerless = state.on_supply = False

    async def _boot(self, state: HostState) -> None:
        state.rebooting = False
        if state.device is not None:
            state.device.reboot()
        await self._settle(state)

    def _later(self, state: HostState, seconds: float, act: Callable[[], Awaitable[None]]) -> None:
        """Do it after some seconds, unless the host is restored or takes another such command before."""

        async def wait() -> None:
            await asyncio.sleep(seconds)
            async with self._turn:
                self._pending.pop(state.host.name, None)
                await act()

        self._forget(state)
        self._pending[state.host.name] = asyncio.get_running_loop().create_task(wait())

    def _forget(self, state: HostState) -> None:
        pending = self._pending.pop(state.host.name, None)
        if pending is not None:
            pending.cancel()

    async def _settle(self, state: HostState) -> None:
        """Take the address away, or give it back, as its faults want it."""
        if state.is_gone == state.withdrawn:
            return
        if self._network is not None and state.is_gone:
            self._network.withdraw([state.host.address])
        elif self._network is not None:
            self._network.assign([state.host.address])
        elif state.listener is not None and state.is_gone:
            await state.listener.close()
        elif state.listener is not None:
            await _open(state.listener, state.host, _REOPEN_TRIES)
        state.withdrawn = state.is_gone

    async def _restore(self, state: HostState) -> None:
        listener, host = state.listener, state.host
        self._power_back(state)
        if listener is not None:
            listener.misbehaviour = Misbehaviour.NONE
        if state.busy and isinstance(listener, SipRoom):
            listener.status = _SIP_OK
        if state.expired and isinstance(listener, HttpListener):
            listener.use_certificate(*self._certificate(host))
        if isinstance(listener, SnmpListener):
            listener.credential_changed = False
        if state.device is not None:
            state.device.mend()
        if state.rebooting:
            await self._boot(state)
        state.busy = state.expired = state.failed = False

    def _listener_for(self, host: LabHost) -> Listener | None:
        if host.service == NO_SERVICE:
            return None
        resolved = str(self.district.find(_RESOLVED_HOST)[0].address)
        settings = ListenerSettings(host.name, lambda: self._certificate(host), resolved, host.device or "")
        return SERVICES[host.service].listener(settings)

    def _certificate(self, host: LabHost) -> tuple[Path, Path]:
        validity = EXPIRING if host.name == _EXPIRING_SOON else GOOD
        return self._authority.issue(host.name, [host.address], validity)

    def _reply(self, states: Iterable[HostState], notes: tuple[tuple[LabNote, tuple[str, ...]], ...] = ()) -> LabReply:
        return LabReply(hosts=tuple(state.status() for state in states), notes=notes, private=self._network is not None)


_WHICH = Text("{action}: nơi nào? Xem `sansang lab status`", "{action}: which place? See `sansang lab status`")
_CANNOT = Text("{action}: {names} không làm được việc đó: {who}", "{action}: {names} cannot do that: {who}")
_TAKEN = Text("{name}: {host} đã có chương trình khác dùng: {why}", "{name}: {host} is taken: {why}")
_NOT_PINGS = Text(
    "nơi chỉ trả lời ping không có lỗi kiểu này, và khi không có mạng riêng thì không có lỗi nào",
    "what only answers pings has no such fault, and without a private network none at all",
)
_WHO_CAN = {
    LabAction.BUSY: Text("chỉ điểm cầu dùng SIP mới bận được", "only a conference point that speaks SIP can be busy"),
    LabAction.EXPIRE: Text("chỉ dịch vụ https mới có chứng thư", "only an https service has a certificate"),
    **WHO_CAN,
}


async def _open(listener: Listener, host: LabHost, tries: int) -> None:
    """Open at the host's own address and port; a port just closed may need a turn of the loop to be free."""
    for left in reversed(range(tries)):
        try:
            await listener.open(str(host.address), host.port)
        except OSError as error:
            if not left:
                raise LabError(
                    _TAKEN.filled(name=host.name, host=f"{host.address}:{host.port}", why=system_text(error))
                ) from error
            await asyncio.sleep(0.01)
        else:
            return


@asynccontextmanager
async def opened(district: District, state: Path) -> AsyncIterator[RunningDistrict]:
    """The district in this process on plain 127.x, for as long as the block lasts; its certificates go to state."""
    running = RunningDistrict(district, Authority(state / "pki", SystemClock()))
    try:
        await running.open()
        yield running
    finally:
        await running.close()
