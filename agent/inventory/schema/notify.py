"""The sections `notify`, `runbooks` and `grafana`: receivers of alerts, and the beginnings of links in messages.

The agent sends nothing itself: `sansang build` writes these into Alertmanager's configuration and the rules. There some
of them are read as templates, so braces and dollar signs are refused here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from agent.inventory.schema.types import Absolute, refuse
from agent.probes.options import STRICT

_ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\"'`{}$\\\x00-\x1f]{1,64}@[^\s@,;:<>()\[\]\"'`{}$\\\x00-\x1f]{1,255}")
_SERVER = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):([0-9]{1,5})")
_NOT_IN_URLS = re.compile(r"[\s{}$\"'<>`\\\x00-\x1f\x7f]")
_OWN_MACHINE = ("localhost", "127.0.0.1", "[::1]")
_MOST_OF_A_URL = 2_000


def _check_address(value: str) -> str:
    return value if _ADDRESS.fullmatch(value) else refuse("mail_address", value=value[:60])


def _check_server(value: str) -> str:
    match = _SERVER.fullmatch(value)
    return value if match and 0 < int(match[2]) <= 65535 else refuse("mail_server", value=value[:60])


def _check_url(value: str) -> str:
    """A host by http or https, and no password in it: the built files can be read by more people than this one."""
    if _NOT_IN_URLS.search(value) or len(value) > _MOST_OF_A_URL:
        refuse("web_address")
    try:
        parts = urlsplit(value)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        refuse("web_address")
    if not whole:
        refuse("web_address")
    return value if "@" not in parts.netloc else refuse("web_password")


def _check_base(value: str) -> str:
    """The beginning of links: nothing may stand behind the path."""
    return value.rstrip("/") if not re.search("[?#]", _check_url(value)) else refuse("web_base")


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _as_mail(value: object) -> object:
    """An address, or a list of them, in place of the whole."""
    return {"to": value} if isinstance(value, str | list) else value


def _as_webhook(value: object) -> object:
    return {"url": value} if isinstance(value, str) else value


Address = Annotated[str, AfterValidator(_check_address), WithJsonSchema({"type": "string", "format": "email"})]
Addresses = Annotated[
    tuple[Address, ...], BeforeValidator(_as_list, json_schema_input_type=tuple[Address, ...] | Address)
]
Server = Annotated[str, AfterValidator(_check_server), WithJsonSchema({"type": "string", "pattern": _SERVER.pattern})]
Url = Annotated[str, AfterValidator(_check_url), WithJsonSchema({"type": "string", "pattern": "^https?://"})]
Base = Annotated[str, AfterValidator(_check_base), WithJsonSchema({"type": "string", "pattern": "^https?://"})]


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretFile:
    """A file that Alertmanager reads itself; the agent never does."""

    __pydantic_config__ = STRICT
    file: Absolute


def _check_mail(mail: Mail) -> Mail:
    """A name and its password belong together, and go over an encrypted line unless the server is this machine."""
    if (mail.user == "") != (mail.password is None):
        refuse("mail_login")
    if mail.user and mail.plain and not mail.own_machine:
        refuse("mail_plain_login")
    return mail


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """Who gets mails, and through which server; encryption (STARTTLS, or TLS on port 465) is demanded unless plain."""

    __pydantic_config__ = STRICT
    to: Annotated[Addresses, Field(min_length=1)]
    server: Server = "localhost:25"
    sender: Annotated[Address, Field(alias="from")] = "sansang@localhost"
    user: str = ""
    password: SecretFile | None = None
    plain: bool | None = None

    @property
    def own_machine(self) -> bool:
        """Whether the server is this machine's own."""
        return self.server.rpartition(":")[0] in _OWN_MACHINE

    @property
    def unencrypted(self) -> bool:
        """Plain SMTP: as the inventory says, else only to this machine's own server."""
        return self.own_machine if self.plain is None else self.plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Where Alertmanager posts its JSON; the token goes into the header Authorization."""

    __pydantic_config__ = STRICT
    url: Url
    token: SecretFile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyReceiver:
    """Another place that is told, through the mail server of `mail`."""

    __pydantic_config__ = STRICT
    mail: Addresses = ()
    webhook: Url | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """Who is told. loud: what is critical, in office hours; archive: the ledger's head of each day.

    heartbeat: a dead man's switch that is told every minute; warnings: when they begin to be told.
    """

    __pydantic_config__ = STRICT
    mail: (
        Annotated[Mail, AfterValidator(_check_mail), BeforeValidator(_as_mail, json_schema_input_type=Mail | Addresses)]
        | None
    ) = None
    webhook: Annotated[Webhook, BeforeValidator(_as_webhook, json_schema_input_type=Webhook | Url)] | None = None
    loud: NotifyReceiver = field(default_factory=NotifyReceiver)
    archive: NotifyReceiver = field(default_factory=NotifyReceiver)
    heartbeat: Url | None = None
    warnings: Literal["office", "always"] = "office"


def faults(notify: Notify) -> Iterator[tuple[tuple[str, str], str, dict[str, str]]]:
    """Contradictions between settings: the keys that lead to each, the message key, its values."""
    everything = notify.mail.to if notify.mail else ()
    for address in notify.loud.mail:
        if address in everything:
            yield ("loud", "mail"), "loud_twice", {"value": address}
    if notify.loud.webhook is not None and notify.webhook is not None and notify.loud.webhook == notify.webhook.url:
        yield ("loud", "webhook"), "loud_twice", {"value": notify.loud.webhook}
    for key, place in (("loud", notify.loud), ("archive", notify.archive)):
        if place.mail and notify.mail is None:
            yield (key, "mail"), "places_without_mail", {}
