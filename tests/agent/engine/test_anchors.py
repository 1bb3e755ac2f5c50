"""What is known of a path's anchors."""

from __future__ import annotations

from agent.model import Reason
from tests.agent.engine.world import World, inventory, path, target


async def test_an_anchor_that_never_answered_is_known_once_it_has_failed_often_enough() -> None:
    def truth(who: str, now_ms: int) -> Reason:
        failing = who.endswith("/two") or (who.startswith("path:") and now_ms > 300_000)
        return Reason.TIMEOUT if failing else Reason.OK

    world = World(truth)
    await world.begin(inventory([target("a/room", paths=("wan",))], [path("wan", "one", "two")]))
    assert [anchor.answered for anchor in world.engine.paths()[0].anchors] == [None, None]

    await world.go(600)

    assert [anchor.answered for anchor in world.engine.paths()[0].anchors] == [True, False]
