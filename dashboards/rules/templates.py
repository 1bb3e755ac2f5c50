"""Pieces of Prometheus templates: the place by its name, since when, and the reason in words with what to try.

Only closed sets and the inventory's own names go in: text of devices is no label. What a query finds is inserted as
text and never read as a template.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from agent.explain.texts import explain
from agent.model import ReasonCode, Role
from agent.text import Text
from dashboards.queries import select
from dashboards.rules.reasons import DEGRADED
from dashboards.settings import LANGUAGES, BuildSettings

_SINCE = Text("từ", "since")
_CODE = Text("Mã lý do:", "Reason code:")


def _name(sample: str, label: str) -> str:
    found = f'{{{{ with printf "{select(sample)}{{{label}=%q}}" $labels.{label} | query }}}}'
    return f'{found}{{{{ . | first | label "name" }}}}{{{{ else }}}}{{{{ $labels.{label} }}}}{{{{ end }}}}'


SITE_NAME, TARGET_NAME = _name("sansang_site_info", "site"), _name("sansang_target_info", "target")
"""The name of the alert's site or target, or its id while the agent does not say."""


def since(settings: BuildSettings) -> Text:
    """When the outage began, on the organisation's clock; nothing once it is over or while it is unknown."""
    offset = datetime(2026, 1, 1, tzinfo=UTC).astimezone(ZoneInfo(settings.timezone)).utcoffset()
    seconds = 0 if offset is None else int(offset.total_seconds())
    started, up = select("sansang_target_state_since_timestamp_seconds"), select("sansang_target_up")
    query = f"{started}{{target=%q}} + {seconds} and on (job, instance, target) {up} == 0"
    moment = '{{ (. | first | value | toTime).Format "15:04 02/01/2006" }}'
    return Text(
        *(f'{{{{ with printf "{query}" $labels.target | query }}}} {word} {moment}{{{{ end }}}}' for word in _SINCE)
    )


def why_down(roles: Iterable[Role], common: Iterable[ReasonCode]) -> Text:
    """What happened and what to try, for the reason that the target is down for; for an uncommon one its code."""
    return _why(f"{select('sansang_target_down_reason')}{{target=%q}}", roles, common)


def why_degraded(settings: BuildSettings, roles: Iterable[Role]) -> Text:
    """The same for a target that is degraded: the reason seen most while that was counted."""
    seen = f"{select('sansang_target_degraded_reason')}{{target=%q}}[{settings.limits.degraded_within}s]"
    return _why(f"topk(1, count_over_time({seen}))", roles, DEGRADED)


def _why(query: str, roles: Iterable[Role], common: Iterable[ReasonCode]) -> Text:
    common, roles = tuple(common), tuple(roles)
    return Text(*(_reasons(query, roles, common, language) for language in LANGUAGES))


def _reasons(query: str, roles: tuple[Role, ...], common: tuple[ReasonCode, ...], language: str) -> str:
    pairs = [(f"{role}/{reason}", explain(role, reason, language)) for role in roles for reason in common]
    cases = [f'if eq $why "{key}" }}}}{said.what} → {said.advice}{{{{ ' for key, said in pairs]
    code = _CODE.to(language) + ' {{ . | first | label "reason" }}.'
    asked = f'printf "{query}" $labels.target | query'
    why = '{{ $why := printf "%s/%s" $labels.role (. | first | label "reason") }}'
    return f"{{{{ with {asked} }}}}{why}{{{{ {'else '.join(cases)}else }}}}{code}{{{{ end }}}}{{{{ end }}}}"
