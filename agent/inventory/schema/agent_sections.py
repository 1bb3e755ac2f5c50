"""The sections of the inventory document that are about the agent itself, as types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from agent.inventory.schema.types import Absolute, Listen, Network, SheetPath, ValuesPath
from agent.probes.options import STRICT, Size


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageRow:
    __pydantic_config__ = STRICT
    path: Absolute = "/var/lib/sansang"
    reserve: Size = 64 << 20
    days_kept_years: Annotated[int, Field(ge=1, le=100)] = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeEndpointRow:
    __pydantic_config__ = STRICT
    allow: tuple[Network, ...] = ()
    allow_ids: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRow:
    __pydantic_config__ = STRICT
    contacts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TrapsRow:
    """Where SNMP traps come in, UDP."""

    __pydantic_config__ = STRICT
    listen: Listen = "127.0.0.1:1162"


MOST_SHEETS, MOST_VALUES = 20, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringRow:
    """Score sheets that are asked for by name, and files with the values that people gave; read when asked for."""

    __pydantic_config__ = STRICT
    sheets: Annotated[tuple[SheetPath, ...], Field(max_length=MOST_SHEETS)] = ()
    values: Annotated[tuple[ValuesPath, ...], Field(max_length=MOST_VALUES)] = ()
