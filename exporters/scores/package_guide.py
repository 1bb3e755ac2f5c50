"""What stands in a package beside the figures: which file is what, and how anybody checks it."""

from __future__ import annotations

GUIDE = """\
GÓI CHẤM ĐIỂM / SCORE PACKAGE

manifest.json    mã SHA-256 của từng tệp, kỳ, biểu, dòng sổ đã tính / SHA-256 of every file, period, sheet, row
score.xlsx       bảng điểm để nộp; có mã SHA-256 của manifest.json / the workbook to hand in, with the manifest's hash
score.csv        điểm để máy đọc / the points, for programs
score.json       như trên, theo JSON Schema / the same, by its JSON Schema
criteria/        mỗi tiêu chí một thư mục: số liệu, mục tiêu, lần mất, bảo trì, đính chính, khai báo
                 for each criterion: figures, targets, outages, maintenance, corrections, declared facts
evidence/        mọi dữ liệu mà điểm được tính từ đó / all that the points are counted from
sheet.json       biểu chấm điểm, dạng chuẩn (mã SHA-256 của tệp là mã của biểu) / the sheet; its SHA-256 names it
sheet.yml        biểu chấm điểm, dạng dễ đọc / the sheet, as people write it
previous.csv     tổng điểm kỳ trước, nếu có so sánh / totals of the period before, if compared

Thời điểm trong các tệp CSV là giờ UTC; ô trống ở cột start_ms, end_ms nghĩa là không giới hạn.
Instants in CSV files are UTC; an empty start_ms or end_ms means without limit.

Kiểm tra, không cần sổ / to check it, without the ledger:
    sansang score verify package.zip --manifest SHA256
Kiểm tra với sổ của bộ giám sát / with the agent's ledger:
    sansang score verify package.zip --ledger --config sansang.yml
""".encode()
