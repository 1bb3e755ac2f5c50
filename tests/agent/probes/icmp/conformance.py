"""The probe `icmp` in every situation of the conformance suite."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from agent.model import Reason
from agent.probes.icmp.options import IcmpOptions
from tests.conformance.situations import DATAGRAMS, SHARED_SOCKET, SILENT_ADDRESS, Case, Situation
from tests.floods import flooded_with_replies
from tests.pki import HOST

NO_ANSWER_TO_SPOIL = "the answer is the kernel's; anything else is not a reply to us and is passed over"


@asynccontextmanager
async def _host(situation: Situation) -> AsyncIterator[str]:
    if situation in (Situation.UNRESOLVABLE, Situation.RESOLVER_FAILED):
        yield HOST
    elif situation is Situation.FLOODED:
        async with flooded_with_replies("127.0.0.1"):
            yield SILENT_ADDRESS
    else:
        yield SILENT_ADDRESS if situation is Situation.SILENT else "127.0.0.1"


CASES = (
    Case(
        "icmp",
        "icmp",
        IcmpOptions(packets=2, spacing=0.02),
        _host,
        SHARED_SOCKET | {Situation.SILENT: (Reason.TIMEOUT,)},
        {
            Situation.SLOW: "a kernel does not answer late on purpose",
            Situation.REFUSED: "an echo request has no port that could be closed",
            Situation.GARBAGE: NO_ANSWER_TO_SPOIL,
            Situation.ENDLESS: NO_ANSWER_TO_SPOIL,
            Situation.DRIPPING: NO_ANSWER_TO_SPOIL,
            Situation.STALLED: NO_ANSWER_TO_SPOIL,
        }
        | DATAGRAMS,
        private_net=True,
    ),
)
