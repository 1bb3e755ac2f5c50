"""YAML 1.2, the safe part of it: plain values with the place of each; aliases, tags and duplicate keys refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from agent.characters import NOT_ENCODABLE, NOT_IN_TEXTS, first_in_file
from agent.inventory.findings import (
    FilePosition,
    Finding,
    Findings,
    Step,
    TooManyError,
    Trail,
    dotted,
    hidden_character,
)
from agent.inventory.messages.parsers import parser_text

MAX_DEPTH = 32
MAX_NODES = 200_000
"""Values of one configuration, all its YAML together: 30,000 sites as people write them; a few seconds of reading."""

_PAYLOADS = ("send", "expect", "expect_bytes", "body")  # what goes over the wire as it stands
# The core schema of YAML 1.2.2 section 10.3.2; infinity and not-a-number stay text, nothing here wants them.
_DECIMALS = re.compile(r"[0-9]+ ?(?:%|ms|s|m|h|d)?")
_WHOLE = re.compile(r"[-+]?[0-9]{1,30}")
_INT = re.compile(r"[-+]?[0-9]{1,30}|0o[0-7]{1,30}|0x[0-9a-fA-F]{1,30}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}

Scalar = str | int | float | bool | None


@dataclass(slots=True)
class Node:
    """A value and where it starts; key_line and key_column where its key does. Lines and columns count from 0."""

    line: int
    column: int
    value: Scalar | dict[str, Node] | list[Node]
    key_line: int = 0
    key_column: int = 0


@dataclass(frozen=True, slots=True)
class YamlSource:
    """A read YAML file: its plain data, and the place of every part of it."""

    file: str
    root: Node
    nodes: int = 0

    def data(self) -> object:
        """The document as plain dicts, lists and scalars."""
        return _plain(self.root)

    def place(self, trail: Trail, *, key: bool = False) -> FilePosition:
        node, depth = self.root, 0
        for step in trail:
            child = _child(node, step)
            if child is None:
                break
            node, depth = child, depth + 1
        if key and depth == len(trail):
            return FilePosition(self.file, node.key_line + 1, node.key_column + 1, dotted(trail))
        return FilePosition(self.file, node.line + 1, node.column + 1, dotted(trail))


def _child(node: Node, step: Step) -> Node | None:
    value = node.value
    if isinstance(value, dict) and isinstance(step, str):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None


def _plain(node: Node) -> object:
    value = node.value
    if isinstance(value, dict):
        return {key: _plain(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_plain(child) for child in value]
    return value


def read_yaml(
    file: str, text: str, most: int = MAX_NODES, *, exact: bool = False
) -> tuple[YamlSource | None, list[Finding]]:
    """The document of one file, or None when it cannot be read at all; with everything wrong about its form.

    most: of the values in it. exact: numbers stay the text that was written, so that no digit is lost.
    """
    if (match := first_in_file(text)) is not None:
        line = text.count("\n", 0, match.start()) + 1
        column = match.start() - (text.rfind("\n", 0, match.start()) + 1) + 1
        return None, [hidden_character(FilePosition(file, line, column), match[0])]
    reader = _DocumentReader(file, most, exact=exact)
    try:
        root = reader.document(YAML(typ="safe", pure=True).parse(text))
    except _StoppedError as stop:
        return None, [*reader.findings, stop.finding]
    except TooManyError:
        return None, reader.findings
    except MarkedYAMLError as error:
        return None, [*reader.findings, syntax_finding(file, error)]
    except (YAMLError, ArithmeticError, ValueError, RecursionError) as error:  # ruamel lets through: impossible escapes
        detail = str(error).splitlines()[0]
        return None, [*reader.findings, Finding(FilePosition(file), "yaml_syntax", {"detail": parser_text(detail)})]
    if root is None:
        return None, [Finding(FilePosition(file), "file_empty")]
    return YamlSource(file, root, reader.nodes), reader.findings


def syntax_finding(file: str, error: MarkedYAMLError) -> Finding:
    mark = error.problem_mark or error.context_mark
    place = FilePosition(file, mark.line + 1, mark.column + 1) if mark else FilePosition(file)
    return Finding(place, "yaml_syntax", {"detail": parser_text(str(error.problem or error.context))})


class _StoppedError(Exception):
    """The file cannot be read on."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


class _DocumentReader:
    """Builds nodes from parser events; collects what can be stepped over, stops at what cannot."""

    def __init__(self, file: str, most: int, *, exact: bool = False) -> None:
        self.findings = Findings()
        self.nodes = 0
        self._file = file
        self._most = most
        self._exact = exact

    def document(self, events: Iterator[Event]) -> Node | None:
        root: Node | None = None
        for event in events:
            if isinstance(event, DocumentStartEvent):
                if root is not None:
                    raise _StoppedError(Finding(self._place(event, ()), "yaml_documents"))
                root = self._node(next(events), events, ())
        return None if root is None or root.value is None else root

    def _place(self, event: Event, trail: Trail) -> FilePosition:
        mark = event.start_mark
        return FilePosition(self._file, mark.line + 1, mark.column + 1, dotted(trail))

    def _node(self, event: Event, events: Iterator[Event], trail: Trail) -> Node:
        mark = event.start_mark
        self.nodes += 1
        if self.nodes > self._most:
            raise _StoppedError(Finding(self._place(event, trail[:1]), "yaml_crowded", {"limit": str(MAX_NODES)}))
        if isinstance(event, AliasEvent):
            self.findings.append(Finding(self._place(event, trail), "yaml_alias", {"name": str(event.anchor)}))
            return Node(mark.line, mark.column, None)
        assert isinstance(event, ScalarEvent | CollectionStartEvent)  # noqa: S101 - the parser has no other event here
        if event.tag is not None:
            self.findings.append(Finding(self._place(event, trail), "yaml_tag", {"tag": str(event.tag)}))
        if isinstance(event, ScalarEvent):
            text = self._without_refused_characters(event, trail)
            return Node(mark.line, mark.column, _scalar(event, text, exact=self._exact))
        if len(trail) >= MAX_DEPTH:
            raise _StoppedError(Finding(self._place(event, trail[:3]), "yaml_depth", {"limit": str(MAX_DEPTH)}))
        if isinstance(event, MappingStartEvent):
            return Node(mark.line, mark.column, self._mapping(events, trail))
        return Node(mark.line, mark.column, self._sequence(events, trail))

    def _without_refused_characters(self, event: ScalarEvent, trail: Trail) -> str:
        r"""The text without what ``"\0"`` or ``"\ud800"`` stand for, which are refused.

        No name, path or address holds one, and most of what reads such a text fails: nobody further on meets it.
        """
        text = str(event.value)
        banned = NOT_ENCODABLE if trail and trail[-1] in _PAYLOADS else NOT_IN_TEXTS
        if (match := banned.search(text)) is None:
            return text
        self.findings.append(hidden_character(self._place(event, trail), match[0]))
        return banned.sub("\N{REPLACEMENT CHARACTER}", text)

    def _mapping(self, events: Iterator[Event], trail: Trail) -> dict[str, Node]:
        nodes: dict[str, Node] = {}
        before = ""
        for event in events:
            if isinstance(event, MappingEndEvent):
                break
            if not isinstance(event, ScalarEvent):
                raise _StoppedError(Finding(self._place(event, trail), "yaml_key"))
            key = self._without_refused_characters(event, trail)
            node = self._node(next(events), events, (*trail, key))
            node.key_line, node.key_column = event.start_mark.line, event.start_mark.column
            if before and node.value is None and _continues(nodes[before], event, key):
                self.findings.append(_decimal_comma(self._file, nodes[before], (*trail, before), key))
                continue
            if key in nodes:
                values = {"key": key, "line": str(nodes[key].key_line + 1)}
                self.findings.append(Finding(self._place(event, (*trail, key)), "yaml_duplicate", values))
                continue
            nodes[key], before = node, key
        return nodes

    def _sequence(self, events: Iterator[Event], trail: Trail) -> list[Node]:
        nodes: list[Node] = []
        for event in events:
            if isinstance(event, SequenceEndEvent):
                break
            nodes.append(self._node(event, events, (*trail, len(nodes))))
        return nodes


def _continues(number: Node, event: Event, key: str) -> bool:
    """Whether a key without a value is the decimals of the number before it: between braces a comma parts two keys."""
    mark, whole = event.start_mark, str(number.value)
    adjacent = mark.line == number.line and mark.column == number.column + len(whole) + 1
    return _WHOLE.fullmatch(whole) is not None and adjacent and _DECIMALS.fullmatch(key) is not None


def _decimal_comma(file: str, number: Node, trail: Trail, decimals: str) -> Finding:
    place = FilePosition(file, number.line + 1, number.column + 1, dotted(trail))
    return Finding(place, "yaml_decimal_comma", {"whole": str(number.value), "decimals": decimals})


def _scalar(event: ScalarEvent, text: str, *, exact: bool) -> Scalar:
    """A quoted scalar is text; a plain one is what the core schema makes of it. exact: but for numbers."""
    if not event.implicit[0]:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if exact:
        return text
    if _INT.fullmatch(text):
        return int(text, 0) if text.startswith(("0o", "0x")) else int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
