"""The SNMP client against Net-SNMP's agent, and beside pysnmp's client: the same values, the same refusals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

import pytest
from pysnmp.hlapi.v3arch import asyncio as pysnmp

from agent.clock import SystemClock
from agent.model import Reason, ReasonCode
from agent.probes.snmp.client import SnmpClient, SnmpFailure, SnmpShared
from agent.probes.snmp.credential import AuthProtocol, PrivacyProtocol, SnmpCredential
from agent.probes.snmp.message import SnmpVersion
from agent.probes.snmp.values import decode_oid, encode_oid
from tests.agent.probes.snmp.pysnmp_agent import AUTH, PRIVACY
from tests.peers.snmp_agents import AUTH_PASSWORD, COMMUNITY, PRIVACY_PASSWORD, NetSnmpAgent

pytestmark = [pytest.mark.peers, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]

NAME, LOCATION, ABSENT = "1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.6.0", "1.3.6.1.2.1.99.99.0"
EXPECTED = {NAME: b"sw-xa-01", LOCATION: b"Xa Test 01"}


class SnmpEngine(Protocol):
    """A client that is compared: values by name, or the reason why there are none."""

    async def get(
        self, agent: NetSnmpAgent, credential: SnmpCredential, oids: list[str]
    ) -> Mapping[str, bytes] | ReasonCode: ...


class Ours:
    async def get(
        self, agent: NetSnmpAgent, credential: SnmpCredential, oids: list[str]
    ) -> Mapping[str, bytes] | ReasonCode:
        clock = SystemClock()
        shared = SnmpShared(clock)
        asking = SnmpClient(
            shared,
            credential,
            address=agent.address,
            port=agent.port,
            clock=clock,
            deadline=clock.monotonic() + 1.5,
            retries=1,
        )
        try:
            values = await asking.get([encode_oid(oid) for oid in oids])
            return {decode_oid(name): bytes(value.content) for name, value in values.items()}
        except SnmpFailure as failed:
            return failed.reason
        finally:
            shared.close()


class Pysnmp:
    """Its Reports have names; what is missing comes as a value of its own type."""

    async def get(
        self, agent: NetSnmpAgent, credential: SnmpCredential, oids: list[str]
    ) -> Mapping[str, bytes] | ReasonCode:
        engine = pysnmp.SnmpEngine()
        target = await pysnmp.UdpTransportTarget.create((agent.address, agent.port), timeout=0.7, retries=1)
        names = [pysnmp.ObjectType(pysnmp.ObjectIdentity(oid)) for oid in oids]
        indication, status, _, values = await pysnmp.get_cmd(
            engine, _auth_data(credential), target, pysnmp.ContextData(), *names, lookupMib=False
        )
        engine.close_dispatcher()
        if indication is not None:
            return Reason.TIMEOUT if "No SNMP response" in str(indication) else Reason.NOT_PERMITTED
        if int(status) == 16:
            return Reason.NOT_PERMITTED
        return {str(name): bytes(value) for name, value in values if not value.tagSet.superTags[-1].tagClass & 0x80}


def _auth_data(credential: SnmpCredential) -> object:
    if credential.version is not SnmpVersion.V3:
        return pysnmp.CommunityData(credential.community.decode(), mpModel=int(credential.version))
    return pysnmp.UsmUserData(
        credential.user.decode(),
        credential.auth_password.decode() or None,
        credential.privacy_password.decode() or None,
        authProtocol=AUTH[credential.auth],
        privProtocol=PRIVACY[credential.privacy],
    )


def community(version: SnmpVersion, word: str = COMMUNITY) -> SnmpCredential:
    return SnmpCredential("test", "here", version, community=word.encode())


def user(
    name: str,
    auth: AuthProtocol | None = None,
    privacy: PrivacyProtocol | None = None,
    auth_password: str = AUTH_PASSWORD,
    privacy_password: str = PRIVACY_PASSWORD,
) -> SnmpCredential:
    return SnmpCredential(
        "test",
        "here",
        SnmpVersion.V3,
        user=name.encode(),
        auth=auth,
        auth_password=auth_password.encode() if auth else b"",
        privacy=privacy,
        privacy_password=privacy_password.encode() if privacy else b"",
    )


SHA, SHA256, AES, DES = AuthProtocol.SHA, AuthProtocol.SHA256, PrivacyProtocol.AES128, PrivacyProtocol.DES
RIGHT = {
    "v1": community(SnmpVersion.V1),
    "v2c": community(SnmpVersion.V2C),
    "noAuthNoPriv": user("plain"),
    "SHA": user("sha", SHA),
    "SHA-256": user("sha256", SHA256),
    "SHA AES": user("sha_aes", SHA, AES),
    "SHA DES": user("sha_des", SHA, DES),
    "SHA-256 AES": user("sha256_aes", SHA256, AES),
    "SHA-512 AES": user("sha512_aes", AuthProtocol.SHA512, AES),
    "MD5 DES": user("md5_des", AuthProtocol.MD5, DES),
}
WRONG = {
    "wrong community": (community(SnmpVersion.V2C, "other"), Reason.TIMEOUT),
    "unknown user": (user("nobody", SHA, AES), Reason.NOT_PERMITTED),
    "wrong auth": (user("sha_aes", SHA, AES, auth_password="other-password"), Reason.NOT_PERMITTED),
    "wrong hash": (user("sha_aes", SHA256, AES), Reason.NOT_PERMITTED),
    "wrong privacy key": (user("sha_aes", SHA, AES, privacy_password="other-password"), Reason.TIMEOUT),
    "too low a level": (user("sha_aes", SHA), Reason.NOT_PERMITTED),
    "more than the user has": (user("sha", SHA, AES), Reason.NOT_PERMITTED),
}


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetSnmpAgent]:
    started = NetSnmpAgent(tmp_path_factory.mktemp("snmpd"), "127.0.1.161")
    yield started
    started.stop()


@pytest.mark.parametrize("engine", [Ours(), Pysnmp()], ids=["ours", "pysnmp"])
@pytest.mark.parametrize("way", RIGHT)
async def test_every_way_reads_the_same_values(agent: NetSnmpAgent, engine: SnmpEngine, way: str) -> None:
    assert await engine.get(agent, RIGHT[way], [NAME, LOCATION]) == EXPECTED


@pytest.mark.parametrize("way", ["v2c", "SHA AES"])
async def test_what_is_not_there_is_absent(agent: NetSnmpAgent, way: str) -> None:
    assert await Ours().get(agent, RIGHT[way], [ABSENT, NAME]) == {NAME: b"sw-xa-01"}
    assert await Ours().get(agent, RIGHT["v1"], [ABSENT, NAME]) == {NAME: b"sw-xa-01"}


@pytest.mark.parametrize("engine", [Ours(), Pysnmp()], ids=["ours", "pysnmp"])
@pytest.mark.parametrize("way", WRONG)
async def test_refusals_are_told_apart_as_far_as_the_protocol_goes(
    agent: NetSnmpAgent, engine: SnmpEngine, way: str
) -> None:
    credential, reason = WRONG[way]
    assert await engine.get(agent, credential, [NAME]) is reason


async def test_another_engine_at_the_address_is_found_in_the_same_run(tmp_path: Path) -> None:
    agent = NetSnmpAgent(tmp_path / "again", "127.0.1.162")  # it makes itself a new engine id at each start
    clock = SystemClock()
    shared = SnmpShared(clock)

    def asking() -> SnmpClient:
        deadline = clock.monotonic() + 5
        return SnmpClient(
            shared, RIGHT["SHA AES"], address=agent.address, port=agent.port, clock=clock, deadline=deadline
        )

    try:
        first, second = asking(), asking()
        assert await first.get([encode_oid(NAME)])
        agent.stop()
        agent.start()
        assert await second.get([encode_oid(NAME)])
        assert first.engine is not None
        assert second.engine is not None
        assert second.engine.engine_id != first.engine.engine_id
        rows = await asking().walk([encode_oid("1.3.6.1.2.1.1"), encode_oid("1.3.6.1.2.1.2")], 1000)
        assert all(rows.values())
    finally:
        shared.close()
        agent.stop()
