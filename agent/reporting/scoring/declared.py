"""What was declared of sites and units for the end of a period, out of the inventories that the ledger keeps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from agent.errors import LedgerError
from agent.explain import ledger_errors
from agent.ledger.history.inventories import InventoryVersion
from agent.model.declared_facts import DeclaredFact, stored_facts
from agent.scoring.evidence import FactEvidence
from agent.scoring.values import Document

Key = tuple[str, str]
"""Owner and id of a fact."""


def declared_facts(newest: InventoryVersion, recorded: Iterable[InventoryVersion], day: date) -> Iterator[FactEvidence]:
    """Those in force on that day, by what was recorded at the end of the period. recorded: in it, the newest first.

    What was entered later counts where it says itself from or to when it holds, or where nothing had been declared: an
    old period does not change because a value does.
    """
    then, now = dict(_in_force(recorded, day)), dict(_in_force((newest,), day))
    for key in dict.fromkeys((*now, *then)):
        late, fact = now.get(key), then.get(key)
        if fact is None or (late is not None and (late.first or late.last)):
            fact = late
        if fact is not None:
            yield _evidence(key[0], fact)


def _in_force(versions: Iterable[InventoryVersion], day: date) -> Iterator[tuple[Key, DeclaredFact]]:
    """By the first of the versions that has the site or unit."""
    seen: set[str] = set()
    for version in versions:
        for kind in ("units", "sites"):
            for entry in version.document[kind]:
                owner = f"{kind[:-1]}:{entry['id']}"
                if owner not in seen:
                    seen.add(owner)
                    yield from (((owner, fact.id), fact) for fact in _facts(version, entry) if fact.in_force(day))


def _facts(version: InventoryVersion, entry: Mapping[str, Any]) -> tuple[DeclaredFact, ...]:
    try:
        return stored_facts(entry)
    except (ValueError, KeyError, TypeError) as error:
        raise LedgerError(ledger_errors.INVENTORY_UNREADABLE.filled(digest=version.hash, why=error)) from error


def _evidence(owner: str, fact: DeclaredFact) -> FactEvidence:
    value = fact.value if isinstance(fact.value, str) else str(fact.value).lower()
    return FactEvidence(owner, fact.id, value, fact.unit, Document(fact.document or "", fact.date))
