from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import ssl
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from agent.lab.listeners.base import Misbehaviour
from agent.lab.listeners.tcp import TcpListener
from agent.model import ProbeResult, Reason, ReasonCode, Verdict
from agent.probes.resolver import Resolved, Unresolved
from agent.probes.tcp.dialogue import DialogueStep
from agent.probes.tcp.facts import TcpFacts
from agent.probes.tcp.options import TcpDegraded, TcpOptions
from agent.probes.tcp.probe import SPEC
from agent.probes.tcp.reasons import TcpReason
from agent.probes.tls.options import TlsOptions, TlsVersion
from tests.pki import HOST, Server, pki
from tests.probing import run_probe

SMTP_ANSWERS = {
    b"EHLO": b"250-mail.example\r\n250-STARTTLS\r\n250 HELP\r\n",
    b"STARTTLS": b"220 go ahead\r\n",
    b"NOOP": b"250 2.0.0 OK\r\n",
}
SMTP = (
    DialogueStep(expect="^220 ([^ ]+) ESMTP", send=r"EHLO \1"),
    DialogueStep(expect="^250-STARTTLS"),
    DialogueStep(expect="^250 ", send="STARTTLS"),
    DialogueStep(expect="^220", starttls=True),
    DialogueStep(send="NOOP"),
    DialogueStep(expect="^250 2.0.0"),
)
Serve = Callable[[TcpListener], Awaitable[TcpListener]]


class HonestOnce(TcpListener):
    """Silent from the second connection on."""

    async def _serve(self, sock: socket.socket) -> None:
        self.misbehaviour = Misbehaviour.SILENT if self.connections > 1 else Misbehaviour.NONE
        await super()._serve(sock)


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    opened: list[TcpListener] = []

    async def start(listener: TcpListener) -> TcpListener:
        opened.append(listener)
        await listener.open("127.0.0.1")
        return listener

    yield start
    for listener in opened:
        await listener.close()


async def probe(listener: TcpListener, options: TcpOptions | None = None, timeout: float = 5.0) -> ProbeResult:
    here = {HOST: Resolved("127.0.0.1", stale=False, took_seconds=0.0)}
    return await run_probe(SPEC, f"{HOST}:{listener.port}", options or TcpOptions(), timeout=timeout, names=here)


def facts_of(result: ProbeResult) -> TcpFacts:
    assert isinstance(result.facts, TcpFacts)
    return result.facts


def trusting(**more: object) -> TlsOptions:
    return TlsOptions(ca_file=pki().ca_file, **more)  # type: ignore[arg-type]


async def test_an_open_port_is_ok_and_timed_by_the_kernel(serve: Serve) -> None:
    result = await probe(await serve(TcpListener()))
    assert (result.verdict, result.reason, result.address) == (Verdict.OK, Reason.OK, "127.0.0.1")
    seconds = facts_of(result).connect_seconds
    assert seconds is not None
    assert 0 < seconds <= result.took_seconds
    assert (seconds * 1e6) % 1 == pytest.approx(0, abs=1e-6)  # whole microseconds: TCP_INFO's, not our clock's


async def test_a_closed_port_is_refused() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # held but not listening: nobody else can take it
        result = await run_probe(SPEC, f"127.0.0.1:{held.getsockname()[1]}", TcpOptions())
    assert (result.verdict, result.reason) == (Verdict.FAILED, Reason.REFUSED)


async def test_a_host_that_drops_the_syn_is_a_timeout() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)  # a full backlog drops further SYNs
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(full.getsockname())
        result = await run_probe(SPEC, f"127.0.0.1:{full.getsockname()[1]}", TcpOptions(), timeout=0.3)
        for filler in fillers:
            filler.close()
    assert (result.reason, result.detail) == (Reason.TIMEOUT, "no connection")
    assert result.took_seconds < 0.5


@pytest.mark.parametrize("reason", [Reason.NAME_NOT_FOUND, Reason.RESOLVER_FAILED])
async def test_what_the_resolver_says_is_the_result(reason: ReasonCode) -> None:
    result = await run_probe(SPEC, "name.example:80", TcpOptions(), names={"name.example": Unresolved(reason, "why")})
    assert (result.reason, result.detail, result.facts) == (reason, "why", None)


async def test_a_stale_address_is_flagged(serve: Serve) -> None:
    listener = await serve(TcpListener())
    old = {"old.example": Resolved("127.0.0.1", stale=True, took_seconds=0.0)}
    result = await run_probe(SPEC, f"old.example:{listener.port}", TcpOptions(), names=old)
    assert (result.reason, result.stale_address) == (Reason.OK, True)


async def test_a_source_address_is_used_and_one_that_is_not_ours_is_our_fault(serve: Serve) -> None:
    listener = await serve(TcpListener())
    assert (await probe(listener, TcpOptions(source="127.0.0.9"))).reason is Reason.OK
    result = await probe(listener, TcpOptions(source="192.0.2.1"))
    assert (result.verdict, result.reason) == (Verdict.LOCAL_ERROR, Reason.NO_SOURCE_ADDRESS)


async def test_tls_gives_the_facts_of_the_certificate(serve: Serve) -> None:
    listener = await serve(TcpListener(certificate=pki().good.pem))
    result = await probe(listener, TcpOptions(tls=True, tls_config=trusting()))
    facts = facts_of(result)
    assert result.reason is Reason.OK, result.detail
    assert facts.tls_version == "TLSv1.3"
    assert facts.tls_names == ("good.example", "*.wild.example", "127.0.0.1")
    assert facts.tls_expiry_timestamp_seconds == 32503680000  # trustme: 3000-01-01
    assert facts.tls_seconds is not None
    assert facts.tls_seconds > 0


@pytest.mark.parametrize(
    ("kind", "faults"),
    [
        ("expired", (Reason.TLS_EXPIRED,)),
        ("future", (Reason.TLS_NOT_YET_VALID,)),
        ("wrong_host", (Reason.TLS_WRONG_NAME,)),
        ("expired_wrong_host", (Reason.TLS_EXPIRED, Reason.TLS_WRONG_NAME)),
        ("self_signed", (Reason.TLS_SELF_SIGNED,)),
        ("no_chain", (Reason.TLS_UNTRUSTED,)),
        ("unknown_ca", (Reason.TLS_UNTRUSTED,)),
    ],
)
async def test_a_bad_certificate_is_named_and_its_facts_are_there(
    serve: Serve, kind: str, faults: tuple[ReasonCode, ...]
) -> None:
    server: Server = getattr(pki(), kind)
    listener = await serve(TcpListener(certificate=server.pem))
    result = await probe(listener, TcpOptions(tls=True, tls_config=trusting(), dialogue=(DialogueStep(send="secret"),)))
    assert (result.verdict, result.reason) == (Verdict.FAILED, faults[0])
    assert facts_of(result).tls_faults == faults
    assert facts_of(result).tls_expiry_timestamp_seconds is not None
    assert facts_of(result).tls_fingerprint != ""
    looks = 0 if faults == (Reason.TLS_WRONG_NAME,) else 1  # a chain that verified has been seen already
    assert (listener.connections, bytes(listener.heard)) == (1 + looks, b"")  # the second look sends nothing


async def test_an_unverified_certificate_is_no_fault_when_not_asked(serve: Serve) -> None:
    listener = await serve(TcpListener(certificate=pki().expired_wrong_host.pem))
    assert (await probe(listener, TcpOptions(tls=True, tls_config=TlsOptions(verify=False)))).reason is Reason.OK


async def test_server_name_stands_for_the_host(serve: Serve) -> None:
    listener = await serve(TcpListener(certificate=pki().wrong_host.pem))
    config = trusting(server_name="other.example")
    assert (await probe(listener, TcpOptions(tls=True, tls_config=config))).reason is Reason.OK


async def probe_openssl(context: ssl.SSLContext, options: TcpOptions) -> ProbeResult:
    """Against OpenSSL on a blocking socket, which sends its alerts (uvloop's TLS drops them)."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(5)
        server = asyncio.create_task(asyncio.to_thread(_serve_once, listening, context))
        here = {HOST: Resolved("127.0.0.1", stale=False, took_seconds=0.0)}
        result = await run_probe(SPEC, f"{HOST}:{listening.getsockname()[1]}", options, names=here)
        await server
        return result


def _serve_once(listening: socket.socket, context: ssl.SSLContext) -> None:
    sock, _ = listening.accept()
    with sock, contextlib.suppress(OSError), context.wrap_socket(sock, server_side=True) as tls:
        tls.sendall(b"hello\r\n")
        tls.recv(1)


async def test_a_server_older_than_min_version_fails_in_tls() -> None:
    context = pki().good.context()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    new = await probe_openssl(context, TcpOptions(tls=True, tls_config=trusting(min_version=TlsVersion.TLS13)))
    assert new.reason is Reason.TLS_FAILED
    assert "PROTOCOL_VERSION" in new.detail
    old = await probe_openssl(context, TcpOptions(tls=True, tls_config=trusting(max_version=TlsVersion.TLS12)))
    assert facts_of(old).tls_version == "TLSv1.2"


async def test_an_old_device_is_asked_with_tls10() -> None:
    context = pki().good.context()
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    config = trusting(min_version=TlsVersion.TLS10)
    assert facts_of(await probe_openssl(context, TcpOptions(tls=True, tls_config=config))).tls_version == "TLSv1"
    assert (await probe_openssl(context, TcpOptions(tls=True, tls_config=trusting()))).reason is Reason.TLS_FAILED


async def test_a_client_certificate_is_shown() -> None:
    context = pki().good.context()
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(pki().ca_file)
    hello = (DialogueStep(expect="hello"),)
    with_one = trusting(cert_file=pki().client.pem, key_file=pki().client.pem)
    shown = await probe_openssl(context, TcpOptions(tls=True, tls_config=with_one, dialogue=hello))
    assert shown.reason is Reason.OK, shown.detail
    without = await probe_openssl(context, TcpOptions(tls=True, tls_config=trusting(), dialogue=hello))
    assert without.reason is Reason.TLS_FAILED
    assert "CERTIFICATE_REQUIRED" in without.detail


@pytest.mark.parametrize(
    ("misbehaviour", "reason"),
    [
        (Misbehaviour.SILENT, Reason.STALLED),
        (Misbehaviour.STALL, Reason.STALLED),
        (Misbehaviour.DRIP, Reason.STALLED),
        (Misbehaviour.GARBAGE, Reason.TLS_REQUIRED),
        (Misbehaviour.CLOSE, Reason.CONNECTION_CLOSED),
        (Misbehaviour.RESET, Reason.CONNECTION_RESET),
        (Misbehaviour.SLOW, Reason.OK),
    ],
)
async def test_vices_in_the_tls_handshake(serve: Serve, misbehaviour: Misbehaviour, reason: ReasonCode) -> None:
    listener = await serve(TcpListener(certificate=pki().good.pem))
    listener.misbehaviour, listener.slow_seconds = misbehaviour, 0.05
    result = await probe(listener, TcpOptions(tls=True, tls_config=trusting()), timeout=1.0)
    assert result.reason is reason, result.detail
    assert result.took_seconds < 1.5


async def test_an_endless_handshake_ends(serve: Serve) -> None:
    listener = await serve(TcpListener(certificate=pki().good.pem))
    listener.misbehaviour = Misbehaviour.ENDLESS
    result = await probe(listener, TcpOptions(tls=True, tls_config=trusting()))
    assert result.reason in (Reason.TLS_FAILED, Reason.TOO_LARGE)
    assert result.took_seconds < 2


async def test_asked_for_tls_answered_in_clear(serve: Serve) -> None:
    listener = await serve(TcpListener(banner=b"220 mail.example ESMTP\r\n"))
    result = await probe(listener, TcpOptions(tls=True, tls_config=trusting()))
    assert result.reason is Reason.TLS_REQUIRED
    assert "220 mail" in result.detail


async def test_starttls_in_a_dialogue(serve: Serve) -> None:
    listener = await serve(
        TcpListener(b"220 mail.example ESMTP hello\r\n", SMTP_ANSWERS, pki().good.pem, upgrade_on=b"STARTTLS")
    )
    result = await probe(listener, TcpOptions(tls_config=trusting(), dialogue=SMTP))
    assert result.reason is Reason.OK, result.detail
    assert facts_of(result).tls_version == "TLSv1.3"
    assert listener.heard == b"EHLO mail.example\nSTARTTLS\nNOOP\n"


async def test_a_bad_certificate_behind_starttls_is_looked_at_too(serve: Serve) -> None:
    listener = await serve(
        TcpListener(b"220 mail.example ESMTP hello\r\n", SMTP_ANSWERS, pki().expired.pem, upgrade_on=b"STARTTLS")
    )
    result = await probe(listener, TcpOptions(tls_config=trusting(), dialogue=SMTP))
    assert (result.reason, facts_of(result).tls_faults) == (Reason.TLS_EXPIRED, (Reason.TLS_EXPIRED,))
    assert b"NOOP" not in listener.heard


async def test_a_server_without_starttls_refuses_it(serve: Serve) -> None:
    listener = await serve(TcpListener(b"220 mail.example ESMTP hello\r\n", {b"EHLO": b"250 HELP\r\n"}))
    result = await probe(listener, TcpOptions(dialogue=SMTP), timeout=0.3)
    assert result.reason is TcpReason.STARTTLS_REFUSED


@pytest.mark.parametrize(
    ("said", "steps", "failed", "reason"),
    [
        (b"220 ready\n", [DialogueStep("^220")], 0, Reason.OK),
        (b"550 no\n", [DialogueStep("^220")], 1, Reason.BAD_DIALOGUE),
        (b"", [DialogueStep("^220")], 1, Reason.CONNECTION_CLOSED),
        (
            b"550 no\n",
            [DialogueStep(send="STARTTLS"), DialogueStep("^220"), DialogueStep(starttls=True)],
            1,
            TcpReason.STARTTLS_REFUSED,
        ),
        (b"550", [DialogueStep(expect_bytes="220")], 0, Reason.BAD_DIALOGUE),
    ],
)
async def test_an_end_before_the_line_that_was_expected_is_a_fact(
    said: bytes, steps: list[DialogueStep], failed: float, reason: ReasonCode
) -> None:
    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        writer.write_eof()
        await reader.read()
        writer.close()

    async with await asyncio.start_server(say, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        result = await run_probe(SPEC, f"127.0.0.1:{port}", TcpOptions(dialogue=tuple(steps)))
    assert (result.reason, facts_of(result).expect_failed) == (reason, failed)


@pytest.mark.parametrize(
    ("misbehaviour", "reason"),
    [
        (Misbehaviour.NONE, Reason.OK),
        (Misbehaviour.SILENT, Reason.TIMEOUT),
        (Misbehaviour.GARBAGE, Reason.BAD_DIALOGUE),
        (Misbehaviour.ENDLESS, Reason.TOO_LARGE),
        (Misbehaviour.DRIP, Reason.STALLED),
        (Misbehaviour.STALL, Reason.STALLED),
        (Misbehaviour.SLOW, Reason.OK),
        (Misbehaviour.CLOSE, Reason.CONNECTION_CLOSED),
        (Misbehaviour.RESET, Reason.CONNECTION_RESET),
    ],
)
async def test_vices_in_the_dialogue(serve: Serve, misbehaviour: Misbehaviour, reason: ReasonCode) -> None:
    listener = await serve(TcpListener(b"SSH-2.0-OpenSSH_9.2\r\n"))
    listener.misbehaviour, listener.slow_seconds = misbehaviour, 0.05
    result = await probe(listener, TcpOptions(dialogue=(DialogueStep(expect="^SSH-2.0-"),)), timeout=0.5)
    assert result.reason is reason, result.detail
    assert result.took_seconds < 1.0


async def test_a_line_that_never_fits_is_a_bad_dialogue_at_the_deadline(serve: Serve) -> None:
    listener = await serve(TcpListener(b"HTTP/1.1 400 Bad Request\r\n"))
    result = await probe(listener, TcpOptions(dialogue=(DialogueStep(expect="^SSH-"),)), timeout=0.2)
    assert result.reason is Reason.BAD_DIALOGUE
    assert "400 Bad Request" in result.detail


@pytest.mark.parametrize(
    ("kind", "limits", "reason"),
    [
        ("soon", TcpDegraded(certificate=7 * 86400.0), Reason.CERTIFICATE_EXPIRING),
        ("soon", TcpDegraded(certificate=3 * 86400.0), Reason.OK),
        ("good", TcpDegraded(certificate=7 * 86400.0), Reason.OK),
        ("good", TcpDegraded(connect=1e-9), Reason.SLOW),
        ("good", TcpDegraded(connect=5.0), Reason.OK),
        ("soon", TcpDegraded(connect=1e-9, certificate=7 * 86400.0), Reason.CERTIFICATE_EXPIRING),
    ],
)
async def test_limits_make_it_degraded(serve: Serve, kind: str, limits: TcpDegraded, reason: ReasonCode) -> None:
    listener = await serve(TcpListener(certificate=getattr(pki(), kind).pem))
    result = await probe(listener, TcpOptions(tls=True, tls_config=trusting(), degraded=limits))
    assert result.reason is reason
    assert result.success


async def test_a_tls_file_that_went_bad_since_the_start_is_our_fault(serve: Serve, tmp_path: Path) -> None:
    listener = await serve(TcpListener(certificate=pki().good.pem))
    ca_file = tmp_path / "ca.pem"
    options = TcpOptions(tls=True, tls_config=TlsOptions(ca_file=str(ca_file)))
    gone = await probe(listener, options)
    assert (gone.verdict, gone.reason) == (Verdict.LOCAL_ERROR, Reason.LOCAL_ERROR)
    ca_file.write_text("not a certificate", encoding="ascii")
    assert (await probe(listener, options)).reason is Reason.LOCAL_ERROR
    ca_file.write_bytes(Path(pki().ca_file).read_bytes())
    os.utime(ca_file, ns=(1, 1))  # another time stamp, however coarse the file system's are
    assert (await probe(listener, options)).reason is Reason.OK


async def test_a_verdict_stands_when_the_second_look_fails(serve: Serve) -> None:
    listener = await serve(HonestOnce(certificate=pki().expired.pem))
    result = await probe(listener, TcpOptions(tls=True, tls_config=trusting()), timeout=0.5)
    assert result.reason is Reason.TLS_EXPIRED
    assert facts_of(result).tls_expiry_timestamp_seconds is None
    assert listener.connections == 2
    assert result.took_seconds < 1.0


async def test_cancellation_leaves_no_socket(serve: Serve) -> None:
    listener = await serve(TcpListener())
    listener.misbehaviour = Misbehaviour.SILENT
    task = asyncio.create_task(probe(listener, TcpOptions(dialogue=(DialogueStep(expect="x"),))))
    while not listener.connections:
        await asyncio.sleep(0.001)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task  # an open socket would fail the test: ResourceWarning is an error
