"""What TLS says: a policy's options and context, certificates as plain facts, faults as reasons.

OpenSSL verifies the chain, `names_match` the name, before any application data is sent: what they accept is not judged
again. OpenSSL stops at its first error; then `faults_of` reads the leaf certificate itself, from a second handshake
without verification, so that one which is both expired and of the wrong name reports both.

Every certificate in ca_file is trusted, a root or not (X509_V_FLAG_PARTIAL_CHAIN), by every probe alike.
"""

from __future__ import annotations

import errno
import ipaddress
import os
import ssl
import stat
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, ConfigDict
from pydantic_core import PydanticCustomError

from agent.model import Reason
from agent.probes.address import AddressError, read_host, to_ascii
from agent.probes.options import refused
from agent.probes.tls.certificate import Certificate, certificate_of
from agent.text import Text

MAX_CHAIN = 10
_ENCODING_DER = 2  # X509_FILETYPE_ASN1, openssl/x509.h
_HANDSHAKE, _ALERT = 0x16, 0x15  # record types, RFC 8446 section 5.1
_CA_FILES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Alpine
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, RHEL
    "/etc/ssl/cert.pem",
)


class TlsVersion(StrEnum):
    """Protocol versions, as blackbox_exporter writes them. TLS10 and TLS11 are broken: to ask old devices only."""

    TLS10 = "TLS10"
    TLS11 = "TLS11"
    TLS12 = "TLS12"
    TLS13 = "TLS13"


_VERSIONS = {
    TlsVersion.TLS10: ssl.TLSVersion.TLSv1,
    TlsVersion.TLS11: ssl.TLSVersion.TLSv1_1,
    TlsVersion.TLS12: ssl.TLSVersion.TLSv1_2,
    TlsVersion.TLS13: ssl.TLSVersion.TLSv1_3,
}
_OLD = (TlsVersion.TLS10, TlsVersion.TLS11)


@dataclass(frozen=True, slots=True)
class TlsOptions:
    """How to speak TLS. Without ca_file the machine's own CA file holds; server_name defaults to the address's host."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    ca_file: str | None = None
    cert_file: str | None = None
    key_file: str | None = None
    server_name: str | None = None
    verify: bool = True
    min_version: TlsVersion = TlsVersion.TLS12
    max_version: TlsVersion = TlsVersion.TLS13


@dataclass(frozen=True, slots=True)
class TlsFacts:
    """What a handshake showed; at most 10 certificates, leaf first.

    chain is as presented; verified leads from the leaf to what is trusted, () where nothing was verified. They differ
    where the server sends more than is needed, for instance a root that another, expired one signed.
    """

    version: str
    cipher: str
    chain: tuple[Certificate, ...] = field(default=())
    verified: tuple[Certificate, ...] = field(default=())

    @property
    def leaf(self) -> Certificate | None:
        return self.chain[0] if self.chain else None

    @property
    def expiry(self) -> int | None:
        """The earliest not_after of the verified chain, else of the presented one (UTC seconds); None if unreadable."""
        return _earliest_end(self.verified or self.chain)

    @property
    def presented_expiry(self) -> int | None:
        """The earliest not_after of the chain as presented (UTC seconds), None if none can be read."""
        return _earliest_end(self.chain)


def _earliest_end(chain: Sequence[Certificate]) -> int | None:
    return min((each.not_after for each in chain if each.not_after is not None), default=None)


# Contexts


def loadable(options: TlsOptions) -> TlsOptions:
    """Refuse, when the inventory is loaded, files that cannot be used and versions that exclude each other."""
    if (options.cert_file is None) != (options.key_file is None):
        raise refused(
            Text("chứng thư máy khách phải có khóa", "a client certificate needs its key"),
            Text("cert_file và key_file", "cert_file and key_file"),
        )
    if options.server_name is not None:
        options = replace(options, server_name=_server_name(options.server_name))
    versions = list(TlsVersion)
    if versions.index(options.min_version) > versions.index(options.max_version):
        raise refused(
            Text("min_version lớn hơn max_version", "min_version is above max_version"), "min_version <= max_version"
        )
    try:
        context_for(options)
    except OSError as error:  # ssl.SSLError is one
        named = [name for name in (options.ca_file, options.cert_file, options.key_file) if name]
        raise PydanticCustomError(
            "tls_file",
            "{files}: {detail}",
            {"files": ", ".join(named), "detail": error.strerror or str(error), "right": "readable PEM files"},
        ) from error
    return options


Tls = Annotated[TlsOptions, AfterValidator(loadable)]
"""The type for a module's ``tls_config``: TlsOptions whose files were tried at load time."""


def _server_name(text: str) -> str:
    try:
        return read_host(text).absolute
    except AddressError as error:
        right = Text("portal.example hoặc một địa chỉ IP", "portal.example or an IP address")
        raise refused(Text("server_name không phải tên máy", "server_name is not a host name"), right) from error


def default_ca_file() -> str:
    """The machine's bundle of trusted CAs (SSL_CERT_FILE if set); FileNotFoundError without one."""
    candidates = (ssl.get_default_verify_paths().cafile, *_CA_FILES)
    for candidate in candidates:
        if candidate and os.path.isfile(candidate):  # noqa: PTH113 - twice a run; a Path costs three times it
            return candidate
    raise FileNotFoundError("no CA bundle on this machine; name one as ca_file")


def context_for(options: TlsOptions) -> ssl.SSLContext:
    """The context of a policy, built once and again only when one of its files changed on disk.

    Raises OSError (ssl.SSLError included) when a file cannot be used; `loadable` finds that out before the start.
    """
    ca_file = (options.ca_file or default_ca_file()) if options.verify else None
    files = tuple(name for name in (ca_file, options.cert_file, options.key_file) if name)
    return _context(options, ca_file, tuple(_stamp(Path(name)) for name in files))


def ciphers_of(options: TlsOptions) -> str:
    """OpenSSL's cipher list up to TLS 1.2: its own without DHE, whose group the server chooses.

    One of 10,000 bits takes the client a second, in one call. Browsers and Go have no DHE either.
    """
    # OpenSSL 3 forbids TLS 1.0 and 1.1 at any higher level
    return "DEFAULT:!kDHE:@SECLEVEL=0" if options.min_version in _OLD else "DEFAULT:!kDHE"


def _stamp(path: Path) -> int:
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):  # OpenSSL would wait for the writer of a pipe
        raise OSError(errno.EINVAL, "not a regular file")
    return status.st_mtime_ns


def inspection_context(options: TlsOptions) -> ssl.SSLContext:
    """The context of the second handshake, which only looks: verifies nothing, accepts every version and strength."""
    return _inspection_context(options.cert_file, options.key_file)


@lru_cache(maxsize=256)
def _context(options: TlsOptions, ca_file: str | None, _stamps: tuple[int, ...]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_ciphers(ciphers_of(options))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python warns of TLS 1.0, which was asked for
        context.minimum_version = _VERSIONS[options.min_version]
        context.maximum_version = _VERSIONS[options.max_version]
    context.options |= ssl.OP_NO_RENEGOTIATION  # one handshake a run is enough, however often the server wants more
    context.check_hostname = False  # names_match does, by one rule for all probes
    if ca_file is None:
        context.verify_mode = ssl.CERT_NONE
    else:
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        context.load_verify_locations(cafile=ca_file)
    if options.cert_file and options.key_file:
        context.load_cert_chain(options.cert_file, options.key_file, password=_no_password)
    return context


@lru_cache(maxsize=256)
def _inspection_context(cert_file: str | None, key_file: str | None) -> ssl.SSLContext:
    options = TlsOptions(None, cert_file, key_file, verify=False, min_version=TlsVersion.TLS10)
    return _context(options, None, ())


def _no_password() -> str:
    """Without this OpenSSL would ask on the terminal and hang the agent."""
    return ""


# Certificates


def facts_from_chain(presented: Sequence[bytes], version: str, cipher: str, verified: Sequence[bytes] = ()) -> TlsFacts:
    """Facts of chains of DER certificates, leaf first. Never raises: unreadable certificates come out empty."""
    chains = (tuple(certificate_of(der) for der in chain[:MAX_CHAIN]) for chain in (presented, verified))
    return TlsFacts(version, cipher, *chains)


def facts_of(connection: ssl.SSLObject | ssl.SSLSocket) -> TlsFacts:
    """Facts of a handshake that is done."""
    cipher = connection.cipher()
    verified = _chain(connection, "get_verified_chain") if connection.context.verify_mode is ssl.CERT_REQUIRED else ()
    return facts_from_chain(chain_of(connection), connection.version() or "", cipher[0] if cipher else "", verified)


def chain_of(connection: ssl.SSLObject | ssl.SSLSocket) -> tuple[bytes, ...]:
    """The DER certificates that the peer presented, leaf first."""
    return _chain(connection, "get_unverified_chain")


def _chain(connection: ssl.SSLObject | ssl.SSLSocket, getter: str) -> tuple[bytes, ...]:
    """CPython 3.13 has the getters in public; before, the inner object has them (a test stands guard)."""
    public = getattr(connection, getter, None)
    if public is not None:
        return tuple(public())
    inner = connection._sslobj  # type: ignore[union-attr]  # noqa: SLF001 - no public way before 3.13
    return tuple(each.public_bytes(_ENCODING_DER) for each in getattr(inner, getter)() or ())


# Judgement


def faults_of(facts: TlsFacts, host: str, now_wall_ms: int) -> tuple[Reason, ...]:
    """What is wrong with the leaf certificate itself, in the order that decides the verdict.

    Expired, not yet valid, wrong name, self-signed. () says nothing about trust: that is OpenSSL's to say.
    """
    leaf = facts.leaf
    if leaf is None:
        return ()
    faults: list[Reason] = []
    if leaf.not_after is not None and leaf.not_after * 1000 < now_wall_ms:
        faults.append(Reason.TLS_EXPIRED)
    if leaf.not_before is not None and leaf.not_before * 1000 > now_wall_ms:
        faults.append(Reason.TLS_NOT_YET_VALID)
    if not names_match(leaf.names, host):
        faults.append(Reason.TLS_WRONG_NAME)
    if leaf.self_issued and len(facts.chain) == 1:
        faults.append(Reason.TLS_SELF_SIGNED)
    return tuple(faults)


def faults_after(reason: Reason, facts: TlsFacts, host: str, now_wall_ms: int) -> tuple[Reason, ...]:
    """All faults once verification failed with reason: those of the leaf, then OpenSSL's own if it is another.

    The first is the verdict's. Never empty.
    """
    found = faults_of(facts, host, now_wall_ms)
    return found if reason in found else (*found, reason)


def names_match(names: Sequence[str], host: str) -> bool:
    """Whether one of the names covers host: RFC 9525 section 6.3, a wildcard is the whole leftmost label.

    Behind it stand two labels or more, as libcurl and browsers have it.
    """
    try:
        wanted = str(ipaddress.ip_address(host))
    except ValueError:
        wanted = _ascii(host)
        _, dot, domain = wanted.partition(".")
        wildcard = f"*.{domain}" if dot and "." in domain else wanted
        return any(name.lower().rstrip(".") in (wanted, wildcard) for name in names)
    return wanted in names


def _ascii(host: str) -> str:
    try:
        return to_ascii(host.rstrip("."))
    except AddressError:
        return host.rstrip(".").lower()


def wrong_name(options: TlsOptions, facts: TlsFacts, host: str) -> bool:
    """Whether the leaf of a handshake does not name the host, where the policy wants to know; a fault of its own."""
    return options.verify and not names_match(facts.leaf.names if facts.leaf else (), host)


def expires_within(facts: TlsFacts, seconds: float, now_wall_ms: int) -> bool:
    """Whether any certificate of the verified chain (without one: as presented) ends within so many seconds."""
    return facts.expiry is not None and facts.expiry - now_wall_ms / 1000 < seconds


_VERIFY_REASONS = {  # X509_V_ERR_*, openssl/x509_vfy.h
    9: Reason.TLS_NOT_YET_VALID,
    10: Reason.TLS_EXPIRED,
    13: Reason.TLS_NOT_YET_VALID,  # notBefore unreadable
    14: Reason.TLS_EXPIRED,  # notAfter unreadable
    18: Reason.TLS_SELF_SIGNED,  # the leaf signed itself
    62: Reason.TLS_WRONG_NAME,
    63: Reason.TLS_WRONG_NAME,  # e-mail address
    64: Reason.TLS_WRONG_NAME,  # IP address
}
_CLEAR_REASONS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST", "UNKNOWN_PROTOCOL")


def reason_of_code(verify_code: int) -> Reason:
    """The reason of an OpenSSL verification result; what is not named here is a chain without trust."""
    return _VERIFY_REASONS.get(verify_code, Reason.TLS_UNTRUSTED)


def reason_of(error: ssl.SSLError) -> Reason:
    """The reason of a handshake that failed."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return reason_of_code(error.verify_code)
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return Reason.CONNECTION_CLOSED
    return Reason.TLS_REQUIRED if error.reason in _CLEAR_REASONS else Reason.TLS_FAILED


def looks_like_tls(start: bytes) -> bool:
    """Whether the first bytes of an answer to a ClientHello are a TLS record."""
    return len(start) < 2 or (start[0] in (_HANDSHAKE, _ALERT) and start[1] == 3)  # major version, as in SSL 3.0
