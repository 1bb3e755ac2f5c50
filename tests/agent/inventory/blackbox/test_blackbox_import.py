"""From a blackbox.yml to a file that loads: one bad module does not lose the others, secrets go where they are told."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from agent.errors import ConfigError, Fault
from agent.inventory.blackbox.secret_files import SecretFiles
from agent.inventory.blackbox.source import read_blackbox
from agent.inventory.entities import UnreadableOptions
from agent.inventory.importing.proposal import ImportProposal, write
from agent.inventory.importing.propose_blackbox import propose_blackbox
from agent.inventory.load import load
from agent.probes.http.options import HttpOptions
from agent.probes.options import Secret
from agent.probes.registry import PROBES
from tests.agent.inventory.blackbox.test_blackbox import MAIN, SECRET
from tests.pki import pki


@pytest.fixture
def config(tmp_path: Path) -> Path:
    main = tmp_path / "sansang.yml"
    main.write_text(MAIN, encoding="utf-8")
    return main


def proposed(config: Path, text: str | bytes, secrets_to: Path | None = None) -> ImportProposal:
    file = config.parent / "bb.yml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return propose_blackbox(config, file, PROBES, "en", secrets_to)


BAD = """modules:
  good: {prober: tcp, timeout: 1s}
  p: {prober: icmp, timeout: 1s}
  password: {prober: http, timeout: 1s, http: {basic_auth: {username: u, password_file: /nonexistent/p}}}
  authority:
    prober: http
    timeout: 1s
    http:
      tls_config:
        ca_file: /nonexistent/ca.pem
  body: {prober: http, timeout: 1s, http: {body_file: /nonexistent/b}}
  pattern:
    prober: tcp
    timeout: 1s
    tcp:
      query_response:
        - {}
        - expect: "x"
        - expect: "(?=x)"
  look: {prober: dns, timeout: 1s, dns: {query_name: a, validate_answer_rrs: {fail_if_matches_regexp: ["("]}}}
  "a b": {prober: tcp, timeout: 1s}
  proxied: {prober: http, timeout: 1s, http: {proxy_url: "socks5://192.0.2.1"}}
  unnamed: {prober: dns, timeout: 1s}
  dns_portal.test: {prober: dns, timeout: 1s, dns: {query_name: portal.test, query_type: A}}
  HTTP_2XX: {prober: http, timeout: 1s}
  clear: {prober: http, timeout: 1s, http: {bearer_token: bi-mat}}
"""
WANTING = {  # module: line, what is said
    "password": (4, "secret file /nonexistent/p: No such file"),
    "authority": (10, "No such file"),
    "body": (11, "body file /nonexistent/b"),
}
LEFT_OUT = {
    "p": (3, "module 'p' stands twice"),
    "pattern": (19, "not a regular expression"),
    "look": (20, "not a regular expression"),
    "a b": (21, "not a name for a module"),
    "proxied": (22, "no http:// proxy"),
    "unnamed": (23, "is missing"),
    "clear": (26, "a secret stands here in clear"),
}
GOOD = ["good", "password", "authority", "body", "dns_portal.test", "HTTP_2XX"]


def test_one_bad_module_does_not_lose_the_others(config: Path) -> None:
    proposal = proposed(config, BAD)
    assert [row["id"] for row in proposal.changes["modules"].added] == GOOD
    for said, names in (("left out", LEFT_OUT), ("its probes fail until", WANTING)):
        for name, (line, wrong) in names.items():
            found = [
                note for note in proposal.notes if f"{note.path}.".startswith(f"modules.{name}.") and said in str(note)
            ]
            assert [(note.file, note.line) for note in found] == [(str(config.parent / "bb.yml"), line)], name
            assert wrong in found[0].wrong
    write(proposal)
    inventory = load(config, PROBES, "en")
    assert {*GOOD, "p"} == set(inventory.modules)
    assert [fault.wrong.partition(":")[0] for fault in inventory.unread] == [
        "secret file /nonexistent/p", "/nonexistent/ca.pem", "body file /nonexistent/b",
    ]  # fmt: skip


WITH_A_FILE = {
    "basic_auth": ({"username": "u", "password_file": "FILE"}, b"secret"),
    "authorization": ({"credentials_file": "FILE"}, b"secret"),
    "bearer_token_file": ("FILE", b"secret"),
    "http_headers": ({"X-Key": {"files": ["FILE"]}}, b"secret"),
    "body_file": ("FILE", b"body"),
    "tls_config": ({"ca_file": "FILE"}, Path(pki().ca_file).read_bytes()),
}


@pytest.mark.parametrize("option", WITH_A_FILE)
def test_a_missing_file_fails_its_module_until_it_is_there(option: str, config: Path) -> None:
    given, content = WITH_A_FILE[option]
    file = config.parent / "file"
    text = json.dumps({"modules": {"a": {"prober": "http", "timeout": "1s", "http": {option: given}}}})
    write(proposed(config, text.replace("FILE", str(file))))
    inventory = load(config, PROBES, "en")
    options = inventory.modules["a"].options
    assert isinstance(options, UnreadableOptions)
    missing = options.read()
    assert isinstance(missing, Fault)
    assert f"{file}: No such file" in missing.wrong
    assert inventory.content  # the ledger keeps it all the same
    file.write_bytes(content)
    file.chmod(0o644)
    if content == b"secret":
        assert isinstance(options.read(), Fault)  # open to others
    file.chmod(0o600)
    assert isinstance(options.read(), HttpOptions)
    assert not load(config, PROBES).unread


def test_why_a_module_that_a_target_uses_is_left_out_is_said_first(config: Path) -> None:
    text = config.read_text("utf-8").replace("module: p,", "module: web,")
    config.write_text(text, "utf-8")
    for option in ("bearer_token_file: /nonexistent/t", "bearer_token: bi-mat"):
        with pytest.raises(ConfigError) as caught:
            proposed(config, f"modules:\n  good: {{prober: icmp}}\n  web: {{prober: http, http: {{{option}}}}}\n")
        first, *others = caught.value.faults
        assert (first.file, first.line, "left out" in first.wrong) == (str(config.parent / "bb.yml"), 3, True)
        assert [(fault.file, fault.path) for fault in others] == [(str(config), "targets[0].module")]


def test_a_missing_file_of_a_module_that_a_target_uses_is_refused_as_ever(config: Path) -> None:
    module = '{"probe": "http", "body": {"file": "/nonexistent/b"}}'
    target = "{id: dc/w, name: W, role: portal, module: w, address: 'http://192.0.2.1/'}"
    (config.parent / "sites.d").mkdir(exist_ok=True)
    (config.parent / "sites.d" / "w.yml").write_text(f"modules: {{w: {module}}}\ntargets: [{target}]\n")
    with pytest.raises(ConfigError) as caught:
        load(config, PROBES, "en")
    assert [fault.path for fault in caught.value.faults] == ["modules.w.body"]


def test_a_file_without_a_good_module_is_refused_with_every_reason(config: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        proposed(config, "modules:\n  a: {prober: grpc}\n  b: {prober: http, timeout: 1}\n")
    assert [(fault.path, fault.line) for fault in caught.value.faults] == [
        ("modules.a.prober", 2),
        ("modules.b.timeout", 3),
    ]


GO_YAML = b"""\xef\xbb\xbfmodules:
  base: &base
    prober: http
    timeout: 1m30s
    http: &http {method: GET, body_size_limit: 1MB, fail_if_ssl: no}
  child:
    <<: *base
    http: {<<: *http, fail_if_not_ssl: yes, headers: {X-Version: 1.10, X-Day: 2026-11-30}}
  bytes: {prober: tcp, timeout: 1s, tcp: {query_response: [{send: !!binary aGVsbG8=, expect_bytes: "\\0\\x01"}]}}
---
modules: {}
"""


def test_go_s_yaml_is_read_as_go_reads_it(config: Path) -> None:
    write(proposed(config, GO_YAML))
    modules = load(config, PROBES).modules
    child, bytes_ = modules["child"].options, modules["bytes"].options
    assert isinstance(child, HttpOptions)
    assert (child.method, child.tls.value, child.body_size_limit) == ("GET", "required", 1024 * 1024)
    assert child.headers == (("X-Version", "1.10"), ("X-Day", "2026-11-30"))
    assert modules["child"].policy.timeout_ms == 90_000
    assert "expect_bytes='\\x00\\x01', send='hello'" in repr(bytes_)


@pytest.mark.parametrize(
    "text",
    [b"a: &a [*a]", b"a: [1", b"\xff\xfe\x00", b"", b"x: !!binary '*'", b"a: \x00", b"<<: [1]", b"? [a]\n: 1"],
)
def test_what_cannot_be_read_is_said(text: bytes) -> None:
    source, findings = read_blackbox("bb.yml", text)
    assert (source is None, len(findings)) == (True, 1) or source is not None


def test_an_anchor_may_stand_twice(config: Path) -> None:
    text = "modules:\n  a: &a {prober: tcp, timeout: 1s}\n  b: &a {prober: icmp, timeout: 2s}\n  c: *a\n"
    write(proposed(config, text))
    assert [load(config, PROBES).modules[name].probe for name in "abc"] == ["tcp", "icmp", "icmp"]


def test_aliases_of_aliases_end() -> None:
    bomb = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9))
    source, findings = read_blackbox("bb.yml", bomb.encode())
    assert (source, len(findings)) == (None, 1)


def test_a_key_that_stands_twice_is_said(config: Path) -> None:
    proposal = proposed(config, "modules:\n  a: {prober: tcp, timeout: 1s}\n  a: {prober: icmp}\n")
    assert [(note.line, note.path) for note in proposal.notes] == [(3, "modules.a")]


def test_a_text_that_is_not_composed_stays_as_it_is(config: Path) -> None:
    write(proposed(config, "modules: {a: {prober: tcp, timeout: 1s, tcp: {query_response: [{expect: 'e\u0301'}]}}}"))
    assert "e\u0301" in str(load(config, PROBES).modules["a"].options)


def test_relative_paths_hang_on_the_folder_of_the_file(config: Path) -> None:
    (config.parent / "body.txt").write_text("x")
    proposal = proposed(config, "modules: {a: {prober: http, timeout: 1s, http: {body_file: body.txt}}}")
    assert f'"file": "{config.parent}/body.txt"' in proposal.text
    assert [note for note in proposal.notes if "relative path" in note.wrong]


def test_secrets_go_to_files_of_their_owner_alone(config: Path, tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    text = SECRET.read_text("utf-8").replace("key: bi-mat", "insecure_skip_verify: false")
    one_of = [text.replace("bearer_token: bi-mat", "").replace("authorization: {credentials: bi-mat}", "").replace(
        'headers: {Authorization: "Basic bi-mat"}', "")]  # fmt: skip
    proposal = proposed(config, one_of[0], folder)
    assert "bi-mat" not in proposal.text
    assert not folder.exists()
    write(proposal)
    files = sorted(folder.iterdir())
    assert [file.name for file in files] == [
        "web-basic_auth-password",
        "web-http_headers-Cookie-values",
        "web-http_headers-X-Key-secrets",
        "web-proxy_connect_header-Proxy-Authorization",
        "web-proxy_url",
    ]
    assert {file.read_text() for file in files} == {"bi-mat"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    web = load(config, PROBES).modules["web"].options
    assert isinstance(web, HttpOptions)
    assert web.basic_auth is not None
    assert web.basic_auth.password == Secret("bi-mat", f"file {files[0]}")
    assert web.proxy is not None
    assert web.proxy.url == "http://192.0.2.9:3128"
    assert not proposed(config, one_of[0], folder)  # again: nothing to do
    files[0].unlink()
    again = proposed(config, one_of[0], folder)
    assert again
    write(again)
    assert files[0].read_text() == "bi-mat"


@pytest.mark.parametrize("scheme", ["Bearer", "Token"])
def test_a_token_and_its_scheme(config: Path, tmp_path: Path, scheme: str) -> None:
    text = f"modules: {{a: {{prober: http, timeout: 1s, http: {{authorization: {{type: {scheme}, credentials: c}}}}}}}}"
    write(proposed(config, text, tmp_path))
    options = load(config, PROBES).modules["a"].options
    assert isinstance(options, HttpOptions)
    found = options.bearer if scheme == "Bearer" else options.authorization and options.authorization.credentials
    assert found == Secret("c", f"file {tmp_path}/a-authorization-credentials")


def test_a_certificate_inside_the_file_goes_to_files(config: Path, tmp_path: Path) -> None:
    pem = Path(pki().client.pem).read_text()
    inline = "".join(f"        {line}\n" for line in pem.splitlines())
    tls = f"tls_config:\n       cert: |\n{inline}       key: |\n{inline}"
    write(
        proposed(config, f"modules:\n  a:\n    prober: http\n    timeout: 1s\n    http:\n      {tls}", tmp_path / "s")
    )
    options = load(config, PROBES).modules["a"].options
    assert isinstance(options, HttpOptions)
    assert Path(options.tls_config.key_file or "").read_text() == pem


def test_no_file_is_overwritten(config: Path, tmp_path: Path) -> None:
    taken = tmp_path / "a-bearer_token"
    taken.write_text("something else")
    text = "modules:\n  a: {prober: http, timeout: 1s, http: {bearer_token: bi-mat}}\n"
    with pytest.raises(ConfigError) as caught:
        proposed(config, text, tmp_path)
    assert [(fault.line, f"{taken} is there" in fault.wrong) for fault in caught.value.faults] == [(2, True)]
    proposal = proposed(config, f"{text}  b: {{prober: http, timeout: 1s, http: {{bearer_token: bi-mat}}}}\n", tmp_path)
    assert [row["id"] for row in proposal.changes["modules"].added] == ["b"]
    write(proposal)
    assert taken.read_text() == "something else"


def test_names_of_secret_files_stay_in_their_folder(tmp_path: Path) -> None:
    secrets = SecretFiles(tmp_path)
    for module, step in (("..", "../../x"), ("a/b", "\n"), ("a", "b"), ("a-b", "")):
        secrets.add(module, (step,), "s")
    assert {path.parent for path in secrets.contents} == {tmp_path}
    assert all(path.name == path.name.strip("/\n") for path in secrets.contents)


def test_two_secrets_never_share_a_file(tmp_path: Path) -> None:
    secrets = SecretFiles(tmp_path)
    kept = [secrets.add("a", (step,), secret) for step, secret in (("b c", "one"), ("b/c", "two"), ("b c", "one"))]
    assert kept == [tmp_path / "a-b_c", tmp_path / "a-b_c-2", tmp_path / "a-b_c"]
