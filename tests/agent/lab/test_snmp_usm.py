"""The listener's version 3, asked by pysnmp's whole engine."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from pysnmp.hlapi.v3arch.asyncio import (
    ContextData,
    ObjectIdentity,
    ObjectType,
    SnmpEngine,
    UdpTransportTarget,
    UsmUserData,
    get_cmd,
    usmAesCfb128Protocol,
    usmHMAC192SHA256AuthProtocol,
)

from agent.lab.devices.device import DeviceKind
from agent.lab.devices.made import DEVICES
from agent.lab.listeners.snmp import SnmpListener, SnmpUser
from tests.clock import TravellingClock

USER = SnmpUser("sansang", auth_password="auth-pass-1", privacy_password="priv-pass-1")


@pytest.fixture
async def listener() -> AsyncIterator[SnmpListener]:
    agent = SnmpListener(DEVICES[DeviceKind.SWITCH]("switch-hall", TravellingClock()), user=USER)
    await agent.open("127.0.0.1")
    yield agent
    await agent.close()


async def told(listener: SnmpListener, name: str, auth: str, privacy: str, seconds: float = 2) -> str:
    """The description, or what pysnmp says went wrong."""
    protocols = {
        "authProtocol": usmHMAC192SHA256AuthProtocol,
        "privProtocol": usmAesCfb128Protocol if privacy else None,
    }
    given = {key: value for key, value in protocols.items() if value}
    user = UsmUserData(name, auth, privacy or None, **given)
    target = await UdpTransportTarget.create(("127.0.0.1", listener.port), timeout=seconds, retries=0)
    engine = SnmpEngine()
    try:
        asked = ObjectType(ObjectIdentity("1.3.6.1.2.1.1.5.0"))
        indication, status, _, variables = await get_cmd(engine, user, target, ContextData(), asked)
    finally:
        engine.close_dispatcher()
    return str(indication or status.prettyPrint() if indication or status else variables[0][1])


async def test_the_user_reads_and_everybody_else_is_told_why_not(listener: SnmpListener) -> None:
    assert await told(listener, USER.name, USER.auth_password, USER.privacy_password) == "switch-hall"
    assert "Unknown" in await told(listener, "nobody", USER.auth_password, USER.privacy_password)
    assert "digest" in await told(listener, USER.name, "wrong-password", USER.privacy_password)
    assert await told(listener, USER.name, USER.auth_password, "") == "authorizationError"


async def test_a_wrong_privacy_password_is_met_with_silence(listener: SnmpListener) -> None:
    assert "timeout" in (await told(listener, USER.name, USER.auth_password, "wrong-password", 0.2)).lower()
    listener.credential_changed = True
    assert "timeout" in (await told(listener, USER.name, USER.auth_password, USER.privacy_password, 0.1)).lower()


async def test_passwords_are_not_shown() -> None:
    assert "pass" not in repr(USER).replace("password", "")
