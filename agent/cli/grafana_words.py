"""What to do when a Grafana cannot be spoken to, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from agent.cli.grafana_access import TOKEN_VARIABLE, GrafanaError, Trouble

TROUBLES: Mapping[str, Mapping[Trouble, str]] = {
    "vi": {
        Trouble.NO_PUSH: "{detail} chỉ dùng cùng --push URL",
        Trouble.PART: "--push: cần sansang build grafana --push URL, hoặc boards (không đụng đến nguồn dữ liệu)",
        Trouble.FILES: "--push không ghi tệp nên không dùng cùng --check; --dry-run cho biết sẽ ghi gì",
        Trouble.SECONDS: "--timeout: cần từ trên 0 đến 600 giây",
        Trouble.ADDRESS: "{detail}: cần địa chỉ như https://may-chu.example:3000, không kèm mật khẩu",
        Trouble.PLAIN: "--push: http gửi mã truy cập không mã hóa sang máy khác;"
        " hãy dùng https, hoặc thêm --plain-http nếu mạng đó đáng tin",
        Trouble.CERTIFICATES: "--ca-file {detail}",
        Trouble.CREDENTIAL_FILE: "--token-file {detail}: không đọc được; cần một tệp văn bản",
        Trouble.CREDENTIAL_OPEN: "--token-file {detail}: người khác đọc được; hãy chạy chmod 600 {detail}",
        Trouble.CREDENTIAL_MISSING: "thiếu mã truy cập: --token-file FILE, hoặc biến môi trường " + TOKEN_VARIABLE,
        Trouble.CREDENTIAL_SHAPE: "{detail}: cần một dòng, là mã của service account hoặc người-dùng:mật-khẩu",
        Trouble.CREDENTIAL_WRONG: "Grafana không nhận mã truy cập này (401): mã sai, hết hạn hoặc của tổ chức khác;"
        " tạo mã mới ở Administration > Service accounts",
        Trouble.UNREACHABLE: "không kết nối được với Grafana: {detail}; kiểm tra địa chỉ, cổng và tường lửa",
        Trouble.TIMEOUT: "Grafana không trả lời xong kịp thời hạn; thử lại, hoặc tăng --timeout",
        Trouble.TLS: "không tin được chứng thư số của Grafana: {detail}; thêm --ca-file với chứng thư của đơn vị cấp",
        Trouble.REDIRECT: "Grafana chuyển hướng sang {detail}; mã truy cập không được gửi theo."
        " Nếu địa chỉ đó đúng, hãy dùng nó với --push",
        Trouble.TOO_MUCH: "câu trả lời dài hơn 16 MiB: đó không phải là Grafana",
        Trouble.NOT_GRAFANA: "máy chủ ở địa chỉ đó không trả lời như Grafana;"
        " kiểm tra cổng và đường dẫn (ví dụ /grafana)",
        Trouble.UNWELL: "Grafana báo cơ sở dữ liệu của nó hỏng: {detail}",
    },
    "en": {
        Trouble.NO_PUSH: "{detail} goes with --push URL only",
        Trouble.PART: "--push: right would be sansang build grafana --push URL, or boards (leaves data sources alone)",
        Trouble.FILES: "--push writes no files, so --check does not go with it; --dry-run says what it would write",
        Trouble.SECONDS: "--timeout: right would be more than 0 and at most 600 seconds",
        Trouble.ADDRESS: "{detail}: right would be an address such as https://server.example:3000, without a password",
        Trouble.PLAIN: "--push: http would carry the token unencrypted to another machine;"
        " use https, or add --plain-http where that network can be trusted",
        Trouble.CERTIFICATES: "--ca-file {detail}",
        Trouble.CREDENTIAL_FILE: "--token-file {detail}: cannot be read; right would be a text file",
        Trouble.CREDENTIAL_OPEN: "--token-file {detail}: open to others; run chmod 600 {detail}",
        Trouble.CREDENTIAL_MISSING: "a token is missing: --token-file FILE, or the environment's " + TOKEN_VARIABLE,
        Trouble.CREDENTIAL_SHAPE: "{detail}: right would be one line, a service account's token or user:password",
        Trouble.CREDENTIAL_WRONG: "Grafana does not take this token (401): wrong, expired or of another organisation;"
        " make one under Administration > Service accounts",
        Trouble.UNREACHABLE: "Grafana cannot be reached: {detail}; look at the address, the port and the firewall",
        Trouble.TIMEOUT: "Grafana did not finish its answer in time; try again, or raise --timeout",
        Trouble.TLS: "Grafana's certificate is not trusted: {detail}; add --ca-file with that of its authority",
        Trouble.REDIRECT: "Grafana redirects to {detail}; the token was not sent there."
        " If that address is right, give it to --push",
        Trouble.TOO_MUCH: "an answer of more than 16 MiB: that is no Grafana",
        Trouble.NOT_GRAFANA: "what answers there is no Grafana; look at the port and the path (/grafana, say)",
        Trouble.UNWELL: "Grafana says that its database is not well: {detail}",
    },
}


def told(error: GrafanaError, language: str) -> str:
    """The error as the line that the person reads."""
    return f"sansang: {TROUBLES[language][error.trouble].format(detail=error.detail.to(language))}\n"
