"""A small inventory and views of it, for the tests of the exposition."""

from __future__ import annotations

from dataclasses import dataclass

from agent.engine.snapshot import LastRun, TargetView
from agent.inventory.entities import CanonicalForm, EngineSettings, Inventory, Level, Organisation, Site
from agent.inventory.schema.rows import Unit
from agent.model import Facts, Path, Policy, ProbeResult, Reason, ReasonCode, Role, State, Target

POLICY = Policy(60_000, 5_000, 5_000, 3, 1, 5_000)
WALL_MS = 1_772_326_800_123


@dataclass(frozen=True, slots=True)
class PingNumbers(Facts):
    """Fields of the ping probe, as far as metrics show them."""

    loss_ratio: float | None = None
    rtt_mean_seconds: float | None = None
    mos: float | None = None
    duplicates: int = 0


@dataclass(frozen=True, slots=True)
class HttpNumbers(Facts):
    """Fields of the web probe, as far as metrics show them."""

    status_code: float | None = None
    phases: tuple[tuple[str, float], ...] = ()
    tls_expiry_timestamp_seconds: float | None = None


def target(name: str, site: str = "a", role: Role = Role.UPLINK, probe: str = "icmp", title: str = "") -> Target:
    return Target(f"{site}/{name}", title or name, site, f"unit-{site}", role, "ping", probe, "127.0.0.1", None, POLICY)


def inventory(*targets: Target, name: str = "Xã A") -> Inventory:
    sites = sorted({one.site for one in targets})
    return Inventory(
        Organisation("Huyện"),
        (Level("commune", {"vi": "Xã"}),),
        tuple(Unit(f"unit-{site}", name, "commune", code="08881") for site in sites),
        tuple(Site(site, name, f"unit-{site}", location=(21.4, 105.4)) for site in sites),
        targets,
        (Path("uplink", ()),),
        (),
        EngineSettings(),
        "127.0.0.1:0",
        "",
        CanonicalForm(lambda: b""),
    )


def view(
    one: Target, state: State = State.UP, facts: Facts | None = None, reason: ReasonCode = Reason.OK
) -> TargetView:
    run = LastRun(WALL_MS, ProbeResult.of(reason, 0.0123, facts))
    counts: dict[ReasonCode, int] = {Reason.TIMEOUT: 3, Reason.REFUSED: 1}
    seconds = (0.25, 1e6, 12345678.9, 3.0)
    return TargetView(
        one,
        state,
        reason,
        since_wall_ms=WALL_MS,
        confirmed_wall_ms=WALL_MS,
        last_known_up=state is not State.DOWN,
        last_run=run,
        probes=12_000_000,
        failures=4,
        local_errors=1,
        failure_reasons=counts,
        state_seconds=seconds,
    )
