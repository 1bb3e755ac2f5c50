"""Where an agent lives: its configuration, its ledger, its HTTP address. Commands that ask an agent or read its ledger
find it here.
"""

from __future__ import annotations

import argparse
import ipaddress
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from agent.cli.arguments import add_agent, add_config, add_json, add_language
from agent.inventory.entities import Inventory
from agent.inventory.load import load
from agent.inventory.locate import locate
from agent.probes.registry import PROBES

_IPV4 = 4


@dataclass(frozen=True, slots=True)
class AgentLocation:
    """The agent of one configuration; url is where it is asked, language the one to answer in."""

    inventory: Inventory
    directory: Path
    url: str
    language: str

    @property
    def zone(self) -> ZoneInfo:
        """The organisation's time zone."""
        return ZoneInfo(self.inventory.organisation.timezone)


def add_location_options(parser: argparse.ArgumentParser) -> None:
    """The options that say which agent is meant, and how to answer."""
    add_config(parser)
    add_agent(parser)
    add_json(parser)
    add_language(parser)


def locate_agent(args: argparse.Namespace) -> AgentLocation:
    """Read the configuration; raises ConfigError."""
    inventory = load(locate(args.config), PROBES, args.lang)
    language = args.lang or inventory.organisation.language
    return AgentLocation(inventory, Path(inventory.storage_path), args.agent or url_of(inventory), language)


def url_of(inventory: Inventory) -> str:
    """Where the agent of this configuration answers; on this machine if it listens on every address."""
    host, _, port = inventory.listen.rpartition(":")
    if host != "localhost" and (address := ipaddress.ip_address(host.strip("[]"))).is_unspecified:
        host = "127.0.0.1" if address.version == _IPV4 else "[::1]"
    return f"http://{host}:{port}"
