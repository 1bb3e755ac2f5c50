"""What a build may vary in: a frozen value that the command fills from the inventory. Nothing here reads a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LANGUAGES = ("vi", "en")


@dataclass(frozen=True, slots=True)
class LevelName:
    """A tier of the administration, top first, by language code."""

    id: str
    names: Mapping[str, str]


USUAL_LEVELS = (
    LevelName("province", {"vi": "Tỉnh", "en": "Province"}),
    LevelName("district", {"vi": "Huyện", "en": "District"}),
    LevelName("commune", {"vi": "Xã", "en": "Commune"}),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Whose boards and rules these are; the defaults are those of the committed files.

    language is the one that Grafana and Prometheus load: boards and rules are written in all of LANGUAGES.
    job names the scrape job, agent the address that Prometheus scrapes; grafana_url and runbook_url begin the links
    in alerts, without a slash at the end; scrape_seconds and agent_absent_seconds (how long alerts outlive a silent
    agent) are whole seconds.
    """

    organisation: str = "San Sang"
    language: str = "vi"
    timezone: str = "Asia/Ho_Chi_Minh"
    levels: tuple[LevelName, ...] = USUAL_LEVELS
    job: str = "sansang"
    agent: str = "127.0.0.1:10115"
    alertmanager: str = "127.0.0.1:9093"
    prometheus: str = "127.0.0.1:9090"
    grafana_url: str = "http://127.0.0.1:3000"
    runbook_url: str = "https://sansang.example/runbooks"
    scrape_seconds: int = 15
    agent_absent_seconds: int = 600
