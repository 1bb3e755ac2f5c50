"""The settings of a build: a frozen value that the command fills from the inventory. Nothing here reads a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboards.hours import OpenHours, every_day_but_weekends

ALL = "all"
PARTS = ("boards", "grafana", "rules", "prometheus", "alertmanager")
"""Parts that can be built alone. Named here so that the command line knows them without loading the builders."""


@dataclass(frozen=True, slots=True)
class LevelName:
    """A tier of the administration, top first, by language code."""

    id: str
    names: Mapping[str, str]


USUAL_LEVELS = (
    LevelName("province", {"vi": "Tỉnh", "en": "Province"}),
    LevelName("district", {"vi": "Huyện", "en": "District"}),
    LevelName("commune", {"vi": "Xã", "en": "Commune"}),
)


@dataclass(frozen=True, slots=True)
class AlertTiming:
    """Times of rules and messages, in whole seconds.

    resolve_hold: how long a parent that is back still explains the targets behind it, and how long an alert goes on
    firing after its end, so that flapping is one message; at least the longest interval of the targets. absent_after:
    an agent that has not answered for so long is absent. The group times and repeat are Alertmanager's; the loud ones
    are the group_wait and repeat_interval of the loud receiver.
    """

    resolve_hold: int = 120
    absent_after: int = 180
    group_wait: int = 10
    group_interval: int = 60
    repeat: int = 12 * 3600
    loud_wait: int = 5
    loud_repeat: int = 3600


@dataclass(frozen=True, slots=True)
class Messages:
    """Receivers of messages; "" where there is none. Secrets are paths of files that Alertmanager reads itself.

    smtp is ``host:port``; encryption is demanded unless smtp_plain says that the server is this machine's own.
    The loud places (a siren's webhook, a mail that becomes a text message; none by default) are told what is critical
    in office hours, and reminded until it is over. They must be others than those that are told everything.
    The archive keeps the ledger's head of each day: best a mailbox or a log that the owner of the monitor cannot edit.
    """

    smtp: str = "localhost:25"
    smtp_plain: bool = True
    smtp_user: str = ""
    smtp_password_file: str = ""
    sender: str = "sansang@localhost"
    recipients: tuple[str, ...] = ("root@localhost",)
    webhook: str = ""
    webhook_token_file: str = ""
    heartbeat: str = ""
    archive_recipients: tuple[str, ...] = ("root@localhost",)
    archive_webhook: str = ""
    loud_recipients: tuple[str, ...] = ()
    loud_webhook: str = ""

    def __post_init__(self) -> None:
        twice = {*self.recipients, self.webhook} & {*self.loud_recipients, self.loud_webhook} - {""}
        if twice:
            raise ValueError(f"{min(twice)} gets every alert already: the loud receiver needs an address of its own")

    @property
    def loud(self) -> bool:
        """True if there is a loud receiver."""
        return bool(self.loud_recipients or self.loud_webhook)


@dataclass(frozen=True, slots=True)
class Limit:
    """The values from which a figure is a warning, and from which it is bad."""

    warn: float
    bad: float


@dataclass(frozen=True, slots=True)
class LineQuality:
    """Limits of a line for video conferences: seconds, ratios, points of MOS (where less is worse).

    The makers of conference equipment ask for about 150 ms, 30 ms and 1 %; from 5 % loss on a meeting breaks off.
    MOS 4.0 and 3.6 are "satisfied" and "some are not" of ITU-T G.107.
    """

    rtt: Limit = Limit(0.150, 0.300)
    jitter: Limit = Limit(0.030, 0.050)
    loss: Limit = Limit(0.01, 0.05)
    mos: Limit = Limit(4.0, 3.6)


_HOUR_MS = 3_600_000
OFFICE = every_day_but_weekends(
    "office",
    "Asia/Ho_Chi_Minh",
    (7 * _HOUR_MS + _HOUR_MS // 2, 11 * _HOUR_MS + _HOUR_MS // 2),
    (13 * _HOUR_MS + _HOUR_MS // 2, 17 * _HOUR_MS),
)


@dataclass(frozen=True, slots=True)
class Burn:
    """Fires when the error budget burns factor times as fast as the month allows, over the long and the short window.

    Whole seconds. The long one says that it matters, the short one that it still goes on. below: only of a target
    whose month so far is below its objective.
    """

    long: int
    short: int
    factor: float
    below: bool = False


@dataclass(frozen=True, slots=True)
class DeviceLimits:
    """Thresholds of the alerts about what devices tell of themselves; seconds are whole.

    averaged: measured figures count by their mean over so long. port_down: how long a port must be without a link;
    port_in_order: and it was in order within so long, since a computer that stays switched off is no fault. news: how
    long a restart or the cause of an outage is told. battery_seconds, battery_charge: what is left is critical.
    Rates are per second, ratios 0 to 1. receive_power, rsrp (dBm) and sinr (dB): below it a line is about to break off;
    they are the sensitivity of usual GPON receivers and what makers of LTE routers call the edge of the cell.
    """

    averaged: int = 900
    port_down: int = 900
    port_in_order: int = 12 * 3600
    port_flaps: int = 6
    port_errors: float = 1
    port_utilisation: float = 0.9
    broadcast: float = 0.5
    cpu: float = 0.9
    memory: float = 0.95
    celsius: float = 70
    receive_power: float = -27
    rsrp: float = -112
    sinr: float = 0
    battery_seconds: int = 600
    battery_charge: float = 0.2
    news: int = 3600


@dataclass(frozen=True, slots=True)
class AlertLimits:
    """Thresholds of the alerts other than down; seconds are whole.

    degraded_seconds of the last degraded_within: a point is degraded. flaps: so many changes between up and down in an
    hour. many_points and many_share: that many points of one level down at once, and that share of those whose state is
    known, have one cause. coverage: the share of the month below which its figures say too little, told when it has
    fallen within coverage_within; min_known_ratio: the share of a window (of points) below which nothing is said of it.
    backup_hours: the age of the last copy of the ledger. disk_free_ratio, disk_free_bytes: the room left on its disk,
    whichever comes first. devices: of what devices tell of themselves. The burns are the second and third pair of
    Google's SRE workbook; why not the first: docs/alerts.md.
    """

    degraded_seconds: int = 300
    degraded_within: int = 600
    flaps: int = 6
    many_points: int = 3
    many_share: float = 0.25
    coverage: float = 0.95
    coverage_within: int = 6 * 3600
    min_known_ratio: float = 0.5
    backup_hours: int = 26
    disk_free_ratio: float = 0.1
    disk_free_bytes: int = 500 * 1024 * 1024
    burns: tuple[Burn, ...] = (Burn(6 * 3600, 1800, 6), Burn(3 * 86400, 6 * 3600, 1, below=True))
    devices: DeviceLimits = DeviceLimits()


@dataclass(frozen=True, slots=True)
class BuildSettings:
    """Whom the boards and rules are for; the defaults are those of the committed files.

    language is the one that Grafana and Prometheus load: boards and rules are written in all of LANGUAGES.
    job names the scrape job, agent the address that Prometheus scrapes; grafana_url and runbook_url begin the links
    in alerts, without a slash at the end; without runbook_url no alert has a runbook's link. scrape_seconds and
    agent_absent_seconds (how long alerts outlive a silent agent) are whole seconds; certificate_days is when an
    expiring certificate is told. calendars are written out for Alertmanager's routes, office_hours names the one in
    which the loud places are told, and in which warnings begin if warnings_wait. snmp_checks: how many checks ask a
    device by SNMP; with any, Prometheus gets a job for what they read.
    """

    organisation: str = "San Sang"
    language: str = "vi"
    timezone: str = "Asia/Ho_Chi_Minh"
    levels: tuple[LevelName, ...] = USUAL_LEVELS
    job: str = "sansang"
    agent: str = "127.0.0.1:10115"
    alertmanager: str = "127.0.0.1:9093"
    prometheus: str = "127.0.0.1:9090"
    grafana_url: str = "http://127.0.0.1:3000"
    runbook_url: str = ""
    scrape_seconds: int = 15
    agent_absent_seconds: int = 24 * 3600
    certificate_days: int = 14
    quality: LineQuality = LineQuality()
    timing: AlertTiming = AlertTiming()
    limits: AlertLimits = AlertLimits()
    messages: Messages = Messages()
    calendars: tuple[OpenHours, ...] = (OFFICE,)
    office_hours: str = "office"
    warnings_wait: bool = True
    snmp_checks: int = 0

    @property
    def office(self) -> OpenHours:
        """The calendar named by office_hours."""
        return next(calendar for calendar in self.calendars if calendar.name == self.office_hours)
