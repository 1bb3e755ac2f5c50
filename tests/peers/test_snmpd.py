"""The SNMP client against Net-SNMP's agent, and beside pysnmp's client: the same values, the same refusals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from agent.clock import SystemClock
from agent.model import Reason
from agent.probes.snmp.client import SnmpClient, SnmpShared
from agent.probes.snmp.credential import AuthProtocol, PrivacyProtocol, SnmpCredential
from agent.probes.snmp.message import SnmpVersion
from agent.probes.snmp.reasons import SnmpReason
from agent.probes.snmp.values import encode_oid
from tests.agent.probes.snmp.snmp_engines import ENGINES, MakeEngine
from tests.peers.snmp_agents import AUTH_PASSWORD, COMMUNITY, PRIVACY_PASSWORD, NetSnmpAgent

pytestmark = [pytest.mark.peers, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]

NAME, LOCATION, ABSENT = "1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.6.0", "1.3.6.1.2.1.99.99.0"
SYSTEM = "1.3.6.1.2.1.1"
EXPECTED = {NAME: b"sw-xa-01", LOCATION: b"Xa Test 01"}


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


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize("way", RIGHT)
async def test_every_way_reads_the_same_values(agent: NetSnmpAgent, engine: MakeEngine, way: str) -> None:
    assert await engine(agent.address, agent.port, RIGHT[way], 1.5).get([NAME, LOCATION]) == EXPECTED


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize("way", ["v1", "v2c", "SHA AES"])
async def test_what_is_not_there_is_absent(agent: NetSnmpAgent, engine: MakeEngine, way: str) -> None:
    values = await engine(agent.address, agent.port, RIGHT[way], 1.5).get([ABSENT, NAME])
    if (way, engine) == ("v1", ENGINES["pysnmp"]):
        assert values is SnmpReason.SNMP_ERROR, "noSuchName costs pysnmp the whole answer; ours asks for the rest"
    else:
        assert values == {NAME: b"sw-xa-01"}


@pytest.mark.parametrize("way", ["v1", "v2c", "SHA AES"])
async def test_a_walk_by_both_finds_the_same_names(agent: NetSnmpAgent, way: str) -> None:
    found = [await make(agent.address, agent.port, RIGHT[way], 2.0).walk([SYSTEM]) for make in ENGINES.values()]
    ours, theirs = (values for values in found if isinstance(values, Mapping))
    assert ours.keys() == theirs.keys()
    assert (ours[NAME], ours[LOCATION]) == (theirs[NAME], theirs[LOCATION])


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize("way", WRONG)
async def test_refusals_are_told_apart_as_far_as_the_protocol_goes(
    agent: NetSnmpAgent, engine: MakeEngine, way: str
) -> None:
    credential, reason = WRONG[way]
    assert await engine(agent.address, agent.port, credential, 1.5).get([NAME]) is reason


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
