"""What is said about options of blackbox_exporter that cannot be taken over: wrong, right; English, Vietnamese."""

from __future__ import annotations

from collections.abc import Mapping

Sentence = tuple[str, str]  # what is wrong, what would be right

BLACKBOX_MESSAGES: Mapping[str, tuple[Sentence, Sentence]] = {
    "blackbox_secret": (
        (
            "a secret stands here in clear; it is not taken over",
            (
                "put it into a file of its own (chmod 600) and name that: password_file, credentials_file, key_file, "
                "or http_headers with files; blackbox_exporter reads those too"
            ),
        ),
        (
            "bí mật viết lộ ở đây; không lấy sang",
            (
                "đưa vào một tệp riêng (chmod 600) rồi ghi tên tệp: password_file, credentials_file, key_file "
                "hoặc http_headers với files; blackbox_exporter cũng đọc được"
            ),
        ),
    ),
    "blackbox_empty": (
        ("no modules in this file", "the blackbox.yml of blackbox_exporter, with modules:"),
        ("tệp này không có module nào", "tệp blackbox.yml của blackbox_exporter, có modules:"),
    ),
    "blackbox_unknown": (
        ("this option is not known and is left out", "check its spelling; what it did is no longer checked"),
        ("không biết tùy chọn này nên bỏ qua", "xem lại chính tả; việc nó làm sẽ không còn được kiểm tra"),
    ),
    "blackbox_form": (
        ("not written as expected and left out", "a mapping with its options"),
        ("không đúng dạng nên bỏ qua", "một nhóm khóa với các tùy chọn"),
    ),
    "blackbox_prober": (
        (
            "this prober has no counterpart; the module is left out",
            "http, tcp, icmp or dns; keep blackbox_exporter for this module",
        ),
        (
            "chưa có phép thử tương ứng; bỏ qua module này",
            "http, tcp, icmp hoặc dns; giữ blackbox_exporter cho module này",
        ),
    ),
    "blackbox_timeout": (
        ("the module has no timeout; ours takes that of defaults", "write timeout: 5s to choose another"),
        ("module không có timeout; sẽ lấy theo defaults", "ghi timeout: 5s nếu muốn khác"),
    ),
    "blackbox_size": (
        ("no limit, or one above 64 MiB: 64 MiB is taken", "up to 64MiB"),
        ("không giới hạn hoặc trên 64 MiB: lấy 64 MiB", "tối đa 64MiB"),
    ),
    "blackbox_cel": (
        ("CEL expressions are not spoken here; this check is left out", "write it as JMESPath under json"),
        ("không dùng biểu thức CEL; bỏ qua kiểm tra này", "viết lại bằng JMESPath trong json"),
    ),
    "blackbox_username_file": (
        ("a user name is not read from a file and is left out", "write it as username"),
        ("tên người dùng không đọc từ tệp nên bỏ qua", "ghi vào username"),
    ),
    "blackbox_no_password": (
        ("basic_auth without a password is left out", "add password_file"),
        ("basic_auth không có mật khẩu nên bỏ qua", "thêm password_file"),
    ),
    "blackbox_authorization": (
        ("only the type Bearer is known; left out", "basic_auth, or http_headers with files"),
        ("chỉ biết loại Bearer; bỏ qua", "basic_auth, hoặc http_headers với files"),
    ),
    "blackbox_last_value": (
        ("several values; only the last is sent, as in blackbox_exporter", "one value"),
        ("có nhiều giá trị; chỉ gửi giá trị cuối, như blackbox_exporter", "một giá trị"),
    ),
    "blackbox_proxy_environment": (
        ("a proxy is never taken from the environment; left out", "write it as proxy_url"),
        ("không lấy proxy từ biến môi trường; bỏ qua", "ghi vào proxy_url"),
    ),
    "blackbox_proxy_resolves": (
        ("has no counterpart: behind a proxy the proxy always resolves the name", "nothing needs to be done"),
        ("không cần: sau proxy thì proxy luôn tự phân giải tên", "không phải làm gì"),
    ),
    "blackbox_oauth2": (
        ("OAuth 2.0 is not spoken; left out", "a token in a file: authorization with credentials_file"),
        ("chưa dùng OAuth 2.0; bỏ qua", "mã truy cập trong tệp: authorization với credentials_file"),
    ),
    "blackbox_http3": (
        ("HTTP/3 is not spoken; HTTP/2 or 1.1 is asked", "nothing needs to be done if the server speaks those too"),
        ("chưa dùng HTTP/3; sẽ hỏi bằng HTTP/2 hoặc 1.1", "không phải làm gì nếu máy chủ cũng dùng các bản đó"),
    ),
    "blackbox_inline": (
        ("a certificate inside the file is left out", "put it into a file: ca_file, cert_file"),
        ("chứng thư viết ngay trong tệp nên bỏ qua", "đưa vào tệp riêng: ca_file, cert_file"),
    ),
    "blackbox_query_class": (
        ("the classes CS and NONE are not asked; IN is", "IN, CH, HS or ANY"),
        ("không hỏi lớp CS và NONE; hỏi lớp IN", "IN, CH, HS hoặc ANY"),
    ),
    "blackbox_labels": (
        (
            "text of a device never becomes a label; left out",
            "nothing needs to be done, the match itself is still demanded",
        ),
        ("nội dung từ thiết bị không bao giờ thành nhãn; bỏ qua", "không phải làm gì, mẫu vẫn phải khớp"),
    ),
}
