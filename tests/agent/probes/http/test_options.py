"""What a module of `probe: http` may say, and what is refused when the inventory is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from agent.probes.http.options import BasicAuth, HeaderMatch, HttpDegraded, HttpOptions, ProxyOptions
from agent.probes.options import Secret
from tests.agent.probes.http.asking import read


@pytest.fixture
def secret(tmp_path: Path) -> dict[str, str]:
    path = tmp_path / "secret"
    path.write_text("bi-mat\n", encoding="ascii")
    path.chmod(0o600)
    return {"file": str(path)}


def test_nothing_said_is_a_plain_get() -> None:
    assert read({}) == HttpOptions()
    assert HttpOptions().status == ("2xx",)
    assert HttpOptions().body_size_limit == 1024 * 1024


def test_options_are_read_into_plain_values(secret: dict[str, str]) -> None:
    options = read(
        {
            "method": "get",
            "status": [200, "3XX"],
            "http_versions": ["HTTP/1.1", 2],
            "headers": {"X-Key": secret, "X-Plain": "p"},
            "body_matches": "một",
            "body_size_limit": "64KiB",
            "degraded": {"first_byte": "3s", "certificate": "21d"},
        }
    )
    assert options.method == "GET"
    assert options.status == (200, "3xx")
    assert options.http_versions == (1.1, 2.0)
    assert options.headers == (("X-Key", Secret("bi-mat", f"file {secret['file']}")), ("X-Plain", "p"))
    assert options.body_matches == ("một",)
    assert options.body_size_limit == 65536
    assert (options.degraded.first_byte, options.degraded.certificate) == (3.0, 21 * 86400)
    assert "bi-mat" not in repr(options)
    assert hash(options) == hash(options)


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"colour": "red"}, "Unexpected keyword"),
    ({"method": "GET /"}, "not an HTTP method"),
    ({"method": "CONNECT"}, "not for probes"),
    ({"status": 99}, "not a status code"),
    ({"status": "200"}, "not a status code"),
    ({"status": []}, "at least 1 item"),
    ({"http_versions": "1.2"}, "not an HTTP version"),
    ({"headers": {"X Y": "a"}}, "not a header name"),
    ({"headers": {"X": "a\r\nY: b"}}, "control characters"),
    ({"headers": {"Content-Length": "5"}}, "set by the probe"),
    ({"headers": {"X": {"value": "in clear"}}}, "secret"),
    ({"body": 5}, "not a request body"),
    ({"body": {"file": "/nonexistent/body"}}, "No such file"),
    ({"body": "x" * (1024 * 1024 + 1)}, "over 1 MiB"),
    ({"max_redirects": 11}, "less than or equal to 10"),
    ({"tls": "maybe"}, "'any', 'required' or 'forbidden'"),
    ({"body_matches": "("}, "not a regular expression"),
    ({"body_matches": "(?=lookahead)"}, "not a regular expression"),
    ({"header_matches": [{"header": "X"}]}, "required"),
    ({"json": "a["}, "not a JMESPath expression"),
    ({"json": "a" * 1001}, "at most 1000 characters"),
    ({"json": ["a"] * 17}, "at most 16 items"),
    ({"body_size_limit": 0}, "greater than or equal to 1"),
    ({"body_size_limit": "65MiB"}, "less than or equal to"),
    ({"compression": "zstd"}, "'none', 'identity', 'gzip', 'deflate', 'br' or 'any'"),
    ({"basic_auth": {"user": "a:b", "password": {"env": "PATH"}}}, "String should match"),
    ({"basic_auth": {"user": "a", "password": "in clear"}}, "a secret stands here in clear"),
    ({"bearer": {"env": "PATH"}, "headers": {"authorization": "x"}}, "more than one kind of authorization"),
    ({"http2": "maybe"}, "'auto', 'on' or 'off'"),
    ({"proxy": {"url": "socks5://192.0.2.1:1080"}}, "String should match"),
    ({"proxy": {"url": "http://127.1:3128"}}, "not an IPv4 address"),
    ({"proxy": {"url": "http://proxy.example:0/"}}, "not a port"),
    ({"proxy": {"url": "http://u:p@192.0.2.1:3128"}}, "String should match"),
    ({"family": "ip5"}, "'ip4', 'ip6'"),
    ({"source": "eth0"}, "not an IP address"),
    ({"tls_config": {"ca_file": "/nonexistent.pem"}}, "/nonexistent.pem"),
    ({"tls_config": {"cert_file": "/x.pem"}}, "needs its key"),
    ({"degraded": {"certificate": 21}}, "not a duration"),
    ({"method": "HEAD", "json": "a"}, "HEAD brings no body"),
    ({"compression": "gzip", "headers": {"Accept-Encoding": "br"}}, "said twice"),
    ({"compression": "gzip", "headers": {"accept-encoding": "*, gzip;q=0.0"}}, "said twice"),
    ({"status": 1000}, "not a status code"),
    ({"authorization": {"type": "a b", "credentials": {"env": "PATH"}}}, "not an authorization scheme"),
    ({"bearer": {"env": "PATH"}, "authorization": {"type": "X", "credentials": {"env": "PATH"}}}, "more than one"),
]


def test_a_header_of_several_values_is_a_line_each() -> None:
    assert read({"headers": {"X-A": ["1", "2"], "X-B": "3"}}).headers == (("X-A", "1"), ("X-A", "2"), ("X-B", "3"))


@pytest.mark.parametrize("accepted", ["gzip", "br, gzip;q=0.5", "GZIP", "*", "identity;q=0,*;q=0.1"])
def test_accept_encoding_may_stand_beside_the_compression_it_asks_for(accepted: str) -> None:
    read({"compression": "gzip", "headers": {"Accept-Encoding": accepted}})


@pytest.mark.parametrize(("options", "wrong"), REFUSED)
def test_refused(options: dict[str, Any], wrong: str) -> None:
    with pytest.raises(ValidationError) as refused:
        read(options)
    assert wrong in str(refused.value)


def test_a_schema_for_editors() -> None:
    schema = TypeAdapter(HttpOptions).json_schema()
    assert set(schema["properties"]) == set(HttpOptions.__dataclass_fields__)
    assert schema["additionalProperties"] is False


def test_the_page_has_every_option() -> None:
    page = (Path(__file__).parents[4] / "docs" / "probes" / "http.md").read_text(encoding="utf-8")
    parts = (HttpOptions, HeaderMatch, BasicAuth, ProxyOptions, HttpDegraded)
    inside = ("password", "header", "regexp", "allow_missing")  # named within the row of their option
    named = [name for part in parts for name in part.__dataclass_fields__ if name not in inside]
    assert [name for name in named if f"`{name}`" not in page] == []
