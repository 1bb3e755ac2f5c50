"""docs/probes/tcp.md says everything that can be written, and names tests that exist."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from pydantic import TypeAdapter
from ruamel.yaml import YAML

from agent.probes.tcp.dialogue import DialogueStep
from agent.probes.tcp.options import TcpDegraded, TcpOptions
from agent.probes.tls.options import TlsOptions

PAGE = Path("docs/probes/tcp.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("options", [TcpOptions, TcpDegraded, TlsOptions, DialogueStep])
def test_every_option_is_on_the_page(options: type) -> None:
    for each in fields(options):
        assert f"`{each.name}`" in PAGE


def test_every_test_named_exists() -> None:
    named = re.findall(r"`((?:tcp/|tls/)?test_\w+\.py)::(test_\w+)`", PAGE)
    assert len(named) > 10
    for file, name in named:
        source = (Path("tests/agent/probes") / file).read_text(encoding="utf-8")
        assert f"def {name}(" in source, name


def test_the_example_is_a_valid_configuration() -> None:
    example = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None
    modules = YAML(typ="safe", pure=True).load(example[1])["modules"]
    assert set(modules) == {"ssh", "ldaps", "mail"}
    for module in modules.values():
        assert module.pop("probe") == "tcp"
        TypeAdapter(TcpOptions).validate_python(module)
