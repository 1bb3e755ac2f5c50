"""The completion of bash and the manual, as they are installed, in a real bash and a real man."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from agent.cli.manual import COMPLETION, completion, manual, manual_of
from agent.cli.registry import COMMANDS
from agent.text import LANGUAGES

ROOT = Path(__file__).parents[3]
ASK = """\
source "$1"; shift
complete -p sansang
COMP_WORDS=(sansang "$@"); COMP_CWORD=$#; COMP_LINE="sansang $*"; COMP_POINT=${#COMP_LINE}
function=$(complete -p sansang); function=${function#*-F }; ${function%% *}
printf '%s\\n' "${COMPREPLY[@]}"
"""


def completed(*words: str) -> list[str]:
    done = subprocess.run(
        ["bash", "--norc", "-c", ASK, "bash", str(ROOT / COMPLETION), *words],
        capture_output=True,
        text=True,
        check=True,
    )
    assert not done.stderr
    registered, *found = done.stdout.splitlines()
    assert registered.endswith(" sansang")
    return sorted(one.strip() for one in found if one)


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when they are written."""
    monkeypatch.setenv("HOME", "~")
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)


def test_bash_completes_commands_their_own_options_and_choices() -> None:
    assert set(COMMANDS) <= set(completed(""))
    assert completed("up") == ["uptime"]
    assert completed("maintenance", "") == ["add", "cancel", "list"]
    assert completed("ledger", "verify", "--a") == ["--anchor"]
    assert {"uplink", "lan", "conference"} <= set(completed("check", "--role", ""))
    assert completed("uptime", "--lang", "") == ["en", "vi"]
    assert completed("help", "val") == ["validate"]


@pytest.mark.usefixtures("home")
def test_what_is_shipped_is_what_the_parsers_say() -> None:
    assert (ROOT / COMPLETION).read_text("utf-8") == completion()
    for language in LANGUAGES:
        assert (ROOT / manual_of(language)).read_text("utf-8") == manual(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_manual_is_a_page_that_man_can_set(language: str) -> None:
    lines = (ROOT / manual_of(language)).read_text("utf-8").splitlines()
    assert {line.split()[0] for line in lines if line.startswith((".", "'"))} == {".TH", ".SH", ".SS", ".TP", ".B"}
    if (groff := shutil.which("groff")) is None:
        return

    command = [groff, "-k", "-man", "-Tutf8", "-ww", str(ROOT / manual_of(language))]
    done = subprocess.run(command, capture_output=True, check=True, env={**os.environ, "GROFF_ENCODING": "utf-8"})
    text = re.sub("\x1b\\[[0-9;]*m|.\x08", "", done.stdout.decode("utf-8"))

    assert done.stderr == b""
    assert all(f"   sansang {name}\n" in text for name in (*COMMANDS, "maintenance add", "ledger verify"))
    assert max(map(len, text.splitlines())) <= 80
