"""The agent itself, with a wall clock that is wrong (libfaketime) and a kernel that says what it is told of it.

Ledger, page, API and metrics: where the clock is proved wrong good certificates are no outage, and bad ones stay bad.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme

from agent.explain.clock import DOUBTED, NOT_SYNCHRONISED
from agent.ledger.rows import StateChange
from agent.model import Reason, State, UnknownCause
from tests.peers.agent_process import AgentProcess, Check, Config, FaultNetwork
from tests.peers.shifted_clock import build, order
from tests.peers.test_faults_clock import LIBRARY

pytestmark = [
    pytest.mark.peers,
    pytest.mark.waits,
    pytest.mark.timeout(120),
    pytest.mark.skipif(os.geteuid() != 0, reason="namespaces need root"),
]

DAY = dt.timedelta(days=1)
ADDRESS = "127.60.0.1"
CHECKS = [
    Check("khu/web", "secure_web", f"https://{ADDRESS}:9443/"),
    Check("khu/tls", "secure_port", f"{ADDRESS}:9443"),
]
Start = Callable[..., AgentProcess]


@pytest.fixture
def network() -> Iterator[FaultNetwork]:
    with FaultNetwork() as net:
        yield net


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built = tmp_path_factory.mktemp("clock") / "shifted_clock.so"
    build(built)
    return built


@contextmanager
def showing(network: FaultNetwork, folder: Path, begins: dt.timedelta) -> Iterator[Path]:
    """OpenSSL's own server with a certificate whose life begins that far from now; gives the file of its authority."""
    authority = trustme.CA()
    now = dt.datetime.now(dt.UTC)
    issued = authority.issue_cert(ADDRESS, not_before=now + begins, not_after=now + begins + 60 * DAY)
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    issued.private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
    serve = ("openssl", "s_server", "-accept", f"{ADDRESS}:9443", "-cert", "server.pem", "-www", "-quiet")
    with subprocess.Popen(["ip", "netns", "exec", network.name("mon"), *serve], cwd=folder) as server:
        try:
            yield folder / "ca.pem"
        finally:
            server.kill()


@pytest.fixture
def start(network: FaultNetwork, library: Path, tmp_path: Path) -> Iterator[Start]:
    """An agent with that clock: faketime as libfaketime reads it, and what the kernel says of it."""
    orders = tmp_path / "orders"
    with ExitStack() as stack:

        def begin(ca_file: Path, faketime: str, *, synchronised: bool, more: Sequence[Check] = ()) -> AgentProcess:
            order(orders, 0, synchronised=synchronised)
            tls: dict[str, Any] = {"tls_config": {"ca_file": str(ca_file)}}
            modules = {"secure_web": {"probe": "http"} | tls, "secure_port": {"probe": "tcp", "tls": True} | tls}
            config = Config([*CHECKS, *more], interval=1.0, timeout=0.9, confirm=1.0, anchors=(), modules=modules)
            environment = {
                "LD_PRELOAD": f"{LIBRARY} {library}",
                "SHIFTED_CLOCK": str(orders),
                "FAKETIME": faketime,
                "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                "FAKETIME_FORCE_MONOTONIC_FIX": "0",
            }
            agent = stack.enter_context(AgentProcess(network, tmp_path, config, environment))
            agent.start()
            return agent

        yield begin


def last(agent: AgentProcess) -> dict[str, tuple[str, str, bool]]:
    """By target: the state, its cause, and whether the last run is doubted, over the API."""
    status, body = agent.get("/api/v1/targets")
    assert status == 200
    targets = json.loads(body)["targets"]
    doubted = {one["target"]: bool(one["last_run"] and one["last_run"]["clock_doubted"]) for one in targets}
    return {one["target"]: (one["state"], one["cause"], doubted[one["target"]]) for one in targets}


def become(agent: AgentProcess, state: str, cause: str, *, doubted: bool) -> None:
    wanted = {check.id: (state, cause, doubted) for check in CHECKS}
    agent.until(lambda: last(agent).items() >= wanted.items(), 20, f"{wanted}")


def test_a_clock_of_2000_calls_no_good_server_down(network: FaultNetwork, start: Start, tmp_path: Path) -> None:
    with showing(network, tmp_path, -DAY) as ca_file:
        agent = start(ca_file, "@2000-01-02 00:00:00", synchronised=False)
        become(agent, "unknown", "clock", doubted=True)
        agent.until(lambda: min(agent.by_target("sansang_probes_total").values()) > 5, 20, "more runs")
        assert agent.by_target("sansang_target_up") == {}
        assert agent.value("sansang_clock_synchronised") == 0
        assert NOT_SYNCHRONISED.en in agent.get("/?lang=en")[1].decode()
        assert "clock_not_synchronised" in agent.log
        assert "timedatectl set-ntp true" in agent.log
        agent.stop()
    assert not agent.downs()
    assert UnknownCause.CLOCK in {change.cause for change in agent.changes()}


def test_a_clock_of_2000_excuses_no_certificate_that_ended_before(
    network: FaultNetwork, start: Start, tmp_path: Path
) -> None:
    """By that clock it has expired, and the true time is later still."""
    with showing(network, tmp_path, -36 * 365 * DAY) as ca_file:
        agent = start(ca_file, "@2000-01-02 00:00:00", synchronised=False)
        become(agent, "down", Reason.TLS_EXPIRED, doubted=True)
        assert DOUBTED.en in agent.get("/?lang=en")[1].decode()


def test_a_synchronised_clock_is_believed_whatever_it_says(network: FaultNetwork, start: Start, tmp_path: Path) -> None:
    with showing(network, tmp_path, -DAY) as ca_file:
        agent = start(ca_file, "@2000-01-02 00:00:00", synchronised=True)
        become(agent, "down", Reason.TLS_NOT_YET_VALID, doubted=False)
        assert NOT_SYNCHRONISED.en not in agent.get("/?lang=en")[1].decode()


def test_a_doubt_without_a_proof_leaves_the_verdict(network: FaultNetwork, start: Start, tmp_path: Path) -> None:
    with showing(network, tmp_path, 30 * DAY) as ca_file:
        agent = start(ca_file, "+0", synchronised=False)
        become(agent, "down", Reason.TLS_NOT_YET_VALID, doubted=True)


@contextmanager
def telling(network: FaultNetwork, folder: Path, address: str) -> Iterator[None]:
    """A web server that says the true time in its Date header, as Python's own does."""
    serve = (sys.executable, "-m", "http.server", "--bind", address, "8080", "--directory", str(folder))
    with subprocess.Popen(
        ["ip", "netns", "exec", network.name("mon"), *serve], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            yield
        finally:
            server.kill()


@pytest.mark.parametrize(("second", "proved"), [("127.60.0.6", True), (ADDRESS, False)])
def test_two_other_servers_prove_a_clock_wrong_and_the_accused_is_none_of_them(
    network: FaultNetwork, start: Start, tmp_path: Path, second: str, proved: bool
) -> None:
    """The clock is 100 days ahead; by it the certificate ended 41 days ago."""
    told = [
        Check(f"khu/told-{number}", "web", f"http://{at}:8080/") for number, at in enumerate(("127.60.0.5", second))
    ]
    with (
        showing(network, tmp_path, -DAY) as ca_file,
        telling(network, tmp_path, "127.60.0.5"),
        telling(network, tmp_path, second),
    ):
        agent = start(ca_file, "+100d", synchronised=False, more=told)
        become(agent, *(("unknown", "clock") if proved else ("down", Reason.TLS_EXPIRED)), doubted=True)


@pytest.mark.parametrize(("wrote", "proved"), [("+40d", True), ("+20d", False)])
def test_what_the_ledger_knows_proves_a_clock_wrong(
    network: FaultNetwork, start: Start, tmp_path: Path, wrote: str, proved: bool
) -> None:
    """It was written by a synchronised clock that many days later; the certificate begins in 30 days."""
    with showing(network, tmp_path, 30 * DAY) as ca_file:
        before = start(ca_file, wrote, synchronised=True)
        before.until(lambda: all(state != "unknown" for state, _, _ in last(before).values()), 20, "judged")
        before.stop()
        agent = start(ca_file, "+0", synchronised=False)
        become(agent, *(("unknown", "clock") if proved else ("down", Reason.TLS_NOT_YET_VALID)), doubted=True)
        agent.stop()
    newest: dict[str, StateChange] = {change.target: change for change in agent.changes()}
    assert {change.state for change in newest.values()} == {State.UNKNOWN if proved else State.DOWN}
