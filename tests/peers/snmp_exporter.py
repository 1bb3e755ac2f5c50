"""A real snmp_exporter on a free loopback port, asked like Prometheus asks it: modules if_mib and get5."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

_READY_SECONDS = 10.0
IF_TABLE, IF_X_TABLE = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1"
_IF = (
    "ifIndex ifDescr ifType ifMtu ifSpeed ifPhysAddress ifAdminStatus ifOperStatus ifLastChange ifInOctets"
    " ifInUcastPkts ifInNUcastPkts ifInDiscards ifInErrors ifInUnknownProtos ifOutOctets ifOutUcastPkts"
    " ifOutNUcastPkts ifOutDiscards ifOutErrors ifOutQLen"
)
_IF_X = (
    "ifName ifInMulticastPkts ifInBroadcastPkts ifOutMulticastPkts ifOutBroadcastPkts ifHCInOctets ifHCInUcastPkts"
    " ifHCInMulticastPkts ifHCInBroadcastPkts ifHCOutOctets ifHCOutUcastPkts ifHCOutMulticastPkts"
    " ifHCOutBroadcastPkts ifLinkUpDownTrapEnable ifHighSpeed ifPromiscuousMode ifConnectorPresent ifAlias"
    " ifCounterDiscontinuityTime"
)
_LOOKUPS = [
    {"labels": ["ifIndex"], "labelname": name, "oid": oid, "type": "DisplayString"}
    for name, oid in (("ifAlias", f"{IF_X_TABLE}.18"), ("ifDescr", f"{IF_TABLE}.2"), ("ifName", f"{IF_X_TABLE}.1"))
]
GET5 = {
    "sysUpTime": "1.3.6.1.2.1.1.3",
    "ifNumber": "1.3.6.1.2.1.2.1",
    "tcpCurrEstab": "1.3.6.1.2.1.6.9",
    "udpInDatagrams": "1.3.6.1.2.1.7.1",
    "snmpInPkts": "1.3.6.1.2.1.11.1",
}


def _kind(name: str) -> str:
    if name in ("ifDescr", "ifName", "ifAlias"):
        return "DisplayString"
    if name == "ifPhysAddress":
        return "PhysAddress48"
    return "counter" if name not in ("ifIndex", "ifOutQLen") and ("In" in name or "Out" in name) else "gauge"


def _columns(table: str, names: str) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "oid": f"{table}.{number}",
            "type": _kind(name),
            "help": name,
            "indexes": [{"labelname": "ifIndex", "type": "gauge"}],
            "lookups": _LOOKUPS,
        }
        for number, name in enumerate(names.split(), 1)
    ]


def modules(community: str) -> dict[str, Any]:
    """The file of snmp_exporter 0.21, as its generator makes it of ifTable and ifXTable, and of five scalars."""
    common = {"version": 2, "auth": {"community": community}}
    if_mib = {
        "walk": ["1.3.6.1.2.1.2", IF_X_TABLE],
        "get": ["1.3.6.1.2.1.1.3.0"],
        "metrics": [
            {"name": "sysUpTime", "oid": "1.3.6.1.2.1.1.3", "type": "gauge", "help": "sysUpTime"},
            *_columns(IF_TABLE, _IF),
            *_columns(IF_X_TABLE, _IF_X),
        ],
    }
    get5 = {
        "get": [f"{oid}.0" for oid in GET5.values()],
        "metrics": [{"name": name, "oid": oid, "type": "gauge", "help": name} for name, oid in GET5.items()],
    }
    return {"if_mib": common | if_mib, "get5": common | get5}


def get5_objects() -> str:
    """The same five as an object set of ours."""
    return "name: get5\nobjects:\n" + "".join(
        f"  - {{name: {name}, oid: {oid}, type: gauge}}\n" for name, oid in GET5.items()
    )


@contextmanager
def snmp_exporter(folder: Path, community: str) -> Iterator[tuple[int, int]]:
    """Run it for devices of this community; gives its port and its pid, by which it is ended."""
    config = folder / "snmp-exporter.yml"
    config.write_text(json.dumps(modules(community)), encoding="utf-8")  # JSON is YAML
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    command = ["prometheus-snmp-exporter", f"--config.file={config}", f"--web.listen-address=127.0.0.1:{port}"]
    process = subprocess.Popen([*command, "--log.level=error"])
    try:
        _await(port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(10)


def scraped(address: str, path: str = "/snmp", **query: str) -> str:
    """What /snmp answers, of theirs and of ours."""
    with urlopen(f"{address}{path}?{urlencode(query)}", timeout=30) as page:  # noqa: S310 - our own
        body: bytes = page.read()
    return body.decode()


def _await(port: int) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
