"""One device asked by SNMP in one run: values and columns, however much or little the device can answer at once.

What one run learns of a device (how many variables an answer may hold, whether it knows GetBulk, which engine of
SNMPv3 it is) the next one uses.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from agent.clock import Clock
from agent.model import Reason, ReasonCode
from agent.probes.datagram import socket_address
from agent.probes.errnos import classify
from agent.probes.outcome import ExchangeOutcome
from agent.probes.snmp import ber
from agent.probes.snmp.credential import SnmpCredential
from agent.probes.snmp.device_memory import DeviceMemory
from agent.probes.snmp.history import DeviceHistories
from agent.probes.snmp.message import (
    ERROR_STATUS,
    Pdu,
    PduRequest,
    PduType,
    SnmpErrorStatus,
    SnmpVersion,
    Varbind,
    comes_after,
)
from agent.probes.snmp.security import (
    CommunitySecurity,
    EngineDiscovery,
    MessageSecurity,
    PasswordKeys,
    UsmSecurity,
)
from agent.probes.snmp.udp import SnmpExchange, SnmpUdpSocket
from agent.probes.snmp.usm import EngineClock, UsmReport, UsmUser
from agent.probes.snmp.values import Value, decode_oid
from agent.probes.snmp.walking import RowsAhead, in_sequence, names_ahead
from agent.probes.udp.pool import UdpPool

MOST_COLUMNS = 12  # that one request asks for together
MAX_RUN_BYTES = 2 * 1024 * 1024  # of all answers of a run
_MOST_DEVICES = 20_000  # whose memory is kept
_PATIENCE = 1 / 3  # of the time that is left, after which a question is made smaller
_CURABLE = (UsmReport.NOT_IN_TIME_WINDOWS, UsmReport.UNKNOWN_ENGINE_IDS)
_NO_VALUE = frozenset((ber.NULL, ber.NO_SUCH_OBJECT, ber.NO_SUCH_INSTANCE, ber.END_OF_MIB_VIEW))


class SnmpFailure(Exception):  # noqa: N818 - how a run failed, which is data, no error of ours
    """Why no more is to be had of a device in this run; detail in English, for logs and pages."""

    def __init__(self, reason: ReasonCode, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class SnmpShared:
    """What all SNMP runs share: their sockets, and what they learned of the devices."""

    def __init__(self, clock: Clock) -> None:
        self.udp = UdpPool(SnmpUdpSocket, clock)
        self.histories = DeviceHistories()
        self.keys = PasswordKeys()
        self._devices: OrderedDict[tuple[str, int, SnmpCredential], DeviceMemory] = OrderedDict()

    def close(self) -> None:
        self.udp.close()

    def memory_of(self, address: str, port: int, credential: SnmpCredential) -> DeviceMemory:
        """Of the device at an address, as this credential sees it; the longest unasked are forgotten."""
        key = (address, port, credential)
        memory = self._devices.get(key)
        if memory is None:
            memory = self._devices[key] = DeviceMemory()
            if len(self._devices) > _MOST_DEVICES:
                self._devices.popitem(last=False)
        else:
            self._devices.move_to_end(key)
        return memory


class SnmpClient:
    """Asks one device until the deadline (clock.monotonic()). Whatever it cannot get ends in SnmpFailure.

    trouble: the first error-status that cost a value, "" where none did. rtt_seconds: of the first answer. v3 is
    never left for another version.
    """

    def __init__(
        self,
        shared: SnmpShared,
        credential: SnmpCredential,
        *,
        address: str,
        port: int,
        clock: Clock,
        deadline: float,
        source: str = "",
        max_repetitions: int = 25,
        retries: int = 3,
    ) -> None:
        self.trouble = ""
        self.rtt_seconds: float | None = None
        self.packets_sent = 0
        self.packets_retried = 0
        self.pdus_returned = 0
        self._shared = shared
        self._address = address
        self._port = port
        self._source = source
        self._clock = clock
        self._deadline = deadline
        self._max_repetitions = max_repetitions
        self._retries = retries
        self._octets = 0
        self._answered = False  # a device that has said nothing yet is silent, not overtaxed
        self._memory = shared.memory_of(address, port, credential)
        self._credential = credential
        self._community = None if credential.version is SnmpVersion.V3 else CommunitySecurity(credential)
        self._usm: UsmSecurity | None = None
        self._is_resynchronised = False  # with the time of its engine
        self._was_hurried = False

    @property
    def engine(self) -> EngineClock | None:
        """The engine of SNMPv3, once it proved that it has our keys."""
        return self._usm.engine if self._usm is not None and self._usm.is_proved else None

    async def get(self, oids: Sequence[bytes]) -> dict[bytes, Value]:
        """The values of instances; what the device does not have is not in it."""
        wanted = list(dict.fromkeys(oids))
        size = self._memory.variables
        parts = [tuple(wanted[at : at + size]) for at in range(0, len(wanted), size)]
        values: dict[bytes, Value] = {}
        while parts:
            part = parts.pop(0)
            pdu = await self._ask(PduRequest(PduType.GET, part))
            if pdu is None or pdu.error_status == SnmpErrorStatus.TOO_BIG:
                parts[:0] = self._halves(part)
            elif pdu.error_status:
                parts[:0] = self._without_refused(part, pdu)
            else:
                asked = frozenset(part)
                values.update(
                    (name, value) for name, value in pdu.varbinds if value[0] not in _NO_VALUE and name in asked
                )
        return values

    async def walk(self, columns: Sequence[bytes], most_rows: int) -> dict[bytes, dict[bytes, Value]]:
        """All instances below each column or subtree: what follows the column in their names, and their values."""
        found: dict[bytes, dict[bytes, Value]] = {column: {} for column in columns}
        last = {column: column for column in columns}
        taken = dict.fromkeys(found, 0)  # more than is found, where names go round in circles
        left = list(found)
        guesses = RowsAhead()  # where the device knows no GetBulk
        while left:
            group = left[: min(MOST_COLUMNS, self._memory.variables)]
            rows = 1 if self._bulk() else max(1, min(guesses.rows, self._memory.variables // len(group)))
            ahead = [names_ahead(column, last[column], rows) for column in group]
            rows = min(map(len, ahead))
            pdu = await self._ask_next([names[row] for row in range(rows) for names in ahead])
            if pdu is None:
                self._memory.shrink(len(group) * max(rows, self._rows(len(group))))
            elif pdu.error_status and rows > 1:
                guesses.end()
            elif pdu.error_status:
                for column in self._refused_columns(group, pdu):
                    left.remove(column)
            else:
                parts = [pdu.varbinds[at :: len(group)] for at in range(len(group))]
                if rows > 1:
                    parts = [in_sequence(names, part) for names, part in zip(ahead, parts, strict=True)]
                guesses.heard(rows, max(map(len, parts)))
                for column, part in zip(group, parts, strict=True):
                    taken[column] += len(part)
                    if _take(column, part, last, found[column]):
                        left.remove(column)
                        taken[column] = len(found[column])
                    if taken[column] > most_rows:
                        raise SnmpFailure(Reason.TOO_LARGE, f"over {most_rows} rows below {decode_oid(column)}")
                if not pdu.varbinds:
                    raise SnmpFailure(Reason.PROTOCOL_ERROR, "an answer without variables")
        return found

    # Questions

    async def _ask_next(self, names: list[bytes]) -> Pdu | None:
        """What follows the names, several rows of it by GetBulk; None where fewer should be asked for."""
        if not self._bulk():
            return await self._ask(PduRequest(PduType.GET_NEXT, tuple(names)))
        rows = self._rows(len(names))
        pdu = await self._ask(PduRequest(PduType.GET_BULK, tuple(names), 0, rows))
        if pdu is None or pdu.error_status in (SnmpErrorStatus.NONE, SnmpErrorStatus.NO_SUCH_NAME):
            return pdu
        if pdu.error_status == SnmpErrorStatus.TOO_BIG and rows * len(names) > 1:
            return None
        self._memory.bulk = False
        return await self._ask(PduRequest(PduType.GET_NEXT, tuple(names)))

    def _bulk(self) -> bool:
        return self._memory.bulk and self._credential.version is not SnmpVersion.V1

    def _rows(self, columns: int) -> int:
        """How many rows of so many columns one answer should hold."""
        return max(1, min(self._max_repetitions, self._memory.variables // columns)) if self._bulk() else 1

    async def _ask(self, request: PduRequest) -> Pdu | None:
        """The answer to one question; None where a device that has answered before may be overtaxed by it."""
        divisible = self._answered and len(request.oids) * max(1, request.second) > 1
        security = await self._security()
        outcome = await self._exchange(security, request, divisible=divisible, hurried=divisible or self._in_doubt())
        pdu = outcome.answer
        if pdu is None:
            if self._asks_again():
                return await self._ask(request)
            self._blame_report()
            if divisible and outcome.reason in (Reason.TIMEOUT, Reason.PROTOCOL_ERROR) and self._left_seconds() > 0:
                return None
            raise SnmpFailure(outcome.reason, outcome.detail)
        if pdu.kind == PduType.REPORT:
            self._resynchronise()
            return await self._ask(request)
        if pdu.error_status == SnmpErrorStatus.AUTHORIZATION:
            raise SnmpFailure(Reason.NOT_PERMITTED, "authorizationError")
        self._remember()
        self.pdus_returned += len(pdu.varbinds)
        if not self._answered:
            self._answered, self.rtt_seconds = True, outcome.rtt_seconds
        return pdu

    async def _exchange(
        self, security: MessageSecurity, request: PduRequest, *, divisible: bool = False, hurried: bool = False
    ) -> ExchangeOutcome[Pdu]:
        try:
            family, destination = socket_address(self._address, self._port)
            udp = self._shared.udp.socket(family, self._source, destination[0])
        except OSError as error:
            raise SnmpFailure(classify(error), error.strerror or "") from error
        token = udp.new_token()
        packet = security.packet(token, request)
        until = self._deadline - (self._left_seconds() * (1 - _PATIENCE) if hurried else 0.0)
        exchange = SnmpExchange(
            token, packet, destination, until, read=security.read, retries=self._retries, divisible=divisible
        )
        try:
            return await udp.ask(exchange)
        finally:
            self.packets_sent += 1 + exchange.repeated
            self.packets_retried += exchange.repeated
            self._count(exchange.octets)

    # SNMPv3

    async def _security(self) -> MessageSecurity:
        """How to ask; of SNMPv3 once it is known whom, which costs a question where no run before learned it."""
        if self._community is not None:
            return self._community
        if self._usm is None:
            engine, keys = self._memory.engine, self._memory.keys
            if engine is None:
                engine = await self._discovered()
                keys = await self._shared.keys.for_engine(self._credential, engine.engine_id)
            user = UsmUser(self._credential.user, self._credential.context, keys)
            self._usm = UsmSecurity(user, engine, self._clock.monotonic)
        return self._usm

    async def _discovered(self) -> EngineClock:
        discovery = EngineDiscovery(self._clock.monotonic)
        outcome = await self._exchange(discovery, PduRequest(PduType.GET, ()))
        if discovery.engine is None:
            raise SnmpFailure(outcome.reason, outcome.detail)
        return discovery.engine

    def _resynchronise(self) -> None:
        """An authentic Report came: that our time is not the engine's can be cured, once in a run."""
        report = None if self._usm is None else self._usm.report
        self._blame_report()
        if report is not UsmReport.NOT_IN_TIME_WINDOWS or self._is_resynchronised:
            raise SnmpFailure(Reason.PROTOCOL_ERROR, f"report {report or 'of an unknown kind'}")
        self._is_resynchronised = True

    def _in_doubt(self) -> bool:
        """Whether the engine has yet to answer, whom a discovery or an earlier run named: asked in a hurry, once."""
        return self._usm is not None and not self._usm.is_proved and not self._was_hurried

    def _asks_again(self) -> bool:
        """After a hurried question to an engine: at leisure, and whoever a Report says is there.

        Such a Report carries no digest. So it is heeded only after a third of the time, in which the engine that was
        asked could have answered.
        """
        if not self._in_doubt() or self._left_seconds() <= 0:
            return False
        self._was_hurried = True
        if self._usm is not None and self._usm.report is UsmReport.UNKNOWN_ENGINE_IDS:
            self._memory.engine, self._usm = None, None
        return True

    def _blame_report(self) -> None:
        """Nothing better came than a Report that the device refuses us."""
        report = None if self._usm is None else self._usm.report
        if report is not None and report not in _CURABLE:
            raise SnmpFailure(Reason.NOT_PERMITTED, report)

    def _remember(self) -> None:
        self._memory.grow()
        if self._usm is not None:
            self._memory.engine, self._memory.keys = self._usm.engine, self._usm.keys

    def _count(self, octets: int) -> None:
        self._octets += octets
        if self._octets > MAX_RUN_BYTES:
            raise SnmpFailure(Reason.TOO_LARGE, f"over {MAX_RUN_BYTES} octets in one run")

    def _left_seconds(self) -> float:
        return self._deadline - self._clock.monotonic()

    # Refusals

    def _halves(self, part: tuple[bytes, ...]) -> list[tuple[bytes, ...]]:
        """The same question in two; of a single name that is too big nothing is left."""
        if len(part) == 1:
            self._note("tooBig", part[0])
            return []
        self._memory.shrink(len(part))
        middle = len(part) // 2
        return [part[:middle], part[middle:]]

    def _without_refused(self, part: tuple[bytes, ...], pdu: Pdu) -> list[tuple[bytes, ...]]:
        """What is left to ask once the name is out that an error-status is about."""
        if not 0 < pdu.error_index <= len(part):
            if len(part) > 1:
                middle = len(part) // 2
                return [part[:middle], part[middle:]]
            refused = 0
        else:
            refused = pdu.error_index - 1
        if pdu.error_status != SnmpErrorStatus.NO_SUCH_NAME:
            self._note(status_word(pdu.error_status), part[refused])
        rest = part[:refused] + part[refused + 1 :]
        return [rest] if rest else []

    def _refused_columns(self, group: list[bytes], pdu: Pdu) -> list[bytes]:
        """The columns of a walk that end with an error-status: in v1 noSuchName is the end of all there is."""
        refused = group[pdu.error_index - 1 : pdu.error_index] if 0 < pdu.error_index <= len(group) else group
        if pdu.error_status != SnmpErrorStatus.NO_SUCH_NAME:
            self._note(status_word(pdu.error_status), refused[0])
        return refused

    def _note(self, status: str, oid: bytes) -> None:
        self.trouble = self.trouble or f"{status} at {decode_oid(oid)}"


def status_word(status: int) -> str:
    """An error-status as RFC 3416 names it."""
    return ERROR_STATUS[status] if 0 <= status < len(ERROR_STATUS) else f"error-status {status}"


def _take(column: bytes, varbinds: list[Varbind], last: dict[bytes, bytes], rows: dict[bytes, Value]) -> bool:
    """Put what lies below the column into its rows; whether its end was reached. last: the name to go on from."""
    before, size = last[column], len(column)
    for name, value in varbinds:
        if value[0] in _NO_VALUE or not name.startswith(column):
            last[column] = before
            return True
        if name <= before and not comes_after(name, before):  # octets alone may say too seldom that one does not
            raise SnmpFailure(Reason.TOO_LARGE, f"names do not grow below {decode_oid(column)}")
        rows[name[size:]] = value
        before = name
    last[column] = before
    return False
