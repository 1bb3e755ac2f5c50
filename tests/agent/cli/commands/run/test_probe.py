"""/probe and /sd of a whole running agent; a reload that allows a network holds from then on."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from urllib.parse import urlencode

from tests.agent.cli.commands.test_check import running
from tests.agent.cli.conftest import Served


def get(address: str, path: str, method: str = "GET", **query: str) -> tuple[int, str]:
    request = urllib.request.Request(f"{address}{path}?{urlencode(query)}", method=method)  # noqa: S310 - our own
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


async def test_a_running_agent_answers_probe_and_sd(served: Served) -> None:
    text = served.config.read_text("utf-8")
    good = text.partition("id: s/good")[2].partition('address: "')[2].partition('"')[0]

    def talk() -> None:
        with running(served.config, served.address):
            status, body = get(served.address, "/probe", target="s/good", module="port")
            assert (status, "probe_success 1.0\n" in body) == (200, True)
            status, body = get(served.address, "/probe", target="s/dead", module="port")
            assert (status, "probe_success 0.0\n" in body) == (200, True)
            assert get(served.address, "/probe", target=good, module="port")[0] == 403
            served.config.write_text(f"{text}probe_endpoint: {{allow: [127.0.0.0/8]}}\n", "utf-8")
            assert get(served.address, "/-/reload", "POST")[0] == 200
            status, body = get(served.address, "/probe", target=good, module="port", debug="true")
            assert (status, [line.partition(" timeout")[0] for line in body.splitlines()[:2]]) == (
                200,
                ["Logs for the probe:", f"probe=tcp module=port target={good}"],
            )
            listed = json.loads(get(served.address, "/sd", role="one-stop")[1])
            assert [each["labels"]["target"] for each in listed] == ["s/dead"]

    await asyncio.to_thread(talk)
