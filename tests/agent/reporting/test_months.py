from __future__ import annotations

import gzip
from pathlib import Path

from agent.engine.agent_stats import AgentStats
from agent.inventory.entities import Organisation
from agent.inventory.load import load
from agent.probes.registry import PROBES
from agent.reporting.months import Months
from exporters.prometheus import Exposition
from tests.agent.reporting.small_ledger import DOWN_MS, END, START, recorded
from tests.exporters.reports.sample import DAY, at

ORGANISATION = Organisation("Huyện Lập Thạch")
NOW = at("2025-11-11 00:00")
COUNTED = END - START - 3_600_000


def lines(exposition: Exposition) -> list[str]:
    text = gzip.decompress(exposition.render(openmetrics=False)).decode()
    return [
        line for line in text.splitlines() if line.startswith(("sansang_availability_ratio", "sansang_coverage_ratio"))
    ]


def test_each_month_has_its_shares_of_the_ledger(tmp_path: Path) -> None:
    recorded(tmp_path)
    shares = Months(tmp_path / "ledger").shares(ORGANISATION, NOW)
    dead = {one.period: one for one in shares["s/dead"]}

    assert list(dead) == ["this_month", "last_month"]
    assert dead["last_month"].availability == (COUNTED - DOWN_MS) * 10**15 // COUNTED / 10**15
    assert dead["last_month"].coverage == 1
    assert dead["this_month"].availability == 1
    assert dead["this_month"].coverage == DAY / (10 * DAY)


def test_the_exposition_shows_them_and_keeps_them_over_a_reload(tmp_path: Path) -> None:
    inventory = load(recorded(tmp_path), PROBES, "en")
    exposition = Exposition(inventory, AgentStats)
    before = lines(exposition)
    exposition.update_months(Months(tmp_path / "ledger").shares(ORGANISATION, NOW))
    shown = lines(exposition)
    exposition.replace(inventory, (), ())

    labels = 'role="service",site="s",target="s/good"'
    assert before == []
    assert f'sansang_availability_ratio{{period="last_month",{labels}}} 1.0' in shown
    assert f'sansang_coverage_ratio{{period="this_month",{labels}}} 0.1' in shown
    assert lines(exposition) == shown


def test_a_target_of_which_nothing_is_known_has_no_availability(tmp_path: Path) -> None:
    inventory = load(recorded(tmp_path), PROBES, "en")
    exposition = Exposition(inventory, AgentStats)
    exposition.update_months(Months(tmp_path / "ledger").shares(ORGANISATION, at("2026-03-01 00:01")))

    assert {line.partition("{")[0] for line in lines(exposition)} == {"sansang_coverage_ratio"}
