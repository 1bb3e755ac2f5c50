"""Points, sites, lines, services and name servers that are down by their own fault; certificates that run out."""

from __future__ import annotations

from agent.explain.reasons import REASONS
from agent.model import Reason, ReasonCode, Role
from agent.text import Text
from dashboards.queries import select
from dashboards.rules import reasons, templates
from dashboards.rules.alert import (
    AGENT,
    DOWN_BY_OWN_FAULT,
    NAME_SERVERS,
    TARGET,
    TARGET_LABELS,
    Alert,
    Severity,
    down_by_own_fault,
    firing,
    firing_while_scrape_fails,
    suppress_by_mass_outage,
)
from dashboards.rules.templates import SITE_NAME, TARGET_NAME
from dashboards.settings import BuildSettings

_BOARD = "/d/sansang-site?var-site={{ $labels.site }}"
_ROOM_REASONS = (*reasons.NO_ANSWER, REASONS["not_registered"], REASONS["endpoint_unreachable"])
_SERVICE_REASONS = (
    *reasons.NO_ANSWER,
    Reason.NAME_NOT_FOUND,
    REASONS["bad_status"],
    REASONS["bad_body"],
    Reason.TLS_EXPIRED,
)
_NAME_SERVER_REASONS = (*reasons.NO_ANSWER, REASONS["bad_rcode"], REASONS["bad_answer"], REASONS["not_authenticated"])
_SERVICES = (Role.ONE_STOP, Role.PORTAL, Role.SERVICE)
_NAME_SERVER_ROLES = (*_SERVICES, Role.DEVICE, Role.LAN)


def alerts(settings: BuildSettings) -> tuple[Alert, ...]:
    """Every alert of this module. The agent has confirmed the outage, so one more evaluation is enough."""
    return (
        _conference(settings),
        _site(settings),
        _redundancy_lost(settings),
        _service(settings),
        _dns_server(settings),
        _certificate(settings),
    )


def _down(settings: BuildSettings, lead: Text, roles: tuple[Role, ...], common: tuple[ReasonCode, ...]) -> Text:
    since, why = templates.since(settings), templates.why_down(roles, common)
    return Text(f"{lead.vi}{since.vi}. {why.vi}", f"{lead.en}{since.en}. {why.en}")


def _conference(settings: BuildSettings) -> Alert:
    lead = Text(f"Điểm cầu tại {SITE_NAME} hỏng", f"The conference point at {SITE_NAME} is down")
    name = "SansangConferencePointDown"
    return Alert(
        name,
        Severity.CRITICAL,
        suppress_by_mass_outage(settings, name, f"{down_by_own_fault(Role.CONFERENCE)} == 1"),
        Text("Một điểm cầu hỏng.", "A conference point is down."),
        _down(settings, lead, (Role.CONFERENCE,), _ROOM_REASONS),
        _BOARD,
        settings.scrape_seconds,
        settings.timing.resolve_hold,
        roles=(Role.CONFERENCE,),
        reasons=reasons.ROOMS,
    )


def _site(settings: BuildSettings) -> Alert:
    """A site with several uplinks is cut off when all of them are down."""
    uplinks = down_by_own_fault(Role.UPLINK)
    lead = Text(f"{SITE_NAME} mất kết nối", f"{SITE_NAME} is cut off")
    name, cut = "SansangSiteCutOff", f"{uplinks} == 1 and on ({AGENT}, site) min by ({AGENT}, site) ({uplinks}) == 1"
    return Alert(
        name,
        Severity.CRITICAL,
        suppress_by_mass_outage(settings, name, cut),
        Text(
            "Một địa điểm mất kết nối: mọi thiết bị phía sau đều không tới được.",
            "A site is cut off: nothing behind its line can be reached.",
        ),
        _down(settings, lead, (Role.UPLINK,), reasons.NO_ANSWER),
        _BOARD,
        settings.scrape_seconds,
        settings.timing.resolve_hold,
        roles=(Role.UPLINK,),
        reasons=reasons.LINE,
    )


def _redundancy_lost(settings: BuildSettings) -> Alert:
    """Waits resolve_hold seconds: if the other uplink goes down meanwhile, the site is cut off and only that fires."""
    name, uplinks = "SansangUplinkRedundancyLost", f'role="{Role.UPLINK}"'
    works = (
        f"{select('sansang_target_last_known_up', uplinks)} == 1"
        f" or {select('sansang_target_silent_but_passing', uplinks)} == 1 and on ({TARGET}) {DOWN_BY_OWN_FAULT} == 0"
    )
    lead = Text(
        f"{SITE_NAME} còn đường khác nhưng {TARGET_NAME} hỏng",
        f"{SITE_NAME} still has another line, but {TARGET_NAME} is down",
    )
    return Alert(
        name,
        Severity.WARNING,
        f"{down_by_own_fault(Role.UPLINK)} == 1 and on ({AGENT}, site) ({works})"
        f" or {firing_while_scrape_fails(settings, firing(name, TARGET_LABELS))}",
        Text("Một đường truyền hỏng, đường khác vẫn chạy.", "One line is down, another still works."),
        _down(settings, lead, (Role.UPLINK,), reasons.NO_ANSWER),
        "/d/sansang-lines",
        settings.timing.resolve_hold,
        settings.timing.resolve_hold,
        roles=(Role.UPLINK,),
        reasons=reasons.LINE,
    )


def _service(settings: BuildSettings) -> Alert:
    """Without name servers, which people do not see themselves: SansangDnsServerDown covers them."""
    lead = Text(f"{TARGET_NAME} ({SITE_NAME}) không phục vụ", f"{TARGET_NAME} ({SITE_NAME}) does not serve")
    return Alert(
        "SansangServiceDown",
        Severity.CRITICAL,
        f"{down_by_own_fault(*_SERVICES)} == 1 unless on ({TARGET}) {NAME_SERVERS}",
        Text(
            "Một dịch vụ (một cửa, cổng thông tin, dịch vụ dùng chung) không phục vụ được.",
            "A service (one-stop shop, portal or shared service) does not serve.",
        ),
        _down(settings, lead, _SERVICES, _SERVICE_REASONS),
        _BOARD,
        settings.scrape_seconds,
        settings.timing.resolve_hold,
        roles=_SERVICES,
        reasons=reasons.SERVICES,
    )


def _dns_server(settings: BuildSettings) -> Alert:
    lead = Text(
        f"Máy chủ tên miền {TARGET_NAME} ({SITE_NAME}) không trả lời đúng",
        f"The name server {TARGET_NAME} ({SITE_NAME}) does not answer as it should",
    )
    return Alert(
        "SansangDnsServerDown",
        Severity.WARNING,
        f"{down_by_own_fault(*_NAME_SERVER_ROLES)} == 1 and on ({TARGET}) {NAME_SERVERS}",
        Text(
            "Một máy chủ tên miền (DNS) hỏng: có thể không mở được trang theo tên.",
            "A name server (DNS) fails: pages may not open by their names.",
        ),
        _down(settings, lead, _NAME_SERVER_ROLES, _NAME_SERVER_REASONS),
        "/d/sansang-services",
        settings.scrape_seconds,
        settings.timing.resolve_hold,
        roles=_NAME_SERVER_ROLES,
        reasons=reasons.NAME_SERVERS,
    )


def _certificate(settings: BuildSettings) -> Alert:
    """Uses the last expiry seen within six hours: a failed run and an agent that has just started have none."""
    expiry = select("sansang_tls_expiry_timestamp_seconds")
    left = "{{ $value | humanizeDuration }}"
    return Alert(
        "SansangCertificateExpiring",
        Severity.WARNING,
        f"last_over_time({expiry}[6h]) - time() < {settings.certificate_days} * 86400"
        f" and on (job, instance, target) {DOWN_BY_OWN_FAULT}",
        Text("Một chứng thư số sắp hết hạn.", "A certificate is about to expire."),
        Text(
            f"Chứng thư số của {TARGET_NAME} ({SITE_NAME}) còn hạn {left}. Xin cấp chứng thư số mới và cài trước khi"
            " hết hạn; quá hạn thì trình duyệt chặn người dân truy cập.",
            f"The certificate of {TARGET_NAME} ({SITE_NAME}) ends in {left}. Get a new one and install it before then;"
            " after that browsers turn people away.",
        ),
        _BOARD,
        settings.timing.resolve_hold,
        settings.timing.resolve_hold,
    )
