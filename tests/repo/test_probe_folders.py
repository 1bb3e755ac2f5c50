"""The folder of a protocol, found through the registry: its files read alike, and imports go one way inside it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from agent.probes.registry import PROBES

ROOT = Path(__file__).parents[2]
LEVELS = (
    ("probe",),
    ("measured", "metrics", "polling", "texts", "trap"),
    ("client", "device", "judge", "shared", "sockets", "stream"),
    ("burst", "history", "minor_version", "udp"),
    ("channel", "device_memory", "parts", "ports", "response", "security", "transaction"),
    ("device_values", "multi", "plan", "redirect", "usm", "vendors"),
    ("facts", "options", "usm_keys", "walking"),
    ("chunks", "content", "credentials", "dialogue", "hsts", "relay", "status_codes"),
    ("mib",),
    ("credential", "mib_tree", "object_file", "object_writer", "reading"),
    ("object_set",),
    ("message", "reasons", "wire"),
    ("ber",),
    ("values",),
)
"""From the top to the bottom; a module imports from its own folder only what stands further down."""
LEVEL = {name: level for level, names in enumerate(LEVELS) for name in names}


def imported(path: Path, package: str) -> set[str]:
    """The modules of a package that a file imports."""
    nodes = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)]
    direct = {alias.name for node in nodes if node.module == package for alias in node.names}
    return direct | {
        str(node.module).removeprefix(f"{package}.") for node in nodes if str(node.module).startswith(f"{package}.")
    }


@pytest.mark.parametrize("probe", sorted(PROBES))
def test_imports_go_down_inside_the_folder_of_a_protocol(probe: str) -> None:
    modules = {path.stem: path for path in (ROOT / "agent/probes" / probe).glob("*.py") if path.stem != "__init__"}

    assert set(modules) >= {"facts", "options", "probe", "reasons", "texts", "metrics"}
    assert set(modules) <= set(LEVEL)
    upward = [
        (name, other)
        for name, path in modules.items()
        for other in imported(path, f"agent.probes.{probe}")
        if LEVEL[other] <= LEVEL[name]
    ]
    assert upward == []


def test_no_listener_of_the_lab_knows_a_probe() -> None:
    listeners = (ROOT / "agent/lab/listeners").glob("*.py")

    assert [path.name for path in listeners if "agent.probes" in path.read_text("utf-8")] == []


@pytest.mark.parametrize("probe", sorted(PROBES))
def test_a_protocol_has_its_tests_and_its_page(probe: str) -> None:
    tests = ROOT / "tests/agent/probes" / probe

    assert (tests / "conformance.py").exists()
    assert (ROOT / f"docs/probes/{probe}.md").exists()
    assert all(f"docs/probes/{probe}.md" in (ROOT / name).read_text("utf-8") for name in ("README.md", "README.vi.md"))
