"""What the system says when a file, a disk or an address cannot be used; Linux itself says it in English only.

So do the C library of a name that it does not find, OpenSSL of a certificate, and Python of an answer that is no HTTP.
"""

from __future__ import annotations

import errno
import http.client
import os
import socket
import ssl
from collections.abc import Mapping

from agent.text import Text

_VIETNAMESE: Mapping[int, str] = {
    errno.EPERM: "không được phép",
    errno.EACCES: "không có quyền truy cập",
    errno.ENOENT: "không có tệp hoặc thư mục này",
    errno.EEXIST: "đã có tệp hoặc thư mục cùng tên",
    errno.ENOTDIR: "một phần của đường dẫn không phải là thư mục",
    errno.EISDIR: "đây là thư mục, không phải tệp",
    errno.ENOTEMPTY: "thư mục không rỗng",
    errno.ENAMETOOLONG: "tên quá dài",
    errno.ELOOP: "liên kết vòng quanh",
    errno.EINVAL: "giá trị không hợp lệ",
    errno.ENOSPC: "đĩa đã đầy",
    errno.EDQUOT: "đã hết hạn mức đĩa",
    errno.EFBIG: "tệp quá lớn",
    errno.EROFS: "đĩa chỉ cho đọc",
    errno.EIO: "đĩa hoặc thiết bị bị lỗi",
    errno.ENXIO: "không có thiết bị này",
    errno.ENODEV: "không có thiết bị này",
    errno.EBADF: "đầu ra đã đóng",
    errno.EPIPE: "đầu bên kia đã đóng",
    errno.EBUSY: "đang được dùng",
    errno.ETXTBSY: "tệp đang chạy",
    errno.EMFILE: "mở quá nhiều tệp",
    errno.ENFILE: "cả máy mở quá nhiều tệp",
    errno.ENOMEM: "hết bộ nhớ",
    errno.ENOEXEC: "không phải là chương trình chạy được",
    errno.ENOTSOCK: "đây không phải là socket",
    errno.EADDRINUSE: "địa chỉ đang được chương trình khác dùng",
    errno.EADDRNOTAVAIL: "máy này không có địa chỉ ấy",
    errno.ECONNREFUSED: "không có chương trình nào nghe ở đó",
    errno.ECONNRESET: "bên kia ngắt kết nối",
    errno.ETIMEDOUT: "quá thời gian chờ",
    errno.EHOSTUNREACH: "không tới được máy đó",
    errno.ENETUNREACH: "không có đường tới mạng đó",
}

OF_FILES: Mapping[str, str] = {
    "not a regular file": "đây không phải tệp thường (là đường ống hoặc thiết bị)",
    "no file can have this name": "không tệp nào mang tên này được",
    "nothing can be read from it now": "lúc này không đọc được gì từ đó",
}
"""What agent/regular_file.py says in English, whatever number it gives to that."""
_BY_TEXT: Mapping[str, str] = {
    **{os.strerror(number): _VIETNAMESE.get(number, name) for number, name in errno.errorcode.items()},
    **OF_FILES,
    "Name or service not known": "không có máy nào tên như vậy",
    "No address associated with hostname": "tên máy này không có địa chỉ",
    "Temporary failure in name resolution": "máy chủ tên miền không trả lời",
    "Non-recoverable failure in name resolution": "máy chủ tên miền báo lỗi",
    "self-signed certificate": "chứng thư tự ký",
    "self-signed certificate in certificate chain": "đơn vị cấp chứng thư không nằm trong danh sách được tin",
    "unable to get local issuer certificate": "đơn vị cấp chứng thư không nằm trong danh sách được tin",
    "unable to get issuer certificate": "đơn vị cấp chứng thư không nằm trong danh sách được tin",
    "unable to verify the first certificate": "đơn vị cấp chứng thư không nằm trong danh sách được tin",
    "certificate has expired": "chứng thư đã hết hạn",
    "certificate is not yet valid": "chứng thư chưa có hiệu lực; hãy xem cả giờ của máy này",
    "NO_CERTIFICATE_OR_CRL_FOUND": "trong tệp không có chứng thư nào",
    "WRONG_VERSION_NUMBER": "ở đó không nói TLS; có lẽ phải dùng http",
}
_MISMATCH = ("Hostname mismatch", "IP address mismatch")
_OTHER_NAME = "chứng thư được cấp cho tên khác"
_BROKEN_OFF = Text("câu trả lời bị ngắt giữa chừng", "the answer broke off")
_CLOSED = Text("bên kia đóng kết nối mà không trả lời", "the other side closed the connection without an answer")
_NO_HTTP = Text("chương trình nghe ở đó không nói HTTP", "what answers there does not speak HTTP")


def in_vietnamese(text: str) -> str:
    """What the system said in English, where it is known; any other text as it is."""
    return _OTHER_NAME if text.startswith(_MISMATCH) else _BY_TEXT.get(text, text)


def why(error: OSError, language: str) -> str:
    """The system's reason in a few words; its name (``ENOTTY``) where there are none in that language."""
    if isinstance(error, ssl.SSLError | socket.gaierror):  # their numbers are none of the system's
        text = _of_tls(error) if isinstance(error, ssl.SSLError) else error.strerror or str(error)
        return in_vietnamese(text) if language == "vi" else text
    number = error.errno or 0
    if (text := error.strerror or "") in OF_FILES:
        return OF_FILES[text] if language == "vi" else text
    if language == "vi":
        return _VIETNAMESE.get(number) or errno.errorcode.get(number) or str(error)
    return os.strerror(number) if number in errno.errorcode else str(error)


def _of_tls(error: ssl.SSLError) -> str:
    return getattr(error, "verify_message", "") or error.reason or str(error)


def system_text(error: Exception) -> Text:
    """The error's text in both languages; what is no refusal of the system is quoted as it is."""
    if isinstance(error, TimeoutError) and not error.errno:
        error = OSError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))  # a socket's own deadline has no number
    if isinstance(error, http.client.RemoteDisconnected):
        return _CLOSED
    if isinstance(error, http.client.HTTPException):
        return _BROKEN_OFF if isinstance(error, http.client.IncompleteRead) else _NO_HTTP
    if isinstance(error, OSError):
        return Text(why(error, "vi"), why(error, "en"))
    return Text(str(error), str(error))
