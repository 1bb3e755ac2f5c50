"""The district in this process, on plain 127.x and free ports: what it answers, and every fault with its undoing."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.errors import LabError
from agent.lab.control_protocol import MISBEHAVIOUR_OF, LabAction, LabCommand, LabNote, LabReply
from agent.lab.district import LabHost, Ports, district
from agent.lab.listeners.base import Misbehaviour
from agent.lab.running import RunningDistrict, opened

OPTIONS = (
    "OPTIONS sip:{host} SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n"
    "From: <sip:test@127.0.0.1>;tag=1\r\nTo: <sip:{host}>\r\nCall-ID: 1@127.0.0.1\r\nCSeq: 1 OPTIONS\r\n"
    "Content-Length: 0\r\n\r\n"
)


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[RunningDistrict]:
    async with opened(district(2, Ports.FREE), tmp_path) as lab:
        yield lab


def place(running: RunningDistrict, name: str) -> LabHost:
    return running.district.find(name)[0]


async def first_line(where: LabHost, tls: ssl.SSLContext | None = None) -> str:
    """What a place answers to a proper request, its first line; raises OSError as connecting does."""
    request = OPTIONS.format(host=where.address) if where.service == "sip" else "GET / HTTP/1.0\r\n\r\n"
    async with asyncio.timeout(5):
        reader, writer = await asyncio.open_connection(str(where.address), where.port, ssl=tls)
        try:
            writer.write(request.encode())
            return (await reader.readline()).decode().strip()
        finally:
            writer.close()


async def test_every_service_answers_in_its_own_tongue(running: RunningDistrict) -> None:
    trusting = ssl.create_default_context(cafile=str(running.ca_file))
    trusting.check_hostname = True
    assert await first_line(place(running, "room-01")) == "SIP/2.0 200 OK"
    assert await first_line(place(running, "web-01")) == "HTTP/1.1 200 OK"
    assert await first_line(place(running, "mail")) == "220 mail.lab ESMTP"
    assert await first_line(place(running, "one-stop"), trusting) == "HTTP/1.1 200 OK"
    assert await first_line(place(running, "documents"), trusting) == "HTTP/1.1 200 OK"


async def test_22_communes_open_and_close_in_one_process(tmp_path: Path) -> None:
    async with opened(district(22, Ports.FREE), tmp_path) as lab:
        rooms = [each for each in lab.district.hosts if each.service == "sip"]
        assert len(rooms) == 18
        assert set(await asyncio.gather(*map(first_line, rooms))) == {"SIP/2.0 200 OK"}
    for room in rooms[:3]:
        with pytest.raises(ConnectionRefusedError):
            await first_line(room)


@pytest.mark.parametrize("name", ["room-02", "web-01", "mail"])
async def test_without_a_private_network_a_failed_service_refuses_and_comes_back(
    running: RunningDistrict, name: str
) -> None:
    before = await first_line(place(running, name))
    answer = await running.execute(LabCommand(LabAction.FAIL, (name,)))
    assert [(report.name, report.fault) for report in answer.hosts] == [(name, "fail")]
    assert answer.notes == ((LabNote.PINGS_CANNOT_FAIL, (name,)),)
    with pytest.raises(ConnectionRefusedError):
        await first_line(place(running, name))
    await running.execute(LabCommand(LabAction.FAIL, (name,)))
    answer = await running.execute(LabCommand(LabAction.RESTORE, (name,)))
    assert (answer.hosts[0].fault, answer.notes) == ("", ())
    assert await first_line(place(running, name)) == before


async def test_what_only_answers_pings_cannot_fail_here(running: RunningDistrict) -> None:
    for action in (LabAction.FAIL, LabAction.SLOW):
        with pytest.raises(LabError, match="only answers pings"):
            await running.execute(LabCommand(action, ("gateway-02",)))
    assert not any(report.fault for report in (await running.execute(LabCommand(LabAction.STATUS))).hosts)


async def test_a_whole_commune_is_cut_as_far_as_it_can_be(running: RunningDistrict) -> None:
    answer = await running.execute(LabCommand(LabAction.CUT, ("xa-quang-yen", "web-01")))
    assert {report.name for report in answer.hosts} == {"room-02", "web-01"}
    with pytest.raises(ConnectionRefusedError):
        await first_line(place(running, "room-02"))
    assert await first_line(place(running, "room-01")) == "SIP/2.0 200 OK"


@pytest.mark.parametrize("action", MISBEHAVIOUR_OF)
async def test_every_vice_reaches_its_listener_and_leaves_it(running: RunningDistrict, action: LabAction) -> None:
    answer = await running.execute(LabCommand(action, ("room-01", "one-stop"), seconds=2.5))
    assert [report.fault for report in answer.hosts] == [action.value] * 2
    assert [report.seconds for report in answer.hosts] == [2.5 if action is LabAction.SLOW else None] * 2
    assert (
        running.listener("room-01").misbehaviour is running.listener("one-stop").misbehaviour is MISBEHAVIOUR_OF[action]
    )
    await running.execute(LabCommand(LabAction.RESTORE, ("all",)))
    assert running.listener("room-01").misbehaviour is running.listener("one-stop").misbehaviour is Misbehaviour.NONE


async def test_a_busy_room_says_so_until_restored(running: RunningDistrict) -> None:
    await running.execute(LabCommand(LabAction.BUSY, ("room-01", "xa-quang-yen")))
    assert await first_line(place(running, "room-01")) == "SIP/2.0 486 Busy Here"
    assert await first_line(place(running, "room-02")) == "SIP/2.0 486 Busy Here"
    await running.execute(LabCommand(LabAction.RESTORE, ("all",)))
    assert await first_line(place(running, "room-01")) == "SIP/2.0 200 OK"


async def test_an_expired_certificate_is_served_until_restored(running: RunningDistrict) -> None:
    trusting = ssl.create_default_context(cafile=str(running.ca_file))
    await running.execute(LabCommand(LabAction.EXPIRE, ("one-stop",)))
    with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
        await first_line(place(running, "one-stop"), trusting)
    await running.execute(LabCommand(LabAction.RESTORE, ("one-stop",)))
    assert await first_line(place(running, "one-stop"), trusting) == "HTTP/1.1 200 OK"


@pytest.mark.parametrize(
    ("action", "name"),
    [
        (LabAction.BUSY, "one-stop"),
        (LabAction.EXPIRE, "room-01"),
        (LabAction.EXPIRE, "portal"),
        (LabAction.BUSY, "names"),
    ],
)
async def test_a_fault_that_does_not_fit_is_refused(running: RunningDistrict, action: LabAction, name: str) -> None:
    with pytest.raises(LabError, match="cannot do that"):
        await running.execute(LabCommand(action, (name,)))


async def test_a_wrong_name_among_right_ones_changes_nothing(running: RunningDistrict) -> None:
    with pytest.raises(LabError, match="room-99"):
        await running.execute(LabCommand(LabAction.FAIL, ("room-01", "room-99")))
    with pytest.raises(LabError, match="which place"):
        await running.execute(LabCommand(LabAction.RESTORE))
    assert await first_line(place(running, "room-01")) == "SIP/2.0 200 OK"


async def test_faults_add_up_and_restore_undoes_them_all(running: RunningDistrict) -> None:
    for order in (
        LabCommand(LabAction.BUSY, ("room-01",)),
        LabCommand(LabAction.SLOW, ("room-01",)),
        LabCommand(LabAction.FAIL, ("room-01",)),
    ):
        answer = await running.execute(order)
    assert answer.hosts[0].fault == "fail+busy+slow"
    assert (await running.execute(LabCommand(LabAction.RESTORE, ("room-01",)))).hosts[0].fault == ""
    assert await first_line(place(running, "room-01")) == "SIP/2.0 200 OK"


async def test_orders_at_the_same_time_take_turns(running: RunningDistrict) -> None:
    orders = [
        LabCommand(action, ("room-01", "web-01")) for action in (LabAction.FAIL, LabAction.RESTORE) for _ in range(10)
    ]
    answers: list[LabReply] = await asyncio.gather(*map(running.execute, orders))
    assert len(answers) == 20
    await running.execute(LabCommand(LabAction.RESTORE, ("all",)))
    assert await first_line(place(running, "web-01")) == "HTTP/1.1 200 OK"


async def test_a_port_that_is_taken_is_told_with_its_place(tmp_path: Path) -> None:
    async with opened(district(1, Ports.FREE), tmp_path / "first") as lab:
        room = place(lab, "room-01")
        other = district(1, Ports.FREE).with_ports({"room-01": room.port})
        with pytest.raises(LabError, match=f"room-01: {room.address}:{room.port} is taken"):
            async with opened(other, tmp_path / "second"):
                pass
