"""An answer of DNS against what the module demands: the response code, the records, the AD flag."""

from __future__ import annotations

from collections.abc import Iterator

from agent.model import ReasonCode
from agent.probes.dns.options import DnsOptions, Records
from agent.probes.dns.reasons import DnsReason
from agent.probes.dns.wire import NOTHING_JUDGED, DnsReply, rcode_text
from agent.probes.patterns import matches_text

Judgement = tuple[ReasonCode, str]
"""A reason, and what to tell a person: of hostile origin where it quotes the answer."""


def demands(reply: DnsReply, options: DnsOptions) -> Judgement | None:
    """The first demand of the module that a whole answer does not meet; None when it meets them all."""
    return next(_unmet(reply, options), None)


def _unmet(reply: DnsReply, options: DnsOptions) -> Iterator[Judgement]:
    rcode = rcode_text(reply.rcode)
    if rcode not in options.rcodes:
        yield DnsReason.BAD_RCODE, f"answered {rcode}"
    if reply.truncated and (options.judged != NOTHING_JUDGED or (rcode == "NOERROR" and options.min_answers)):
        yield DnsReason.BAD_ANSWER, "truncated over TCP too: what is left out can be neither proved nor ruled out"
    if rcode == "NOERROR" and reply.answers < options.min_answers:
        yield DnsReason.BAD_ANSWER, f"{reply.answers} records in the answer, {options.min_answers} wanted"
    sections = (
        ("answer", reply.answer, options.answer),
        ("authority section", reply.authority, options.authority),
        ("additional section", reply.additional, options.additional),
    )
    for name, lines, expected in sections:
        for fault in _faults(lines, expected):
            yield DnsReason.BAD_ANSWER, f"in the {name} {fault}"
    if options.authenticated and not reply.authenticated:
        yield DnsReason.NOT_AUTHENTICATED, "the answer does not have the AD flag"


def _faults(lines: tuple[str, ...], expected: Records) -> Iterator[str]:
    if expected.any_matches and not any(
        matches_text(pattern, line) for pattern in expected.any_matches for line in lines
    ):
        yield f"no record matches {' or '.join(expected.any_matches)}"
    for pattern in expected.all_match:
        if not lines or not all(matches_text(pattern, line) for line in lines):
            yield f"not every record matches {pattern}"
    for pattern in expected.all_match_or_empty:
        if not all(matches_text(pattern, line) for line in lines):
            yield f"not every record matches {pattern}"
    for pattern in expected.none_matches:
        if any(matches_text(pattern, line) for line in lines):
            yield f"a record matches {pattern}"
    for pattern in expected.not_all_match:
        if lines and all(matches_text(pattern, line) for line in lines):
            yield f"every record matches {pattern}"
