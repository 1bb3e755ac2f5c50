from __future__ import annotations

import pytest

from agent.probes.patterns import captured, group_numbers, matches, matches_text

# pattern, text, the span that Go 1.26's regexp.FindSubmatchIndex gives for the whole match, None without one
AS_GO = [
    (r"^a.b$", b"a\xe9b", (0, 3)),
    (r"^a.b$", b"a\xe1\xbbb", None),  # two bytes that are not UTF-8 are two characters
    (r"^a..b$", b"a\xe1\xbbb", (0, 4)),
    (r"^[^x]+$", b"\xff\xfe", (0, 2)),
    (r"\x{fffd}", b"\xff", (0, 1)),
    (r"a$", b"a\n", None),  # the end of the text, never a line end before it
    (r"(?m)a$", b"a\n", (0, 1)),
    (r"a\z", b"a\n", None),
    (r"\d", "\u0663".encode(), None),  # ASCII alone
    (r"\pN", "\u0663".encode(), (0, 2)),
    (r"(?i)đăng", "ĐĂNG".encode(), (0, 6)),
    (r"(?s)a.b", b"a\nb", (0, 3)),
    (r"a.b", b"a\nb", None),
    (r"^[[:alpha:]]+$", "é".encode(), None),
    (r"\Qa.b\E", b"axb", None),
    (r"\bn", "ăn".encode(), (2, 3)),  # words are ASCII
]


@pytest.mark.parametrize(("pattern", "text", "span"), AS_GO)
def test_patterns_find_what_go_finds(pattern: str, text: bytes, span: tuple[int, int] | None) -> None:
    match = captured(pattern, text)
    assert matches(pattern, text) is (span is not None)
    assert (match[0] if match else None) == (text[span[0] : span[1]] if span else None)


def test_captures_are_the_bytes_that_came() -> None:
    assert captured(r"<(.*)>(x)?", b"\xff<\xe1\xbb\x81\xe1>") == (b"<\xe1\xbb\x81\xe1>", b"\xe1\xbb\x81\xe1", b"")


def test_text_and_groups() -> None:
    assert matches_text("^á$", "á")
    assert group_numbers("(a)(?P<name>b)") == {"0": 0, "1": 1, "2": 2, "name": 2}
