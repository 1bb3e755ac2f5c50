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


def _header(made: TranslatedModule, name: str, value: Any) -> None:
    """One more line of a header."""
    headers = made.options.setdefault("headers", {})
    if name in headers:
        before = headers[name]
        headers[name] = [*(before if isinstance(before, list) else [before]), value]
    else:
        headers[name] = value


def _status(made: TranslatedModule, key: str, value: Any) -> None:
    codes = [made.whole(code, key, index) for index, code in enumerate(made.listed(value, key))]
    if codes:
        made.options["status"] = [code for code in codes if 100 <= code <= 999] or codes
        if any(not 100 <= code <= 999 for code in codes):
            made.note("blackbox_never", key)


def _versions(made: TranslatedModule, key: str, value: Any) -> None:
    versions = [made.scalar(version, key) for version in made.listed(value, key)]
    if versions:
        known = [version for version in versions if version in _PROTOCOLS]
        made.options["http_versions"] = known or versions
        if known != versions:
            made.note("blackbox_version", key)


def _method(made: TranslatedModule, key: str, value: Any) -> None:
    if method := made.scalar(value, key):
        made.options["method"] = method
        if method != method.upper():
            made.note("blackbox_method", key)


def _size(made: TranslatedModule, key: str, value: Any) -> None:
    limit = size(text(value))
    if limit is None:
        made.leave_out("blackbox_refused", key)
        return
    if not 0 < limit <= MAX_BODY:
        made.note("blackbox_size", key)
        limit = MAX_BODY
    made.options["body_size_limit"] = limit


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


def _compression(made: TranslatedModule, key: str, value: Any) -> None:
    coding = made.scalar(value, key).lower()
    if coding not in ("", "identity"):
        made.options["compression"] = coding
        made.note("blackbox_compression", key)


def _headers(made: TranslatedModule, key: str, value: Any) -> None:
    for name, given in made.items(value, key):
        if _left_out(made, name, key) or (name.lower() == "host" and not text(given)):
            continue
        if _SECRET_HEADER.fullmatch(name):
            if (kept := made.secret(given, key, name)) is not None:
                _header(made, name, kept)
        else:
            _header(made, name, made.scalar(given, key, name))


def _left_out(made: TranslatedModule, name: str, key: str) -> bool:
    """Whether a header is not the module's to set; if so it is said."""
    if name.lower() in _UNSENT:
        made.note("blackbox_unsent", key, name)
    elif name.lower() in _OF_THE_CONNECTION:
        made.note("blackbox_connection", key, name)
    else:
        return False
    return True


def _http_headers(made: TranslatedModule, key: str, value: Any) -> None:
    for name, kinds in made.items(value, key):
        if _left_out(made, name, key):
            continue
        for kind, given in made.items(kinds, key, name):
            for one in made.listed(given, key, name, kind):
                _one_header(made, one, key, name, kind)


def _one_header(made: TranslatedModule, value: Any, key: str, name: str, kind: str) -> None:
    if kind == "secrets" or (kind == "values" and _SECRET_HEADER.fullmatch(name)):
        if (kept := made.secret(value, key, name, kind)) is not None:
            _header(made, name, kept)
    elif kind == "files":
        _header(made, name, made.file(value, key, name, kind))
    elif kind == "values":
        _header(made, name, made.scalar(value, key, name, kind))
    else:
        made.note("blackbox_unknown", key, name, kind)


def _matches(ours: str) -> Rule:
    def take(made: TranslatedModule, key: str, value: Any) -> None:
        matches = []
        for index, match in enumerate(made.listed(value, key)):
            given = dict(made.items(match, key, index))
            unknown(made, given, ("header", "regexp", "allow_missing"), key, index)
            one: dict[str, Any] = {"header": text(given.get("header")), "regexp": text(given.get("regexp"))}
            if not all(one.values()):
                made.leave_out("blackbox_refused", key, index)
            if "allow_missing" in given:
                one["allow_missing"] = made.flag(given["allow_missing"], key, index)
            matches.append(one)
        if matches:
            made.options[ours] = matches

    return take


def _basic_auth(made: TranslatedModule, key: str, value: Any) -> None:
    auth = dict(made.items(value, key))
    unknown(made, auth, ("username", "password", "username_file", "password_file"), key)
    if "username_file" in auth:
        made.note("blackbox_username_file", key, "username_file")
    if auth.get("password"):
        password = made.secret(auth["password"], key, "password")
    elif "password_file" in auth:
        password = made.file(auth["password_file"], key, "password_file")
    else:
        made.note("blackbox_no_password", key)
        return
    if password is not None:
        made.options["basic_auth"] = {"user": text(auth.get("username")), "password": password}


def _authorization(made: TranslatedModule, key: str, value: Any) -> None:
    auth = dict(made.items(value, key))
    unknown(made, auth, ("type", "credentials", "credentials_file"), key)
    if auth.get("credentials"):
        credentials = made.secret(auth["credentials"], key, "credentials")
    elif auth.get("credentials_file"):
        credentials = made.file(auth["credentials_file"], key, "credentials_file")
    else:
        made.note("blackbox_authorization", key)
        return
    scheme = text(auth.get("type")).strip() or "Bearer"
    if scheme.lower() == "basic":
        made.leave_out("blackbox_refused", key, "type")
    if credentials is not None:
        made.options.update(
            {"bearer": credentials}
            if scheme == "Bearer"
            else {"authorization": {"type": scheme, "credentials": credentials}}
        )


def _bearer_token(made: TranslatedModule, key: str, value: Any) -> None:
    if value and (kept := made.secret(value, key)) is not None:
        made.options["bearer"] = kept


def _bearer_token_file(made: TranslatedModule, key: str, value: Any) -> None:
    if value:
        made.options["bearer"] = made.file(value, key)


def _proxy_url(made: TranslatedModule, key: str, value: Any) -> None:
    url = text(value)
    if not url:
        return
    if not url.lower().startswith("http://"):
        made.leave_out("blackbox_proxy", key)
    proxy = made.options.setdefault("proxy", {})
    scheme, mark, rest = url.partition("://")
    if "@" not in rest:
        proxy["url"] = url
        return
    login, _, host = rest.rpartition("@")
    user, _, password = login.partition(":")
    if (kept := made.secret(unquote(password), key)) is not None:
        proxy["url"] = f"{scheme}{mark}{host}"
        proxy["auth"] = {"user": unquote(user), "password": kept}


def _no_proxy(made: TranslatedModule, _key: str, value: Any) -> None:
    names = [part.strip() for part in text(value).split(",") if part.strip()]
    made.options.setdefault("proxy", {})["no_proxy"] = names


def _proxy_headers(made: TranslatedModule, key: str, value: Any) -> None:
    for name, given in made.items(value, key):
        if (kept := made.secret(texts(given)[-1] if texts(given) else "", key, name)) is not None:
            made.options.setdefault("proxy", {}).setdefault("connect_headers", {})[name] = kept


def _tls(made: TranslatedModule, key: str, value: Any, ours: str) -> None:
    if made.flag(value, key):
        if "tls" in made.options:
            made.note("blackbox_never", key)
        made.options["tls"] = ours


def _http2(made: TranslatedModule, key: str, value: Any) -> None:
    if not made.flag(value, key):
        made.options["http2"] = "off"


def _follow(made: TranslatedModule, key: str, value: Any) -> None:
    made.options.setdefault("follow_redirects", made.flag(value, key))


def _no_follow(made: TranslatedModule, key: str, value: Any) -> None:
    if value is not None:
        made.options["follow_redirects"] = not made.flag(value, key)


def _body(made: TranslatedModule, key: str, value: Any) -> None:
    if text(value) and "body" in made.options:
        made.leave_out("blackbox_refused", key)
    elif text(value):
        made.options["body"] = text(value)


def _body_file(made: TranslatedModule, key: str, value: Any) -> None:
    if value and "body" in made.options:
        made.leave_out("blackbox_refused", key)
    elif value:
        made.options["body"] = made.file(value, key)


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
    "fail_if_ssl": lambda made, key, value: _tls(made, key, value, "forbidden"),
    "fail_if_not_ssl": lambda made, key, value: _tls(made, key, value, "required"),
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


def finish(made: TranslatedModule, given: Mapping[str, Any]) -> None:
    """What several options decide together, or one that is not there."""
    options = made.options
    if "body_size_limit" not in options:
        options["body_size_limit"] = MAX_BODY
        made.note("blackbox_size")
    if "url" not in options.get("proxy", {"url": ""}):
        del options["proxy"]  # the rest of a proxy that could not be taken over
    _name_of_host(made)
    if options.get("follow_redirects", True):
        _redirects(made, given)


def _name_of_host(made: TranslatedModule) -> None:
    """There the Host header is the TLS server name too, where no other is written."""
    headers = made.options.get("headers", {})
    for name, host in headers.items():
        if name.lower() == "host" and isinstance(host, str):
            tls = made.options.setdefault("tls_config", {})
            if "server_name" not in tls:
                tls["server_name"] = urlsplit(f"//{host}").hostname or host
                made.places.setdefault(("tls_config",), (*made.trail, "headers", name))
                if tls["server_name"] != host.lower():
                    made.note("blackbox_host_port", "headers", name)
            if made.options.get("follow_redirects", True):
                made.note("blackbox_host", "headers", name)


def _redirects(made: TranslatedModule, given: Mapping[str, Any]) -> None:
    made.note("blackbox_redirects")
    for name in ("basic_auth", "bearer", "authorization"):
        if name in made.options:
            made.note("blackbox_credentials", *made.places.get((name,), made.trail)[len(made.trail) :])
    values = made.options.get("headers", {}).values()
    if any(isinstance(one, dict) for value in values for one in (value if isinstance(value, list) else [value])):
        made.note("blackbox_credentials", "http_headers" if "http_headers" in given else "headers")
    if "body" in made.options:
        made.note("blackbox_body_redirected", "body_file" if isinstance(made.options["body"], dict) else "body")
    if any(300 <= code < 400 for code in made.options.get("status", ()) if isinstance(code, int)):
        made.note("blackbox_redirect_status", "valid_status_codes")
