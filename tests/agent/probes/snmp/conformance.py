"""The probe `snmp` in every situation of the conformance suite."""

from __future__ import annotations

from agent.clock import SystemClock
from agent.lab.devices.device import DeviceKind
from agent.lab.devices.made import DEVICES
from agent.lab.listeners.snmp import COMMUNITY, SnmpListener
from agent.model import Reason
from agent.probes.snmp.credential import SnmpCredential
from agent.probes.snmp.credentials import Credentials
from agent.probes.snmp.message import SnmpVersion
from agent.probes.snmp.options import SnmpOptions
from agent.probes.snmp.reasons import SnmpReason
from tests.conformance.situations import DATAGRAMS, SHARED_SOCKET, Case, Situation, datagrams


def _switch() -> SnmpListener:
    return SnmpListener(DEVICES[DeviceKind.SWITCH]("switch", SystemClock()))


def _options(version: SnmpVersion) -> SnmpOptions:
    credential = SnmpCredential("lab", "here", version, community=COMMUNITY.encode())
    return SnmpOptions(Credentials("here", {"lab": credential}), retries=0)


CASES = tuple(
    Case(
        f"snmp {version.name.lower()}",
        "snmp",
        _options(version),
        datagrams(_switch),
        SHARED_SOCKET
        | {
            Situation.REFUSED: (Reason.REFUSED,),
            Situation.SILENT: (Reason.TIMEOUT,),
            Situation.GARBAGE: (Reason.PROTOCOL_ERROR,),
            Situation.ENDLESS: (Reason.PROTOCOL_ERROR,),
            Situation.DRIPPING: (Reason.PROTOCOL_ERROR,),
            Situation.STALLED: (Reason.PROTOCOL_ERROR,),
            Situation.SLOW: (Reason.OK,) if version is SnmpVersion.V2C else (Reason.OK, SnmpReason.SNMP_ERROR),
        },
        DATAGRAMS,
    )
    for version in (SnmpVersion.V1, SnmpVersion.V2C)
)
