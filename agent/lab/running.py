"""The district with its listeners open, and what goes wrong in it on demand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from agent.clock import SystemClock
from agent.errors import LabError
from agent.explain.system_errors import system_said
from agent.lab.certificates import EXPIRED, EXPIRING, GOOD, Authority
from agent.lab.district import District, Place, Service
from agent.lab.listeners.base import Listener, Vice
from agent.lab.listeners.dns import DnsListener, address, soa
from agent.lab.listeners.h323 import H323Point
from agent.lab.listeners.http import HttpListener
from agent.lab.listeners.sip import SipRoom
from agent.lab.listeners.tcp import TcpListener
from agent.lab.namespace import PrivateNetwork
from agent.lab.orders import VICES, Answer, Deed, Note, Order, Report
from agent.text import Text

_SIP_OK, _SIP_BUSY = 200, 486  # RFC 3261 section 21.4.24
_MAIL = {b"EHLO": b"250 mail.lab\r\n", b"QUIT": b"221 2.0.0 Bye\r\n"}
_EXPIRING_SOON = "documents"  # one service whose certificate is about to end: something to see in a healthy district
_NAMED = "one-stop"  # whose address the district's name servers give
_SERIAL = 2026010101
_REOPEN_TRIES = 20


@dataclass(slots=True)
class _Standing:
    """How a place stands; the listener itself knows its vice."""

    place: Place
    listener: Listener | None
    gone: bool = False
    busy: bool = False
    expired: bool = False

    @property
    def fault(self) -> str:
        vice = self.listener.vice if self.listener is not None else Vice.NONE
        also = {"fail": self.gone, "busy": self.busy, "expired": self.expired, str(vice): vice is not Vice.NONE}
        return "+".join(name for name, holds in also.items() if holds)


class RunningDistrict:
    """Listeners on every address that offers something. One order at a time; each is done when `obey` returns.

    With a private network a failed address goes silent; without one its listener closes and pings still answer.
    """

    def __init__(self, district: District, authority: Authority, network: PrivateNetwork | None = None) -> None:
        self.district = district
        self._authority = authority
        self._network = network
        self._standings = {place.name: _Standing(place, None) for place in district.places}
        self._turn = asyncio.Lock()

    @property
    def ca_file(self) -> Path:
        """The certificate that vouches for the district's web servers."""
        return self._authority.ca_file

    def listener(self, name: str) -> Listener:
        """The listener of a place; raises KeyError if it has none."""
        found = self._standings[name].listener
        if found is None:
            raise KeyError(name)
        return found

    async def open(self) -> None:
        """Start everything; `district` then has the ports in use. Raises LabError if an address or port is taken."""
        if self._network is not None:
            self._network.give(place.address for place in self.district.places)
        ports = {}
        for standing in self._standings.values():
            place = standing.place
            standing.listener = self._listener_for(place)
            if standing.listener is not None:
                await _open(standing.listener, place, 1)
                ports[place.name] = standing.listener.port
        self.district = self.district.with_ports(ports)
        for place in self.district.places:
            self._standings[place.name].place = place

    async def close(self) -> None:
        """Stop every listener."""
        for standing in self._standings.values():
            if standing.listener is not None and not standing.gone:
                await standing.listener.close()

    async def obey(self, order: Order) -> Answer:
        """Do it and say what became of the places named; LabError if that cannot be done to any of them."""
        if order.do is Deed.STATUS:
            return self._answer(self._standings.values())
        if not order.names:
            raise LabError(_WHICH.filled(do=order.do))
        named = {place.name: self._standings[place.name] for name in order.names for place in self.district.find(name)}
        chosen = self._fit(order, named.values())
        async with self._turn:
            for standing in chosen:
                await self._do(order, standing)
        answering = () if self._network else tuple(each.place.name for each in chosen if each.gone)
        return self._answer(chosen, ((Note.PINGS_CANNOT_FAIL, answering),) if answering else ())

    def _fit(self, order: Order, named: Iterable[_Standing]) -> list[_Standing]:
        """Those of the places named that the order can be done to; LabError when there are none."""
        chosen = [standing for standing in named if self._can(order.do, standing)]
        if not chosen:
            raise LabError(
                _CANNOT.filled(do=order.do, names=", ".join(order.names), who=_WHO_CAN.get(order.do, _NOT_PINGS))
            )
        return chosen

    def _can(self, do: Deed, standing: _Standing) -> bool:
        if do in (Deed.FAIL, Deed.CUT):
            return self._network is not None or standing.listener is not None
        if do is Deed.BUSY:
            return isinstance(standing.listener, SipRoom)
        if do is Deed.EXPIRE:
            return standing.place.service is Service.HTTPS
        return do is Deed.RESTORE or standing.listener is not None

    async def _do(self, order: Order, standing: _Standing) -> None:
        listener = standing.listener
        if order.do in (Deed.FAIL, Deed.CUT):
            await self._take_away(standing)
        elif order.do is Deed.RESTORE:
            await self._restore(standing)
        elif order.do is Deed.BUSY and isinstance(listener, SipRoom):
            standing.busy, listener.status = True, _SIP_BUSY
        elif order.do is Deed.EXPIRE and isinstance(listener, HttpListener):
            standing.expired = True
            listener.use_certificate(*self._authority.issue(standing.place.name, [standing.place.address], EXPIRED))
        elif listener is not None:
            listener.slow_seconds = order.seconds
            listener.vice = VICES[order.do]

    async def _take_away(self, standing: _Standing) -> None:
        if standing.gone:
            return
        if self._network is not None:
            self._network.take_away([standing.place.address])
        elif standing.listener is not None:
            await standing.listener.close()
        standing.gone = True

    async def _restore(self, standing: _Standing) -> None:
        listener, place = standing.listener, standing.place
        if listener is not None:
            listener.vice = Vice.NONE
        if standing.busy and isinstance(listener, SipRoom):
            listener.status = _SIP_OK
        if standing.expired and isinstance(listener, HttpListener):
            listener.use_certificate(*self._certificate(place))
        standing.busy = standing.expired = False
        if standing.gone and self._network is not None:
            self._network.give([place.address])
        elif standing.gone and listener is not None:
            await _open(listener, place, _REOPEN_TRIES)
        standing.gone = False

    def _listener_for(self, place: Place) -> Listener | None:
        match place.service:
            case Service.NONE:
                return None
            case Service.HTTP:
                return HttpListener()
            case Service.HTTPS:
                return HttpListener(certificate=self._certificate(place))
            case Service.SIP:
                return SipRoom()
            case Service.H323:
                return H323Point()
            case Service.DNS:
                return self._name_server(place)
            case Service.SMTP:
                return TcpListener(banner=b"220 mail.lab ESMTP\r\n", answers=_MAIL)

    def _name_server(self, place: Place) -> Listener:
        """One resolves and says that it has verified the signature, the other holds the zone."""
        if place.name == "zone":
            return DnsListener(soa(_SERIAL))
        resolver = DnsListener(address(str(self.district.find(_NAMED)[0].address)))
        resolver.authenticated = True
        return resolver

    def _certificate(self, place: Place) -> tuple[Path, Path]:
        validity = EXPIRING if place.name == _EXPIRING_SOON else GOOD
        return self._authority.issue(place.name, [place.address], validity)

    def _answer(self, standings: Iterable[_Standing], notes: tuple[tuple[Note, tuple[str, ...]], ...] = ()) -> Answer:
        return Answer(places=tuple(map(_report, standings)), notes=notes, private=self._network is not None)


_WHICH = Text("{do}: nơi nào? Xem `sansang lab status`", "{do}: which place? See `sansang lab status`")
_CANNOT = Text("{do}: {names} không làm được việc đó: {who}", "{do}: {names} cannot do that: {who}")
_TAKEN = Text("{name}: {place} đã có chương trình khác dùng: {why}", "{name}: {place} is taken: {why}")
_NOT_PINGS = Text(
    "nơi chỉ trả lời ping không có lỗi kiểu này, và khi không có mạng riêng thì không có lỗi nào",
    "what only answers pings has no such fault, and without a private network none at all",
)
_WHO_CAN = {
    Deed.BUSY: Text("chỉ điểm cầu dùng SIP mới bận được", "only a conference point that speaks SIP can be busy"),
    Deed.EXPIRE: Text("chỉ dịch vụ https mới có chứng thư", "only an https service has a certificate"),
}


async def _open(listener: Listener, place: Place, tries: int) -> None:
    """Open at the place's own address and port; a port just closed may need a turn of the loop to be free."""
    for left in reversed(range(tries)):
        try:
            await listener.open(str(place.address), place.port)
        except OSError as error:
            if not left:
                raise LabError(
                    _TAKEN.filled(name=place.name, place=f"{place.address}:{place.port}", why=system_said(error))
                ) from error
            await asyncio.sleep(0.01)
        else:
            return


def _report(standing: _Standing) -> Report:
    place, listener = standing.place, standing.listener
    slow = listener.slow_seconds if listener is not None and listener.vice is Vice.SLOW else None
    return Report(
        place.name, place.target, place.site, str(place.address), place.service, place.port, standing.fault, slow
    )


@asynccontextmanager
async def opened(district: District, state: Path) -> AsyncIterator[RunningDistrict]:
    """The district in this process on plain 127.x, for as long as the block lasts; its certificates go to state."""
    running = RunningDistrict(district, Authority(state / "pki", SystemClock()))
    try:
        await running.open()
        yield running
    finally:
        await running.close()
