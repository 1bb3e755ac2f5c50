"""The inventory of the simulated district: an ordinary inventory file, so that the agent runs there as anywhere."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from string import Template

from agent.lab.district import (
    COMMUNES_CREDENTIAL,
    DATA_CENTRE,
    DISTRICT_NAME,
    DISTRICT_UNIT,
    HALL,
    HALL_CREDENTIAL,
    PATH,
    QUERY_NAME,
    QUERY_ZONE,
    SNMP,
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
    - {{id: ups, name: {ups}, role: device, module: ping, address: "{{ups}}", parents: [uplink]}}
"""
_SNMP_CHECK = """\
    - {{id: {check}-snmp, name: {name}, role: device, module: snmp, address: "{{{check}_snmp}}", parents: [{check}]}}
"""
_PROFILES = {"sip": "office", "h323": "office-h323"}  # by the service of the room
_TITLES = {
    "uplink": "Đường truyền",
    "switch": "Bộ chuyển mạch",
    "pc": "Máy trạm",
    "room": "Phòng họp",
    "ups": "Bộ lưu điện",
    "web": "Trang thông tin",
    "one-stop": "Một cửa điện tử",
    "portal": "Cổng thông tin",
    "documents": "Quản lý văn bản",
    "mail": "Thư công vụ",
    "names": "Máy chủ tên miền",
    "zone": "Vùng tên miền",
}


@dataclass(frozen=True, slots=True)
class LabFiles:
    """The files that the inventory names, absolute: what vouches for certificates, what holds SNMP's credentials."""

    ca_file: Path
    snmp_credentials: Path


def inventory_yaml(district: District, listen: str, storage: Path, files: LabFiles, language: str = "vi") -> str:
    """The document for `sansang run --config`, with every address within 127.0.0.0/8.

    listen is the agent's own ``host:port``; storage must be absolute.
    """
    head = _HEAD.format(
        name=_text(DISTRICT_NAME),
        language=language,
        modules=_modules(files),
    )
    profiles = "".join(_profile(service) + _snmp_checks(district) for service in _PROFILES)
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
    if service is None or host.device is not None:
        return str(host.address)
    bare = host.port == service.port and not service.names_port
    end = str(host.address) if bare else f"{host.address}:{host.port}"
    return f"{service.name}://{end}/" if service.has_url else end


def title(host: LabHost) -> str:
    """The display name of the check's target; for a profile's check the site's name precedes it."""
    asked = host.check.endswith(f"-{SNMP}")
    return f"{_TITLES[host.check.removesuffix(f'-{SNMP}')]} (SNMP)" if asked else _TITLES[host.check]


def _modules(files: LabFiles) -> str:
    values = {
        "ca_file": _text(str(files.ca_file)),
        "snmp_credentials": _text(str(files.snmp_credentials)),
        "query_name": QUERY_NAME,
        "query_zone": QUERY_ZONE,
    }
    modules = (pair for service in SERVICES.values() for pair in service.modules.items())
    return "\n".join(f"  {name}: {Template(settings).substitute(values)}" for name, settings in modules)


def _module_of(host: LabHost) -> str:
    modules = SERVICES[host.service].modules
    return host.check if host.check in modules else next(iter(modules))


def _profile(room: str) -> str:
    titles = {check: _text(words) for check, words in _TITLES.items()}
    return _PROFILE.format(id=_PROFILES[room], room_module=next(iter(SERVICES[room].modules)), **titles)


def _snmp_checks(district: District) -> str:
    """Checks by SNMP where they cannot follow from the column `snmp`: on a port that is not the usual one."""
    checks = dict.fromkeys(host.check for host in district.hosts if host.device and not _has_usual_port(host))
    return "".join(_SNMP_CHECK.format(check=check, name=_text(f"{_TITLES[check]} (SNMP)")) for check in checks)


def _has_usual_port(host: LabHost) -> bool:
    return host.port == SERVICES[host.service].port


def _unit(site: LabSite) -> str:
    return f"  - {{id: {site.unit}, name: {_text(site.unit_name)}, level: commune, parent: {DISTRICT_UNIT}}}"


def _site(site: LabSite) -> str:
    columns = "".join(f", {host.column}: {_text(address(host))}" for host in site.hosts)
    devices = [host for host in site.hosts if host.device is not None]
    credential = HALL_CREDENTIAL if site.id == HALL else COMMUNES_CREDENTIAL
    columns += f", snmp: {credential}" if devices else ""
    others = [host for host in devices if not _has_usual_port(host)]
    columns += "".join(f", {host.check}_snmp: {_text(f'{host.address}:{host.port}')}" for host in others)
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
