"""The reason codes of each runbook, written into its page by `make generate`: the same sentences as `sansang check`.

A page is written by hand but for one marked section in each language, which an alert with reasons of its own has.
"""

from __future__ import annotations

import re
from pathlib import Path

from agent.explain.labels import ROLES
from agent.explain.texts import explain
from agent.model import Role
from agent.text import LANGUAGES, Text
from dashboards.rules.alert import Alert
from dashboards.rules.all_rules import alerts
from dashboards.settings import BuildSettings

PAGES = Path("docs/runbooks")
_HEAD = Text(
    "### Mã lý do\n\nCảnh báo chỉ kể những lý do thường gặp; đây là đủ.\n",
    "### Reason codes\n\nThe message tells the usual reasons only; these are all.\n",
)
_COLUMNS = Text("| Mã | Chuyện gì xảy ra | Thử gì trước |", "| Code | What happened | What to try first |")


def codes(alert: Alert, language: str) -> str:
    """One table for each role: reason, what happened, what to try."""
    tables = [_table(alert, role, language) for role in alert.roles]
    return "\n".join([_HEAD.to(language), *tables])


def filled(page: str, alert: Alert) -> str:
    """The page with its generated sections replaced. Raises ValueError where their marks are missing or unexpected."""
    count = len(LANGUAGES) if alert.reasons else 0
    if len(re.findall("^<!-- codes ", page, re.MULTILINE)) != 2 * count:
        raise ValueError(f"{alert.name}.md: {count} sections {_begin('LANGUAGE')} ... {_end('LANGUAGE')} belong there")
    for language in LANGUAGES if count else ():
        before, begin, rest = page.partition(_begin(language))
        _, end, after = rest.partition(_end(language))
        page = f"{before}{begin}\n\n{codes(alert, language)}\n{end}{after}"
    return page


def write(folder: Path) -> None:
    """Write every page in the folder."""
    for name, alert in {alert.name: alert for alert in alerts(BuildSettings())}.items():
        page = folder / f"{name}.md"
        page.write_text(filled(page.read_text("utf-8"), alert), "utf-8")


def _table(alert: Alert, role: Role, language: str) -> str:
    caption = f"{ROLES[role].to(language)}:\n\n" if len(alert.roles) > 1 else ""
    texts = [(reason, explain(role, reason, language)) for reason in alert.reasons]
    rows = [f"| `{reason}` | {text.what} | {text.advice} |" for reason, text in texts]
    return caption + "\n".join([_COLUMNS.to(language), "|---|---|---|", *rows]) + "\n"


def _begin(language: str) -> str:
    return f"<!-- codes {language}: written by `python -m dashboards.runbooks` -->"


def _end(language: str) -> str:
    return f"<!-- codes {language}: end -->"


if __name__ == "__main__":
    write(PAGES)
