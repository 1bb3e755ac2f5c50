"""The simulated district as data: which places there are, at which addresses, offering what. No I/O.

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
from agent.lab.names import commune_name, identifier
from agent.model import Role
from agent.text import Text

MAX_COMMUNES = 1000
_BLOCK = 250
_OLDER = 3  # the last of every four communes has a room that speaks H.323 only
HALL, DATA_CENTRE, PATH = "ubnd-huyen", "dc", "district-uplink"
DISTRICT_UNIT, DISTRICT_NAME = "huyen-song-thao", "Huyện Sông Thao (mô phỏng)"
QUERY_NAME, QUERY_ZONE = "mot-cua.song-thao.example", "song-thao.example"  # what the name servers are asked for


class Service(StrEnum):
    """What a place offers besides answering pings."""

    NONE = "none"
    HTTP = "http"
    HTTPS = "https"
    SIP = "sip"
    H323 = "h323"
    SMTP = "smtp"
    DNS = "dns"


class Ports(StrEnum):
    """Which ports the services take: the usual ones, ones that need no privilege, or whatever is free (0)."""

    USUAL = "usual"
    HIGH = "high"
    FREE = "free"


_COLUMNS = {"uplink": "gateway"}  # check ids that are not the name of their site column
_USUAL = {
    Service.NONE: 0, Service.HTTP: 80, Service.HTTPS: 443, Service.SIP: 5060, Service.H323: 1720, Service.SMTP: 25,
    Service.DNS: 53,
}  # fmt: skip
_HIGH = _USUAL | {Service.HTTP: 8080, Service.HTTPS: 8443, Service.SMTP: 2525, Service.DNS: 5053}
_PORTS = {Ports.USUAL: _USUAL, Ports.HIGH: _HIGH, Ports.FREE: dict.fromkeys(Service, 0)}


@dataclass(frozen=True, slots=True)
class LabHost:
    """One address of the district. check and role are those of its target; an anchor has neither site nor check.

    name is ``<column>-<number of the commune>``: ``gateway-07``, ``room-07``.
    """

    name: str
    site: str
    check: str
    role: Role
    address: IPv4Address
    service: Service = Service.NONE
    port: int = 0

    @property
    def target(self) -> str:
        """The id of the target in the inventory, "" for an anchor."""
        return f"{self.site}/{self.check}" if self.check else ""

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
    """All of it. hall and data_centre belong to the district's own unit."""

    communes: tuple[LabSite, ...]
    hall: LabSite
    data_centre: LabSite
    anchors: tuple[LabHost, ...]

    @property
    def sites(self) -> tuple[LabSite, ...]:
        return (self.hall, self.data_centre, *self.communes)

    @property
    def hosts(self) -> tuple[LabHost, ...]:
        """Every address there is, anchors last."""
        return tuple(place for office in self.sites for place in office.hosts) + self.anchors

    def find(self, name: str) -> tuple[LabHost, ...]:
        """The places that a name means: a place, a target id, a site or unit id, the path's id, or ``all``.

        The path's id means what the way to the communes is made of: its anchors and all communes.
        Raises LabError for a name that means nothing here.
        """
        if name == "all":
            return self.hosts
        if name == PATH:
            return self.anchors + tuple(place for office in self.communes for place in office.hosts)
        found = tuple(place for place in self.hosts if name and name in (place.name, place.target))
        found = found or tuple(p for office in self.sites if name in (office.id, office.unit) for p in office.hosts)
        if not found:
            raise LabError(_NOWHERE.filled(name=quoted(name)))
        return found

    def with_ports(self, ports: dict[str, int]) -> District:
        """The same district with the ports that its places, by name, really have."""

        def known(hosts: tuple[LabHost, ...]) -> tuple[LabHost, ...]:
            return tuple(replace(place, port=ports.get(place.name, place.port)) for place in hosts)

        def office(each: LabSite) -> LabSite:
            return replace(each, hosts=known(each.hosts))

        return District(tuple(map(office, self.communes)), office(self.hall), office(self.data_centre), self.anchors)


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
    taken = _PORTS[ports]
    return District(
        communes=tuple(_commune(number, f"{number + 1:0{width}}", taken) for number in range(communes)),
        hall=_hall(taken),
        data_centre=_data_centre(taken),
        anchors=tuple(
            LabHost(f"anchor-{number}", "", "", Role.UPLINK, IPv4Address(f"127.77.2.{number}")) for number in (1, 2)
        ),
    )


def _commune(number: int, tag: str, ports: dict[Service, int]) -> LabSite:
    name = commune_name(number)
    site = f"ubnd-{identifier(name)}"
    block, row = divmod(number, _BLOCK)

    def place(check: str, role: Role, host: int, service: Service = Service.NONE) -> LabHost:
        address = IPv4Address(f"127.{100 + block}.{row + 1}.{host}")
        return LabHost(f"{_COLUMNS.get(check, check)}-{tag}", site, check, role, address, service, ports[service])

    hosts = [
        place("uplink", Role.UPLINK, 1),
        place("switch", Role.LAN, 2),
        place("pc", Role.LAN, 3),
        place("room", Role.CONFERENCE, 10, Service.H323 if number % 4 == _OLDER else Service.SIP),
    ]
    if number % 3 == 0:
        hosts.append(place("web", Role.PORTAL, 20, Service.HTTP))
    location = (round(21.35 + 0.03 * (number // 6 % 12), 2), round(105.35 + 0.04 * (number % 6), 2))
    return LabSite(site, f"UBND xã {name}", f"xa-{identifier(name)}", f"Xã {name}", location, tuple(hosts))


def _hall(ports: dict[Service, int]) -> LabSite:
    def place(check: str, role: Role, host: int, service: Service = Service.NONE) -> LabHost:
        address = IPv4Address(f"127.77.0.{host}")
        return LabHost(f"{_COLUMNS.get(check, check)}-hall", HALL, check, role, address, service, ports[service])

    hosts = (
        place("uplink", Role.UPLINK, 1),
        place("switch", Role.LAN, 2),
        place("room", Role.CONFERENCE, 10, Service.SIP),
    )
    return LabSite(HALL, "UBND huyện", DISTRICT_UNIT, DISTRICT_NAME, (21.38, 105.41), hosts)


def _data_centre(ports: dict[Service, int]) -> LabSite:
    def place(name: str, role: Role, host: int, service: Service) -> LabHost:
        address = IPv4Address(f"127.77.1.{host}")
        return LabHost(name, DATA_CENTRE, name, role, address, service, ports[service])

    hosts = (
        place("one-stop", Role.ONE_STOP, 10, Service.HTTPS),
        place("portal", Role.PORTAL, 11, Service.HTTP),
        place("documents", Role.SERVICE, 12, Service.HTTPS),
        place("mail", Role.SERVICE, 13, Service.SMTP),
        place("names", Role.SERVICE, 14, Service.DNS),
        place("zone", Role.SERVICE, 15, Service.DNS),
    )
    return LabSite(DATA_CENTRE, "Trung tâm dữ liệu", DISTRICT_UNIT, DISTRICT_NAME, (21.39, 105.42), hosts)
