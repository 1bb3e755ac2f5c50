"""`sansang import`: shows, then writes on --apply, then has nothing left to do."""

from __future__ import annotations

import argparse
import errno
import os
import shlex
import shutil
from pathlib import Path

import pytest

from agent.cli.commands import import_
from agent.cli.commands.import_ import reload_lines
from agent.inventory.load import load
from agent.probes.registry import PROBES

EXAMPLE = Path(__file__).parents[4] / "config" / "examples" / "district-22"
SHEET = (
    "Tên;Đơn vị;Mẫu;Cổng mạng\nNhà văn hóa;Huyện Thạch Sơn;conference-point;192.0.2.77\n"
    "[red]Trạm y tế[/];thach-son;conference-point;192.0.2.78\n"
)


@pytest.fixture
def district(tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLE, tmp_path / "district")
    return tmp_path / "district"


def run(district: Path, sheet: str, *arguments: str) -> int:
    file = district.parent / "Nhà mới.csv"
    file.write_text(sheet, encoding="utf-8")
    parser = argparse.ArgumentParser()
    import_.add_parser(parser.add_subparsers())
    args = parser.parse_args(["import", str(file), "--config", str(district), *arguments])
    code: int = args.run(args)
    return code


def test_shown_then_applied_then_nothing_left(
    district: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    target = district / "sites.d" / "nha-moi.yml"
    assert run(district, SHEET) == 0
    out = capsys.readouterr().out
    assert "thêm" in out
    assert "nha-van-hoa" in out
    assert "[red]" in out  # text of a sheet is never markup
    assert "Chưa ghi gì" in out
    assert not target.exists()
    assert run(district, SHEET, "--apply", "--lang", "en") == 0
    out = capsys.readouterr().out
    assert f"Written: {target}\n" in out
    assert "The configuration is good with it: sites 24, targets 68.\n" in out
    assert "curl -X POST http://127.0.0.1:10115/-/reload" in out
    assert len(load(district / "sansang.yml", PROBES).sites) == 24
    assert run(district, SHEET, "--lang", "en") == 0
    assert capsys.readouterr().out == "Nothing changes.\n"


def test_a_refused_sheet_leaves_everything_as_it_was(district: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(district, SHEET.replace("192.0.2.78", "sắp có"), "--apply", "--lang", "en") == 2
    file = district.parent / "Nhà mới.csv"
    assert capsys.readouterr().err.startswith(f"{file}:3:4: Cổng mạng: 'sắp có' ")
    assert [path.name for path in (district / "sites.d").iterdir()] == ["diem-cau.csv"]


def test_a_blackbox_configuration_is_shown_with_all_it_lacks_then_applied(
    district: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    file = district.parent / "blackbox.yml"
    http = "{proxy_from_environment: true, preferred_ip_protocol: ip4}"
    file.write_text(
        f"modules:\n  http_2xx: {{prober: http, timeout: 5s, http: {http}}}\n  rpc: {{prober: grpc}}\n",
        encoding="utf-8",
    )
    assert run_blackbox(district, file) == 0
    out = capsys.readouterr().out
    assert "Không có phần tương ứng:" in out
    assert f"{file}:2:" in out
    assert "modules.http_2xx.http.proxy_from_environment: không lấy proxy từ biến môi trường" in out
    assert "modules.rpc.prober: chưa có phép thử tương ứng" in out
    assert run_blackbox(district, file, "--apply", "--lang", "en") == 0
    assert "Written" in capsys.readouterr().out
    assert load(district / "sansang.yml", PROBES).modules["http_2xx"].probe == "http"
    assert run_blackbox(district, file, "--lang", "en") == 0
    assert capsys.readouterr().out.endswith("Nothing changes.\n")


def test_a_secret_in_clear_writes_nothing(district: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = district.parent / "blackbox.yml"
    file.write_text("modules: {a: {prober: http, http: {bearer_token: bi-mat}}}\n", encoding="utf-8")
    assert run_blackbox(district, file, "--apply", "--lang", "en") == 2
    err = capsys.readouterr().err
    assert "modules.a.http.bearer_token: a secret stands here in clear" in err
    assert "bi-mat" not in err
    assert not (district / "sites.d" / "blackbox.yml").exists()


def run_blackbox(district: Path, file: Path, *arguments: str) -> int:
    parser = argparse.ArgumentParser()
    import_.add_parser(parser.add_subparsers())
    args = parser.parse_args(["import", "--blackbox", str(file), "--config", str(district), *arguments])
    code: int = args.run(args)
    return code


BLACKBOX = """modules:
  one: {prober: http, timeout: 1s}
  two: {prober: http, timeout: 1s, http: {bearer_token: bi-mat}}
"""


def test_a_blackbox_yml_with_its_secrets(district: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, secrets = district.parent / "bb.yml", district.parent / "secrets"
    file.write_text(BLACKBOX, encoding="utf-8")

    def run(*arguments: str) -> tuple[int, str, str]:
        return (run_blackbox(district, file, *arguments), *capsys.readouterr())

    code, out, err = run("--lang", "en")
    assert (code, err) == (0, "")
    assert f"{file}:3:57: modules.two.http.bearer_token: a secret stands here in clear; the module is left out" in out
    assert "--secrets-to DIR" in out
    assert "one" in out
    code, out, _ = run("--lang", "en", "--secrets-to", str(secrets), "--apply")
    assert code == 0
    assert all(f"\n  {file}:{line}:" in out for line in (2, 3))  # said once, for both
    assert f"Secret into a file: {secrets}/two-bearer_token" in out
    assert "bi-mat" not in out
    assert (secrets / "two-bearer_token").read_text() == "bi-mat"
    assert "bi-mat" not in (district / "sites.d" / "bb.yml").read_text("utf-8")
    (secrets / "two-bearer_token").write_text("another")
    code, out, err = run("--lang", "vi", "--secrets-to", str(secrets), "--apply")
    assert (code, err) == (0, "")
    assert "đã có và có nội dung khác; bỏ qua mô-đun này" in out


@pytest.mark.parametrize(
    ("language", "said"),
    [("vi", "chưa có kiểu này; bỏ qua đối tượng này"), ("en", "this type has no counterpart; the")],
)
def test_a_configuration_of_snmp_exporter_is_shown_then_applied(
    language: str, said: str, district: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = district.parent / "snmp.yml"
    metrics = "{name: a, oid: 1.3.6.1.2.1.1.3, type: gauge}, {name: b, oid: 1.3.6.1.2.1.1.4, type: NTPTimeStamp}"
    file.write_text(f"m:\n  auth: {{community: bi-mat}}\n  metrics: [{metrics}]\n", encoding="utf-8")

    def run(*arguments: str) -> tuple[int, str, str]:
        parser = argparse.ArgumentParser()
        import_.add_parser(parser.add_subparsers())
        words = ["import", "--snmp-exporter", str(file), "--config", str(district), "--lang", language, *arguments]
        args = parser.parse_args(words)
        return (args.run(args), *capsys.readouterr())

    code, shown, err = run()
    assert (code, err) == (0, "")
    assert said in shown
    assert f"{file}:3:" in shown
    assert f"{district}/objects/snmp-m.yml" in shown
    assert "--snmp-exporter --apply" in shown
    assert not (district / "objects").exists()
    code, written, err = run("--apply")
    assert (code, err) == (0, "")
    assert "bi-mat" not in shown + written
    assert load(district / "sansang.yml", PROBES).modules["m"].probe == "snmp"


def test_a_sheet_has_no_secrets_to_write(district: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(district, SHEET, "--lang", "en", "--secrets-to", "x") == 2
    assert capsys.readouterr().err == "--secrets-to goes with --blackbox, --snmp-exporter: a sheet holds no secrets\n"


def test_a_question_writes_nothing_and_gives_the_line_to_type_for_each_answer(
    district: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(district, SHEET, "--apply") == 0
    capsys.readouterr()
    file = district.parent / "Nhà mới.csv"
    again = file.rename(file.with_name("Nhà mới v2 (1).csv"))
    again.write_text(SHEET.replace("Nhà văn hóa", "Nhà văn hóa mới"), encoding="utf-8")
    before = (district / "sites.d" / "nha-moi.yml").read_bytes()
    code, out, err = sansang(capsys, str(again), "--config", str(district), "--apply")
    assert code == 2
    assert "~ nha-van-hoa: tên điểm Nhà văn hóa -> Nhà văn hóa mới" in out
    lines = [line.strip() for line in err.splitlines() if line.strip().startswith("sansang import")]
    assert [line.partition("--apply ")[2] for line in lines] == [
        "--renamed all --replaces sites.d/nha-moi.yml",
        "--renamed all --new",
        "--replaces sites.d/nha-moi.yml --renamed all",
        "--replaces sites.d/nha-moi.yml --renamed none",
    ]
    assert (district / "sites.d" / "nha-moi.yml").read_bytes() == before
    assert sansang(capsys, *shlex.split(lines[0])[2:])[0] == 0
    assert [site.name for site in load(district / "sansang.yml", PROBES).sites if site.id == "nha-van-hoa"] == [
        "Nhà văn hóa mới"
    ]


def sansang(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    parser = argparse.ArgumentParser()
    import_.add_parser(parser.add_subparsers())
    args = parser.parse_args(["import", *arguments])
    return (args.run(args), *capsys.readouterr())


def test_under_systemd_the_unit_is_reloaded(district: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unit, config = tmp_path / "sansang.service", district / "sansang.yml"
    monkeypatch.setattr(import_, "_UNIT_FILES", (unit,))
    monkeypatch.setattr(import_, "_SYSTEMD", tmp_path)
    assert "systemctl" not in "".join(reload_lines(config, "[::1]:1", "vi"))
    unit.write_text(f"ExecStart=/usr/local/bin/sansang run --config {config}\n", encoding="utf-8")
    assert list(reload_lines(config, "[::1]:1", "vi"))[1:] == ["  sudo systemctl reload-or-restart sansang"]
    assert "systemctl" not in "".join(reload_lines(tmp_path / "other.yml", "[::1]:1", "vi"))


def test_a_folder_that_may_not_be_written_is_said_with_what_to_type(
    district: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(district / "sites.d" / ".x.yml.1.unfinished"))

    monkeypatch.setattr(import_, "write", refuse)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert run(district, SHEET, "--apply") == 1
    err = capsys.readouterr().err
    assert f"không ghi được {district / 'sites.d' / 'nha-moi.yml'}: " in err
    assert "Hãy gõ: sudo sansang import" in err


def test_a_yaml_file_is_told_where_it_belongs(district: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = sansang(capsys, str(district / "sansang.yml"), "--config", str(district))
    assert code == 2
    assert "tệp YAML không phải bảng tính" in err
    assert "sansang validate" in err
