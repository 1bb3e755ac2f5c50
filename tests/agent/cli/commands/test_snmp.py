"""`sansang snmp import-mib`: a set of objects as a file, and the module line that uses it."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.cli.commands import snmp
from agent.cli.main import main
from agent.probes.snmp.object_file import own_set
from tests.agent.probes.snmp.test_mib import MIB


def test_the_set_is_written_and_the_line_for_a_module_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "song-thao.yml"

    assert main(["snmp", "import-mib", str(MIB), "-o", str(out), "--lang", "en"]) == 0
    printed = capsys.readouterr().out
    assert f"snmp-song_thao_mib: {{probe: snmp, objects: [{out}]}}" in printed
    assert len(own_set(str(out)).objects) == 10
    assert main(["snmp", "import-mib", str(MIB), "-o", str(out), "--lang", "en"]) == 2
    assert "--force" in capsys.readouterr().err


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # in a callback of the collector
def test_a_file_that_keeps_the_parser_busy_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "long.mib"
    path.write_text(MIB.read_text("ascii").replace("END\n", "") + "x OBJECT IDENTIFIER ::= { songThao 2 }\n" * 60_000)
    monkeypatch.setattr(snmp, "MAX_CPU_SECONDS", 1)

    assert main(["snmp", "import-mib", str(path), "--lang", "vi"]) == 2
    assert "long.mib" in capsys.readouterr().err
