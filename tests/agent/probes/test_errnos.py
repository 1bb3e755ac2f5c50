from __future__ import annotations

import errno
import re
from pathlib import Path

import pytest

from agent.model import Reason, Verdict
from agent.probes.errnos import REASONS, classify

PAGE = Path("docs/probes/errors.md")
ROW = re.compile(r"^\| `(E[A-Z]+)` \| `([a-z_]+)` \| (target|ours) \|", re.MULTILINE)


@pytest.mark.parametrize(
    ("number", "reason", "verdict"),
    [
        (errno.ECONNREFUSED, Reason.REFUSED, Verdict.FAILED),
        (errno.EHOSTUNREACH, Reason.UNREACHABLE, Verdict.FAILED),
        (errno.ETIMEDOUT, Reason.TIMEOUT, Verdict.FAILED),
        (errno.EPIPE, Reason.CONNECTION_RESET, Verdict.FAILED),
        (errno.ENETUNREACH, Reason.NO_ROUTE, Verdict.LOCAL_ERROR),
        (errno.EACCES, Reason.NOT_PERMITTED, Verdict.LOCAL_ERROR),
        (errno.EMFILE, Reason.NO_RESOURCES, Verdict.LOCAL_ERROR),
        (errno.EADDRNOTAVAIL, Reason.NO_SOURCE_ADDRESS, Verdict.LOCAL_ERROR),
        (errno.EISDIR, Reason.LOCAL_ERROR, Verdict.LOCAL_ERROR),
    ],
)
def test_an_errno_is_the_targets_or_ours(number: int, reason: Reason, verdict: Verdict) -> None:
    assert classify(OSError(number, "text")) is reason
    assert reason.verdict is verdict


def test_an_error_without_a_number_is_ours_but_for_a_deadline() -> None:
    assert classify(OSError("no number")) is Reason.LOCAL_ERROR
    assert classify(TimeoutError()) is Reason.TIMEOUT


def test_the_page_shows_the_table() -> None:
    rows = ROW.findall(PAGE.read_text(encoding="utf-8"))
    ours = {reason for reason in Reason if reason.verdict is Verdict.LOCAL_ERROR}
    expected = [
        (errno.errorcode[number], reason.value, "ours" if reason in ours else "target")
        for number, reason in REASONS.items()
    ]
    assert rows == expected
