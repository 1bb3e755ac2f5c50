"""What is said about options of the prober http: wrong, right; English, Vietnamese."""

from __future__ import annotations

from collections.abc import Mapping

HTTP_MESSAGES: Mapping[str, tuple[tuple[str, str], tuple[str, str]]] = {
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
    "blackbox_proxy": (
        ("no http:// proxy; the module is left out", "http://HOST:PORT"),
        ("không phải proxy http://; bỏ qua mô-đun này", "http://MÁY_CHỦ:CỔNG"),
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
    "blackbox_size": (
        ("no limit, or one above 64 MiB: a body over 64 MiB fails here", "body_size_limit: up to 64MiB"),
        ("không giới hạn hoặc trên 64 MiB: ở đây nội dung quá 64 MiB là hỏng", "body_size_limit: tối đa 64MiB"),
    ),
    "blackbox_authorization": (
        ("authorization without credentials is left out", "add credentials_file"),
        ("authorization không có credentials nên bỏ qua", "thêm credentials_file"),
    ),
    "blackbox_version": (
        (
            (
                "only HTTP/1.0, HTTP/1.1 and HTTP/2.0 can match there; any other spelling is left out, "
                "and where there is no other it is taken as the version it names"
            ),
            "HTTP/1.1, HTTP/2.0",
        ),
        (
            (
                "ở đó chỉ HTTP/1.0, HTTP/1.1 và HTTP/2.0 mới khớp; cách viết khác bị bỏ, "
                "nếu không còn cách nào khác thì hiểu theo phiên bản nó gọi tên"
            ),
            "HTTP/1.1, HTTP/2.0",
        ),
    ),
    "blackbox_method": (
        ("sent in upper case here; blackbox_exporter sends it as it is written", "GET, HEAD, POST ..."),
        ("ở đây gửi chữ hoa; blackbox_exporter gửi đúng như đã viết", "GET, HEAD, POST ..."),
    ),
    "blackbox_compression": (
        (
            (
                "asked for with Accept-Encoding, decoded where Content-Encoding says so, and a body in clear is "
                "accepted; "
                "blackbox_exporter asks only by the header, decodes whatever comes, and fails on a body in clear"
            ),
            "to demand it: fail_if_header_not_matches on Content-Encoding",
        ),
        (
            (
                "hỏi bằng Accept-Encoding, giải nén khi Content-Encoding nói vậy, nội dung không nén vẫn được; "
                "blackbox_exporter chỉ hỏi khi có header, luôn giải nén và hỏng khi nội dung không nén"
            ),
            "muốn bắt buộc nén: fail_if_header_not_matches với Content-Encoding",
        ),
    ),
    "blackbox_unsent": (
        ("blackbox_exporter never sends this header of a module; left out", "nothing needs to be done"),
        ("blackbox_exporter không bao giờ gửi header này của mô-đun; bỏ qua", "không phải làm gì"),
    ),
    "blackbox_connection": (
        ("the probe sets this header itself, for its own connection; left out", "nothing needs to be done"),
        ("probe tự đặt header này cho kết nối của mình; bỏ qua", "không phải làm gì"),
    ),
    "blackbox_redirects": (
        (
            (
                "redirects are followed as browsers do: cookies belong to the name of the host (there, built before "
                "Go 1.26, at first to its address), the eleventh redirect fails whatever valid_status_codes says, and "
                "targets of the inventory alone may be sent to addresses that probe_endpoint.allow does not name"
            ),
            "nothing needs to be done, or follow_redirects: false",
        ),
        (
            (
                "đi theo chuyển hướng như trình duyệt: cookie gắn với tên máy chủ (ở đó, nếu dựng bằng Go trước 1.26, "
                "lúc đầu gắn với địa chỉ), lần chuyển hướng thứ mười một là hỏng dù valid_status_codes ghi gì, "
                "và chỉ mục tiêu trong danh mục "
                "mới được dẫn tới địa chỉ ngoài probe_endpoint.allow"
            ),
            "không phải làm gì, hoặc follow_redirects: false",
        ),
    ),
    "blackbox_redirect_status": (
        (
            (
                "a redirect that has a Location is followed, and the last answer is judged; more than 10 of them "
                "fail here "
                "even where their status is valid"
            ),
            "follow_redirects: false to judge the redirect itself",
        ),
        (
            (
                "câu trả lời có Location sẽ được đi theo và câu cuối mới được xét; quá 10 lần thì ở đây là hỏng "
                "dù mã trạng thái hợp lệ"
            ),
            "follow_redirects: false nếu muốn xét chính câu chuyển hướng",
        ),
    ),
    "blackbox_credentials": (
        (
            "not sent once a redirect leaves the first scheme, host or port; blackbox_exporter sends it everywhere",
            "let the target be the address that the redirect leads to",
        ),
        (
            "không gửi tiếp khi chuyển hướng sang giao thức, máy chủ hoặc cổng khác; blackbox_exporter gửi tới mọi nơi",
            "đặt mục tiêu là địa chỉ mà chuyển hướng dẫn tới",
        ),
    ),
    "blackbox_body_redirected": (
        (
            "never sent to another origin: such a redirect with 307 or 308 fails here",
            "let the target be the address that the redirect leads to",
        ),
        (
            "không bao giờ gửi sang nơi khác: gặp chuyển hướng 307 hoặc 308 như vậy thì ở đây là hỏng",
            "đặt mục tiêu là địa chỉ mà chuyển hướng dẫn tới",
        ),
    ),
    "blackbox_host": (
        (
            "kept on redirects inside the first origin, dropped outside; blackbox_exporter keeps it on relative ones",
            "nothing needs to be done if redirects name the host",
        ),
        (
            "giữ khi chuyển hướng trong nơi đầu tiên, bỏ khi ra ngoài; blackbox_exporter giữ khi Location tương đối",
            "không phải làm gì nếu chuyển hướng có ghi tên máy chủ",
        ),
    ),
    "blackbox_host_port": (
        (
            (
                "as TLS name the host alone is taken, in lower case and without a port; "
                "with a port blackbox_exporter accepts no certificate"
            ),
            "write server_name under tls_config",
        ),
        (
            "tên TLS chỉ lấy tên máy chủ, chữ thường, bỏ cổng; có cổng thì blackbox_exporter từ chối mọi chứng thư",
            "ghi server_name trong tls_config",
        ),
    ),
}
