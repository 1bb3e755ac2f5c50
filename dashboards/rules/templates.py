"""Parts of Prometheus templates: the name of the place, the start of the outage, and the reason with what to try.

Only closed sets and the inventory's own names go in: text of devices is no label. The result of a query is inserted as
text and never read as a template.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from agent.explain.texts import explain
from agent.model import ReasonCode, Role
from agent.text import LANGUAGES, Text
from dashboards.queries import select
from dashboards.rules.reasons import DEGRADED
from dashboards.settings import BuildSettings

_SINCE = Text("từ", "since")
_AT = Text("lúc", "at")
_CODE = Text("Mã lý do:", "Reason code:")


def _name(sample: str, label: str) -> str:
    query = f'{{{{ with printf "{select(sample)}{{{label}=%q}}" $labels.{label} | query }}}}'
    return f'{query}{{{{ . | first | label "name" }}}}{{{{ else }}}}{{{{ $labels.{label} }}}}{{{{ end }}}}'


SITE_NAME, TARGET_NAME = _name("sansang_site_info", "site"), _name("sansang_target_info", "target")
"""The name of the alert's site or target, or its id while the agent does not report it."""


def since(settings: BuildSettings) -> Text:
    """Start of the outage on the organisation's clock; nothing once it is over or while it is unknown."""
    started, up = select("sansang_target_state_since_timestamp_seconds"), select("sansang_target_up")
    down = f"and on (job, instance, target) {up} == 0"
    return Text(*(_moment(settings, word, started, ("target",), down) for word in _SINCE))


def since_instant(settings: BuildSettings, sample: str, *labels: str) -> Text:
    """Since when, by a sample that tells an instant of what the alert's labels name; nothing where it is absent."""
    return Text(*(_moment(settings, word, select(sample), labels) for word in _SINCE))


def at_instant(settings: BuildSettings, sample: str, *labels: str) -> Text:
    """At what instant, as ``since_instant``."""
    return Text(*(_moment(settings, word, select(sample), labels) for word in _AT))


def _moment(settings: BuildSettings, word: str, sample: str, labels: Iterable[str], condition: str = "") -> str:
    """The word and the instant on the organisation's clock."""
    offset = datetime(2026, 1, 1, tzinfo=UTC).astimezone(ZoneInfo(settings.timezone)).utcoffset()
    seconds = 0 if offset is None else int(offset.total_seconds())
    selector, values = ", ".join(f"{label}=%q" for label in labels), " ".join(f"$labels.{label}" for label in labels)
    query = f"{sample}{{{selector}}} + {seconds}{f' {condition}' if condition else ''}"
    moment = '{{ (. | first | value | toTime).Format "15:04 02/01/2006" }}'
    return f'{{{{ with printf "{query}" {values} | query }}}} {word} {moment}{{{{ end }}}}'


def why_down(roles: Iterable[Role], common: Iterable[ReasonCode]) -> Text:
    """What happened and what to try, for the reason of the outage; for an uncommon reason its code."""
    return _why(f"{select('sansang_target_down_reason')}{{target=%q}}", roles, common)


def why_degraded(settings: BuildSettings, roles: Iterable[Role]) -> Text:
    """What happened and what to try, for a degraded target: its most frequent reason in the time counted."""
    reasons = f"{select('sansang_target_degraded_reason')}{{target=%q}}[{settings.limits.degraded_within}s]"
    return _why(f"topk(1, count_over_time({reasons}))", roles, DEGRADED)


def _why(query: str, roles: Iterable[Role], common: Iterable[ReasonCode]) -> Text:
    common, roles = tuple(common), tuple(roles)
    return Text(*(_reasons(query, roles, common, language) for language in LANGUAGES))


def _reasons(query: str, roles: tuple[Role, ...], common: tuple[ReasonCode, ...], language: str) -> str:
    pairs = [(f"{role}/{reason}", explain(role, reason, language)) for role in roles for reason in common]
    cases = [f'if eq $why "{key}" }}}}{text.what} → {text.advice}{{{{ ' for key, text in pairs]
    code = _CODE.to(language) + ' {{ . | first | label "reason" }}.'
    lookup = f'printf "{query}" $labels.target | query'
    why = '{{ $why := printf "%s/%s" $labels.role (. | first | label "reason") }}'
    return f"{{{{ with {lookup} }}}}{why}{{{{ {'else '.join(cases)}else }}}}{code}{{{{ end }}}}{{{{ end }}}}"
