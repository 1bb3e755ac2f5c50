"""From a snmp.yml to modules, object sets and credentials that load; what has no counterpart is named with its line."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from agent.errors import ConfigError
from agent.inventory.importing.proposal import ImportProposal, write
from agent.inventory.importing.propose_snmp_exporter import propose_snmp_exporter
from agent.inventory.load import load
from agent.probes.registry import PROBES
from agent.probes.snmp.credential import AuthProtocol, PrivacyProtocol
from agent.probes.snmp.message import SnmpVersion
from agent.probes.snmp.object_file import own_set
from agent.probes.snmp.object_set import ObjectType
from agent.probes.snmp.options import SnmpOptions
from agent.probes.snmp.values import encode_oid
from tests.agent.inventory.blackbox.test_blackbox import MAIN

DATA = Path(__file__).parents[3] / "data" / "snmp_exporter"
OLD, NEW = (DATA / "old-layout.yml").read_text("utf-8"), (DATA / "new-layout.yml").read_text("utf-8")
SECRETS = ("matkhau", "0123", "ngan")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    main = tmp_path / "sansang.yml"
    main.write_text(MAIN, encoding="utf-8")
    return main


def proposed(config: Path, text: str, language: str = "en") -> ImportProposal:
    file = config.parent / "snmp.yml"
    file.write_text(text, encoding="utf-8")
    return propose_snmp_exporter(config, file, PROBES, language)


def options_of(config: Path, name: str) -> SnmpOptions:
    options = load(config, PROBES, "en").modules[name].options
    assert isinstance(options, SnmpOptions)
    return options


def notes_of(proposal: ImportProposal) -> dict[tuple[int, str], str]:
    return {(note.line, note.path): note.wrong for note in proposal.notes}


def test_the_layout_with_an_auth_in_each_module(config: Path) -> None:
    write(proposed(config, OLD))
    ports, ups, core = (options_of(config, name) for name in ("if_mib", "ups", "core"))
    assert (ports.max_repetitions, ports.retries) == (100, 2)
    credentials = [options.chosen() for options in (ports, ups, core)]
    assert [one.name for one in credentials if one] == ["public_v2", "public_v1", "core"]
    assert [one.version for one in credentials if one] == [SnmpVersion.V2C, SnmpVersion.V1, SnmpVersion.V3]
    third = credentials[2]
    assert third
    assert (third.user, third.auth, third.privacy) == (b"probe", AuthProtocol.SHA, PrivacyProtocol.AES128)
    assert (third.auth_password, third.privacy_password) == (b"matkhau-xac-thuc", b"matkhau-rieng")


def test_objects_keep_types_indexes_lookups_words_and_scale(config: Path) -> None:
    write(proposed(config, OLD))
    uptime, state, address = own_set(str(config.parent / "objects" / "snmp-if-mib.yml")).objects
    assert (uptime.oid, uptime.type, uptime.scale) == (encode_oid("1.3.6.1.2.1.1.3"), ObjectType.GAUGE, 0.01)
    assert (state.type, dict(state.values)) == (ObjectType.ENUM_AS_STATE_SET, {1: "up", 2: "down"})
    assert [(one.indexes, one.label, one.oid) for one in state.lookups] == [
        (("ifIndex",), "ifName", encode_oid("1.3.6.1.2.1.31.1.1.1.1")), ((), "ifIndex", b""),
    ]  # fmt: skip
    assert [(index.name, index.type) for index in address.indexes] == [("ipAdEntAddr", ObjectType.INET_ADDRESS_IPV4)]
    assert options_of(config, "if_mib").objects[0].object_set.complete


def test_what_has_no_counterpart_is_named_with_its_line(config: Path) -> None:
    notes = notes_of(proposed(config, OLD))
    for place, said in {
        (5, "if_mib.walk[2]"): "no metric is of it",
        (8, "if_mib.max_repetitions"): "here 1 to 100",
        (10, "if_mib.timeout"): "that of the whole run",
        (12, "if_mib.metrics"): "never asks for 1 of these (not in walk, get); here they are asked for: ipAdEntIfIndex",
        (24, "if_mib.metrics[3].type"): "this type has no counterpart; the object is left out",
        (29, "if_mib.metrics[4].regex_extracts"): "the object is left out",
        (30, "if_mib.metrics[5].name"): "stands in the module already",
        (43, "empty"): "no metrics that could be used; the module is left out",
    }.items():
        assert said in notes.pop(place), place
    assert not notes


def test_the_layout_with_auths_beside_the_modules(config: Path) -> None:
    proposal = proposed(config, NEW)
    notes = notes_of(proposal)
    for place, said in {
        (4, "auths.short.password"): "not of 8 to 127 octets; this auth is left out",
        (2, "auths"): "several auths; each check says which it takes: public_v2, core",
        (11, "modules.ports.walk[0]"): "the whole column is asked for",
        (16, "modules.ports.metrics[0].display_hint"): "left out",
        (20, "modules.ports.filters"): "all rows",
        (21, "modules.ports.walk_speed"): "not known",
    }.items():
        assert said in notes.pop(place), place
    assert not notes
    write(proposal)
    options = options_of(config, "ports")
    credential = options.chosen()
    assert credential
    assert (credential.name, credential.community) == ("public_v2", b"0123")
    assert options.credentials
    assert options.credentials.entries["core"].context == b"vlan-1"


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("text", [OLD, NEW], ids=["old", "new"])
def test_no_secret_is_shown_and_their_file_is_its_owners_alone(text: str, language: str, config: Path) -> None:
    proposal = proposed(config, text, language)
    shown = f"{proposal.changes} {proposal.notes} {proposal.text} {proposal.named}"
    assert not [secret for secret in SECRETS if secret in shown]
    write(proposal)
    assert stat.S_IMODE((config.parent / "snmp.credentials").stat().st_mode) == 0o600


def test_the_second_import_changes_nothing_and_one_object_is_shown_by_itself(config: Path) -> None:
    write(proposed(config, OLD))
    assert not proposed(config, OLD)
    changes = proposed(config, OLD.replace("scale: 0.01", "scale: 0.1")).changes["objects"]
    assert [row.id for row in changes.changed] == ["snmp-if-mib: sysUpTime"]
    assert not changes.added
    assert not changes.removed


def test_credentials_that_are_there_are_not_overwritten(config: Path) -> None:
    write(proposed(config, OLD))
    with pytest.raises(ConfigError) as told:
        proposed(config, OLD.replace("matkhau-rieng", "matkhau-khac"))
    assert [fault.file for fault in told.value.faults] == [str(config.parent / "snmp.credentials")]


METRIC = "{name: a, oid: 1.3.6.1.2.1.1.3, type: gauge"
HOSTILE = {
    "no modules": ("[]", "no modules in this file"),
    "empty": ("", "empty"),
    "too many modules": ("".join(f"m{number}: {{}}\n" for number in range(501)), "more than 500 modules"),
    "too much": (f"a: &a [{'~,' * 1000}]\nb: [{'*a,' * 500}]\n", "more than 400000 keys"),
    "deep": ("modules: " + "[" * 100_000, "not YAML"),
    "a metric that is none": ("m: {metrics: [1, [], {}]}", "not written as expected"),
    "an OID that is none": ("m: {metrics: [{name: a, oid: [1], type: gauge}]}", "not an OID"),
    "an arc too large": ("m: {metrics: [{name: a, oid: 1.3.99999999999, type: gauge}]}", "not an OID"),
    "a type of lists": ("m: {metrics: [{name: a, oid: 1.3.6, type: [gauge]}]}", "this type has no counterpart"),
    "not a number": (f"m: {{metrics: [{METRIC}, scale: nan}}]}}", "cannot be used here"),
    "a number too small": (f"m: {{metrics: [{METRIC}, scale: 1e-12}}]}}", "cannot be used here"),
    "words without numbers": (f"m: {{metrics: [{METRIC}, enum_values: {{a: b}}}}]}}", "cannot be used here"),
    "indexes without end": (f"m: {{metrics: [{METRIC}, indexes: [{'{},' * 17}]}}]}}", "cannot be used here"),
    "a flag that is none": (
        f"m: {{metrics: [{METRIC}, indexes: [{{labelname: i, type: gauge, implied: perhaps}}]}}]}}", "does not load",
    ),
    "a name of blanks": (f"'a b': {{metrics: [{METRIC}}}]}}", "not a name for a module"),
    "a name of labels": (
        f"m: {{metrics: [{METRIC}, lookups: [{{labels: ['a]'], labelname: b}}]}}]}}", "cannot be used",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_refused_in_words(kind: str, config: Path) -> None:
    text, said = HOSTILE[kind]
    with pytest.raises(ConfigError) as told:
        proposed(config, text)
    assert any(said in fault.wrong for fault in told.value.faults), told.value.faults
    assert not (config.parent / "objects").exists()


def test_text_of_the_file_stays_text(config: Path) -> None:
    said = 'help: "a\\n\\u2028\\u202e: {b} # \\"c\\"", enum_values: {1: "x\\ty"}'
    text = f"m: {{metrics: [{{name: a, oid: .1.3.6.1.2.1.1.3, type: gauge, {said}}}]}}"
    write(proposed(config, text))
    (part,) = own_set(str(config.parent / "objects" / "snmp-m.yml")).objects
    assert (part.help, dict(part.values)) == ('a : {b} # "c"', {1: "x y"})
