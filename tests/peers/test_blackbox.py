"""/probe beside a real blackbox_exporter: the same verdicts, names and figures but for what is documented."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import socket
import subprocess
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from agent.inventory.blackbox.translate import translate
from exporters.blackbox import render
from tests.agent.cli.commands.test_check import running
from tests.agent.cli.conftest import free_port
from tests.exporters.test_blackbox import FACTS, PAGE
from tests.exporters.test_blackbox import shown as run_of
from tests.peers.blackbox import blackbox, probe
from tests.peers.name_servers import NameServers
from tests.peers.nginx.server import HOSTS, HTTP, HTTP1_TLS, OLD_TLS, TLS, nginx
from tests.pki import pki

pytestmark = pytest.mark.peers

ADDRESS, OTHER = "127.80.2.1", "127.80.2.2"
TIMEOUT = "2s"
TRUST = {"ca_file": str(pki().ca_file)}
PORTAL = {"query_name": "portal.lab.example", "query_type": "A"}
IP4 = {"preferred_ip_protocol": "ip4"}


def tls(kind: str) -> dict[str, Any]:
    return TRUST | {"server_name": HOSTS[kind]}


def of_blackbox(prober: str, **options: Any) -> dict[str, Any]:
    return {"prober": prober, "timeout": TIMEOUT, prober: IP4 | options}


THEIRS = {
    "ping": of_blackbox("icmp"),
    "port": of_blackbox("tcp"),
    **{
        f"{kind}_{family}": of_blackbox(prober, preferred_ip_protocol=family, ip_protocol_fallback=False)
        for kind, prober in (("ping", "icmp"), ("port", "tcp"), ("web", "http"))
        for family in ("ip4", "ip6")
    },
    "banner": of_blackbox("tcp", query_response=[{"expect": "^SSH-2.0-"}]),
    "web": of_blackbox("http"),
    "packed": of_blackbox("http", compression="gzip"),
    "text": of_blackbox("http", fail_if_body_not_matches_regexp=["Đăng nhập"]),
    "other_text": of_blackbox("http", fail_if_body_not_matches_regexp=["Vắng mặt"]),
    **{f"web_{kind}": of_blackbox("http", tls_config=tls(kind)) for kind in HOSTS},
    "name": of_blackbox("dns", **PORTAL),
    "name_tcp": of_blackbox("dns", **PORTAL, transport_protocol="tcp"),
    "name_met": of_blackbox("dns", **PORTAL, validate_answer_rrs={"fail_if_not_matches_regexp": [r"127\.0\.1\.80"]}),
    "name_unmet": of_blackbox("dns", **PORTAL, validate_answer_rrs={"fail_if_matches_regexp": [r"127\.0\.1\.80"]}),
    "name_any": of_blackbox("dns", query_name="portal.lab.example"),
    "name_absent": of_blackbox("dns", query_name="nobody.lab.example", query_type="A"),
    "name_empty": of_blackbox("dns", query_name="portal.lab.example", query_type="MX"),
    **{f"tls_{kind}": of_blackbox("tcp", tls=True, tls_config=tls(kind)) for kind in HOSTS},
}

NEWER = {"probe_timeout_seconds", "probe_tls_cipher_info"}  # 0.28 has them, Debian's 0.23 has not
SEEN = {"probe_ssl_earliest_cert_expiry", "probe_tls_version_info"}
CHAIN = {"probe_ssl_last_chain_info"}
EXACT = (
    "probe_failed_due_to_regex", "probe_http_content_length", "probe_http_last_modified_timestamp_seconds",
    "probe_http_redirects", "probe_http_status_code", "probe_http_uncompressed_body_length", "probe_http_version",
    "probe_icmp_reply_hop_limit", "probe_ip_addr_hash", "probe_ip_protocol", "probe_ssl_earliest_cert_expiry",
    "probe_ssl_last_chain_expiry_timestamp_seconds", "probe_http_ssl", "probe_success",
    "probe_dns_answer_rrs", "probe_dns_authority_rrs", "probe_dns_additional_rrs",
    "probe_dns_query_succeeded",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Servers:
    banner: int
    silent: int
    refused: int
    redirect: int
    raw: int
    six: int


@dataclass(frozen=True, slots=True)
class Case:
    """One question to both: the verdict, names that we have more and less, figures that differ."""

    module: str
    target: str
    success: float
    more: frozenset[str] = frozenset()
    less: frozenset[str] = frozenset()
    differs: frozenset[str] = frozenset()


def case(
    name: str, target: str, success: float, *differs: str, more: Iterable[str] = (), less: Iterable[str] = ()
) -> Case:
    return Case(name, target, success, frozenset(more), frozenset(less), frozenset(differs))


PACKED = gzip.compress(b"a page")


def packed(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body


RAW = {
    "/whole": packed(PACKED),
    "/members": packed(PACKED + PACKED),
    "/cut": packed(PACKED[:-8]),
    "/short": packed(PACKED[:-1]),
    "/checksum": packed(PACKED[:-8] + bytes(4) + PACKED[-4:]),
    "/length": packed(PACKED[:-4] + bytes(4)),
    "/rest": packed(PACKED + b"rest"),
    "/1.2": b"HTTP/1.2 200 OK\r\nContent-Length: 2\r\n\r\nok",
}
SITE = f"https://{ADDRESS}"
CASES = [
    case("ping", ADDRESS, 1),
    case("port", f"{ADDRESS}:{HTTP}", 1),
    case("port", "{other}:{refused}", 0),
    case("banner", "{other}:{banner}", 1),
    case("banner", "{other}:{silent}", 0),
    case("web", f"http://{ADDRESS}:{HTTP}/", 1),
    case("web", f"{ADDRESS}:{HTTP}", 1),
    case("web", f"http://{ADDRESS}:{HTTP}/503", 0),
    case("web", f"http://{ADDRESS}:{HTTP}/empty", 0),
    case("web", "http://{other}:{redirect}/", 1, "probe_ip_addr_hash"),
    case("web", "http://{other}:{refused}/", 0),
    case("web", "http://{other}:{silent}/", 0),
    *(case("packed", f"http://{{other}}:{{raw}}/{path}", 1) for path in ("whole", "members")),
    *(case("packed", f"http://{{other}}:{{raw}}/{path}", 0) for path in ("cut", "short", "rest")),
    *(
        case("packed", f"http://{{other}}:{{raw}}/{path}", 0, "probe_http_uncompressed_body_length")
        for path in ("checksum", "length")
    ),
    case("web", "http://{other}:{raw}/1.2", 1, "probe_http_version"),
    case("text", f"http://{ADDRESS}:{HTTP}/", 1),
    case("other_text", f"http://{ADDRESS}:{HTTP}/", 0),
    case("web_good", f"{SITE}:{TLS}/", 1, less=CHAIN),
    case("web_good", f"{SITE}:{HTTP1_TLS}/", 1, less=CHAIN),
    case("web_good", f"{SITE}:{OLD_TLS}/", 1, less=CHAIN),
    case("tls_good", f"{ADDRESS}:{TLS}", 1, less=CHAIN),
    case("name", "{dnsmasq}", 1),
    case("name_tcp", "{dnsmasq}", 1),
    case("name_met", "{dnsmasq}", 1),
    case("name_unmet", "{dnsmasq}", 0),
    case("name_any", "{dnsmasq}", 1),
    case("name_absent", "{dnsmasq}", 0),
    case("name_empty", "{dnsmasq}", 1),
    case("name", "{other}:{refused}", 0),
    case("name_tcp", "{other}:{silent}", 0),
    *(
        one
        for kind in ("expired", "future", "wrong_host", "self_signed", "no_chain")
        for one in (
            case(f"web_{kind}", f"{SITE}:{TLS}/", 0, "probe_http_ssl", more=SEEN),
            case(f"tls_{kind}", f"{ADDRESS}:{TLS}", 0, more=SEEN),
        )
    ),
]


@asynccontextmanager
async def servers() -> AsyncIterator[Servers]:
    """A banner, a redirect to nginx, a listener that says nothing, and a port where nobody is."""

    async def banner(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-x\r\n")
        await writer.drain()
        writer.close()

    async def raw(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode()
        writer.write(RAW[path])
        await writer.drain()
        writer.close()

    async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 302 Found\r\nLocation: http://{ADDRESS}:{HTTP}/\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    with socket.create_server((OTHER, 0)) as silent:
        with closing(socket.create_server((OTHER, 0))) as gone:
            refused = gone.getsockname()[1]
        six = await asyncio.start_server(banner, "::1", 0)
        one = await asyncio.start_server(banner, OTHER, 0)
        two = await asyncio.start_server(redirect, OTHER, 0)
        three = await asyncio.start_server(raw, OTHER, 0)
        async with one, two, three, six:
            ports = (one.sockets[0].getsockname()[1], silent.getsockname()[1], refused)
            more = (each.sockets[0].getsockname()[1] for each in (two, three, six))
            yield Servers(*ports, *more)


@dataclass(frozen=True, slots=True)
class Asked:
    """Where both are to be asked, and the address of dnsmasq."""

    ours: int
    theirs: int
    dnsmasq: str


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """A running agent whose modules are those of blackbox_exporter, taken over as `sansang import --blackbox` does."""
    folder, port = tmp_path_factory.mktemp("both"), free_port()
    (folder / "sansang.yml").write_text(configuration(folder, port), encoding="utf-8")
    names = NameServers(tmp_path_factory.mktemp("dns"), pki().good.pem)
    try:
        names.start()
        with (
            nginx(tmp_path_factory.mktemp("nginx"), pki(), ADDRESS),
            blackbox(tmp_path_factory.mktemp("bb"), THEIRS) as theirs,
            running(folder / "sansang.yml", f"http://127.0.0.1:{port}"),
        ):
            yield Asked(port, theirs, names.at["dnsmasq"])
    finally:
        names.stop()


def configuration(folder: Path, port: int) -> str:
    modules, _ = translate({"modules": THEIRS})
    return json.dumps(
        {
            "organisation": {"name": "Huyện Thử", "language": "en"},
            "levels": [{"id": "district", "name": {"vi": "Huyện", "en": "District"}}],
            "units": [{"id": "thu", "name": "Huyện Thử", "level": "district"}],
            "sites": [{"id": "s", "name": "S", "unit": "thu"}],
            "modules": modules,
            "targets": [{"id": "s/ping", "role": "device", "module": "ping", "address": ADDRESS, "interval": "1h"}],
            "listen": f"127.0.0.1:{port}",
            "storage": {"path": str(folder / "ledger")},
            "probe_endpoint": {"allow": ["127.0.0.0/8", "::1/128"]},
        }
    )


def figures(text: str) -> dict[str, float]:
    """Samples by name and labels; the labels of TLS as they are, so that spellings count."""
    return {
        each.name + "".join(f",{name}={value}" for name, value in sorted(each.labels.items())): each.value
        for family in text_string_to_metric_families(text)
        for each in family.samples
    }


def names(samples: dict[str, float]) -> set[str]:
    return {sample.partition(",")[0] for sample in samples}


async def both(one: Case, asked: Asked) -> tuple[dict[str, float], dict[str, float]]:
    async with servers() as at:
        target = one.target.format(other=OTHER, dnsmasq=asked.dnsmasq, **asdict(at))
        ours = await asyncio.to_thread(probe, asked.ours, target, one.module)
        theirs = await asyncio.to_thread(probe, asked.theirs, target, one.module)
    return figures(ours), figures(theirs)


@pytest.mark.parametrize("one", CASES, ids=lambda one: f"{one.module}-{one.target}")
async def test_beside_blackbox_exporter(one: Case, asked: Asked) -> None:
    ours, theirs = await both(one, asked)
    assert (ours["probe_success"], theirs["probe_success"]) == (one.success, one.success)
    assert names(ours) - names(theirs) - documented("ours") - NEWER == one.more
    assert names(theirs) - names(ours) == one.less
    assert {name for name in EXACT if name in theirs and name in ours and ours[name] != theirs[name]} == one.differs
    assert {sample for sample in set(theirs) - set(ours) if sample.partition(",")[0] not in one.less} == (
        {"probe_dns_duration_seconds,phase=connect"} if one.module.startswith("name") else set()
    )


FAMILIES = [
    case("ping_ip4", ADDRESS, 1),
    case("ping_ip4", "::1", 0),
    case("ping_ip6", ADDRESS, 0),
    case("ping_ip6", "::ffff:127.80.2.1", 0),
    case("ping", "::1", 1),
    case("port_ip4", "[::1]:{six}", 0),
    case("port_ip6", "[::1]:{six}", 1),
    case("port_ip6", f"{ADDRESS}:{HTTP}", 0),
    case("port_ip4", f"[::ffff:{ADDRESS}]:{HTTP}", 1),
    case("port", "[::1]:{six}", 1),
    case("web_ip4", "http://[::1]:{six}/", 0),
    case("web_ip6", f"http://{ADDRESS}:{HTTP}/", 0),
]


@pytest.mark.parametrize("one", FAMILIES, ids=lambda one: f"{one.module}-{one.target}")
async def test_a_numeric_host_and_the_family_beside_blackbox_exporter(one: Case, asked: Asked) -> None:
    ours, theirs = await both(one, asked)
    assert (ours["probe_success"], theirs["probe_success"]) == (one.success, one.success)
    assert ours["probe_ip_protocol"] == theirs["probe_ip_protocol"] or not one.success


def documented(how: str) -> set[str]:
    """The names that the page marks so."""
    return set(re.findall(rf"^\| [a-z0-9, ]+ \| `(probe_\w+)` \| {how}", PAGE.read_text("utf-8"), re.MULTILINE))


def test_every_difference_stands_on_the_page() -> None:
    assert {name for one in CASES for name in one.more | one.differs} <= documented("differs")
    assert {name for one in CASES for name in one.less} <= documented("left out")
    assert "probe_dns_duration_seconds" in documented("differs: no phase `connect`")


def test_promtool_finds_nothing_to_say() -> None:
    for kind, facts in FACTS.items():
        body = render(kind, run_of(facts=facts), openmetrics=False)
        done = subprocess.run(
            ["promtool", "check", "metrics"], input=body, capture_output=True, timeout=30, check=False
        )
        assert (kind, done.returncode, done.stdout, done.stderr) == (kind, 0, b"", b"")
