"""/metrics/snmp and /snmp as bytes."""

from __future__ import annotations

import gzip
from dataclasses import replace

from prometheus_client.parser import text_string_to_metric_families as read_classic

from agent.engine.snapshot import LastRun, TargetView
from agent.model import Policy, ProbeResult, Reason, ReasonCode, Role, State, Target
from agent.probes.snmp.facts import SnmpFacts
from agent.probes.snmp.reading import Reading
from exporters.snmp import SnmpExposition, SnmpScrape, render_scrape
from tests.exporters.snmp_readings import switch

POLICY = Policy(60_000, 5_000, 10_000, 3, 1, 5_000)


def run(reading: Reading | None, reason: ReasonCode = Reason.OK) -> ProbeResult:
    return ProbeResult.of(reason, 0.5, SnmpFacts(reading=reading))


def view(target: str, result: ProbeResult | None, probe: str = "snmp") -> TargetView:
    site = target.partition("/")[0]
    watched = Target(target, "", site, "xa", Role.DEVICE, "snmp", probe, "192.0.2.2", None, POLICY)
    last = None if result is None else LastRun(1, result)
    return TargetView(watched, State.UP, Reason.OK, 0, 0, last_run=last)


def shown(exposition: SnmpExposition) -> dict[str, dict[tuple[str, ...], float]]:
    text = gzip.decompress(exposition.render()).decode()
    return {
        family.name: {
            tuple(sample.labels.get(name, "") for name in ("target", "instance", "ifName")): sample.value
            for sample in family.samples
        }
        for family in read_classic(text)
    }


def test_every_device_is_shown_under_one_head() -> None:
    exposition = SnmpExposition()
    exposition.update(view("a/sw", run(switch(b"Gi0/1"))))
    exposition.update(view("b/sw", run(switch(b"ether1", octets=7))))
    exposition.update(view("b/ping", ProbeResult.of(Reason.OK, 0.1), probe="icmp"))
    text = gzip.decompress(exposition.render()).decode()
    assert text.count("# TYPE ifHCInOctets counter") == 1
    assert shown(exposition)["ifHCInOctets"] == {
        ("a/sw", "192.0.2.2", "Gi0/1"): 1000.0,
        ("b/sw", "192.0.2.2", "ether1"): 7.0,
    }


def test_a_failed_run_takes_the_reading_away_and_the_next_good_one_brings_it_back() -> None:
    exposition = SnmpExposition()
    good = view("a/sw", run(switch(b"Gi0/1")))
    exposition.update(good)
    exposition.update(view("a/sw", run(None, Reason.TIMEOUT)))
    assert "sysUpTime" not in shown(exposition)
    exposition.update(replace(good, last_run=LastRun(2, run(switch(b"Gi0/1", octets=5)))))
    assert shown(exposition)["ifHCInOctets"] == {("a/sw", "192.0.2.2", "Gi0/1"): 5.0}


def test_text_is_made_once_a_reading() -> None:
    exposition = SnmpExposition()
    good = view("a/sw", run(switch(b"Gi0/1")))
    exposition.update(good)
    first = gzip.decompress(exposition.render())
    exposition.update(good)
    assert gzip.decompress(exposition.render()) == first
    exposition.update(replace(good, last_run=LastRun(2, run(switch(b"Gi0/9")))))
    assert b"Gi0/9" in gzip.decompress(exposition.render())


def test_another_inventory_shows_its_own_devices_alone() -> None:
    exposition = SnmpExposition()
    stays, goes = view("a/sw", run(switch(b"Gi0/1"))), view("b/sw", run(switch(b"Gi0/1")))
    exposition.update(stays)
    exposition.update(goes)
    exposition.replace((stays, view("c/sw", None)))
    assert list(shown(exposition)["sysUpTime"]) == [("a/sw", "192.0.2.2", "")]


def test_beyond_the_limit_whole_devices_are_left_out_and_counted() -> None:
    exposition = SnmpExposition(most=10)
    for name, ports in (("a", 3), ("b", 5), ("c", 1)):
        exposition.update(view(f"{name}/sw", run(switch(*(b"p%d" % port for port in range(ports))))))
    assert [target for target, *_ in shown(exposition)["sysUpTime"]] == ["a/sw", "c/sw"]
    assert shown(exposition)["sansang_snmp_targets_left_out"] == {("", "", ""): 1.0}


def scraped(*scrapes: SnmpScrape) -> dict[str, dict[str, float]]:
    families = read_classic(render_scrape(scrapes).decode())
    return {
        family.name: {"/".join(sample.labels.values()): sample.value for sample in family.samples}
        for family in families
    }


def test_a_scrape_shows_its_series_bare_and_how_it_went() -> None:
    page = scraped(SnmpScrape("if_mib", run(switch(b"Gi0/1")), 0.5))
    assert page["ifOperStatus"] == {"Phòng họp/port Gi0/1/1/Gi0/1": 2.0}
    assert page["snmp_scrape_duration_seconds"] == {"if_mib": 0.5}
    assert page["snmp_scrape_walk_duration_seconds"] == {"if_mib": 0.25}
    assert page["snmp_scrape_packets_sent"] == {"if_mib": 4.0}
    assert page["snmp_scrape_packets_retried"] == {"if_mib": 1.0}
    assert page["snmp_scrape_pdus_returned"] == {"if_mib": 12.0}
    assert page["probe_success"] == {"": 1.0}


def test_a_dead_device_is_said_instead_of_an_error() -> None:
    page = scraped(SnmpScrape("if_mib", run(None, Reason.TIMEOUT), 5.0))
    assert page == {
        "snmp_scrape_duration_seconds": {"if_mib": 5.0},
        "probe_success": {"": 0.0},
        "probe_result_info": {"if_mib/timeout/failed": 1.0},
    }


def test_several_modules_share_an_answer_without_a_series_twice() -> None:
    page = scraped(
        SnmpScrape("if_mib", run(switch(b"Gi0/1")), 0.5),
        SnmpScrape("again", run(switch(b"Gi0/1", octets=9)), 0.25),
        SnmpScrape("dead", run(None, Reason.TIMEOUT), 5.0),
    )
    assert page["ifHCInOctets"] == {"Phòng họp/port Gi0/1/1/Gi0/1": 1000.0}
    assert page["snmp_scrape_duration_seconds"] == {"if_mib": 0.5, "again": 0.25, "dead": 5.0}
    assert page["snmp_scrape_pdus_returned"] == {"if_mib": 12.0, "again": 12.0}
    assert page["probe_success"] == {"": 0.0}
