"""Tables about targets: one line each, one column a fact, joined by the agent and the target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agent.model import State
from agent.text import Text
from dashboards import queries as q
from dashboards.boards import parts
from dashboards.library import MAINTENANCE_COLOUR, House, Query
from dashboards.queries import shown
from dashboards.tables import Column, Steps, ValueMapping
from dashboards.words import MAINTENANCE, NO_DATA, UP_LAST

TARGET = Text("Mục tiêu", "Target")
STATE = Text("Trạng thái", "State")
NAME_WIDTH = 290
"""Room for a site's name and the check behind it: UBND xã Phương Khoan: Trang thông tin."""
_CERTIFICATE: Steps = ((None, "red"), (7, "yellow"), (21, "transparent"))


@dataclass(frozen=True, slots=True)
class Fact:
    """One column. expr has one series for each agent and target; with label, that label is shown in place of its value.

    Without expr the label is one that the state has. Steps colour the whole cell.
    """

    title: Text
    expr: str = ""
    unit: str = ""
    width: int = 0
    decimals: int | None = None
    steps: Steps = ()
    mappings: Sequence[ValueMapping] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the targets that the matchers choose. short leaves the site out of their names."""

    house: House
    matchers: tuple[str, ...]
    short: bool = False

    def table(
        self,
        title: Text,
        about: Text,
        facts: Sequence[Fact],
        size: tuple[int, int],
        *,
        sort: Sequence[tuple[Text, bool]] = (),
        empty: Text = NO_DATA,
        silent: bool = False,
        past: bool = False,
    ) -> Any:
        """One line for what each agent knows of each target. The first fact must keep the labels of the target.

        Its name comes first, and leads to its site.

        silent: with a line for each agent that is heard no more, so that no line means that all is well;
        past: looks back, so that its lines stay while no agent speaks, called by their ids.
        """
        first, *rest = [fact for fact in facts if fact.expr]
        named = q.without_site(q.named_apart(first.expr)) if self.short else q.named_apart(first.expr)
        if silent:
            named = f"{named} or {q.silent_rows()}"
        if past:
            named = f"{named} or {q.label_from(first.expr, 'name', 'target')} and on () {q.nobody()}"
        width, link = (150, None) if self.short else (NAME_WIDTH, parts.SITE_LINK)
        letters = {id(fact): chr(ord("A") + number) for number, fact in enumerate([first, *rest])}
        columns = [_column(fact, letters.get(id(fact), "")) for fact in facts]
        return self.house.table(
            title,
            about,
            [Query(q.line(expr)) for expr in (named, *(q.spoken(fact.expr) if past else fact.expr for fact in rest))],
            [
                Column("name", TARGET, width=width, link=link),
                *columns,
            ],
            size,
            key=q.LINE,
            hidden=("site",),
            sort=sort,
            empty=empty,
        )

    def state(self) -> Fact:
        """The state; of its own kind where it is down only because its parent is. Sorted, UP comes last."""
        up = f"({shown('sansang_target_state', *self.matchers)} == bool {State.UP})"
        expr = f"({parts.state_or_cut_off(*self.matchers)} + {UP_LAST - State.UP} * {up})"
        return Fact(STATE, expr, width=100, mappings=self.house.states(), steps=_ANY)

    def since(self) -> Fact:
        """When the state began."""
        expr = f"{self._one('sansang_target_state_since_timestamp_seconds')} * 1000"
        return Fact(Text("Từ lúc", "Since"), expr, "time:HH:mm DD/MM", 115)

    def role(self) -> Fact:
        """What it is for."""
        return Fact(Text("Vai trò", "Role"), width=120, mappings=parts.roles(self.house), label="role")

    def value(
        self,
        title: Text,
        sample: str,
        unit: str = "",
        width: int = 90,
        *,
        decimals: int | None = None,
        steps: Steps = (),
    ) -> Fact:
        """A figure of the last run, where it says something of the target."""
        expr = f"max by (instance, target) {parts.measured(sample, *self.matchers)}"
        return Fact(title, expr, unit, width, decimals, quiet(steps))

    def count(self, title: Text, sample: str, width: int) -> Fact:
        """How often, since the agent started."""
        return Fact(title, self._one(sample), width=width, decimals=0)

    def flag(self, title: Text, sample: str, yes: Text, no: Text | str = "–", width: int = 90) -> Fact:
        """A yes or no; only yes is coloured."""
        mappings = self.house.values([(1, yes, MAINTENANCE_COLOUR), (0, no, "transparent")])
        return Fact(title, self._one(sample), width=width, steps=_ANY, mappings=mappings)

    def maintenance(self) -> Fact:
        """The mark of a planned window."""
        return self.flag(MAINTENANCE, "sansang_target_in_maintenance", MAINTENANCE, width=110)

    def probed(self) -> Fact:
        """When it was measured last."""
        expr = f"{self._one('sansang_probe_timestamp_seconds')} * 1000"
        return Fact(Text("Đo lần cuối", "Last probe"), expr, "time:HH:mm:ss DD/MM", 135)

    def certificate(self) -> Fact:
        """Days left on it."""
        expr = parts.days_left(self._one("sansang_tls_expiry_timestamp_seconds"))
        return Fact(Text("Ngày chứng thư", "Certificate days"), expr, width=130, decimals=0, steps=_CERTIFICATE)

    def why(self) -> Fact:
        """Why it is down, unless only its parent is to blame."""
        cut_off = shown("sansang_target_upstream_down", *self.matchers)
        reasons = f"({shown('sansang_target_down_reason', *self.matchers)} unless on (instance, target) {cut_off} == 1)"
        expr = f"sum by (instance, target, why) ({parts.why(reasons)})"
        return Fact(Text("Vì sao", "Why"), expr, mappings=parts.explanations(self.house), label="why")

    def _one(self, sample: str) -> str:
        return f"max by (instance, target) ({shown(sample, *self.matchers)})"


_ANY: Steps = ((None, "transparent"),)


def quiet(steps: Steps) -> Steps:
    """What is good needs no colour in a table."""
    return tuple((value, "transparent" if colour == "green" else colour) for value, colour in steps)


def _column(fact: Fact, letter: str) -> Column:
    return Column(
        fact.label or f"Value #{letter}",
        fact.title,
        unit=fact.unit,
        width=fact.width,
        decimals=fact.decimals,
        mappings=fact.mappings,
        steps=fact.steps,
        coloured=bool(fact.steps),
        wrapped=fact.label == "why",
    )
