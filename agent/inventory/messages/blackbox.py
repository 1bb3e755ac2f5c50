"""Messages about options of blackbox_exporter that cannot be taken over."""

from __future__ import annotations

from collections.abc import Mapping

from agent.inventory.messages.blackbox_http import HTTP_MESSAGES
from agent.inventory.messages.message import FindingMessage
from agent.text import Text

BLACKBOX_MESSAGES: Mapping[str, FindingMessage] = {
    **HTTP_MESSAGES,
    "blackbox_secret": FindingMessage(
        Text("bí mật viết lộ ở đây; bỏ qua mô-đun này", "a secret stands here in clear; the module is left out"),
        Text(
            (
                "--secrets-to THƯ_MỤC sẽ ghi bí mật ra tệp; hoặc tự đưa vào một tệp riêng (chmod 600) rồi ghi "
                "tên tệp: password_file, credentials_file, key_file hoặc http_headers với files; "
                "blackbox_exporter cũng đọc được"
            ),
            (
                "--secrets-to DIR writes such secrets to files; or put it into a file of its own (chmod 600) "
                "and name that: password_file, credentials_file, key_file, or http_headers with files; "
                "blackbox_exporter reads those too"
            ),
        ),
    ),
    "blackbox_empty": FindingMessage(
        Text("tệp này không có mô-đun nào", "no modules in this file"),
        Text(
            "tệp blackbox.yml của blackbox_exporter, có modules:",
            "the blackbox.yml of blackbox_exporter, with modules:",
        ),
    ),
    "blackbox_crowded": FindingMessage(
        Text("tệp có hơn {limit} khóa và giá trị (tính cả alias)", "more than {limit} keys and values, aliases put in"),
        Text("chỉ giữ lại các mô-đun đang dùng", "a file with the modules that are in use"),
    ),
    "blackbox_unknown": FindingMessage(
        Text("không biết tùy chọn này nên bỏ qua", "this option is not known and is left out"),
        Text(
            "xem lại chính tả; việc nó làm sẽ không còn được kiểm tra",
            "check its spelling; what it did is no longer checked",
        ),
    ),
    "blackbox_form": FindingMessage(
        Text("không đúng dạng nên bỏ qua", "not written as expected and left out"),
        Text("một nhóm khóa với các tùy chọn", "a mapping with its options"),
    ),
    "blackbox_prober": FindingMessage(
        Text("chưa có phép thử tương ứng; bỏ qua mô-đun này", "this prober has no counterpart; the module is left out"),
        Text(
            "http, tcp, icmp hoặc dns; giữ blackbox_exporter cho mô-đun này",
            "http, tcp, icmp or dns; keep blackbox_exporter for this module",
        ),
    ),
    "blackbox_timeout": FindingMessage(
        Text("mô-đun không có timeout; sẽ lấy theo defaults", "the module has no timeout; ours takes that of defaults"),
        Text("ghi timeout: 5s nếu muốn khác", "write timeout: 5s to choose another"),
    ),
    "blackbox_inline": FindingMessage(
        Text("chứng thư viết ngay trong tệp nên bỏ qua", "a certificate inside the file is left out"),
        Text("đưa vào tệp riêng: ca_file, cert_file", "put it into a file: ca_file, cert_file"),
    ),
    "blackbox_query_class": FindingMessage(
        Text("không hỏi lớp CS và NONE; hỏi lớp IN", "the classes CS and NONE are not asked; IN is"),
        Text("IN, CH, HS hoặc ANY", "IN, CH, HS or ANY"),
    ),
    "blackbox_refused": FindingMessage(
        Text(
            "blackbox_exporter cũng không nạp được giá trị này; bỏ qua mô-đun",
            "blackbox_exporter does not load this either; the module is left out",
        ),
        Text("sửa lại rồi import lần nữa", "correct it, then import again"),
    ),
    "blackbox_never": FindingMessage(
        Text(
            "với giá trị này mô-đun không bao giờ thành công trong blackbox_exporter; ở đây thì có thể",
            "with this the module never succeeds in blackbox_exporter; it may here",
        ),
        Text(
            ("ghi đúng điều cần: mã trạng thái, mã viết hoa, udp hoặc tcp, một yêu cầu chứ không kèm điều ngược lại"),
            "write what was meant: a status, an upper-case code, udp or tcp, one demand and not its opposite",
        ),
    ),
    "blackbox_name": FindingMessage(
        Text(
            "không dùng làm tên mô-đun được; bỏ qua mô-đun này", "not a name for a module here; the module is left out"
        ),
        Text(
            "chữ a-z A-Z, chữ số, dấu chấm, - và _; tối đa 100", "letters a-z A-Z, digits, dots, - and _; at most 100"
        ),
    ),
    "blackbox_module": FindingMessage(
        Text("{wrong}; bỏ qua mô-đun này", "{wrong}; the module is left out"), Text("{right}", "{right}")
    ),
    "blackbox_wants": FindingMessage(
        Text(
            "{wrong}; mô-đun vẫn được lấy sang nhưng mọi lần thử đều hỏng cho đến khi sửa xong",
            "{wrong}; the module is taken over, and its probes fail until this is put right",
        ),
        Text("{right}; sửa xong không cần nạp lại", "{right}; the agent needs no reload for it"),
    ),
    "blackbox_other_prober": FindingMessage(
        Text("thuộc prober khác nên không có tác dụng", "belongs to another prober and does nothing"),
        Text("bỏ đi", "leave it out"),
    ),
    "blackbox_relative": FindingMessage(
        Text(
            "đường dẫn tương đối: tính từ thư mục của tệp này (blackbox_exporter tính từ nơi nó được chạy)",
            ("a relative path: taken from the folder of this file, not from where blackbox_exporter was started"),
        ),
        Text("ghi đường dẫn đầy đủ", "write the whole path"),
    ),
    "blackbox_file_once": FindingMessage(
        Text(
            "chỉ đọc lúc khởi động và mỗi lần nạp lại, không đọc mỗi lần thử",
            "read at the start and at each reload, not at each probe",
        ),
        Text("nạp lại khi tệp thay đổi", "reload the agent when the file has changed"),
    ),
    "blackbox_expect": FindingMessage(
        Text(
            (
                "so 4 KiB của mỗi dòng và đọc tổng cộng 64 KiB; blackbox_exporter so 64 KiB mỗi dòng và đọc "
                "không giới hạn"
            ),
            (
                "4 KiB of a line are compared and 64 KiB of all answers read; blackbox_exporter compares 64 KiB "
                "of a line and reads without end"
            ),
        ),
        Text(
            "không phải làm gì với hội thoại thông thường",
            "nothing needs to be done for dialogues as people write them",
        ),
    ),
    "blackbox_expect_bytes": FindingMessage(
        Text(
            (
                "đọc đến khi đủ byte, kể cả byte đến cùng dòng trước; blackbox_exporter chỉ lấy một lần đọc và "
                "bỏ mất phần đó"
            ),
            (
                "read until all bytes came, also those that came with the last line; blackbox_exporter takes "
                "what one read brings and loses those"
            ),
        ),
        Text("không phải làm gì", "nothing needs to be done"),
    ),
    "blackbox_starttls": FindingMessage(
        Text(
            ("văn bản không mã hóa đến kèm câu trả lời STARTTLS là hỏng (có thể bị chèn); blackbox_exporter bỏ đi"),
            (
                "clear text that comes together with the answer to STARTTLS fails here (somebody may inject "
                "it); blackbox_exporter drops it"
            ),
        ),
        Text("không phải làm gì", "nothing needs to be done"),
    ),
    "blackbox_ca_unread": FindingMessage(
        Text(
            "ở đây không đọc vì không kiểm tra chứng thư; thiếu tệp này thì blackbox_exporter báo hỏng",
            "not read here, since no certificate is verified; where it is missing blackbox_exporter fails",
        ),
        Text("bỏ đi, hoặc insecure_skip_verify: false", "leave it out, or insecure_skip_verify: false"),
    ),
    "blackbox_binary": FindingMessage(
        Text(
            "byte không phải văn bản UTF-8 không ghi được ở đây; bỏ qua mô-đun này",
            "bytes that are not UTF-8 text cannot be written here; the module is left out",
        ),
        Text(
            "giữ blackbox_exporter cho mô-đun này, hoặc chỉ theo dõi cổng",
            "keep blackbox_exporter for this module, or watch the port alone",
        ),
    ),
    "blackbox_labels": FindingMessage(
        Text(
            "nội dung từ thiết bị không bao giờ thành nhãn: không có probe_expect_info",
            "text of a device never becomes a label: probe_expect_info is left out",
        ),
        Text("không phải làm gì, mẫu vẫn phải khớp", "nothing needs to be done, the match itself is still demanded"),
    ),
    "blackbox_all_match": FindingMessage(
        Text(
            (
                "dù tên gọi vậy, blackbox_exporter báo hỏng khi không phải mọi bản ghi đều khớp, không có bản "
                "ghi thì qua; lấy sang đúng như vậy"
            ),
            (
                "blackbox_exporter fails where not all records match, whatever the name says, and passes "
                "without records; taken over as it does"
            ),
        ),
        Text(
            "all_match_or_empty, hoặc not_all_match nếu muốn đúng theo tên gọi",
            "all_match_or_empty, or not_all_match for what the name says",
        ),
    ),
    "blackbox_record_text": FindingMessage(
        Text(
            "bản ghi loại này ở đây hiện khác: base64 có dấu cách, hệ 16 viết thường, đơn vị của LOC",
            (
                "records of this type are written otherwise here: blanks in base64, small hexadecimal letters, "
                "units of LOC"
            ),
        ),
        Text("thử lại mẫu: sansang check", "try the pattern: sansang check"),
    ),
    "blackbox_truncated": FindingMessage(
        Text(
            "câu trả lời bị cắt sẽ hỏi lại qua TCP; blackbox_exporter xét ngay câu bị cắt",
            "a truncated answer is asked for again over TCP; blackbox_exporter judges it as it is",
        ),
        Text(
            "không phải làm gì nếu máy chủ cũng trả lời qua TCP",
            "nothing needs to be done where the server answers over TCP too",
        ),
    ),
    "blackbox_dns_answer": FindingMessage(
        Text(
            (
                "ở đây trả lời không kèm câu hỏi, cho câu hỏi khác hoặc opcode khác thì không tính; "
                "blackbox_exporter chỉ xem mã id, và đếm cả bản ghi OPT không ai hỏi vào phần bổ sung"
            ),
            (
                "an answer without the question, to another one or with another opcode is none here; "
                "blackbox_exporter looks at its id alone, and counts an OPT record that nobody asked for as "
                "additional"
            ),
        ),
        Text(
            "không phải làm gì nếu máy chủ tên miền theo đúng RFC 1035",
            "nothing needs to be done with name servers that keep to RFC 1035",
        ),
    ),
    "blackbox_source": FindingMessage(
        Text(
            (
                "tên có cả hai họ địa chỉ thì hỏi họ của địa chỉ này; blackbox_exporter hỏi theo "
                "preferred_ip_protocol (không ghi là ip6) và hỏng vì không thể gửi từ địa chỉ này"
            ),
            (
                "of a name with both families the one of this address is asked; blackbox_exporter asks "
                "preferred_ip_protocol (ip6 where none is written), and fails since it cannot come from this "
                "address"
            ),
        ),
        Text("ghi preferred_ip_protocol cùng họ", "preferred_ip_protocol of the same family"),
    ),
    "blackbox_over_tls": FindingMessage(
        Text(
            ("thiếu transport_protocol: tcp thì không bao giờ thành công trong blackbox_exporter; ở đây hỏi qua TLS"),
            "without transport_protocol: tcp this never succeeds in blackbox_exporter; TLS is asked here",
        ),
        Text("transport_protocol: tcp", "transport_protocol: tcp"),
    ),
    "blackbox_payload": FindingMessage(
        Text(
            "quá nhỏ để phân biệt câu trả lời: gửi {size} byte",
            "too small to tell replies apart: {size} bytes are sent",
        ),
        Text("payload_size: từ {size} trở lên", "payload_size: {size} or more"),
    ),
    "blackbox_dont_fragment": FindingMessage(
        Text(
            "ở đây có hiệu lực cả với IPv6; blackbox_exporter chỉ đặt với IPv4",
            "holds for IPv6 too here; blackbox_exporter sets it on IPv4 only",
        ),
        Text("không phải làm gì với IPv4", "nothing needs to be done on IPv4"),
    ),
    "blackbox_secret_taken": FindingMessage(
        Text(
            "tệp {path} đã có và có nội dung khác; bỏ qua mô-đun này",
            "the file {path} is there and holds something else; the module is left out",
        ),
        Text("xóa nó, hoặc chọn thư mục khác sau --secrets-to", "remove it, or another folder behind --secrets-to"),
    ),
}
