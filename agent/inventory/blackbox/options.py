"""How an option of blackbox_exporter is taken over: what every prober shares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from agent.inventory.blackbox.module import TranslatedModule, text
from agent.inventory.findings import Step

Rule = Callable[[TranslatedModule, str, Any], None]
"""Takes one option over: the module, the option's name, its value."""

_VERSIONS = ("TLS10", "TLS11", "TLS12", "TLS13")


def as_text(name: str) -> Rule:
    """The same text under our name; an empty one is as good as none there."""

    def take(made: TranslatedModule, key: str, value: Any) -> None:
        if written := made.scalar(value, key):
            made.options[name] = written

    return take


def as_texts(name: str) -> Rule:
    """A list of texts under our name."""

    def take(made: TranslatedModule, key: str, value: Any) -> None:
        if written := [made.scalar(each, key, index) for index, each in enumerate(made.listed(value, key))]:
            made.options[name] = written

    return take


def as_flag(name: str) -> Rule:
    """A switch under our name."""

    def take(made: TranslatedModule, key: str, value: Any) -> None:
        made.options[name] = made.flag(value, key)

    return take


def left_out(message: str) -> Rule:
    """An option without a counterpart: a note where it is set."""

    def take(made: TranslatedModule, key: str, value: Any) -> None:
        if value not in (None, False, "", "false", "False", "FALSE", "no", "off", [], {}):
            made.note(message, key)

    return take


def nothing(_made: TranslatedModule, _key: str, _value: Any) -> None:
    """Read together with another option."""


FAMILY: Mapping[str, Rule] = {"preferred_ip_protocol": nothing, "ip_protocol_fallback": nothing}


def unknown(made: TranslatedModule, found: Iterable[str], known: tuple[str, ...], *steps: Step) -> None:
    """Say what of a mapping is not known."""
    for name in found:
        if name not in known:
            made.note("blackbox_unknown", *steps, name)


def take_tls_config(made: TranslatedModule, key: str, value: Any) -> None:
    """The TLS settings, alike for all probers."""
    ours: dict[str, Any] = {}
    for name, given in made.items(value, key):
        if name in ("ca_file", "cert_file", "key_file"):
            if text(given):
                ours[name] = made.path(given, key, name)
        elif name in ("server_name", "min_version", "max_version"):
            if text(given):
                ours[name] = text(given)
            if text(given) not in ("", *_VERSIONS) and name != "server_name":
                made.leave_out("blackbox_refused", key, name)
        elif name == "insecure_skip_verify":
            ours["verify"] = not made.flag(given, key, name)
        elif name in ("ca", "cert", "key"):
            _inline(made, ours, name, given, key)
        else:
            made.note("blackbox_unknown", key, name)
    if ours.get("verify") is False and "ca_file" in ours:
        made.note("blackbox_ca_unread", key, "ca_file")
    if ours:
        made.options["tls_config"] = ours


def _inline(made: TranslatedModule, ours: dict[str, Any], name: str, given: Any, key: str) -> None:
    """PEM inside the file."""
    if not text(given):
        return
    if name != "key" and made.secrets is None:
        made.note("blackbox_inline", key, name)
    elif (kept := made.secret(given, key, name)) is not None:
        ours[f"{name}_file"] = kept["file"]
