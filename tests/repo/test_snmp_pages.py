"""The pages that say how SNMP is switched on at each vendor's devices: each is complete, careful and reachable."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
FOLDER = DOCS / "vi" / "snmp"
PAGES = sorted(page.name for page in FOLDER.glob("*.md"))
VENDORS = [name for name in PAGES if name != "README.md"]
FENCED = re.compile(r"^ *```.*?^ *```", re.DOTALL | re.MULTILINE)


def read(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")


def test_both_indexes_list_every_vendor() -> None:
    assert VENDORS == ["cisco.md", "draytek.md", "hpe-aruba.md", "mikrotik.md", "ruijie.md", "tp-link.md", "ups.md"]
    english = (DOCS / "snmp.md").read_text("utf-8")
    for name in VENDORS:
        assert f"]({name})" in read("README.md")
        assert f"](vi/snmp/{name})" in english


@pytest.mark.parametrize("page", [DOCS / "snmp.md", *sorted(FOLDER.glob("*.md"))], ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text("utf-8"))
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


@pytest.mark.parametrize("name", VENDORS)
def test_each_says_what_to_leave_off_how_to_test_and_what_is_unproved(name: str) -> None:
    text = read(name)
    headings = re.findall("^## (.*)$", text, re.MULTILINE)
    assert {"Ghi trong tệp mã", "Thử", "Nguồn"} <= {*headings}
    assert "sansang check --site MÃ-ĐIỂM --snmp" in text
    assert "[bốn bước](README.md#bốn-bước)" in text
    assert re.search("[Cc]hưa kiểm chứng trên thiết bị thật", text)
    assert "Chưa đối chiếu" in text
    assert "Không bật" in text or "Đừng chọn **Write**" in text


@pytest.mark.parametrize("name", VENDORS)
def test_only_the_monitor_is_let_in_and_to_read_alone(name: str) -> None:
    """In what is to be typed; what is to be taken away is said in sentences, or with a leading no."""
    text = read(name)
    assert "192.0.2.10" in text
    typed = [
        line for block in FENCED.findall(text) for line in block.splitlines() if not line.strip().startswith("no ")
    ]
    assert not [
        line for line in typed if re.search(r"\brw\b|unrestricted|write-access=yes|read-write", line, re.IGNORECASE)
    ]
    assert not [line for line in typed if re.search(r"community (public|private)\b", line)]


def test_no_page_has_a_secret_that_somebody_could_take_over() -> None:
    for name in PAGES:
        for secret in re.findall(r'(?:community|password): "([^"]*)"', read(name)):
            assert secret.isupper(), (name, secret)
