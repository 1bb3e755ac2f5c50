"""A MIB as makers ship it becomes an object set: places, types, indexes and words; what is missing is named."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.probes.snmp.mib import MibError, object_set
from agent.probes.snmp.object_file import read_object_set
from agent.probes.snmp.object_set import ObjectType, SnmpObject
from agent.probes.snmp.object_writer import object_file
from agent.probes.snmp.values import decode_oid

DATA = Path(__file__).parents[3] / "data/mib"
MIB = DATA / "SONG-THAO-MIB.txt"
ROOT = "1.3.6.1.4.1.99999.1"
Shown = tuple[str, ObjectType, tuple[tuple[str, ObjectType], ...]]


@pytest.fixture(scope="module")
def objects() -> dict[str, SnmpObject]:
    return {part.name: part for part in object_set(MIB).objects}


def test_every_readable_object_has_its_place_type_and_indexes(objects: dict[str, SnmpObject]) -> None:
    line = (("ifIndex", ObjectType.GAUGE), ("stLineName", ObjectType.DISPLAY_STRING))
    expected: dict[str, Shown] = {
        "stModel": ("1", ObjectType.DISPLAY_STRING, ()),
        "stTemperature": ("3", ObjectType.GAUGE, ()),
        "stPower": ("4", ObjectType.GAUGE, ()),
        "stMade": ("5", ObjectType.DATE_AND_TIME, ()),
        "stLineMac": ("6.1.2", ObjectType.PHYS_ADDRESS_48, line),
        "stLineFrames": ("6.1.3", ObjectType.COUNTER, line),
        "stLineOk": ("6.1.4", ObjectType.GAUGE, line),
        "stMoreLost": ("7.1.1", ObjectType.COUNTER, line),
        "stMoreGateway": ("7.1.2", ObjectType.INET_ADDRESS_IPV4, line),
        "stPortWatts": ("8.1.1", ObjectType.GAUGE, line[:1]),
    }
    assert {
        name: (
            decode_oid(part.oid).removeprefix(f"{ROOT}."),
            part.type,
            tuple((index.name, index.type) for index in part.indexes),
        )
        for name, part in objects.items()
    } == expected


def test_words_help_and_the_names_of_interfaces_come_along(objects: dict[str, SnmpObject]) -> None:
    assert dict(objects["stPower"].values) == {1: "inOrder", 2: "failed"}
    assert dict(objects["stLineOk"].values) == {1: "true", 2: "false"}
    assert objects["stModel"].help == f"The model - {ROOT}.1"
    assert [lookup.label for lookup in objects["stPortWatts"].lookups] == ["ifName"]
    assert [index.implied for index in objects["stLineMac"].indexes] == [False, True]


def test_what_is_written_is_read_as_the_same_set() -> None:
    imported = object_set(MIB)

    assert read_object_set("own.yml", object_file(imported).encode()) == imported
    assert imported.verified
    assert (imported.name, imported.title) == ("song_thao_mib", "SONG-THAO-MIB")


def test_a_branch_alone() -> None:
    chosen = object_set(MIB, ["stMoreTable", "stModel"])

    assert [part.name for part in chosen.objects] == ["stModel", "stMoreLost", "stMoreGateway"]


def test_a_mib_that_is_missing_is_named_with_where_it_belongs(tmp_path: Path) -> None:
    shutil.copy(MIB, tmp_path)
    with pytest.raises(MibError) as refusal:
        object_set(tmp_path / MIB.name)

    for language in ("vi", "en"):
        assert "SONG-THAO-ROOT.txt" in refusal.value.to(language)
        assert str(tmp_path) in refusal.value.to(language)


def _without_end(text: str) -> str:
    return text.replace("\nEND\n", "\n")


def _in_a_circle(text: str) -> str:
    return text.replace("::= { songThao 1 }", "::= { stModel 1 }")


@pytest.mark.parametrize(
    "spoilt",
    [_without_end, _in_a_circle, lambda _text: "", lambda _text: "<html>404</html>", lambda text: text[:2000]],
    ids=["no END", "in a circle", "empty", "a web page", "cut short"],
)
def test_what_is_no_mib_is_refused_in_both_languages(tmp_path: Path, spoilt: Callable[[str], str]) -> None:
    for file in DATA.iterdir():
        shutil.copy(file, tmp_path)
    path = tmp_path / MIB.name
    path.write_text(spoilt(MIB.read_text("ascii")), "ascii")

    with pytest.raises(MibError) as refusal:
        object_set(path)
    assert MIB.name in refusal.value.to("vi")
    assert refusal.value.to("vi") != refusal.value.to("en")


def test_a_name_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "mibs").mkdir()
    shutil.copy(DATA / "SONG-THAO-ROOT.mib", tmp_path / "SONG-THAO-ROOT.txt")
    path = tmp_path / "mibs" / MIB.name
    path.write_text(MIB.read_text("ascii"), "ascii")

    with pytest.raises(MibError, match="SONG-THAO-ROOT"):
        object_set(path)
