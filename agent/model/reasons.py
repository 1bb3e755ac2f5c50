"""Why a probe run ended as it did, and why a state is unknown."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Verdict(StrEnum):
    """What one probe run says. OK and DEGRADED are successes, LOCAL_ERROR says nothing about the target."""

    OK = "ok"
    DEGRADED = "degraded"
    FAILED = "failed"
    LOCAL_ERROR = "local_error"

    @property
    def success(self) -> bool:
        """True when the target answered as it should, degraded included."""
        return self in (Verdict.OK, Verdict.DEGRADED)


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


class ReasonCode(StrEnum):
    """A word for why a run ended as it did, with the verdict that follows from it. The base: it has no members.

    Reason has those that every protocol may give; a protocol adds its own as an enum in its folder. The set is closed
    at run time: agent/probes/registry.py knows them all. Free text goes to logs and pages only.
    unknown_cause is that of the time which a local error leaves unknown.
    """

    _value_: str
    verdict: Verdict
    unknown_cause: UnknownCause

    def __new__(
        cls, word: str, verdict: Verdict = Verdict.FAILED, unknown_cause: UnknownCause = UnknownCause.LOCAL_ERROR
    ) -> Self:
        reason = str.__new__(cls, word)
        reason._value_ = word
        reason.verdict, reason.unknown_cause = verdict, unknown_cause
        return reason


class Reason(ReasonCode):
    """The reasons that no single protocol owns; what has no verdict beside it is a failed run."""

    OK = "ok", Verdict.OK
    # degraded: works outside its module's limits
    HIGH_RTT = "high_rtt", Verdict.DEGRADED
    SLOW = "slow", Verdict.DEGRADED  # connect or first byte over its limit
    CERTIFICATE_EXPIRING = "certificate_expiring", Verdict.DEGRADED
    COMPONENT_FAILED = "component_failed", Verdict.DEGRADED  # the device works, a part of it that matters does not
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
    # failed in TLS
    TLS_FAILED = "tls_failed"  # handshake broke
    TLS_EXPIRED = "tls_expired"
    TLS_NOT_YET_VALID = "tls_not_yet_valid"
    TLS_WRONG_NAME = "tls_wrong_name"
    TLS_SELF_SIGNED = "tls_self_signed"
    TLS_UNTRUSTED = "tls_untrusted"  # unknown issuer or missing intermediate
    TLS_REQUIRED = "tls_required"  # asked for TLS, answered in clear
    # failed: answered, but not as the module demands
    BAD_DIALOGUE = "bad_dialogue"  # TCP expect did not match
    REDIRECT_FORBIDDEN = "redirect_forbidden"
    # local: says nothing about the target, UNKNOWN and counted
    RESOLVER_FAILED = "resolver_failed", Verdict.LOCAL_ERROR, UnknownCause.DNS
    # this process may not send that (EACCES, EPERM), or a registrar refuses us
    NOT_PERMITTED = "not_permitted", Verdict.LOCAL_ERROR
    NO_ROUTE = "no_route", Verdict.LOCAL_ERROR  # ENETUNREACH: we ourselves have no way out
    NO_RESOURCES = "no_resources", Verdict.LOCAL_ERROR  # EMFILE, ENOBUFS, ENOMEM
    NO_SOURCE_ADDRESS = "no_source_address", Verdict.LOCAL_ERROR  # EADDRNOTAVAIL
    # our clock is proved wrong, and the verdict would have been its word alone
    CLOCK_SKEW = "clock_skew", Verdict.LOCAL_ERROR, UnknownCause.CLOCK
    # no answer, and meanwhile our own socket lost packets for want of room
    PACKETS_DROPPED = "packets_dropped", Verdict.LOCAL_ERROR, UnknownCause.DROPS
    LOCAL_ERROR = "local_error", Verdict.LOCAL_ERROR  # any other fault of this machine
    INTERNAL_ERROR = "internal_error", Verdict.LOCAL_ERROR  # a bug of ours


Cause = ReasonCode | UnknownCause
