"""The icmp probe without a packet: options, arithmetic, words, permissions."""

from __future__ import annotations

import errno
import socket

import pytest
from pydantic import TypeAdapter, ValidationError

from agent.model import Reason, Verdict
from agent.probes.icmp.burst import Burst, BurstPlan
from agent.probes.icmp.channel import Channel, Mode
from agent.probes.icmp.options import IcmpDegraded, IcmpOptions
from agent.probes.icmp.probe import SPEC, describe_error, jitter_of, voice_quality
from agent.probes.icmp.wire import V4
from agent.probes.resolver import IpFamily

OPTIONS = TypeAdapter(IcmpOptions)


def test_the_defaults() -> None:
    assert OPTIONS.validate_python({}) == IcmpOptions()
    assert IcmpOptions() == IcmpOptions(
        packets=3,
        spacing=0.05,
        size=56,
        ttl=None,
        tos=None,
        dont_fragment=False,
        family=IpFamily.PREFER_IP4,
        source=None,
    )


def test_options_as_they_are_written() -> None:
    written = {
        "packets": 10,
        "spacing": "20ms",
        "size": "1KiB",
        "ttl": 5,
        "tos": 184,
        "dont_fragment": True,
        "family": "ip6",
        "source": "2001:db8::1",
        "degraded": {"loss": "5%", "rtt": "150ms", "jitter": "30ms"},
    }
    read = OPTIONS.validate_python(written)
    assert (read.spacing, read.size, read.family) == (0.02, 1024, IpFamily.IP6)
    assert read.degraded == IcmpDegraded(loss=0.05, rtt=0.15, jitter=0.03)


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ({"packets": 0}, ("packets",)),
        ({"packets": 101}, ("packets",)),
        ({"spacing": 50}, ("spacing",)),
        ({"size": 15}, ("size",)),
        ({"size": 65508}, ("size",)),
        ({"ttl": 0}, ("ttl",)),
        ({"ttl": 256}, ("ttl",)),
        ({"tos": 256}, ("tos",)),
        ({"family": "ipv4"}, ("family",)),
        ({"source": "eth0"}, ("source",)),
        ({"source": "192.0.2.1", "family": "ip6"}, ()),
        ({"source": "2001:db8::1", "family": "ip4"}, ()),
        ({"payload": "abc"}, ("payload",)),
        ({"degraded": {"losses": "5%"}}, ("degraded", "losses")),
        ({"degraded": {"loss": "150%"}}, ("degraded", "loss")),
    ],
)
def test_bad_options_are_refused_where_they_stand(written: dict[str, object], place: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError) as caught:
        OPTIONS.validate_python(written)
    assert caught.value.errors()[0]["loc"][: len(place)] == place


@pytest.mark.parametrize(
    ("source", "family", "looked_up"),
    [
        (None, IpFamily.PREFER_IP6, IpFamily.PREFER_IP6),
        ("192.0.2.1", IpFamily.PREFER_IP6, IpFamily.IP4),
        ("2001:db8::1", IpFamily.PREFER_IP4, IpFamily.IP6),
    ],
)
def test_a_source_decides_the_family(source: str | None, family: IpFamily, looked_up: IpFamily) -> None:
    assert IcmpOptions(source=source, family=family).lookup_family() is looked_up


# RTT ms, jitter ms, loss %, and the score that G.107 with these assumptions gives
@pytest.mark.parametrize(
    ("rtt", "jitter", "loss", "score"),
    [
        (20, 2, 0, 4.40),
        (80, 10, 0.5, 4.33),
        (150, 30, 1, 4.23),
        (300, 40, 2, 3.76),
        (600, 60, 5, 2.03),
        (3000, 500, 90, 1.0),
    ],
)
def test_voice_quality(rtt: float, jitter: float, loss: float, score: float) -> None:
    assert voice_quality(rtt / 1000, jitter / 1000, loss / 100) == pytest.approx(score, abs=0.005)


def test_jitter_is_the_mean_difference_of_a_short_burst() -> None:
    assert jitter_of([]) is None
    assert jitter_of([0.01]) is None
    assert jitter_of([0.010, 0.014, 0.012]) == pytest.approx(0.003)


def test_jitter_of_a_long_burst_follows_rfc_3550() -> None:
    trips = [0.010 + 0.001 * (n % 2) for n in range(17)]
    jitter = jitter_of(trips)
    assert jitter == pytest.approx(0.001)
    assert jitter_of([*trips, 0.026]) == pytest.approx(0.001 + (0.016 - 0.001) / 16)


@pytest.mark.parametrize(
    ("version", "kind", "code", "text"),
    [
        (4, 3, 1, "Destination host unreachable"),
        (4, 3, 13, "Packet filtered"),
        (4, 11, 0, "Time to live exceeded"),
        (6, 1, 3, "Address unreachable"),
        (6, 3, 0, "Hop limit exceeded"),
        (6, 2, 0, "Error type: 2, code: 0"),
    ],
)
def test_errors_in_words(version: int, kind: int, code: int, text: str) -> None:
    assert describe_error(version, kind, code) == text


@pytest.mark.parametrize(
    ("mode", "number", "local", "reason"),
    [
        (Mode.DATAGRAM, errno.ECONNREFUSED, Reason.LOCAL_ERROR, None),  # may be an ICMP error about another target
        (Mode.DATAGRAM, errno.EHOSTUNREACH, Reason.LOCAL_ERROR, None),
        (Mode.DATAGRAM, errno.ENETUNREACH, Reason.LOCAL_ERROR, None),
        (Mode.DATAGRAM, errno.ENOBUFS, Reason.NO_RESOURCES, None),
        (Mode.DATAGRAM, errno.EMSGSIZE, None, Reason.PACKET_TOO_BIG),
        (Mode.RAW, errno.EHOSTUNREACH, None, Reason.UNREACHABLE),  # where nothing is left by others
    ],
)
async def test_a_send_that_fails_by_the_error_of_another_target_is_held_against_nobody(
    mode: Mode, number: int, local: Reason | None, reason: Reason | None
) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        plan = BurstPlan("127.0.0.1", packets=1, spacing=0.0, size=56, deadline=9.0)
        burst = Burst(plan, Channel(sock, V4, mode, ident=1, opened_at=0.0), 1 << 16, bytes(16), now=0.0)
        burst.note_failed_send(OSError(number, "not now"))
    assert (burst.local, burst.reason, burst.sent) == (local, reason, int(reason is not None))


def test_the_spec() -> None:
    assert (SPEC.probe, SPEC.silence) == ("icmp", Reason.TIMEOUT)
    assert Verdict.FAILED.value == "failed"
