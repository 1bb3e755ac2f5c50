"""What keeps packets from arriving."""

from __future__ import annotations

from agent.model import Reason, ReasonTexts, Role, sentences

TEXTS: ReasonTexts = {
    Reason.TIMEOUT: {
        Role.UPLINK: sentences(
            "Đường truyền im lặng: không có trả lời từ bộ định tuyến đầu kia. Có thể mất điện tại trụ sở hoặc đứt cáp phía nhà mạng.",
            "The line is silent: its router does not answer. Power at the office may be off, or the provider's cable cut.",
            "Gọi trụ sở hỏi có điện không, xem đèn modem quang: đèn LOS đỏ là đứt cáp. Khởi động lại modem một lần; không được thì gọi tổng đài nhà mạng.",
            "Call the office: is there power, and is the modem's LOS light red (cut fibre)? Restart the modem once; if that fails, call the provider.",
        ),
        Role.LAN: sentences(
            "Mạng nội bộ im lặng: bộ chuyển mạch không trả lời. Có thể mất điện, tuột dây hoặc treo.",
            "The local network is silent: its switch does not answer. It may be without power, unplugged or hung.",
            "Xem bộ chuyển mạch có điện và đèn cổng có sáng, cắm lại dây lên bộ định tuyến, tắt bật lại một lần. Không được thì thay thiết bị dự phòng.",
            "See that the switch has power and lit ports, reseat the cable to the router, restart it once. If that fails, use the spare.",
        ),
        Role.CONFERENCE: sentences(
            "Điểm cầu im lặng: codec không trả lời. Có thể codec tắt, tuột dây mạng, hoặc bị tường lửa chặn.",
            "The conference point is silent: its codec does not answer. It may be off, unplugged, or behind a firewall.",
            "Vào phòng họp: codec có bật nguồn, dây mạng có cắm, đèn cổng có sáng? Khởi động lại codec; chưa được thì gọi đơn vị vận hành hội nghị truyền hình.",
            "In the room: is the codec on, the cable in, its port lit? Restart the codec; if still silent, call the video-conference operator.",
        ),
        Role.ONE_STOP: sentences(
            "Máy chủ một cửa im lặng: hết giờ chờ mà không có trả lời. Có thể máy chủ ngừng, hoặc đường truyền từ máy giám sát tới đó bị đứt hay bị chặn.",
            "The one-stop server is silent: nothing came back in time. It may be down, or the line from the monitor to it is cut or blocked.",
            "Mở trang một cửa từ điện thoại 4G. Mở được thì lỗi ở đường truyền của mình; không được thì báo ngay đơn vị vận hành, quầy chuyển sang phiếu giấy.",
            "Open the one-stop site over mobile data. If it opens, our line is at fault; if not, tell the operator at once and use paper at the desk.",
        ),
        Role.PORTAL: sentences(
            "Máy chủ cổng thông tin im lặng: hết giờ chờ mà không có trả lời. Có thể máy chủ ngừng, hoặc đường truyền từ máy giám sát tới đó bị đứt hay bị chặn.",
            "The portal's server is silent: nothing came back in time. It may be down, or the line from the monitor to it is cut or blocked.",
            "Mở cổng thông tin bằng điện thoại 4G. Cũng không mở được thì báo đơn vị đặt máy chủ của cổng; mở được thì xem mạng của máy giám sát.",
            "Open the portal on a mobile phone. If it fails too, tell the company that hosts it; if it opens, look at the monitor's network.",
        ),
        Role.SERVICE: sentences(
            "Máy chủ dịch vụ dùng chung im lặng: hết giờ chờ mà không có trả lời. Có thể máy chủ ngừng, hoặc đường truyền từ máy giám sát tới đó bị đứt hay bị chặn.",
            "The shared service's server is silent: nothing came back in time. It may be down, or the line from the monitor to it is cut or blocked.",
            "Hỏi một đơn vị khác có vào được dịch vụ dùng chung không. Không ai vào được thì báo đơn vị vận hành; chỉ mình không được thì xem đường truyền.",
            "Ask another office whether the shared service works there. If nobody gets in tell its operator; if only we cannot, look at our line.",
        ),
        Role.DEVICE: sentences(
            "Thiết bị này im lặng: hết giờ chờ mà không có trả lời nào. Có thể mất điện, đứt kết nối hoặc bị tường lửa chặn.",
            "The device is silent: nothing came back in time. It may be off, cut off, or behind a firewall that drops our packets.",
            "Xem thiết bị có điện và đèn báo có sáng không, cắm lại dây mạng, khởi động lại một lần. Vẫn im lặng thì gọi đơn vị bảo trì.",
            "See that the device has power and lights, reseat its network cable, restart it once. If still silent, call its maintainer.",
        ),
    },
    Reason.REFUSED: {
        Role.UPLINK: sentences(
            "Bộ định tuyến đầu đường truyền có trên mạng nhưng từ chối kết nối: phần mềm bên trong chưa chạy hoặc sai cổng. Lỗi phía đó.",
            "The line's router is on the network but refuses the connection: its software is not running or the port is wrong. The fault is there.",
            "Đường mạng tới nơi vẫn thông. Xem bộ định tuyến có bật dịch vụ và đúng cổng khai báo cho đường truyền không; khởi động lại nếu cần.",
            "The way there is fine. See that the router has the service switched on at the port given for the line; restart it if need be.",
        ),
        Role.LAN: sentences(
            "Bộ chuyển mạch mạng nội bộ có trên mạng nhưng từ chối kết nối: phần mềm bên trong chưa chạy hoặc sai cổng. Lỗi phía đó.",
            "The local network's switch is on the network but refuses the connection: its software is not running or the port is wrong. The fault is there.",
            "Đường mạng tới nơi vẫn thông. Xem bộ chuyển mạch có bật dịch vụ và đúng cổng khai báo cho mạng nội bộ không; khởi động lại nếu cần.",
            "The way there is fine. See that the switch has the service switched on at the port given for the local network; restart it if need be.",
        ),
        Role.CONFERENCE: sentences(
            "Thiết bị hội nghị tại điểm cầu có trên mạng nhưng từ chối kết nối: phần mềm bên trong chưa chạy hoặc sai cổng. Lỗi phía đó.",
            "The conference point's codec is on the network but refuses the connection: its software is not running or the port is wrong. The fault is there.",
            "Mở trang cài đặt codec, xem SIP có bật và đúng cổng (5060, hoặc 5061 nếu mã hóa) không; khởi động lại codec rồi gọi thử điểm cầu.",
            "On the codec's page, see that SIP is on at the right port (5060, or 5061 encrypted); restart the codec and place a test call.",
        ),
        Role.ONE_STOP: sentences(
            "Máy chủ một cửa có trên mạng nhưng từ chối kết nối: phần mềm bên trong chưa chạy hoặc sai cổng. Lỗi phía đó.",
            "The one-stop server is on the network but refuses the connection: its software is not running or the port is wrong. The fault is there.",
            "Mạng vẫn thông, máy trạm không có lỗi. Báo đơn vị vận hành hệ thống một cửa khởi động lại phần mềm máy chủ.",
            "The network and our computers are fine. Ask the operator of the one-stop system to restart the server's software.",
        ),
        Role.PORTAL: sentences(
            "Máy chủ cổng thông tin có trên mạng nhưng từ chối kết nối: phần mềm bên trong chưa chạy hoặc sai cổng. Lỗi phía đó.",
            "The portal's server is on the network but refuses the connection: its software is not running or the port is wrong. The fault is there.",
            "Mạng vẫn thông, máy trạm không có lỗi. Báo đơn vị vận hành cổng thông tin khởi động lại phần mềm máy chủ.",
            "The network and our computers are fine. Ask the operator of the portal to restart the server's software.",
        ),
        Role.SERVICE: sentences(
            "Máy chủ dịch vụ dùng chung có trên mạng nhưng từ chối kết nối: phần mềm bên trong chưa chạy hoặc sai cổng. Lỗi phía đó.",
            "The shared service's server is on the network but refuses the connection: its software is not running or the port is wrong. The fault is there.",
            "Mạng vẫn thông, máy trạm không có lỗi. Báo đơn vị vận hành dịch vụ dùng chung khởi động lại phần mềm máy chủ.",
            "The network and our computers are fine. Ask the operator of the shared service to restart the server's software.",
        ),
        Role.DEVICE: sentences(
            "Thiết bị này có trên mạng nhưng từ chối kết nối: phần mềm bên trong chưa chạy hoặc sai cổng. Lỗi phía đó.",
            "The device is on the network but refuses the connection: its software is not running or the port is wrong. The fault is there.",
            "Đường mạng tới nơi vẫn thông. Xem thiết bị có bật dịch vụ cần đo và cổng khai báo có đúng không; khởi động lại nếu cần.",
            "The way there is fine. See that the device has the service switched on at the port listed; restart it if need be.",
        ),
    },
    Reason.UNREACHABLE: {
        Role.UPLINK: sentences(
            "Không tới được bộ định tuyến đầu đường truyền: bộ định tuyến trên đường đi báo không có lối, hoặc máy đó không còn trên mạng.",
            "The line's router cannot be reached: a router on the way reports no path, or the host has left the network.",
            "Xem bộ định tuyến của trụ sở có điện và cáp quang có cắm chắc. Nếu đều tốt, gọi nhà mạng báo đường truyền không tới được từ phía trung tâm.",
            "See that the office router has power and its fibre sits tight. If so, tell the provider that the line cannot be reached from the centre.",
        ),
        Role.LAN: sentences(
            "Không tới được bộ chuyển mạch mạng nội bộ: bộ định tuyến trên đường đi báo không có lối, hoặc máy đó không còn trên mạng.",
            "The local network's switch cannot be reached: a router on the way reports no path, or the host has left the network.",
            "Xem bộ chuyển mạch có điện, dây lên bộ định tuyến có cắm đúng cổng và địa chỉ IP của nó trong mạng nội bộ có bị đổi không.",
            "See that the switch has power, its cable to the router is in the right port, and its address on the local network was not changed.",
        ),
        Role.CONFERENCE: sentences(
            "Không tới được thiết bị hội nghị tại điểm cầu: bộ định tuyến trên đường đi báo không có lối, hoặc máy đó không còn trên mạng.",
            "The conference point's codec cannot be reached: a router on the way reports no path, or the host has left the network.",
            "Xem codec có nguồn và dây mạng, rồi mở phần mạng trên màn hình codec: địa chỉ IP phải đúng như đã khai báo cho điểm cầu.",
            "See that the codec has power and cable, then open its network page: the IP address must be the one listed for this conference point.",
        ),
        Role.ONE_STOP: sentences(
            "Không tới được máy chủ một cửa: bộ định tuyến trên đường đi báo không có lối, hoặc máy đó không còn trên mạng.",
            "The one-stop server cannot be reached: a router on the way reports no path, or the host has left the network.",
            "Thử vào một cửa từ máy tại quầy và từ 4G. Nếu 4G được mà quầy không, gọi bộ phận đường truyền; nếu đều không, báo đơn vị vận hành.",
            "Try the one-stop site at the desk and over mobile data. If only the desk fails call the people for the line; if both, the operator.",
        ),
        Role.PORTAL: sentences(
            "Không tới được máy chủ cổng thông tin: bộ định tuyến trên đường đi báo không có lối, hoặc máy đó không còn trên mạng.",
            "The portal's server cannot be reached: a router on the way reports no path, or the host has left the network.",
            "Báo đơn vị đặt máy chủ cổng thông tin: máy chủ có thể đã tắt hoặc đổi địa chỉ. Thử mở bằng 4G để có thêm bằng chứng.",
            "Tell the portal's hosting company: the server may be off or moved to another address. Try over mobile data as further evidence.",
        ),
        Role.SERVICE: sentences(
            "Không tới được máy chủ dịch vụ dùng chung: bộ định tuyến trên đường đi báo không có lối, hoặc máy đó không còn trên mạng.",
            "The shared service's server cannot be reached: a router on the way reports no path, or the host has left the network.",
            "Kiểm tra kết nối mạng số liệu chuyên dùng của trụ sở trước, rồi hỏi đơn vị vận hành dịch vụ dùng chung xem có đổi địa chỉ không.",
            "Check the office's link to the specialised data network first, then ask the shared service's operator whether its address changed.",
        ),
        Role.DEVICE: sentences(
            "Không tới được thiết bị này: bộ định tuyến trên đường đi báo không có lối, hoặc máy đó không còn trên mạng.",
            "The device cannot be reached: a router on the way reports no path, or the host has left the network.",
            "Xem thiết bị có điện, dây mạng cắm chặt, và địa chỉ IP in trên màn hình hay nhãn có đúng như khai báo không.",
            "See that the device has power, its cable sits tight, and its IP address (screen or label) is the one listed.",
        ),
    },
    Reason.PROHIBITED: {
        Role.UPLINK: sentences(
            "Một bộ định tuyến hoặc tường lửa trên đường tới bộ định tuyến đầu đường truyền chặn gói tin theo quy định của nó. Lỗi ở luật lọc, không phải mất kết nối.",
            "A router or firewall on the way to the line's router forbids our packets by its policy. A filter rule, not a cut.",
            "Đề nghị người quản lý tường lửa cho phép máy giám sát tới bộ định tuyến; cho họ biết giờ bị chặn và cổng cần mở.",
            "Ask whoever runs the firewall to let the monitor reach the router; give them the time and the port needed.",
        ),
        Role.LAN: sentences(
            "Một bộ định tuyến hoặc tường lửa trên đường tới bộ chuyển mạch mạng nội bộ chặn gói tin theo quy định của nó. Lỗi ở luật lọc, không phải mất kết nối.",
            "A router or firewall on the way to the local network's switch forbids our packets by its policy. A filter rule, not a cut.",
            "Đề nghị người quản lý tường lửa cho phép máy giám sát tới bộ chuyển mạch; cho họ biết giờ bị chặn và cổng cần mở.",
            "Ask whoever runs the firewall to let the monitor reach the switch; give them the time and the port needed.",
        ),
        Role.CONFERENCE: sentences(
            "Một bộ định tuyến hoặc tường lửa trên đường tới thiết bị hội nghị tại điểm cầu chặn gói tin theo quy định của nó. Lỗi ở luật lọc, không phải mất kết nối.",
            "A router or firewall on the way to the conference point's codec forbids our packets by its policy. A filter rule, not a cut.",
            "Gọi thử điểm cầu: nếu vẫn họp được thì chỉ máy giám sát bị chặn. Đề nghị bộ phận tường lửa mở UDP/TCP 5060 từ máy giám sát tới codec.",
            "Place a test call: if it works, only the monitor is blocked. Ask the firewall people to allow port 5060 from the monitor to the codec.",
        ),
        Role.ONE_STOP: sentences(
            "Một bộ định tuyến hoặc tường lửa trên đường tới máy chủ một cửa chặn gói tin theo quy định của nó. Lỗi ở luật lọc, không phải mất kết nối.",
            "A router or firewall on the way to the one-stop server forbids our packets by its policy. A filter rule, not a cut.",
            "Thử mở trang một cửa trên máy tại quầy. Nếu vào được thì chỉ máy giám sát bị chặn: đề nghị người quản lý tường lửa cho phép.",
            "First open the one-stop site at the desk. If that works only the monitor is blocked: ask whoever runs the firewall to allow it.",
        ),
        Role.PORTAL: sentences(
            "Một bộ định tuyến hoặc tường lửa trên đường tới máy chủ cổng thông tin chặn gói tin theo quy định của nó. Lỗi ở luật lọc, không phải mất kết nối.",
            "A router or firewall on the way to the portal's server forbids our packets by its policy. A filter rule, not a cut.",
            "Thử mở cổng thông tin bằng điện thoại. Nếu vào được thì chỉ máy giám sát bị chặn: đề nghị người quản lý tường lửa cho phép.",
            "First open the portal on a phone. If that works only the monitor is blocked: ask whoever runs the firewall to allow it.",
        ),
        Role.SERVICE: sentences(
            "Một bộ định tuyến hoặc tường lửa trên đường tới máy chủ dịch vụ dùng chung chặn gói tin theo quy định của nó. Lỗi ở luật lọc, không phải mất kết nối.",
            "A router or firewall on the way to the shared service's server forbids our packets by its policy. A filter rule, not a cut.",
            "Thử đăng nhập dịch vụ dùng chung trên một máy khác. Nếu vào được thì chỉ máy giám sát bị chặn: đề nghị người quản lý tường lửa cho phép.",
            "First sign in to the shared service from another computer. If that works only the monitor is blocked: ask whoever runs the firewall to allow it.",
        ),
        Role.DEVICE: sentences(
            "Một bộ định tuyến hoặc tường lửa trên đường tới thiết bị này chặn gói tin theo quy định của nó. Lỗi ở luật lọc, không phải mất kết nối.",
            "A router or firewall on the way to the device forbids our packets by its policy. A filter rule, not a cut.",
            "Đề nghị người quản lý tường lửa cho phép máy giám sát tới thiết bị; cho họ biết giờ bị chặn và cổng cần mở.",
            "Ask whoever runs the firewall to let the monitor reach the device; give them the time and the port needed.",
        ),
    },
    Reason.TTL_EXCEEDED: {
        Role.UPLINK: sentences(
            "Gói tin tới bộ định tuyến đầu đường truyền đi quá nhiều chặng, có thể chạy vòng giữa các bộ định tuyến. Lỗi trên đường truyền.",
            "Packets to the line's router pass too many routers, perhaps in a circle. The fault is on the line between.",
            "Gọi nhà mạng báo có vòng lặp định tuyến trên đường truyền, kèm địa chỉ bộ định tuyến đã trả lời; tại trụ sở không sửa được.",
            "Tell the provider of a routing loop on the line and which router reported it; it cannot be mended at the office.",
        ),
        Role.LAN: sentences(
            "Gói tin tới bộ chuyển mạch mạng nội bộ đi quá nhiều chặng, có thể chạy vòng giữa các bộ định tuyến. Lỗi trên đường truyền.",
            "Packets to the local network's switch pass too many routers, perhaps in a circle. The fault is on the line between.",
            "Báo bộ phận đường truyền có vòng lặp định tuyến tới bộ chuyển mạch, kèm địa chỉ bộ định tuyến đã trả lời; tại chỗ không sửa được.",
            "Report a routing loop towards the switch, with the address of the router that said so; it cannot be mended on site.",
        ),
        Role.CONFERENCE: sentences(
            "Gói tin tới thiết bị hội nghị tại điểm cầu đi quá nhiều chặng, có thể chạy vòng giữa các bộ định tuyến. Lỗi trên đường truyền.",
            "Packets to the conference point's codec pass too many routers, perhaps in a circle. The fault is on the line between.",
            "Tại phòng họp không sửa được. Báo bộ phận đường truyền vòng lặp định tuyến tới điểm cầu; có cuộc họp gấp thì dùng đường mạng dự phòng.",
            "It cannot be mended in the room. Report a routing loop towards the conference point; for an urgent meeting use the backup line.",
        ),
        Role.ONE_STOP: sentences(
            "Gói tin tới máy chủ một cửa đi quá nhiều chặng, có thể chạy vòng giữa các bộ định tuyến. Lỗi trên đường truyền.",
            "Packets to the one-stop server pass too many routers, perhaps in a circle. The fault is on the line between.",
            "Thử mở trang một cửa trên máy tại quầy để biết người dùng có bị ảnh hưởng không, rồi báo nhà mạng có vòng lặp định tuyến.",
            "To learn whether users are hit, open the one-stop site at the desk; then report a routing loop to the network provider.",
        ),
        Role.PORTAL: sentences(
            "Gói tin tới máy chủ cổng thông tin đi quá nhiều chặng, có thể chạy vòng giữa các bộ định tuyến. Lỗi trên đường truyền.",
            "Packets to the portal's server pass too many routers, perhaps in a circle. The fault is on the line between.",
            "Thử mở cổng thông tin bằng điện thoại để biết người dùng có bị ảnh hưởng không, rồi báo nhà mạng có vòng lặp định tuyến.",
            "To learn whether users are hit, open the portal on a phone; then report a routing loop to the network provider.",
        ),
        Role.SERVICE: sentences(
            "Gói tin tới máy chủ dịch vụ dùng chung đi quá nhiều chặng, có thể chạy vòng giữa các bộ định tuyến. Lỗi trên đường truyền.",
            "Packets to the shared service's server pass too many routers, perhaps in a circle. The fault is on the line between.",
            "Thử đăng nhập dịch vụ dùng chung trên một máy khác để biết người dùng có bị ảnh hưởng không, rồi báo nhà mạng có vòng lặp định tuyến.",
            "To learn whether users are hit, sign in to the shared service from another computer; then report a routing loop to the network provider.",
        ),
        Role.DEVICE: sentences(
            "Gói tin tới thiết bị này đi quá nhiều chặng, có thể chạy vòng giữa các bộ định tuyến. Lỗi trên đường truyền.",
            "Packets to the device pass too many routers, perhaps in a circle. The fault is on the line between.",
            "Báo bộ phận đường truyền có vòng lặp định tuyến tới thiết bị, kèm địa chỉ bộ định tuyến đã trả lời; tại chỗ không sửa được.",
            "Report a routing loop towards the device, with the address of the router that said so; it cannot be mended on site.",
        ),
    },
    Reason.PACKET_TOO_BIG: {
        Role.UPLINK: sentences(
            "Gói tin cỡ lớn không qua được đường tới bộ định tuyến đầu đường truyền; gói nhỏ có thể vẫn qua. Cỡ gói (MTU) đặt chưa khớp trên đường đi.",
            "Big packets do not get through to the line's router, small ones may. The packet size (MTU) set on the way does not match.",
            "Nhờ nhà mạng kiểm tra MTU của đường truyền và của đường hầm VPN chạy trên đó, thường phải giảm còn 1400.",
            "Ask the provider to check the MTU of the line and of any VPN tunnel over it; often 1400 is right.",
        ),
        Role.LAN: sentences(
            "Gói tin cỡ lớn không qua được đường tới bộ chuyển mạch mạng nội bộ; gói nhỏ có thể vẫn qua. Cỡ gói (MTU) đặt chưa khớp trên đường đi.",
            "Big packets do not get through to the local network's switch, small ones may. The packet size (MTU) set on the way does not match.",
            "Nhờ cán bộ phụ trách mạng nội bộ kiểm tra MTU trên bộ định tuyến và đường hầm VPN dẫn tới mạng nội bộ, thường phải giảm còn 1400.",
            "Ask whoever looks after the local network to check the MTU of routers and VPN tunnels towards the local network; often 1400 is right.",
        ),
        Role.CONFERENCE: sentences(
            "Gói tin cỡ lớn không qua được đường tới thiết bị hội nghị tại điểm cầu; gói nhỏ có thể vẫn qua. Cỡ gói (MTU) đặt chưa khớp trên đường đi.",
            "Big packets do not get through to the conference point's codec, small ones may. The packet size (MTU) set on the way does not match.",
            "Hình có thể đứng dù codec báo đã kết nối. Đặt MTU trên codec còn 1400 hoặc thấp hơn, rồi gọi thử điểm cầu.",
            "The picture may freeze though the codec shows connected. Set the codec's MTU to 1400 or less and place a test call.",
        ),
        Role.ONE_STOP: sentences(
            "Gói tin cỡ lớn không qua được đường tới máy chủ một cửa; gói nhỏ có thể vẫn qua. Cỡ gói (MTU) đặt chưa khớp trên đường đi.",
            "Big packets do not get through to the one-stop server, small ones may. The packet size (MTU) set on the way does not match.",
            "Trang có thể mở dở dang. Báo bộ phận đường truyền kiểm tra MTU trên đường tới hệ thống một cửa.",
            "Pages may load halfway. Ask the people for the line to check the MTU on the way to the one-stop system.",
        ),
        Role.PORTAL: sentences(
            "Gói tin cỡ lớn không qua được đường tới máy chủ cổng thông tin; gói nhỏ có thể vẫn qua. Cỡ gói (MTU) đặt chưa khớp trên đường đi.",
            "Big packets do not get through to the portal's server, small ones may. The packet size (MTU) set on the way does not match.",
            "Trang có thể mở dở dang. Báo bộ phận đường truyền kiểm tra MTU trên đường tới cổng thông tin.",
            "Pages may load halfway. Ask the people for the line to check the MTU on the way to the portal.",
        ),
        Role.SERVICE: sentences(
            "Gói tin cỡ lớn không qua được đường tới máy chủ dịch vụ dùng chung; gói nhỏ có thể vẫn qua. Cỡ gói (MTU) đặt chưa khớp trên đường đi.",
            "Big packets do not get through to the shared service's server, small ones may. The packet size (MTU) set on the way does not match.",
            "Trang có thể mở dở dang. Báo bộ phận đường truyền kiểm tra MTU trên đường tới dịch vụ dùng chung.",
            "Pages may load halfway. Ask the people for the line to check the MTU on the way to the shared service.",
        ),
        Role.DEVICE: sentences(
            "Gói tin cỡ lớn không qua được đường tới thiết bị này; gói nhỏ có thể vẫn qua. Cỡ gói (MTU) đặt chưa khớp trên đường đi.",
            "Big packets do not get through to the device, small ones may. The packet size (MTU) set on the way does not match.",
            "Nhờ đơn vị bảo trì thiết bị kiểm tra MTU trên bộ định tuyến và đường hầm VPN dẫn tới thiết bị, thường phải giảm còn 1400.",
            "Ask whoever maintains the device to check the MTU of routers and VPN tunnels towards the device; often 1400 is right.",
        ),
    },
}
