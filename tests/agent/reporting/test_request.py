"""The line that makes a report again: a shell, and the reader of it, get back what was asked."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from agent.availability.figures import Pooling
from agent.characters import cleaned
from agent.errors import SansangError
from agent.ledger.history.position import AsOf
from agent.model import Selection
from agent.reporting.request import ReportRequest, parse_rerun_command, rerun_command
from tests.exporters.reports.hostile import texts

AS_OF = AsOf(4711, 1_793_520_000_000)
NAMES = [name for name in texts(400) if name and "\x00" not in name] + ["$x", "$'a'", "-s", "a'b", "\\", "a\udcffb"]


def test_a_month_of_two_sites() -> None:
    asked = ReportRequest("2026-10", "vi", "office", Selection(("xa-1", "xa-2"), ("uplink",)), "unit", AS_OF)

    assert rerun_command(asked) == (
        "sansang uptime --period 2026-10 --as-of 4711@2026-11-01T08:00:00.000Z --site xa-1 --site xa-2 --role uplink "
        "--calendar office --by unit --pooling pooled --lang vi"
    )
    assert parse_rerun_command(rerun_command(asked)) == asked


def test_the_figure_that_was_shown_first_is_part_of_the_line() -> None:
    asked = ReportRequest("2026-10", as_of=AS_OF, pooling=Pooling.MEAN)

    assert rerun_command(asked).endswith(" --by target --pooling mean --lang vi")
    assert parse_rerun_command(rerun_command(asked)) == asked


def test_a_line_from_before_there_was_a_choice_is_of_pooled_time() -> None:
    line = "sansang uptime --period 2026-10 --as-of 4711@2026-11-01T08:00:00.000Z --by target --lang vi"

    assert parse_rerun_command(line) == ReportRequest("2026-10", as_of=AS_OF, pooling=Pooling.POOLED)


def test_an_unverified_report_says_so_in_its_line() -> None:
    asked = ReportRequest("2026-10", as_of=AS_OF, unverified=True)

    assert rerun_command(asked).endswith(" --lang vi --unverified")
    assert parse_rerun_command(rerun_command(asked)) == asked


def test_a_name_that_is_spelled_as_that_option_stays_a_name() -> None:
    asked = ReportRequest("2026-10", selection=Selection(("--unverified",)), as_of=AS_OF)

    assert parse_rerun_command(rerun_command(asked)) == asked


def test_without_a_row_there_is_no_such_line() -> None:
    assert rerun_command(ReportRequest("2026-10")) == ""
    assert rerun_command(ReportRequest("2026-10", as_of=AsOf(7))) == ""


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_comes_back_whole_from_what_every_form_shows(name: str) -> None:
    asked = ReportRequest("2026-10", "en", name, Selection((name, "b"), ("lan",), (name,)), "site", AS_OF)
    line = rerun_command(asked)

    assert cleaned(line) == line == " ".join(line.split())
    assert parse_rerun_command(line) == asked


def test_a_shell_makes_the_same_words_of_it() -> None:
    bash = shutil.which("bash")
    assert bash is not None
    names = [name for name in NAMES if not any("\ud800" <= one <= "\udfff" for one in name)]
    names.append("a\udcffb")  # a byte that is no UTF-8; of the other surrogates no command line can be made
    lines = [
        rerun_command(ReportRequest("2026-10", selection=Selection(targets=(name,)), as_of=AS_OF)) for name in names
    ]
    script = "\n".join(["sansang() { printf '%s\\0' \"${@:6}\"; }", *lines])

    said = subprocess.run(
        [bash, "-s"], input=script.encode(), capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"}, timeout=30
    )

    words = said.stdout.decode("utf-8", "surrogateescape").split("\0")
    expected = [
        word for name in names for word in (*_given(name), "--by", "target", "--pooling", "pooled", "--lang", "vi")
    ]
    assert words == [*expected, ""]


def _given(name: str) -> tuple[str, ...]:
    return (f"--target={name}",) if name.startswith("-") else ("--target", name)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "does not begin with sansang uptime"),
        ("sansang uptime 'x", "is no command"),
        ("sansang ledger verify", "does not begin with sansang uptime"),
        ("sansang uptime --period 2026-10", "must say --as-of, --by, --lang once"),
        ("sansang uptime --period 1 --period 2 --as-of 7 --by site --lang vi", "must say --period once"),
        ("sansang uptime --period", "--period lacks its value"),
        ("sansang uptime --output x", "a report's own line has no '--output'"),
        ("sansang uptime --period 1 --as-of 7 --by all --lang vi", "'all' is no --by; right would be site"),
        ("sansang uptime --period 1 --as-of 7 --by site --lang v", "'v' is no --lang; right would be vi, en"),
        (
            "sansang uptime --period 1 --as-of 7 --by site --lang vi --pooling sum",
            "'sum' is no --pooling; right would be",
        ),
        ("sansang uptime --period 1 --as-of 7 --by site --lang vi --pooling mean --pooling mean", "say --pooling once"),
        ("sansang uptime --period 1 --as-of soon --by site --lang vi", "names no stand of the ledger"),
    ],
)
def test_another_line_is_refused(line: str, said: str) -> None:
    with pytest.raises(SansangError, match=said):
        parse_rerun_command(line)
