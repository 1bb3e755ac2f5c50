"""The steps of the Dockerfile, run without a container engine: stages are folders, RUN is a shell in a chroot.

The base image is Debian's minimal system by debootstrap. What an engine adds (layers, namespaces of its own, its
seccomp filter) is not here; docs/install-containers.md says what that leaves unproven.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
MIRROR = "http://deb.debian.org/debian"
AUTHORITIES = "/authorities.pem"  # whom this machine trusts on its way to PyPI


@dataclass(frozen=True)
class Step:
    """One instruction and its words."""

    word: str
    text: str


@dataclass
class Stage:
    """One FROM and what follows it."""

    base: str
    name: str
    steps: list[Step] = field(default_factory=list)

    def last(self, word: str) -> str:
        return next(step.text for step in reversed(self.steps) if step.word == word)


def stages(dockerfile: str) -> list[Stage]:
    """The instructions, one a line; anything that this cannot run fails."""
    found: list[Stage] = []
    for line in dockerfile.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        word, text = line.split(maxsplit=1)
        assert word in {"FROM", "RUN", "COPY", "USER", "VOLUME", "ENTRYPOINT", "CMD"}, line
        if word == "FROM":
            base, _, name = text.partition(" AS ")
            found.append(Stage(base, name))
        else:
            found[-1].steps.append(Step(word, text))
    return found


@dataclass
class Image:
    """The folder of the last stage, with what its Dockerfile says about running it."""

    root: Path
    stage: Stage

    @property
    def command(self) -> list[str]:
        return [*json.loads(self.stage.last("ENTRYPOINT")), *json.loads(self.stage.last("CMD"))]

    @property
    def user(self) -> str:
        return self.stage.last("USER")


def build(folder: Path) -> Image:
    """Every step of every stage, in order."""
    base = folder / "base"
    subprocess.run(["debootstrap", "--variant=minbase", "bookworm", base, MIRROR], check=True, capture_output=True)
    roots: dict[str, Path] = {}
    root, stage = base, Stage("", "")
    for number, stage in enumerate(stages((ROOT / "Dockerfile").read_text("utf-8"))):
        root = folder / (stage.name or f"stage-{number}")
        subprocess.run(["cp", "-a", base, root], check=True)
        _lend(root)
        for step in stage.steps:
            _run(step, root, roots)
        roots[stage.name] = root
    return Image(root, stage)


def _lend(root: Path) -> None:
    """How this machine reaches the archive and PyPI."""
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    shutil.copy("/etc/ssl/certs/ca-certificates.crt", root / AUTHORITIES.lstrip("/"))


def _run(step: Step, root: Path, roots: dict[str, Path]) -> None:
    if step.word == "RUN":
        shell = f"mount -t proc proc /proc; {step.text}"
        command = ["unshare", "--mount", "--pid", "--fork", "chroot", str(root), "/bin/sh", "-c", shell]
        done = subprocess.run(command, env=_environment(), capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{step.text}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
    elif step.word == "COPY":
        _copy(step.text.split(), root, roots)


def _environment() -> dict[str, str]:
    path = "/usr/sbin:/usr/bin:/sbin:/bin"
    return {"PATH": path, "HOME": "/root", "DEBIAN_FRONTEND": "noninteractive", "PIP_CERT": AUTHORITIES}


def _copy(words: list[str], root: Path, roots: dict[str, Path]) -> None:
    if words[0].startswith("--from="):
        origin = roots[words.pop(0).removeprefix("--from=")]
        # without extended attributes, as some engines copy: the steps after it must put capabilities back
        command = ["cp", "-r", "--preserve=mode,ownership,links", f"{origin}{words[0]}", f"{root}{words[1]}"]
        subprocess.run(command, check=True)
        return
    assert words[0] == ".", words
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert ignored[0] == "*"
    there = root / words[1].lstrip("/")
    there.mkdir(parents=True)
    for name in (line.removeprefix("!") for line in ignored[1:]):
        subprocess.run(["cp", "-r", ROOT / name, there], check=True)
