"""How to speak TLS: a module's `tls_config`, and the OpenSSL context that it stands for.

Every certificate in ca_file is trusted, a root or not (X509_V_FLAG_PARTIAL_CHAIN), by every probe alike.
"""

from __future__ import annotations

import errno
import os
import ssl
import stat
import warnings
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, ConfigDict
from pydantic_core import PydanticCustomError

from agent.probes.address import AddressError, Host, read_host
from agent.probes.options import refused
from agent.text import Text

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


def with_server_name(options: TlsOptions, host: Host) -> TlsOptions:
    """The options with this server name, unless they have one."""
    return options if options.server_name else replace(options, server_name=host.absolute)


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
