"""The Dockerfile's image, built step by step without an engine and run as docker-compose.yml says."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from ruamel.yaml import YAML

from agent.probes.registry import PROBES
from tests.peers.container_image import ROOT, Image, build

pytestmark = [
    pytest.mark.peers,
    pytest.mark.timeout(900),
    pytest.mark.skipif(os.geteuid() != 0, reason="chroot needs root"),
]

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
{sansang} lab run --no-agent --plain --communes {communes} --state {lab} >/dev/null &
for try in $(seq 200); do [ -e {lab}/inventory.yaml -a -e {lab}/pki/ca.pem ] && break; sleep 0.1; done
install -m 0644 {lab}/pki/ca.pem {config}/ca.pem
install -m 0600 -o {owner} {lab}/snmp.yaml {config}/snmp.yaml
sed -e 's#{lab}/pki/ca.pem#/etc/sansang/ca.pem#; s#{lab}/snmp.yaml#/etc/sansang/snmp.yaml#' \
  -e 's#^storage:.*#storage: {{path: /var/lib/sansang}}#' \
  -e 's/interval: 15s/interval: 3s/; s/confirm_interval: 3s/confirm_interval: 2s/' \
  {lab}/inventory.yaml > {config}/sansang.yml
$inside touch /root-is-writable 2>/dev/null && exit 9
{before} $inside {command} &
agent=$!
for try in $(seq 100); do $inside {health} 2>/dev/null && break; sleep 0.1; done
$inside {health}
scrape() {{
  for try in $(seq 200); do
    $inside /opt/sansang/bin/python -c "{scrape}" >{volume}/metrics
    [ "$(grep -c "$1" {volume}/metrics)" = "$2" ] && break
    sleep 0.1
  done
}}
scrape '^sansang_target_up.* 1' {targets}
echo 'targets: [{{id: dc/more, role: lan, module: ping, address: 127.0.0.1}}]' > {config}/more.yml
echo 'include: [more.yml]' >> {config}/sansang.yml
kill -HUP $agent
scrape '^sansang_target_up.* 1' $(({targets} + 1))
kill -TERM $agent
wait $agent
"""
TARGETS = 39  # of a lab with four communes
SCRAPE = "import urllib.request as r; print(r.urlopen('http://127.0.0.1:10115/metrics').read().decode())"


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    return build(tmp_path_factory.mktemp("image"))


def compose() -> dict[str, Any]:
    done = subprocess.run(["docker-compose", "config"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = YAML(typ="safe").load(done.stdout)
    return document


def service() -> dict[str, Any]:
    """What the compose file says of the agent."""
    found: dict[str, Any] = compose()["services"]["agent"]
    return found


def run(image: Image, folder: Path, bounds: str, what: str) -> subprocess.CompletedProcess[str]:
    volume, config = folder / "volume", folder / "config"
    volume.mkdir(exist_ok=True)
    os.chown(volume, int(image.user), int(image.user))
    config.mkdir(exist_ok=True)
    for place in (folder, config):
        place.chmod(0o755)
    (image.root / "etc/sansang").mkdir(exist_ok=True)  # an engine makes the mount point
    script = RUN.format(root=image.root, volume=volume, config=config, user=image.user, bounds=bounds, what=what)
    command = ["unshare", "--mount", "--net", "--pid", "--fork", "bash", "-c", script]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=ROOT)


def watch(image: Image, folder: Path, before: str = "") -> tuple[subprocess.CompletedProcess[str], str]:
    """Probe a lab with the rights of the compose file, reload, stop; how it ended, and the last metrics."""
    asked = service()
    bounds = ",".join(["-all", *(f"+{name.lower()}" for name in asked["cap_add"])])
    what = WATCH.format(
        sansang=Path(sys.executable).with_name("sansang"),
        lab=folder / "lab",
        config=folder / "config",
        volume=folder / "volume",
        before=before,
        command=shlex.join(image.command),
        health=shlex.join(asked["healthcheck"]["test"][1:]),
        scrape=SCRAPE,
        communes=4,
        owner=image.user,
        targets=TARGETS,
    )
    done = run(image, folder, bounds, what)
    assert (done.returncode, image.user) == (0, asked["user"].partition(":")[0]), done.stdout + done.stderr
    return done, (folder / "volume/metrics").read_text("utf-8")


def test_the_compose_file_keeps_to_the_specification() -> None:
    schema = json.loads(Path("/usr/lib/python3/dist-packages/compose/config/compose_spec.json").read_text("utf-8"))
    document = YAML(typ="safe").load((ROOT / "docker-compose.yml").read_text("utf-8"))

    assert sorted(compose()["services"]) == ["agent", "alertmanager", "grafana", "prometheus"]
    assert [error.message for error in Draft7Validator(schema).iter_errors(document)] == []


def test_every_probe_works_without_root_on_a_read_only_root(image: Image, tmp_path: Path) -> None:
    """In a fresh network namespace datagram pings are not permitted: only the raw socket can have answered."""
    assert service()["cap_drop"] == ["ALL"]

    _, metrics = watch(image, tmp_path)

    assert len(re.findall(r"^sansang_target_up\{.*\} 1", metrics, re.MULTILINE)) == TARGETS + 1
    config = YAML(typ="safe").load((tmp_path / "config/sansang.yml").read_text("utf-8"))
    assert {module["probe"] for module in config["modules"].values()} == {*PROBES}  # ntp: no target
    assert "\nsansang_clock_readable 1.0\n" in metrics
    assert (tmp_path / "volume/ledger.db").exists()


def test_an_engine_that_forbids_to_read_the_clock_is_told_and_ends_nothing(image: Image, tmp_path: Path) -> None:
    done, metrics = watch(image, tmp_path, f"{sys.executable} -m tests.seccomp adjtimex clock_adjtime --")

    assert len(re.findall(r"^sansang_target_up\{.*\} 1", metrics, re.MULTILINE)) == TARGETS + 1
    assert "\nsansang_clock_readable 0.0\n" in metrics
    assert "event=clock_not_readable" in done.stderr


def test_without_the_capability_the_engine_cannot_even_start_it(image: Image, tmp_path: Path) -> None:
    done = run(image, tmp_path, "-all", "$inside /opt/sansang/bin/sansang --version")

    assert done.returncode != 0
    assert "Operation not permitted" in done.stderr
