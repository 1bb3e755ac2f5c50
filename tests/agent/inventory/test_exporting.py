"""What is exported is a sheet that imports without a change, whatever the inventory holds."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from agent.inventory.document.parts import Registry
from agent.inventory.export import HEADERS, inventory_sheets
from agent.inventory.importing.propose import propose
from agent.inventory.load import load
from agent.inventory.sheets.columns import headers_for, key_of
from agent.inventory.sheets.reader import read_csv, read_xlsx
from agent.probes.registry import PROBES
from exporters.inventory_file import comma_separated, xlsx
from tests.agent.inventory.fakes import REGISTRY

EXAMPLES = Path(__file__).parents[3] / "config" / "examples"
NAMES = sorted(folder.name for folder in EXAMPLES.iterdir())


def round_trip(config: Path, registry: Registry, language: str, folder: Path) -> None:
    sheets, _ = inventory_sheets(config, registry, language)
    book, table = folder / "xuất.xlsx", folder / "xuất.csv"
    book.write_bytes(xlsx(sheets))
    table.write_bytes(comma_separated(sheets[0]))
    for file in (book, table):
        proposal = propose(config, file, registry, language)
        assert not proposal, (file.name, proposal.changes)
        assert proposal.questions == ()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_an_example_comes_back_as_it_was(name: str, language: str, tmp_path: Path) -> None:
    round_trip(EXAMPLES / name / "sansang.yml", PROBES, language, tmp_path)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("kind", HEADERS)
def test_every_header_is_read_as_what_it_was_written_for(kind: str, language: str) -> None:
    header = tuple(words.to(language) for words in HEADERS[kind].values())
    found, table = headers_for(header)
    assert (found, [key_of(text, table, frozenset()) for text in header]) == (kind, list(HEADERS[kind]))


_ODD = (
    "UBND xã An Lộc", "=1+1", "+84 912", "-", "@SUM(A1)", "'x", "0123", "a,b;c", '"x" y', "Tổng cộng", "1.10",
    "_x0041_", "Người lập", "Mã",
)  # fmt: skip
_LETTERS = st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"))
_NAME = st.one_of(st.sampled_from(_ODD), st.text(_LETTERS, max_size=12)).filter(
    lambda text: text.strip() != "" and text.isprintable()
)
_PHONE = st.sampled_from(["0912 000 111", "912000111", "+84912000111", "=113", "2113888999", "113"])
_SITE = st.fixed_dictionaries(
    {
        "name": _NAME,
        "unit": st.sampled_from(["u0", "u1"]),
        "profile": st.just("office"),
        "gateway": st.just("192.0.2.1"),
    },
    optional={
        "calendar": st.sampled_from(["always", "office"]),
        "slo": st.sampled_from(["99.5", "99,95", "100", "7"]),
        "location": st.lists(st.floats(-90, 90), min_size=2, max_size=2),
        "uplinks": st.sampled_from(["any", "all"]),
        "contact": st.sampled_from(["c0", "c1"]),
        "interval": st.sampled_from(["15s", "1m", "7500ms", "1h"]),
        "grace": st.sampled_from(["0.3s", "20s"]),
        "fail_after": st.integers(1, 100),
        "switch": st.sampled_from(["192.0.2.2", "host.example"]),
        "camera_ip": st.sampled_from(["192.0.2.3", "00.example"]),
    },
)
_MAIN = """
levels: [{id: commune, name: {vi: Xã, en: Commune}}]
modules: {ping: {probe: icmp}}
include: ["sites.d/*.yml"]
profiles:
  office:
    - {id: uplink, role: uplink, module: ping, address: "{gateway}"}
    - {id: camera, role: device, module: ping, address: "{camera_ip}"}
"""


def _yaml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


@given(
    st.lists(_SITE, min_size=1, max_size=6),
    st.tuples(_NAME, _NAME, st.sampled_from(["", "08881", "8881", "1"])),
    st.tuples(_NAME, _NAME, _PHONE, _PHONE),
    st.sampled_from(["", "defaults: {unit: u0, calendar: office}\n"]),
    st.sampled_from(["vi", "en"]),
)
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.too_slow],
)
def test_an_invented_inventory_comes_back_as_it_was(
    sites: list[dict[str, object]], units: tuple[str, ...], contacts: tuple[str, ...], defaults: str, language: str
) -> None:
    rows = [{"id": f"s{number}", **site} for number, site in enumerate(sites)]
    first, second, code = units
    of_main = {
        "organisation": {"name": "Thử", "language": language},
        "units": [
            {"id": "u0", "name": first, "level": "commune", **({"code": code} if code else {})},
            {"id": "u1", "name": second, "level": "commune", "parent": "u0"},
        ],
        "contacts": [
            {"id": "c0", "name": contacts[0], "phone": contacts[2]},
            {"id": "c1", "name": contacts[1], "phone": contacts[3], "email": "a@b.example"},
        ],
        "sites": [{**rows[0], "camera_ip": "192.0.2.9"}],
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sites.d").mkdir()
        main = "".join(f"{key}: {_yaml(value)}\n" for key, value in of_main.items())
        (folder / "sansang.yml").write_text(f"{_MAIN}{defaults}{main}", encoding="utf-8")
        (folder / "sites.d" / "a.yml").write_text(f"sites: {_yaml(rows[1:])}\n", encoding="utf-8")
        load(folder / "sansang.yml", REGISTRY)
        round_trip(folder / "sansang.yml", REGISTRY, language, folder)


def test_no_cell_is_a_formula_and_texts_stay_texts(tmp_path: Path) -> None:
    names = ("=HYPERLINK(A1)", "+84", "-1", "@x", "0123", "123456789012", 'a "b"', '="x"')
    rows = "".join(f"  - {{id: s{n}, name: {json.dumps(name)}, unit: u}}\n" for n, name in enumerate(names))
    config = tmp_path / "sansang.yml"
    main = "organisation: {name: T}\nlevels: [{id: l, name: {vi: L}}]\nunits: [{id: u, name: U, level: l}]\n"
    config.write_text(f"{main}sites:\n{rows}", encoding="utf-8")
    sheets, _ = inventory_sheets(config, REGISTRY)
    for read, data in ((read_xlsx, xlsx(sheets)), (read_csv, comma_separated(sheets[0]))):
        found, findings = read("x", data)
        assert not findings
        assert [line.cells[1] for line in found[0].lines[1:]] == list(names)
    cells = [row[1] for row in csv.reader(io.StringIO(comma_separated(sheets[0]).decode("utf-8-sig")))]
    assert cells[1:4] == ['="=HYPERLINK(A1)"', '="+84"', '="-1"']
    assert xlsx(sheets) == xlsx(sheets)
