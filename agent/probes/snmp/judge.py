"""Whether a device is within the limits that its module sets; the first that it is beyond, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from agent.probes.snmp.facts import PortValues, SnmpFacts
from agent.probes.snmp.options import SnmpDegraded
from agent.text import Text

_NO_LIMITS = SnmpDegraded()
_Shown = Callable[[float], Text]


def _plain(value: float) -> Text:
    return _decimal(f"{value:.4g}")


def _percent(value: float) -> Text:
    return _decimal(f"{value * 100:.4g} %")


def _minutes(value: float) -> Text:
    minutes = _plain(value / 60)
    return Text(f"{minutes.vi} phút", f"{minutes.en} minutes")


def _decimal(written: str) -> Text:
    return Text(written.replace(".", ","), written)


_MOST: tuple[tuple[str, str, Text, _Shown], ...] = (  # limit, fact
    ("cpu", "cpu_ratio", Text("bộ xử lý chạy {value}, quá {limit}", "processor at {value}, over {limit}"), _percent),
    (
        "memory",
        "memory_used_ratio",
        Text("bộ nhớ dùng {value}, quá {limit}", "memory at {value}, over {limit}"),
        _percent,
    ),
    (
        "load",
        "ups_load_ratio",
        Text("bộ lưu điện tải {value}, quá {limit}", "UPS load {value}, over {limit}"),
        _percent,
    ),
    (
        "topology_changes",
        "stp_changes_per_hour",
        Text(
            "cây STP đổi {value} lần trong một giờ, quá {limit}",
            "{value} spanning tree changes in an hour, over {limit}",
        ),
        _plain,
    ),
)
_LEAST: tuple[tuple[str, str, Text, _Shown], ...] = (
    (
        "runtime",
        "ups_runtime_seconds",
        Text("ắc quy còn {value}, dưới {limit}", "battery lasts {value}, under {limit}"),
        _minutes,
    ),
    ("charge", "ups_charge_ratio", Text("ắc quy còn {value}, dưới {limit}", "charge {value}, under {limit}"), _percent),
    (
        "rsrp",
        "lte_rsrp_dbm",
        Text("sóng LTE {value} dBm, dưới {limit} dBm", "LTE at {value} dBm, under {limit} dBm"),
        _plain,
    ),
    (
        "sinr",
        "lte_sinr_db",
        Text("SINR LTE {value} dB, dưới {limit} dB", "LTE SINR {value} dB, under {limit} dB"),
        _plain,
    ),
)
_MOST_AT: tuple[tuple[str, str, Text, _Shown], ...] = (
    (
        "errors",
        "port_errors",
        Text(
            "cổng {name}: {value} gói lỗi mỗi giây, quá {limit}", "port {name}: {value} errors a second, over {limit}"
        ),
        _plain,
    ),
    (
        "discards",
        "port_discards",
        Text(
            "cổng {name}: bỏ {value} gói mỗi giây, quá {limit}", "port {name}: {value} discards a second, over {limit}"
        ),
        _plain,
    ),
    (
        "utilisation",
        "port_utilisation_ratios",
        Text(
            "cổng {name}: dùng {value} băng thông, quá {limit}",
            "port {name}: {value} of its speed in use, over {limit}",
        ),
        _percent,
    ),
    (
        "broadcast",
        "port_broadcast_ratios",
        Text("cổng {name}: {value} là gói quảng bá, quá {limit}", "port {name}: {value} broadcasts, over {limit}"),
        _percent,
    ),
    (
        "flaps",
        "port_flaps",
        Text(
            "cổng {name}: mất kết nối {value} lần trong một giờ, quá {limit}",
            "port {name}: lost its link {value} times in an hour, over {limit}",
        ),
        _plain,
    ),
    (
        "temperature",
        "temperatures_celsius",
        Text("nhiệt độ {name}: {value} °C, quá {limit} °C", "temperature {name}: {value} °C, over {limit} °C"),
        _plain,
    ),
)
_RECEIVE_POWER = Text(
    "cổng {name}: công suất quang thu {value} dBm, dưới {limit} dBm",
    "port {name}: receives {value} dBm, under {limit} dBm",
)


def beyond(facts: SnmpFacts, limits: SnmpDegraded) -> Text | None:
    """Which limit, at which port or sensor, and by how much; None within all of them."""
    return None if limits == _NO_LIMITS else next(_beyond(facts, limits), None)


def _beyond(facts: SnmpFacts, limits: SnmpDegraded) -> Iterator[Text]:
    for sign, table in ((1, _MOST), (-1, _LEAST)):
        for limit, fact, words, shown in table:
            bound, value = getattr(limits, limit), getattr(facts, fact)
            if bound is not None and value is not None and sign * value > sign * bound:
                yield words.filled(value=shown(value), limit=shown(bound))
    for limit, fact, words, shown in _MOST_AT:
        bound = getattr(limits, limit)
        if bound is not None:
            yield from _worst(getattr(facts, fact), bound, 1, words, shown)
    if limits.receive_power is not None:
        yield from _worst(facts.port_receive_powers, limits.receive_power, -1, _RECEIVE_POWER, _plain)


def _worst(values: PortValues, bound: float, sign: int, words: Text, shown: _Shown) -> Iterable[Text]:
    """The worst of several, if it is beyond the bound: above with sign 1, below with sign -1."""
    name, value = max(values, key=lambda pair: sign * pair[1], default=("", sign * float("-inf")))
    return (words.filled(name=name, value=shown(value), limit=shown(bound)),) if sign * value > sign * bound else ()
