"""The inventory as the rest of the agent sees it: validated, expanded, frozen."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from agent.availability.calendar import Calendar
from agent.errors import Fault
from agent.inventory.checks.sample_addresses import SampleAddress
from agent.inventory.schema.notify import Notify
from agent.inventory.schema.rows import Contact, Unit
from agent.inventory.schema.unit_changes import UnitChange
from agent.model import Path, Policy, Target
from agent.model.declared_facts import DeclaredFact


@dataclass(frozen=True, slots=True)
class Organisation:
    """Whose agent this is. Language and timezone are for people; observer names the agent in the ledger.

    As the ledger stores it: earlier names of the observer, which its row has too, are no part of that.
    """

    name: str
    language: str = "vi"
    timezone: str = "Asia/Ho_Chi_Minh"
    observer: str = "local"


@dataclass(frozen=True, slots=True)
class Level:
    """A tier of the administration, top first; names by language code, for those languages that its row names."""

    id: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Site:
    """A place that targets hang on. columns are the site's own addresses (gateway, room, ...), by column name.

    uplinks: which of its uplinks must work for the site to be ready; with ``any`` they are alternatives. Its row has no
    columns, but the timing, which by now is part of its targets' policies: the ledger stores the site without it.
    """

    id: str
    name: str
    unit: str
    profile: str | None = None
    calendar: str = "always"
    slo: str | None = None
    contact: str | None = None
    location: tuple[float, float] | None = None
    uplinks: Literal["any", "all"] = "any"
    columns: Mapping[str, str] = field(default_factory=dict)
    facts: tuple[DeclaredFact, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoringSettings:
    """Files of score sheets and of values that people gave, as absolute paths; read when they are asked for."""

    sheets: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """Settings of the engine itself: the global budget of fast re-probes, runs a second."""

    reprobe_budget_per_second: float = 200.0


@dataclass(frozen=True, slots=True)
class UnreadableOptions:
    """In place of the options of a module whose files could not be used; read tries again: the options, or a fault."""

    read: Callable[[], object | Fault] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Module:
    """Named probe settings; options is the frozen dataclass of the probe's kind, policy the module's own timing.

    A module that no target uses may have UnreadableOptions: they matter when /probe is asked for it. Its row has the
    probe's SPEC and findings instead, which nobody needs once it is checked.
    """

    id: str
    probe: str
    options: object
    policy: Policy


class CanonicalForm:
    """The canonical JSON of an inventory, as the ledger stores it. Written when first needed: few commands need it."""

    def __init__(self, write: Callable[[], bytes]) -> None:
        """write: gives the canonical JSON; called once at most, and then forgotten with all that it holds."""
        self._write: Callable[[], bytes] | None = write
        self._content, self._hash = b"", ""

    def write(self) -> None:
        """Write it out now, in the thread that has the time."""
        if self._write is not None:
            self._content = self._write()
            self._hash = digest(self._content)
            self._write = None

    @property
    def content(self) -> bytes:
        self.write()
        return self._content

    @property
    def hash(self) -> str:
        self.write()
        return self._hash


def digest(content: bytes) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True, slots=True)
class Inventory:
    """Everything the agent needs to know, already checked.

    Calendars are by name, the built-in ones too; modules by id, in file order. canonical_form is the JSON of it all,
    without secrets and contacts. probe_allow are networks that /probe may be asked about beside the inventory's own
    targets. storage_reserve_bytes is room kept back on the ledger's disk, storage_days_kept_years the number of yearly
    files of daily sums. observer_was are earlier names of this agent's observer: the ledger keeps them as rows.
    unread are faults in files of modules with UnreadableOptions, unusable those of modules that targets have all the
    same: their runs answer that this is our own fault; notes tell what of sheets was left out or read
    otherwise than written; samples are addresses of documentation that would be probed. page_contacts: whether the
    landing page shows contacts to everybody who can open it. traps_listen: the UDP address that SNMP traps come in on,
    "" for none. scoring: what `sansang score` and the API know by name. notify (receivers of alerts), runbooks and
    grafana (the beginnings of links, "" where unknown) are for `sansang build` alone.
    """

    organisation: Organisation
    levels: tuple[Level, ...]
    units: tuple[Unit, ...]
    sites: tuple[Site, ...]
    targets: tuple[Target, ...]
    paths: tuple[Path, ...]
    contacts: tuple[Contact, ...]
    engine: EngineSettings
    listen: str
    storage_path: str
    canonical_form: CanonicalForm
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    modules: Mapping[str, Module] = field(default_factory=dict)
    probe_allow: tuple[str, ...] = ()
    probe_allow_ids: bool = False
    storage_reserve_bytes: int = 0
    storage_days_kept_years: int = 10
    observer_was: tuple[str, ...] = ()
    unread: tuple[Fault, ...] = ()
    unusable: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()
    samples: tuple[SampleAddress, ...] = ()
    page_contacts: bool = False
    traps_listen: str = ""
    scoring: ScoringSettings = ScoringSettings()
    notify: Notify | None = None
    runbooks: str = ""
    grafana: str = ""
    unit_changes: tuple[UnitChange, ...] = ()

    @property
    def content(self) -> bytes:
        """The canonical JSON."""
        return self.canonical_form.content

    @property
    def hash(self) -> str:
        """The content's SHA-256."""
        return self.canonical_form.hash
