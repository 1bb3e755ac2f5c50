"""Faults of the monitor's own machine."""

from __future__ import annotations

from agent.model import Reason, ReasonTexts, Role, sentences

TEXTS: ReasonTexts = {
    Reason.NOT_PERMITTED: {
        Role.UPLINK: sentences(
            "Phép đo không được phép thực hiện: máy giám sát thiếu quyền gửi, hoặc tổng đài không nhận nó. Chưa biết đường truyền ra sao.",
            "The check is not permitted: the monitor may not send it, or the registrar refuses us. How the line is remains unknown.",
            "Lệnh `sansang check` in ra dòng cần chạy để cấp quyền; xem cả tường lửa trên máy giám sát. Trong lúc chờ, có thể mở một trang web từ máy tại trụ sở để thử đường truyền.",
            "The command `sansang check` shows the line that grants the right; look at the monitor's own firewall too. Meanwhile open a web page at the office to try the line.",
        ),
        Role.LAN: sentences(
            "Phép đo không được phép thực hiện: máy giám sát thiếu quyền gửi, hoặc tổng đài không nhận nó. Chưa biết mạng nội bộ ra sao.",
            "The check is not permitted: the monitor may not send it, or the registrar refuses us. How the local network is remains unknown.",
            "Lệnh `sansang check` in ra dòng cần chạy để cấp quyền; xem cả tường lửa trên máy giám sát. Trong lúc chờ, có thể thử mạng nội bộ trên một máy tại trụ sở.",
            "The command `sansang check` shows the line that grants the right; look at the monitor's own firewall too. Meanwhile try the local network on a computer at the office.",
        ),
        Role.CONFERENCE: sentences(
            "Phép đo không được phép thực hiện: máy giám sát thiếu quyền gửi, hoặc tổng đài không nhận nó. Chưa biết điểm cầu ra sao.",
            "The check is not permitted: the monitor may not send it, or the registrar refuses us. How the conference point is remains unknown.",
            "Xem quyền gửi của máy giám sát, rồi nhờ tổng đài cho phép địa chỉ của nó hỏi về điểm cầu. Cần gấp thì mở màn hình codec, gọi thử.",
            "Check the monitor's rights, then have the registrar allow its address to ask about the conference point. Meanwhile place a test call.",
        ),
        Role.ONE_STOP: sentences(
            "Phép đo không được phép thực hiện: máy giám sát thiếu quyền gửi, hoặc tổng đài không nhận nó. Chưa biết hệ thống một cửa ra sao.",
            "The check is not permitted: the monitor may not send it, or the registrar refuses us. How the one-stop system is remains unknown.",
            "Lệnh `sansang check` in ra dòng cần chạy để cấp quyền; xem cả tường lửa trên máy giám sát. Trong lúc chờ, có thể mở trang một cửa trên máy tại quầy.",
            "The command `sansang check` shows the line that grants the right; look at the monitor's own firewall too. Meanwhile open the one-stop site at the desk.",
        ),
        Role.PORTAL: sentences(
            "Phép đo không được phép thực hiện: máy giám sát thiếu quyền gửi, hoặc tổng đài không nhận nó. Chưa biết cổng thông tin ra sao.",
            "The check is not permitted: the monitor may not send it, or the registrar refuses us. How the portal is remains unknown.",
            "Lệnh `sansang check` in ra dòng cần chạy để cấp quyền; xem cả tường lửa trên máy giám sát. Trong lúc chờ, có thể mở cổng thông tin bằng điện thoại.",
            "The command `sansang check` shows the line that grants the right; look at the monitor's own firewall too. Meanwhile open the portal on a phone.",
        ),
        Role.SERVICE: sentences(
            "Phép đo không được phép thực hiện: máy giám sát thiếu quyền gửi, hoặc tổng đài không nhận nó. Chưa biết dịch vụ dùng chung ra sao.",
            "The check is not permitted: the monitor may not send it, or the registrar refuses us. How the shared service is remains unknown.",
            "Lệnh `sansang check` in ra dòng cần chạy để cấp quyền; xem cả tường lửa trên máy giám sát. Trong lúc chờ, có thể đăng nhập dịch vụ dùng chung trên một máy khác.",
            "The command `sansang check` shows the line that grants the right; look at the monitor's own firewall too. Meanwhile sign in to the shared service from another computer.",
        ),
        Role.DEVICE: sentences(
            "Phép đo không được phép thực hiện: máy giám sát thiếu quyền gửi, hoặc tổng đài không nhận nó. Chưa biết thiết bị ra sao.",
            "The check is not permitted: the monitor may not send it, or the registrar refuses us. How the device is remains unknown.",
            "Lệnh `sansang check` in ra dòng cần chạy để cấp quyền; xem cả tường lửa trên máy giám sát. Trong lúc chờ, có thể xem đèn báo trên thiết bị.",
            "The command `sansang check` shows the line that grants the right; look at the monitor's own firewall too. Meanwhile look at the lights on the device.",
        ),
    },
    Reason.NO_ROUTE: {
        Role.UPLINK: sentences(
            "Máy giám sát không có đường ra mạng nên chưa đo được đường truyền. Lỗi phía máy giám sát.",
            "The monitor itself has no way out to the network, so the line could not be checked. The fault is the monitor's.",
            "Kiểm tra dây mạng, địa chỉ IP và cổng mặc định (gateway) của máy giám sát. Cần biết ngay thì mở một trang web từ máy tại trụ sở để thử đường truyền.",
            "Check the monitor's cable, IP address and default gateway. To know now, open a web page at the office to try the line.",
        ),
        Role.LAN: sentences(
            "Máy giám sát không có đường ra mạng nên chưa đo được mạng nội bộ. Lỗi phía máy giám sát.",
            "The monitor itself has no way out to the network, so the local network could not be checked. The fault is the monitor's.",
            "Kiểm tra dây mạng, địa chỉ IP và cổng mặc định (gateway) của máy giám sát. Cần biết ngay thì thử mạng nội bộ trên một máy tại trụ sở.",
            "Check the monitor's cable, IP address and default gateway. To know now, try the local network on a computer at the office.",
        ),
        Role.CONFERENCE: sentences(
            "Máy giám sát không có đường ra mạng nên chưa đo được điểm cầu. Lỗi phía máy giám sát.",
            "The monitor itself has no way out to the network, so the conference point could not be checked. The fault is the monitor's.",
            "Kiểm tra dây mạng, địa chỉ IP và cổng mặc định (gateway) của máy giám sát. Cần biết ngay thì gọi thử một phiên từ codec của điểm cầu.",
            "Check the monitor's cable, IP address and default gateway. To know now, place a test call from the conference point.",
        ),
        Role.ONE_STOP: sentences(
            "Máy giám sát không có đường ra mạng nên chưa đo được hệ thống một cửa. Lỗi phía máy giám sát.",
            "The monitor itself has no way out to the network, so the one-stop system could not be checked. The fault is the monitor's.",
            "Kiểm tra dây mạng, địa chỉ IP và cổng mặc định (gateway) của máy giám sát. Cần biết ngay thì mở trang một cửa trên máy tại quầy.",
            "Check the monitor's cable, IP address and default gateway. To know now, open the one-stop site at the desk.",
        ),
        Role.PORTAL: sentences(
            "Máy giám sát không có đường ra mạng nên chưa đo được cổng thông tin. Lỗi phía máy giám sát.",
            "The monitor itself has no way out to the network, so the portal could not be checked. The fault is the monitor's.",
            "Kiểm tra dây mạng, địa chỉ IP và cổng mặc định (gateway) của máy giám sát. Cần biết ngay thì mở cổng thông tin bằng điện thoại.",
            "Check the monitor's cable, IP address and default gateway. To know now, open the portal on a phone.",
        ),
        Role.SERVICE: sentences(
            "Máy giám sát không có đường ra mạng nên chưa đo được dịch vụ dùng chung. Lỗi phía máy giám sát.",
            "The monitor itself has no way out to the network, so the shared service could not be checked. The fault is the monitor's.",
            "Kiểm tra dây mạng, địa chỉ IP và cổng mặc định (gateway) của máy giám sát. Cần biết ngay thì đăng nhập dịch vụ dùng chung trên một máy khác.",
            "Check the monitor's cable, IP address and default gateway. To know now, sign in to the shared service from another computer.",
        ),
        Role.DEVICE: sentences(
            "Máy giám sát không có đường ra mạng nên chưa đo được thiết bị. Lỗi phía máy giám sát.",
            "The monitor itself has no way out to the network, so the device could not be checked. The fault is the monitor's.",
            "Kiểm tra dây mạng, địa chỉ IP và cổng mặc định (gateway) của máy giám sát. Cần biết ngay thì xem đèn báo trên thiết bị.",
            "Check the monitor's cable, IP address and default gateway. To know now, look at the lights on the device.",
        ),
    },
    Reason.NO_RESOURCES: {
        Role.UPLINK: sentences(
            "Máy giám sát tạm hết tài nguyên (bộ nhớ hoặc số kết nối) nên chưa đo được đường truyền. Lỗi phía máy giám sát.",
            "The monitor ran out of memory or connections, so the line could not be checked. The fault is the monitor's.",
            "Xem bộ nhớ và giới hạn số tệp mở của máy giám sát, tắt bớt chương trình khác. Cần biết ngay thì mở một trang web từ máy tại trụ sở để thử đường truyền.",
            "Look at the monitor's memory and open-file limit, and stop other programs on it. To know now, open a web page at the office to try the line.",
        ),
        Role.LAN: sentences(
            "Máy giám sát tạm hết tài nguyên (bộ nhớ hoặc số kết nối) nên chưa đo được mạng nội bộ. Lỗi phía máy giám sát.",
            "The monitor ran out of memory or connections, so the local network could not be checked. The fault is the monitor's.",
            "Xem bộ nhớ và giới hạn số tệp mở của máy giám sát, tắt bớt chương trình khác. Cần biết ngay thì thử mạng nội bộ trên một máy tại trụ sở.",
            "Look at the monitor's memory and open-file limit, and stop other programs on it. To know now, try the local network on a computer at the office.",
        ),
        Role.CONFERENCE: sentences(
            "Máy giám sát tạm hết tài nguyên (bộ nhớ hoặc số kết nối) nên chưa đo được điểm cầu. Lỗi phía máy giám sát.",
            "The monitor ran out of memory or connections, so the conference point could not be checked. The fault is the monitor's.",
            "Xem bộ nhớ và giới hạn số tệp mở của máy giám sát, tắt bớt chương trình khác. Cần biết ngay thì gọi thử một phiên từ codec của điểm cầu.",
            "Look at the monitor's memory and open-file limit, and stop other programs on it. To know now, place a test call from the conference point.",
        ),
        Role.ONE_STOP: sentences(
            "Máy giám sát tạm hết tài nguyên (bộ nhớ hoặc số kết nối) nên chưa đo được hệ thống một cửa. Lỗi phía máy giám sát.",
            "The monitor ran out of memory or connections, so the one-stop system could not be checked. The fault is the monitor's.",
            "Xem bộ nhớ và giới hạn số tệp mở của máy giám sát, tắt bớt chương trình khác. Cần biết ngay thì mở trang một cửa trên máy tại quầy.",
            "Look at the monitor's memory and open-file limit, and stop other programs on it. To know now, open the one-stop site at the desk.",
        ),
        Role.PORTAL: sentences(
            "Máy giám sát tạm hết tài nguyên (bộ nhớ hoặc số kết nối) nên chưa đo được cổng thông tin. Lỗi phía máy giám sát.",
            "The monitor ran out of memory or connections, so the portal could not be checked. The fault is the monitor's.",
            "Xem bộ nhớ và giới hạn số tệp mở của máy giám sát, tắt bớt chương trình khác. Cần biết ngay thì mở cổng thông tin bằng điện thoại.",
            "Look at the monitor's memory and open-file limit, and stop other programs on it. To know now, open the portal on a phone.",
        ),
        Role.SERVICE: sentences(
            "Máy giám sát tạm hết tài nguyên (bộ nhớ hoặc số kết nối) nên chưa đo được dịch vụ dùng chung. Lỗi phía máy giám sát.",
            "The monitor ran out of memory or connections, so the shared service could not be checked. The fault is the monitor's.",
            "Xem bộ nhớ và giới hạn số tệp mở của máy giám sát, tắt bớt chương trình khác. Cần biết ngay thì đăng nhập dịch vụ dùng chung trên một máy khác.",
            "Look at the monitor's memory and open-file limit, and stop other programs on it. To know now, sign in to the shared service from another computer.",
        ),
        Role.DEVICE: sentences(
            "Máy giám sát tạm hết tài nguyên (bộ nhớ hoặc số kết nối) nên chưa đo được thiết bị. Lỗi phía máy giám sát.",
            "The monitor ran out of memory or connections, so the device could not be checked. The fault is the monitor's.",
            "Xem bộ nhớ và giới hạn số tệp mở của máy giám sát, tắt bớt chương trình khác. Cần biết ngay thì xem đèn báo trên thiết bị.",
            "Look at the monitor's memory and open-file limit, and stop other programs on it. To know now, look at the lights on the device.",
        ),
    },
    Reason.NO_SOURCE_ADDRESS: {
        Role.UPLINK: sentences(
            "Địa chỉ nguồn đặt cho phép đo đường truyền không có trên máy giám sát nên không gửi được. Lỗi phía máy giám sát.",
            "The source address set for checking the line does not exist on the monitor, so nothing was sent. The fault is the monitor's.",
            "Sửa mục source trong mô-đun, hoặc bật lại cạc mạng mang địa chỉ đó trên máy giám sát. Cần biết ngay thì mở một trang web từ máy tại trụ sở để thử đường truyền.",
            "Correct `source` in the module, or bring back the monitor's network card with that address. To know now, open a web page at the office to try the line.",
        ),
        Role.LAN: sentences(
            "Địa chỉ nguồn đặt cho phép đo mạng nội bộ không có trên máy giám sát nên không gửi được. Lỗi phía máy giám sát.",
            "The source address set for checking the local network does not exist on the monitor, so nothing was sent. The fault is the monitor's.",
            "Sửa mục source trong mô-đun, hoặc bật lại cạc mạng mang địa chỉ đó trên máy giám sát. Cần biết ngay thì thử mạng nội bộ trên một máy tại trụ sở.",
            "Correct `source` in the module, or bring back the monitor's network card with that address. To know now, try the local network on a computer at the office.",
        ),
        Role.CONFERENCE: sentences(
            "Địa chỉ nguồn đặt cho phép đo điểm cầu không có trên máy giám sát nên không gửi được. Lỗi phía máy giám sát.",
            "The source address set for checking the conference point does not exist on the monitor, so nothing was sent. The fault is the monitor's.",
            "Sửa mục source trong mô-đun, hoặc bật lại cạc mạng mang địa chỉ đó trên máy giám sát. Cần biết ngay thì gọi thử một phiên từ codec của điểm cầu.",
            "Correct `source` in the module, or bring back the monitor's network card with that address. To know now, place a test call from the conference point.",
        ),
        Role.ONE_STOP: sentences(
            "Địa chỉ nguồn đặt cho phép đo hệ thống một cửa không có trên máy giám sát nên không gửi được. Lỗi phía máy giám sát.",
            "The source address set for checking the one-stop system does not exist on the monitor, so nothing was sent. The fault is the monitor's.",
            "Sửa mục source trong mô-đun, hoặc bật lại cạc mạng mang địa chỉ đó trên máy giám sát. Cần biết ngay thì mở trang một cửa trên máy tại quầy.",
            "Correct `source` in the module, or bring back the monitor's network card with that address. To know now, open the one-stop site at the desk.",
        ),
        Role.PORTAL: sentences(
            "Địa chỉ nguồn đặt cho phép đo cổng thông tin không có trên máy giám sát nên không gửi được. Lỗi phía máy giám sát.",
            "The source address set for checking the portal does not exist on the monitor, so nothing was sent. The fault is the monitor's.",
            "Sửa mục source trong mô-đun, hoặc bật lại cạc mạng mang địa chỉ đó trên máy giám sát. Cần biết ngay thì mở cổng thông tin bằng điện thoại.",
            "Correct `source` in the module, or bring back the monitor's network card with that address. To know now, open the portal on a phone.",
        ),
        Role.SERVICE: sentences(
            "Địa chỉ nguồn đặt cho phép đo dịch vụ dùng chung không có trên máy giám sát nên không gửi được. Lỗi phía máy giám sát.",
            "The source address set for checking the shared service does not exist on the monitor, so nothing was sent. The fault is the monitor's.",
            "Sửa mục source trong mô-đun, hoặc bật lại cạc mạng mang địa chỉ đó trên máy giám sát. Cần biết ngay thì đăng nhập dịch vụ dùng chung trên một máy khác.",
            "Correct `source` in the module, or bring back the monitor's network card with that address. To know now, sign in to the shared service from another computer.",
        ),
        Role.DEVICE: sentences(
            "Địa chỉ nguồn đặt cho phép đo thiết bị không có trên máy giám sát nên không gửi được. Lỗi phía máy giám sát.",
            "The source address set for checking the device does not exist on the monitor, so nothing was sent. The fault is the monitor's.",
            "Sửa mục source trong mô-đun, hoặc bật lại cạc mạng mang địa chỉ đó trên máy giám sát. Cần biết ngay thì xem đèn báo trên thiết bị.",
            "Correct `source` in the module, or bring back the monitor's network card with that address. To know now, look at the lights on the device.",
        ),
    },
    Reason.CLOCK_SKEW: {
        Role.UPLINK: sentences(
            "Đồng hồ máy giám sát chạy sai nên không biết chứng thư của đường truyền còn hạn hay không. Lỗi phía máy giám sát.",
            "The monitor's own clock is wrong, so it cannot tell whether the certificate of the line is valid. The fault is the monitor's.",
            "Đặt lại giờ, bật đồng bộ giờ (NTP) trên máy giám sát; mạng kín thì dùng máy chủ giờ của tỉnh. Cần biết ngay thì mở một trang web từ máy tại trụ sở để thử đường truyền.",
            "Set the clock and switch on NTP on the monitor; on a closed network use the province's time server. To know now, open a web page at the office to try the line.",
        ),
        Role.LAN: sentences(
            "Đồng hồ máy giám sát chạy sai nên không biết chứng thư của mạng nội bộ còn hạn hay không. Lỗi phía máy giám sát.",
            "The monitor's own clock is wrong, so it cannot tell whether the certificate of the local network is valid. The fault is the monitor's.",
            "Đặt lại giờ, bật đồng bộ giờ (NTP) trên máy giám sát; mạng kín thì dùng máy chủ giờ của tỉnh. Cần biết ngay thì thử mạng nội bộ trên một máy tại trụ sở.",
            "Set the clock and switch on NTP on the monitor; on a closed network use the province's time server. To know now, try the local network on a computer at the office.",
        ),
        Role.CONFERENCE: sentences(
            "Đồng hồ máy giám sát chạy sai nên không biết chứng thư của điểm cầu còn hạn hay không. Lỗi phía máy giám sát.",
            "The monitor's own clock is wrong, so it cannot tell whether the certificate of the conference point is valid. The fault is the monitor's.",
            "Đặt lại giờ, bật đồng bộ giờ (NTP) trên máy giám sát; mạng kín thì dùng máy chủ giờ của tỉnh. Cần biết ngay thì gọi thử một phiên từ codec của điểm cầu.",
            "Set the clock and switch on NTP on the monitor; on a closed network use the province's time server. To know now, place a test call from the conference point.",
        ),
        Role.ONE_STOP: sentences(
            "Đồng hồ máy giám sát chạy sai nên không biết chứng thư của hệ thống một cửa còn hạn hay không. Lỗi phía máy giám sát.",
            "The monitor's own clock is wrong, so it cannot tell whether the certificate of the one-stop system is valid. The fault is the monitor's.",
            "Đặt lại giờ, bật đồng bộ giờ (NTP) trên máy giám sát; mạng kín thì dùng máy chủ giờ của tỉnh. Cần biết ngay thì mở trang một cửa trên máy tại quầy.",
            "Set the clock and switch on NTP on the monitor; on a closed network use the province's time server. To know now, open the one-stop site at the desk.",
        ),
        Role.PORTAL: sentences(
            "Đồng hồ máy giám sát chạy sai nên không biết chứng thư của cổng thông tin còn hạn hay không. Lỗi phía máy giám sát.",
            "The monitor's own clock is wrong, so it cannot tell whether the certificate of the portal is valid. The fault is the monitor's.",
            "Đặt lại giờ, bật đồng bộ giờ (NTP) trên máy giám sát; mạng kín thì dùng máy chủ giờ của tỉnh. Cần biết ngay thì mở cổng thông tin bằng điện thoại.",
            "Set the clock and switch on NTP on the monitor; on a closed network use the province's time server. To know now, open the portal on a phone.",
        ),
        Role.SERVICE: sentences(
            "Đồng hồ máy giám sát chạy sai nên không biết chứng thư của dịch vụ dùng chung còn hạn hay không. Lỗi phía máy giám sát.",
            "The monitor's own clock is wrong, so it cannot tell whether the certificate of the shared service is valid. The fault is the monitor's.",
            "Đặt lại giờ, bật đồng bộ giờ (NTP) trên máy giám sát; mạng kín thì dùng máy chủ giờ của tỉnh. Cần biết ngay thì đăng nhập dịch vụ dùng chung trên một máy khác.",
            "Set the clock and switch on NTP on the monitor; on a closed network use the province's time server. To know now, sign in to the shared service from another computer.",
        ),
        Role.DEVICE: sentences(
            "Đồng hồ máy giám sát chạy sai nên không biết chứng thư của thiết bị còn hạn hay không. Lỗi phía máy giám sát.",
            "The monitor's own clock is wrong, so it cannot tell whether the certificate of the device is valid. The fault is the monitor's.",
            "Đặt lại giờ, bật đồng bộ giờ (NTP) trên máy giám sát; mạng kín thì dùng máy chủ giờ của tỉnh. Cần biết ngay thì xem đèn báo trên thiết bị.",
            "Set the clock and switch on NTP on the monitor; on a closed network use the province's time server. To know now, look at the lights on the device.",
        ),
    },
    Reason.PACKETS_DROPPED: {
        Role.UPLINK: sentences(
            "Gói tin dồn tới quá nhiều, máy giám sát làm rơi trước khi đọc nên không rõ đường truyền có trả lời không. Lỗi phía máy giám sát.",
            "More packets came than the monitor could read, and it dropped some: whether the line answered is not known. The fault is the monitor's.",
            "Dùng tcpdump hoặc tường lửa tìm máy đang gửi dồn dập tới máy giám sát rồi chặn lại. Cần biết ngay thì mở một trang web từ máy tại trụ sở để thử đường truyền.",
            "Find with tcpdump or at the firewall who floods the monitor, and stop it. To know now, open a web page at the office to try the line.",
        ),
        Role.LAN: sentences(
            "Gói tin dồn tới quá nhiều, máy giám sát làm rơi trước khi đọc nên không rõ mạng nội bộ có trả lời không. Lỗi phía máy giám sát.",
            "More packets came than the monitor could read, and it dropped some: whether the local network answered is not known. The fault is the monitor's.",
            "Dùng tcpdump hoặc tường lửa tìm máy đang gửi dồn dập tới máy giám sát rồi chặn lại. Cần biết ngay thì thử mạng nội bộ trên một máy tại trụ sở.",
            "Find with tcpdump or at the firewall who floods the monitor, and stop it. To know now, try the local network on a computer at the office.",
        ),
        Role.CONFERENCE: sentences(
            "Gói tin dồn tới quá nhiều, máy giám sát làm rơi trước khi đọc nên không rõ điểm cầu có trả lời không. Lỗi phía máy giám sát.",
            "More packets came than the monitor could read, and it dropped some: whether the conference point answered is not known. The fault is the monitor's.",
            "Dùng tcpdump hoặc tường lửa tìm máy đang gửi dồn dập tới máy giám sát rồi chặn lại. Cần biết ngay thì gọi thử một phiên từ codec của điểm cầu.",
            "Find with tcpdump or at the firewall who floods the monitor, and stop it. To know now, place a test call from the conference point.",
        ),
        Role.ONE_STOP: sentences(
            "Gói tin dồn tới quá nhiều, máy giám sát làm rơi trước khi đọc nên không rõ hệ thống một cửa có trả lời không. Lỗi phía máy giám sát.",
            "More packets came than the monitor could read, and it dropped some: whether the one-stop system answered is not known. The fault is the monitor's.",
            "Dùng tcpdump hoặc tường lửa tìm máy đang gửi dồn dập tới máy giám sát rồi chặn lại. Cần biết ngay thì mở trang một cửa trên máy tại quầy.",
            "Find with tcpdump or at the firewall who floods the monitor, and stop it. To know now, open the one-stop site at the desk.",
        ),
        Role.PORTAL: sentences(
            "Gói tin dồn tới quá nhiều, máy giám sát làm rơi trước khi đọc nên không rõ cổng thông tin có trả lời không. Lỗi phía máy giám sát.",
            "More packets came than the monitor could read, and it dropped some: whether the portal answered is not known. The fault is the monitor's.",
            "Dùng tcpdump hoặc tường lửa tìm máy đang gửi dồn dập tới máy giám sát rồi chặn lại. Cần biết ngay thì mở cổng thông tin bằng điện thoại.",
            "Find with tcpdump or at the firewall who floods the monitor, and stop it. To know now, open the portal on a phone.",
        ),
        Role.SERVICE: sentences(
            "Gói tin dồn tới quá nhiều, máy giám sát làm rơi trước khi đọc nên không rõ dịch vụ dùng chung có trả lời không. Lỗi phía máy giám sát.",
            "More packets came than the monitor could read, and it dropped some: whether the shared service answered is not known. The fault is the monitor's.",
            "Dùng tcpdump hoặc tường lửa tìm máy đang gửi dồn dập tới máy giám sát rồi chặn lại. Cần biết ngay thì đăng nhập dịch vụ dùng chung trên một máy khác.",
            "Find with tcpdump or at the firewall who floods the monitor, and stop it. To know now, sign in to the shared service from another computer.",
        ),
        Role.DEVICE: sentences(
            "Gói tin dồn tới quá nhiều, máy giám sát làm rơi trước khi đọc nên không rõ thiết bị có trả lời không. Lỗi phía máy giám sát.",
            "More packets came than the monitor could read, and it dropped some: whether the device answered is not known. The fault is the monitor's.",
            "Dùng tcpdump hoặc tường lửa tìm máy đang gửi dồn dập tới máy giám sát rồi chặn lại. Cần biết ngay thì xem đèn báo trên thiết bị.",
            "Find with tcpdump or at the firewall who floods the monitor, and stop it. To know now, look at the lights on the device.",
        ),
    },
    Reason.LOCAL_ERROR: {
        Role.UPLINK: sentences(
            "Lần đo này hỏng vì lỗi của máy giám sát, không nói lên điều gì về đường truyền.",
            "This check failed through a fault of the monitor's own machine; it says nothing about the line.",
            "Xem nhật ký của máy giám sát quanh giờ đo, chờ lần đo sau. Nếu lặp lại, khởi động lại máy; cần biết ngay thì mở một trang web từ máy tại trụ sở để thử đường truyền.",
            "Read the monitor's log around that time and wait for the next check. If it repeats, restart it; to know now, open a web page at the office to try the line.",
        ),
        Role.LAN: sentences(
            "Lần đo này hỏng vì lỗi của máy giám sát, không nói lên điều gì về mạng nội bộ.",
            "This check failed through a fault of the monitor's own machine; it says nothing about the local network.",
            "Xem nhật ký của máy giám sát quanh giờ đo, chờ lần đo sau. Nếu lặp lại, khởi động lại máy; cần biết ngay thì thử mạng nội bộ trên một máy tại trụ sở.",
            "Read the monitor's log around that time and wait for the next check. If it repeats, restart it; to know now, try the local network on a computer at the office.",
        ),
        Role.CONFERENCE: sentences(
            "Lần đo này hỏng vì lỗi của máy giám sát, không nói lên điều gì về điểm cầu.",
            "This check failed through a fault of the monitor's own machine; it says nothing about the conference point.",
            "Xem nhật ký của máy giám sát quanh giờ đo, chờ lần đo sau. Nếu lặp lại, khởi động lại máy; cần biết ngay thì gọi thử một phiên từ codec của điểm cầu.",
            "Read the monitor's log around that time and wait for the next check. If it repeats, restart it; to know now, place a test call from the conference point.",
        ),
        Role.ONE_STOP: sentences(
            "Lần đo này hỏng vì lỗi của máy giám sát, không nói lên điều gì về hệ thống một cửa.",
            "This check failed through a fault of the monitor's own machine; it says nothing about the one-stop system.",
            "Xem nhật ký của máy giám sát quanh giờ đo, chờ lần đo sau. Nếu lặp lại, khởi động lại máy; cần biết ngay thì mở trang một cửa trên máy tại quầy.",
            "Read the monitor's log around that time and wait for the next check. If it repeats, restart it; to know now, open the one-stop site at the desk.",
        ),
        Role.PORTAL: sentences(
            "Lần đo này hỏng vì lỗi của máy giám sát, không nói lên điều gì về cổng thông tin.",
            "This check failed through a fault of the monitor's own machine; it says nothing about the portal.",
            "Xem nhật ký của máy giám sát quanh giờ đo, chờ lần đo sau. Nếu lặp lại, khởi động lại máy; cần biết ngay thì mở cổng thông tin bằng điện thoại.",
            "Read the monitor's log around that time and wait for the next check. If it repeats, restart it; to know now, open the portal on a phone.",
        ),
        Role.SERVICE: sentences(
            "Lần đo này hỏng vì lỗi của máy giám sát, không nói lên điều gì về dịch vụ dùng chung.",
            "This check failed through a fault of the monitor's own machine; it says nothing about the shared service.",
            "Xem nhật ký của máy giám sát quanh giờ đo, chờ lần đo sau. Nếu lặp lại, khởi động lại máy; cần biết ngay thì đăng nhập dịch vụ dùng chung trên một máy khác.",
            "Read the monitor's log around that time and wait for the next check. If it repeats, restart it; to know now, sign in to the shared service from another computer.",
        ),
        Role.DEVICE: sentences(
            "Lần đo này hỏng vì lỗi của máy giám sát, không nói lên điều gì về thiết bị.",
            "This check failed through a fault of the monitor's own machine; it says nothing about the device.",
            "Xem nhật ký của máy giám sát quanh giờ đo, chờ lần đo sau. Nếu lặp lại, khởi động lại máy; cần biết ngay thì xem đèn báo trên thiết bị.",
            "Read the monitor's log around that time and wait for the next check. If it repeats, restart it; to know now, look at the lights on the device.",
        ),
    },
    Reason.INTERNAL_ERROR: {
        Role.UPLINK: sentences(
            "Phần mềm giám sát gặp lỗi của chính nó khi đo đường truyền; kết quả này không tính là hỏng.",
            "The monitoring software hit a fault of its own while checking the line; this does not count as a failure.",
            "Cập nhật phần mềm; gửi nhật ký có chữ internal_error cho người phát triển. Cần biết ngay thì mở một trang web từ máy tại trụ sở để thử đường truyền.",
            "Update the software and send its developers the log line with internal_error. To know now, open a web page at the office to try the line.",
        ),
        Role.LAN: sentences(
            "Phần mềm giám sát gặp lỗi của chính nó khi đo mạng nội bộ; kết quả này không tính là hỏng.",
            "The monitoring software hit a fault of its own while checking the local network; this does not count as a failure.",
            "Cập nhật phần mềm; gửi nhật ký có chữ internal_error cho người phát triển. Cần biết ngay thì thử mạng nội bộ trên một máy tại trụ sở.",
            "Update the software and send its developers the log line with internal_error. To know now, try the local network on a computer at the office.",
        ),
        Role.CONFERENCE: sentences(
            "Phần mềm giám sát gặp lỗi của chính nó khi đo điểm cầu; kết quả này không tính là hỏng.",
            "The monitoring software hit a fault of its own while checking the conference point; this does not count as a failure.",
            "Cập nhật phần mềm; gửi nhật ký có chữ internal_error cho người phát triển. Cần biết ngay thì gọi thử một phiên từ codec của điểm cầu.",
            "Update the software and send its developers the log line with internal_error. To know now, place a test call from the conference point.",
        ),
        Role.ONE_STOP: sentences(
            "Phần mềm giám sát gặp lỗi của chính nó khi đo hệ thống một cửa; kết quả này không tính là hỏng.",
            "The monitoring software hit a fault of its own while checking the one-stop system; this does not count as a failure.",
            "Cập nhật phần mềm; gửi nhật ký có chữ internal_error cho người phát triển. Cần biết ngay thì mở trang một cửa trên máy tại quầy.",
            "Update the software and send its developers the log line with internal_error. To know now, open the one-stop site at the desk.",
        ),
        Role.PORTAL: sentences(
            "Phần mềm giám sát gặp lỗi của chính nó khi đo cổng thông tin; kết quả này không tính là hỏng.",
            "The monitoring software hit a fault of its own while checking the portal; this does not count as a failure.",
            "Cập nhật phần mềm; gửi nhật ký có chữ internal_error cho người phát triển. Cần biết ngay thì mở cổng thông tin bằng điện thoại.",
            "Update the software and send its developers the log line with internal_error. To know now, open the portal on a phone.",
        ),
        Role.SERVICE: sentences(
            "Phần mềm giám sát gặp lỗi của chính nó khi đo dịch vụ dùng chung; kết quả này không tính là hỏng.",
            "The monitoring software hit a fault of its own while checking the shared service; this does not count as a failure.",
            "Cập nhật phần mềm; gửi nhật ký có chữ internal_error cho người phát triển. Cần biết ngay thì đăng nhập dịch vụ dùng chung trên một máy khác.",
            "Update the software and send its developers the log line with internal_error. To know now, sign in to the shared service from another computer.",
        ),
        Role.DEVICE: sentences(
            "Phần mềm giám sát gặp lỗi của chính nó khi đo thiết bị; kết quả này không tính là hỏng.",
            "The monitoring software hit a fault of its own while checking the device; this does not count as a failure.",
            "Cập nhật phần mềm; gửi nhật ký có chữ internal_error cho người phát triển. Cần biết ngay thì xem đèn báo trên thiết bị.",
            "Update the software and send its developers the log line with internal_error. To know now, look at the lights on the device.",
        ),
    },
}
