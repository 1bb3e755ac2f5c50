"""States that are unknown because no run could tell."""

from __future__ import annotations

from collections.abc import Mapping

from agent.model import ReasonText, Role, UnknownCause, sentences

TEXTS: Mapping[UnknownCause, Mapping[Role, ReasonText]] = {
    UnknownCause.MONITOR_NET: {
        Role.UPLINK: sentences(
            "Chưa rõ: mạng của chính máy giám sát đang mất (không tới được các điểm mốc), nên không kết luận được về đường truyền.",
            "Unknown: the monitor's own network is lost (its reference points do not answer), so nothing can be said of the line.",
            "Khôi phục mạng của máy giám sát trước: dây mạng, bộ định tuyến, đường truyền tại nơi đặt máy. Trong lúc chờ, có thể mở một trang web từ máy tại trụ sở để thử đường truyền.",
            "Restore the monitor's network first: its cable, its router, the line where it stands. Meanwhile open a web page at the office to try the line.",
        ),
        Role.LAN: sentences(
            "Chưa rõ: mạng của chính máy giám sát đang mất (không tới được các điểm mốc), nên không kết luận được về mạng nội bộ.",
            "Unknown: the monitor's own network is lost (its reference points do not answer), so nothing can be said of the local network.",
            "Khôi phục mạng của máy giám sát trước: dây mạng, bộ định tuyến, đường truyền tại nơi đặt máy. Trong lúc chờ, có thể thử mạng nội bộ trên một máy tại trụ sở.",
            "Restore the monitor's network first: its cable, its router, the line where it stands. Meanwhile try the local network on a computer at the office.",
        ),
        Role.CONFERENCE: sentences(
            "Chưa rõ: mạng của chính máy giám sát đang mất (không tới được các điểm mốc), nên không kết luận được về điểm cầu.",
            "Unknown: the monitor's own network is lost (its reference points do not answer), so nothing can be said of the conference point.",
            "Khôi phục mạng của máy giám sát trước: dây mạng, bộ định tuyến, đường truyền tại nơi đặt máy. Trong lúc chờ, có thể gọi thử một phiên từ codec của điểm cầu.",
            "Restore the monitor's network first: its cable, its router, the line where it stands. Meanwhile place a test call from the conference point.",
        ),
        Role.ONE_STOP: sentences(
            "Chưa rõ: mạng của chính máy giám sát đang mất (không tới được các điểm mốc), nên không kết luận được về hệ thống một cửa.",
            "Unknown: the monitor's own network is lost (its reference points do not answer), so nothing can be said of the one-stop system.",
            "Khôi phục mạng của máy giám sát trước: dây mạng, bộ định tuyến, đường truyền tại nơi đặt máy. Trong lúc chờ, có thể mở trang một cửa trên máy tại quầy.",
            "Restore the monitor's network first: its cable, its router, the line where it stands. Meanwhile open the one-stop site at the desk.",
        ),
        Role.PORTAL: sentences(
            "Chưa rõ: mạng của chính máy giám sát đang mất (không tới được các điểm mốc), nên không kết luận được về cổng thông tin.",
            "Unknown: the monitor's own network is lost (its reference points do not answer), so nothing can be said of the portal.",
            "Khôi phục mạng của máy giám sát trước: dây mạng, bộ định tuyến, đường truyền tại nơi đặt máy. Trong lúc chờ, có thể mở cổng thông tin bằng điện thoại.",
            "Restore the monitor's network first: its cable, its router, the line where it stands. Meanwhile open the portal on a phone.",
        ),
        Role.SERVICE: sentences(
            "Chưa rõ: mạng của chính máy giám sát đang mất (không tới được các điểm mốc), nên không kết luận được về dịch vụ dùng chung.",
            "Unknown: the monitor's own network is lost (its reference points do not answer), so nothing can be said of the shared service.",
            "Khôi phục mạng của máy giám sát trước: dây mạng, bộ định tuyến, đường truyền tại nơi đặt máy. Trong lúc chờ, có thể đăng nhập dịch vụ dùng chung trên một máy khác.",
            "Restore the monitor's network first: its cable, its router, the line where it stands. Meanwhile sign in to the shared service from another computer.",
        ),
        Role.DEVICE: sentences(
            "Chưa rõ: mạng của chính máy giám sát đang mất (không tới được các điểm mốc), nên không kết luận được về thiết bị.",
            "Unknown: the monitor's own network is lost (its reference points do not answer), so nothing can be said of the device.",
            "Khôi phục mạng của máy giám sát trước: dây mạng, bộ định tuyến, đường truyền tại nơi đặt máy. Trong lúc chờ, có thể xem đèn báo trên thiết bị.",
            "Restore the monitor's network first: its cable, its router, the line where it stands. Meanwhile look at the lights on the device.",
        ),
    },
    UnknownCause.DNS: {
        Role.UPLINK: sentences(
            "Chưa rõ: máy chủ tên miền (DNS) mà máy giám sát dùng không trả lời, nên chưa đo được đường truyền. Lỗi phía máy giám sát.",
            "Unknown: the name server (DNS) of the monitor does not answer, so the line could not be checked. The fault is the monitor's.",
            "Kiểm tra DNS khai trên máy giám sát, đặt ít nhất hai máy chủ tên miền. Cần biết ngay thì mở một trang web từ máy tại trụ sở để thử đường truyền. Khai báo bằng địa chỉ IP thì không cần tên miền.",
            "Check the monitor's DNS settings and give it two name servers at least. To know now, open a web page at the office to try the line. An address by number needs no name server.",
        ),
        Role.LAN: sentences(
            "Chưa rõ: máy chủ tên miền (DNS) mà máy giám sát dùng không trả lời, nên chưa đo được mạng nội bộ. Lỗi phía máy giám sát.",
            "Unknown: the name server (DNS) of the monitor does not answer, so the local network could not be checked. The fault is the monitor's.",
            "Kiểm tra DNS khai trên máy giám sát, đặt ít nhất hai máy chủ tên miền. Cần biết ngay thì thử mạng nội bộ trên một máy tại trụ sở. Khai báo bằng địa chỉ IP thì không cần tên miền.",
            "Check the monitor's DNS settings and give it two name servers at least. To know now, try the local network on a computer at the office. An address by number needs no name server.",
        ),
        Role.CONFERENCE: sentences(
            "Chưa rõ: máy chủ tên miền (DNS) mà máy giám sát dùng không trả lời, nên chưa đo được điểm cầu. Lỗi phía máy giám sát.",
            "Unknown: the name server (DNS) of the monitor does not answer, so the conference point could not be checked. The fault is the monitor's.",
            "Kiểm tra DNS khai trên máy giám sát, đặt ít nhất hai máy chủ tên miền. Cần biết ngay thì gọi thử một phiên từ codec của điểm cầu. Khai báo bằng địa chỉ IP thì không cần tên miền.",
            "Check the monitor's DNS settings and give it two name servers at least. To know now, place a test call from the conference point. An address by number needs no name server.",
        ),
        Role.ONE_STOP: sentences(
            "Chưa rõ: máy chủ tên miền (DNS) mà máy giám sát dùng không trả lời, nên chưa đo được hệ thống một cửa. Lỗi phía máy giám sát.",
            "Unknown: the name server (DNS) of the monitor does not answer, so the one-stop system could not be checked. The fault is the monitor's.",
            "Kiểm tra DNS khai trên máy giám sát, đặt ít nhất hai máy chủ tên miền. Cần biết ngay thì mở trang một cửa trên máy tại quầy. Khai báo bằng địa chỉ IP thì không cần tên miền.",
            "Check the monitor's DNS settings and give it two name servers at least. To know now, open the one-stop site at the desk. An address by number needs no name server.",
        ),
        Role.PORTAL: sentences(
            "Chưa rõ: máy chủ tên miền (DNS) mà máy giám sát dùng không trả lời, nên chưa đo được cổng thông tin. Lỗi phía máy giám sát.",
            "Unknown: the name server (DNS) of the monitor does not answer, so the portal could not be checked. The fault is the monitor's.",
            "Kiểm tra DNS khai trên máy giám sát, đặt ít nhất hai máy chủ tên miền. Cần biết ngay thì mở cổng thông tin bằng điện thoại. Khai báo bằng địa chỉ IP thì không cần tên miền.",
            "Check the monitor's DNS settings and give it two name servers at least. To know now, open the portal on a phone. An address by number needs no name server.",
        ),
        Role.SERVICE: sentences(
            "Chưa rõ: máy chủ tên miền (DNS) mà máy giám sát dùng không trả lời, nên chưa đo được dịch vụ dùng chung. Lỗi phía máy giám sát.",
            "Unknown: the name server (DNS) of the monitor does not answer, so the shared service could not be checked. The fault is the monitor's.",
            "Kiểm tra DNS khai trên máy giám sát, đặt ít nhất hai máy chủ tên miền. Cần biết ngay thì đăng nhập dịch vụ dùng chung trên một máy khác. Khai báo bằng địa chỉ IP thì không cần tên miền.",
            "Check the monitor's DNS settings and give it two name servers at least. To know now, sign in to the shared service from another computer. An address by number needs no name server.",
        ),
        Role.DEVICE: sentences(
            "Chưa rõ: máy chủ tên miền (DNS) mà máy giám sát dùng không trả lời, nên chưa đo được thiết bị. Lỗi phía máy giám sát.",
            "Unknown: the name server (DNS) of the monitor does not answer, so the device could not be checked. The fault is the monitor's.",
            "Kiểm tra DNS khai trên máy giám sát, đặt ít nhất hai máy chủ tên miền. Cần biết ngay thì xem đèn báo trên thiết bị. Khai báo bằng địa chỉ IP thì không cần tên miền.",
            "Check the monitor's DNS settings and give it two name servers at least. To know now, look at the lights on the device. An address by number needs no name server.",
        ),
    },
    UnknownCause.LOCAL_ERROR: {
        Role.UPLINK: sentences(
            "Chưa rõ: nhiều lần đo liền gặp lỗi của máy giám sát, nên không kết luận được về đường truyền.",
            "Unknown: check after check failed through the monitor's own faults, so nothing can be said of the line.",
            "Mở nhật ký máy giám sát tìm lỗi lặp lại; kiểm tra quyền gửi gói, bộ nhớ và cạc mạng. Trong lúc chờ, có thể mở một trang web từ máy tại trụ sở để thử đường truyền.",
            "Look in the monitor's log for what repeats; check its rights, memory and network card. Meanwhile open a web page at the office to try the line.",
        ),
        Role.LAN: sentences(
            "Chưa rõ: nhiều lần đo liền gặp lỗi của máy giám sát, nên không kết luận được về mạng nội bộ.",
            "Unknown: check after check failed through the monitor's own faults, so nothing can be said of the local network.",
            "Mở nhật ký máy giám sát tìm lỗi lặp lại; kiểm tra quyền gửi gói, bộ nhớ và cạc mạng. Trong lúc chờ, có thể thử mạng nội bộ trên một máy tại trụ sở.",
            "Look in the monitor's log for what repeats; check its rights, memory and network card. Meanwhile try the local network on a computer at the office.",
        ),
        Role.CONFERENCE: sentences(
            "Chưa rõ: nhiều lần đo liền gặp lỗi của máy giám sát, nên không kết luận được về điểm cầu.",
            "Unknown: check after check failed through the monitor's own faults, so nothing can be said of the conference point.",
            "Mở nhật ký máy giám sát tìm lỗi lặp lại; kiểm tra quyền gửi gói, bộ nhớ và cạc mạng. Trong lúc chờ, có thể gọi thử một phiên từ codec của điểm cầu.",
            "Look in the monitor's log for what repeats; check its rights, memory and network card. Meanwhile place a test call from the conference point.",
        ),
        Role.ONE_STOP: sentences(
            "Chưa rõ: nhiều lần đo liền gặp lỗi của máy giám sát, nên không kết luận được về hệ thống một cửa.",
            "Unknown: check after check failed through the monitor's own faults, so nothing can be said of the one-stop system.",
            "Mở nhật ký máy giám sát tìm lỗi lặp lại; kiểm tra quyền gửi gói, bộ nhớ và cạc mạng. Trong lúc chờ, có thể mở trang một cửa trên máy tại quầy.",
            "Look in the monitor's log for what repeats; check its rights, memory and network card. Meanwhile open the one-stop site at the desk.",
        ),
        Role.PORTAL: sentences(
            "Chưa rõ: nhiều lần đo liền gặp lỗi của máy giám sát, nên không kết luận được về cổng thông tin.",
            "Unknown: check after check failed through the monitor's own faults, so nothing can be said of the portal.",
            "Mở nhật ký máy giám sát tìm lỗi lặp lại; kiểm tra quyền gửi gói, bộ nhớ và cạc mạng. Trong lúc chờ, có thể mở cổng thông tin bằng điện thoại.",
            "Look in the monitor's log for what repeats; check its rights, memory and network card. Meanwhile open the portal on a phone.",
        ),
        Role.SERVICE: sentences(
            "Chưa rõ: nhiều lần đo liền gặp lỗi của máy giám sát, nên không kết luận được về dịch vụ dùng chung.",
            "Unknown: check after check failed through the monitor's own faults, so nothing can be said of the shared service.",
            "Mở nhật ký máy giám sát tìm lỗi lặp lại; kiểm tra quyền gửi gói, bộ nhớ và cạc mạng. Trong lúc chờ, có thể đăng nhập dịch vụ dùng chung trên một máy khác.",
            "Look in the monitor's log for what repeats; check its rights, memory and network card. Meanwhile sign in to the shared service from another computer.",
        ),
        Role.DEVICE: sentences(
            "Chưa rõ: nhiều lần đo liền gặp lỗi của máy giám sát, nên không kết luận được về thiết bị.",
            "Unknown: check after check failed through the monitor's own faults, so nothing can be said of the device.",
            "Mở nhật ký máy giám sát tìm lỗi lặp lại; kiểm tra quyền gửi gói, bộ nhớ và cạc mạng. Trong lúc chờ, có thể xem đèn báo trên thiết bị.",
            "Look in the monitor's log for what repeats; check its rights, memory and network card. Meanwhile look at the lights on the device.",
        ),
    },
    UnknownCause.DROPS: {
        Role.UPLINK: sentences(
            "Chưa rõ: gói tin dồn tới quá nhiều, máy giám sát làm rơi trước khi đọc, nên không kết luận được về đường truyền.",
            "Unknown: more packets came than the monitor could read, and it dropped some, so nothing can be said of the line.",
            "Dùng tcpdump tìm máy đang gửi dồn dập tới máy giám sát rồi chặn; số gói bị rơi ở sansang_socket_dropped_packets_total. Trong lúc chờ, có thể mở một trang web từ máy tại trụ sở để thử đường truyền.",
            "Find with tcpdump who floods the monitor, and stop it; sansang_socket_dropped_packets_total counts what was dropped. Meanwhile open a web page at the office to try the line.",
        ),
        Role.LAN: sentences(
            "Chưa rõ: gói tin dồn tới quá nhiều, máy giám sát làm rơi trước khi đọc, nên không kết luận được về mạng nội bộ.",
            "Unknown: more packets came than the monitor could read, and it dropped some, so nothing can be said of the local network.",
            "Dùng tcpdump tìm máy đang gửi dồn dập tới máy giám sát rồi chặn; số gói bị rơi ở sansang_socket_dropped_packets_total. Trong lúc chờ, có thể thử mạng nội bộ trên một máy tại trụ sở.",
            "Find with tcpdump who floods the monitor, and stop it; sansang_socket_dropped_packets_total counts what was dropped. Meanwhile try the local network on a computer at the office.",
        ),
        Role.CONFERENCE: sentences(
            "Chưa rõ: gói tin dồn tới quá nhiều, máy giám sát làm rơi trước khi đọc, nên không kết luận được về điểm cầu.",
            "Unknown: more packets came than the monitor could read, and it dropped some, so nothing can be said of the conference point.",
            "Dùng tcpdump tìm máy đang gửi dồn dập tới máy giám sát rồi chặn; số gói bị rơi ở sansang_socket_dropped_packets_total. Trong lúc chờ, có thể gọi thử một phiên từ codec của điểm cầu.",
            "Find with tcpdump who floods the monitor, and stop it; sansang_socket_dropped_packets_total counts what was dropped. Meanwhile place a test call from the conference point.",
        ),
        Role.ONE_STOP: sentences(
            "Chưa rõ: gói tin dồn tới quá nhiều, máy giám sát làm rơi trước khi đọc, nên không kết luận được về hệ thống một cửa.",
            "Unknown: more packets came than the monitor could read, and it dropped some, so nothing can be said of the one-stop system.",
            "Dùng tcpdump tìm máy đang gửi dồn dập tới máy giám sát rồi chặn; số gói bị rơi ở sansang_socket_dropped_packets_total. Trong lúc chờ, có thể mở trang một cửa trên máy tại quầy.",
            "Find with tcpdump who floods the monitor, and stop it; sansang_socket_dropped_packets_total counts what was dropped. Meanwhile open the one-stop site at the desk.",
        ),
        Role.PORTAL: sentences(
            "Chưa rõ: gói tin dồn tới quá nhiều, máy giám sát làm rơi trước khi đọc, nên không kết luận được về cổng thông tin.",
            "Unknown: more packets came than the monitor could read, and it dropped some, so nothing can be said of the portal.",
            "Dùng tcpdump tìm máy đang gửi dồn dập tới máy giám sát rồi chặn; số gói bị rơi ở sansang_socket_dropped_packets_total. Trong lúc chờ, có thể mở cổng thông tin bằng điện thoại.",
            "Find with tcpdump who floods the monitor, and stop it; sansang_socket_dropped_packets_total counts what was dropped. Meanwhile open the portal on a phone.",
        ),
        Role.SERVICE: sentences(
            "Chưa rõ: gói tin dồn tới quá nhiều, máy giám sát làm rơi trước khi đọc, nên không kết luận được về dịch vụ dùng chung.",
            "Unknown: more packets came than the monitor could read, and it dropped some, so nothing can be said of the shared service.",
            "Dùng tcpdump tìm máy đang gửi dồn dập tới máy giám sát rồi chặn; số gói bị rơi ở sansang_socket_dropped_packets_total. Trong lúc chờ, có thể đăng nhập dịch vụ dùng chung trên một máy khác.",
            "Find with tcpdump who floods the monitor, and stop it; sansang_socket_dropped_packets_total counts what was dropped. Meanwhile sign in to the shared service from another computer.",
        ),
        Role.DEVICE: sentences(
            "Chưa rõ: gói tin dồn tới quá nhiều, máy giám sát làm rơi trước khi đọc, nên không kết luận được về thiết bị.",
            "Unknown: more packets came than the monitor could read, and it dropped some, so nothing can be said of the device.",
            "Dùng tcpdump tìm máy đang gửi dồn dập tới máy giám sát rồi chặn; số gói bị rơi ở sansang_socket_dropped_packets_total. Trong lúc chờ, có thể xem đèn báo trên thiết bị.",
            "Find with tcpdump who floods the monitor, and stop it; sansang_socket_dropped_packets_total counts what was dropped. Meanwhile look at the lights on the device.",
        ),
    },
    UnknownCause.NOT_YET: {
        Role.UPLINK: sentences(
            "Chưa rõ: đường truyền mới được thêm hoặc máy giám sát vừa khởi động, chưa đủ kết quả đo.",
            "Unknown: the line was just added or the monitor just started; there are not enough results yet.",
            "Chờ một đến hai lượt đo rồi xem lại. Nếu sau 10 phút vẫn vậy, xem nhật ký; cần ngay thì mở một trang web từ máy tại trụ sở để thử đường truyền.",
            "Wait a round or two and look again. If it stays so for 10 minutes, read the log; to know now, open a web page at the office to try the line.",
        ),
        Role.LAN: sentences(
            "Chưa rõ: mạng nội bộ mới được thêm hoặc máy giám sát vừa khởi động, chưa đủ kết quả đo.",
            "Unknown: the local network was just added or the monitor just started; there are not enough results yet.",
            "Chờ một đến hai lượt đo rồi xem lại. Nếu sau 10 phút vẫn vậy, xem nhật ký; cần ngay thì thử mạng nội bộ trên một máy tại trụ sở.",
            "Wait a round or two and look again. If it stays so for 10 minutes, read the log; to know now, try the local network on a computer at the office.",
        ),
        Role.CONFERENCE: sentences(
            "Chưa rõ: điểm cầu mới được thêm hoặc máy giám sát vừa khởi động, chưa đủ kết quả đo.",
            "Unknown: the conference point was just added or the monitor just started; there are not enough results yet.",
            "Chờ một đến hai lượt đo rồi xem lại. Nếu sau 10 phút vẫn vậy, xem nhật ký; cần ngay thì gọi thử một phiên từ codec của điểm cầu.",
            "Wait a round or two and look again. If it stays so for 10 minutes, read the log; to know now, place a test call from the conference point.",
        ),
        Role.ONE_STOP: sentences(
            "Chưa rõ: hệ thống một cửa mới được thêm hoặc máy giám sát vừa khởi động, chưa đủ kết quả đo.",
            "Unknown: the one-stop system was just added or the monitor just started; there are not enough results yet.",
            "Chờ một đến hai lượt đo rồi xem lại. Nếu sau 10 phút vẫn vậy, xem nhật ký; cần ngay thì mở trang một cửa trên máy tại quầy.",
            "Wait a round or two and look again. If it stays so for 10 minutes, read the log; to know now, open the one-stop site at the desk.",
        ),
        Role.PORTAL: sentences(
            "Chưa rõ: cổng thông tin mới được thêm hoặc máy giám sát vừa khởi động, chưa đủ kết quả đo.",
            "Unknown: the portal was just added or the monitor just started; there are not enough results yet.",
            "Chờ một đến hai lượt đo rồi xem lại. Nếu sau 10 phút vẫn vậy, xem nhật ký; cần ngay thì mở cổng thông tin bằng điện thoại.",
            "Wait a round or two and look again. If it stays so for 10 minutes, read the log; to know now, open the portal on a phone.",
        ),
        Role.SERVICE: sentences(
            "Chưa rõ: dịch vụ dùng chung mới được thêm hoặc máy giám sát vừa khởi động, chưa đủ kết quả đo.",
            "Unknown: the shared service was just added or the monitor just started; there are not enough results yet.",
            "Chờ một đến hai lượt đo rồi xem lại. Nếu sau 10 phút vẫn vậy, xem nhật ký; cần ngay thì đăng nhập dịch vụ dùng chung trên một máy khác.",
            "Wait a round or two and look again. If it stays so for 10 minutes, read the log; to know now, sign in to the shared service from another computer.",
        ),
        Role.DEVICE: sentences(
            "Chưa rõ: thiết bị mới được thêm hoặc máy giám sát vừa khởi động, chưa đủ kết quả đo.",
            "Unknown: the device was just added or the monitor just started; there are not enough results yet.",
            "Chờ một đến hai lượt đo rồi xem lại. Nếu sau 10 phút vẫn vậy, xem nhật ký; cần ngay thì xem đèn báo trên thiết bị.",
            "Wait a round or two and look again. If it stays so for 10 minutes, read the log; to know now, look at the lights on the device.",
        ),
    },
}
