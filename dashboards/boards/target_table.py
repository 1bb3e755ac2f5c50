"""Tables of targets: one line for each agent and target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agent.model import State
from agent.text import Text
from dashboards import queries as q
from dashboards.boards import links, summaries, target_queries
from dashboards.display_values import MAINTENANCE, NO_DATA, UP_LAST
from dashboards.panels import MAINTENANCE_COLOUR, PanelFactory, PanelQuery
from dashboards.queries import series
from dashboards.tables import PanelColumn, Steps, ValueMapping

TARGET = Text("Mục tiêu", "Target")
STATE = Text("Trạng thái", "State")
NAME_WIDTH = 290
"""Room for a site's name and the check behind it: UBND xã Phương Khoan: Trang thông tin."""
_CERTIFICATE: Steps = ((None, "red"), (7, "yellow"), (21, "transparent"))


@dataclass(frozen=True, slots=True)
class TargetColumn:
    """One column. expr has one series for each agent and target; with label, the column shows that label.

    Without expr the label is one of the first column's series. Steps colour the whole cell.
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
class TargetTable:
    """A table of the targets that the matchers select. short leaves the site out of their names."""

    panels: PanelFactory
    matchers: tuple[str, ...]
    short: bool = False

    def build(
        self,
        title: Text,
        about: Text,
        columns: Sequence[TargetColumn],
        size: tuple[int, int],
        *,
        sort: Sequence[tuple[Text, bool]] = (),
        empty: Text = NO_DATA,
        with_silent_agents: bool = False,
        past: bool = False,
    ) -> Any:
        """One line for each agent and target. The expression of the first column must keep the labels of the target.

        The target's name comes first and links to its site.

        with_silent_agents: adds a line for each silent agent, so that an empty table means that all is well;
        past: the table looks back; its lines stay while no agent is scraped, named by their ids.
        """
        first, *rest = [column for column in columns if column.expr]
        named = q.without_site(q.with_unique_name(first.expr)) if self.short else q.with_unique_name(first.expr)
        if with_silent_agents:
            named = f"{named} or {q.silent_rows()}"
        if past:
            named = f"{named} or {q.label_from(first.expr, 'name', 'target')} and on () {q.no_agent()}"
        width, link = (150, None) if self.short else (NAME_WIDTH, links.SITE_LINK)
        letters = {id(column): chr(ord("A") + number) for number, column in enumerate([first, *rest])}
        table_columns = [_column(column, letters.get(id(column), "")) for column in columns]
        return self.panels.table(
            title,
            about,
            [
                PanelQuery(q.line(expr))
                for expr in (named, *(q.of_live_or_all(column.expr) if past else column.expr for column in rest))
            ],
            [
                PanelColumn("name", TARGET, width=width, link=link),
                *table_columns,
            ],
            size,
            key=q.LINE,
            hidden=("site",),
            sort=sort,
            empty=empty,
        )

    def state(self) -> TargetColumn:
        """The state, or CUT_OFF; in sorted order UP comes last."""
        up = f"({series('sansang_target_state', *self.matchers)} == bool {State.UP})"
        expr = f"({target_queries.state_or_cut_off(*self.matchers)} + {UP_LAST - State.UP} * {up})"
        return TargetColumn(STATE, expr, width=100, mappings=self.panels.state_mappings(), steps=_ANY)

    def since(self) -> TargetColumn:
        """Start of the state."""
        expr = f"{self._latest('sansang_target_state_since_timestamp_seconds')} * 1000"
        return TargetColumn(Text("Từ lúc", "Since"), expr, "time:HH:mm DD/MM", 115)

    def role(self) -> TargetColumn:
        """The role."""
        return TargetColumn(
            Text("Vai trò", "Role"), width=120, mappings=summaries.role_mappings(self.panels), label="role"
        )

    def value(
        self,
        title: Text,
        sample: str,
        unit: str = "",
        width: int = 90,
        *,
        decimals: int | None = None,
        steps: Steps = (),
    ) -> TargetColumn:
        """A figure of the last run, as ``target_queries.measured``."""
        expr = f"max by (instance, target) {target_queries.measured(sample, *self.matchers)}"
        return TargetColumn(title, expr, unit, width, decimals, quiet(steps))

    def count(self, title: Text, sample: str, width: int) -> TargetColumn:
        """A counter's value since the agent started."""
        return TargetColumn(title, self._latest(sample), width=width, decimals=0)

    def flag(self, title: Text, sample: str, yes: Text, no: Text | str = "–", width: int = 90) -> TargetColumn:
        """A metric that is 1 or 0; only 1 is coloured."""
        mappings = self.panels.value_mappings([(1, yes, MAINTENANCE_COLOUR), (0, no, "transparent")])
        return TargetColumn(title, self._latest(sample), width=width, steps=_ANY, mappings=mappings)

    def maintenance(self) -> TargetColumn:
        """Planned maintenance."""
        return self.flag(MAINTENANCE, "sansang_target_in_maintenance", MAINTENANCE, width=110)

    def probed(self) -> TargetColumn:
        """Time of the last run."""
        expr = f"{self._latest('sansang_probe_timestamp_seconds')} * 1000"
        return TargetColumn(Text("Đo lần cuối", "Last probe"), expr, "time:HH:mm:ss DD/MM", 135)

    def certificate(self) -> TargetColumn:
        """Days until the certificate expires."""
        expr = target_queries.days_left(self._latest("sansang_tls_expiry_timestamp_seconds"))
        return TargetColumn(Text("Ngày chứng thư", "Certificate days"), expr, width=130, decimals=0, steps=_CERTIFICATE)

    def why(self) -> TargetColumn:
        """The reason of the outage, unless a parent explains it."""
        cut_off = series("sansang_target_upstream_down", *self.matchers)
        reasons = (
            f"({series('sansang_target_down_reason', *self.matchers)} unless on (instance, target) {cut_off} == 1)"
        )
        expr = f"sum by (instance, target, why) ({target_queries.with_why(reasons)})"
        return TargetColumn(Text("Vì sao", "Why"), expr, mappings=summaries.reason_mappings(self.panels), label="why")

    def _latest(self, sample: str) -> str:
        return f"max by (instance, target) ({series(sample, *self.matchers)})"


_ANY: Steps = ((None, "transparent"),)


def quiet(steps: Steps) -> Steps:
    """The steps without green: good values need no colour in a table."""
    return tuple((value, "transparent" if colour == "green" else colour) for value, colour in steps)


def _column(column: TargetColumn, letter: str) -> PanelColumn:
    return PanelColumn(
        column.label or f"Value #{letter}",
        column.title,
        unit=column.unit,
        width=column.width,
        decimals=column.decimals,
        mappings=column.mappings,
        steps=column.steps,
        coloured=bool(column.steps),
        wrapped=column.label == "why",
    )
