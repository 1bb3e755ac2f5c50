"""All generated files as one pure function of the settings: paths below ``config/`` and their texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dashboards import alerting, provisioning
from dashboards.boards import all_boards
from dashboards.rules import all_rules as rules
from dashboards.settings import ALL, BuildSettings

Builder = Callable[[BuildSettings], Mapping[str, str]]

BUILDERS: Mapping[str, tuple[Builder, ...]] = {
    "boards": (all_boards.documents,),
    "grafana": (all_boards.documents, provisioning.documents),
    "rules": (rules.documents,),
    "prometheus": (rules.documents, alerting.prometheus),
    "alertmanager": (alerting.alertmanager,),
}
"""Builders of each part of `sansang build PART`; a builder may serve several parts."""


def documents(settings: BuildSettings, part: str = ALL) -> Mapping[str, str]:
    """Path below ``config/`` to text, in path order; the same settings give the same bytes.

    Raises KeyError for a part that is none of PARTS and not ALL.
    """
    groups = BUILDERS.values() if part == ALL else (BUILDERS[part],)
    builders = dict.fromkeys(builder for builders in groups for builder in builders)
    files = {path: text for build in builders for path, text in build(settings).items()}
    return dict(sorted(files.items()))
