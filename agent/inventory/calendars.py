"""The calendars that targets may name: those of the inventory, and what the four usual names mean without it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from agent.availability.calendar import Always, Calendar, Season, Weekday, Weekly, Windows
from agent.availability.calendar_document import month_day, time_of_day
from agent.inventory import vn_holidays
from agent.inventory.schema.rows import CalendarRow, OverrideRow, SeasonRow
from agent.inventory.schema.types import weekdays_of

BUILT_IN = ("always", "office", "desk", "meetings")

_ALL_YEAR = SeasonRow(first="01-01", last="12-31", hours={"mon-fri": ("07:30-11:30", "13:30-17:00")})
_OFFICE = CalendarRow(seasons=(_ALL_YEAR,))


class Calendars(Mapping[str, Calendar]):
    """Calendars by name, each made when it is first asked for: the library of public holidays takes 50 ms."""

    def __init__(self, definitions: Mapping[str, Callable[[], Calendar]]) -> None:
        self._definitions = definitions
        self._calendars: dict[str, Calendar] = {}

    def __getitem__(self, name: str) -> Calendar:
        if name not in self._calendars:
            self._calendars[name] = self._definitions[name]()
        return self._calendars[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._definitions)

    def __len__(self) -> int:
        return len(self._definitions)


def calendars_of(zone: str, own: Mapping[str, Callable[[], Calendar]] | None = None) -> Calendars:
    """The inventory's own calendars before the built-in ones. ``meetings`` counts nothing until there are any."""
    office = partial(weekly, _OFFICE, OverrideRow(), zone)
    return Calendars({"always": Always, "office": office, "desk": office, "meetings": Windows, **(own or {})})


def weekly(row: CalendarRow, notice: OverrideRow, zone: str) -> Weekly:
    """A calendar with all its days written out, so that it can be counted again without the library.

    What the notice names goes before what the library knows.
    """
    by_hand = {working_day.date: Weekday[working_day.like] for working_day in notice.working_days}
    off = {*notice.holidays}
    worked = dict(by_hand)
    if row.holidays == "vn":
        swapped = {day: Weekday(instead_of.weekday()) for day, instead_of in vn_holidays.working_days().items()}
        worked = {day: like for day, like in swapped.items() if day not in off} | by_hand
        off |= vn_holidays.days_off()
    seasons = row.seasons if row.hours is None else (SeasonRow(first="01-01", last="12-31", hours=row.hours),)
    return Weekly(row.zone or zone, tuple(map(season, seasons)), frozenset(off), worked)


def season(row: SeasonRow) -> Season:
    """Hours of a part of the year."""
    hours = {
        Weekday[day]: tuple((time_of_day(span[:5]), time_of_day(span[6:])) for span in spans)
        for days, spans in row.hours.items()
        for day in weekdays_of(days)
    }
    return Season(month_day(row.first), month_day(row.last), hours)
