"""Which alerts the overview must show for what the lab says is true."""

from __future__ import annotations

from agent.lab.district import PATH
from agent.model import Role, State
from dashboards.boards.links import OVERVIEW
from dashboards.rules.all_rules import alerts
from dashboards.settings import BuildSettings
from tests.peers.board_wall import POINT_SEEN, TARGETS, Wall, causes, expected_states, full_name, until

_TITLE = "Cảnh báo chưa hết"
_OF_ROLE = {Role.UPLINK: "SansangSiteCutOff", Role.CONFERENCE: "SansangConferencePointDown"}
EXPIRING = ("SansangCertificateExpiring", full_name("dc/documents"))
"""Ten days left, and the rules ask for fourteen: told from the start."""


def expected_alerts(wall: Wall) -> set[tuple[str, str]]:
    """Each cause that no maintenance excuses; the lost path is told by its agent."""
    expected = expected_states(wall)
    down = {target for target, state in expected.items() if state is State.DOWN}
    told = {(_OF_ROLE[TARGETS[t].role], full_name(t)) for t in causes(down) if t != POINT_SEEN}
    lost = {("SansangPathLost", PATH)} if State.UNKNOWN in expected.values() else set()
    return {EXPIRING, *told, *lost}


def told(wall: Wall) -> set[tuple[str, str]]:
    """What the panel shows: which alert, and where."""
    return {(one.labels["alert"], one.labels["name"]) for one in wall.seen(OVERVIEW, _TITLE)["A"]}


def check_alerts(wall: Wall) -> None:
    until(lambda: told(wall) == expected_alerts(wall))
    known = {alert.name for alert in alerts(BuildSettings())}
    assert {alert for alert, _ in told(wall)} <= known
