"""A server without internet: the bundle is installed where there is no interface, no pip and no systemd."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from agent import __version__
from tests.peers.debian_machine import ROOT

pytestmark = [pytest.mark.peers, pytest.mark.timeout(300)]

# This machine's own files under an overlay, without what would help: ensurepip (which python3-venv brings), an older
# installation, a running systemd. The network namespace has no interface but loopback.
_WORLD = """\
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs "$W"
mkdir "$W/up" "$W/work" "$W/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$W/up,workdir=$W/work" "$W/root"
cd "$W/root"
mount -t proc proc proc
for place in run tmp dev; do mount -t tmpfs tmpfs "$place"; done
chmod 1777 tmp
for node in null zero urandom; do touch "dev/$node"; mount --bind "/dev/$node" "dev/$node"; done
ln -s /proc/self/fd dev/fd
rm -rf etc/sansang var/lib/sansang opt/sansang usr/local/bin/sansang usr/lib/python3*/ensurepip usr/bin/pip*
sed -i '/^sansang:/d' etc/passwd etc/shadow etc/group etc/gshadow
ip link set lo up
echo "0 2147483647" > /proc/sys/net/ipv4/ping_group_range
mkdir srv/bundle
cp "$BUNDLE"/* srv/bundle
exec chroot . sh -e -c "$SCRIPT"
"""
_ENTER = ("unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "sh", "-c", _WORLD)
_INSTALL = """\
cd /srv/bundle
sha256sum --check --quiet *.sha256
tar xzf *.tar.gz
cd sansang-*/
ip -brief address | cut -d" " -f1
./install.sh
echo ===
"""
_RUN = """\
runuser -u sansang -- sansang run --config /etc/sansang/sansang.yml 2>/tmp/log &
for try in $(seq 100); do curl --silent --fail -o /tmp/page http://127.0.0.1:10115/ && break; sleep 0.2; done
grep -o "<title>.*</title>" /tmp/page
make --no-print-directory --dry-run install
echo "python3.99 riscv64" > wheels/FOR
./install.sh 2>&1 || echo "refused $?"
"""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make bundle` makes, of this machine's Python, in a folder of its own."""
    out = tmp_path_factory.mktemp("bundle")
    subprocess.run(
        ["make", "--silent", "-C", str(ROOT), "bundle", f"BUNDLE_OUT={out}"], check=True, capture_output=True
    )
    return out


def inside(bundle: Path, folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    """That script, as root of such a server."""
    place = folder / "world"
    place.mkdir()
    variables = {
        "W": str(place),
        "BUNDLE": str(bundle),
        "SCRIPT": script,
        "LANG": "C.UTF-8",
        "PATH": os.environ["PATH"],
    }
    return subprocess.run(_ENTER, env=variables, capture_output=True, text=True, timeout=200, check=False)


def test_it_installs_and_runs_without_network_pip_or_systemd(bundle: Path, tmp_path: Path) -> None:
    done = inside(bundle, tmp_path, _INSTALL + _RUN)

    assert done.returncode == 0, done.stdout + done.stderr
    head, _, tail = done.stdout.partition("===\n")
    interfaces, *said = head.splitlines()
    assert interfaces == "lo"
    assert said[0].startswith("Máy này không chạy systemd (trong container chẳng hạn), nên không bật")
    assert f"Installed sansang {__version__}. What comes next:" in said
    start = "      sudo runuser -u sansang -- sansang run --config /etc/sansang/sansang.yml"
    assert said.count(start) == 2
    assert "systemctl" not in head
    assert [line for line in said if len(line) > 80] == []
    title, made, *refused = tail.splitlines()
    assert title.startswith("<title>")
    assert made.startswith("config/systemd/install.sh ")
    assert refused[1].startswith("This bundle is for python3.99 riscv64, this machine is python3.")
    assert "make bundle BUNDLE_PYTHON=3." in refused[1]
    assert refused[2] == "refused 1"
