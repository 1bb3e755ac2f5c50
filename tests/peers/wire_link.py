"""Cables with delay, jitter, loss and a plug, in user space: for kernels without sch_netem.

Runs inside the namespace that holds both inner ends of every cable and copies Ethernet frames between them:
    wire_link.py NAME=DEVICE,DEVICE ...
Each line on stdin changes one cable and is answered by one line of counters on stdout:
    {"cable": "xa1", "delay": 0.02, "jitter": 0.0, "loss": 0.1, "up": true}  ->  {"passed": 12, "dropped": 3}
Values hold for one direction (a round trip takes twice the delay); counters start anew with each change.
"""

from __future__ import annotations

import heapq
import json
import random
import selectors
import socket
import sys
import time
from dataclasses import dataclass, field

_ETH_P_ALL = 3
_SOL_PACKET, _PACKET_IGNORE_OUTGOING = 263, 23
_BATCH = 64


@dataclass(slots=True)
class Cable:
    """One cable as it is now."""

    delay: float = 0.0
    jitter: float = 0.0
    loss: float = 0.0
    up: bool = True
    passed: int = 0
    dropped: int = 0

    def takes(self) -> bool:
        """Whether the next frame gets through."""
        through = self.up and random.random() >= self.loss
        self.passed += through
        self.dropped += not through
        return through

    def hold(self) -> float:
        """Seconds that it keeps the next frame."""
        return max(0.0, self.delay + random.gauss(0.0, 1.0) * self.jitter)


@dataclass(slots=True)
class Workshop:
    """All cables, and the frames on their way."""

    cables: dict[str, Cable] = field(default_factory=dict)
    waiting: list[tuple[float, int, socket.socket, bytes]] = field(default_factory=list)
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    frames: int = 0

    def lay(self, name: str, ends: list[str]) -> None:
        cable = self.cables[name] = Cable()
        one, other = (_tap(device) for device in ends)
        self.selector.register(one, selectors.EVENT_READ, (cable, other))
        self.selector.register(other, selectors.EVENT_READ, (cable, one))

    def copy(self, source: socket.socket, cable: Cable, out: socket.socket) -> None:
        for _ in range(_BATCH):
            try:
                frame = source.recv(65535)
            except OSError:  # nothing more, or the device was taken down
                return
            if cable.takes():
                self.frames += 1
                heapq.heappush(self.waiting, (time.monotonic() + cable.hold(), self.frames, out, frame))

    def deliver(self) -> float:
        """Send what is due; seconds until the next frame is."""
        while self.waiting:
            wait = self.waiting[0][0] - time.monotonic()
            if wait > 0:
                return wait
            *_, out, frame = heapq.heappop(self.waiting)
            try:
                out.send(frame)
            except OSError:  # that end is gone or down: a frame lost on the way
                continue
        return 60.0

    def change(self, order: str) -> str:
        wanted = json.loads(order)
        cable = self.cables[wanted.pop("cable")]
        counted = {"passed": cable.passed, "dropped": cable.dropped}
        cable.passed = cable.dropped = 0
        for name, value in wanted.items():
            setattr(cable, name, value)
        return json.dumps(counted)

    def run(self) -> None:
        self.selector.register(sys.stdin, selectors.EVENT_READ, None)
        print("ready", flush=True)
        while True:
            for key, _ in self.selector.select(self.deliver()):
                if key.data is None:
                    order = sys.stdin.readline()
                    if not order:  # the test has ended
                        return
                    print(self.change(order), flush=True)
                else:
                    assert isinstance(key.fileobj, socket.socket)
                    self.copy(key.fileobj, *key.data)


def _tap(device: str) -> socket.socket:
    tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ETH_P_ALL))
    tap.setsockopt(_SOL_PACKET, _PACKET_IGNORE_OUTGOING, 1)  # else our own frames come back in
    tap.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    tap.bind((device, _ETH_P_ALL))
    tap.setblocking(False)
    return tap


def main() -> None:
    workshop = Workshop()
    for argument in sys.argv[1:]:
        name, _, ends = argument.partition("=")
        workshop.lay(name, ends.split(","))
    workshop.run()


if __name__ == "__main__":
    main()
