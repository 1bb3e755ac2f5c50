"""The options of `sansang build --push`, apart from what they do, which loads the boards: other commands need none."""

from __future__ import annotations

import argparse
from pathlib import Path

from agent.cli.arguments import add_json, say
from dashboards.grafana.client import LOCAL_PROMETHEUS
from dashboards.grafana.errors import GrafanaError, GrafanaErrorKind

PARTS = ("grafana", "boards")
"""What can be pushed: with the data source, or the folder and its boards alone."""

_MOST_SECONDS = 600.0
_SECONDS = 30.0
_NEED_PUSH = ("dry_run", "token_file", "ca_file", "plain_http", "data_source", "timeout", "json")


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of an upload."""
    group = parser.add_argument_group(say("đưa lên Grafana qua API", "into a Grafana, over its API"))
    group.add_argument(
        "--push",
        metavar="URL",
        help=say(
            "đưa lên thay vì ghi tệp (phần: grafana, boards)",
            "upload instead of writing files (parts: grafana, boards)",
        ),
    )
    group.add_argument(
        "--dry-run", action="store_true", help=say("chỉ nói những gì sẽ ghi", "only say what would be written")
    )
    group.add_argument(
        "--token-file",
        type=Path,
        metavar="FILE",
        help=say(
            "tệp chứa token (mặc định: $SANSANG_GRAFANA_TOKEN)", "file with the token (default: $SANSANG_GRAFANA_TOKEN)"
        ),
    )
    group.add_argument(
        "--ca-file",
        type=Path,
        metavar="FILE",
        help=say("chứng thư CA tin thêm ngoài của hệ thống", "an authority to trust beside the system's"),
    )
    group.add_argument(
        "--plain-http",
        action="store_true",
        help=say("gửi token không mã hóa sang máy khác", "send the token unencrypted to another machine"),
    )
    group.add_argument(
        "--data-source",
        metavar="URL",
        help=say(
            f"nơi Grafana tìm thấy Prometheus ({LOCAL_PROMETHEUS})",
            f"where Grafana finds Prometheus ({LOCAL_PROMETHEUS})",
        ),
    )
    group.add_argument(
        "--timeout",
        type=float,
        metavar="SECONDS",
        help=say(f"chờ mỗi câu trả lời bao lâu (mặc định: {_SECONDS:.0f})", f"of one answer (default: {_SECONDS:.0f})"),
    )
    add_json(group)


def check(args: argparse.Namespace) -> None:
    """GrafanaError for options that do not go together: a dry run must not turn into one that writes files."""
    strays = [name for name in _NEED_PUSH if getattr(args, name)]
    if args.push is None and strays:
        raise GrafanaError(GrafanaErrorKind.NO_PUSH, "--" + strays[0].replace("_", "-"))
    if args.push is not None and args.part not in PARTS:
        raise GrafanaError(GrafanaErrorKind.PART)
    if args.push is not None and args.check:
        raise GrafanaError(GrafanaErrorKind.FILES)


def seconds(args: argparse.Namespace) -> float:
    """How long one answer may take."""
    if args.timeout is None:
        return _SECONDS
    if not 0 < args.timeout <= _MOST_SECONDS:
        raise GrafanaError(GrafanaErrorKind.SECONDS)
    return float(args.timeout)
