"""Where a Grafana is, who asks, and whose certificates count: each read once, from what the person gave."""

from __future__ import annotations

import base64
import ssl
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import quote, urlsplit

from pydantic_core import PydanticCustomError

from agent.cli.visible import visible
from agent.errors import SansangError
from agent.explain.system_errors import system_said
from agent.probes.options import Secret
from agent.text import Text
from agent.web.authority import is_loopback

TOKEN_VARIABLE = "SANSANG_GRAFANA_TOKEN"  # noqa: S105 - a name, not a token
_SHOWN = 200
_FILE = Text("{file}: {why}", "{file}: {why}")


class Trouble(StrEnum):
    """Why nothing more can be done with this Grafana; what to do about each stands in `push_words`."""

    NO_PUSH = "no_push"
    PART = "part"
    FILES = "files"
    SECONDS = "seconds"
    ADDRESS = "address"
    PLAIN = "plain"
    CERTIFICATES = "certificates"
    CREDENTIAL_FILE = "credential_file"
    CREDENTIAL_OPEN = "credential_open"
    CREDENTIAL_MISSING = "credential_missing"
    CREDENTIAL_SHAPE = "credential_shape"
    CREDENTIAL_WRONG = "credential_wrong"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    TLS = "tls"
    REDIRECT = "redirect"
    TOO_MUCH = "too_much"
    NOT_GRAFANA = "not_grafana"
    UNWELL = "unwell"


_SECRET_TROUBLES = {
    "secret_mode": Trouble.CREDENTIAL_OPEN,
    "secret_env": Trouble.CREDENTIAL_MISSING,
    "secret_empty": Trouble.CREDENTIAL_MISSING,
    "secret_lines": Trouble.CREDENTIAL_SHAPE,
    "secret_character": Trouble.CREDENTIAL_SHAPE,
}


class GrafanaError(SansangError):
    """Nothing more can be done; detail is the other side's or the system's word, made harmless."""

    def __init__(self, trouble: Trouble, detail: object = "") -> None:
        self.trouble = trouble
        said = detail if isinstance(detail, Text) else Text(str(detail), str(detail))
        self.detail = Text(harmless(said.vi), harmless(said.en))
        super().__init__(f"{trouble.value}: {self.detail.en}")


def harmless(text: object) -> str:
    """A short stretch of what another machine said, on one line, steering no terminal."""
    return visible(" ".join(str(text)[: 2 * _SHOWN].split())[:_SHOWN])


@dataclass(frozen=True, slots=True)
class Address:
    """Where Grafana is; path is what all its paths begin with, without a slash at the end."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def local(self) -> bool:
        """Whether what is sent there stays on this machine."""
        return is_loopback(self.host)


def address(url: str, option: str = "--push") -> Address:
    """The address in that option; GrafanaError when it is none, or has a password in it, which it does not repeat."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise GrafanaError(Trouble.ADDRESS, option) from error
    strange = parts.query or parts.fragment or "@" in parts.netloc or not url.isprintable() or " " in url
    if parts.scheme not in ("http", "https") or not host or strange:
        raise GrafanaError(Trouble.ADDRESS, option)
    secure = parts.scheme == "https"
    return Address(secure, host, port or (443 if secure else 80), quote(parts.path.rstrip("/"), safe="/%"))


def authorization(file: Path | None) -> Secret:
    """The Authorization header for the token or ``user:password`` in a private file, else in the environment."""
    try:
        secret = Secret.parse({"env": TOKEN_VARIABLE} if file is None else {"file": str(file)})
    except PydanticCustomError as error:
        trouble = _SECRET_TROUBLES.get(error.type, Trouble.CREDENTIAL_FILE)
        raise GrafanaError(trouble, file or TOKEN_VARIABLE) from error
    text = secret.reveal()
    if not text.isprintable() or (":" not in text and not (text.isascii() and " " not in text)):
        raise GrafanaError(Trouble.CREDENTIAL_SHAPE, secret.source)
    basic = base64.b64encode(text.encode()).decode()
    return Secret(f"Basic {basic}" if ":" in text else f"Bearer {text}", secret.source)


def certificates(where: Address, file: Path | None) -> ssl.SSLContext | None:
    """Whose word counts: the system's authorities, and those in the file; None where nothing is encrypted."""
    if not where.secure:
        return None
    try:
        made = ssl.create_default_context()
        if file is not None:
            made.load_verify_locations(cafile=file)
    except (OSError, ValueError) as error:
        raise GrafanaError(Trouble.CERTIFICATES, _FILE.filled(file=file, why=system_said(error))) from error
    return made
