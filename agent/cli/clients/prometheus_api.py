"""Reading a Prometheus-compatible store over its HTTP API, chunk by chunk, each with a deadline and a bound."""

from __future__ import annotations

import http.client
import json
import math
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from agent.errors import SansangError
from agent.explain.system_errors import system_text
from agent.http_client import HttpLimits, HttpRequest, TooLargeError, fetch, parse_address
from agent.reporting.state_seconds import METRIC, CounterSeries
from agent.text import Text

STEP_SECONDS = 15
_LIMITS = HttpLimits(256 * 1024 * 1024, connect_seconds=60.0, idle_seconds=60.0)
_VALUES_AT_ONCE = 1_000_000
_POINTS_AT_ONCE = 10_000  # Prometheus refuses more than 11,000 of one series
_STATES = 4
_LOOKBACK_SECONDS = 300  # so long a series is shown whose end nobody saw


def chunks(url: str, start_ms: int, end_ms: int, targets: int) -> Iterator[tuple[CounterSeries, ...]]:
    """The counters of all targets from start to end, in order of time. SansangError if the store does not answer."""
    start, end = start_ms // 1000, end_ms // 1000
    points = max(2, min(_POINTS_AT_ONCE, _VALUES_AT_ONCE // max(1, targets * _STATES)))
    while start <= end:
        last = min(end, start + (points - 1) * STEP_SECONDS)
        query = {"query": METRIC, "start": start, "end": last, "step": STEP_SECONDS}
        yield tuple(_series(_get(url, f"/api/v1/query_range?{urlencode(query)}"), url))
        start = last + STEP_SECONDS if last < end else end + 1


def twins(url: str, observer: str, start_ms: int, end_ms: int) -> tuple[str, ...]:
    """The agents (address and installation) that had this observer name at the same time for longer than
    Prometheus shows a series that ended unseen; () if never two. SansangError as for ``chunks``.
    """
    start, end = start_ms // 1000, end_ms // 1000
    step = max(STEP_SECONDS, -(-(end - start) // _POINTS_AT_ONCE))
    agents = f'count by (instance, installation) (sansang_build_info{{observer="{observer}"}})'
    query = {"query": agents, "start": start, "end": end, "step": step}
    counts: Counter[float] = Counter()
    instants_by_agent: dict[str, list[float]] = {}
    for name, instants in _agents(_get(url, f"/api/v1/query_range?{urlencode(query)}"), url):
        instants_by_agent[name] = instants
        counts.update(instants)
    shared = {at for at, count in counts.items() if count > 1}
    if len(shared) * step <= _LOOKBACK_SECONDS:
        return ()
    return tuple(sorted(name for name, instants in instants_by_agent.items() if not shared.isdisjoint(instants)))


def _agents(answer: Any, url: str) -> Iterator[tuple[str, list[float]]]:
    """The name and samples of each agent that has an installation; older agents are left out."""
    try:
        for series in answer["data"]["result"]:
            labels = series["metric"]
            if "installation" in labels:
                name = f"{labels.get('instance', '')} ({str(labels['installation'])[:8]})"
                yield name, [_finite(at) for at, _ in series["values"]]
    except (KeyError, TypeError, ValueError) as error:
        raise SansangError(_NO_PROMETHEUS.filled(url=url, why=ascii(error))) from error


_NO_PROMETHEUS = Text(
    "{url}: đây không phải là câu trả lời của Prometheus", "{url}: that is not the answer of a Prometheus: {why}"
)
_NO_URL = Text(
    "--source prometheus={url}: hãy ghi prometheus=http://127.0.0.1:9090",
    "--source prometheus={url}: right would be prometheus=http://127.0.0.1:9090",
)
_SILENT = Text("{url}: kho số liệu không trả lời: {why}", "{url}: the store does not answer: {why}")
_REFUSED = Text("{url}: kho số liệu trả lời {status}: {said}", "{url}: the store answers {status}: {said}")
_TOO_MUCH = Text(
    "{url}: kho số liệu trả lời hơn {most} MiB trong một lần",
    "{url}: the store answers with more than {most} MiB at once",
)


def _get(url: str, path: str) -> Any:
    try:
        address = parse_address(url)
    except ValueError as error:
        raise SansangError(_NO_URL.filled(url=url)) from error
    try:
        response = fetch(HttpRequest(address.url + path, _LIMITS))
    except (OSError, http.client.HTTPException) as error:
        raise SansangError(_SILENT.filled(url=url, why=system_text(error))) from error
    except TooLargeError as error:
        raise SansangError(_TOO_MUCH.filled(url=url, most=_LIMITS.body_bytes >> 20)) from error
    if response.status != http.HTTPStatus.OK:
        beginning = ascii(response.body[:200].decode("ascii", "replace"))
        raise SansangError(_REFUSED.filled(url=url, status=response.status, said=beginning))
    try:
        return json.loads(response.body)
    except (ValueError, RecursionError) as error:
        raise SansangError(_NO_PROMETHEUS.filled(url=url, why=error)) from error


def _finite(text: Any) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text!a} is no amount of time")
    return number


def _series(answer: Any, url: str) -> Iterator[CounterSeries]:
    try:
        for series in answer["data"]["result"]:
            labels = series["metric"]
            samples = tuple((_finite(at), _finite(value)) for at, value in series["values"])
            yield CounterSeries(str(labels["target"]), str(labels["state"]), samples)
    except (KeyError, TypeError, ValueError) as error:
        raise SansangError(_NO_PROMETHEUS.filled(url=url, why=ascii(error))) from error
