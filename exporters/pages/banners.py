"""Banners about the agent itself, shown above all targets: one table with one banner a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from agent.engine.agent_stats import AgentStats
from agent.engine.snapshot import PathView
from agent.errors import Fault
from agent.explain.clock import warning, wrong
from agent.inventory.checks.sample_addresses import SampleAddress, sample_lines
from agent.text import Text

_DETAILS = 5  # lines under a banner


@dataclass(frozen=True, slots=True)
class AgentCondition:
    """The agent's own condition.

    stuck: what of it stands still; samples: the addresses of documentation in its inventory. full: whether values out
    of the configuration may be shown, as the sentences of a refusal hold them.
    """

    stats: AgentStats
    paths: Sequence[PathView] = ()
    stuck: Sequence[str] = ()
    samples: Sequence[SampleAddress] = ()
    full: bool = False


@dataclass(frozen=True, slots=True)
class Banner:
    """A fault of the agent with its remedy, and the places or names concerned."""

    text: Text
    details: tuple[str, ...] = ()


_STUCK = Text(
    "Chương trình giám sát đang đứng: trang này không còn mới. Xem journalctl -u sansang, rồi khởi động lại dịch vụ:"
    " systemctl restart sansang",
    "The agent stands still: this page is not fresh. See journalctl -u sansang, then restart the service:"
    " systemctl restart sansang",
)
_SET_ASIDE = Text(
    "Khi khởi động, sổ ghi bị hỏng hoặc bị thay: đã cất riêng, không xóa; khoảng thiếu được tính là chưa rõ.",
    "At its start the ledger was damaged or replaced: it was set aside, not deleted; the gap counts as unknown.",
)
_NOT_WRITABLE = Text(
    "Ổ đĩa không nhận ghi (đầy hoặc chỉ đọc): vẫn kiểm tra, kết quả chờ trong bộ nhớ. Hãy giải phóng chỗ trống.",
    "The disk takes no rows (full or read-only): probing goes on, results wait in memory. Please free some space.",
)
_FILLING = Text(
    "Đĩa chứa sổ ghi sắp đầy. Dọn đĩa trước khi sổ không ghi được nữa: df -h, journalctl --vacuum-size=200M. Không xóa"
    " tệp sổ ghi.",
    "The disk with the ledger is nearly full. Make room before the ledger cannot be written: df -h,"
    " journalctl --vacuum-size=200M. Do not delete ledger files.",
)
_NOT_COPIED = Text(
    "Bản sao hằng ngày của sổ ghi không làm được hoặc không đúng. Xem journalctl -u sansang, rồi chạy sansang ledger"
    " verify.",
    "The daily copy of the ledger could not be made, or is not whole. See journalctl -u sansang, then run sansang"
    " ledger verify.",
)
_REFUSED = Text(
    "Cấu hình trên đĩa bị từ chối, cấu hình cũ vẫn chạy. Chạy sansang validate để biết sai ở đâu.",
    "The configuration on the disk was refused; the previous one still runs. sansang validate says why.",
)
_OVERLOADED = Text(
    "Máy giám sát quá tải: nhiều lần kiểm tra bắt đầu trễ quá nửa chu kỳ hoặc bị bỏ. Giảm mục tiêu hoặc tăng chu kỳ.",
    "The agent is overloaded: many probes begin late by half their interval or are left out."
    " Watch fewer targets, or lengthen intervals.",
)
_NO_NAMES = Text(
    "Máy chủ tên miền của máy giám sát không trả lời: địa chỉ cũ được dùng tạm. Xem /etc/resolv.conf.",
    "The monitor's name server does not answer: old addresses are used meanwhile. See /etc/resolv.conf.",
)
_NEVER_ANSWERED = Text(
    "Điểm mốc chưa trả lời lần nào từ khi chương trình chạy: kiểm tra lại địa chỉ trong mục paths. Mốc sai thì xã mất"
    " đường truyền bị coi là lỗi của máy giám sát.",
    "Anchors that have not answered once since the agent runs: check their addresses in the section paths. With wrong"
    " anchors a commune whose line is cut looks like a fault of the monitor.",
)
_SILENT_ANCHORS = Text(
    "Mọi điểm mốc của đường này im lặng, nhưng phía sau vẫn trả lời: chọn điểm mốc khác trong mục paths.",
    "All anchors of this path are silent, yet what lies behind it answers: name other anchors in the section paths.",
)
_BUGS = Text(
    "Chương trình gặp lỗi của chính nó từ lúc chạy: xem journalctl -u sansang và báo cho người làm ra nó.",
    "The program met faults of its own since its start: see journalctl -u sansang, and report them.",
)

DISK_FREE_RATIO, DISK_FREE_BYTES = 0.1, 500 * 1024 * 1024
"""Less room on the ledger's disk than either is told: here and by the alert SansangDiskFilling."""


def _filling(stats: AgentStats) -> bool:
    disk = stats.disk
    return disk is not None and (
        disk.free_bytes < disk.size_bytes * DISK_FREE_RATIO or disk.free_bytes < DISK_FREE_BYTES
    )


def _refused(condition: AgentCondition) -> tuple[str, ...]:
    faults = condition.stats.reload.faults
    return tuple(str(fault) if condition.full else _place(fault) for fault in faults)


def _place(fault: Fault) -> str:
    name = PurePath(fault.file).name
    return f"{name}:{fault.line}" if fault.line else name


def _never_answered(condition: AgentCondition) -> tuple[str, ...]:
    return tuple(
        f"{anchor.address} ({path.id})"
        for path in condition.paths
        for anchor in path.anchors
        if anchor.answered is False
    )


def _silent(condition: AgentCondition) -> tuple[str, ...]:
    """Paths whose anchors did answer once: of those that never did another row tells."""
    return tuple(
        path.id
        for path in condition.paths
        if path.silent_but_passing and any(anchor.answered for anchor in path.anchors)
    )


def _nothing(_: AgentCondition) -> tuple[str, ...]:
    return ()


def _samples(condition: AgentCondition) -> Iterable[Banner]:
    """A sentence for each kind, the anchors first."""
    sentences = zip(sample_lines(condition.samples, "vi"), sample_lines(condition.samples, "en"), strict=True)
    return (Banner(Text(vi, en)) for vi, en in sentences)


def _clock(condition: AgentCondition) -> Iterable[Banner]:
    stats = condition.stats
    offset = stats.clock_offset
    if offset is not None and offset.proved_wrong:
        return (Banner(wrong(offset.seconds)),)
    text = warning(stats.clock.synchronised if stats.clock.readable else None)
    return () if text is None else (Banner(text),)


_Row = Callable[[AgentCondition], Iterable[Banner]]


def _when(
    true: Callable[[AgentCondition], object], text: Text, details: Callable[[AgentCondition], Sequence[str]] = _nothing
) -> _Row:
    return lambda condition: (Banner(text, tuple(details(condition))),) if true(condition) else ()


TABLE: tuple[_Row, ...] = (
    _when(lambda condition: condition.stuck, _STUCK, lambda condition: condition.stuck),
    _when(lambda condition: not condition.stats.reload.successful, _REFUSED, _refused),
    _when(lambda condition: not condition.stats.commit_queue.writable, _NOT_WRITABLE),
    _when(lambda condition: condition.stats.commit_queue.writable and _filling(condition.stats), _FILLING),
    _when(lambda condition: condition.stats.ledger.quarantined, _SET_ASIDE),
    _when(lambda condition: condition.stats.ledger.verify_success is False, _NOT_COPIED),
    _when(lambda condition: condition.stats.engine.rounds.lateness.overloaded, _OVERLOADED),
    _when(_never_answered, _NEVER_ANSWERED, _never_answered),
    _when(_silent, _SILENT_ANCHORS, _silent),
    _samples,
    _when(lambda condition: condition.stats.resolver.up is False, _NO_NAMES),
    _when(lambda condition: any(condition.stats.internal_errors.values()), _BUGS),
    _clock,
)
"""Everything that may be said, the most urgent first."""


def banners(condition: AgentCondition) -> Iterator[Banner]:
    """The banners that apply now, the most urgent first."""
    for row in TABLE:
        yield from row(condition)


def shortened(details: Sequence[str]) -> tuple[tuple[str, ...], int]:
    """The first few, and how many more there are."""
    return tuple(details[:_DETAILS]), max(0, len(details) - _DETAILS)
