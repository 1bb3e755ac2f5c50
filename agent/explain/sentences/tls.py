"""Faults of certificates and of TLS."""

from __future__ import annotations

from agent.model import Reason, ReasonTexts, Role, sentences

TEXTS: ReasonTexts = {
    Reason.TLS_FAILED: {
        Role.UPLINK: sentences(
            "Có kết nối tới bộ định tuyến đầu đường truyền nhưng không bắt tay mã hóa (TLS) được; hai bên không thống nhất được cách mã hóa.",
            "The connection to the line's router stands, but the encrypted handshake (TLS) breaks; the two sides disagree on encryption.",
            "Cập nhật phần mềm của bộ định tuyến: loại cũ chỉ biết TLS 1.0 hoặc 1.1. Trước mắt có thể hạ mức TLS thấp nhất trong mô-đun.",
            "Update the software of the router: old ones only know TLS 1.0 or 1.1. Until then the module's lowest TLS version can be set down.",
        ),
        Role.LAN: sentences(
            "Có kết nối tới bộ chuyển mạch mạng nội bộ nhưng không bắt tay mã hóa (TLS) được; hai bên không thống nhất được cách mã hóa.",
            "The connection to the local network's switch stands, but the encrypted handshake (TLS) breaks; the two sides disagree on encryption.",
            "Cập nhật phần mềm của bộ chuyển mạch: loại cũ chỉ biết TLS 1.0 hoặc 1.1. Trước mắt có thể hạ mức TLS thấp nhất trong mô-đun.",
            "Update the software of the switch: old ones only know TLS 1.0 or 1.1. Until then the module's lowest TLS version can be set down.",
        ),
        Role.CONFERENCE: sentences(
            "Có kết nối tới thiết bị hội nghị tại điểm cầu nhưng không bắt tay mã hóa (TLS) được; hai bên không thống nhất được cách mã hóa.",
            "The connection to the conference point's codec stands, but the encrypted handshake (TLS) breaks; the two sides disagree on encryption.",
            "Trên codec, xem mục bảo mật SIP: bật TLS 1.2 trở lên và chọn chứng thư số. Nếu điểm cầu không dùng mã hóa, đổi phép đo sang UDP hoặc TCP.",
            "In the codec's SIP security page switch on TLS 1.2 or later and choose a certificate. Without encryption, check the conference point over UDP.",
        ),
        Role.ONE_STOP: sentences(
            "Có kết nối tới máy chủ một cửa nhưng không bắt tay mã hóa (TLS) được; hai bên không thống nhất được cách mã hóa.",
            "The connection to the one-stop server stands, but the encrypted handshake (TLS) breaks; the two sides disagree on encryption.",
            "Thử mở trang một cửa trên máy tại quầy: trình duyệt cũng báo lỗi bảo mật thì báo đơn vị vận hành hệ thống một cửa; nếu mở được thì xem lại cài đặt TLS của mô-đun.",
            "First open the one-stop site at the desk: if the browser complains too, tell the operator of the one-stop system; if it opens, look at the module's TLS settings.",
        ),
        Role.PORTAL: sentences(
            "Có kết nối tới máy chủ cổng thông tin nhưng không bắt tay mã hóa (TLS) được; hai bên không thống nhất được cách mã hóa.",
            "The connection to the portal's server stands, but the encrypted handshake (TLS) breaks; the two sides disagree on encryption.",
            "Thử mở cổng thông tin bằng điện thoại: trình duyệt cũng báo lỗi bảo mật thì báo đơn vị vận hành cổng thông tin; nếu mở được thì xem lại cài đặt TLS của mô-đun.",
            "First open the portal on a phone: if the browser complains too, tell the operator of the portal; if it opens, look at the module's TLS settings.",
        ),
        Role.SERVICE: sentences(
            "Có kết nối tới máy chủ dịch vụ dùng chung nhưng không bắt tay mã hóa (TLS) được; hai bên không thống nhất được cách mã hóa.",
            "The connection to the shared service's server stands, but the encrypted handshake (TLS) breaks; the two sides disagree on encryption.",
            "Thử đăng nhập dịch vụ dùng chung trên một máy khác: trình duyệt cũng báo lỗi bảo mật thì báo đơn vị vận hành dịch vụ dùng chung; nếu mở được thì xem lại cài đặt TLS của mô-đun.",
            "First sign in to the shared service from another computer: if the browser complains too, tell the operator of the shared service; if it opens, look at the module's TLS settings.",
        ),
        Role.DEVICE: sentences(
            "Có kết nối tới thiết bị này nhưng không bắt tay mã hóa (TLS) được; hai bên không thống nhất được cách mã hóa.",
            "The connection to the device stands, but the encrypted handshake (TLS) breaks; the two sides disagree on encryption.",
            "Cập nhật phần mềm của thiết bị: loại cũ chỉ biết TLS 1.0 hoặc 1.1. Trước mắt có thể hạ mức TLS thấp nhất trong mô-đun.",
            "Update the software of the device: old ones only know TLS 1.0 or 1.1. Until then the module's lowest TLS version can be set down.",
        ),
    },
    Reason.TLS_EXPIRED: {
        Role.UPLINK: sentences(
            "Chứng thư số của bộ định tuyến đầu đường truyền đã hết hạn nên kết nối an toàn bị từ chối. Lỗi phía đó, mạng vẫn tốt.",
            "The certificate of the line's router has expired, so the secure connection is refused. The fault is there; the network is fine.",
            "Thay chứng thư số mới cho bộ định tuyến; trước đó xem đồng hồ của máy giám sát có đúng ngày không.",
            "Put a new certificate on the router; before that, see that the monitor's own date is right.",
        ),
        Role.LAN: sentences(
            "Chứng thư số của bộ chuyển mạch mạng nội bộ đã hết hạn nên kết nối an toàn bị từ chối. Lỗi phía đó, mạng vẫn tốt.",
            "The certificate of the local network's switch has expired, so the secure connection is refused. The fault is there; the network is fine.",
            "Thay chứng thư số mới cho bộ chuyển mạch; trước đó xem đồng hồ của máy giám sát có đúng ngày không.",
            "Put a new certificate on the switch; before that, see that the monitor's own date is right.",
        ),
        Role.CONFERENCE: sentences(
            "Chứng thư số của thiết bị hội nghị tại điểm cầu đã hết hạn nên kết nối an toàn bị từ chối. Lỗi phía đó, mạng vẫn tốt.",
            "The certificate of the conference point's codec has expired, so the secure connection is refused. The fault is there; the network is fine.",
            "Báo đơn vị vận hành hội nghị truyền hình thay chứng thư số cho codec ngay; họp gấp thì hỏi họ có cho điểm cầu gọi không mã hóa tạm thời.",
            "Ask the operator to renew the codec's certificate now; for an urgent meeting ask whether the conference point may call unencrypted.",
        ),
        Role.ONE_STOP: sentences(
            "Chứng thư số của máy chủ một cửa đã hết hạn nên kết nối an toàn bị từ chối. Lỗi phía đó, mạng vẫn tốt.",
            "The certificate of the one-stop server has expired, so the secure connection is refused. The fault is there; the network is fine.",
            "Báo ngay đơn vị vận hành hệ thống một cửa gia hạn chứng thư số. Trình duyệt của mọi người sẽ cảnh báo; không nên hướng dẫn ai bấm bỏ qua.",
            "Ask the operator of the one-stop system to renew it at once. Every browser will warn; advise nobody to click past the warning.",
        ),
        Role.PORTAL: sentences(
            "Chứng thư số của máy chủ cổng thông tin đã hết hạn nên kết nối an toàn bị từ chối. Lỗi phía đó, mạng vẫn tốt.",
            "The certificate of the portal's server has expired, so the secure connection is refused. The fault is there; the network is fine.",
            "Báo ngay đơn vị vận hành cổng thông tin gia hạn chứng thư số. Trình duyệt của mọi người sẽ cảnh báo; không nên hướng dẫn ai bấm bỏ qua.",
            "Ask the operator of the portal to renew it at once. Every browser will warn; advise nobody to click past the warning.",
        ),
        Role.SERVICE: sentences(
            "Chứng thư số của máy chủ dịch vụ dùng chung đã hết hạn nên kết nối an toàn bị từ chối. Lỗi phía đó, mạng vẫn tốt.",
            "The certificate of the shared service's server has expired, so the secure connection is refused. The fault is there; the network is fine.",
            "Báo ngay đơn vị vận hành dịch vụ dùng chung gia hạn chứng thư số. Trình duyệt của mọi người sẽ cảnh báo; không nên hướng dẫn ai bấm bỏ qua.",
            "Ask the operator of the shared service to renew it at once. Every browser will warn; advise nobody to click past the warning.",
        ),
        Role.DEVICE: sentences(
            "Chứng thư số của thiết bị này đã hết hạn nên kết nối an toàn bị từ chối. Lỗi phía đó, mạng vẫn tốt.",
            "The certificate of the device has expired, so the secure connection is refused. The fault is there; the network is fine.",
            "Thay chứng thư số mới cho thiết bị; trước đó xem đồng hồ của máy giám sát có đúng ngày không.",
            "Put a new certificate on the device; before that, see that the monitor's own date is right.",
        ),
    },
    Reason.TLS_NOT_YET_VALID: {
        Role.UPLINK: sentences(
            "Chứng thư số của bộ định tuyến đầu đường truyền chưa tới ngày có hiệu lực. Thường do cài sớm hoặc đồng hồ một bên sai.",
            "The certificate of the line's router is not valid yet: it was installed early, or one side's clock is wrong.",
            "So ngày giờ trên bộ định tuyến và trên máy giám sát; bật đồng bộ giờ (NTP) cho máy bị lệch.",
            "Compare the date on the router with the monitor's; switch on time synchronisation (NTP) where it is off.",
        ),
        Role.LAN: sentences(
            "Chứng thư số của bộ chuyển mạch mạng nội bộ chưa tới ngày có hiệu lực. Thường do cài sớm hoặc đồng hồ một bên sai.",
            "The certificate of the local network's switch is not valid yet: it was installed early, or one side's clock is wrong.",
            "So ngày giờ trên bộ chuyển mạch và trên máy giám sát; bật đồng bộ giờ (NTP) cho máy bị lệch.",
            "Compare the date on the switch with the monitor's; switch on time synchronisation (NTP) where it is off.",
        ),
        Role.CONFERENCE: sentences(
            "Chứng thư số của thiết bị hội nghị tại điểm cầu chưa tới ngày có hiệu lực. Thường do cài sớm hoặc đồng hồ một bên sai.",
            "The certificate of the conference point's codec is not valid yet: it was installed early, or one side's clock is wrong.",
            "Xem ngày giờ trên màn hình codec của điểm cầu, bật đồng bộ giờ (NTP). Nếu giờ đúng, báo đơn vị vận hành về chứng thư số.",
            "Look at the date on the conference point's codec and switch on NTP. If it is right, tell the operator about the certificate.",
        ),
        Role.ONE_STOP: sentences(
            "Chứng thư số của máy chủ một cửa chưa tới ngày có hiệu lực. Thường do cài sớm hoặc đồng hồ một bên sai.",
            "The certificate of the one-stop server is not valid yet: it was installed early, or one side's clock is wrong.",
            "Kiểm tra ngày giờ máy giám sát; nếu đúng, báo đơn vị vận hành hệ thống một cửa: chứng thư số được cài trước ngày hiệu lực.",
            "Check the monitor's own date; if it is right, tell the operator of the one-stop system that the certificate was installed too early.",
        ),
        Role.PORTAL: sentences(
            "Chứng thư số của máy chủ cổng thông tin chưa tới ngày có hiệu lực. Thường do cài sớm hoặc đồng hồ một bên sai.",
            "The certificate of the portal's server is not valid yet: it was installed early, or one side's clock is wrong.",
            "Kiểm tra ngày giờ máy giám sát; nếu đúng, báo đơn vị vận hành cổng thông tin: chứng thư số được cài trước ngày hiệu lực.",
            "Check the monitor's own date; if it is right, tell the operator of the portal that the certificate was installed too early.",
        ),
        Role.SERVICE: sentences(
            "Chứng thư số của máy chủ dịch vụ dùng chung chưa tới ngày có hiệu lực. Thường do cài sớm hoặc đồng hồ một bên sai.",
            "The certificate of the shared service's server is not valid yet: it was installed early, or one side's clock is wrong.",
            "Kiểm tra ngày giờ máy giám sát; nếu đúng, báo đơn vị vận hành dịch vụ dùng chung: chứng thư số được cài trước ngày hiệu lực.",
            "Check the monitor's own date; if it is right, tell the operator of the shared service that the certificate was installed too early.",
        ),
        Role.DEVICE: sentences(
            "Chứng thư số của thiết bị này chưa tới ngày có hiệu lực. Thường do cài sớm hoặc đồng hồ một bên sai.",
            "The certificate of the device is not valid yet: it was installed early, or one side's clock is wrong.",
            "So ngày giờ trên thiết bị và trên máy giám sát; bật đồng bộ giờ (NTP) cho máy bị lệch.",
            "Compare the date on the device with the monitor's; switch on time synchronisation (NTP) where it is off.",
        ),
    },
    Reason.TLS_WRONG_NAME: {
        Role.UPLINK: sentences(
            "Chứng thư số của bộ định tuyến đầu đường truyền cấp cho tên khác với tên đang gọi. Cài nhầm chứng thư số hoặc khai báo nhầm tên.",
            "The certificate of the line's router is for another name than the one asked. Wrong certificate there, or wrong name listed here.",
            "Khai báo đường truyền đúng tên ghi trong chứng thư số của bộ định tuyến, hoặc xin cấp lại chứng thư số cho tên đang dùng.",
            "List the line under the name in the certificate of the router, or have a certificate issued for the name in use.",
        ),
        Role.LAN: sentences(
            "Chứng thư số của bộ chuyển mạch mạng nội bộ cấp cho tên khác với tên đang gọi. Cài nhầm chứng thư số hoặc khai báo nhầm tên.",
            "The certificate of the local network's switch is for another name than the one asked. Wrong certificate there, or wrong name listed here.",
            "Khai báo mạng nội bộ đúng tên ghi trong chứng thư số của bộ chuyển mạch, hoặc xin cấp lại chứng thư số cho tên đang dùng.",
            "List the local network under the name in the certificate of the switch, or have a certificate issued for the name in use.",
        ),
        Role.CONFERENCE: sentences(
            "Chứng thư số của thiết bị hội nghị tại điểm cầu cấp cho tên khác với tên đang gọi. Cài nhầm chứng thư số hoặc khai báo nhầm tên.",
            "The certificate of the conference point's codec is for another name than the one asked. Wrong certificate there, or wrong name listed here.",
            "Khai báo điểm cầu bằng tên miền ghi trong chứng thư số của codec, không dùng địa chỉ IP; hoặc đặt server_name trong mô-đun.",
            "List the conference point under the name in the codec's certificate, not by IP address; or set server_name in the module.",
        ),
        Role.ONE_STOP: sentences(
            "Chứng thư số của máy chủ một cửa cấp cho tên khác với tên đang gọi. Cài nhầm chứng thư số hoặc khai báo nhầm tên.",
            "The certificate of the one-stop server is for another name than the one asked. Wrong certificate there, or wrong name listed here.",
            "Thử mở trang một cửa trên máy tại quầy đúng tên miền đã công bố. Nếu cũng cảnh báo, báo đơn vị vận hành hệ thống một cửa cài lại chứng thư số.",
            "Use the published name and open the one-stop site at the desk. If there is a warning too, ask the operator of the one-stop system to install the right certificate.",
        ),
        Role.PORTAL: sentences(
            "Chứng thư số của máy chủ cổng thông tin cấp cho tên khác với tên đang gọi. Cài nhầm chứng thư số hoặc khai báo nhầm tên.",
            "The certificate of the portal's server is for another name than the one asked. Wrong certificate there, or wrong name listed here.",
            "Thử mở cổng thông tin bằng điện thoại đúng tên miền đã công bố. Nếu cũng cảnh báo, báo đơn vị vận hành cổng thông tin cài lại chứng thư số.",
            "Use the published name and open the portal on a phone. If there is a warning too, ask the operator of the portal to install the right certificate.",
        ),
        Role.SERVICE: sentences(
            "Chứng thư số của máy chủ dịch vụ dùng chung cấp cho tên khác với tên đang gọi. Cài nhầm chứng thư số hoặc khai báo nhầm tên.",
            "The certificate of the shared service's server is for another name than the one asked. Wrong certificate there, or wrong name listed here.",
            "Thử đăng nhập dịch vụ dùng chung trên một máy khác đúng tên miền đã công bố. Nếu cũng cảnh báo, báo đơn vị vận hành dịch vụ dùng chung cài lại chứng thư số.",
            "Use the published name and sign in to the shared service from another computer. If there is a warning too, ask the operator of the shared service to install the right certificate.",
        ),
        Role.DEVICE: sentences(
            "Chứng thư số của thiết bị này cấp cho tên khác với tên đang gọi. Cài nhầm chứng thư số hoặc khai báo nhầm tên.",
            "The certificate of the device is for another name than the one asked. Wrong certificate there, or wrong name listed here.",
            "Khai báo thiết bị đúng tên ghi trong chứng thư số của nó, hoặc xin cấp lại chứng thư số cho tên đang dùng.",
            "List the device under the name in its certificate, or have a certificate issued for the name in use.",
        ),
    },
    Reason.TLS_SELF_SIGNED: {
        Role.UPLINK: sentences(
            "Bộ định tuyến đầu đường truyền dùng chứng thư số tự ký, không do tổ chức chứng thực nào cấp nên không xác minh được.",
            "The line's router uses a certificate it signed itself; no authority stands behind it, so it cannot be verified.",
            "Với bộ định tuyến nội bộ, nạp chứng thư số đó vào ca_file của mô-đun, sau khi so dấu vân tay (fingerprint) với nhà mạng.",
            "For the router inside our network, put that certificate in the module's ca_file after comparing fingerprints with the network provider.",
        ),
        Role.LAN: sentences(
            "Bộ chuyển mạch mạng nội bộ dùng chứng thư số tự ký, không do tổ chức chứng thực nào cấp nên không xác minh được.",
            "The local network's switch uses a certificate it signed itself; no authority stands behind it, so it cannot be verified.",
            "Với bộ chuyển mạch nội bộ, nạp chứng thư số đó vào ca_file của mô-đun, sau khi so dấu vân tay (fingerprint) với cán bộ phụ trách mạng nội bộ.",
            "For the switch inside our network, put that certificate in the module's ca_file after comparing fingerprints with whoever looks after the local network.",
        ),
        Role.CONFERENCE: sentences(
            "Thiết bị hội nghị tại điểm cầu dùng chứng thư số tự ký, không do tổ chức chứng thực nào cấp nên không xác minh được.",
            "The conference point's codec uses a certificate it signed itself; no authority stands behind it, so it cannot be verified.",
            "Codec mới thường có chứng thư số tự ký. Xin chứng thư số của đơn vị vận hành, hoặc nạp bản tự ký của điểm cầu vào ca_file.",
            "New codecs come with a self-signed certificate. Get one from the operator, or put the conference point's own in ca_file.",
        ),
        Role.ONE_STOP: sentences(
            "Máy chủ một cửa dùng chứng thư số tự ký, không do tổ chức chứng thực nào cấp nên không xác minh được.",
            "The one-stop server uses a certificate it signed itself; no authority stands behind it, so it cannot be verified.",
            "Hệ thống phục vụ người dân không nên dùng chứng thư số tự ký: đề nghị đơn vị vận hành hệ thống một cửa cài chứng thư số hợp lệ.",
            "What serves the public should not use a self-signed one: ask the operator of the one-stop system to install a proper certificate.",
        ),
        Role.PORTAL: sentences(
            "Máy chủ cổng thông tin dùng chứng thư số tự ký, không do tổ chức chứng thực nào cấp nên không xác minh được.",
            "The portal's server uses a certificate it signed itself; no authority stands behind it, so it cannot be verified.",
            "Hệ thống phục vụ người dân không nên dùng chứng thư số tự ký: đề nghị đơn vị vận hành cổng thông tin cài chứng thư số hợp lệ.",
            "What serves the public should not use a self-signed one: ask the operator of the portal to install a proper certificate.",
        ),
        Role.SERVICE: sentences(
            "Máy chủ dịch vụ dùng chung dùng chứng thư số tự ký, không do tổ chức chứng thực nào cấp nên không xác minh được.",
            "The shared service's server uses a certificate it signed itself; no authority stands behind it, so it cannot be verified.",
            "Hệ thống phục vụ người dân không nên dùng chứng thư số tự ký: đề nghị đơn vị vận hành dịch vụ dùng chung cài chứng thư số hợp lệ.",
            "What serves the public should not use a self-signed one: ask the operator of the shared service to install a proper certificate.",
        ),
        Role.DEVICE: sentences(
            "Thiết bị này dùng chứng thư số tự ký, không do tổ chức chứng thực nào cấp nên không xác minh được.",
            "The device uses a certificate it signed itself; no authority stands behind it, so it cannot be verified.",
            "Với thiết bị nội bộ, nạp chứng thư số đó vào ca_file của mô-đun, sau khi so dấu vân tay (fingerprint) với đơn vị bảo trì thiết bị.",
            "For the device inside our network, put that certificate in the module's ca_file after comparing fingerprints with whoever maintains the device.",
        ),
    },
    Reason.TLS_UNTRUSTED: {
        Role.UPLINK: sentences(
            "Chứng thư số của bộ định tuyến đầu đường truyền do nơi cấp mà máy giám sát không biết, hoặc gửi thiếu chứng thư số trung gian.",
            "The certificate of the line's router comes from an issuer the monitor does not know, or an intermediate certificate is missing.",
            "Nạp chứng thư số gốc của nơi cấp cho bộ định tuyến vào ca_file của mô-đun; nếu thiếu bản trung gian thì cài bổ sung.",
            "Put the issuer's root for the router in the module's ca_file; if an intermediate is missing, install it there.",
        ),
        Role.LAN: sentences(
            "Chứng thư số của bộ chuyển mạch mạng nội bộ do nơi cấp mà máy giám sát không biết, hoặc gửi thiếu chứng thư số trung gian.",
            "The certificate of the local network's switch comes from an issuer the monitor does not know, or an intermediate certificate is missing.",
            "Nạp chứng thư số gốc của nơi cấp cho bộ chuyển mạch vào ca_file của mô-đun; nếu thiếu bản trung gian thì cài bổ sung.",
            "Put the issuer's root for the switch in the module's ca_file; if an intermediate is missing, install it there.",
        ),
        Role.CONFERENCE: sentences(
            "Chứng thư số của thiết bị hội nghị tại điểm cầu do nơi cấp mà máy giám sát không biết, hoặc gửi thiếu chứng thư số trung gian.",
            "The certificate of the conference point's codec comes from an issuer the monitor does not know, or an intermediate certificate is missing.",
            "Xin đơn vị vận hành hội nghị chứng thư số gốc của họ và nạp vào ca_file của mô-đun đo điểm cầu.",
            "Ask the video-conference operator for their root certificate and put it in the ca_file of the conference point's module.",
        ),
        Role.ONE_STOP: sentences(
            "Chứng thư số của máy chủ một cửa do nơi cấp mà máy giám sát không biết, hoặc gửi thiếu chứng thư số trung gian.",
            "The certificate of the one-stop server comes from an issuer the monitor does not know, or an intermediate certificate is missing.",
            "Báo đơn vị vận hành hệ thống một cửa cài đủ chuỗi chứng thư số. Nếu dùng chứng thư số chuyên dùng Chính phủ, nạp bản gốc vào ca_file.",
            "Ask the operator of the one-stop system to install the full chain. If the government's own authority issued it, put its root in ca_file.",
        ),
        Role.PORTAL: sentences(
            "Chứng thư số của máy chủ cổng thông tin do nơi cấp mà máy giám sát không biết, hoặc gửi thiếu chứng thư số trung gian.",
            "The certificate of the portal's server comes from an issuer the monitor does not know, or an intermediate certificate is missing.",
            "Báo đơn vị vận hành cổng thông tin cài đủ chuỗi chứng thư số. Nếu dùng chứng thư số chuyên dùng Chính phủ, nạp bản gốc vào ca_file.",
            "Ask the operator of the portal to install the full chain. If the government's own authority issued it, put its root in ca_file.",
        ),
        Role.SERVICE: sentences(
            "Chứng thư số của máy chủ dịch vụ dùng chung do nơi cấp mà máy giám sát không biết, hoặc gửi thiếu chứng thư số trung gian.",
            "The certificate of the shared service's server comes from an issuer the monitor does not know, or an intermediate certificate is missing.",
            "Báo đơn vị vận hành dịch vụ dùng chung cài đủ chuỗi chứng thư số. Nếu dùng chứng thư số chuyên dùng Chính phủ, nạp bản gốc vào ca_file.",
            "Ask the operator of the shared service to install the full chain. If the government's own authority issued it, put its root in ca_file.",
        ),
        Role.DEVICE: sentences(
            "Chứng thư số của thiết bị này do nơi cấp mà máy giám sát không biết, hoặc gửi thiếu chứng thư số trung gian.",
            "The certificate of the device comes from an issuer the monitor does not know, or an intermediate certificate is missing.",
            "Nạp chứng thư số gốc của nơi cấp cho thiết bị vào ca_file của mô-đun; nếu thiếu bản trung gian thì cài bổ sung.",
            "Put the issuer's root for the device in the module's ca_file; if an intermediate is missing, install it there.",
        ),
    },
    Reason.TLS_REQUIRED: {
        Role.UPLINK: sentences(
            "Máy giám sát yêu cầu mã hóa (TLS) nhưng bộ định tuyến đầu đường truyền trả lời không mã hóa. Sai cổng hoặc phía đó chưa bật mã hóa.",
            "The monitor asked for encryption (TLS) and the line's router answered in clear. Wrong port, or encryption is off there.",
            "Bật HTTPS/TLS trên bộ định tuyến, hoặc khai báo đúng cổng có mã hóa của đường truyền.",
            "Switch on HTTPS/TLS at the router, or list the encrypted port of the line.",
        ),
        Role.LAN: sentences(
            "Máy giám sát yêu cầu mã hóa (TLS) nhưng bộ chuyển mạch mạng nội bộ trả lời không mã hóa. Sai cổng hoặc phía đó chưa bật mã hóa.",
            "The monitor asked for encryption (TLS) and the local network's switch answered in clear. Wrong port, or encryption is off there.",
            "Bật HTTPS/TLS trên bộ chuyển mạch, hoặc khai báo đúng cổng có mã hóa của mạng nội bộ.",
            "Switch on HTTPS/TLS at the switch, or list the encrypted port of the local network.",
        ),
        Role.CONFERENCE: sentences(
            "Máy giám sát yêu cầu mã hóa (TLS) nhưng thiết bị hội nghị tại điểm cầu trả lời không mã hóa. Sai cổng hoặc phía đó chưa bật mã hóa.",
            "The monitor asked for encryption (TLS) and the conference point's codec answered in clear. Wrong port, or encryption is off there.",
            "Trên trang SIP của codec chọn kiểu kết nối TLS, cổng 5061; nếu điểm cầu không mã hóa thì đổi phép đo sang TCP hoặc UDP, cổng 5060.",
            "On the codec's SIP page choose TLS, port 5061; if the conference point is not encrypted, check it over TCP or UDP, port 5060.",
        ),
        Role.ONE_STOP: sentences(
            "Máy giám sát yêu cầu mã hóa (TLS) nhưng máy chủ một cửa trả lời không mã hóa. Sai cổng hoặc phía đó chưa bật mã hóa.",
            "The monitor asked for encryption (TLS) and the one-stop server answered in clear. Wrong port, or encryption is off there.",
            "Khai báo địa chỉ https đúng cổng (thường 443). Nếu đã đúng, báo đơn vị vận hành hệ thống một cửa bật mã hóa.",
            "List the https address with the right port (often 443). If it is right, ask the operator of the one-stop system to switch encryption on.",
        ),
        Role.PORTAL: sentences(
            "Máy giám sát yêu cầu mã hóa (TLS) nhưng máy chủ cổng thông tin trả lời không mã hóa. Sai cổng hoặc phía đó chưa bật mã hóa.",
            "The monitor asked for encryption (TLS) and the portal's server answered in clear. Wrong port, or encryption is off there.",
            "Khai báo địa chỉ https đúng cổng (thường 443). Nếu đã đúng, báo đơn vị vận hành cổng thông tin bật mã hóa.",
            "List the https address with the right port (often 443). If it is right, ask the operator of the portal to switch encryption on.",
        ),
        Role.SERVICE: sentences(
            "Máy giám sát yêu cầu mã hóa (TLS) nhưng máy chủ dịch vụ dùng chung trả lời không mã hóa. Sai cổng hoặc phía đó chưa bật mã hóa.",
            "The monitor asked for encryption (TLS) and the shared service's server answered in clear. Wrong port, or encryption is off there.",
            "Khai báo địa chỉ https đúng cổng (thường 443). Nếu đã đúng, báo đơn vị vận hành dịch vụ dùng chung bật mã hóa.",
            "List the https address with the right port (often 443). If it is right, ask the operator of the shared service to switch encryption on.",
        ),
        Role.DEVICE: sentences(
            "Máy giám sát yêu cầu mã hóa (TLS) nhưng thiết bị này trả lời không mã hóa. Sai cổng hoặc phía đó chưa bật mã hóa.",
            "The monitor asked for encryption (TLS) and the device answered in clear. Wrong port, or encryption is off there.",
            "Bật HTTPS/TLS trong trang quản trị thiết bị, hoặc khai báo đúng cổng có mã hóa của nó.",
            "Switch on HTTPS/TLS in the device's admin page, or list its encrypted port.",
        ),
    },
}
