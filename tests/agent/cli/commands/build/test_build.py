"""`sansang build`: what it writes, what it compares, and what it takes from the inventory."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from agent.cli.commands.build.settings import settings_of
from agent.cli.main import main
from agent.clock import SystemClock
from dashboards.build import documents
from dashboards.settings import BuildSettings, LevelName
from tests.agent.cli.commands.test_validate import EXAMPLES

CONFIG = Path(__file__).parents[5] / "config"
PROVIDER = "grafana/provisioning/dashboards/sansang.yml"


def run(*arguments: str) -> int:
    return main(["build", *arguments])


def files(folder: Path) -> dict[str, str]:
    return {str(file.relative_to(folder)): file.read_text("utf-8") for file in folder.rglob("*") if file.is_file()}


def test_everything_is_written_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    built = documents(BuildSettings())
    assert run("--out", str(tmp_path), "--lang", "en") == 0
    assert capsys.readouterr().out == f"{len(built)} of {len(built)} files written to {tmp_path}.\n"
    assert files(tmp_path) == documents(BuildSettings(language="en"))
    assert run("--out", str(tmp_path), "--lang", "en") == 0
    assert capsys.readouterr().out == f"0 of {len(built)} files written to {tmp_path}.\n"


def test_one_part_alone(tmp_path: Path) -> None:
    assert run("boards", "--out", str(tmp_path)) == 0
    assert files(tmp_path) == documents(BuildSettings(), "boards")
    assert not (tmp_path / PROVIDER).exists()


def test_check_names_what_differs_and_writes_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    run("--out", str(tmp_path))
    capsys.readouterr()
    assert run("--out", str(tmp_path), "--check") == 0
    changed, gone = tmp_path / PROVIDER, tmp_path / "grafana/provisioning/datasources/sansang.yml"
    changed.write_bytes(b"\xff")
    gone.unlink()
    capsys.readouterr()
    assert run("--out", str(tmp_path), "--check") == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[:3] == [
        f"để nguyên vì đã sửa tay: {changed}",
        f"còn thiếu: {gone}",
        "Ghi lại bằng: sansang build all",
    ]
    assert changed.read_bytes() == b"\xff"
    assert not gone.exists()


def test_what_a_person_has_edited_is_left_alone_until_it_may_go(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    run("--out", str(tmp_path))
    mine, built = tmp_path / "alertmanager/alertmanager.yml", documents(BuildSettings())
    mine.write_text(mine.read_text("utf-8").replace("root@localhost", "cntt@localhost"), "utf-8")
    edited = mine.read_text("utf-8")
    (tmp_path / "prometheus/prometheus.yml").write_text("# by Debian\nglobal: {}\n", "utf-8")
    capsys.readouterr()
    assert run("--out", str(tmp_path), "--lang", "en") == 1
    out, err = capsys.readouterr()
    assert out.startswith("2 of "), "the rest is written all the same"
    assert err.splitlines()[:2] == [
        f"left alone, edited by hand: {tmp_path / name}"
        for name in ("alertmanager/alertmanager.yml", "prometheus/prometheus.yml")
    ]
    assert "sansang.yml" in err
    assert mine.read_text("utf-8") == edited
    assert run("--out", str(tmp_path), "--lang", "en", "--force") == 0
    assert files(tmp_path) == documents(BuildSettings(language="en"))
    assert built.keys() == files(tmp_path).keys()


def test_an_older_build_is_no_edit(tmp_path: Path) -> None:
    """With other settings, and thus other text below another digest."""
    run("--out", str(tmp_path), "--config", str(EXAMPLES / "district-22"))
    assert run("--out", str(tmp_path), "--lang", "en") == 0
    assert files(tmp_path) == documents(BuildSettings(language="en"))


NOTIFY = """
runbooks: https://intranet.example/runbooks/
grafana: https://grafana.example
notify:
  mail: {to: [cntt@example.gov.vn, b@example.gov.vn], server: "mail.example.gov.vn:587", from: sansang@example.gov.vn,
         user: sansang, password: {file: /etc/alertmanager/smtp-password}}
  webhook: {url: "https://hook.example/alerts", token: {file: /etc/alertmanager/token}}
  loud: {mail: truc@example.gov.vn, webhook: "https://siren.example"}
  archive: {mail: [thanh-tra@example.gov.vn]}
  heartbeat: https://switch.example/one
  warnings: always
"""


def test_who_is_told_and_where_links_lead_stands_in_the_configuration(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    shutil.copytree(EXAMPLES / "district-22", tmp_path, dirs_exist_ok=True)
    config = tmp_path / "sansang.yml"
    text = config.read_text("utf-8")
    assert run("--config", str(config), "--out", str(tmp_path / "out")) == 0
    assert "root@localhost" in capsys.readouterr().err, "nobody is told, and that is said"
    config.write_text(text + NOTIFY, "utf-8")
    assert run("--config", str(config), "--out", str(tmp_path / "out")) == 0
    assert "root@localhost" not in capsys.readouterr().err
    built = files(tmp_path / "out")
    told = YAML(typ="safe").load(built["alertmanager/alertmanager.yml"])
    assert told["global"] == {
        "smtp_smarthost": "mail.example.gov.vn:587",
        "smtp_from": "sansang@example.gov.vn",
        "smtp_require_tls": True,
        "smtp_auth_username": "sansang",
        "smtp_auth_password_file": "/etc/alertmanager/smtp-password",
    }
    places = {
        place["name"]: (
            [mail["to"] for mail in place.get("email_configs", ())],
            [hook["url"] for hook in place.get("webhook_configs", ())],
        )
        for place in told["receivers"]
    }
    assert places == {
        "officers": (["cntt@example.gov.vn", "b@example.gov.vn"], ["https://hook.example/alerts"]),
        "notices": (["cntt@example.gov.vn", "b@example.gov.vn"], ["https://hook.example/alerts"]),
        "archive": (["thanh-tra@example.gov.vn"], []),
        "loud": (["truc@example.gov.vn"], ["https://siren.example"]),
        "heartbeat": ([], ["https://switch.example/one"]),
    }
    rules = built["prometheus/rules/vi/alerts.yml"]
    assert "runbook_url: https://intranet.example/runbooks/SansangConferencePointDown.md" in rules
    assert "dashboard_url: https://grafana.example/d/" in rules
    assert "office:time:open" not in rules


def test_the_inventory_names_the_district(tmp_path: Path) -> None:
    assert run("--config", str(EXAMPLES / "district-22"), "--out", str(tmp_path)) == 0
    assert "boards/vi" in (tmp_path / PROVIDER).read_text("utf-8")
    assert run("--config", str(EXAMPLES / "district-22"), "--out", str(tmp_path), "--lang", "en") == 0
    assert "boards/en" in (tmp_path / PROVIDER).read_text("utf-8")


def test_settings_hold_what_the_inventory_knows() -> None:
    from agent.inventory.load import load
    from agent.probes.registry import PROBES

    settings = settings_of(load(EXAMPLES / "district-22" / "sansang.yml", PROBES), SystemClock())
    assert settings.levels == (
        LevelName("district", {"vi": "Huyện", "en": "District"}),
        LevelName("commune", {"vi": "Xã", "en": "Commune"}),
    )
    assert (settings.organisation, settings.agent) == ("Huyện Thạch Sơn", "127.0.0.1:10115")


def test_what_devices_say_is_scraped_only_where_some_are_asked(tmp_path: Path) -> None:
    text = (
        "organisation: {name: H}\nlevels: [{id: commune, name: {vi: Xã, en: Commune}}]\n"
        "units: [{id: u, name: U, level: commune}]\nsites: [{id: a, name: A, unit: u}]\n"
        "modules: {ping: {probe: icmp}, snmp: {probe: snmp, credentials: {file: /none}, credential: c}}\n"
        "targets: [{id: a/x, name: X, role: device, module: MODULE, address: 192.0.2.1}]\n"
    )
    for module, jobs in (("ping", ["sansang"]), ("snmp", ["sansang", "sansang-snmp"])):
        (tmp_path / "sansang.yml").write_text(text.replace("MODULE", module))
        out = tmp_path / f"out-{len(jobs)}"
        assert run("prometheus", "--config", str(tmp_path / "sansang.yml"), "--out", str(out)) == 0
        config = YAML(typ="safe").load((out / "prometheus/prometheus.yml").read_text("utf-8"))
        assert [job["job_name"] for job in config["scrape_configs"]] == jobs


def test_a_level_without_units_is_no_choice_of_the_boards() -> None:
    from agent.inventory.load import load
    from agent.probes.registry import PROBES

    inventory = load(EXAMPLES / "district-22" / "sansang.yml", PROBES)
    communes = tuple(replace(unit, parent=None) for unit in inventory.units if unit.level == "commune")
    assert [level.id for level in settings_of(replace(inventory, units=communes), SystemClock()).levels] == ["commune"]
    none = settings_of(replace(inventory, units=()), SystemClock())
    assert [level.id for level in none.levels] == ["district", "commune"]


def test_a_folder_that_cannot_be_written_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "grafana").write_text("in the way", "utf-8")
    assert run("--out", str(tmp_path), "--lang", "en") == 1
    assert "cannot write" in capsys.readouterr().err


def test_a_broken_inventory_is_refused(tmp_path: Path) -> None:
    assert main(["build", "--config", str(tmp_path / "none.yml"), "--out", str(tmp_path)]) == 2
    assert files(tmp_path) == {}


def test_no_other_command_waits_for_grafanalib() -> None:
    program = (
        "import sys; from agent.cli.main import parser; parser();"
        "print('grafanalib' in sys.modules, 'dashboards.settings' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
