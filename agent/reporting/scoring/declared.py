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


def declared_facts(versions: Iterable[InventoryVersion], day: date) -> Iterator[FactEvidence]:
    """Those in force on that day, by the newest inventory that has the site or unit. versions: the newest first.

    A fact says itself from when to when it holds: one that was entered after the period counts as well.
    """
    seen: set[str] = set()
    for version in versions:
        for kind in ("units", "sites"):
            for entry in version.document[kind]:
                owner = f"{kind[:-1]}:{entry['id']}"
                if owner not in seen:
                    seen.add(owner)
                    yield from _of_owner(owner, _facts(version, entry), day)


def _facts(version: InventoryVersion, entry: Mapping[str, Any]) -> tuple[DeclaredFact, ...]:
    try:
        return stored_facts(entry)
    except (ValueError, KeyError, TypeError) as error:
        raise LedgerError(ledger_errors.INVENTORY_UNREADABLE.filled(digest=version.hash, why=error)) from error


def _of_owner(owner: str, facts: Iterable[DeclaredFact], day: date) -> Iterator[FactEvidence]:
    for fact in facts:
        if fact.in_force(day):
            value = fact.value if isinstance(fact.value, str) else str(fact.value).lower()
            yield FactEvidence(owner, fact.id, value, fact.unit, Document(fact.document or "", fact.date))
