"""What several boards show in the same way: their variables, their addresses, reasons in words, states over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agent.explain.texts import explain
from agent.explain.words import ROLES, Words
from agent.model import VERDICT_OF, Role, Verdict
from dashboards.library import House
from dashboards.queries import select, shown

OVERVIEW = "sansang-overview"
SITE = "sansang-site"

SITE_LINK = f"/d/{SITE}?var-site=${{__data.fields.site}}&${{__url_time_range}}&var-datasource=${{datasource}}"
SITE_LINK_OF_SERIES = SITE_LINK.replace("__data.fields.site", "__field.labels.site")


def agents(house: House) -> Any:
    """Which agents; all at first."""
    query = f"label_values({select('sansang_build_info')}, instance)"
    return house.variable("agent", Words("Máy giám sát", "Agent"), query, every=True)


def sites(house: House) -> Any:
    """Which site, chosen by its name."""
    query = f"query_result({shown('sansang_site_info')})"
    regex = '/name="(?<text>[^"]+)".*site="(?<value>[^"]+)"/'
    return house.variable("site", Words("Địa điểm", "Site"), query, regex=regex)


def why(expr: str) -> str:
    """With the label ``why``: role and reason, which ``explanations`` puts into words."""
    return f'label_join({expr}, "why", ".", "role", "reason")'


def explanations(house: House) -> Sequence[dict[str, Any]]:
    """The sentence for every role and every reason that a target can be down for, as `sansang check` says it."""
    failed = [reason for reason, verdict in VERDICT_OF.items() if verdict is Verdict.FAILED]
    language = house.settings.language
    return house.values(
        [(f"{role}.{reason}", explain(role, reason, language).what, "") for role in Role for reason in failed]
    )


def state_history(*matchers: str) -> str:
    """The worst confirmed state of each step, so that a short outage is not lost between two points."""
    return f"min_over_time({shown('sansang_target_state', *matchers)}[$__rate_interval])"


def days_left(expr: str) -> str:
    """Days until an instant."""
    return f"({expr} - time()) / 86400"


def roles(house: House) -> Sequence[dict[str, Any]]:
    """Roles as people say them."""
    return house.values([(role.value, words, "") for role, words in ROLES.items()])
