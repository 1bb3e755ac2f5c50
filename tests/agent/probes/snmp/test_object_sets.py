"""Object sets: those of the package hold together, and a fault in an own file is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

import agent.probes.snmp
from agent.probes.snmp.object_file import ObjectFileError, own_set, read_object_set, shipped_names, shipped_set
from agent.probes.snmp.object_set import Meaning, ObjectSet, ObjectType
from agent.probes.snmp.values import decode_oid, encode_oid

NAMED = {
    "apc", "bridge", "cisco", "draytek", "entity", "host_resources", "huawei", "if_mib", "interfaces", "juniper",
    "mikrotik", "poe", "poly", "printer", "system", "ups",
}  # fmt: skip


def test_the_sets_are_data_of_the_package() -> None:
    folder = Path(str(agent.probes.snmp.__file__)).parent / "objects"

    assert {path.stem for path in folder.glob("*.yml")} == set(shipped_names()) >= NAMED


@pytest.mark.parametrize("name", shipped_names())
def test_a_set_of_the_package_holds_together(name: str) -> None:
    objects = shipped_set(name).objects
    names = {item.name for item in objects}

    assert shipped_set(name).name == name
    assert shipped_set(name).verified
    for item in objects:
        assert item.source, item.name
        assert item.help.endswith(f" - {decode_oid(item.oid)}"), item.name
        assert not item.instead_of or item.instead_of in names, item.name
        assert not item.named_by or item.named_by in names | {"entPhysicalName"}, item.name
        assert (item.means is Meaning.COMPONENT) == (item.component is not None), item.name
        assert item.series or item.means or item.name in {each.named_by for each in objects}, item.name


def test_a_port_has_six_series_and_each_is_that_of_if_mib() -> None:
    whole = {item.name: item for item in shipped_set("if_mib").objects}
    series = [item for item in shipped_set("interfaces").objects if item.series and not item.instead_of]

    assert len(series) == 6
    for item in series:
        assert (item.oid, item.type, item.indexes, item.lookups, item.values, item.help) == (
            whole[item.name].oid,
            whole[item.name].type,
            whole[item.name].indexes,
            whole[item.name].lookups,
            whole[item.name].values,
            whole[item.name].help,
        )


def test_if_mib_is_the_whole_of_both_tables() -> None:
    numbers = {decode_oid(item.oid) for item in shipped_set("if_mib").objects}

    assert numbers == {
        "1.3.6.1.2.1.1.3",
        *(f"1.3.6.1.2.1.2.2.1.{column}" for column in range(1, 22)),
        *(f"1.3.6.1.2.1.31.1.1.1.{column}" for column in range(1, 20)),
    }


def read(text: str) -> ObjectSet:
    return read_object_set("own.yml", text.encode())


def test_an_own_set_is_read_and_is_not_verified_unless_it_says_so() -> None:
    own = read("""name: own-switch
source: "the maker's MIB"
identified_by: [1.3.6.1.4.1.99999]
objects:
  - {name: ownTemperature, oid: 1.3.6.1.4.1.99999.1, type: gauge, means: temperature, factor: 0.1}
""")

    assert not own.verified
    assert own.identified_by == (encode_oid("1.3.6.1.4.1.99999"),)
    assert own.objects[0].type is ObjectType.GAUGE
    assert own.objects[0].factor == 0.1
    assert own.objects[0].source == "the maker's MIB"


HEAD = "name: own\nobjects:\n"


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("name: own\n", 1, "objects"),
        (
            HEAD + "  - {name: a, oid: 1.3.6.1, type: gauge}\n  - {name: a, oid: 1.3.6.2, type: gauge}\n",
            1,
            "of one name",
        ),
        (HEAD + "  - {name: a, oid: 1.3.6.1, type: number}\n", 3, "'number'"),
        (HEAD + "  - {name: a, oid: 1.3.6.x, type: gauge}\n", 3, "OID"),
        (HEAD + "  - {name: a, oid: 1.3.6.1, type: gauge, means: luck}\n", 3, "'luck'"),
        (HEAD + "  - {name: a, oid: 1.3.6.1, type: gauge, color: red}\n", 3, "'color'"),
        (HEAD + "  - {name: 'a b', oid: 1.3.6.1, type: gauge}\n", 3, "form"),
        (HEAD + "  - {name: a, type: gauge}\n", 3, "lacks"),
        (HEAD + "  - {name: a, oid: 1.3.6.1, type: gauge, faults: {x: fan_failed}}\n", 3, "form"),
        (HEAD + "  - &it {name: a, oid: 1.3.6.1, type: gauge}\n  - *it\n", 1, "aliases"),
        (HEAD + "  - {name: a,\n", 4, "YAML"),
        ("", 1, "empty"),
    ],
)
def test_a_fault_is_told_with_file_and_line_in_both_languages(text: str, line: int, word: str) -> None:
    with pytest.raises(ObjectFileError) as caught:
        read(text)

    assert caught.value.wrong.en.startswith(f"own.yml:{line}: ")
    assert caught.value.wrong.vi.startswith(f"own.yml:{line}: ")
    assert word in caught.value.wrong.en
    assert caught.value.right.vi
    assert caught.value.right.en


def test_a_file_that_cannot_be_read_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(ObjectFileError, match=r"missing\.yml: cannot be read"):
        own_set(str(tmp_path / "missing.yml"))


def test_a_file_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "large.yml"
    path.write_bytes(b"#" * (1024 * 1024 + 2))

    with pytest.raises(ObjectFileError, match="too large"):
        own_set(str(path))


@pytest.mark.parametrize("dotted", ["1.3.6.1.2.1.2.2.1.8.16777217", "2.999.3", "0.0", "1.3.6.1.4.1.4294967295"])
def test_an_oid_comes_back_as_it_was(dotted: str) -> None:
    assert decode_oid(encode_oid(dotted)) == dotted


@pytest.mark.parametrize("dotted", ["", "1", "1.40", "3.1", "1.3.-1", "1.3.6.4294967296", "1..3", "1.3.x"])
def test_what_is_no_oid_is_refused(dotted: str) -> None:
    with pytest.raises(ValueError, match="object identifier"):
        encode_oid(dotted)
