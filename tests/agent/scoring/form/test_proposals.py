"""Which measure is proposed for a row, by the words that offices write."""

from __future__ import annotations

import pytest

from agent.scoring.form.proposals import measure_proposal
from agent.scoring.measures import BooleanMeasure, FactMeasure, Feature, FeatureTest, ShareMeasure, UptimeMeasure


def roles(title: str, method: str = "") -> tuple[str, ...]:
    proposal = measure_proposal(title, method)
    assert proposal is not None, title
    assert not isinstance(proposal.measure, FactMeasure)
    area = proposal.measure.area if hasattr(proposal.measure, "area") else None
    assert area is not None
    return area.selection.roles


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Đường truyền Internet của UBND xã hoạt động ổn định", "uplink"),
        ("Tỷ lệ điểm kết nối mạng truyền số liệu chuyên dùng cấp II", "uplink"),
        ("Mạng LAN của trụ sở", "lan"),
        ("Đường truyền phục vụ hội nghị truyền hình", "conference"),
        ("Hệ thống một cửa điện tử hoạt động liên tục", "one-stop"),
        ("Trang thông tin điện tử hoạt động liên tục", "portal"),
    ],
)
def test_a_row_is_measured_where_it_looks(title: str, role: str) -> None:
    assert roles(title) == (role,)
    assert roles(title.upper()) == (role,)


@pytest.mark.parametrize(
    "title",
    [
        "Tỷ lệ thôn có đường truyền Internet",
        "Tỷ lệ trường học có đường truyền Internet",
        "Tỷ lệ máy tính kết nối Internet",
        "Số hồ sơ dịch vụ công trực tuyến toàn trình",
        "Tập huấn kỹ năng số trên hệ thống trực tuyến",
    ],
)
def test_what_the_agent_does_not_see_stays_with_the_clerk(title: str) -> None:
    assert measure_proposal(title, "a/b x điểm tối đa") is None


def test_a_feature_is_asked_of_portals_where_the_row_names_no_service() -> None:
    assert roles("Trang thông tin điện tử hỗ trợ IPv6") == ("portal",)
    assert roles("Cổng thông tin điện tử, hệ thống một cửa hỗ trợ IPv6") == ("portal", "one-stop", "service")
    assert roles("Chuyển đổi IPv6") == ("portal", "one-stop", "service")


def test_there_or_not_there_is_all_or_nothing() -> None:
    proposal = measure_proposal("Website có HTTPS", "Có: điểm tối đa; không có: 0 điểm")
    assert proposal is not None
    assert isinstance(proposal.measure, BooleanMeasure)
    assert "mọi cổng, trang thông tin" in proposal.words.vi
    share = measure_proposal("Website có HTTPS", "a/b x điểm tối đa")
    assert share is not None
    assert isinstance(share.measure, ShareMeasure)
    assert share.measure.test == FeatureTest(Feature.HTTPS)


def test_households_are_a_declared_fact_and_a_portal_an_uptime() -> None:
    fact = measure_proposal("Tỷ lệ hộ gia đình có Internet băng rộng cáp quang", "")
    portal = measure_proposal("Cổng thông tin điện tử hoạt động", "")
    assert fact is not None
    assert fact.measure == FactMeasure("broadband_households")
    assert portal is not None
    assert isinstance(portal.measure, UptimeMeasure)
