"""The column headers of sheets: what a clerk may write, in Vietnamese or English, and what it means here."""

from __future__ import annotations

import re
from collections.abc import Mapping

from agent.characters import unaccented

_PHONE = (
    "số điện thoại", "điện thoại", "sđt", "đt", "số đt", "di động", "số di động", "số liên hệ", "điện thoại liên hệ",
    "phone number", "telephone", "tel", "mobile",
)  # fmt: skip
_EMAIL = ("e mail", "thư điện tử", "hộp thư", "địa chỉ email", "mail", "email address")
FACT_HEADERS: Mapping[str, tuple[str, ...]] = {
    "fibre": ("cáp quang", "có cáp quang", "kết nối cáp quang", "đường cáp quang", "fiber"),
    "cellular_4g": ("sóng 4g", "phủ sóng 4g", "có sóng 4g", "4g"),
    "cellular_5g": ("sóng 5g", "phủ sóng 5g", "có sóng 5g", "5g"),
    "broadband_households": (
        "hộ có băng rộng",
        "hộ có internet băng rộng",
        "tỷ lệ hộ có băng rộng",
        "tỷ lệ hộ có internet băng rộng",
        "hộ gia đình có băng rộng",
        "hộ có cáp quang",
    ),
    "lan_upgraded": ("lan nâng cấp", "nâng cấp lan", "lan đã nâng cấp", "mạng lan nâng cấp"),
    "facts": ("dữ kiện", "dữ kiện khác", "dữ kiện khai báo", "other facts", "declared facts"),
    "document": ("số văn bản", "văn bản", "số hiệu văn bản", "số quyết định", "văn bản số"),
    "document_date": ("ngày văn bản", "ngày ban hành", "ngày ký văn bản", "document date"),
}
SITE_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("mã", "mã điểm", "mã điểm cầu", "site", "site id"),
    "name": (
        "tên",
        "tên điểm",
        "tên điểm cầu",
        "điểm",
        "điểm kết nối",
        "điểm lắp đặt",
        "đơn vị sử dụng",
        "đơn vị thụ hưởng",
        "tên đơn vị",
        "tên cơ quan",
        "cơ quan",
        "tên trụ sở",
        "trụ sở",
        "tên địa điểm",
        "địa điểm",
        "site name",
    ),
    "unit": (
        "đơn vị",
        "mã đơn vị",
        "thuộc đơn vị",
        "thuộc xã",
        "thuộc xã phường",
        "thuộc địa bàn",
        "xã",
        "xã phường",
        "xã phường thị trấn",
        "tên xã",
        "đơn vị hành chính",
        "đơn vị quản lý",
        "địa bàn",
        "unit id",
        "commune",
    ),
    "profile": ("mẫu", "mẫu kiểm tra", "loại", "loại điểm", "type"),
    "calendar": ("lịch", "lịch làm việc", "giờ làm việc"),
    "slo": (
        "mục tiêu",
        "cam kết",
        "mức cam kết",
        "tỷ lệ cam kết",
        "tỉ lệ cam kết",
        "sla",
        "target slo",
        "sla cam kết",
        "cam kết sla",
        "sla cam kết của nhà mạng",
        "mức sla",
    ),
    "contact": (
        "liên hệ",
        "họ tên",
        "họ và tên",
        "người liên hệ",
        "đầu mối",
        "đầu mối liên hệ",
        "cán bộ phụ trách",
        "cán bộ đầu mối",
        "cán bộ",
        "cán bộ phụ trách liên hệ",
        "người phụ trách",
        "phụ trách",
        "contact person",
        "person in charge",
    ),
    "phone": _PHONE,
    "email": _EMAIL,
    "location": (
        "tọa độ",
        "toạ độ",
        "tọa độ gps",
        "gps",
        "vị trí",
        "coordinates",
        "vĩ độ kinh độ",
        "lat long",
        "lat lng",
    ),
    "latitude": ("vĩ độ", "lat"),
    "longitude": ("kinh độ", "lon", "lng", "long"),
    "uplinks": ("đường truyền cần có", "uplinks needed"),
    "gateway": (
        "cổng mạng",
        "bộ định tuyến",
        "định tuyến",
        "router",
        "modem",
        "router modem",
        "modem router",
        "gateway modem",
        "thiết bị định tuyến",
        "địa chỉ ip",
        "ip",
        "ip address",
    ),
    "switch": ("bộ chuyển mạch", "thiết bị chuyển mạch", "chuyển mạch", "sw", "switch mạng"),
    "room": (
        "điểm cầu",
        "phòng họp",
        "phòng họp trực tuyến",
        "thiết bị họp",
        "thiết bị hội nghị",
        "thiết bị đầu cuối",
        "thiết bị họp trực tuyến",
        "thiết bị hội nghị truyền hình",
        "thiết bị thnttt",
        "hội nghị truyền hình",
        "truyền hình hội nghị",
        "vcs",
        "codec",
        "endpoint",
    ),
    "snmp": (
        "mã snmp",
        "khóa snmp",
        "tên mã snmp",
        "tên khóa snmp",
        "mã truy cập snmp",
        "chuỗi snmp",
        "community",
        "snmp community",
        "snmp credential",
    ),
    "ports": ("tên cổng", "tên các cổng", "tên cổng bộ chuyển mạch", "tên cổng switch", "port names"),
    "interval": ("chu kỳ",),
    "timeout": ("thời gian chờ",),
    "fail_after": ("số lần lỗi",),
    "recover_after": ("số lần tốt",),
    "confirm_interval": ("chu kỳ xác nhận",),
    "grace": ("thời gian ân hạn",),
    **FACT_HEADERS,
}
DEVICE_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "ups": ("bộ lưu điện", "thiết bị lưu điện", "lưu điện", "ups lưu điện", "card ups"),
    "access_point": ("điểm phát wifi", "bộ phát wifi", "thiết bị phát wifi", "phát wifi", "wifi", "ap", "access point"),
}
"""Columns that a site has only if a profile names them; other headers count for them then."""
UNIT_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("mã", "mã đơn vị", "unit", "unit id"),
    "name": ("tên", "tên đơn vị", "đơn vị", "tên cơ quan", "cơ quan", "unit name"),
    "level": ("cấp", "cấp hành chính", "cấp đơn vị"),
    "parent": ("cấp trên", "đơn vị cấp trên", "cơ quan cấp trên", "trực thuộc", "thuộc", "thuộc đơn vị"),
    "code": ("mã hành chính", "mã đvhc", "mã số", "official code"),
    **FACT_HEADERS,
}
CONTACT_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("mã", "mã liên hệ", "contact", "contact id"),
    "name": ("họ tên", "họ và tên", "tên", "tên cán bộ", "người liên hệ", "cán bộ", "full name", "contact name"),
    "phone": _PHONE,
    "email": _EMAIL,
    "unit": ("đơn vị", "đơn vị công tác", "phòng ban", "department"),
}
IGNORED = frozenset(
    (
        "stt", "s tt", "so thu tu", "thu tu", "chu thich", "nhan xet",
        "tt", "so tt", "no", "nr", "ghi chu", "note", "notes", "remark", "remarks", "chuc vu", "chuc danh",
        "position",
    )
)  # fmt: skip
UNUSED = frozenset(
    (
        "dia chi", "nha mang", "nha cung cap", "nha cung cap dich vu", "isp", "loai duong truyen", "duong truyen",
        "kenh truyen", "toc do", "bang thong", "goi cuoc", "hang", "hang san xuat", "model", "loai thiet bi", "serial",
        "so serial", "so hop dong", "ma khach hang", "nam lap dat", "ngay lap dat", "trang thai", "tinh trang",
        "dien tich", "dan so", "so luong", "phong", "huyen", "tinh", "address", "provider",
    )
)  # fmt: skip
"""What offices also note of a site, alike though some are to headers that are used. Left out with a note."""
OTHER_DEVICES = re.compile(
    " (?:camera|dau ghi|nvr|dvr|may in|cham cong|may chu|server|wifi|access point|dns|may tinh) "
)
"""What also has addresses, and no column here: left out with a note too."""
ADDRESS_COLUMNS = ("gateway", "switch", "room")

_MARKED = re.compile(r"\([^)]*\)|\[[^]]*\]")
_ADDRESS_OF = re.compile(r"(?<= )(?:dia chi|ip|cua|wan|lan|tinh)(?= )")
_PUBLIC = frozenset(
    ("dia", "chi", "ip", "wan", "tinh", "public", "v4", "ipv4")
)  # of the modem, if nothing else is said
_DEVICE = re.compile(r"(?<= )(?:thiet bi|may|cong|bo)(?= )")
_DEVICES = tuple(
    (key, re.compile(f" (?:{words}) "))
    for key, words in (
        ("switch", "switch|sw|chuyen mach|chia mang"),
        ("room", "codec|vcs|polycom|hoi nghi|hop|dau cuoi|truyen hinh|diem cau|thtt|hnth|thnttt"),
        ("gateway", "modem|router|gateway|gw|dinh tuyen|duong truyen|firewall|tuong lua"),
    )
)
"""What in a header about IP addresses tells whose they are."""
_ABOUT_PEOPLE = re.compile(
    "(?:so|so luong|tong so|chuc vu|chuc danh|trinh do|ngay|phong|don vi) (?:can bo|nguoi|cua|sinh)"
)
_PEOPLE = tuple(
    (key, re.compile(f" (?:{words}) "))
    for key, words in (
        ("phone", "dien thoai|sdt|so dt|dtdd|hotline|phone|zalo"),
        ("email", "email|e mail|thu dien tu"),
        ("contact", "can bo|nguoi (?:phu trach|lien he|quan ly|quan tri|truc)|dau moi|ho ten|ho va ten|contact"),
    )
)
_OF_SLO = re.compile(r"\b(?:cam ket|sla|slo|(?:ty|ti) le san sang|(?:muc )?do san sang|availability)\b")
_OF_ANY_SLO = re.compile(
    r"(?:(?:cam ket|sla|slo|uptime|availability|target|muc tieu|muc|do|ty le|ti le|san sang|toi thieu|chat luong|"
    r"dich vu|duong truyen)(?: |$))+"
)
_NAMED = re.compile(
    r"ten (?:cac )?(?:diem|don vi|co quan|tru so|dia diem|tram|truong|van phong|ubnd|uy ban|dia phuong|co so)"
    r"(?! (?:cung cap|thi cong|bao tri|lap dat|van hanh|quan ly|cap tren|chu quan))\b"
)
_ALTERNATIVES = re.compile(r"\s*(?:[/,;&]|\s[-–]\s|\bvà\b|\bhoặc\b|\bhay\b)\s*", re.IGNORECASE)
_MOST_PARTS = 4
_LONGEST = 200  # characters of a header; more are a text
_COLUMN = re.compile(r"[a-z][a-z0-9_]*")
_COMMUNES = re.compile(
    "(?:ten |thuoc |cac )*(?:xa|phuong|thi tran|dac khu)(?: (?:va |hoac )?(?:xa|phuong|thi tran|dac khu))*|"
    "(?:ten )?(?:dvhc|don vi hanh chinh|don vi)(?: cap xa)?(?: (?:moi|sau sap xep|sau sap nhap|hien nay))?"
)
_BETWEEN = re.compile(r"[/|()]|\s-\s")


def plain(text: str) -> str:
    """Lower case, no accents, no brackets, single blanks: how headers are compared."""
    return " ".join(re.split(r"[^a-z0-9#]+", unaccented(_MARKED.sub(" ", text)))).strip()


ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""The form of an id."""


def slug(name: str) -> str:
    """An id from a name, the same in every run: ``UBND xã Đồng Ích`` becomes ``ubnd-xa-dong-ich``."""
    return plain(name).replace("#", " ").replace("  ", " ").strip().replace(" ", "-")[:100].strip("-")


def _by_header(columns: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {plain(header): key for key, headers in columns.items() for header in (key, *headers)}


_SITE_HEADERS = _by_header(SITE_COLUMNS)
_UNIT_HEADERS = _by_header(UNIT_COLUMNS)
_CONTACT_HEADERS = _by_header(CONTACT_COLUMNS)
_DEVICE_HEADERS = _by_header(DEVICE_COLUMNS)
_ABOVE = frozenset({"parent", "cap tren", "don vi cap tren", "co quan cap tren", "truc thuoc"})
_OF_PEOPLE = frozenset({"ho ten", "ho va ten", "full name"})


def headers_for(row: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """The kind of sheet that a header row belongs to, and its table of headers.

    ``contacts`` when it has telephone numbers or mail addresses and no column that sites alone have; else ``units``
    when it has a level or what is above, else ``sites``.
    """
    headers = [plain(cell) for cell in row]
    sites = {key_of(cell, _SITE_HEADERS, frozenset()) for cell in row}
    own = sites - {None, "id", "name", "phone", "email", "contact", *FACT_HEADERS}
    people = {_CONTACT_HEADERS.get(header) for header in headers}
    if not {"name", "unit"} & sites:
        people |= {key_of(cell, _CONTACT_HEADERS, frozenset()) for cell in row}
    if people & {"phone", "email"} and "name" in people and own <= ({"unit"} if _OF_PEOPLE & {*headers} else set()):
        return "contacts", _CONTACT_HEADERS
    units = {_UNIT_HEADERS.get(header) for header in headers}
    tree = "level" in units or ("name" in units and not _ABOVE.isdisjoint(headers))
    is_units = tree and not own & {*ADDRESS_COLUMNS, "profile"}
    return ("units", _UNIT_HEADERS) if is_units else ("sites", _SITE_HEADERS)


def key_of(header: str, table: Mapping[str, str], extra: frozenset[str]) -> str | None:
    """The key a header stands for: of the table, or a column that some profile uses; None when unknown.

    ``IP modem``, ``Địa chỉ IP của modem`` and ``Modem (IP)`` are the address of the modem.
    """
    if len(header) > _LONGEST:
        return None
    words = plain(header)
    if "gateway" in table and (own := _DEVICE_HEADERS.get(words)) in extra:
        return own
    if words in table:
        return table[words]
    if (both := _in_two_languages(header, table)) is not None:
        return both
    if _COMMUNES.fullmatch(words):
        return table.get("xa", table["don vi"])
    column = words.replace(" ", "_")
    if column in extra and _COLUMN.fullmatch(column):
        return column
    device = " ".join(_ADDRESS_OF.sub(" ", f" {words} ").split())
    bare = " ".join(_DEVICE.sub(" ", f" {device} ").split())
    for name in (device, bare):
        column = name.replace(" ", "_")
        if name != words and (own := _DEVICE_HEADERS.get(name)) in extra:
            return own
        if name != words and (table.get(name) in ADDRESS_COLUMNS or column in extra):
            return table.get(name, column)
    if " ip " in f" {plain(header.replace('(', ' '))} ":
        return device_of(header, table) or ("gateway" if "gateway" in table and {*words.split()} <= _PUBLIC else None)
    if _ABOUT_PEOPLE.match(words):
        return None
    about = next((key for key, pattern in _PEOPLE if key in table and pattern.search(f" {words} ")), None)
    if about == "contact" and table is _CONTACT_HEADERS:  # a list of people: who it is
        return "name"
    return about or _in_other_words(header, words, table, extra)


def _in_other_words(header: str, words: str, table: Mapping[str, str], extra: frozenset[str]) -> str | None:
    """The key of a header that names alternatives (*Tên cơ quan/đơn vị*), a name of sites, or what is promised."""
    parts = [part for part in _ALTERNATIVES.split(_MARKED.sub(" ", header)) if part.strip()]
    keys = [key_of(part, table, extra) for part in parts] if 1 < len(parts) <= _MOST_PARTS else []
    if keys and None not in keys:
        return "location" if {*keys} == {"latitude", "longitude"} else keys[0]
    if "slo" in table and _OF_SLO.search(words) and _OF_ANY_SLO.fullmatch(words):
        return "slo"
    return "name" if "gateway" in table and _NAMED.match(words) else None


def device_of(header: str, table: Mapping[str, str]) -> str | None:
    """The key of the device that a header or its brackets speak of; whether of its address, its cells or *IP* tell."""
    for words in (f" {plain(header[:_LONGEST])} ", f" {plain(_BETWEEN.sub(' ', header[:_LONGEST]))} "):
        if key := next((key for key, device in _DEVICES if key in table and device.search(words)), None):
            return key
    return None


def _in_two_languages(header: str, table: Mapping[str, str]) -> str | None:
    """The key of a header that says the same twice, as *Site name / Tên điểm*."""
    keys = [table.get(plain(part)) for part in _BETWEEN.split(header) if plain(part)]
    return keys[0] if len(keys) > 1 and len({*keys}) == 1 else None


def is_remark(header: str) -> bool:
    """Whether the column is for people only: numbering, notes, or marked with #."""
    return not header.strip() or header.lstrip().startswith("#") or plain(header) in IGNORED
