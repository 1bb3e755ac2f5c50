"""A file of recorded stories to the report of it: every fault of the file at once, or figures to the millisecond."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from pydantic import TypeAdapter, ValidationError

from agent.availability.figures import Report
from agent.availability.spans import FOREVER
from agent.errors import ConfigError, Fault
from agent.reporting.replay_clocks import BootClocks, boot_clocks, period_bounds
from agent.reporting.replay_document import ReplayDocument
from agent.reporting.replay_evaluation import evaluate_replay
from agent.reporting.replay_words import in_words

_MAX_FAULTS = 200
_WHOLE = (0, 0)
_Found = tuple[tuple[int, int], str, str]  # line and column, path, what is wrong
_WORDS = {"missing": "this key is missing", "unexpected_keyword_argument": "there is no such key"}
_DOCUMENT = TypeAdapter(ReplayDocument)


def replay(text: bytes, file: str, language: str = "en") -> Report:
    """The report that a file asks for. ConfigError with every fault of it, in that language."""

    def refused(faults: Iterable[_Found]) -> ConfigError:
        return ConfigError(
            [Fault(file, line, at, path, in_words(wrong, language), "") for (line, at), path, wrong in faults]
        )

    try:
        document = _parsed(text)
    except _InvalidReplayError as error:
        raise refused(error.found) from error
    clocks = boot_clocks(document)
    faults = [*_period(document), *_overlaps(document, clocks), *_doubled(document, clocks)]
    if faults:
        raise refused((_WHOLE, path, wrong) for path, wrong in faults)
    return evaluate_replay(document, clocks)


class _InvalidReplayError(Exception):
    """The text is no document: what is wrong with it."""

    def __init__(self, found: Sequence[_Found]) -> None:
        super().__init__()
        self.found = found


def _parsed(text: bytes) -> ReplayDocument:
    try:
        json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
        return _DOCUMENT.validate_json(text)
    except ValidationError as error:
        told = error.errors(include_url=False, include_context=False)[:_MAX_FAULTS]
        found = [(_WHOLE, _path(one["loc"]), _WORDS.get(one["type"], one["msg"])) for one in told]
        raise _InvalidReplayError(found) from error
    except json.JSONDecodeError as error:
        raise _InvalidReplayError([((error.lineno, error.colno), "", f"no JSON: {error.msg}")]) from error
    except (ValueError, RecursionError) as error:
        raise _InvalidReplayError([(_WHOLE, "", f"no JSON of this kind: {error}")]) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _path(place: tuple[int | str, ...]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).removeprefix(".")


def _period(document: ReplayDocument) -> Iterator[tuple[str, str]]:
    start, end = period_bounds(document)
    if end <= start:
        yield "period", f"it ends at {end}, which is not after its start {start}"
    ids = [target.id for target in document.targets]
    yield from (("targets", f"{name!r} stands twice") for name, count in Counter(ids).items() if count > 1)


def _overlaps(document: ReplayDocument, clocks: BootClocks) -> Iterator[tuple[str, str]]:
    """Runs that share an instant: in UTC, or on the clock of a boot whose UTC nobody knows."""
    spans: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for place, run in enumerate(document.agent_runs):
        known = clocks.knows(run.boot)
        start = clocks.utc(run.boot, run.start_ms) if known else run.start_ms
        end = FOREVER if run.end_ms is None else clocks.utc(run.boot, run.end_ms) if known else run.end_ms
        spans["" if known else run.boot].append((start, end, place))
    for same in spans.values():
        for one, two in pairwise(sorted(same)):
            if two[0] < one[1]:
                yield f"agent_runs[{two[2]}]", f"it begins before agent_runs[{one[2]}] ends"


def _doubled(document: ReplayDocument, clocks: BootClocks) -> Iterator[tuple[str, str]]:
    for place, target in enumerate(document.targets):
        seen: dict[tuple[str, int], int] = {}
        for number, probe in enumerate(target.probes):
            known = clocks.knows(probe.boot)
            at = ("", clocks.utc(probe.boot, probe.start_ms)) if known else (probe.boot, probe.start_ms)
            first = seen.setdefault(at, number)
            if first != number:
                yield f"targets[{place}].probes[{number}]", f"it starts in the same instant as probes[{first}]"
