"""A real Prometheus on 127.0.0.1: one that scrapes an agent, once a second unless another pace is wanted, or any."""

from __future__ import annotations

import json
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dashboards.build import documents
from dashboards.settings import AlertTiming, BuildSettings

JOB = "any-name"
_WITHIN_SECONDS = 30


@contextmanager
def prometheus(
    folder: Path,
    agent: str,
    *options: str,
    others: Sequence[str] = (),
    timing: AlertTiming | None = None,
    seconds: int = 1,
) -> Iterator[str]:
    """Its address, once it is ready. Agents' are ``host:port``; the scrape job has a name that no board knows.

    With a pace it also loads the rules of San Sang in Vietnamese, judged as often as it scrapes and at any hour.
    """
    scrape = {"job_name": JOB, "static_configs": [{"targets": [agent, *others]}]}
    every = dict.fromkeys(("scrape_interval", "scrape_timeout", "evaluation_interval"), f"{seconds}s")
    rules = _rules(folder, timing, seconds) if timing is not None else []
    config = {"global": every, "scrape_configs": [scrape], "rule_files": rules}
    with configured(folder, json.dumps(config), *options) as url:
        yield url


@contextmanager
def configured(folder: Path, config: str, *options: str) -> Iterator[str]:
    """With a whole configuration file; its blocks lie in ``folder/tsdb``."""
    file, port = folder / "prometheus.yml", free_port()
    file.write_text(config, "utf-8")
    command = [
        "prometheus",
        f"--config.file={file}",
        f"--storage.tsdb.path={folder / 'tsdb'}",
        f"--web.listen-address=127.0.0.1:{port}",
        *options,
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            _until_ready(url)
            yield url
        finally:
            process.kill()


def ask(url: str, query: str, at: float | None = None) -> list[dict[str, Any]]:
    """The series that an instant query gives, of now or of that Unix time."""
    asked = {"query": query} if at is None else {"query": query, "time": str(at)}
    address = f"{url}/api/v1/query?{urllib.parse.urlencode(asked)}"
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - our own Prometheus
        result: list[dict[str, Any]] = json.load(answer)["data"]["result"]
    return result


def _rules(folder: Path, timing: AlertTiming, seconds: int) -> list[str]:
    settings = BuildSettings(job=JOB, scrape_seconds=seconds, timing=timing, warnings_wait=False)
    files = []
    for path, text in documents(settings, "rules").items():
        if "/vi/" in path:
            files.append(folder / Path(path).name)
            files[-1].write_text(text, "utf-8")
    return [str(file) for file in files]


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def _until_ready(url: str) -> None:
    deadline = time.monotonic() + _WITHIN_SECONDS
    while not _is_ready(url):
        assert time.monotonic() < deadline, "Prometheus did not get ready"
        time.sleep(0.1)


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/-/ready", timeout=2) as answer:  # noqa: S310 - our own Prometheus
            return bool(answer.status == 200)
    except OSError:
        return False
