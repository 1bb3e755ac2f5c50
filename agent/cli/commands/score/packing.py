"""`sansang score -o package.zip`: the package, the workbook with its hash, the hash in the ledger and on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from agent.characters import written_out
from agent.cli.agent_location import AgentLocation
from agent.cli.commands.score.issued import record_issue
from agent.errors import SansangError
from agent.reporting.scoring.report import ScoreReport
from agent.text import Text
from exporters.scores.files import ScoreWriter, is_package

if TYPE_CHECKING:
    from exporters.scores.package import ScorePackage

_NOT_VERIFIED = Text(
    "không đóng gói từ sổ chưa kiểm chứng, vì gói là bằng chứng: {why}",
    "no package is made of a ledger that was not verified, for it is evidence: {why}",
)
_HASH = Text("Mã SHA-256 của gói (manifest.json): {digest}", "SHA-256 of the package (manifest.json): {digest}")
_IN_WORKBOOK = Text("Mã này đã ghi trong {names}.", "It stands in {names}.")


class Packing:
    """The package that an output asks for: made once, whatever is written of it."""

    def __init__(self, outputs: Sequence[tuple[Path, ScoreWriter | None]]) -> None:
        self._workbooks = [path.name for path, writer in outputs if writer is None and not is_package(path)]
        self._package: ScorePackage | None = None

    def content(self, path: Path, report: ScoreReport) -> bytes:
        """The bytes of a package, or of the workbook in it. SansangError where the ledger was not verified."""
        package = self._made(report)
        return package.data if is_package(path) else package.workbook

    def hand_out(self, location: AgentLocation, report: ScoreReport, out: TextIO) -> None:
        """Have the hash recorded in the ledger, and say it; nothing where no package was made."""
        if self._package is None:
            return
        digest = self._package.manifest_sha256
        lines = [_HASH.filled(digest=digest)]
        if self._workbooks:
            lines.append(_IN_WORKBOOK.filled(names=", ".join(self._workbooks)))
        remark = record_issue(location, report, digest)
        lines += [remark] if remark is not None else []
        out.writelines(f"{written_out(line.to(location.language))}\n" for line in lines)

    def _made(self, report: ScoreReport) -> ScorePackage:
        from exporters.scores.package import score_package  # noqa: PLC0415 - loads xlsxwriter: 45 ms

        if report.unverified:
            raise SansangError(_NOT_VERIFIED.filled(why=report.unverified))
        if self._package is None:
            self._package = score_package(report)
        return self._package
