"""Every way in for text, and the characters that none of them lets in: named as U+XXXX, and never in the ledger."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, urlsplit

import openpyxl
import pytest

from agent.cli.main import main
from agent.errors import ConfigError
from agent.inventory.importing.propose import propose
from agent.inventory.load import load
from agent.ledger.reader import Reader
from agent.ledger.rows import Amendment, Maintenance
from agent.probes.registry import PROBES
from tests.agent.availability.extremes import EXTREMES
from tests.agent.cli.commands.test_check import running
from tests.agent.cli.conftest import free_port

CONTROLS = ("\x00", "\x07", "\x1b", "\x7f", "\x85", "\x9b")
TURNING = ("\u061c", "\u200f", "\u202e", "\u2028", "\u2066")
NO_TEXT = ("\ud800", "\udcff", "\udfff", "\ufdd0", "\ufffe", "\uffff", "\U0001fffe")
CHARACTERS = (*CONTROLS, *TURNING, *NO_TEXT)
HEAD = """organisation: {name: Thu, language: vi}
levels: [{id: commune, name: {vi: Xa, en: Commune}}]
units: [{id: u, name: Xa A, level: commune, code: "NOTHING"}]
modules: {port: {probe: tcp}}
"""


@dataclass(frozen=True)
class Machine:
    """A running agent: where its configuration and its ledger lie, where it answers."""

    config: Path
    address: str
    storage: Path

    def ask(self, method: str, target: str, body: bytes = b"", **headers: bytes | str) -> tuple[int, str]:
        parts = urlsplit(self.address)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        try:
            connection.request(method, target, body, {"Content-Type": "application/json", **headers})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def rows(self) -> int:
        reader = Reader.open(self.storage)
        try:
            return len(reader.among(Maintenance, Amendment))
        finally:
            reader.close()


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    place = tmp_path_factory.mktemp("doors")
    port, config = free_port(), place / "sansang.yml"
    config.write_text(
        f"""{HEAD}sites: [{{id: s, name: UBND xã A, unit: u}}]
targets: [{{id: s/dead, name: Hỏng, role: one-stop, module: port, address: "127.0.0.1:{free_port()}"}}]
listen: 127.0.0.1:{port}
storage: {{path: {place / "ledger"}}}
""",
        "utf-8",
    )
    address = f"http://127.0.0.1:{port}"
    with running(config, address):
        yield Machine(config, address, place / "ledger")


# -- files ------------------------------------------------------------------------------------------------------------


def _inventory(place: Path, text: bytes | None = None, name: str = "", content: bytes = b"") -> str:
    """What loading says of an inventory, or of one that includes a file."""
    main_file = place / "sansang.yml"
    main_file.write_bytes(HEAD.encode() + b'include: ["x/*"]\n' if text is None else text)
    if name:
        (place / "x").mkdir()
        (place / "x" / name).write_bytes(content)
    with pytest.raises(ConfigError) as told:
        load(main_file, PROBES, "en")
    with pytest.raises(ConfigError) as vietnamese:
        load(main_file, PROBES, "vi")
    assert "ký tự" in str(vietnamese.value)
    return str(told.value)


def _yaml(place: Path, before: str, encoding: str, after: str) -> str:
    text = HEAD.replace("NOTHING", f"{before}{after}")
    said = _inventory(place, text.encode(encoding, "surrogatepass"))
    assert re.search(r"sansang\.yml:3:\d+: ", said), said
    return said


def yaml_as_it_stands(place: Path, sign: str) -> str:
    return _yaml(place, "a", "utf-8", f"{sign}b")


def yaml_in_utf_16(place: Path, sign: str) -> str:
    return _yaml(place, "a", "utf-16", f"{sign}b")


def yaml_escaped(place: Path, sign: str) -> str:
    return _yaml(place, "a", "utf-8", f"\\U{ord(sign):08x}b" if sign > "\uffff" else f"\\u{ord(sign):04x}b")


def csv_cell(place: Path, sign: str) -> str:
    content = f"id,name,unit\nt,Ten,u\nv,a{sign}b,u\n".encode("utf-8", "surrogatepass")
    said = _inventory(place, name="a.csv", content=content)
    assert re.search(r"a\.csv:3:2: ", said), said
    return said


def xlsx_cell(place: Path, sign: str) -> str:
    book, stream = openpyxl.Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    spelled = sign if _in_xml(sign) else f"_x{ord(sign):04X}_"
    for row in (("id", "name", "unit"), ("t", "Ten", "u"), ("v", f"a{spelled}b", "u")):
        sheet.append(row)
    book.save(stream)
    said = _inventory(place, name="a.xlsx", content=stream.getvalue())
    assert re.search(r"a\.xlsx: cell B3\b", said), said
    return said


def _in_xml(sign: str) -> bool:
    return "\x7f" <= sign <= "\ud7ff" or "\ue000" <= sign <= "\ufffd" or sign > "\uffff"


def imported_cell(place: Path, sign: str) -> str:
    (place / "sansang.yml").write_text(HEAD + 'include: ["x/*.yml"]\n', "utf-8")
    (place / "b.csv").write_bytes(f"id,name,unit\nv,a{sign}b,u\n".encode("utf-8", "surrogatepass"))
    with pytest.raises(ConfigError) as told:
        propose(place / "sansang.yml", place / "b.csv", PROBES, "en")
    assert re.search(r"b\.csv:2:2: ", str(told.value)), told.value
    return str(told.value)


def name_of_an_included_file(place: Path, sign: str) -> str:
    return _inventory(place, name=f"a{sign}b.yml")


FILES: tuple[Callable[[Path, str], str], ...] = (
    yaml_as_it_stands,
    yaml_in_utf_16,
    yaml_escaped,
    csv_cell,
    xlsx_cell,
    imported_cell,
    name_of_an_included_file,
)


NO_FILE_NAME = ("\x00", "\ud800", "\udfff")  # the system's own calls refuse them


@pytest.mark.parametrize(
    ("door", "sign"),
    [
        pytest.param(door, sign, id=f"{door.__name__} {ord(sign):04X}")
        for door in FILES
        for sign in CHARACTERS
        if door is not name_of_an_included_file or sign not in NO_FILE_NAME
    ],
)
def test_no_file_brings_it_in(door: Callable[[Path, str], str], sign: str, tmp_path: Path) -> None:
    assert f"U+{ord(sign):04X}" in door(tmp_path, sign)


# -- HTTP -------------------------------------------------------------------------------------------------------------

SPAN = {"from": "2030-01-01T00:00:00Z", "to": "2030-01-02T00:00:00Z"}
WINDOW = {"do": "add", "scope": "all", "who": "An", "why": "thay dây", "announced_on": "", **SPAN}
CANCEL = {"do": "cancel", "id": "m1", "who": "An", "why": "hoãn"}
CORRECTION = {"do": "add", "refers_to": 1, "state": "up", "cause": "ok", "who": "An", "why": "nhầm", **SPAN}
BODIES: Mapping[str, tuple[str, Mapping[str, object], tuple[str, ...]]] = {
    "window": ("/api/v1/maintenance", WINDOW, ("scope", "from", "who", "why", "announced_on", "do")),
    "cancel": ("/api/v1/maintenance", CANCEL, ("id", "who", "why")),
    "correction": ("/api/v1/amendments", CORRECTION, ("state", "cause", "to", "who", "why")),
    "check": ("/api/v1/check", {"sites": ["s"], "roles": ["lan"], "targets": ["s/a"]}, ("sites", "roles", "targets")),
}
QUERIES: Mapping[str, tuple[str, ...]] = {
    "/probe": ("target", "module", "hostname", "debug"),
    "/sd": ("site", "role"),
    "/api/v1/uptime": ("period", "calendar", "by", "pooling", "as_of", "site", "role", "target"),
    "/api/v1/scores": ("period", "sheet", "unit", "level", "as_of"),
    "/": ("lang",),
    "/api/v1/targets": ("x",),
}


@pytest.mark.parametrize("sign", CHARACTERS, ids=lambda sign: f"{ord(sign):04X}")
def test_no_body_no_query_and_no_header_brings_it_in(machine: Machine, sign: str) -> None:
    code, before, answers = f"U+{ord(sign):04X}", machine.rows(), []
    for path, document, fields in BODIES.values():
        for field in fields:
            value = document[field]
            spoilt: object = [f"a{sign}b"] if isinstance(value, list) else f"a{sign}b"
            escaped = json.dumps({**document, field: spoilt})
            raw = json.dumps({**document, field: spoilt}, ensure_ascii=False).encode("utf-8", "surrogatepass")
            answers += [(path, field, *machine.ask("POST", path, body)) for body in (escaped.encode(), raw)]
    for path, names in QUERIES.items():
        wrong = quote(f"a{sign}b".encode("utf-8", "surrogatepass"))
        answers += [(path, name, *machine.ask("GET", f"{path}?{name}={wrong}")) for name in names]
        answers.append((path, "a name", *machine.ask("GET", f"{path}?{wrong}=1")))
    if sign != "\x00" and not "\ud800" <= sign <= "\udfff":
        value = f"a{sign}b".encode()
        answers.append(("/", "User-Agent", *machine.ask("GET", "/", **{"User-Agent": value})))

    assert [one for one in answers if one[2] != 400 or code not in one[3]] == []
    assert machine.rows() == before
    assert re.search(r"^sansang_ledger_writable(\{.*\})? 1(\.0)?$", machine.ask("GET", "/metrics")[1], re.MULTILINE)


@pytest.mark.parametrize("query", ["target=%FF", "target=%C3%28", "%ED=1", "&".join(f"x{n}=" for n in range(101))])
def test_a_query_that_is_no_text_is_refused(machine: Machine, query: str) -> None:
    assert machine.ask("GET", f"/probe?{query}")[0] == 400


@pytest.mark.parametrize("period", EXTREMES)
def test_an_extreme_period_is_a_400_and_a_sentence(
    machine: Machine, period: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = machine.ask("GET", f"/api/v1/uptime?period={quote(period)}")
    assert (status, len(said.splitlines())) == (400, 1)
    assert 'sansang_internal_errors_total{where="request"} 0' in machine.ask("GET", "/metrics")[1].replace("\\", "")

    assert main(["uptime", "--config", str(machine.config), f"--period={period}", "--json"]) == 2
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines())) == ("", 1)
    assert err.startswith("sansang: ")


# -- the command line -------------------------------------------------------------------------------------------------

FROM_TO = "--from 2026-01-01T00:00Z --to 2026-01-02T00:00Z"
CALLS = (
    f"maintenance add --all {FROM_TO} --why x --who {{}}",
    f"maintenance add {FROM_TO} --why x --who x --site {{}}",
    "maintenance cancel m1 --who a --why {}",
    f"amend 1 --state up {FROM_TO} --who a --why {{}}",
    f"amend --state up {FROM_TO} --who a --why b --target {{}}",
    "uptime --period 2026-10 --site {}",
    "score --sheet {} --period 2026",
    "score verify {}",
    "units apply {}",
    "check --target {}",
    "validate {}",
    "import {}",
    "ledger days --target {}",
    "build --out {}",
)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("sign", [one for one in CHARACTERS if one != "\x00"], ids=lambda sign: f"{ord(sign):04X}")
def test_no_argument_brings_it_in(
    call: str, sign: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for language, said in (("en_GB.UTF-8", "cannot be used"), ("vi_VN.UTF-8", "không dùng được ký tự")):
        monkeypatch.setenv("LANG", language)
        assert main([word.format(f"a{sign}b") for word in call.split(" ")]) == 2
        out, err = capsys.readouterr()
        assert (out, len(err.splitlines())) == ("", 1)
        assert f"U+{ord(sign):04X}" in err
        assert said in err
        assert sign not in err
