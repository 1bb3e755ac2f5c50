"""Prometheus and Alertmanager themselves on when the office is open, against the calendars; and what waits for it."""

from __future__ import annotations

import json
import random
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from subprocess import DEVNULL, Popen
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from agent.availability.calendar import Season, Weekday, Weekly
from agent.availability.zones import DAY_MS, first_instant
from agent.inventory.entities import Inventory
from dashboards.build import documents
from dashboards.generated_files import as_yaml
from dashboards.hours import OpenHours, open_hours, time_intervals, written_out
from dashboards.rules.alert import Severity
from dashboards.rules.all_rules import alerts
from dashboards.rules.office_hours import open_now
from dashboards.settings import AlertTiming, BuildSettings, Messages
from tests.dashboards import hours_cases
from tests.peers.disk_room import free_port, until
from tests.peers.prometheus_process import prometheus
from tests.peers.rule_story import STEP, Story
from tests.peers.test_rules_promtool import run

pytestmark = [pytest.mark.peers, pytest.mark.timeout(180)]

MINUTE_MS = 60_000
SWAPPED = (date(2027, 2, 4), date(2027, 2, 6), date(2027, 2, 13), date(2027, 3, 3))
ZONES = ("Asia/Ho_Chi_Minh", "UTC", "Europe/Berlin", "Pacific/Auckland", "America/New_York")


@pytest.fixture(scope="module")
def inventory(tmp_path_factory: pytest.TempPathFactory) -> Inventory:
    return hours_cases.inventory(tmp_path_factory.mktemp("inventory"))


def test_prometheus_knows_to_the_second_when_the_office_is_open(inventory: Inventory, tmp_path: Path) -> None:
    """Days of season edges, holidays and swapped days, and others: each half hour, and the second before it."""
    found = {False: 0, True: 0}
    with prometheus(tmp_path, "127.0.0.1:1") as url:
        for hours in open_hours(inventory.calendars, hours_cases.YEARS):
            if hours.name not in ("office", "one-stop", "leap"):
                continue
            settings = BuildSettings(calendars=(hours,), office_hours=hours.name)
            calendar, chance = inventory.calendars[hours.name], random.Random(1)
            other = [date(2026, 1, 1) + timedelta(chance.randrange(730)) for _ in range(5)]
            for day in (*chance.sample(sorted(hours_cases.edge_days(hours)), 15), *other, *SWAPPED):
                start_ms = first_instant(hours.zone, day)
                spans = calendar.spans(start_ms, start_ms + DAY_MS)
                for at_ms, said in _half_hours(url, open_now(settings), start_ms):
                    counts = any(one <= at_ms < two for one, two in spans)
                    assert said == counts, (hours.name, datetime.fromtimestamp(at_ms / 1000, UTC))
                    found[counts] += 1
    print(f"instants: {found}")
    assert min(found.values()) > 500


def _half_hours(url: str, expr: str, start_ms: int) -> Iterator[tuple[int, bool]]:
    """Every half hour of a day and the second before it, and what the expression gives then."""
    for start in (start_ms // 1000, start_ms // 1000 + 1799):
        times = {"start": start, "end": start + 47 * 1800, "step": 1800}
        body = urllib.parse.urlencode({"query": expr, **times}).encode()
        with urllib.request.urlopen(f"{url}/api/v1/query_range", body, timeout=10) as answer:  # noqa: S310 - our own
            (series,) = json.load(answer)["data"]["result"]
        assert len(series["values"]) == 48
        yield from ((int(at * 1000), value == "1") for at, value in series["values"])


def test_a_warning_begins_in_office_hours_and_ends_when_it_ends(tmp_path: Path) -> None:
    """The story begins at 07:00; the office opens at 07:30 and closes at 11:30."""
    opens, closes, ends = 30 * 60 // STEP, (4 * 60 + 30) * 60 // STEP, (4 * 60 + 40) * 60 // STEP
    settings, soon, late = BuildSettings(), 86_400, 400 * 86_400
    resolve_hold = settings.timing.resolve_hold // STEP
    dates = ((soon, ends), (late, 40), (soon, 100))
    story = Story(ends + 140, settings).agent().target("a/web", "portal")
    story.shows("sansang_tls_expiry_timestamp_seconds", dates, role="portal", site="a", target="a/web")
    story.firing(
        "SansangCertificateExpiring",
        (opens - 1, 0), (opens + resolve_hold - 1, 0), (opens + resolve_hold, 1), (closes - 1, 1), (closes + 1, 1),
        (ends, 1),         (ends + resolve_hold + 2, 0), (ends + 135, 0),
    )  # fmt: skip
    story.check(tmp_path)


@dataclass
class Places:
    """Receivers, and what they were told."""

    port: int = field(default_factory=free_port)
    messages: list[tuple[str, str]] = field(default_factory=list)

    @property
    def told(self) -> set[str]:
        return {place for place, _ in list(self.messages)}

    def count(self, place: str, status: str) -> int:
        return list(self.messages).count((place, status))


class _Hook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        status = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["status"]
        cast("Any", self.server).places.messages.append((self.path.strip("/"), status))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Nothing is written."""


class _Server(ThreadingHTTPServer):
    request_queue_size = 500


@contextmanager
def alertmanager(folder: Path, places: Places, files: Mapping[str, str]) -> Iterator[str]:
    """With these files and receivers; its address."""
    port, hook = free_port(), _Server(("127.0.0.1", places.port), _Hook)
    cast("Any", hook).places = places
    threading.Thread(target=hook.serve_forever, daemon=True).start()
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    command = (
        "prometheus-alertmanager",
        f"--config.file={folder}/alertmanager.yml",
        f"--storage.path={folder}/data",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
    )
    with Popen(command, stdout=DEVNULL, stderr=DEVNULL) as process:
        try:
            until(lambda: _ready(port), 20, "Alertmanager is ready")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()
            hook.shutdown()
            hook.server_close()


def tell(url: str, labels: Mapping[str, str], ends: datetime | None = None) -> None:
    """An alert, as Prometheus hands it over."""
    times = {"endsAt": ends.isoformat()} if ends else {}
    body = json.dumps([{"labels": dict(labels), **times}]).encode()
    asked = urllib.request.Request(f"{url}/api/v2/alerts", body, {"Content-Type": "application/json"})  # noqa: S310
    urllib.request.urlopen(asked, timeout=5).close()  # noqa: S310 - our own


def _ready(port: int) -> bool:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/-/ready", timeout=2) as answer:
        return bool(answer.status == 200)


def _config(places: Places, calendars: Mapping[str, OpenHours]) -> dict[str, Any]:
    named = {name: time_intervals(hours) for name, hours in calendars.items()}
    routes = [
        {
            "receiver": name,
            "active_time_intervals": [name],
            "mute_time_intervals": [each["name"] for each in intervals[1:]],
            "continue": True,
        }
        for name, intervals in named.items()
    ]
    hooks = {name: f"http://127.0.0.1:{places.port}/{name}" for name in ("all", *calendars)}
    return {
        "route": {"receiver": "all", "group_wait": "0s", "routes": [*routes, {"receiver": "all"}]},
        "receivers": [{"name": name, "webhook_configs": [{"url": url}]} for name, url in hooks.items()],
        "time_intervals": [each for intervals in named.values() for each in intervals],
    }


def _any_calendar(chance: random.Random, now_ms: int) -> Weekly:
    """One whose edges lie around now: hours of some minutes, seasons of some days, dates off and on, any zone."""
    zone = chance.choice(ZONES)
    local = datetime.fromtimestamp(now_ms / 1000, ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    opens = max(0, minute + chance.choice((-300, -3, 0, 1, 2)))
    closes = min(1440, max(opens + 1, minute + chance.choice((-2, 0, 1, 3, 300))))
    span = ((opens * MINUTE_MS, closes * MINUTE_MS),)
    first, last = (local.date() + timedelta(chance.choice((-40, -1, 0, 1, 40))) for _ in range(2))
    weekdays = [Weekday((local.weekday() + n) % 7) for n in range(7) if n == 0 or chance.random() < 0.5]
    season = Season((first.month, first.day), (last.month, last.day), dict.fromkeys(weekdays, span))
    near = [local.date() + timedelta(n) for n in (-1, 0, 1)]
    holidays = frozenset(day for day in near if chance.random() < 0.3)
    worked = {day: chance.choice(list(Weekday)) for day in near if chance.random() < 0.3}
    return Weekly(zone, (season,), holidays, worked)


def test_alertmanager_tells_just_those_whose_calendar_is_open(tmp_path: Path) -> None:
    """Its own arithmetic, on the machine's clock: 300 calendars around this minute."""
    time.sleep(max(0.0, time.time() % 60 - 45) and 60 - time.time() % 60)  # not over the edge of a minute
    now_ms, chance = int(time.time() * 1000), random.Random(7)
    calendars = {f"c{number}": _any_calendar(chance, now_ms) for number in range(300)}
    year = datetime.fromtimestamp(now_ms / 1000, UTC).year
    hours = {name: written_out(name, one, range(year - 1, year + 2)) for name, one in calendars.items()}
    places = Places()
    with alertmanager(tmp_path, places, {"alertmanager.yml": as_yaml(_config(places, hours))}) as url:
        tell(url, {"alertname": "X"})
        now_open = {name for name, one in calendars.items() if one.spans(now_ms, now_ms + 1)}
        until(lambda: places.told >= {"all", *now_open}, 15, "the alert is told")
        time.sleep(1)
        told = places.told - {"all"}
    print(f"{len(told)} of {len(calendars)} are open")
    assert told == now_open
    assert 10 < len(told) < 290


def test_the_loud_place_is_reminded_until_the_end_and_the_officers_are_not(tmp_path: Path) -> None:
    """Of what is critical; a warning does not ring."""
    places = Places()
    officers, loud = (f"http://127.0.0.1:{places.port}/{name}" for name in ("officers", "loud"))
    always = Season((1, 1), (12, 31), dict.fromkeys(Weekday, ((0, DAY_MS),)))
    hours = written_out("office", Weekly("Asia/Ho_Chi_Minh", (always,)), range(2026, 2027))
    settings = BuildSettings(
        calendars=(hours,),
        timing=AlertTiming(group_wait=1, group_interval=1, loud_wait=1, loud_repeat=2),
        messages=Messages(recipients=(), webhook=officers, loud_webhook=loud),
    )
    files = {Path(name).name: text for name, text in documents(settings, "alertmanager").items()}
    critical = {"alertname": "SansangConferencePointDown", "severity": "critical", "site": "a"}
    with alertmanager(tmp_path, places, files) as url:
        tell(url, critical)
        tell(url, {"alertname": "SansangCertificateExpiring", "severity": "warning", "site": "b"})
        until(lambda: places.count("loud", "firing") >= 4, 20, "three reminders")
        tell(url, critical, datetime.now(UTC))
        until(lambda: ("officers", "resolved") in places.messages, 10, "the end is told")
        rung = places.count("loud", "firing")
        time.sleep(4)
    assert (places.count("loud", "firing"), places.count("loud", "resolved")) == (rung, 0)
    assert (places.count("officers", "firing"), places.count("officers", "resolved")) == (2, 1)


def test_amtool_says_who_is_told_of_each_alert(tmp_path: Path) -> None:
    """Whatever its name: by its severity. The watchdog and the head have their own places."""
    settings = BuildSettings(messages=Messages(loud_webhook="https://siren.example"))
    file = tmp_path / "alertmanager.yml"
    for name, text in documents(settings, "alertmanager").items():
        (tmp_path / Path(name).name).write_text(text, "utf-8")
    assert "SUCCESS" in run("amtool", "check-config", str(file))
    for row in alerts(settings):
        labels = {"alertname": row.name, "severity": row.severity.value}
        told = run("amtool", "config", "routes", "test", f"--config.file={file}", *map("=".join, labels.items()))
        loud = "loud,officers" if row.severity is Severity.CRITICAL else "officers"
        own = {
            "SansangWatchdog": "heartbeat",
            "SansangLedgerHead": "archive",
            "SansangPowerCut": "notices",
            "SansangLineCut": "notices",
        }
        assert told.strip() == own.get(row.name, loud), row.name


def test_amtool_takes_what_an_inventory_gives(inventory: Inventory, tmp_path: Path) -> None:
    """Seasons, holidays, swapped days, a calendar that never counts, zones; and the route that names them."""
    messages = Messages(loud_webhook="https://siren.example")
    settings = BuildSettings(calendars=open_hours(inventory.calendars, hours_cases.YEARS), messages=messages)
    for name, text in documents(settings, "alertmanager").items():
        (tmp_path / Path(name).name).write_text(text, "utf-8")
    assert "SUCCESS" in run("amtool", "check-config", str(tmp_path / "alertmanager.yml"))
