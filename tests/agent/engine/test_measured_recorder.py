"""The sums of a day: what is counted, on which day, and what a stop, a set clock and a full ledger leave of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from agent.engine.measured_recorder import MOST_PARTS, TARGETS_A_ROW, MeasuredRecorder
from agent.engine.runner import Transports
from agent.engine.upkeep.commit_queue import MAX_QUEUE_ROWS, CommitQueue
from agent.ledger.packed_sums import by_target
from agent.ledger.rows import MeasuredSums, Row
from agent.model import (
    CertificateFault,
    CertificateFaults,
    Facts,
    Observation,
    Policy,
    ProbeResult,
    Reason,
    ReasonCode,
    Role,
    Target,
)
from agent.model.measured import BUCKETS, BooleanFact, Measured, YesNo
from agent.probes.dns.facts import DnsFacts
from agent.probes.dns.options import DnsOptions
from agent.probes.http.facts import HttpFacts
from agent.probes.http.options import HttpOptions
from agent.probes.icmp.options import IcmpOptions
from agent.probes.registry import PROBES
from agent.probes.resolver import IpFamily
from agent.probes.tcp.facts import TcpFacts
from agent.probes.tcp.options import TcpOptions
from agent.probes.tls.options import TlsOptions
from tests.agent.engine.world import Inline, Shelf
from tests.clock import TravellingClock

HANOI = "Asia/Ho_Chi_Minh"
POLICY = Policy(60_000, 5_000, 30_000, 3, 1, 5_000)
WEB = "https://portal.example/"
OK = HttpFacts(status_code=200, first_byte_seconds=0.12, tls=1, tls_verified=1, hsts=1)


def target(name: str = "a/portal", probe: str = "http", address: str = WEB, options: object = None) -> Target:
    given = HttpOptions() if options is None else options
    module = f"{probe}-module"
    return Target(
        name,
        name,
        "a",
        "u",
        role=Role.PORTAL,
        module=module,
        probe=probe,
        options=given,
        address=address,
        policy=POLICY,
    )


class Recording:
    """A recorder, its clock and the ledger behind it."""

    def __init__(self, *targets: Target, zone: str = HANOI, clock: TravellingClock | None = None) -> None:
        self.clock = clock or TravellingClock()
        self.shelf = Shelf()
        self.queue = CommitQueue(self.shelf, self.clock, Inline())
        self.recorder = MeasuredRecorder(Transports(PROBES, self.clock), self.clock, self.queue)
        self.recorder.wire(targets or (target(),), zone)

    def run(
        self,
        facts: Facts | None = OK,
        reason: ReasonCode = Reason.OK,
        name: str = "a/portal",
        address: str = "192.0.2.1",
    ) -> None:
        self.take(ProbeResult(reason.verdict, reason, 0.2, facts, address), name)

    def take(self, result: ProbeResult, name: str = "a/portal") -> None:
        self.recorder.record(name, Observation(target(), "local", self.clock.boottime_ms() - 200, 200, result))

    async def rows(self) -> list[MeasuredSums]:
        self.recorder.look()
        for _ in range(10_000):
            self.recorder.write_some()
        await self.queue.flush()
        return sums_in(self.shelf.rows)

    async def stopped(self) -> list[MeasuredSums]:
        self.recorder.finalize()
        await self.queue.flush()
        return sums_in(self.shelf.rows)


def sums_in(rows: Iterable[Row]) -> list[MeasuredSums]:
    return [row for row in rows if isinstance(row, MeasuredSums)]


def added(rows: Iterable[MeasuredSums]) -> dict[tuple[str, str], Measured]:
    sums: dict[tuple[str, str], Measured] = {}
    for row in rows:
        for name, measured in by_target(row.sums).items():
            sums[row.day, name] = sums.get((row.day, name), Measured()).plus(measured)
    return sums


async def only(recording: Recording) -> Measured:
    (measured,) = added(await recording.stopped()).values()
    return measured


async def test_a_run_is_counted_in_its_bucket_and_its_answers() -> None:
    recording = Recording()
    for first_byte in (0.05, 0.12, 0.15, 11.0):
        recording.run(HttpFacts(status_code=200, first_byte_seconds=first_byte, tls=1, hsts=1))
    recording.run(HttpFacts(status_code=500, first_byte_seconds=0.01), Reason.REFUSED)
    measured = await only(recording)

    counts = {bucket: runs for bucket, runs in enumerate(measured.first_byte) if runs}
    assert counts == {0: 1, 2: 2, BUCKETS - 1: 1}, "a run that failed has no time to the first byte"
    assert measured.facts == {
        BooleanFact.HTTPS: YesNo(4, 1),
        BooleanFact.HSTS: YesNo(4, 1),
        BooleanFact.CERTIFICATE: YesNo(4, 0),
    }


async def test_the_fewest_days_of_a_certificate_are_kept() -> None:
    recording = Recording()
    now = recording.clock.wall_ms() // 1000
    for days in (90, 30.5, 31):
        recording.run(HttpFacts(status_code=200, tls=1, tls_expiry_timestamp_seconds=now + days * 86_400))

    assert (await only(recording)).certificate_days == 30


EXPIRED = CertificateFaults("portal.example", (CertificateFault(Reason.TLS_EXPIRED),))


@pytest.mark.parametrize(
    ("reason", "faults", "verify", "good"),
    [
        (Reason.OK, None, True, YesNo(1, 0)),
        (Reason.CERTIFICATE_EXPIRING, EXPIRED, True, YesNo(1, 0)),
        (Reason.TLS_EXPIRED, EXPIRED, True, YesNo(0, 1)),
        (Reason.OK, None, False, None),
    ],
)
async def test_a_certificate_is_good_unless_the_run_failed_for_it(
    reason: Reason, faults: CertificateFaults | None, verify: bool, good: YesNo | None
) -> None:
    recording = Recording(target(options=HttpOptions(tls_config=TlsOptions(verify=verify))))
    recording.take(ProbeResult(reason.verdict, reason, 0.1, HttpFacts(status_code=200, tls=1), certificate=faults))
    facts = (await only(recording)).facts

    assert (facts.get(BooleanFact.HTTPS), facts.get(BooleanFact.CERTIFICATE)) == (good, good)


async def test_a_fault_of_ours_and_silence_tell_nothing() -> None:
    recording = Recording()
    recording.run(OK, Reason.INTERNAL_ERROR)
    recording.run(HttpFacts(), Reason.TIMEOUT)
    recording.run(None, Reason.TIMEOUT)
    recording.run(OK, name="b/unknown")

    assert await recording.stopped() == []


@pytest.mark.parametrize(
    ("facts", "query", "expected"),
    [
        (DnsFacts("udp", rcode=0, authenticated=1, answers=1), "A", {BooleanFact.DNSSEC: YesNo(1, 0)}),
        (DnsFacts("udp", rcode=3, authenticated=0, answers=0), "A", {BooleanFact.DNSSEC: YesNo(0, 1)}),
        (
            DnsFacts("udp", rcode=0, authenticated=1, answers=2),
            "AAAA",
            {BooleanFact.DNSSEC: YesNo(1, 0), BooleanFact.IPV6: YesNo(1, 0)},
        ),
        (
            DnsFacts("udp", rcode=0, authenticated=0, answers=0),
            "AAAA",
            {BooleanFact.DNSSEC: YesNo(0, 1), BooleanFact.IPV6: YesNo(0, 1)},
        ),
        (DnsFacts("udp", rcode=2, authenticated=0), "AAAA", None),
        (DnsFacts("udp"), "A", None),
    ],
)
async def test_dns_tells_of_dnssec_and_of_aaaa(
    facts: DnsFacts, query: str, expected: dict[BooleanFact, YesNo] | None
) -> None:
    options = DnsOptions(query_name="portal.example", query_type=query)
    recording = Recording(target("a/dns", "dns", "192.0.2.53", options))
    recording.run(facts, name="a/dns", address="192.0.2.53")
    rows = added(await recording.stopped())

    assert [measured.facts for measured in rows.values()] == ([] if expected is None else [expected])


@pytest.mark.parametrize(
    ("family", "named", "address", "reason", "expected"),
    [
        (IpFamily.PREFER_IP6, "gw.example", "2001:db8::1", Reason.OK, YesNo(1, 0)),
        (IpFamily.PREFER_IP6, "gw.example", "192.0.2.1", Reason.OK, YesNo(0, 1)),
        (IpFamily.IP6, "gw.example", "", Reason.NO_ADDRESS, YesNo(0, 1)),
        (IpFamily.PREFER_IP6, "192.0.2.1", "192.0.2.1", Reason.OK, None),
        (IpFamily.PREFER_IP4, "gw.example", "192.0.2.1", Reason.OK, None),
        (IpFamily.PREFER_IP4, "gw.example", "2001:db8::1", Reason.OK, YesNo(1, 0)),
        (IpFamily.IP6, "gw.example", "2001:db8::1", Reason.TIMEOUT, None),
    ],
)
async def test_ipv6_is_told_by_the_address_that_answered(
    family: IpFamily, named: str, address: str, reason: Reason, expected: YesNo | None
) -> None:
    recording = Recording(target("a/gw", "icmp", named, IcmpOptions(family=family)))
    recording.run(None, reason, "a/gw", address)
    rows = added(await recording.stopped())

    assert [measured.facts for measured in rows.values()] == (
        [] if expected is None else [{BooleanFact.IPV6: expected}]
    )


async def test_a_certificate_of_any_protocol_counts() -> None:
    recording = Recording(target("a/mail", "tcp", "mail.example:993", TcpOptions(tls=True)))
    expiry = recording.clock.wall_ms() / 1000 + 86_400 * 10.5
    recording.run(TcpFacts(tls_expiry_timestamp_seconds=expiry), name="a/mail")
    measured = await only(recording)

    assert (measured.facts, measured.certificate_days) == ({BooleanFact.CERTIFICATE: YesNo(1, 0)}, 10)


async def test_a_day_ends_at_local_midnight() -> None:
    recording = Recording()  # 08:00 in Hanoi
    recording.run()
    recording.clock.advance(16 * 3600 - 0.001)
    recording.run()
    recording.clock.advance(0.001)
    recording.run()

    assert [(row.day, row.zone) for row in await recording.rows()] == [("2026-03-01", HANOI)]
    runs = {day: sum(measured.first_byte) for (day, _), measured in added(await recording.stopped()).items()}
    assert runs == {"2026-03-01": 2, "2026-03-02": 1}


async def test_days_without_runs_leave_no_row() -> None:
    recording = Recording()
    recording.clock.advance(10 * 86_400)
    recording.run()

    assert list(added(await recording.stopped())) == [("2026-03-11", "a/portal")]


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
async def test_a_day_of_another_length_is_one_day(day: date, hours: int) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    clock = TravellingClock(unix_ns=int(datetime(day.year, day.month, day.day, tzinfo=berlin).timestamp()) * 10**9)
    recording = Recording(zone="Europe/Berlin", clock=clock)
    for _ in range(hours):
        recording.run()
        clock.advance(3600)
    recording.run()

    runs = {day_: sum(measured.first_byte) for (day_, _), measured in added(await recording.stopped()).items()}
    assert runs[day.isoformat()] == hours
    assert sum(runs.values()) == hours + 1


async def test_a_clock_that_is_set_renames_the_part_of_now() -> None:
    recording = Recording()
    recording.run()
    recording.clock.step_wall(-3 * 86_400)
    recording.recorder.look()
    recording.clock.advance(60)
    recording.run()
    recording.clock.step_wall(+5 * 86_400)
    recording.recorder.look()

    assert {key[0]: sum(m.first_byte) for key, m in added(await recording.stopped()).items()} == {"2026-03-03": 2}


async def test_a_clock_set_over_midnight_ends_the_day_that_was() -> None:
    recording = Recording()
    recording.run()
    recording.clock.advance(15 * 3600)
    recording.clock.step_wall(2 * 3600)
    recording.recorder.look()
    recording.run()

    days = {key[0] for key in added(await recording.stopped())}
    assert days == {"2026-03-01", "2026-03-02"}


async def test_a_stop_in_the_middle_of_a_day_and_a_start_add_up() -> None:
    clock = TravellingClock()
    first = Recording(clock=clock)
    first.run()
    before = await first.stopped()
    clock.reboot(600)
    second = Recording(clock=clock)
    second.run()
    second.run()
    after = await second.stopped()

    sums = added([*before, *after])
    assert {key: sum(measured.first_byte) for key, measured in sums.items()} == {("2026-03-01", "a/portal"): 3}


async def test_a_kill_loses_the_day_so_far_and_no_other() -> None:
    clock = TravellingClock()
    killed = Recording(clock=clock)
    killed.run()
    clock.advance(86_400)
    rows = await killed.rows()
    killed.run()  # and no stop
    after = Recording(clock=clock)
    after.run()

    runs = {key[0]: sum(m.first_byte) for key, m in added([*rows, *await after.stopped()]).items()}
    assert runs == {"2026-03-01": 1, "2026-03-02": 1}


async def test_many_targets_are_written_a_row_in_a_tick() -> None:
    targets = [target(f"s{number}/portal") for number in range(TARGETS_A_ROW * 2 + 1)]
    recording = Recording(*targets)
    for one in targets:
        recording.run(name=one.id)
    recording.clock.advance(86_400)
    recording.recorder.look()
    per_tick = []
    for _ in range(6):
        recording.recorder.write_some()
        await recording.queue.flush()
        per_tick.append(len(sums_in(recording.shelf.rows)))

    assert per_tick == [1, 2, 3, 3, 3, 3]
    assert len(added(sums_in(recording.shelf.rows))) == len(targets)
    assert all(len(by_target(row.sums)) <= TARGETS_A_ROW for row in sums_in(recording.shelf.rows))


async def test_a_ledger_that_takes_nothing_keeps_a_week_waiting() -> None:
    recording = Recording()
    recording.shelf.broken = True
    for _ in range(MAX_QUEUE_ROWS):
        recording.queue.enqueue(MeasuredSums(0, 0, "2026-01-01", HANOI, ""))
    for _ in range(MOST_PARTS + 3):
        recording.run()
        recording.clock.advance(86_400)
        recording.recorder.look()
        recording.recorder.write_some()
    recording.shelf.broken = False
    await recording.queue.flush()
    recording.shelf.rows.clear()

    days = [row.day for row in await recording.rows()]
    assert days == [f"2026-03-{day:02}" for day in range(4, 4 + MOST_PARTS)]


async def test_another_zone_begins_another_part() -> None:
    recording = Recording()
    recording.run()
    recording.recorder.wire((target(),), "Pacific/Auckland")
    recording.clock.advance(12 * 3600)
    recording.run()

    zones = [(row.day, row.zone) for row in await recording.stopped()]
    assert zones == [("2026-03-01", HANOI), ("2026-03-02", "Pacific/Auckland")]


async def test_what_was_counted_of_a_target_outlives_it() -> None:
    recording = Recording()
    recording.run()
    recording.recorder.wire((target("b/portal"),), HANOI)
    recording.run()
    recording.run(name="b/portal")

    runs = {key[1]: sum(m.first_byte) for key, m in added(await recording.stopped()).items()}
    assert runs == {"a/portal": 1, "b/portal": 1}
