"""The token of a Grafana, read from what the person gave."""

from __future__ import annotations

import base64
from pathlib import Path

from pydantic_core import PydanticCustomError

from agent.probes.options import Secret
from dashboards.grafana.errors import TOKEN_VARIABLE, GrafanaError, GrafanaErrorKind

_SECRET_ERRORS = {
    "secret_mode": GrafanaErrorKind.CREDENTIAL_OPEN,
    "secret_env": GrafanaErrorKind.CREDENTIAL_MISSING,
    "secret_empty": GrafanaErrorKind.CREDENTIAL_MISSING,
    "secret_lines": GrafanaErrorKind.CREDENTIAL_SHAPE,
    "secret_character": GrafanaErrorKind.CREDENTIAL_SHAPE,
}


def authorization(file: Path | None) -> Secret:
    """The Authorization header for the token or ``user:password`` in a private file, else in the environment."""
    try:
        secret = Secret.parse({"env": TOKEN_VARIABLE} if file is None else {"file": str(file)})
    except PydanticCustomError as error:
        kind = _SECRET_ERRORS.get(error.type, GrafanaErrorKind.CREDENTIAL_FILE)
        raise GrafanaError(kind, file or TOKEN_VARIABLE) from error
    text = secret.reveal()
    if not text.isprintable() or (":" not in text and not (text.isascii() and " " not in text)):
        raise GrafanaError(GrafanaErrorKind.CREDENTIAL_SHAPE, secret.source)
    basic = base64.b64encode(text.encode()).decode()
    return Secret(f"Basic {basic}" if ":" in text else f"Bearer {text}", secret.source)
