from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from agent.characters import cleaned
from exporters.samples import label_set

NAMES = [
    ("Xã Lăng Công", "Xã Lăng Công"),
    (unicodedata.normalize("NFD", "Đường Tỉnh ủy"), "Đường Tỉnh ủy"),
    ("a\u202eb\u2066c\u2069", "abc"),
    ("a\x00b\x1b[31m", "ab[31m"),
    ("a\r\nb\u2028c\td", "a b c d"),
    ("🏘️ 𠮷", "🏘️ 𠮷"),
    ("\ufeffBOM", "BOM"),
    ("half \ud800 pair", "half  pair"),
    ("x" * 300, "x" * 300),
    ("=1+1;@cmd", "=1+1;@cmd"),
]


@pytest.mark.parametrize(("name", "shown"), NAMES)
def test_names_as_shown(name: str, shown: str) -> None:
    assert cleaned(name) == shown


@given(st.text())
def test_any_name_survives_as_a_label_value(name: str) -> None:
    line = f"sansang_x{label_set({'name': name})} 1.0\n"
    (family,) = text_string_to_metric_families(line)
    assert family.samples[0].labels["name"] == cleaned(name)
    line.encode()


@given(st.text())
def test_visible_text_stays_as_it_is(name: str) -> None:
    assert cleaned(cleaned(name)) == cleaned(name)
