"""The systemd unit is hardened, and CAP_NET_RAW is all the agent needs; without it the line to run is named."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.peers

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "config/systemd/sansang.service"
DOC = ROOT / "docs/install-debian.md"
AS_NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs"]
NET_RAW_ONLY = ["--inh-caps=+net_raw", "--ambient-caps=+net_raw", "--bounding-set=-all,+net_raw"]


def security(*options: str) -> subprocess.CompletedProcess[str]:
    command = ["systemd-analyze", "security", "--offline=true", *options, str(UNIT)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_exposure_is_at_most_1_8_of_10() -> None:
    done = security("--threshold=18")

    assert done.returncode == 0, done.stdout[-500:]


def test_every_point_of_it_has_its_reason() -> None:
    found = {one["name"]: one["exposure"] for one in json.loads(security("--json=short").stdout) if one.get("exposure")}
    rows = re.findall(r"^\| `([^`]+)` \| ([0-9.]+) \| .+ \|$", DOC.read_text("utf-8"), re.MULTILINE)

    assert found == {name.replace("\\|", "|"): points for name, points in rows}


def test_it_starts_at_boot_and_always_comes_back() -> None:
    text = UNIT.read_text("utf-8")

    assert "WantedBy=multi-user.target" in text
    assert "Restart=always" in text
    assert "StartLimitIntervalSec=0" in text


@pytest.fixture
def config() -> Iterator[Path]:
    """In a folder that others may read: pytest closes its own anew whenever one starts."""
    with tempfile.TemporaryDirectory(prefix="sansang-unit-") as name:
        Path(name).chmod(0o755)
        yield written(Path(name) / "sansang.yml")


def written(path: Path) -> Path:
    path.write_text(
        """organisation: {name: Unit, language: en}
levels: [{id: commune, name: {vi: Xã, en: Commune}}]
units: [{id: u, name: U, level: commune}]
modules: {ping: {probe: icmp, packets: 1, timeout: 2s}}
sites: [{id: s, name: S, unit: u}]
targets: [{id: s/gateway, name: G, role: uplink, module: ping, address: 127.88.0.1}]
""",
        "utf-8",
    )
    return path


def check(config: Path, *privileges: str) -> subprocess.CompletedProcess[str]:
    script = 'ip link set lo up; exec "$@"'
    inner = [
        *AS_NOBODY,
        *privileges,
        sys.executable,
        "-m",
        "agent",
        "check",
        "--local",
        "--lang",
        "en",
        "--config",
        str(config),
    ]
    command = ["unshare", "--net", "sh", "-c", script, "sh", *inner]
    environment = {**os.environ, "COLUMNS": "140", "HOME": "/nonexistent"}
    return subprocess.run(command, capture_output=True, text=True, timeout=40, cwd="/", env=environment, check=False)


def test_an_ordinary_account_with_net_raw_alone_pings(config: Path) -> None:
    done = check(config, *NET_RAW_ONLY)

    assert (done.returncode, done.stderr.strip()) == (0, ""), done.stdout + done.stderr
    assert "0 failed of 1" in done.stdout


def test_without_it_the_check_says_which_line_to_run(config: Path) -> None:
    done = check(config)

    assert done.returncode == 1
    assert "measured" in done.stdout
    assert 'sysctl -w net.ipv4.ping_group_range="0 2147483647"' in done.stdout
