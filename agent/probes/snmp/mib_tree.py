"""What pysmi reads of a MIB file, as types: names with their places, syntaxes, indexes. Its trees are tuples of a word
and what belongs to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class MibSyntax:
    """What a value is: the name of its type, what its numbers are called, how many octets it has (0: any number)."""

    type: str
    values: Mapping[int, str] = field(default_factory=dict)
    size: int = 0
    as_text: bool = False


@dataclass(frozen=True, slots=True)
class MibNode:
    """A name with a place in the tree. oid: names and numbers. indexes: of a row; augments: the row that it adds to."""

    name: str
    oid: Sequence[object]
    syntax: MibSyntax | None = None
    access: str = ""
    description: str = ""
    indexes: tuple[tuple[bool, str], ...] = ()
    augments: str = ""


@dataclass(frozen=True, slots=True)
class MibModule:
    name: str
    imports: Mapping[str, str]
    nodes: Mapping[str, MibNode]
    types: Mapping[str, MibSyntax]


def module_of(tree: Sequence[Any]) -> MibModule:
    name, _, imports, declarations = tree
    nodes, types = {}, {}
    for declaration in declarations or ():
        if declaration is None:  # a macro, in a core module
            continue
        word, defined = declaration[0], str(declaration[1])
        if word == "typeDeclaration":
            syntax = _type_declaration(declaration[2])
            if syntax is not None:
                types[defined] = syntax
        elif (node := _node_of(word, defined, declaration)) is not None:
            nodes[defined] = node
    sources = {symbol: source for source, symbols in (imports or {}).items() for symbol in symbols}
    return MibModule(str(name), sources, nodes, types)


def _node_of(word: str, name: str, declaration: Sequence[Any]) -> MibNode | None:
    parts = {part[0]: part for part in declaration[2:] if isinstance(part, tuple) and part}
    if "objectIdentifier" not in parts:
        return None
    oid = parts["objectIdentifier"][1]
    if word != "objectTypeClause":
        return MibNode(name, oid)
    index = parts.get("INDEX")
    augments = next((part for part in declaration[3:] if isinstance(part, str)), "")  # the only bare word
    return MibNode(
        name,
        oid,
        None if declaration[2] is None or declaration[2][0] == "conceptualTable" else _syntax_of(declaration[2]),
        parts["MaxAccessPart"][1] if "MaxAccessPart" in parts else "",
        parts["DESCRIPTION"][1] if "DESCRIPTION" in parts else "",
        () if index is None else tuple((bool(implied), str(one)) for implied, one in index[1]),
        augments,
    )


def _type_declaration(right: Sequence[Any] | None) -> MibSyntax | None:
    """A type, or a textual convention with its display hint; None for the rows of tables."""
    if right is None or right[0] != "typeDeclarationRHS":
        return None
    syntax = next((part for part in reversed(right[1:]) if isinstance(part, tuple)), None)
    if syntax is None or syntax[0] in ("SEQUENCE", "CHOICE"):
        return None
    plain = _syntax_of(syntax)
    hint = next((part[1] for part in right[1:] if isinstance(part, tuple) and part[0] == "DISPLAY-HINT"), "")
    as_text = hint.endswith(("a", "t"))
    return None if plain is None else MibSyntax(plain.type, plain.values, plain.size, as_text)


def _syntax_of(syntax: Sequence[Any]) -> MibSyntax | None:
    if len(syntax) < 2 or not isinstance(syntax[1], str):
        return None
    values: dict[int, str] = {}
    size = 0
    for part in syntax[2:]:
        if isinstance(part, tuple) and part[0] in ("enumSpec", "BITS"):
            values = {int(number): str(word) for word, number in part[1]}
        elif isinstance(part, tuple) and part[0] == "octetStringSubType":
            sizes = part[1]
            size = sizes[0][0] if len(sizes) == 1 and len(sizes[0]) == 1 and isinstance(sizes[0][0], int) else 0
    return MibSyntax(syntax[1], values, size)
