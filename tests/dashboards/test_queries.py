"""Selectors come from the catalogue, and k/n is written from it."""

from __future__ import annotations

import pytest

from dashboards.queries import ready, select, short_name, with_display_name


def test_a_selector_names_what_is_in_the_catalogue() -> None:
    assert select("sansang_target_up") == "sansang_target_up"
    assert select("sansang_target_up", 'role!~"lan|uplink"', 'site=~"$site"') == (
        'sansang_target_up{role!~"lan|uplink", site=~"$site"}'
    )
    assert select("sansang_probe_lateness_seconds_bucket", 'le="1"') == 'sansang_probe_lateness_seconds_bucket{le="1"}'


def test_a_metric_that_is_not_there_fails_the_build() -> None:
    with pytest.raises(KeyError):
        select("sansang_target_upp")


@pytest.mark.parametrize("matcher", ['unit="a"', 'unit!="a"', 'unit=~"a"', 'unit!~"a=b"'])
def test_a_label_that_is_not_there_fails_the_build(matcher: str) -> None:
    with pytest.raises(ValueError, match="has no label 'unit'"):
        select("sansang_target_up", matcher)


def test_k_of_n_counts_unknown_among_all_and_not_among_ready() -> None:
    query = ready("role", 'role="lan"')
    down, unknown = (
        f'sum by (role) (sansang_unit_targets{{instance=~"$agent", state=~"{state}", role="lan"}})'
        for state in ("down", "unknown")
    )
    assert query.startswith(f"({down} + 0.5 * ({unknown} > bool 0)) * on (role)")
    assert '("k", sum by (role) (sansang_unit_targets{instance=~"$agent", state=~"up|degraded", role="lan"}))' in query
    assert '("n", sum by (role) (sansang_unit_targets{instance=~"$agent", state=~".+", role="lan"}))' in query


def test_names_are_put_on_from_the_inside() -> None:
    ids = 'label_replace(x, "name", "$1 ", "level", "(.+)")'
    assert with_display_name("x", "level", {"a": "Xã"}) == f'label_replace({ids}, "name", "Xã ", "level", "a")'
    assert (
        with_display_name("x", "level", {"a": 'Xã "A" $1'})
        == f'label_replace({ids}, "name", "Xã \\"A\\" $$1 ", "level", "a")'
    )
    assert short_name("x").startswith("label_replace(x * on (instance, target) group_left (name) sansang_target_info")
