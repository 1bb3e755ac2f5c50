"""The prober http of blackbox_exporter: every option has a row here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from agent.inventory.blackbox.module import TranslatedModule, text, texts
from agent.inventory.blackbox.options import FAMILY, Rule, as_text, as_texts, left_out, take_tls_config, unknown

MAX_BODY = 64 * 1024**2
_SIZES = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[KMGTPE]?i?B)")
_SIZE = re.compile(r"([0-9.]+)([KMGTPE]?)i?B")
_POWER = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4, "P": 5, "E": 6}
_SECRET_HEADER = re.compile(
    r"(?i)(?:^|.*[-_])(?:auth|authorization|cookie|credentials?|passw(?:or)?d|secret|session|token|"
    r"(?:api|access|private|secret)[-_]?key)(?:[-_].*|$)"
)
_UNSENT = ("content-length", "transfer-encoding", "trailer")  # net/http leaves these out of what it sends
_OF_THE_CONNECTION = ("connection", "expect", "te", "upgrade")  # which the probe sets itself
_PROTOCOLS = {"HTTP/1.0": "1.0", "HTTP/1.1": "1.1", "HTTP/2.0": "2"}


def _header(module: TranslatedModule, name: str, value: Any) -> None:
    """Add one more line of a header."""
    headers = module.options.setdefault("headers", {})
    if name in headers:
        before = headers[name]
        headers[name] = [*(before if isinstance(before, list) else [before]), value]
    else:
        headers[name] = value


def _status(module: TranslatedModule, key: str, value: Any) -> None:
    codes = [module.whole(code, key, index) for index, code in enumerate(module.listed(value, key))]
    if codes:
        module.options["status"] = [code for code in codes if 100 <= code <= 999] or codes
        if any(not 100 <= code <= 999 for code in codes):
            module.note("blackbox_never", key)


def _versions(module: TranslatedModule, key: str, value: Any) -> None:
    versions = [module.scalar(version, key) for version in module.listed(value, key)]
    if versions:
        known = [version for version in versions if version in _PROTOCOLS]
        module.options["http_versions"] = known or versions
        if known != versions:
            module.note("blackbox_version", key)


def _method(module: TranslatedModule, key: str, value: Any) -> None:
    if method := module.scalar(value, key):
        module.options["method"] = method
        if method != method.upper():
            module.note("blackbox_method", key)


def _size(module: TranslatedModule, key: str, value: Any) -> None:
    limit = size(text(value))
    if limit is None:
        module.leave_out("blackbox_refused", key)
        return
    if not 0 < limit <= MAX_BODY:
        module.note("blackbox_size", key)
        limit = MAX_BODY
    module.options["body_size_limit"] = limit


def size(written: str) -> int | None:
    """Bytes as alecthomas/units reads them (``10MB`` is 10 MiB, ``1.5MiB``, ``1MiB512KiB``); negative is endless: 0."""
    plain = written.lstrip("+")
    if plain in ("", "0") or (plain.startswith("-") and _all_sizes(plain[1:])):
        return 0
    if not _all_sizes(plain):
        return None
    return int(sum(float(amount) * 1024 ** _POWER[unit] for amount, unit in _SIZE.findall(plain)))


def _all_sizes(plain: str) -> bool:
    parts = _SIZES.findall(plain)
    return bool(parts) and "".join(parts) == plain


def _compression(module: TranslatedModule, key: str, value: Any) -> None:
    coding = module.scalar(value, key).lower()
    if coding not in ("", "identity"):
        module.options["compression"] = coding
        module.note("blackbox_compression", key)


def _headers(module: TranslatedModule, key: str, value: Any) -> None:
    for name, given in module.items(value, key):
        if _left_out(module, name, key) or (name.lower() == "host" and not text(given)):
            continue
        if _SECRET_HEADER.fullmatch(name):
            if (secret := module.secret(given, key, name)) is not None:
                _header(module, name, secret)
        else:
            _header(module, name, module.scalar(given, key, name))


def _left_out(module: TranslatedModule, name: str, key: str) -> bool:
    """Whether a header is not the module's to set; if so it is said."""
    if name.lower() in _UNSENT:
        module.note("blackbox_unsent", key, name)
    elif name.lower() in _OF_THE_CONNECTION:
        module.note("blackbox_connection", key, name)
    else:
        return False
    return True


def _http_headers(module: TranslatedModule, key: str, value: Any) -> None:
    for name, kinds in module.items(value, key):
        if _left_out(module, name, key):
            continue
        for kind, given in module.items(kinds, key, name):
            for entry in module.listed(given, key, name, kind):
                _one_header(module, entry, key, name, kind)


def _one_header(module: TranslatedModule, value: Any, key: str, name: str, kind: str) -> None:
    if kind == "secrets" or (kind == "values" and _SECRET_HEADER.fullmatch(name)):
        if (secret := module.secret(value, key, name, kind)) is not None:
            _header(module, name, secret)
    elif kind == "files":
        _header(module, name, module.file(value, key, name, kind))
    elif kind == "values":
        _header(module, name, module.scalar(value, key, name, kind))
    else:
        module.note("blackbox_unknown", key, name, kind)


def _matches(option: str) -> Rule:
    def take(module: TranslatedModule, key: str, value: Any) -> None:
        matches = []
        for index, match in enumerate(module.listed(value, key)):
            given = dict(module.items(match, key, index))
            unknown(module, given, ("header", "regexp", "allow_missing"), key, index)
            matcher: dict[str, Any] = {"header": text(given.get("header")), "regexp": text(given.get("regexp"))}
            if not all(matcher.values()):
                module.leave_out("blackbox_refused", key, index)
            if "allow_missing" in given:
                matcher["allow_missing"] = module.flag(given["allow_missing"], key, index)
            matches.append(matcher)
        if matches:
            module.options[option] = matches

    return take


def _basic_auth(module: TranslatedModule, key: str, value: Any) -> None:
    auth = dict(module.items(value, key))
    unknown(module, auth, ("username", "password", "username_file", "password_file"), key)
    if "username_file" in auth:
        module.note("blackbox_username_file", key, "username_file")
    if auth.get("password"):
        password = module.secret(auth["password"], key, "password")
    elif "password_file" in auth:
        password = module.file(auth["password_file"], key, "password_file")
    else:
        module.note("blackbox_no_password", key)
        return
    if password is not None:
        module.options["basic_auth"] = {"user": text(auth.get("username")), "password": password}


def _authorization(module: TranslatedModule, key: str, value: Any) -> None:
    auth = dict(module.items(value, key))
    unknown(module, auth, ("type", "credentials", "credentials_file"), key)
    if auth.get("credentials"):
        credentials = module.secret(auth["credentials"], key, "credentials")
    elif auth.get("credentials_file"):
        credentials = module.file(auth["credentials_file"], key, "credentials_file")
    else:
        module.note("blackbox_authorization", key)
        return
    scheme = text(auth.get("type")).strip() or "Bearer"
    if scheme.lower() == "basic":
        module.leave_out("blackbox_refused", key, "type")
    if credentials is not None:
        module.options.update(
            {"bearer": credentials}
            if scheme == "Bearer"
            else {"authorization": {"type": scheme, "credentials": credentials}}
        )


def _bearer_token(module: TranslatedModule, key: str, value: Any) -> None:
    if value and (secret := module.secret(value, key)) is not None:
        module.options["bearer"] = secret


def _bearer_token_file(module: TranslatedModule, key: str, value: Any) -> None:
    if value:
        module.options["bearer"] = module.file(value, key)


def _proxy_url(module: TranslatedModule, key: str, value: Any) -> None:
    url = text(value)
    if not url:
        return
    if not url.lower().startswith("http://"):
        module.leave_out("blackbox_proxy", key)
    proxy = module.options.setdefault("proxy", {})
    scheme, mark, rest = url.partition("://")
    if "@" not in rest:
        proxy["url"] = url
        return
    login, _, host = rest.rpartition("@")
    user, _, password = login.partition(":")
    if (secret := module.secret(unquote(password), key)) is not None:
        proxy["url"] = f"{scheme}{mark}{host}"
        proxy["auth"] = {"user": unquote(user), "password": secret}


def _no_proxy(module: TranslatedModule, _key: str, value: Any) -> None:
    names = [part.strip() for part in text(value).split(",") if part.strip()]
    module.options.setdefault("proxy", {})["no_proxy"] = names


def _proxy_headers(module: TranslatedModule, key: str, value: Any) -> None:
    for name, given in module.items(value, key):
        if (secret := module.secret(texts(given)[-1] if texts(given) else "", key, name)) is not None:
            module.options.setdefault("proxy", {}).setdefault("connect_headers", {})[name] = secret


def _tls(module: TranslatedModule, key: str, value: Any, mode: str) -> None:
    if module.flag(value, key):
        if "tls" in module.options:
            module.note("blackbox_never", key)
        module.options["tls"] = mode


def _http2(module: TranslatedModule, key: str, value: Any) -> None:
    if not module.flag(value, key):
        module.options["http2"] = "off"


def _follow(module: TranslatedModule, key: str, value: Any) -> None:
    module.options.setdefault("follow_redirects", module.flag(value, key))


def _no_follow(module: TranslatedModule, key: str, value: Any) -> None:
    if value is not None:
        module.options["follow_redirects"] = not module.flag(value, key)


def _body(module: TranslatedModule, key: str, value: Any) -> None:
    if text(value) and "body" in module.options:
        module.leave_out("blackbox_refused", key)
    elif text(value):
        module.options["body"] = text(value)


def _body_file(module: TranslatedModule, key: str, value: Any) -> None:
    if value and "body" in module.options:
        module.leave_out("blackbox_refused", key)
    elif value:
        module.options["body"] = module.file(value, key)


RULES: Mapping[str, Rule] = {
    "valid_status_codes": _status,
    "valid_http_versions": _versions,
    "method": _method,
    "headers": _headers,
    "http_headers": _http_headers,
    "body_size_limit": _size,
    "compression": _compression,
    "no_follow_redirects": _no_follow,
    "follow_redirects": _follow,
    "fail_if_ssl": lambda module, key, value: _tls(module, key, value, "forbidden"),
    "fail_if_not_ssl": lambda module, key, value: _tls(module, key, value, "required"),
    "fail_if_body_json_matches_cel": left_out("blackbox_cel"),
    "fail_if_body_json_not_matches_cel": left_out("blackbox_cel"),
    "fail_if_body_matches_regexp": as_texts("body_not_matches"),
    "fail_if_body_not_matches_regexp": as_texts("body_matches"),
    "fail_if_header_matches": _matches("header_not_matches"),
    "fail_if_header_not_matches": _matches("header_matches"),
    "tls_config": take_tls_config,
    "basic_auth": _basic_auth,
    "authorization": _authorization,
    "bearer_token": _bearer_token,
    "bearer_token_file": _bearer_token_file,
    "proxy_url": _proxy_url,
    "no_proxy": _no_proxy,
    "proxy_from_environment": left_out("blackbox_proxy_environment"),
    "proxy_connect_header": _proxy_headers,
    "skip_resolve_phase_with_proxy": left_out("blackbox_proxy_resolves"),
    "oauth2": left_out("blackbox_oauth2"),
    "enable_http2": _http2,
    "enable_http3": left_out("blackbox_http3"),
    "source_ip_address": as_text("source"),
    "body": _body,
    "body_file": _body_file,
    **FAMILY,
}


def finish(module: TranslatedModule, given: Mapping[str, Any]) -> None:
    """Settings that follow from several options together, or from one that is missing."""
    options = module.options
    if "body_size_limit" not in options:
        options["body_size_limit"] = MAX_BODY
        module.note("blackbox_size")
    if "url" not in options.get("proxy", {"url": ""}):
        del options["proxy"]  # the rest of a proxy that could not be taken over
    _name_of_host(module)
    if options.get("follow_redirects", True):
        _redirects(module, given)


def _name_of_host(module: TranslatedModule) -> None:
    """There the Host header is the TLS server name too, where no other is written."""
    headers = module.options.get("headers", {})
    for name, host in headers.items():
        if name.lower() == "host" and isinstance(host, str):
            tls = module.options.setdefault("tls_config", {})
            if "server_name" not in tls:
                tls["server_name"] = urlsplit(f"//{host}").hostname or host
                module.places.setdefault(("tls_config",), (*module.trail, "headers", name))
                if tls["server_name"] != host.lower():
                    module.note("blackbox_host_port", "headers", name)
            if module.options.get("follow_redirects", True):
                module.note("blackbox_host", "headers", name)


def _redirects(module: TranslatedModule, given: Mapping[str, Any]) -> None:
    module.note("blackbox_redirects")
    for name in ("basic_auth", "bearer", "authorization"):
        if name in module.options:
            module.note("blackbox_credentials", *module.places.get((name,), module.trail)[len(module.trail) :])
    values = module.options.get("headers", {}).values()
    if any(isinstance(part, dict) for value in values for part in (value if isinstance(value, list) else [value])):
        module.note("blackbox_credentials", "http_headers" if "http_headers" in given else "headers")
    if "body" in module.options:
        module.note("blackbox_body_redirected", "body_file" if isinstance(module.options["body"], dict) else "body")
    if any(300 <= code < 400 for code in module.options.get("status", ()) if isinstance(code, int)):
        module.note("blackbox_redirect_status", "valid_status_codes")
