from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from agent.engine.snapshot import EngineStats, LastRun
from agent.explain.clock import DOUBTED, NOT_READABLE, NOT_SYNCHRONISED
from agent.explain.texts import explain
from agent.explain.words import Words
from agent.inventory.entities import Organisation
from agent.model import ProbeResult, Reason, State, UnknownCause
from agent.web.guard import CONTENT_SECURITY_POLICY
from exporters.landing import landing_page
from tests.exporters.sample import target, view

ORGANISATION = Organisation("Huyện Lập Thạch")
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


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_name_creates_nothing(payload: str) -> None:
    def page(name: str) -> str:
        one = replace(target("uplink"), name=name, id=name or "x")
        down = replace(view(one, State.DOWN, None, Reason.TIMEOUT), upstream=name, upstream_name=name)
        return landing_page(replace(ORGANISATION, name=name), (down,), "vi")

    plain, hostile = Shape(page("x")), Shape(page(payload))
    assert hostile.elements == plain.elements
    assert hostile.links == plain.links
    page(payload).encode()


@pytest.mark.parametrize(
    ("language", "down", "moment"),
    [("vi", "Hỏng (1)", "từ 08:00 01/03/2026"), ("en", "Down (1)", "since 08:00")],
)
def test_it_says_what_is_down_and_since_when(language: str, down: str, moment: str) -> None:
    views = (view(target("room"), State.DOWN, None, Reason.TIMEOUT), view(target("uplink")))
    page = landing_page(ORGANISATION, views, language)
    text = Shape(page).text
    assert page.startswith(f'<!DOCTYPE html>\n<html lang="{language}">')
    assert down in text
    assert moment in text
    assert "a/room: timeout" in text
    assert "a/uplink" not in text
    assert 'name="viewport"' in page


def test_nothing_configured_and_all_well() -> None:
    assert "Chưa có mục tiêu" in landing_page(ORGANISATION, (), "vi")
    assert "Every target is up." in landing_page(ORGANISATION, (view(target("uplink")),), "en")


def test_what_is_behind_a_dead_parent_comes_after_it() -> None:
    child = replace(view(target("room"), State.DOWN, None, Reason.TIMEOUT), upstream="a/uplink", since_wall_ms=0)
    parent = view(target("uplink"), State.DOWN, None, Reason.TIMEOUT)
    named = replace(child, upstream_name="Đường truyền xã A")
    text = Shape(landing_page(ORGANISATION, (child, parent), "en")).text
    assert "Đường truyền xã A on the way to it is down" in Shape(landing_page(ORGANISATION, (named,), "en")).text
    assert text.index("a/uplink: timeout") < text.index("a/room: timeout")
    assert "a/uplink on the way to it is down" in text


def test_an_unknown_state_is_explained_by_its_own_cause() -> None:
    lost = replace(view(target("room"), State.UNKNOWN), cause=UnknownCause.MONITOR_NET, upstream="a/uplink")
    text = Shape(landing_page(ORGANISATION, (lost,), "en")).text
    assert explain(lost.target.role, UnknownCause.MONITOR_NET, "en").what in text
    assert "a/uplink" not in text


def test_a_long_list_is_cut_and_says_so() -> None:
    views = [view(target(f"t{number}"), State.DOWN, None, Reason.TIMEOUT) for number in range(250)]
    text = Shape(landing_page(ORGANISATION, views, "en")).text
    assert "Down (250)" in text
    assert "and 50 more" in text


def test_the_page_needs_nothing_that_its_policy_forbids() -> None:
    shape = Shape(landing_page(ORGANISATION, (view(target("room"), State.DOWN),), "vi"))
    assert "script-src" not in CONTENT_SECURITY_POLICY
    assert not {"script", "style", "img", "form", "iframe"} & {tag for tag, _ in shape.elements}
    assert not any("style" in names for _, names in shape.elements)
    assert all(link.startswith("/") for link in shape.links)


def test_a_refused_configuration_is_said() -> None:
    stats = EngineStats(reload_successful=False)
    assert "The configuration on the disk was refused" in Shape(landing_page(ORGANISATION, (), "en", stats)).text
    assert "Cấu hình trên đĩa bị từ chối" in Shape(landing_page(ORGANISATION, (), "vi", stats)).text
    assert "was refused" not in Shape(landing_page(ORGANISATION, (), "en", EngineStats())).text


def test_a_ledger_in_trouble_is_said() -> None:
    stats = EngineStats(ledger_quarantined=1, ledger_writable=False)
    text = Shape(landing_page(ORGANISATION, (), "en", stats)).text
    assert "it was set aside, not deleted" in text
    assert "The disk takes no rows" in text
    assert "The disk" not in Shape(landing_page(ORGANISATION, (), "en", EngineStats())).text


@pytest.mark.parametrize(
    ("stats", "said"),
    [
        (EngineStats(clock_synchronised=True), None),
        (EngineStats(clock_synchronised=False), NOT_SYNCHRONISED),
        (EngineStats(clock_synchronised=False, clock_readable=False), NOT_READABLE),
    ],
)
def test_a_clock_that_nobody_vouches_for_is_said(stats: EngineStats, said: Words | None) -> None:
    for language in ("vi", "en"):
        text = Shape(landing_page(ORGANISATION, (), language, stats)).text
        assert [each.to(language) in text for each in (NOT_SYNCHRONISED, NOT_READABLE)] == [
            each is said for each in (NOT_SYNCHRONISED, NOT_READABLE)
        ]


def test_a_doubt_about_our_clock_stands_beside_the_verdict() -> None:
    run = LastRun(0, replace(ProbeResult.of(Reason.TLS_EXPIRED, 0.1), clock_doubted=True))
    down = replace(view(target("web"), State.DOWN, None, Reason.TLS_EXPIRED), last_run=run)
    assert DOUBTED.en in Shape(landing_page(ORGANISATION, (down,), "en")).text
    sure = replace(down, last_run=LastRun(0, ProbeResult.of(Reason.TLS_EXPIRED, 0.1)))
    assert DOUBTED.en not in Shape(landing_page(ORGANISATION, (sure,), "en")).text


def test_maintenance_lies_over_the_states() -> None:
    covered = replace(view(target("room"), State.DOWN, None, Reason.TIMEOUT), in_maintenance=True)
    text = Shape(landing_page(ORGANISATION, (covered, view(target("uplink"))), "vi")).text
    assert "1 mục tiêu đang trong thời gian bảo trì" in text
    assert "Hỏng (1)" in text
    assert "[đang bảo trì] từ" in text
