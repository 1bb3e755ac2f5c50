"""Why nothing more can be done with a Grafana, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from agent.characters import written_out
from agent.errors import SansangError
from agent.text import Text

TOKEN_VARIABLE = "SANSANG_GRAFANA_TOKEN"  # noqa: S105 - a name, not a token
_MOST_CHARACTERS = 200


class GrafanaErrorKind(StrEnum):
    """Why nothing more can be done."""

    NO_PUSH = "no_push"
    PART = "part"
    FILES = "files"
    SECONDS = "seconds"
    ADDRESS = "address"
    PLAIN = "plain"
    CERTIFICATES = "certificates"
    CREDENTIAL_FILE = "credential_file"
    CREDENTIAL_OPEN = "credential_open"
    CREDENTIAL_MISSING = "credential_missing"
    CREDENTIAL_SHAPE = "credential_shape"
    CREDENTIAL_WRONG = "credential_wrong"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    TLS = "tls"
    REDIRECT = "redirect"
    TOO_MUCH = "too_much"
    NOT_GRAFANA = "not_grafana"
    UNWELL = "unwell"


TEXTS: Mapping[GrafanaErrorKind, Text] = {
    GrafanaErrorKind.NO_PUSH: Text(
        "{detail} chỉ dùng cùng --push URL",
        "{detail} goes with --push URL only",
    ),
    GrafanaErrorKind.PART: Text(
        "--push: cần sansang build grafana --push URL, hoặc boards (không đụng đến nguồn dữ liệu)",
        "--push: right would be sansang build grafana --push URL, or boards (leaves data sources alone)",
    ),
    GrafanaErrorKind.FILES: Text(
        "--push không ghi tệp nên không dùng cùng --check; --dry-run cho biết sẽ ghi gì",
        "--push writes no files, so --check does not go with it; --dry-run says what it would write",
    ),
    GrafanaErrorKind.SECONDS: Text(
        "--timeout: cần từ trên 0 đến 600 giây",
        "--timeout: right would be more than 0 and at most 600 seconds",
    ),
    GrafanaErrorKind.ADDRESS: Text(
        "{detail}: cần địa chỉ như https://may-chu.example:3000, không kèm mật khẩu",
        "{detail}: right would be an address such as https://server.example:3000, without a password",
    ),
    GrafanaErrorKind.PLAIN: Text(
        "--push: http gửi mã truy cập không mã hóa sang máy khác; hãy dùng https, hoặc thêm --plain-http nếu mạng đó"
        " đáng tin",
        "--push: http would carry the token unencrypted to another machine; use https, or add --plain-http where that"
        " network can be trusted",
    ),
    GrafanaErrorKind.CERTIFICATES: Text(
        "--ca-file {detail}",
        "--ca-file {detail}",
    ),
    GrafanaErrorKind.CREDENTIAL_FILE: Text(
        "--token-file {detail}: không đọc được; cần một tệp văn bản",
        "--token-file {detail}: cannot be read; right would be a text file",
    ),
    GrafanaErrorKind.CREDENTIAL_OPEN: Text(
        "--token-file {detail}: người khác đọc được; hãy chạy chmod 600 {detail}",
        "--token-file {detail}: open to others; run chmod 600 {detail}",
    ),
    GrafanaErrorKind.CREDENTIAL_MISSING: Text(
        f"thiếu mã truy cập: --token-file FILE, hoặc biến môi trường {TOKEN_VARIABLE}",
        f"a token is missing: --token-file FILE, or the environment's {TOKEN_VARIABLE}",
    ),
    GrafanaErrorKind.CREDENTIAL_SHAPE: Text(
        "{detail}: cần một dòng, là mã của service account hoặc người-dùng:mật-khẩu",
        "{detail}: right would be one line, a service account's token or user:password",
    ),
    GrafanaErrorKind.CREDENTIAL_WRONG: Text(
        "Grafana không nhận mã truy cập này (401): mã sai, hết hạn hoặc của tổ chức khác; tạo mã mới ở Administration"
        " > Service accounts",
        "Grafana does not take this token (401): wrong, expired or of another organisation; make one under"
        " Administration > Service accounts",
    ),
    GrafanaErrorKind.UNREACHABLE: Text(
        "không kết nối được với Grafana: {detail}; kiểm tra địa chỉ, cổng và tường lửa",
        "Grafana cannot be reached: {detail}; look at the address, the port and the firewall",
    ),
    GrafanaErrorKind.TIMEOUT: Text(
        "Grafana không trả lời xong kịp thời hạn; thử lại, hoặc tăng --timeout",
        "Grafana did not finish its answer in time; try again, or raise --timeout",
    ),
    GrafanaErrorKind.TLS: Text(
        "không tin được chứng thư số của Grafana: {detail}; thêm --ca-file với chứng thư của đơn vị cấp",
        "Grafana's certificate is not trusted: {detail}; add --ca-file with that of its authority",
    ),
    GrafanaErrorKind.REDIRECT: Text(
        "Grafana chuyển hướng sang {detail}; mã truy cập không được gửi theo. Nếu địa chỉ đó đúng, hãy dùng nó với"
        " --push",
        "Grafana redirects to {detail}; the token was not sent there. If that address is right, give it to --push",
    ),
    GrafanaErrorKind.TOO_MUCH: Text(
        "câu trả lời dài hơn 16 MiB: đó không phải là Grafana",
        "an answer of more than 16 MiB: that is no Grafana",
    ),
    GrafanaErrorKind.NOT_GRAFANA: Text(
        "máy chủ ở địa chỉ đó không trả lời như Grafana; kiểm tra cổng và đường dẫn (ví dụ /grafana)",
        "what answers there is no Grafana; look at the port and the path (/grafana, say)",
    ),
    GrafanaErrorKind.UNWELL: Text(
        "Grafana báo cơ sở dữ liệu của nó hỏng: {detail}",
        "Grafana says that its database is not well: {detail}",
    ),
}


class GrafanaError(SansangError):
    """Nothing more can be done; detail is what the other side or the system says, sanitized."""

    def __init__(self, kind: GrafanaErrorKind, detail: object = "") -> None:
        self.kind = kind
        text = detail if isinstance(detail, Text) else Text(str(detail), str(detail))
        self.detail = Text(sanitize(text.vi), sanitize(text.en))
        super().__init__(TEXTS[kind].filled(detail=self.detail))


def sanitize(text: object) -> str:
    """The beginning of what another machine said, on one line, without what would steer a terminal."""
    return written_out(" ".join(str(text)[: 2 * _MOST_CHARACTERS].split())[:_MOST_CHARACTERS])
