"""Every (role, cause) pair in plain words, Vietnamese and English: what broke, on whose side, and what to do first.

The sentences stand in gettext catalogues beside this file, one key per sentence (docs/explain.md). There is no
generic text to fall back on: a key without a sentence and a language without a catalogue are errors.
"""

from __future__ import annotations

import functools
import gettext
from dataclasses import dataclass
from importlib import resources

from agent.model import Cause, Role, UnknownCause

LANGUAGES = ("vi", "en")


class NoTextError(LookupError):
    """A language without a catalogue, or a key without a sentence: a fault of the program, not of the person."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """what: what happened and on whose side; advice: what to check or do first. One or two short sentences each."""

    what: str
    advice: str


def explain(role: Role, cause: Cause, language: str) -> Explanation:
    """The pair's own text. Raises NoTextError for an unknown language."""
    return _read(language, role, key_of(cause))


def explain_upstream(role: Role, upstream_name: str, language: str) -> Explanation:
    """For a target that cannot be reached because an ancestor, named as people know it, is down."""
    said = _read(language, role, "upstream")
    return Explanation(said.what.replace("{upstream}", upstream_name), said.advice.replace("{upstream}", upstream_name))


def explain_silent_but_passing(role: Role, language: str) -> Explanation:
    """For a target that is DOWN by its own runs while something behind it answers."""
    return _read(language, role, "silent_but_passing")


def explain_target(
    role: Role, cause: Cause, language: str, *, upstream: str = "", passing: bool = False
) -> Explanation:
    """What is said of a target that is not well, everywhere the same.

    Of one that is unknown its own cause; else what is down on the way to it (upstream, by name); else that something
    behind it answers (passing); else its own cause.
    """
    if isinstance(cause, UnknownCause):
        return explain(role, cause, language)
    if upstream:
        return explain_upstream(role, upstream, language)
    return explain_silent_but_passing(role, language) if passing else explain(role, cause, language)


def key_of(cause: Cause) -> str:
    """The middle part of the catalogue keys of a cause; both enums have a ``local_error``, so one is prefixed."""
    return f"unknown.{cause}" if isinstance(cause, UnknownCause) else str(cause)


def _read(language: str, role: Role, key: str) -> Explanation:
    return Explanation(_sentence(language, f"{role}.{key}.what"), _sentence(language, f"{role}.{key}.advice"))


def _sentence(language: str, key: str) -> str:
    text = _catalogue(language).gettext(key)
    if text == key:  # gettext answers an unknown key with the key itself
        raise NoTextError(f"no sentence {key!r} in language {language!r}")
    return text


@functools.cache
def _catalogue(language: str) -> gettext.GNUTranslations:
    if language not in LANGUAGES:
        raise NoTextError(f"no texts in language {language!r}, only in {', '.join(LANGUAGES)}")
    place = resources.files("agent.explain") / "locale" / language / "LC_MESSAGES" / "sansang.mo"
    with place.open("rb") as file:
        return gettext.GNUTranslations(file)
