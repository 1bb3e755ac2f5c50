"""Pages in both languages: neither says a heading, command, key, figure or link that the other does not."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(page.name for page in (DOCS / "vi").glob("*.md"))
HEADING = re.compile(r"^(#+) (.*)$")
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`]+)`")
NUMBER = re.compile(r"\d+")
FENCE = "```"


def read(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def sections(text: str) -> list[list[str]]:
    """The lines of each section, its heading first; code blocks left out."""
    found: list[list[str]] = [[]]
    fenced = False
    for line in text.splitlines():
        fenced ^= line.startswith(FENCE)
        if fenced or line.startswith((FENCE, "    ")):
            continue
        if HEADING.match(line):
            found.append([])
        found[-1].append(line)
    return [section for section in found if section]


def code_blocks(text: str) -> list[str]:
    """The lines of all of them, without comments, which are in the page's language."""
    fenced, found = False, []
    for line in text.splitlines():
        if line.startswith(FENCE):
            fenced = not fenced
            found.append(line)
        elif fenced or line.startswith("    "):
            found.append(re.sub(r"\s+# .*", "", line))
    return found


def codes(lines: list[str]) -> list[str]:
    return sorted(set(CODE.findall(" ".join(lines))))


def rows(section: list[str]) -> list[list[str]]:
    """What stands as code in each row of its tables."""
    return [codes([line]) for line in section if line.startswith("|")]


def links(lines: list[str]) -> list[str]:
    """Where the links of these lines lead, from docs; places within a page have other names in the other language."""
    targets = (target.partition("#")[0] or "here" for target in LINK.findall(" ".join(lines)))
    return sorted(target.removeprefix("../") for target in targets if "://" not in target)


def figures(lines: list[str]) -> list[str]:
    """The numbers of the text, whichever marks the language puts between digits; a lone 0 is a word in either."""
    text = re.sub(r"(?<=\d)[.,](?=\d)", "", LINK.sub("", CODE.sub("", " ".join(lines))))
    return sorted(number for number in NUMBER.findall(text) if number != "0")


def anchors(name: str) -> set[str]:
    """The places of a page, as GitHub names them."""
    headings = (match[2] for section in sections(read(name)) if (match := HEADING.match(section[0])))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def both(name: str) -> list[tuple[list[str], list[str]]]:
    """Section by section, without the line that leads to the other language."""
    english, vietnamese = ([line for line in read(page).splitlines() if "*[" not in line[:2]] for page in pair(name))
    return list(zip(sections("\n".join(english)), sections("\n".join(vietnamese)), strict=True))


def pair(name: str) -> tuple[str, str]:
    return name, f"vi/{name}"


def test_there_are_pages() -> None:
    names = "commands install-debian inventory reports score-forms score-package score-sheets scoring units"
    assert [f"{name}.md" for name in names.split()] == PAGES


@pytest.mark.parametrize("name", PAGES)
def test_each_leads_to_the_other_and_both_readmes_to_theirs(name: str) -> None:
    assert f"*[Tiếng Việt](vi/{name})*" in read(name)
    assert f"*[English](../{name})*" in read(f"vi/{name}")
    assert f"(docs/{name})" in read("../README.md")
    assert f"(docs/vi/{name})" in read("../README.vi.md")


@pytest.mark.parametrize("name", PAGES)
def test_headings_and_code_blocks_are_the_same(name: str) -> None:
    english, vietnamese = (read(page) for page in pair(name))

    levels = [
        [match[1] for section in sections(text) if (match := HEADING.match(section[0]))]
        for text in (english, vietnamese)
    ]
    assert levels[1] == levels[0]
    assert code_blocks(vietnamese) == code_blocks(english)


@pytest.mark.parametrize("name", PAGES)
def test_every_table_has_the_same_rows_of_keys_options_and_values(name: str) -> None:
    for english, vietnamese in both(name):
        assert rows(vietnamese) == rows(english), english[0]


@pytest.mark.parametrize("name", PAGES)
def test_every_section_names_the_same_code_figures_and_pages(name: str) -> None:
    for english, vietnamese in both(name):
        assert codes(vietnamese) == codes(english), english[0]
        assert figures(vietnamese) == figures(english), english[0]
        assert links(vietnamese) == links(english), english[0]


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_to_a_file_and_to_a_heading_in_it(name: str) -> None:
    text = unicodedata.normalize("NFC", read(f"vi/{name}"))
    for target in LINK.findall(text):
        page, _, place = target.partition("#")
        if "://" in page:
            continue
        file = (DOCS / "vi" / page).resolve() if page else DOCS / "vi" / name
        assert file.exists(), target
        assert not place or place in anchors(str(file.relative_to(DOCS))), target
