"""What a text may hold, and how the rest is shown."""

from __future__ import annotations

import json
import sys
import unicodedata
from pathlib import Path

import pytest

from agent.characters import (
    NOT_ENCODABLE,
    NOT_IN_TEXTS,
    cleaned,
    is_blank,
    json_escaped,
    json_text,
    refused,
    refused_in_line,
    unaccented,
    written_out,
)
from agent.cli.main import main
from agent.errors import LedgerError
from agent.ledger.rows import AgentRun, Maintenance
from agent.ledger.signed.maintenance import check_signed
from agent.ledger.store import Ledger
from tests.agent.reporting.small_ledger import configuration
from tests.clock import TravellingClock

PLANES = (range(0x20000), range(0xE0000, 0xE1000), range(0x10FF00, sys.maxunicode + 1))  # where anything is
EVERY = [chr(number) for plane in PLANES for number in plane]
DIRECTIONS = ("LRE", "LRO", "RLE", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
TURNING = {sign for sign in EVERY if unicodedata.bidirectional(sign) in DIRECTIONS}
CONTROLS = {sign for sign in EVERY if unicodedata.category(sign) == "Cc"}
FORMATS = {sign for sign in EVERY if unicodedata.category(sign) in ("Cf", "Zl", "Zp")}
SHOWN = {sign for sign in FORMATS if unicodedata.name(sign, "").startswith(("ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN"))}


def test_controls_and_what_turns_a_text_are_refused_and_letters_are_not() -> None:
    banned = {sign for sign in EVERY if refused_in_line(sign)}

    assert banned >= CONTROLS | TURNING | {sign for sign in EVERY if unicodedata.category(sign) == "Cs"}
    assert banned - CONTROLS == {sign for sign in EVERY if NOT_IN_TEXTS.search(sign)} - CONTROLS
    assert {unicodedata.category(sign) for sign in banned} <= {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}
    assert not refused("Xã Đồng Ích\tក\u200bខ 👩\u200d👧 \U0001f1fb\U0001f1f3\n")


def test_what_no_encoding_has_is_exactly_that() -> None:
    none = {sign for sign in EVERY if 0xFDD0 <= ord(sign) <= 0xFDEF or ord(sign) & 0xFFFE == 0xFFFE}
    assert {sign for sign in EVERY if NOT_ENCODABLE.search(sign)} == none | set(EVERY[0xD800:0xE000])


def test_the_first_one_is_named() -> None:
    assert (refused("a\u202eb\x07"), refused_in_line("a\nb"), refused("a\nb")) == ("U+202E", "U+000A", "")


def test_what_nobody_sees_is_blank() -> None:
    unseen = ["", " ", "\t\u00a0", "\u3164", "\u115f\u1160", "\u00ad\u200b", "\u2800", "\ufe0f", "\U000e0041"]
    assert [text for text in unseen if not is_blank(text)] == []
    assert [text for text in ("a", "\u200bXã", "\u00ad.", "👩\u200d👧", "ក\u200bខ") if is_blank(text)] == []
    for text in unseen:
        with pytest.raises(LedgerError):
            check_signed("An", text)
        with pytest.raises(LedgerError):
            check_signed(text, "thay switch")


def test_json_shows_letters_and_escapes_what_is_not_seen() -> None:
    value = "Đồng Ích 👩 " + "".join(sorted(CONTROLS | FORMATS | {"\ud800", "\uffff", "\U0001fffe"}))
    text = json_text({"k": [value]})

    assert json.loads(text) == {"k": [value]}
    assert "Đồng Ích 👩" in text
    assert not set(text) & (CONTROLS | FORMATS - SHOWN)
    text.encode()


def test_a_sign_is_kept_or_not_whatever_stands_beside_it() -> None:
    """Text in plain letters takes a short way; beside what is not plain it takes the long one."""
    assert [sign for sign in EVERY if cleaned(f"👩{sign}") != f"👩{cleaned(sign)}"] == []
    assert [sign for sign in EVERY if json_escaped(f"👩{sign}") != f"👩{json_escaped(sign)}"] == []


def test_a_terminal_gets_nothing_that_acts() -> None:
    acting = (CONTROLS | TURNING | {"\ud800", "\u200f", "\u2028", "\ufeff", "\U000e0041"}) - {""}
    shown = written_out("".join(sorted(acting)))
    assert shown.isascii()
    assert shown.isprintable()


HIDDEN = "An\u202e\U000e0041\u2066"
COMMANDS = (("maintenance", "list"), ("amend", "--list"), ("uptime", "--period", "2025-10"))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_what_a_ledger_held_already_is_escaped_in_the_answer(
    command: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, clock = configuration(tmp_path), TravellingClock()
    ledger = Ledger.open(tmp_path / "ledger", clock)
    ledger.append([AgentRun("local", "boot", 0, clock.wall_ms(), synchronised=True, version="0")])
    ledger.append([Maintenance("m1", "all", 10, 20, 5, HIDDEN, HIDDEN)])
    ledger.close()

    main([*command, "--config", str(config), "--json"])
    out, err = capsys.readouterr()
    assert not set(out + err) & (TURNING | FORMATS)
    if command[0] == "maintenance":
        assert json.loads(out)["windows"][0]["who"] == HIDDEN
        main([*command, "--config", str(config), "--lang", "en"])
        table = capsys.readouterr().out
        assert not set(table) & (TURNING | FORMATS)


def test_a_fault_is_escaped_in_the_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "sansang.yml"
    config.write_text("organisation: {name: A, 'lang\u2060uage': vi}\n", "utf-8")

    assert main(["validate", str(config), "--json"]) == 2
    out, err = capsys.readouterr()
    assert "lang\u2060uage" in json.loads(out)["faults"][0]["wrong"]
    assert not set(out + err) & FORMATS


def test_every_command_writes_its_json_that_way() -> None:
    folder = Path(sys.modules["agent.cli.main"].__file__ or "").parent
    others = [file.name for file in folder.glob("*.py") if "ensure_ascii" in file.read_text("utf-8")]
    assert others == ["logs.py"], "whose values are written out before"


@pytest.mark.parametrize(
    ("written", "compared"), [("UBND Xã Đồng Ích", "ubnd xa dong ich"), ("ABC", "abc"), ("Y\u0302", "y"), ("", "")]
)
def test_accents_and_case_make_no_other_word(written: str, compared: str) -> None:
    assert unaccented(written) == compared
