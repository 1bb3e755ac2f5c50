"""docker-compose.yml and the Dockerfile keep their promises: what can be said without a container engine."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = YAML(typ="safe").load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
each_service = pytest.mark.parametrize("name", sorted(SERVICES))


@each_service
def test_no_service_is_root_or_may_write_to_its_root(name: str) -> None:
    service = SERVICES[name]

    assert re.fullmatch(r"[1-9][0-9]*:[0-9]+", service["user"])
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service.get("cap_add", []) == (["NET_RAW"] if name == "agent" else [])
    assert ("no-new-privileges:true" in service.get("security_opt", [])) == (name != "agent")


@each_service
def test_every_service_is_watched_bounded_and_comes_back(name: str) -> None:
    service = SERVICES[name]

    assert service["healthcheck"]["test"][0] == "CMD"
    assert service["restart"] == "unless-stopped"
    assert {"mem_limit", "pids_limit", "logging", "stop_grace_period"} <= set(service)


@each_service
def test_every_image_is_pinned(name: str) -> None:
    assert re.fullmatch(r"[a-z/]+:v?[0-9]+\.[0-9]+\.[0-9]+", SERVICES[name]["image"])


@each_service
def test_all_listen_on_loopback_and_publish_nothing(name: str) -> None:
    service = SERVICES[name]
    addresses = [word.partition("=")[2] for word in service.get("command", []) if "listen-address" in word]

    assert (service["network_mode"], "ports" in service) == ("host", False)
    assert [address for address in addresses if address and not address.startswith("127.0.0.1:")] == []


def test_what_is_mounted_exists_and_cannot_be_written() -> None:
    mounts = [mount.split(":") for service in SERVICES.values() for mount in service["volumes"]]
    folders = [mount for mount in mounts if mount[0].startswith("./")]

    assert [mount for mount in folders if mount[2:] != ["ro"]] == []
    assert [mount[0] for mount in folders if not (ROOT / mount[0]).exists()] == []
    assert {mount[0] for mount in mounts if mount not in folders} == set(COMPOSE["volumes"])


def test_secrets_are_files_outside_of_git() -> None:
    words = [word for service in SERVICES.values() for word in service.get("environment", {})]

    assert [word for word in words if "PASSWORD" in word and not word.endswith("__FILE")] == []
    assert [
        secret["file"] for secret in COMPOSE["secrets"].values() if not secret["file"].startswith("./secrets/")
    ] == []
    assert (ROOT / "secrets/.gitignore").read_text("utf-8").splitlines()[1:] == ["*", "!.gitignore"]


def test_the_agents_image_has_the_version_of_the_agent() -> None:
    from agent import __version__

    assert SERVICES["agent"]["image"] == f"sansang:{__version__}"


def test_the_health_check_asks_where_the_starter_configuration_listens() -> None:
    starter = YAML(typ="safe").load((ROOT / "config/examples/starter/sansang.yml").read_text("utf-8"))

    assert f"http://{starter['listen']}/-/healthy" in SERVICES["agent"]["healthcheck"]["test"][-1]
