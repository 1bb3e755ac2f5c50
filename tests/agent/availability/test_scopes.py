"""Which targets a scope covers: found by the scope, and by each target, it is the same."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from agent.availability.maintenance import scopes, targets_in
from agent.model import Target
from tests.agent.engine.world import target

UNITS = ("", "xa", "huyen", "tinh", "nowhere")


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Target], dict[str, str | None]]:
    parents = {unit: draw(st.sampled_from([None, *UNITS])) for unit in UNITS if unit}
    sites = draw(st.lists(st.tuples(st.sampled_from(["a", "b", "unit"]), st.sampled_from(UNITS)), max_size=8))
    return [replace(target(f"{site}/{n}"), unit=unit) for n, (site, unit) in enumerate(sites)], parents


@given(worlds())
def test_a_scope_covers_the_targets_that_have_it(world: tuple[list[Target], dict[str, str | None]]) -> None:
    targets, parents = world
    asked = {"all", "site:a", "site:c", "unit:", "target:none", "nothing"}.union(
        *(scopes(one.id, one.site, one.unit, parents) for one in targets)
    )
    for scope in asked:
        expected = {one.id for one in targets if scope in scopes(one.id, one.site, one.unit, parents)}
        assert targets_in(scope, targets, parents) == expected, scope
