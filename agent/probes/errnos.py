"""Which system error speaks of the target and which of ourselves: one table for all probes.

An errno of the target is a failed run; one of ours makes the run a local error, and the target UNKNOWN, never DOWN.
docs/probes/errors.md shows the table and says why; a test holds the two together.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping

from agent.model import Reason

REASONS: Mapping[int, Reason] = {
    # the target's, or the network's on the way to it
    errno.ECONNREFUSED: Reason.REFUSED,
    errno.EHOSTUNREACH: Reason.UNREACHABLE,
    errno.EHOSTDOWN: Reason.UNREACHABLE,
    errno.ETIMEDOUT: Reason.TIMEOUT,
    errno.ECONNRESET: Reason.CONNECTION_RESET,
    errno.ECONNABORTED: Reason.CONNECTION_RESET,
    errno.EPIPE: Reason.CONNECTION_RESET,
    errno.EMSGSIZE: Reason.PACKET_TOO_BIG,
    errno.EPROTO: Reason.PROTOCOL_ERROR,
    # ours
    errno.ENETUNREACH: Reason.NO_ROUTE,
    errno.ENETDOWN: Reason.NO_ROUTE,
    errno.EAFNOSUPPORT: Reason.NO_ROUTE,
    errno.EACCES: Reason.NOT_PERMITTED,
    errno.EPERM: Reason.NOT_PERMITTED,
    errno.EMFILE: Reason.NO_RESOURCES,
    errno.ENFILE: Reason.NO_RESOURCES,
    errno.ENOBUFS: Reason.NO_RESOURCES,
    errno.ENOMEM: Reason.NO_RESOURCES,
    errno.EADDRNOTAVAIL: Reason.NO_SOURCE_ADDRESS,
    errno.EADDRINUSE: Reason.NO_SOURCE_ADDRESS,
}
"""Every errno that is told apart; anything else is LOCAL_ERROR."""


def classify(error: OSError) -> Reason:
    """The reason that an errno of a socket call stands for; without a known errno LOCAL_ERROR."""
    if isinstance(error, TimeoutError) and error.errno is None:
        return Reason.TIMEOUT
    return REASONS.get(error.errno or 0, Reason.LOCAL_ERROR)
