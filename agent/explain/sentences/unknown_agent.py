"""States that are unknown because of the agent itself."""

from __future__ import annotations

from collections.abc import Mapping

from agent.model import ReasonText, Role, UnknownCause, sentences

TEXTS: Mapping[UnknownCause, Mapping[Role, ReasonText]] = {
    UnknownCause.AGENT_OFF: {
        Role.UPLINK: sentences(
            "Chưa rõ: máy giám sát tắt hoặc chương trình không chạy, nên không ai đo đường truyền lúc đó.",
            "Unknown: the monitor was off or its program not running, so nobody checked the line at the time.",
            "Xem máy giám sát có điện, dịch vụ sansang có chạy và tự bật khi khởi động. Trong lúc chờ, có thể mở một trang web từ máy tại trụ sở để thử đường truyền.",
            "See that the monitor has power and the sansang service runs and starts by itself. Meanwhile open a web page at the office to try the line.",
        ),
        Role.LAN: sentences(
            "Chưa rõ: máy giám sát tắt hoặc chương trình không chạy, nên không ai đo mạng nội bộ lúc đó.",
            "Unknown: the monitor was off or its program not running, so nobody checked the local network at the time.",
            "Xem máy giám sát có điện, dịch vụ sansang có chạy và tự bật khi khởi động. Trong lúc chờ, có thể thử mạng nội bộ trên một máy tại trụ sở.",
            "See that the monitor has power and the sansang service runs and starts by itself. Meanwhile try the local network on a computer at the office.",
        ),
        Role.CONFERENCE: sentences(
            "Chưa rõ: máy giám sát tắt hoặc chương trình không chạy, nên không ai đo điểm cầu lúc đó.",
            "Unknown: the monitor was off or its program not running, so nobody checked the conference point at the time.",
            "Xem máy giám sát có điện, dịch vụ sansang có chạy và tự bật khi khởi động. Trong lúc chờ, có thể gọi thử một phiên từ codec của điểm cầu.",
            "See that the monitor has power and the sansang service runs and starts by itself. Meanwhile place a test call from the conference point.",
        ),
        Role.ONE_STOP: sentences(
            "Chưa rõ: máy giám sát tắt hoặc chương trình không chạy, nên không ai đo hệ thống một cửa lúc đó.",
            "Unknown: the monitor was off or its program not running, so nobody checked the one-stop system at the time.",
            "Xem máy giám sát có điện, dịch vụ sansang có chạy và tự bật khi khởi động. Trong lúc chờ, có thể mở trang một cửa trên máy tại quầy.",
            "See that the monitor has power and the sansang service runs and starts by itself. Meanwhile open the one-stop site at the desk.",
        ),
        Role.PORTAL: sentences(
            "Chưa rõ: máy giám sát tắt hoặc chương trình không chạy, nên không ai đo cổng thông tin lúc đó.",
            "Unknown: the monitor was off or its program not running, so nobody checked the portal at the time.",
            "Xem máy giám sát có điện, dịch vụ sansang có chạy và tự bật khi khởi động. Trong lúc chờ, có thể mở cổng thông tin bằng điện thoại.",
            "See that the monitor has power and the sansang service runs and starts by itself. Meanwhile open the portal on a phone.",
        ),
        Role.SERVICE: sentences(
            "Chưa rõ: máy giám sát tắt hoặc chương trình không chạy, nên không ai đo dịch vụ dùng chung lúc đó.",
            "Unknown: the monitor was off or its program not running, so nobody checked the shared service at the time.",
            "Xem máy giám sát có điện, dịch vụ sansang có chạy và tự bật khi khởi động. Trong lúc chờ, có thể đăng nhập dịch vụ dùng chung trên một máy khác.",
            "See that the monitor has power and the sansang service runs and starts by itself. Meanwhile sign in to the shared service from another computer.",
        ),
        Role.DEVICE: sentences(
            "Chưa rõ: máy giám sát tắt hoặc chương trình không chạy, nên không ai đo thiết bị lúc đó.",
            "Unknown: the monitor was off or its program not running, so nobody checked the device at the time.",
            "Xem máy giám sát có điện, dịch vụ sansang có chạy và tự bật khi khởi động. Trong lúc chờ, có thể xem đèn báo trên thiết bị.",
            "See that the monitor has power and the sansang service runs and starts by itself. Meanwhile look at the lights on the device.",
        ),
    },
    UnknownCause.CLOCK: {
        Role.UPLINK: sentences(
            "Chưa rõ: đồng hồ máy giám sát sai hoặc vừa nhảy, hay máy bị tạm dừng, nên khoảng đó không tính cho đường truyền.",
            "Unknown: the monitor's clock is wrong or jumped, or the machine was suspended, so that time does not count for the line.",
            "Bật đồng bộ giờ (NTP) và tắt chế độ ngủ trên máy giám sát. Số liệu tự có lại sau một lượt đo; cần ngay thì mở một trang web từ máy tại trụ sở để thử đường truyền.",
            "Switch on NTP and switch off sleep on the monitor. Figures return after one round; to know now, open a web page at the office to try the line.",
        ),
        Role.LAN: sentences(
            "Chưa rõ: đồng hồ máy giám sát sai hoặc vừa nhảy, hay máy bị tạm dừng, nên khoảng đó không tính cho mạng nội bộ.",
            "Unknown: the monitor's clock is wrong or jumped, or the machine was suspended, so that time does not count for the local network.",
            "Bật đồng bộ giờ (NTP) và tắt chế độ ngủ trên máy giám sát. Số liệu tự có lại sau một lượt đo; cần ngay thì thử mạng nội bộ trên một máy tại trụ sở.",
            "Switch on NTP and switch off sleep on the monitor. Figures return after one round; to know now, try the local network on a computer at the office.",
        ),
        Role.CONFERENCE: sentences(
            "Chưa rõ: đồng hồ máy giám sát sai hoặc vừa nhảy, hay máy bị tạm dừng, nên khoảng đó không tính cho điểm cầu.",
            "Unknown: the monitor's clock is wrong or jumped, or the machine was suspended, so that time does not count for the conference point.",
            "Bật đồng bộ giờ (NTP) và tắt chế độ ngủ trên máy giám sát. Số liệu tự có lại sau một lượt đo; cần ngay thì gọi thử một phiên từ codec của điểm cầu.",
            "Switch on NTP and switch off sleep on the monitor. Figures return after one round; to know now, place a test call from the conference point.",
        ),
        Role.ONE_STOP: sentences(
            "Chưa rõ: đồng hồ máy giám sát sai hoặc vừa nhảy, hay máy bị tạm dừng, nên khoảng đó không tính cho hệ thống một cửa.",
            "Unknown: the monitor's clock is wrong or jumped, or the machine was suspended, so that time does not count for the one-stop system.",
            "Bật đồng bộ giờ (NTP) và tắt chế độ ngủ trên máy giám sát. Số liệu tự có lại sau một lượt đo; cần ngay thì mở trang một cửa trên máy tại quầy.",
            "Switch on NTP and switch off sleep on the monitor. Figures return after one round; to know now, open the one-stop site at the desk.",
        ),
        Role.PORTAL: sentences(
            "Chưa rõ: đồng hồ máy giám sát sai hoặc vừa nhảy, hay máy bị tạm dừng, nên khoảng đó không tính cho cổng thông tin.",
            "Unknown: the monitor's clock is wrong or jumped, or the machine was suspended, so that time does not count for the portal.",
            "Bật đồng bộ giờ (NTP) và tắt chế độ ngủ trên máy giám sát. Số liệu tự có lại sau một lượt đo; cần ngay thì mở cổng thông tin bằng điện thoại.",
            "Switch on NTP and switch off sleep on the monitor. Figures return after one round; to know now, open the portal on a phone.",
        ),
        Role.SERVICE: sentences(
            "Chưa rõ: đồng hồ máy giám sát sai hoặc vừa nhảy, hay máy bị tạm dừng, nên khoảng đó không tính cho dịch vụ dùng chung.",
            "Unknown: the monitor's clock is wrong or jumped, or the machine was suspended, so that time does not count for the shared service.",
            "Bật đồng bộ giờ (NTP) và tắt chế độ ngủ trên máy giám sát. Số liệu tự có lại sau một lượt đo; cần ngay thì đăng nhập dịch vụ dùng chung trên một máy khác.",
            "Switch on NTP and switch off sleep on the monitor. Figures return after one round; to know now, sign in to the shared service from another computer.",
        ),
        Role.DEVICE: sentences(
            "Chưa rõ: đồng hồ máy giám sát sai hoặc vừa nhảy, hay máy bị tạm dừng, nên khoảng đó không tính cho thiết bị.",
            "Unknown: the monitor's clock is wrong or jumped, or the machine was suspended, so that time does not count for the device.",
            "Bật đồng bộ giờ (NTP) và tắt chế độ ngủ trên máy giám sát. Số liệu tự có lại sau một lượt đo; cần ngay thì xem đèn báo trên thiết bị.",
            "Switch on NTP and switch off sleep on the monitor. Figures return after one round; to know now, look at the lights on the device.",
        ),
    },
    UnknownCause.DISK: {
        Role.UPLINK: sentences(
            "Chưa rõ: máy giám sát không ghi được sổ (đĩa đầy hoặc hỏng), nên kết quả về đường truyền không lưu được.",
            "Unknown: the monitor could not write its ledger (disk full or broken), so what it saw of the line was not kept.",
            "Xem dung lượng trống của ổ chứa /var/lib/sansang trên máy giám sát, dọn bớt hoặc thay ổ. Trong lúc chờ, có thể mở một trang web từ máy tại trụ sở để thử đường truyền.",
            "Look at the free space of /var/lib/sansang on the monitor, clear some or replace the disk. Meanwhile open a web page at the office to try the line.",
        ),
        Role.LAN: sentences(
            "Chưa rõ: máy giám sát không ghi được sổ (đĩa đầy hoặc hỏng), nên kết quả về mạng nội bộ không lưu được.",
            "Unknown: the monitor could not write its ledger (disk full or broken), so what it saw of the local network was not kept.",
            "Xem dung lượng trống của ổ chứa /var/lib/sansang trên máy giám sát, dọn bớt hoặc thay ổ. Trong lúc chờ, có thể thử mạng nội bộ trên một máy tại trụ sở.",
            "Look at the free space of /var/lib/sansang on the monitor, clear some or replace the disk. Meanwhile try the local network on a computer at the office.",
        ),
        Role.CONFERENCE: sentences(
            "Chưa rõ: máy giám sát không ghi được sổ (đĩa đầy hoặc hỏng), nên kết quả về điểm cầu không lưu được.",
            "Unknown: the monitor could not write its ledger (disk full or broken), so what it saw of the conference point was not kept.",
            "Xem dung lượng trống của ổ chứa /var/lib/sansang trên máy giám sát, dọn bớt hoặc thay ổ. Trong lúc chờ, có thể gọi thử một phiên từ codec của điểm cầu.",
            "Look at the free space of /var/lib/sansang on the monitor, clear some or replace the disk. Meanwhile place a test call from the conference point.",
        ),
        Role.ONE_STOP: sentences(
            "Chưa rõ: máy giám sát không ghi được sổ (đĩa đầy hoặc hỏng), nên kết quả về hệ thống một cửa không lưu được.",
            "Unknown: the monitor could not write its ledger (disk full or broken), so what it saw of the one-stop system was not kept.",
            "Xem dung lượng trống của ổ chứa /var/lib/sansang trên máy giám sát, dọn bớt hoặc thay ổ. Trong lúc chờ, có thể mở trang một cửa trên máy tại quầy.",
            "Look at the free space of /var/lib/sansang on the monitor, clear some or replace the disk. Meanwhile open the one-stop site at the desk.",
        ),
        Role.PORTAL: sentences(
            "Chưa rõ: máy giám sát không ghi được sổ (đĩa đầy hoặc hỏng), nên kết quả về cổng thông tin không lưu được.",
            "Unknown: the monitor could not write its ledger (disk full or broken), so what it saw of the portal was not kept.",
            "Xem dung lượng trống của ổ chứa /var/lib/sansang trên máy giám sát, dọn bớt hoặc thay ổ. Trong lúc chờ, có thể mở cổng thông tin bằng điện thoại.",
            "Look at the free space of /var/lib/sansang on the monitor, clear some or replace the disk. Meanwhile open the portal on a phone.",
        ),
        Role.SERVICE: sentences(
            "Chưa rõ: máy giám sát không ghi được sổ (đĩa đầy hoặc hỏng), nên kết quả về dịch vụ dùng chung không lưu được.",
            "Unknown: the monitor could not write its ledger (disk full or broken), so what it saw of the shared service was not kept.",
            "Xem dung lượng trống của ổ chứa /var/lib/sansang trên máy giám sát, dọn bớt hoặc thay ổ. Trong lúc chờ, có thể đăng nhập dịch vụ dùng chung trên một máy khác.",
            "Look at the free space of /var/lib/sansang on the monitor, clear some or replace the disk. Meanwhile sign in to the shared service from another computer.",
        ),
        Role.DEVICE: sentences(
            "Chưa rõ: máy giám sát không ghi được sổ (đĩa đầy hoặc hỏng), nên kết quả về thiết bị không lưu được.",
            "Unknown: the monitor could not write its ledger (disk full or broken), so what it saw of the device was not kept.",
            "Xem dung lượng trống của ổ chứa /var/lib/sansang trên máy giám sát, dọn bớt hoặc thay ổ. Trong lúc chờ, có thể xem đèn báo trên thiết bị.",
            "Look at the free space of /var/lib/sansang on the monitor, clear some or replace the disk. Meanwhile look at the lights on the device.",
        ),
    },
    UnknownCause.PAUSED: {
        Role.UPLINK: sentences(
            "Chưa rõ: việc đo đường truyền đang được tạm dừng theo ý người quản trị.",
            "Unknown: checking of the line has been paused by an administrator.",
            "Hỏi người đã tạm dừng xem xong việc chưa, rồi bật đo lại. Trong lúc dừng, muốn biết thì mở một trang web từ máy tại trụ sở để thử đường truyền.",
            "Ask who paused it whether the work is done, then resume. While it is paused, open a web page at the office to try the line if you need to know.",
        ),
        Role.LAN: sentences(
            "Chưa rõ: việc đo mạng nội bộ đang được tạm dừng theo ý người quản trị.",
            "Unknown: checking of the local network has been paused by an administrator.",
            "Hỏi người đã tạm dừng xem xong việc chưa, rồi bật đo lại. Trong lúc dừng, muốn biết thì thử mạng nội bộ trên một máy tại trụ sở.",
            "Ask who paused it whether the work is done, then resume. While it is paused, try the local network on a computer at the office if you need to know.",
        ),
        Role.CONFERENCE: sentences(
            "Chưa rõ: việc đo điểm cầu đang được tạm dừng theo ý người quản trị.",
            "Unknown: checking of the conference point has been paused by an administrator.",
            "Hỏi người đã tạm dừng xem xong việc chưa, rồi bật đo lại. Trong lúc dừng, muốn biết thì gọi thử một phiên từ codec của điểm cầu.",
            "Ask who paused it whether the work is done, then resume. While it is paused, place a test call from the conference point if you need to know.",
        ),
        Role.ONE_STOP: sentences(
            "Chưa rõ: việc đo hệ thống một cửa đang được tạm dừng theo ý người quản trị.",
            "Unknown: checking of the one-stop system has been paused by an administrator.",
            "Hỏi người đã tạm dừng xem xong việc chưa, rồi bật đo lại. Trong lúc dừng, muốn biết thì mở trang một cửa trên máy tại quầy.",
            "Ask who paused it whether the work is done, then resume. While it is paused, open the one-stop site at the desk if you need to know.",
        ),
        Role.PORTAL: sentences(
            "Chưa rõ: việc đo cổng thông tin đang được tạm dừng theo ý người quản trị.",
            "Unknown: checking of the portal has been paused by an administrator.",
            "Hỏi người đã tạm dừng xem xong việc chưa, rồi bật đo lại. Trong lúc dừng, muốn biết thì mở cổng thông tin bằng điện thoại.",
            "Ask who paused it whether the work is done, then resume. While it is paused, open the portal on a phone if you need to know.",
        ),
        Role.SERVICE: sentences(
            "Chưa rõ: việc đo dịch vụ dùng chung đang được tạm dừng theo ý người quản trị.",
            "Unknown: checking of the shared service has been paused by an administrator.",
            "Hỏi người đã tạm dừng xem xong việc chưa, rồi bật đo lại. Trong lúc dừng, muốn biết thì đăng nhập dịch vụ dùng chung trên một máy khác.",
            "Ask who paused it whether the work is done, then resume. While it is paused, sign in to the shared service from another computer if you need to know.",
        ),
        Role.DEVICE: sentences(
            "Chưa rõ: việc đo thiết bị đang được tạm dừng theo ý người quản trị.",
            "Unknown: checking of the device has been paused by an administrator.",
            "Hỏi người đã tạm dừng xem xong việc chưa, rồi bật đo lại. Trong lúc dừng, muốn biết thì xem đèn báo trên thiết bị.",
            "Ask who paused it whether the work is done, then resume. While it is paused, look at the lights on the device if you need to know.",
        ),
    },
    UnknownCause.OVERLOAD: {
        Role.UPLINK: sentences(
            "Chưa rõ: máy giám sát quá tải, không kịp đo đường truyền đúng lượt.",
            "Unknown: the monitor is overloaded and did not get round to checking the line in time.",
            "Xem CPU và bộ nhớ máy giám sát, tăng thời gian giữa hai lần đo hoặc chuyển sang máy mạnh hơn. Trong lúc chờ, có thể mở một trang web từ máy tại trụ sở để thử đường truyền.",
            "Look at the monitor's CPU and memory; lengthen the interval or move it to a stronger machine. Meanwhile open a web page at the office to try the line.",
        ),
        Role.LAN: sentences(
            "Chưa rõ: máy giám sát quá tải, không kịp đo mạng nội bộ đúng lượt.",
            "Unknown: the monitor is overloaded and did not get round to checking the local network in time.",
            "Xem CPU và bộ nhớ máy giám sát, tăng thời gian giữa hai lần đo hoặc chuyển sang máy mạnh hơn. Trong lúc chờ, có thể thử mạng nội bộ trên một máy tại trụ sở.",
            "Look at the monitor's CPU and memory; lengthen the interval or move it to a stronger machine. Meanwhile try the local network on a computer at the office.",
        ),
        Role.CONFERENCE: sentences(
            "Chưa rõ: máy giám sát quá tải, không kịp đo điểm cầu đúng lượt.",
            "Unknown: the monitor is overloaded and did not get round to checking the conference point in time.",
            "Xem CPU và bộ nhớ máy giám sát, tăng thời gian giữa hai lần đo hoặc chuyển sang máy mạnh hơn. Trong lúc chờ, có thể gọi thử một phiên từ codec của điểm cầu.",
            "Look at the monitor's CPU and memory; lengthen the interval or move it to a stronger machine. Meanwhile place a test call from the conference point.",
        ),
        Role.ONE_STOP: sentences(
            "Chưa rõ: máy giám sát quá tải, không kịp đo hệ thống một cửa đúng lượt.",
            "Unknown: the monitor is overloaded and did not get round to checking the one-stop system in time.",
            "Xem CPU và bộ nhớ máy giám sát, tăng thời gian giữa hai lần đo hoặc chuyển sang máy mạnh hơn. Trong lúc chờ, có thể mở trang một cửa trên máy tại quầy.",
            "Look at the monitor's CPU and memory; lengthen the interval or move it to a stronger machine. Meanwhile open the one-stop site at the desk.",
        ),
        Role.PORTAL: sentences(
            "Chưa rõ: máy giám sát quá tải, không kịp đo cổng thông tin đúng lượt.",
            "Unknown: the monitor is overloaded and did not get round to checking the portal in time.",
            "Xem CPU và bộ nhớ máy giám sát, tăng thời gian giữa hai lần đo hoặc chuyển sang máy mạnh hơn. Trong lúc chờ, có thể mở cổng thông tin bằng điện thoại.",
            "Look at the monitor's CPU and memory; lengthen the interval or move it to a stronger machine. Meanwhile open the portal on a phone.",
        ),
        Role.SERVICE: sentences(
            "Chưa rõ: máy giám sát quá tải, không kịp đo dịch vụ dùng chung đúng lượt.",
            "Unknown: the monitor is overloaded and did not get round to checking the shared service in time.",
            "Xem CPU và bộ nhớ máy giám sát, tăng thời gian giữa hai lần đo hoặc chuyển sang máy mạnh hơn. Trong lúc chờ, có thể đăng nhập dịch vụ dùng chung trên một máy khác.",
            "Look at the monitor's CPU and memory; lengthen the interval or move it to a stronger machine. Meanwhile sign in to the shared service from another computer.",
        ),
        Role.DEVICE: sentences(
            "Chưa rõ: máy giám sát quá tải, không kịp đo thiết bị đúng lượt.",
            "Unknown: the monitor is overloaded and did not get round to checking the device in time.",
            "Xem CPU và bộ nhớ máy giám sát, tăng thời gian giữa hai lần đo hoặc chuyển sang máy mạnh hơn. Trong lúc chờ, có thể xem đèn báo trên thiết bị.",
            "Look at the monitor's CPU and memory; lengthen the interval or move it to a stronger machine. Meanwhile look at the lights on the device.",
        ),
    },
}
