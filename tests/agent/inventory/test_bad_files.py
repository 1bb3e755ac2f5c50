"""Every way a file can be wrong, with the exact words a person gets; one folder of tests/data/bad each."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from string import Formatter

import pytest

from agent.errors import ConfigError, ReadingFailedError
from agent.inventory.load import load
from agent.inventory.messages.document import MESSAGES
from agent.regular_file import read_regular
from tests.agent.inventory.fakes import REGISTRY

BAD = Path(__file__).parents[2] / "data" / "bad"
CASES = sorted(folder.name for folder in BAD.iterdir())
CANARY = "hunter2canary"


def faults(case: str, language: str = "en") -> str:
    with pytest.raises(ConfigError) as refused:
        load(BAD / case / "sansang.yml", REGISTRY, language)
    return "".join(f"{fault}\n" for fault in refused.value.faults).replace(f"{BAD / case}/", "")


def test_there_are_at_least_forty() -> None:
    assert len(CASES) >= 40


@pytest.mark.parametrize("case", CASES)
def test_exact_messages(case: str) -> None:
    assert faults(case) == (BAD / case / "faults.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES)
def test_vietnamese_names_the_same_places(case: str) -> None:
    english, vietnamese = faults(case).splitlines(), faults(case, "vi").splitlines()
    assert [line.split(": ")[0] for line in english] == [line.split(": ")[0] for line in vietnamese]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("language", ["en", "vi"])
def test_no_secret_is_repeated(case: str, language: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load(BAD / case / "sansang.yml", REGISTRY, language)
    error = refused.value
    assert CANARY not in f"{error!s}{error!r}{error.faults!r}{error.__context__!r}{error.__cause__!r}"


def test_every_message_is_translated_and_takes_the_same_values() -> None:
    for key, (wrong, right) in MESSAGES.items():
        assert wrong.en != wrong.vi or key == "said_by_probe"
        assert _values(wrong.en + right.en) == _values(wrong.vi + right.vi), key


def _values(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_a_file_over_five_mebibytes_is_refused_unread(tmp_path: Path) -> None:
    main = tmp_path / "sansang.yml"
    main.write_bytes(b"#" * (5 * 1024 * 1024 + 1))
    with pytest.raises(ConfigError) as refused:
        load(main, REGISTRY, "en")
    assert str(refused.value) == f"{main}: larger than 5 MiB, split it with include"


def test_an_alias_bomb_is_refused_at_once(tmp_path: Path) -> None:
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 9))
    main = tmp_path / "sansang.yml"
    main.write_text(f"l0: &l0 [lol]\n{levels}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load(main, REGISTRY, "en")
    assert sum("aliases" in fault.wrong for fault in refused.value.faults) == 72


def test_the_language_is_the_organisations_even_when_it_is_faulty(tmp_path: Path) -> None:
    main = tmp_path / "sansang.yml"
    main.write_text("organisation: {language: vi}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load(main, REGISTRY)
    assert str(refused.value) == f"{main}:1:15: organisation.name: còn thiếu, thêm 'name'"


def test_a_file_that_gives_nothing_now_is_told_like_one_that_cannot_be_read(tmp_path: Path) -> None:
    """A regular file by its mode, and a read that would wait for the kernel's next message."""
    main = tmp_path / "sansang.yml"
    main.write_text("include: [log.yml]\n", encoding="utf-8")
    (tmp_path / "log.yml").symlink_to("/proc/kmsg")
    with suppress(OSError):
        read_regular(Path("/proc/kmsg"), 1 << 20)  # what is there already, if this user may
    with pytest.raises(ConfigError) as refused:
        load(main, REGISTRY, "en")
    assert not isinstance(refused.value, ReadingFailedError)
    assert f"{tmp_path}/log.yml: cannot be read: " in str(refused.value)


@pytest.mark.parametrize(
    ("pattern", "folder", "why"),
    [("loop/*.yml", "loop", "Too many levels"), ("sansang.yml/*.csv", "sansang.yml", "Not a directory")],
)
def test_a_folder_that_cannot_be_listed_is_a_fault_and_not_an_empty_one(
    tmp_path: Path, pattern: str, folder: str, why: str
) -> None:
    main = tmp_path / "sansang.yml"
    main.write_text(f'include: ["{pattern}"]\n', encoding="utf-8")
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(ConfigError) as refused:
        load(main, REGISTRY, "en")
    assert f"{tmp_path}/{folder}: cannot be read: {why}" in str(refused.value)


def test_a_folder_that_is_not_there_yet_is_an_empty_one(tmp_path: Path) -> None:
    main = tmp_path / "sansang.yml"
    main.write_text('include: ["sites.d/*.yml"]\n', encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load(main, REGISTRY, "en")
    assert "sites.d" not in str(refused.value)
