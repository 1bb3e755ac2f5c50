"""Run by test_run_probe_afar.py: 192.0.2.1 is an address of this network, and a neighbour to whom it is bound."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.agent.cli.commands.test_check import running
from tests.agent.cli.conftest import free_port

NEIGHBOUR = "192.0.2.1"


def ask(port: int, source: str, path: str, host: str, method: str = "GET", **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(host, port, timeout=20, source_address=(source, 0))
    try:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def probe(port: int, source: str, host: str, target: str = "s/web", **headers: str) -> tuple[int, str]:
    return ask(port, source, f"/probe?target={target}", host, **headers)


@pytest.fixture(params=["0.0.0.0", "[::]"])
def agent(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """The IPv6 listener sees neighbours and this machine as ::ffff:192.0.2.1 and ::ffff:127.0.0.1."""
    port, config = free_port(), tmp_path / "sansang.yml"
    config.write_text(
        f"""organisation: {{name: Thử, language: vi}}
levels: [{{id: commune, name: {{vi: Xã, en: Commune}}}}]
units: [{{id: u, name: Xã A, level: commune}}]
modules: {{web: {{probe: tcp}}}}
sites: [{{id: s, name: UBND xã A, unit: u}}]
targets: [{{id: s/web, name: Trang, role: portal, module: web, address: "127.0.0.1:{free_port()}"}}]
listen: "{request.param}:{port}"
storage: {{path: {tmp_path / "ledger"}}}
""",
        "utf-8",
    )
    with running(config, f"http://127.0.0.1:{port}"):
        yield config, port


def test_a_neighbour_starts_no_probe_of_a_target_unless_it_is_allowed(agent: tuple[Path, int]) -> None:
    config, port = agent
    assert probe(port, "127.0.0.1", "127.0.0.1")[0] == 200
    for host in (NEIGHBOUR, "127.0.0.1"):
        for headers in (
            {},
            {"X-Forwarded-For": "127.0.0.1"},
            {"Forwarded": "for=127.0.0.1"},
            {"X-Real-IP": "127.0.0.1"},
        ):
            status, said = probe(port, NEIGHBOUR, host, **headers)
            assert (status, "probe_endpoint.allow_ids: true" in said) == (403, True)
    assert ask(port, NEIGHBOUR, "/-/reload", "127.0.0.1", "POST")[0] == 403
    assert ask(port, NEIGHBOUR, "/metrics", NEIGHBOUR)[0] == 200
    assert probe(port, NEIGHBOUR, NEIGHBOUR, "192.0.2.7:1&module=web")[0] == 403

    config.write_text(config.read_text("utf-8") + "probe_endpoint: {allow_ids: true}\n", "utf-8")
    assert ask(port, "127.0.0.1", "/-/reload", "127.0.0.1", "POST")[0] == 200
    status, said = probe(port, NEIGHBOUR, NEIGHBOUR)
    assert (status, "probe_success 0" in said) == (200, True)
