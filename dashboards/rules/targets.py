"""Conference points, sites and services that are down by their own fault, and certificates that run out."""

from __future__ import annotations

from agent.explain.words import Words
from agent.model import Reason, Role
from dashboards.queries import select
from dashboards.rules import told
from dashboards.rules.row import BLAMED, Alert, Severity
from dashboards.settings import Settings

_BOARD = "/d/sansang-site?var-site={{ $labels.site }}"
_SILENT = (Reason.TIMEOUT, Reason.REFUSED, Reason.UNREACHABLE)
_OF_ROOMS = (*_SILENT, Reason.NOT_REGISTERED, Reason.ENDPOINT_UNREACHABLE)
_OF_SERVICES = (*_SILENT, Reason.NAME_NOT_FOUND, Reason.BAD_STATUS, Reason.BAD_BODY, Reason.TLS_EXPIRED)
_SERVICES = (Role.ONE_STOP, Role.PORTAL, Role.SERVICE)


def alerts(settings: Settings) -> tuple[Alert, ...]:
    """All of them; the agent has confirmed what they see, so that one more look is enough."""
    return (_conference(settings), _site(settings), _service(settings), _certificate(settings))


def _blamed(*roles: Role) -> str:
    pattern = "|".join(roles)
    return f'{BLAMED}{{role=~"{pattern}"}}'


def _down(settings: Settings, lead: Words, roles: tuple[Role, ...], reasons: tuple[Reason, ...]) -> Words:
    since, why = told.since(settings), told.reasons(roles, reasons)
    return Words(f"{lead.vi}{since.vi}. {why.vi}", f"{lead.en}{since.en}. {why.en}")


def _conference(settings: Settings) -> Alert:
    lead = Words(f"Điểm cầu tại {told.SITE} hỏng", f"The conference point at {told.SITE} is down")
    return Alert(
        "SansangConferencePointDown",
        Severity.CRITICAL,
        f"{_blamed(Role.CONFERENCE)} == 1",
        Words("Một điểm cầu hỏng.", "A conference point is down."),
        _down(settings, lead, (Role.CONFERENCE,), _OF_ROOMS),
        _BOARD,
        settings.scrape_seconds,
        settings.pace.settle,
    )


def _site(settings: Settings) -> Alert:
    """A site with several lines is cut off when none is left."""
    uplinks = _blamed(Role.UPLINK)
    lead = Words(f"{told.SITE} mất kết nối", f"{told.SITE} is cut off")
    return Alert(
        "SansangSiteCutOff",
        Severity.CRITICAL,
        f"{uplinks} == 1 and on (job, instance, site) min by (job, instance, site) ({uplinks}) == 1",
        Words(
            "Một địa điểm mất kết nối: mọi thiết bị phía sau đều không tới được.",
            "A site is cut off: nothing behind its line can be reached.",
        ),
        _down(settings, lead, (Role.UPLINK,), _SILENT),
        _BOARD,
        settings.scrape_seconds,
        settings.pace.settle,
    )


def _service(settings: Settings) -> Alert:
    lead = Words(f"{told.TARGET} ({told.SITE}) không phục vụ", f"{told.TARGET} ({told.SITE}) does not serve")
    return Alert(
        "SansangServiceDown",
        Severity.CRITICAL,
        f"{_blamed(*_SERVICES)} == 1",
        Words(
            "Một dịch vụ (một cửa, cổng thông tin, dịch vụ dùng chung) không phục vụ được.",
            "A service (one-stop shop, portal or shared service) does not serve.",
        ),
        _down(settings, lead, _SERVICES, _OF_SERVICES),
        _BOARD,
        settings.scrape_seconds,
        settings.pace.settle,
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
        Words("Một chứng thư số sắp hết hạn.", "A certificate is about to expire."),
        Words(
            f"Chứng thư số của {told.TARGET} ({told.SITE}) còn hạn {left}. Xin cấp chứng thư số mới và cài trước khi"
            " hết hạn; quá hạn thì trình duyệt chặn người dân truy cập.",
            f"The certificate of {told.TARGET} ({told.SITE}) ends in {left}. Get a new one and install it before then;"
            " after that browsers turn people away.",
        ),
        _BOARD,
        settings.pace.settle,
        settings.pace.settle,
    )
