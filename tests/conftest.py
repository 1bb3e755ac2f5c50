"""Shared by all suites: every asynchronous test runs on uvloop, as the agent does; in CI nothing may be skipped.

Nothing depends on the language, the width or the sudo of whoever runs them.
"""

from __future__ import annotations

import gc
import logging
import os
from asyncio import AbstractEventLoop
from collections.abc import Callable, Generator, Mapping

import hypothesis
import pluggy
import pytest
import structlog
import uvloop

if os.environ.get("SANSANG_SOAK"):  # what the long forms found would drown in thousands of agents' logs
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))

hypothesis.settings.register_profile("suite", deadline=None)  # on a busy machine any example may take 200 ms
hypothesis.settings.load_profile("suite")

_OF_WHO_RUNS_IT = ("LC_ALL", "LC_MESSAGES", "LANGUAGE", "COLUMNS", "SANSANG_CONFIG", "SUDO_USER", "SUDO_UID")
for _name in _OF_WHO_RUNS_IT:  # what commands say hangs on them: the suite says the same to everybody
    os.environ.pop(_name, None)
    os.unsetenv(_name)  # readline, which pytest loads, sets COLUMNS behind Python's back
os.environ["LANG"] = "C.UTF-8"


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], AbstractEventLoop]]:
    return {"uvloop": uvloop.new_event_loop}


def pytest_collection_finish() -> None:
    """Thousands of tests are no garbage: to look through them would hold a loop for half a second, in any test."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport() -> Generator[None, pluggy.Result[pytest.TestReport], None]:
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("SANSANG_CI") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which is an error in CI: {report.longrepr}"
