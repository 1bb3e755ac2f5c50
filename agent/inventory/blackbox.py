"""A configuration of blackbox_exporter as modules of ours. Every option has a row here; what has none is named.

Nothing is dropped in silence: each option is taken over, noted as left out, or, for a secret in clear, refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from agent.inventory.findings import Trail

_SIZE = re.compile(r"([0-9]+)([KMG]?)i?B?")
_UNITS = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3}
_MAX_BODY = 64 * 1024**2
_GROUP = re.compile(r"\$(?:\{([0-9]+)\}|([0-9]+))")
_PATTERNS = {
    "fail_if_matches_regexp": "none_matches",
    "fail_if_all_match_regexp": "not_all_match",
    "fail_if_not_matches_regexp": "all_match",
    "fail_if_none_matches_regexp": "any_matches",
}
_SECRET_HEADERS = ("authorization", "cookie", "proxy-authorization", "x-api-key", "x-auth-token")


@dataclass(frozen=True, slots=True)
class Note:
    """An option with no counterpart, or (refuses) one that must not be taken over; message as in messages.py."""

    trail: Trail
    message: str
    refuses: bool = False


@dataclass(slots=True)
class Made:
    """A module in the making: our keys, and what is to be said about it."""

    name: str
    trail: Trail
    options: dict[str, Any] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def note(self, message: str, *steps: str | int) -> None:
        self.notes.append(Note((*self.trail, *steps), message))

    def refuse(self, *steps: str | int) -> None:
        self.notes.append(Note((*self.trail, *steps), "blackbox_secret", refuses=True))


Rule = Callable[[Made, str, Any], None]
"""Takes one option over: the module, the option's name, its value."""


def _as(name: str) -> Rule:
    def take(made: Made, _key: str, value: Any) -> None:
        made.options[name] = value

    return take


def _left(message: str) -> Rule:
    def take(made: Made, key: str, value: Any) -> None:
        if value not in (None, False, "", [], {}):
            made.note(message, key)

    return take


def _when(name: str, true: Any) -> Rule:
    def take(made: Made, _key: str, value: Any) -> None:
        if value is True:
            made.options[name] = true

    return take


def _size(made: Made, key: str, value: Any) -> None:
    match = _SIZE.fullmatch(str(value))
    size = int(match[1]) * _UNITS[match[2]] if match else 0
    if size == 0 or size > _MAX_BODY:
        made.note("blackbox_size", key)
        size = _MAX_BODY
    made.options["body_size_limit"] = size


def _http2(made: Made, _key: str, value: Any) -> None:
    if value is False:
        made.options["http2"] = "off"


def _compression(made: Made, _key: str, value: Any) -> None:
    if value:
        made.options["compression"] = value


def _file(name: str) -> Rule:
    def take(made: Made, _key: str, value: Any) -> None:
        made.options[name] = {"file": value}

    return take


def _headers(made: Made, key: str, value: Any) -> None:
    for name, text in _items(made, key, value):
        if str(name).lower() in _SECRET_HEADERS:
            made.refuse(key, name)
        else:
            made.options.setdefault("headers", {})[name] = text


def _http_headers(made: Made, key: str, value: Any) -> None:
    for name, kinds in _items(made, key, value):
        for kind, given in _items(made, key, kinds, name):
            listed = given if isinstance(given, list) and given else [given]
            if kind == "secrets" or (kind == "values" and str(name).lower() in _SECRET_HEADERS):
                made.refuse(key, name, kind)
            elif kind in ("values", "files"):
                text = {"file": listed[-1]} if kind == "files" else listed[-1]
                made.options.setdefault("headers", {})[name] = text
                if len(listed) > 1:
                    made.note("blackbox_last_value", key, name, kind)
            else:
                made.note("blackbox_unknown", key, name, kind)


def _basic_auth(made: Made, key: str, value: Any) -> None:
    auth = dict(_items(made, key, value))
    if "password" in auth:
        made.refuse(key, "password")
    if "username_file" in auth:
        made.note("blackbox_username_file", key, "username_file")
    _unknown(made, key, auth, ("username", "password", "username_file", "password_file"))
    if "password_file" in auth:
        made.options["basic_auth"] = {"user": auth.get("username", ""), "password": {"file": auth["password_file"]}}
    elif "password" not in auth:
        made.note("blackbox_no_password", key)


def _authorization(made: Made, key: str, value: Any) -> None:
    auth = dict(_items(made, key, value))
    if "credentials" in auth:
        made.refuse(key, "credentials")
    _unknown(made, key, auth, ("type", "credentials", "credentials_file"))
    if str(auth.get("type", "Bearer")).lower() != "bearer":
        made.note("blackbox_authorization", key, "type")
    elif "credentials_file" in auth:
        made.options["bearer"] = {"file": auth["credentials_file"]}


def _proxy_url(made: Made, key: str, value: Any) -> None:
    if "@" in str(value):
        made.refuse(key)
    elif value:
        made.options.setdefault("proxy", {})["url"] = value


def _no_proxy(made: Made, _key: str, value: Any) -> None:
    names = [part.strip() for part in str(value).split(",") if part.strip()]
    made.options.setdefault("proxy", {})["no_proxy"] = names


def _proxy_headers(made: Made, key: str, value: Any) -> None:
    for name, _ in _items(made, key, value):
        made.refuse(key, name)


def _tls_config(made: Made, key: str, value: Any) -> None:
    ours: dict[str, Any] = {}
    for name, given in _items(made, key, value):
        if name in ("ca_file", "cert_file", "key_file", "server_name", "min_version", "max_version"):
            ours[name] = given
        elif name == "insecure_skip_verify":
            ours["verify"] = not given
        elif name == "key":
            made.refuse(key, name)
        else:
            made.note("blackbox_inline" if name in ("ca", "cert") else "blackbox_unknown", key, name)
    if ours:
        made.options["tls_config"] = ours


def _dialogue(made: Made, key: str, value: Any) -> None:
    steps = []
    for index, step in enumerate(value if isinstance(value, list) else []):
        ours: dict[str, Any] = {}
        for name, given in _items(made, key, step, index):
            if name == "send":
                ours[name] = _GROUP.sub(lambda match: f"\\{match[1] or match[2]}", str(given).replace("\\", r"\\"))
            elif name in ("expect", "expect_bytes", "starttls"):
                ours[name] = given
            else:
                made.note("blackbox_labels" if name == "labels" else "blackbox_unknown", key, index, name)
        if ours:
            steps.append(ours)
    made.options["dialogue"] = steps


def _transport(made: Made, _key: str, value: Any) -> None:
    if value:
        made.options.setdefault("transport", value)  # dns_over_tls wins


def _query_class(made: Made, key: str, value: Any) -> None:
    if value in ("CS", "NONE"):
        made.note("blackbox_query_class", key)
    elif value:
        made.options["query_class"] = value


def _records(name: str) -> Rule:
    def take(made: Made, key: str, value: Any) -> None:
        ours: dict[str, Any] = {}
        for rule, patterns in _items(made, key, value):
            if rule in _PATTERNS:
                ours[_PATTERNS[rule]] = patterns
            else:
                made.note("blackbox_unknown", key, rule)
        if ours:
            made.options[name] = ours

    return take


def _items(made: Made, key: str, value: Any, *steps: str | int) -> Iterator[tuple[Any, Any]]:
    if isinstance(value, dict):
        yield from value.items()
    elif value is not None:
        made.note("blackbox_form", key, *steps)


def _unknown(made: Made, key: str, found: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for name in found:
        if name not in known:
            made.note("blackbox_unknown", key, name)


def _nothing(_made: Made, _key: str, _value: Any) -> None:
    """Read together with another option."""


_FAMILY: Mapping[str, Rule] = {"preferred_ip_protocol": _nothing, "ip_protocol_fallback": _nothing}
_HTTP: Mapping[str, Rule] = {
    "valid_status_codes": lambda made, _, value: made.options.update(status=value) if value else None,
    "valid_http_versions": _as("http_versions"),
    "method": _as("method"),
    "headers": _headers,
    "http_headers": _http_headers,
    "body_size_limit": _size,
    "compression": _compression,
    "follow_redirects": _as("follow_redirects"),
    "fail_if_ssl": _when("tls", "forbidden"),
    "fail_if_not_ssl": _when("tls", "required"),
    "fail_if_body_json_matches_cel": _left("blackbox_cel"),
    "fail_if_body_json_not_matches_cel": _left("blackbox_cel"),
    "fail_if_body_matches_regexp": _as("body_not_matches"),
    "fail_if_body_not_matches_regexp": _as("body_matches"),
    "fail_if_header_matches": _as("header_not_matches"),
    "fail_if_header_not_matches": _as("header_matches"),
    "tls_config": _tls_config,
    "basic_auth": _basic_auth,
    "authorization": _authorization,
    "bearer_token": lambda made, key, _: made.refuse(key),
    "bearer_token_file": _file("bearer"),
    "proxy_url": _proxy_url,
    "no_proxy": _no_proxy,
    "proxy_from_environment": _left("blackbox_proxy_environment"),
    "proxy_connect_header": _proxy_headers,
    "skip_resolve_phase_with_proxy": _left("blackbox_proxy_resolves"),
    "oauth2": _left("blackbox_oauth2"),
    "enable_http2": _http2,
    "enable_http3": _left("blackbox_http3"),
    "source_ip_address": _as("source"),
    "body": _as("body"),
    "body_file": _file("body"),
    **_FAMILY,
}
_TCP: Mapping[str, Rule] = {
    "source_ip_address": _as("source"),
    "query_response": _dialogue,
    "tls": _as("tls"),
    "tls_config": _tls_config,
    **_FAMILY,
}
_DNS: Mapping[str, Rule] = {
    "source_ip_address": _as("source"),
    "dns_over_tls": _when("transport", "tls"),
    "tls_config": _tls_config,
    "transport_protocol": _transport,
    "query_class": _query_class,
    "query_name": _as("query_name"),
    "query_type": _as("query_type"),
    "recursion_desired": _as("recursion"),
    "valid_rcodes": lambda made, _, value: made.options.update(rcodes=value) if value else None,
    "validate_answer_rrs": _records("answer"),
    "validate_authority_rrs": _records("authority"),
    "validate_additional_rrs": _records("additional"),
    **_FAMILY,
}
_ICMP: Mapping[str, Rule] = {
    "source_ip_address": _as("source"),
    "dont_fragment": _as("dont_fragment"),
    "payload_size": _as("size"),
    "ttl": lambda made, _, value: made.options.update(ttl=value) if value else None,
    **_FAMILY,
}
RULES: Mapping[str, Mapping[str, Rule]] = {"http": _HTTP, "tcp": _TCP, "icmp": _ICMP, "dns": _DNS}
"""Every option of a prober that has a probe here."""
_THEIR_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "icmp": {"packets": 1},  # more would show loss and jitter
    "dns": {"query_type": "ANY", "min_answers": 0},  # an empty answer passes there
}
"""Where leaving an option out means something else there than here."""


def translate(document: object) -> tuple[dict[str, dict[str, Any]], list[Note]]:
    """Our modules by name, and everything that is to be said, in the order of the file."""
    modules: dict[str, dict[str, Any]] = {}
    notes: list[Note] = []
    data = document if isinstance(document, dict) else {}
    notes.extend(Note((key,), "blackbox_unknown") for key in data if key != "modules")
    found = data.get("modules")
    if not isinstance(found, dict) or not found:
        return {}, [*notes, Note(("modules",), "blackbox_empty", refuses=True)]
    for name, module in found.items():
        made = Made(str(name), ("modules", name))
        if _module(made, module):
            modules[made.name] = made.options
        notes.extend(made.notes)
    return modules, notes


def _module(made: Made, module: object) -> bool:
    """Whether the module has a counterpart."""
    if not isinstance(module, dict):
        made.note("blackbox_form")
        return False
    prober = str(module.get("prober"))
    if prober not in RULES:
        made.note("blackbox_prober", "prober")
        return False
    made.options["probe"] = prober
    if module.get("timeout"):
        made.options["timeout"] = module["timeout"]
    else:
        made.note("blackbox_timeout")
    for key in module:
        if key not in ("prober", "timeout", prober):
            made.note("blackbox_unknown", key)
    _options(made, prober, module.get(prober))
    return True


def _options(made: Made, prober: str, given: object) -> None:
    options = dict(_items(made, prober, given))
    made.options["family"] = _family(options)
    made.options.update(_THEIR_DEFAULTS.get(prober, {}))
    inner = Made(made.name, (*made.trail, prober), made.options, made.notes)
    for key, value in options.items():
        rule = RULES[prober].get(key, _left("blackbox_unknown"))
        rule(inner, key, value)
    if "url" not in made.options.get("proxy", {"url": ""}):
        del made.options["proxy"]  # no_proxy of a proxy that could not be taken over


def _family(options: Mapping[str, Any]) -> str:
    preferred = "ip4" if options.get("preferred_ip_protocol") == "ip4" else "ip6"
    return preferred if options.get("ip_protocol_fallback") is False else f"prefer_{preferred}"
