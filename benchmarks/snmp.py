"""CPU of the probing process for SNMP, beyond what a coroutine costs that does nothing: python -m benchmarks.snmp

A GET of five and a walk of the whole if_mib on 48 ports, with v2c and with v3 (SHA-1 and AES-128), 100 under way at
once. The agent is another process; its answers are made once through pysnmp's messages, and sealed anew for v3.
"""
# ruff: noqa: SLF001 - the agent of the measurement seals with the probe's own ciphers

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection

import uvloop

from agent.clock import SystemClock
from agent.probes.snmp import ber, usm
from agent.probes.snmp.client import SnmpClient, SnmpShared
from agent.probes.snmp.credential import AuthProtocol, PrivacyProtocol, SnmpCredential
from agent.probes.snmp.message import SnmpVersion, token_of
from agent.probes.snmp.usm_keys import UsmKeys, engine_keys, password_key
from agent.probes.snmp.values import encode_oid
from benchmarks.snmp_switch import IF_TABLE, IF_X_TABLE, PORTS, PreparedSwitch

TOGETHER, GETS, WALKS, ROUNDS = 100, 20_000, 200, 3
ENGINE_ID, PASSWORD = b"\x80\0\0\0\5bench", b"password123"
COLUMNS = [encode_oid(oid) for oid in (*IF_TABLE, *IF_X_TABLE)]
FIVE = [encode_oid(f"1.3.6.1.2.1.{scalar}.0") for scalar in ("1.1", "1.2", "1.3", "1.5", "2.1")]
_PUBLIC = b"\x02\1\1\x04\6public"
V2C = SnmpCredential("bench", "here", SnmpVersion.V2C, community=b"public")
V3 = SnmpCredential(
    "bench",
    "here",
    SnmpVersion.V3,
    user=b"bench",
    auth=AuthProtocol.SHA,
    auth_password=PASSWORD,
    privacy=PrivacyProtocol.AES128,
    privacy_password=PASSWORD,
)


class _Agent(asyncio.DatagramProtocol):
    """Answers that were made once, with the number of the request that is answered; sealed anew for v3."""

    def __init__(self) -> None:
        self._switch = PreparedSwitch()
        self._keys = keys()

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        start, _ = ber.expect(data, 0, len(data), ber.SEQUENCE)
        three = data[start + 2] == SnmpVersion.V3
        self._transport.sendto(self._v3(data, token_of(data, len(data))) if three else self._switch.answer(data), addr)

    def _v3(self, data: bytes, token: bytes) -> bytes:
        message = usm.read_usm_message(data)
        if not message.engine_id:
            return _report(token)
        start, stop = ber.expect(data, message.scoped, len(data), ber.OCTET_STRING)
        plain = usm._decrypted(data[start:stop], self._keys, message)
        at, _ = ber.expect(plain, 0, len(plain), ber.SEQUENCE)
        for _ in range(2):
            _, at = ber.expect_octets(plain, at, len(plain))
        pdu = self._switch.pdu(ber.tlv(ber.SEQUENCE, _PUBLIC + plain[at:]), token)
        scoped = ber.tlv(ber.SEQUENCE, ber.tlv(ber.OCTET_STRING, ENGINE_ID) + b"\x04\0" + pdu)
        return _sealed(token, scoped, self._keys, message)


def _report(token: bytes) -> bytes:
    varbind = ber.tlv(0x30, ber.tlv(6, encode_oid("1.3.6.1.6.3.15.1.1.4.0")) + b"\x41\1\1")
    pdu = ber.tlv(0xA8, b"\x02\4" + token + b"\x02\1\0\x02\1\0" + ber.tlv(0x30, varbind))
    parameters = ber.tlv(0x30, ber.tlv(4, ENGINE_ID) + b"\x02\1\1\x02\1\1\x04\0\x04\0\x04\0")
    scoped = ber.tlv(0x30, ber.tlv(4, ENGINE_ID) + b"\x04\0" + pdu)
    return ber.tlv(0x30, usm._head(token, 0) + ber.tlv(4, parameters) + scoped)


def _sealed(token: bytes, scoped: bytes, made: UsmKeys, request: usm.UsmMessage) -> bytes:
    salt = os.urandom(8)
    payload = ber.tlv(4, usm._encrypted(scoped, made, request.boots, request.seconds, salt))
    after = ber.tlv(4, salt)
    known = ber.tlv(4, ENGINE_ID) + ber.integer(request.boots) + ber.integer(request.seconds) + ber.tlv(4, b"bench")
    parameters = ber.tlv(0x30, known + ber.tlv(4, bytes(12)) + after)
    message = ber.tlv(0x30, usm._head(token, 3) + ber.tlv(4, parameters) + payload)
    at = len(message) - len(payload) - len(after) - 12
    return message[:at] + usm._mac(made, message) + message[at + 12 :]


def keys() -> UsmKeys:
    key = password_key(AuthProtocol.SHA, PASSWORD)
    return engine_keys(AuthProtocol.SHA, key, PrivacyProtocol.AES128, key, ENGINE_ID)


def _serve(ready: Connection) -> None:
    async def serve() -> None:
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(_Agent, local_addr=("127.0.0.1", 0))
        ready.send(transport.get_extra_info("sockname")[1])
        await asyncio.Event().wait()

    uvloop.run(serve())


async def _nothing() -> None:
    await asyncio.sleep(0)


async def cpu_us(run: Callable[[], Awaitable[object]], count: int) -> float:
    """Microseconds of CPU of one run, 100 under way at once; the cheapest of three rounds."""

    async def several(most: int) -> None:
        for _ in range(most):
            await run()

    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        await asyncio.gather(*(several(count // TOGETHER) for _ in range(TOGETHER)))
        best = min(best, (time.process_time() - began) / count * 1e6)
    return best


async def measure(port: int) -> None:
    clock = SystemClock()
    shared = SnmpShared(clock)
    idle = await cpu_us(_nothing, GETS)
    print(f"does nothing: {idle:.1f} us")

    def client(credential: SnmpCredential) -> SnmpClient:
        return SnmpClient(
            shared, credential, address="127.0.0.1", port=port, clock=clock, deadline=clock.monotonic() + 10
        )

    async def get(credential: SnmpCredential) -> None:
        assert len(await client(credential).get(FIVE)) == len(FIVE)

    async def walk(credential: SnmpCredential) -> None:
        rows = await client(credential).walk(COLUMNS, 1000)
        assert sum(map(len, rows.values())) == PORTS * len(COLUMNS)

    for name, credential in (("v2c", V2C), ("v3 SHA/AES-128", V3)):
        await get(credential)
        print(f"{name}: GET of 5: {await cpu_us(lambda: get(credential), GETS) - idle:.1f} us beyond that")  # noqa: B023
        await walk(credential)
        print(f"{name}: walk of if_mib, 48 ports: {await cpu_us(lambda: walk(credential), WALKS) / 1000:.2f} ms")  # noqa: B023
    shared.close()


def main() -> None:
    here, there = Pipe()
    agent = Process(target=_serve, args=(there,), daemon=True)
    agent.start()
    try:
        uvloop.run(measure(here.recv()))
    finally:
        agent.terminate()
        agent.join()


if __name__ == "__main__":
    main()
