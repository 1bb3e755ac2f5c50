"""The whole product of roles, causes and languages: every pair has its own sentences, and nothing stands in for one."""

from __future__ import annotations

import itertools
import re
import unicodedata

import pytest

from agent.explain import texts
from agent.explain.reasons import REASONS, with_verdict
from agent.explain.sentences.dependencies import SILENT_BUT_PASSING, UPSTREAM
from agent.explain.texts import Explanation, NoTextError, explain, explain_silent_but_passing, explain_upstream
from agent.model import Cause, Reason, ReasonCode, Role, UnknownCause, Verdict
from agent.probes.registry import PROBES
from agent.text import LANGUAGES

CAUSES: tuple[Cause, ...] = (*REASONS.values(), *UnknownCause)
PAIRS = list(itertools.product(Role, CAUSES))
SUBJECTS = {
    "vi": {
        Role.UPLINK: "đường truyền",
        Role.LAN: "mạng nội bộ",
        Role.CONFERENCE: "điểm cầu",
        Role.ONE_STOP: "một cửa",
        Role.PORTAL: "cổng thông tin",
        Role.SERVICE: "dịch vụ dùng chung",
        Role.DEVICE: "thiết bị",
    },
    "en": {
        Role.UPLINK: "line",
        Role.LAN: "local network",
        Role.CONFERENCE: "conference point",
        Role.ONE_STOP: "one-stop",
        Role.PORTAL: "portal",
        Role.SERVICE: "shared service",
        Role.DEVICE: "device",
    },
}


def everything(language: str) -> list[tuple[str, Explanation]]:
    """Every explanation of a language with a label; upstream and silent-but-passing included."""
    said = [(f"{role}.{cause!r}", explain(role, cause, language)) for role, cause in PAIRS]
    said += [(f"{role}.upstream", explain_upstream(role, "UBND-A", language)) for role in Role]
    return said + [(f"{role}.silent", explain_silent_but_passing(role, language)) for role in Role]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_pair_has_its_own_sentences(language: str) -> None:
    sentences = [sentence for _, said in everything(language) for sentence in (said.what, said.advice)]
    assert len(sentences) == 2 * (len(PAIRS) + 2 * len(Role))
    twice = {sentence for sentence in sentences if sentences.count(sentence) > 1}
    assert not twice


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_of_a_form(language: str) -> None:
    for label, said in everything(language):
        for sentence, longest in ((said.what, 160), (said.advice, 220)):
            assert 20 <= len(sentence) <= longest, label
            assert sentence == sentence.strip(), label
            assert "  " not in sentence, label
            assert not re.search(r"[{}%]", sentence), label
            assert sentence[0].isupper(), label
            assert sentence.endswith("."), label
            assert unicodedata.normalize("NFC", sentence) == sentence, label


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_pair_names_the_roles_own_subject(language: str) -> None:
    for role, cause in PAIRS:
        said = explain(role, cause, language)
        assert SUBJECTS[language][role] in f"{said.what} {said.advice}".lower(), (role, cause)


def test_vietnamese_is_vietnamese_and_english_is_not() -> None:
    accents = re.compile("[ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]")
    for (label, vi), (_, en) in zip(everything("vi"), everything("en"), strict=True):
        for own, other in ((vi.what, en.what), (vi.advice, en.advice)):
            assert len(accents.findall(own.lower())) >= 5, label
            assert not accents.search(other.lower()), label
            assert own != other, label


@pytest.mark.parametrize("role", Role)
def test_a_fault_of_ours_is_put_on_our_side(role: Role) -> None:
    ours = with_verdict(Verdict.LOCAL_ERROR)
    for cause in (*ours, *(c for c in UnknownCause if c is not UnknownCause.PAUSED)):
        assert re.search("giám sát", explain(role, cause, "vi").what + explain(role, cause, "vi").advice), cause
        assert re.search("monitor", explain(role, cause, "en").what + explain(role, cause, "en").advice), cause


def test_an_unknown_state_differs_from_a_run_of_the_same_name() -> None:
    run, state = (explain(Role.LAN, cause, "vi") for cause in (Reason.LOCAL_ERROR, UnknownCause.LOCAL_ERROR))
    assert run != state
    assert state.what.startswith("Chưa rõ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_upstream_is_named_as_it_is(language: str) -> None:
    for role in Role:
        said = explain_upstream(role, "Đường truyền {xã} A", language)
        assert "Đường truyền {xã} A" in said.what
        assert "Đường truyền {xã} A" in said.advice


@pytest.mark.parametrize("language", ["fr", "", "VI", "../vi"])
def test_an_unknown_language_is_an_error(language: str) -> None:
    with pytest.raises(NoTextError, match="only in vi, en"):
        explain(Role.LAN, Reason.TIMEOUT, language)


def test_nothing_stands_in_for_missing_sentences() -> None:
    class Unexplained(ReasonCode):
        NO_SUCH_REASON = "no_such_reason"

    with pytest.raises(NoTextError, match="no_such_reason"):
        explain(Role.LAN, Unexplained.NO_SUCH_REASON, "vi")


def test_sentences_stand_for_what_can_be_asked_and_for_nothing_else() -> None:
    assert set(texts.OF_REASONS) == set(REASONS.values())
    assert set(texts.OF_CAUSES) == set(UnknownCause)
    tables = (*texts.OF_REASONS.values(), *texts.OF_CAUSES.values(), UPSTREAM, SILENT_BUT_PASSING)
    assert all(set(by_role) == set(Role) for by_role in tables)


def test_a_protocol_explains_its_own_reasons_and_no_others() -> None:
    for spec in PROBES.values():
        assert set(spec.declaration.texts) == set(spec.declaration.reasons), spec.probe


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", Role)
def test_a_silent_name_server_is_explained_alike_in_a_run_and_in_a_state(role: Role, language: str) -> None:
    run, state = (
        explain(role, Reason.RESOLVER_FAILED, language),
        explain(role, Reason.RESOLVER_FAILED.unknown_cause, language),
    )
    assert state.what.lower().endswith(run.what.lower())
    assert state.advice.startswith(run.advice)
