"""T50: the agent is told to reload again and again while its file is being broken and repaired (docs/faults.md)."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.peers.agent_process import AgentProcess, Config, FaultNetwork, boottime_ms, pings
from tests.peers.witness import Witness

pytestmark = [
    pytest.mark.peers,
    pytest.mark.waits,
    pytest.mark.timeout(120),
    pytest.mark.skipif(os.geteuid() != 0, reason="namespaces with more than one host need root"),
]

COUNT, INTERVAL = 300, 4.0
HANGUPS, STORM = 300, 15.0


@pytest.fixture
def network() -> Iterator[FaultNetwork]:
    with FaultNetwork() as net:
        yield net


def atomic(file: Path, content: bytes) -> None:
    fresh = file.with_suffix(".new")
    fresh.write_bytes(content)
    fresh.replace(file)


def unreadable(file: Path, _: bytes) -> None:
    """A directory in its place: root reads whatever the permissions say."""
    file.unlink()
    file.mkdir()


def restored(file: Path, content: bytes) -> None:
    if file.is_dir():
        file.rmdir()
    file.write_bytes(content)  # not atomic: a reader may see the half of it


def half(file: Path, good: bytes) -> None:
    file.write_bytes(good[: len(good) // 2])


def empty(file: Path, _: bytes) -> None:
    file.write_bytes(b"")


def no_yaml(file: Path, _: bytes) -> None:
    atomic(file, b"organisation: [unclosed\n")


def bad_address(file: Path, good: bytes) -> None:
    atomic(file, good.replace(b'"10.99.16.1"', b'"10.99.16.999"'))


def huge(file: Path, good: bytes) -> None:
    atomic(file, good + b"x" * 20_000_000)


BREAKS = (half, empty, no_yaml, bad_address, huge, unreadable)


def storm(agent: AgentProcess, chance: random.Random) -> None:
    """HANGUPS in STORM seconds; between two of them the file may be broken or whole. The last one finds it whole."""
    good = agent.file.read_bytes()
    for number in range(HANGUPS):
        if number % 3 == 0:
            restored(agent.file, good)
        elif number % 3 == 2:
            chance.choice(BREAKS)(agent.file, good)
        os.kill(agent.pid, signal.SIGHUP)
        time.sleep(STORM / HANGUPS)
    restored(agent.file, good)
    os.kill(agent.pid, signal.SIGHUP)  # the last of the storm may have read the broken file


@pytest.mark.alone
def test_a_storm_of_reloads_loses_and_doubles_no_probe(network: FaultNetwork, tmp_path: Path) -> None:
    config = Config(pings(COUNT), INTERVAL)
    with AgentProcess(network, tmp_path, config) as agent, Witness(network) as witness:
        agent.start()
        agent.until_all("UP", INTERVAL + 10)
        changes = len(agent.changes())
        begin_ms = boottime_ms()
        storm(agent, random.Random(50))
        agent.until(lambda: agent.value("sansang_config_last_reload_successful") == 1, 10, "the last one is taken")
        time.sleep(INTERVAL)
        end_ms = boottime_ms()
        pairs = [(check.id, check.address) for check in config.checks]
        interval_ms = int(INTERVAL * 1000)
        late = sorted(x for pair in pairs for x in witness.lateness(*pair, interval_ms, begin_ms, end_ms))
        log, p99 = agent.log, late[len(late) * 99 // 100]
        print(f"{log.count('configuration_reloaded')} taken, {log.count('configuration_refused')} refused", end="; ")
        print(f"{len(late)} probes, lateness p99 {p99:.0f} ms")
        assert log.count("configuration_refused") > 5
        assert p99 <= 1000
        assert witness.out_of_turn(config.checks, interval_ms, begin_ms, end_ms) == {}
        assert len(agent.changes()) == changes  # nobody's state was touched
        assert agent.states()["UP"] == COUNT


def test_an_agent_that_builds_everything_anew_forgets_at_a_reload(network: FaultNetwork, tmp_path: Path) -> None:
    """The control."""
    program = ("-m", "tests.peers.forgetful_agent")
    with AgentProcess(network, tmp_path, Config(pings(COUNT), INTERVAL), program=program) as agent:
        agent.start()
        agent.until_all("UP", INTERVAL + 10)
        os.kill(agent.pid, signal.SIGHUP)
        agent.until(lambda: agent.states()["UNKNOWN"] > COUNT / 2, INTERVAL, "most are UNKNOWN")


@pytest.mark.parametrize("breaks", BREAKS)
def test_a_broken_file_is_refused_and_said(
    network: FaultNetwork, tmp_path: Path, breaks: Callable[[Path, bytes], object]
) -> None:
    with AgentProcess(network, tmp_path, Config(pings(5), 2.0)) as agent:
        agent.start()
        good = agent.file.read_bytes()
        agent.until_all("UP", 10)
        breaks(agent.file, good)
        os.kill(agent.pid, signal.SIGHUP)
        agent.until(lambda: agent.value("sansang_config_last_reload_successful") == 0, 10, "it is refused")
        assert agent.states() == {"UP": 5}
        restored(agent.file, good)
        os.kill(agent.pid, signal.SIGHUP)
        agent.until(lambda: agent.value("sansang_config_last_reload_successful") == 1, 10, "it is taken")
        assert agent.states() == {"UP": 5}
