"""Asking a device for what its plan says: all of it at first and now and then, in between what changes often."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from agent.model import Reason
from agent.probes.snmp.client import SnmpClient, SnmpFailure
from agent.probes.snmp.device import names_are_in, note_partial, note_rare
from agent.probes.snmp.history import DeviceHistory, ReadColumns
from agent.probes.snmp.object_file import shipped_set, shipped_sets
from agent.probes.snmp.object_set import ObjectSet
from agent.probes.snmp.plan import SETS_OF_ALL, ReadingPlan, TablePlan, narrowed, plan_of
from agent.probes.snmp.reading import SCALAR, Column
from agent.probes.snmp.values import Value, encode_oid

RARELY_SECONDS = 300.0
"""How old the names of ports, serial numbers, fans and the like may be."""

MOST_FRUITLESS = 3
"""Runs that brought nothing of the rest, after which a device is believed to give no more of what seldom changes."""

DISCOVERY_SECONDS = 3600.0
"""How long a device is believed to have no more than it had, unless it restarts."""

_STEP_BACK_TICKS = 100  # answers that overtook each other, and agents that round

MOST_ROWS = 4_000
_SYS_OBJECT_ID = encode_oid("1.3.6.1.2.1.1.2.0")
_SYS_UPTIME = encode_oid("1.3.6.1.2.1.1.3.0")


@dataclass(frozen=True, slots=True)
class DeviceChoice:
    """What the inventory says of a device: its sets, () for those that suit it, and names of ports; the one port."""

    sets: tuple[ObjectSet, ...] = ()
    ports: Mapping[str, str] = field(default_factory=dict)
    port: str | None = None

    @property
    def names(self) -> Mapping[str, str]:
        """The inventory's names of ports; the one that a target is about is among them, named or not."""
        return self.ports if self.port is None else {self.port: "", **self.ports}

    def base(self) -> tuple[str, ...]:
        """The sets without which the device is not in order."""
        return tuple(part.name for part in self.sets) or SETS_OF_ALL


@dataclass(slots=True)
class _Answers:
    """What one run was told: columns by how often they are read, and which objects were asked for.

    refused: columns that the device has trouble with, whenever it is asked for them.
    """

    often: dict[bytes, Column] = field(default_factory=dict)
    rare: dict[bytes, Column] = field(default_factory=dict)
    asked: set[bytes] = field(default_factory=set)
    refused: set[bytes] = field(default_factory=set)
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class PolledDevice:
    """plan: what was asked. trouble: why something that every device has could not be read, "" where all was."""

    plan: ReadingPlan
    often: ReadColumns
    trouble: str


async def poll(
    client: SnmpClient, history: DeviceHistory, choice: DeviceChoice, now: Callable[[], float], deadline: float
) -> PolledDevice:
    """Read what is due. Raises SnmpFailure where nothing can be said of the device."""
    started = now()
    plan, fresh = history.plan, False
    if plan is None or (started - history.discovered_at >= DISCOVERY_SECONDS and not history.partial):
        plan, fresh = await _first_plan(client, choice), True
    rarely = fresh or started >= history.rare_due
    scalars = await client.get((*plan.scalars, *plan.rare_scalars) if rarely else plan.scalars)
    anew = _began_anew(history, scalars)
    if anew and not rarely:
        rarely = True  # numbers of ports may have moved
        scalars |= await client.get(plan.rare_scalars)
    if anew or fresh or history.ticks is None:
        history.partial = {}
    if anew:
        history.discovered_at = -math.inf  # another device may stand there now: once what was asked for is in
    answers = _Answers(rare=dict(history.partial), asked=set(history.partial))
    _sort_scalars(plan, scalars, answers)
    await _walk(client, plan.tables, answers, rarely=rarely, hurry=lambda: now() > (started + deadline) / 2)
    ended = now()
    often = ReadColumns(answers.often, ended)
    history.ticks = _ticks(scalars)
    if rarely:
        whole = _take_rare(history, plan, answers, often, choice, fresh=fresh, anew=anew)
        if choice.port is not None and not whole and not history.ports:
            answers.trouble = answers.trouble or "the names of its ports did not come"
    return PolledDevice(plan, often, answers.trouble)


async def _first_plan(client: SnmpClient, choice: DeviceChoice) -> ReadingPlan:
    """The sets that the inventory names, else those that a device with this sysObjectID may have."""
    if choice.sets:
        return plan_of(choice.sets, choice.base())
    if choice.port is not None:
        return plan_of(map(shipped_set, SETS_OF_ALL))
    value = (await client.get((_SYS_OBJECT_ID,))).get(_SYS_OBJECT_ID)
    object_id = value.content if value is not None and isinstance(value.content, bytes) else b""
    known = await asyncio.to_thread(shipped_sets)  # read once; the loop does not wait for files
    return plan_of(suitable(known, object_id))


def suitable(sets: Iterable[ObjectSet], object_id: bytes) -> tuple[ObjectSet, ...]:
    """The sets of every device, and those that name the beginning of its sysObjectID; the usual ones first."""
    chosen = [
        part for part in sets if part.everywhere or any(_below(object_id, prefix) for prefix in part.identified_by)
    ]
    return tuple(sorted(chosen, key=lambda part: (part.name not in SETS_OF_ALL, part.everywhere, part.name)))


def _below(object_id: bytes, prefix: bytes) -> bool:
    """Octets of an arc that goes on have their high bit set, so a prefix always ends where an arc does."""
    return object_id.startswith(prefix)


def _ticks(scalars: Mapping[bytes, Value]) -> int | None:
    value = scalars.get(_SYS_UPTIME)
    return value.content if value is not None and isinstance(value.content, int) else None


def _began_anew(history: DeviceHistory, scalars: Mapping[bytes, Value]) -> bool:
    ticks = _ticks(scalars)
    return ticks is not None and history.ticks is not None and ticks < history.ticks - _STEP_BACK_TICKS


def _sort_scalars(plan: ReadingPlan, scalars: Mapping[bytes, Value], answers: _Answers) -> None:
    often = frozenset(plan.scalars)
    for instance, value in scalars.items():
        (answers.often if instance in often else answers.rare)[instance[:-1]] = {SCALAR: value}


async def _walk(
    client: SnmpClient,
    tables: Sequence[TablePlan],
    answers: _Answers,
    *,
    rarely: bool,
    hurry: Callable[[], bool],
) -> None:
    """Table by table, what every device has and changes often first; the rest while there is time.

    Of what seldom changes only what no run before this one has read; the names of ports have as long as there is.
    """
    ordered = sorted(tables, key=lambda table: table.optional)
    for table in ordered:
        if table.columns and not (table.optional and hurry()):
            await _walk_columns(client, table.columns, answers.often, answers, optional=table.optional)
    for table in ordered if rarely else ():
        columns = tuple(column for column in table.rare_columns if column not in answers.asked)
        if columns and not (table.optional and hurry()):
            await _walk_columns(client, columns, answers.rare, answers, optional=True)


async def _walk_columns(
    client: SnmpClient, columns: tuple[bytes, ...], into: dict[bytes, Column], answers: _Answers, *, optional: bool
) -> None:
    try:
        found = await client.walk(columns, MOST_ROWS)
        into.update(_with_shared_names(found) if into is answers.rare else found)  # the rare ones are kept
        answers.asked.update(columns)
    except SnmpFailure as failure:
        if optional:
            if failure.reason is not Reason.TIMEOUT:
                answers.refused.update(columns)
            return
        if failure.reason is not Reason.TIMEOUT:
            raise
        answers.trouble = f"not all of a table came: {failure.detail}".rstrip(": ")


def _with_shared_names(found: dict[bytes, dict[bytes, Value]]) -> dict[bytes, Column]:
    """The columns of a table name their rows by the same octets: one object for all instead of one each."""
    names: dict[bytes, bytes] = {}
    return {
        column: {names.setdefault(suffix, suffix): value for suffix, value in rows.items()}
        for column, rows in found.items()
    }


def _take_rare(
    history: DeviceHistory,
    plan: ReadingPlan,
    answers: _Answers,
    often: ReadColumns,
    choice: DeviceChoice,
    *,
    fresh: bool,
    anew: bool,
) -> bool:
    """Keep what seldom changes, and what the device turned out to have; whether that is all of it.

    What there was no time for is asked for in the very next run. Until then nothing is called missing.
    """
    every = {column for table in plan.tables for column in (*table.columns, *table.rare_columns)}
    history.fruitless = 0 if answers.rare.keys() > history.partial.keys() else history.fruitless + 1
    complete = every <= answers.asked | answers.refused
    whole = complete or history.fruitless >= MOST_FRUITLESS
    read = ReadColumns(answers.rare, often.at, mixed=bool(history.partial))
    (note_rare if whole else note_partial)(history, plan, often, read, choice.names)
    if anew and not whole and not names_are_in(plan, read.columns):
        history.ports = ()  # under the numbers of before there may be other ports
    history.partial = {} if whole else answers.rare
    history.rare_due = often.at + (RARELY_SECONDS if whole else 0.0)
    if fresh or history.unasked:
        _narrow(history, plan, answers, choice, fresh=fresh)
        history.unasked = not complete
        history.discovered_at = often.at if fresh else history.discovered_at
    return whole


def _narrow(history: DeviceHistory, plan: ReadingPlan, answers: _Answers, choice: DeviceChoice, *, fresh: bool) -> None:
    """Leave out what the device does not have, by all that it was asked for since all of it was new."""
    asked = answers.asked | {oid[:-1] for oid in (*plan.scalars, *plan.rare_scalars)}
    present = {oid for columns in (answers.often, answers.rare) for oid, column in columns.items() if column}
    history.asked = frozenset(asked) if fresh else history.asked | asked
    history.present = frozenset(present) if fresh else history.present | present
    if not history.present:
        return  # a plan of nothing would ask nobody, and call that an answer
    history.plan = narrowed(plan, history.asked, history.present, choice.base())
