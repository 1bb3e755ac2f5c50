"""A real blackbox_exporter on a free loopback port, asked like Prometheus asks it."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

_READY_SECONDS = 10.0


@contextmanager
def blackbox(folder: Path, modules: Mapping[str, Any]) -> Iterator[int]:
    """Run it with these modules; gives its port. Ended by its pid."""
    config = folder / "blackbox.yml"
    config.write_text(json.dumps({"modules": modules}), encoding="utf-8")  # JSON is YAML
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    command = ["prometheus-blackbox-exporter", f"--config.file={config}", f"--web.listen-address=127.0.0.1:{port}"]
    process = subprocess.Popen([*command, "--log.level=error"])
    try:
        _await(port)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def probe(port: int, target: str, module: str) -> str:
    """The exposition of one run."""
    with urlopen(
        f"http://127.0.0.1:{port}/probe?{urlencode({'target': target, 'module': module})}", timeout=15
    ) as page:
        body: bytes = page.read()
    return body.decode()


def _await(port: int) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
