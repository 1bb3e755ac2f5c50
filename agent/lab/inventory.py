"""The inventory of the simulated district: an ordinary inventory file, so that the agent runs there as anywhere."""

from __future__ import annotations

import json
from pathlib import Path
from string import Template

from agent.lab.district import (
    DATA_CENTRE,
    DISTRICT_NAME,
    DISTRICT_UNIT,
    HALL,
    PATH,
    QUERY_NAME,
    QUERY_ZONE,
    District,
    LabHost,
    LabSite,
)
from agent.lab.services import SERVICES

_HEAD = """\
# Written by `sansang lab run`: the simulated district. Overwritten at every start.
organisation: {{name: {name}, language: {language}, timezone: Asia/Ho_Chi_Minh, observer: lab}}
levels:
  - {{id: district, name: {{vi: Huyện, en: District}}}}
  - {{id: commune, name: {{vi: Xã, en: Commune}}}}
defaults: {{interval: 15s, timeout: 2s, fail_after: 3, recover_after: 1, confirm_interval: 3s}}
modules:
  ping: {{probe: icmp, packets: 3, spacing: 50ms, degraded: {{loss: 5%, rtt: 150ms}}}}
{modules}
profiles:
"""
_PROFILE = """\
  {id}:
    - {{id: uplink, name: {uplink}, role: uplink, module: ping, address: "{{gateway}}"}}
    - {{id: switch, name: {switch}, role: lan, module: ping, address: "{{switch}}", parents: [uplink]}}
    - {{id: pc, name: {pc}, role: lan, module: ping, address: "{{pc}}", parents: [uplink]}}
    - {{id: room, name: {room}, role: conference, module: {room_module}, address: "{{room}}", parents: [uplink]}}
    - {{id: web, name: {web}, role: portal, module: page, address: "{{web}}", parents: [uplink]}}
"""
_PROFILES = {"sip": "office", "h323": "office-h323"}  # by the service of the room
_TITLES = {
    "uplink": "Đường truyền",
    "switch": "Bộ chuyển mạch",
    "pc": "Máy trạm",
    "room": "Phòng họp",
    "web": "Trang thông tin",
    "one-stop": "Một cửa điện tử",
    "portal": "Cổng thông tin",
    "documents": "Quản lý văn bản",
    "mail": "Thư công vụ",
    "names": "Máy chủ tên miền",
    "zone": "Vùng tên miền",
}


def inventory_yaml(district: District, listen: str, storage: Path, ca_file: Path, language: str = "vi") -> str:
    """The document for `sansang run --config`, with every address within 127.0.0.0/8.

    listen is the agent's own ``host:port``; storage and ca_file must be absolute.
    """
    head = _HEAD.format(
        name=_text(DISTRICT_NAME),
        language=language,
        modules=_modules(ca_file),
    )
    profiles = "".join(_profile(service) for service in _PROFILES)
    anchors = ", ".join(str(host.address) for host in district.anchors)
    behind = f"{{sites: all, except: [{HALL}, {DATA_CENTRE}]}}"
    path = f"  - {{id: {PATH}, module: ping, anchors: [{anchors}], behind: {behind}}}"
    return (
        head
        + profiles
        + "\n".join(
            [
                "units:",
                f"  - {{id: {DISTRICT_UNIT}, name: {_text(DISTRICT_NAME)}, level: district}}",
                *(_unit(site) for site in district.communes),
                "sites:",
                f"  - {{id: {DATA_CENTRE}, name: {_text(district.data_centre.name)}, unit: {DISTRICT_UNIT}}}",
                *(_site(site) for site in (district.hall, *district.communes)),
                "targets:",
                *(_target(host) for host in district.data_centre.hosts),
                "paths:",
                path,
                f"listen: {_text(listen)}",
                f"storage: {{path: {_text(str(storage))}}}",
                "",
            ]
        )
    )


def address(host: LabHost) -> str:
    """The address of the host's target: an IP address, ``host:port`` where the port is not the usual one, or a URL."""
    service = SERVICES.get(host.service)
    if service is None:
        return str(host.address)
    bare = host.port == service.port and not service.names_port
    end = str(host.address) if bare else f"{host.address}:{host.port}"
    return f"{service.name}://{end}/" if service.has_url else end


def title(host: LabHost) -> str:
    """The target's display name; for a profile's check the site's name precedes it."""
    return _TITLES[host.check]


def _modules(ca_file: Path) -> str:
    values = {"ca_file": _text(str(ca_file)), "query_name": QUERY_NAME, "query_zone": QUERY_ZONE}
    modules = (pair for service in SERVICES.values() for pair in service.modules.items())
    return "\n".join(f"  {name}: {Template(settings).substitute(values)}" for name, settings in modules)


def _module_of(host: LabHost) -> str:
    modules = SERVICES[host.service].modules
    return host.check if host.check in modules else next(iter(modules))


def _profile(room: str) -> str:
    titles = {check: _text(words) for check, words in _TITLES.items()}
    return _PROFILE.format(id=_PROFILES[room], room_module=next(iter(SERVICES[room].modules)), **titles)


def _unit(site: LabSite) -> str:
    return f"  - {{id: {site.unit}, name: {_text(site.unit_name)}, level: commune, parent: {DISTRICT_UNIT}}}"


def _site(site: LabSite) -> str:
    columns = "".join(f", {host.column}: {_text(address(host))}" for host in site.hosts)
    latitude, longitude = site.location
    profile = next(_PROFILES[host.service] for host in site.hosts if host.service in _PROFILES)
    return (
        f"  - {{id: {site.id}, name: {_text(site.name)}, unit: {site.unit}, profile: {profile}, slo: 99.0,"
        f" location: [{latitude}, {longitude}]{columns}}}"
    )


def _target(host: LabHost) -> str:
    return (
        f"  - {{id: {host.target}, name: {_text(title(host))}, role: {host.role}, module: {_module_of(host)},"
        f" address: {_text(address(host))}, slo: 99.5}}"
    )


def _text(value: str) -> str:
    """A double-quoted YAML scalar; JSON's quoting is a part of YAML's."""
    return json.dumps(value, ensure_ascii=False)
