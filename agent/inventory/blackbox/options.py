"""Rules that take over options of blackbox_exporter, shared by all probers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from agent.inventory.blackbox.module import TranslatedModule, text
from agent.inventory.findings import Step

Rule = Callable[[TranslatedModule, str, Any], None]
"""Takes one option over: the module, the option's name, its value."""

_VERSIONS = ("TLS10", "TLS11", "TLS12", "TLS13")


def as_text(name: str) -> Rule:
    """A text under our name for it. An empty one counts as none there."""

    def take(module: TranslatedModule, key: str, value: Any) -> None:
        if written := module.scalar(value, key):
            module.options[name] = written

    return take


def as_texts(name: str) -> Rule:
    """A list of texts under our name."""

    def take(module: TranslatedModule, key: str, value: Any) -> None:
        if written := [module.scalar(pattern, key, index) for index, pattern in enumerate(module.listed(value, key))]:
            module.options[name] = written

    return take


def as_flag(name: str) -> Rule:
    """A switch under our name."""

    def take(module: TranslatedModule, key: str, value: Any) -> None:
        module.options[name] = module.flag(value, key)

    return take


def left_out(message: str) -> Rule:
    """An option without a counterpart: a note where it is set."""

    def take(module: TranslatedModule, key: str, value: Any) -> None:
        if value not in (None, False, "", "false", "False", "FALSE", "no", "off", [], {}):
            module.note(message, key)

    return take


def nothing(_module: TranslatedModule, _key: str, _value: Any) -> None:
    """Read together with another option."""


FAMILY: Mapping[str, Rule] = {"preferred_ip_protocol": nothing, "ip_protocol_fallback": nothing}


def unknown(module: TranslatedModule, names: Iterable[str], known: tuple[str, ...], *steps: Step) -> None:
    """Say what of a mapping is not known."""
    for name in names:
        if name not in known:
            module.note("blackbox_unknown", *steps, name)


def take_tls_config(module: TranslatedModule, key: str, value: Any) -> None:
    """The TLS settings, alike for all probers."""
    options: dict[str, Any] = {}
    for name, given in module.items(value, key):
        if name in ("ca_file", "cert_file", "key_file"):
            if text(given):
                options[name] = module.path(given, key, name)
        elif name in ("server_name", "min_version", "max_version"):
            if text(given):
                options[name] = text(given)
            if text(given) not in ("", *_VERSIONS) and name != "server_name":
                module.leave_out("blackbox_refused", key, name)
        elif name == "insecure_skip_verify":
            options["verify"] = not module.flag(given, key, name)
        elif name in ("ca", "cert", "key"):
            _inline(module, options, name, given, key)
        else:
            module.note("blackbox_unknown", key, name)
    if options.get("verify") is False and "ca_file" in options:
        module.note("blackbox_ca_unread", key, "ca_file")
    if options:
        module.options["tls_config"] = options


def _inline(module: TranslatedModule, options: dict[str, Any], name: str, given: Any, key: str) -> None:
    """PEM inside the file."""
    if not text(given):
        return
    if name != "key" and module.secrets is None:
        module.note("blackbox_inline", key, name)
    elif (secret := module.secret(given, key, name)) is not None:
        options[f"{name}_file"] = secret["file"]
