"""Requests to a Grafana: a deadline for each as a whole, a bound on the answer, and no way for the token to stray."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from agent.explain.system_errors import system_text
from agent.http_client import HttpAddress, HttpLimits, HttpRequest, TooLargeError, check_ca_file, fetch, parse_address
from agent.text import Text
from dashboards.grafana.errors import GrafanaError, GrafanaErrorKind, sanitize

LOCAL_PROMETHEUS = "http://127.0.0.1:9090"
_MOST_BYTES = 16 * 1024 * 1024  # the largest of our boards has 0.3 MB
_FILE = Text("{file}: {why}", "{file}: {why}")


@dataclass(frozen=True, slots=True)
class GrafanaResponse:
    """A status, and the JSON that came with it: None when it was none."""

    status: int
    body: Any

    @property
    def message(self) -> str:
        """What Grafana says about it."""
        return sanitize(self.body.get("message", "")) if isinstance(self.body, dict) else ""


@dataclass(frozen=True, slots=True)
class GrafanaClient:
    """Where Grafana is, who asks, how long one request may take, and which authorities count beside the system's."""

    address: HttpAddress
    authorization: str = field(repr=False)
    seconds: float
    ca_file: Path | None = None

    def request(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, signed: bool = True
    ) -> GrafanaResponse:
        """GrafanaError where no answer comes, for a redirect, and for a token that is not accepted."""
        headers = {"Accept": "application/json"}
        headers |= {"Authorization": self.authorization} if signed else {}
        headers |= {} if body is None else {"Content-Type": "application/json"}
        content = None if body is None else json.dumps(body, separators=(",", ":")).encode()
        url, limits = self.address.url + quote(path, safe="/?&="), HttpLimits(_MOST_BYTES, self.seconds, self.seconds)
        try:
            response = fetch(HttpRequest(url, limits, method, headers, content, self.ca_file))
        except (OSError, http.client.HTTPException, TooLargeError) as error:
            raise _explained(error) from error
        if HTTPStatus.MULTIPLE_CHOICES <= response.status < HTTPStatus.BAD_REQUEST:
            raise GrafanaError(GrafanaErrorKind.REDIRECT, response.headers.get("location", ""))
        if response.status == HTTPStatus.UNAUTHORIZED:
            raise GrafanaError(GrafanaErrorKind.CREDENTIAL_WRONG)
        return GrafanaResponse(response.status, _parsed(response.body))


def parse_grafana_address(url: str, option: str = "--push") -> HttpAddress:
    """The address in that option; GrafanaError when it is none, or has a password in it, which it does not repeat."""
    try:
        parts = urlsplit(url)
        if parts.query or parts.fragment or "@" in parts.netloc or not url.isprintable() or " " in url:
            raise GrafanaError(GrafanaErrorKind.ADDRESS, option)
        return parse_address(url)
    except ValueError as error:
        raise GrafanaError(GrafanaErrorKind.ADDRESS, option) from error


def checked_ca_file(address: HttpAddress, file: Path | None) -> Path | None:
    """The file if it is needed; GrafanaError where no certificates can be read there."""
    if file is None or address.scheme != "https":
        return None
    try:
        check_ca_file(file)
    except (OSError, ValueError) as error:
        raise GrafanaError(GrafanaErrorKind.CERTIFICATES, _FILE.filled(file=file, why=system_text(error))) from error
    return file


def _explained(error: Exception) -> GrafanaError:
    if isinstance(error, TooLargeError):
        return GrafanaError(GrafanaErrorKind.TOO_MUCH)
    if isinstance(error, TimeoutError):
        return GrafanaError(GrafanaErrorKind.TIMEOUT)
    if isinstance(error, ssl.SSLError):
        return GrafanaError(GrafanaErrorKind.TLS, system_text(error))
    broken_off = isinstance(error, http.client.IncompleteRead)
    if isinstance(error, http.client.HTTPException) and not isinstance(error, OSError) and not broken_off:
        return GrafanaError(GrafanaErrorKind.NOT_GRAFANA)
    return GrafanaError(GrafanaErrorKind.UNREACHABLE, system_text(error))


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
