"""Modules of a blackbox.yml as the import takes them over, each asked what tests/peers asks blackbox_exporter too."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from prometheus_client.parser import text_string_to_metric_families

from agent.inventory.entities import Module, UnreadableOptions
from agent.inventory.importing.proposal import write
from agent.inventory.importing.propose_blackbox import propose_blackbox
from agent.inventory.load import load
from agent.model import ExposedRun, ProbeResult
from agent.probes.registry import PROBES
from exporters.blackbox import render
from tests.agent.inventory.blackbox.test_blackbox import MAIN
from tests.conformance.blackbox_rows import DIALOGUES, MODULES, PAGES, RECORDS, Dialogue, Page, answer
from tests.conformance.told import lines, pages, records
from tests.pki import HOST, pki
from tests.probing import run_probe

Modules = Mapping[str, Module]


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Modules:
    folder = tmp_path_factory.mktemp("taken")
    (folder / "sansang.yml").write_text(MAIN, "utf-8")
    (folder / "blackbox.yml").write_text(json.dumps({"modules": MODULES}), "utf-8")  # JSON is YAML
    write(propose_blackbox(folder / "sansang.yml", folder / "blackbox.yml", PROBES, "en", folder / "secrets"))
    return load(folder / "sansang.yml", PROBES).modules


async def ask(modules: Modules, name: str, address: str) -> ProbeResult:
    module = modules[name]
    return await run_probe(PROBES[module.probe], address, module.options, timeout=module.policy.timeout_ms / 1000)


def failed_due_to_regex(module: Module, result: ProbeResult) -> float:
    text = render(module.probe, ExposedRun(result, 1.0, 0.0), openmetrics=False).decode()
    samples = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
    return next(sample.value for sample in samples if sample.name == "probe_failed_due_to_regex")


@pytest.mark.parametrize("one", DIALOGUES, ids=lambda one: f"{one.module}-{one.greeting[:20]!r}-{one.end}")
async def test_dialogues(one: Dialogue, modules: Modules) -> None:
    async with lines(one.greeting, {b"QUIT\n": b""}, end=one.end) as told:
        result = await ask(modules, one.module, f"127.0.0.1:{told.port}")
    expected = one.success if one.ours is None else one.ours
    assert float(result.success) == expected, result.detail
    if one.ours is None:
        assert failed_due_to_regex(modules[one.module], result) == one.regex


@pytest.mark.parametrize(
    "one", PAGES, ids=lambda one: f"{one.module}-{one.success}-{next(iter(one.answers.values()))[9:30]!r}"
)
async def test_pages(one: Page, modules: Modules) -> None:
    async with pages(one.answers) as told:
        result = await ask(modules, one.module, f"http://127.0.0.1:{told.port}{one.path}")
    assert float(result.success) == (one.success if one.ours is None else one.ours), result.detail
    if one.regex is not None:
        assert failed_due_to_regex(modules[one.module], result) == one.regex


@pytest.mark.parametrize(("module", "answer", "success", "ours"), RECORDS, ids=lambda value: str(value)[:30])
async def test_records(
    module: str, answer: tuple[str, ...], success: float, ours: float | None, modules: Modules
) -> None:
    async with records(*answer) as told:
        result = await ask(modules, module, f"127.0.0.1:{told.port}")
    assert float(result.success) == (success if ours is None else ours), result.detail


async def test_the_host_header_is_the_tls_name(modules: Modules) -> None:
    async with pages({b"*": answer()}, pki().good.context()) as told:
        result = await ask(modules, "host_tls", f"https://127.0.0.1:{told.port}/")
    assert (result.success, told.names) == (True, [HOST])


def test_every_module_was_taken_over_and_two_want_their_files(modules: Modules) -> None:
    assert {*modules} >= {*MODULES}
    assert {name for name, module in modules.items() if isinstance(module.options, UnreadableOptions)} == {
        "missing_password", "missing_authority",
    }  # fmt: skip
