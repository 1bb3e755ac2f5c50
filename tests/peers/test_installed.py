"""The agent as an office has it, under a real systemd and the shipped unit: from `make install` to `make uninstall`."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import time
from collections.abc import Iterator

import pytest
from ruamel.yaml import YAML

from agent.probes.registry import PROBES
from tests.agent.probes.snmp.test_trap import LINK_DOWN, notification
from tests.peers.debian_machine import ROOT, Machine, fetched_wheels, machine
from tests.peers.shifted_clock import ShiftedClock

pytestmark = [pytest.mark.peers, pytest.mark.timeout(300)]

SHIPPED = ROOT / "config/systemd/sansang.service"
UNIT = "/etc/systemd/system/sansang.service"
DROP_IN = f"{UNIT}.d/test.conf"
CONFIG = "/etc/sansang/sansang.yml"
LEDGER = "/var/lib/sansang"
LAB = "/run/lab"
TARGETS = 39  # of a lab with four communes
LAB_UNIT = f"[Service]\nExecStart={ROOT}/.venv/bin/sansang lab run --no-agent --plain --communes 4 --state {LAB}\n"
NEXT = "Installed sansang 0.1.0. What comes next:"
TYPE = (f"sansang validate {CONFIG}", "systemctl restart sansang")
SETS_THE_CLOCK = """\
import ctypes
state = (ctypes.c_int * 64)()
libc = ctypes.CDLL(None, use_errno=True)
print("read", libc.adjtimex(state) >= 0)
state[0] = 0x10  # ADJ_STATUS, to what it is
print("set", libc.adjtimex(state) >= 0, ctypes.get_errno())
"""


@pytest.fixture(scope="module")
def debian(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with machine(tmp_path_factory.mktemp("debian"), fetched_wheels(tmp_path_factory.mktemp("wheels"))) as found:
        yield found


@pytest.fixture(scope="module")
def said(debian: Machine) -> list[str]:
    """What `make install` printed, the first time."""
    return debian.install().splitlines()


@pytest.fixture(scope="module")
def agent(debian: Machine, said: list[str]) -> Machine:
    """Installed, and configured to watch a small lab on the machine's own loopback; left running by every test."""
    assert said
    debian.write("/etc/systemd/system/lab.service", LAB_UNIT)
    debian.done("systemctl", "daemon-reload")
    debian.done("systemctl", "start", "lab")
    inventory, authority = debian.path(f"{LAB}/inventory.yaml"), debian.path(f"{LAB}/pki/ca.pem")
    debian.until(lambda: inventory.exists() and authority.exists(), 20, "the lab runs")
    text = inventory.read_text("utf-8").replace(f"{LAB}/pki/ca.pem", "/etc/sansang/ca.pem")
    debian.write("/etc/sansang/ca.pem", authority.read_text("ascii"))
    debian.write("/etc/sansang/snmp-lab.yml", debian.path(f"{LAB}/snmp.yaml").read_text("utf-8"))
    debian.done("chown", "sansang:", "/etc/sansang/snmp-lab.yml")
    debian.done("chmod", "600", "/etc/sansang/snmp-lab.yml")
    text = text.replace(f"{LAB}/snmp.yaml", "/etc/sansang/snmp-lab.yml")
    text = text.replace("interval: 15s", "interval: 3s").replace("confirm_interval: 3s", "confirm_interval: 2s")
    debian.write(CONFIG, re.sub(r"^storage: .*$", f"storage: {{path: {LEDGER}}}", text, flags=re.MULTILINE))
    debian.done("systemctl", "restart", "sansang")
    return debian


def value(agent: Machine, name: str) -> float | None:
    return agent.metrics().get(name)


def until(agent: Machine, name: str, wanted: float, seconds: float = 20) -> None:
    agent.until(lambda: value(agent, name) == wanted, seconds, f"{name} {wanted}")


def ups(agent: Machine) -> dict[str, float]:
    return {name: up for name, up in agent.metrics().items() if name.startswith("sansang_target_up{")}


def until_all_up(agent: Machine) -> None:
    agent.until(lambda: list(ups(agent).values()) == [1.0] * TARGETS, 60, "every target is up")


def restart(agent: Machine, drop_in: str = "") -> str:
    """Start it anew with these lines beside its unit; what that life wrote until it answered."""
    agent.write(DROP_IN, f"[Service]\n{drop_in}")
    agent.done("systemctl", "daemon-reload")
    agent.done("systemctl", "restart", "sansang")
    return agent.journal(life=agent.unit("InvocationID"))


def test_make_install_ends_with_what_to_type(debian: Machine, said: list[str]) -> None:
    first, second = said.index("Đã cài sansang 0.1.0. Việc tiếp theo:"), said.index(NEXT)
    for sheet, lines in (("BANG", said[first:second]), ("SHEET", said[second:])):
        assert [line.strip() for line in lines if line.startswith("      ")] == [
            f"sudo nano {CONFIG}",
            f"sudo sansang import {sheet}.xlsx",
            f"sudo sansang import {sheet}.xlsx --apply",
            "sudo rm -f /etc/sansang/sites.d/mau-xoa-di.csv",
            *(f"sudo {command}" for command in TYPE),
            "http://127.0.0.1:10115/",
        ]
    assert [line for line in said[first:] if len(line) > 80] == []
    assert debian.done("systemctl", "is-enabled", "sansang") == "enabled\n"
    assert debian.unit("ActiveState") == "inactive"
    secrets = debian.path("/etc/sansang/snmp-credentials.yml").stat()
    assert (stat.S_IMODE(secrets.st_mode), secrets.st_uid) == (0o600, int(debian.done("id", "-u", "sansang")))


def test_what_it_says_to_type_starts_the_shipped_unit(debian: Machine, said: list[str]) -> None:
    for command in TYPE:
        assert f"      sudo {command}" in said
        debian.done("sh", "-c", command)

    assert debian.path(UNIT).read_bytes() == SHIPPED.read_bytes()
    assert (debian.unit("SubState"), debian.unit("NRestarts"), debian.unit("DropInPaths")) == ("running", "0", "")
    lines = debian.journal().splitlines()
    assert [line for line in lines if "event=agent_started" in line]
    assert [line for line in lines if "already exists but the mode is different" in line or "level=error" in line] == []
    user = int(debian.done("id", "-u", "sansang"))
    assert {path.stat().st_uid for path in debian.path(LEDGER).iterdir()} == {user}


def test_a_clerks_workbook_goes_from_the_sheet_to_the_page(debian: Machine, said: list[str]) -> None:
    """What is printed is typed as it stands; nothing is refused on the way."""
    book, config = "/root/điểm cầu.xlsx", debian.path(CONFIG)
    debian.path(book).write_bytes((ROOT / "tests/data/sheets/diem-cau-phu-khe.xlsx").read_bytes())
    config.write_text(config.read_text("utf-8").replace("name: Đơn vị của tôi", "name: Huyện Phú Khê"), "utf-8")
    printed = [line.removeprefix("      sudo ") for line in said if "BANG.xlsx" in line or " rm " in line][:3]

    for line in printed:
        typed = debian.done("sh", "-c", line.replace("BANG.xlsx", f"'{book}'"))
        if line.endswith("--apply"):
            (reload,) = (last.strip() for last in typed.splitlines() if "systemctl" in last)
    debian.done("sh", "-c", reload.removeprefix("sudo "))

    debian.until(lambda: "ubnd-xa-vinh-hung" in str(debian.metrics()), 30, "the district is watched")
    page = debian.done("curl", "--silent", "http://127.0.0.1:10115/?lang=vi")
    assert ">Huyện Phú Khê</h1>" in page
    assert ["mau-xoa-di" in page, "/22" in page, "/21" in page] == [False, True, True]
    listed = YAML(typ="safe").load(debian.path("/etc/sansang/sites.d/diem-cau.yml"))["sites"]
    assert len(listed) == 22
    assert {*re.findall('site="([^"]+)"', str([*debian.metrics()]))} == {site["id"] for site in listed}


def test_every_probe_works_under_the_shipped_unit(agent: Machine) -> None:
    until_all_up(agent)

    modules = YAML(typ="safe").load(agent.path(CONFIG).read_text("utf-8"))["modules"]
    assert {module["probe"] for module in modules.values()} == {
        *PROBES
    }  # ntp without a target: the lab has no time server
    assert len(json.loads(agent.done("sansang", "check", "--json", "--all"))) == TARGETS
    assert value(agent, 'sansang_internal_errors_total{where="probe"}') == 0


def test_whether_the_clock_is_synchronised_is_learnt_under_the_unit(agent: Machine) -> None:
    """What the kernel says, whichever it is; then both, said by a library that asks the kernel all the same."""
    synchronised = agent.done(
        "/opt/sansang/bin/python", "-c", "from agent.clock import SystemClock; print(SystemClock().synchronised())"
    )
    restart(agent)
    until(agent, "sansang_clock_synchronised", float(synchronised == "True\n"))
    clock = ShiftedClock.put_before(agent)
    restart(agent)
    until(agent, "sansang_clock_synchronised", 1)
    clock.tell(0, synchronised=False)
    until(agent, "sansang_clock_synchronised", 0)
    clock.tell(0, synchronised=True)
    until(agent, "sansang_clock_synchronised", 1)
    clock.take_away()
    restart(agent)
    assert value(agent, "sansang_clock_readable") == 1


def test_what_runs_under_the_unit_can_read_the_clock_and_not_set_it(agent: Machine) -> None:
    agent.write("/usr/local/lib/sets_the_clock.py", SETS_THE_CLOCK)
    lines = restart(agent, "ExecStartPre=/opt/sansang/bin/python /usr/local/lib/sets_the_clock.py\n").splitlines()

    assert [line for line in lines if line.startswith(("read", "set"))] == ["read True", "set False 1"]


def test_a_unit_that_forbids_it_is_told_and_ends_nothing(agent: Machine) -> None:
    lines = restart(agent, "ProtectClock=yes\n")

    (line,) = (line for line in lines.splitlines() if "event=clock_not_readable" in line)
    assert "level=error" in line
    assert 'error="adjtimex: Operation not permitted"' in line
    assert "SystemCallFilter=" in line
    until(agent, "sansang_clock_readable", 0)
    assert value(agent, "sansang_clock_synchronised") == 0
    until_all_up(agent)
    assert agent.unit("NRestarts") == "0"
    restart(agent)


def test_any_user_may_ask_and_reads_why_not(agent: Machine) -> None:
    nobody = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sansang", "check", "--lang", "en")
    assert f"of {TARGETS} targets" in agent.done(*nobody)

    agent.done("systemctl", "stop", "sansang")
    refused = agent.run(*nobody)

    assert (refused.returncode, "Traceback" in refused.stderr) == (2, False)
    assert "no agent answers at http://127.0.0.1:10115" in refused.stderr
    restart(agent)


CLOSED = (
    "run",
    "validate",
    "uptime --period 2026-10",
    "maintenance list",
    "amend --list",
    "ledger verify",
    "build --config /etc/sansang/sansang.yml --out /tmp/san-sang",
)


def test_any_user_is_told_what_is_closed_and_what_to_type(agent: Machine) -> None:
    nobody = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sansang")
    for call in CLOSED:
        refused = agent.run(*nobody, *call.split())

        assert (call, refused.returncode, "Traceback" in refused.stderr) == (call, 2, False)
        assert "nobody không được phép đọc /etc/sansang (của root, nhóm sansang, quyền 0750)" in refused.stderr
        served = "-u sansang " if call.split()[0] in ("run", "maintenance", "amend", "ledger") else ""
        assert f"  sudo {served}sansang {call}\n" in refused.stderr
    assert "uptime" in agent.done(*nobody)
    assert agent.path("/usr/local/share/man/vi/man1/sansang.1").is_file()
    words = "source /usr/local/share/bash-completion/completions/sansang && complete -p sansang"
    assert agent.done("bash", "-c", words).endswith(" sansang\n")


def test_signals_that_mean_nothing_to_the_agent_do_not_end_it(agent: Machine) -> None:
    main, head = agent.unit("MainPID"), value(agent, "sansang_ledger_head_seq")
    for number in (signal.SIGUSR1, signal.SIGUSR2):
        agent.done("kill", f"-{number.value}", main)

    until_all_up(agent)
    assert head is not None
    assert (agent.unit("MainPID"), agent.unit("NRestarts")) == (main, "0")


def test_reload_takes_what_is_right_and_refuses_what_is_not(agent: Machine) -> None:
    main, good = agent.unit("MainPID"), agent.path(CONFIG).read_text("utf-8")
    until_all_up(agent)
    more = "targets:\n  - {id: dc/more, name: More, role: device, module: ping, address: 127.0.0.1}\n"

    agent.write(CONFIG, good.replace("targets:\n", more))
    agent.done("systemctl", "reload", "sansang")
    agent.until(lambda: len(ups(agent)) == TARGETS + 1, 20, "one more target")
    agent.write(CONFIG, good + "nonsense: 1\n")
    agent.done("systemctl", "reload", "sansang")
    until(agent, "sansang_config_last_reload_successful", 0)
    assert len(ups(agent)) == TARGETS + 1
    agent.write(CONFIG, good)
    agent.done("systemctl", "reload", "sansang")
    until(agent, "sansang_config_last_reload_successful", 1)

    assert (agent.unit("MainPID"), agent.unit("NRestarts")) == (main, "0")


def test_an_agent_that_stands_still_is_killed_and_started_anew(agent: Machine) -> None:
    restart(agent)
    main, life = agent.unit("MainPID"), agent.unit("InvocationID")
    agent.done("kill", f"-{signal.SIGSTOP.value}", main)

    agent.until(lambda: agent.unit("NRestarts") == "1", 120, "systemd's watchdog ends it")
    agent.until(lambda: agent.unit("SubState") == "running", 30, "it runs again")

    assert "Watchdog timeout (limit 1min)" in agent.journal(life=life)
    assert agent.unit("MainPID") != main
    until_all_up(agent)


def test_what_root_asks_of_a_stopped_agents_ledger_leaves_it_to_the_agent(agent: Machine) -> None:
    agent.done("systemctl", "stop", "sansang")
    assert (agent.unit("Result"), agent.unit("ExecMainStatus")) == ("success", "0")

    assert "all as written" in agent.done("sansang", "ledger", "verify", "--lang", "en")
    agent.done("sansang", "uptime", "--period", "2026")
    restart(agent)

    assert (value(agent, "sansang_ledger_writable"), value(agent, "sansang_ledger_quarantined")) == (1, 0)


def send_trap(agent: Machine, address: str) -> None:
    """A linkDown from that address to port 162 of the machine."""
    send = "import socket, sys; s = socket.socket(type=socket.SOCK_DGRAM); s.bind((sys.argv[1], 0)); "
    send += "s.sendto(bytes.fromhex(sys.argv[2]), ('127.0.0.1', 162))"
    agent.done("/usr/bin/python3", "-c", send, address, notification(LINK_DOWN).hex())


def test_traps_come_in_on_port_162_and_never_start_a_stopped_agent(agent: Machine) -> None:
    good = agent.path(CONFIG).read_text("utf-8")
    agent.write("/etc/sansang/snmp-traps.yml", 'commune: {version: 2c, community: "commune"}\n')
    agent.done("chown", "sansang:", "/etc/sansang/snmp-traps.yml")
    agent.done("chmod", "600", "/etc/sansang/snmp-traps.yml")
    module = "modules:\n  heard: {probe: snmp, credentials: {file: /etc/sansang/snmp-traps.yml}}\n"
    target = "targets:\n  - {id: dc/heard, name: X, role: device, module: heard, address: 127.77.1.99, interval: 1h}\n"
    agent.write(CONFIG, good.replace("modules:\n", module).replace("targets:\n", target))
    agent.done("systemctl", "enable", "sansang-traps.socket")
    restart(agent)

    send_trap(agent, "127.77.1.99")
    until(agent, 'sansang_traps_total{result="accepted"}', 1)
    send_trap(agent, "127.77.1.98")
    until(agent, 'sansang_traps_total{result="unknown_sender"}', 1)

    agent.done("systemctl", "stop", "sansang")
    send_trap(agent, "127.77.1.99")
    time.sleep(1)
    assert agent.unit("ActiveState") == "inactive"
    agent.write(CONFIG, good)
    agent.done("systemctl", "disable", "sansang-traps.socket")
    restart(agent)
    assert value(agent, 'sansang_traps_total{result="accepted"}') is None


def edition(agent: Machine, version: str) -> None:
    """Another version of the sources; the machine's own copy of them."""
    path = agent.path(f"{ROOT}/agent/__init__.py")
    path.write_text(re.sub('__version__ = "[^"]+"', f'__version__ = "{version}"', path.read_text("utf-8")), "utf-8")


def test_a_newer_version_installed_over_a_running_one_runs_afterwards(agent: Machine) -> None:
    before, head = agent.unit("MainPID"), value(agent, "sansang_ledger_head_seq")
    edition(agent, "0.1.1")

    said = agent.install().splitlines()

    assert said[-1] == "Installed sansang 0.1.1 and restarted the agent: this version runs now."
    assert agent.unit("MainPID") != before
    assert "event=agent_started version=0.1.1" in agent.journal(life=agent.unit("InvocationID"))
    assert [name for name in agent.metrics() if name.startswith("sansang_build_info") and 'version="0.1.1"' in name]
    assert head is not None
    assert (value(agent, "sansang_ledger_head_seq") or 0) > head


def test_a_version_that_refuses_the_configuration_leaves_the_old_one_running(agent: Machine) -> None:
    before, good = agent.unit("MainPID"), agent.path(CONFIG).read_text("utf-8")
    agent.write(CONFIG, good + "nonsense: 1\n")
    edition(agent, "0.1.2")

    done = agent.try_install()

    assert done.returncode != 0
    assert done.stdout.splitlines()[-1] == (
        f"Installed sansang 0.1.2, but the old one still runs: the new one refuses {CONFIG}."
        " Mend it, then: systemctl restart sansang"
    )
    assert f"{CONFIG}:" in done.stderr
    assert (agent.unit("MainPID"), agent.unit("SubState")) == (before, "running")
    agent.write(CONFIG, good)


def test_a_version_that_does_not_start_is_said(agent: Machine) -> None:
    agent.write(DROP_IN, "[Service]\nExecStartPre=/bin/false\n")
    agent.done("systemctl", "daemon-reload")
    agent.run("systemctl", "restart", "sansang")
    agent.until(lambda: agent.unit("SubState") == "auto-restart", 20, "it is started over and over")

    done = agent.try_install()

    assert done.returncode != 0
    assert re.fullmatch(
        r"Installed sansang [0-9.]+, but it does not start. See: journalctl -u sansang -n 30",
        done.stdout.splitlines()[-1],
    )
    restart(agent)


def test_uninstall_leaves_configuration_and_ledger(agent: Machine) -> None:
    kept = agent.path(CONFIG).read_bytes()

    said = agent.done("make", "--no-print-directory", "-C", str(ROOT), "uninstall").splitlines()

    assert said[-1] == "Removed. /etc/sansang (configuration) and /var/lib/sansang (the ledger) are still there."
    assert agent.path(CONFIG).read_bytes() == kept
    assert agent.path(f"{LEDGER}/ledger.db").exists()
    assert agent.unit("LoadState") == "not-found"
    gone = (
        UNIT,
        "/usr/local/bin/sansang",
        "/opt/sansang",
        "/etc/systemd/system/multi-user.target.wants/sansang.service",
    )
    assert [place for place in gone if os.path.lexists(agent.path(place))] == []
    assert agent.run("ps", "-u", "sansang", "-o", "comm=").stdout == ""
