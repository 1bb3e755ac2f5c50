"""Whether a device is within the limits that its module sets; the first that it is beyond, in English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from agent.probes.snmp.facts import PortValues, SnmpFacts
from agent.probes.snmp.options import SnmpDegraded


def beyond(facts: SnmpFacts, limits: SnmpDegraded) -> str:
    """Which limit, at which port or sensor, and by how much; "" within all of them."""
    if limits == _NO_LIMITS:
        return ""
    return next(iter((*_of_the_device(facts, limits), *_of_ports(facts, limits))), "")


_NO_LIMITS = SnmpDegraded()


def _of_the_device(facts: SnmpFacts, limits: SnmpDegraded) -> Iterator[str]:
    for name, value, most in (
        ("cpu", facts.cpu_ratio, limits.cpu),
        ("memory", facts.memory_used_ratio, limits.memory),
        ("load", facts.ups_load_ratio, limits.load),
        ("topology changes an hour", facts.stp_changes_per_hour, limits.topology_changes),
    ):
        if value is not None and most is not None and value > most:
            yield f"{name} {value:.4g} over {most:.4g}"
    for name, value, least in (
        ("runtime in seconds", facts.ups_runtime_seconds, limits.runtime),
        ("charge", facts.ups_charge_ratio, limits.charge),
        ("rsrp", facts.lte_rsrp_dbm, limits.rsrp),
        ("sinr", facts.lte_sinr_db, limits.sinr),
    ):
        if value is not None and least is not None and value < least:
            yield f"{name} {value:.4g} under {least:.4g}"


def _of_ports(facts: SnmpFacts, limits: SnmpDegraded) -> Iterator[str]:
    yield from _over("errors a second", facts.port_errors, limits.errors)
    yield from _over("discards a second", facts.port_discards, limits.discards)
    yield from _over("utilisation", facts.port_utilisation_ratios, limits.utilisation)
    yield from _over("broadcast", facts.port_broadcast_ratios, limits.broadcast)
    yield from _over("flaps an hour", facts.port_flaps, limits.flaps)
    yield from _over("temperature", facts.temperatures_celsius, limits.temperature)
    if limits.receive_power is not None:
        least = limits.receive_power
        yield from (f"receive power {value:.4g} under {least:.4g} at {name}" for name, value in
                    _sorted(facts.port_receive_powers, worst_first=False) if value < least)  # fmt: skip


def _over(what: str, values: PortValues, most: float | None) -> Iterator[str]:
    if most is not None:
        yield from (
            f"{what} {value:.4g} over {most:.4g} at {name}"
            for name, value in _sorted(values, worst_first=True)
            if value > most
        )


def _sorted(values: PortValues, *, worst_first: bool) -> Iterable[tuple[str, float]]:
    return sorted(values, key=lambda pair: pair[1], reverse=worst_first)
