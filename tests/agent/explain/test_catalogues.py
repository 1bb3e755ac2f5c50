"""The catalogues as files: the .mo are what the .po say, and their .po hold exactly what can be asked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import PoFileError, read_po

from agent.explain.catalogues import compiled, sources
from agent.explain.texts import LANGUAGES, key_of
from agent.model import Reason, Role, UnknownCause

OWN = [source for source in sources() if source.stem == "sansang"]
KEYS = {
    f"{role}.{key}.{part}"
    for role in Role
    for key in (*map(key_of, (*Reason, *UnknownCause)), "upstream", "silent_but_passing")
    for part in ("what", "advice")
}


def test_every_language_has_a_source() -> None:
    assert {source.parent.parent.name for source in sources()} == set(LANGUAGES)


@pytest.mark.parametrize("source", sources(), ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_the_compiled_file_is_up_to_date(source: Path) -> None:
    assert source.with_suffix(".mo").read_bytes() == compiled(source), "run python -m agent.explain.catalogues"


@pytest.mark.parametrize("source", OWN, ids=lambda path: path.parent.parent.name)
def test_the_source_holds_every_key_once_and_no_other(source: Path) -> None:
    lines = source.read_text("utf-8").splitlines()
    ids = [line.removeprefix('msgid "').removesuffix('"') for line in lines if line.startswith("msgid ")]
    assert sorted(ids) == sorted({"", *KEYS})
    with source.open("rb") as file:
        assert not [message.id for message in read_po(file) if message.fuzzy and message.id]


def test_a_broken_source_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "vi" / "LC_MESSAGES" / "sansang.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid "lan.ok.what"\nmsgstr "Tốt\nnonsense\n', "utf-8")
    with pytest.raises(PoFileError):
        compiled(source)


def test_the_product_reads_texts_without_babel() -> None:
    code = "import sys; import agent.explain.texts as t; t.explain(t.Role.LAN, t.UnknownCause.DISK, 'vi'); "
    code += "sys.exit('babel' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=30).returncode == 0
