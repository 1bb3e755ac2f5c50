"""Notifications as pysnmp encodes them: heard in the name of the device's credential, if they are worth a probe."""

from __future__ import annotations

import random

import pytest
from pyasn1.codec.ber import encoder
from pysnmp.proto import rfc1902
from pysnmp.proto.api import PROTOCOL_MODULES

from agent.clock import SystemClock
from agent.model import TrapResult
from agent.probes.snmp.client import SnmpShared
from agent.probes.snmp.credential import SnmpCredential
from agent.probes.snmp.credentials import Credentials
from agent.probes.snmp.message import SnmpVersion
from agent.probes.snmp.options import SnmpOptions
from agent.probes.snmp.trap import read_trap

LINK_DOWN = "1.3.6.1.6.3.1.1.5.3"
SHARED = SnmpShared(SystemClock())


def notification(oid: str, *, community: bytes = b"commune", kind: str = "SNMPv2TrapPDU") -> bytes:
    """A v2c notification about interface 3."""
    api = PROTOCOL_MODULES[SnmpVersion.V2C]
    pdu = getattr(api, kind)()
    (api.apiTrapPDU if kind == "SNMPv2TrapPDU" else api.apiPDU).set_defaults(pdu)
    varbinds = [
        ("1.3.6.1.2.1.1.3.0", rfc1902.TimeTicks(8_640_000)),
        ("1.3.6.1.6.3.1.1.4.1.0", rfc1902.ObjectIdentifier(oid)),
        ("1.3.6.1.2.1.2.2.1.1.3", rfc1902.Integer(3)),
    ]
    api.apiPDU.set_varbinds(pdu, varbinds)
    message = api.Message()
    api.apiMessage.set_defaults(message)
    api.apiMessage.set_community(message, community)
    api.apiMessage.set_pdu(message, pdu)
    return bytes(encoder.encode(message))


def options(version: SnmpVersion = SnmpVersion.V2C, community: bytes = b"commune") -> SnmpOptions:
    credential = SnmpCredential("c", "here", version, community=community, user=b"sansang")
    return SnmpOptions(Credentials("here", {"c": credential}))


@pytest.mark.parametrize(
    ("oid", "result"),
    [
        ("1.3.6.1.6.3.1.1.5.1", TrapResult.ACCEPTED),  # coldStart
        (LINK_DOWN, TrapResult.ACCEPTED),
        ("1.3.6.1.6.3.1.1.5.4", TrapResult.ACCEPTED),  # linkUp
        ("1.3.6.1.2.1.33.2.1", TrapResult.ACCEPTED),  # upsTrapOnBattery
        ("1.3.6.1.4.1.318.0.5", TrapResult.ACCEPTED),  # APC upsOnBattery
        ("1.3.6.1.6.3.1.1.5.5", TrapResult.IGNORED),  # authenticationFailure: anyone can cause it
        ("1.3.6.1.4.1.9.9.43.2.0.1", TrapResult.IGNORED),  # a configuration was changed
    ],
)
def test_ports_power_and_restarts_are_worth_a_probe(oid: str, result: TrapResult) -> None:
    assert read_trap(options(), SHARED, notification(oid)) is result


def test_an_inform_is_heard_like_a_trap() -> None:
    assert read_trap(options(), SHARED, notification(LINK_DOWN, kind="InformRequestPDU")) is TrapResult.ACCEPTED


def test_another_request_is_no_notification_even_if_it_names_one() -> None:
    assert read_trap(options(), SHARED, notification(LINK_DOWN, kind="SetRequestPDU")) is TrapResult.IGNORED


@pytest.mark.parametrize(
    "heard_with",
    [options(community=b"another"), options(SnmpVersion.V3), SnmpOptions(None)],
    ids=["another community", "a device that is asked by v3", "a file of credentials that could not be used"],
)
def test_in_another_name_it_is_not_authentic(heard_with: SnmpOptions) -> None:
    assert read_trap(heard_with, SHARED, notification(LINK_DOWN)) is TrapResult.UNAUTHENTICATED


def test_whatever_comes_is_some_result() -> None:
    draw, whole = random.Random(7), notification(LINK_DOWN)
    results = set()
    for _ in range(5_000):
        octets = bytearray(whole)
        for _ in range(draw.randint(1, 4)):
            octets[draw.randrange(len(octets))] = draw.randrange(256)
        cut = octets[: draw.randint(0, len(octets))] if draw.random() < 0.3 else octets
        results.add(read_trap(options(), SHARED, bytes(cut)))

    assert {TrapResult.MALFORMED, TrapResult.UNAUTHENTICATED, TrapResult.IGNORED} <= results
