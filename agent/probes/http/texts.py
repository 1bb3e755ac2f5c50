"""The texts of the reasons that only HTTP has."""

from __future__ import annotations

from agent.model import ReasonTexts, Role, sentences
from agent.probes.http.reasons import HttpReason

TEXTS: ReasonTexts = {
    HttpReason.BAD_STATUS: {
        Role.UPLINK: sentences(
            "Trang quản trị bộ định tuyến của đường truyền mở được nhưng trả về mã trạng thái ngoài mong đợi, thường là trang lỗi. Lỗi phía đó, không ở mạng.",
            "The admin page of the line's router opens but gives a status code other than expected, usually an error page. The fault is there, not in the network.",
            "Mở trang quản trị của bộ định tuyến bằng trình duyệt; nếu trang đã chuyển địa chỉ, sửa khai báo của đường truyền.",
            "Open the admin page of the router in a browser; if it has moved, correct the address listed for the line.",
        ),
        Role.LAN: sentences(
            "Trang quản trị bộ chuyển mạch mạng nội bộ mở được nhưng trả về mã trạng thái ngoài mong đợi, thường là trang lỗi. Lỗi phía đó, không ở mạng.",
            "The admin page of the local network's switch opens but gives a status code other than expected, usually an error page. The fault is there, not in the network.",
            "Mở trang quản trị của bộ chuyển mạch bằng trình duyệt; nếu trang đã chuyển địa chỉ, sửa khai báo của mạng nội bộ.",
            "Open the admin page of the switch in a browser; if it has moved, correct the address listed for the local network.",
        ),
        Role.CONFERENCE: sentences(
            "Trang quản trị codec của điểm cầu mở được nhưng trả về mã trạng thái ngoài mong đợi, thường là trang lỗi. Lỗi phía đó, không ở mạng.",
            "The conference point's codec page opens but gives a status code other than expected, usually an error page. The fault is there, not in the network.",
            "Mở trang quản trị codec bằng trình duyệt; đòi đăng nhập (401) thì thêm mã đó vào danh sách chấp nhận của điểm cầu, báo lỗi 5xx thì khởi động lại codec.",
            "Open the codec's page: if it asks to sign in (401), accept that code for the conference point; on 5xx restart the codec.",
        ),
        Role.ONE_STOP: sentences(
            "Trang một cửa điện tử mở được nhưng trả về mã trạng thái ngoài mong đợi, thường là trang lỗi. Lỗi phía đó, không ở mạng.",
            "The one-stop site opens but gives a status code other than expected, usually an error page. The fault is there, not in the network.",
            "Thử mở trang một cửa trên máy tại quầy. Thấy trang lỗi hoặc bảo trì thì báo đơn vị vận hành hệ thống một cửa; vào được thì cập nhật mã chấp nhận trong mô-đun.",
            "First open the one-stop site at the desk. On an error or maintenance page tell the operator of the one-stop system; if it works, update the codes the module accepts.",
        ),
        Role.PORTAL: sentences(
            "Trang cổng thông tin mở được nhưng trả về mã trạng thái ngoài mong đợi, thường là trang lỗi. Lỗi phía đó, không ở mạng.",
            "The portal's site opens but gives a status code other than expected, usually an error page. The fault is there, not in the network.",
            "Thử mở cổng thông tin bằng điện thoại. Thấy trang lỗi hoặc bảo trì thì báo đơn vị vận hành cổng thông tin; vào được thì cập nhật mã chấp nhận trong mô-đun.",
            "First open the portal on a phone. On an error or maintenance page tell the operator of the portal; if it works, update the codes the module accepts.",
        ),
        Role.SERVICE: sentences(
            "Trang của dịch vụ dùng chung mở được nhưng trả về mã trạng thái ngoài mong đợi, thường là trang lỗi. Lỗi phía đó, không ở mạng.",
            "The shared service's site opens but gives a status code other than expected, usually an error page. The fault is there, not in the network.",
            "Thử đăng nhập dịch vụ dùng chung trên một máy khác. Thấy trang lỗi hoặc bảo trì thì báo đơn vị vận hành dịch vụ dùng chung; vào được thì cập nhật mã chấp nhận trong mô-đun.",
            "First sign in to the shared service from another computer. On an error or maintenance page tell the operator of the shared service; if it works, update the codes the module accepts.",
        ),
        Role.DEVICE: sentences(
            "Trang quản trị thiết bị mở được nhưng trả về mã trạng thái ngoài mong đợi, thường là trang lỗi. Lỗi phía đó, không ở mạng.",
            "The device's admin page opens but gives a status code other than expected, usually an error page. The fault is there, not in the network.",
            "Mở trang quản trị thiết bị bằng trình duyệt; nếu trang đã chuyển địa chỉ thì sửa khai báo, nếu báo lỗi thì khởi động lại.",
            "Open the device's admin page in a browser; if it has moved correct the address listed, if it shows a fault restart it.",
        ),
    },
    HttpReason.BAD_HEADER: {
        Role.UPLINK: sentences(
            "Trang quản trị bộ định tuyến của đường truyền trả lời nhưng thiếu hoặc sai thông tin đầu trang (header) mà phép đo yêu cầu.",
            "The admin page of the line's router answers, but a header that the check demands is missing or different.",
            "So với lần đo tốt gần nhất; nếu vừa nâng cấp bộ định tuyến thì cập nhật mô-đun theo header mới.",
            "Compare with the last good check; if the router was just updated, fit the module to the new header.",
        ),
        Role.LAN: sentences(
            "Trang quản trị bộ chuyển mạch mạng nội bộ trả lời nhưng thiếu hoặc sai thông tin đầu trang (header) mà phép đo yêu cầu.",
            "The admin page of the local network's switch answers, but a header that the check demands is missing or different.",
            "So với lần đo tốt gần nhất; nếu vừa nâng cấp bộ chuyển mạch thì cập nhật mô-đun theo header mới.",
            "Compare with the last good check; if the switch was just updated, fit the module to the new header.",
        ),
        Role.CONFERENCE: sentences(
            "Trang quản trị codec của điểm cầu trả lời nhưng thiếu hoặc sai thông tin đầu trang (header) mà phép đo yêu cầu.",
            "The conference point's codec page answers, but a header that the check demands is missing or different.",
            "Xem codec vừa nâng cấp phần mềm hay có máy khác chiếm địa chỉ của điểm cầu; nếu do nâng cấp thì sửa mô-đun.",
            "See whether the codec was updated or another host took the conference point's address; after an update, fit the module.",
        ),
        Role.ONE_STOP: sentences(
            "Trang một cửa điện tử trả lời nhưng thiếu hoặc sai thông tin đầu trang (header) mà phép đo yêu cầu.",
            "The one-stop site answers, but a header that the check demands is missing or different.",
            "Hỏi đơn vị vận hành hệ thống một cửa có vừa thay đổi cấu hình máy chủ không; nếu có chủ ý thì sửa mô-đun cho khớp.",
            "Ask the operator of the one-stop system whether the server's settings changed; if on purpose, fit the module to them.",
        ),
        Role.PORTAL: sentences(
            "Trang cổng thông tin trả lời nhưng thiếu hoặc sai thông tin đầu trang (header) mà phép đo yêu cầu.",
            "The portal's site answers, but a header that the check demands is missing or different.",
            "Hỏi đơn vị vận hành cổng thông tin có vừa thay đổi cấu hình máy chủ không; nếu có chủ ý thì sửa mô-đun cho khớp.",
            "Ask the operator of the portal whether the server's settings changed; if on purpose, fit the module to them.",
        ),
        Role.SERVICE: sentences(
            "Trang của dịch vụ dùng chung trả lời nhưng thiếu hoặc sai thông tin đầu trang (header) mà phép đo yêu cầu.",
            "The shared service's site answers, but a header that the check demands is missing or different.",
            "Hỏi đơn vị vận hành dịch vụ dùng chung có vừa thay đổi cấu hình máy chủ không; nếu có chủ ý thì sửa mô-đun cho khớp.",
            "Ask the operator of the shared service whether the server's settings changed; if on purpose, fit the module to them.",
        ),
        Role.DEVICE: sentences(
            "Trang quản trị thiết bị trả lời nhưng thiếu hoặc sai thông tin đầu trang (header) mà phép đo yêu cầu.",
            "The device's admin page answers, but a header that the check demands is missing or different.",
            "So với lần đo tốt gần nhất; nếu vừa nâng cấp thiết bị thì cập nhật mô-đun theo header mới.",
            "Compare with the last good check; if the device was just updated, fit the module to the new header.",
        ),
    },
    HttpReason.BAD_BODY: {
        Role.UPLINK: sentences(
            "Trang quản trị bộ định tuyến của đường truyền mở được nhưng nội dung không như mong đợi: thiếu dòng chữ cần có hoặc hiện thông báo lỗi.",
            "The admin page of the line's router opens, but its content is not as expected: a text is missing, or an error message shows.",
            "Mở trang của bộ định tuyến bằng trình duyệt; nếu giao diện đổi sau nâng cấp thì sửa dòng chữ cần tìm trong mô-đun.",
            "Open the page of the router in a browser; if an update changed it, change the text the module looks for.",
        ),
        Role.LAN: sentences(
            "Trang quản trị bộ chuyển mạch mạng nội bộ mở được nhưng nội dung không như mong đợi: thiếu dòng chữ cần có hoặc hiện thông báo lỗi.",
            "The admin page of the local network's switch opens, but its content is not as expected: a text is missing, or an error message shows.",
            "Mở trang của bộ chuyển mạch bằng trình duyệt; nếu giao diện đổi sau nâng cấp thì sửa dòng chữ cần tìm trong mô-đun.",
            "Open the page of the switch in a browser; if an update changed it, change the text the module looks for.",
        ),
        Role.CONFERENCE: sentences(
            "Trang quản trị codec của điểm cầu mở được nhưng nội dung không như mong đợi: thiếu dòng chữ cần có hoặc hiện thông báo lỗi.",
            "The conference point's codec page opens, but its content is not as expected: a text is missing, or an error message shows.",
            "Mở trang của codec xem có báo lỗi phần cứng hay mất đăng ký không; nếu chỉ đổi giao diện, sửa dòng chữ cần tìm cho điểm cầu.",
            "Open the codec's page: does it show a hardware or registration fault? If only its look changed, change the text sought for the conference point.",
        ),
        Role.ONE_STOP: sentences(
            "Trang một cửa điện tử mở được nhưng nội dung không như mong đợi: thiếu dòng chữ cần có hoặc hiện thông báo lỗi.",
            "The one-stop site opens, but its content is not as expected: a text is missing, or an error message shows.",
            "Thử mở trang một cửa trên máy tại quầy. Nếu thấy nội dung lạ hoặc bị thay đổi trái phép, báo ngay đơn vị vận hành hệ thống một cửa và bộ phận an toàn thông tin.",
            "Please open the one-stop site at the desk. If the content looks strange or tampered with, tell the operator of the one-stop system and information security at once.",
        ),
        Role.PORTAL: sentences(
            "Trang cổng thông tin mở được nhưng nội dung không như mong đợi: thiếu dòng chữ cần có hoặc hiện thông báo lỗi.",
            "The portal's site opens, but its content is not as expected: a text is missing, or an error message shows.",
            "Thử mở cổng thông tin bằng điện thoại. Nếu thấy nội dung lạ hoặc bị thay đổi trái phép, báo ngay đơn vị vận hành cổng thông tin và bộ phận an toàn thông tin.",
            "Please open the portal on a phone. If the content looks strange or tampered with, tell the operator of the portal and information security at once.",
        ),
        Role.SERVICE: sentences(
            "Trang của dịch vụ dùng chung mở được nhưng nội dung không như mong đợi: thiếu dòng chữ cần có hoặc hiện thông báo lỗi.",
            "The shared service's site opens, but its content is not as expected: a text is missing, or an error message shows.",
            "Thử đăng nhập dịch vụ dùng chung trên một máy khác. Nếu thấy nội dung lạ hoặc bị thay đổi trái phép, báo ngay đơn vị vận hành dịch vụ dùng chung và bộ phận an toàn thông tin.",
            "Please sign in to the shared service from another computer. If the content looks strange or tampered with, tell the operator of the shared service and information security at once.",
        ),
        Role.DEVICE: sentences(
            "Trang quản trị thiết bị mở được nhưng nội dung không như mong đợi: thiếu dòng chữ cần có hoặc hiện thông báo lỗi.",
            "The device's admin page opens, but its content is not as expected: a text is missing, or an error message shows.",
            "Mở trang của thiết bị bằng trình duyệt; nếu giao diện đổi sau nâng cấp thì sửa dòng chữ cần tìm trong mô-đun.",
            "Open the page of the device in a browser; if an update changed it, change the text the module looks for.",
        ),
    },
    HttpReason.BAD_JSON: {
        Role.UPLINK: sentences(
            "Trang quản trị bộ định tuyến của đường truyền trả lời nhưng dữ liệu tự báo tình trạng (JSON) không đạt điều kiện: bên trong có phần chưa sẵn sàng.",
            "The admin page of the line's router answers, but its own status data (JSON) does not meet the condition: some part inside is not ready.",
            "Mở địa chỉ tình trạng của bộ định tuyến, xem mục nào báo lỗi, rồi gọi nhà mạng kèm nội dung đó.",
            "Open the status address of the router, see which part reports a fault, and give that text to the network provider.",
        ),
        Role.LAN: sentences(
            "Trang quản trị bộ chuyển mạch mạng nội bộ trả lời nhưng dữ liệu tự báo tình trạng (JSON) không đạt điều kiện: bên trong có phần chưa sẵn sàng.",
            "The admin page of the local network's switch answers, but its own status data (JSON) does not meet the condition: some part inside is not ready.",
            "Mở địa chỉ tình trạng của bộ chuyển mạch, xem mục nào báo lỗi, rồi gọi cán bộ phụ trách mạng nội bộ kèm nội dung đó.",
            "Open the status address of the switch, see which part reports a fault, and give that text to whoever looks after the local network.",
        ),
        Role.CONFERENCE: sentences(
            "Trang quản trị codec của điểm cầu trả lời nhưng dữ liệu tự báo tình trạng (JSON) không đạt điều kiện: bên trong có phần chưa sẵn sàng.",
            "The conference point's codec page answers, but its own status data (JSON) does not meet the condition: some part inside is not ready.",
            "Mở địa chỉ tình trạng của máy chủ hội nghị, xem mục báo lỗi (camera, micro, đăng ký), kiểm tra mục đó tại điểm cầu.",
            "Open the status address, see which part reports a fault (camera, microphone, registration) and check it at the conference point.",
        ),
        Role.ONE_STOP: sentences(
            "Trang một cửa điện tử trả lời nhưng dữ liệu tự báo tình trạng (JSON) không đạt điều kiện: bên trong có phần chưa sẵn sàng.",
            "The one-stop site answers, but its own status data (JSON) does not meet the condition: some part inside is not ready.",
            "Người dùng hệ thống một cửa có thể mất một phần chức năng. Gửi đơn vị vận hành hệ thống một cửa nội dung JSON và giờ đo.",
            "People may miss some functions. Send the operator of the one-stop system the JSON text and the time of this check.",
        ),
        Role.PORTAL: sentences(
            "Trang cổng thông tin trả lời nhưng dữ liệu tự báo tình trạng (JSON) không đạt điều kiện: bên trong có phần chưa sẵn sàng.",
            "The portal's site answers, but its own status data (JSON) does not meet the condition: some part inside is not ready.",
            "Người dùng cổng thông tin có thể mất một phần chức năng. Gửi đơn vị vận hành cổng thông tin nội dung JSON và giờ đo.",
            "People may miss some functions. Send the operator of the portal the JSON text and the time of this check.",
        ),
        Role.SERVICE: sentences(
            "Trang của dịch vụ dùng chung trả lời nhưng dữ liệu tự báo tình trạng (JSON) không đạt điều kiện: bên trong có phần chưa sẵn sàng.",
            "The shared service's site answers, but its own status data (JSON) does not meet the condition: some part inside is not ready.",
            "Người dùng dịch vụ dùng chung có thể mất một phần chức năng. Gửi đơn vị vận hành dịch vụ dùng chung nội dung JSON và giờ đo.",
            "People may miss some functions. Send the operator of the shared service the JSON text and the time of this check.",
        ),
        Role.DEVICE: sentences(
            "Trang quản trị thiết bị trả lời nhưng dữ liệu tự báo tình trạng (JSON) không đạt điều kiện: bên trong có phần chưa sẵn sàng.",
            "The device's admin page answers, but its own status data (JSON) does not meet the condition: some part inside is not ready.",
            "Mở địa chỉ tình trạng của thiết bị, xem mục nào báo lỗi, rồi gọi đơn vị bảo trì thiết bị kèm nội dung đó.",
            "Open the status address of the device, see which part reports a fault, and give that text to whoever maintains the device.",
        ),
    },
    HttpReason.BAD_VERSION: {
        Role.UPLINK: sentences(
            "Trang quản trị bộ định tuyến của đường truyền trả lời bằng phiên bản HTTP mà phép đo không chấp nhận. Bên đó vẫn sống, chỉ là cấu hình chưa khớp.",
            "The admin page of the line's router answers in an HTTP version this check does not accept. It is alive; the settings do not match.",
            "Thêm phiên bản HTTP của bộ định tuyến vào mô-đun; máy cũ thường chỉ biết HTTP/1.0 hoặc 1.1.",
            "Add the HTTP version of the router to the module; older gear often knows 1.0 or 1.1 only.",
        ),
        Role.LAN: sentences(
            "Trang quản trị bộ chuyển mạch mạng nội bộ trả lời bằng phiên bản HTTP mà phép đo không chấp nhận. Bên đó vẫn sống, chỉ là cấu hình chưa khớp.",
            "The admin page of the local network's switch answers in an HTTP version this check does not accept. It is alive; the settings do not match.",
            "Thêm phiên bản HTTP của bộ chuyển mạch vào mô-đun; máy cũ thường chỉ biết HTTP/1.0 hoặc 1.1.",
            "Add the HTTP version of the switch to the module; older gear often knows 1.0 or 1.1 only.",
        ),
        Role.CONFERENCE: sentences(
            "Trang quản trị codec của điểm cầu trả lời bằng phiên bản HTTP mà phép đo không chấp nhận. Bên đó vẫn sống, chỉ là cấu hình chưa khớp.",
            "The conference point's codec page answers in an HTTP version this check does not accept. It is alive; the settings do not match.",
            "Thêm phiên bản HTTP mà codec dùng vào mô-đun của điểm cầu; việc họp không bị ảnh hưởng.",
            "Add the codec's HTTP version to the module of the conference point; meetings are not affected.",
        ),
        Role.ONE_STOP: sentences(
            "Trang một cửa điện tử trả lời bằng phiên bản HTTP mà phép đo không chấp nhận. Bên đó vẫn sống, chỉ là cấu hình chưa khớp.",
            "The one-stop site answers in an HTTP version this check does not accept. It is alive; the settings do not match.",
            "Hỏi đơn vị vận hành hệ thống một cửa có chủ ý đổi HTTP/1.1, HTTP/2 không; có thì cập nhật mô-đun.",
            "Ask the operator of the one-stop system whether HTTP/1.1 or HTTP/2 was changed on purpose; if so, update the module.",
        ),
        Role.PORTAL: sentences(
            "Trang cổng thông tin trả lời bằng phiên bản HTTP mà phép đo không chấp nhận. Bên đó vẫn sống, chỉ là cấu hình chưa khớp.",
            "The portal's site answers in an HTTP version this check does not accept. It is alive; the settings do not match.",
            "Hỏi đơn vị vận hành cổng thông tin có chủ ý đổi HTTP/1.1, HTTP/2 không; có thì cập nhật mô-đun.",
            "Ask the operator of the portal whether HTTP/1.1 or HTTP/2 was changed on purpose; if so, update the module.",
        ),
        Role.SERVICE: sentences(
            "Trang của dịch vụ dùng chung trả lời bằng phiên bản HTTP mà phép đo không chấp nhận. Bên đó vẫn sống, chỉ là cấu hình chưa khớp.",
            "The shared service's site answers in an HTTP version this check does not accept. It is alive; the settings do not match.",
            "Hỏi đơn vị vận hành dịch vụ dùng chung có chủ ý đổi HTTP/1.1, HTTP/2 không; có thì cập nhật mô-đun.",
            "Ask the operator of the shared service whether HTTP/1.1 or HTTP/2 was changed on purpose; if so, update the module.",
        ),
        Role.DEVICE: sentences(
            "Trang quản trị thiết bị trả lời bằng phiên bản HTTP mà phép đo không chấp nhận. Máy vẫn sống, cấu hình chưa khớp.",
            "The device's admin page answers in an HTTP version this check does not accept. It is alive; the settings do not match.",
            "Thêm phiên bản HTTP của thiết bị vào mô-đun; máy cũ thường chỉ biết HTTP/1.0 hoặc 1.1.",
            "Add the HTTP version of the device to the module; older gear often knows 1.0 or 1.1 only.",
        ),
    },
    HttpReason.TOO_MANY_REDIRECTS: {
        Role.UPLINK: sentences(
            "Trang quản trị bộ định tuyến của đường truyền chuyển hướng lòng vòng, không tới được trang cuối. Lỗi cấu hình phía đó, không ở mạng.",
            "The admin page of the line's router redirects on and on and never arrives. The server's settings are at fault.",
            "Khai báo thẳng địa chỉ trang cuối cùng của bộ định tuyến (thường là trang đăng nhập), xem http và https có trỏ qua lại không.",
            "List the final page of the router itself (often its sign-in) and see whether http and https point at each other.",
        ),
        Role.LAN: sentences(
            "Trang quản trị bộ chuyển mạch mạng nội bộ chuyển hướng lòng vòng, không tới được trang cuối. Lỗi cấu hình phía đó, không ở mạng.",
            "The admin page of the local network's switch redirects on and on and never arrives. The server's settings are at fault.",
            "Khai báo thẳng địa chỉ trang cuối cùng của bộ chuyển mạch (thường là trang đăng nhập), xem http và https có trỏ qua lại không.",
            "List the final page of the switch itself (often its sign-in) and see whether http and https point at each other.",
        ),
        Role.CONFERENCE: sentences(
            "Trang quản trị codec của điểm cầu chuyển hướng lòng vòng, không tới được trang cuối. Lỗi cấu hình phía đó, không ở mạng.",
            "The conference point's codec page redirects on and on and never arrives. The server's settings are at fault.",
            "Khai báo thẳng địa chỉ trang đăng nhập của codec; việc họp của điểm cầu thường không bị ảnh hưởng.",
            "List the codec's sign-in page itself; meetings of the conference point are usually not affected.",
        ),
        Role.ONE_STOP: sentences(
            "Trang một cửa điện tử chuyển hướng lòng vòng, không tới được trang cuối. Lỗi cấu hình phía đó, không ở mạng.",
            "The one-stop site redirects on and on and never arrives. The server's settings are at fault.",
            "Thử mở trang một cửa trên máy tại quầy; trình duyệt cũng báo chuyển hướng quá nhiều thì báo đơn vị vận hành hệ thống một cửa sửa cấu hình.",
            "Please open the one-stop site at the desk; if the browser reports too many redirects as well, tell the operator of the one-stop system.",
        ),
        Role.PORTAL: sentences(
            "Trang cổng thông tin chuyển hướng lòng vòng, không tới được trang cuối. Lỗi cấu hình phía đó, không ở mạng.",
            "The portal's site redirects on and on and never arrives. The server's settings are at fault.",
            "Thử mở cổng thông tin bằng điện thoại; trình duyệt cũng báo chuyển hướng quá nhiều thì báo đơn vị vận hành cổng thông tin sửa cấu hình.",
            "Please open the portal on a phone; if the browser reports too many redirects as well, tell the operator of the portal.",
        ),
        Role.SERVICE: sentences(
            "Trang của dịch vụ dùng chung chuyển hướng lòng vòng, không tới được trang cuối. Lỗi cấu hình phía đó, không ở mạng.",
            "The shared service's site redirects on and on and never arrives. The server's settings are at fault.",
            "Thử đăng nhập dịch vụ dùng chung trên một máy khác; trình duyệt cũng báo chuyển hướng quá nhiều thì báo đơn vị vận hành dịch vụ dùng chung sửa cấu hình.",
            "Please sign in to the shared service from another computer; if the browser reports too many redirects as well, tell the operator of the shared service.",
        ),
        Role.DEVICE: sentences(
            "Trang quản trị thiết bị chuyển hướng lòng vòng, không tới được trang cuối. Lỗi cấu hình phía đó, không ở mạng.",
            "The device's admin page redirects on and on and never arrives. The server's settings are at fault.",
            "Khai báo thẳng địa chỉ trang cuối cùng của thiết bị (thường là trang đăng nhập), xem http và https có trỏ qua lại không.",
            "List the final page of the device itself (often its sign-in) and see whether http and https point at each other.",
        ),
    },
    HttpReason.PROXY_FAILED: {
        Role.UPLINK: sentences(
            "Máy chủ trung gian (proxy) của mình không chuyển được yêu cầu tới bộ định tuyến. Chưa rõ đường truyền hỏng hay không.",
            "Our proxy could not pass the request on to the router. Whether the line itself is broken is not known.",
            "Kiểm tra máy proxy và tài khoản dùng proxy trước. Muốn loại trừ proxy, hãy mở một trang web từ máy tại trụ sở để thử đường truyền.",
            "Check the proxy and its account first. To rule the proxy out, open a web page at the office to try the line.",
        ),
        Role.LAN: sentences(
            "Máy chủ trung gian (proxy) của mình không chuyển được yêu cầu tới bộ chuyển mạch. Chưa rõ mạng nội bộ hỏng hay không.",
            "Our proxy could not pass the request on to the switch. Whether the local network itself is broken is not known.",
            "Kiểm tra máy proxy và tài khoản dùng proxy trước. Muốn loại trừ proxy, hãy thử mạng nội bộ trên một máy tại trụ sở.",
            "Check the proxy and its account first. To rule the proxy out, try the local network on a computer at the office.",
        ),
        Role.CONFERENCE: sentences(
            "Máy chủ trung gian (proxy) của mình không chuyển được yêu cầu tới codec. Chưa rõ điểm cầu hỏng hay không.",
            "Our proxy could not pass the request on to the codec. Whether the conference point itself is broken is not known.",
            "Kiểm tra máy proxy và tài khoản dùng proxy trước. Muốn loại trừ proxy, hãy gọi thử một phiên từ codec của điểm cầu.",
            "Check the proxy and its account first. To rule the proxy out, place a test call from the conference point.",
        ),
        Role.ONE_STOP: sentences(
            "Máy chủ trung gian (proxy) của mình không chuyển được yêu cầu tới máy chủ. Chưa rõ hệ thống một cửa hỏng hay không.",
            "Our proxy could not pass the request on to its server. Whether the one-stop system itself is broken is not known.",
            "Kiểm tra máy proxy và tài khoản dùng proxy trước. Muốn loại trừ proxy, hãy mở trang một cửa trên máy tại quầy.",
            "Check the proxy and its account first. To rule the proxy out, open the one-stop site at the desk.",
        ),
        Role.PORTAL: sentences(
            "Máy chủ trung gian (proxy) của mình không chuyển được yêu cầu tới máy chủ. Chưa rõ cổng thông tin hỏng hay không.",
            "Our proxy could not pass the request on to its server. Whether the portal itself is broken is not known.",
            "Kiểm tra máy proxy và tài khoản dùng proxy trước. Muốn loại trừ proxy, hãy mở cổng thông tin bằng điện thoại.",
            "Check the proxy and its account first. To rule the proxy out, open the portal on a phone.",
        ),
        Role.SERVICE: sentences(
            "Máy chủ trung gian (proxy) của mình không chuyển được yêu cầu tới máy chủ. Chưa rõ dịch vụ dùng chung hỏng hay không.",
            "Our proxy could not pass the request on to its server. Whether the shared service itself is broken is not known.",
            "Kiểm tra máy proxy và tài khoản dùng proxy trước. Muốn loại trừ proxy, hãy đăng nhập dịch vụ dùng chung trên một máy khác.",
            "Check the proxy and its account first. To rule the proxy out, sign in to the shared service from another computer.",
        ),
        Role.DEVICE: sentences(
            "Máy chủ trung gian (proxy) của mình không chuyển được yêu cầu tới thiết bị. Chưa rõ bản thân thiết bị có hỏng hay không.",
            "Our proxy could not pass the request on to the device. Whether the device itself is broken is not known.",
            "Kiểm tra máy proxy và tài khoản dùng proxy trước. Muốn loại trừ proxy, hãy xem đèn báo trên thiết bị.",
            "Check the proxy and its account first. To rule the proxy out, look at the lights on the device.",
        ),
    },
    HttpReason.TLS_UNEXPECTED: {
        Role.UPLINK: sentences(
            "Bộ định tuyến đầu đường truyền dùng mã hóa (TLS) trong khi phép đo quy định không mã hóa. Bên đó vẫn sống, chỉ là khai báo chưa khớp.",
            "The line's router uses encryption (TLS) where this check forbids it. It is alive; the listing does not match.",
            "Sửa mô-đun của đường truyền cho phép TLS, hoặc khai báo cổng không mã hóa của bộ định tuyến.",
            "Let the module of the line allow TLS, or list the port of the router that is not encrypted.",
        ),
        Role.LAN: sentences(
            "Bộ chuyển mạch mạng nội bộ dùng mã hóa (TLS) trong khi phép đo quy định không mã hóa. Bên đó vẫn sống, chỉ là khai báo chưa khớp.",
            "The local network's switch uses encryption (TLS) where this check forbids it. It is alive; the listing does not match.",
            "Sửa mô-đun của mạng nội bộ cho phép TLS, hoặc khai báo cổng không mã hóa của bộ chuyển mạch.",
            "Let the module of the local network allow TLS, or list the port of the switch that is not encrypted.",
        ),
        Role.CONFERENCE: sentences(
            "Thiết bị hội nghị tại điểm cầu dùng mã hóa (TLS) trong khi phép đo quy định không mã hóa. Bên đó vẫn sống, chỉ là khai báo chưa khớp.",
            "The conference point's codec uses encryption (TLS) where this check forbids it. It is alive; the listing does not match.",
            "Đổi phép đo của điểm cầu sang TLS, cổng 5061, cho khớp với trang SIP của codec.",
            "Check the conference point over TLS, port 5061, as the codec's SIP page says.",
        ),
        Role.ONE_STOP: sentences(
            "Máy chủ một cửa dùng mã hóa (TLS) trong khi phép đo quy định không mã hóa. Bên đó vẫn sống, chỉ là khai báo chưa khớp.",
            "The one-stop server uses encryption (TLS) where this check forbids it. It is alive; the listing does not match.",
            "Đổi địa chỉ khai báo sang https, hoặc đổi mục tls của mô-đun; hệ thống một cửa có mã hóa là tốt.",
            "List the https address or change `tls` in the module; encryption at the one-stop system is a good thing.",
        ),
        Role.PORTAL: sentences(
            "Máy chủ cổng thông tin dùng mã hóa (TLS) trong khi phép đo quy định không mã hóa. Bên đó vẫn sống, chỉ là khai báo chưa khớp.",
            "The portal's server uses encryption (TLS) where this check forbids it. It is alive; the listing does not match.",
            "Đổi địa chỉ khai báo sang https, hoặc đổi mục tls của mô-đun; cổng thông tin có mã hóa là tốt.",
            "List the https address or change `tls` in the module; encryption at the portal is a good thing.",
        ),
        Role.SERVICE: sentences(
            "Máy chủ dịch vụ dùng chung dùng mã hóa (TLS) trong khi phép đo quy định không mã hóa. Bên đó vẫn sống, chỉ là khai báo chưa khớp.",
            "The shared service's server uses encryption (TLS) where this check forbids it. It is alive; the listing does not match.",
            "Đổi địa chỉ khai báo sang https, hoặc đổi mục tls của mô-đun; dịch vụ dùng chung có mã hóa là tốt.",
            "List the https address or change `tls` in the module; encryption at the shared service is a good thing.",
        ),
        Role.DEVICE: sentences(
            "Thiết bị này dùng mã hóa (TLS) trong khi phép đo quy định không mã hóa. Máy vẫn sống, chỉ là khai báo chưa khớp.",
            "The device uses encryption (TLS) where this check forbids it. It is alive; the listing does not match.",
            "Sửa mô-đun cho phép TLS, hoặc khai báo cổng không mã hóa của thiết bị.",
            "Let the device's module allow TLS, or list the device's port that is not encrypted.",
        ),
    },
}
