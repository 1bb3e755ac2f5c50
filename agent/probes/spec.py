"""The contract every probe keeps. One module per protocol declares one ProbeSpec; registry.py lists them.

A probe
- answers with a ProbeResult for anything the network does, and never raises for it;
- is done by ``ctx.deadline`` (the runner cuts it off half a second later and counts that as our bug);
- is cancelled cleanly: sockets closed, nothing left running;
- does not schedule, confirm, log transitions or touch metrics; retransmission inside one run is its own business.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from agent.clock import Clock
from agent.model import CheckSettings, Declaration, Facts, ProbeResult, ReasonCode, Target, TrapResult
from agent.model.measured import RunMeasured
from agent.probes.address import AddressError, Host
from agent.probes.resolver import IpFamily, Resolver, mismatch
from agent.text import Text

OptionsT = TypeVar("OptionsT")
SharedT = TypeVar("SharedT", bound="Shared")


class Shared(Protocol):
    """What all runs of one protocol share (sockets, contexts); opened once by the runtime, inside the event loop."""

    def close(self) -> None:
        """Give everything back; pending runs are answered as cancelled by their tasks."""


class NothingShared:
    """For probes that open what they need in each run."""

    def close(self) -> None:
        return


@dataclass(frozen=True, slots=True)
class ProbeContext(Generic[SharedT]):
    """What one run may use. deadline is an instant of ``clock.monotonic()``."""

    clock: Clock
    deadline: float
    resolver: Resolver
    shared: SharedT

    def left(self) -> float:
        """Seconds until the deadline, never negative."""
        return max(0.0, self.deadline - self.clock.monotonic())


def takes_no_settings(options: OptionsT, settings: CheckSettings) -> OptionsT | tuple[Text, Text]:
    """Of a probe whose checks say nothing but their address."""
    return (_UNKNOWN_SETTING, _OTHER_MODULE) if settings else options


_UNKNOWN_SETTING = Text("phép dò của mô-đun này không dùng khóa này", "the probe of this module takes no such key")
_OTHER_MODULE = Text("bỏ khóa này, hoặc chọn mô-đun khác", "leave it out, or name another module")


@dataclass(frozen=True, slots=True)
class ProbeSpec(Generic[OptionsT, SharedT]):
    """One protocol: its name in modules, its options and facts types, what silence means, and how it runs.

    host is the host that an address of this probe names; it raises AddressError where the address does not suit it.
    family says which addresses of a host a run with these options uses.
    declaration is what the rooms above read of it: reasons, texts, metrics.
    lost counts the packets that its sockets lost for want of room so far; None for a probe without datagram sockets.
    rtt_fact names the fact that says how long the target took to answer.
    cost_seconds is the CPU time of a run, as docs/benchmarks.md has it ("CPU a probe").
    least_interval_ms is how far apart runs should be that one server gets: it may refuse whoever asks more often.
    redirect_hosts are the hosts that a run may be sent to, or through, by what the address and the options say.
    has_proxy tells whether a proxy stands between, behind which the address of the target cannot be checked.
    with_hostname sets the host name that the target is to be asked for (TLS server name, Host header), unless the
    options name one; None where they contradict it. It raises AddressError for what is no host name.
    with_check gives the options of one check: those of its module, and what the check itself says; else what is wrong
    with that and what would be right.
    remarks: what is good to know of a module with these options, and no fault of it: for `sansang validate`.
    works_without_files: a run whose options lack their files answers that this is our own fault (UNKNOWN), so that one
    bad file stops nothing else; of other probes a target with such a file is refused.
    silence_beside_ping: the reason of a silent run while ping on the same address answers; None where that says no more
    than silence. A protocol that has one asks devices about themselves (``ProbeResult.device``): with the role device
    its targets stand beside those that are counted, and are counted in nothing.
    variant gives the options under a name that is no module's, such as that of a set of objects; None where it means
    nothing. It may read files.
    read_trap: what a notification is that came from the address of a target with these options; None of a protocol
    whose devices send none. It never blocks, and takes less than 5 ms whatever it is given.
    measured: what a run tells for the sums of its day, None of one that tells nothing; None of a protocol of which
    nothing is summed. It is called after every run that is no fault of ours, and costs microseconds.
    """

    probe: str
    options: type[OptionsT]
    facts: type[Facts]
    silence: ReasonCode
    open: Callable[[Clock], SharedT]
    run: Callable[[Target, OptionsT, ProbeContext[SharedT]], Awaitable[ProbeResult]]
    host: Callable[[str], Host]
    family: Callable[[OptionsT], IpFamily]
    lost: Callable[[SharedT], int] | None = None
    declaration: Declaration = field(default_factory=Declaration)
    rtt_fact: str = "rtt_seconds"
    cost_seconds: Callable[[OptionsT], float] = lambda _options: 400e-6
    least_interval_ms: int = 0
    redirect_hosts: Callable[[str, OptionsT], tuple[str, ...]] = lambda _address, _options: ()
    has_proxy: Callable[[OptionsT], bool] = lambda _options: False
    with_hostname: Callable[[OptionsT, str], OptionsT | None] = lambda options, _hostname: options
    with_check: Callable[[OptionsT, CheckSettings], OptionsT | tuple[Text, Text]] = takes_no_settings
    remarks: Callable[[OptionsT], tuple[Text, ...]] = lambda _options: ()
    works_without_files: bool = False
    silence_beside_ping: ReasonCode | None = None
    variant: Callable[[OptionsT, str], OptionsT | None] = lambda _options, _name: None
    read_trap: Callable[[OptionsT, SharedT, bytes], TrapResult] | None = None
    measured: Callable[[ProbeResult, OptionsT], RunMeasured | None] | None = None

    def validate(self, address: str) -> tuple[Text, Text] | None:
        """None, or what is wrong with the address and what would be right."""
        try:
            self.host(address)
        except AddressError as error:
            return error.wrong, error.right
        return None

    def unfit(self, address: str, options: OptionsT) -> tuple[Text, Text] | None:
        """Like validate, of a target with these options: a numeric address must be of a family that they allow."""
        return self.validate(address) or mismatch(self.host(address), self.family(options))
