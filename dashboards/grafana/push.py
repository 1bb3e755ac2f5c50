"""Folder, data source and boards to a Grafana over its API, where they differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from dashboards.grafana import texts, upload
from dashboards.grafana.api import Grafana, RefusedError
from dashboards.grafana.client import LOCAL_PROMETHEUS
from dashboards.grafana.upload import UploadOutcome
from dashboards.settings import BuildSettings


@dataclass(frozen=True, slots=True)
class UploadedItem:
    """One thing, and what became of it; note says why it was left alone."""

    kind: str
    uid: str
    title: str
    outcome: UploadOutcome
    note: str = ""


@dataclass(frozen=True, slots=True)
class Push:
    """One upload: what is wanted, where, and how far it may go."""

    grafana: Grafana
    settings: BuildSettings
    source_url: str | None
    with_source: bool
    force: bool
    dry_run: bool

    def items(self) -> Iterator[UploadedItem]:
        """Each thing as it is done. Without its folder no board is tried."""
        place = upload.folder()
        folder = self._tried("folder", place["uid"], place["title"], self._folder)
        yield folder
        if self.with_source:
            source = upload.source(self.settings, self.source_url or LOCAL_PROMETHEUS)
            yield self._tried("source", source["uid"], source["name"], self._source)
        if folder.outcome is not UploadOutcome.FAILED:
            for board in upload.boards(self.settings):
                yield self._tried("board", board.uid, board.title, partial(self._board, board))

    def _tried(self, kind: str, uid: str, title: str, action: Callable[[], tuple[UploadOutcome, str]]) -> UploadedItem:
        try:
            outcome, who = action()
        except RefusedError as error:
            if error.from_file:
                return UploadedItem(
                    kind,
                    uid,
                    title,
                    UploadOutcome.FROM_FILE,
                    texts.NOTES[UploadOutcome.FROM_FILE].to(self.settings.language),
                )
            return UploadedItem(
                kind, uid, title, UploadOutcome.FAILED, texts.refused(kind, error, self.settings.language)
            )
        by = texts.BY.to(self.settings.language).format(name=who) if who else ""
        note = texts.NOTES[outcome].to(self.settings.language).format(by=by) if outcome in texts.NOTES else ""
        return UploadedItem(kind, uid, title, outcome, note)

    def _folder(self) -> tuple[UploadOutcome, str]:
        folder = upload.folder()
        if self.grafana.has_folder(folder["uid"]):
            return UploadOutcome.UNCHANGED, ""
        if not self.dry_run:
            self.grafana.add_folder(folder)
        return UploadOutcome.CREATED, ""

    def _source(self) -> tuple[UploadOutcome, str]:
        source = upload.source(self.settings, self.source_url or LOCAL_PROMETHEUS)
        existing = self.grafana.source(source["uid"])
        outcome = upload.judge_source(existing, self.source_url)
        if outcome in upload.WRITES and not self.dry_run:
            if existing is None:
                self.grafana.add_source(source)
            else:
                self.grafana.set_source(source["uid"], upload.moved(existing, source["url"]))
        return outcome, ""

    def _board(self, board: upload.Board) -> tuple[UploadOutcome, str]:
        existing = self.grafana.board(board.uid)
        if existing is not None and existing.document is not None and not upload.is_same(board, existing):
            message = upload.message_of(existing.version, partial(self.grafana.saved, board.uid))
            existing = upload.with_message(existing, message)
        outcome = upload.judge_board(board, existing, force=self.force)
        if outcome in upload.WRITES and not self.dry_run:
            folder = upload.folder()["uid"] if existing is None or existing.document is None else existing.folder
            self.grafana.save(board, existing, folder, overwrite=outcome is UploadOutcome.OVERWRITTEN)
        return outcome, "" if existing is None else existing.saved_by
