"""A dialogue over one connection: expect, send, STARTTLS. Its steps are checked when the inventory is loaded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator

from agent.model import Reason
from agent.probes.options import STRICT, Pattern, refused
from agent.probes.patterns import captured
from agent.probes.tls.connection import ExchangeError, StreamConnection
from agent.text import Text

_MARK = re.compile(r"\\(?:([0-9])|g<([0-9]{1,3})>|(\\))")


@dataclass(frozen=True, slots=True)
class DialogueStep:
    r"""One step, in the order expect, send, starttls; each part may be left out.

    expect        reads lines (their ends cut off) until one matches
    expect_bytes  reads exactly as many bytes and compares them
    send          is sent with a line feed after it; ``\1`` (``\g<12>``) is what the last expect captured, ``\0`` all of
                  its match, ``\\`` a backslash. Nothing is sent where all of it is captures, and these are empty
    starttls      turns the connection into TLS by the module's tls_config
    """

    __pydantic_config__ = STRICT

    expect: Pattern | None = None
    expect_bytes: str | None = None
    send: str | None = None
    starttls: bool = False


def _whole(step: DialogueStep) -> DialogueStep:
    if step.expect is not None and step.expect_bytes is not None:
        raise refused(
            Text("expect và expect_bytes không dùng cùng nhau", "expect and expect_bytes exclude each other"),
            Text("một trong hai", "one of the two"),
        )
    if step == DialogueStep():
        raise refused(Text("bước này không làm gì", "a step that does nothing"), "expect, expect_bytes, send, starttls")
    return step


Dialogue = tuple[Annotated[DialogueStep, AfterValidator(_whole)], ...]
"""The type of a module's ``dialogue``."""


class Conversation:
    """Goes through the steps of a dialogue; `sent` and `unmatched` say how far it came when it was cut off.

    expect_failed: whether the data ended before a line matched.
    """

    __slots__ = ("_connection", "_groups", "expect_failed", "sent", "unmatched")

    def __init__(self, connection: StreamConnection) -> None:
        self._connection = connection
        self._groups: tuple[bytes, ...] = ()
        self.expect_failed = False
        self.sent = False
        self.unmatched = ""  # the last whole line that the present step could not use

    async def take(self, step: DialogueStep) -> None:
        """Do one step but for its starttls, which is the caller's. Raises ExchangeError or OSError."""
        self.unmatched = ""
        if step.expect is not None:
            await self._expect(step.expect)
        if step.expect_bytes is not None:
            await self._expect_bytes(step.expect_bytes.encode())
        if step.send is not None:
            await self._send(step.send)

    async def _send(self, text: str) -> None:
        data = _MARK.sub(self._filled, text).encode("utf-8", "surrogateescape")
        if data or not text:
            await self._connection.send(data + b"\n")
            self.sent = True

    async def _expect(self, pattern: str) -> None:
        while (line := await self._connection.line()) is not None:
            if groups := captured(pattern, line):
                self._groups = groups
                return
            self.unmatched = line[:1024].decode("utf-8", "replace")[:256]
        self.expect_failed = True
        if self.unmatched:
            raise ExchangeError(Reason.BAD_DIALOGUE, f"expected {pattern!r}, last line {self.unmatched!r}")
        raise ExchangeError(Reason.CONNECTION_CLOSED, f"closed before {pattern!r}")

    async def _expect_bytes(self, expected: bytes) -> None:
        received = await self._connection.exactly(len(expected))
        if not received:
            raise ExchangeError(Reason.CONNECTION_CLOSED, f"closed before {expected[:64]!r}")
        if received != expected:
            raise ExchangeError(Reason.BAD_DIALOGUE, f"expected {expected[:64]!r}, came {received[:64]!r}")

    def _filled(self, mark: re.Match[str]) -> str:
        """What a mark stands for; bytes that are not UTF-8 travel as surrogateescape has them."""
        if mark[3]:
            return mark[3]
        number = int(mark[1] or mark[2])
        return self._groups[number].decode("utf-8", "surrogateescape") if number < len(self._groups) else ""


def refused_starttls(conversation: Conversation, ahead: Sequence[DialogueStep]) -> bool:
    """Whether a mismatch now means that the server does not offer TLS: we spoke already, and a starttls is ahead."""
    return conversation.sent and any(step.starttls for step in ahead)
