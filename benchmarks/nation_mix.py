"""What the country's targets are: shares of each kind of probe, the hosts behind them, and the inventory of them."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from pathlib import Path

from benchmarks.probers import AGENT, address
from tests.peers.snmp_exporter import get5_objects

TARGETS_A_MINUTE = 66_420
COMMUNES = 3_321
SERVER_NAME = "bench.test"


class Mix(Enum):
    """A kind of probe: how many of a site's 20 checks it is, the packets of a run, what the bare loop calls it."""

    ICMP = (12, 3, "icmp")
    TCP = (2, 1, "tcp")
    SIP = (1, 1, "sip_options")
    H323 = (1, 1, "h323")
    SNMP = (2, 1, "snmp_get")
    HTTPS = (2, 1, "https")

    def __init__(self, checks: int, packets: int, bare: str) -> None:
        self.checks = checks
        self.packets = packets
        self.bare = bare

    @property
    def share(self) -> float:
        """Of all probes."""
        return self.checks / 20


def host_of_commune(number: int) -> str:
    """3 of 200 are silent, 3 refuse everything, 2 come and go, by their nets in benchmarks.world; the others answer."""
    place = number % 200
    nets = {**dict.fromkeys((7, 77, 177), 250), **dict.fromkeys((17, 87, 187), 251), **dict.fromkeys((27, 127), 252)}
    return f"127.{nets[place]}.{number // 250}.{1 + number % 250}" if place in nets else address(number)


_CHECKS = {
    Mix.ICMP: ("icmp3", "{host}", ("uplink", *["lan"] * 4, *["device"] * 7)),
    Mix.TCP: ("tcp", "{host}:80", ("service", "service")),
    Mix.SIP: ("sip", "{host}", ("conference",)),
    Mix.H323: ("h323", "{host}", ("conference",)),
    Mix.SNMP: ("get5", "{host}", ("device", "device")),
    Mix.HTTPS: ("https", "https://{host}/", ("portal", "one-stop")),
}


def write_inventory(folder: Path, communes: int = COMMUNES, interval: str = "60s", listen: str = AGENT) -> Path:
    """3,321 sites in a sheet, each with a profile of 20 checks; the configuration's path."""
    (folder / "get5.yml").write_text(get5_objects())
    credentials = folder / "credentials.yml"
    credentials.write_text("commune: {version: 2c, community: public}\n")
    credentials.chmod(0o600)
    units = [f"tinh-{number},Tỉnh {number},province," for number in range(63)]
    units += [f"xa-{number},Xã {number},commune,tinh-{number % 63}" for number in range(communes)]
    (folder / "units.csv").write_text("\n".join(["id,name,level,parent", *units]), "utf-8")
    sites = [f"s{number},UBND xã {number},xa-{number},office,{host_of_commune(number)}" for number in range(communes)]
    (folder / "sites.csv").write_text("\n".join(["id,name,unit,profile,host", *sites]), "utf-8")
    config = folder / "nation.yml"
    config.write_text("\n".join(_configuration(folder, interval, listen)), "utf-8")
    return config


def _configuration(folder: Path, interval: str, listen: str) -> Iterator[str]:
    yield "organisation: {name: Cả nước, language: en}"
    yield "levels: [{id: province, name: {vi: Tỉnh, en: Province}}, {id: commune, name: {vi: Xã, en: Commune}}]"
    yield f"defaults: {{interval: {interval}, timeout: 5s}}"
    yield "include: [units.csv, sites.csv]"
    yield f"listen: {listen}"
    yield f"storage: {{path: {folder}/ledger}}"
    yield "modules:"
    yield "  icmp3: {probe: icmp, packets: 3}"
    yield "  tcp: {probe: tcp}"
    yield '  sip: {probe: sip, tcp_fallback: "off"}'
    yield "  h323: {probe: h323}"
    yield f"  https: {{probe: http, tls_config: {{ca_file: {folder}/ca.pem, server_name: {SERVER_NAME}}}}}"
    secret = f"credentials: {{file: {folder}/credentials.yml}}"
    yield f"  get5: {{probe: snmp, {secret}, objects: [{folder}/get5.yml]}}"
    yield "profiles:\n  office:"
    for module, where, roles in _CHECKS.values():
        for number, role in enumerate(roles, 1):
            yield f'    - {{id: {module}-{number}, role: {role}, module: {module}, address: "{where}"}}'
