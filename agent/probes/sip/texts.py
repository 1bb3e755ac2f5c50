"""The texts of the reasons that only SIP has."""

from __future__ import annotations

from agent.model import ReasonTexts, Role, sentences
from agent.probes.sip.reasons import SipReason

TEXTS: ReasonTexts = {
    SipReason.IN_USE: {
        Role.UPLINK: sentences(
            "Đường truyền hoạt động tốt và đang bận: có phiên đang diễn ra hoặc bộ định tuyến tạm từ chối cuộc gọi.",
            "The line works and is busy: a session is running, or the router declines calls for now.",
            "Không cần sửa gì ở đường truyền. Nếu báo bận mãi cả ngoài giờ, hãy xem bộ định tuyến có còn giữ một phiên cũ hay không.",
            "Nothing to mend at the line. If it stays busy even out of hours, see whether the router still holds an old session.",
        ),
        Role.LAN: sentences(
            "Mạng nội bộ hoạt động tốt và đang bận: có phiên đang diễn ra hoặc bộ chuyển mạch tạm từ chối cuộc gọi.",
            "The local network works and is busy: a session is running, or the switch declines calls for now.",
            "Không cần sửa gì ở mạng nội bộ. Nếu báo bận mãi cả ngoài giờ, hãy xem bộ chuyển mạch có còn giữ một phiên cũ hay không.",
            "Nothing to mend at the local network. If it stays busy even out of hours, see whether the switch still holds an old session.",
        ),
        Role.CONFERENCE: sentences(
            "Điểm cầu hoạt động tốt và đang bận: có phiên đang diễn ra hoặc codec tạm từ chối cuộc gọi.",
            "The conference point works and is busy: a session is running, or the codec declines calls for now.",
            "Không cần sửa gì. Nếu không có cuộc họp nào mà điểm cầu vẫn bận, hãy kết thúc cuộc gọi cũ hoặc tắt chế độ không làm phiền trên codec.",
            "Nothing to mend. If no meeting is on and the conference point stays busy, end the old call or switch off do-not-disturb on the codec.",
        ),
        Role.ONE_STOP: sentences(
            "Hệ thống một cửa hoạt động tốt và đang bận: có phiên đang diễn ra hoặc máy chủ tạm từ chối cuộc gọi.",
            "The one-stop system works and is busy: a session is running, or its server declines calls for now.",
            "Không cần sửa gì. Nếu hệ thống một cửa báo bận kéo dài, hãy hỏi đơn vị vận hành hệ thống một cửa xem còn phiên nào chưa kết thúc.",
            "Nothing to mend. If the one-stop system stays busy for long, ask the operator of the one-stop system which session has not ended.",
        ),
        Role.PORTAL: sentences(
            "Cổng thông tin hoạt động tốt và đang bận: có phiên đang diễn ra hoặc máy chủ tạm từ chối cuộc gọi.",
            "The portal works and is busy: a session is running, or its server declines calls for now.",
            "Không cần sửa gì. Nếu cổng thông tin báo bận kéo dài, hãy hỏi đơn vị vận hành cổng thông tin xem còn phiên nào chưa kết thúc.",
            "Nothing to mend. If the portal stays busy for long, ask the operator of the portal which session has not ended.",
        ),
        Role.SERVICE: sentences(
            "Dịch vụ dùng chung hoạt động tốt và đang bận: có phiên đang diễn ra hoặc máy chủ tạm từ chối cuộc gọi.",
            "The shared service works and is busy: a session is running, or its server declines calls for now.",
            "Không cần sửa gì. Nếu dịch vụ dùng chung báo bận kéo dài, hãy hỏi đơn vị vận hành dịch vụ dùng chung xem còn phiên nào chưa kết thúc.",
            "Nothing to mend. If the shared service stays busy for long, ask the operator of the shared service which session has not ended.",
        ),
        Role.DEVICE: sentences(
            "Thiết bị hoạt động tốt và đang bận: có phiên đang diễn ra hoặc tạm từ chối cuộc gọi.",
            "The device works and is busy: a session is running, or it declines calls for now.",
            "Không cần sửa gì. Nếu thiết bị báo bận mãi cả ngoài giờ, hãy xem có phiên cũ nào chưa kết thúc trên đó.",
            "Nothing to mend. If the device stays busy even out of hours, see whether an old session was never ended on it.",
        ),
    },
    SipReason.REQUEST_REFUSED: {
        Role.UPLINK: sentences(
            "Đường truyền đang sống: bộ định tuyến có trả lời nhưng không nhận yêu cầu từ máy lạ là máy giám sát.",
            "The line is alive: the router answers, but declines requests from a stranger such as the monitor.",
            "Đây là cách bảo vệ bình thường. Muốn đo kỹ hơn, hãy thêm địa chỉ máy giám sát vào danh sách được phép trên bộ định tuyến.",
            "This is normal protection. To measure more, add the monitor's address to those allowed on the router.",
        ),
        Role.LAN: sentences(
            "Mạng nội bộ đang sống: bộ chuyển mạch có trả lời nhưng không nhận yêu cầu từ máy lạ là máy giám sát.",
            "The local network is alive: the switch answers, but declines requests from a stranger such as the monitor.",
            "Đây là cách bảo vệ bình thường. Muốn đo kỹ hơn, hãy thêm địa chỉ máy giám sát vào danh sách được phép trên bộ chuyển mạch.",
            "This is normal protection. To measure more, add the monitor's address to those allowed on the switch.",
        ),
        Role.CONFERENCE: sentences(
            "Điểm cầu đang sống: codec có trả lời nhưng không nhận yêu cầu từ máy lạ là máy giám sát.",
            "The conference point is alive: the codec answers, but declines requests from a stranger such as the monitor.",
            "Bình thường. Muốn đo kỹ hơn, hãy cho phép địa chỉ máy giám sát trong cài đặt SIP của codec, hoặc ghi đúng số máy của điểm cầu.",
            "Normal. To measure more, allow the monitor's address in the codec's SIP settings, or give the conference point's own number.",
        ),
        Role.ONE_STOP: sentences(
            "Hệ thống một cửa đang sống: máy chủ có trả lời nhưng không nhận yêu cầu từ máy lạ là máy giám sát.",
            "The one-stop system is alive: its server answers, but declines requests from a stranger such as the monitor.",
            "Bình thường. Muốn đo kỹ hơn, hãy đề nghị đơn vị vận hành hệ thống một cửa cho phép địa chỉ của máy giám sát.",
            "Normal. To measure more, ask the operator of the one-stop system to allow the monitor's address.",
        ),
        Role.PORTAL: sentences(
            "Cổng thông tin đang sống: máy chủ có trả lời nhưng không nhận yêu cầu từ máy lạ là máy giám sát.",
            "The portal is alive: its server answers, but declines requests from a stranger such as the monitor.",
            "Bình thường. Muốn đo kỹ hơn, hãy đề nghị đơn vị vận hành cổng thông tin cho phép địa chỉ của máy giám sát.",
            "Normal. To measure more, ask the operator of the portal to allow the monitor's address.",
        ),
        Role.SERVICE: sentences(
            "Dịch vụ dùng chung đang sống: máy chủ có trả lời nhưng không nhận yêu cầu từ máy lạ là máy giám sát.",
            "The shared service is alive: its server answers, but declines requests from a stranger such as the monitor.",
            "Bình thường. Muốn đo kỹ hơn, hãy đề nghị đơn vị vận hành dịch vụ dùng chung cho phép địa chỉ của máy giám sát.",
            "Normal. To measure more, ask the operator of the shared service to allow the monitor's address.",
        ),
        Role.DEVICE: sentences(
            "Thiết bị đang sống: có trả lời nhưng không nhận yêu cầu từ máy lạ là máy giám sát.",
            "The device is alive: it answers, but declines requests from a stranger such as the monitor.",
            "Đây là cách bảo vệ bình thường. Muốn đo kỹ hơn, hãy thêm địa chỉ máy giám sát vào danh sách được phép trên thiết bị.",
            "This is normal protection. To measure more, add the monitor's address to those allowed on the device.",
        ),
    },
    SipReason.SERVER_ERROR: {
        Role.UPLINK: sentences(
            "Đường truyền vẫn sống nhưng bộ định tuyến báo lỗi bên trong hoặc quá tải, chưa phục vụ được. Lỗi phía đó, không ở mạng.",
            "The line is alive, but the router reports an internal fault or overload and cannot serve. The fault is there, not in the network.",
            "Chờ vài phút rồi kiểm tra lại; còn lỗi thì khởi động lại bộ định tuyến ngoài giờ và gọi nhà mạng.",
            "Wait a few minutes and check again; if it stays, restart the router out of hours and call the network provider.",
        ),
        Role.LAN: sentences(
            "Mạng nội bộ vẫn sống nhưng bộ chuyển mạch báo lỗi bên trong hoặc quá tải, chưa phục vụ được. Lỗi phía đó, không ở mạng.",
            "The local network is alive, but the switch reports an internal fault or overload and cannot serve. The fault is there, not in the network.",
            "Chờ vài phút rồi kiểm tra lại; còn lỗi thì khởi động lại bộ chuyển mạch ngoài giờ và gọi cán bộ phụ trách mạng nội bộ.",
            "Wait a few minutes and check again; if it stays, restart the switch out of hours and call whoever looks after the local network.",
        ),
        Role.CONFERENCE: sentences(
            "Điểm cầu vẫn sống nhưng codec báo lỗi bên trong hoặc quá tải, chưa phục vụ được. Lỗi phía đó, không ở mạng.",
            "The conference point is alive, but the codec reports an internal fault or overload and cannot serve. The fault is there, not in the network.",
            "Khởi động lại codec của điểm cầu rồi gọi thử. Nếu nhiều điểm cầu cùng báo lỗi, gọi đơn vị vận hành: máy chủ hội nghị đang gặp sự cố.",
            "Restart the codec and place a test call. If several conference points report this, call the operator: the conference server is in trouble.",
        ),
        Role.ONE_STOP: sentences(
            "Hệ thống một cửa vẫn sống nhưng máy chủ báo lỗi bên trong hoặc quá tải, chưa phục vụ được. Lỗi phía đó, không ở mạng.",
            "The one-stop system is alive, but its server reports an internal fault or overload and cannot serve. The fault is there, not in the network.",
            "Không cần sửa máy trạm. Báo đơn vị vận hành hệ thống một cửa giờ bắt đầu lỗi và chờ thông báo khôi phục.",
            "Nothing to mend on our computers. Give the operator of the one-stop system the time it began and wait for word.",
        ),
        Role.PORTAL: sentences(
            "Cổng thông tin vẫn sống nhưng máy chủ báo lỗi bên trong hoặc quá tải, chưa phục vụ được. Lỗi phía đó, không ở mạng.",
            "The portal is alive, but its server reports an internal fault or overload and cannot serve. The fault is there, not in the network.",
            "Không cần sửa máy trạm. Báo đơn vị vận hành cổng thông tin giờ bắt đầu lỗi và chờ thông báo khôi phục.",
            "Nothing to mend on our computers. Give the operator of the portal the time it began and wait for word.",
        ),
        Role.SERVICE: sentences(
            "Dịch vụ dùng chung vẫn sống nhưng máy chủ báo lỗi bên trong hoặc quá tải, chưa phục vụ được. Lỗi phía đó, không ở mạng.",
            "The shared service is alive, but its server reports an internal fault or overload and cannot serve. The fault is there, not in the network.",
            "Không cần sửa máy trạm. Báo đơn vị vận hành dịch vụ dùng chung giờ bắt đầu lỗi và chờ thông báo khôi phục.",
            "Nothing to mend on our computers. Give the operator of the shared service the time it began and wait for word.",
        ),
        Role.DEVICE: sentences(
            "Thiết bị vẫn sống nhưng tự báo lỗi bên trong hoặc quá tải, chưa phục vụ được. Mạng vẫn tốt.",
            "The device is alive, but reports an internal fault or overload and cannot serve. The network is fine.",
            "Chờ vài phút rồi kiểm tra lại; còn lỗi thì khởi động lại thiết bị ngoài giờ và gọi đơn vị bảo trì thiết bị.",
            "Wait a few minutes and check again; if it stays, restart the device out of hours and call whoever maintains the device.",
        ),
    },
    SipReason.TCP_ONLY: {
        Role.UPLINK: sentences(
            "Đường truyền im lặng khi hỏi bằng UDP nhưng cổng TCP vẫn mở; tường lửa hoặc bộ định tuyến lọc bớt.",
            "The line is silent over UDP while its TCP port is open; a firewall or the router filters part of it.",
            "Xem tường lửa trước bộ định tuyến có chặn UDP từ máy giám sát không; nếu đường truyền vẫn dùng được thì chỉ cần mở thêm luật này.",
            "See whether a firewall before the router blocks UDP from the monitor; if the line works for people, only that rule is missing.",
        ),
        Role.LAN: sentences(
            "Mạng nội bộ im lặng khi hỏi bằng UDP nhưng cổng TCP vẫn mở; tường lửa hoặc bộ chuyển mạch lọc bớt.",
            "The local network is silent over UDP while its TCP port is open; a firewall or the switch filters part of it.",
            "Xem tường lửa trước bộ chuyển mạch có chặn UDP từ máy giám sát không; nếu mạng nội bộ vẫn dùng được thì chỉ cần mở thêm luật này.",
            "See whether a firewall before the switch blocks UDP from the monitor; if the local network works for people, only that rule is missing.",
        ),
        Role.CONFERENCE: sentences(
            "Điểm cầu im lặng khi hỏi bằng UDP nhưng cổng TCP vẫn mở; tường lửa hoặc codec lọc bớt, hoặc phần mềm SIP bị treo.",
            "The conference point is silent over UDP while its TCP port is open; a firewall or the codec filters, or its SIP software hangs.",
            "Gọi thử điểm cầu. Gọi được: cho phép UDP 5060 từ máy giám sát. Không gọi được: khởi động lại codec, phần mềm SIP có thể đã treo.",
            "Place a test call to the conference point. If it works, allow UDP 5060 from the monitor; if not, restart the codec, its SIP software may hang.",
        ),
        Role.ONE_STOP: sentences(
            "Hệ thống một cửa im lặng khi hỏi bằng UDP nhưng cổng TCP vẫn mở; tường lửa hoặc máy chủ lọc bớt.",
            "The one-stop system is silent over UDP while its TCP port is open; a firewall or its server filters part of it.",
            "Hỏi đơn vị vận hành hệ thống một cửa xem UDP có bị tường lửa chặn không, hoặc chuyển phép đo sang TCP.",
            "Ask the operator of the one-stop system whether a firewall blocks UDP, or let this check use TCP.",
        ),
        Role.PORTAL: sentences(
            "Cổng thông tin im lặng khi hỏi bằng UDP nhưng cổng TCP vẫn mở; tường lửa hoặc máy chủ lọc bớt.",
            "The portal is silent over UDP while its TCP port is open; a firewall or its server filters part of it.",
            "Hỏi đơn vị vận hành cổng thông tin xem UDP có bị tường lửa chặn không, hoặc chuyển phép đo sang TCP.",
            "Ask the operator of the portal whether a firewall blocks UDP, or let this check use TCP.",
        ),
        Role.SERVICE: sentences(
            "Dịch vụ dùng chung im lặng khi hỏi bằng UDP nhưng cổng TCP vẫn mở; tường lửa hoặc máy chủ lọc bớt.",
            "The shared service is silent over UDP while its TCP port is open; a firewall or its server filters part of it.",
            "Hỏi đơn vị vận hành dịch vụ dùng chung xem UDP có bị tường lửa chặn không, hoặc chuyển phép đo sang TCP.",
            "Ask the operator of the shared service whether a firewall blocks UDP, or let this check use TCP.",
        ),
        Role.DEVICE: sentences(
            "Thiết bị im lặng khi hỏi bằng UDP nhưng cổng TCP vẫn mở; tường lửa lọc bớt hoặc phần mềm bị treo.",
            "The device is silent over UDP while its TCP port is open; a firewall filters, or its software hangs.",
            "Xem tường lửa có chặn UDP từ máy giám sát tới thiết bị không; nếu nó vẫn dùng được thì chỉ cần mở thêm luật này.",
            "See whether a firewall blocks UDP from the monitor to the device; if people can use it, only that rule is missing.",
        ),
    },
    SipReason.NOT_REGISTERED: {
        Role.UPLINK: sentences(
            "Bộ định tuyến đầu đường truyền chưa đăng ký với tổng đài (máy chủ đăng ký SIP) nên không ai gọi tới được. Tổng đài vẫn tốt.",
            "The line's router is not registered with the SIP registrar, so nobody can call it. The registrar itself is fine.",
            "Xem bộ định tuyến có điện và mạng, rồi kiểm tra tài khoản SIP khai trên đó; nhà mạng có thể cấp lại mật khẩu.",
            "See that the router has power and network, then check the SIP account set on it; the network provider can issue a new password.",
        ),
        Role.LAN: sentences(
            "Bộ chuyển mạch mạng nội bộ chưa đăng ký với tổng đài (máy chủ đăng ký SIP) nên không ai gọi tới được. Tổng đài vẫn tốt.",
            "The local network's switch is not registered with the SIP registrar, so nobody can call it. The registrar itself is fine.",
            "Xem bộ chuyển mạch có điện và mạng, rồi kiểm tra tài khoản SIP khai trên đó; cán bộ phụ trách mạng nội bộ có thể cấp lại mật khẩu.",
            "See that the switch has power and network, then check the SIP account set on it; whoever looks after the local network can issue a new password.",
        ),
        Role.CONFERENCE: sentences(
            "Thiết bị hội nghị tại điểm cầu chưa đăng ký với tổng đài (máy chủ đăng ký SIP) nên không ai gọi tới được. Tổng đài vẫn tốt.",
            "The conference point's codec is not registered with the SIP registrar, so nobody can call it. The registrar itself is fine.",
            "Mở trang SIP của codec: trạng thái phải là đã đăng ký. Kiểm tra nguồn, dây mạng, tên và mật khẩu SIP; chưa được thì gọi đơn vị vận hành hội nghị.",
            "Open the codec's SIP page: it must say registered. Check power, cable, SIP name and password; then call the video-conference operator.",
        ),
        Role.ONE_STOP: sentences(
            "Máy chủ một cửa chưa đăng ký với tổng đài (máy chủ đăng ký SIP) nên không ai gọi tới được. Tổng đài vẫn tốt.",
            "The one-stop server is not registered with the SIP registrar, so nobody can call it. The registrar itself is fine.",
            "Báo đơn vị vận hành hệ thống một cửa: tài khoản SIP của máy chủ đã mất đăng ký, cần đăng ký lại.",
            "Tell the operator of the one-stop system that the server's SIP account has lost its registration and needs a new one.",
        ),
        Role.PORTAL: sentences(
            "Máy chủ cổng thông tin chưa đăng ký với tổng đài (máy chủ đăng ký SIP) nên không ai gọi tới được. Tổng đài vẫn tốt.",
            "The portal's server is not registered with the SIP registrar, so nobody can call it. The registrar itself is fine.",
            "Báo đơn vị vận hành cổng thông tin: tài khoản SIP của máy chủ đã mất đăng ký, cần đăng ký lại.",
            "Tell the operator of the portal that the server's SIP account has lost its registration and needs a new one.",
        ),
        Role.SERVICE: sentences(
            "Máy chủ dịch vụ dùng chung chưa đăng ký với tổng đài (máy chủ đăng ký SIP) nên không ai gọi tới được. Tổng đài vẫn tốt.",
            "The shared service's server is not registered with the SIP registrar, so nobody can call it. The registrar itself is fine.",
            "Báo đơn vị vận hành dịch vụ dùng chung: tài khoản SIP của máy chủ đã mất đăng ký, cần đăng ký lại.",
            "Tell the operator of the shared service that the server's SIP account has lost its registration and needs a new one.",
        ),
        Role.DEVICE: sentences(
            "Thiết bị này chưa đăng ký với tổng đài (máy chủ đăng ký SIP) nên không ai gọi tới được. Tổng đài vẫn tốt.",
            "The device is not registered with the SIP registrar, so nobody can call it. The registrar itself is fine.",
            "Xem thiết bị có điện và mạng, rồi kiểm tra tài khoản SIP khai trên đó; đơn vị bảo trì thiết bị có thể cấp lại mật khẩu.",
            "See that the device has power and network, then check the SIP account set on it; whoever maintains the device can issue a new password.",
        ),
    },
    SipReason.ENDPOINT_UNREACHABLE: {
        Role.UPLINK: sentences(
            "Tổng đài (máy chủ đăng ký SIP) vẫn tốt nhưng không liên lạc được với bộ định tuyến đầu đường truyền. Lỗi ở đầu đó hoặc đường tới đó.",
            "The SIP registrar works but cannot reach the line's router. The fault is there or on the way there.",
            "Xem bộ định tuyến có điện, dây mạng và đường lên tổng đài; khởi động lại nó để đăng ký mới.",
            "See that the router has power, cable and a way to the registrar; restart it so that it registers anew.",
        ),
        Role.LAN: sentences(
            "Tổng đài (máy chủ đăng ký SIP) vẫn tốt nhưng không liên lạc được với bộ chuyển mạch mạng nội bộ. Lỗi ở đầu đó hoặc đường tới đó.",
            "The SIP registrar works but cannot reach the local network's switch. The fault is there or on the way there.",
            "Xem bộ chuyển mạch có điện, dây mạng và đường lên tổng đài; khởi động lại nó để đăng ký mới.",
            "See that the switch has power, cable and a way to the registrar; restart it so that it registers anew.",
        ),
        Role.CONFERENCE: sentences(
            "Tổng đài (máy chủ đăng ký SIP) vẫn tốt nhưng không liên lạc được với thiết bị hội nghị tại điểm cầu. Lỗi ở đầu đó hoặc đường tới đó.",
            "The SIP registrar works but cannot reach the conference point's codec. The fault is there or on the way there.",
            "Xem codec tại điểm cầu có điện và có mạng, khởi động lại để đăng ký mới. Nếu vẫn vậy, kiểm tra tường lửa giữa phòng họp và tổng đài.",
            "See that the codec has power and network and restart it to register anew. If it stays, look at the firewall between conference point and registrar.",
        ),
        Role.ONE_STOP: sentences(
            "Tổng đài (máy chủ đăng ký SIP) vẫn tốt nhưng không liên lạc được với máy chủ một cửa. Lỗi ở đầu đó hoặc đường tới đó.",
            "The SIP registrar works but cannot reach the one-stop server. The fault is there or on the way there.",
            "Báo đơn vị vận hành hệ thống một cửa: tổng đài không gọi được tới máy chủ, cần xem máy chủ còn chạy và tường lửa giữa hai bên.",
            "Tell the operator of the one-stop system that the registrar cannot reach the server: see whether it runs and what the firewall between them blocks.",
        ),
        Role.PORTAL: sentences(
            "Tổng đài (máy chủ đăng ký SIP) vẫn tốt nhưng không liên lạc được với máy chủ cổng thông tin. Lỗi ở đầu đó hoặc đường tới đó.",
            "The SIP registrar works but cannot reach the portal's server. The fault is there or on the way there.",
            "Báo đơn vị vận hành cổng thông tin: tổng đài không gọi được tới máy chủ, cần xem máy chủ còn chạy và tường lửa giữa hai bên.",
            "Tell the operator of the portal that the registrar cannot reach the server: see whether it runs and what the firewall between them blocks.",
        ),
        Role.SERVICE: sentences(
            "Tổng đài (máy chủ đăng ký SIP) vẫn tốt nhưng không liên lạc được với máy chủ dịch vụ dùng chung. Lỗi ở đầu đó hoặc đường tới đó.",
            "The SIP registrar works but cannot reach the shared service's server. The fault is there or on the way there.",
            "Báo đơn vị vận hành dịch vụ dùng chung: tổng đài không gọi được tới máy chủ, cần xem máy chủ còn chạy và tường lửa giữa hai bên.",
            "Tell the operator of the shared service that the registrar cannot reach the server: see whether it runs and what the firewall between them blocks.",
        ),
        Role.DEVICE: sentences(
            "Tổng đài (máy chủ đăng ký SIP) vẫn tốt nhưng không liên lạc được với thiết bị này. Lỗi ở đầu đó hoặc đường tới đó.",
            "The SIP registrar works but cannot reach the device. The fault is there or on the way there.",
            "Xem thiết bị có điện, dây mạng và đường lên tổng đài; khởi động lại nó để đăng ký mới.",
            "See that the device has power, cable and a way to the registrar; restart it so that it registers anew.",
        ),
    },
    SipReason.WRONG_ADDRESS: {
        Role.UPLINK: sentences(
            "Tổng đài báo địa chỉ SIP khai báo cho đường truyền không đúng: sai số máy hoặc sai tên. Lỗi ở khai báo, không phải mất kết nối.",
            "The registrar says the SIP address listed for the line is wrong: a wrong number or name. A listing fault, not an outage.",
            "Xem lại số máy của đường truyền trong danh mục, so với số ghi trên bộ định tuyến, rồi sửa và nạp lại.",
            "Compare the number listed for the line with the one set on the router, correct the inventory and reload.",
        ),
        Role.LAN: sentences(
            "Tổng đài báo địa chỉ SIP khai báo cho mạng nội bộ không đúng: sai số máy hoặc sai tên. Lỗi ở khai báo, không phải mất kết nối.",
            "The registrar says the SIP address listed for the local network is wrong: a wrong number or name. A listing fault, not an outage.",
            "Xem lại số máy của mạng nội bộ trong danh mục, so với số ghi trên bộ chuyển mạch, rồi sửa và nạp lại.",
            "Compare the number listed for the local network with the one set on the switch, correct the inventory and reload.",
        ),
        Role.CONFERENCE: sentences(
            "Tổng đài báo địa chỉ SIP khai báo cho điểm cầu không đúng: sai số máy hoặc sai tên. Lỗi ở khai báo, không phải mất kết nối.",
            "The registrar says the SIP address listed for the conference point is wrong: a wrong number or name. A listing fault, not an outage.",
            "So số máy trong danh mục với trang SIP của codec. Sửa danh mục; nếu số đúng, hỏi đơn vị vận hành điểm cầu đã bị đổi số chưa.",
            "Compare the number with the codec's SIP page and correct the inventory. If it is right, ask the operator whether the conference point was renumbered.",
        ),
        Role.ONE_STOP: sentences(
            "Tổng đài báo địa chỉ SIP khai báo cho hệ thống một cửa không đúng: sai số máy hoặc sai tên. Lỗi ở khai báo, không phải mất kết nối.",
            "The registrar says the SIP address listed for the one-stop system is wrong: a wrong number or name. A listing fault, not an outage.",
            "Hỏi đơn vị vận hành hệ thống một cửa địa chỉ SIP hiện hành, sửa trong danh mục rồi nạp lại.",
            "Ask the operator of the one-stop system for the present SIP address, correct the inventory and reload.",
        ),
        Role.PORTAL: sentences(
            "Tổng đài báo địa chỉ SIP khai báo cho cổng thông tin không đúng: sai số máy hoặc sai tên. Lỗi ở khai báo, không phải mất kết nối.",
            "The registrar says the SIP address listed for the portal is wrong: a wrong number or name. A listing fault, not an outage.",
            "Hỏi đơn vị vận hành cổng thông tin địa chỉ SIP hiện hành, sửa trong danh mục rồi nạp lại.",
            "Ask the operator of the portal for the present SIP address, correct the inventory and reload.",
        ),
        Role.SERVICE: sentences(
            "Tổng đài báo địa chỉ SIP khai báo cho dịch vụ dùng chung không đúng: sai số máy hoặc sai tên. Lỗi ở khai báo, không phải mất kết nối.",
            "The registrar says the SIP address listed for the shared service is wrong: a wrong number or name. A listing fault, not an outage.",
            "Hỏi đơn vị vận hành dịch vụ dùng chung địa chỉ SIP hiện hành, sửa trong danh mục rồi nạp lại.",
            "Ask the operator of the shared service for the present SIP address, correct the inventory and reload.",
        ),
        Role.DEVICE: sentences(
            "Tổng đài báo địa chỉ SIP khai báo cho thiết bị không đúng: sai số máy hoặc sai tên. Lỗi ở khai báo, không phải mất kết nối.",
            "The registrar says the SIP address listed for the device is wrong: a wrong number or name. A listing fault, not an outage.",
            "So số máy trong danh mục với số ghi trên màn hình thiết bị, sửa danh mục rồi nạp lại.",
            "Compare the number listed with the one shown on the device, correct the inventory and reload.",
        ),
    },
    SipReason.PROVISIONAL_ONLY: {
        Role.UPLINK: sentences(
            "Bộ định tuyến đầu đường truyền báo đang xử lý rồi không trả lời tiếp. Phần mềm phía đó nhận yêu cầu nhưng bị treo.",
            "The line's router said it was working on it and never finished. Its software takes requests but hangs.",
            "Khởi động lại bộ định tuyến; nếu lặp lại, gửi giờ xảy ra cho nhà mạng để xem nhật ký.",
            "Restart the router; if it happens again, give the network provider the times so that they can read the log.",
        ),
        Role.LAN: sentences(
            "Bộ chuyển mạch mạng nội bộ báo đang xử lý rồi không trả lời tiếp. Phần mềm phía đó nhận yêu cầu nhưng bị treo.",
            "The local network's switch said it was working on it and never finished. Its software takes requests but hangs.",
            "Khởi động lại bộ chuyển mạch; nếu lặp lại, gửi giờ xảy ra cho cán bộ phụ trách mạng nội bộ để xem nhật ký.",
            "Restart the switch; if it happens again, give whoever looks after the local network the times so that they can read the log.",
        ),
        Role.CONFERENCE: sentences(
            "Thiết bị hội nghị tại điểm cầu báo đang xử lý rồi không trả lời tiếp. Phần mềm phía đó nhận yêu cầu nhưng bị treo.",
            "The conference point's codec said it was working on it and never finished. Its software takes requests but hangs.",
            "Khởi động lại codec rồi gọi thử. Nếu nhiều điểm cầu cùng bị, gọi đơn vị vận hành: tổng đài đang treo.",
            "Restart the codec and place a test call. If several conference points show this, call the operator: the registrar hangs.",
        ),
        Role.ONE_STOP: sentences(
            "Máy chủ một cửa báo đang xử lý rồi không trả lời tiếp. Phần mềm phía đó nhận yêu cầu nhưng bị treo.",
            "The one-stop server said it was working on it and never finished. Its software takes requests but hangs.",
            "Báo đơn vị vận hành hệ thống một cửa: máy chủ nhận yêu cầu SIP nhưng không trả lời xong, cần khởi động lại.",
            "Tell the operator of the one-stop system that the server takes SIP requests and never finishes; it needs a restart.",
        ),
        Role.PORTAL: sentences(
            "Máy chủ cổng thông tin báo đang xử lý rồi không trả lời tiếp. Phần mềm phía đó nhận yêu cầu nhưng bị treo.",
            "The portal's server said it was working on it and never finished. Its software takes requests but hangs.",
            "Báo đơn vị vận hành cổng thông tin: máy chủ nhận yêu cầu SIP nhưng không trả lời xong, cần khởi động lại.",
            "Tell the operator of the portal that the server takes SIP requests and never finishes; it needs a restart.",
        ),
        Role.SERVICE: sentences(
            "Máy chủ dịch vụ dùng chung báo đang xử lý rồi không trả lời tiếp. Phần mềm phía đó nhận yêu cầu nhưng bị treo.",
            "The shared service's server said it was working on it and never finished. Its software takes requests but hangs.",
            "Báo đơn vị vận hành dịch vụ dùng chung: máy chủ nhận yêu cầu SIP nhưng không trả lời xong, cần khởi động lại.",
            "Tell the operator of the shared service that the server takes SIP requests and never finishes; it needs a restart.",
        ),
        Role.DEVICE: sentences(
            "Thiết bị này báo đang xử lý rồi không trả lời tiếp. Phần mềm phía đó nhận yêu cầu nhưng bị treo.",
            "The device said it was working on it and never finished. Its software takes requests but hangs.",
            "Khởi động lại thiết bị; nếu lặp lại, gửi giờ xảy ra cho đơn vị bảo trì thiết bị để xem nhật ký.",
            "Restart the device; if it happens again, give whoever maintains the device the times so that they can read the log.",
        ),
    },
}
