"""Grafana's provisioning files: the data source, and the folder that the boards are loaded from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboards.generated_files import as_yaml
from dashboards.settings import BuildSettings

FOLDER = "sansang"
"""The uid of the folder of all boards in Grafana."""

FOLDER_TITLE = "San Sang"

_ON_THE_SERVER = "/etc/grafana"  # where config/grafana is copied or mounted to


def documents(settings: BuildSettings) -> Mapping[str, str]:
    """The files of ``/etc/grafana/provisioning``."""
    return {
        "grafana/provisioning/datasources/sansang.yml": as_yaml(_sources(settings)),
        "grafana/provisioning/dashboards/sansang.yml": as_yaml(_boards(settings)),
        **{f"grafana/provisioning/{kind}/sansang.yml": as_yaml(content) for kind, content in _EMPTY.items()},
    }


_EMPTY: Mapping[str, Any] = {
    "alerting": {"apiVersion": 1},
    "notifiers": {"apiVersion": 1, "notifiers": []},  # read by Grafana 10 and older
    "plugins": {"apiVersion": 1, "apps": []},
}
"""Grafana logs an error for each of these folders that is missing, and some versions refuse to start over a file in
them that is not YAML: each gets a file without content."""


def source(settings: BuildSettings) -> dict[str, Any]:
    """The data source in the form of a provisioning file."""
    return {
        "name": "Prometheus",
        "uid": "sansang-prometheus",
        "type": "prometheus",
        "access": "proxy",
        "url": f"http://{settings.prometheus}",
        "isDefault": True,
        "editable": False,
        "jsonData": {"timeInterval": f"{settings.scrape_seconds}s", "httpMethod": "POST"},
    }


def _sources(settings: BuildSettings) -> dict[str, Any]:
    return {"apiVersion": 1, "datasources": [source(settings)]}


def _boards(settings: BuildSettings) -> dict[str, Any]:
    provider = {
        "name": "sansang",
        "orgId": 1,
        "folder": FOLDER_TITLE,
        "folderUid": FOLDER,
        "type": "file",
        "disableDeletion": True,
        "allowUiUpdates": False,
        "updateIntervalSeconds": 60,
        "options": {"path": f"{_ON_THE_SERVER}/boards/{settings.language}"},
    }
    return {"apiVersion": 1, "providers": [provider]}
