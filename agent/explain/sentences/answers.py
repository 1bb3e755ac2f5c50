"""Connections that break off, and answers that cannot be used."""

from __future__ import annotations

from agent.model import Reason, ReasonTexts, Role, sentences

TEXTS: ReasonTexts = {
    Reason.CONNECTION_RESET: {
        Role.UPLINK: sentences(
            "Bộ định tuyến đầu đường truyền nhận kết nối rồi ngắt ngang giữa chừng; phần mềm phía đó hoặc tường lửa trên đường đã cắt.",
            "The line's router took the connection and then cut it off; its software or a firewall on the way did that.",
            "Kiểm tra lại sau vài phút. Nếu còn bị ngắt, khởi động lại bộ định tuyến và xem nhật ký tường lửa quanh giờ đó.",
            "Check again in a few minutes. If it is still cut off, restart the router and read the firewall's log around that time.",
        ),
        Role.LAN: sentences(
            "Bộ chuyển mạch mạng nội bộ nhận kết nối rồi ngắt ngang giữa chừng; phần mềm phía đó hoặc tường lửa trên đường đã cắt.",
            "The local network's switch took the connection and then cut it off; its software or a firewall on the way did that.",
            "Kiểm tra lại sau vài phút. Nếu còn bị ngắt, khởi động lại bộ chuyển mạch và xem nhật ký tường lửa quanh giờ đó.",
            "Check again in a few minutes. If it is still cut off, restart the switch and read the firewall's log around that time.",
        ),
        Role.CONFERENCE: sentences(
            "Thiết bị hội nghị tại điểm cầu nhận kết nối rồi ngắt ngang giữa chừng; phần mềm phía đó hoặc tường lửa trên đường đã cắt.",
            "The conference point's codec took the connection and then cut it off; its software or a firewall on the way did that.",
            "Khởi động lại codec và gọi thử. Nếu vẫn bị ngắt, tắt chức năng SIP ALG trên bộ định tuyến, thứ hay cắt nhầm cuộc gọi của điểm cầu.",
            "Restart the codec and place a test call. If still cut off, switch off SIP ALG on the router, which often cuts a conference point's calls.",
        ),
        Role.ONE_STOP: sentences(
            "Máy chủ một cửa nhận kết nối rồi ngắt ngang giữa chừng; phần mềm phía đó hoặc tường lửa trên đường đã cắt.",
            "The one-stop server took the connection and then cut it off; its software or a firewall on the way did that.",
            "Thử mở trang một cửa trên máy tại quầy. Nếu cũng bị ngắt, báo đơn vị vận hành hệ thống một cửa; nếu vào được, hỏi người quản lý tường lửa.",
            "First open the one-stop site at the desk. If that is cut off too, tell the operator of the one-stop system; if it works, ask whoever runs the firewall.",
        ),
        Role.PORTAL: sentences(
            "Máy chủ cổng thông tin nhận kết nối rồi ngắt ngang giữa chừng; phần mềm phía đó hoặc tường lửa trên đường đã cắt.",
            "The portal's server took the connection and then cut it off; its software or a firewall on the way did that.",
            "Thử mở cổng thông tin bằng điện thoại. Nếu cũng bị ngắt, báo đơn vị vận hành cổng thông tin; nếu vào được, hỏi người quản lý tường lửa.",
            "First open the portal on a phone. If that is cut off too, tell the operator of the portal; if it works, ask whoever runs the firewall.",
        ),
        Role.SERVICE: sentences(
            "Máy chủ dịch vụ dùng chung nhận kết nối rồi ngắt ngang giữa chừng; phần mềm phía đó hoặc tường lửa trên đường đã cắt.",
            "The shared service's server took the connection and then cut it off; its software or a firewall on the way did that.",
            "Thử đăng nhập dịch vụ dùng chung trên một máy khác. Nếu cũng bị ngắt, báo đơn vị vận hành dịch vụ dùng chung; nếu vào được, hỏi người quản lý tường lửa.",
            "First sign in to the shared service from another computer. If that is cut off too, tell the operator of the shared service; if it works, ask whoever runs the firewall.",
        ),
        Role.DEVICE: sentences(
            "Thiết bị này nhận kết nối rồi ngắt ngang giữa chừng; phần mềm phía đó hoặc tường lửa trên đường đã cắt.",
            "The device took the connection and then cut it off; its software or a firewall on the way did that.",
            "Kiểm tra lại sau vài phút. Nếu còn bị ngắt, khởi động lại thiết bị và xem nhật ký tường lửa quanh giờ đó.",
            "Check again in a few minutes. If it is still cut off, restart the device and read the firewall's log around that time.",
        ),
    },
    Reason.CONNECTION_CLOSED: {
        Role.UPLINK: sentences(
            "Bộ định tuyến đầu đường truyền đóng kết nối khi chưa trả lời xong. Phần mềm phía đó đang lỗi hoặc giới hạn số kết nối.",
            "The line's router closed the connection before the answer was complete. Its software is at fault or limits connections.",
            "Khởi động lại bộ định tuyến ngoài giờ; xem nó có giới hạn số kết nối từ một địa chỉ không.",
            "Restart the router out of hours; see whether it limits connections from one address.",
        ),
        Role.LAN: sentences(
            "Bộ chuyển mạch mạng nội bộ đóng kết nối khi chưa trả lời xong. Phần mềm phía đó đang lỗi hoặc giới hạn số kết nối.",
            "The local network's switch closed the connection before the answer was complete. Its software is at fault or limits connections.",
            "Khởi động lại bộ chuyển mạch ngoài giờ; xem nó có giới hạn số kết nối từ một địa chỉ không.",
            "Restart the switch out of hours; see whether it limits connections from one address.",
        ),
        Role.CONFERENCE: sentences(
            "Thiết bị hội nghị tại điểm cầu đóng kết nối khi chưa trả lời xong. Phần mềm phía đó đang lỗi hoặc giới hạn số kết nối.",
            "The conference point's codec closed the connection before the answer was complete. Its software is at fault or limits connections.",
            "Khởi động lại codec, thoát các phiên quản trị còn mở trên codec, rồi gọi thử điểm cầu trước giờ họp.",
            "Restart the codec, sign out of any admin session left open on it, and place a test call to the conference point before the meeting.",
        ),
        Role.ONE_STOP: sentences(
            "Máy chủ một cửa đóng kết nối khi chưa trả lời xong. Phần mềm phía đó đang lỗi hoặc giới hạn số kết nối.",
            "The one-stop server closed the connection before the answer was complete. Its software is at fault or limits connections.",
            "Báo đơn vị vận hành hệ thống một cửa: máy chủ đóng kết nối sớm. Hỏi có giới hạn kết nối hoặc đang khởi động lại không.",
            "Tell the operator of the one-stop system that the server hangs up early; ask about a connection limit or a restart.",
        ),
        Role.PORTAL: sentences(
            "Máy chủ cổng thông tin đóng kết nối khi chưa trả lời xong. Phần mềm phía đó đang lỗi hoặc giới hạn số kết nối.",
            "The portal's server closed the connection before the answer was complete. Its software is at fault or limits connections.",
            "Báo đơn vị vận hành cổng thông tin: máy chủ đóng kết nối sớm. Hỏi có giới hạn kết nối hoặc đang khởi động lại không.",
            "Tell the operator of the portal that the server hangs up early; ask about a connection limit or a restart.",
        ),
        Role.SERVICE: sentences(
            "Máy chủ dịch vụ dùng chung đóng kết nối khi chưa trả lời xong. Phần mềm phía đó đang lỗi hoặc giới hạn số kết nối.",
            "The shared service's server closed the connection before the answer was complete. Its software is at fault or limits connections.",
            "Báo đơn vị vận hành dịch vụ dùng chung: máy chủ đóng kết nối sớm. Hỏi có giới hạn kết nối hoặc đang khởi động lại không.",
            "Tell the operator of the shared service that the server hangs up early; ask about a connection limit or a restart.",
        ),
        Role.DEVICE: sentences(
            "Thiết bị này đóng kết nối khi chưa trả lời xong. Phần mềm phía đó đang lỗi hoặc giới hạn số kết nối.",
            "The device closed the connection before the answer was complete. Its software is at fault or limits connections.",
            "Khởi động lại thiết bị ngoài giờ; xem nó có giới hạn số kết nối từ một địa chỉ không.",
            "Restart the device out of hours; see whether it limits connections from one address.",
        ),
    },
    Reason.STALLED: {
        Role.UPLINK: sentences(
            "Bộ định tuyến đầu đường truyền bắt đầu trả lời rồi đứng lại, phần sau không tới kịp. Phía đó bị treo hoặc đường đi nghẽn nặng.",
            "The line's router began to answer and then stopped. It hangs, or the way there is badly congested.",
            "Khởi động lại bộ định tuyến. Nếu vẫn đứng giữa chừng, nhờ nhà mạng đo tải và cỡ gói (MTU) của đường truyền.",
            "Restart the router. If it still stops halfway, have the provider test load and packet size (MTU) of the line.",
        ),
        Role.LAN: sentences(
            "Bộ chuyển mạch mạng nội bộ bắt đầu trả lời rồi đứng lại, phần sau không tới kịp. Phía đó bị treo hoặc đường đi nghẽn nặng.",
            "The local network's switch began to answer and then stopped. It hangs, or the way there is badly congested.",
            "Khởi động lại bộ chuyển mạch. Nếu vẫn đứng giữa chừng, xem mức tải và kiểm tra cỡ gói (MTU) trên đường tới mạng nội bộ.",
            "Restart the switch. If it still stops halfway, look at its load and at the packet size (MTU) on the way to the local network.",
        ),
        Role.CONFERENCE: sentences(
            "Thiết bị hội nghị tại điểm cầu bắt đầu trả lời rồi đứng lại, phần sau không tới kịp. Phía đó bị treo hoặc đường đi nghẽn nặng.",
            "The conference point's codec began to answer and then stopped. It hangs, or the way there is badly congested.",
            "Khởi động lại codec, gọi thử. Nếu điểm cầu vẫn đứng hình, giảm tốc độ cuộc gọi trên codec và kiểm tra dây mạng.",
            "Restart the codec and place a test call. If the conference point still freezes, lower the call rate on the codec and check its cable.",
        ),
        Role.ONE_STOP: sentences(
            "Máy chủ một cửa bắt đầu trả lời rồi đứng lại, phần sau không tới kịp. Phía đó bị treo hoặc đường đi nghẽn nặng.",
            "The one-stop server began to answer and then stopped. It hangs, or the way there is badly congested.",
            "Thử mở trang một cửa trên máy tại quầy và chờ xem trang có tải hết không; báo đơn vị vận hành hệ thống một cửa giờ bị đứng.",
            "First open the one-stop site at the desk and see whether it loads to the end; tell the operator of the one-stop system when it stopped.",
        ),
        Role.PORTAL: sentences(
            "Máy chủ cổng thông tin bắt đầu trả lời rồi đứng lại, phần sau không tới kịp. Phía đó bị treo hoặc đường đi nghẽn nặng.",
            "The portal's server began to answer and then stopped. It hangs, or the way there is badly congested.",
            "Thử mở cổng thông tin bằng điện thoại và chờ xem trang có tải hết không; báo đơn vị vận hành cổng thông tin giờ bị đứng.",
            "First open the portal on a phone and see whether it loads to the end; tell the operator of the portal when it stopped.",
        ),
        Role.SERVICE: sentences(
            "Máy chủ dịch vụ dùng chung bắt đầu trả lời rồi đứng lại, phần sau không tới kịp. Phía đó bị treo hoặc đường đi nghẽn nặng.",
            "The shared service's server began to answer and then stopped. It hangs, or the way there is badly congested.",
            "Thử đăng nhập dịch vụ dùng chung trên một máy khác và chờ xem trang có tải hết không; báo đơn vị vận hành dịch vụ dùng chung giờ bị đứng.",
            "First sign in to the shared service from another computer and see whether it loads to the end; tell the operator of the shared service when it stopped.",
        ),
        Role.DEVICE: sentences(
            "Thiết bị này bắt đầu trả lời rồi đứng lại, phần sau không tới kịp. Phía đó bị treo hoặc đường đi nghẽn nặng.",
            "The device began to answer and then stopped. It hangs, or the way there is badly congested.",
            "Khởi động lại thiết bị. Nếu vẫn đứng giữa chừng, xem mức tải của nó và kiểm tra cỡ gói (MTU) trên đường đi.",
            "Restart the device. If it still stops halfway, look at its load and at the packet size (MTU) on the way.",
        ),
    },
    Reason.PROTOCOL_ERROR: {
        Role.UPLINK: sentences(
            "Bộ định tuyến đầu đường truyền trả lời, nhưng không đúng giao thức (kiểu hỏi đáp) cần đo. Có thể sai cổng, hoặc một máy khác đang dùng địa chỉ này.",
            "The line's router answers, but not in the protocol this check speaks. The port may be wrong, or another host uses this address.",
            "Kiểm tra địa chỉ và cổng khai báo cho đường truyền; tìm xem có máy nào trùng địa chỉ IP với bộ định tuyến không.",
            "Check the address and port listed for the line; look for another host with the same IP address as the router.",
        ),
        Role.LAN: sentences(
            "Bộ chuyển mạch mạng nội bộ trả lời, nhưng không đúng giao thức (kiểu hỏi đáp) cần đo. Có thể sai cổng, hoặc một máy khác đang dùng địa chỉ này.",
            "The local network's switch answers, but not in the protocol this check speaks. The port may be wrong, or another host uses this address.",
            "Kiểm tra địa chỉ và cổng khai báo cho mạng nội bộ; tìm xem có máy nào trùng địa chỉ IP với bộ chuyển mạch không.",
            "Check the address and port listed for the local network; look for another host with the same IP address as the switch.",
        ),
        Role.CONFERENCE: sentences(
            "Thiết bị hội nghị tại điểm cầu trả lời, nhưng không đúng giao thức (kiểu hỏi đáp) cần đo. Có thể sai cổng, hoặc một máy khác đang dùng địa chỉ này.",
            "The conference point's codec answers, but not in the protocol this check speaks. The port may be wrong, or another host uses this address.",
            "Kiểm tra địa chỉ IP và cổng của codec (SIP thường là 5060). Nếu đúng, khởi động lại codec; có thể máy khác trùng địa chỉ với điểm cầu.",
            "Check the codec's IP address and port (SIP: 5060). If right, restart it; another host may share the conference point's address.",
        ),
        Role.ONE_STOP: sentences(
            "Máy chủ một cửa trả lời, nhưng không đúng giao thức (kiểu hỏi đáp) cần đo. Có thể sai cổng, hoặc một máy khác đang dùng địa chỉ này.",
            "The one-stop server answers, but not in the protocol this check speaks. The port may be wrong, or another host uses this address.",
            "Xem địa chỉ khai báo là http hay https và cổng nào; nếu đúng cả, báo đơn vị vận hành hệ thống một cửa.",
            "See whether the address listed is http or https and on which port; if both are right, tell the operator of the one-stop system.",
        ),
        Role.PORTAL: sentences(
            "Máy chủ cổng thông tin trả lời, nhưng không đúng giao thức (kiểu hỏi đáp) cần đo. Có thể sai cổng, hoặc một máy khác đang dùng địa chỉ này.",
            "The portal's server answers, but not in the protocol this check speaks. The port may be wrong, or another host uses this address.",
            "Xem địa chỉ khai báo là http hay https và cổng nào; nếu đúng cả, báo đơn vị vận hành cổng thông tin.",
            "See whether the address listed is http or https and on which port; if both are right, tell the operator of the portal.",
        ),
        Role.SERVICE: sentences(
            "Máy chủ dịch vụ dùng chung trả lời, nhưng không đúng giao thức (kiểu hỏi đáp) cần đo. Có thể sai cổng, hoặc một máy khác đang dùng địa chỉ này.",
            "The shared service's server answers, but not in the protocol this check speaks. The port may be wrong, or another host uses this address.",
            "Xem địa chỉ khai báo là http hay https và cổng nào; nếu đúng cả, báo đơn vị vận hành dịch vụ dùng chung.",
            "See whether the address listed is http or https and on which port; if both are right, tell the operator of the shared service.",
        ),
        Role.DEVICE: sentences(
            "Có trả lời từ địa chỉ này nhưng không đúng kiểu của thiết bị. Có thể sai cổng, hoặc một máy khác đang dùng địa chỉ.",
            "Something answers at this address, but not as the device would. The port may be wrong, or another host took the address.",
            "Kiểm tra địa chỉ và cổng khai báo cho thiết bị; tìm xem có máy nào dùng trùng địa chỉ IP của nó không.",
            "Check the address and port listed for the device; look for another host with the same IP address.",
        ),
    },
    Reason.TOO_LARGE: {
        Role.UPLINK: sentences(
            "Bộ định tuyến đầu đường truyền trả lời dài quá giới hạn nên máy giám sát dừng đọc. Thường do nội dung bất thường hoặc địa chỉ khai báo chưa gọn.",
            "The line's router sent more than the limit, so the monitor stopped reading. Odd content, or an address of a big file.",
            "Chọn một trang nhỏ của bộ định tuyến để kiểm tra, ví dụ trang đăng nhập, hoặc nâng giới hạn trong mô-đun.",
            "Choose a small page of the router to check, such as its sign-in page, or raise the limit in the module.",
        ),
        Role.LAN: sentences(
            "Bộ chuyển mạch mạng nội bộ trả lời dài quá giới hạn nên máy giám sát dừng đọc. Thường do nội dung bất thường hoặc địa chỉ khai báo chưa gọn.",
            "The local network's switch sent more than the limit, so the monitor stopped reading. Odd content, or an address of a big file.",
            "Chọn một trang nhỏ của bộ chuyển mạch để kiểm tra, ví dụ trang đăng nhập, hoặc nâng giới hạn trong mô-đun.",
            "Choose a small page of the switch to check, such as its sign-in page, or raise the limit in the module.",
        ),
        Role.CONFERENCE: sentences(
            "Thiết bị hội nghị tại điểm cầu trả lời dài quá giới hạn nên máy giám sát dừng đọc. Thường do nội dung bất thường hoặc địa chỉ khai báo chưa gọn.",
            "The conference point's codec sent more than the limit, so the monitor stopped reading. Odd content, or an address of a big file.",
            "Kiểm tra địa chỉ điểm cầu có trỏ đúng vào codec không. Nếu đúng, khởi động lại codec rồi đo lại.",
            "See that the conference point's address is really the codec's. If so, restart the codec and check again.",
        ),
        Role.ONE_STOP: sentences(
            "Máy chủ một cửa trả lời dài quá giới hạn nên máy giám sát dừng đọc. Thường do nội dung bất thường hoặc địa chỉ khai báo chưa gọn.",
            "The one-stop server sent more than the limit, so the monitor stopped reading. Odd content, or an address of a big file.",
            "Chọn trang đăng nhập hoặc trang kiểm tra nhẹ của hệ thống một cửa; nếu trang bỗng dài bất thường, báo đơn vị vận hành hệ thống một cửa.",
            "Choose a light page of the one-stop system, such as sign-in; if the page has suddenly grown, tell the operator of the one-stop system.",
        ),
        Role.PORTAL: sentences(
            "Máy chủ cổng thông tin trả lời dài quá giới hạn nên máy giám sát dừng đọc. Thường do nội dung bất thường hoặc địa chỉ khai báo chưa gọn.",
            "The portal's server sent more than the limit, so the monitor stopped reading. Odd content, or an address of a big file.",
            "Chọn trang đăng nhập hoặc trang kiểm tra nhẹ của cổng thông tin; nếu trang bỗng dài bất thường, báo đơn vị vận hành cổng thông tin.",
            "Choose a light page of the portal, such as sign-in; if the page has suddenly grown, tell the operator of the portal.",
        ),
        Role.SERVICE: sentences(
            "Máy chủ dịch vụ dùng chung trả lời dài quá giới hạn nên máy giám sát dừng đọc. Thường do nội dung bất thường hoặc địa chỉ khai báo chưa gọn.",
            "The shared service's server sent more than the limit, so the monitor stopped reading. Odd content, or an address of a big file.",
            "Chọn trang đăng nhập hoặc trang kiểm tra nhẹ của dịch vụ dùng chung; nếu trang bỗng dài bất thường, báo đơn vị vận hành dịch vụ dùng chung.",
            "Choose a light page of the shared service, such as sign-in; if the page has suddenly grown, tell the operator of the shared service.",
        ),
        Role.DEVICE: sentences(
            "Thiết bị này trả lời dài quá giới hạn nên máy giám sát dừng đọc. Thường do nội dung bất thường hoặc địa chỉ khai báo chưa gọn.",
            "The device sent more than the limit, so the monitor stopped reading. Odd content, or an address of a big file.",
            "Chọn một trang nhỏ của thiết bị để kiểm tra, ví dụ trang đăng nhập, hoặc nâng giới hạn trong mô-đun.",
            "Choose a small page of the device to check, such as its sign-in page, or raise the limit in the module.",
        ),
    },
    Reason.BAD_DIALOGUE: {
        Role.UPLINK: sentences(
            "Nối được tới bộ định tuyến đầu đường truyền nhưng câu trả lời không khớp kịch bản hỏi đáp của phép đo. Có thể dịch vụ khác đang ở cổng này.",
            "The connection to the line's router stands, but it did not say what the check expects. Another service may sit on this port.",
            "Xem cổng khai báo cho đường truyền có đúng dịch vụ không; nếu phần mềm của bộ định tuyến vừa nâng cấp, sửa câu chờ trong mô-đun.",
            "See that the port listed for the line is the right service; if the router was just updated, change the text the module waits for.",
        ),
        Role.LAN: sentences(
            "Nối được tới bộ chuyển mạch mạng nội bộ nhưng câu trả lời không khớp kịch bản hỏi đáp của phép đo. Có thể dịch vụ khác đang ở cổng này.",
            "The connection to the local network's switch stands, but it did not say what the check expects. Another service may sit on this port.",
            "Xem cổng khai báo cho mạng nội bộ có đúng dịch vụ không; nếu phần mềm của bộ chuyển mạch vừa nâng cấp, sửa câu chờ trong mô-đun.",
            "See that the port listed for the local network is the right service; if the switch was just updated, change the text the module waits for.",
        ),
        Role.CONFERENCE: sentences(
            "Nối được tới thiết bị hội nghị tại điểm cầu nhưng câu trả lời không khớp kịch bản hỏi đáp của phép đo. Có thể dịch vụ khác đang ở cổng này.",
            "The connection to the conference point's codec stands, but it did not say what the check expects. Another service may sit on this port.",
            "Xem cổng khai báo có đúng của codec không (SIP 5060, H.323 1720), hoặc đổi điểm cầu sang mô-đun SIP.",
            "See that the port is the codec's (SIP 5060, H.323 1720), or give the conference point a SIP module.",
        ),
        Role.ONE_STOP: sentences(
            "Nối được tới máy chủ một cửa nhưng câu trả lời không khớp kịch bản hỏi đáp của phép đo. Có thể dịch vụ khác đang ở cổng này.",
            "The connection to the one-stop server stands, but it did not say what the check expects. Another service may sit on this port.",
            "Hỏi đơn vị vận hành hệ thống một cửa phần mềm có vừa nâng cấp hay đổi lời chào không, rồi sửa câu chờ trong mô-đun.",
            "Ask the operator of the one-stop system whether an update changed the greeting, then change the text the module waits for.",
        ),
        Role.PORTAL: sentences(
            "Nối được tới máy chủ cổng thông tin nhưng câu trả lời không khớp kịch bản hỏi đáp của phép đo. Có thể dịch vụ khác đang ở cổng này.",
            "The connection to the portal's server stands, but it did not say what the check expects. Another service may sit on this port.",
            "Hỏi đơn vị vận hành cổng thông tin phần mềm có vừa nâng cấp hay đổi lời chào không, rồi sửa câu chờ trong mô-đun.",
            "Ask the operator of the portal whether an update changed the greeting, then change the text the module waits for.",
        ),
        Role.SERVICE: sentences(
            "Nối được tới máy chủ dịch vụ dùng chung nhưng câu trả lời không khớp kịch bản hỏi đáp của phép đo. Có thể dịch vụ khác đang ở cổng này.",
            "The connection to the shared service's server stands, but it did not say what the check expects. Another service may sit on this port.",
            "Hỏi đơn vị vận hành dịch vụ dùng chung phần mềm có vừa nâng cấp hay đổi lời chào không, rồi sửa câu chờ trong mô-đun.",
            "Ask the operator of the shared service whether an update changed the greeting, then change the text the module waits for.",
        ),
        Role.DEVICE: sentences(
            "Nối được tới thiết bị này nhưng câu trả lời không khớp kịch bản hỏi đáp của phép đo. Có thể dịch vụ khác đang ở cổng này.",
            "The connection to the device stands, but it did not say what the check expects. Another service may sit on this port.",
            "Xem cổng khai báo có đúng dịch vụ của thiết bị không; nếu nó vừa nâng cấp phần mềm, sửa câu chờ trong mô-đun.",
            "See that the port listed is the right service of the device; if it was just updated, change the text the module waits for.",
        ),
    },
    Reason.REDIRECT_FORBIDDEN: {
        Role.UPLINK: sentences(
            "Trang quản trị bộ định tuyến của đường truyền chuyển sang một địa chỉ nằm ngoài phạm vi được phép nên máy giám sát không đi theo.",
            "The admin page of the line's router redirects to an address outside what is allowed, so the monitor did not follow.",
            "Xem bộ định tuyến chuyển đi đâu. Nếu đúng ý, khai báo thẳng địa chỉ đích; nếu lạ, kiểm tra an toàn thông tin ngay.",
            "See where the router redirects. If that is right, list that address itself; if it is strange, have security look at it.",
        ),
        Role.LAN: sentences(
            "Trang quản trị bộ chuyển mạch mạng nội bộ chuyển sang một địa chỉ nằm ngoài phạm vi được phép nên máy giám sát không đi theo.",
            "The admin page of the local network's switch redirects to an address outside what is allowed, so the monitor did not follow.",
            "Xem bộ chuyển mạch chuyển đi đâu. Nếu đúng ý, khai báo thẳng địa chỉ đích; nếu lạ, kiểm tra an toàn thông tin ngay.",
            "See where the switch redirects. If that is right, list that address itself; if it is strange, have security look at it.",
        ),
        Role.CONFERENCE: sentences(
            "Trang quản trị codec của điểm cầu chuyển sang một địa chỉ nằm ngoài phạm vi được phép nên máy giám sát không đi theo.",
            "The conference point's codec page redirects to an address outside what is allowed, so the monitor did not follow.",
            "Xem địa chỉ đích trong chi tiết; codec không nên chuyển ra ngoài. Nếu lạ, rút điểm cầu khỏi Internet và báo an toàn thông tin.",
            "See the address in the details; a codec should not send people elsewhere. If strange, take the conference point off the Internet.",
        ),
        Role.ONE_STOP: sentences(
            "Trang một cửa điện tử chuyển sang một địa chỉ nằm ngoài phạm vi được phép nên máy giám sát không đi theo.",
            "The one-stop site redirects to an address outside what is allowed, so the monitor did not follow.",
            "Xem địa chỉ đích. Nếu là trang đăng nhập chung hợp lệ thì cho phép trong mô-đun; nếu lạ, báo ngay đơn vị vận hành hệ thống một cửa.",
            "Look at the address. A proper common sign-in can be allowed in the module; if it is strange, tell the operator of the one-stop system at once.",
        ),
        Role.PORTAL: sentences(
            "Trang cổng thông tin chuyển sang một địa chỉ nằm ngoài phạm vi được phép nên máy giám sát không đi theo.",
            "The portal's site redirects to an address outside what is allowed, so the monitor did not follow.",
            "Xem địa chỉ đích. Nếu là trang đăng nhập chung hợp lệ thì cho phép trong mô-đun; nếu lạ, báo ngay đơn vị vận hành cổng thông tin.",
            "Look at the address. A proper common sign-in can be allowed in the module; if it is strange, tell the operator of the portal at once.",
        ),
        Role.SERVICE: sentences(
            "Trang của dịch vụ dùng chung chuyển sang một địa chỉ nằm ngoài phạm vi được phép nên máy giám sát không đi theo.",
            "The shared service's site redirects to an address outside what is allowed, so the monitor did not follow.",
            "Xem địa chỉ đích. Nếu là trang đăng nhập chung hợp lệ thì cho phép trong mô-đun; nếu lạ, báo ngay đơn vị vận hành dịch vụ dùng chung.",
            "Look at the address. A proper common sign-in can be allowed in the module; if it is strange, tell the operator of the shared service at once.",
        ),
        Role.DEVICE: sentences(
            "Trang quản trị thiết bị chuyển sang một địa chỉ nằm ngoài phạm vi được phép nên máy giám sát không đi theo.",
            "The device's admin page redirects to an address outside what is allowed, so the monitor did not follow.",
            "Xem thiết bị chuyển đi đâu. Nếu đúng ý, khai báo thẳng địa chỉ đích; nếu lạ, kiểm tra an toàn thông tin ngay.",
            "See where the device redirects. If that is right, list that address itself; if it is strange, have security look at it.",
        ),
    },
}
