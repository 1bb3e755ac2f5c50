"""The simulated district as data: its hosts, their addresses and services. No I/O.

Addresses lie within 127.0.0.0/8 only:
  127.77.0.x      the district hall
  127.77.1.x      the data centre
  127.77.2.x      the anchors of the path to the communes
  127.100-103.c.x the communes, 250 to a block
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from ipaddress import IPv4Address

from agent.characters import quoted
from agent.errors import LabError
from agent.lab.devices.device import DeviceKind
from agent.lab.names import commune_name, identifier
from agent.lab.services import NO_SERVICE, SERVICES
from agent.model import Role
from agent.text import Text

MAX_COMMUNES = 1000
_BLOCK = 250
_OLDER = 3  # the last of every four communes has a room that speaks H.323 only
_MANAGED = 3  # the first of every three communes has devices that speak SNMP, and a UPS
SNMP = "snmp"
COMMUNES_CREDENTIAL, HALL_CREDENTIAL = "commune", "hall"  # their names in the file of credentials
HALL, DATA_CENTRE, PATH = "ubnd-huyen", "dc", "district-uplink"
DISTRICT_UNIT, DISTRICT_NAME = "huyen-song-thao", "Huyện Sông Thao (mô phỏng)"
QUERY_NAME, QUERY_ZONE = "mot-cua.song-thao.example", "song-thao.example"  # the question to the name servers


class Ports(StrEnum):
    """The ports of the services: the well-known ones, ones that need no privilege, or any free ones (0)."""

    USUAL = "usual"
    HIGH = "high"
    FREE = "free"

    def of(self, service: str) -> int:
        """The port of a service; 0 for a free one, and where there is no service."""
        if service == NO_SERVICE or self is Ports.FREE:
            return 0
        return SERVICES[service].port if self is Ports.USUAL else SERVICES[service].high_port


_COLUMNS = {"uplink": "gateway"}  # check ids that are not the name of their site column


@dataclass(frozen=True, slots=True)
class LabHost:
    """One address of the district. check and role are those of its target; an anchor has neither site nor check.

    name is ``<column>-<number of the commune>``: ``gateway-07``, ``room-07``. A device is pinged, and asked by SNMP.
    """

    name: str
    site: str
    check: str
    role: Role
    address: IPv4Address
    service: str = NO_SERVICE
    port: int = 0
    device: DeviceKind | None = None

    @property
    def target(self) -> str:
        """The id of the target in the inventory, "" for an anchor."""
        return f"{self.site}/{self.check}" if self.check else ""

    @property
    def targets(self) -> tuple[str, ...]:
        """The ids of all its targets: of a device also the one that is asked by SNMP."""
        return (self.target, f"{self.target}-{SNMP}") if self.device else (self.target,) if self.check else ()

    @property
    def column(self) -> str:
        """The column of its site that holds its address: ``gateway``, ``room``."""
        return self.name.rpartition("-")[0]


@dataclass(frozen=True, slots=True)
class LabSite:
    """A site: a commune's office, the district hall, the data centre."""

    id: str
    name: str
    unit: str
    unit_name: str
    location: tuple[float, float]
    hosts: tuple[LabHost, ...]


@dataclass(frozen=True, slots=True)
class District:
    """The whole district. hall and data_centre belong to the district's own unit."""

    communes: tuple[LabSite, ...]
    hall: LabSite
    data_centre: LabSite
    anchors: tuple[LabHost, ...]

    @property
    def sites(self) -> tuple[LabSite, ...]:
        return (self.hall, self.data_centre, *self.communes)

    @property
    def hosts(self) -> tuple[LabHost, ...]:
        """All hosts, anchors last."""
        return tuple(host for site in self.sites for host in site.hosts) + self.anchors

    def find(self, name: str) -> tuple[LabHost, ...]:
        """The hosts that a name means: a host, a target id, a site or unit id, the path's id, or ``all``.

        The path's id means its anchors and the hosts of all communes. Raises LabError for an unknown name.
        """
        if name == "all":
            return self.hosts
        if name == PATH:
            return self.anchors + tuple(host for site in self.communes for host in site.hosts)
        matches = tuple(host for host in self.hosts if name and name in (host.name, *host.targets))
        matches = matches or tuple(p for site in self.sites if name in (site.id, site.unit) for p in site.hosts)
        if not matches:
            raise LabError(_NOWHERE.filled(name=quoted(name)))
        return matches

    def with_ports(self, ports: dict[str, int]) -> District:
        """The district with the ports, by the names of hosts, that its listeners really have."""

        def with_actual_ports(hosts: tuple[LabHost, ...]) -> tuple[LabHost, ...]:
            return tuple(replace(host, port=ports.get(host.name, host.port)) for host in hosts)

        def site(original: LabSite) -> LabSite:
            return replace(original, hosts=with_actual_ports(original.hosts))

        return District(tuple(map(site, self.communes)), site(self.hall), site(self.data_centre), self.anchors)


_COMMUNES = Text(
    "không mô phỏng được huyện có {communes} xã: chỉ từ 1 đến {most}",
    "a district of {communes} communes cannot be simulated: 1 to {most}",
)
_NOWHERE = Text(
    "{name} không phải là nơi, mục tiêu, điểm hay đơn vị nào của huyện mô phỏng: xem `sansang lab status`",
    "{name} is neither a place, a target, a site nor a unit of the lab: see `sansang lab status`",
)


def district(communes: int = 22, ports: Ports = Ports.USUAL) -> District:
    """A district of so many communes (1 to 1000), always the same one for the same number."""
    if not 1 <= communes <= MAX_COMMUNES:
        raise LabError(_COMMUNES.filled(communes=communes, most=MAX_COMMUNES))
    width = max(2, len(str(communes)))
    return District(
        communes=tuple(_commune(number, f"{number + 1:0{width}}", ports) for number in range(communes)),
        hall=_hall(ports),
        data_centre=_data_centre(ports),
        anchors=tuple(
            LabHost(f"anchor-{number}", "", "", Role.UPLINK, IPv4Address(f"127.77.2.{number}")) for number in (1, 2)
        ),
    )


def _commune(number: int, tag: str, ports: Ports) -> LabSite:
    name = commune_name(number)
    site = f"ubnd-{identifier(name)}"
    block, row = divmod(number, _BLOCK)

    def host(check: str, role: Role, octet: int, service: str = NO_SERVICE) -> LabHost:
        address = IPv4Address(f"127.{100 + block}.{row + 1}.{octet}")
        return LabHost(f"{_COLUMNS.get(check, check)}-{tag}", site, check, role, address, service, ports.of(service))

    hosts = [
        host("uplink", Role.UPLINK, 1),
        host("switch", Role.LAN, 2),
        host("pc", Role.LAN, 3),
        host("room", Role.CONFERENCE, 10, "h323" if number % 4 == _OLDER else "sip"),
    ]
    if number % _MANAGED == 0:
        hosts += [host("web", Role.PORTAL, 20, "http"), host("ups", Role.DEVICE, 4)]
        hosts = [_with_device(each, number, ports) for each in hosts]
    location = (round(21.35 + 0.03 * (number // 6 % 12), 2), round(105.35 + 0.04 * (number % 6), 2))
    return LabSite(site, f"UBND xã {name}", f"xa-{identifier(name)}", f"Xã {name}", location, tuple(hosts))


def _with_device(host: LabHost, number: int, ports: Ports) -> LabHost:
    """The host as a device, where it is one; every other UPS is an APC."""
    kinds = {
        "uplink": DeviceKind.LTE_ROUTER,
        "switch": DeviceKind.SWITCH,
        "pc": DeviceKind.PC,
        "ups": DeviceKind.APC_UPS if number % (2 * _MANAGED) else DeviceKind.UPS,
    }
    kind = kinds.get(host.check)
    return host if kind is None else replace(host, service=SNMP, port=ports.of(SNMP), device=kind)


def _hall(ports: Ports) -> LabSite:
    def host(check: str, role: Role, octet: int, service: str = NO_SERVICE) -> LabHost:
        address = IPv4Address(f"127.77.0.{octet}")
        return LabHost(f"{_COLUMNS.get(check, check)}-hall", HALL, check, role, address, service, ports.of(service))

    hosts = (
        host("uplink", Role.UPLINK, 1),
        host("switch", Role.LAN, 2),
        host("room", Role.CONFERENCE, 10, "sip"),
    )
    devices = tuple(_with_device(each, 0, ports) for each in hosts)
    return LabSite(HALL, "UBND huyện", DISTRICT_UNIT, DISTRICT_NAME, (21.38, 105.41), devices)


def _data_centre(ports: Ports) -> LabSite:
    def host(name: str, role: Role, octet: int, service: str) -> LabHost:
        address = IPv4Address(f"127.77.1.{octet}")
        return LabHost(name, DATA_CENTRE, name, role, address, service, ports.of(service))

    hosts = (
        host("one-stop", Role.ONE_STOP, 10, "https"),
        host("portal", Role.PORTAL, 11, "http"),
        host("documents", Role.SERVICE, 12, "https"),
        host("mail", Role.SERVICE, 13, "smtp"),
        host("names", Role.SERVICE, 14, "dns"),
        host("zone", Role.SERVICE, 15, "dns"),
    )
    return LabSite(DATA_CENTRE, "Trung tâm dữ liệu", DISTRICT_UNIT, DISTRICT_NAME, (21.39, 105.42), hosts)
