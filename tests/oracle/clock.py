"""From a boot's own clock to UTC, through its synchronised anchors (R30-R35)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from tests.oracle.rules import FOREVER, Anchor, Rules


class BootClocks:
    """The map of every boot that was ever synchronised."""

    def __init__(self, anchors: list[dict[str, Any]], rules: Rules) -> None:
        self.rules = rules
        self.anchors: dict[str, list[Anchor]] = {}
        for row in anchors:
            if row["synchronised"]:
                self.anchors.setdefault(row["boot"], []).append(Anchor(row["at_ms"], row["wall_utc_ms"]))
        for boot, found in self.anchors.items():
            self.anchors[boot] = self._after_last_step(sorted(found, key=lambda anchor: anchor.at))

    def _after_last_step(self, anchors: list[Anchor]) -> list[Anchor]:
        steps = [later for later in range(1, len(anchors)) if self.rules.is_step(anchors[later - 1], anchors[later])]
        return anchors[steps[-1] :] if steps else anchors

    def knows(self, boot: str) -> bool:
        return boot in self.anchors

    def utc(self, boot: str, at: int) -> int:
        if at >= FOREVER:
            return FOREVER
        anchors = self.anchors[boot]
        for one, two in pairwise(anchors):
            if one.at <= at < two.at:
                return self.rules.between(one, two, at)
        nearest = anchors[0] if at < anchors[0].at else anchors[-1]
        return nearest.wall + at - nearest.at
