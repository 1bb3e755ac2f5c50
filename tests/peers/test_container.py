"""The Dockerfile's image, built step by step without an engine and run as docker-compose.yml says."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from ruamel.yaml import YAML

from tests.peers.container_image import ROOT, Image, build

pytestmark = [
    pytest.mark.peers,
    pytest.mark.timeout(300),
    pytest.mark.skipif(os.geteuid() != 0, reason="chroot needs root"),
]

CONFIG = """\
organisation: {name: Box, language: en}
levels: [{id: commune, name: {vi: Xã, en: Commune}}]
units: [{id: u, name: U, level: commune}]
defaults: {interval: 2s, timeout: 1s}
modules: {ping: {probe: icmp, packets: 1}}
sites: [{id: s, name: S, unit: u}]
targets: [{id: s/here, role: lan, module: ping, address: 127.0.0.1}]
listen: 127.0.0.1:10115
storage: {path: /var/lib/sansang}
"""
RUN = """\
set -e
ip link set lo up
mount --bind {root} {root}
mount --bind {volume} {root}/var/lib/sansang
mount --bind {config} {root}/etc/sansang
mount -t tmpfs tmpfs {root}/tmp
mount -t proc proc {root}/proc
mount -o remount,bind,ro {root}
inside="chroot {root} setpriv --reuid {user} --regid {user} --clear-groups --inh-caps=-all --bounding-set={bounds}"
{what}
"""
WATCH = """\
$inside touch /root-is-writable 2>/dev/null && exit 9
$inside {command} &
agent=$!
for try in $(seq 100); do $inside {health} 2>/dev/null && break; sleep 0.1; done
$inside {health}
for try in $(seq 100); do
  $inside /opt/sansang/bin/python -c "{scrape}" >{volume}/metrics
  grep -q '^sansang_target_up.* 1' {volume}/metrics && break
  sleep 0.1
done
kill -TERM $agent
wait $agent
"""
SCRAPE = "import urllib.request as r; print(r.urlopen('http://127.0.0.1:10115/metrics').read().decode())"


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    return build(tmp_path_factory.mktemp("image"))


def compose() -> dict[str, Any]:
    done = subprocess.run(["docker-compose", "config"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = YAML(typ="safe").load(done.stdout)
    return document


def run(image: Image, folder: Path, bounds: str, what: str) -> subprocess.CompletedProcess[str]:
    volume, config = folder / "volume", folder / "config"
    volume.mkdir(exist_ok=True)
    os.chown(volume, int(image.user), int(image.user))
    config.mkdir(exist_ok=True)
    (config / "sansang.yml").write_text(CONFIG, "utf-8")
    for place in (folder, config):
        place.chmod(0o755)
    (image.root / "etc/sansang").mkdir(exist_ok=True)  # an engine makes the mount point
    script = RUN.format(root=image.root, volume=volume, config=config, user=image.user, bounds=bounds, what=what)
    command = ["unshare", "--mount", "--net", "--pid", "--fork", "bash", "-c", script]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_the_compose_file_keeps_to_the_specification() -> None:
    schema = json.loads(Path("/usr/lib/python3/dist-packages/compose/config/compose_spec.json").read_text("utf-8"))
    document = YAML(typ="safe").load((ROOT / "docker-compose.yml").read_text("utf-8"))

    assert sorted(compose()["services"]) == ["agent", "alertmanager", "grafana", "prometheus"]
    assert [error.message for error in Draft7Validator(schema).iter_errors(document)] == []


def test_the_agent_pings_without_root_on_a_read_only_root(image: Image, tmp_path: Path) -> None:
    """In a fresh network namespace datagram pings are not permitted: only the raw socket can have answered."""
    service = compose()["services"]["agent"]
    assert service["cap_drop"] == ["ALL"]
    bounds = ",".join(["-all", *(f"+{name.lower()}" for name in service["cap_add"])])
    health = shlex.join(service["healthcheck"]["test"][1:])
    watch = WATCH.format(command=shlex.join(image.command), health=health, scrape=SCRAPE, volume=tmp_path / "volume")

    done = run(image, tmp_path, bounds, watch)

    assert (done.returncode, image.user) == (0, service["user"].partition(":")[0]), done.stdout + done.stderr
    metrics = (tmp_path / "volume/metrics").read_text("utf-8")
    assert re.search(r'^sansang_target_up\{.*target="s/here"\} 1', metrics, re.MULTILINE)
    assert (tmp_path / "volume/ledger.db").exists()


def test_without_the_capability_the_engine_cannot_even_start_it(image: Image, tmp_path: Path) -> None:
    done = run(image, tmp_path, "-all", "$inside /opt/sansang/bin/sansang --version")

    assert done.returncode != 0
    assert "Operation not permitted" in done.stderr
