"""The file of credentials: communities, and users of SNMPv3, by the names that the inventory has for them.

The file is its owner's alone, and no fault of it repeats a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import GetCoreSchemaHandler
from pydantic_core import PydanticCustomError, core_schema
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from agent.probes.options import Concealed, secret_text
from agent.probes.snmp.credential import AuthProtocol, PrivacyProtocol, SnmpCredential
from agent.probes.snmp.message import SnmpVersion
from agent.text import Text

MAX_CREDENTIALS = 1000
_MAX_NAME, _MAX_WORD = 64, 127
_MAX_USER = 32  # RFC 3414 section 5
_MIN_PASSWORD = 8  # RFC 3414 section 11.2
_VERSIONS = {"1": SnmpVersion.V1, "2": SnmpVersion.V2C, "2c": SnmpVersion.V2C, "3": SnmpVersion.V3}
_KEYS = ("version", "community", "user", "auth", "auth_password", "privacy", "privacy_password", "context")
_SAME_WORDS = {"sha1": "sha", "aes": "aes128"}  # as devices and Net-SNMP call them
_ProtocolT = TypeVar("_ProtocolT", AuthProtocol, PrivacyProtocol)


class Credentials(Concealed):
    """The entries of one file by name; written as ``{file: PATH}``."""

    __slots__ = ("entries",)

    def __init__(self, source: str, entries: Mapping[str, SnmpCredential]) -> None:
        super().__init__(source)
        self.entries = entries

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Credentials) and (self.source, self.entries) == (other.source, other.entries)

    def __hash__(self) -> int:
        return hash((Credentials, self.source))

    @property
    def path(self) -> str:
        """Of the file, for sentences."""
        return self.source.removeprefix("file ")

    def only(self, name: str) -> Credentials:
        """These with one entry, so that a change of another is none to who uses this one."""
        return Credentials(self.source, {name: self.entries[name]})

    @classmethod
    def parse(cls, value: object) -> Credentials:
        """Read them from where the configuration says they are."""
        if isinstance(value, Credentials):
            return value
        if isinstance(value, dict) and len(value) == 1 and isinstance(value.get("file"), str):
            path = Path(value["file"])
            return cls(f"file {path}", _entries(secret_text(path), path))
        raise PydanticCustomError("secret", "a secret stands here in clear or malformed", {"right": "{file: PATH}"})

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.parse, serialization=core_schema.plain_serializer_function_ser_schema(repr)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: core_schema.CoreSchema, handler: object) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {"file": {"type": "string"}},
            "required": ["file"],
            "additionalProperties": False,
        }


def _entries(text: str, path: Path) -> dict[str, SnmpCredential]:
    if not text.strip():
        raise _unusable(path, _EMPTY)  # lost, as by a power cut: like a missing one it stops no agent from starting
    try:
        document = YAML(typ="base", pure=True).load(text)  # every word as it stands: a community may be 0123
    except MarkedYAMLError as error:
        line = 0 if error.problem_mark is None else error.problem_mark.line + 1
        raise _unusable(path, _NO_YAML.filled(line=str(line))) from None  # the error quotes the file
    except (YAMLError, ValueError, RecursionError):
        raise _unusable(path, _NO_YAML.filled(line="?")) from None
    if document is None:  # comments alone, as it is installed
        return {}
    if not isinstance(document, dict) or len(document) > MAX_CREDENTIALS:
        raise _unusable(path, _NO_ENTRIES)
    return {str(name): _Entry(path, str(name), entry).read() for name, entry in document.items()}


class _Entry:
    """One entry as it stands in the file; every fault names the entry and the key, never a value."""

    def __init__(self, path: Path, name: str, keys: object) -> None:
        self._path = path
        self._name = name
        if not 0 < len(name) <= _MAX_NAME or not name.isprintable():
            raise _unusable(path, _BAD_NAME)
        if not isinstance(keys, dict) or not all(isinstance(key, str) for key in keys):
            raise self._fault(_NO_KEYS)
        self._keys: dict[str, object] = dict(keys)  # two names may share one entry by an anchor

    def read(self) -> SnmpCredential:
        version = _VERSIONS.get(str(self._keys.pop("version", "2c")).lower().removeprefix("v"))
        if version is None:
            raise self._fault(_BAD_VERSION)
        credential = self._user() if version is SnmpVersion.V3 else self._community(version)
        if self._keys:
            raise self._fault(_UNKNOWN_KEYS.filled(keys=", ".join(sorted(set(self._keys).intersection(_KEYS))) or "?"))
        return credential

    def _community(self, version: SnmpVersion) -> SnmpCredential:
        return SnmpCredential(self._name, self._source, version, community=self._word("community", _NO_COMMUNITY))

    def _user(self) -> SnmpCredential:
        auth, privacy = self._protocol("auth", AuthProtocol), self._protocol("privacy", PrivacyProtocol)
        if privacy is not None and auth is None:
            raise self._fault(_PRIVACY_ALONE)
        user = self._word("user", _NO_USER)
        if len(user) > _MAX_USER:
            raise self._fault(_NO_USER)
        return SnmpCredential(
            self._name,
            self._source,
            SnmpVersion.V3,
            user=user,
            auth=auth,
            auth_password=self._password("auth_password") if auth else b"",
            privacy=privacy,
            privacy_password=self._password("privacy_password") if privacy else b"",
            context=self._text("context"),
        )

    @property
    def _source(self) -> str:
        return f"file {self._path}: {self._name}"

    def _protocol(self, key: str, words: type[_ProtocolT]) -> _ProtocolT | None:
        written = self._keys.pop(key, None)
        if written is None:
            return None
        word = str(written).lower().replace("-", "")
        word = _SAME_WORDS.get(word, word)
        if word not in list(words):
            raise self._fault(_BAD_PROTOCOL.filled(key=key, words=", ".join(words)))
        return words(word)

    def _password(self, key: str) -> bytes:
        password = self._word(key, _NO_PASSWORD.filled(key=key))
        if len(password) < _MIN_PASSWORD:
            raise self._fault(_SHORT_PASSWORD.filled(key=key))
        return password

    def _word(self, key: str, missing: Text) -> bytes:
        if not (word := self._text(key)):
            raise self._fault(missing)
        return word

    def _text(self, key: str) -> bytes:
        written = self._keys.pop(key, "")
        try:
            octets = written.encode("utf-8", "surrogateescape") if isinstance(written, str) else None
        except UnicodeEncodeError:  # the half of a pair, by its escape: the error quotes it
            octets = None
        if octets is None or len(octets) > _MAX_WORD:
            raise self._fault(_NOT_TEXT.filled(key=key))
        return octets

    def _fault(self, what: Text) -> PydanticCustomError:
        return _unusable(self._path, Text(f"{self._name}: {what.vi}", f"{self._name}: {what.en}"))


def _unusable(path: Path, what: Text) -> PydanticCustomError:
    return PydanticCustomError(
        "credentials_file",
        "credentials file {path}: {detail}",
        {"path": str(path), "detail": what, "right": "docs/probes/snmp.md"},
    )


_NO_YAML = Text("dòng {line} không phải YAML", "line {line} is no YAML")
_EMPTY = Text("tệp rỗng", "the file is empty")
_NO_ENTRIES = Text(
    "phải là các mục theo tên, như: commune: {version: 2c, community: ...}",
    "entries by name belong here, as in: commune: {version: 2c, community: ...}",
)
_BAD_NAME = Text("tên một mục quá dài hoặc không in được", "the name of an entry is too long or cannot be printed")
_NO_KEYS = Text("phải là các khóa như version, community", "keys such as version and community belong here")
_BAD_VERSION = Text("version phải là 1, 2c hoặc 3", "version must be 1, 2c or 3")
_UNKNOWN_KEYS = Text(
    "có khóa không dùng được với phiên bản này: {keys}", "keys that this version does not take: {keys}"
)
_NO_COMMUNITY = Text("thiếu community", "community is missing")
_NO_USER = Text("thiếu user, hoặc dài quá 32 ký tự", "user is missing, or longer than 32 characters")
_PRIVACY_ALONE = Text("có privacy thì phải có auth", "privacy needs auth")
_BAD_PROTOCOL = Text("{key} phải là một trong: {words}", "{key} must be one of: {words}")
_NO_PASSWORD = Text("thiếu {key}", "{key} is missing")
_SHORT_PASSWORD = Text("{key} phải có ít nhất 8 ký tự", "{key} must have 8 characters at least")
_NOT_TEXT = Text("{key} không phải một dòng chữ ngắn", "{key} is no short text")
