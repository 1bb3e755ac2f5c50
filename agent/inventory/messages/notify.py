"""What can be wrong with who is told of alerts, in English and Vietnamese."""

from __future__ import annotations

from collections.abc import Mapping

from agent.inventory.messages.blackbox import Sentence

NOTIFY_MESSAGES: Mapping[str, tuple[Sentence, Sentence]] = {
    "mail_address": (
        ("'{value}' is not a mail address", "one address, without a name before it: cntt@example.gov.vn"),
        ("'{value}' không phải địa chỉ thư điện tử", "một địa chỉ, không kèm tên: cntt@example.gov.vn"),
    ),
    "mail_server": (
        ("'{value}' is not a mail server", "host:port, e.g. mail.example.gov.vn:587"),
        ("'{value}' không phải máy chủ thư", "máy-chủ:cổng, ví dụ mail.example.gov.vn:587"),
    ),
    "mail_login": (
        (
            "user and password belong together",
            "give both, or neither: password: {{file: /etc/alertmanager/smtp-password}}",
        ),
        (
            "user và password phải đi cùng nhau",
            "ghi cả hai hoặc bỏ cả hai: password: {{file: /etc/alertmanager/smtp-password}}",
        ),
    ),
    "mail_plain_login": (
        ("plain: true would send the password unencrypted to another machine", "leave plain out"),
        ("plain: true gửi mật khẩu không mã hóa sang máy khác", "bỏ plain đi"),
    ),
    "web_address": (
        ("not a web address, or one with blanks, braces, quotes or $", "https://host/path, those signs written as %XX"),
        (
            "không phải địa chỉ web, hoặc có dấu cách, ngoặc, nháy hay $",
            "https://máy-chủ/đường-dẫn, các ký tự đó ghi dạng %XX",
        ),
    ),
    "web_password": (
        ("the address holds a name or a password", "write it without; a webhook takes token: {{file: PATH}}"),
        ("địa chỉ có kèm tên hay mật khẩu", "ghi không kèm; webhook dùng token: {{file: ĐƯỜNG-DẪN}}"),
    ),
    "web_base": (
        ("links are added behind this address, so it must not hold ? or #", "https://host/path"),
        ("các liên kết được nối vào sau địa chỉ này nên không được có ? hay #", "https://máy-chủ/đường-dẫn"),
    ),
    "loud_twice": (
        ("{value} is told everything already", "an address of its own for what is loud"),
        ("{value} đã nhận mọi cảnh báo", "nơi báo động lớn cần địa chỉ riêng"),
    ),
    "places_without_mail": (
        ("mails to other places need the server of notify.mail", "mail: {{to: [...], server: ...}}"),
        ("thư gửi nơi khác cần máy chủ trong notify.mail", "mail: {{to: [...], server: ...}}"),
    ),
}
