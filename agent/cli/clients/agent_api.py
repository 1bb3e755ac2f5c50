"""Asks a running agent over HTTP. What comes back is parsed once, here, into typed rows."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from agent.cli.clients.device_documents import parse_device, parse_identity, parse_instant, parse_outages, parse_parts
from agent.engine.adhoc.check import CheckResult
from agent.engine.snapshot import ComponentView, SiteOutageView
from agent.errors import AgentUnreachableError, SansangError
from agent.explain.system_errors import system_text
from agent.http_client import HttpAddress, HttpExchange, HttpLimits, HttpRequest, TooLargeError, parse_address
from agent.model import (
    Cause,
    DeviceIdentity,
    DeviceReport,
    Reason,
    ReasonCode,
    Role,
    Selection,
    State,
    UnknownCause,
    Verdict,
)
from agent.probes.declared import REASONS
from agent.probes.registry import PROBES
from agent.text import Text
from agent.web.documents import of_row, plain

DEFAULT_AGENT = "http://127.0.0.1:10115"
_LIMITS = HttpLimits(
    64 << 20,
    connect_seconds=3.0,
    idle_seconds=180.0,  # a probe may take minutes at most; the agent sends each row as soon as it has it
)
_MAX_LINE = 1 << 20
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
RTT_FACTS = tuple(dict.fromkeys(spec.rtt_fact for spec in PROBES.values()))


@dataclass(frozen=True, slots=True)
class TargetCheck:
    """One target: the confirmed state as the agent knows it (None without an agent), and this run.

    parts, booted, identity: of a device, as they are known over time; device: as this run found it. detail_text: the
    detail in each language, where the probe words it itself.
    """

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
    clock_offset_seconds: float | None
    hint: str | None
    document: Mapping[str, Any]
    parts: tuple[ComponentView, ...] = ()
    device: DeviceReport | None = None
    booted: datetime | None = None
    identity: DeviceIdentity | None = None
    detail_text: Text | None = None

    @property
    def failed_parts(self) -> tuple[ComponentView, ...]:
        """Those that matter and are at fault; none of a target whose silence says nothing of them.

        Before the state has turned they are those that this very run blames, since no known instant.
        """
        failed = tuple(part for part in self.parts if part.failed) if self.verdict.success else ()
        if failed or self.device is None or self.reason is not Reason.COMPONENT_FAILED:
            return failed
        mattering = {part.component.id for part in self.parts if part.matters}
        blamed = (part for part in self.device.components if part.matters_always or part.id in mattering)
        return tuple(ComponentView(part, matters=True) for part in blamed if part.fault is not None)

    @property
    def just_started(self) -> bool:
        """Whether the agent has no state of it yet, because it has not run for long."""
        return self.state is State.UNKNOWN and self.cause in (UnknownCause.NOT_YET, UnknownCause.AGENT_OFF)

    @property
    def failed(self) -> bool:
        """Whether this run should make the command exit with 1."""
        return self.verdict in (Verdict.FAILED, Verdict.LOCAL_ERROR)


def parse_target_check(document: dict[str, Any]) -> TargetCheck:
    """A row of the API as a typed value; raises SansangError if it is not one."""
    try:
        run = document["run"]
        return TargetCheck(
            target=document["target"],
            name=document["name"],
            site=document["site"],
            role=Role(document["role"]),
            state=State[document["state"].upper()],
            cause=_cause(document["cause"]),
            since=datetime.fromisoformat(document["since"]),
            upstream=document["upstream"],
            upstream_name=document["upstream_name"],
            silent_but_passing=document["silent_but_passing"],
            in_maintenance=document["in_maintenance"],
            verdict=Verdict(run["verdict"]),
            reason=REASONS[run["reason"]],
            rtt_seconds=_rtt_seconds(run["facts"]),
            detail=run["detail"],
            clock_doubted=run["clock_doubted"],
            clock_offset_seconds=run.get("clock_offset_seconds"),
            hint=document["hint"],
            document=document,
            parts=parse_parts(document),
            device=parse_device(run),
            booted=parse_instant(document.get("booted")),
            identity=parse_identity(document.get("identity")),
            detail_text=_text(run.get("detail_text")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise not_understood(error) from error


def unconfirmed(checked: CheckResult) -> TargetCheck:
    """A run that was made without an agent: nothing is known beside it."""
    view, result, document = checked.view, checked.result, of_row(checked)
    return TargetCheck(
        target=view.target.id,
        name=view.target.name,
        site=view.target.site,
        role=view.target.role,
        state=None,
        cause=None,
        since=None,
        upstream=view.upstream,
        upstream_name=view.upstream_name,
        silent_but_passing=view.silent_but_passing,
        in_maintenance=view.in_maintenance,
        verdict=result.verdict,
        reason=result.reason,
        rtt_seconds=_rtt_seconds(plain(result.facts)),
        detail=result.detail,
        clock_doubted=result.clock_doubted,
        clock_offset_seconds=result.clock_offset_seconds,
        hint=checked.result.remedy or None,
        document=document,
        parts=view.components or _parts_alone(result.device),
        device=result.device,
        identity=view.device_identity,
        detail_text=result.detail_text,
    )


def _text(document: Mapping[str, Any] | None) -> Text | None:
    return None if document is None else Text(str(document["vi"]), str(document["en"]))


def _parts_alone(device: DeviceReport | None) -> tuple[ComponentView, ...]:
    """The parts of one run, without an agent: of their use nothing is known."""
    return () if device is None else tuple(ComponentView(part, part.matters_always) for part in device.components)


def _rtt_seconds(facts: Any) -> float | None:
    return next((facts[key] for key in RTT_FACTS if facts.get(key) is not None), None) if facts else None


def not_understood(why: object) -> SansangError:
    """The error for the answer of an agent of another version, or of another program."""
    return SansangError(_NOT_UNDERSTOOD.filled(why=why))


def _cause(text: str) -> Cause:
    return REASONS.get(text) or UnknownCause(text)


@dataclass(frozen=True, slots=True)
class CheckHeader:
    """What comes first: how many rows will follow, the organisation's time zone, and the clock of who probes.

    clock_synchronised: None where the kernel may not be asked. An older agent does not say, and nor do we.
    outages: the last one of each site as a whole.
    """

    count: int
    timezone: str
    clock_synchronised: bool | None
    outages: tuple[SiteOutageView, ...] = ()


def check(agent: str, selection: Selection, language: str = "en") -> Iterator[CheckHeader | TargetCheck]:
    """First the header, then each row; AgentUnreachableError if nobody answers there."""
    body = {"sites": selection.sites, "roles": selection.roles, "targets": selection.targets}
    body |= {"probes": selection.probes} if selection.probes else {}
    with _exchange(agent, "/api/v1/check", body, language) as answer:
        yield from _rows(answer)


def post(agent: str, path: str, body: Mapping[str, object], language: str = "en") -> dict[str, object]:
    """The agent's answer to a command about signed rows; SansangError with its reason if it refuses."""
    with _exchange(agent, path, body, language) as answer:
        parsed = _parsed(answer.read())
    if not isinstance(parsed, dict):
        raise not_understood("not an object")
    return parsed


@contextmanager
def _exchange(agent: str, path: str, document: Mapping[str, object], language: str) -> Iterator[HttpExchange]:
    headers = {"Content-Type": "application/json", "Accept-Language": language}
    body = json.dumps(document).encode()
    answer = HttpExchange(HttpRequest(_address(agent).url + path, _LIMITS, "POST", headers, body))
    try:
        answer.wait_for_headers()
        if answer.status != http.HTTPStatus.OK:
            reason = answer.read()[:_MAX_REFUSAL].decode("utf-8", "replace").strip()
            raise SansangError(_REFUSED.filled(said=reason))
        yield answer
    except (OSError, http.client.HTTPException) as error:
        text = _STOPPED if answer.connected else _NO_ANSWER
        raise AgentUnreachableError(text.filled(agent=agent, why=system_text(error))) from error
    except TooLargeError as error:
        raise not_understood("too long") from error
    finally:
        answer.close()


def _address(agent: str) -> HttpAddress:
    try:
        address = parse_address(agent)
    except ValueError as error:
        raise SansangError(_NO_ADDRESS.filled(agent=agent, right=DEFAULT_AGENT)) from error
    if address.scheme != "http":
        raise SansangError(_NO_ADDRESS.filled(agent=agent, right=DEFAULT_AGENT))
    return replace(address, path="")


def _rows(answer: HttpExchange) -> Iterator[CheckHeader | TargetCheck]:
    header = _header(_parsed(answer.read_line(_MAX_LINE)))
    yield header
    for _ in range(header.count):
        if not (line := answer.read_line(_MAX_LINE)):
            raise http.client.IncompleteRead(b"")
        yield parse_target_check(_parsed(line))


def _header(document: Any) -> CheckHeader:
    try:
        timezone = ZoneInfo(document["timezone"]).key
        outages = parse_outages(document)
        return CheckHeader(int(document["count"]), timezone, document.get("clock_synchronised", True), outages)
    except (KeyError, TypeError, ValueError, OSError) as error:  # KeyError: a zone that this machine does not know
        raise not_understood(error) from error


def _parsed(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise not_understood(error) from error
