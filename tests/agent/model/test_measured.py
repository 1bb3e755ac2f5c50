"""Sums over the runs of a day."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agent.model.measured import BUCKETS, FIRST_BYTE_BOUNDS_MS, BooleanFact, Measured, YesNo, bucket_of

_COUNTS = st.lists(st.integers(0, 2000), min_size=BUCKETS, max_size=BUCKETS).map(tuple) | st.just(())
_YES_NO = st.builds(YesNo, st.integers(0, 2000), st.integers(0, 2000))
_MEASURED = st.builds(
    Measured,
    _COUNTS,
    st.dictionaries(st.sampled_from(BooleanFact), _YES_NO),
    st.none() | st.integers(-100, 4000),
)


def test_a_bound_belongs_to_the_bucket_below_it() -> None:
    assert [bucket_of(milliseconds / 1000) for milliseconds in FIRST_BYTE_BOUNDS_MS] == list(range(BUCKETS - 1))
    assert bucket_of(0.0501) == 1
    assert (bucket_of(0.0), bucket_of(10.001), bucket_of(float("inf"))) == (0, BUCKETS - 1, BUCKETS - 1)


@given(_MEASURED, _MEASURED, _MEASURED)
def test_parts_add_up_in_any_order(first: Measured, second: Measured, third: Measured) -> None:
    assert first.plus(second) == second.plus(first)
    assert first.plus(second).plus(third) == first.plus(second.plus(third))
    assert first.plus(Measured()) == first
