"""Answers of a Grafana with anything in any place of them: every run ends with an exit code and readable lines."""

from __future__ import annotations

import random
from typing import Any

import pytest

from agent.cli.main import main
from tests.dashboards.grafana.fake import TOKEN, grafana
from tests.dashboards.grafana.state import Reply, State

ANYTHING: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 10**400, "", "\ud800", "\x1b[2J\u202e", "é" * 5000, [], {}, [1], {"message": "\x1b[31m\n"},
)  # fmt: skip
STATUSES = (200, 202, 204, 400, 403, 404, 406, 409, 412, 422, 429, 500, 503, 599, 999)
CALLS = ((), ("--lang", "en"), ("--data-source", "http://127.0.0.1:9091", "--force"), ("--json",))


class Mutating(State):
    """Now and then another status, or another value somewhere."""

    chance = random.Random(0)

    def __getattribute__(self, name: str) -> Any:
        known = super().__getattribute__(name)
        if name not in ("folder", "source", "board", "version", "add_folder", "add_source", "set_source", "save"):
            return known

        def answer(*arguments: Any) -> Reply:
            status, body = known(*arguments)
            if self.chance.random() < 0.3:
                body = self.changed(body, 0)
            return (self.chance.choice(STATUSES) if self.chance.random() < 0.1 else status), body

        return answer

    def changed(self, value: Any, depth: int) -> Any:
        if depth > 3 or self.chance.random() < 0.15:
            return self.chance.choice(ANYTHING)
        if isinstance(value, dict):
            kept = {key: one for key, one in value.items() if self.chance.random() > 0.05}
            return {
                key: self.changed(one, depth + 1) if self.chance.random() < 0.3 else one for key, one in kept.items()
            }
        return value


@pytest.mark.parametrize("seed", range(6))
def test_no_answer_is_a_crash(seed: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANSANG_GRAFANA_TOKEN", TOKEN)
    monkeypatch.setattr(Mutating, "chance", random.Random(seed))
    with grafana(Mutating()) as fake:
        for call in CALLS:
            assert main(["build", "grafana", "--push", fake.url, *call]) in (0, 1, 2)
            out, err = capsys.readouterr()
            assert all(line.isprintable() for line in (out + err).splitlines())
            assert TOKEN not in out + err
