"""`sansang validate`: faults on stderr and 2, figures on stdout and 0."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from agent.cli.commands import validate
from agent.cli.main import main
from agent.clock import SystemClock, vouched
from agent.explain.clock import warning
from agent.inventory.checks.sample_addresses import sample_lines
from agent.inventory.load import load
from agent.probes.registry import PROBES

EXAMPLES = Path(__file__).parents[4] / "config" / "examples"
CANARY = "hunter2canary"


def run(*arguments: str) -> int:
    return main(["validate", *arguments])


def test_a_good_configuration_says_what_would_be_probed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(EXAMPLES / "district-22")) == 0
    out, err = capsys.readouterr()
    assert "Cấu hình đúng: 22 điểm, 66 mục tiêu, 134 lần kiểm tra mỗi phút." in out
    assert "Điểm cầu" in out
    assert "sip_room" in out
    assert "district-uplink" in out
    assert not err


def test_in_english_and_without_paths(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = (EXAMPLES / "district-22" / "sansang.yml").read_text(encoding="utf-8")
    head, _, rest = text.partition("paths:\n")
    (tmp_path / "sansang.yml").write_text(head + rest.partition("\n")[2], encoding="utf-8")
    shutil.copytree(EXAMPLES / "district-22" / "sites.d", tmp_path / "sites.d")
    assert run(str(tmp_path), "--lang", "en") == 0
    said = capsys.readouterr().out
    assert "No anchors are named (paths)" in said
    assert "\n  paths: [{id: duong-ra, module: ping, anchors: [ADDRESS-1, ADDRESS-2]}]\n" in said


@pytest.mark.parametrize("says", [True, False, None])
def test_a_clock_that_nothing_sets_is_a_note(
    says: bool | None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    said = warning(says)
    for language in ("vi", "en"):
        validate._show_clock(said, language)
        shown = capsys.readouterr().out
        assert " ".join(shown.split()).endswith(f": {said.to(language)}" if said else "")
        for command in ("timedatectl set-ntp true", "systemctl restart systemd-timesyncd"):
            assert (command in shown) is (says is False)
        assert max(map(len, shown.splitlines()), default=0) <= 80


def test_this_machines_clock_is_what_the_note_is_about(capsys: pytest.CaptureFixture[str]) -> None:
    synchronised = vouched(SystemClock())
    assert run(str(EXAMPLES / "district-22"), "--lang", "en") == 0
    assert ("Note, if this is the machine" in capsys.readouterr().out) is (synchronised is not True)
    assert run(str(EXAMPLES / "district-22"), "--json") == 0
    assert json.loads(capsys.readouterr().out)["clock_synchronised"] is synchronised


def test_modules_without_their_files_are_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / "district-22", tmp_path, dirs_exist_ok=True)
    fragment = "modules: {asked: {probe: http, bearer: {file: /nonexistent/token}}}\n"
    (tmp_path / "sites.d" / "asked.yml").write_text(fragment, encoding="utf-8")
    assert run(str(tmp_path), "--lang", "en") == 0
    assert "asked.yml:1" in capsys.readouterr().out
    assert run(str(tmp_path), "--json") == 0
    assert [one["path"] for one in json.loads(capsys.readouterr().out)["unread"]] == ["modules.asked.bearer"]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("vi", "Bộ giám sát vẫn chạy; mục tiêu của các mô-đun này là chưa rõ"),
        ("en", "The agent runs all the same; targets of these modules are unknown"),
    ],
)
def test_a_file_of_credentials_that_others_can_read_is_told_and_stops_nothing(
    language: str, said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    shutil.copytree(EXAMPLES / "starter", tmp_path, dirs_exist_ok=True)
    config, secrets = tmp_path / "sansang.yml", tmp_path / "snmp-credentials.yml"
    text = config.read_text("utf-8").replace("/etc/sansang/snmp", f"{tmp_path}/snmp")
    config.write_text(f"{text}\nsites: [{{id: a, name: A, gateway: 10.0.0.1, snmp: commune}}]\n", "utf-8")
    secrets.write_text("commune: {version: 2c, community: s3cret-Community}\n")
    secrets.chmod(0o644)

    assert run(str(config), "--lang", language) == 0
    words = " ".join(capsys.readouterr().out.split())
    assert said in words
    assert f"chmod 600 {secrets}" in words
    assert "snmp 1" in words
    assert "s3cret" not in words
    assert run(str(config), "--json") == 0
    assert [fault["line"] for fault in json.loads(capsys.readouterr().out)["unusable"]] == [
        1 + text[: text.index("credentials: {")].count("\n")
    ]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_sample_addresses_are_said_in_a_line_for_each_kind(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(EXAMPLES / "district-22"), "--lang", language) == 0
    said = capsys.readouterr().out
    lines = sample_lines(load(EXAMPLES / "district-22" / "sansang.yml", PROBES).samples, language)
    assert len(lines) == 3
    assert " ".join(lines) in " ".join(said.split())


def test_sample_addresses_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(EXAMPLES / "district-22"), "--json") == 0
    samples = json.loads(capsys.readouterr().out)["samples"]
    assert len(samples) == 68
    assert (samples[0]["kind"], samples[0]["owner"], samples[0]["address"], samples[0]["place"]["line"]) == (
        "anchor",
        "district-uplink",
        "198.51.100.253",
        62,
    )


def test_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(EXAMPLES / "district-33"), "--json") == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["ok"], figures["sites"], figures["targets"]) == (True, 33, 95)
    assert figures["paths"] == [["leased-line", 2, 95]]


def test_every_fault_on_its_own_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    main = tmp_path / "sansang.yml"
    main.write_text("organisation: {name: A, langage: vi}\nsite: []\n", encoding="utf-8")
    assert run(str(main), "--lang", "en") == 2
    out, err = capsys.readouterr()
    assert not out
    assert err == (
        f"{main}:1:25: organisation.langage: unknown key 'langage', did you mean 'language'?\n"
        f"{main}:2:1: site: unknown key 'site', did you mean 'sites'?\n"
    )


def test_faults_for_machines(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(str(tmp_path / "none.yml"), "--json", "--lang", "vi") == 2
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"] is False
    assert answer["faults"][0]["wrong"] == "không có tệp này"


@pytest.mark.parametrize("option", ["bearer: hunter2canary", "basic_auth: {username: u, password: hunter2canary}"])
@pytest.mark.parametrize("form", ["--json", "--lang=vi", "--lang=en"])
def test_a_secret_in_clear_is_refused_and_not_repeated(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, option: str, form: str
) -> None:
    main = tmp_path / "sansang.yml"
    main.write_text(f"organisation: {{name: A}}\nmodules: {{web: {{probe: http, {option}}}}}\n", encoding="utf-8")
    assert run(str(main), form) == 2
    out, err = capsys.readouterr()
    assert CANARY not in out + err
    assert "env" in err


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--schema") == 0
    assert json.loads(capsys.readouterr().out)["title"] == "San Sang inventory"


def test_an_address_that_stands_at_two_sites_is_said_with_both_places(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    shutil.copytree(EXAMPLES / "district-22", tmp_path, dirs_exist_ok=True)
    sheet = tmp_path / "sites.d" / "diem-cau.csv"
    sheet.write_text(sheet.read_text("utf-8-sig").replace("192.0.2.4;", "192.0.2.3;"), encoding="utf-8")
    assert run(str(tmp_path)) == 0
    out = " ".join(capsys.readouterr().out.split())
    places = "ubnd-xa-an-loc/uplink (diem-cau.csv:4:6), ubnd-xa-binh-loc/uplink (diem-cau.csv:5:6)"
    assert f"192.0.2.3 là địa chỉ của 2 điểm: {places}" in out
    assert run(str(tmp_path), "--json") == 0
    assert [one["line"] for one in json.loads(capsys.readouterr().out)["shared"]] == [5]


@pytest.mark.parametrize(("language", "words"), [("vi", "Đo quá dày"), ("en", "Probed too often")])
def test_a_time_server_that_is_asked_too_often_is_a_note(
    language: str, words: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    config = tmp_path / "sansang.yml"
    config.write_text(
        "organisation: {name: A, language: vi}\nlevels: [{id: c, name: {vi: X, en: C}}]\n"
        "units: [{id: u, name: U, level: c}]\nsites: [{id: s, name: S, unit: u}]\n"
        "modules: {often: {probe: ntp, interval: 60s}, time: {probe: ntp, interval: 64s}}\n"
        "targets:\n"
        "  - {id: s/often, role: service, module: often, address: 127.0.0.9}\n"
        "  - {id: s/time, role: service, module: time, address: 127.0.0.8}\n",
        "utf-8",
    )
    assert run(str(config), "--lang", language) == 0
    assert f"{words}" in (said := " ".join(capsys.readouterr().out.split()))
    assert said.index("s/often") > said.index(words)
    assert "s/time" not in said
    assert run(str(config), "--json") == 0
    assert json.loads(capsys.readouterr().out)["too_frequent"] == ["s/often"]
