"""From a dead address to a message: agent, Prometheus, Alertmanager and a receiver, and every message counted.

One cause, one message, no end that is none. The rules are those of the build with shorter times.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.ledger.integrity.noted_head import HeadVerdict, find_head, parse_noted_head
from agent.ledger.integrity.verify import verify
from agent.ledger.reader import Reader
from dashboards.rules.all_rules import alerts
from tests.peers.agent_process import AgentProcess, Check, Config, FaultNetwork, host
from tests.peers.alert_chain import ALERTMANAGER, PROMETHEUS, chain
from tests.peers.alert_world import (
    BOOKS,
    CONFIRM,
    CUT,
    INTERVAL,
    PACE,
    ROOM,
    SERVICE,
    SETTINGS,
    TIMEOUT,
    World,
    ends,
    fires,
    monitored,
)

pytestmark = [
    pytest.mark.peers,
    pytest.mark.waits,
    pytest.mark.timeout(300),
    pytest.mark.skipif(os.geteuid() != 0, reason="namespaces with more than one host need root"),
]

CONFIG = Path(__file__).parents[2] / "config"
SITES = (
    "alone",
    "cut",
    "child-first",
    "child-back-first",
    "parent-back-first",
    "flap",
    "blip",
    "stays",
    "stays-cut",
    "works",
)
REMOVED = "removed"


def address(site: str, what: str) -> str:
    return host(2 * (*SITES, REMOVED, "office").index(site) + (what == "room"))


def checks(*sites: str) -> list[Check]:
    rows = [Check("office/portal", "web", f"http://{address('office', 'web')}/", "portal")]
    for site in sites:
        uplink = f"{site}/uplink"
        rows.append(Check(uplink, "ping", address(site, "uplink"), "uplink"))
        rows.append(Check(f"{site}/room", "ping", address(site, "room"), "conference", (uplink,)))
    return rows


@pytest.fixture
def network() -> Iterator[FaultNetwork]:
    with FaultNetwork() as made:
        yield made


@pytest.fixture
def world(network: FaultNetwork, tmp_path: Path) -> Iterator[World]:
    with monitored(network, tmp_path, checks(*SITES, REMOVED), SETTINGS) as made:
        yield made


def test_one_cause_is_one_message_and_no_end_is_told_that_is_none(world: World) -> None:
    window = _outages(world)
    _the_second_fault(world)
    _recoveries(world)
    _end_of_maintenance(world, window)
    _restart(world)
    _lost_path(world)
    _reloads(world)
    _absence_beyond_the_bound(world)
    _the_end(world)
    _mails(world)
    _archived(world)
    for site in (*SITES, REMOVED, "office", ""):
        print(f"{site or 'the monitor'}: {len(world.chain.of(site))} {world.chain.of(site)}")


def _outages(world: World) -> str:
    """Everything breaks at once; each site gets one message, a cut one too; seconds are measured. In maintenance: none.

    The id of the maintenance window.
    """
    begin = datetime.now(UTC) + timedelta(seconds=1)
    times = {"from": begin.isoformat(), "to": (begin + timedelta(hours=1)).isoformat()}
    window = world.order(do="add", scope="site:works", **times)
    world.kill("blip/room")
    time.sleep(TIMEOUT)
    world.mend("blip/room")
    time.sleep(1)
    rooms = ("alone", "child-first", "child-back-first", "flap", "stays", REMOVED)
    cuts = ("cut", "parent-back-first", "stays-cut")
    whole = [f"{site}/{place}" for site in cuts for place in ("uplink", "room")]
    world.kill(*(f"{site}/room" for site in (*rooms, "works")), *whole, "office/portal")
    for sites, alert in ((rooms, ROOM), (cuts, CUT), (("office",), SERVICE)):
        for site in sites:
            world.told(site, fires(alert))
    seconds = sorted(told.at - world.killed[told.site] for told in world.chain.messages)
    print(f"seconds from kill to message: {', '.join(f'{each:.1f}' for each in seconds)}")
    assert seconds[-1] <= INTERVAL + 3 * CONFIRM + TIMEOUT + 3 * SETTINGS.scrape_seconds + PACE.group_wait + 3
    return window


def _the_second_fault(world: World) -> None:
    """Rooms that were told, then lose their uplinks: one message more, no end of the first. A flapping room: none."""
    world.kill("child-first/uplink", "child-back-first/uplink")
    for site in ("child-first", "child-back-first"):
        world.told(site, fires(ROOM), fires(CUT))
    for _ in range(2):
        world.mend("flap/room")
        time.sleep(INTERVAL + TIMEOUT)
        assert world.agent.by_target("sansang_target_up")["flap/room"] == 1
        world.kill("flap/room")
        world.quiet(PACE.resolve_hold)


def _recoveries(world: World) -> None:
    world.mend("cut/uplink", "child-first/uplink", "child-back-first/room", "parent-back-first/uplink", "alone/room")
    world.mend("flap/room", "office/portal")
    time.sleep(1)
    world.mend("cut/room")
    world.told("cut", fires(CUT), ends(CUT))
    world.told("alone", fires(ROOM), ends(ROOM))
    world.told("flap", fires(ROOM), ends(ROOM))
    world.told("office", fires(SERVICE), ends(SERVICE))
    world.told("child-first", fires(ROOM), fires(CUT), ends(CUT))
    world.told("parent-back-first", fires(CUT), fires(ROOM), ends(CUT))
    world.told("child-back-first", fires(ROOM), fires(CUT), ends(CUT), ends(ROOM))
    world.mend("child-back-first/uplink", "child-first/room", "parent-back-first/room")
    world.told("child-first", fires(ROOM), fires(CUT), ends(CUT), ends(ROOM))
    world.told("parent-back-first", fires(CUT), fires(ROOM), ends(CUT), ends(ROOM))


def _end_of_maintenance(world: World, window: str) -> None:
    """Down all the time, and nothing was told. What is still down when the work is over is told then."""
    assert world.chain.of("works") == []
    world.order(do="cancel", id=window)
    world.told("works", fires(ROOM))
    world.mend("works/room")
    world.told("works", fires(ROOM), ends(ROOM))


def _restart(world: World) -> None:
    world.agent.stop()
    time.sleep(2)
    world.agent.start()
    world.quiet(INTERVAL + PACE.resolve_hold + 4)


def _lost_path(world: World) -> None:
    blind = "SansangPathLost"
    world.network.drop("meta l4proto icmp", "tcp dport 80")
    world.told("", fires(blind))
    world.quiet(3)
    world.mend()
    world.told("", fires(blind), ends(blind))
    world.quiet(PACE.resolve_hold + 3)


def _reloads(world: World) -> None:
    """A target that leaves the inventory while it is down ends its alert; the others do not notice. Prometheus too."""
    world.agent.config.checks = checks(*SITES)
    world.agent.file.write_text(world.agent.config.document(world.agent.storage), encoding="utf-8")
    os.kill(world.agent.pid, signal.SIGHUP)
    world.told(REMOVED, fires(ROOM), ends(ROOM))
    os.kill(world.chain.servers[PROMETHEUS].pid, signal.SIGHUP)
    world.quiet(PACE.resolve_hold)


def _absence_beyond_the_bound(world: World) -> None:
    """Longer than agent_absent_seconds and all that follows: only the silence is told, and only once."""
    silent = "SansangAgentSilent"
    before = len(world.chain.of(""))
    world.agent.stop()
    world.chain.until(lambda: len(world.chain.of("")) > before, 30, "the agent's silence")
    assert world.chain.of("")[before:] == [fires(silent)]
    world.quiet(SETTINGS.agent_absent_seconds + PACE.resolve_hold)
    world.agent.start()
    world.chain.until(lambda: len(world.chain.of("")) > before + 1, 20, "the agent's return")
    assert world.chain.of("")[before:] == [fires(silent), ends(silent)]
    world.quiet(PACE.resolve_hold + 2)


def _the_end(world: World) -> None:
    world.told("stays", fires(ROOM))
    world.told("stays-cut", fires(CUT))
    world.mend("stays/room", "stays-cut/uplink", "stays-cut/room")
    world.told("stays", fires(ROOM), ends(ROOM))
    world.told("stays-cut", fires(CUT), ends(CUT))
    assert world.chain.of("blip") == []


def _mails(world: World) -> None:
    """A mail for every message, in Vietnamese, with what to do."""
    made = world.chain
    made.until(lambda: len(made.mails) >= len(made.messages), 5, "as many mails as messages")
    assert len(made.mails) == len(made.messages)
    summaries = {row.name: row.summary.vi for row in alerts(SETTINGS)}
    subjects = sorted(
        f"{'[Sự cố]' if told.status == 'firing' else '[Đã hết]'} {summaries[told.alert]}" for told in made.messages
    )
    assert sorted(str(mail["Subject"]) for mail in made.mails) == subjects
    room = next(mail for mail in made.mails if str(mail["Subject"]) == f"[Sự cố] {summaries[ROOM]}")
    body = room.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "Điểm cầu tại " in text
    assert "→" in text
    assert f"{BOOKS}/SansangConferencePointDown.md" in text


def _archived(world: World) -> None:
    """The head of the agent's restarts, in the archive's webhook and mailbox, is in the ledger still."""
    made = world.chain
    made.until(lambda: bool(made.archive and made.archive_mails), 20, "the archive's messages")
    storage = world.agent.storage
    for text in made.archive:
        head = parse_noted_head(text.partition("--anchor ")[2])
        reader = Reader.open(storage)
        try:
            assert find_head(head, reader.hash_of, verify(storage)).verdict is HeadVerdict.CONTAINED
        finally:
            reader.close()
    assert len(made.archive) == len(set(made.archive)), "once for each head"
    subjects = {str(mail["Subject"]) for mail in made.archive_mails}
    assert subjects == {f"[Lưu] {row.summary.vi}" for row in alerts(SETTINGS) if row.name == "SansangLedgerHead"}


def test_debians_servers_take_the_committed_files_as_they_are(network: FaultNetwork, tmp_path: Path) -> None:
    with AgentProcess(network, tmp_path, Config(checks("alone"), INTERVAL, TIMEOUT, CONFIRM)) as agent:
        agent.start()
        with chain(network, CONFIG, tmp_path) as made:

            def health() -> list[str]:
                return [each["health"] for each in made.get(PROMETHEUS, "/api/v1/targets")[1]["data"]["activeTargets"]]

            def rules() -> set[str]:
                groups = made.get(PROMETHEUS, "/api/v1/rules")[1]["data"]["groups"]
                return {rule["health"] for group in groups for rule in group["rules"]}

            made.until(lambda: health() == ["up"], 40, "the agent is up")
            made.until(
                lambda: rules() == {"ok"}, 90, "every rule was evaluated"
            )  # one group has its turn once a minute
            receivers = made.get(ALERTMANAGER, "/api/v2/status")[1]["config"]["original"]
            assert "smtp_smarthost: localhost:25" in receivers
