"""Messages about options of blackbox_exporter's prober http."""

from __future__ import annotations

from collections.abc import Mapping

from agent.inventory.messages.message import FindingMessage
from agent.text import Text

HTTP_MESSAGES: Mapping[str, FindingMessage] = {
    "blackbox_cel": FindingMessage(
        Text(
            "không dùng biểu thức CEL; bỏ qua kiểm tra này",
            "CEL expressions are not spoken here; this check is left out",
        ),
        Text("viết lại bằng JMESPath trong json", "write it as JMESPath under json"),
    ),
    "blackbox_username_file": FindingMessage(
        Text("tên người dùng không đọc từ tệp nên bỏ qua", "a user name is not read from a file and is left out"),
        Text("ghi vào username", "write it as username"),
    ),
    "blackbox_no_password": FindingMessage(
        Text("basic_auth không có mật khẩu nên bỏ qua", "basic_auth without a password is left out"),
        Text("thêm password_file", "add password_file"),
    ),
    "blackbox_proxy": FindingMessage(
        Text("không phải proxy http://; bỏ qua mô-đun này", "no http:// proxy; the module is left out"),
        Text("http://MÁY_CHỦ:CỔNG", "http://HOST:PORT"),
    ),
    "blackbox_proxy_environment": FindingMessage(
        Text("không lấy proxy từ biến môi trường; bỏ qua", "a proxy is never taken from the environment; left out"),
        Text("ghi vào proxy_url", "write it as proxy_url"),
    ),
    "blackbox_proxy_resolves": FindingMessage(
        Text(
            "không cần: sau proxy thì proxy luôn tự phân giải tên",
            "has no counterpart: behind a proxy the proxy always resolves the name",
        ),
        Text("không phải làm gì", "nothing needs to be done"),
    ),
    "blackbox_oauth2": FindingMessage(
        Text("chưa dùng OAuth 2.0; bỏ qua", "OAuth 2.0 is not spoken; left out"),
        Text(
            "mã truy cập trong tệp: authorization với credentials_file",
            "a token in a file: authorization with credentials_file",
        ),
    ),
    "blackbox_http3": FindingMessage(
        Text("chưa dùng HTTP/3; sẽ hỏi bằng HTTP/2 hoặc 1.1", "HTTP/3 is not spoken; HTTP/2 or 1.1 is asked"),
        Text(
            "không phải làm gì nếu máy chủ cũng dùng các bản đó",
            "nothing needs to be done if the server speaks those too",
        ),
    ),
    "blackbox_size": FindingMessage(
        Text(
            "không giới hạn hoặc trên 64 MiB: ở đây nội dung quá 64 MiB là hỏng",
            "no limit, or one above 64 MiB: a body over 64 MiB fails here",
        ),
        Text("body_size_limit: tối đa 64MiB", "body_size_limit: up to 64MiB"),
    ),
    "blackbox_authorization": FindingMessage(
        Text("authorization không có credentials nên bỏ qua", "authorization without credentials is left out"),
        Text("thêm credentials_file", "add credentials_file"),
    ),
    "blackbox_version": FindingMessage(
        Text(
            (
                "ở đó chỉ HTTP/1.0, HTTP/1.1 và HTTP/2.0 mới khớp; cách viết khác bị bỏ, nếu không còn cách nào "
                "khác thì hiểu theo phiên bản nó gọi tên"
            ),
            (
                "only HTTP/1.0, HTTP/1.1 and HTTP/2.0 can match there; any other spelling is left out, and "
                "where there is no other it is taken as the version it names"
            ),
        ),
        Text("HTTP/1.1, HTTP/2.0", "HTTP/1.1, HTTP/2.0"),
    ),
    "blackbox_method": FindingMessage(
        Text(
            "ở đây gửi chữ hoa; blackbox_exporter gửi đúng như đã viết",
            "sent in upper case here; blackbox_exporter sends it as it is written",
        ),
        Text("GET, HEAD, POST ...", "GET, HEAD, POST ..."),
    ),
    "blackbox_compression": FindingMessage(
        Text(
            (
                "hỏi bằng Accept-Encoding, giải nén khi Content-Encoding nói vậy, nội dung không nén vẫn được; "
                "blackbox_exporter chỉ hỏi khi có header, luôn giải nén và hỏng khi nội dung không nén"
            ),
            (
                "asked for with Accept-Encoding, decoded where Content-Encoding says so, and a body in clear is "
                "accepted; blackbox_exporter asks only by the header, decodes whatever comes, and fails on a "
                "body in clear"
            ),
        ),
        Text(
            "muốn bắt buộc nén: fail_if_header_not_matches với Content-Encoding",
            "to demand it: fail_if_header_not_matches on Content-Encoding",
        ),
    ),
    "blackbox_unsent": FindingMessage(
        Text(
            "blackbox_exporter không bao giờ gửi header này của mô-đun; bỏ qua",
            "blackbox_exporter never sends this header of a module; left out",
        ),
        Text("không phải làm gì", "nothing needs to be done"),
    ),
    "blackbox_connection": FindingMessage(
        Text(
            "probe tự đặt header này cho kết nối của mình; bỏ qua",
            "the probe sets this header itself, for its own connection; left out",
        ),
        Text("không phải làm gì", "nothing needs to be done"),
    ),
    "blackbox_redirects": FindingMessage(
        Text(
            (
                "đi theo chuyển hướng như trình duyệt: cookie gắn với tên máy chủ (ở đó, nếu dựng bằng Go trước "
                "1.26, lúc đầu gắn với địa chỉ), lần chuyển hướng thứ mười một là hỏng dù valid_status_codes "
                "ghi gì, và chỉ mục tiêu trong danh mục mới được dẫn tới địa chỉ ngoài probe_endpoint.allow"
            ),
            (
                "redirects are followed as browsers do: cookies belong to the name of the host (there, built "
                "before Go 1.26, at first to its address), the eleventh redirect fails whatever "
                "valid_status_codes says, and targets of the inventory alone may be sent to addresses that "
                "probe_endpoint.allow does not name"
            ),
        ),
        Text("không phải làm gì, hoặc follow_redirects: false", "nothing needs to be done, or follow_redirects: false"),
    ),
    "blackbox_redirect_status": FindingMessage(
        Text(
            (
                "câu trả lời có Location sẽ được đi theo và câu cuối mới được xét; quá 10 lần thì ở đây là hỏng "
                "dù mã trạng thái hợp lệ"
            ),
            (
                "a redirect that has a Location is followed, and the last answer is judged; more than 10 of "
                "them fail here even where their status is valid"
            ),
        ),
        Text(
            "follow_redirects: false nếu muốn xét chính câu chuyển hướng",
            "follow_redirects: false to judge the redirect itself",
        ),
    ),
    "blackbox_credentials": FindingMessage(
        Text(
            (
                "không gửi tiếp khi chuyển hướng sang giao thức, máy chủ hoặc cổng khác; blackbox_exporter gửi "
                "tới mọi nơi"
            ),
            ("not sent once a redirect leaves the first scheme, host or port; blackbox_exporter sends it everywhere"),
        ),
        Text(
            "đặt mục tiêu là địa chỉ mà chuyển hướng dẫn tới",
            "let the target be the address that the redirect leads to",
        ),
    ),
    "blackbox_body_redirected": FindingMessage(
        Text(
            "không bao giờ gửi sang nơi khác: gặp chuyển hướng 307 hoặc 308 như vậy thì ở đây là hỏng",
            "never sent to another origin: such a redirect with 307 or 308 fails here",
        ),
        Text(
            "đặt mục tiêu là địa chỉ mà chuyển hướng dẫn tới",
            "let the target be the address that the redirect leads to",
        ),
    ),
    "blackbox_host": FindingMessage(
        Text(
            ("giữ khi chuyển hướng trong nơi đầu tiên, bỏ khi ra ngoài; blackbox_exporter giữ khi Location tương đối"),
            ("kept on redirects inside the first origin, dropped outside; blackbox_exporter keeps it on relative ones"),
        ),
        Text(
            "không phải làm gì nếu chuyển hướng có ghi tên máy chủ",
            "nothing needs to be done if redirects name the host",
        ),
    ),
    "blackbox_host_port": FindingMessage(
        Text(
            ("tên TLS chỉ lấy tên máy chủ, chữ thường, bỏ cổng; có cổng thì blackbox_exporter từ chối mọi chứng thư"),
            (
                "as TLS name the host alone is taken, in lower case and without a port; with a port "
                "blackbox_exporter accepts no certificate"
            ),
        ),
        Text("ghi server_name trong tls_config", "write server_name under tls_config"),
    ),
}
