"""What is asked at a target of each role, and who looks after it: the nouns in which sentences differ by role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from agent.model import ReasonCode, ReasonText, ReasonTexts, Role
from agent.text import Text

ReasonT = TypeVar("ReasonT", bound=ReasonCode)


@dataclass(frozen=True, slots=True)
class AskedParty:
    """The device or server that is asked, and who looks after it."""

    device: Text
    owner: Text


PARTIES: dict[Role, AskedParty] = {
    Role.UPLINK: AskedParty(
        Text("bộ định tuyến đầu đường truyền", "the line's router"),
        Text("nhà mạng", "the network provider"),
    ),
    Role.LAN: AskedParty(
        Text("thiết bị mạng nội bộ", "the local network's device"),
        Text("cán bộ phụ trách mạng nội bộ", "whoever looks after the local network"),
    ),
    Role.CONFERENCE: AskedParty(
        Text("thiết bị hội nghị tại điểm cầu", "the conference point's codec"),
        Text("đơn vị vận hành hội nghị truyền hình", "the operator of the video conferences"),
    ),
    Role.ONE_STOP: AskedParty(
        Text("máy chủ một cửa", "the one-stop server"),
        Text("đơn vị vận hành hệ thống một cửa", "the operator of the one-stop system"),
    ),
    Role.PORTAL: AskedParty(
        Text("máy chủ cổng thông tin", "the portal's server"),
        Text("đơn vị vận hành cổng thông tin", "the operator of the portal"),
    ),
    Role.SERVICE: AskedParty(
        Text("máy chủ dịch vụ dùng chung", "the shared service's server"),
        Text("đơn vị vận hành dịch vụ", "the operator of the service"),
    ),
    Role.DEVICE: AskedParty(
        Text("thiết bị này", "the device"),
        Text("đơn vị bảo trì thiết bị", "whoever maintains the device"),
    ),
}


def for_each_role(texts: Mapping[ReasonT, ReasonText], parties: Mapping[Role, AskedParty] = PARTIES) -> ReasonTexts:
    """The sentences with ``{device}`` and ``{owner}`` as each role has them."""
    return {
        reason: {
            role: ReasonText(
                text.what.filled(device=party.device), text.advice.filled(device=party.device, owner=party.owner)
            )
            for role, party in parties.items()
        }
        for reason, text in texts.items()
    }
