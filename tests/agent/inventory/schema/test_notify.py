"""Who is told of alerts, as `sansang.yml` says it: read, or refused with what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.errors import ConfigError
from agent.inventory.entities import Inventory
from agent.inventory.load import load
from agent.inventory.schema.notify import Mail, Notify, SecretFile, Webhook
from agent.probes.registry import PROBES

WHOLE = """\
organisation: {name: Huyện, language: en}
levels: [{id: commune, name: {vi: Xã}}]
units: [{id: a, name: Xã A, level: commune}]
sites: [{id: a, name: A, unit: a}]
modules: {ping: {probe: icmp}}
targets: [{id: a/line, name: A, role: uplink, module: ping, address: 127.0.0.1}]
"""


def loaded(folder: Path, text: str) -> Inventory:
    file = folder / "sansang.yml"
    file.write_text(WHOLE + text, "utf-8")
    return load(file, PROBES)


def refused(folder: Path, text: str) -> list[str]:
    """The faults, without the file and the place in it."""
    with pytest.raises(ConfigError) as raised:
        loaded(folder, text)
    return [f"{fault.path}: {fault.wrong}" for fault in raised.value.faults]


def test_without_the_sections_nobody_is_named(tmp_path: Path) -> None:
    inventory = loaded(tmp_path, "")
    assert (inventory.notify, inventory.runbooks, inventory.grafana) == (None, "", "")


def test_an_address_alone_is_enough(tmp_path: Path) -> None:
    notify = loaded(tmp_path, "notify: {mail: cntt@example.gov.vn, webhook: 'https://hook.example/x?y=1'}\n").notify
    assert notify == Notify(mail=Mail(to=("cntt@example.gov.vn",)), webhook=Webhook(url="https://hook.example/x?y=1"))


def test_mails_are_encrypted_unless_they_stay_on_this_machine() -> None:
    for server, plain, unencrypted in (
        ("localhost:25", None, True),
        ("127.0.0.1:25", None, True),
        ("[::1]:25", None, True),
        ("mail.example:25", None, False),
        ("localhost:25", False, False),
        ("mail.example:25", True, True),
    ):
        assert Mail(to=(), server=server, plain=plain).unencrypted is unencrypted, server


def test_a_password_is_a_file_that_nobody_reads_here(tmp_path: Path) -> None:
    mail = "{to: a@b.vn, server: 'mail.b.vn:465', user: sansang, password: {file: /nowhere/password}}"
    notify = loaded(tmp_path, f"notify: {{mail: {mail}}}\n").notify
    assert notify is not None
    assert notify.mail is not None
    assert notify.mail.password == SecretFile(file="/nowhere/password")


def test_the_beginning_of_links_has_no_slash_at_its_end(tmp_path: Path) -> None:
    inventory = loaded(tmp_path, "runbooks: https://b.example/runbooks/\ngrafana: 'http://10.1.2.3:3000'\n")
    assert (inventory.runbooks, inventory.grafana) == ("https://b.example/runbooks", "http://10.1.2.3:3000")


def test_addresses_stay_out_of_what_the_ledger_keeps(tmp_path: Path) -> None:
    plain, told = loaded(tmp_path, ""), loaded(tmp_path, "notify: {mail: cntt@example.gov.vn}\n")
    assert told.content == plain.content


@pytest.mark.parametrize(
    ("notify", "said"),
    [
        ("{mail: cntt}", "notify.mail: 'cntt' is not a mail address"),
        ("{mail: [a@b.vn, 'Bà B <b@b.vn>']}", "notify.mail[1]: 'Bà B <b@b.vn>' is not a mail address"),
        ("{mail: 'a@b.vn, c@b.vn'}", "notify.mail: 'a@b.vn, c@b.vn' is not a mail address"),
        ("{mail: {to: '{{ .GroupKey }}@b.vn'}}", "notify.mail.to: '{{ .GroupKey }}@b.vn' is not a mail address"),
        ("{mail: {to: []}}", "notify.mail.to: "),
        ("{mail: {server: 'a:25'}}", "notify.mail.to: is missing"),
        ("{mail: {to: a@b.vn, server: mail}}", "notify.mail.server: 'mail' is not a mail server"),
        ("{mail: {to: a@b.vn, server: 'mail:0'}}", "notify.mail.server: 'mail:0' is not a mail server"),
        ("{mail: {to: a@b.vn, server: 'mail:70000'}}", "notify.mail.server: 'mail:70000' is not a mail server"),
        ("{mail: {to: a@b.vn, user: x}}", "notify.mail: user and password belong together"),
        ("{mail: {to: a@b.vn, password: {file: /x}}}", "notify.mail: user and password belong together"),
        ("{mail: {to: a@b.vn, password: hunter2}}", "notify.mail.password: "),
        ("{mail: {to: a@b.vn, user: x, password: {file: /x, env: X}}}", "notify.mail.password.env: unknown key"),
        ("{mail: {to: a@b.vn, user: x, password: {file: x}}}", "notify.mail.password.file: not an absolute path"),
        (
            "{mail: {to: a@b.vn, server: 'm.b.vn:25', user: x, password: {file: /x}, plain: true}}",
            "notify.mail: plain: true would send the password unencrypted",
        ),
        ("{webhook: hook.example}", "notify.webhook: not a web address"),
        ("{webhook: 'ftp://hook.example'}", "notify.webhook: not a web address"),
        ("{webhook: 'https://{{ x }}/'}", "notify.webhook: not a web address"),
        ("{webhook: 'https://a.example/${x}'}", "notify.webhook: not a web address"),
        ("{webhook: 'http://[::1/'}", "notify.webhook: not a web address"),
        ("{webhook: 'https://u:p@hook.example'}", "notify.webhook: the address holds a name or a password"),
        ("{webhook: {url: 'https://a.example', token: abc}}", "notify.webhook.token: "),
        ("{mail: a@b.vn, loud: {mail: a@b.vn}}", "notify.loud.mail: a@b.vn is told everything already"),
        (
            "{webhook: 'http://a', loud: {webhook: 'http://a'}}",
            "notify.loud.webhook: http://a is told everything already",
        ),
        ("{archive: {mail: a@b.vn}}", "notify.archive.mail: mails to other places need the server"),
        ("{warnings: never}", "notify.warnings: "),
        ("{sms: '0912000111'}", "notify.sms: unknown key 'sms'"),
        ("cntt@example.gov.vn", "notify: "),
    ],
)
def test_what_is_wrong_is_said_once_and_in_its_place(tmp_path: Path, notify: str, said: str) -> None:
    faults = refused(tmp_path, f"notify: {notify}\n")
    assert len(faults) == 1
    assert faults[0].startswith(said)
    assert "hunter2" not in faults[0]


@pytest.mark.parametrize("key", ["runbooks", "grafana"])
@pytest.mark.parametrize("value", ["https://a.example/x?y=", "https://a.example/#x", "a.example", "https:///x", "[1]"])
def test_a_beginning_that_nothing_can_stand_behind_is_refused(tmp_path: Path, key: str, value: str) -> None:
    (fault,) = refused(tmp_path, f"{key}: {value!r}\n" if value != "[1]" else f"{key}: [1]\n")
    assert fault.startswith(f"{key}: ")
