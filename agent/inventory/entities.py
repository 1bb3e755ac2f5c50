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
from agent.model import Path, Policy, Target


@dataclass(frozen=True, slots=True)
class Organisation:
    """Whose agent this is; language and timezone are for people, observer names this agent in the ledger."""

    name: str
    language: str = "vi"
    timezone: str = "Asia/Ho_Chi_Minh"
    observer: str = "local"


@dataclass(frozen=True, slots=True)
class Level:
    """A tier of the administration, top first; names by language code."""

    id: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Unit:
    """A node of the administrative tree."""

    id: str
    name: str
    level: str
    parent: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """A place that targets hang on. columns are the site's own addresses (gateway, room, ...), by column name.

    uplinks: which of its uplinks must work for the site to be ready; with ``any`` they are alternatives.
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


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call; never in metrics or the API."""

    id: str
    name: str
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """Settings of the engine itself: the global budget of fast re-probes, runs a second."""

    reprobe_budget_per_second: float = 200.0


@dataclass(frozen=True, slots=True)
class UnreadableOptions:
    """In place of the options of a module whose files could not be used; read gives the options, or says why not."""

    read: Callable[[], object | Fault] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Module:
    """Named probe settings; options is the frozen dataclass of the probe's kind, policy the module's own pace.

    A module that no target uses may be UnreadableOptions: it is for whoever asks /probe for it.
    """

    id: str
    probe: str
    options: object
    policy: Policy


class CanonicalForm:
    """What the ledger keeps of an inventory, written out when it is first asked for: few commands need it."""

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

    kept is the canonical JSON of it (no secrets, no contacts); modules by id, in file order; probe_allow are the
    networks that /probe may be asked about beside the inventory's own targets; storage_reserve_bytes is the room kept
    back on the ledger's disk, storage_days_kept_years how many yearly files of daily sums stay;
    observer_was are names that this agent's observer had before: the ledger keeps them as rows of their own;
    unread says what is wrong with the files of modules whose options are UnreadableOptions;
    notes what of sheets was left out or read otherwise than it is written;
    samples are the addresses of documentation that it would have probed; page_contacts: whether the landing page shows
    contacts to everybody who can open it; notify says who is told of alerts, runbooks and grafana begin the
    links in messages ("" where none is known): for `sansang build` alone.
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
    notes: tuple[Fault, ...] = ()
    samples: tuple[SampleAddress, ...] = ()
    page_contacts: bool = False
    notify: Notify | None = None
    runbooks: str = ""
    grafana: str = ""

    @property
    def content(self) -> bytes:
        """The canonical JSON."""
        return self.canonical_form.content

    @property
    def hash(self) -> str:
        """Its SHA-256."""
        return self.canonical_form.hash
