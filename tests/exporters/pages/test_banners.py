from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from agent.engine.agent_stats import AgentStats, ResolverStats
from agent.engine.engine import EngineStats
from agent.engine.lateness import LatenessStats
from agent.engine.reload import ReloadStats
from agent.engine.rounds import RoundStats
from agent.engine.snapshot import AnchorView, PathView
from agent.engine.upkeep.commit_queue import CommitQueueStats
from agent.engine.upkeep.ledger_upkeep import DiskSpace, LedgerUpkeepStats
from agent.engine.upkeep.timekeeper import TimekeeperStats
from agent.errors import Fault
from agent.explain.clock import NOT_READABLE, NOT_SYNCHRONISED
from agent.inventory.checks.sample_addresses import SampleAddress, SampleKind
from agent.inventory.findings import FilePosition
from dashboards.settings import AlertLimits
from exporters.pages.banners import DISK_FREE_BYTES, DISK_FREE_RATIO, TABLE, AgentCondition, banners
from exporters.pages.landing import LandingView, landing_page
from tests.exporters.pages.test_landing import NOW_MS, Shape
from tests.exporters.sample import inventory

WELL = AgentStats(clock=TimekeeperStats(synchronised=True))
NOT_WRITABLE, OVERLOADED = CommitQueueStats(writable=False), RoundStats(lateness=LatenessStats(overloaded=True))
FAULT = Fault("/etc/sansang/sites.csv", 7, 3, "phone", "not a phone number: 0912 000 111", "digits")

SAMPLE = SampleAddress(SampleKind.ANCHOR, "wan", "192.0.2.1", FilePosition("/etc/sansang.yml", 9))


def silent(*answered: bool | None, passing: bool = False) -> PathView:
    anchors = tuple(AnchorView(f"192.0.2.{number}", one) for number, one in enumerate(answered))
    return PathView("wan", up=True, since_wall_ms=0, targets_behind=3, silent_but_passing=passing, anchors=anchors)


@pytest.mark.parametrize(
    ("known", "said", "details"),
    [
        (AgentCondition(WELL, stuck=["rounds are stuck"]), "this page is not fresh", ("rounds are stuck",)),
        (AgentCondition(replace(WELL, reload=ReloadStats(False))), "was refused", ()),
        (AgentCondition(replace(WELL, reload=ReloadStats(False, (FAULT,)))), "was refused", ("sites.csv:7",)),
        (
            AgentCondition(replace(WELL, reload=ReloadStats(False, (FAULT,))), full=True),
            "was refused",
            ("/etc/sansang/sites.csv:7:3: phone: not a phone number: 0912 000 111, digits",),
        ),
        (AgentCondition(replace(WELL, commit_queue=NOT_WRITABLE, disk=DiskSpace(0, 1))), "takes no rows", ()),
        (AgentCondition(replace(WELL, disk=DiskSpace(5, 100))), "nearly full", ()),
        (AgentCondition(replace(WELL, disk=DiskSpace(DISK_FREE_BYTES - 1, 1 << 30))), "nearly full", ()),
        (AgentCondition(replace(WELL, ledger=LedgerUpkeepStats(quarantined=1))), "it was set aside, not deleted", ()),
        (AgentCondition(replace(WELL, ledger=LedgerUpkeepStats(verify_success=False))), "daily copy", ()),
        (AgentCondition(replace(WELL, engine=EngineStats(rounds=OVERLOADED))), "overloaded", ()),
        (AgentCondition(WELL, [silent(True, False)]), "have not answered once", ("192.0.2.1 (wan)",)),
        (AgentCondition(WELL, [silent(True, True, passing=True)]), "yet what lies behind it answers", ("wan",)),
        (AgentCondition(replace(WELL, resolver=ResolverStats(up=False))), "name server does not answer", ()),
        (AgentCondition(WELL, samples=[SAMPLE]), "wan 192.0.2.1 (sansang.yml:9)", ()),
        (AgentCondition(replace(WELL, request_crashes=1)), "faults of its own", ()),
        (AgentCondition(replace(WELL, clock=TimekeeperStats(synchronised=False))), NOT_SYNCHRONISED.en, ()),
        (AgentCondition(replace(WELL, clock=TimekeeperStats(readable=False))), NOT_READABLE.en, ()),
    ],
)
def test_each_trouble_has_its_banner_and_no_other(known: AgentCondition, said: str, details: tuple[str, ...]) -> None:
    (banner,) = banners(known)
    assert said in banner.text.en
    assert banner.details == details
    assert banner.text.vi != banner.text.en
    text = Shape(landing_page(LandingView(inventory(), (), known, NOW_MS), "vi")).text
    assert banner.text.vi in text
    assert all(detail in text for detail in details)


def test_the_page_about_the_page_tells_each_banner() -> None:
    text = (Path(__file__).parents[3] / "docs" / "page.md").read_text("utf-8").partition("## Banners")[2]
    assert sum(line.startswith("| ") for line in text.splitlines()) == len(TABLE) + 1


def test_nothing_is_said_of_an_agent_that_is_well() -> None:
    paths = [silent(True, True), silent(None, True)]
    known = AgentCondition(replace(WELL, disk=DiskSpace(1 << 40, 2 << 40)), paths)
    assert list(banners(known)) == []
    page = landing_page(LandingView(inventory(), (), known, NOW_MS), "en")
    assert "attention" not in page


def test_a_long_list_under_a_banner_is_cut_and_says_so() -> None:
    known = AgentCondition(WELL, [silent(*[False] * 12)])
    text = Shape(landing_page(LandingView(inventory(), (), known, NOW_MS), "en")).text
    assert "192.0.2.4 (wan)+ 7" in text
    assert "192.0.2.5 " not in text


def test_page_and_alert_say_of_the_same_disk_that_it_fills() -> None:
    limits = AlertLimits()
    assert (limits.disk_free_ratio, limits.disk_free_bytes) == (DISK_FREE_RATIO, DISK_FREE_BYTES)
