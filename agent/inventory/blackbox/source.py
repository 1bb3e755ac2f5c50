"""A blackbox.yml as blackbox_exporter reads it: the YAML of Go's yaml.v3, which is not quite ours.

Anchors and merge keys hold, ``!!binary`` is decoded, only the first document counts. Every scalar stays the text that
it was written as: what a plain one means (``yes``, ``010``) depends on the option that it is for.
"""

from __future__ import annotations

import base64
import binascii
import codecs
from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.nodes import Node as Parsed

from agent.inventory.findings import FilePosition, Finding, Trail, dotted
from agent.inventory.messages.parsers import parser_text
from agent.inventory.sources.yaml_source import MAX_DEPTH, Node, YamlSource, syntax_finding

_NULLS = ("", "~", "null", "Null", "NULL")
_MERGE = "<<"
MAX_NODES = 50_000
"""Keys and values of a file, a few seconds of reading; and values once aliases are put in, small on disk only."""


def read_blackbox(file: str, data: bytes) -> tuple[YamlSource | None, list[Finding]]:
    """The first document, or None when blackbox_exporter could not read it either; keys that stand twice are said."""
    return read_exporter_file(file, data, MAX_NODES)


def read_exporter_file(file: str, data: bytes, most: int) -> tuple[YamlSource | None, list[Finding]]:
    """The first document of any exporter's configuration; most: of keys and values in it."""
    text = _text(data)
    if text is None:
        return None, [Finding(FilePosition(file), "encoding")]
    try:
        yaml = YAML(typ="safe", pure=True)
        yaml.Composer = partial(_Composer, most)  # type: ignore[assignment]
        parsed = next(iter(yaml.compose_all(text)), None)
        if parsed is None:
            return None, [Finding(FilePosition(file), "file_empty")]
        reader = _NodeReader(file, most)
        return YamlSource(file, reader.node(parsed, ())), reader.findings
    except _CrowdedError:
        return None, [Finding(FilePosition(file), "blackbox_crowded", {"limit": str(most)})]
    except MarkedYAMLError as error:
        return None, [syntax_finding(file, error)]
    except (YAMLError, ArithmeticError, ValueError, RecursionError) as error:
        detail = parser_text((str(error).splitlines() or [""])[0])
        return None, [Finding(FilePosition(file), "yaml_syntax", {"detail": detail})]


def _text(data: bytes) -> str | None:
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        return None


class _CrowdedError(Exception):
    """There is more in the file than any blackbox.yml has."""


class _Composer(Composer):
    """Composes so many nodes and no more: those of a file of a few megabytes may take gigabytes."""

    def __init__(self, most: int, loader: object = None) -> None:
        super().__init__(loader)
        self.warn_double_anchors = False  # an anchor may stand twice, YAML 1.2.2 section 3.2.2.2
        self._composed = 0
        self._most = most

    def compose_node(self, parent: object, index: object) -> Parsed:
        self._composed += 1
        if self._composed > self._most:
            raise _CrowdedError
        return super().compose_node(parent, index)  # type: ignore[no-any-return]


class _NodeReader:
    """Nodes with merges and aliases put in, each with its own place."""

    def __init__(self, file: str, most: int) -> None:
        self.findings: list[Finding] = []
        self._file = file
        self._count = 0
        self._most = most

    def node(self, parsed: Parsed, trail: Trail) -> Node:
        self._count += 1
        if self._count > self._most:
            raise _CrowdedError
        if len(trail) > MAX_DEPTH:
            raise ValueError("nested too deeply, or aliases without end")
        mark = parsed.start_mark
        if isinstance(parsed, MappingNode):
            return Node(mark.line, mark.column, self._mapping(parsed, trail))
        if isinstance(parsed, SequenceNode):
            nodes = [self.node(item, (*trail, index)) for index, item in enumerate(parsed.value)]
            return Node(mark.line, mark.column, nodes)
        assert isinstance(parsed, ScalarNode)  # noqa: S101 - the composer has no other node
        return Node(mark.line, mark.column, _scalar(parsed))

    def _mapping(self, parsed: MappingNode, trail: Trail) -> dict[str, Node]:
        nodes: dict[str, Node] = {}
        merged: list[Parsed] = []
        for key, value in parsed.value:
            name = str(key.value)
            if name == _MERGE and key.style is None:
                merged += value.value if isinstance(value, SequenceNode) else [value]
            elif name in nodes:
                mark = key.start_mark
                place = FilePosition(self._file, mark.line + 1, mark.column + 1, dotted((*trail, name)))
                values = {"key": name, "line": str(nodes[name].key_line + 1)}
                self.findings.append(Finding(place, "yaml_duplicate", values))
            else:
                mark = key.start_mark
                nodes[name] = replace(self.node(value, (*trail, name)), key_line=mark.line, key_column=mark.column)
        return self._merged(nodes, merged, trail)

    def _merged(self, own: dict[str, Node], others: Iterable[Parsed], trail: Trail) -> dict[str, Node]:
        """The mapping with its merges: its own keys win, then those merged first."""
        for other in others:
            node = self.node(other, trail)
            if not isinstance(node.value, dict):
                raise ValueError("only mappings can be merged")  # noqa: TRY004 - of the file, not of a call
            own = {**own, **{key: value for key, value in node.value.items() if key not in own}}
        return own


def _scalar(parsed: ScalarNode) -> str | None:
    """Text; bytes of ``!!binary`` that are not UTF-8 as surrogateescape has them."""
    text, tag = str(parsed.value), str(parsed.tag or "")
    if tag.endswith(":binary"):
        try:
            return base64.b64decode("".join(text.split()), validate=True).decode("utf-8", "surrogateescape")
        except binascii.Error as error:
            raise ValueError("!!binary is not base64") from error
    if tag.endswith(":null") or (parsed.style is None and text in _NULLS and not tag.endswith(":str")):
        return None
    return text
