"""Addresses of documentation, which no machine has, that were left in an inventory: where they are, what to do."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from agent.inventory.document.parts import Parts
from agent.inventory.expand import TargetDraft
from agent.inventory.findings import FilePosition
from agent.probes.address import Host
from agent.text import Text

_NETWORKS = tuple(
    ipaddress.ip_network(text)
    for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20")
)
"""RFC 5737, RFC 3849, RFC 9637: kept for documentation, routed nowhere."""

_TOP_LABELS = frozenset({"example", "test", "invalid"})  # RFC 6761
_DOMAINS = frozenset({"example.com", "example.net", "example.org"})
_NAMED = 3  # addresses that a line names; the others are counted


class SampleKind(StrEnum):
    """The use of a sample address, the most harmful first."""

    ANCHOR = "anchor"
    SITE = "site"
    TARGET = "target"


@dataclass(frozen=True, slots=True)
class SampleAddress:
    """One of them, as it is written and where. owner: the path of an anchor, else the target."""

    kind: SampleKind
    owner: str
    address: str
    place: FilePosition


_TEXTS: Mapping[SampleKind, Text] = {
    SampleKind.ANCHOR: Text(
        (
            "Mốc còn là địa chỉ mẫu ({count}): {which}. Địa chỉ mẫu không bao giờ trả lời: điểm nào hỏng cũng bị coi "
            "là lỗi mạng của máy giám sát, và chỉ báo chưa rõ. Hãy thay bằng hai địa chỉ luôn trả lời ping, nằm ngoài "
            "đường truyền của máy giám sát, hoặc bỏ mục đó trong paths."
        ),
        (
            "Anchors that are still samples ({count}): {which}. A sample never answers: whatever breaks is taken for "
            "a fault of this machine's own network, and counts as unknown. Name two addresses beyond this machine's "
            "own line that always answer a ping, or remove that entry of paths."
        ),
    ),
    SampleKind.SITE: Text(
        (
            "Địa chỉ mẫu ở các điểm ({count}): {which}. Hãy nhập bảng của bạn (sansang import) và xóa các dòng mẫu, "
            "hoặc ghi địa chỉ thật."
        ),
        (
            "Sample addresses of sites ({count}): {which}. Import your own sheet (sansang import) and delete the "
            "sample rows, or write the real addresses."
        ),
    ),
    SampleKind.TARGET: Text(
        "Địa chỉ mẫu ở các mục tiêu ({count}): {which}. Hãy ghi địa chỉ thật, hoặc xóa mục tiêu đó.",
        "Sample addresses of targets ({count}): {which}. Write the real addresses, or delete the targets.",
    ),
}
_REST = Text("và {} địa chỉ nữa", "and {} more")


def sample_addresses(parts: Parts, drafts: Iterable[TargetDraft]) -> tuple[SampleAddress, ...]:
    """Every one that would be probed, anchors first, then in file order. Of parts and drafts without a fault."""
    addresses = sorted((*_anchors(parts), *_targets(drafts)), key=lambda sample: list(SampleKind).index(sample.kind))
    return tuple(addresses)


def is_sample(host: Host) -> bool:
    """Whether it is an address or a name that documents use and no machine has."""
    if host.version:
        address = ipaddress.ip_address(host.name)
        return any(address in network for network in _NETWORKS)
    labels = host.absolute.split(".")  # one alone is a machine of the own network
    return (len(labels) > 1 and labels[-1] in _TOP_LABELS) or ".".join(labels[-2:]) in _DOMAINS


def sample_lines(samples: Sequence[SampleAddress], language: str) -> tuple[str, ...]:
    """One sentence for each kind that is there, with the first addresses and where they stand."""
    kinds = [[sample for sample in samples if sample.kind is kind] for kind in SampleKind]
    return tuple(
        _TEXTS[group[0].kind].to(language).format(count=len(group), which=_which(group, language))
        for group in kinds
        if group
    )


def _which(samples: Sequence[SampleAddress], language: str) -> str:
    named = [
        f"{sample.owner} {sample.address} ({Path(sample.place.file).name}:{sample.place.line})"
        for sample in samples[:_NAMED]
    ]
    rest = len(samples) - len(named)
    return ", ".join([*named, _REST.to(language).format(rest)] if rest else named)


def _anchors(parts: Parts) -> Iterator[SampleAddress]:
    modules = {entry.value.id: entry.value for entry in parts.modules}
    for path in parts.paths:
        spec = modules[path.value.module].spec
        for index, address in enumerate(path.value.anchors):
            if is_sample(spec.host(address)):
                yield SampleAddress(SampleKind.ANCHOR, path.value.id, address, path.at("anchors", index))


def _targets(drafts: Iterable[TargetDraft]) -> Iterator[SampleAddress]:
    for draft in drafts:
        if not draft.derived and is_sample(draft.module.spec.host(draft.address)):
            kind = SampleKind.TARGET if draft.column is None else SampleKind.SITE
            yield SampleAddress(kind, draft.id, draft.address, draft.address_place())
