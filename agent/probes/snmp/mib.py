"""A MIB file as an object set: parsed by pysmi, with the names of other modules from files beside it or from pysnmp.

Parsing loads tens of modules and takes seconds: for the one command that does it, never for the agent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from agent.errors import FileError, SansangError
from agent.probes.snmp.mib_tree import MibModule, MibNode, MibSyntax, module_of
from agent.probes.snmp.object_file import MAX_OBJECTS, shipped_sets
from agent.probes.snmp.object_set import ObjectIndex, ObjectLookup, ObjectSet, ObjectType, SnmpObject
from agent.probes.snmp.values import encode_oid
from agent.regular_file import read_regular
from agent.text import Text

MAX_MIB_BYTES = 4 * 1024 * 1024
_MAX_MODULES = 50
_MAX_DEPTH = 64  # of names that are defined by names
_HELP_CHARACTERS = 160
_SUFFIXES = ("", ".txt", ".mib", ".my", ".smi")
_ROOTS = {"ccitt": (0,), "iso": (1,), "joint-iso-ccitt": (2,), "org": (1, 3), "dod": (1, 3, 6)}
_OLD_SMI = {"RFC1155-SMI": "SNMPv2-SMI", "RFC1065-SMI": "SNMPv2-SMI", "IF-MIB": "RFC1213-MIB"}  # as pysnmp has them
_READABLE = frozenset(("read-only", "read-write", "read-create", "accessible-for-notify"))
_TYPES = {
    "Counter": ObjectType.COUNTER,
    "Counter32": ObjectType.COUNTER,
    "Counter64": ObjectType.COUNTER,
    "Gauge": ObjectType.GAUGE,
    "Gauge32": ObjectType.GAUGE,
    "Unsigned32": ObjectType.GAUGE,
    "UInteger32": ObjectType.GAUGE,
    "Integer32": ObjectType.GAUGE,
    "INTEGER": ObjectType.GAUGE,
    "Integer": ObjectType.GAUGE,
    "TimeTicks": ObjectType.GAUGE,
    "IpAddress": ObjectType.INET_ADDRESS_IPV4,
    "NetworkAddress": ObjectType.INET_ADDRESS_IPV4,
    "BITS": ObjectType.BITS,
    "Bits": ObjectType.BITS,
    "OCTET STRING": ObjectType.OCTET_STRING,
    "OctetString": ObjectType.OCTET_STRING,
    "Opaque": ObjectType.OCTET_STRING,
    "OBJECT IDENTIFIER": ObjectType.OCTET_STRING,
    "ObjectIdentifier": ObjectType.OCTET_STRING,
    # textual conventions that are shown otherwise than the type under them
    "CounterBasedGauge64": ObjectType.GAUGE,
    "DisplayString": ObjectType.DISPLAY_STRING,
    "SnmpAdminString": ObjectType.DISPLAY_STRING,
    "DateAndTime": ObjectType.DATE_AND_TIME,
    "PhysAddress": ObjectType.PHYS_ADDRESS_48,
    "MacAddress": ObjectType.PHYS_ADDRESS_48,
    "InetAddressIPv4": ObjectType.INET_ADDRESS_IPV4,
    "InetAddressIPv6": ObjectType.INET_ADDRESS_IPV6,
    "Float": ObjectType.FLOAT,
    "Double": ObjectType.DOUBLE,
}
_IF_NAME = ObjectLookup(("ifIndex",), "ifName", encode_oid("1.3.6.1.2.1.31.1.1.1.1"))
Oid = tuple[int, ...]


class MibError(SansangError):
    """A MIB that cannot be read, with what is wrong."""


def object_set(path: Path, wanted: Sequence[str] = ()) -> ObjectSet:
    """All readable objects of the MIB in a file, or of those below the names wanted. MibError, FileError."""
    reader = _MibReader(path)
    module = reader.main()
    objects = tuple(reader.objects(module, wanted))
    if not objects:
        raise MibError(_NOTHING.filled(file=path.name))
    if len(objects) > MAX_OBJECTS:
        raise MibError(_TOO_MANY.filled(file=path.name, count=len(objects), most=MAX_OBJECTS))
    name = re.sub(r"[^a-z0-9]+", "_", module.name.lower()).strip("_")[:64]
    return ObjectSet(name=name, objects=objects, title=module.name, verified_by=f"{module.name} ({path.name})")


class _MibReader:
    """The modules that one file needs."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._modules: dict[str, MibModule] = {}
        self._missing: set[str] = set()
        self._parser = _parser()
        self._known_indexes = {
            index.name: index for known in shipped_sets() for part in known.objects for index in part.indexes
        }

    def main(self) -> MibModule:
        """The first module of the file."""
        modules = self._parsed(self._path)
        if not modules:
            raise MibError(_NO_MIB.filled(place=self._path.name))
        self._modules |= {module.name: module for module in modules}
        return modules[0]

    def objects(self, module: MibModule, wanted: Sequence[str]) -> Iterator[SnmpObject]:
        """What can be read of a device, in the order of the file."""
        tops = [self._oid(module, name) for name in wanted]
        rows = {node.name: node for node in module.nodes.values() if node.indexes or node.augments}
        for node in module.nodes.values():
            if node.syntax is None or node.access not in _READABLE or node.name in rows:
                continue
            oid = self._oid(module, node.name)
            if not wanted or any(oid[: len(top)] == top for top in tops):
                yield self._object(module, node, oid, rows.get(str(node.oid[0])))

    def _object(self, module: MibModule, node: MibNode, oid: Oid, row: MibNode | None) -> SnmpObject:
        assert node.syntax is not None  # noqa: S101 - the caller has seen to it
        syntax = self._syntax(module, node.syntax)
        indexes = () if row is None else tuple(self._indexes(module, row))
        dotted = ".".join(map(str, oid))
        return SnmpObject(
            name=re.sub(r"[^a-zA-Z0-9_]", "_", node.name),
            oid=encode_oid(dotted),
            type=_shown_as(syntax),
            help=f"{_sentence(node.description)} - {dotted}",
            source=module.name,
            indexes=indexes,
            lookups=(_IF_NAME,) if [index.name for index in indexes] == ["ifIndex"] else (),
            values=syntax.values,
        )

    def _indexes(self, module: MibModule, row: MibNode, depth: int = 0) -> Iterator[ObjectIndex]:
        if row.augments:
            home, other = self._node(module, row.augments, depth)
            yield from self._indexes(home, other, depth + 1)
        for implied, name in row.indexes:
            yield self._index(module, name, implied=implied)

    def _index(self, module: MibModule, name: str, *, implied: bool) -> ObjectIndex:
        try:
            home, node = self._node(module, name)
        except MibError:
            if name in self._known_indexes:
                return self._known_indexes[name]
            syntax = _syntax_of_pysnmp(module.imports.get(name, ""), name)
            if syntax is None:
                raise
            return ObjectIndex(name, _shown_as(syntax), syntax.size, implied, syntax.values)
        syntax = self._syntax(home, node.syntax or MibSyntax("INTEGER"))
        return ObjectIndex(name, _shown_as(syntax), syntax.size, implied, syntax.values)

    # Names

    def _oid(self, module: MibModule, name: str, depth: int = 0) -> Oid:
        if name in _ROOTS:
            return _ROOTS[name]
        if depth > _MAX_DEPTH:
            raise MibError(_CIRCLE.filled(file=self._path.name, name=name))
        if name not in module.nodes and (oid := self._oid_of_pysnmp(module, name)) is not None:
            return oid
        home, node = self._node(module, name, depth)
        oid = ()
        for part in node.oid:
            number = part[1] if isinstance(part, tuple) else part
            oid += (number,) if isinstance(number, int) else self._oid(home, str(number), depth + 1)
        return oid

    def _node(self, module: MibModule, name: str, depth: int = 0) -> tuple[MibModule, MibNode]:
        """The definition of a name, and the module that it stands in."""
        if name in module.nodes:
            return module, module.nodes[name]
        other = self._module(module.imports.get(name, ""))
        if other is None or depth > _MAX_DEPTH:
            raise MibError(_MISSING.filled(name=name, module=module.imports.get(name, "?"), folder=self._path.parent))
        return self._node(other, name, depth + 1)

    def _syntax(self, module: MibModule, syntax: MibSyntax, depth: int = 0) -> MibSyntax:
        """The type under its textual conventions, as far as they change nothing that is shown."""
        if syntax.type in _TYPES or depth > _MAX_DEPTH:
            return syntax
        under = module.types.get(syntax.type)
        home: MibModule | None = module
        if under is None:
            source = module.imports.get(syntax.type, "SNMPv2-TC")  # which makers forget to import
            under = _type_of_pysnmp(source, syntax.type)
            if under is None:
                home = self._module(source)
                under = None if home is None else home.types.get(syntax.type)
        if under is None or home is None:
            where = module.imports.get(syntax.type, "?")
            raise MibError(_MISSING.filled(name=syntax.type, module=where, folder=self._path.parent))
        merged = MibSyntax(
            under.type, syntax.values or under.values, syntax.size or under.size, syntax.as_text or under.as_text
        )
        return self._syntax(home, merged, depth + 1)

    def _oid_of_pysnmp(self, module: MibModule, name: str) -> Oid | None:
        source = module.imports.get(name)
        symbol = None if source is None else _symbol_of_pysnmp(source, name)
        oid = getattr(symbol, "name", None)
        return tuple(map(int, oid)) if isinstance(oid, tuple) else None

    def _module(self, name: str) -> MibModule | None:
        """A module that the file imports, if it lies beside it."""
        if name in self._modules or not name or name in self._missing:
            return self._modules.get(name)
        if len(self._modules) >= _MAX_MODULES:
            raise MibError(_TOO_MANY_MODULES.filled(file=self._path.name, most=_MAX_MODULES))
        for suffix in _SUFFIXES:
            path = self._path.parent / f"{name}{suffix}"
            if re.fullmatch(r"[A-Za-z0-9-]{1,64}", name) and path.is_file():
                self._modules |= {module.name: module for module in self._parsed(path)}
                break
        if name not in self._modules:
            self._missing.add(name)
        return self._modules.get(name)

    def _parsed(self, path: Path) -> list[MibModule]:
        from pysmi.error import PySmiError  # noqa: PLC0415 - see the module's docstring

        try:
            body, _ = read_regular(path, MAX_MIB_BYTES + 1)
        except OSError as error:
            raise FileError(path, error) from error
        if len(body) > MAX_MIB_BYTES:
            raise MibError(_TOO_LARGE.filled(file=path.name))
        try:
            trees = self._parser.parse(body.decode("utf-8", "replace"))
        except (PySmiError, RecursionError, ValueError) as error:
            line = getattr(error, "lineno", None)
            raise MibError(_NO_MIB.filled(place=f"{path.name}:{line}" if line else path.name)) from error
        return [module_of(tree) for tree in trees or ()]


def _parser() -> Any:
    from pysmi.parser import SmiV1CompatParser  # noqa: PLC0415 - see the module's docstring

    return SmiV1CompatParser()


@cache
def _builder() -> Any:
    from pysnmp.smi.builder import MibBuilder  # noqa: PLC0415 - see the module's docstring

    return MibBuilder()


def _symbol_of_pysnmp(module: str, name: str) -> object | None:
    """A symbol of the modules that pysnmp brings, None where it has no such one."""
    from pysnmp.smi.error import SmiError  # noqa: PLC0415 - see the module's docstring

    try:
        symbols: tuple[object, ...] = _builder().import_symbols(_OLD_SMI.get(module, module), name)
    except SmiError:
        return None
    return symbols[0]


def _type_of_pysnmp(module: str, name: str) -> MibSyntax | None:
    """A textual convention of pysnmp's modules: the first type under it that is known by name."""
    convention = _symbol_of_pysnmp(module, name) if module else None
    return _syntax_of_class(convention) if isinstance(convention, type) else None


def _syntax_of_pysnmp(module: str, name: str) -> MibSyntax | None:
    """The type of an object of pysnmp's modules."""
    symbol = _symbol_of_pysnmp(module, name) if module else None
    syntax = getattr(symbol, "syntax", None)
    return None if syntax is None else _syntax_of_class(type(syntax))


def _syntax_of_class(convention: type) -> MibSyntax | None:
    under = next((base.__name__ for base in convention.__mro__ if base.__name__ in _TYPES), None)
    if under is None:
        return None
    names = getattr(convention, "namedValues", None) or {}
    hint = getattr(convention, "displayHint", "") or ""
    return MibSyntax(under, {int(names[word]): str(word) for word in names}, as_text=hint.endswith(("a", "t")))


def _shown_as(syntax: MibSyntax) -> ObjectType:
    shown = _TYPES.get(syntax.type, ObjectType.OCTET_STRING)
    return ObjectType.DISPLAY_STRING if shown is ObjectType.OCTET_STRING and syntax.as_text else shown


def _sentence(description: str) -> str:
    """The first sentence, on one line."""
    text = " ".join(description.split())
    return _shortened(text.partition(". ")[0])


def _shortened(text: str) -> str:
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return line if len(line) <= _HELP_CHARACTERS else f"{line[: _HELP_CHARACTERS - 1]}…"


_TOO_LARGE = Text("{file}: tệp MIB quá 4 MiB", "{file}: a MIB file of more than 4 MiB")
_NO_MIB = Text("{place}: không phải tệp MIB (SMIv1 hoặc SMIv2)", "{place}: no MIB file (SMIv1 or SMIv2)")
_MISSING = Text(
    "thiếu mô-đun {module}, nơi định nghĩa {name}: chép tệp MIB đó vào {folder}, tên tệp là {module}.txt",
    "module {module} is missing, which defines {name}: copy that MIB file to {folder}, as {module}.txt",
)
_CIRCLE = Text("{file}: {name} được định nghĩa bằng chính nó", "{file}: {name} is defined by itself")
_NOTHING = Text(
    "{file}: không có đối tượng nào đọc được (với những tên đã chọn)", "{file}: no object to read (of the names chosen)"
)
_TOO_MANY = Text(
    "{file}: {count} đối tượng, một tập chỉ chứa {most}: chọn bớt bằng --object",
    "{file}: {count} objects, and a set holds {most}: choose some with --object",
)
_TOO_MANY_MODULES = Text("{file}: cần quá {most} mô-đun khác", "{file}: needs more than {most} other modules")
