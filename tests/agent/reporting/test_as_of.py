"""A report that was handed in can be made again, byte for byte, whatever was written since."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agent.cli.main import main
from agent.errors import SansangError
from agent.inventory.entities import Organisation
from agent.ledger.heartbeat import read as read_beat
from agent.ledger.history.position import AsOf
from agent.ledger.history.recorded import Stamp
from agent.ledger.rows import AgentRun, AgentStop, Maintenance, StateChange
from agent.ledger.signed.amendments import Correction, amendment
from agent.ledger.store import Ledger
from agent.model import Reason, State
from agent.reporting.ledger_report import report_from_ledger
from agent.reporting.request import ReportRequest, format_as_of, parse_as_of
from exporters.reports.files import WRITERS
from tests.agent.engine.world import World
from tests.agent.reporting.lived import Lived
from tests.agent.reporting.small_ledger import END, recorded
from tests.clock import TravellingClock
from tests.exporters.reports.sample import DAY, HOUR, at

ORGANISATION = Organisation("Huyện Lập Thạch")
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MONTH = "2025-10"
HANDED_IN = END + 2 * DAY
DOWN_SEQ = 7


def files(directory: Path, asked: AsOf | None, now_ms: int, period: str = MONTH) -> dict[str, bytes]:
    found = report_from_ledger(directory, ORGANISATION, ReportRequest(period, as_of=asked), now_ms)
    return {suffix: writer(found) for suffix, writer in WRITERS.items()}


def printed(directory: Path, now_ms: int, period: str = MONTH) -> AsOf:
    """What a report of this moment says of itself."""
    found = report_from_ledger(directory, ORGANISATION, ReportRequest(period), now_ms)
    return parse_as_of(format_as_of(found.provenance.last_seq, found.as_of_ms), ZONE)


def written_since(directory: Path) -> None:
    """A correction of the month, a window of it that comes late, another run, another outage."""
    ledger = Ledger.open(directory, TravellingClock())
    down = at("2025-10-10 08:00")
    wanted = Correction(DOWN_SEQ, State.UP, "ok", down, down + HOUR, "A", "Đo nhầm")
    later = HANDED_IN + DAY
    ledger.append(
        [
            amendment(ledger, wanted, Stamp("signing", later, later, synchronised=True)),
            Maintenance("bt-2", "all", down + HOUR, down + 2 * HOUR, later, "A", "B"),
            AgentRun("local", "later", later, later, synchronised=True, version="0"),
            StateChange("s/good", State.DOWN, Reason.TIMEOUT, later, later + 20, later + 250),
            AgentStop(later + DAY),
        ]
    )
    ledger.close()


def test_every_form_has_the_same_bytes_years_later(tmp_path: Path) -> None:
    recorded(tmp_path)
    directory = tmp_path / "ledger"
    before, said = files(directory, None, HANDED_IN), printed(directory, HANDED_IN)
    written_since(directory)
    years_later = HANDED_IN + 900 * DAY

    assert files(directory, None, years_later) != before
    assert files(directory, said, years_later) == before
    assert files(directory, AsOf(None, said.at_ms), years_later) == before


def test_the_method_sheet_and_the_csv_say_as_of_what(tmp_path: Path) -> None:
    recorded(tmp_path)
    said = printed(tmp_path / "ledger", HANDED_IN)
    written_since(tmp_path / "ledger")
    found = files(tmp_path / "ledger", AsOf(said.seq), HANDED_IN + 900 * DAY)

    assert f"--as-of {said.seq}@2025-11-01T17:00:00.000Z".encode() in found[".html"]  # where the agent stopped
    assert b"2025-11-01T17:00:00.000Z" in found[".csv"]


def test_the_command_makes_it_again(tmp_path: Path) -> None:
    config, file = recorded(tmp_path), tmp_path / "again.json"
    before = files(tmp_path / "ledger", None, HANDED_IN)
    said = printed(tmp_path / "ledger", HANDED_IN)
    written_since(tmp_path / "ledger")
    assert said.seq is not None
    assert said.at_ms is not None
    when = format_as_of(said.seq, said.at_ms)

    code = main(["uptime", "--config", str(config), "--period", MONTH, "--as-of", when, "-o", str(file)])

    assert (code, file.read_bytes()) == (0, before[".json"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("99", "there is no row 99; the newest is 11"),
        ("0", "there is no row 0"),
        ("2199-01-01T00:00:00Z", "that instant is still to come"),
        ("2025-09-01T00:00:00Z", "it had no row then"),
        ("8@2025-10-30T00:00:00Z", "at that instant it had row 9 already"),
        ("soon", "'soon' names no stand of the ledger; right would be a row (4711)"),
        ("2025-11-01", "names no stand"),
        ("7@", "names no stand"),
    ],
)
def test_what_never_was_is_refused(tmp_path: Path, text: str, said: str) -> None:
    recorded(tmp_path)
    with pytest.raises(SansangError) as error:
        files(tmp_path / "ledger", parse_as_of(text, ZONE), HANDED_IN)
    assert said in str(error.value)


def test_times_are_local_unless_they_say_otherwise() -> None:
    expected = AsOf(None, at("2025-11-01 15:00"))
    forms = ("01/11/2025 15:00", "2025-11-01 15:00", "2025-11-01T08:00:00Z", "2025-11-01T15:00:00.000+07:00")
    assert {parse_as_of(form, ZONE) for form in forms} == {expected}
    assert parse_as_of("4711@2025-11-01T08:00:00.000Z", ZONE) == AsOf(4711, expected.at_ms)


@dataclass
class Handing(Lived):
    """A random life of the real engine, in which somebody asks for a report again and again."""

    handed_in: list[tuple[AsOf, dict[str, bytes]]] = field(default_factory=list)

    async def _befall(self, world: World) -> None:
        await super()._befall(world)
        self.beat()  # as the agent does every ten seconds
        await world.go(self.random.choice((0.1, 3, 9)))
        self.ask()

    async def _run(self, *, last: bool) -> None:
        await super()._run(last=last)
        self.ask()
        self.clock.advance(self.random.choice((0, 61, 300)))
        self.ask()

    def ask(self) -> None:
        if read_beat(self.directory / "heartbeat") is not None:
            now = self.clock.wall_ms()
            self.handed_in.append((printed(self.directory, now, self.period), self.made(None)))

    def made(self, asked: AsOf | None) -> dict[str, bytes]:
        found = report_from_ledger(
            self.directory, ORGANISATION, ReportRequest(self.period, as_of=asked), self.clock.wall_ms()
        )
        return {suffix: WRITERS[suffix](found) for suffix in (".json", ".csv")}

    @property
    def period(self) -> str:
        return f"{datetime.fromtimestamp(self.began_ms / 1000, UTC):%Y}"


SEEDS = range(60 if os.environ.get("SANSANG_SOAK") else 8)


@pytest.mark.parametrize("seed", SEEDS)
async def test_every_report_of_a_random_life_can_be_made_again(tmp_path: Path, seed: int) -> None:
    life = Handing(tmp_path, seed)
    await life.go()

    assert len(life.handed_in) > 4
    for said, before in life.handed_in:
        assert life.made(said) == before, said
