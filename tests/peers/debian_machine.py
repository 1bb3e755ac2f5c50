"""A Debian machine under a real systemd, for what only an installed agent can show.

Process 1 is this machine's own systemd, in namespaces of its own (pid, mount, net, uts, ipc, cgroup), on an overlay
over the root: what is written there is gone at the end, and nothing but loopback is reached from it. Its units are
those of /etc/systemd/system, which starts empty, the journal, and the few targets that they name. The sources lie where
they lie, under an overlay too, so that a test may edit them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
WHEELS = "/run/wheels"  # inside
_TARGETS = "sysinit basic shutdown sockets network-online time-sync multi-user umount final exit reboot"
_NODES = "null zero full random urandom tty"
_BOOT = """\
set -e
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs "$W"
R=$W/root
mkdir -p "$R"
over() {
  mkdir -p "$3/up" "$3/work"
  mount -t overlay overlay -o "lowerdir=$1,upperdir=$3/up,workdir=$3/work" "$2"
}
over / "$R" "$W/machine"
mount -t proc proc "$R/proc"
mount -t sysfs -o ro sysfs "$R/sys"
mount -t cgroup2 cgroup2 "$R/sys/fs/cgroup"
for place in run dev tmp; do mount -t tmpfs -o mode=755 tmpfs "$R/$place"; done
chmod 1777 "$R/tmp"
mkdir -p "$R$SOURCES"  # which may lie in one of these
over "$SOURCES" "$R$SOURCES" "$W/sources"
for node in $NODES; do touch "$R/dev/$node"; mount --bind "/dev/$node" "$R/dev/$node"; done
mkdir "$R/dev/shm" "$R/dev/pts" "$R/dev/mqueue"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$R/dev/pts"
ln -s pts/ptmx "$R/dev/ptmx"
ip link set lo up
rm -rf "$R/etc/systemd/system" "$R/etc/sansang" "$R/var/lib/sansang" "$R/opt/sansang" "$R/usr/local/bin/sansang"
sed -i '/^sansang:/d' "$R/etc/passwd" "$R/etc/shadow" "$R/etc/group" "$R/etc/gshadow"
mkdir -p "$R/etc/systemd/system" "$R/run/machine" "$R$WHEELS"
[ -z "$FETCHED" ] || cp "$FETCHED"/* "$R$WHEELS"
for target in $TARGETS; do printf '[Unit]\\nDefaultDependencies=no\\n' > "$R/run/machine/$target.target"; done
printf 'After=sysinit.target\\n' >> "$R/run/machine/basic.target"
printf 'Wants=basic.target systemd-journald.service\\nAfter=basic.target\\n' >> "$R/run/machine/multi-user.target"
cp /lib/systemd/system/systemd-journald.service /lib/systemd/system/systemd-journald.socket "$R/run/machine"
export container=lxc SYSTEMD_UNIT_PATH=/etc/systemd/system:/run/machine
exec chroot "$R" /lib/systemd/systemd --system --unit=multi-user.target --log-target=journal
"""
_ENTER = """\
echo 0 > "$CGROUP/cgroup.procs"
exec setpriv --pdeathsig KILL unshare --mount --net --uts --ipc --cgroup --pid --fork --kill-child sh -c "$BOOT"
"""


class RefusedError(AssertionError):
    """This machine gives no other a place to run in: the sentence says what it refused."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A running one. init: its process 1, as seen from outside; cgroup: all its processes are below it."""

    init: int
    cgroup: Path

    def run(self, *command: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """A command of root inside; its output, whatever its exit code."""
        enter = ("nsenter", "-t", str(self.init), "-m", "-n", "-u", "-i", "-C", "-p", "-r", "-w")
        path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        variables = {"PATH": path, "HOME": "/root", "LANG": "C.UTF-8", "COLUMNS": "160"} | (environment or {})
        settings = [f"{name}={value}" for name, value in variables.items()]
        return subprocess.run(
            [*enter, "env", "-i", *settings, *command], capture_output=True, text=True, timeout=300, check=False
        )

    def done(self, *command: str, environment: dict[str, str] | None = None) -> str:
        """The same, which must succeed; what it printed."""
        found = self.run(*command, environment=environment)
        assert found.returncode == 0, f"{command}: {found.returncode}\n{found.stdout[-3000:]}{found.stderr[-3000:]}"
        return found.stdout

    def try_install(self) -> subprocess.CompletedProcess[str]:
        """`make install` of a careful root, without a network; its output, whatever its exit code."""
        fetched = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": WHEELS}
        script = 'umask 077; exec make --no-print-directory -C "$1" install'
        return self.run("sh", "-c", script, "sh", str(ROOT), environment=fetched)

    def install(self) -> str:
        """The same, which must succeed; what it printed."""
        found = self.try_install()
        assert found.returncode == 0, f"{found.stdout[-3000:]}{found.stderr[-3000:]}"
        return found.stdout

    def path(self, place: str) -> Path:
        """A place inside, as a path outside; a link in it must not lead out of its own folder."""
        return Path(f"/proc/{self.init}/root{place}")

    def write(self, place: str, text: str) -> None:
        """A file inside, of root, readable by all."""
        path = self.path(place)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def unit(self, field: str) -> str:
        """One property of the agent's unit."""
        return self.done("systemctl", "show", "sansang.service", "--value", "-p", field).strip()

    def journal(self, life: str = "") -> str:
        """What the agent's unit and systemd wrote of it: of all its lives, or of the one with that InvocationID."""
        every = ("-u", "sansang.service")
        ones = (f"_SYSTEMD_INVOCATION_ID={life}", "+", f"INVOCATION_ID={life}") if life else every
        self.done("journalctl", "--sync")
        return self.done("journalctl", *ones, "-o", "cat", "--no-pager")

    def metrics(self) -> dict[str, float]:
        """Samples by their name and labels; none while nobody answers."""
        found = self.run("curl", "--silent", "--max-time", "5", "http://127.0.0.1:10115/metrics")
        samples = (line.rpartition(" ") for line in found.stdout.splitlines() if line[:1] != "#")
        return {name: float(value) for name, _, value in samples}

    def until(self, holds: Callable[[], bool], seconds: float, what: str) -> None:
        """Wait for it; fails after so many seconds with what is known."""
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                status = self.run("systemctl", "status", "--no-pager", "-l", "sansang.service").stdout
                raise AssertionError(f"not within {seconds:g} s: {what}\n{status}\n{self.journal()[-4000:]}")
            time.sleep(0.2)


@contextmanager
def machine(folder: Path, wheels: Path | None = None) -> Iterator[Machine]:
    """Boot one and end it. wheels: what `pip download` fetched, to be had inside."""
    cgroup = _cgroup()
    mount = Path("/run") / cgroup.name
    mount.mkdir()
    variables = {
        "CGROUP": str(cgroup),
        "W": str(mount),
        "SOURCES": str(ROOT),
        "FETCHED": str(wheels or ""),
        "WHEELS": WHEELS,
        "TARGETS": _TARGETS,
        "NODES": _NODES,
        "BOOT": _BOOT,
    }
    log = folder / "boot.log"
    with log.open("wb") as file:
        outer = subprocess.Popen(
            ["sh", "-c", _ENTER], env=os.environ | variables, stdin=subprocess.DEVNULL, stdout=file, stderr=file
        )
    try:
        yield _booted(outer, cgroup, log)
    finally:
        outer.kill()  # --kill-child: with it dies process 1, and with that all of them
        outer.wait(20)
        _remove(cgroup)
        mount.rmdir()


def _cgroup() -> Path:
    found = subprocess.run(
        ["findmnt", "--noheadings", "--types", "cgroup2", "--output", "TARGET"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    if not found:
        raise RefusedError("no cgroup2 is mounted here, so no systemd can run beside the one there is: mount one")
    place = Path(found[0]) / f"sansang-machine-{os.getpid()}"
    try:
        place.mkdir()
    except OSError as error:
        raise RefusedError(f"cgroup2 takes no group of ours here, so no systemd can run: {error}") from error
    return place


def _booted(outer: subprocess.Popen[bytes], cgroup: Path, log: Path) -> Machine:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if outer.poll() is not None:
            raise RefusedError(
                f"namespaces or mounts are refused here, so no systemd can run: {log.read_text('utf-8')}"
            )
        if (found := _running(outer.pid, cgroup)) is not None:
            return found
        time.sleep(0.1)
    raise AssertionError(f"the machine did not boot within a minute: {log.read_text('utf-8')[-3000:]}")


def _running(outer: int, cgroup: Path) -> Machine | None:
    """The machine, once it has booted; until its process 1 is systemd, a command would reach the one outside."""
    children = Path(f"/proc/{outer}/task/{outer}/children").read_text("ascii").split()
    if not children or Path(f"/proc/{children[0]}/comm").read_text("ascii") != "systemd\n":
        return None
    found = Machine(int(children[0]), cgroup)
    asked = found.run("systemctl", "is-active", "multi-user.target", "systemd-journald.service")
    return found if asked.stdout.split() == ["active", "active"] else None


def _remove(cgroup: Path) -> None:
    """Its groups, the inner ones first; the kernel lets go of the last process a moment after its end."""
    for _ in range(50):
        for folder, _, _ in os.walk(cgroup, topdown=False):
            try:
                Path(folder).rmdir()
            except OSError:
                time.sleep(0.1)
        if not cgroup.exists():
            return


def fetched_wheels(folder: Path) -> Path:
    """What the agent needs from PyPI, fetched before: the installation itself has no network."""
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
            *("--require-hashes", "--only-binary", ":all:", "-r", ROOT / "requirements/run.txt", "--dest", folder),
        ],
        check=True,
    )
    return folder
