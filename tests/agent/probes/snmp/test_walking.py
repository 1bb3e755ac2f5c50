"""Tables of devices that know no GetBulk: read whole, and in few questions where their rows are numbered in a row."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.clock import SystemClock
from agent.probes.snmp import ber
from agent.probes.snmp.client import SnmpClient, SnmpShared
from agent.probes.snmp.credential import SnmpCredential
from agent.probes.snmp.message import SnmpVersion, read_community_message
from agent.probes.snmp.values import decode_oid, encode_oid
from agent.probes.snmp.walking import RowsAhead, in_sequence, names_ahead
from tests.agent.probes.snmp.scripted_agent import response, scripted_agent

COLUMNS = [f"1.3.6.1.2.1.2.2.1.{number}" for number in (2, 7, 8, 10, 14, 16)]
NO_SUCH_NAME, TOO_BIG = 2, 1


@pytest.fixture
async def shared() -> AsyncIterator[SnmpShared]:
    opened = SnmpShared(SystemClock())
    yield opened
    opened.close()


def arcs(name: str) -> list[int]:
    return [int(arc) for arc in name.split(".")]


def agent_of_version_1(names: Iterable[str], most: int = 1000) -> Callable[[bytes], Iterable[bytes]]:
    """Has these names; answers GetNext with an error where one has no successor, or where it is asked for too much."""
    known = sorted(names, key=arcs)

    def answer(request: bytes) -> Iterable[bytes]:
        pdu = read_community_message(request).pdu
        asked = [name for name, _ in pdu.varbinds]
        if len(asked) > most:
            return [response(request, [], TOO_BIG)]
        found: list[tuple[bytes, bytes]] = []
        for index, name in enumerate(asked, 1):
            following = next((other for other in known if arcs(other) > arcs(decode_oid(name))), None)
            if following is None:
                return [response(request, [(name, b"\x05\0") for name in asked], NO_SUCH_NAME, index)]
            found.append((encode_oid(following), ber.integer(index)))
        return [response(request, found)]

    return answer


async def walked(
    shared: SnmpShared, names: Sequence[str], columns: Sequence[str], most: int = 1000
) -> tuple[Mapping[bytes, Iterable[bytes]], int]:
    """What each column was found to have, and how many questions that took."""
    clock = SystemClock()
    credential = SnmpCredential("old", "here", SnmpVersion.V1, community=b"public")
    async with scripted_agent(agent_of_version_1(names, most)) as agent:
        deadline = clock.monotonic() + 5
        client = SnmpClient(
            shared, credential, address="127.0.0.1", port=agent.port, clock=clock, deadline=deadline, retries=0
        )
        found = await client.walk([encode_oid(column) for column in columns], 1000)
        return found, len(agent.requests)


INDEXES = {
    "in a row": [str(number) for number in range(1, 25)],
    "from a high number": [str(number) for number in range(10101, 10125)],
    "with gaps": ["1", "2", "3", "7", "8", "127", "128", "129", "5000", "5001", "4294967295"],
    "of two numbers": ["1.6", "1.7", "2.1", "2.1.5", "2.1.6", "2.2", "3"],
    "far apart": [str(number * 1000) for number in range(1, 9)],
}


@pytest.mark.parametrize("ended", [True, False])
@pytest.mark.parametrize("indexes", INDEXES.values(), ids=INDEXES)
async def test_all_rows_are_found_however_they_are_numbered(
    shared: SnmpShared, indexes: list[str], ended: bool
) -> None:
    after = [] if ended else ["1.3.6.1.2.1.4.1.0"]  # else the table is the last that the device has
    names = [f"{column}.{index}" for column in COLUMNS for index in indexes]
    found, asked = await walked(shared, names + after, COLUMNS)

    for column in COLUMNS:
        own = encode_oid(column)
        assert [own + suffix for suffix in found[own]] == [encode_oid(f"{column}.{index}") for index in indexes]
    assert asked <= len(indexes) + 8


async def test_the_ports_of_a_switch_take_few_questions_one_after_the_other(shared: SnmpShared) -> None:
    names = [f"{column}.{index}" for column in COLUMNS for index in range(1, 25)]
    _, asked = await walked(shared, [*names, "1.3.6.1.2.1.4.1.0"], COLUMNS)

    assert asked <= 6  # of 25 where each row is a question: at 200 ms a round trip that is 5 s


async def test_a_device_that_can_hold_little_is_asked_row_by_row(shared: SnmpShared) -> None:
    names = [f"{column}.{index}" for column in COLUMNS for index in range(1, 10)]
    found, _ = await walked(shared, [*names, "1.3.6.1.2.1.4.1.0"], COLUMNS, most=len(COLUMNS))

    assert all(len(list(rows)) == 9 for rows in found.values())


@given(
    st.sets(st.lists(st.integers(0, 6), min_size=1, max_size=3).map(tuple), min_size=1, max_size=30),
    st.integers(1, 12),
)
def test_nothing_that_is_sure_has_a_row_before_it_that_is_left_out(rows: set[tuple[int, ...]], ahead: int) -> None:
    column = encode_oid("1.3.6.1")
    ordered, last, found = sorted(rows), column, []
    while True:
        names = names_ahead(column, last, ahead)
        own = [tuple(arcs(decode_oid(name))[4:]) for name in names]
        following = [next((row for row in ordered if row > name), None) for name in own]
        if following[0] is None:
            break
        parts = [(name_of(row), (2, 1)) for row in following if row is not None]
        sure = in_sequence(names, parts)  # type: ignore[arg-type]  # of a value only its place matters
        found += [tuple(arcs(decode_oid(name))[4:]) for name, _ in sure]
        last = sure[-1][0]
    assert found == ordered


def name_of(row: tuple[int, ...]) -> bytes:
    return encode_oid(".".join(map(str, (1, 3, 6, 1, *row))))


def test_guesses_that_miss_are_given_up() -> None:
    guesses = RowsAhead()
    for _ in range(8):
        guesses.heard(guesses.rows, 1)

    assert guesses.rows == 1
