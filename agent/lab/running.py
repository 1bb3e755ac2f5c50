"""The district with its listeners open, and its faults on demand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from agent.clock import SystemClock
from agent.errors import LabError
from agent.explain.system_errors import system_text
from agent.lab.certificates import EXPIRED, EXPIRING, GOOD, Authority
from agent.lab.control_protocol import MISBEHAVIOUR_OF, HostStatus, LabAction, LabCommand, LabNote, LabReply
from agent.lab.district import District, LabHost
from agent.lab.listeners.base import Listener, ListenerSettings, Misbehaviour
from agent.lab.listeners.http import HttpListener
from agent.lab.listeners.sip import SipRoom
from agent.lab.namespace import PrivateNetwork
from agent.lab.services import NO_SERVICE, SERVICES
from agent.text import Text

_SIP_OK, _SIP_BUSY = 200, 486  # RFC 3261 section 21.4.24
_EXPIRING_SOON = "documents"  # one service whose certificate expires soon: something to see in a healthy district
_RESOLVED_HOST = "one-stop"  # whose address the district's name servers give
_REOPEN_TRIES = 20


@dataclass(slots=True)
class _HostState:
    """The state of a host; its misbehaviour is kept by the listener."""

    host: LabHost
    listener: Listener | None
    withdrawn: bool = False
    busy: bool = False
    expired: bool = False

    @property
    def fault(self) -> str:
        misbehaviour = self.listener.misbehaviour if self.listener is not None else Misbehaviour.NONE
        also = {
            "fail": self.withdrawn,
            "busy": self.busy,
            "expired": self.expired,
            str(misbehaviour): misbehaviour is not Misbehaviour.NONE,
        }
        return "+".join(name for name, holds in also.items() if holds)


class RunningDistrict:
    """Listeners on every host with a service. Commands run one at a time; each is complete when `execute` returns.

    With a private network a failed address goes silent; without one its listener closes and pings still answer.
    """

    def __init__(self, district: District, authority: Authority, network: PrivateNetwork | None = None) -> None:
        self.district = district
        self._authority = authority
        self._network = network
        self._states = {host.name: _HostState(host, None) for host in district.hosts}
        self._turn = asyncio.Lock()

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
        for state in self._states.values():
            if state.listener is not None and not state.withdrawn:
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
            for state in states:
                await self._apply(command, state)
        answering = () if self._network else tuple(state.host.name for state in states if state.withdrawn)
        return self._reply(states, ((LabNote.PINGS_CANNOT_FAIL, answering),) if answering else ())

    def _select(self, command: LabCommand, named: Iterable[_HostState]) -> list[_HostState]:
        """The named hosts that the command applies to; LabError if there are none."""
        states = [state for state in named if self._applies_to(command.action, state)]
        if not states:
            raise LabError(
                _CANNOT.filled(
                    action=command.action, names=", ".join(command.names), who=_WHO_CAN.get(command.action, _NOT_PINGS)
                )
            )
        return states

    def _applies_to(self, action: LabAction, state: _HostState) -> bool:
        if action in (LabAction.FAIL, LabAction.CUT):
            return self._network is not None or state.listener is not None
        if action is LabAction.BUSY:
            return isinstance(state.listener, SipRoom)
        if action is LabAction.EXPIRE:
            return state.host.service == "https"
        return action is LabAction.RESTORE or state.listener is not None

    async def _apply(self, command: LabCommand, state: _HostState) -> None:
        listener = state.listener
        if command.action in (LabAction.FAIL, LabAction.CUT):
            await self._withdraw(state)
        elif command.action is LabAction.RESTORE:
            await self._restore(state)
        elif command.action is LabAction.BUSY and isinstance(listener, SipRoom):
            state.busy, listener.status = True, _SIP_BUSY
        elif command.action is LabAction.EXPIRE and isinstance(listener, HttpListener):
            state.expired = True
            listener.use_certificate(*self._authority.issue(state.host.name, [state.host.address], EXPIRED))
        elif listener is not None:
            listener.slow_seconds = command.seconds
            listener.misbehaviour = MISBEHAVIOUR_OF[command.action]

    async def _withdraw(self, state: _HostState) -> None:
        if state.withdrawn:
            return
        if self._network is not None:
            self._network.withdraw([state.host.address])
        elif state.listener is not None:
            await state.listener.close()
        state.withdrawn = True

    async def _restore(self, state: _HostState) -> None:
        listener, host = state.listener, state.host
        if listener is not None:
            listener.misbehaviour = Misbehaviour.NONE
        if state.busy and isinstance(listener, SipRoom):
            listener.status = _SIP_OK
        if state.expired and isinstance(listener, HttpListener):
            listener.use_certificate(*self._certificate(host))
        state.busy = state.expired = False
        if state.withdrawn and self._network is not None:
            self._network.assign([host.address])
        elif state.withdrawn and listener is not None:
            await _open(listener, host, _REOPEN_TRIES)
        state.withdrawn = False

    def _listener_for(self, host: LabHost) -> Listener | None:
        if host.service == NO_SERVICE:
            return None
        resolved = str(self.district.find(_RESOLVED_HOST)[0].address)
        settings = ListenerSettings(host.name, lambda: self._certificate(host), resolved)
        return SERVICES[host.service].listener(settings)

    def _certificate(self, host: LabHost) -> tuple[Path, Path]:
        validity = EXPIRING if host.name == _EXPIRING_SOON else GOOD
        return self._authority.issue(host.name, [host.address], validity)

    def _reply(self, states: Iterable[_HostState], notes: tuple[tuple[LabNote, tuple[str, ...]], ...] = ()) -> LabReply:
        return LabReply(hosts=tuple(map(_status, states)), notes=notes, private=self._network is not None)


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


def _status(state: _HostState) -> HostStatus:
    host, listener = state.host, state.listener
    slow = listener.slow_seconds if listener is not None and listener.misbehaviour is Misbehaviour.SLOW else None
    return HostStatus(host.name, host.target, host.site, str(host.address), host.service, host.port, state.fault, slow)


@asynccontextmanager
async def opened(district: District, state: Path) -> AsyncIterator[RunningDistrict]:
    """The district in this process on plain 127.x, for as long as the block lasts; its certificates go to state."""
    running = RunningDistrict(district, Authority(state / "pki", SystemClock()))
    try:
        await running.open()
        yield running
    finally:
        await running.close()
