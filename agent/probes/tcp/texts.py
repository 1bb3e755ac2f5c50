"""The texts of the reasons that only TCP has."""

from __future__ import annotations

from agent.model import ReasonTexts, Role, sentences
from agent.probes.tcp.reasons import TcpReason

TEXTS: ReasonTexts = {
    TcpReason.STARTTLS_REFUSED: {
        Role.UPLINK: sentences(
            "Bộ định tuyến đầu đường truyền không chịu chuyển sang mã hóa (STARTTLS) khi được yêu cầu. Lỗi ở cấu hình phía đó.",
            "The line's router refused to switch to encryption (STARTTLS) when asked. Its configuration is at fault.",
            "Xem bộ định tuyến có hỗ trợ STARTTLS không; nếu không, dùng cổng mã hóa riêng hoặc bỏ yêu cầu này trong mô-đun của đường truyền.",
            "See whether the router knows STARTTLS; if not, use its encrypted port or drop this from the module of the line.",
        ),
        Role.LAN: sentences(
            "Bộ chuyển mạch mạng nội bộ không chịu chuyển sang mã hóa (STARTTLS) khi được yêu cầu. Lỗi ở cấu hình phía đó.",
            "The local network's switch refused to switch to encryption (STARTTLS) when asked. Its configuration is at fault.",
            "Xem bộ chuyển mạch có hỗ trợ STARTTLS không; nếu không, dùng cổng mã hóa riêng hoặc bỏ yêu cầu này trong mô-đun của mạng nội bộ.",
            "See whether the switch knows STARTTLS; if not, use its encrypted port or drop this from the module of the local network.",
        ),
        Role.CONFERENCE: sentences(
            "Thiết bị hội nghị tại điểm cầu không chịu chuyển sang mã hóa (STARTTLS) khi được yêu cầu. Lỗi ở cấu hình phía đó.",
            "The conference point's codec refused to switch to encryption (STARTTLS) when asked. Its configuration is at fault.",
            "Hội nghị truyền hình không dùng STARTTLS: chọn mô-đun SIP cho điểm cầu thay cho mô-đun TCP này.",
            "Video conferences do not use STARTTLS: choose a SIP module for the conference point in place of this TCP one.",
        ),
        Role.ONE_STOP: sentences(
            "Máy chủ một cửa không chịu chuyển sang mã hóa (STARTTLS) khi được yêu cầu. Lỗi ở cấu hình phía đó.",
            "The one-stop server refused to switch to encryption (STARTTLS) when asked. Its configuration is at fault.",
            "Báo đơn vị vận hành hệ thống một cửa bật STARTTLS và cài chứng thư số; với thư điện tử, xem cổng 587.",
            "Ask the operator of the one-stop system to switch on STARTTLS and install a certificate; for e-mail look at port 587.",
        ),
        Role.PORTAL: sentences(
            "Máy chủ cổng thông tin không chịu chuyển sang mã hóa (STARTTLS) khi được yêu cầu. Lỗi ở cấu hình phía đó.",
            "The portal's server refused to switch to encryption (STARTTLS) when asked. Its configuration is at fault.",
            "Báo đơn vị vận hành cổng thông tin bật STARTTLS và cài chứng thư số; với thư điện tử, xem cổng 587.",
            "Ask the operator of the portal to switch on STARTTLS and install a certificate; for e-mail look at port 587.",
        ),
        Role.SERVICE: sentences(
            "Máy chủ dịch vụ dùng chung không chịu chuyển sang mã hóa (STARTTLS) khi được yêu cầu. Lỗi ở cấu hình phía đó.",
            "The shared service's server refused to switch to encryption (STARTTLS) when asked. Its configuration is at fault.",
            "Báo đơn vị vận hành dịch vụ dùng chung bật STARTTLS và cài chứng thư số; với thư điện tử, xem cổng 587.",
            "Ask the operator of the shared service to switch on STARTTLS and install a certificate; for e-mail look at port 587.",
        ),
        Role.DEVICE: sentences(
            "Thiết bị này không chịu chuyển sang mã hóa (STARTTLS) khi được yêu cầu. Lỗi ở cấu hình phía đó.",
            "The device refused to switch to encryption (STARTTLS) when asked. Its configuration is at fault.",
            "Xem thiết bị có hỗ trợ STARTTLS không; nếu không, dùng cổng mã hóa riêng của nó hoặc bỏ yêu cầu này trong mô-đun.",
            "See whether the device knows STARTTLS; if not, use its encrypted port or drop this from the module.",
        ),
    },
}
