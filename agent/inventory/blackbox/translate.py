"""A configuration of blackbox_exporter as modules of ours. Every option has a row; what has none is named.

Nothing is dropped in silence: each option keeps its verdict, or is noted as read otherwise or left out; a secret in
clear leaves its module out. docs/blackbox.md is the table of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from agent.inventory.blackbox import http
from agent.inventory.blackbox.dialogue import take_dialogue
from agent.inventory.blackbox.module import TranslatedModule, TranslationNote, milliseconds, text
from agent.inventory.blackbox.options import FAMILY, Rule, as_flag, as_text, take_tls_config
from agent.inventory.blackbox.secret_files import SecretFiles
from agent.inventory.schema.types import is_module_name
from agent.probes.icmp.wire import NONCE_BYTES

_PAYLOAD = 28  # "Prometheus Blackbox Exporter", where no payload_size is set
_PATTERNS = {
    "fail_if_matches_regexp": "none_matches",
    "fail_if_all_match_regexp": "all_match_or_empty",
    "fail_if_not_matches_regexp": "all_match",
    "fail_if_none_matches_regexp": "any_matches",
}
_RCODES = {"NOTIMPL": "NOTIMP", "BADSIG": "BADVERS"}
_SPELT_OTHERWISE = (
    "ANY", "CDNSKEY", "CDS", "DLV", "DNSKEY", "DS", "LOC", "OPENPGPKEY", "RRSIG", "SIG", "SMIMEA", "SSHFP", "ZONEMD",
)  # fmt: skip
"""Types whose records the two show in other spellings: blanks in base64, the case of hexadecimal digits."""


def _transport(module: TranslatedModule, key: str, value: Any) -> None:
    if text(value) not in ("", "udp", "tcp"):
        module.note("blackbox_never", key)
    if text(value):
        module.options.setdefault("transport", text(value))  # dns_over_tls wins


def _over_tls(module: TranslatedModule, key: str, value: Any) -> None:
    if module.flag(value, key):
        module.options["transport"] = "tls"


def _query_class(module: TranslatedModule, key: str, value: Any) -> None:
    if text(value) in ("CS", "NONE"):
        module.note("blackbox_query_class", key)
    elif text(value):
        module.options["query_class"] = text(value)


def _rcodes(module: TranslatedModule, key: str, value: Any) -> None:
    """None at all means NOERROR there, an empty list that no code is good."""
    codes = [module.scalar(code, key) for code in module.listed(value, key)]
    if codes:
        module.options["rcodes"] = [_RCODES.get(code, code) for code in codes]
    if (not codes and value is not None) or any(code != code.upper() or code in _RCODES.values() for code in codes):
        module.note("blackbox_never", key)


def _records(name: str) -> Rule:
    def take(module: TranslatedModule, key: str, value: Any) -> None:
        records: dict[str, Any] = {}
        for rule, patterns in module.items(value, key):
            if rule not in _PATTERNS:
                module.note("blackbox_unknown", key, rule)
            elif written := [module.scalar(pattern, key, rule) for pattern in module.listed(patterns, key, rule)]:
                records[_PATTERNS[rule]] = written
                module.places[name, _PATTERNS[rule]] = (*module.trail, key, rule)
                if rule == "fail_if_all_match_regexp":
                    module.note("blackbox_all_match", key, rule)
        if records:
            module.options[name] = records

    return take


def _payload(module: TranslatedModule, key: str, value: Any) -> None:
    size = module.whole(value, key) or _PAYLOAD
    module.options["size"] = max(size, NONCE_BYTES)
    if size < NONCE_BYTES:
        module.note("blackbox_payload", key, size=str(NONCE_BYTES))


def _ttl(module: TranslatedModule, key: str, value: Any) -> None:
    if ttl := module.whole(value, key):
        module.options["ttl"] = ttl


def _dont_fragment(module: TranslatedModule, key: str, value: Any) -> None:
    module.options["dont_fragment"] = module.flag(value, key)
    if module.options["dont_fragment"] and module.options["family"] != "ip4":
        module.note("blackbox_dont_fragment", key)


_TCP: Mapping[str, Rule] = {
    "source_ip_address": as_text("source"),
    "query_response": take_dialogue,
    "tls": as_flag("tls"),
    "tls_config": take_tls_config,
    **FAMILY,
}
_DNS: Mapping[str, Rule] = {
    "source_ip_address": as_text("source"),
    "dns_over_tls": _over_tls,
    "tls_config": take_tls_config,
    "transport_protocol": _transport,
    "query_class": _query_class,
    "query_name": as_text("query_name"),
    "query_type": as_text("query_type"),
    "recursion_desired": as_flag("recursion"),
    "valid_rcodes": _rcodes,
    "validate_answer_rrs": _records("answer"),
    "validate_authority_rrs": _records("authority"),
    "validate_additional_rrs": _records("additional"),
    **FAMILY,
}
_ICMP: Mapping[str, Rule] = {
    "source_ip_address": as_text("source"),
    "dont_fragment": _dont_fragment,
    "payload_size": _payload,
    "ttl": _ttl,
    **FAMILY,
}
RULES: Mapping[str, Mapping[str, Rule]] = {"http": http.RULES, "tcp": _TCP, "icmp": _ICMP, "dns": _DNS}
"""Every option of a prober that has a probe here."""
_THEIR_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "icmp": {"packets": 1, "size": _PAYLOAD},  # more would show loss and jitter
    "dns": {"query_type": "ANY", "min_answers": 0, "udp_payload": 0},  # an empty answer passes there; no EDNS
}
"""Where leaving an option out means something else there than here."""


def _finish_dns(module: TranslatedModule, given: Mapping[str, Any]) -> None:
    options = module.options
    transport = options.get("transport", "udp")
    if "dns_over_tls" in given and transport == "tls" and text(given.get("transport_protocol")) != "tcp":
        module.note("blackbox_over_tls", "dns_over_tls")
    module.note("blackbox_dns_answer")
    if transport == "udp":
        module.note("blackbox_truncated")
    for name in ("validate_answer_rrs", "validate_authority_rrs", "validate_additional_rrs"):
        if given.get(name) and options["query_type"] in _SPELT_OTHERWISE:
            module.note("blackbox_record_text", name)


_FINISH: Mapping[str, Callable[[TranslatedModule, Mapping[str, Any]], None]] = {"http": http.finish, "dns": _finish_dns}


def translate(
    document: object, secrets: SecretFiles | None = None, folder: Path | None = None
) -> tuple[dict[str, dict[str, Any]], list[TranslationNote]]:
    """Our modules by name, and everything that is to be said, in the order of the file.

    A secret in clear leaves its module out, or becomes a file where secrets says which. Relative paths hang on folder.
    """
    modules, notes = translate_modules(document, secrets, folder)
    return {module.name: module.options for module in modules}, notes


def translate_modules(
    document: object, secrets: SecretFiles | None = None, folder: Path | None = None
) -> tuple[list[TranslatedModule], list[TranslationNote]]:
    """The modules with the places their options came from, and the notes in the order of the file."""
    modules: list[TranslatedModule] = []
    notes: list[TranslationNote] = []
    data = document if isinstance(document, dict) else {}
    notes.extend(TranslationNote((key,), "blackbox_unknown") for key in data if key != "modules")
    sections = data.get("modules")
    if not isinstance(sections, dict) or not sections:
        return [], [*notes, TranslationNote(("modules",), "blackbox_empty")]
    for name, section in sections.items():
        module = TranslatedModule(str(name), ("modules", name), secrets, folder)
        _module(module, section)
        if module.left_out:  # how it would have differed is of no use
            notes.extend(note for note in module.notes if note.leaves_out)
        else:
            notes.extend(module.notes)
            modules.append(module)
    return modules, notes


def _module(module: TranslatedModule, section: object) -> None:
    if not isinstance(section, dict):
        module.leave_out("blackbox_form")
        return
    if not is_module_name(module.name):
        module.leave_out("blackbox_name")
    prober = text(section.get("prober"))
    if prober not in RULES:
        module.leave_out("blackbox_prober", "prober")
        return
    module.options["probe"] = prober
    _timeout(module, section.get("timeout"))
    for key, value in section.items():
        if key in RULES and key != prober and value:
            module.note("blackbox_other_prober", key)
        elif key not in ("prober", "timeout", *RULES, "grpc", "unix", "websocket"):
            module.note("blackbox_unknown", key)
    _options(module, prober, section.get(prober))


def _timeout(module: TranslatedModule, value: Any) -> None:
    length = milliseconds(value) if value else None
    if value and length is None:
        module.leave_out("blackbox_refused", "timeout")
    elif length is None or length <= 0:
        module.note("blackbox_timeout")
    else:
        whole = max(1, round(length))
        module.options["timeout"] = f"{whole // 1000}s" if whole % 1000 == 0 else f"{whole}ms"
        module.places["timeout",] = (*module.trail, "timeout")


def _options(module: TranslatedModule, prober: str, given: object) -> None:
    options = dict(module.items(given, prober))
    inner = TranslatedModule(
        module.name, (*module.trail, prober), module.secrets, module.folder, module.options, module.notes, module.places
    )
    module.options["family"] = _family(inner, options)
    module.options.update(_THEIR_DEFAULTS.get(prober, {}))
    for key, value in options.items():
        before = dict(module.options)
        rule = RULES[prober].get(key)
        if rule is None:
            inner.note("blackbox_unknown", key)
            continue
        rule(inner, key, value)
        for name in module.options:
            if name not in before or module.options[name] != before[name]:
                module.places.setdefault((name,), (*inner.trail, key))
    if "source" in module.options and (":" in str(module.options["source"])) != module.options["family"].endswith("6"):
        inner.note("blackbox_source", "source_ip_address")
    if prober in _FINISH:
        _FINISH[prober](inner, options)


def _family(module: TranslatedModule, options: Mapping[str, Any]) -> str:
    preferred = "ip4" if text(options.get("preferred_ip_protocol")) not in ("", "ip6") else "ip6"
    fallback = options.get("ip_protocol_fallback")
    strict = fallback is not None and not module.flag(fallback, "ip_protocol_fallback")
    return preferred if strict else f"prefer_{preferred}"
