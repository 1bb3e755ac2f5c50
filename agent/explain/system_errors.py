"""What the system says when a file, a disk or an address cannot be used; Linux itself says it in English only."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping

from agent.words import Words

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


def why(error: OSError, language: str) -> str:
    """The system's reason in a few words; its name (``ENOTTY``) where there are none in that language."""
    number = error.errno or 0
    if (said := error.strerror or "") in OF_FILES:
        return OF_FILES[said] if language == "vi" else said
    if language == "vi":
        return _VIETNAMESE.get(number) or errno.errorcode.get(number) or str(error)
    return os.strerror(number) if number in errno.errorcode else str(error)


def system_said(error: Exception) -> Words:
    """The same in both languages; what is no refusal of the system is quoted as it is."""
    if isinstance(error, TimeoutError) and not error.errno:
        error = OSError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))  # a socket's own deadline has no number
    if isinstance(error, OSError):
        return Words(why(error, "vi"), why(error, "en"))
    return Words(str(error), str(error))
