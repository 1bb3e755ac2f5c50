"""The texts of the reasons that only ICMP has."""

from __future__ import annotations

from agent.model import ReasonTexts, Role, sentences
from agent.probes.icmp.reasons import IcmpReason

TEXTS: ReasonTexts = {
    IcmpReason.HIGH_LOSS: {
        Role.UPLINK: sentences(
            "Đường truyền vẫn thông nhưng mất nhiều gói tin; lỗi ở cáp, modem tại trụ sở hoặc phía nhà mạng.",
            "The line works but loses many packets; the fault is the cable or modem at the office, or the provider.",
            "Tạm dừng tải lớn, cắm lại cáp giữa modem quang và bộ định tuyến, xem đèn LOS. Còn mất gói thì gọi nhà mạng, đọc số phần trăm mất.",
            "Pause big transfers, reseat the cable between modem and router, look at the LOS light. If loss stays, call the provider and quote the figure.",
        ),
        Role.LAN: sentences(
            "Mạng nội bộ vẫn thông nhưng mất nhiều gói tin; lỗi ở dây, cổng cắm hoặc bộ chuyển mạch.",
            "The local network works but loses many packets; the fault is a cable, a port or the switch.",
            "Cắm lại dây nối vào bộ chuyển mạch, đổi cổng khác, đổi dây. Nếu mọi máy cùng chậm, xem có dây nào cắm nhầm thành vòng hay không.",
            "Reseat the switch's cables, try another port and another cable. If every computer is slow, look for a cable plugged into a loop.",
        ),
        Role.CONFERENCE: sentences(
            "Điểm cầu vẫn thông nhưng mất nhiều gói tin; lỗi trên đường đi hoặc tại codec.",
            "The conference point works but loses many packets; the fault is on the way or at the codec.",
            "Hình sẽ vỡ, tiếng ngắt quãng. Cho codec dùng dây mạng thay Wi-Fi, đổi dây, tạm dừng máy khác đang tải; còn mất gói thì gọi bộ phận đường truyền.",
            "Picture and sound will break up. Use a cable, not Wi-Fi, change it, pause other downloads; if loss stays, call the people for the line.",
        ),
        Role.ONE_STOP: sentences(
            "Hệ thống một cửa vẫn thông nhưng mất nhiều gói tin; lỗi trên đường đi hoặc tại máy chủ.",
            "The one-stop system works but loses many packets; the fault is on the way or at its server.",
            "Mở trang một cửa từ mạng khác để so sánh. Chỉ mạng này chậm thì xem đường truyền của trụ sở; nơi nào cũng chậm thì báo đơn vị vận hành một cửa.",
            "Compare from another network. Only here: look at the office line. Everywhere: tell the operator of the one-stop system.",
        ),
        Role.PORTAL: sentences(
            "Cổng thông tin vẫn thông nhưng mất nhiều gói tin; lỗi trên đường đi hoặc tại máy chủ.",
            "The portal works but loses many packets; the fault is on the way or at its server.",
            "Mở cổng thông tin bằng 4G để so sánh. Nếu 4G cũng chập chờn, báo đơn vị đặt máy chủ của cổng thông tin.",
            "Compare over a mobile phone. If that is patchy too, tell the company that hosts the portal.",
        ),
        Role.SERVICE: sentences(
            "Dịch vụ dùng chung vẫn thông nhưng mất nhiều gói tin; lỗi trên đường đi hoặc tại máy chủ.",
            "The shared service works but loses many packets; the fault is on the way or at its server.",
            "So sánh với dịch vụ khác trên cùng mạng. Chỉ dịch vụ dùng chung này mất gói thì báo đơn vị vận hành; tất cả đều mất thì xem đường truyền.",
            "Compare with other services on the same network. If only this shared service loses packets tell its operator; if all do, look at the line.",
        ),
        Role.DEVICE: sentences(
            "Thiết bị vẫn trả lời nhưng mất nhiều gói tin; lỗi ở dây mạng, cổng cắm hoặc trên đường đi.",
            "The device still answers but loses many packets; the fault is its cable, its port or the way to it.",
            "Cắm lại hoặc đổi dây mạng của thiết bị, đổi cổng trên bộ chuyển mạch. Nếu dùng Wi-Fi, đưa thiết bị lại gần hơn hoặc chuyển sang dây.",
            "Reseat or change the device's network cable and its switch port. On Wi-Fi, move the device closer or give it a cable.",
        ),
    },
    IcmpReason.HIGH_JITTER: {
        Role.UPLINK: sentences(
            "Đường truyền vẫn thông nhưng lúc nhanh lúc chậm (biến động trễ lớn); đường đi đang tranh chấp băng thông.",
            "The line works but unevenly, now fast and now slow (high jitter); something competes for the way.",
            "Tìm máy đang tải lên, tải xuống nhiều và tạm dừng. Nếu đêm vắng vẫn biến động, gửi số liệu cho nhà mạng kiểm tra đường truyền.",
            "Find who is uploading or downloading much and pause it. If it stays uneven at night, send the provider the figures to test the line.",
        ),
        Role.LAN: sentences(
            "Mạng nội bộ vẫn thông nhưng lúc nhanh lúc chậm (biến động trễ lớn); đường đi đang tranh chấp băng thông.",
            "The local network works but unevenly, now fast and now slow (high jitter); something competes for the way.",
            "Xem có camera, sao lưu hay cập nhật đang chiếm mạng nội bộ. Thử nối thẳng một máy vào bộ chuyển mạch để so sánh.",
            "See whether cameras, backups or updates fill the local network. Connect one computer straight to the switch to compare.",
        ),
        Role.CONFERENCE: sentences(
            "Điểm cầu vẫn thông nhưng lúc nhanh lúc chậm (biến động trễ lớn); đường đi đang tranh chấp băng thông.",
            "The conference point works but unevenly, now fast and now slow (high jitter); something competes for the way.",
            "Tiếng dễ bị giật. Nối codec bằng dây mạng riêng, tạm dừng camera và tải lớn cùng mạng, bật ưu tiên cho hội nghị trên bộ định tuyến.",
            "Sound may stutter. Give the codec its own cable, pause cameras and big downloads, and switch on conference priority on the router.",
        ),
        Role.ONE_STOP: sentences(
            "Hệ thống một cửa trả lời lúc nhanh lúc chậm (biến động trễ lớn); đường tới máy chủ đang tranh chấp băng thông.",
            "The one-stop system answers now fast, now slow (high jitter); traffic competes on the way to its server.",
            "Thường không ảnh hưởng nhiều tới hồ sơ. Nếu quầy một cửa thấy trang lúc được lúc không, xem đường truyền trụ sở trước.",
            "Dossiers seldom suffer. If the desk sees the one-stop pages come and go, look at the office line first.",
        ),
        Role.PORTAL: sentences(
            "Cổng thông tin trả lời lúc nhanh lúc chậm (biến động trễ lớn); đường tới máy chủ đang tranh chấp băng thông.",
            "The portal answers now fast, now slow (high jitter); traffic competes on the way to its server.",
            "Người xem ít nhận ra. Nếu kéo dài cả ngày, gửi biểu đồ trễ cho đơn vị vận hành cổng thông tin.",
            "Readers hardly notice. If it lasts all day, send the delay chart to the portal's operator.",
        ),
        Role.SERVICE: sentences(
            "Dịch vụ dùng chung trả lời lúc nhanh lúc chậm (biến động trễ lớn); đường tới máy chủ đang tranh chấp băng thông.",
            "The shared service answers now fast, now slow (high jitter); traffic competes on the way to its server.",
            "Đo lại ngoài giờ cao điểm. Nếu vẫn biến động, gửi số liệu cho đơn vị vận hành dịch vụ dùng chung và bộ phận đường truyền.",
            "Measure again off-peak. If still uneven, send the figures to the operator of the shared service and the people for the line.",
        ),
        Role.DEVICE: sentences(
            "Thiết bị trả lời lúc nhanh lúc chậm (biến động trễ lớn); dây, sóng Wi-Fi hoặc đường đi không ổn định.",
            "The device answers now fast, now slow (high jitter); its cable, its Wi-Fi or the way to it is unsteady.",
            "Xem thiết bị có nối Wi-Fi hoặc chung cổng với máy tải nhiều; chuyển sang dây và cổng riêng rồi đo lại.",
            "See whether the device is on Wi-Fi or shares a port with a busy computer; give it a cable and a port of its own.",
        ),
    },
}
