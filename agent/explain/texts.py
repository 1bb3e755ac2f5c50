"""Every (role, cause) pair in plain words, Vietnamese and English: what broke, on whose side, and what to do first.

The shared sentences stand in ``sentences`` beside this file, those of a protocol's own reasons in its folder
(docs/explain.md). There is no generic text to fall back on: a pair without sentences and an unknown language are
errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from agent.explain.sentences import (
    answers,
    components,
    local_faults,
    names,
    network,
    tls,
    unknown_agent,
    unknown_runs,
    working,
)
from agent.explain.sentences.dependencies import SILENT_BUT_PASSING, UPSTREAM
from agent.model import Cause, ReasonText, ReasonTexts, Role, UnknownCause
from agent.probes.declared import OWN_TEXTS
from agent.text import LANGUAGES

_SHARED = (working.TEXTS, components.TEXTS, names.TEXTS, network.TEXTS, answers.TEXTS, tls.TEXTS, local_faults.TEXTS)
OF_REASONS: ReasonTexts = dict(chain.from_iterable(texts.items() for texts in (*_SHARED, OWN_TEXTS)))
OF_CAUSES: Mapping[UnknownCause, Mapping[Role, ReasonText]] = {**unknown_agent.TEXTS, **unknown_runs.TEXTS}


class NoTextError(LookupError):
    """A language that there is none of, or a pair without sentences: a fault of the program, not of the person."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A text in one language. what: what happened and on whose side; advice: what to check or do first."""

    what: str
    advice: str


def explain(role: Role, cause: Cause, language: str) -> Explanation:
    """The pair's own text. Raises NoTextError for an unknown language, and for a pair without sentences."""
    by_role = OF_CAUSES.get(cause) if isinstance(cause, UnknownCause) else OF_REASONS.get(cause)
    if by_role is None or role not in by_role:
        raise NoTextError(f"no sentences for {cause!r} of a target with the role {role}")
    return _worded(by_role[role], language)


def explain_upstream(role: Role, upstream_name: str, language: str) -> Explanation:
    """For a target that cannot be reached because an ancestor, named as people know it, is down."""
    text = _worded(UPSTREAM[role], language)
    return Explanation(text.what.replace("{upstream}", upstream_name), text.advice.replace("{upstream}", upstream_name))


def explain_silent_but_passing(role: Role, language: str) -> Explanation:
    """For a target that is DOWN by its own runs while something behind it answers."""
    return _worded(SILENT_BUT_PASSING[role], language)


def explain_target(
    role: Role, cause: Cause, language: str, *, upstream: str = "", passing: bool = False
) -> Explanation:
    """The explanation of a target that is not well, everywhere the same.

    Of one that is unknown its own cause; else what is down on the way to it (upstream, by name); else that something
    behind it answers (passing); else its own cause.
    """
    if isinstance(cause, UnknownCause):
        return explain(role, cause, language)
    if upstream:
        return explain_upstream(role, upstream, language)
    return explain_silent_but_passing(role, language) if passing else explain(role, cause, language)


def _worded(text: ReasonText, language: str) -> Explanation:
    if language not in LANGUAGES:
        raise NoTextError(f"no texts in language {language!r}, only in {', '.join(LANGUAGES)}")
    return Explanation(text.what.to(language), text.advice.to(language))
