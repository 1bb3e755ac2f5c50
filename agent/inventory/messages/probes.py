"""What probes say of addresses and options, in Vietnamese; English is what stands in the probe itself."""

from __future__ import annotations

from collections.abc import Mapping

from agent.text import Text

PHRASES: Mapping[str, str] = {
    "not a host name or address": "không phải tên máy hay địa chỉ",
    "a URL where a host belongs": "địa chỉ web ở chỗ của tên máy hay địa chỉ",
    "a host name or an address, e.g. 192.0.2.1": "tên máy hoặc địa chỉ, ví dụ 192.0.2.1",
    "0.0.0.0 and :: mean this machine, whatever its address": "0.0.0.0 và :: luôn trỏ về chính máy giám sát",
    "127.0.0.1 or ::1 for this machine": "127.0.0.1 hoặc ::1 nếu đúng là máy này",
    "an address of many or of none": "địa chỉ của nhiều máy hoặc không của máy nào",
    "not an IPv4 address": "không phải địa chỉ IPv4",
    "four numbers from 0 to 255 without leading zeros": "bốn số từ 0 đến 255, không thêm số 0 ở đầu",
    "not an IPv6 address": "không phải địa chỉ IPv6",
    "2001:db8::1, with a port [2001:db8::1]:443": "2001:db8::1, có cổng thì viết [2001:db8::1]:443",
    "a zone that is none, or on an address that has none": "vùng (sau dấu %) sai, hoặc địa chỉ này không có vùng",
    "fe80::1%eth0, with a port [fe80::1%eth0]:443": "fe80::1%eth0, có cổng thì viết [fe80::1%eth0]:443",
    "a name longer than 253 letters, or a part of it longer than 63": "tên dài hơn 253 ký tự, hoặc một phần dài hơn 63",
    "blanks or control characters in an address": "địa chỉ có dấu cách hoặc ký tự điều khiển",
    "a user name stands before the host": "có tên người dùng đứng trước tên máy",
    "brackets that do not enclose an IPv6 address": "dấu ngoặc vuông không bao một địa chỉ IPv6",
    "a colon without a port": "có dấu hai chấm nhưng thiếu cổng",
    "a port from 1 to 65535": "cổng từ 1 đến 65535",
    "not a port": "không phải số cổng",
    "a port is a number, not a name": "cổng phải viết bằng số, không viết bằng tên",
    "a ping has no port": "ping không có cổng",
    "not an international host name": "không phải tên máy có dấu hợp lệ",
    "xã.example or xn--x-yfa.example": "xã.example hoặc xn--x-yfa.example",
    "an IPv4 address, but the module uses IPv6 alone": "địa chỉ IPv4, nhưng mô-đun chỉ dùng IPv6",
    "an IPv6 address, but the module uses IPv4 alone": "địa chỉ IPv6, nhưng mô-đun chỉ dùng IPv4",
    "family: ip4 in the module, and no source of the other version": "family: ip4 trong mô-đun, source không là IPv6",
    "family: ip6 in the module, and no source of the other version": "family: ip6 trong mô-đun, source không là IPv4",
    "a link-local address without its interface": "địa chỉ link-local phải ghi kèm tên cổng mạng của máy này",
    "the module cannot use the proxy's address": "mô-đun không dùng được địa chỉ của proxy",
    "a proxy by name, or of the module's family": "ghi proxy bằng tên, hoặc bằng địa chỉ cùng loại với family",
    "neither http nor https": "không phải http hay https",
    "IPv6 without brackets": "IPv6 thiếu dấu ngoặc vuông",
    "server_name is not a host name": "server_name không phải tên máy",
    "portal.example or an IP address": "portal.example hoặc một địa chỉ IP",
    "not a SIP address": "không phải địa chỉ SIP",
    "host, host:port or sip:user@host[:port]": "máy, máy:cổng hoặc sip:người_dùng@máy[:cổng]",
    "not a domain name": "không phải tên miền",
    "not a record type to ask for": "không phải loại bản ghi DNS hỏi được",
    "not a DNS response code": "không phải mã trả lời DNS",
    "not a size to offer": "không phải kích thước gói hợp lệ",
    "0, or 512 to 4096": "0, hoặc từ 512 đến 4096",
    "not an address of a TCP port": "không phải địa chỉ cổng TCP",
    "host:port, IPv6 as [2001:db8::1]:port": "máy:cổng, IPv6 viết [2001:db8::1]:cổng",
    "not a URL: spaces, control characters, backslashes or too long": "không phải URL: có dấu cách, ký tự lạ, quá dài",
    "http://HOST/ or https://HOST/": "http://MÁY/ hoặc https://MÁY/",
    "a user name stands in the URL": "trong URL có tên người dùng",
    "basic_auth in the module": "dùng basic_auth trong mô-đun",
    "not a request body": "không phải nội dung yêu cầu",
    "not a header name": "không phải tên tiêu đề HTTP",
    "this header is set by the probe": "tiêu đề này do phép dò tự đặt",
    "leave it out": "hãy bỏ đi",
    "not an HTTP version": "không phải phiên bản HTTP",
    "1.0, 1.1 or 2": "1.0, 1.1 hoặc 2",
    "not an HTTP method": "không phải phương thức HTTP",
    "this method is not for probes": "phương thức này không dùng để kiểm tra",
    "not an IP address": "không phải địa chỉ IP",
    "not a status code": "không phải mã trạng thái",
    "200 or 2xx": "200 hoặc 2xx",
    "Accept-Encoding is said twice, and not the same": "Accept-Encoding ghi hai lần mà không giống nhau",
    "compression, or the same in the header": "compression, hoặc ghi giống vậy trong header",
    "not an authorization scheme": "không phải kiểu xác thực của Authorization",
}
"""Vietnamese for what probes say of addresses and options; a phrase that is missing stays English."""


def probe_text(phrase: str | Text) -> Text:
    """A phrase of a probe in both languages."""
    return phrase if isinstance(phrase, Text) else Text(PHRASES.get(phrase, phrase), phrase)
