from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from agent.garbage import keep, suspend, uncollected


class _Node:
    """In a circle with itself: only the collector finds it."""

    def __init__(self, deleted: list[str]) -> None:
        self.circle, self.deleted = self, deleted

    def __del__(self) -> None:
        self.deleted.append("node")


@pytest.fixture(autouse=True)
def thresholds() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.freeze()


def test_what_is_in_use_is_looked_through_no_more() -> None:
    suspend()
    assert not gc.isenabled()
    keep()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 10_000
    assert len(gc.get_objects()) < 100


def test_what_was_left_is_found_before() -> None:
    deleted: list[str] = []
    _Node(deleted)
    keep()
    assert deleted == ["node"]


def test_what_stayed_once_is_found_by_the_next_call() -> None:
    deleted: list[str] = []
    node = _Node(deleted)
    keep()
    del node
    gc.collect()
    assert not deleted
    keep()
    assert deleted == ["node"]


def test_the_collector_is_on_again_whatever_happened() -> None:
    def fail() -> None:
        with uncollected():
            assert not gc.isenabled()
            raise ValueError("so")

    with pytest.raises(ValueError, match="so"):
        fail()
    assert gc.isenabled()
