"""Runs that succeed, within the limits of their module or not."""

from __future__ import annotations

from agent.model import Reason, ReasonTexts, Role, sentences

TEXTS: ReasonTexts = {
    Reason.OK: {
        Role.UPLINK: sentences(
            "Đường truyền trả lời đúng như mong đợi, mọi chỉ số trong ngưỡng.",
            "The line answers as it should; every figure is within its limits.",
            "Đường truyền tốt, không cần làm gì. Giữ kết quả này làm mốc so sánh khi có phản ánh mạng chậm.",
            "The line is fine, nothing to do. Keep this result to compare with when somebody reports a slow network.",
        ),
        Role.LAN: sentences(
            "Mạng nội bộ trả lời đúng như mong đợi, mọi chỉ số trong ngưỡng.",
            "The local network answers as it should; every figure is within its limits.",
            "Mạng nội bộ tốt, không cần làm gì. Nếu riêng một máy không vào được mạng, hãy xem dây mạng của máy đó.",
            "The local network is fine, nothing to do. If one computer alone has no network, look at its own cable.",
        ),
        Role.CONFERENCE: sentences(
            "Điểm cầu trả lời đúng như mong đợi, mọi chỉ số trong ngưỡng.",
            "The conference point answers as it should; every figure is within its limits.",
            "Điểm cầu sẵn sàng về mạng. Trước phiên họp 60 phút vẫn nên thử hình, tiếng và micro tại phòng.",
            "The conference point is ready as far as the network goes. Still test picture, sound and microphones 60 minutes before a meeting.",
        ),
        Role.ONE_STOP: sentences(
            "Hệ thống một cửa trả lời đúng như mong đợi, mọi chỉ số trong ngưỡng.",
            "The one-stop system answers as it should; every figure is within its limits.",
            "Hệ thống một cửa phục vụ bình thường, không cần làm gì. Nếu một quầy vẫn không vào được, hãy xem máy và dây mạng tại quầy đó.",
            "The one-stop system serves normally, nothing to do. If one desk still cannot get in, look at that desk's computer and cable.",
        ),
        Role.PORTAL: sentences(
            "Cổng thông tin trả lời đúng như mong đợi, mọi chỉ số trong ngưỡng.",
            "The portal answers as it should; every figure is within its limits.",
            "Cổng thông tin mở được bình thường, không cần làm gì. Nội dung mới hay cũ thì ban biên tập tự kiểm tra.",
            "The portal opens normally, nothing to do. Whether its news is fresh is for the editors to check.",
        ),
        Role.SERVICE: sentences(
            "Dịch vụ dùng chung trả lời đúng như mong đợi, mọi chỉ số trong ngưỡng.",
            "The shared service answers as it should; every figure is within its limits.",
            "Dịch vụ dùng chung hoạt động bình thường, không cần làm gì. Nếu một người không đăng nhập được, hãy xem tài khoản của người đó.",
            "The shared service works normally, nothing to do. If one person cannot sign in, look at that person's account.",
        ),
        Role.DEVICE: sentences(
            "Thiết bị trả lời đúng như mong đợi, mọi chỉ số trong ngưỡng.",
            "The device answers as it should; every figure is within its limits.",
            "Thiết bị hoạt động bình thường, không cần làm gì. Đến kỳ bảo trì thì vệ sinh và xem lại nguồn điện như thường lệ.",
            "The device works normally, nothing to do. Clean it and look at its power at the next planned maintenance, as usual.",
        ),
    },
    Reason.HIGH_RTT: {
        Role.UPLINK: sentences(
            "Đường truyền vẫn thông nhưng trả lời chậm hơn mức cho phép; đường đi dài hoặc đang nghẽn.",
            "The line works but answers later than allowed; the way is long or congested.",
            "Xem có ai đang tải hay sao lưu lớn không, tạm dừng rồi đo lại. Vẫn chậm thì hỏi nhà mạng xem đường truyền có đi vòng hoặc đang sự cố.",
            "See whether somebody runs a big download or backup; pause it and measure again. If still slow, ask the provider about a detour or fault on the line.",
        ),
        Role.LAN: sentences(
            "Mạng nội bộ vẫn thông nhưng chậm hơn mức cho phép; bộ chuyển mạch hoặc dây nối đang quá tải.",
            "The local network works, but slower than allowed; its switch or a cable is overloaded.",
            "Mạng nội bộ mà chậm thường do quá tải hoặc vòng lặp: xem đèn bộ chuyển mạch nháy liên hồi, rút từng dây để tìm.",
            "A slow local network is usually overload or a loop: if the switch's lights all flash wildly, unplug cables one by one to find it.",
        ),
        Role.CONFERENCE: sentences(
            "Điểm cầu vẫn thông nhưng trả lời chậm hơn mức cho phép; đường đi dài hoặc đang nghẽn.",
            "The conference point works but answers later than allowed; the way is long or congested.",
            "Tiếng và hình sẽ tới trễ. Tạm dừng các máy đang tải, ưu tiên băng thông cho codec; nếu cả trụ sở chậm thì gọi bộ phận đường truyền.",
            "Speech will lag. Pause downloads, give the codec priority on the router; if the whole office is slow, call the people for the line.",
        ),
        Role.ONE_STOP: sentences(
            "Hệ thống một cửa vẫn trả lời nhưng chậm hơn mức cho phép; đường tới máy chủ dài hoặc đang nghẽn.",
            "The one-stop system still answers, but later than allowed; the way to its server is long or congested.",
            "So sánh với một trang khác. Chỉ trang một cửa chậm thì báo đơn vị vận hành; trang nào cũng chậm thì xem đường truyền của trụ sở.",
            "Compare with another site. If only the one-stop system is slow tell its operator; if every site is, look at the office line.",
        ),
        Role.PORTAL: sentences(
            "Cổng thông tin vẫn trả lời nhưng chậm hơn mức cho phép; đường tới máy chủ dài hoặc đang nghẽn.",
            "The portal still answers, but later than allowed; the way to its server is long or congested.",
            "Mở cổng thông tin bằng 4G. Nếu nhanh thì nghẽn ở mạng của mình; nếu cũng chậm thì báo đơn vị vận hành cổng.",
            "Open the portal on a mobile phone. If it is quick, our own network is congested; if slow too, tell the portal's operator.",
        ),
        Role.SERVICE: sentences(
            "Dịch vụ dùng chung vẫn trả lời nhưng chậm hơn mức cho phép; đường tới máy chủ dài hoặc đang nghẽn.",
            "The shared service still answers, but later than allowed; the way to its server is long or congested.",
            "Xem dịch vụ khác cùng mạng có chậm không. Nếu chỉ dịch vụ dùng chung này, báo đơn vị vận hành giờ đo và độ trễ.",
            "See whether other services are slow too. If only this shared service, give its operator the time and the delay measured.",
        ),
        Role.DEVICE: sentences(
            "Thiết bị vẫn trả lời nhưng chậm hơn mức cho phép; máy quá tải hoặc đường tới đó đang nghẽn.",
            "The device still answers, but later than allowed; it is overloaded or the way to it is congested.",
            "Xem thiết bị có đang nóng hoặc quá tải, khởi động lại ngoài giờ làm việc. Nếu nối qua Wi-Fi, thử nối bằng dây.",
            "See whether the device is hot or overloaded and restart it out of hours. If it is on Wi-Fi, try a cable.",
        ),
    },
    Reason.SLOW: {
        Role.UPLINK: sentences(
            "Đường truyền có phục vụ nhưng bắt đầu trả lời chậm hơn mức cho phép; thường do bộ định tuyến quá tải.",
            "The line serves, but starts to answer later than allowed; usually the router is overloaded.",
            "Mở trang quản trị bộ định tuyến xem mức tải; khởi động lại nó ngoài giờ. Còn chậm thì hỏi nhà mạng về đường truyền.",
            "Look at the load on the router's own page and restart it out of hours. If still slow, ask the provider about the line.",
        ),
        Role.LAN: sentences(
            "Mạng nội bộ có phục vụ nhưng bắt đầu trả lời chậm hơn mức cho phép; thường do bộ chuyển mạch quá tải.",
            "The local network serves, but starts to answer later than allowed; usually the switch is overloaded.",
            "Khởi động lại bộ chuyển mạch ngoài giờ làm việc. Nếu mạng nội bộ vẫn chậm, kiểm tra vòng lặp và phiên bản phần mềm của nó.",
            "Restart the switch out of hours. If the local network stays slow, look for a loop and an old software version.",
        ),
        Role.CONFERENCE: sentences(
            "Điểm cầu có phục vụ nhưng bắt đầu trả lời chậm hơn mức cho phép; thường do codec quá tải.",
            "The conference point serves, but starts to answer later than allowed; usually the codec is overloaded.",
            "Khởi động lại codec trước phiên họp ít nhất 60 phút rồi gọi thử. Nếu vẫn chậm, hỏi đơn vị vận hành hội nghị về tải máy chủ.",
            "Restart the codec at least 60 minutes before the meeting and place a test call. If still slow, ask the operator about server load.",
        ),
        Role.ONE_STOP: sentences(
            "Hệ thống một cửa có phục vụ nhưng bắt đầu trả lời chậm hơn mức cho phép; thường do máy chủ quá tải.",
            "The one-stop system serves, but starts to answer later than allowed; usually its server is overloaded.",
            "Quầy một cửa vẫn làm được nhưng chậm. Báo đơn vị vận hành giờ chậm và số giây chờ; tránh nộp cùng lúc nhiều tệp lớn.",
            "The one-stop desk can work, slowly. Give the operator the time and the seconds waited; avoid sending many big files at once.",
        ),
        Role.PORTAL: sentences(
            "Cổng thông tin có phục vụ nhưng bắt đầu trả lời chậm hơn mức cho phép; thường do máy chủ quá tải.",
            "The portal serves, but starts to answer later than allowed; usually its server is overloaded.",
            "Báo đơn vị vận hành cổng thông tin số giây chờ; hỏi có đợt truy cập lớn hay đang sao lưu không.",
            "Give the portal's operator the seconds waited; ask about a rush of visitors or a running backup.",
        ),
        Role.SERVICE: sentences(
            "Dịch vụ dùng chung có phục vụ nhưng bắt đầu trả lời chậm hơn mức cho phép; thường do máy chủ quá tải.",
            "The shared service serves, but starts to answer later than allowed; usually its server is overloaded.",
            "Hỏi người dùng dịch vụ ở đơn vị khác có chậm không, rồi báo đơn vị vận hành dịch vụ dùng chung kèm giờ và số giây chờ.",
            "Ask users elsewhere whether it is slow for them, then give the operator of the shared service the time and the seconds waited.",
        ),
        Role.DEVICE: sentences(
            "Thiết bị có phục vụ nhưng bắt đầu trả lời chậm hơn mức cho phép; thường do quá tải.",
            "The device serves, but starts to answer later than allowed; usually it is overloaded.",
            "Khởi động lại thiết bị ngoài giờ. Nếu vẫn chậm, xem bộ nhớ và phần mềm của thiết bị có cần nâng cấp không.",
            "Restart the device out of hours. If still slow, see whether its memory or software needs an upgrade.",
        ),
    },
    Reason.CERTIFICATE_EXPIRING: {
        Role.UPLINK: sentences(
            "Đường truyền vẫn hoạt động, nhưng chứng thư số của bộ định tuyến sắp hết hạn.",
            "The line works, but the certificate of the router is about to expire.",
            "Ghi lịch thay chứng thư số cho bộ định tuyến trước ngày hết hạn; sau ngày đó trình duyệt sẽ cảnh báo.",
            "Plan a new certificate for the router before it ends; after that day browsers will warn.",
        ),
        Role.LAN: sentences(
            "Mạng nội bộ vẫn hoạt động, nhưng chứng thư số của bộ chuyển mạch sắp hết hạn.",
            "The local network works, but the certificate of the switch is about to expire.",
            "Ghi lịch thay chứng thư số cho bộ chuyển mạch trước ngày hết hạn; sau ngày đó trình duyệt sẽ cảnh báo.",
            "Plan a new certificate for the switch before it ends; after that day browsers will warn.",
        ),
        Role.CONFERENCE: sentences(
            "Điểm cầu vẫn hoạt động, nhưng chứng thư số của codec sắp hết hạn.",
            "The conference point works, but the certificate of the codec is about to expire.",
            "Báo đơn vị vận hành hội nghị truyền hình gia hạn chứng thư số cho codec của điểm cầu trước phiên họp gần nhất.",
            "Ask the video-conference operator to renew the codec's certificate before the conference point's next meeting.",
        ),
        Role.ONE_STOP: sentences(
            "Hệ thống một cửa vẫn hoạt động, nhưng chứng thư số của máy chủ sắp hết hạn.",
            "The one-stop system works, but the certificate of its server is about to expire.",
            "Báo ngay đơn vị vận hành hệ thống một cửa gia hạn chứng thư số; quá hạn thì người dân và cán bộ sẽ bị trình duyệt chặn.",
            "Ask the operator of the one-stop system to renew it now; once it ends, browsers will turn citizens and staff away.",
        ),
        Role.PORTAL: sentences(
            "Cổng thông tin vẫn hoạt động, nhưng chứng thư số của máy chủ sắp hết hạn.",
            "The portal works, but the certificate of its server is about to expire.",
            "Báo ngay đơn vị vận hành cổng thông tin gia hạn chứng thư số; quá hạn thì người dân và cán bộ sẽ bị trình duyệt chặn.",
            "Ask the operator of the portal to renew it now; once it ends, browsers will turn citizens and staff away.",
        ),
        Role.SERVICE: sentences(
            "Dịch vụ dùng chung vẫn hoạt động, nhưng chứng thư số của máy chủ sắp hết hạn.",
            "The shared service works, but the certificate of its server is about to expire.",
            "Báo ngay đơn vị vận hành dịch vụ dùng chung gia hạn chứng thư số; quá hạn thì người dân và cán bộ sẽ bị trình duyệt chặn.",
            "Ask the operator of the shared service to renew it now; once it ends, browsers will turn citizens and staff away.",
        ),
        Role.DEVICE: sentences(
            "Thiết bị vẫn hoạt động, nhưng chứng thư số cài trên đó sắp hết hạn.",
            "The device works, but the certificate installed on it is about to expire.",
            "Ghi lịch thay chứng thư số cho thiết bị trước ngày hết hạn; sau ngày đó trình duyệt sẽ cảnh báo.",
            "Plan a new certificate for the device before it ends; after that day browsers will warn.",
        ),
    },
}
