"""`sansang build --push`: folder, data source and boards to a Grafana over its API, where they differ."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from agent.characters import json_text
from agent.cli.commands.build.grafana_token import authorization
from agent.cli.commands.build.push_options import LOCAL_PROMETHEUS, seconds
from agent.web.authority import is_loopback
from dashboards.grafana import texts as words
from dashboards.grafana import upload
from dashboards.grafana.api import Grafana, RefusedError
from dashboards.grafana.client import GrafanaClient, checked_ca_file, parse_grafana_address
from dashboards.grafana.errors import GrafanaError, GrafanaErrorKind
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
            wanted = upload.source(self.settings, self.source_url or LOCAL_PROMETHEUS)
            yield self._tried("source", wanted["uid"], wanted["name"], self._source)
        if folder.outcome is not UploadOutcome.FAILED:
            for board in upload.boards(self.settings):
                yield self._tried("board", board.uid, board.title, partial(self._board, board))

    def _tried(self, kind: str, uid: str, title: str, deed: Callable[[], tuple[UploadOutcome, str]]) -> UploadedItem:
        try:
            outcome, who = deed()
        except RefusedError as error:
            if error.from_file:
                return UploadedItem(
                    kind,
                    uid,
                    title,
                    UploadOutcome.FROM_FILE,
                    words.NOTES[self.settings.language][UploadOutcome.FROM_FILE],
                )
            return UploadedItem(
                kind, uid, title, UploadOutcome.FAILED, words.refused(kind, error, self.settings.language)
            )
        by = words.BY[self.settings.language].format(name=who) if who else ""
        note = words.NOTES[self.settings.language].get(outcome, "").format(by=by)
        return UploadedItem(kind, uid, title, outcome, note)

    def _folder(self) -> tuple[UploadOutcome, str]:
        wanted = upload.folder()
        if self.grafana.has_folder(wanted["uid"]):
            return UploadOutcome.UNCHANGED, ""
        if not self.dry_run:
            self.grafana.add_folder(wanted)
        return UploadOutcome.CREATED, ""

    def _source(self) -> tuple[UploadOutcome, str]:
        wanted = upload.source(self.settings, self.source_url or LOCAL_PROMETHEUS)
        found = self.grafana.source(wanted["uid"])
        outcome = upload.judge_source(found, self.source_url)
        if outcome in upload.WRITES and not self.dry_run:
            if found is None:
                self.grafana.add_source(wanted)
            else:
                self.grafana.set_source(wanted["uid"], upload.moved(found, wanted["url"]))
        return outcome, ""

    def _board(self, board: upload.Board) -> tuple[UploadOutcome, str]:
        found = self.grafana.board(board.uid)
        if found is not None and found.document is not None and not upload.is_same(board, found):
            message = upload.message_of(found.version, partial(self.grafana.saved, board.uid))
            found = upload.with_message(found, message)
        outcome = upload.judge_board(board, found, force=self.force)
        if outcome in upload.WRITES and not self.dry_run:
            folder = upload.folder()["uid"] if found is None or found.document is None else found.folder
            self.grafana.save(board, found, folder, overwrite=outcome is UploadOutcome.OVERWRITTEN)
        return outcome, "" if found is None else found.saved_by


def run(args: argparse.Namespace, settings: BuildSettings) -> int:
    """Exit code 0 all is as wanted, 1 something was left alone or refused. GrafanaError: nothing can be sent there."""
    items: list[UploadedItem] = []
    version = ""
    try:
        push = _prepared(args, settings)
        version = push.grafana.version()
        for item in push.items():
            items.append(item)
            if not args.json:
                sys.stdout.write(_line(item, settings.language, dry=args.dry_run))
                sys.stdout.flush()
    except GrafanaError:
        if items and args.json:
            sys.stdout.write(_document(items, version, dry=args.dry_run))
        raise
    told_all = _document(items, version, dry=args.dry_run) if args.json else _summary(items, version, args, settings)
    sys.stdout.write(told_all)
    return 1 if _count(items).left else 0


def _prepared(args: argparse.Namespace, settings: BuildSettings) -> Push:
    address = parse_grafana_address(args.push)
    if args.data_source is not None:
        parse_grafana_address(args.data_source, "--data-source")
    if not (address.scheme == "https" or is_loopback(address.host) or args.plain_http):
        raise GrafanaError(GrafanaErrorKind.PLAIN)
    token, ca_file = authorization(args.token_file).reveal(), checked_ca_file(address, args.ca_file)
    client = GrafanaClient(address, token, seconds(args), ca_file)
    return Push(Grafana(client), settings, args.data_source, args.part == "grafana", args.force, args.dry_run)


@dataclass(frozen=True, slots=True)
class _Count:
    written: int
    unchanged: int
    left: int


def _count(items: list[UploadedItem]) -> _Count:
    written = sum(item.outcome in upload.WRITES for item in items)
    unchanged = sum(item.outcome is UploadOutcome.UNCHANGED for item in items)
    return _Count(written, unchanged, len(items) - written - unchanged)


def _line(item: UploadedItem, language: str, *, dry: bool) -> str:
    done = words.DONE[language][item.outcome]
    said = words.PLANNED[language].get(item.outcome, done) if dry else done
    note = f" ({item.note})" if item.note else ""
    return f"{said}: {words.KINDS[language][item.kind]} {item.title}{note}\n"


def _summary(items: list[UploadedItem], version: str, args: argparse.Namespace, settings: BuildSettings) -> str:
    count = _count(items)
    text = (words.PLAN if args.dry_run else words.SUMMARY)[settings.language]
    return text.format(version=version, written=count.written, unchanged=count.unchanged, left=count.left) + "\n"


def _document(items: list[UploadedItem], version: str, *, dry: bool) -> str:
    rows = [
        {"kind": item.kind, "uid": item.uid, "title": item.title, "outcome": item.outcome.value, "note": item.note}
        for item in items
    ]
    return json_text({"grafana": version, "dry_run": dry, "items": rows}, 1) + "\n"
