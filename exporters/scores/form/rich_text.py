"""Text of a cell with its runs of type (ECMA-376, CT_Rst): read, added to, written as an inline string. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from agent.characters import refused
from agent.inventory.sheets.reader import OFFICE_ESCAPE
from agent.scoring.form.xml_bytes import Path, tag_end, walk

_LIKE_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(slots=True)
class TextNode:
    """An element of a text: ``t``, ``r``, ``rPr`` and what is in them."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[TextNode] = field(default_factory=list)
    text: str = ""


@dataclass(frozen=True, slots=True)
class CellText:
    """The text of a cell: the children of its ``si`` or ``is``."""

    nodes: tuple[TextNode, ...] = ()

    @property
    def plain(self) -> str:
        """As people read it, line ends as one sign."""
        pieces = [node.text for node in self.nodes if node.name == "t"]
        pieces += [
            child.text for node in self.nodes if node.name == "r" for child in node.children if child.name == "t"
        ]
        text = OFFICE_ESCAPE.sub(lambda match: chr(int(match[1], 16)), "".join(pieces))
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def with_lines(self, lines: str) -> CellText:
        """With these lines below what stands there; runs keep their type."""
        if not self.plain:
            return CellText((_text(lines),))
        added = f"\n{lines}"
        runs = [index for index, node in enumerate(self.nodes) if node.name == "r"]
        if runs:
            at = runs[-1] + 1
            return CellText((*self.nodes[:at], TextNode("r", children=[_text(added)]), *self.nodes[at:]))
        whole = "".join(node.text for node in self.nodes if node.name == "t")
        others = [node for node in self.nodes if node.name != "t"]
        return CellText((TextNode("t", {"space": "preserve"}, text=whole + _escaped(added)), *others))


def text_of(words: str) -> CellText:
    """A text without runs."""
    return CellText((_text(words),))


def _text(words: str) -> TextNode:
    return TextNode("t", {"space": "preserve"}, text=_escaped(words))


def _escaped(words: str) -> str:
    """Without signs that no file may hold; what looks like an office escape stays what it is."""
    shown = "".join(sign for sign in words if sign == "\n" or not refused(sign))
    return _LIKE_ESCAPE.sub("_x005F_", shown)


def read_text(content: bytes, place: tuple[int, int]) -> CellText:
    """The text of the ``si`` or ``is`` element at that place of a part in UTF-8."""
    root = re.search(rb"<[^?!]", content)
    start = root.start() if root else 0
    opening = content[start : tag_end(content, start)]
    name = re.match(rb"<([^\s/>]+)", opening)
    closing = b"</" + (name[1] if name else b"") + b">"
    reader = _TextReader()
    walk(opening + content[place[0] : place[1]] + closing, reader.begin, reader.end)
    return CellText(tuple(reader.nodes))


class _TextReader:
    """Builds the nodes below the second element from the root."""

    def __init__(self) -> None:
        self.nodes: list[TextNode] = []
        self._open: list[TextNode] = []

    def begin(self, path: Path, has: Mapping[str, str], _start: int) -> None:
        if len(path) > 2 and not any(name.startswith("?") for name in path):
            node = TextNode(path[-1], dict(has))
            (self._open[-1].children if self._open else self.nodes).append(node)
            self._open.append(node)

    def end(self, path: Path, text: str, _at: int) -> None:
        if len(path) > 2 and not any(name.startswith("?") for name in path):
            node = self._open.pop()
            node.text = "" if node.children else text


def inline(text: CellText, namespace: bytes) -> bytes:
    """The text as an ``is`` element, its tags with the prefix of the sheet."""
    return _written(TextNode("is", children=list(text.nodes)), namespace.decode()).encode()


def _written(node: TextNode, namespace: str) -> str:
    attributes = "".join(
        f' {"xml:space" if name == "space" else name}="{escape(value, {chr(34): "&quot;"})}"'
        for name, value in node.attributes.items()
    )
    inner = "".join(_written(child, namespace) for child in node.children) + escape(node.text, {"\r": "&#13;"})
    tag = namespace + node.name
    return f"<{tag}{attributes}>{inner}</{tag}>" if inner else f"<{tag}{attributes}/>"
