"""pysnmp reads what our USM writes and writes what it reads, for every way of authentication and encryption."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.clock import SystemClock
from agent.model import Reason
from agent.probes.snmp import ber, usm
from agent.probes.snmp.client import SnmpClient, SnmpFailure, SnmpShared
from agent.probes.snmp.credential import AuthProtocol, PrivacyProtocol, SnmpCredential
from agent.probes.snmp.usm_keys import engine_key, password_key
from agent.probes.snmp.values import encode_oid
from tests.agent.probes.snmp.pysnmp_agent import WAYS, credential_of, pysnmp_agent
from tests.agent.probes.snmp.scripted_agent import relay, scripted_agent

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # pysnmp's open files

SYSTEM = [encode_oid(f"1.3.6.1.2.1.1.{scalar}.0") for scalar in (1, 2, 3)]
SHA_AES = (AuthProtocol.SHA, PrivacyProtocol.AES128)
MD5_DES = (AuthProtocol.MD5, PrivacyProtocol.DES)
ENGINE_ID = b"\x80\0\0\0\5agent"


@pytest.fixture
async def shared() -> AsyncIterator[SnmpShared]:
    opened = SnmpShared(SystemClock())
    yield opened
    opened.close()


def client(shared: SnmpShared, credential: SnmpCredential, port: int, timeout: float = 3.0) -> SnmpClient:
    clock = SystemClock()
    return SnmpClient(
        shared, credential, address="127.0.0.1", port=port, clock=clock, deadline=clock.monotonic() + timeout, retries=0
    )


async def reason_of(asking: SnmpClient) -> tuple[object, str]:
    with pytest.raises(SnmpFailure) as failed:
        await asking.get(SYSTEM)
    return failed.value.reason, failed.value.detail


async def test_every_way_is_understood_by_pysnmp_and_its_answers_by_us(shared: SnmpShared) -> None:
    async with pysnmp_agent(WAYS, ENGINE_ID) as (port, _):
        for auth, privacy in WAYS:
            asking = client(shared, credential_of(auth, privacy), port)
            values = await asking.get(SYSTEM)
            assert list(values) == SYSTEM, (auth, privacy)
            assert asking.engine is not None
            assert asking.engine.engine_id == ENGINE_ID
            again = client(shared, credential_of(auth, privacy), port)
            assert await again.get(SYSTEM[:1])
            assert again.packets_sent == 1, "the engine is remembered"


async def test_a_walk_goes_through_v3_as_well(shared: SnmpShared) -> None:
    async with pysnmp_agent([SHA_AES]) as (port, _):
        rows = await client(shared, credential_of(*SHA_AES), port).walk([encode_oid("1.3.6.1.2.1.1")], 100)
    assert len(rows[encode_oid("1.3.6.1.2.1.1")]) > 5


@pytest.mark.parametrize("way", [SHA_AES, MD5_DES])
async def test_wrong_passwords_and_users_are_told_apart(
    shared: SnmpShared, way: tuple[AuthProtocol, PrivacyProtocol]
) -> None:
    async with pysnmp_agent([way]) as (port, _):
        wrong_auth = credential_of(*way, auth_password=b"other-password")
        assert await reason_of(client(shared, wrong_auth, port, 0.3)) == (Reason.NOT_PERMITTED, "wrongDigests")
        stranger = credential_of(*way, user="nobody")
        assert await reason_of(client(shared, stranger, port, 0.3)) == (Reason.NOT_PERMITTED, "unknownUserNames")
        wrong_privacy = credential_of(*way, privacy_password=b"other-password")
        reason, detail = await reason_of(client(shared, wrong_privacy, port, 0.3))
        assert (reason, detail) in ((Reason.TIMEOUT, ""), (Reason.NOT_PERMITTED, "decryptionErrors"))


async def test_a_clock_that_is_known_wrong_is_set_right_in_the_same_run(shared: SnmpShared) -> None:
    credential = credential_of(*SHA_AES)
    async with pysnmp_agent([SHA_AES]) as (port, _):
        await client(shared, credential, port).get(SYSTEM)
        memory = shared.memory_of("127.0.0.1", port, credential)
        assert memory.engine is not None
        for boots, seconds in (
            (memory.engine.boots + 3, 0),
            (0, 0),
            (memory.engine.boots, memory.engine.seconds + 999),
        ):
            right = memory.engine
            memory.engine = right._replace(boots=boots, seconds=seconds)
            asking = client(shared, credential, port)
            assert await asking.get(SYSTEM)
            assert asking.packets_sent == 2
            assert memory.engine.boots == right.boots
            assert memory.engine.seconds - right.seconds < 3


async def test_another_engine_at_the_address_is_found_in_the_same_run(shared: SnmpShared) -> None:
    credential = credential_of(*SHA_AES)
    async with pysnmp_agent([SHA_AES], b"\x80\0\0\0\5other") as (port, _):
        memory = shared.memory_of("127.0.0.1", port, credential)
        memory.engine = usm.EngineClock(ENGINE_ID, 1, 1, SystemClock().monotonic())
        memory.keys = await shared.keys.for_engine(credential, ENGINE_ID)
        asking = client(shared, credential, port)
        assert await asking.get(SYSTEM)
        assert asking.packets_sent == 3, "a report, a discovery, the answer"
        assert memory.engine.engine_id == b"\x80\0\0\0\5other"


def forged_report(request: bytes, oid: str, engine_id: bytes) -> bytes:
    """As anybody writes one who sees the request: it carries the msgID, but no digest."""
    token = request[request.index(b"\x02\x04") + 2 :][:4]
    varbind = ber.tlv(0x30, ber.tlv(6, encode_oid(f"{oid}.0")) + b"\x41\1\x07")
    pdu = ber.tlv(0xA8, b"\x02\x01\0\x02\1\0\x02\1\0" + ber.tlv(0x30, varbind))
    parameters = ber.tlv(0x30, ber.tlv(4, engine_id) + b"\x02\1\1\x02\1\1" + b"\x04\0\x04\0\x04\0")
    scoped = ber.tlv(0x30, ber.tlv(4, engine_id) + b"\x04\0" + pdu)
    head = b"\x02\1\3" + ber.tlv(0x30, b"\x02\4" + token + b"\x02\3\0\xff\xe3\x04\1\0\x02\1\3")
    return ber.tlv(0x30, head + ber.tlv(4, parameters) + scoped)


@pytest.mark.parametrize(
    "oid",
    [
        "1.3.6.1.6.3.15.1.1.1",
        "1.3.6.1.6.3.15.1.1.2",
        "1.3.6.1.6.3.15.1.1.3",
        "1.3.6.1.6.3.15.1.1.4",
        "1.3.6.1.6.3.15.1.1.5",
        "1.3.6.1.6.3.15.1.1.6",
        "1.3.6.1.9.9.9",
    ],
)
async def test_a_forged_report_decides_nothing_while_the_device_answers(shared: SnmpShared, oid: str) -> None:
    credential = credential_of(*SHA_AES)
    async with pysnmp_agent([SHA_AES]) as (port, _):
        memory = shared.memory_of("127.0.0.1", port, credential)
        await client(shared, credential, port).get(SYSTEM)
        async with relay(port, before=lambda request: (forged_report(request, oid, b"\x80\0\0\0\5forged"),)) as forger:
            forged = shared.memory_of("127.0.0.1", forger.port, credential)
            forged.engine, forged.keys = memory.engine, memory.keys
            assert await client(shared, credential, forger.port).get(SYSTEM)


async def test_a_forged_discovery_is_no_engine_for_good(shared: SnmpShared) -> None:
    credential, sent = credential_of(*SHA_AES), []

    def once(request: bytes) -> tuple[bytes, ...]:
        sent.append(request)
        return (forged_report(request, "1.3.6.1.6.3.15.1.1.4", b"\x80\0\0\0\5forged"),) if len(sent) == 1 else ()

    async with pysnmp_agent([SHA_AES]) as (port, _), relay(port, before=once) as forger:
        assert await client(shared, credential, forger.port).get(SYSTEM)
        memory = shared.memory_of("127.0.0.1", forger.port, credential)
    assert memory.engine is not None
    assert memory.engine.engine_id == ENGINE_ID


async def test_v3_is_never_left_for_a_version_that_answers(shared: SnmpShared) -> None:
    async with scripted_agent(lambda _: ()) as agent:
        assert await reason_of(client(shared, credential_of(*SHA_AES), agent.port, 0.3)) == (Reason.TIMEOUT, "")
        assert {request[4] for request in agent.requests} == {3}
        assert not any(b"pass" in request for request in agent.requests)


def test_keys_are_those_of_the_rfc() -> None:
    engine_id = bytes(11) + b"\2"  # RFC 3414 A.3.1 and A.3.2
    for protocol, key, of_engine in (
        (AuthProtocol.MD5, "9faf3283884e92834ebc9847d8edd963", "526f5eed9fcce26f8964c2930787d82b"),
        (AuthProtocol.SHA, "9fb5cc0381497b3793528939ff788d5d79145211", "6695febc9288e36282235fc7151f128497b38f3f"),
    ):
        made = password_key(protocol, b"maplesyrup")
        assert made.hex() == key
        assert engine_key(protocol, made, engine_id).hex() == of_engine


def test_the_discovery_is_the_recorded_one_but_for_the_length_of_its_number() -> None:
    assert usm.discovery(b"\1\2\3\4").hex() == (
        "303e0201033011020401020304020300ffe30401040201030410300e040002010002010004000400040030140400"
        "0400a00e0204010203040201000201003000"
    )


@given(st.binary(max_size=400))
def test_no_octets_break_the_reader(octets: bytes) -> None:
    for packet in (octets, b"\x30\x82" + len(octets).to_bytes(2, "big") + octets):
        with contextlib.suppress(ber.BerError):
            usm.read_usm_message(packet)
