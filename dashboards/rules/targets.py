"""Points, sites, lines, services and name servers that are down by their own fault; certificates that run out."""

from __future__ import annotations

from agent.model import Reason, Role
from agent.text import Text
from dashboards.queries import select
from dashboards.rules import reasons, told
from dashboards.rules.row import (
    AGENT,
    BLAMED,
    NAME_SERVERS,
    TARGET,
    TARGET_LABELS,
    Alert,
    Severity,
    blamed,
    firing,
    held,
    told_as_many,
)
from dashboards.settings import Settings

_BOARD = "/d/sansang-site?var-site={{ $labels.site }}"
_IN_ROOMS = (*reasons.SILENT, Reason.NOT_REGISTERED, Reason.ENDPOINT_UNREACHABLE)
_IN_SERVICES = (*reasons.SILENT, Reason.NAME_NOT_FOUND, Reason.BAD_STATUS, Reason.BAD_BODY, Reason.TLS_EXPIRED)
_IN_NAME_SERVERS = (*reasons.SILENT, Reason.BAD_RCODE, Reason.BAD_ANSWER, Reason.NOT_AUTHENTICATED)
_SERVICES = (Role.ONE_STOP, Role.PORTAL, Role.SERVICE)
_ASKED_FOR_NAMES = (*_SERVICES, Role.DEVICE, Role.LAN)


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """All of them; the agent has confirmed what they see, so that one more look is enough."""
    return (
        _conference(settings),
        _site(settings),
        _spare_line(settings),
        _service(settings),
        _names(settings),
        _certificate(settings),
    )


def _down(settings: Settings, lead: Text, roles: tuple[Role, ...], common: tuple[Reason, ...]) -> Text:
    since, why = told.since(settings), told.why_down(roles, common)
    return Text(f"{lead.vi}{since.vi}. {why.vi}", f"{lead.en}{since.en}. {why.en}")


def _conference(settings: Settings) -> Alert:
    lead = Text(f"Điểm cầu tại {told.SITE} hỏng", f"The conference point at {told.SITE} is down")
    name = "SansangConferencePointDown"
    return Alert(
        name,
        Severity.CRITICAL,
        told_as_many(settings, name, f"{blamed(Role.CONFERENCE)} == 1"),
        Text("Một điểm cầu hỏng.", "A conference point is down."),
        _down(settings, lead, (Role.CONFERENCE,), _IN_ROOMS),
        _BOARD,
        settings.scrape_seconds,
        settings.pace.settle,
        roles=(Role.CONFERENCE,),
        reasons=reasons.ROOMS,
    )


def _site(settings: Settings) -> Alert:
    """A site with several lines is cut off when none is left."""
    uplinks = blamed(Role.UPLINK)
    lead = Text(f"{told.SITE} mất kết nối", f"{told.SITE} is cut off")
    name, cut = "SansangSiteCutOff", f"{uplinks} == 1 and on ({AGENT}, site) min by ({AGENT}, site) ({uplinks}) == 1"
    return Alert(
        name,
        Severity.CRITICAL,
        told_as_many(settings, name, cut),
        Text(
            "Một địa điểm mất kết nối: mọi thiết bị phía sau đều không tới được.",
            "A site is cut off: nothing behind its line can be reached.",
        ),
        _down(settings, lead, (Role.UPLINK,), reasons.SILENT),
        _BOARD,
        settings.scrape_seconds,
        settings.pace.settle,
        roles=(Role.UPLINK,),
        reasons=reasons.LINE,
    )


def _spare_line(settings: Settings) -> Alert:
    """Settle seconds for the other line to be found down too: then the site is cut off, and only that is told."""
    name, uplinks = "SansangUplinkRedundancyLost", f'role="{Role.UPLINK}"'
    works = (
        f"{select('sansang_target_last_known_up', uplinks)} == 1"
        f" or {select('sansang_target_silent_but_passing', uplinks)} == 1 and on ({TARGET}) {BLAMED} == 0"
    )
    lead = Text(
        f"{told.SITE} còn đường khác nhưng {told.TARGET} hỏng",
        f"{told.SITE} still has another line, but {told.TARGET} is down",
    )
    return Alert(
        name,
        Severity.WARNING,
        f"{blamed(Role.UPLINK)} == 1 and on ({AGENT}, site) ({works}) or {held(settings, firing(name, TARGET_LABELS))}",
        Text("Một đường truyền hỏng, đường khác vẫn chạy.", "One line is down, another still works."),
        _down(settings, lead, (Role.UPLINK,), reasons.SILENT),
        "/d/sansang-lines",
        settings.pace.settle,
        settings.pace.settle,
        roles=(Role.UPLINK,),
        reasons=reasons.LINE,
    )


def _service(settings: Settings) -> Alert:
    """A name server is a service too, but not one that people see: SansangDnsServerDown tells of it."""
    lead = Text(f"{told.TARGET} ({told.SITE}) không phục vụ", f"{told.TARGET} ({told.SITE}) does not serve")
    return Alert(
        "SansangServiceDown",
        Severity.CRITICAL,
        f"{blamed(*_SERVICES)} == 1 unless on ({TARGET}) {NAME_SERVERS}",
        Text(
            "Một dịch vụ (một cửa, cổng thông tin, dịch vụ dùng chung) không phục vụ được.",
            "A service (one-stop shop, portal or shared service) does not serve.",
        ),
        _down(settings, lead, _SERVICES, _IN_SERVICES),
        _BOARD,
        settings.scrape_seconds,
        settings.pace.settle,
        roles=_SERVICES,
        reasons=reasons.SERVICES,
    )


def _names(settings: Settings) -> Alert:
    lead = Text(
        f"Máy chủ tên miền {told.TARGET} ({told.SITE}) không trả lời đúng",
        f"The name server {told.TARGET} ({told.SITE}) does not answer as it should",
    )
    return Alert(
        "SansangDnsServerDown",
        Severity.WARNING,
        f"{blamed(*_ASKED_FOR_NAMES)} == 1 and on ({TARGET}) {NAME_SERVERS}",
        Text(
            "Một máy chủ tên miền (DNS) hỏng: có thể không mở được trang theo tên.",
            "A name server (DNS) fails: pages may not open by their names.",
        ),
        _down(settings, lead, _ASKED_FOR_NAMES, _IN_NAME_SERVERS),
        "/d/sansang-services",
        settings.scrape_seconds,
        settings.pace.settle,
        roles=_ASKED_FOR_NAMES,
        reasons=reasons.NAME_SERVERS,
    )


def _certificate(settings: Settings) -> Alert:
    """The last date seen in six hours counts: a run that failed, or an agent just started, has none."""
    expiry = select("sansang_tls_expiry_timestamp_seconds")
    left = "{{ $value | humanizeDuration }}"
    return Alert(
        "SansangCertificateExpiring",
        Severity.WARNING,
        f"last_over_time({expiry}[6h]) - time() < {settings.certificate_days} * 86400"
        f" and on (job, instance, target) {BLAMED}",
        Text("Một chứng thư số sắp hết hạn.", "A certificate is about to expire."),
        Text(
            f"Chứng thư số của {told.TARGET} ({told.SITE}) còn hạn {left}. Xin cấp chứng thư số mới và cài trước khi"
            " hết hạn; quá hạn thì trình duyệt chặn người dân truy cập.",
            f"The certificate of {told.TARGET} ({told.SITE}) ends in {left}. Get a new one and install it before then;"
            " after that browsers turn people away.",
        ),
        _BOARD,
        settings.pace.settle,
        settings.pace.settle,
    )
