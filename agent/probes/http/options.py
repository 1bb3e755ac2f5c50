"""The options of a module of `probe: http`. Everything is checked when the inventory is loaded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import jmespath
from jmespath.exceptions import JMESPathError
from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from agent.probes.address import AddressError, Host, read_endpoint
from agent.probes.options import STRICT, Pattern, Seconds, Secret, Size, SourceAddress, refused
from agent.probes.resolver import IpFamily, mismatch
from agent.probes.tls.options import Tls, TlsOptions
from agent.regular_file import read_regular
from agent.text import Text

MAX_REDIRECTS = 10
MAX_BODY_LIMIT = 64 * 1024 * 1024
_NOT_JMESPATH = Text("không phải biểu thức JMESPath: {detail}", "not a JMESPath expression: {detail}")
_MAX_REQUEST_BODY = 1024 * 1024
_MAX_EXPRESSION = 1000

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 section 5.6.2
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")  # anything that could end a header line early
_NO_WEIGHT = re.compile(r"q=0(\.0*)?")
_CLASS = re.compile(r"[1-5]xx")
_VERSIONS = {"1.0": 1.0, "1.1": 1.1, "2": 2.0, "2.0": 2.0, "3": 3.0, "3.0": 3.0}
_FRAMING = ("content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "expect")


class TlsUse(StrEnum):
    """Whether the answer that is judged must have come over TLS, must not, or may."""

    ANY = "any"
    REQUIRED = "required"
    FORBIDDEN = "forbidden"


class Http2(StrEnum):
    """AUTO offers HTTP/2 over TLS and takes what the server picks; ON speaks it at once in clear as well; OFF never."""

    AUTO = "auto"
    ON = "on"
    OFF = "off"


class Compression(StrEnum):
    """The Accept-Encoding that is sent. NONE sends no such header and decodes nothing."""

    NONE = "none"
    IDENTITY = "identity"
    GZIP = "gzip"
    DEFLATE = "deflate"
    BR = "br"
    ANY = "any"


def _listed(value: object) -> object:
    """One value may stand without its list."""
    return value if isinstance(value, list | tuple) else (value,)


def _status(value: object) -> int | str:
    if isinstance(value, int) and not isinstance(value, bool) and 100 <= value <= 999:
        return value
    if isinstance(value, str) and _CLASS.fullmatch(value.lower()):
        return value.lower()
    raise refused(Text("không phải mã trạng thái", "not a status code"), Text("200 hoặc 2xx", "200 or 2xx"))


def _version(value: object) -> float:
    text = str(value).upper().removeprefix("HTTP/")
    if isinstance(value, bool) or text not in _VERSIONS:
        raise refused(
            Text("không phải phiên bản HTTP", "not an HTTP version"), Text("1.0, 1.1 hoặc 2", "1.0, 1.1 or 2")
        )
    return _VERSIONS[text]


def _method(value: str) -> str:
    if not _TOKEN.fullmatch(value) or len(value) > 32:
        raise refused(Text("không phải phương thức HTTP", "not an HTTP method"), "GET, HEAD, POST ...")
    if value.upper() in ("CONNECT", "TRACE"):
        raise refused(
            Text("phương thức này không dùng để kiểm tra", "this method is not for probes"), "GET, HEAD, POST ..."
        )
    return value.upper()


def _header_value(value: object) -> str | Secret:
    read = value if isinstance(value, str) else Secret.parse(value)
    if _CONTROL.search(read.reveal() if isinstance(read, Secret) else read):
        raise refused(
            Text("giá trị tiêu đề có ký tự điều khiển", "a header value holds control characters"),
            Text("một dòng chữ", "one line of text"),
        )
    return read


def _header_name(value: str) -> str:
    if not _TOKEN.fullmatch(value):
        raise refused(
            Text("không phải tên tiêu đề HTTP", "not a header name"),
            Text("chữ cái, chữ số và -", "letters, digits and -"),
        )
    if value.lower() in _FRAMING:
        raise refused(
            Text("tiêu đề này do phép dò tự đặt", "this header is set by the probe"), Text("hãy bỏ đi", "leave it out")
        )
    return value


def _scheme(value: str) -> str:
    if not _TOKEN.fullmatch(value):
        raise refused(
            Text("không phải kiểu xác thực của Authorization", "not an authorization scheme"), "Token, Digest, ApiKey"
        )
    return value


def _pairs(value: object) -> object:
    """A mapping as its pairs; a list of values is a line each."""
    if not isinstance(value, dict):
        return value
    return tuple(
        (name, line) for name, given in value.items() for line in (given if isinstance(given, list) else [given])
    )


def _expression(value: str) -> str:
    try:
        jmespath.compile(value)
    except (JMESPathError, RecursionError) as error:
        raise refused(_NOT_JMESPATH.filled(detail=str(error)[:200]), "status == 'ok'") from error
    return value


def _body(value: object) -> bytes:
    if isinstance(value, bytes | str):
        body = value if isinstance(value, bytes) else value.encode()
    elif isinstance(value, dict) and set(value) == {"file"} and isinstance(value["file"], str):
        body = _body_file(Path(value["file"]))
    else:
        raise refused(
            Text("không phải nội dung yêu cầu", "not a request body"),
            Text("chữ, hoặc {file: ĐƯỜNG_DẪN}", "text or {file: PATH}"),
        )
    if len(body) > _MAX_REQUEST_BODY:
        raise refused(
            Text("nội dung yêu cầu lớn hơn 1 MiB", "the request body is over 1 MiB"),
            Text("nội dung nhỏ hơn", "a smaller body"),
        )
    return body


def _body_file(path: Path) -> bytes:
    try:
        return read_regular(path, _MAX_REQUEST_BODY + 1)[0]
    except OSError as error:
        detail = {"path": str(path), "detail": error.strerror or "", "right": "a readable file"}
        raise PydanticCustomError("body_file", "body file {path}: {detail}", detail) from error


def _proxy_host(url: str) -> Host:
    return read_endpoint(url.removeprefix("http://").removesuffix("/")).host


def _proxy_url(value: str) -> str:
    try:
        _proxy_host(value)
    except AddressError as error:
        raise refused(error.wrong, error.right) from error
    return value


Status = Annotated[
    int | str, PlainValidator(_status), WithJsonSchema({"anyOf": [{"type": "integer"}, {"pattern": "^[1-5]xx$"}]})
]
Version = Annotated[float, PlainValidator(_version), WithJsonSchema({"enum": [1.0, 1.1, 2, "1.0", "1.1", "2"]})]
Method = Annotated[str, AfterValidator(_method)]
HeaderName = Annotated[str, AfterValidator(_header_name)]
HeaderValue = Annotated[
    str | Secret, PlainValidator(_header_value), WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "object"}]})
]
Headers = Annotated[
    tuple[tuple[HeaderName, HeaderValue], ...], BeforeValidator(_pairs), WithJsonSchema({"type": "object"})
]
Patterns = Annotated[tuple[Pattern, ...], BeforeValidator(_listed)]
Expression = Annotated[str, Field(max_length=_MAX_EXPRESSION), AfterValidator(_expression)]
Body = Annotated[bytes, PlainValidator(_body), WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "object"}]})]


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """A header's value against a pattern; several lines of one header are looked at one by one."""

    __pydantic_config__ = STRICT

    header: str
    regexp: Pattern
    allow_missing: bool = False


@dataclass(frozen=True, slots=True)
class BasicAuth:
    """RFC 7617: the user's name may not hold a colon."""

    __pydantic_config__ = STRICT

    user: Annotated[str, Field(pattern=r"^[^:\x00-\x1f\x7f]*$")]
    password: Secret


@dataclass(frozen=True, slots=True)
class Authorization:
    """A scheme of its own behind Authorization (RFC 9110 section 11.4): its name, and what follows it."""

    __pydantic_config__ = STRICT

    type: Annotated[str, AfterValidator(_scheme)]
    credentials: Secret


@dataclass(frozen=True, slots=True)
class ProxyOptions:
    """An HTTP proxy, spoken to in clear; https goes through its CONNECT.

    no_proxy holds names (``example.vn`` covers its subdomains), addresses and networks, with ``:port`` if wanted.
    The proxy resolves the target's name, so no address is pinned behind it.
    """

    __pydantic_config__ = STRICT

    url: Annotated[str, Field(pattern=r"^http://[A-Za-z0-9.:_\[\]-]+/?$"), AfterValidator(_proxy_url)]
    no_proxy: tuple[str, ...] = ()
    auth: BasicAuth | None = None
    connect_headers: Headers = ()


@dataclass(frozen=True, slots=True)
class HttpDegraded:
    """Limits beyond which a good answer is DEGRADED. Both in seconds; None: no limit."""

    __pydantic_config__ = STRICT

    first_byte: Seconds | None = None
    certificate: Seconds | None = None


@dataclass(frozen=True, slots=True)
class HttpOptions:
    """How to ask and what a good answer is; docs/probes/http.md says each option in full."""

    __pydantic_config__ = STRICT

    method: Method = "GET"
    headers: Headers = ()
    body: Body = b""
    status: Annotated[tuple[Status, ...], BeforeValidator(_listed), Field(min_length=1)] = ("2xx",)
    http_versions: Annotated[tuple[Version, ...], BeforeValidator(_listed)] = ()
    follow_redirects: bool = True
    max_redirects: Annotated[int, Field(ge=0, le=MAX_REDIRECTS)] = MAX_REDIRECTS
    tls: TlsUse = TlsUse.ANY
    body_matches: Patterns = ()
    body_not_matches: Patterns = ()
    header_matches: tuple[HeaderMatch, ...] = ()
    header_not_matches: tuple[HeaderMatch, ...] = ()
    json: Annotated[tuple[Expression, ...], BeforeValidator(_listed), Field(max_length=16)] = ()
    body_size_limit: Annotated[Size, Field(ge=1, le=MAX_BODY_LIMIT)] = 1024 * 1024
    compression: Compression = Compression.NONE
    basic_auth: BasicAuth | None = None
    bearer: Secret | None = None
    authorization: Authorization | None = None
    http2: Http2 = Http2.AUTO
    proxy: ProxyOptions | None = None
    family: IpFamily = IpFamily.PREFER_IP4
    source: SourceAddress | None = None
    tls_config: Tls = TlsOptions()  # noqa: RUF009 - frozen
    degraded: HttpDegraded = HttpDegraded()

    def __post_init__(self) -> None:
        named = {name.lower() for name, _ in self.headers}
        own = (self.basic_auth, self.bearer, self.authorization)
        if sum(way is not None for way in own) + ("authorization" in named) > 1:
            raise refused(
                Text("có nhiều hơn một kiểu xác thực", "more than one kind of authorization"),
                Text(
                    "một trong basic_auth, bearer, headers.Authorization",
                    "one of basic_auth, bearer, headers.Authorization",
                ),
            )
        tokens = (self.bearer, self.authorization.credentials if self.authorization else None)
        if any(token is not None and _CONTROL.search(token.reveal()) for token in tokens):
            raise refused(
                Text("token bearer có ký tự điều khiển", "the bearer token holds control characters"),
                Text("một dòng chữ", "one line of text"),
            )
        if self.proxy and mismatch(_proxy_host(self.proxy.url), self.family.of_source(self.source)):
            raise refused(
                Text("mô-đun không dùng được địa chỉ của proxy", "the module cannot use the proxy's address"),
                Text(
                    "ghi proxy bằng tên, hoặc bằng địa chỉ cùng loại với family",
                    "a proxy by name, or of the module's family",
                ),
            )
        if self.method == "HEAD" and (self.body_matches or self.body_not_matches or self.json):
            raise refused(Text("HEAD không trả nội dung để kiểm tra", "HEAD brings no body to look at"), "method: GET")
        if self.compression is not Compression.NONE and not all(map(self._accepts, self.headers)):
            raise refused(
                Text(
                    "Accept-Encoding ghi hai lần mà không giống nhau", "Accept-Encoding is said twice, and not the same"
                ),
                Text("compression, hoặc ghi giống vậy trong header", "compression, or the same in the header"),
            )

    def _accepts(self, header: tuple[str, str | Secret]) -> bool:
        """Whether a header, if it is Accept-Encoding, asks for the module's compression (RFC 9110 section 12.5.3)."""
        name, value = header
        if name.lower() != "accept-encoding":
            return True
        codings = value.lower().split(",") if isinstance(value, str) else ()
        weights = {
            coding.strip(): weight.strip() for coding, _, weight in (choice.partition(";") for choice in codings)
        }
        weight = weights.get(self.compression.value, weights.get("*", "q=0"))
        return not _NO_WEIGHT.fullmatch(weight)

    @property
    def keeps_body(self) -> bool:
        """Whether anything looks at the body; otherwise its bytes are only counted."""
        return bool(self.body_matches or self.body_not_matches or self.json)
