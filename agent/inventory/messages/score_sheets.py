"""Messages about score sheets."""

from __future__ import annotations

from collections.abc import Mapping

from agent.inventory.messages.message import FindingMessage
from agent.text import Text

SCORE_SHEET_MESSAGES: Mapping[str, FindingMessage] = {
    # values
    "points": FindingMessage(
        Text("'{value}' không phải số điểm", "'{value}' is no number of points"),
        Text("ví dụ 20 hoặc 33,5, từ 0 đến 1000000", "such as 20 or 33.5, from 0 to 1000000"),
    ),
    "exact_number": FindingMessage(
        Text("'{value}' không phải số", "'{value}' is no number"),
        Text("ví dụ 4, 0,95, 95% hoặc 3/4, không có số mũ", "such as 4, 0.95, 95% or 3/4, without an exponent"),
    ),
    "thousands": FindingMessage(
        Text(
            "{value} có thể là số nghìn, cũng có thể là số thập phân", "{value} may be thousands, and may be decimals"
        ),
        Text(
            "không có dấu ngăn hàng nghìn: 1500; số thập phân không có số 0 ở cuối: 1.5",
            "no marks of thousands: 1500; decimals without a 0 at the end: 1.5",
        ),
    ),
    "share_above_one": FindingMessage(
        Text("{value} lớn hơn toàn bộ", "{value} is more than all there is"),
        Text("tỷ lệ từ 0 đến 1, ví dụ 0,95 hoặc 95%", "a share from 0 to 1, such as 0.95 or 95%"),
    ),
    "milliseconds": FindingMessage(
        Text("không phải số mili giây nguyên, lớn hơn 0", "no whole number of milliseconds above 0"),
        Text("ví dụ 800ms hoặc 3s", "such as 800ms or 3s"),
    ),
    "code_syntax": FindingMessage(
        Text("'{value}' không phải mã chỉ tiêu", "'{value}' is no code of a criterion"),
        Text("chữ, số, dấu chấm và gạch nối, ví dụ 1.2 hoặc III.a", "letters, digits, dots and hyphens: 1.2, III.a"),
    ),
    "words_long": FindingMessage(
        Text("dài hơn {limit} ký tự", "longer than {limit} characters"), Text("hãy rút gọn", "shorten it")
    ),
    "two_languages": FindingMessage(
        Text("không phải chữ, cũng không phải vi và en", "neither text nor vi and en"),
        Text('"Hạ tầng số" hoặc {{vi: .., en: ..}}', '"Hạ tầng số" or {{vi: .., en: ..}}'),
    ),
    "decimals": FindingMessage(
        Text("điểm không lấy {value} chữ số thập phân", "points do not have {value} decimals"),
        Text("2 hoặc 3", "2 or 3"),
    ),
    "cell_syntax": FindingMessage(
        Text("'{value}' không phải ô", "'{value}' is no cell"), Text("ví dụ E7", "such as E7")
    ),
    "sha256_syntax": FindingMessage(
        Text("không phải SHA-256", "not a SHA-256"),
        Text("64 chữ số 0-9, a-f: hãy nhập lại biểu bằng import-sheet", "64 digits 0-9, a-f: import the sheet again"),
    ),
    # kinds
    "not_kind": FindingMessage(
        Text("không phải cặp khóa có 'kind'", "not a mapping with a 'kind'"),
        Text("{{kind: ..}} hoặc một từ", "{{kind: ..}} or one word"),
    ),
    "unknown_kind": FindingMessage(
        Text("không có loại '{value}'", "unknown kind '{value}'"),
        Text("một trong: {choices}", "one of: {choices}"),
    ),
    "unknown_kind_close": FindingMessage(
        Text("không có loại '{value}'", "unknown kind '{value}'"), Text("có phải '{close}'?", "did you mean '{close}'?")
    ),
    "formula_unfit": FindingMessage(
        Text(
            "công thức {formula} không tính được cho đại lượng {quantity}",
            "a formula {formula} cannot score the quantity {quantity}",
        ),
        Text("nó cần: {choices}", "it takes: {choices}"),
    ),
    "calendar_unused": FindingMessage(
        Text("ở đây không tính theo thời gian", "no time is counted here"),
        Text(
            "bỏ 'calendar': chỉ phép thử uptime và sự cố có lịch",
            "leave out 'calendar': only uptime and outages have one",
        ),
    ),
    "test_of_outages": FindingMessage(
        Text("đếm sự cố không có phép thử", "outages are counted without a test"), Text("bỏ 'test'", "leave out 'test'")
    ),
    "measure_missing": FindingMessage(
        Text("công thức này cần một số đo", "this formula needs a measure"),
        Text("thêm 'measure', ví dụ measure: manual", "add 'measure', such as measure: manual"),
    ),
    "measure_beside_sum": FindingMessage(
        Text("công thức sum có số đo trong từng phần", "a sum has a measure in each of its parts"),
        Text("bỏ 'measure' của chỉ tiêu", "leave out the criterion's 'measure'"),
    ),
    "part_kind": FindingMessage(
        Text("một phần không thể là sum hoặc unscored", "a part cannot be a sum or unscored"),
        Text("dùng một công thức đơn", "use a simple formula"),
    ),
    # formulas
    "one_worth": FindingMessage(
        Text("cần đúng một trong hai: points, share", "needs one of the two: points, share"),
        Text("points: 15 hoặc share: 75%", "points: 15 or share: 75%"),
    ),
    "points_above": FindingMessage(
        Text("{points} điểm vượt mức tối đa {maximum}", "{points} points are above the maximum of {maximum}"),
        Text("nhiều nhất {maximum}", "at most {maximum}"),
    ),
    "one_bound": FindingMessage(
        Text("cần đúng một trong hai: at_least, at_most", "needs one of the two: at_least, at_most"),
        Text("at_least: 90% hoặc at_most: 4", "at_least: 90% or at_most: 4"),
    ),
    "bound_is_day": FindingMessage(
        Text("{value} là một ngày, còn số đo thì không", "{value} is a day, and the measure gives none"),
        Text("ghi một số", "write a number"),
    ),
    "bound_no_day": FindingMessage(
        Text("số đo là một ngày, còn đây thì không", "the measure gives a day, and this is none"),
        Text("ghi ngày, ví dụ 2026-06-30", "write a day, such as 2026-06-30"),
    ),
    "bound_zero": FindingMessage(
        Text("không chia được cho 0", "nothing can be divided by 0"), Text("một số lớn hơn 0", "a number above 0")
    ),
    "proportional_day": FindingMessage(
        Text("không có tỷ lệ giữa hai ngày", "there is no proportion between days"),
        Text("bỏ 'proportional', hoặc dùng linear", "leave out 'proportional', or use linear"),
    ),
    "linear_flat": FindingMessage(
        Text("from và to bằng nhau", "from and to are the same"),
        Text("hai giá trị khác nhau, hoặc dùng threshold", "two different values, or use threshold"),
    ),
    "steps_mixed": FindingMessage(
        Text("các bậc vừa có at_least vừa có at_most", "some steps say at_least and others at_most"),
        Text("chỉ dùng một trong hai", "use one of the two"),
    ),
    "step_twice": FindingMessage(
        Text("mốc này đã có ở bậc khác", "another step has this bound"), Text("chỉ giữ một", "keep one of them")
    ),
    "steps_falling": FindingMessage(
        Text("bậc khó hơn không được nhiều điểm hơn bậc trước", "a harder step is worth no more than the one before"),
        Text("điểm phải tăng dần, mức 0 không cần ghi", "points must rise; nothing needs no step"),
    ),
    "word_twice": FindingMessage(
        Text("từ '{word}' có hai lần", "the word '{word}' stands twice"), Text("chỉ giữ một", "keep one of them")
    ),
    "parts_above": FindingMessage(
        Text("các phần cộng lại vượt điểm tối đa", "the parts add up to more than the maximum"),
        Text("giảm points hoặc share của các phần", "lower the points or shares of the parts"),
    ),
    # the whole sheet
    "sheet_crowded": FindingMessage(
        Text("biểu có hơn {limit} giá trị", "more than {limit} values in one sheet"),
        Text("mỗi biểu nhiều nhất 1000 chỉ tiêu", "a sheet has 1000 criteria at most"),
    ),
    "code_twice": FindingMessage(
        Text("mã {code} có hai lần", "the code {code} stands twice"), Text("mỗi mã một lần", "each code once")
    ),
    "parent_unknown": FindingMessage(
        Text("trước nhóm này không có nhóm {code}", "no group {code} stands before this one"),
        Text("nhóm trên ghi trước nhóm dưới", "write a group before those below it"),
    ),
    "groups_deep": FindingMessage(
        Text("nhóm lồng sâu hơn {limit} bậc", "groups nested deeper than {limit}"),
        Text("ít bậc hơn", "fewer levels"),
    ),
    "group_unknown": FindingMessage(
        Text("không có nhóm {code}", "there is no group {code}"), Text("một trong: {choices}", "one of: {choices}")
    ),
    "group_unknown_close": FindingMessage(
        Text("không có nhóm {code}", "there is no group {code}"), Text("có phải {close}?", "did you mean {close}?")
    ),
    "group_empty": FindingMessage(
        Text("nhóm {code} không có chỉ tiêu nào", "group {code} has no criterion"),
        Text("bỏ nhóm này, hoặc ghi group: {code} ở chỉ tiêu", "leave it out, or write group: {code} at a criterion"),
    ),
    "nothing_scored": FindingMessage(
        Text("không chỉ tiêu nào có điểm", "no criterion is worth points"),
        Text("ít nhất một chỉ tiêu có 'maximum' và công thức", "at least one criterion with a maximum and a formula"),
    ),
    "maximum_zero": FindingMessage(
        Text("điểm tối đa là 0", "the maximum is 0"),
        Text("formula: unscored cho dòng chỉ để xem", "formula: unscored for a row that is only shown"),
    ),
    "unscored_worth": FindingMessage(
        Text("dòng không tính điểm lại có điểm tối đa", "a row that is not scored has a maximum"),
        Text("bỏ 'maximum' hoặc chọn công thức khác", "leave out 'maximum' or choose another formula"),
    ),
    "too_many_decimals": FindingMessage(
        Text(
            "{value} có nhiều hơn {decimals} chữ số thập phân của biểu",
            "{value} has more than the sheet's {decimals} decimals",
        ),
        Text("làm tròn, hoặc decimals: 3", "round it, or decimals: 3"),
    ),
    "group_sum": FindingMessage(
        Text(
            "các chỉ tiêu của nhóm {code} cộng lại là {sum}, không phải {maximum}",
            "the criteria of group {code} add up to {sum}, not {maximum}",
        ),
        Text("sửa điểm của chỉ tiêu hoặc của nhóm", "mend the maxima of the criteria or of the group"),
    ),
    "scale_sum": FindingMessage(
        Text("mọi chỉ tiêu cộng lại là {sum}, không phải {maximum}", "all criteria add up to {sum}, not {maximum}"),
        Text("sửa điểm của chỉ tiêu hoặc thang điểm", "mend the maxima of the criteria or the scale"),
    ),
    "valid_backwards": FindingMessage(
        Text("hết hiệu lực trước khi có hiệu lực", "it ends before it begins"),
        Text("ngày sau 'from'", "a day after 'from'"),
    ),
    "form_code": FindingMessage(
        Text("không có chỉ tiêu {code}", "there is no criterion {code}"),
        Text("bỏ dòng này, hoặc nhập lại biểu bằng import-sheet", "leave out this row, or import the sheet again"),
    ),
    # remarks
    "districts_gone": FindingMessage(
        Text(
            "từ 01/07/2025 không còn cấp huyện, biểu này vẫn áp dụng cho {level}",
            "there are no districts from 1 July 2025 on, and this sheet is still for {level}",
        ),
        Text("chỉ đúng cho kỳ cũ: valid.to trước 2025-07-01", "right for old periods: valid.to before 2025-07-01"),
    ),
    "parts_below": FindingMessage(
        Text("các phần chỉ cộng được {sum} trong {maximum} điểm", "the parts make {sum} of {maximum} points"),
        Text("không ai đạt điểm tối đa, nếu không phải là nhầm", "nobody can get the maximum, unless that is a slip"),
    ),
    "first_byte_bound": FindingMessage(
        Text(
            "thời gian phản hồi được đếm theo các mốc {choices} ms, không có mốc {value}",
            "first-byte times are counted up to {choices} ms, and {value} is none of these",
        ),
        Text("được tính như mốc gần nhất bên dưới", "it counts as the next one below"),
    ),
    # beside an inventory
    "sheet_reference": FindingMessage(
        Text("cấu hình không có {kind} '{value}'", "the configuration has no {kind} '{value}'"),
        Text("một trong: {choices}", "one of: {choices}"),
    ),
    "sheet_reference_close": FindingMessage(
        Text("cấu hình không có {kind} '{value}'", "the configuration has no {kind} '{value}'"),
        Text("có phải '{close}'?", "did you mean '{close}'?"),
    ),
}
