"""The sheet of corrections: who corrected what, why and when. The recorded figures stay beside the amended ones."""

from __future__ import annotations

from agent.availability.figures import Subject
from agent.explain.labels import STATES
from agent.explain.texts import explain
from agent.ledger.signed.amendments import DatedAmendment
from agent.model import State, UnknownCause
from agent.probes.declared import REASONS
from agent.reporting.report import UptimeReport
from agent.text import Text
from exporters.reports.cells import Instant, ReportSheet, TableColumn, named_sheet, table
from exporters.reports.names import role_of, target_name
from exporters.reports.unknown_causes import why

_NAME = Text("Đính chính", "Corrections")
_LINE = Text(
    "Có {} đính chính trong kỳ (trang Đính chính): số liệu đã ghi giữ nguyên, số liệu sau đính chính đứng bên cạnh",
    "{} corrections in the period (sheet Corrections): the recorded figures stay, amended ones stand beside them",
)
_STAY = Text(
    "Đính chính không thay số liệu đã ghi: số liệu sau đính chính đứng riêng bên cạnh.",
    "A correction replaces no recorded figure: the amended one stands beside it.",
)


def corrections(report: UptimeReport) -> ReportSheet:
    """The sheet of all corrections, in the order signed."""
    language = report.language
    subjects = {target.target: target.subject for target in report.targets}
    columns: list[TableColumn[DatedAmendment]] = [
        TableColumn(Text("Dòng sổ", "Row"), 10, lambda correction: str(correction.seq)),
        TableColumn(
            Text("Sửa dòng / sự cố số", "Corrects row / outage no."),
            12,
            lambda correction: str(correction.row.refers_to),
        ),
        TableColumn(Text("Mục tiêu", "Target"), 26, lambda correction: target_name(subjects[correction.target])),
        TableColumn(Text("Từ", "From"), 25, lambda correction: Instant(correction.row.start_wall_ms)),
        TableColumn(Text("Đến", "To"), 25, lambda correction: Instant(correction.row.end_wall_ms)),
        TableColumn(
            Text("Thực tế", "What it really was"),
            34,
            lambda correction: corrected_state(correction, subjects[correction.target], language),
        ),
        TableColumn(Text("Ghi nhận lúc", "Recorded at"), 25, lambda correction: Instant(correction.wall_ms)),
        TableColumn(Text("Người ký", "Signed by"), 20, lambda correction: correction.row.who),
        TableColumn(Text("Lý do", "Why"), 34, lambda correction: correction.row.why),
    ]
    title = Text("CÁC ĐÍNH CHÍNH ĐÃ KÝ", "SIGNED CORRECTIONS")
    return named_sheet(
        _NAME, title, language, table(columns, report.corrections, language), lines=(_STAY.to(language),)
    )


def corrections_line(report: UptimeReport) -> tuple[str, ...]:
    """A line for the summary; none where nothing was corrected."""
    count = len(report.corrections)
    return (_LINE.to(report.language).format(count),) if count else ()


def corrected_state(correction: DatedAmendment, subject: Subject, language: str) -> str:
    """The state that a correction gives, in words."""
    row = correction.row
    state = STATES[row.state].to(language)
    if row.state is State.UP:
        return state
    reason = why(UnknownCause(row.cause), language) if row.state is State.UNKNOWN else ""
    return f"{state}: {reason or explain(role_of(subject), REASONS[row.cause], language).what}"
