"""How far a clock must be proved wrong, by whom, and in which direction. Times are days from the floor."""

from __future__ import annotations

import pytest

from agent.availability.true_time import (
    AGREE_MS,
    Bounds,
    TimeOffset,
    bounds,
    clock_offset,
    faults_not_excused,
    place_of,
    proved_wrong,
)
from agent.model import CertificateFault, Reason

DAY = 86_400_000
FLOOR = 20_000 * DAY
BOOTTIME = 3 * DAY
ELSEWHERE = ("portal.example", "192.0.2.1")


def told(host: str, address: str, days: float, took_ms: int = 0) -> TimeOffset:
    """That server said, just now, that it is so many days after the floor."""
    least_ms = FLOOR + round(days * DAY) - BOOTTIME
    return TimeOffset(host, place_of(address), least_ms, least_ms + 1000 + took_ms)


def known(*words: TimeOffset, of: tuple[str, str] = ELSEWHERE) -> Bounds:
    return bounds(FLOOR, words, BOOTTIME, of[0], place_of(of[1]))


A, B = told("a.example", "192.0.2.10", 10), told("b.example", "192.0.2.11", 10)


def test_two_that_agree_are_believed_to_the_minute() -> None:
    assert known(A, B) == Bounds(FLOOR, FLOOR + 10 * DAY - AGREE_MS, FLOOR + 10 * DAY + 1000 + AGREE_MS)


@pytest.mark.parametrize(
    "words",
    [
        (),
        (A,),
        (A, told("b.example", "192.0.2.11", 11)),  # they disagree
        (A, told("a.example", "192.0.2.11", 10)),  # one host at two addresses
        (A, told("b.example", "192.0.2.10", 10)),  # two names of one address
        (told("a.example", "2001:db8::1", 10), told("b.example", "2001:db8::2", 10)),  # one machine's /64
        (A, told("b.example", "::ffff:192.0.2.10", 10)),
        (A, told("portal.example", "192.0.2.11", 10)),  # the accused itself, at another address
        (A, told("b.example", "192.0.2.1", 10)),  # the accused itself, by another name
        (told("a.example", "192.0.2.10", -1), told("b.example", "192.0.2.11", -1)),  # before the floor: both are wrong
    ],
)
def test_who_proves_nothing(words: tuple[TimeOffset, ...]) -> None:
    assert known(*words) == Bounds(FLOOR)


def test_pairs_that_disagree_leave_all_between_them_open() -> None:
    forged = told("c.example", "198.51.100.1", 400), told("d.example", "198.51.100.2", 400)
    seen = known(A, B, *forged)
    assert seen == Bounds(FLOOR, FLOOR + 10 * DAY - AGREE_MS, FLOOR + 400 * DAY + 1000 + AGREE_MS)


def test_what_was_told_ages_with_the_boottime_and_not_with_the_clock() -> None:
    later = bounds(FLOOR, (A, B), BOOTTIME + DAY, "", "")
    assert later.least_ms == FLOOR + 11 * DAY - AGREE_MS


WITNESSES = Bounds(FLOOR, FLOOR + 10 * DAY, FLOOR + 10 * DAY)
ALONE = Bounds(FLOOR)


@pytest.mark.parametrize(
    ("reason", "now", "edge", "by", "excused"),
    [
        # behind: the clock is at -100 days, the certificate begins at `edge`
        (Reason.TLS_NOT_YET_VALID, -100, -1, ALONE, True),
        (Reason.TLS_NOT_YET_VALID, -100, 0, ALONE, True),
        (Reason.TLS_NOT_YET_VALID, -100, 10, ALONE, True),  # issued after the program: a tenth of the error beyond
        (Reason.TLS_NOT_YET_VALID, -100, 11, ALONE, False),
        (Reason.TLS_NOT_YET_VALID, -1, 1, ALONE, False),  # proved by a day, and two are needed
        (Reason.TLS_NOT_YET_VALID, 1, 2, ALONE, False),  # nothing proved
        (Reason.TLS_NOT_YET_VALID, -100, 10, WITNESSES, True),
        (Reason.TLS_NOT_YET_VALID, -100, 10.01, WITNESSES, False),  # they know the time: nothing beyond
        (Reason.TLS_NOT_YET_VALID, 5, 9, WITNESSES, True),
        (Reason.TLS_NOT_YET_VALID, 20, 30, WITNESSES, False),  # ahead: it is even less valid
        # ahead: the clock is at 100 days, the certificate ended at `edge`
        (Reason.TLS_EXPIRED, 100, 50, WITNESSES, True),
        (Reason.TLS_EXPIRED, 100, 10, WITNESSES, True),
        (Reason.TLS_EXPIRED, 100, 9.99, WITNESSES, False),  # ended before the true time, too
        (Reason.TLS_EXPIRED, 100, 50, ALONE, False),  # no old evidence shows a clock to be ahead
        (Reason.TLS_EXPIRED, 5, 4, WITNESSES, False),  # behind: the true time is later still
        (Reason.TLS_EXPIRED, -100, -101, ALONE, False),
        (Reason.CERTIFICATE_EXPIRING, 100, 50, WITNESSES, True),
        (Reason.CERTIFICATE_EXPIRING, 100, 9, WITNESSES, False),
        (Reason.CERTIFICATE_EXPIRING, -100, -101, ALONE, False),
    ],
)
def test_how_far_and_in_which_direction(reason: Reason, now: float, edge: float, by: Bounds, excused: bool) -> None:
    fault = CertificateFault(reason, FLOOR + round(edge * DAY))
    assert proved_wrong(fault, FLOOR + round(now * DAY), by) is excused


def test_what_no_clock_says_stands() -> None:
    name, early = CertificateFault(Reason.TLS_WRONG_NAME), CertificateFault(Reason.TLS_NOT_YET_VALID, FLOOR)
    unseen = CertificateFault(Reason.TLS_NOT_YET_VALID)  # of a certificate that was not presented
    assert faults_not_excused((early, name, unseen), FLOOR - DAY, ALONE) == (name, unseen)


def by_ntp(host: str, address: str, seconds: float, span_ms: int = 20) -> TimeOffset:
    """A time server says that the true time is so many seconds after our clock, which says FLOOR."""
    least_ms = FLOOR + round(seconds * 1000) - BOOTTIME - span_ms // 2
    return TimeOffset(host, place_of(address), least_ms, least_ms + span_ms)


T1, T2 = by_ntp("t1.example", "192.0.2.1", 5), by_ntp("t2.example", "192.0.2.2", 5.005)


@pytest.mark.parametrize(
    ("times", "seconds", "wrong"),
    [
        ((T1, T2), -5.0, True),
        ((by_ntp("t1", "192.0.2.1", -5), by_ntp("t2", "192.0.2.2", -5)), 5.0, True),
        ((by_ntp("t1", "192.0.2.1", 0.2), by_ntp("t2", "192.0.2.2", 0.2)), -0.2, False),
        ((by_ntp("t1", "192.0.2.1", 1.2, 900), by_ntp("t2", "192.0.2.2", 1.2, 900)), -1.2, False),  # within the span
        ((T1, T2, by_ntp("t3", "192.0.2.3", 0)), -5.0, True),  # a third that stands alone
    ],
)
def test_two_time_servers_that_agree_measure_our_clock(
    times: tuple[TimeOffset, ...], seconds: float, wrong: bool
) -> None:
    offset = clock_offset(times, BOOTTIME, FLOOR)
    assert offset is not None
    assert offset.seconds == pytest.approx(seconds, abs=0.01)
    assert offset.proved_wrong == wrong


@pytest.mark.parametrize(
    "times",
    [
        (),
        (T1,),
        (T1, by_ntp("t2", "192.0.2.2", 0)),  # one of them is wrong, nobody knows which
        (T1, by_ntp("t1.example", "192.0.2.2", 5)),  # one name
        (T1, by_ntp("t2", "192.0.2.1", 5)),  # one address
        (T1, T2, by_ntp("t3", "192.0.2.3", 0), by_ntp("t4", "192.0.2.4", 0)),  # two pairs that contradict each other
        (A, B),  # Date headers name the second
    ],
)
def test_who_measures_nothing(times: tuple[TimeOffset, ...]) -> None:
    assert clock_offset(times, BOOTTIME, FLOOR) is None


def test_a_clock_that_is_set_is_right_at_once() -> None:
    offset = clock_offset((T1, T2), BOOTTIME, FLOOR + 5_000)
    assert offset is not None
    assert not offset.proved_wrong
