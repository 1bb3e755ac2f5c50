"""The probe dns and blackbox_exporter on the same servers, of the lab, that answer wrongly, cut short or at length."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from agent.lab.listeners.dns import DnsListener, Record, address
from agent.model import Reason, ReasonCode
from agent.probes.dns.options import DnsOptions, Records
from agent.probes.dns.probe import SPEC
from agent.probes.dns.reasons import DnsReason
from agent.probes.options import Transport
from tests.peers.name_servers import NameServers
from tests.pki import pki
from tests.probing import run_probe

pytestmark = pytest.mark.peers
UDP = DnsOptions("portal.example")
TCP = replace(UDP, transport=Transport.TCP)
BITMAP = b"".join(bytes([window, 32]) + b"\xff" * 32 for window in range(20))
RULED = replace(TCP, min_answers=0, answer=Records(none_matches=(r"192\.0\.2\.80",)))
THEIRS: dict[str, Any] = {"query_name": "portal.example", "query_type": "A"}
FORBIDS = {"validate_answer_rrs": {"fail_if_matches_regexp": [r"192\.0\.2\.80"]}}
Make = Callable[[DnsListener], None]


def answering(*records: Record) -> Make:
    def make(listener: DnsListener) -> None:
        listener.answers = records

    return make


def instead(spoil: Callable[[bytes], bytes]) -> Make:
    """Something stands in front of the true answer."""

    def make(listener: DnsListener) -> None:
        listener.spoiled = (lambda _, answer: spoil(answer),)

    return make


def truncated(listener: DnsListener) -> None:
    listener.truncated_over_tcp = True


ROWS: list[tuple[str, Make, DnsOptions, ReasonCode, dict[str, Any], bool]] = [
    ("another id over TCP", instead(lambda answer: b"\0\0" + answer[2:]), TCP, Reason.PROTOCOL_ERROR, {}, False),
    ("nothing over TCP", instead(lambda _: b""), TCP, Reason.PROTOCOL_ERROR, {}, False),
    ("a record cut short over TCP", instead(lambda answer: answer[:-3]), TCP, Reason.PROTOCOL_ERROR, {}, False),
    ("another id over UDP first", instead(lambda answer: b"\0\0" + answer[2:]), UDP, Reason.OK, {}, False),
    ("the forbidden record", answering(address("192.0.2.80")), RULED, DnsReason.BAD_ANSWER, FORBIDS, False),
    ("truncated over TCP, forbidden", truncated, RULED, DnsReason.BAD_ANSWER, FORBIDS, True),
    ("truncated over TCP, nothing demanded", truncated, replace(TCP, min_answers=0), Reason.OK, {}, False),
    ("5,120 types over TCP", answering(Record(47, b"\0" + BITMAP)), TCP, Reason.OK, {}, False),
    (
        "5,120 types over TCP, judged",
        answering(Record(47, b"\0" + BITMAP)), RULED, Reason.TOO_LARGE, FORBIDS, True,
    ),
]  # fmt: skip


def _module(options: DnsOptions, theirs: dict[str, Any]) -> dict[str, Any]:
    more = {"preferred_ip_protocol": "ip4", "transport_protocol": options.transport.value}
    return {"prober": "dns", "timeout": "2s", "dns": THEIRS | more | theirs}


@pytest.fixture(scope="module")
def blackbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NameServers]:
    running = NameServers(tmp_path_factory.mktemp("wrong"), pki().good.pem)
    try:
        running.start_blackbox({name: _module(ours, theirs) for name, _, ours, _, theirs, _ in ROWS})
        yield running
    finally:
        running.stop()


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
async def test_the_right_verdict_beside_blackbox_exporter(blackbox: NameServers, row: tuple[Any, ...]) -> None:
    name, make, ours, reason, _, differs = row
    listener = DnsListener()
    make(listener)
    await listener.open("127.0.0.1")
    try:
        blackbox.at[name] = f"127.0.0.1:{listener.port}"
        result = await run_probe(SPEC, blackbox.at[name], ours, timeout=3.0)
        theirs = await asyncio.to_thread(blackbox.blackbox, name, name)
    finally:
        await listener.close()
    assert (result.reason, theirs != result.success) == (reason, differs), result.detail
