"""Who made a device, by the number in its sysObjectID, and what its description of itself says."""

from __future__ import annotations

import re

ENTERPRISES = b"\x2b\x06\x01\x04\x01"
"""1.3.6.1.4.1"""

_VENDORS = {
    9: "Cisco", 11: "HPE", 122: "Sony", 171: "D-Link", 253: "Xerox", 311: "Microsoft", 318: "APC", 367: "Ricoh",
    534: "Eaton", 641: "Lexmark", 674: "Dell", 705: "Eaton", 1347: "Kyocera", 1602: "Canon", 2011: "Huawei",
    2254: "Delta",
    2435: "Brother", 2636: "Juniper", 2684: "Polycom", 3902: "ZTE", 3941: "Santak", 4881: "Ruijie", 5596: "Tandberg",
    6574: "Synology", 7367: "DrayTek", 11863: "TP-Link", 12356: "Fortinet", 13885: "Polycom", 14823: "Aruba",
    14988: "MikroTik", 18334: "Konica Minolta", 20341: "Lifesize", 25506: "H3C", 37459: "Yealink", 41112: "Ubiquiti",
    42397: "Grandstream", 47196: "Aruba",
}  # fmt: skip
"""IANA's Private Enterprise Numbers."""

_DESCRIPTIONS = tuple(
    map(
        re.compile,
        (
            r"RouterOS (?P<model>\S+)",
            r"Router Model: (?P<model>[^,]{1,64}), Version: (?P<firmware>[^,]{1,64})",
            r"Cisco IOS.*?Software[ ,(\[]+(?P<model>[A-Za-z0-9-]{2,32}).*?Version (?P<firmware>[^ ,]{1,32})",
            r"MN:\s*(?P<model>\S+) HR:\s*(?P<hardware>\S+) SN:\s*(?P<serial>\S+)",
            r"^(?P<model>Linux) \S+ (?P<firmware>[0-9]\S{0,31})",  # the name in it is the machine's own
            r"Software: (?P<model>Windows) Version (?P<firmware>[0-9.]{1,16})",
            r"[Vv]ersion:? (?P<firmware>[^ ,]{1,32})",
        ),
    )
)


def vendor_of(object_id: bytes) -> str:
    """The maker of a device with this sysObjectID (BER content); "" of one that is not known."""
    if not object_id.startswith(ENTERPRISES):
        return ""
    number = 0
    for octet in object_id[len(ENTERPRISES) : len(ENTERPRISES) + 5]:
        number = number << 7 | octet & 0x7F
        if octet < 0x80:
            return _VENDORS.get(number, "")
    return ""


def described(description: str) -> dict[str, str]:
    """What sysDescr says: some of model, serial, firmware, hardware."""
    for pattern in _DESCRIPTIONS:
        match = pattern.search(description[:512])
        if match is not None:
            return {name: found for name, found in match.groupdict().items() if found}
    return {}
