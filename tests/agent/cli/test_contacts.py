"""Whom to call: on the page for this machine, and in `sansang check`. Nothing that programs read has it."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import HTTPError

import pytest

from agent.cli.main import main
from agent.ledger.history.inventories import Inventories
from agent.ledger.reader import Reader
from agent.web.app import table
from agent.web.limits import ServerLimits
from tests.agent.cli.commands.run.test_daily_scores import written as written_sheet
from tests.agent.cli.commands.test_check import running
from tests.agent.cli.conftest import Served
from tests.agent.web.serving import ENDPOINTS

PERSON = ("Nguyễn Văn Kín", "0912345678", "kin@tinh.example")
ID = "nguyen-van-kin"  # as a sheet makes it
CALL = "Gọi: Nguyễn Văn Kín, 0912345678, kin@tinh.example"
PROXY = {"X-Forwarded-For": "192.0.2.7"}
QUERIES = {
    "/api/v1/uptime": "?period=2026-03",
    "/api/v1/scores": f"?period={datetime.now(UTC).year}&unit=u",
    "/probe": "?target=s/good",
}
REFUSED = ("/snmp",)  # without a module of that probe


@pytest.fixture
def known(served: Served) -> Served:
    text = served.config.read_text("utf-8").replace("unit: u}", "unit: u, contact: nguyen-van-kin}")
    name, phone, email = PERSON
    contact = f"contacts: [{{id: nguyen-van-kin, name: {name}, phone: '{phone}', email: {email}}}]\n"
    (served.config.parent / "xa.yml").write_text(written_sheet(), "utf-8")
    served.config.write_text(text + contact + "scoring: {sheets: [xa.yml]}\n", "utf-8")
    return served


def ask(address: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> str:
    given = {"Content-Type": "application/json"} if body is not None else {}
    request = urllib.request.Request(address, body, given | (headers or {}))  # noqa: S310 - our own
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - our own
        text: str = answer.read().decode()
    return text


def named(text: str) -> list[str]:
    """Which parts of the person are in it, written out or escaped as JSON does."""
    return [part for part in (*PERSON, ID) if part in text or json.dumps(part)[1:-1] in text]


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What the command prints; in this process, since starting one costs half a second."""
    main(arguments)
    return capsys.readouterr().out


def seen_by_programs(known: Served, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Every answer of every route but the page, and what the commands print as JSON."""
    seen = {}
    for entry in table(ENDPOINTS, ServerLimits()):
        if entry.method == "GET" and entry.path not in ("/", *REFUSED):
            seen[entry.path] = ask(known.address + entry.path + QUERIES.get(entry.path, ""))
    for path in ("/api/v1/maintenance", "/api/v1/amendments"):
        seen[path] = ask(known.address + path, b'{"do": "list"}')
    seen["/api/v1/check"] = ask(known.address + "/api/v1/check", b"{}")
    seen["check --json"] = printed(capsys, "check", "--json", "--config", str(known.config))
    seen["validate --json"] = printed(capsys, "validate", "--json", str(known.config))
    return seen


def written(storage: Path) -> bytes:
    """All files, and the inventories that the ledger keeps, which are packed."""
    reader = Reader.open(storage)
    try:
        kept = [version.document for version in Inventories(reader, "local").versions(0, 1 << 50)]
    finally:
        reader.close()
    assert kept
    files = b"".join(file.read_bytes() for file in storage.rglob("*") if file.is_file())
    return files + json.dumps(kept, ensure_ascii=False).encode()


async def page_with(known: Served, text: str) -> str:
    """The page as this machine sees it, once it says that."""
    async with asyncio.timeout(60):
        while text not in (page := await asyncio.to_thread(ask, known.address)):
            await asyncio.sleep(0.2)
    return page


async def refused(known: Served, slip: str) -> tuple[str, str]:
    """The page here and through a proxy, once the agent was told to read a configuration with that slip of the pen."""
    known.config.write_text(known.config.read_text("utf-8") + slip, "utf-8")
    with pytest.raises(HTTPError):
        await asyncio.to_thread(ask, f"{known.address}/-/reload", b"")
    here = await asyncio.to_thread(ask, known.address)
    return here, await asyncio.to_thread(ask, known.address, None, PROXY)


async def test_no_program_learns_whom_to_call(known: Served, capsys: pytest.CaptureFixture[str]) -> None:
    with running(known.config, known.address):
        page = await page_with(known, "s/dead")
        afar = await asyncio.to_thread(ask, known.address, None, PROXY)
        seen = await asyncio.to_thread(seen_by_programs, known, capsys)
        called = await asyncio.to_thread(printed, capsys, "check", "--config", str(known.config))
        known.config.write_text(known.config.read_text("utf-8") + "page: {contacts: true}\n", "utf-8")
        await asyncio.to_thread(ask, f"{known.address}/-/reload", b"")
        opened = await asyncio.to_thread(ask, known.address, None, PROXY)
        whole, place = await refused(known, "contcts: []\n")

    assert {what: named(text) for what, text in seen.items() if named(text)} == {}
    assert all(seen.values())
    assert "s/dead" in seen["/api/v1/targets"]
    assert not any(part.encode() in written(known.storage) for part in (*PERSON, ID))
    assert "s/dead" in afar
    assert named(afar) == []
    assert all(named(text) == list(PERSON) for text in (page, opened, called))
    assert CALL in called
    assert "contcts" in whole
    assert "sansang.yml:" in place
    assert "contcts" not in place
