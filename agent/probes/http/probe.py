"""The web probe: asks a URL, follows its redirects one checked hop at a time, and judges what comes back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from functools import lru_cache

from agent import __version__
from agent.characters import printable
from agent.model import (
    CertificateFaults,
    Declaration,
    ProbeResult,
    Reason,
    ReasonCode,
    ServerTime,
    Target,
    Verdict,
)
from agent.probes import errnos
from agent.probes.http import judge
from agent.probes.http.client import CookieJar, HttpClient, PreparedRequest, ProxyRoute
from agent.probes.http.facts import PHASES, HttpFacts
from agent.probes.http.hsts import demands_tls
from agent.probes.http.measured import measured
from agent.probes.http.metrics import GAUGES, MEASUREMENTS, UNEXPOSED
from agent.probes.http.options import HttpOptions, ProxyOptions
from agent.probes.http.reasons import HttpReason
from agent.probes.http.redirect import (
    REDIRECTS,
    BadUrlError,
    HopRequest,
    Url,
    first_request,
    goes_through,
    host_of,
    parse,
    redirected_request,
    with_hostname,
)
from agent.probes.http.response import CurlResponse
from agent.probes.http.texts import TEXTS
from agent.probes.resolver import Resolved, Unresolved
from agent.probes.spec import ProbeContext, ProbeSpec
from agent.probes.tls.certificate import Certificate, der_of
from agent.probes.tls.facts import TlsFacts, facts_from_chain
from agent.probes.tls.judge import expires_within, expiring_soon, with_instants
from agent.probes.tls.options import TlsOptions, default_ca_file
from agent.probes.tls.trust_path import trust_path

USER_AGENT = f"sansang/{__version__}"
_MAX_DETAIL = 300
_NO_ANSWER, _NO_TLS, _NO_CERTIFICATE = CurlResponse(0, keep_body=False), TlsFacts("", ""), Certificate()


@dataclass(slots=True)
class _HttpRun:
    """One run as it goes from hop to hop."""

    options: HttpOptions
    ctx: ProbeContext[HttpClient]
    started: float
    named: str = ""  # the host that the target itself names
    phases: dict[str, float] = field(default_factory=lambda: dict.fromkeys(PHASES, 0.0))
    redirects: int = 0
    first_byte: float | None = None
    address: str = ""
    stale: bool = False
    url: Url | None = None
    answer: CurlResponse | None = None
    tls: TlsFacts | None = None
    cookies: CookieJar | None = None

    def facts(self, *, failed: bool) -> HttpFacts:
        """Everything known so far, of a run that failed too."""
        answer, tls = self.answer or _NO_ANSWER, self.tls or _NO_TLS
        leaf = tls.leaf or _NO_CERTIFICATE
        return HttpFacts(
            status_code=answer.status or None,
            http_version=answer.version or None,
            redirects=self.redirects,
            content_length=answer.content_length if answer.content_length >= 0 else None,
            body_bytes=answer.body_bytes if self.answer else None,
            phases=tuple(self.phases.items()),
            first_byte_seconds=self.first_byte if answer.header_bytes else None,
            tls=1 if self.tls else 0,
            close_notify_missing=float(answer.without_close_notify),
            tls_expiry_timestamp_seconds=tls.expiry,
            tls_presented_expiry_timestamp_seconds=tls.presented_expiry,
            tls_verified=float(bool(tls.verified)),
            last_modified_timestamp_seconds=_date_of(answer, b"last-modified"),
            regex_failed=float(failed and judge.regex_failed(answer, self.options)),
            hsts=float(bool(self.tls) and demands_tls(answer.header(b"strict-transport-security"))),
            tls_version=tls.version,
            tls_cipher=tls.cipher,
            issuer=leaf.issuer,
            subject=leaf.subject,
            final_url=str(self.url) if self.url else "",
        )

    def result(self, reason: ReasonCode, detail: str = "", certificate: CertificateFaults | None = None) -> ProbeResult:
        took = self.ctx.clock.monotonic() - self.started
        text, verdict = printable(detail, _MAX_DETAIL), reason.verdict
        facts = self.facts(failed=verdict is Verdict.FAILED)
        return ProbeResult(verdict, reason, took, facts, self.address, self.stale, text, certificate, self._date_of())

    def _date_of(self) -> ServerTime | None:
        """What the target's own host says the time is, unless a cache kept the answer for a while (RFC 9111, 5.1).

        Others, to which it may have sent us, are witnesses of its own choice.
        """
        answer, url = self.answer, self.url
        if answer is None or url is None or url.host != self.named or answer.header(b"age"):
            return None
        date = _date_of(answer, b"date")
        return None if date is None else ServerTime(url.host, round(date * 1000))


def _date_of(answer: CurlResponse, name: bytes) -> float | None:
    values = answer.header(name)
    return _date(values[0]) if values and len(values[0]) <= 64 else None


@lru_cache(maxsize=1024)
def _date(text: bytes) -> float | None:
    """RFC 9110 section 5.6.7; None for anything else."""
    try:
        return parsedate_to_datetime(text.decode("ascii")).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


async def run(target: Target, options: HttpOptions, ctx: ProbeContext[HttpClient]) -> ProbeResult:
    """Ask target.address and judge the answer; see docs/probes/http.md."""
    trail = _HttpRun(options, ctx, ctx.clock.monotonic())
    try:
        request = first_request(parse(target.address), options, USER_AGENT)
    except BadUrlError as error:
        return trail.result(Reason.INTERNAL_ERROR, f"{error.wrong.en}: should have been refused at the start")
    trail.named = request.url.host
    trail.cookies = CookieJar() if options.follow_redirects else None
    while True:
        failed = await _hop(trail, request)
        if failed is not None:
            return failed
        location = _location(trail, options)
        if location is None:
            return _judged(trail)
        if trail.redirects >= options.max_redirects:
            return trail.result(HttpReason.TOO_MANY_REDIRECTS, f"after {trail.redirects}: {_shown(location)}")
        try:
            request = redirected_request(request, trail.answer.status if trail.answer else 0, location)
        except BadUrlError as error:
            return trail.result(Reason.REDIRECT_FORBIDDEN, f"{error.wrong.en}: {_shown(location)}")
        trail.redirects += 1


def _location(trail: _HttpRun, options: HttpOptions) -> bytes | None:
    """Where the last answer sends us, None if nowhere."""
    answer = trail.answer
    if answer is None or not options.follow_redirects or answer.status not in REDIRECTS:
        return None
    values = answer.header(b"location")
    return values[0] if values else None


def _shown(location: bytes) -> str:
    return location.decode("utf-8", "replace")


async def _hop(trail: _HttpRun, request: HopRequest) -> ProbeResult | None:
    """One request and its answer; a result when the run ends here."""
    trail.url, trail.answer, trail.tls = request.url, None, None
    proxy = trail.options.proxy
    if proxy is not None and not goes_through(proxy, request.url):
        proxy = None
    resolved = await _address(trail, request.url, proxy)
    if isinstance(resolved, Unresolved):
        return trail.result(resolved.reason, resolved.detail)
    trail.address, trail.stale = resolved.address, trail.stale or resolved.stale
    exchange = _exchange(trail.options, request, resolved.address, proxy, trail.cookies)
    before = sum(trail.phases.values())
    try:
        answer = await trail.ctx.shared.exchange(exchange, trail.ctx.left())
    except OSError as error:
        return trail.result(errnos.classify(error), str(error))
    _note(trail, answer, exchange.tls, before)
    return _broken(trail, request, proxied=proxy is not None)


async def _address(trail: _HttpRun, url: Url, proxy: ProxyOptions | None) -> Resolved | Unresolved:
    """The address to connect to: the proxy's, or the target's."""
    if proxy is None:
        return await _resolved(trail, url.lookup_name)
    at = await _resolved(trail, parse(proxy.url).lookup_name)
    if isinstance(at, Unresolved) and at.reason.verdict is Verdict.FAILED:
        return Unresolved(HttpReason.PROXY_FAILED, at.detail)
    return at


async def _resolved(trail: _HttpRun, host: str) -> Resolved | Unresolved:
    family = trail.options.family.of_source(trail.options.source)
    resolved = await trail.ctx.resolver.resolve(host, family, trail.ctx.deadline)
    if isinstance(resolved, Resolved):
        trail.phases["resolve"] += resolved.took_seconds
    return resolved


def _exchange(
    options: HttpOptions, request: HopRequest, address: str, proxy: ProxyOptions | None, cookies: CookieJar | None
) -> PreparedRequest:
    url, tls = request.url, _tls(options, request)
    name = tls.server_name if tls is not None and tls.server_name else url.host
    return PreparedRequest(
        url=str(url if name == url.host else replace(url, host=name)),
        address=address,
        port=url.port,
        method=request.method,
        headers=request.lines(),
        body=request.body,
        body_limit=options.body_size_limit,
        keep_body=options.keeps_body,
        compression=options.compression,
        http2=options.http2,
        tls=tls,
        source=options.source,
        proxy=_route(proxy, address) if proxy is not None else None,
        cookies=cookies,
    )


def _tls(options: HttpOptions, request: HopRequest) -> TlsOptions | None:
    """The policy for one hop: client certificate and server name belong to the first origin alone."""
    if request.url.scheme != "https":
        return None
    if request.trusted:
        return options.tls_config
    return replace(options.tls_config, cert_file=None, key_file=None, server_name=None)


def _route(proxy: ProxyOptions, address: str) -> ProxyRoute:
    at = replace(parse(proxy.url), host=address, path="")
    login = (proxy.auth.user, proxy.auth.password.reveal()) if proxy.auth is not None else None
    lines = HopRequest(at, "CONNECT", proxy.connect_headers, b"").lines()
    return ProxyRoute(str(at), at.port, login, lines)


def _note(trail: _HttpRun, answer: CurlResponse, tls: TlsOptions | None, before: float) -> None:
    """Times and certificate of one hop. before: what the run had taken when this exchange began."""
    trail.answer = answer
    if answer.header_bytes:
        trail.first_byte = before + answer.first_byte
    for phase, seconds in _phases(answer, tls is not None):
        trail.phases[phase] += seconds
    if answer.chain and tls is not None:
        chain = [der_of(pem) for pem in answer.chain]
        verified = tls.verify and answer.code not in judge.REFUSED
        now = trail.ctx.clock.wall_ms()
        path = trust_path(chain, tls.ca_file or default_ca_file(), now) if verified else ()
        trail.tls = facts_from_chain(chain, *(answer.session or ("", "")), path)


def _phases(answer: CurlResponse, over_tls: bool) -> list[tuple[str, float]]:
    """Where the time of one exchange went; the phase in which it broke off has the rest."""
    ends = [("connect", answer.connected)]
    if over_tls:
        ends.append(("tls", answer.secured))
    ends.append(("processing", answer.first_byte if answer.header_bytes else 0.0))
    phases: list[tuple[str, float]] = []
    start = 0.0
    for phase, end in ends:
        if not end:
            return [*phases, (phase, max(0.0, answer.total - start))]
        phases.append((phase, max(0.0, end - start)))
        start = end
    return [*phases, ("transfer", max(0.0, answer.total - start))]


def _broken(trail: _HttpRun, request: HopRequest, *, proxied: bool) -> ProbeResult | None:
    """A result when the exchange or its certificate ends the run."""
    answer = trail.answer
    if answer is None:
        return None
    failure = judge.failure_of(answer, proxied)
    if failure is not None:
        return trail.result(*failure)
    tls = _tls(trail.options, request)
    if tls is None or not tls.verify or trail.tls is None:
        return None
    host = tls.server_name or request.url.host
    now_ms = trail.ctx.clock.wall_ms()
    faults = judge.certificate_faults(answer, trail.tls, host, now_ms)
    if not faults:
        return None
    named = ", ".join(fault.value for fault in faults)
    return trail.result(faults[0], f"{named}; {answer.message}", with_instants(faults, trail.tls, host, now_ms))


def _judged(trail: _HttpRun) -> ProbeResult:
    """The verdict on a whole answer: the module's demands first, then its limits."""
    answer, options = trail.answer, trail.options
    if answer is None or trail.url is None:
        return trail.result(Reason.INTERNAL_ERROR, "no answer to judge")
    unmet = judge.demands(answer, trail.url.scheme == "https", options)
    if unmet is not None:
        return trail.result(*unmet)
    limits = options.degraded
    now = trail.ctx.clock.wall_ms()
    if limits.certificate is not None and trail.tls is not None and expires_within(trail.tls, limits.certificate, now):
        faults = expiring_soon(trail.tls, trail.url.host, limits.certificate, now)
        return trail.result(Reason.CERTIFICATE_EXPIRING, certificate=faults)
    if limits.first_byte is not None and trail.first_byte is not None and trail.first_byte > limits.first_byte:
        return trail.result(Reason.SLOW, f"first byte after {trail.first_byte:.3f} s")
    return trail.result(Reason.OK)


def _redirect_hosts(address: str, options: HttpOptions) -> tuple[str, ...]:
    urls = (address,) if options.proxy is None else (address, options.proxy.url)
    return tuple(parse(url).lookup_name for url in urls)


SPEC: ProbeSpec[HttpOptions, HttpClient] = ProbeSpec(
    probe="http",
    options=HttpOptions,
    facts=HttpFacts,
    silence=Reason.TIMEOUT,
    open=HttpClient,
    run=run,
    measured=measured,
    host=host_of,
    family=lambda options: options.family.of_source(options.source),
    declaration=Declaration(
        reasons=tuple(HttpReason),
        texts=TEXTS,
        measurements=MEASUREMENTS,
        unexposed=UNEXPOSED,
        gauges=GAUGES,
    ),
    rtt_fact="first_byte_seconds",
    cost_seconds=lambda _options: 1420e-6,  # that of TLS, to which a redirect may lead from a clear address too
    redirect_hosts=_redirect_hosts,
    has_proxy=lambda options: options.proxy is not None,
    with_hostname=with_hostname,
)
