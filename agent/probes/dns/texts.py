"""The texts of the reasons that only DNS has."""

from __future__ import annotations

from agent.model import ReasonTexts, Role, sentences
from agent.probes.dns.reasons import DnsReason

TEXTS: ReasonTexts = {
    DnsReason.BAD_RCODE: {
        Role.UPLINK: sentences(
            "Bộ định tuyến đầu đường truyền vẫn kết nối được nhưng trả lời truy vấn tên miền (DNS) bằng mã lỗi. Lỗi phía đó, không ở mạng.",
            "The line's router is reachable, but answers the name lookup (DNS) with an error code. The fault is there, not in the network.",
            "Thử mở cùng tên miền trên một máy khác. Nếu cũng lỗi, báo nhà mạng mã lỗi mà hệ thống giám sát ghi cho bộ định tuyến của đường truyền; nếu được, xem lại tên hỏi trong mô-đun.",
            "Try the same name on another computer. If it fails there too, give the network provider the code that the monitor shows for the line's router; if it works, check what the module asks for.",
        ),
        Role.LAN: sentences(
            "Máy chủ tên miền của mạng nội bộ vẫn kết nối được nhưng trả lời truy vấn tên miền (DNS) bằng mã lỗi. Lỗi phía đó, không ở mạng.",
            "The local network's name server is reachable, but answers the name lookup (DNS) with an error code. The fault is there, not in the network.",
            "Thử mở cùng tên miền trên một máy khác. Nếu cũng lỗi, báo cán bộ phụ trách mạng nội bộ mã lỗi mà hệ thống giám sát ghi cho máy chủ tên miền của mạng nội bộ; nếu được, xem lại tên hỏi trong mô-đun.",
            "Try the same name on another computer. If it fails there too, give whoever looks after the local network the code that the monitor shows for the local network's name server; if it works, check what the module asks for.",
        ),
        Role.CONFERENCE: sentences(
            "Máy chủ tên miền của điểm cầu vẫn kết nối được nhưng trả lời truy vấn tên miền (DNS) bằng mã lỗi. Lỗi phía đó, không ở mạng.",
            "The conference point's name server is reachable, but answers the name lookup (DNS) with an error code. The fault is there, not in the network.",
            "Thử mở cùng tên miền trên một máy khác. Nếu cũng lỗi, báo đơn vị vận hành hội nghị mã lỗi mà hệ thống giám sát ghi cho máy chủ tên miền của điểm cầu; nếu được, xem lại tên hỏi trong mô-đun.",
            "Try the same name on another computer. If it fails there too, give the video-conference operator the code that the monitor shows for the conference point's name server; if it works, check what the module asks for.",
        ),
        Role.ONE_STOP: sentences(
            "Máy chủ tên miền của hệ thống một cửa vẫn kết nối được nhưng trả lời truy vấn tên miền (DNS) bằng mã lỗi. Lỗi phía đó, không ở mạng.",
            "The one-stop system's name server is reachable, but answers the name lookup (DNS) with an error code. The fault is there, not in the network.",
            "Thử mở cùng tên miền trên một máy khác. Nếu cũng lỗi, báo đơn vị vận hành hệ thống một cửa mã lỗi mà hệ thống giám sát ghi cho máy chủ tên miền của hệ thống một cửa; nếu được, xem lại tên hỏi trong mô-đun.",
            "Try the same name on another computer. If it fails there too, give the operator of the one-stop system the code that the monitor shows for the one-stop system's name server; if it works, check what the module asks for.",
        ),
        Role.PORTAL: sentences(
            "Máy chủ tên miền của cổng thông tin vẫn kết nối được nhưng trả lời truy vấn tên miền (DNS) bằng mã lỗi. Lỗi phía đó, không ở mạng.",
            "The portal's name server is reachable, but answers the name lookup (DNS) with an error code. The fault is there, not in the network.",
            "Thử mở cùng tên miền trên một máy khác. Nếu cũng lỗi, báo đơn vị vận hành cổng thông tin mã lỗi mà hệ thống giám sát ghi cho máy chủ tên miền của cổng thông tin; nếu được, xem lại tên hỏi trong mô-đun.",
            "Try the same name on another computer. If it fails there too, give the operator of the portal the code that the monitor shows for the portal's name server; if it works, check what the module asks for.",
        ),
        Role.SERVICE: sentences(
            "Máy chủ tên miền của dịch vụ dùng chung vẫn kết nối được nhưng trả lời truy vấn tên miền (DNS) bằng mã lỗi. Lỗi phía đó, không ở mạng.",
            "The shared service's name server is reachable, but answers the name lookup (DNS) with an error code. The fault is there, not in the network.",
            "Thử mở cùng tên miền trên một máy khác. Nếu cũng lỗi, báo đơn vị vận hành dịch vụ dùng chung mã lỗi mà hệ thống giám sát ghi cho máy chủ tên miền của dịch vụ dùng chung; nếu được, xem lại tên hỏi trong mô-đun.",
            "Try the same name on another computer. If it fails there too, give the operator of the shared service the code that the monitor shows for the shared service's name server; if it works, check what the module asks for.",
        ),
        Role.DEVICE: sentences(
            "Thiết bị này vẫn kết nối được nhưng trả lời truy vấn tên miền (DNS) bằng mã lỗi. Lỗi phía đó, không ở mạng.",
            "The device is reachable, but answers the name lookup (DNS) with an error code. The fault is there, not in the network.",
            "Thử mở cùng tên miền trên một máy khác. Nếu cũng lỗi, báo đơn vị bảo trì thiết bị mã lỗi mà hệ thống giám sát ghi cho thiết bị này; nếu được, xem lại tên hỏi trong mô-đun.",
            "Try the same name on another computer. If it fails there too, give whoever maintains the device the code that the monitor shows for the device; if it works, check what the module asks for.",
        ),
    },
    DnsReason.BAD_ANSWER: {
        Role.UPLINK: sentences(
            "Bộ định tuyến đầu đường truyền có trả lời truy vấn tên miền (DNS) nhưng bản ghi thiếu hoặc khác mong đợi: người dùng có thể bị dẫn tới địa chỉ sai.",
            "The line's router answers the name lookup (DNS), but the records are missing or not as expected: people may be sent to a wrong address.",
            "Hỏi nhà mạng có chủ ý đổi bản ghi trên bộ định tuyến của đường truyền không. Nếu không, báo ngay bộ phận an toàn thông tin; nếu có, sửa mô-đun theo bản ghi mới.",
            "Ask the network provider whether the records on the line's router were changed on purpose. If not, tell information security at once; if so, correct the module.",
        ),
        Role.LAN: sentences(
            "Máy chủ tên miền của mạng nội bộ có trả lời truy vấn tên miền (DNS) nhưng bản ghi thiếu hoặc khác mong đợi: người dùng có thể bị dẫn tới địa chỉ sai.",
            "The local network's name server answers the name lookup (DNS), but the records are missing or not as expected: people may be sent to a wrong address.",
            "Hỏi cán bộ phụ trách mạng nội bộ có chủ ý đổi bản ghi trên máy chủ tên miền của mạng nội bộ không. Nếu không, báo ngay bộ phận an toàn thông tin; nếu có, sửa mô-đun theo bản ghi mới.",
            "Ask whoever looks after the local network whether the records on the local network's name server were changed on purpose. If not, tell information security at once; if so, correct the module.",
        ),
        Role.CONFERENCE: sentences(
            "Máy chủ tên miền của điểm cầu có trả lời truy vấn tên miền (DNS) nhưng bản ghi thiếu hoặc khác mong đợi: người dùng có thể bị dẫn tới địa chỉ sai.",
            "The conference point's name server answers the name lookup (DNS), but the records are missing or not as expected: people may be sent to a wrong address.",
            "Hỏi đơn vị vận hành hội nghị có chủ ý đổi bản ghi trên máy chủ tên miền của điểm cầu không. Nếu không, báo ngay bộ phận an toàn thông tin; nếu có, sửa mô-đun theo bản ghi mới.",
            "Ask the video-conference operator whether the records on the conference point's name server were changed on purpose. If not, tell information security at once; if so, correct the module.",
        ),
        Role.ONE_STOP: sentences(
            "Máy chủ tên miền của hệ thống một cửa có trả lời truy vấn tên miền (DNS) nhưng bản ghi thiếu hoặc khác mong đợi: người dùng có thể bị dẫn tới địa chỉ sai.",
            "The one-stop system's name server answers the name lookup (DNS), but the records are missing or not as expected: people may be sent to a wrong address.",
            "Hỏi đơn vị vận hành hệ thống một cửa có chủ ý đổi bản ghi trên máy chủ tên miền của hệ thống một cửa không. Nếu không, báo ngay bộ phận an toàn thông tin; nếu có, sửa mô-đun theo bản ghi mới.",
            "Ask the operator of the one-stop system whether the records on the one-stop system's name server were changed on purpose. If not, tell information security at once; if so, correct the module.",
        ),
        Role.PORTAL: sentences(
            "Máy chủ tên miền của cổng thông tin có trả lời truy vấn tên miền (DNS) nhưng bản ghi thiếu hoặc khác mong đợi: người dùng có thể bị dẫn tới địa chỉ sai.",
            "The portal's name server answers the name lookup (DNS), but the records are missing or not as expected: people may be sent to a wrong address.",
            "Hỏi đơn vị vận hành cổng thông tin có chủ ý đổi bản ghi trên máy chủ tên miền của cổng thông tin không. Nếu không, báo ngay bộ phận an toàn thông tin; nếu có, sửa mô-đun theo bản ghi mới.",
            "Ask the operator of the portal whether the records on the portal's name server were changed on purpose. If not, tell information security at once; if so, correct the module.",
        ),
        Role.SERVICE: sentences(
            "Máy chủ tên miền của dịch vụ dùng chung có trả lời truy vấn tên miền (DNS) nhưng bản ghi thiếu hoặc khác mong đợi: người dùng có thể bị dẫn tới địa chỉ sai.",
            "The shared service's name server answers the name lookup (DNS), but the records are missing or not as expected: people may be sent to a wrong address.",
            "Hỏi đơn vị vận hành dịch vụ dùng chung có chủ ý đổi bản ghi trên máy chủ tên miền của dịch vụ dùng chung không. Nếu không, báo ngay bộ phận an toàn thông tin; nếu có, sửa mô-đun theo bản ghi mới.",
            "Ask the operator of the shared service whether the records on the shared service's name server were changed on purpose. If not, tell information security at once; if so, correct the module.",
        ),
        Role.DEVICE: sentences(
            "Thiết bị này có trả lời truy vấn tên miền (DNS) nhưng bản ghi thiếu hoặc khác mong đợi: người dùng có thể bị dẫn tới địa chỉ sai.",
            "The device answers the name lookup (DNS), but the records are missing or not as expected: people may be sent to a wrong address.",
            "Hỏi đơn vị bảo trì thiết bị có chủ ý đổi bản ghi trên thiết bị này không. Nếu không, báo ngay bộ phận an toàn thông tin; nếu có, sửa mô-đun theo bản ghi mới.",
            "Ask whoever maintains the device whether the records on the device were changed on purpose. If not, tell information security at once; if so, correct the module.",
        ),
    },
    DnsReason.NOT_AUTHENTICATED: {
        Role.UPLINK: sentences(
            "Bộ định tuyến đầu đường truyền trả lời truy vấn tên miền (DNS) mà không xác nhận là thật: chữ ký DNSSEC chưa được kiểm chứng.",
            "The line's router answers the name lookup (DNS) without proof that it is genuine: the DNSSEC signature was not verified.",
            "Hỏi nhà mạng xem bộ định tuyến của đường truyền đã bật kiểm tra DNSSEC chưa và chữ ký của tên miền còn hạn không; trong khi đó câu trả lời giả không bị phát hiện.",
            "Ask the network provider whether DNSSEC checking is on at the line's router and the zone's signatures are still valid; until then nothing shows a forged answer.",
        ),
        Role.LAN: sentences(
            "Máy chủ tên miền của mạng nội bộ trả lời truy vấn tên miền (DNS) mà không xác nhận là thật: chữ ký DNSSEC chưa được kiểm chứng.",
            "The local network's name server answers the name lookup (DNS) without proof that it is genuine: the DNSSEC signature was not verified.",
            "Hỏi cán bộ phụ trách mạng nội bộ xem máy chủ tên miền của mạng nội bộ đã bật kiểm tra DNSSEC chưa và chữ ký của tên miền còn hạn không; trong khi đó câu trả lời giả không bị phát hiện.",
            "Ask whoever looks after the local network whether DNSSEC checking is on at the local network's name server and the zone's signatures are still valid; until then nothing shows a forged answer.",
        ),
        Role.CONFERENCE: sentences(
            "Máy chủ tên miền của điểm cầu trả lời truy vấn tên miền (DNS) mà không xác nhận là thật: chữ ký DNSSEC chưa được kiểm chứng.",
            "The conference point's name server answers the name lookup (DNS) without proof that it is genuine: the DNSSEC signature was not verified.",
            "Hỏi đơn vị vận hành hội nghị xem máy chủ tên miền của điểm cầu đã bật kiểm tra DNSSEC chưa và chữ ký của tên miền còn hạn không; trong khi đó câu trả lời giả không bị phát hiện.",
            "Ask the video-conference operator whether DNSSEC checking is on at the conference point's name server and the zone's signatures are still valid; until then nothing shows a forged answer.",
        ),
        Role.ONE_STOP: sentences(
            "Máy chủ tên miền của hệ thống một cửa trả lời truy vấn tên miền (DNS) mà không xác nhận là thật: chữ ký DNSSEC chưa được kiểm chứng.",
            "The one-stop system's name server answers the name lookup (DNS) without proof that it is genuine: the DNSSEC signature was not verified.",
            "Hỏi đơn vị vận hành hệ thống một cửa xem máy chủ tên miền của hệ thống một cửa đã bật kiểm tra DNSSEC chưa và chữ ký của tên miền còn hạn không; trong khi đó câu trả lời giả không bị phát hiện.",
            "Ask the operator of the one-stop system whether DNSSEC checking is on at the one-stop system's name server and the zone's signatures are still valid; until then nothing shows a forged answer.",
        ),
        Role.PORTAL: sentences(
            "Máy chủ tên miền của cổng thông tin trả lời truy vấn tên miền (DNS) mà không xác nhận là thật: chữ ký DNSSEC chưa được kiểm chứng.",
            "The portal's name server answers the name lookup (DNS) without proof that it is genuine: the DNSSEC signature was not verified.",
            "Hỏi đơn vị vận hành cổng thông tin xem máy chủ tên miền của cổng thông tin đã bật kiểm tra DNSSEC chưa và chữ ký của tên miền còn hạn không; trong khi đó câu trả lời giả không bị phát hiện.",
            "Ask the operator of the portal whether DNSSEC checking is on at the portal's name server and the zone's signatures are still valid; until then nothing shows a forged answer.",
        ),
        Role.SERVICE: sentences(
            "Máy chủ tên miền của dịch vụ dùng chung trả lời truy vấn tên miền (DNS) mà không xác nhận là thật: chữ ký DNSSEC chưa được kiểm chứng.",
            "The shared service's name server answers the name lookup (DNS) without proof that it is genuine: the DNSSEC signature was not verified.",
            "Hỏi đơn vị vận hành dịch vụ dùng chung xem máy chủ tên miền của dịch vụ dùng chung đã bật kiểm tra DNSSEC chưa và chữ ký của tên miền còn hạn không; trong khi đó câu trả lời giả không bị phát hiện.",
            "Ask the operator of the shared service whether DNSSEC checking is on at the shared service's name server and the zone's signatures are still valid; until then nothing shows a forged answer.",
        ),
        Role.DEVICE: sentences(
            "Thiết bị này trả lời truy vấn tên miền (DNS) mà không xác nhận là thật: chữ ký DNSSEC chưa được kiểm chứng.",
            "The device answers the name lookup (DNS) without proof that it is genuine: the DNSSEC signature was not verified.",
            "Hỏi đơn vị bảo trì thiết bị xem thiết bị này đã bật kiểm tra DNSSEC chưa và chữ ký của tên miền còn hạn không; trong khi đó câu trả lời giả không bị phát hiện.",
            "Ask whoever maintains the device whether DNSSEC checking is on at the device and the zone's signatures are still valid; until then nothing shows a forged answer.",
        ),
    },
}
