from __future__ import annotations

import gzip
import threading
import zlib
from collections.abc import ItemsView, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.openmetrics.exposition import generate_latest as generate_openmetrics
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_classic
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from agent.engine.agent_stats import AgentStats
from agent.engine.engine import EngineStats
from agent.engine.lateness import LATENESS_BOUNDS_SECONDS, LatenessStats
from agent.engine.rounds import RoundStats
from agent.engine.snapshot import PathView, TargetView
from agent.engine.upkeep.ledger_upkeep import LedgerUpkeepStats
from agent.inventory.schema.rows import Unit
from agent.ledger.queries import Head
from agent.model import Reason, ReasonCode, Role, State, UnknownCause
from agent.probes.icmp.reasons import IcmpReason
from exporters import catalog
from exporters.catalog import TARGET_ROWS, Kind
from exporters.prometheus import Exposition
from exporters.samples import number
from tests.exporters.sample import WALL_MS, HttpNumbers, PingNumbers, inventory, target, view

ODD_NAME = 'Xã "A" \\ ;\n=1+1 \u202eevil\u2066 \x00 🏘️ Ủy ban'

UPLINK, SWITCH = target("uplink"), target("switch", role=Role.LAN)
ROOM = target("room", role=Role.CONFERENCE)
WEB = target("web", "b", Role.PORTAL, "http", ODD_NAME)
ALL = (UPLINK, SWITCH, ROOM, WEB)
PING = PingNumbers(0.05, 1.5e-05, 4.41)
HTTP = HttpNumbers(200.0, (("connect", 0.001), ("transfer", 1e-07)), 1_795_000_000.0)
VIEWS = (
    view(UPLINK, State.DEGRADED, PING, IcmpReason.HIGH_LOSS),
    view(SWITCH, State.DOWN, PingNumbers(1.0), Reason.TIMEOUT),
    view(ROOM, State.UNKNOWN, None, Reason.NO_ROUTE),
    view(WEB, State.UP, HTTP),
)


def exposed(*views: TargetView, stats: AgentStats | None = None) -> Exposition:
    exposition = Exposition(inventory(*ALL), lambda: stats or AgentStats())
    for one in views:
        exposition.update(one)
    return exposition


def samples(exposition: Exposition, name: str) -> dict[tuple[str, ...], float]:
    """The samples of one name: their label values in order of the label names, and the number."""
    families = parse_classic(gzip.decompress(exposition.render(openmetrics=False)).decode())
    return {
        tuple(value for _, value in sorted(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
        if sample.name == name
    }


class Reference(Collector):
    """The same numbers through prometheus_client's own families."""

    def collect(self) -> Iterator[Metric]:
        for metric in TARGET_ROWS:
            kind = CounterMetricFamily if metric.kind is Kind.COUNTER else GaugeMetricFamily
            family = kind(metric.name, metric.help, labels=metric.labels)
            for one in VIEWS:
                plain = {"role": one.target.role.value, "site": one.target.site, "target": one.target.id}
                for key, value in self._pairs(metric, one):
                    labels = plain | ({metric.label: key} if metric.label else {})
                    family.add_metric([labels[name] for name in metric.labels], value)
            if family.samples:
                yield family

    @staticmethod
    def _pairs(metric: catalog.Metric, one: TargetView) -> list[tuple[str, float]]:
        if metric.values is not None:
            return list(metric.values(one))
        if metric.value is not None:
            value = metric.value(one)
            return [] if value is None else [("", value)]
        facts = one.last_run and one.last_run.result.facts
        found = [getattr(facts, fact.field, None) for fact in metric.facts if fact.probe == one.target.probe]
        if metric.label:
            return [pair for pairs in found for pair in pairs or ()]
        return [("", value) for value in found if value is not None]


def test_lines_are_those_of_prometheus_client() -> None:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Reference())
    exposition = exposed(*VIEWS)
    for openmetrics, text in ((False, generate_latest(registry)), (True, generate_openmetrics(registry))):  # type: ignore[no-untyped-call]
        rendered = gzip.decompress(exposition.render(openmetrics=openmetrics)).split(b"# HELP sansang_site")[0]
        start = rendered.index(b"# HELP sansang_target_up")
        assert rendered[start:].splitlines() == [line for line in text.splitlines() if line != b"# EOF"]


@given(st.floats() | st.integers(-(2**70), 2**70).map(float))
def test_numbers_are_printed_as_prometheus_client_does(value: float) -> None:
    assert number(value) == floatToGoString(value)  # type: ignore[no-untyped-call]


def test_both_formats_parse_back_to_the_same_samples() -> None:
    exposition = exposed(*VIEWS)
    classic = gzip.decompress(exposition.render(openmetrics=False)).decode()
    openmetrics = gzip.decompress(exposition.render(openmetrics=True)).decode()
    assert openmetrics.endswith("\n# EOF\n")
    assert "# EOF" not in classic

    def known(families: Iterable[Metric]) -> set[tuple[str, str]]:
        return {
            (sample.name, str(sorted(sample.labels.items())))
            for family in families
            for sample in family.samples
            if sample.name.startswith("sansang_")
        }

    parsed = list(parse_openmetrics(openmetrics))  # type: ignore[no-untyped-call]
    assert known(parse_classic(classic)) == known(parsed)
    families = {family.name: family.type for family in parsed}
    for metric in catalog.METRICS:
        if metric.name in families:
            assert families[metric.name] == metric.kind.value
    heads = [line for line in classic.splitlines() if line.startswith("# TYPE")]
    assert len(set(heads)) == len(heads)


def test_hostile_names_are_shown_on_one_line_without_overrides() -> None:
    body = gzip.decompress(exposed(*VIEWS).render(openmetrics=False)).decode()
    line = next(line for line in body.splitlines() if line.startswith("sansang_target_info") and "b/web" in line)
    assert 'name="Xã \\"A\\" \\\\ ; =1+1 evil  🏘️ Ủy ban"' in line
    assert not {"\u202e", "\u2066", "\x00"} & set(body)


def test_gzip_is_one_member_with_the_same_text() -> None:
    packed = exposed(*VIEWS).render(openmetrics=True)
    reader = zlib.decompressobj(wbits=31)
    unpacked = reader.decompress(packed)
    assert reader.eof
    assert not reader.unused_data
    assert gzip.decompress(packed) == unpacked
    assert int.from_bytes(packed[-4:], "little") == len(unpacked)


def test_a_unit_has_the_series_of_its_targets_and_of_those_below_it_alone() -> None:
    whole = inventory(*ALL)
    district = Unit("huyen", "Huyện", "district")
    under = replace(whole, units=(district, *(replace(unit, parent="huyen") for unit in whole.units)))
    exposition = Exposition(under, AgentStats)
    for one in VIEWS:
        exposition.update(one)
    texts = {
        unit: gzip.decompress(exposition.render(openmetrics=True, unit=unit)).decode().splitlines()
        for unit in ("", "huyen", "unit-a", "unit-b", "nobody")
    }
    lines = {unit: {line for line in text if not line.startswith("#")} for unit, text in texts.items()}

    assert lines["nobody"] == set()
    assert {text[-1] for text in texts.values()} == {"# EOF"}
    assert lines["unit-a"].isdisjoint(lines["unit-b"])
    assert {line for line in lines["unit-b"] if 'target="' in line} == {
        line for line in lines[""] if 'target="b/' in line
    }
    own = {line for line in lines[""] if line.startswith(("process_", "python_", "sansang_probe_lateness"))}
    assert own
    assert not own & lines["huyen"]
    of_district = {line for line in lines["huyen"] if 'unit="huyen"' in line}
    assert lines["huyen"] == lines["unit-a"] | lines["unit-b"] | of_district


def test_what_is_not_known_is_absent() -> None:
    exposition = exposed(*VIEWS)
    up = samples(exposition, "sansang_target_up")
    assert up == {
        ("uplink", "a", "a/uplink"): 1.0,
        ("lan", "a", "a/switch"): 0.0,
        ("portal", "b", "b/web"): 1.0,
    }
    assert ("conference", "a", "a/room") not in samples(exposition, "sansang_probe_success")
    assert samples(exposition, "sansang_target_state")["conference", "a", "a/room"] == 3.0
    assert samples(exposition, "sansang_rtt_seconds") == {("uplink", "a", "a/uplink"): 1.5e-05}
    assert samples(exposition, "sansang_http_status_code") == {("portal", "b", "b/web"): 200.0}
    assert samples(exposition, "sansang_path_up") == {}
    exposition.update_path(PathView("uplink", up=False, since_wall_ms=0, targets_behind=3))
    assert samples(exposition, "sansang_path_up") == {("uplink",): 0.0}
    exposition.update(replace(VIEWS[0], last_run=None, last_known_up=None))
    assert ("uplink", "a", "a/uplink") not in samples(exposition, "sansang_target_last_known_up")
    assert ("uplink", "a", "a/uplink") not in samples(exposition, "sansang_probe_timestamp_seconds")


def test_a_site_is_ready_when_all_that_counts_is_up() -> None:
    exposition = exposed(*VIEWS)
    assert samples(exposition, "sansang_site_ready") == {("a",): 0.0}
    exposition.update(view(SWITCH, State.UP))
    assert samples(exposition, "sansang_site_ready") == {}
    exposition.update(view(ROOM, State.DEGRADED))
    assert samples(exposition, "sansang_site_ready") == {("a",): 1.0}
    exposition.update(view(WEB, State.DOWN))
    assert samples(exposition, "sansang_site_ready") == {("a",): 1.0}


def test_a_unit_counts_its_own_targets_zeros_included() -> None:
    counts = samples(exposed(*VIEWS), "sansang_unit_targets")
    assert counts["lan", "down", "unit-a"] == 1.0
    assert counts["lan", "up", "unit-a"] == 0.0
    assert counts["conference", "unknown", "unit-a"] == 1.0
    assert len(counts) == 4 * 4
    assert sum(counts.values()) == len(ALL)


def test_before_any_view_everything_is_unknown() -> None:
    exposition = exposed()
    assert samples(exposition, "sansang_target_up") == {}
    assert samples(exposition, "sansang_unit_targets")["lan", "unknown", "unit-a"] == 1.0
    assert samples(exposition, "sansang_site_ready") == {}


def test_a_removed_target_vanishes_and_the_rest_stays() -> None:
    exposition = exposed(*VIEWS)
    path = PathView("uplink", up=True, since_wall_ms=0, targets_behind=2)
    exposition.replace(inventory(UPLINK, ROOM), VIEWS, (path,))
    text = gzip.decompress(exposition.render(openmetrics=False)).decode()
    assert "a/switch" not in text
    assert "b/web" not in text
    assert samples(exposition, "sansang_target_up") == {("uplink", "a", "a/uplink"): 1.0}
    assert samples(exposition, "sansang_path_up") == {("uplink",): 1.0}
    exposition.update(VIEWS[3])
    assert "b/web" not in gzip.decompress(exposition.render(openmetrics=False)).decode()


def test_unchanged_targets_are_rendered_once_but_the_agent_always() -> None:
    stats = AgentStats()
    exposition = Exposition(inventory(*ALL), lambda: stats)
    for one in VIEWS:
        exposition.update(one)
    exposition.render(openmetrics=False)
    kept = exposition._cached
    stats = AgentStats(engine=EngineStats(rounds=RoundStats(overruns=7, local_errors={Reason.NO_ROUTE: 2})))
    assert b"sansang_probe_overruns_total 7.0" in gzip.decompress(exposition.render(openmetrics=False))
    assert exposition._cached is kept
    exposition.update(VIEWS[0])
    exposition.render(openmetrics=False)
    assert exposition._cached is not kept
    assert samples(exposition, "sansang_local_errors_total") == {("no_route",): 2.0}


def test_the_lateness_histogram_adds_up() -> None:
    counts = (5, *[0] * (len(LATENESS_BOUNDS_SECONDS) - 1), 2)
    stats = AgentStats(engine=EngineStats(rounds=RoundStats(lateness=LatenessStats(counts, 12.5))))
    found = samples(exposed(stats=stats), "sansang_probe_lateness_seconds_bucket")
    assert (found["0.005",], found["60.0",], found["+Inf",]) == (5.0, 5.0, 7.0)
    assert samples(exposed(stats=stats), "sansang_probe_lateness_seconds_sum") == {(): 12.5}


class Interrupting(dict[ReasonCode, int]):
    """Counts of reasons whose reading, in the middle of an update, lets a scrape in from another thread."""

    def __init__(self, exposition: Exposition, counts: dict[ReasonCode, int]) -> None:
        super().__init__(counts)
        self.texts: list[str] = []
        self.scrape = threading.Thread(target=self._scrape, args=(exposition,))

    def _scrape(self, exposition: Exposition) -> None:
        self.texts.append(gzip.decompress(exposition.render(openmetrics=False)).decode())

    def items(self) -> ItemsView[ReasonCode, int]:  # type: ignore[override]
        self.scrape.start()
        self.scrape.join(0.3)
        return super().items()


@pytest.mark.parametrize("locked", [True, False])
def test_a_scrape_sees_each_target_in_one_piece(locked: bool) -> None:
    exposition = exposed(replace(VIEWS[1], failures=1, failure_reasons={Reason.TIMEOUT: 1}))
    if not locked:  # negative control
        exposition._lock = nullcontext()  # type: ignore[assignment]
    reasons = Interrupting(exposition, {Reason.TIMEOUT: 2})
    exposition.update(replace(VIEWS[1], failures=2, failure_reasons=reasons))
    reasons.scrape.join()
    labels = 'role="lan",site="a",target="a/switch"'
    failures = f"sansang_probe_failures_total{{{labels}}} 2.0" in reasons.texts[0]
    by_reason = f'sansang_probe_failure_reasons_total{{reason="timeout",{labels}}} 2.0' in reasons.texts[0]
    assert (failures == by_reason) == locked


def test_the_time_of_the_last_run() -> None:
    assert samples(exposed(VIEWS[0]), "sansang_probe_timestamp_seconds") == {
        ("uplink", "a", "a/uplink"): WALL_MS / 1000
    }


def test_a_state_has_its_beginning_and_an_outage_its_reason() -> None:
    exposition = exposed(*VIEWS)
    since = samples(exposition, "sansang_target_state_since_timestamp_seconds")
    assert since["conference", "a", "a/room"] == round(WALL_MS / 1000)
    down = VIEWS[[one.target.id for one in VIEWS].index("a/switch")]
    assert samples(exposition, "sansang_target_down_reason") == {(str(down.cause), "lan", "a", "a/switch"): 1.0}
    exposition.update(replace(down, state=State.UNKNOWN, cause=UnknownCause.MONITOR_NET))
    assert samples(exposition, "sansang_target_down_reason") == {}


def test_a_degraded_target_has_its_reason_too() -> None:
    up = next(one for one in VIEWS if one.state is State.UP)
    exposition = exposed(replace(up, state=State.DEGRADED, cause=IcmpReason.HIGH_LOSS))
    labels = (str(IcmpReason.HIGH_LOSS), up.target.role.value, up.target.site, up.target.id)
    assert samples(exposition, "sansang_target_degraded_reason") == {labels: 1.0}
    exposition.update(replace(up, state=State.DOWN, cause=Reason.TIMEOUT))
    assert samples(exposition, "sansang_target_degraded_reason") == {}


def test_an_objective_is_a_share_and_stands_only_where_there_is_one() -> None:
    targets = [replace(target("uplink"), slo="99.95"), target("room"), replace(target("switch"), slo="100")]
    text = gzip.decompress(Exposition(inventory(*targets), AgentStats).render(openmetrics=False)).decode()
    found = [line for line in text.splitlines() if line.startswith("sansang_target_slo_ratio{")]
    assert found == [
        'sansang_target_slo_ratio{role="uplink",site="a",target="a/uplink"} 0.9995',
        'sansang_target_slo_ratio{role="uplink",site="a",target="a/switch"} 1.0',
    ]


def test_the_head_of_the_day_is_one_series_and_none_of_an_empty_ledger() -> None:
    name = "sansang_ledger_daily_head_info"
    head = Head(4711, bytes(range(32)))
    exposition = exposed(stats=AgentStats(ledger=LedgerUpkeepStats(daily_head=head)))
    page = gzip.decompress(exposition.render(openmetrics=False)).decode()

    assert f'{name}{{hash="{head.hash.hex()}",seq="4711"}} 1.0' in page.splitlines()
    empty = gzip.decompress(exposed(stats=AgentStats()).render(openmetrics=False)).decode()
    assert [line for line in empty.splitlines() if line.startswith(f"{name}{{")] == []
