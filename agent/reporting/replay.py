"""A file of recorded runs to the report of it: every fault of the file at once, or figures to the millisecond."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from agent.availability.calendar_document import ENDS_TOO_EARLY, REFUSED
from agent.availability.spans import FOREVER
from agent.errors import ConfigError, Fault
from agent.reporting.replay_document import ReplayDocument
from agent.reporting.replay_evaluation import BootClocks, boot_clocks, evaluate_replay, period_bounds
from agent.reporting.report import UptimeReport
from agent.text import Text

_MAX_FAULTS = 200
_DOCUMENT = TypeAdapter(ReplayDocument)

_NO_JSON = Text("không phải JSON: chỗ này sai cú pháp", "no JSON: {why}")
_UNREADABLE = Text("không đọc được JSON này", "no JSON of this kind: {why}")
_KEY_TWICE = Text(
    "JSON có khóa {key} hai lần trong một đối tượng", "no JSON of this kind: the key {key} stands twice in one object"
)
_NO_NUMBER = Text("JSON có {name}, không phải là số", "no JSON of this kind: {name} is no number")
_TARGET_TWICE = Text("{name} có hai lần", "{name} stands twice")
_OVERLAP = Text("bắt đầu khi {other} chưa kết thúc", "it begins before {other} ends")
_SAME_INSTANT = Text("bắt đầu cùng thời điểm với {other}", "it starts in the same instant as {other}")

_ONE_OF = Text("phải là một trong: {expected}", "Input should be {expected}")
_EXACTLY = Text("phải là {expected}", "Input should be {expected}")
_TOO_SHORT = Text(
    "phải có ít nhất {min_length} ký tự hoặc phần tử", "it should have at least {min_length} characters or items"
)
_TOO_LONG = Text(
    "chỉ được có nhiều nhất {max_length} ký tự hoặc phần tử",
    "it should have at most {max_length} characters or items",
)
_OBJECT = Text("phải là đối tượng {{...}}", "Input should be an object")
_OTHER = Text("giá trị này không dùng được", "{why}")
_BY_TYPE: Mapping[str, Text] = {
    "missing": Text("thiếu khóa này", "this key is missing"),
    "unexpected_keyword_argument": Text("không có khóa như vậy", "there is no such key"),
    "string_type": Text("phải là chuỗi văn bản", "Input should be a valid string"),
    "int_type": Text("phải là số nguyên", "Input should be a valid integer"),
    "bool_type": Text("phải là true hoặc false", "Input should be a valid boolean"),
    "tuple_type": Text("phải là danh sách [...]", "Input should be a valid array"),
    "dataclass_type": _OBJECT,
    "dict_type": _OBJECT,
    "literal_error": _ONE_OF,
    "enum": _ONE_OF,
    "greater_than_equal": Text("phải từ {ge} trở lên", "Input should be greater than or equal to {ge}"),
    "less_than_equal": Text("phải không quá {le}", "Input should be less than or equal to {le}"),
    "union_tag_invalid": Text(
        "loại '{tag}' không có; phải là một trong: {expected_tags}",
        "there is no kind '{tag}'; it should be one of: {expected_tags}",
    ),
    "union_tag_not_found": Text(
        "thiếu khóa {discriminator} cho biết loại", "Unable to extract tag using discriminator {discriminator}"
    ),
    "string_too_short": _TOO_SHORT,
    "too_short": _TOO_SHORT,
    "string_too_long": _TOO_LONG,
    "too_long": _TOO_LONG,
}
"""Texts for the faults that pydantic finds, by error type. Fields come from its context; ``message`` is its text."""


@dataclass(frozen=True, slots=True)
class _ReplayFault:
    """path: inside the document; line and column where the text is no JSON."""

    path: str
    text: Text
    line: int = 0
    column: int = 0


class _InvalidReplayError(ValueError):
    """The text is no document that can be replayed."""

    def __init__(self, *faults: _ReplayFault) -> None:
        super().__init__()
        self.faults = faults


def replay(text: bytes, file: str, language: str = "en") -> UptimeReport:
    """The report that a file asks for. ConfigError with every fault of it, in that language."""
    try:
        document = _parsed(text)
    except _InvalidReplayError as error:
        raise _config_error(error.faults, file, language) from error
    clocks = boot_clocks(document)
    if faults := [*_period(document), *_overlaps(document, clocks), *_doubled(document, clocks)]:
        raise _config_error(faults, file, language)
    return replace(evaluate_replay(document, clocks), language=language)


def _config_error(faults: Iterable[_ReplayFault], file: str, language: str) -> ConfigError:
    return ConfigError(
        [Fault(file, fault.line, fault.column, fault.path, fault.text.to(language), "") for fault in faults]
    )


def _parsed(text: bytes) -> ReplayDocument:
    try:
        json.loads(text, object_pairs_hook=_unique_keys, parse_constant=_no_constant)
        return _DOCUMENT.validate_json(text)
    except _InvalidReplayError:
        raise
    except ValidationError as error:
        details = error.errors(include_url=False)[:_MAX_FAULTS]
        raise _InvalidReplayError(
            *(_ReplayFault(_path(detail["loc"]), _fault_text(detail)) for detail in details)
        ) from error
    except json.JSONDecodeError as error:
        fault = _ReplayFault("", _NO_JSON.filled(why=error.msg), error.lineno, error.colno)
        raise _InvalidReplayError(fault) from error
    except (ValueError, RecursionError) as error:
        raise _InvalidReplayError(_ReplayFault("", _UNREADABLE.filled(why=error))) from error


def _fault_text(detail: ErrorDetails) -> Text:
    context = detail.get("ctx", {})
    refused = context.get(REFUSED)
    if isinstance(refused, Text):
        return refused
    text = _BY_TYPE.get(detail["type"], _OTHER)
    expected = str(context.get("expected", ""))
    if text is _ONE_OF and " or " not in expected:
        text = _EXACTLY
    listed = Text(expected.replace(" or ", ", "), expected)
    return text.filled(**context | {"why": detail["msg"], "expected": listed})


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise _InvalidReplayError(_ReplayFault("", _KEY_TWICE.filled(key=repr(twice))))
    return document


def _no_constant(name: str) -> None:
    raise _InvalidReplayError(_ReplayFault("", _NO_NUMBER.filled(name=name)))


def _path(place: Sequence[int | str]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).removeprefix(".")


def _period(document: ReplayDocument) -> Iterator[_ReplayFault]:
    start, end = period_bounds(document)
    if end <= start:
        yield _ReplayFault("period", ENDS_TOO_EARLY.filled(end=end, start=start))
    for name, count in Counter(target.id for target in document.targets).items():
        if count > 1:
            yield _ReplayFault("targets", _TARGET_TWICE.filled(name=repr(name)))


def _overlaps(document: ReplayDocument, clocks: BootClocks) -> Iterator[_ReplayFault]:
    """Runs that share an instant: in UTC, or on the clock of a boot whose UTC nobody knows."""
    spans: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for place, run in enumerate(document.agent_runs):
        known = clocks.knows(run.boot)
        start = clocks.utc(run.boot, run.start_ms) if known else run.start_ms
        end = FOREVER if run.end_ms is None else clocks.utc(run.boot, run.end_ms) if known else run.end_ms
        spans["" if known else run.boot].append((start, end, place))
    for spans_of_clock in spans.values():
        for (_, end, place), (start, _, following) in pairwise(sorted(spans_of_clock)):
            if start < end:
                yield _ReplayFault(f"agent_runs[{following}]", _OVERLAP.filled(other=f"agent_runs[{place}]"))


def _doubled(document: ReplayDocument, clocks: BootClocks) -> Iterator[_ReplayFault]:
    for place, target in enumerate(document.targets):
        probe_at: dict[tuple[str, int], int] = {}
        for number, probe in enumerate(target.probes):
            known = clocks.knows(probe.boot)
            at = ("", clocks.utc(probe.boot, probe.start_ms)) if known else (probe.boot, probe.start_ms)
            first = probe_at.setdefault(at, number)
            if first != number:
                fault = _SAME_INSTANT.filled(other=f"probes[{first}]")
                yield _ReplayFault(f"targets[{place}].probes[{number}]", fault)
