"""/metrics/snmp and /snmp of a whole running agent, with a simulated switch behind."""

from __future__ import annotations

import asyncio
import gzip
import time
import urllib.request
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from agent.clock import SystemClock
from agent.lab.devices.device import DeviceKind
from agent.lab.devices.made import DEVICES
from agent.lab.listeners.snmp import COMMUNITY, SnmpListener
from tests.agent.cli.commands.run.test_probe import get
from tests.agent.cli.commands.test_check import running
from tests.agent.cli.conftest import Served

Series = dict[str, dict[str, float]]


def by_port(text: str) -> Series:
    """Values by name of the family and of the port."""
    return {
        family.name: {sample.labels.get("ifName", ""): sample.value for sample in family.samples}
        for family in text_string_to_metric_families(text)
    }


def configured(served: Served, folder: Path, port: int) -> None:
    credentials = folder / "snmp.yml"
    credentials.write_text(
        f'commune: {{version: 2c, community: "{COMMUNITY}"}}\nother: {{version: 2c, community: "wrong"}}\n', "utf-8"
    )
    credentials.chmod(0o600)
    text = served.config.read_text("utf-8")
    text = text.replace(
        "port: {probe: tcp}}", f"port: {{probe: tcp}}, snmp: {{probe: snmp, credentials: {{file: {credentials}}}}}}}"
    )
    target = (
        f"  - {{id: s/sw, name: X, role: device, module: snmp, credential: commune, address: '127.0.0.1:{port}'}}\n"
    )
    served.config.write_text(f"{text.replace('listen:', f'{target}listen:')}probe_endpoint: {{allow: [127.0.0.0/8]}}\n")


async def test_a_switch_is_shown_with_its_target_and_bare(served: Served, tmp_path: Path) -> None:
    switch = DEVICES[DeviceKind.SWITCH]("sw", SystemClock())
    listener = SnmpListener(switch)
    await listener.open("127.0.0.1")
    configured(served, tmp_path, listener.port)
    address = f"127.0.0.1:{listener.port}"

    def talk() -> None:
        with running(served.config, served.address):
            deadline = time.monotonic() + 8
            while "ifOperStatus" not in (page := get(served.address, "/metrics/snmp")[1]):
                assert time.monotonic() < deadline
                time.sleep(0.1)
            everything = {family.name: family for family in text_string_to_metric_families(page)}
            sample = everything["ifOperStatus"].samples[0]
            assert (sample.labels["target"], sample.labels["site"]) == ("s/sw", "s")
            assert sample.labels["instance"] == address
            assert len(everything["ifOperStatus"].samples) >= 24

            asked = {"target": address, "auth": "commune"}
            status, bare = get(served.address, "/snmp", **asked, module="if_mib")
            assert status == 200
            assert by_port(bare)["ifOperStatus"] == by_port(page)["ifOperStatus"]
            assert {"ifInOctets", "ifMtu", "ifHCInOctets", "snmp_scrape_duration_seconds"} <= by_port(bare).keys()
            assert 'target="' not in bare
            assert "probe_success 1.0\n" in bare
            assert get(served.address, "/snmp", **asked)[1].count("ifOperStatus{") >= 24  # if_mib is the default
            both = get(served.address, "/snmp", **asked, module="system,if_mib")[1]
            assert 'snmp_scrape_duration_seconds{module="system"}' in both
            assert 'snmp_scrape_duration_seconds{module="if_mib"}' in both

            status, whole = get(served.address, "/snmp", target="s/sw", module="if_mib")
            assert (status, "ifMtu" in by_port(whole)) == (200, True)  # with the target's own credential
            status, other = get(served.address, "/snmp", target="s/sw", module="if_mib", auth="other")
            assert (status, "probe_success 0.0\n" in other) == (200, True)
            status, dead = get(served.address, "/snmp", target=address, auth="other")
            assert (status, "probe_success 0.0\n" in dead, "ifOperStatus" in dead) == (200, True, False)
            assert get(served.address, "/snmp", target="192.0.2.1", auth="commune")[0] == 403
            requests = listener.requests
            for wrong in ({"module": "none"}, {"module": "system,none"}, {"module": "port"}, {"auth": "nobody"}):
                status, body = get(served.address, "/snmp", **(asked | wrong))
                assert (status, "nobody" in body) == (400, False), wrong
            assert get(served.address, "/snmp", auth="commune")[0] == 400
            assert listener.requests == requests

            request = urllib.request.Request(  # noqa: S310 - our own
                f"{served.address}/metrics/snmp",
                headers={"accept": "application/openmetrics-text", "accept-encoding": "gzip"},
            )
            with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - our own
                assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
                assert "ifOperStatus" in gzip.decompress(answer.read()).decode()

    await asyncio.to_thread(talk)
    await listener.close()
