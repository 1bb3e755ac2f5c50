"""Names that lead to no address."""

from __future__ import annotations

from agent.model import Reason, ReasonTexts, Role, sentences

TEXTS: ReasonTexts = {
    Reason.NAME_NOT_FOUND: {
        Role.UPLINK: sentences(
            "Tên miền của bộ định tuyến đầu đường truyền không tồn tại trong hệ thống tên miền (DNS). Tên đã bị gỡ, hết hạn hoặc khai báo sai.",
            "The name of the line's router does not exist in the domain name system (DNS). It was removed, has lapsed or is misspelt.",
            "So tên khai báo cho đường truyền với tài liệu lắp đặt; chắc nhất là khai báo bằng địa chỉ IP của bộ định tuyến.",
            "Compare the name listed for the line with the installation papers; safest is to list the IP address of the router.",
        ),
        Role.LAN: sentences(
            "Tên miền của bộ chuyển mạch mạng nội bộ không tồn tại trong hệ thống tên miền (DNS). Tên đã bị gỡ, hết hạn hoặc khai báo sai.",
            "The name of the local network's switch does not exist in the domain name system (DNS). It was removed, has lapsed or is misspelt.",
            "So tên khai báo cho mạng nội bộ với tài liệu lắp đặt; chắc nhất là khai báo bằng địa chỉ IP của bộ chuyển mạch.",
            "Compare the name listed for the local network with the installation papers; safest is to list the IP address of the switch.",
        ),
        Role.CONFERENCE: sentences(
            "Tên miền của thiết bị hội nghị tại điểm cầu không tồn tại trong hệ thống tên miền (DNS). Tên đã bị gỡ, hết hạn hoặc khai báo sai.",
            "The name of the conference point's codec does not exist in the domain name system (DNS). It was removed, has lapsed or is misspelt.",
            "So tên trong danh mục với tên trên trang SIP của codec. Nếu tên đúng, báo đơn vị vận hành hội nghị; có thể khai báo điểm cầu bằng địa chỉ IP.",
            "Compare the name with the codec's SIP page. If it is right, tell the operator; the conference point can be listed by IP address.",
        ),
        Role.ONE_STOP: sentences(
            "Tên miền của máy chủ một cửa không tồn tại trong hệ thống tên miền (DNS). Tên đã bị gỡ, hết hạn hoặc khai báo sai.",
            "The name of the one-stop server does not exist in the domain name system (DNS). It was removed, has lapsed or is misspelt.",
            "So tên miền với văn bản công bố. Nếu đúng, báo đơn vị vận hành hệ thống một cửa kiểm tra bản ghi DNS và hạn đăng ký tên miền.",
            "Compare the name with the published one. If it is right, ask the operator of the one-stop system to check the DNS record and the domain's registration.",
        ),
        Role.PORTAL: sentences(
            "Tên miền của máy chủ cổng thông tin không tồn tại trong hệ thống tên miền (DNS). Tên đã bị gỡ, hết hạn hoặc khai báo sai.",
            "The name of the portal's server does not exist in the domain name system (DNS). It was removed, has lapsed or is misspelt.",
            "So tên miền với văn bản công bố. Nếu đúng, báo đơn vị vận hành cổng thông tin kiểm tra bản ghi DNS và hạn đăng ký tên miền.",
            "Compare the name with the published one. If it is right, ask the operator of the portal to check the DNS record and the domain's registration.",
        ),
        Role.SERVICE: sentences(
            "Tên miền của máy chủ dịch vụ dùng chung không tồn tại trong hệ thống tên miền (DNS). Tên đã bị gỡ, hết hạn hoặc khai báo sai.",
            "The name of the shared service's server does not exist in the domain name system (DNS). It was removed, has lapsed or is misspelt.",
            "So tên miền với văn bản công bố. Nếu đúng, báo đơn vị vận hành dịch vụ dùng chung kiểm tra bản ghi DNS và hạn đăng ký tên miền.",
            "Compare the name with the published one. If it is right, ask the operator of the shared service to check the DNS record and the domain's registration.",
        ),
        Role.DEVICE: sentences(
            "Tên miền của thiết bị này không tồn tại trong hệ thống tên miền (DNS). Tên đã bị gỡ, hết hạn hoặc khai báo sai.",
            "The name of the device does not exist in the domain name system (DNS). It was removed, has lapsed or is misspelt.",
            "So tên khai báo với nhãn hoặc tài liệu lắp đặt của thiết bị; chắc nhất là khai báo bằng địa chỉ IP.",
            "Compare the name listed with the device's label or installation papers; safest is to list its IP address.",
        ),
    },
    Reason.NO_ADDRESS: {
        Role.UPLINK: sentences(
            "Tên miền của bộ định tuyến đầu đường truyền có trong hệ thống DNS nhưng không có địa chỉ dùng được: thiếu loại cần đo (IPv4, IPv6), hoặc chỉ là 0.0.0.0.",
            "The name of the line's router exists in the domain name system (DNS), but without a usable address: not of the IP version asked for, or only 0.0.0.0.",
            "Nhờ người quản lý tên miền của bộ định tuyến đầu đường truyền bổ sung bản ghi A (IPv4) hoặc AAAA (IPv6), hoặc sửa mục family của mô-đun theo loại địa chỉ đang có.",
            "Ask whoever keeps the name of the line's router to add its A (IPv4) or AAAA (IPv6) record, or set the module's family to the version that exists.",
        ),
        Role.LAN: sentences(
            "Tên miền của bộ chuyển mạch mạng nội bộ có trong hệ thống DNS nhưng không có địa chỉ dùng được: thiếu loại cần đo (IPv4, IPv6), hoặc chỉ là 0.0.0.0.",
            "The name of the local network's switch exists in the domain name system (DNS), but without a usable address: not of the IP version asked for, or only 0.0.0.0.",
            "Nhờ người quản lý tên miền của bộ chuyển mạch mạng nội bộ bổ sung bản ghi A (IPv4) hoặc AAAA (IPv6), hoặc sửa mục family của mô-đun theo loại địa chỉ đang có.",
            "Ask whoever keeps the name of the local network's switch to add its A (IPv4) or AAAA (IPv6) record, or set the module's family to the version that exists.",
        ),
        Role.CONFERENCE: sentences(
            "Tên miền của thiết bị hội nghị tại điểm cầu có trong hệ thống DNS nhưng không có địa chỉ dùng được: thiếu loại cần đo (IPv4, IPv6), hoặc chỉ là 0.0.0.0.",
            "The name of the conference point's codec exists in the domain name system (DNS), but without a usable address: not of the IP version asked for, or only 0.0.0.0.",
            "Nhờ người quản lý tên miền của thiết bị hội nghị tại điểm cầu bổ sung bản ghi A (IPv4) hoặc AAAA (IPv6), hoặc sửa mục family của mô-đun theo loại địa chỉ đang có.",
            "Ask whoever keeps the name of the conference point's codec to add its A (IPv4) or AAAA (IPv6) record, or set the module's family to the version that exists.",
        ),
        Role.ONE_STOP: sentences(
            "Tên miền của máy chủ một cửa có trong hệ thống DNS nhưng không có địa chỉ dùng được: thiếu loại cần đo (IPv4, IPv6), hoặc chỉ là 0.0.0.0.",
            "The name of the one-stop server exists in the domain name system (DNS), but without a usable address: not of the IP version asked for, or only 0.0.0.0.",
            "Nhờ người quản lý tên miền của máy chủ một cửa bổ sung bản ghi A (IPv4) hoặc AAAA (IPv6), hoặc sửa mục family của mô-đun theo loại địa chỉ đang có.",
            "Ask whoever keeps the name of the one-stop server to add its A (IPv4) or AAAA (IPv6) record, or set the module's family to the version that exists.",
        ),
        Role.PORTAL: sentences(
            "Tên miền của máy chủ cổng thông tin có trong hệ thống DNS nhưng không có địa chỉ dùng được: thiếu loại cần đo (IPv4, IPv6), hoặc chỉ là 0.0.0.0.",
            "The name of the portal's server exists in the domain name system (DNS), but without a usable address: not of the IP version asked for, or only 0.0.0.0.",
            "Nhờ người quản lý tên miền của máy chủ cổng thông tin bổ sung bản ghi A (IPv4) hoặc AAAA (IPv6), hoặc sửa mục family của mô-đun theo loại địa chỉ đang có.",
            "Ask whoever keeps the name of the portal's server to add its A (IPv4) or AAAA (IPv6) record, or set the module's family to the version that exists.",
        ),
        Role.SERVICE: sentences(
            "Tên miền của máy chủ dịch vụ dùng chung có trong hệ thống DNS nhưng không có địa chỉ dùng được: thiếu loại cần đo (IPv4, IPv6), hoặc chỉ là 0.0.0.0.",
            "The name of the shared service's server exists in the domain name system (DNS), but without a usable address: not of the IP version asked for, or only 0.0.0.0.",
            "Nhờ người quản lý tên miền của máy chủ dịch vụ dùng chung bổ sung bản ghi A (IPv4) hoặc AAAA (IPv6), hoặc sửa mục family của mô-đun theo loại địa chỉ đang có.",
            "Ask whoever keeps the name of the shared service's server to add its A (IPv4) or AAAA (IPv6) record, or set the module's family to the version that exists.",
        ),
        Role.DEVICE: sentences(
            "Tên miền của thiết bị này có trong hệ thống DNS nhưng không có địa chỉ dùng được: thiếu loại cần đo (IPv4, IPv6), hoặc chỉ là 0.0.0.0.",
            "The name of the device exists in the domain name system (DNS), but without a usable address: not of the IP version asked for, or only 0.0.0.0.",
            "Nhờ người quản lý tên miền của thiết bị này bổ sung bản ghi A (IPv4) hoặc AAAA (IPv6), hoặc sửa mục family của mô-đun theo loại địa chỉ đang có.",
            "Ask whoever keeps the name of the device to add its A (IPv4) or AAAA (IPv6) record, or set the module's family to the version that exists.",
        ),
    },
    Reason.RESOLVER_FAILED: {
        Role.UPLINK: sentences(
            "Máy chủ tên miền (DNS) mà máy giám sát dùng không trả lời, nên chưa đo được đường truyền. Lỗi phía máy giám sát.",
            "The name server (DNS) of the monitor does not answer, so the line could not be checked. The fault is the monitor's.",
            "Kiểm tra DNS khai trên máy giám sát, đặt ít nhất hai máy chủ tên miền. Cần biết ngay thì mở một trang web từ máy tại trụ sở để thử đường truyền.",
            "Check the monitor's DNS settings and give it two name servers at least. To know now, open a web page at the office to try the line.",
        ),
        Role.LAN: sentences(
            "Máy chủ tên miền (DNS) mà máy giám sát dùng không trả lời, nên chưa đo được mạng nội bộ. Lỗi phía máy giám sát.",
            "The name server (DNS) of the monitor does not answer, so the local network could not be checked. The fault is the monitor's.",
            "Kiểm tra DNS khai trên máy giám sát, đặt ít nhất hai máy chủ tên miền. Cần biết ngay thì thử mạng nội bộ trên một máy tại trụ sở.",
            "Check the monitor's DNS settings and give it two name servers at least. To know now, try the local network on a computer at the office.",
        ),
        Role.CONFERENCE: sentences(
            "Máy chủ tên miền (DNS) mà máy giám sát dùng không trả lời, nên chưa đo được điểm cầu. Lỗi phía máy giám sát.",
            "The name server (DNS) of the monitor does not answer, so the conference point could not be checked. The fault is the monitor's.",
            "Kiểm tra DNS khai trên máy giám sát, đặt ít nhất hai máy chủ tên miền. Cần biết ngay thì gọi thử một phiên từ codec của điểm cầu.",
            "Check the monitor's DNS settings and give it two name servers at least. To know now, place a test call from the conference point.",
        ),
        Role.ONE_STOP: sentences(
            "Máy chủ tên miền (DNS) mà máy giám sát dùng không trả lời, nên chưa đo được hệ thống một cửa. Lỗi phía máy giám sát.",
            "The name server (DNS) of the monitor does not answer, so the one-stop system could not be checked. The fault is the monitor's.",
            "Kiểm tra DNS khai trên máy giám sát, đặt ít nhất hai máy chủ tên miền. Cần biết ngay thì mở trang một cửa trên máy tại quầy.",
            "Check the monitor's DNS settings and give it two name servers at least. To know now, open the one-stop site at the desk.",
        ),
        Role.PORTAL: sentences(
            "Máy chủ tên miền (DNS) mà máy giám sát dùng không trả lời, nên chưa đo được cổng thông tin. Lỗi phía máy giám sát.",
            "The name server (DNS) of the monitor does not answer, so the portal could not be checked. The fault is the monitor's.",
            "Kiểm tra DNS khai trên máy giám sát, đặt ít nhất hai máy chủ tên miền. Cần biết ngay thì mở cổng thông tin bằng điện thoại.",
            "Check the monitor's DNS settings and give it two name servers at least. To know now, open the portal on a phone.",
        ),
        Role.SERVICE: sentences(
            "Máy chủ tên miền (DNS) mà máy giám sát dùng không trả lời, nên chưa đo được dịch vụ dùng chung. Lỗi phía máy giám sát.",
            "The name server (DNS) of the monitor does not answer, so the shared service could not be checked. The fault is the monitor's.",
            "Kiểm tra DNS khai trên máy giám sát, đặt ít nhất hai máy chủ tên miền. Cần biết ngay thì đăng nhập dịch vụ dùng chung trên một máy khác.",
            "Check the monitor's DNS settings and give it two name servers at least. To know now, sign in to the shared service from another computer.",
        ),
        Role.DEVICE: sentences(
            "Máy chủ tên miền (DNS) mà máy giám sát dùng không trả lời, nên chưa đo được thiết bị. Lỗi phía máy giám sát.",
            "The name server (DNS) of the monitor does not answer, so the device could not be checked. The fault is the monitor's.",
            "Kiểm tra DNS khai trên máy giám sát, đặt ít nhất hai máy chủ tên miền. Cần biết ngay thì xem đèn báo trên thiết bị.",
            "Check the monitor's DNS settings and give it two name servers at least. To know now, look at the lights on the device.",
        ),
    },
}
