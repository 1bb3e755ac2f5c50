from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from agent.engine.agent_stats import AgentStats
from agent.engine.snapshot import LastRun, PathView, TargetView
from agent.engine.upkeep.timekeeper import TimekeeperStats
from agent.explain.clock import DOUBTED
from agent.explain.texts import explain
from agent.inventory.entities import Inventory, Level
from agent.inventory.schema.rows import Contact, Unit
from agent.model import (
    ProbeResult,
    Reason,
    Role,
    State,
    Target,
    UnknownCause,
)
from agent.web.guard import CONTENT_SECURITY_POLICY
from exporters.pages.banners import AgentCondition
from exporters.pages.landing import LandingView, landing_page
from tests.exporters.sample import WALL_MS, inventory, target, view

WELL = AgentStats(clock=TimekeeperStats(synchronised=True))
NOW_MS = WALL_MS + (2 * 60 + 13) * 60_000
PAYLOADS = [
    "<script>alert(1)</script>",
    "</strong><img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "</title><script>alert(1)</script>",
    "<!--<img src=x>-->",
    "<![CDATA[<b>x</b>]]>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "javascript:alert(1)",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "<style>*{display:none}</style>",
    "<base href=//evil.example>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href=javascript:alert(1)>x</a>",
    "\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
    "\u202e<b>\u2066",
    "<b",
    "-->",
    "]]>",
    "\ud800",
]


class Shape(HTMLParser):
    """Elements with their attribute names, and all text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(name for name, _ in attrs)))
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text += data


def page_of(
    views: Sequence[TargetView],
    language: str = "vi",
    *,
    paths: Sequence[PathView] = (),
    given: Inventory | None = None,
    contacts: bool = False,
) -> str:
    whose = given or inventory(*(view.target for view in views))
    return landing_page(LandingView(whose, views, AgentCondition(WELL, paths), NOW_MS, contacts), language)


def text_of(views: Sequence[TargetView], language: str = "vi", *, paths: Sequence[PathView] = ()) -> str:
    return Shape(page_of(views, language, paths=paths)).text


def down(one: Target, upstream: str | None = None, ago_minutes: int = 133) -> TargetView:
    return replace(
        view(one, State.DOWN, None, Reason.TIMEOUT), upstream=upstream, since_wall_ms=NOW_MS - ago_minutes * 60_000
    )


def unknown(one: Target, cause: UnknownCause = UnknownCause.NOT_YET) -> TargetView:
    return replace(view(one, State.UNKNOWN), cause=cause)


def cut_off(site: str, *, children: int = 5, ago_minutes: int = 133) -> list[TargetView]:
    """A site whose uplink is down, and all that lies behind it."""
    uplink = target("uplink", site, title=f"Site {site}: Đường truyền")
    roles = (Role.CONFERENCE, Role.LAN, Role.LAN, Role.PORTAL, Role.DEVICE)
    behind = [target(f"t{number}", site, roles[number % 5]) for number in range(children)]
    return [down(uplink, None, ago_minutes), *(down(one, uplink.id, ago_minutes) for one in behind)]


def named(*views: TargetView) -> Inventory:
    """Their inventory, each site called by its id."""
    whose = inventory(*(view.target for view in views))
    return replace(whose, sites=tuple(replace(site, name=f"Site {site.id}", contact="an") for site in whose.sites))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_name_creates_nothing(payload: str) -> None:
    def page(name: str) -> str:
        one = replace(target("uplink"), name=name, id=name or "x")
        behind = replace(down(replace(one, id=f"{name}/b", role=Role.CONFERENCE), one.id), upstream_name=name)
        gone = PathView(name, up=False, since_wall_ms=WALL_MS, targets_behind=1)
        blind = unknown(replace(one, id=f"{name}/c", paths=(name,)), UnknownCause.MONITOR_NET)
        views = (down(one), behind, blind, view(replace(one, id=f"{name}/d")))
        whose = inventory(one, name=name)
        sites = tuple(replace(site, name=name, contact="an") for site in whose.sites)
        levels = (Level("commune", {"vi": name}),)
        organisation, contact = replace(whose.organisation, name=name), Contact("an", name, name, name)
        given = replace(whose, organisation=organisation, sites=sites, levels=levels, contacts=(contact,))
        return page_of(views, paths=(gone,), given=given, contacts=True)

    plain, hostile = Shape(page("x")), Shape(page(payload))
    assert hostile.elements == plain.elements
    assert hostile.links == plain.links
    page(payload).encode()


@pytest.mark.parametrize(
    ("language", "said", "moment"),
    [
        ("vi", "Hỏng: 1 mục tiêu ở 1 nơi", "hỏng từ 08:00, đã 2 giờ 13 phút"),
        ("en", "Down: 1 target at 1 place", "down since 08:00, for 2 hours 13 minutes"),
    ],
)
def test_it_says_what_is_down_since_when_and_what_to_do(language: str, said: str, moment: str) -> None:
    page = page_of((down(target("room", role=Role.CONFERENCE)), view(target("uplink"))), language)
    text = Shape(page).text
    assert page.startswith(f'<!DOCTYPE html>\n<html lang="{language}">')
    assert said in text
    assert moment in text
    assert "a/room: timeout" in text
    assert explain(Role.CONFERENCE, Reason.TIMEOUT, language).advice in text
    assert 'name="viewport"' in page


def test_an_instant_of_another_day_carries_its_date() -> None:
    assert "từ 08:13 ngày 27/02/2026, đã 2 ngày 2 giờ" in text_of([down(target("room"), None, 50 * 60)])


def test_it_says_how_old_it_is() -> None:
    text = text_of([view(target("room"))])
    assert "Số liệu lúc 10:13:00 ngày 01/03/2026. Lần kiểm tra mới nhất: 2 giờ 13 phút trước." in text
    assert "Chưa có lần kiểm tra nào" in text_of([replace(view(target("room")), last_run=None)])


def test_nothing_configured_and_all_well() -> None:
    assert "Chưa có mục tiêu" in text_of(())
    assert "Every target is up." in text_of((view(target("uplink")),), "en")


def test_a_site_that_is_cut_off_is_one_entry() -> None:
    views = cut_off("a")
    page = page_of(views, given=named(*views))
    shape = Shape(page)
    assert [tag for tag, _ in shape.elements].count("h3") == 3  # two kinds of counts, and one entry
    assert "Hỏng: 6 mục tiêu ở 1 nơi" in shape.text
    assert "5 mục tiêu phía sau bị cắt theo: t0, t3, t1, t2, t4 (trong đó 1 điểm cầu)" in shape.text
    assert shape.text.count("Nên làm:") == 1
    assert "a/t1: timeout" not in shape.text


def test_who_cannot_be_reached_because_of_something_unknown_is_told_so() -> None:
    child = replace(down(target("room"), "a/uplink"), upstream_name="Đường truyền xã A")
    text = text_of((child, unknown(target("uplink"))), "en")
    assert "Đường truyền xã A on the way to it is down" in text
    assert "a/uplink on the way to it is down" in text_of((replace(child, upstream_name=""),), "en")


def test_the_largest_cut_comes_first_then_points_before_devices_and_the_older_of_two() -> None:
    views = [
        down(target("printer", "device", Role.DEVICE), None, 900),
        down(target("new", "younger", Role.CONFERENCE), None, 5),
        down(target("room", "older", Role.CONFERENCE), None, 50),
        *cut_off("small", children=2, ago_minutes=500),
        *cut_off("large", children=9, ago_minutes=1),
        view(target("other", "small")),
    ]
    text = Shape(page_of(views, given=named(*views))).text
    order = sorted(("large", "small", "older", "younger", "device"), key=lambda name: text.index(f"Site {name}"))
    assert order == ["large", "small", "older", "younger", "device"]


def test_a_lost_path_is_one_entry_and_comes_first() -> None:
    def behind(number: int) -> TargetView:
        one = replace(target("room", f"s{number}", Role.CONFERENCE), paths=("wan",))
        return replace(view(one, State.UNKNOWN), cause=UnknownCause.MONITOR_NET)

    path = PathView("wan", up=False, since_wall_ms=NOW_MS - 600_000, targets_behind=30)
    text = text_of([*map(behind, range(30)), down(target("x"))], paths=(path,))
    assert "wan: 30 mục tiêu chưa rõ" in text
    assert "và 22 nơi nữa" in text
    assert "từ 10:03, đã 10 phút" in text
    assert "mất đường truyền của chính" not in text
    assert text.index("wan: 30") < text.index("a/x: timeout")


def test_what_is_unknown_by_one_cause_is_one_entry_with_its_own_text() -> None:
    lost = replace(view(target("room"), State.UNKNOWN), cause=UnknownCause.MONITOR_NET, upstream="a/uplink")
    other = replace(view(target("lan", role=Role.LAN), State.UNKNOWN), cause=UnknownCause.NOT_YET)
    text = text_of((lost, replace(lost, target=target("b", "b")), other), "en")
    assert explain(lost.target.role, UnknownCause.MONITOR_NET, "en").what in text
    assert "2 targets: the monitor's own line was lost" in text
    assert "1 target: not yet probed often enough" in text
    assert "on the way" not in text


def test_unknown_counts_neither_as_ready_nor_as_down() -> None:
    states = [State.UP] * 5 + [State.DEGRADED, State.DOWN, State.UNKNOWN, State.UNKNOWN]
    views = [view(target("room", f"s{place}", Role.CONFERENCE), state) for place, state in enumerate(states)]
    views = [unknown(one.target) if one.state is State.UNKNOWN else one for one in views]
    text = text_of(views)
    assert "Điểm cầu6/91 hỏng, 2 chưa rõ, 1 kém" in text
    assert "Xã6/91 chưa sẵn sàng, 2 chưa rõ" in text


def test_a_level_without_anything_that_a_meeting_needs_is_not_counted() -> None:
    service = view(target("portal", "dc", Role.PORTAL))
    whose = inventory(service.target)
    assert "Xã" not in Shape(page_of([service], given=replace(whose, sites=whose.sites))).text.replace("Xã A", "")
    above = (*whose.units, Unit("top", "Tỉnh", "province"))
    levels = (*whose.levels, Level("province", {"vi": "Tỉnh"}))
    assert "Tỉnh" not in Shape(page_of([service], given=replace(whose, units=above, levels=levels))).text


def test_what_is_well_is_a_list_that_is_folded_away() -> None:
    views = [view(target("room")), down(target("uplink")), view(target("room", "b")), view(target("lan", "b"))]
    page = page_of(views, given=named(*views))
    assert ("details", ()) in Shape(page).elements
    assert "Đang tốt: 3 mục tiêu ở 2 nơi" in page
    assert "/?lang=vi&well=open" in Shape(page).links
    unfolded = Shape(landing_page(LandingView(named(*views), views, AgentCondition(WELL), NOW_MS, unfolded=True), "vi"))
    assert ("details", ("open",)) in unfolded.elements
    assert "Site a: 1 trên 2" in page
    assert "Site b: đủ 2" in page


def test_an_entry_of_what_is_unknown_says_why_we_could_not_measure() -> None:
    denied = LastRun(0, ProbeResult.of(Reason.NOT_PERMITTED, 0.0))
    one = replace(unknown(target("a"), UnknownCause.LOCAL_ERROR), last_run=denied)
    assert "(local_error, not_permitted)" in text_of((one,))


def test_a_page_of_the_whole_country_stays_small() -> None:
    """Every target of 700 sites down, each by itself: the worst that can be listed."""
    views = [down(target(f"t{number}", f"site-{site}", Role.LAN)) for site in range(700) for number in range(20)]
    page = page_of(views)
    assert "Hỏng: 14000 mục tiêu ở 700 nơi" in page
    assert "và 600 nơi nữa" in page
    assert "và 16 mục tiêu nữa" in page
    assert len(page.encode()) < 400_000


def test_the_page_needs_nothing_that_its_policy_forbids() -> None:
    shape = Shape(page_of((view(target("room"), State.DOWN), view(target("b")))))
    assert "script-src" not in CONTENT_SECURITY_POLICY
    assert not {"script", "style", "img", "form", "iframe"} & {tag for tag, _ in shape.elements}
    assert not any("style" in names for _, names in shape.elements)
    assert all(link.startswith("/") for link in shape.links)


def test_names_are_marked_as_what_they_are_in_a_page_of_another_language() -> None:
    views = (down(target("room")),)
    assert '<h1 dir="auto" lang="vi">Huyện</h1>' in page_of(views, "en")
    assert '<strong dir="auto" lang="vi">room</strong>' in page_of(views, "en")
    assert "lang=" not in page_of(views).partition("<body>")[2].partition("<nav>")[0]


def test_headings_are_in_order() -> None:
    views = (down(target("room")), view(target("b", "b"), State.DEGRADED), unknown(target("c")))
    path = PathView("wan", up=False, since_wall_ms=WALL_MS, targets_behind=0)
    levels = [int(tag[1]) for tag, _ in Shape(page_of(views, paths=(path,))).elements if tag in ("h1", "h2", "h3")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_a_doubt_about_our_clock_stands_beside_the_verdict() -> None:
    run = LastRun(0, replace(ProbeResult.of(Reason.TLS_EXPIRED, 0.1), clock_doubted=True))
    expired = replace(view(target("web"), State.DOWN, None, Reason.TLS_EXPIRED), last_run=run)
    assert DOUBTED.en in text_of((expired,), "en")
    sure = replace(expired, last_run=LastRun(0, ProbeResult.of(Reason.TLS_EXPIRED, 0.1)))
    assert DOUBTED.en not in text_of((sure,), "en")


def test_maintenance_lies_over_the_states_and_comes_last() -> None:
    covered = replace(down(target("room", "b", Role.CONFERENCE), None, 900), in_maintenance=True)
    text = text_of((covered, down(target("tv", role=Role.DEVICE))))
    assert "1 mục tiêu đang trong thời gian bảo trì" in text
    assert "Hỏng: 2 mục tiêu ở 2 nơi" in text
    assert "15 giờ [đang bảo trì]" in text
    assert text.index("a/tv: timeout") < text.index("b/room: timeout")


def test_contacts_stand_there_only_where_they_may() -> None:
    views = [down(target("room"))]
    given = replace(named(*views), contacts=(Contact("an", "Nguyễn Văn An", "0912 000 111", "an@example.vn"),))
    assert "Gọi: Nguyễn Văn An, 0912 000 111, an@example.vn" in Shape(page_of(views, given=given, contacts=True)).text
    hidden = page_of(views, given=given)
    assert not any(part in hidden for part in ("Nguyễn", "0912", "an@example"))
