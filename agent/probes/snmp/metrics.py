"""The samples of a device on ``/metrics`` and on ``/probe``."""

from __future__ import annotations

from agent.model import Measurement, MetricFamily, RunGauge
from agent.probes.metrics import RTT, phases, plain

MEASUREMENTS = (
    Measurement("rtt_seconds", RTT),
    *(
        Measurement(field, MetricFamily(f"sansang_{name}", text, label))
        for field, name, label, text in (
            ("uptime_seconds", "device_uptime_seconds", "", "How long the device has run, by its own word."),
            ("cpu_ratio", "device_cpu_ratio", "", "Load of the processor, 0 to 1."),
            ("memory_used_ratio", "device_memory_used_ratio", "", "Share of the memory in use."),
            ("temperatures_celsius", "device_temperature_celsius", "sensor", "Temperature at a sensor of the device."),
            ("ports_up", "port_up", "port", "Whether the port has a link; absent while it is switched off by hand."),
            ("port_speeds", "port_speed_bytes_per_second", "port", "Speed of a port that is up."),
            ("port_full_duplex", "port_full_duplex", "port", "1 for full duplex, 0 for half."),
            ("port_utilisation_ratios", "port_utilisation_ratio", "port", "Share of its speed, busier direction."),
            ("port_errors", "port_errors_per_second", "port", "Packets with errors, in and out."),
            ("port_discards", "port_discards_per_second", "port", "Packets dropped without error, in and out."),
            ("port_broadcast_ratios", "port_broadcast_ratio", "port", "Share of broadcasts in what the port received."),
            ("port_flaps", "port_flaps_per_hour", "port", "How often the port lost its link in the last hour."),
            ("port_receive_powers", "port_receive_power_dbm", "port", "Optical power that a port receives."),
            (
                "stp_changes_per_hour",
                "stp_topology_changes_per_hour",
                "",
                "Topology changes of the spanning tree in the last hour.",
            ),
            ("ups_on_battery", "ups_on_battery", "", "1 while the UPS takes its power from the battery."),
            ("ups_runtime_seconds", "ups_runtime_seconds", "", "How long the battery lasts at this load."),
            ("ups_charge_ratio", "ups_charge_ratio", "", "Charge of the battery, 0 to 1."),
            ("ups_load_ratio", "ups_load_ratio", "", "Share of the capacity of the UPS in use."),
            ("ups_battery_replace", "ups_battery_replace", "", "1 when the UPS asks for a new battery."),
            ("lte_rsrp_dbm", "lte_rsrp_dbm", "", "LTE reference signal received power."),
            ("lte_sinr_db", "lte_sinr_db", "", "LTE signal to interference and noise ratio."),
            ("printer_supplies", "printer_supply_ratio", "supply", "What is left of a printer's supply, 0 to 1."),
        )
    ),
)
GAUGES = (
    RunGauge(
        "probe_snmp_duration_seconds",
        "Time by phase.",
        phases(lambda run, facts: (("resolve", run.lookup_seconds), ("rtt", facts.rtt_seconds))),
    ),
    RunGauge("probe_snmp_uptime_seconds", "How long the device has run.", plain(lambda _, facts: facts.uptime_seconds)),
)
