"""Every refusal of the web server in the language that the client asks for."""

from __future__ import annotations

import json
import re

import pytest

from agent.engine.upkeep.maintenance import CancelMaintenance, ListOnly
from agent.ledger.signed.amendments import Correction
from agent.ledger.signed.maintenance import WindowRequest
from agent.ledger.signed.score_issues import ScoreIssue
from agent.model import State
from agent.web.request_body import (
    amendment_body,
    maintenance_body,
    parse_amendment,
    parse_maintenance,
    parse_score_issue,
    score_issue_body,
)
from tests.agent.cli.test_errors_in_vietnamese import english_lines
from tests.agent.web.serving import ask, serving

VIETNAMESE = {"accept-language": "vi", "content-type": "application/json"}
CALLS = (
    ("GET", "/nowhere", b""), ("POST", "/metrics", b""), ("GET", "/?a=%00", b""),
    ("GET", "/sd?nonsense=1", b""), ("HEAD", "/probe?target=x", b""), ("GET", "/probe", b""),
    ("GET", "/probe?target=a&target=b", b""), ("GET", "/api/v1/uptime", b""),
    ("GET", "/api/v1/uptime?period=x&by=y", b""),
    ("GET", "/api/v1/uptime?period=x&role=y", b""), ("GET", "/api/v1/uptime?nonsense=1", b""),
    ("GET", "/api/v1/scores", b""), ("GET", "/api/v1/scores?period=x&unit=a&level=b", b""),
    ("GET", "/api/v1/scores?period=x&units=y", b""), ("GET", "/api/v1/scores?nonsense=1", b""),
    ("POST", "/api/v1/check", b""), ("POST", "/api/v1/check", b"[]"), ("POST", "/api/v1/check", b'{"x": 1}'),
    ("POST", "/api/v1/check", b'{"roles": ["x"]}'), ("POST", "/api/v1/check", b'{"sites": 1}'),
    ("POST", "/api/v1/maintenance", b"{}"),
    ("POST", "/api/v1/maintenance", b'{"do": "add"}'), ("POST", "/api/v1/maintenance", b'{"do": "list", "id": "1"}'),
    ("POST", "/api/v1/maintenance", b'{"do": "add", "scope": "all", "from": "x", "who": "a", "why": "b"}'),
    ("POST", "/api/v1/amendments", b'{"do": "add", "refers_to": "x", "state": "up"}'),
    ("POST", "/api/v1/amendments", b'{"do": "add", "refers_to": 1, "state": "x"}'),
    ("POST", "/api/v1/score-issues", b'{"do": "add", "as_of_seq": 0}'),
    ("POST", "/api/v1/score-issues", b'{"do": "add", "as_of_seq": 1}'),
)  # fmt: skip


async def test_every_refusal_is_vietnamese_for_who_asks_for_that() -> None:
    english = {}
    async with serving() as (port, _):
        for method, path, body in CALLS:
            status, _, answer = await ask(port, method, path, VIETNAMESE, body)
            assert status >= 400, (method, path)
            if method != "HEAD" and (lines := english_lines(re.sub(r"^\d+ ", "", answer.decode()))):
                english[method, path[:40], body[:40]] = lines
    assert english == {}


SIGNED = ("An", "thay dây")
WINDOW = WindowRequest("site:s", 1_772_326_800_001, 1_772_330_400_999, *SIGNED, "2026-02-20")


@pytest.mark.parametrize("command", [WINDOW, CancelMaintenance("m1", *SIGNED), ListOnly()])
def test_the_body_of_a_maintenance_command_is_read_as_that_command(
    command: WindowRequest | CancelMaintenance | ListOnly,
) -> None:
    assert parse_maintenance(json.dumps(maintenance_body(command)).encode()) == command


ISSUE = ScoreIssue("ab" * 32, "bo", "cd" * 32, "2026", "xa-a", "commune", "today", 7, 1_772_330_400_999, "An")


@pytest.mark.parametrize("command", [ISSUE, ListOnly()])
def test_the_body_of_a_score_issue_is_read_as_that_issue(command: ScoreIssue | ListOnly) -> None:
    assert parse_score_issue(json.dumps(score_issue_body(command)).encode()) == command


@pytest.mark.parametrize("command", [Correction(7, State.UP, "ok", 1, 1_772_330_400_999, *SIGNED), ListOnly()])
def test_the_body_of_an_amendment_is_read_as_that_amendment(command: Correction | ListOnly) -> None:
    assert parse_amendment(json.dumps(amendment_body(command)).encode()) == command
