"""Conference points that are degraded or flap, and mass outages of them."""

from __future__ import annotations

import json

from agent.model import Role, State
from agent.text import LANGUAGES, Text
from dashboards.queries import select
from dashboards.rules import reasons, templates
from dashboards.rules.alert import (
    AGENT,
    DOWN_BY_OWN_FAULT,
    MANY_POINTS,
    TARGET,
    TARGET_LABELS,
    Alert,
    Severity,
    firing,
    firing_while_scrape_fails,
    in_maintenance,
    suppress_if_already_firing,
)
from dashboards.rules.recording import POINTS_DOWN, POINTS_KNOWN, count_points, with_fault_at_site
from dashboards.rules.templates import SITE_NAME, TARGET_NAME
from dashboards.settings import BuildSettings

_ROOM = f'role="{Role.CONFERENCE}"'
_SITE_BOARD = "/d/sansang-site?var-site={{ $labels.site }}"
_NAMED = 10


def alerts(settings: BuildSettings) -> tuple[Alert, ...]:
    """Every alert of this module. Flapping is an alert for every role."""
    return (_degraded(settings), _flapping(settings), _many(settings))


def _degraded(settings: BuildSettings) -> Alert:
    """Counts degraded seconds, since a bad line may be good in every second run. Fires until runs are good."""
    name, limits = "SansangConferencePointDegraded", settings.limits
    own, state = firing(name, TARGET_LABELS), select("sansang_target_state", _ROOM)
    seconds = select("sansang_target_state_seconds_total", _ROOM, 'state="degraded"')
    lasting = f"sum by ({TARGET_LABELS}) (increase({seconds}[{limits.degraded_within}s])) >= {limits.degraded_seconds}"
    fresh = f"{lasting} and on ({TARGET}) {state} == {State.DEGRADED}"
    still = f"{own} and on ({TARGET}) {state} >= {State.DEGRADED}"
    why = templates.why_degraded(settings, (Role.CONFERENCE,))
    return Alert(
        name,
        Severity.WARNING,
        f"{fresh} unless on ({TARGET}) {in_maintenance(limits.degraded_within)}"
        f" or {still} unless on ({TARGET}) {in_maintenance()} or {firing_while_scrape_fails(settings, own)}",
        Text("Một điểm cầu kém.", "A conference point is degraded."),
        Text(
            f"Điểm cầu tại {SITE_NAME} vẫn trả lời nhưng kém: họp có thể giật hình, rè tiếng. {why.vi}",
            f"The conference point at {SITE_NAME} answers, but badly: picture or sound may break up. {why.en}",
        ),
        _SITE_BOARD,
        keep_firing_seconds=settings.timing.resolve_hold,
        roles=(Role.CONFERENCE,),
        reasons=reasons.DEGRADED,
    )


def _flapping(settings: BuildSettings) -> Alert:
    """Counts changes of the recording *down by own fault*, so that a flapping parent is one alert."""
    name = "SansangTargetFlapping"
    changes = f"changes({DOWN_BY_OWN_FAULT}[1h]) >= {settings.limits.flaps} unless on ({TARGET}) {in_maintenance(3600)}"
    count = '{{ printf "%.0f" $value }}'
    return Alert(
        name,
        Severity.WARNING,
        suppress_if_already_firing(firing(name, TARGET), changes),
        Text("Một mục tiêu chập chờn: hỏng rồi tốt nhiều lần.", "A target flaps: down and up again and again."),
        Text(
            f"{TARGET_NAME} ({SITE_NAME}) đổi giữa tốt và hỏng {count} lần trong một giờ. Thường là dây lỏng, nguồn"
            " chập chờn, đường truyền yếu hoặc trùng địa chỉ IP: xem trên bảng lúc nào hỏng, rồi kiểm tra tại chỗ.",
            f"{TARGET_NAME} ({SITE_NAME}) went between up and down {count} times within an hour. Usually a loose cable,"
            " bad power, a weak line or an IP address used twice: see on the board when, then look there.",
        ),
        _SITE_BOARD,
        keep_firing_seconds=settings.timing.resolve_hold,
    )


def _many(settings: BuildSettings) -> Alert:
    """Begins only while most states are known; goes on while they are not, by the last known states."""
    name, limits = MANY_POINTS, settings.limits
    own, known_up = firing(name, f"{AGENT}, level"), select("sansang_target_last_known_up", _ROOM)
    up, state = select("sansang_target_up", _ROOM), select("sansang_target_state", _ROOM)

    def many(down: str, total: str) -> str:
        return f"{down} >= {limits.many_points} and {down} / {total} >= {limits.many_share}"

    fresh = f"{many(POINTS_DOWN, POINTS_KNOWN)} and {POINTS_KNOWN} / {count_points(state)} >= {limits.min_known_ratio}"
    still = many(count_points(with_fault_at_site(f"{known_up} == 0")), count_points(f"{up} or {known_up} == 0"))
    return Alert(
        name,
        Severity.CRITICAL,
        f"{fresh} or ({own} and on ({AGENT}, level) ({still})) or {firing_while_scrape_fails(settings, own)}",
        Text("Nhiều điểm cầu cùng hỏng: một nguyên nhân chung.", "Many conference points are down: one common cause."),
        _many_description(settings),
        "/d/sansang-points",
        settings.scrape_seconds,
        settings.timing.resolve_hold,
    )


def _many_description(settings: BuildSettings) -> Text:
    down, total = (
        f'{{{{ with printf "{count}{{level=%q}}" $labels.level | query }}}}{{{{ . | first | value }}}}{{{{ end }}}}'
        for count in (POINTS_DOWN, POINTS_KNOWN)
    )
    level, sites = _level(settings), _site_names()
    return Text(
        f"{down} trong {total} điểm cầu cấp {level.vi} đang hỏng{sites}. Thường là đường truyền chung, máy chủ hội nghị"
        " hoặc mất điện diện rộng: gọi nơi vận hành chung trước, chưa cần gọi từng nơi.",
        f"{down} of {total} conference points of level {level.en} are down{sites}. Usually a shared line, the"
        " conference server or a power cut: call whoever runs what they share before you call one office after the"
        " other.",
    )


def _level(settings: BuildSettings) -> Text:
    """Name of the level, or its id where the settings do not have it."""

    def named(language: str) -> str:
        names = ((json.dumps(level.id), _quoted(level.names[language])) for level in settings.levels)
        cases = [f"if eq $labels.level {level} }}}}{{{{ {name} }}}}{{{{ " for level, name in names]
        return f"{{{{ {'else '.join(cases)}else }}}}{{{{ $labels.level }}}}{{{{ end }}}}"

    return Text(*map(named, LANGUAGES))


def _quoted(text: str) -> str:
    """A string literal of the template language, so that nothing in the text is read as a template."""
    return json.dumps(text, ensure_ascii=False)


def _site_names() -> str:
    """Names of the first few sites."""
    down = f"{select('sansang_target_up', _ROOM)} == 0".replace('"', r"\"")
    at = f"{select('sansang_site_info')} and on ({AGENT}, site) ({down})"
    of_level = f"and on ({AGENT}, unit) {select('sansang_unit_info')}{{level=%q}}"
    query = f'printf "topk({_NAMED}, max by (name) ({at} {of_level}))" $labels.level | query | sortByLabel "name"'
    site = "{{ if $i }}, {{ else }}: {{ end }}{{ $place.Labels.name }}"
    return f"{{{{ range $i, $place := {query} }}}}{site}{{{{ end }}}}"
