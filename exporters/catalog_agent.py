"""Metrics about the agent itself: the part of the catalogue without targets, sites or paths."""

from __future__ import annotations

from exporters.metric import AgentValue, AgentValues, Kind, Metric, Scope


def _agent(name: str, text: str, value: AgentValue, kind: Kind = Kind.GAUGE) -> Metric:
    return Metric(name, kind, Scope.AGENT, text, agent=value)


def _job(name: str, text: str, values: AgentValues, kind: Kind = Kind.GAUGE) -> Metric:
    """The label is not ``job``, which is Prometheus' own."""
    return Metric(name, kind, Scope.AGENT, text, ("job_name",), "job_name", agents=values)


LATENESS = Metric(
    "sansang_probe_lateness_seconds",
    Kind.HISTOGRAM,
    Scope.AGENT,
    "Delay between the planned and the actual start of runs.",
)
AGENT = (
    _agent(
        "sansang_probe_late_starts",
        "Rounds that started late by more than half their interval.",
        lambda s: s.engine.rounds.lateness.late_starts,
        Kind.COUNTER,
    ),
    _agent(
        "sansang_probe_late_ratio",
        "Share of the rounds of the last 30 seconds that started late by more than half their interval or were missed.",
        lambda s: s.engine.rounds.lateness.late_ratio,
    ),
    _agent(
        "sansang_overloaded",
        "1 when at least 5 % of the rounds were late or missed in two consecutive half minutes, else 0.",
        lambda s: s.engine.rounds.lateness.overloaded,
    ),
    _agent(
        "sansang_loop_lag_seconds",
        "How late the event loop ran its last tick.",
        lambda s: s.engine.loop_lag_seconds,
    ),
    _agent(
        "sansang_loop_stalls",
        "Times that the event loop was blocked for over 100 ms (every one from 150 ms on is detected).",
        lambda s: s.stalls.stalls,
        Kind.COUNTER,
    ),
    _agent(
        "sansang_loop_stalls_run_delay",
        "Stalls of the event loop that would not have happened without waiting for a CPU: the machine was busy.",
        lambda s: s.stalls.run_delay,
        Kind.COUNTER,
    ),
    _agent(
        "sansang_probe_overruns",
        "Rounds in which a target's previous run was still going; it is not probed twice at once.",
        lambda s: s.engine.rounds.overruns,
        Kind.COUNTER,
    ),
    _agent(
        "sansang_rounds_missed",
        "Whole rounds skipped after a stall.",
        lambda s: s.engine.rounds.missed,
        Kind.COUNTER,
    ),
    _agent(
        "sansang_reprobes",
        "Extra runs made at once to confirm or clear a failure.",
        lambda s: s.engine.rounds.reprobes,
        Kind.COUNTER,
    ),
    _agent(
        "sansang_reprobes_deferred",
        "Extra runs postponed because the budget for them was spent.",
        lambda s: s.engine.rounds.reprobes_deferred,
        Kind.COUNTER,
    ),
    Metric(
        "sansang_internal_errors",
        Kind.COUNTER,
        Scope.AGENT,
        "Bugs of the agent, by what they broke: a run of a probe, a job, a reload, a request, a row of the ledger.",
        ("where",),
        "where",
        agents=lambda s: [(where.value, count) for where, count in s.internal_errors.items()],
    ),
    _agent(
        "sansang_availability_refresh_errors",
        "Failed recomputations of the monthly availability ratios.",
        lambda s: s.availability.errors,
        Kind.COUNTER,
    ),
    Metric(
        "sansang_local_errors",
        Kind.COUNTER,
        Scope.AGENT,
        "Runs that ended in a fault of this machine, by reason; only reasons seen.",
        ("reason",),
        "reason",
        agents=lambda s: [(reason.value, count) for reason, count in s.engine.rounds.local_errors.items()],
    ),
    Metric(
        "sansang_socket_dropped_packets",
        Kind.COUNTER,
        Scope.AGENT,
        "Packets that the kernel dropped because the receive buffer of the probe's own sockets was full.",
        ("probe",),
        "probe",
        agents=lambda s: s.dropped_packets.items(),
    ),
    _agent(
        "sansang_resolver_up",
        "1 when the DNS query that ended last got a usable answer, else 0; absent before the first.",
        lambda s: s.resolver.up,
    ),
    _agent(
        "sansang_resolver_failures",
        "DNS queries without a usable answer from any server.",
        lambda s: s.resolver.failures,
        Kind.COUNTER,
    ),
    _agent(
        "sansang_clock_synchronised",
        "1 when the kernel reports that a time source disciplines the clock, else 0.",
        lambda s: s.clock.synchronised,
    ),
    _agent(
        "sansang_clock_readable",
        "1 when the agent may ask the kernel whether the clock is synchronised, 0 when that system call is forbidden.",
        lambda s: s.clock.readable,
    ),
    _agent(
        "sansang_clock_offset_seconds",
        "This machine's clock minus the time on which two or more NTP targets agree; absent without two that do.",
        lambda s: None if s.clock_offset is None else s.clock_offset.seconds,
    ),
    _agent(
        "sansang_clock_steps",
        "Steps of the wall clock that were detected.",
        lambda s: s.clock.steps,
        Kind.COUNTER,
    ),
    _agent(
        "sansang_ledger_writable",
        "1 when the last commit to the ledger succeeded, else 0.",
        lambda s: s.commit_queue.writable,
    ),
    _agent("sansang_ledger_commits", "Commits to the ledger.", lambda s: s.commit_queue.commits, Kind.COUNTER),
    _agent("sansang_ledger_rows", "Rows written to the ledger.", lambda s: s.commit_queue.rows, Kind.COUNTER),
    _agent(
        "sansang_ledger_write_errors",
        "Commits to the ledger that failed.",
        lambda s: s.commit_queue.write_errors,
        Kind.COUNTER,
    ),
    _agent("sansang_ledger_queue_rows", "Rows waiting to be committed.", lambda s: s.commit_queue.rows_queued),
    _agent("sansang_ledger_head_seq", "Number of the newest row of the ledger.", lambda s: s.commit_queue.head_seq),
    _agent(
        "sansang_ledger_last_commit_timestamp_seconds",
        "Time of the last commit to the ledger, Unix time; absent before the first.",
        lambda s: s.commit_queue.last_commit_wall_ms / 1000 or None,
    ),
    _agent(
        "sansang_ledger_heartbeat_refused",
        "1 when at this start the heartbeat beside the ledger was missing or could not be true, else 0.",
        lambda s: s.ledger.heartbeat_refused,
    ),
    _agent(
        "sansang_ledger_quarantined",
        "1 when at this start the ledger failed its integrity check and was moved to quarantine, else 0.",
        lambda s: s.ledger.quarantined,
    ),
    _agent(
        "sansang_ledger_verify_success",
        "1 when the last daily backup of the ledger passed verification, else 0; absent before the first.",
        lambda s: s.ledger.verify_success,
    ),
    _agent(
        "sansang_ledger_backup_timestamp_seconds",
        "Time of the last verified backup of the ledger, Unix time; absent before the first.",
        lambda s: s.ledger.backup_wall_ms / 1000 or None,
    ),
    _agent(
        "sansang_ledger_daily_sums_timestamp_seconds",
        "End of the newest day whose totals are in the yearly files, Unix time; absent before the first.",
        lambda s: s.rollup.closed_until_wall_ms / 1000 or None,
    ),
    _agent(
        "sansang_ledger_daily_sums_write_errors",
        "Failed attempts to total days or to write them; retried every hour.",
        lambda s: s.rollup.write_errors,
        Kind.COUNTER,
    ),
    _job(
        "sansang_job_failures",
        "Times that a scheduled job failed, or was still not done when it was due again.",
        lambda s: [(name.value, job.failures) for name, job in s.cron.jobs.items()],
        Kind.COUNTER,
    ),
    _job(
        "sansang_job_last_run_successful",
        "1 when the last run of the scheduled job succeeded, else 0; absent before its first run has ended.",
        lambda s: [(name.value, job.successful) for name, job in s.cron.jobs.items() if job.successful is not None],
    ),
    _job(
        "sansang_job_last_success_timestamp_seconds",
        "Time of the scheduled job's last success, Unix time; absent before the first.",
        lambda s: [(name, job.success_wall_ms / 1000) for name, job in s.cron.jobs.items() if job.success_wall_ms],
    ),
    Metric(
        "sansang_traps",
        Kind.COUNTER,
        Scope.AGENT,
        "SNMP traps by what became of them; absent where none are taken.",
        ("result",),
        "result",
        agents=lambda s: [(result.value, count) for result, count in s.traps.items()],
    ),
    _agent(
        "sansang_storage_free_bytes",
        "Free bytes on the ledger's disk.",
        lambda s: None if s.disk is None else s.disk.free_bytes,
    ),
    _agent(
        "sansang_storage_size_bytes",
        "Size of the ledger's disk.",
        lambda s: None if s.disk is None else s.disk.size_bytes,
    ),
    _agent(
        "sansang_config_last_reload_successful",
        "1 when the last load of the configuration succeeded, else 0 (the previous one stays in force).",
        lambda s: s.reload.successful,
    ),
    _agent(
        "sansang_config_last_reload_success_timestamp_seconds",
        "Time of the last successful load of the configuration, Unix time.",
        lambda s: s.reload.success_wall_ms / 1000 or None,
    ),
)
