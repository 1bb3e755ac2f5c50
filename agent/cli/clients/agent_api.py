"""Asks a running agent over HTTP. What comes back is parsed once, here, into typed rows."""

from __future__ import annotations

import http.client
import ipaddress
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from agent.engine.adhoc.check import Selection
from agent.errors import AgentUnreachableError, SansangError
from agent.explain.system_errors import system_said
from agent.inventory.entities import Inventory
from agent.model import Cause, ReasonCode, Role, State, UnknownCause, Verdict
from agent.probes.registry import REASONS
from agent.text import Text

DEFAULT_AGENT = "http://127.0.0.1:10115"
CONNECT_SECONDS = 3.0
_IPV4 = 4
ROW_SECONDS = 180.0  # a probe may take minutes at most; the agent sends each row as soon as it has it
MAX_LINE = 1 << 20
MAX_ANSWER = 64 << 20
_MAX_REFUSAL = 4096
_NOT_UNDERSTOOD = Text(
    "không hiểu câu trả lời từ địa chỉ đó; ở đó có phải là bộ giám sát cùng phiên bản với lệnh này không?",
    "the agent's answer is not understood ({why}); is it of this version?",
)
_NO_ANSWER = Text("không có bộ giám sát nào trả lời ở {agent}: {why}", "no agent answers at {agent}: {why}")
_REFUSED = Text("bộ giám sát từ chối: {said}", "the agent refused: {said}")
_STOPPED = Text("bộ giám sát ở {agent} đang trả lời thì ngừng: {why}", "the agent at {agent} stopped answering: {why}")
_NO_ADDRESS = Text(
    "--agent {agent}: đây không phải là địa chỉ; hãy ghi như {right}", "--agent {agent}: not an address such as {right}"
)
RTT_FACTS = ("rtt_mean_seconds", "rtt_seconds", "first_byte_seconds", "connect_seconds")


@dataclass(frozen=True, slots=True)
class Row:
    """One target: the confirmed state as the agent knows it (None without an agent), and this run."""

    target: str
    name: str
    site: str
    role: Role
    state: State | None
    cause: Cause | None
    since: datetime | None
    upstream: str | None
    upstream_name: str
    silent_but_passing: bool
    in_maintenance: bool
    verdict: Verdict
    reason: ReasonCode
    rtt_seconds: float | None
    detail: str
    clock_doubted: bool
    hint: str | None
    document: dict[str, Any]

    @property
    def just_started(self) -> bool:
        """Whether the agent has no state of it yet, because it has not run for long."""
        return self.state is State.UNKNOWN and self.cause in (UnknownCause.NOT_YET, UnknownCause.AGENT_OFF)

    @property
    def failed(self) -> bool:
        """Whether this run should make the command exit with 1."""
        return self.verdict in (Verdict.FAILED, Verdict.LOCAL_ERROR)


def parse(document: dict[str, Any], *, confirmed: bool = True) -> Row:
    """A row of the API as a typed value; raises SansangError if it is not one."""
    try:
        run = document["run"]
        facts = run["facts"] or {}
        return Row(
            target=document["target"],
            name=document["name"],
            site=document["site"],
            role=Role(document["role"]),
            state=State[document["state"].upper()] if confirmed else None,
            cause=_cause(document["cause"]) if confirmed else None,
            since=datetime.fromisoformat(document["since"]) if confirmed else None,
            upstream=document["upstream"],
            upstream_name=document["upstream_name"],
            silent_but_passing=document["silent_but_passing"],
            in_maintenance=document["in_maintenance"],
            verdict=Verdict(run["verdict"]),
            reason=REASONS[run["reason"]],
            rtt_seconds=next((facts[key] for key in RTT_FACTS if facts.get(key) is not None), None),
            detail=run["detail"],
            clock_doubted=run["clock_doubted"],
            hint=document["hint"],
            document=document,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _not_understood(error) from error


def _not_understood(why: object) -> SansangError:
    """Of an agent of another version, or of another program that answers there."""
    return SansangError(_NOT_UNDERSTOOD.filled(why=why))


def _cause(text: str) -> Cause:
    return REASONS.get(text) or UnknownCause(text)


@dataclass(frozen=True, slots=True)
class Header:
    """What comes first: how many rows will follow, the organisation's time zone, and the clock of who probes.

    clock_synchronised: None where the kernel may not be asked. An older agent does not say, and nor do we.
    """

    count: int
    timezone: str
    clock_synchronised: bool | None


def address_of(inventory: Inventory) -> str:
    """Where the agent of this configuration answers; of one that listens everywhere: on this machine."""
    host, _, port = inventory.listen.rpartition(":")
    if host != "localhost" and (address := ipaddress.ip_address(host.strip("[]"))).is_unspecified:
        host = "127.0.0.1" if address.version == _IPV4 else "[::1]"
    return f"http://{host}:{port}"


def check(agent: str, selection: Selection, language: str = "en") -> Iterator[Header | Row]:
    """First the header, then each row; AgentUnreachableError if nobody answers there."""
    body = {"sites": selection.sites, "roles": [role.value for role in selection.roles], "targets": selection.targets}
    with _answer(agent, "/api/v1/check", body, language) as response:
        yield from _rows(response)


def order(agent: str, path: str, document: Mapping[str, object], language: str = "en") -> dict[str, Any]:
    """Have the agent write a signed row, or say which there are; SansangError with its words if it refuses."""
    with _answer(agent, path, document, language) as response:
        answer = _parsed(response.read(MAX_ANSWER))
    if not isinstance(answer, dict):
        raise _not_understood("not an object")
    return answer


@contextmanager
def _answer(agent: str, path: str, document: Mapping[str, object], language: str) -> Iterator[http.client.HTTPResponse]:
    connection = _connection(agent)
    try:
        connection.connect()
    except OSError as error:
        raise AgentUnreachableError(_NO_ANSWER.filled(agent=agent, why=system_said(error))) from error
    try:
        connection.sock.settimeout(ROW_SECONDS)
        headers = {"Content-Type": "application/json", "Accept-Language": language}
        connection.request("POST", path, json.dumps(document), headers)
        response = connection.getresponse()
        if response.status != http.HTTPStatus.OK:
            said = response.read(_MAX_REFUSAL).decode("utf-8", "replace").strip()
            raise SansangError(_REFUSED.filled(said=said))
        yield response
    except (OSError, http.client.HTTPException) as error:
        raise AgentUnreachableError(_STOPPED.filled(agent=agent, why=system_said(error))) from error
    finally:
        connection.close()


def _connection(agent: str) -> http.client.HTTPConnection:
    """To the agent at that URL, not yet connected."""
    no_address = SansangError(_NO_ADDRESS.filled(agent=agent, right=DEFAULT_AGENT))
    try:
        parts = urlsplit(agent)
        host, port = parts.hostname or "", 80 if parts.port is None else parts.port
        host.encode("idna")  # as connecting would
    except ValueError as error:
        raise no_address from error
    if parts.scheme != "http" or not host:
        raise no_address
    return http.client.HTTPConnection(host, port, timeout=CONNECT_SECONDS)


def _rows(response: http.client.HTTPResponse) -> Iterator[Header | Row]:
    header = _header(_parsed(response.readline(MAX_LINE)))
    yield header
    for _ in range(header.count):
        if not (line := response.readline(MAX_LINE)):
            raise http.client.IncompleteRead(b"")
        yield parse(_parsed(line))


def _header(document: Any) -> Header:
    try:
        timezone = ZoneInfo(document["timezone"]).key
        return Header(int(document["count"]), timezone, document.get("clock_synchronised", True))
    except (KeyError, TypeError, ValueError, OSError) as error:  # KeyError: a zone that this machine does not know
        raise _not_understood(error) from error


def _parsed(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _not_understood(error) from error
