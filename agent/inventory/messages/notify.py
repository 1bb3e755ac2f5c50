"""Messages about the sections `notify`, `runbooks` and `grafana`."""

from __future__ import annotations

from collections.abc import Mapping

from agent.inventory.messages.message import FindingMessage
from agent.text import Text

NOTIFY_MESSAGES: Mapping[str, FindingMessage] = {
    "mail_address": FindingMessage(
        Text("'{value}' không phải địa chỉ thư điện tử", "'{value}' is not a mail address"),
        Text(
            "một địa chỉ, không kèm tên: cntt@example.gov.vn",
            "one address, without a name before it: cntt@example.gov.vn",
        ),
    ),
    "mail_server": FindingMessage(
        Text("'{value}' không phải máy chủ thư", "'{value}' is not a mail server"),
        Text("máy-chủ:cổng, ví dụ mail.example.gov.vn:587", "host:port, e.g. mail.example.gov.vn:587"),
    ),
    "mail_login": FindingMessage(
        Text("user và password phải đi cùng nhau", "user and password belong together"),
        Text(
            "ghi cả hai hoặc bỏ cả hai: password: {{file: /etc/alertmanager/smtp-password}}",
            "give both, or neither: password: {{file: /etc/alertmanager/smtp-password}}",
        ),
    ),
    "mail_plain_login": FindingMessage(
        Text(
            "plain: true gửi mật khẩu không mã hóa sang máy khác",
            "plain: true would send the password unencrypted to another machine",
        ),
        Text("bỏ plain đi", "leave plain out"),
    ),
    "web_address": FindingMessage(
        Text(
            "không phải địa chỉ web, hoặc có dấu cách, ngoặc, nháy hay $",
            "not a web address, or one with blanks, braces, quotes or $",
        ),
        Text("https://máy-chủ/đường-dẫn, các ký tự đó ghi dạng %XX", "https://host/path, those signs written as %XX"),
    ),
    "web_password": FindingMessage(
        Text("địa chỉ có kèm tên hay mật khẩu", "the address holds a name or a password"),
        Text(
            "ghi không kèm; webhook dùng token: {{file: ĐƯỜNG-DẪN}}",
            "write it without; a webhook takes token: {{file: PATH}}",
        ),
    ),
    "web_base": FindingMessage(
        Text(
            "các liên kết được nối vào sau địa chỉ này nên không được có ? hay #",
            "links are added behind this address, so it must not hold ? or #",
        ),
        Text("https://máy-chủ/đường-dẫn", "https://host/path"),
    ),
    "loud_twice": FindingMessage(
        Text("{value} đã nhận mọi cảnh báo", "{value} is told everything already"),
        Text("nơi báo động lớn cần địa chỉ riêng", "an address of its own for what is loud"),
    ),
    "places_without_mail": FindingMessage(
        Text("thư gửi nơi khác cần máy chủ trong notify.mail", "mails to other places need the server of notify.mail"),
        Text("mail: {{to: [...], server: ...}}", "mail: {{to: [...], server: ...}}"),
    ),
}
