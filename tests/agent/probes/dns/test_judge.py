from __future__ import annotations

from dataclasses import replace

import pytest

from agent.model import ReasonCode
from agent.probes.dns.judge import demands
from agent.probes.dns.options import DnsOptions, Records
from agent.probes.dns.reasons import DnsReason
from agent.probes.dns.wire import DnsReply

A = "a.example.\t60\tIN\tA\t192.0.2.1"
B = "a.example.\t60\tIN\tA\t192.0.2.2"


def reason(reply: DnsReply, **options: object) -> ReasonCode | None:
    found = demands(reply, DnsOptions("a.example", **options))  # type: ignore[arg-type]
    return found[0] if found else None


def replied(*answer: str, rcode: int = 0, ad: bool = False) -> DnsReply:
    return DnsReply(rcode, truncated=False, authenticated=ad, answers=len(answer), answer=answer)


@pytest.mark.parametrize(
    ("reply", "options", "expected"),
    [
        (replied(A), {}, None),
        (replied(A, rcode=2), {}, DnsReason.BAD_RCODE),
        (replied(rcode=3), {"rcodes": ("NXDOMAIN",)}, None),
        (replied(A), {"rcodes": ("NXDOMAIN",)}, DnsReason.BAD_RCODE),
        (replied(), {}, DnsReason.BAD_ANSWER),
        (replied(), {"min_answers": 0}, None),
        (replied(A), {"min_answers": 2}, DnsReason.BAD_ANSWER),
        (replied(A, B), {"min_answers": 2}, None),
        (replied(A, B), {"answer": Records(any_matches=(r"\.9$", r"\.2$"))}, None),
        (replied(A, B), {"answer": Records(any_matches=(r"\.9$",))}, DnsReason.BAD_ANSWER),
        (replied(A, B), {"answer": Records(all_match=(r"192\.0", r"\tA\t"))}, None),
        (replied(A, B), {"answer": Records(all_match=(r"192\.0", r"\.2$"))}, DnsReason.BAD_ANSWER),
        (replied(), {"answer": Records(all_match=(".",)), "min_answers": 0}, DnsReason.BAD_ANSWER),
        (replied(A, B), {"answer": Records(all_match_or_empty=(r"192\.0", r"\.2$"))}, DnsReason.BAD_ANSWER),
        (replied(A, B), {"answer": Records(all_match_or_empty=(r"192\.0",))}, None),
        (replied(), {"answer": Records(all_match_or_empty=("x",)), "min_answers": 0}, None),
        (replied(A, B), {"answer": Records(none_matches=(r"\.9$",))}, None),
        (replied(A, B), {"answer": Records(none_matches=(r"\.9$", r"\.2$"))}, DnsReason.BAD_ANSWER),
        (replied(A, B), {"answer": Records(not_all_match=(r"\.2$",))}, None),
        (replied(A, B), {"answer": Records(not_all_match=(r"\.2$", "192"))}, DnsReason.BAD_ANSWER),
        (replied(), {"answer": Records(not_all_match=("192",)), "min_answers": 0}, None),
        (replied(A), {"authenticated": True}, DnsReason.NOT_AUTHENTICATED),
        (replied(A, ad=True), {"authenticated": True}, None),
    ],
)
def test_demands(reply: DnsReply, options: dict[str, object], expected: ReasonCode | None) -> None:
    assert reason(reply, **options) is expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, DnsReason.BAD_ANSWER),
        ({"min_answers": 0}, None),
        *(
            ({"min_answers": 0, section: Records(**{rule: ("x",)})}, DnsReason.BAD_ANSWER)
            for section in ("answer", "authority", "additional")
            for rule in ("any_matches", "all_match", "all_match_or_empty", "none_matches", "not_all_match")
        ),
        ({"rcodes": ("NXDOMAIN",), "answer": Records(none_matches=("x",))}, DnsReason.BAD_RCODE),
    ],
)
def test_a_truncated_answer_proves_no_presence_and_no_absence(
    options: dict[str, object], expected: ReasonCode | None
) -> None:
    assert reason(DnsReply(0, truncated=True, authenticated=False), **options) is expected


@pytest.mark.parametrize("section", ["authority", "additional"])
def test_each_section_has_its_own_patterns(section: str) -> None:
    base = replied(A)
    reply = replace(base, authority=(B,)) if section == "authority" else replace(base, additional=(B,))
    assert reason(reply, **{section: Records(all_match=(r"\.2$",))}) is None
    assert reason(reply, **{section: Records(all_match=(r"\.1$",))}) is DnsReason.BAD_ANSWER


def test_a_pattern_that_blows_up_elsewhere_is_linear_here() -> None:
    reply = replied("a" * 60_000)
    assert reason(reply, answer=Records(none_matches=("(a+)+$",))) is DnsReason.BAD_ANSWER
