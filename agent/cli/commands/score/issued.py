"""The row of the ledger that a package of scores, or a workbook with its hash, gets when it is handed out."""

from __future__ import annotations

from agent.characters import quoted
from agent.cli.agent_location import AgentLocation
from agent.cli.clients.signed_replies import parse_score_issues
from agent.cli.signed_rows import who_asks, write_signed_row
from agent.clock import SystemClock
from agent.errors import SansangError
from agent.ledger.history.recorded import stamp
from agent.ledger.signed.score_issues import DatedScoreIssue, ScoreIssue, issue_row, read
from agent.ledger.store import Ledger
from agent.reporting.scoring.report import ScoreReport
from agent.text import Text
from agent.web.request_body import score_issue_body

PATH = "/api/v1/score-issues"
_NOT_RECORDED = Text(
    "Sổ chưa ghi mã của gói này, nên sau này không thể dùng sổ để chứng minh nguồn gốc: {why}",
    "The ledger has no row of this package's hash, so it cannot prove later where the package is from: {why}",
)
_EMPTY = Text("sổ chưa có dòng nào", "the ledger has no row")


def record_issue(location: AgentLocation, report: ScoreReport, manifest: str) -> Text | None:
    """Have the hash of a manifest recorded, once; None when it is, else why it is not: the file is as good as before.

    By the running agent, or by this command where none runs.
    """
    as_of = report.request.as_of
    if as_of is None or as_of.seq is None or as_of.at_ms is None:
        return _NOT_RECORDED.filled(why=_EMPTY)
    request, sheet = report.request, report.sheet
    issue = ScoreIssue(
        manifest=manifest,
        sheet=sheet.id,
        sheet_digest=sheet.digest,
        period=request.period,
        unit=request.unit,
        level=request.level,
        units=request.units,
        as_of_seq=as_of.seq,
        as_of_wall_ms=as_of.at_ms,
        who=who_asks(),
    )
    try:
        issues = write_signed_row(
            location, PATH, score_issue_body(issue), parse_score_issues, lambda ledger: _written(ledger, issue)
        )
    except (SansangError, OSError) as error:
        return _NOT_RECORDED.filled(why=error if isinstance(error, SansangError) else quoted(str(error)))
    if not any(one.row.manifest == manifest for one in issues):
        return _NOT_RECORDED.filled(why=manifest)
    return None


def _written(ledger: Ledger, issue: ScoreIssue) -> tuple[DatedScoreIssue, ...]:
    row = issue_row(ledger, issue, stamp(SystemClock()))
    if row is not None:
        ledger.append([row])
    return read(ledger)
