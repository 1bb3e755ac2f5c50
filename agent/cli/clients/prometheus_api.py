"""Reading a Prometheus-compatible store over its HTTP API, chunk by chunk, each with a deadline and a bound."""

from __future__ import annotations

import http.client
import json
import math
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from agent.errors import SansangError
from agent.explain.system_errors import system_said
from agent.reporting.state_seconds import METRIC, CounterSeries
from agent.text import Text

STEP_SECONDS = 15
_DEADLINE_SECONDS = 60.0
_MOST_BYTES = 256 * 1024 * 1024
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
        yield tuple(_series(_asked(url, f"/api/v1/query_range?{urlencode(query)}"), url))
        start = last + STEP_SECONDS if last < end else end + 1


def twins(url: str, observer: str, start_ms: int, end_ms: int) -> tuple[str, ...]:
    """The agents (address and installation) that had this observer name at the same time for longer than
    Prometheus shows a series that ended unseen; () if never two. SansangError as for ``chunks``.
    """
    start, end = start_ms // 1000, end_ms // 1000
    step = max(STEP_SECONDS, -(-(end - start) // _POINTS_AT_ONCE))
    agents = f'count by (instance, installation) (sansang_build_info{{observer="{observer}"}})'
    query = {"query": agents, "start": start, "end": end, "step": step}
    seen: Counter[float] = Counter()
    found: dict[str, list[float]] = {}
    for name, instants in _agents(_asked(url, f"/api/v1/query_range?{urlencode(query)}"), url):
        found[name] = instants
        seen.update(instants)
    shared = {at for at, count in seen.items() if count > 1}
    if len(shared) * step <= _LOOKBACK_SECONDS:
        return ()
    return tuple(sorted(name for name, instants in found.items() if not shared.isdisjoint(instants)))


def _agents(answer: Any, url: str) -> Iterator[tuple[str, list[float]]]:
    """Of agents from before there was an installation nothing can be told."""
    try:
        for one in answer["data"]["result"]:
            labels = one["metric"]
            if "installation" in labels:
                name = f"{labels.get('instance', '')} ({str(labels['installation'])[:8]})"
                yield name, [_finite(at) for at, _ in one["values"]]
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


def _asked(url: str, path: str) -> Any:
    connection, base = _connection(url)
    try:
        connection.request("GET", base + path)
        response = connection.getresponse()
        body = response.read(_MOST_BYTES + 1)
    except (OSError, http.client.HTTPException) as error:
        raise SansangError(_SILENT.filled(url=url, why=system_said(error))) from error
    finally:
        connection.close()
    if response.status != http.client.OK:
        raise SansangError(
            _REFUSED.filled(url=url, status=response.status, said=ascii(body[:200].decode("ascii", "replace")))
        )
    return _parsed(body, url)


def _connection(url: str) -> tuple[http.client.HTTPConnection, str]:
    """To the store at that URL, not yet connected; and what its paths begin with."""
    try:
        parts = urlsplit(url)
        host, port, base = parts.hostname or "", parts.port, quote(parts.path.rstrip("/"), safe="/%")
        host.encode("idna")  # as connecting would
        if parts.scheme not in ("http", "https") or not host or " " in host:
            raise SansangError(_NO_URL.filled(url=url))
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        return kind(host, port, timeout=_DEADLINE_SECONDS), base
    except (ValueError, http.client.InvalidURL) as error:
        raise SansangError(_NO_URL.filled(url=url)) from error


def _parsed(body: bytes, url: str) -> Any:
    if len(body) > _MOST_BYTES:
        raise SansangError(_TOO_MUCH.filled(url=url, most=_MOST_BYTES // 1024 // 1024))
    try:
        return json.loads(body)
    except ValueError as error:
        raise SansangError(_NO_PROMETHEUS.filled(url=url, why=error)) from error


def _finite(text: Any) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text!a} is no amount of time")
    return number


def _series(answer: Any, url: str) -> Iterator[CounterSeries]:
    try:
        for one in answer["data"]["result"]:
            labels = one["metric"]
            samples = tuple((_finite(at), _finite(value)) for at, value in one["values"])
            yield CounterSeries(str(labels["target"]), str(labels["state"]), samples)
    except (KeyError, TypeError, ValueError) as error:
        raise SansangError(_NO_PROMETHEUS.filled(url=url, why=ascii(error))) from error
