"""The words of the product as types: frozen, no I/O. Everything above speaks in these.

Instants named ``*_ms`` are integer milliseconds of boottime of the running boot unless the name says ``wall``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Role(StrEnum):
    """What a target is for."""

    UPLINK = "uplink"
    LAN = "lan"
    CONFERENCE = "conference"
    ONE_STOP = "one-stop"
    PORTAL = "portal"
    SERVICE = "service"
    DEVICE = "device"


class State(IntEnum):
    """Exactly one per target and instant; the number is the value of sansang_target_state."""

    DOWN = 0
    UP = 1
    DEGRADED = 2
    UNKNOWN = 3


class Verdict(StrEnum):
    """What one probe run says. OK and DEGRADED are successes, LOCAL_ERROR says nothing about the target."""

    OK = "ok"
    DEGRADED = "degraded"
    FAILED = "failed"
    LOCAL_ERROR = "local_error"


class Reason(StrEnum):
    """Why a run ended as it did. Closed: free text goes to logs and pages only.

    VERDICT_OF says which verdict each carries.
    """

    OK = "ok"
    # works, and worth saying how
    IN_USE = "in_use"  # SIP busy: the point is up, somebody is in a call
    REQUEST_REFUSED = "request_refused"  # SIP 401/403/405 ...: the stack lives and refuses strangers
    PORT_ONLY = "port_only"  # H.323 port open and silent, which is proper there: more cannot be told
    # degraded: works outside its module's limits
    HIGH_LOSS = "high_loss"
    HIGH_RTT = "high_rtt"
    HIGH_JITTER = "high_jitter"
    SLOW = "slow"  # connect or first byte over its limit
    CERTIFICATE_EXPIRING = "certificate_expiring"
    SERVER_ERROR = "server_error"  # SIP 500/502/503: lives, cannot serve
    TCP_ONLY = "tcp_only"  # silent over UDP, open over TCP
    # failed: nothing usable came back
    TIMEOUT = "timeout"  # silence until the deadline
    REFUSED = "refused"
    UNREACHABLE = "unreachable"  # a router or our neighbour table says the host or network cannot be reached
    PROHIBITED = "prohibited"  # a router says its policy forbids it
    TTL_EXCEEDED = "ttl_exceeded"  # a routing loop, or too low a TTL
    PACKET_TOO_BIG = "packet_too_big"
    CONNECTION_RESET = "connection_reset"
    CONNECTION_CLOSED = "connection_closed"  # closed before a whole answer
    STALLED = "stalled"  # something came, the rest did not come in time (stall or drip)
    NAME_NOT_FOUND = "name_not_found"
    NO_ADDRESS = "no_address"  # the name exists, but has no address that may be asked (of the module's family)
    PROTOCOL_ERROR = "protocol_error"  # an answer that is not the protocol's
    TOO_LARGE = "too_large"
    PROXY_FAILED = "proxy_failed"
    # failed in TLS
    TLS_FAILED = "tls_failed"  # handshake broke
    TLS_EXPIRED = "tls_expired"
    TLS_NOT_YET_VALID = "tls_not_yet_valid"
    TLS_WRONG_NAME = "tls_wrong_name"
    TLS_SELF_SIGNED = "tls_self_signed"
    TLS_UNTRUSTED = "tls_untrusted"  # unknown issuer or missing intermediate
    TLS_REQUIRED = "tls_required"  # asked for TLS, answered in clear
    TLS_UNEXPECTED = "tls_unexpected"  # TLS where the module forbids it
    STARTTLS_REFUSED = "starttls_refused"
    # failed: answered, but not as the module demands
    BAD_STATUS = "bad_status"
    BAD_HEADER = "bad_header"
    BAD_BODY = "bad_body"
    BAD_JSON = "bad_json"
    BAD_VERSION = "bad_version"  # HTTP version not among those allowed
    BAD_DIALOGUE = "bad_dialogue"  # TCP expect did not match
    TOO_MANY_REDIRECTS = "too_many_redirects"
    REDIRECT_FORBIDDEN = "redirect_forbidden"
    # failed in DNS
    BAD_RCODE = "bad_rcode"
    BAD_ANSWER = "bad_answer"  # records are missing, or not as the module demands
    NOT_AUTHENTICATED = "not_authenticated"  # no AD flag: the resolver did not verify DNSSEC
    # failed in SIP
    NOT_REGISTERED = "not_registered"
    ENDPOINT_UNREACHABLE = "endpoint_unreachable"  # the registrar cannot reach the room
    WRONG_ADDRESS = "wrong_address"  # SIP 484/604 ...: the address itself is wrong
    PROVISIONAL_ONLY = "provisional_only"  # 1xx and nothing after
    # local: says nothing about the target, UNKNOWN and counted
    RESOLVER_FAILED = "resolver_failed"
    NOT_PERMITTED = "not_permitted"  # this process may not send that (EACCES, EPERM), or a registrar refuses us
    NO_ROUTE = "no_route"  # ENETUNREACH: we ourselves have no way out
    NO_RESOURCES = "no_resources"  # EMFILE, ENOBUFS, ENOMEM
    NO_SOURCE_ADDRESS = "no_source_address"  # EADDRNOTAVAIL
    CLOCK_SKEW = "clock_skew"  # our clock is proved wrong, and the verdict would have been its word alone
    PACKETS_DROPPED = "packets_dropped"  # no answer, and meanwhile our own socket lost packets for want of room
    LOCAL_ERROR = "local_error"  # any other fault of this machine
    INTERNAL_ERROR = "internal_error"  # a bug of ours


_WORKS = (Reason.OK, Reason.IN_USE, Reason.REQUEST_REFUSED, Reason.PORT_ONLY)
_LIMPS = (
    Reason.HIGH_LOSS,
    Reason.HIGH_RTT,
    Reason.HIGH_JITTER,
    Reason.SLOW,
    Reason.CERTIFICATE_EXPIRING,
    Reason.SERVER_ERROR,
    Reason.TCP_ONLY,
)
_OURS = (
    Reason.RESOLVER_FAILED,
    Reason.NOT_PERMITTED,
    Reason.NO_ROUTE,
    Reason.NO_RESOURCES,
    Reason.NO_SOURCE_ADDRESS,
    Reason.CLOCK_SKEW,
    Reason.PACKETS_DROPPED,
    Reason.LOCAL_ERROR,
    Reason.INTERNAL_ERROR,
)
VERDICT_OF: Mapping[Reason, Verdict] = (
    dict.fromkeys(Reason, Verdict.FAILED)
    | dict.fromkeys(_WORKS, Verdict.OK)
    | dict.fromkeys(_LIMPS, Verdict.DEGRADED)
    | dict.fromkeys(_OURS, Verdict.LOCAL_ERROR)
)
"""The one verdict that each reason carries; everything not listed above is a failed run."""


class UnknownCause(StrEnum):
    """Why a state is UNKNOWN; always the monitor's doing. Order is the precedence of overlapping blind intervals."""

    AGENT_OFF = "agent_off"
    CLOCK = "clock"
    DISK = "disk"
    PAUSED = "paused"
    MONITOR_NET = "monitor_net"
    DNS = "dns"
    LOCAL_ERROR = "local_error"
    DROPS = "drops"
    OVERLOAD = "overload"
    NOT_YET = "not_yet"


CAUSE_OF: Mapping[Reason, UnknownCause] = {
    Reason.CLOCK_SKEW: UnknownCause.CLOCK,
    Reason.RESOLVER_FAILED: UnknownCause.DNS,
    Reason.PACKETS_DROPPED: UnknownCause.DROPS,
}
"""Local errors whose time has a cause of its own; that of all others is LOCAL_ERROR."""

Cause = Reason | UnknownCause


@dataclass(frozen=True, slots=True)
class Policy:
    """How often a target is probed and how many runs decide; milliseconds and counts."""

    interval_ms: int
    timeout_ms: int
    grace_ms: int
    fail_after: int
    recover_after: int
    confirm_interval_ms: int

    @property
    def shortest_seen_ms(self) -> int:
        """An outage that lasts so long is found; a shorter one may begin and end unseen.

        Its first failed run starts within an interval of its beginning; those that confirm it follow after
        confirm_interval (the timeout at least) or with the next round, whichever is sooner. Where the budget of fast
        runs is spent they come with the rounds: then it takes up to fail_after intervals.
        """
        again_ms = min(self.interval_ms, max(self.confirm_interval_ms, self.timeout_ms))
        return self.interval_ms + (self.fail_after - 1) * again_ms


@dataclass(frozen=True, slots=True)
class Target:
    """One address checked by one module at one site.

    options is the frozen dataclass of the probe's kind (its SPEC.options); parents are full target ids;
    paths are the ids of the paths it lies behind, () when the monitor reaches it directly.
    """

    id: str
    name: str
    site: str
    unit: str
    role: Role
    module: str
    probe: str
    address: str
    options: object
    policy: Policy
    parents: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    calendar: str = "always"
    slo: str | None = None


@dataclass(frozen=True, slots=True)
class Path:
    """How the monitor reaches a scope: anchors are probed like targets but count in nothing."""

    id: str
    anchors: tuple[Target, ...]


class Facts:
    """Base of what a probe measured. Each probe derives one frozen slotted dataclass of plain fields.

    A metric of the catalogue names the field it shows; a field holding ``tuple[tuple[str, float], ...]`` gives
    one sample per label value. None means not measured in this run.
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class CertificateFault:
    """One thing wrong with a certificate chain.

    edge_wall_ms: of a fault that our clock alone says, the UTC instant before which (TLS_NOT_YET_VALID) or after
    which (all others) it is true; None where no clock has a part in it, or the instant is not known.
    """

    reason: Reason
    edge_wall_ms: int | None = None


@dataclass(frozen=True, slots=True)
class CertificateFaults:
    """What is wrong with the certificate that host (a name or numeric address) had to show; the first decides."""

    host: str
    faults: tuple[CertificateFault, ...]


@dataclass(frozen=True, slots=True)
class ServerTime:
    """The time as a server told it in its answer, UTC milliseconds; host as it was asked."""

    host: str
    wall_ms: int


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What one probe run found.

    took_seconds covers the whole run; address is the numeric address probed ("" if none was reached);
    detail is free text of possibly hostile origin: for logs and pages only, never a label.
    certificate: all that is wrong with it, None when nothing is; server_time: what the answer says the time is.
    clock_doubted: the verdict rests on a clock of ours that nothing synchronises.
    """

    verdict: Verdict
    reason: Reason
    took_seconds: float
    facts: Facts | None = None
    address: str = ""
    stale_address: bool = False
    detail: str = ""
    certificate: CertificateFaults | None = None
    server_time: ServerTime | None = None
    clock_doubted: bool = False

    @classmethod
    def of(cls, reason: Reason, took_seconds: float, facts: Facts | None = None, detail: str = "") -> ProbeResult:
        """A result whose verdict follows from its reason."""
        return cls(VERDICT_OF[reason], reason, took_seconds, facts, detail=detail)

    @property
    def success(self) -> bool:
        """Whether the target answered as it should (degraded included)."""
        return self.verdict in (Verdict.OK, Verdict.DEGRADED)


@dataclass(frozen=True, slots=True)
class Observation:
    """A finished run: which target, seen by whom, started when (boottime ms), and what it found."""

    target: Target
    observer: str
    start_ms: int
    took_ms: int
    result: ProbeResult


@dataclass(frozen=True, slots=True)
class Transition:
    """A change of one target's state, back-dated to effective_at_ms; an UNKNOWN has an UnknownCause."""

    target: str
    state: State
    cause: Cause
    effective_at_ms: int
    confirmed_at_ms: int
