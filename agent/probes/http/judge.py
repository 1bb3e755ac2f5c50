"""An exchange as a verdict: libcurl's codes as reasons, and a whole answer against what the module demands."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator, Mapping

import jmespath
from jmespath.exceptions import JMESPathError

from agent.model import Reason, ReasonCode
from agent.probes import errnos
from agent.probes.http.chunks import FramingError, is_chunked
from agent.probes.http.content import BodyFault
from agent.probes.http.multi import OPERATION_TIMEDOUT
from agent.probes.http.options import HeaderMatch, HttpOptions, TlsUse
from agent.probes.http.reasons import HttpReason
from agent.probes.http.response import CurlResponse
from agent.probes.patterns import matches
from agent.probes.tls.facts import TlsFacts
from agent.probes.tls.judge import faults_after, reason_of_code

Judgement = tuple[ReasonCode, str]
"""A reason, and what to tell a person: of hostile origin where it quotes the answer."""

SSL_CONNECT_ERROR, ABORTED_BY_CALLBACK, GOT_NOTHING, PEER_FAILED_VERIFICATION = 35, 42, 52, 60
REFUSED = (ABORTED_BY_CALLBACK, PEER_FAILED_VERIFICATION)  # the certificate, by its name alone or by libcurl
_ALERT = " alert "  # in OpenSSL's words for what the other side refused
_BY_ERRNO = (7, 55, 56)  # COULDNT_CONNECT, SEND_ERROR, RECV_ERROR
_CODES: Mapping[int, ReasonCode] = {  # CURLcode, curl/curl.h
    1: Reason.PROTOCOL_ERROR,  # UNSUPPORTED_PROTOCOL: an answer of HTTP/0.9, that is: none of HTTP
    5: HttpReason.PROXY_FAILED,  # COULDNT_RESOLVE_PROXY
    8: Reason.PROTOCOL_ERROR,  # WEIRD_SERVER_REPLY
    16: Reason.PROTOCOL_ERROR,  # HTTP2
    18: Reason.CONNECTION_CLOSED,  # PARTIAL_FILE: less than Content-Length said
    23: Reason.PROTOCOL_ERROR,  # WRITE_ERROR: our own stop, told apart before
    27: Reason.TOO_LARGE,  # OUT_OF_MEMORY: libcurl's own bound on what it tells of a certificate; malloc never refuses
    43: Reason.PROTOCOL_ERROR,  # BAD_FUNCTION_ARGUMENT: a folded line that folds nothing; our own would be raised
    45: Reason.NO_SOURCE_ADDRESS,  # INTERFACE_FAILED
    52: Reason.CONNECTION_CLOSED,  # GOT_NOTHING
    58: Reason.LOCAL_ERROR,  # SSL_CERTPROBLEM: our own client certificate
    59: Reason.TLS_FAILED,  # SSL_CIPHER
    61: Reason.PROTOCOL_ERROR,  # BAD_CONTENT_ENCODING: a Transfer-Encoding other than chunked
    77: Reason.LOCAL_ERROR,  # SSL_CACERT_BADFILE: our own CA file
    92: Reason.PROTOCOL_ERROR,  # HTTP2_STREAM
    97: HttpReason.PROXY_FAILED,  # PROXY
    100: Reason.TOO_LARGE,  # TOO_LARGE: a header line beyond libcurl's own limit
}
_TLS_WORDS = (  # of OpenSSL, for SSL_CONNECT_ERROR
    ("wrong version number", Reason.TLS_REQUIRED),
    ("http request", Reason.TLS_REQUIRED),
    ("unexpected eof", Reason.CONNECTION_CLOSED),
)


def failure_of(answer: CurlResponse, through_proxy: bool) -> Judgement | None:
    """Why there is no whole answer, certificates apart; None when there is one (or only its certificate is at fault).

    Anything that arrived before the deadline makes silence a stall: STALLED, else TIMEOUT.
    """
    if answer.overflow:
        return Reason.TOO_LARGE, f"{answer.overflow} over the limit"
    if answer.malformed:
        return Reason.PROTOCOL_ERROR, "neither a status line nor a head (RFC 9112)"
    if answer.misframed:
        return Reason.PROTOCOL_ERROR, answer.misframed
    if answer.content is not None and answer.content.fault is BodyFault.BROKEN:
        return Reason.PROTOCOL_ERROR, f"Content-Encoding: {answer.content.detail}"
    if answer.came_whole:
        return _unfinished(answer)
    if _certificate_refused(answer):
        return Reason.TLS_FAILED, answer.message
    if answer.code in REFUSED:
        return None
    if answer.code == OPERATION_TIMEDOUT:
        return _silence(answer)
    reason = _reason(answer)
    if through_proxy and reason in (Reason.REFUSED, Reason.UNREACHABLE, Reason.CONNECTION_RESET):
        reason = HttpReason.PROXY_FAILED
    if through_proxy and "CONNECT tunnel failed" in answer.message:
        reason = HttpReason.PROXY_FAILED
    return reason, answer.message


def _unfinished(answer: CurlResponse) -> Judgement | None:
    """What libcurl takes for whole and is not."""
    if not answer.head_done or 100 <= answer.status < 200:
        return Reason.CONNECTION_CLOSED, "closed before the blank line that ends the head"
    lengths = {value.strip() for line in answer.header(b"content-length") for value in line.split(b",")}
    if len(lengths) > 1 or not all(_is_length(value) for value in lengths):
        return Reason.PROTOCOL_ERROR, "Content-Length is no number (RFC 9110 section 8.6)"
    try:
        is_chunked(answer.header(b"transfer-encoding"))
    except FramingError as error:
        return Reason.PROTOCOL_ERROR, str(error)
    if answer.chunks is not None and not answer.chunks.whole:
        return Reason.PROTOCOL_ERROR, "malformed chunks (RFC 9112 section 7.1)"
    if answer.content is not None and answer.content.fault is BodyFault.CUT:
        return Reason.CONNECTION_CLOSED, f"the body {answer.content.detail}"
    return None


def _is_length(value: bytes) -> bool:
    """Digits alone, and no more than 63 bits: libcurl reads until the end where it is more."""
    digits = value.lstrip(b"0")
    return value.isdigit() and len(digits) < 20 and int(digits or b"0") < 2**63


def _silence(answer: CurlResponse) -> Judgement:
    if not answer.connected:
        return Reason.TIMEOUT, "no connection"
    if answer.header_bytes or answer.received:
        return Reason.STALLED, f"{answer.received} bytes came, then no more in time"
    return Reason.TIMEOUT, "connected, no answer"


def _reason(answer: CurlResponse) -> ReasonCode:
    if answer.code == SSL_CONNECT_ERROR:
        return _tls_reason(answer)
    if answer.code in _BY_ERRNO:
        if answer.errno:
            return errnos.classify(OSError(answer.errno, os.strerror(answer.errno)))
        return Reason.TLS_FAILED if answer.broken_tls else Reason.CONNECTION_CLOSED
    return _CODES.get(answer.code, Reason.PROTOCOL_ERROR)


def _certificate_refused(answer: CurlResponse) -> bool:
    """Whether the server hung up on our certificate: in TLS 1.3 that comes once we are done (RFC 8446 4.4.2.4).

    libcurl may see the connection's end before the alert that explains it: then that the server asked for one must do.
    """
    if answer.header_bytes or not answer.code:
        return False
    if answer.code == PEER_FAILED_VERIFICATION:  # the server's alert certificate_expired too, but that shows no chain
        return not answer.chain
    return _ALERT in answer.message or (answer.certificate_wanted is True and answer.code in (GOT_NOTHING, *_BY_ERRNO))


def _tls_reason(answer: CurlResponse) -> ReasonCode:
    if answer.errno in (errno.ECONNRESET, errno.EPIPE):
        return Reason.CONNECTION_RESET
    text = answer.message.lower()
    return next((reason for words, reason in _TLS_WORDS if words in text), Reason.TLS_FAILED)


def certificate_faults(answer: CurlResponse, facts: TlsFacts, host: str, now_wall_ms: int) -> tuple[Reason, ...]:
    """What is wrong with a certificate that was refused; the first decides. () of one that was not."""
    if answer.code == ABORTED_BY_CALLBACK:
        return (Reason.TLS_WRONG_NAME,)
    if answer.code != PEER_FAILED_VERIFICATION:
        return ()
    # libcurl compares the name itself, after OpenSSL was content with the chain
    refused = reason_of_code(answer.verify) if "verify result" in answer.message else Reason.TLS_WRONG_NAME
    return faults_after(refused, facts, host, now_wall_ms)


def demands(answer: CurlResponse, over_tls: bool, options: HttpOptions) -> Judgement | None:
    """The first demand of the module that a whole answer does not meet; None when it meets them all."""
    return next(_unmet(answer, over_tls, options), None)


def regex_failed(answer: CurlResponse, options: HttpOptions) -> bool:
    """Whether a pattern failed, or the body that it is for could not be read: as blackbox_exporter has it.

    There patterns come right after the status, headers first, whatever else is wrong with the answer.
    """
    if not answer.head_done or not _status_allowed(answer, options):
        return False
    if any(_unmet_headers(answer, options)):
        return True
    if not options.body_matches and not options.body_not_matches:
        return False
    return failure_of(answer, through_proxy=False) is not None or any(_unmet_body(answer, options))


def _status_allowed(answer: CurlResponse, options: HttpOptions) -> bool:
    return answer.status in options.status or f"{answer.status // 100}xx" in options.status


def _unmet(answer: CurlResponse, over_tls: bool, options: HttpOptions) -> Iterator[Judgement]:
    if not _status_allowed(answer, options):
        yield HttpReason.BAD_STATUS, f"status {answer.status}"
    if options.http_versions and answer.version not in options.http_versions:
        yield HttpReason.BAD_VERSION, f"HTTP/{answer.version}"
    if options.tls is TlsUse.REQUIRED and not over_tls:
        yield Reason.TLS_REQUIRED, "the answer came in clear"
    if options.tls is TlsUse.FORBIDDEN and over_tls:
        yield HttpReason.TLS_UNEXPECTED, "the answer came over TLS"
    yield from _unmet_headers(answer, options)
    yield from _unmet_body(answer, options)
    yield from _unmet_json(answer, options.json)


def _unmet_headers(answer: CurlResponse, options: HttpOptions) -> Iterator[Judgement]:
    for match in options.header_matches:
        if not _header_matches(answer, match, if_missing=match.allow_missing):
            yield HttpReason.BAD_HEADER, f"{match.header} does not match {match.regexp}"
    for match in options.header_not_matches:
        if _header_matches(answer, match, if_missing=not match.allow_missing):
            yield HttpReason.BAD_HEADER, f"{match.header} matches {match.regexp} or is missing"


def _unmet_body(answer: CurlResponse, options: HttpOptions) -> Iterator[Judgement]:
    for pattern in options.body_matches:
        if not matches(pattern, bytes(answer.body)):
            yield HttpReason.BAD_BODY, f"the body does not match {pattern}"
    for pattern in options.body_not_matches:
        if matches(pattern, bytes(answer.body)):
            yield HttpReason.BAD_BODY, f"the body matches {pattern}"


def _header_matches(answer: CurlResponse, match: HeaderMatch, *, if_missing: bool) -> bool:
    values = answer.header(match.header.lower().encode())
    return any(matches(match.regexp, value) for value in values) if values else if_missing


def _unmet_json(answer: CurlResponse, expressions: tuple[str, ...]) -> Iterator[Judgement]:
    if not expressions:
        return
    try:
        document = json.loads(bytes(answer.body), parse_constant=_no_such_constant)
    except (ValueError, RecursionError) as error:  # RecursionError: a document nested without end
        yield HttpReason.BAD_JSON, f"not JSON: {str(error)[:100]}"
        return
    for expression in expressions:
        try:
            value = jmespath.search(expression, document)
        except (JMESPathError, RecursionError, ValueError, TypeError, OverflowError) as error:
            yield HttpReason.BAD_JSON, f"{expression}: {str(error)[:100]}"
            continue
        if not _true(value):
            yield HttpReason.BAD_JSON, f"not true: {expression}"


def _no_such_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON (RFC 8259)")


def _true(value: object) -> bool:
    """JMESPath's own truth: null, false and everything empty are false; 0 is true."""
    return value is not None and value is not False and value not in ("", [], {})
