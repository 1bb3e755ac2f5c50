"""The listener seen through asyncio's own streams, not through our probe."""

from __future__ import annotations

import asyncio

import pytest

from agent.lab.listeners.base import Misbehaviour
from agent.lab.listeners.h323 import RELEASE_COMPLETE, H323Behaviour, H323Point
from tests.recorded_h323 import STATUS_ENQUIRIES

ENQUIRY = STATUS_ENQUIRIES[1].sent
SETUP = bytes.fromhex("0300000908020201") + b"\x05"


async def said(point: H323Point, message: bytes, wait: float = 2.0) -> tuple[bytes, bool]:
    """What came on a message, and whether the end came too."""
    await point.open("127.0.0.1")
    reader, writer = await asyncio.open_connection("127.0.0.1", point.port)
    came, ended = bytearray(), False
    try:
        writer.write(message)
        async with asyncio.timeout(wait):
            while data := await reader.read(4096):
                came += data
                if len(came) > 100_000:
                    break
            ended = not data
    except TimeoutError:
        pass
    finally:
        writer.transport.abort()
        await point.close()
    return bytes(came), ended


@pytest.mark.parametrize(
    ("behaviour", "answer"),
    [
        (H323Behaviour.ANSWERS, (RELEASE_COMPLETE, True)),
        (H323Behaviour.CLOSES, (b"", True)),
        (H323Behaviour.IGNORES, (b"", False)),
    ],
)
async def test_it_does_what_was_recorded(behaviour: H323Behaviour, answer: tuple[bytes, bool]) -> None:
    point = H323Point(behaviour)
    assert await said(point, ENQUIRY, wait=0.2) == answer
    assert answer in {(each.came, each.closed) for each in STATUS_ENQUIRIES}
    assert point.messages == [ENQUIRY]


async def test_it_counts_what_would_have_rung() -> None:
    point = H323Point()
    await said(point, SETUP)
    assert point.setups == 1


@pytest.mark.parametrize(
    ("misbehaviour", "start", "ended"),
    [
        (Misbehaviour.SILENT, b"", False),
        (Misbehaviour.GARBAGE, b"\xff\xfb", True),
        (Misbehaviour.ENDLESS, b"\x03\x00\xff\xff\x08\x02xxx", False),
        (Misbehaviour.DRIP, RELEASE_COMPLETE[:1], False),
        (Misbehaviour.STALL, RELEASE_COMPLETE[:13], False),
        (Misbehaviour.CLOSE, b"", True),
    ],
)
async def test_vices(misbehaviour: Misbehaviour, start: bytes, ended: bool) -> None:
    point = H323Point()
    point.misbehaviour = misbehaviour
    came, at_end = await said(point, ENQUIRY, wait=0.2)
    assert came.startswith(start)
    assert (len(came) > 100_000) is (misbehaviour is Misbehaviour.ENDLESS)
    assert at_end is ended


async def test_reset() -> None:
    point = H323Point()
    point.misbehaviour = Misbehaviour.RESET
    with pytest.raises(ConnectionResetError):
        await said(point, ENQUIRY)
