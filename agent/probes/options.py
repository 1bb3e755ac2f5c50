"""The types that module options are written in: durations, shares, sizes, patterns, secrets.

A value is checked once, when the inventory is loaded; inside the agent it is a plain float, int or str.
"""

from __future__ import annotations

import codecs
import ipaddress
import os
import re
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import re2
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler, WithJsonSchema
from pydantic_core import PydanticCustomError, core_schema

from agent.characters import refused_in_line
from agent.probes.address import AddressError, read_host
from agent.regular_file import read_regular
from agent.text import Text

STRICT = ConfigDict(extra="forbid", strict=False, arbitrary_types_allowed=True)
"""Every options dataclass carries ``__pydantic_config__ = STRICT``: unknown keys are refused."""

_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_SIZE = re.compile(r"([0-9]+)(B|KiB|MiB)?")
_BYTES = {None: 1, "B": 1, "KiB": 1024, "MiB": 1024 * 1024}
_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?)%")
_MAX_SECRET_BYTES = 64 * 1024
_NO_TEXT = re.compile("[\ud800-\udfff]")  # what surrogateescape makes of bytes that are not UTF-8
_AROUND = " \t\r\n\v\f\u00a0\u200b\u2060\ufeff"  # blanks, and the marks that editors put before a text


def refused(wrong: Text, right: Text | str) -> PydanticCustomError:
    """A value that cannot be used: what is wrong with it, and what would be right."""
    return PydanticCustomError("said_by_probe", "{wrong}", {"wrong": wrong, "right": right})


def parse_duration(value: object) -> float:
    """``500ms``, ``5s``, ``2m``, ``1h``, ``21d`` to seconds."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise PydanticCustomError("duration", "not a duration", {"right": "500ms, 5s, 2m, 1h, 21d"})
    return float(match[1]) * _SECONDS[match[2]]


def parse_ratio(value: object) -> float:
    """``5%`` or 0.05 to 0.05."""
    if isinstance(value, str) and (match := _PERCENT.fullmatch(value)):
        return float(match[1]) / 100
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise PydanticCustomError("ratio", "not a share", {"right": "5% or 0.05"})


def parse_size(value: object) -> int:
    """``56``, ``64KiB``, ``1MiB`` to bytes."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    match = _SIZE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise PydanticCustomError("size", "not a size", {"right": "56, 64KiB, 1MiB"})
    return int(match[1]) * _BYTES[match[2]]


def parse_host(value: str) -> str:
    """A host name or an address, as it may stand on the wire."""
    try:
        return read_host(value).absolute
    except AddressError as error:
        raise refused(error.wrong, error.right) from error


def parse_source(value: str) -> str:
    """A numeric address of this machine, in its normal form."""
    try:
        return str(ipaddress.ip_address(value))
    except ValueError as error:
        raise refused(
            Text("không phải địa chỉ IP", "not an IP address"),
            Text(
                "một địa chỉ của máy này: 192.0.2.10 hoặc 2001:db8::10",
                "an address of this machine: 192.0.2.10 or 2001:db8::10",
            ),
        ) from error


def parse_pattern(value: object) -> str:
    """A regular expression in RE2 syntax (linear time)."""
    if not isinstance(value, str):
        raise PydanticCustomError("pattern", "not a regular expression", {"right": "text in RE2 syntax"})
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(value, options=options)
    except re2.error as error:
        raise PydanticCustomError(
            "pattern", "not a regular expression: {detail}", {"detail": str(error), "right": "RE2 syntax"}
        ) from error
    return value


Seconds = Annotated[
    float,
    BeforeValidator(parse_duration),
    Field(gt=0),
    WithJsonSchema({"type": "string", "pattern": _DURATION.pattern}),
]
Ratio = Annotated[
    float,
    BeforeValidator(parse_ratio),
    Field(ge=0, le=1),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": _PERCENT.pattern}, {"type": "number"}]}),
]
Size = Annotated[
    int,
    BeforeValidator(parse_size),
    Field(ge=0),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": _SIZE.pattern}, {"type": "integer"}]}),
]


class Transport(StrEnum):
    """How a request travels."""

    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"


Port = Annotated[int, Field(ge=1, le=65535)]
SourceAddress = Annotated[str, AfterValidator(parse_source)]
HostName = Annotated[str, AfterValidator(parse_host)]
Pattern = Annotated[str, BeforeValidator(parse_pattern), WithJsonSchema({"type": "string", "format": "regex"})]


class Concealed:
    """What no print, log, JSON or traceback shows: as text it is where it was read from."""

    __slots__ = ("source",)

    def __init__(self, source: str) -> None:
        self.source = source

    def __repr__(self) -> str:
        return f"<secret from {self.source}>"

    def __reduce__(self) -> str | tuple[Any, ...]:
        raise TypeError("a secret is not pickled")


class Secret(Concealed):
    """One line of text; written as ``{file: PATH}`` or ``{env: NAME}``."""

    __slots__ = ("_value",)

    def __init__(self, value: str, source: str) -> None:
        super().__init__(source)
        self._value = value

    def reveal(self) -> str:
        """The value itself, for the wire only."""
        return self._value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value and other.source == self.source

    def __hash__(self) -> int:
        return hash((Secret, self.source))

    @classmethod
    def parse(cls, value: object) -> Secret:
        """Read the secret from where the configuration says it is."""
        if isinstance(value, Secret):
            return value
        if isinstance(value, dict) and len(value) == 1:
            (kind, where), *_ = value.items()
            if kind == "file" and isinstance(where, str):
                return cls._from_file(Path(where))
            if kind == "env" and isinstance(where, str):
                return cls._from_environment(where)
        raise PydanticCustomError(
            "secret", "a secret stands here in clear or malformed", {"right": "{file: PATH} or {env: NAME}"}
        )

    @classmethod
    def _from_file(cls, path: Path) -> Secret:
        return cls(_one_line(secret_text(path), str(path)), f"file {path}")

    @classmethod
    def _from_environment(cls, name: str) -> Secret:
        if name not in os.environ:
            raise PydanticCustomError(
                "secret_env", "environment variable {name} is not set", {"name": name, "right": f"set {name}"}
            )
        return cls(_one_line(os.environ[name], f"${name}"), f"environment {name}")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.parse, serialization=core_schema.plain_serializer_function_ser_schema(repr)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: core_schema.CoreSchema, handler: object) -> dict[str, Any]:
        text = {"type": "string"}
        return {
            "oneOf": [
                {"type": "object", "properties": {key: text}, "required": [key], "additionalProperties": False}
                for key in ("file", "env")
            ]
        }


def secret_text(path: Path) -> str:
    """The text of a file that its owner alone may read, as it stands; bytes that are not UTF-8 as halves of pairs."""
    try:
        body, mode = read_regular(path, _MAX_SECRET_BYTES + 1)
    except OSError as error:
        raise PydanticCustomError(
            "secret_file",
            "secret file {path}: {detail}",
            {"path": str(path), "detail": error.strerror or "", "right": "a readable file"},
        ) from error
    if mode & 0o077:
        raise PydanticCustomError(
            "secret_mode", "secret file {path} is open to others", {"path": str(path), "right": f"chmod 600 {path}"}
        )
    if len(body) > _MAX_SECRET_BYTES:
        raise _refused("secret_text", str(path), "save it as UTF-8")
    return _decoded(body)


def _decoded(body: bytes) -> str:
    """As Notepad saves it: UTF-8 with or without a mark, or UTF-16 with one; other bytes as halves of pairs."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        with suppress(UnicodeDecodeError):
            return body.decode("utf-16")
    return body.decode("utf-8", "surrogateescape")


def _one_line(written: str, where: str) -> str:
    """The secret without the marks and blanks around it, as blackbox_exporter takes it; refused if more than a line."""
    text = written.strip(_AROUND)
    if _NO_TEXT.search(text):
        raise _refused("secret_text", where, "save it as UTF-8")
    if not text:
        raise _refused("secret_empty", where, "the secret alone, on one line")
    if len(lines := text.splitlines()) > 1:
        raise _refused("secret_lines", where, "the secret alone, on one line", count=str(len(lines)))
    if code := refused_in_line(text):
        raise _refused("secret_character", where, "remove it", code=code)
    return text


_REFUSED = {
    "secret_text": "the secret in {where} is not UTF-8 text of at most 64 KiB",
    "secret_empty": "the secret in {where} is empty",
    "secret_lines": "the secret in {where} has {count} lines",
    "secret_character": "the secret in {where} holds the character {code}",
}


def _refused(kind: str, where: str, right: str, **values: str) -> PydanticCustomError:
    """Nothing of the secret is repeated; where: the file's path, or $NAME."""
    values |= {"where": where, "right": right}
    return PydanticCustomError(kind, _REFUSED[kind], values)
