"""Contacts and a real reverse proxy on the agent's own machine, where every peer is loopback."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from tests.agent.web.serving import ask, serving
from tests.peers.prometheus_process import free_port

pytestmark = pytest.mark.peers

WAYS = {
    "as it comes": ("", False),
    "with the client's address": ("proxy_http_version 1.1; proxy_set_header X-Forwarded-For $remote_addr;", False),
    "with its own mark": ("proxy_http_version 1.1; proxy_set_header Via '1.1 proxy';", False),
    "asked by another address": ("proxy_http_version 1.1; proxy_set_header Host 192.0.2.1;", False),
    "hidden": ("proxy_http_version 1.1;", True),  # nothing tells it from a browser here: docs/http.md says what to set
}


@contextmanager
def _nginx(folder: Path, port: int, agent: int, settings: str) -> Iterator[None]:
    places = " ".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    server = f"server {{ listen 127.0.0.1:{port}; location / {{ {settings} proxy_pass http://127.0.0.1:{agent}; }} }}"
    conf = folder / "nginx.conf"
    head = f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/errors; events {{}}"
    conf.write_text(f"{head} http {{ access_log off; {places} {server} }}", "utf-8")
    process = subprocess.Popen(["nginx", "-c", str(conf), "-e", f"{folder}/errors"])
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


@asynccontextmanager
async def _proxied(folder: Path, settings: str) -> AsyncIterator[int]:
    port = free_port()
    async with serving() as (agent, _):
        with _nginx(folder, port, agent, settings):
            yield port


async def _page(port: int) -> bytes:
    until = time.monotonic() + 20
    while True:
        try:
            return (await ask(port, "GET", "/"))[2]
        except OSError:  # not there yet
            assert time.monotonic() < until, "nginx does not answer"
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("way", WAYS)
async def test_who_comes_through_nginx_does_not_sit_here(tmp_path: Path, way: str) -> None:
    settings, here = WAYS[way]
    async with _proxied(tmp_path, settings) as port:
        assert str(here).encode() in await _page(port)
