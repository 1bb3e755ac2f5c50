"""The row kinds of the ledger. Append-only: a later row wins from its ``effective_at_ms`` on; nothing is updated.

Instants are boottime milliseconds of the boot named by the agent run that the row belongs to (the last AgentRun
before it), unless the name says ``wall``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.model import Cause, State, UnknownCause

ADDED: Mapping[str, bool] = {"added": True}
"""Metadata of a field that older rows of its kind do not have; its default says what is known of those."""

NO_INSTANT = -1
"""Where a row does not say when: boottime is never negative."""


@dataclass(frozen=True, slots=True)
class AgentRun:
    """The agent started: a new boot or process; nothing reaches across it.

    installation: random identity of the machine's installation; "" in rows from before there was one.
    """

    observer: str
    boot_id: str
    start_ms: int
    wall_ms: int
    synchronised: bool
    version: str
    installation: str = field(default="", metadata=ADDED)


@dataclass(frozen=True, slots=True)
class AgentStop:
    """The agent stopped cleanly; from here on UNKNOWN."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class Watermark:
    """The run before did not stop cleanly; its last heartbeat was at at_ms of its own boot.

    Written by the ledger itself when it is next opened, before the new AgentRun.
    """

    at_ms: int


@dataclass(frozen=True, slots=True)
class HeartbeatRefused:
    """The heartbeat found beside this ledger was missing, or could not be true: the run before ends at its last row.

    Written by the ledger itself when it is next opened, before the new AgentRun. seq and said_ms: the row and the
    boottime that the heartbeat gave, 0 of one that was missing. boot_id, boot_ms, synchronised: the clocks of now.
    """

    recorded_wall_ms: int
    boot_id: str
    boot_ms: int
    synchronised: bool
    why: str
    seq: int
    said_ms: int


@dataclass(frozen=True, slots=True)
class ClockAnchor:
    """What the wall clock said at one instant; maps boottime to UTC when synchronised."""

    at_ms: int
    wall_ms: int
    synchronised: bool


@dataclass(frozen=True, slots=True)
class ClockStep:
    """The wall clock jumped: what it would have said, and what it said."""

    at_ms: int
    expected_wall_ms: int
    wall_ms: int


@dataclass(frozen=True, slots=True)
class Configured:
    """From at_ms on the target is probed under this policy (also written when the policy changes)."""

    target: str
    at_ms: int
    interval_ms: int
    timeout_ms: int
    grace_ms: int
    fail_after: int
    recover_after: int
    content: str  # hash of the inventory that says so


@dataclass(frozen=True, slots=True)
class Removed:
    """From at_ms on the target is not configured; its history stays."""

    target: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class BlindStart:
    """From at_ms on nothing in scope can be judged. scope: a path id, a target id, or "" for everything."""

    scope: str
    cause: UnknownCause
    at_ms: int


@dataclass(frozen=True, slots=True)
class BlindEnd:
    """The blind interval of that scope and cause ends; each target stays UNKNOWN until its next run."""

    scope: str
    cause: UnknownCause
    at_ms: int


@dataclass(frozen=True, slots=True)
class StateChange:
    """A confirmed transition of one target."""

    target: str
    state: State
    cause: Cause
    effective_at_ms: int
    confirmed_at_ms: int
    committed_at_ms: int


@dataclass(frozen=True, slots=True)
class SoftFailure:
    """A run of failures that ended before it reached fail_after: no DOWN, but counted."""

    target: str
    at_ms: int  # start of its first probe
    failures: int
    cause: Cause


@dataclass(frozen=True, slots=True)
class ComponentChange:
    """A part of a device that matters came to be at fault, or is no more: from the run that began at at_ms on.

    component: its id within the target. fault: a word of ComponentFault; "" when it is in order again, matters no more
    or is named by the device no more. name, text: as people called it then.
    """

    target: str
    at_ms: int
    component: str
    fault: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class ComponentsUsed:
    """The parts that were in use for an hour or more on one office day; later rows of the same day add to it.

    day: the local date, ISO. components: their ids, with blanks between.
    """

    target: str
    at_ms: int
    day: str
    components: str


@dataclass(frozen=True, slots=True)
class DeviceSeen:
    """What a device said of itself in the run that began at at_ms: first seen, after it began anew, or changed.

    uptime_ms: how long it had run then; NO_INSTANT where it did not say. The others: "" where it did not say.
    """

    target: str
    at_ms: int
    uptime_ms: int
    vendor: str
    model: str
    serial: str
    firmware: str
    hardware: str
    made_on: str


@dataclass(frozen=True, slots=True)
class MeasuredSums:
    """What the runs of some targets told on one local day beside states, added up; later rows of the day add to it.

    day: the local date, ISO, in zone. since_ms: from when on was counted. sums: of at most 500 targets, packed as
    agent.ledger.packed_sums says.
    """

    at_ms: int
    since_ms: int
    day: str
    zone: str
    sums: str


@dataclass(frozen=True, slots=True)
class EvidenceEnd:
    """At a clean stop: the last completed run of a target, up to which its state is vouched for."""

    target: str
    start_ms: int
    took_ms: int


@dataclass(frozen=True, slots=True)
class Maintenance:
    """A planned window, UTC; excludes time only if recorded before it began.

    scope: ``all``, or ``unit:``, ``site:`` or ``target:`` and an id; a unit stands for everything below it too.
    A later row of the same id with cancelled true ends the window at its own recorded_wall_ms.
    announced_on: local date on which those concerned were told, ISO, "" when that is not said.
    boot_id, boottime_ms, synchronised: the clocks when it was recorded, also where no agent ran; boot_id "" in rows
    from before that was kept. What counts is the UTC that they map to (agent.ledger.history.recorded).
    """

    id: str
    scope: str
    start_wall_ms: int
    end_wall_ms: int
    recorded_wall_ms: int
    who: str
    why: str
    cancelled: bool = False
    announced_on: str = ""
    boot_id: str = field(default="", metadata=ADDED)
    boottime_ms: int = field(default=NO_INSTANT, metadata=ADDED)
    synchronised: bool = field(default=False, metadata=ADDED)


@dataclass(frozen=True, slots=True)
class Quarantined:
    """The ledger found at this start was not what was written: why, where its files lie, which copy took their place.

    What was written after that copy ("" for none) is missing here: the time from its end to this run is UNKNOWN.
    head_seq, head_hash, alive_wall_ms: what the heartbeat of those files knew last; 0 and "" where it knew nothing.
    """

    at_ms: int
    why: str
    folder: str
    copy: str
    head_seq: int = field(default=0, metadata=ADDED)
    head_hash: str = field(default="", metadata=ADDED)
    alive_wall_ms: int = field(default=0, metadata=ADDED)


@dataclass(frozen=True, slots=True)
class Restored:
    """Somebody put a copy in the ledger's place: what was written after that copy is missing here.

    Stands in the copy itself, before it takes the place. who: the user of the system. folder: where what lay there is
    kept. head_seq, head_hash: the head that was replaced, 0 and "" if there was none. forced: what lay there was whole.
    boot_id, boot_ms, synchronised: the clocks of that moment; no agent ran.
    """

    recorded_wall_ms: int
    boot_id: str
    boot_ms: int
    synchronised: bool
    who: str
    copy: str
    folder: str
    head_seq: int
    head_hash: str
    forced: bool


@dataclass(frozen=True, slots=True)
class ObserverAlias:
    """The configuration says that this observer was called so before: runs under both names are one history."""

    at_ms: int
    observer: str
    was: str


@dataclass(frozen=True, slots=True)
class NewInstallation:
    """The directory was not started where it was written before: from here on another installation writes.

    before: the installation until then. how: what shows it (agent.ledger.recovery.installation).
    """

    at_ms: int
    installation: str
    before: str
    how: str


@dataclass(frozen=True, slots=True)
class Amendment:
    """A signed-off correction of what an earlier row says; the earlier row stays. Its clocks: as of Maintenance."""

    refers_to: int  # seq
    state: State
    cause: str
    start_wall_ms: int
    end_wall_ms: int
    recorded_wall_ms: int
    who: str
    why: str
    boot_id: str = field(default="", metadata=ADDED)
    boottime_ms: int = field(default=NO_INSTANT, metadata=ADDED)
    synchronised: bool = field(default=False, metadata=ADDED)


@dataclass(frozen=True, slots=True)
class ScoreIssued:
    """Scores were handed out. manifest: SHA-256 of the manifest of their package. Its clocks: as of Maintenance.

    sheet, sheet_digest: id and SHA-256 of the score sheet. unit, level: whose, "" for all of the sheet's levels.
    units: by which units they were grouped. as_of_seq, as_of_wall_ms: the newest row that they were counted from, and
    the instant.
    """

    manifest: str
    sheet: str
    sheet_digest: str
    period: str
    unit: str
    level: str
    units: str
    as_of_seq: int
    as_of_wall_ms: int
    recorded_wall_ms: int
    who: str
    boot_id: str
    boottime_ms: int
    synchronised: bool


@dataclass(frozen=True, slots=True)
class Content:
    """Something figures depend on (inventory, calendar, holidays), kept by its SHA-256 to recompute them.

    at_ms: from when it is in force; NO_INSTANT in rows from before that was kept.
    """

    hash: str
    kind: str
    body: bytes
    at_ms: int = field(default=NO_INSTANT, metadata=ADDED)


Row = (
    AgentRun
    | AgentStop
    | Watermark
    | HeartbeatRefused
    | ClockAnchor
    | ClockStep
    | Configured
    | Removed
    | BlindStart
    | BlindEnd
    | StateChange
    | SoftFailure
    | ComponentChange
    | ComponentsUsed
    | DeviceSeen
    | MeasuredSums
    | EvidenceEnd
    | Maintenance
    | Quarantined
    | Restored
    | ObserverAlias
    | NewInstallation
    | Amendment
    | ScoreIssued
    | Content
)
