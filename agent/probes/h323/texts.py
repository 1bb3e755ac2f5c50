"""The texts of the reasons that only H.323 has."""

from __future__ import annotations

from agent.model import ReasonTexts, Role, sentences
from agent.probes.h323.reasons import H323Reason

TEXTS: ReasonTexts = {
    H323Reason.PORT_ONLY: {
        Role.UPLINK: sentences(
            "Cổng gọi H.323 của bộ định tuyến đầu đường truyền nhận kết nối nhưng không đáp lại; đó là điều bình thường với cổng này.",
            "The H.323 call port of the router at the end of the line takes connections but says nothing; on this port that is normal.",
            "Không cần sửa gì. Nếu muốn biết đường truyền tốt hay xấu, hãy dùng phép đo ping thay cho phép đo cổng H.323.",
            "Nothing to mend. To learn how good the line is, use a ping check rather than a check of an H.323 port.",
        ),
        Role.LAN: sentences(
            "Cổng gọi H.323 của một máy trong mạng nội bộ nhận kết nối nhưng không đáp lại; đó là điều bình thường với cổng này.",
            "The H.323 call port of a machine in the local network takes connections but says nothing; on this port that is normal.",
            "Không cần sửa gì. Nếu muốn biết mạng nội bộ tốt hay xấu, hãy đo ping tới bộ chuyển mạch thay cho cổng H.323.",
            "Nothing to mend. To learn how good the local network is, ping its switch rather than check an H.323 port.",
        ),
        Role.CONFERENCE: sentences(
            "Điểm cầu nhận kết nối trên cổng gọi H.323 nhưng không đáp lại câu hỏi của máy giám sát; nhiều codec khi tốt vẫn làm vậy.",
            "The conference point takes connections on its H.323 call port but leaves the monitor's question unanswered; many healthy codecs do.",
            "Không cần sửa gì. Trước cuộc họp quan trọng hãy gọi thử điểm cầu: phép đo này không phân biệt được codec tốt với codec bị treo.",
            "Nothing to mend. Before an important meeting place a test call to the conference point: this check cannot tell a healthy codec from one that hangs.",
        ),
        Role.ONE_STOP: sentences(
            "Cổng gọi H.323 trên máy chủ một cửa nhận kết nối nhưng không đáp lại; đó là điều bình thường với cổng này.",
            "The H.323 call port of the one-stop server takes connections but says nothing; on this port that is normal.",
            "Không cần sửa gì. Hệ thống một cửa nên được đo bằng trang web của nó; hãy kiểm tra lại phép đo đã chọn trong danh mục.",
            "Nothing to mend. A one-stop system is better checked through its web page; look again at the module chosen for it.",
        ),
        Role.PORTAL: sentences(
            "Cổng gọi H.323 trên máy chủ cổng thông tin nhận kết nối nhưng không đáp lại; đó là điều bình thường với loại cổng này.",
            "The H.323 call port of the portal's server takes connections but says nothing; on this port that is normal.",
            "Không cần sửa gì. Cổng thông tin nên được đo bằng trang web của nó; hãy kiểm tra lại phép đo đã chọn trong danh mục.",
            "Nothing to mend. A portal is better checked through its web page; look again at the module chosen for it.",
        ),
        Role.SERVICE: sentences(
            "Dịch vụ dùng chung (ví dụ máy chủ họp trực tuyến) nhận kết nối trên cổng gọi H.323 nhưng không đáp lại; nhiều máy chủ tốt vẫn làm vậy.",
            "The shared service (a meeting server, for one) takes connections on its H.323 call port but says nothing; many healthy servers do so.",
            "Không cần sửa gì. Muốn chắc chắn, hãy gọi thử qua dịch vụ dùng chung này: phép đo không phân biệt được phần mềm tốt với phần mềm bị treo.",
            "Nothing to mend. To be certain, place a test call through this shared service: the check cannot tell healthy software from hanging software.",
        ),
        Role.DEVICE: sentences(
            "Thiết bị nhận kết nối trên cổng gọi H.323 nhưng không đáp lại câu hỏi của máy giám sát; đó là điều bình thường.",
            "The device takes connections on its H.323 call port but leaves the monitor's question unanswered; that is normal.",
            "Không cần sửa gì. Muốn chắc chắn, hãy gọi thử tới thiết bị: phép đo này không phân biệt được máy tốt với máy bị treo.",
            "Nothing to mend. To be certain, place a test call to the device: this check cannot tell a healthy one from one that hangs.",
        ),
    },
}
