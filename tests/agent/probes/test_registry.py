"""What the registry puts together of all protocols."""

from __future__ import annotations

from agent.model import Reason, UnknownCause, Verdict
from agent.probes.declared import OWN_REASONS, OWN_TEXTS, REASONS
from agent.probes.registry import PROBES


def test_a_word_is_the_reason_of_one_protocol_or_of_all() -> None:
    own = [reason for spec in PROBES.values() for reason in spec.declaration.reasons]
    assert list(REASONS.values()) == [*Reason, *own]
    assert all(str(reason) == reason.value == word for word, reason in REASONS.items())


def test_a_reason_carries_its_verdict_and_the_cause_of_the_unknown_time() -> None:
    assert REASONS["bad_rcode"].verdict is Verdict.FAILED
    assert REASONS["in_use"].verdict is Verdict.OK
    assert REASONS["resolver_failed"].unknown_cause is UnknownCause.DNS
    assert REASONS["no_route"].unknown_cause is UnknownCause.LOCAL_ERROR


def test_a_name_is_that_of_the_folder_and_of_the_probe() -> None:
    folders = {spec.run.__module__.split(".")[2] for spec in PROBES.values()}
    assert list(PROBES) == [spec.probe for spec in PROBES.values()]
    assert folders == set(PROBES)


def test_what_is_read_without_the_protocols_is_what_they_declare() -> None:
    assert {name: spec.declaration.reasons for name, spec in PROBES.items()} == OWN_REASONS
    assert [text for spec in PROBES.values() for text in spec.declaration.texts.items()] == list(OWN_TEXTS.items())
