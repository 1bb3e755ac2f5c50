"""Settings of sets and limits, and what they make of a reading."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from agent.inventory.canonical import _plain
from agent.model import Reason
from agent.probes.snmp.device import DeviceFindings
from agent.probes.snmp.facts import SnmpFacts
from agent.probes.snmp.judge import beyond
from agent.probes.snmp.options import SnmpDegraded, SnmpOptions
from agent.probes.snmp.probe import _SWITCHED_OFF, judge
from agent.probes.snmp.reasons import SnmpReason
from tests.agent.probes.snmp.recorded import device

OWN = "name: own\nobjects:\n  - {name: ownLoad, oid: 1.3.6.1.4.1.99999.1, type: gauge, means: cpu}\n"


def options(**keys: object) -> SnmpOptions:
    return TypeAdapter(SnmpOptions).validate_python(keys)


def test_a_set_may_be_named_and_stand_alone() -> None:
    assert [chosen.object_set.name for chosen in options(objects="if_mib").objects] == ["if_mib"]
    assert [chosen.object_set.name for chosen in options(objects=["system", "ups"]).objects] == ["system", "ups"]


def test_an_own_set_is_a_file_and_a_change_of_it_is_a_change_of_the_settings(tmp_path: Path) -> None:
    path = tmp_path / "own.yml"
    path.write_text(OWN)
    before = options(objects=[str(path)])
    assert options(objects=[str(path)]) == before
    path.write_text(OWN.replace("99999.1", "99999.2"))

    assert options(objects=[str(path)]) != before
    assert json.dumps(_plain(before.objects)) == json.dumps([str(path)])


@pytest.mark.parametrize(
    ("written", "word"), [("ciscoo", "no such object set: ciscoo"), ("./missing.yml", "cannot be read"), (3, "no name")]
)
def test_what_is_no_set_is_refused_with_what_would_be_right(written: object, word: str) -> None:
    with pytest.raises(ValidationError) as caught:
        options(objects=[written])
    (error,) = caught.value.errors()

    assert word in error["ctx"]["wrong"].en
    assert error["ctx"]["right"]


def test_a_fault_in_an_own_file_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "own.yml"
    path.write_text(OWN.replace("gauge", "guage"))
    with pytest.raises(ValidationError) as caught:
        options(objects=[str(path)])

    assert f"{path}:3: " in caught.value.errors()[0]["ctx"]["wrong"].vi


FACTS = SnmpFacts(
    cpu_ratio=0.95,
    temperatures_celsius=(("cpu", 71.0), ("board", 40.0)),
    port_errors=(("Gi0/1", 0.0), ("Gi0/2", 3.0), ("Gi0/3", 2.0)),
    port_receive_powers=(("sfp1", -27.5),),
    ups_runtime_seconds=300.0,
    lte_rsrp_dbm=-118.0,
)


@pytest.mark.parametrize(
    ("limits", "detail"),
    [
        ({}, ""),
        ({"cpu": "95%"}, ""),
        ({"cpu": "90%"}, "processor at 95 %, over 90 %"),
        ({"memory": "90%"}, ""),
        ({"errors": 1}, "port Gi0/2: 3 errors a second, over 1"),
        ({"temperature": 70}, "temperature cpu: 71 °C, over 70 °C"),
        ({"receive_power": -25}, "port sfp1: receives -27.5 dBm, under -25 dBm"),
        ({"runtime": "10m"}, "battery lasts 5 minutes, under 10 minutes"),
        ({"rsrp": -115}, "LTE at -118 dBm, under -115 dBm"),
    ],
)
def test_the_limit_that_is_passed_is_told(limits: dict[str, object], detail: str) -> None:
    words = beyond(FACTS, TypeAdapter(SnmpDegraded).validate_python(limits))

    assert (words.en if words else "") == detail
    assert words is None or "27.5" not in words.vi


def test_reasons_of_a_device_and_of_one_port() -> None:
    found = device("cisco").read()

    assert judge(found, "", options()) == (Reason.OK, "")
    assert judge(found, "genErr at 1.3", options()) == (SnmpReason.SNMP_ERROR, "genErr at 1.3")
    assert judge(found, "", options(degraded={"temperature": 30}))[0] is SnmpReason.OVER_LIMIT
    assert found.ports[1].disabled
    only = options(port="Gi1/0/2")
    assert judge(replace_ports(found, 1), "", only) == (SnmpReason.PORT_DOWN, _SWITCHED_OFF)
    assert judge(replace_ports(found, 0), "", only) == (Reason.OK, "")
    assert judge(replace_ports(found), "", only) == (SnmpReason.PORT_NOT_FOUND, "")


def replace_ports(found: DeviceFindings, *chosen: int) -> DeviceFindings:
    return replace(found, ports=tuple(found.ports[at] for at in chosen))
