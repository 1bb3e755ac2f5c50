"""How snmp_exporter authenticates, as entries of a file of credentials. No value is ever part of what is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agent.inventory.blackbox.module import TranslationNote, text, whole
from agent.inventory.findings import Step, Trail
from agent.inventory.sources.yaml_writer import entries_as_yaml

DEFAULT_AUTH = "public_v2"
"""What snmp_exporter asks with where a request names nothing."""
_VERSIONS = {1: "1", 2: "2c", 3: "3"}
_AUTHS = {"MD5": "md5", "SHA": "sha", "SHA224": "sha224", "SHA256": "sha256", "SHA384": "sha384", "SHA512": "sha512"}
_PRIVACIES = {
    "DES": "des", "AES": "aes128", "AES192": "aes192", "AES192C": "aes192c", "AES256": "aes256", "AES256C": "aes256c",
}  # fmt: skip
_LEVELS = ("noAuthNoPriv", "authNoPriv", "authPriv")
_KEYS = (
    "version", "community", "security_level", "username", "password", "auth_protocol", "priv_protocol",
    "priv_password", "context_name",
)  # fmt: skip
_MIN_PASSWORD, _MAX_WORD, _MAX_USER, _MAX_NAME, _MAX_AUTHS = 8, 127, 32, 64, 1000


@dataclass(slots=True)
class TranslatedAuths:
    """The entries by name, and what is said about them."""

    entries: dict[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    notes: list[TranslationNote] = field(default_factory=list)

    def add(self, name: str, auth: object, trail: Trail, version: object = None) -> str | None:
        """The name of the entry for it: that of an equal one, where there is one. None: it has no counterpart."""
        entry = _Auth(trail, self.notes).entry(auth, version)
        if entry is None:
            return None
        return self._named(name, entry, trail)

    def _named(self, name: str, entry: Mapping[str, str], trail: Trail) -> str | None:
        if not 0 < len(name) <= _MAX_NAME or not name.isprintable() or len(self.entries) >= _MAX_AUTHS:
            self.notes.append(TranslationNote(trail, "snmp_exporter_auth_name"))
            return None
        while name in self.entries:
            name += "_"
        self.entries[name] = entry
        return name

    def alike(self, auth: object, version: object) -> str | None:
        """An entry that is there already and says the same."""
        entry = _Auth((), []).entry(auth, version)
        return next((name for name, other in self.entries.items() if other == entry), None)

    def file_text(self) -> str:
        """The file of credentials."""
        return entries_as_yaml(self.entries)


class _Auth:
    """One auth on its way to an entry."""

    def __init__(self, trail: Trail, notes: list[TranslationNote]) -> None:
        self._trail = trail
        self._notes = notes
        self._usable = True

    def entry(self, auth: object, version: object) -> Mapping[str, str] | None:
        if auth is not None and not isinstance(auth, dict):
            self._refuse("snmp_exporter_form")
            return None
        keys: Mapping[str, Any] = auth or {}
        for key in keys:
            if key not in _KEYS:
                self._notes.append(TranslationNote((*self._trail, key), "snmp_exporter_unknown"))
        number = whole(keys.get("version", version) if keys.get("version", version) is not None else 2)
        if number not in _VERSIONS:
            self._refuse("snmp_exporter_version")
            return None
        entry = {"version": _VERSIONS[number], **(self._user(keys) if number == 3 else self._community(keys))}
        return entry if self._usable else None

    def _community(self, keys: Mapping[str, Any]) -> Mapping[str, str]:
        return {"community": self._word(keys.get("community", "public"), "community", _MAX_WORD)}

    def _user(self, keys: Mapping[str, Any]) -> Mapping[str, str]:
        level = text(keys.get("security_level")) or _LEVELS[0]
        if level not in _LEVELS:
            self._refuse("snmp_exporter_level", "security_level")
            return {}
        entry = {"user": self._word(keys.get("username"), "username", _MAX_USER)}
        if level != _LEVELS[0]:
            entry["auth"] = self._protocol(keys, "auth_protocol", "MD5", _AUTHS)
            entry["auth_password"] = self._word(keys.get("password"), "password", _MAX_WORD, _MIN_PASSWORD)
        if level == _LEVELS[2]:
            entry["privacy"] = self._protocol(keys, "priv_protocol", "DES", _PRIVACIES)
            entry["privacy_password"] = self._word(keys.get("priv_password"), "priv_password", _MAX_WORD, _MIN_PASSWORD)
        if text(keys.get("context_name")):
            entry["context"] = self._word(keys["context_name"], "context_name", _MAX_WORD)
        return entry

    def _protocol(self, keys: Mapping[str, Any], key: str, default: str, words: Mapping[str, str]) -> str:
        word = words.get(text(keys.get(key)) or default)
        if word is None:
            self._refuse("snmp_exporter_protocol", key)
        return word or ""

    def _word(self, value: object, key: str, most: int, least: int = 1) -> str:
        word = "" if isinstance(value, dict | list) else text(value)
        if not least <= len(word.encode("utf-8", "surrogateescape")) <= most:
            values = {"least": str(least), "most": str(most)}
            self._notes.append(TranslationNote((*self._trail, key), "snmp_exporter_word", values))
            self._usable = False
        return word

    def _refuse(self, message: str, *steps: Step) -> None:
        self._notes.append(TranslationNote((*self._trail, *steps), message))
        self._usable = False
