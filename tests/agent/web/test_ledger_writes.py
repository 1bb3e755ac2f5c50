from __future__ import annotations

import json

import pytest

from agent.engine.upkeep.maintenance import CancelMaintenance, ListOnly, MaintenanceCommand, MaintenanceReply
from agent.errors import LedgerError
from agent.ledger.signed.amendments import Correction, DatedAmendment
from agent.ledger.signed.maintenance import WindowRequest
from agent.ledger.signed.score_issues import DatedScoreIssue, ScoreIssue
from agent.model import State
from agent.web.request_body import score_issue_body
from tests.agent.web.serving import ENDPOINTS, ask, serving

JSON = {"content-type": "application/json"}
PATH = "/api/v1/maintenance"
ADD = {
    "do": "add",
    "scope": "site:lang-cong",
    "from": "2026-03-01T08:00:00+07:00",
    "to": "2026-03-01T02:00:00Z",
    "who": "An",
    "why": "thay dây",
    "announced_on": "2026-02-20",
}


@pytest.mark.parametrize(
    ("document", "order"),
    [
        (ADD, WindowRequest("site:lang-cong", 1_772_326_800_000, 1_772_330_400_000, "An", "thay dây", "2026-02-20")),
        ({"do": "cancel", "id": "m1", "who": "An", "why": "hoãn"}, CancelMaintenance("m1", "An", "hoãn")),
        ({"do": "list"}, ListOnly()),
    ],
)
async def test_an_order_is_carried_out_and_every_window_is_told(
    document: dict[str, str], order: MaintenanceCommand
) -> None:
    asked: list[MaintenanceCommand] = []

    async def carry_out(given: MaintenanceCommand) -> MaintenanceReply:
        asked.append(given)
        return await ENDPOINTS.maintenance(given)

    async with serving(maintenance=carry_out) as (port, _):
        status, headers, body = await ask(port, "POST", PATH, JSON, json.dumps(document).encode())

    (window,) = json.loads(body)["windows"]
    assert (status, headers["content-type"], asked) == (200, "application/json", [order])
    assert (window["id"], window["from"], window["to"]) == (
        "m1",
        "2026-03-01T01:00:00.000Z",
        "2026-03-01T02:00:00.000Z",
    )
    assert (window["retroactive"], window["cancelled"], body.isascii()) == (False, None, True)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({}, "`do` is one of add, cancel, list"),
        ({"do": ["add"]}, "`do` is one of"),
        ({"do": "drop"}, "`do` is one of"),
        ({"do": "list", "who": "An"}, "key 'who' has no place in list"),
        ({"do": "list", "sql": ""}, "unknown key 'sql'"),
        (ADD | {"from": "2026-03-01T08:00:00"}, "from names no zone"),
        (ADD | {"from": "yesterday"}, "is no date of ISO 8601"),
        (ADD | {"to": 5}, "to is not text"),
        (ADD | {"announced_on": "soon"}, "is no date of ISO 8601"),
        ({"do": "cancel", "id": None, "who": "An", "why": "x"}, "id is not text"),
        ({"do": "cancel", "id": "m1", "who": "An"}, "why is not text"),
    ],
)
async def test_a_bad_order_is_refused_in_words(document: dict[str, object], said: str) -> None:
    async with serving() as (port, _):
        status, _, body = await ask(port, "POST", PATH, JSON, json.dumps(document).encode())

    assert (status, said in body.decode()) == (400, True), body


async def test_what_the_ledger_refuses_is_said() -> None:
    async def refuse(_: MaintenanceCommand) -> MaintenanceReply:
        raise LedgerError("window m1 is over")

    async with serving(maintenance=refuse) as (port, _):
        assert (await ask(port, "POST", PATH, JSON, b'{"do": "list"}'))[::2] == (409, b"409 window m1 is over\n")


CORRECT = {
    "do": "add",
    "refers_to": 7,
    "state": "up",
    "cause": "ok",
    "from": "2026-03-01T01:00:00Z",
    "to": "2026-03-01T02:00:00Z",
    "who": "An",
    "why": "cáp rút nhầm",
}


async def test_a_correction_is_carried_out_and_every_correction_is_told() -> None:
    asked: list[object] = []

    async def carry_out(given: Correction | ListOnly) -> tuple[DatedAmendment, ...]:
        asked.append(given)
        return await ENDPOINTS.amend(given)

    async with serving(amend=carry_out) as (port, _):
        status, _, body = await ask(port, "POST", "/api/v1/amendments", JSON, json.dumps(CORRECT).encode())

    (one,) = json.loads(body)["amendments"]
    span = (1_772_326_800_000, 1_772_330_400_000)
    assert (status, asked) == (200, [Correction(7, State.UP, "ok", *span, "An", "cáp rút nhầm")])
    assert (one["seq"], one["refers_to"], one["target"], one["state"]) == (9, 7, "lang-cong/room", "up")


async def test_the_manifest_of_a_package_is_recorded_and_every_one_is_told() -> None:
    asked: list[object] = []
    issue = ScoreIssue("ab" * 32, "bo-2026", "cd" * 32, "2026-10", "xa-a", "", "as-was", 8, 1_772_330_400_000, "An")

    async def carry_out(given: ScoreIssue | ListOnly) -> tuple[DatedScoreIssue, ...]:
        asked.append(given)
        return await ENDPOINTS.issue_score(given)

    async with serving(issue_score=carry_out) as (port, _):
        body = json.dumps(score_issue_body(issue)).encode()
        status, _, answer = await ask(port, "POST", "/api/v1/score-issues", JSON, body)

    assert (status, asked) == (200, [issue])
    assert json.loads(answer)["score_issues"] == [
        {
            "seq": 9,
            "manifest": "ab" * 32,
            "sheet": "bo-2026",
            "sheet_digest": "cd" * 32,
            "period": "2026-10",
            "unit": "xa-a",
            "level": "",
            "units": "as-was",
            "as_of_seq": 8,
            "as_of": "2026-03-01T02:00:00.000Z",
            "recorded": "2026-03-01T21:20:00.000Z",
            "clock": "synchronised",
            "who": "An",
        }
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"refers_to": 0}, "refers_to is not the number of a row"),
        ({"refers_to": True}, "refers_to is not the number of a row"),
        ({"refers_to": 1 << 80}, "refers_to is not the number of a row"),
        ({"state": "fine"}, "state is one of down, up, degraded, unknown"),
        ({"do": "cancel"}, "`do` is one of add, list"),
    ],
)
async def test_a_bad_correction_is_refused_in_words(change: dict[str, object], said: str) -> None:
    async with serving() as (port, _):
        status, _, body = await ask(port, "POST", "/api/v1/amendments", JSON, json.dumps(CORRECT | change).encode())

    assert (status, said in body.decode()) == (400, True), body
