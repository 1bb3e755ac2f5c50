"""`sansang build --push`: the upload to a Grafana, and what became of each thing."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass

from agent.characters import json_text
from agent.cli.commands.build.grafana_token import authorization
from agent.cli.commands.build.push_options import seconds
from agent.web.authority import is_loopback
from dashboards.grafana import texts, upload
from dashboards.grafana.api import Grafana
from dashboards.grafana.client import GrafanaClient, checked_ca_file, parse_grafana_address
from dashboards.grafana.errors import GrafanaError, GrafanaErrorKind
from dashboards.grafana.push import Push, UploadedItem
from dashboards.grafana.upload import UploadOutcome
from dashboards.settings import BuildSettings


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
    all_reported = (
        _document(items, version, dry=args.dry_run) if args.json else _summary(items, version, args, settings)
    )
    sys.stdout.write(all_reported)
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
    done = texts.DONE[item.outcome].to(language)
    verb = texts.PLANNED[item.outcome].to(language) if dry and item.outcome in texts.PLANNED else done
    note = f" ({item.note})" if item.note else ""
    return f"{verb}: {texts.KINDS[item.kind].to(language)} {item.title}{note}\n"


def _summary(items: list[UploadedItem], version: str, args: argparse.Namespace, settings: BuildSettings) -> str:
    count = _count(items)
    text = (texts.PLAN if args.dry_run else texts.SUMMARY).to(settings.language)
    return text.format(version=version, written=count.written, unchanged=count.unchanged, left=count.left) + "\n"


def _document(items: list[UploadedItem], version: str, *, dry: bool) -> str:
    rows = [
        {"kind": item.kind, "uid": item.uid, "title": item.title, "outcome": item.outcome.value, "note": item.note}
        for item in items
    ]
    return json_text({"grafana": version, "dry_run": dry, "items": rows}, 1) + "\n"
