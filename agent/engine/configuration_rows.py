"""The rows by which the ledger knows what was configured: the inventory's content, and each target's policy."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import replace

from agent.engine.topology import TopologyChanges
from agent.engine.upkeep.commit_queue import CommitQueue
from agent.inventory.entities import Inventory
from agent.ledger.rows import Configured, Content, Removed
from agent.model import Target


class ConfigurationRows:
    """Writes what differs from the ledger. configured: the policies that are in force there at the start."""

    def __init__(self, commit_queue: CommitQueue, configured: Mapping[str, Configured]) -> None:
        self._commit_queue = commit_queue
        self._configured = dict(configured)
        self._content_hash = ""  # of the inventory that this run has written last

    def knows(self, target: str) -> bool:
        """True if the ledger has a policy in force for this target."""
        return target in self._configured

    def missing_from(self, targets: Container[str]) -> list[str]:
        """The targets of the ledger that are not among these."""
        return [target for target in self._configured if target not in targets]

    def write(self, inventory: Inventory, changes: TopologyChanges, removed: list[str], now_ms: int) -> None:
        """Write the inventory's content and the policies, as far as they differ from what the ledger holds."""
        for target in removed:
            self._configured.pop(target, None)
        policies = [
            _row_of(state.target, inventory.hash, now_ms) for state in (*changes.added, *changes.policy_changed)
        ]
        rows = [row for row in policies if not self._unchanged(row)]
        if rows or removed or inventory.hash != self._content_hash:
            self._content_hash = inventory.hash
            self._commit_queue.enqueue(Content(inventory.hash, "inventory", inventory.content, now_ms))
        for target in removed:
            self._commit_queue.enqueue(Removed(target, now_ms))
        for row in rows:
            self._configured[row.target] = row
            self._commit_queue.enqueue(row)

    def _unchanged(self, row: Configured) -> bool:
        known = self._configured.get(row.target)
        return known is not None and replace(known, at_ms=row.at_ms, content=row.content) == row


def _row_of(target: Target, content: str, now_ms: int) -> Configured:
    policy = target.policy
    return Configured(
        target.id,
        now_ms,
        policy.interval_ms,
        policy.timeout_ms,
        policy.grace_ms,
        policy.fail_after,
        policy.recover_after,
        content,
    )
