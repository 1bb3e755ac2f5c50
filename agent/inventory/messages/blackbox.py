"""What is said about options of blackbox_exporter that cannot be taken over: wrong, right; English, Vietnamese."""

from __future__ import annotations

from collections.abc import Mapping

from agent.inventory.messages.blackbox_http import HTTP_MESSAGES

Sentence = tuple[str, str]  # what is wrong, what would be right

BLACKBOX_MESSAGES: Mapping[str, tuple[Sentence, Sentence]] = {
    **HTTP_MESSAGES,
    "blackbox_secret": (
        (
            "a secret stands here in clear; the module is left out",
            (
                "--secrets-to DIR writes such secrets to files; or put it into a file of its own (chmod 600) and name "
                "that: password_file, credentials_file, key_file, or http_headers with files; blackbox_exporter reads "
                "those too"
            ),
        ),
        (
            "bí mật viết lộ ở đây; bỏ qua mô-đun này",
            (
                "--secrets-to THƯ_MỤC sẽ ghi bí mật ra tệp; hoặc tự đưa vào một tệp riêng (chmod 600) rồi ghi tên tệp: "
                "password_file, credentials_file, key_file hoặc http_headers với files; blackbox_exporter cũng đọc được"
            ),
        ),
    ),
    "blackbox_empty": (
        ("no modules in this file", "the blackbox.yml of blackbox_exporter, with modules:"),
        ("tệp này không có mô-đun nào", "tệp blackbox.yml của blackbox_exporter, có modules:"),
    ),
    "blackbox_crowded": (
        ("more than {limit} keys and values, aliases put in", "a file with the modules that are in use"),
        ("tệp có hơn {limit} khóa và giá trị (tính cả alias)", "chỉ giữ lại các mô-đun đang dùng"),
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
            "chưa có phép thử tương ứng; bỏ qua mô-đun này",
            "http, tcp, icmp hoặc dns; giữ blackbox_exporter cho mô-đun này",
        ),
    ),
    "blackbox_timeout": (
        ("the module has no timeout; ours takes that of defaults", "write timeout: 5s to choose another"),
        ("mô-đun không có timeout; sẽ lấy theo defaults", "ghi timeout: 5s nếu muốn khác"),
    ),
    "blackbox_inline": (
        ("a certificate inside the file is left out", "put it into a file: ca_file, cert_file"),
        ("chứng thư viết ngay trong tệp nên bỏ qua", "đưa vào tệp riêng: ca_file, cert_file"),
    ),
    "blackbox_query_class": (
        ("the classes CS and NONE are not asked; IN is", "IN, CH, HS or ANY"),
        ("không hỏi lớp CS và NONE; hỏi lớp IN", "IN, CH, HS hoặc ANY"),
    ),
    "blackbox_refused": (
        ("blackbox_exporter does not load this either; the module is left out", "correct it, then import again"),
        ("blackbox_exporter cũng không nạp được giá trị này; bỏ qua mô-đun", "sửa lại rồi import lần nữa"),
    ),
    "blackbox_never": (
        (
            "with this the module never succeeds in blackbox_exporter; it may here",
            "write what was meant: a status, an upper-case code, udp or tcp, one demand and not its opposite",
        ),
        (
            "với giá trị này mô-đun không bao giờ thành công trong blackbox_exporter; ở đây thì có thể",
            "ghi đúng điều cần: mã trạng thái, mã viết hoa, udp hoặc tcp, một yêu cầu chứ không kèm điều ngược lại",
        ),
    ),
    "blackbox_name": (
        ("not a name for a module here; the module is left out", "letters a-z A-Z, digits, dots, - and _; at most 100"),
        ("không dùng làm tên mô-đun được; bỏ qua mô-đun này", "chữ a-z A-Z, chữ số, dấu chấm, - và _; tối đa 100"),
    ),
    "blackbox_module": (
        ("{wrong}; the module is left out", "{right}"),
        ("{wrong}; bỏ qua mô-đun này", "{right}"),
    ),
    "blackbox_wants": (
        (
            "{wrong}; the module is taken over, and its probes fail until this is put right",
            "{right}; the agent needs no reload for it",
        ),
        (
            "{wrong}; mô-đun vẫn được lấy sang nhưng mọi lần thử đều hỏng cho đến khi sửa xong",
            "{right}; sửa xong không cần nạp lại",
        ),
    ),
    "blackbox_other_prober": (
        ("belongs to another prober and does nothing", "leave it out"),
        ("thuộc prober khác nên không có tác dụng", "bỏ đi"),
    ),
    "blackbox_relative": (
        (
            "a relative path: taken from the folder of this file, not from where blackbox_exporter was started",
            "write the whole path",
        ),
        (
            "đường dẫn tương đối: tính từ thư mục của tệp này (blackbox_exporter tính từ nơi nó được chạy)",
            "ghi đường dẫn đầy đủ",
        ),
    ),
    "blackbox_file_once": (
        (
            "read at the start and at each reload, not at each probe",
            "reload the agent when the file has changed",
        ),
        (
            "chỉ đọc lúc khởi động và mỗi lần nạp lại, không đọc mỗi lần thử",
            "nạp lại khi tệp thay đổi",
        ),
    ),
    "blackbox_expect": (
        (
            (
                "4 KiB of a line are compared and 64 KiB of all answers read; blackbox_exporter compares 64 KiB of a "
                "line "
                "and reads without end"
            ),
            "nothing needs to be done for dialogues as people write them",
        ),
        (
            "so 4 KiB của mỗi dòng và đọc tổng cộng 64 KiB; blackbox_exporter so 64 KiB mỗi dòng và đọc không giới hạn",
            "không phải làm gì với hội thoại thông thường",
        ),
    ),
    "blackbox_expect_bytes": (
        (
            (
                "read until all bytes came, also those that came with the last line; "
                "blackbox_exporter takes what one read brings and loses those"
            ),
            "nothing needs to be done",
        ),
        (
            (
                "đọc đến khi đủ byte, kể cả byte đến cùng dòng trước; "
                "blackbox_exporter chỉ lấy một lần đọc và bỏ mất phần đó"
            ),
            "không phải làm gì",
        ),
    ),
    "blackbox_starttls": (
        (
            (
                "clear text that comes together with the answer to STARTTLS fails here (somebody may inject it); "
                "blackbox_exporter drops it"
            ),
            "nothing needs to be done",
        ),
        (
            "văn bản không mã hóa đến kèm câu trả lời STARTTLS là hỏng (có thể bị chèn); blackbox_exporter bỏ đi",
            "không phải làm gì",
        ),
    ),
    "blackbox_ca_unread": (
        (
            "not read here, since no certificate is verified; where it is missing blackbox_exporter fails",
            "leave it out, or insecure_skip_verify: false",
        ),
        (
            "ở đây không đọc vì không kiểm tra chứng thư; thiếu tệp này thì blackbox_exporter báo hỏng",
            "bỏ đi, hoặc insecure_skip_verify: false",
        ),
    ),
    "blackbox_binary": (
        (
            "bytes that are not UTF-8 text cannot be written here; the module is left out",
            "keep blackbox_exporter for this module, or watch the port alone",
        ),
        (
            "byte không phải văn bản UTF-8 không ghi được ở đây; bỏ qua mô-đun này",
            "giữ blackbox_exporter cho mô-đun này, hoặc chỉ theo dõi cổng",
        ),
    ),
    "blackbox_labels": (
        (
            "text of a device never becomes a label: probe_expect_info is left out",
            "nothing needs to be done, the match itself is still demanded",
        ),
        (
            "nội dung từ thiết bị không bao giờ thành nhãn: không có probe_expect_info",
            "không phải làm gì, mẫu vẫn phải khớp",
        ),
    ),
    "blackbox_all_match": (
        (
            (
                "blackbox_exporter fails where not all records match, whatever the name says, and passes without "
                "records; "
                "taken over as it does"
            ),
            "all_match_or_empty, or not_all_match for what the name says",
        ),
        (
            (
                "dù tên gọi vậy, blackbox_exporter báo hỏng khi không phải mọi bản ghi đều khớp, không có bản ghi "
                "thì qua; "
                "lấy sang đúng như vậy"
            ),
            "all_match_or_empty, hoặc not_all_match nếu muốn đúng theo tên gọi",
        ),
    ),
    "blackbox_record_text": (
        (
            (
                "records of this type are written otherwise here: blanks in base64, small hexadecimal letters, units "
                "of LOC"
            ),
            "try the pattern: sansang check",
        ),
        (
            "bản ghi loại này ở đây hiện khác: base64 có dấu cách, hệ 16 viết thường, đơn vị của LOC",
            "thử lại mẫu: sansang check",
        ),
    ),
    "blackbox_truncated": (
        (
            "a truncated answer is asked for again over TCP; blackbox_exporter judges it as it is",
            "nothing needs to be done where the server answers over TCP too",
        ),
        (
            "câu trả lời bị cắt sẽ hỏi lại qua TCP; blackbox_exporter xét ngay câu bị cắt",
            "không phải làm gì nếu máy chủ cũng trả lời qua TCP",
        ),
    ),
    "blackbox_dns_answer": (
        (
            (
                "an answer without the question, to another one or with another opcode is none here; "
                "blackbox_exporter looks at its id alone, and counts an OPT record that nobody asked for as additional"
            ),
            "nothing needs to be done with name servers that keep to RFC 1035",
        ),
        (
            (
                "ở đây trả lời không kèm câu hỏi, cho câu hỏi khác hoặc opcode khác thì không tính; "
                "blackbox_exporter chỉ xem mã id, và đếm cả bản ghi OPT không ai hỏi vào phần bổ sung"
            ),
            "không phải làm gì nếu máy chủ tên miền theo đúng RFC 1035",
        ),
    ),
    "blackbox_source": (
        (
            (
                "of a name with both families the one of this address is asked; blackbox_exporter asks "
                "preferred_ip_protocol (ip6 where none is written), and fails since it cannot come from this address"
            ),
            "preferred_ip_protocol of the same family",
        ),
        (
            (
                "tên có cả hai họ địa chỉ thì hỏi họ của địa chỉ này; blackbox_exporter hỏi theo preferred_ip_protocol "
                "(không ghi là ip6) và hỏng vì không thể gửi từ địa chỉ này"
            ),
            "ghi preferred_ip_protocol cùng họ",
        ),
    ),
    "blackbox_over_tls": (
        (
            "without transport_protocol: tcp this never succeeds in blackbox_exporter; TLS is asked here",
            "transport_protocol: tcp",
        ),
        (
            "thiếu transport_protocol: tcp thì không bao giờ thành công trong blackbox_exporter; ở đây hỏi qua TLS",
            "transport_protocol: tcp",
        ),
    ),
    "blackbox_payload": (
        ("too small to tell replies apart: {size} bytes are sent", "payload_size: {size} or more"),
        ("quá nhỏ để phân biệt câu trả lời: gửi {size} byte", "payload_size: từ {size} trở lên"),
    ),
    "blackbox_dont_fragment": (
        ("holds for IPv6 too here; blackbox_exporter sets it on IPv4 only", "nothing needs to be done on IPv4"),
        ("ở đây có hiệu lực cả với IPv6; blackbox_exporter chỉ đặt với IPv4", "không phải làm gì với IPv4"),
    ),
    "blackbox_secret_taken": (
        (
            "the file {path} is there and holds something else; the module is left out",
            "remove it, or another folder behind --secrets-to",
        ),
        ("tệp {path} đã có và có nội dung khác; bỏ qua mô-đun này", "xóa nó, hoặc chọn thư mục khác sau --secrets-to"),
    ),
}
