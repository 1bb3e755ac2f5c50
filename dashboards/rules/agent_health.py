"""Faults on the agent's own machine that a person must repair: ledger, clock, resolver, backups, configuration."""

from __future__ import annotations

from agent.text import Text
from dashboards.queries import select
from dashboards.rules.alert import (
    AGENT,
    PATH_UP,
    Alert,
    Severity,
    firing,
    firing_unless_reported,
    firing_while_any_scrape_fails,
    scrape_up,
)
from dashboards.settings import BuildSettings

_BOARD = "/d/sansang-monitor"
_AGENT = "{{ $labels.instance }}"
_WINDOW = "5m"
_MINUTE, _QUARTER = 60, 900


def alerts(settings: BuildSettings) -> tuple[Alert, ...]:
    """Every alert of this module; each fires until the agent itself reports that the fault is over."""
    builders = (
        _ledger,
        _quarantined,
        _heartbeat_refused,
        _observer_twice,
        _disk,
        _clock,
        _resolver,
        _backup,
        _job,
        _overload,
        _drops,
        _reload,
    )
    return tuple(alert(settings) for alert in builders)


def _alert(
    settings: BuildSettings,
    name: str,
    expr: str,
    summary: Text,
    description: Text,
    *,
    severity: Severity = Severity.WARNING,
    for_seconds: int = _MINUTE,
) -> Alert:
    """An alert about the agent itself, which the agent's own board explains."""
    return Alert(name, severity, expr, summary, description, _BOARD, for_seconds, settings.timing.resolve_hold)


def _or_still_firing(settings: BuildSettings, name: str, expr: str, sample: str) -> str:
    return f"{expr} or {firing_unless_reported(settings, firing(name, AGENT), select(sample))}"


def _ledger(settings: BuildSettings) -> Alert:
    name, sample = "SansangLedgerNotWritable", "sansang_ledger_writable"
    return _alert(
        settings,
        name,
        _or_still_firing(settings, name, f"{select(sample)} == 0", sample),
        Text(
            "Máy giám sát không ghi được sổ: thời gian này sẽ là chưa rõ trong báo cáo.",
            "The agent cannot write its ledger: this time will be unknown in reports.",
        ),
        Text(
            f"Máy giám sát {_AGENT} vẫn đo nhưng không ghi được sổ, thường vì đĩa đầy hoặc chỉ đọc. Dọn đĩa (df -h);"
            " máy tự ghi tiếp, không cần khởi động lại.",
            f"The agent {_AGENT} still probes but cannot write its ledger, usually because the disk is full or"
            " read-only. Make room (df -h); it goes on by itself, no restart is needed.",
        ),
        severity=Severity.CRITICAL,
    )


def _quarantined(settings: BuildSettings) -> Alert:
    """Fires until the agent starts again: a person has to look at the quarantined files, and that takes time."""
    name, sample = "SansangLedgerQuarantined", "sansang_ledger_quarantined"
    return _alert(
        settings,
        name,
        _or_still_firing(settings, name, f"{select(sample)} == 1", sample),
        Text(
            "Sổ ghi bị hỏng đã được cất riêng; máy dùng tiếp bản sao tốt gần nhất.",
            "A damaged ledger was set aside; the last good copy goes on.",
        ),
        Text(
            f"Lúc khởi động, máy giám sát {_AGENT} thấy sổ không còn đúng như đã ghi. Tệp cũ được giữ nguyên trong"
            " thư mục quarantine; phần thiếu là chưa rõ trong báo cáo. Đừng xóa gì, chạy sansang ledger verify và báo"
            " cho người biết.",
            f"When it started, the agent {_AGENT} found a ledger that was not what had been written. The old files are"
            " kept in the folder quarantine; what is missing is unknown in reports. Delete nothing, run sansang ledger"
            " verify, and tell somebody who knows.",
        ),
    )


def _heartbeat_refused(settings: BuildSettings) -> Alert:
    """Fires until the agent starts again: a person has to find out who changed the file."""
    name, sample = "SansangHeartbeatRefused", "sansang_ledger_heartbeat_refused"
    return _alert(
        settings,
        name,
        _or_still_firing(settings, name, f"{select(sample)} == 1", sample),
        Text(
            "Nhịp ghi bên cạnh sổ bị thiếu hoặc không thể đúng; máy giám sát không tin nó.",
            "The heartbeat beside the ledger is missing or cannot be true; the agent does not believe it.",
        ),
        Text(
            f"Lúc khởi động, máy giám sát {_AGENT} thấy tệp heartbeat bị thiếu hoặc trái với các dòng của sổ. Phần cuối"
            " của lần chạy trước là chưa rõ trong báo cáo. Xem dòng heartbeat_refused trong nhật ký, đối chiếu sổ với"
            " mốc đã lưu ngoài máy (sansang ledger verify --anchor), và hỏi ai đã động vào tệp của sổ.",
            f"When it started, the agent {_AGENT} found a heartbeat that was missing or contradicts the rows of the"
            " ledger. The end of the run before is unknown in reports. See heartbeat_refused in the log, run sansang"
            " ledger verify with a head kept elsewhere (--anchor), and ask who touched the ledger's files.",
        ),
    )


def _observer_twice(settings: BuildSettings) -> Alert:
    """Two installations or two addresses: a cloned machine has the same installation id, but an address of its own."""
    name, by = "SansangObserverTwice", f"{AGENT}, observer"
    agents = select("sansang_build_info", 'observer!=""')
    several = f"count by (observer) (count by (observer, instance, installation) ({agents})) > 1"
    twice = f"max by ({by}) ({agents}) and on (observer) {several}"
    return _alert(
        settings,
        name,
        f"{twice} or {firing_while_any_scrape_fails(settings, firing(name, by), 'observer')}",
        Text(
            "Hai máy giám sát cùng một tên trạm quan sát: số liệu của chúng lẫn vào nhau.",
            "Two agents have the same observer name: their figures are mixed up.",
        ),
        Text(
            f"Máy giám sát {_AGENT} có tên trạm quan sát {{{{ $labels.observer }}}}, và một máy khác (hoặc một bản sao"
            " thư mục dữ liệu, hoặc địa chỉ thứ hai của cùng máy) cũng có tên đó. Dừng máy thừa, hoặc đặt cho nó"
            " organisation.observer khác. Trước đó không dùng báo cáo lấy từ Prometheus.",
            f"The agent {_AGENT} has the observer name {{{{ $labels.observer }}}}, and so has another one (or a copy of"
            " its directory, or a second address of the same agent). Stop the one too many, or give it another"
            " organisation.observer. Until then use no report made from Prometheus.",
        ),
    )


def _disk(settings: BuildSettings) -> Alert:
    """Fires before the ledger cannot be written: too small a share of the disk, or room for some weeks of rows only."""
    name, sample = "SansangDiskFilling", "sansang_storage_free_bytes"
    free, size = select(sample), select("sansang_storage_size_bytes")
    limits = settings.limits
    low = f"{free} / {size} < {limits.disk_free_ratio} or {free} < {limits.disk_free_bytes}"
    return _alert(
        settings,
        name,
        _or_still_firing(settings, name, low, sample),
        Text("Đĩa của máy giám sát sắp đầy.", "The agent's disk is filling up."),
        Text(
            f"Đĩa chứa sổ ghi của máy giám sát {_AGENT} sắp hết chỗ. Dọn đĩa trước khi sổ không ghi được nữa:"
            " df -h, journalctl --vacuum-size=200M, dữ liệu cũ của Prometheus. Không xóa tệp sổ ghi.",
            f"The disk with the ledger of the agent {_AGENT} is nearly full. Make room before the ledger cannot be"
            " written: df -h, journalctl --vacuum-size=200M, old data of Prometheus. Do not delete ledger files.",
        ),
        for_seconds=_QUARTER,
    )


def _clock(settings: BuildSettings) -> Alert:
    """Waits a quarter of an hour: after a start a time source needs some minutes."""
    name, sample = "SansangClockNotSynchronised", "sansang_clock_synchronised"
    return _alert(
        settings,
        name,
        _or_still_firing(settings, name, f"{select(sample)} == 0", sample),
        Text("Đồng hồ máy giám sát không được đồng bộ.", "The agent's clock is not synchronised."),
        Text(
            f"Máy giám sát {_AGENT} không có nguồn giờ: số liệu có thể bị tính là chưa rõ, giờ ghi trong sổ có thể sai."
            " Kiểm tra timedatectl và máy chủ NTP (cổng UDP 123). Nếu sansang_clock_readable bằng 0 thì đồng hồ chưa"
            " chắc hỏng: bộ giám sát bị cấm hỏi nhân, xem journalctl -u sansang.",
            f"The agent {_AGENT} has no time source: figures may count as unknown, times in the ledger may be wrong."
            " See timedatectl and the NTP server (UDP port 123). Where sansang_clock_readable is 0 the clock may be"
            " well: the agent is forbidden to ask the kernel, see journalctl -u sansang.",
        ),
        for_seconds=_QUARTER,
    )


def _resolver(settings: BuildSettings) -> Alert:
    """Most scrapes of five minutes must fail: the metric shows the last query only, and a start begins with a good one.

    A lost path is a cause of its own: meanwhile nothing new begins, and a firing alert goes on.
    """
    name, sample = "SansangResolverFailing", "sansang_resolver_up"
    blind = f"on ({AGENT}) {PATH_UP} == 0"
    failing = f"{select(sample)} == 0 and avg_over_time({select(sample)}[{_WINDOW}]) < 0.25 unless {blind}"
    failing = f"{failing} or {firing(name, AGENT)} and {blind}"
    return _alert(
        settings,
        name,
        _or_still_firing(settings, name, failing, sample),
        Text("Máy giám sát không phân giải được tên miền.", "The agent cannot resolve names."),
        Text(
            f"Máy giám sát {_AGENT} hỏi tên miền mà không máy chủ DNS nào trả lời được; mục tiêu ghi bằng tên sẽ thành"
            " chưa rõ. Đây là DNS của máy giám sát (/etc/resolv.conf), chưa chắc của người dùng.",
            f"The agent {_AGENT} gets no usable answer from any name server; targets given by name become unknown."
            " This is the agent's own DNS (/etc/resolv.conf), not necessarily that of others.",
        ),
        for_seconds=settings.scrape_seconds,
    )


def _backup(settings: BuildSettings) -> Alert:
    """Uses the newest value of the last hours: an agent that has just started knows of no backup."""
    name, sample = "SansangBackupFailing", "sansang_ledger_verify_success"
    hours, up = settings.limits.backup_hours, scrape_up(settings)
    copy = f"max_over_time({select('sansang_ledger_backup_timestamp_seconds')}[{hours}h])"
    old = f"time() - {copy} > {hours * 3600} and on ({AGENT}) {up} == 1"
    none = f"{up} == 1 and on ({AGENT}) ({up} offset {hours}h) == 1 unless on ({AGENT}) {copy}"
    return _alert(
        settings,
        name,
        _or_still_firing(settings, name, f"{select(sample)} == 0 or {old} or {none}", sample),
        Text("Không có bản sao mới, nguyên vẹn của sổ ghi.", "There is no new, whole copy of the ledger."),
        Text(
            f"Máy giám sát {_AGENT} không có bản sao nào của sổ được kiểm tra nguyên vẹn trong {hours} giờ qua. Xem"
            " journalctl -u sansang | grep ledger_backup, chạy sansang ledger verify, rồi sansang ledger backup.",
            f"The agent {_AGENT} has made no copy of its ledger within {hours} hours that was verified whole. See"
            " journalctl -u sansang | grep ledger_backup, run sansang ledger verify, then sansang ledger backup.",
        ),
    )


def _job(settings: BuildSettings) -> Alert:
    """Every scheduled job but the backup, which has an alert of its own. A restart alone ends no firing alert."""
    name, by = "SansangJobFailing", f"{AGENT}, job_name"
    sample = select("sansang_job_last_run_successful", 'job_name!="ledger_backup"')
    job = "{{ $labels.job_name }}"
    return _alert(
        settings,
        name,
        f"{sample} == 0 or {firing_unless_reported(settings, firing(name, by), sample, by)}",
        Text("Một việc định kỳ của máy giám sát bị lỗi.", "A scheduled job of the agent fails."),
        Text(
            f"Máy giám sát {_AGENT} không làm xong việc định kỳ {job}. Xem journalctl -u sansang | grep job_failed để"
            " biết vì sao.",
            f"The agent {_AGENT} did not get its scheduled job {job} done. See journalctl -u sansang | grep job_failed"
            " for the cause.",
        ),
    )


def _overload(settings: BuildSettings) -> Alert:
    name, sample = "SansangOverloaded", "sansang_overloaded"
    return _alert(
        settings,
        name,
        _or_still_firing(settings, name, f"{select(sample)} == 1", sample),
        Text("Máy giám sát quá tải, kiểm tra không kịp lịch.", "The agent is overloaded and does not keep its pace."),
        Text(
            f"Trên máy giám sát {_AGENT} nhiều lần kiểm tra bắt đầu trễ quá nửa chu kỳ hoặc bị bỏ: sự cố được phát hiện"
            " chậm. Giảm mục tiêu, tăng chu kỳ hoặc dùng máy mạnh hơn; sansang validate ước tính tải.",
            f"On the agent {_AGENT} many probes begin later than half their interval, or not at all: outages are found"
            " late. Probe less, or less often, or on a faster machine; sansang validate estimates the load.",
        ),
    )


def _drops(settings: BuildSettings) -> Alert:
    """Any drop counts: a receive buffer holds what thousands of honest targets answer at once."""
    name, by = "SansangPacketsDropped", f"{AGENT}, probe"
    sample, probe = select("sansang_socket_dropped_packets_total"), "{{ $labels.probe }}"
    return _alert(
        settings,
        name,
        f"increase({sample}[{_WINDOW}]) > 0 or {firing_unless_reported(settings, firing(name, by), sample, by)}",
        Text(
            "Gói tin dồn tới quá nhiều, máy giám sát phải bỏ bớt: có thể đang bị tấn công.",
            "More packets come than the agent can read, and some are dropped: it may be under attack.",
        ),
        Text(
            f"Máy giám sát {_AGENT} làm rơi gói tin của phép kiểm tra {probe}. Mục tiêu không có trả lời lúc đó được"
            " ghi là chưa rõ, và báo cáo nêu tên. Dùng tcpdump xem máy nào gửi dồn dập rồi chặn ở tường lửa.",
            f"The agent {_AGENT} drops packets of the probe {probe}. Targets without an answer meanwhile are unknown,"
            " and reports name them. See with tcpdump who sends so much, and stop it at the firewall.",
        ),
    )


def _reload(settings: BuildSettings) -> Alert:
    name, sample = "SansangReloadFailed", "sansang_config_last_reload_successful"
    return _alert(
        settings,
        name,
        _or_still_firing(settings, name, f"{select(sample)} == 0", sample),
        Text(
            "Cấu hình mới bị từ chối; cấu hình cũ vẫn chạy.", "The new configuration was refused; the old one runs on."
        ),
        Text(
            f"Máy giám sát {_AGENT} không nhận cấu hình trên đĩa. Chạy sansang validate TỆP để biết dòng sai, sửa rồi"
            " nạp lại. Nếu máy khởi động lại lúc này, nó sẽ không chạy được.",
            f"The agent {_AGENT} does not take the configuration on its disk. Run sansang validate FILE for the wrong"
            " line, mend it, reload. Were the machine restarted now, the agent would not start.",
        ),
    )
