"""Object sets in files: the package's own in ``objects/``, and those that a configuration names. Bounded, read once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from agent.characters import NOT_IN_TEXTS
from agent.model import ComponentFault, ComponentKind
from agent.probes.snmp.object_set import Meaning, ObjectIndex, ObjectLookup, ObjectSet, ObjectType, SnmpObject
from agent.probes.snmp.values import encode_oid
from agent.regular_file import read_regular
from agent.text import Text

MAX_FILE_BYTES = 1024 * 1024
MAX_OBJECTS = 1_000
_MAX_TEXT = 500
_FOLDER = Path(__file__).parent / "objects"
_METRIC = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]{0,199}")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_NUMBER = re.compile(r"-?[0-9]{1,10}(\.[0-9]{1,10})?")
_EnumT = TypeVar("_EnumT", bound=Enum)
_ItemT = TypeVar("_ItemT")


class ObjectFileError(Exception):
    """What is wrong with a file, with its name and line, and what would be right."""

    def __init__(self, wrong: Text, right: Text) -> None:
        super().__init__(wrong.en)
        self.wrong = wrong
        self.right = right


@dataclass(frozen=True, slots=True)
class _Reader:
    """Takes nodes apart; every fault names the file and the line."""

    file: str

    def fault(self, node: Node | None, wrong: Text, right: Text) -> ObjectFileError:
        line = 1 if node is None else node.start_mark.line + 1
        place = f"{self.file}:{line}: "
        return ObjectFileError(Text(place + wrong.vi, place + wrong.en), right)

    def mapping(self, node: Node, keys: tuple[str, ...]) -> dict[str, Node]:
        """The values by their keys, all of which are known."""
        if not isinstance(node, MappingNode):
            raise self.fault(node, _NO_MAPPING, Text("khóa: giá trị", "key: value"))
        values: dict[str, Node] = {}
        for key, value in node.value:
            word = self.text(key)
            if word not in keys or word in values:
                wrong = Text("khóa '{key}' không có hoặc đã có rồi", "key '{key}' is unknown or stands there already")
                raise self.fault(key, wrong.filled(key=word), Text(", ".join(keys), ", ".join(keys)))
            values[word] = value
        return values

    def items(self, node: Node | None, most: int = MAX_OBJECTS) -> list[Node]:
        """The parts of a list; none where there is no list."""
        if node is None:
            return []
        if not isinstance(node, SequenceNode):
            raise self.fault(node, Text("phải là danh sách", "not a list"), Text("- ...", "- ..."))
        if len(node.value) > most:
            raise self.fault(node, Text("danh sách quá dài", "too long a list"), Text(f"<= {most}", f"<= {most}"))
        return list(node.value)

    def text(self, node: Node | None, pattern: re.Pattern[str] | None = None, default: str = "") -> str:
        if node is None:
            return default
        if not isinstance(node, ScalarNode) or len(node.value) > _MAX_TEXT or NOT_IN_TEXTS.search(node.value):
            raise self.fault(node, Text("không phải một dòng chữ", "not a line of text"), Text("chữ", "text"))
        if pattern is not None and not pattern.fullmatch(node.value):
            shape = pattern.pattern
            raise self.fault(node, Text("sai dạng", "not of the right form"), Text(shape, shape))
        return str(node.value)

    def number(self, node: Node | None, default: float) -> float:
        return default if node is None else float(self.text(node, _NUMBER))

    def integer(self, node: Node | None, default: int = 0) -> int:
        return default if node is None else int(self.text(node, re.compile("-?[0-9]{1,10}")))

    def flag(self, node: Node | None, *, default: bool) -> bool:
        return default if node is None else self.text(node, re.compile("true|false")) == "true"

    def oid(self, node: Node) -> bytes:
        try:
            return encode_oid(self.text(node))
        except ValueError as error:
            right = Text("1.3.6.1.2.1.2.2.1.8", "1.3.6.1.2.1.2.2.1.8")
            raise self.fault(node, Text("không phải OID", "not an OID"), right) from error

    def word(self, node: Node, words: type[_EnumT]) -> _EnumT:
        text = self.text(node)
        try:
            return words(text)
        except ValueError as error:
            choices = ", ".join(str(word.value) for word in words)
            wrong = Text("'{word}' không phải từ được dùng ở đây", "'{word}' is no word that may stand here")
            raise self.fault(node, wrong.filled(word=text), Text(choices, choices)) from error

    def pairs(self, node: Node | None, read: Callable[[Node], _ItemT]) -> dict[int, _ItemT]:
        """A mapping of whole numbers."""
        if node is None:
            return {}
        if not isinstance(node, MappingNode) or len(node.value) > MAX_OBJECTS:
            raise self.fault(node, _NO_MAPPING, Text("{1: up, 2: down}", "{1: up, 2: down}"))
        return {self.integer(key): read(value) for key, value in node.value}


_NO_MAPPING = Text("phải là các cặp khóa và giá trị", "not a mapping")
_INDEX_KEYS = ("name", "type", "fixed_size", "implied", "values")
_LOOKUP_KEYS = ("indexes", "label", "oid", "type")
_TABLE_KEYS = ("source", "indexes", "lookups", "objects")
_OBJECT_KEYS = (
    "name", "oid", "type", "help", "source", "indexes", "lookups", "values", "scale", "offset", "series", "rarely",
    "instead_of", "means", "factor", "named_by", "component", "faults", "absent", "alarms",
)  # fmt: skip
_SET_KEYS = (
    "name", "title", "vendor", "source", "identified_by", "everywhere", "complete", "verified", "verified_by",
    "objects", "tables",
)  # fmt: skip


def read_object_set(file: str, body: bytes) -> ObjectSet:
    """The set that a file holds. Raises ObjectFileError."""
    reader = _Reader(file)
    try:
        text = body.decode("utf-8")
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{file}:{mark.line + 1}: " if mark else f"{file}: "
        wrong = Text(place + "không phải YAML", place + "not YAML")
        raise ObjectFileError(wrong, Text("một tệp YAML", "a YAML file")) from error
    except (YAMLError, ValueError, ArithmeticError, RecursionError) as error:
        wrong = Text(f"{file}: không phải YAML", f"{file}: not YAML")
        raise ObjectFileError(wrong, Text("một tệp YAML, UTF-8", "a YAML file in UTF-8")) from error
    if node is None or ("*" in text and _has_alias(node)):
        raise reader.fault(node, Text("trống, hoặc có bí danh (*)", "empty, or with aliases (*)"), _WRITE_OUT)
    return _set(reader, node)


_AN_OBJECT = Text("{name: ..., oid: ..., type: gauge}", "{name: ..., oid: ..., type: gauge}")
_WRITE_OUT = Text("viết đầy đủ từng đối tượng", "every object written out")


def _has_alias(root: Node) -> bool:
    """Whether a node stands in two places."""
    seen: set[int] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        if id(node) in seen:
            return True
        seen.add(id(node))
        if isinstance(node, SequenceNode):
            stack += node.value
        elif isinstance(node, MappingNode):
            stack += [part for pair in node.value for part in pair]
    return False


def _set(reader: _Reader, node: Node) -> ObjectSet:
    keys = reader.mapping(node, _SET_KEYS)
    if "name" not in keys or not ("objects" in keys or "tables" in keys):
        raise reader.fault(node, Text("thiếu name hoặc objects", "no name, or no objects"), Text("name:", "name:"))
    source = reader.text(keys.get("source"))
    objects = [_object(reader, part, _Table(source)) for part in reader.items(keys.get("objects"))]
    for part in reader.items(keys.get("tables")):
        objects += _table_objects(reader, part, source)
    names = {part.name for part in objects}
    if not objects or len(objects) > MAX_OBJECTS or len(names) < len(objects):
        wrong = Text("không có đối tượng, quá nhiều, hoặc trùng tên", "no objects, too many, or two of one name")
        raise reader.fault(node, wrong, Text(f"1-{MAX_OBJECTS}", f"1-{MAX_OBJECTS}"))
    verified_by = reader.text(keys.get("verified_by")) or (
        source if reader.flag(keys.get("verified"), default=False) else ""
    )
    return ObjectSet(
        name=reader.text(keys["name"], _NAME),
        objects=tuple(objects),
        title=reader.text(keys.get("title")),
        vendor=reader.text(keys.get("vendor")),
        identified_by=tuple(map(reader.oid, reader.items(keys.get("identified_by")))),
        everywhere=reader.flag(keys.get("everywhere"), default=False),
        complete=reader.flag(keys.get("complete"), default=False),
        verified_by=verified_by,
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """What the objects of one table have in common."""

    source: str
    indexes: tuple[ObjectIndex, ...] = ()
    lookups: tuple[ObjectLookup, ...] = ()


def _table_objects(reader: _Reader, node: Node, source: str) -> list[SnmpObject]:
    keys = reader.mapping(node, _TABLE_KEYS)
    table = _Table(
        reader.text(keys.get("source"), default=source),
        tuple(_index(reader, part) for part in reader.items(keys.get("indexes"), 16)),
        tuple(_lookup(reader, part) for part in reader.items(keys.get("lookups"), 16)),
    )
    return [_object(reader, part, table) for part in reader.items(keys.get("objects"))]


def _object(reader: _Reader, node: Node, table: _Table) -> SnmpObject:
    keys = reader.mapping(node, _OBJECT_KEYS)
    if not {"name", "oid", "type"} <= keys.keys():
        wrong = Text("đối tượng thiếu name, oid hoặc type", "an object lacks name, oid or type")
        raise reader.fault(
            node, wrong, Text("{name: ..., oid: ..., type: gauge}", "{name: ..., oid: ..., type: gauge}")
        )
    means, part = keys.get("means"), keys.get("component")
    return SnmpObject(
        name=reader.text(keys["name"], _METRIC),
        oid=reader.oid(keys["oid"]),
        type=reader.word(keys["type"], ObjectType),
        help=reader.text(keys.get("help")),
        source=reader.text(keys.get("source"), default=table.source),
        indexes=tuple(_index(reader, item) for item in reader.items(keys["indexes"], 16))
        if "indexes" in keys
        else table.indexes,
        lookups=tuple(_lookup(reader, item) for item in reader.items(keys["lookups"], 16))
        if "lookups" in keys
        else table.lookups,
        values=reader.pairs(keys.get("values"), reader.text),
        scale=reader.number(keys.get("scale"), 1.0),
        offset=reader.number(keys.get("offset"), 0.0),
        series=reader.flag(keys.get("series"), default=True),
        rarely=reader.flag(keys.get("rarely"), default=False),
        instead_of=reader.text(keys.get("instead_of")),
        means=None if means is None else reader.word(means, Meaning),
        factor=reader.number(keys.get("factor"), 1.0),
        named_by=reader.text(keys.get("named_by")),
        component=None if part is None else reader.word(part, ComponentKind),
        faults=reader.pairs(keys.get("faults"), lambda item: reader.word(item, ComponentFault)),
        absent=tuple(map(reader.integer, reader.items(keys.get("absent"), 64))),
        alarms=_alarms(reader, keys.get("alarms")),
    )


def _index(reader: _Reader, node: Node) -> ObjectIndex:
    keys = reader.mapping(node, _INDEX_KEYS)
    if "name" not in keys:
        raise reader.fault(node, Text("chỉ mục thiếu name", "an index lacks its name"), Text("name:", "name:"))
    return ObjectIndex(
        reader.text(keys["name"], _METRIC),
        reader.word(keys["type"], ObjectType) if "type" in keys else ObjectType.GAUGE,
        reader.integer(keys.get("fixed_size")),
        reader.flag(keys.get("implied"), default=False),
        reader.pairs(keys.get("values"), reader.text),
    )


def _lookup(reader: _Reader, node: Node) -> ObjectLookup:
    keys = reader.mapping(node, _LOOKUP_KEYS)
    if "label" not in keys:
        raise reader.fault(node, Text("nhãn tra cứu thiếu label", "a lookup lacks its label"), Text("label:", "label:"))
    return ObjectLookup(
        tuple(map(reader.text, reader.items(keys.get("indexes"), 16))),
        reader.text(keys["label"], _METRIC),
        reader.oid(keys["oid"]) if "oid" in keys else b"",
        reader.word(keys["type"], ObjectType) if "type" in keys else ObjectType.DISPLAY_STRING,
    )


def _alarms(reader: _Reader, node: Node | None) -> Mapping[bytes, tuple[ComponentKind, ComponentFault]]:
    alarms: dict[bytes, tuple[ComponentKind, ComponentFault]] = {}
    for part in reader.items(node, 64):
        keys = reader.mapping(part, ("oid", "component", "fault"))
        if len(keys) < 3:
            right = Text("{oid: ..., component: battery, fault: ...}", "{oid: ..., component: battery, fault: ...}")
            raise reader.fault(part, Text("thiếu khóa", "a key is missing"), right)
        kind, fault = reader.word(keys["component"], ComponentKind), reader.word(keys["fault"], ComponentFault)
        alarms[reader.oid(keys["oid"])] = kind, fault
    return alarms


@cache
def shipped_names() -> tuple[str, ...]:
    """The names of the sets in the package, from those of their files."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yml")))


@cache
def shipped_set(name: str) -> ObjectSet:
    """A set of the package, read once."""
    path = _FOLDER / f"{name}.yml"
    return read_object_set(f"{name}.yml", path.read_bytes())


def shipped_sets() -> tuple[ObjectSet, ...]:
    """All of them: some tenths of a second for who asks first, so never on the event loop."""
    return tuple(map(shipped_set, shipped_names()))


def own_set(path: str) -> ObjectSet:
    """The set in a file that the configuration names. Raises ObjectFileError."""
    try:
        body, _ = read_regular(Path(path), MAX_FILE_BYTES + 1)
    except OSError as error:
        why = error.strerror or ""
        wrong = Text("{path}: không đọc được: {why}", "{path}: cannot be read: {why}").filled(path=path, why=why)
        raise ObjectFileError(wrong, Text("một tệp đọc được", "a readable file")) from error
    if len(body) > MAX_FILE_BYTES:
        wrong = Text("{path}: quá lớn", "{path}: too large").filled(path=path)
        raise ObjectFileError(wrong, Text("nhiều nhất 1 MiB", "at most 1 MiB"))
    return read_object_set(path, body)
