from __future__ import annotations

from io import StringIO

import pytest
from rich.cells import cell_len
from rich.console import Console

from agent.cli.tables.layout import columns, console, say, show

ID = "ubnd-xa-" + "rat-dai-" * 11 + "dinh/phong-hop"
NAME = "Ủy ban nhân dân xã Đồng Ích, phòng họp trực tuyến tầng hai (cơ sở Xuân Lôi cũ)"
INSTANT = "01/12/2026 08:00:30"
COMMAND = "`sudo sysctl -w net.ipv4.ping_group_range='0 2147483647'`"
WIDE_CHARACTERS = "会议室 第二层 " * 6


def shown(width: int, records: list[tuple[str, ...]]) -> str:
    out = Console(file=StringIO(), width=width)
    shape = columns("Mã|Từ|Tên|Vì sao", prose=(2, 3))
    show(shape, records, out)
    assert isinstance(out.file, StringIO)
    return out.file.getvalue()


@pytest.mark.parametrize("width", [20, 40, 60, 80, 110, 200])
@pytest.mark.parametrize(
    "record",
    [
        ("a/uplink", INSTANT, NAME, f"Hãy gõ: {COMMAND}"),
        (ID, INSTANT, NAME, "https://motcua.example/rat/dai/" + "x" * 90),
        ("b/room", INSTANT, WIDE_CHARACTERS, "từ 01/12 08:00 đến 02/12 09:30"),
        ("c/room", INSTANT, "", "[bold]không phải dấu[/bold]"),
    ],
)
def test_what_is_copied_stays_whole_at_every_width(width: int, record: tuple[str, ...]) -> None:
    text = shown(width, [record, ("short", INSTANT, "tên", "-")])
    lines = text.splitlines()
    wholes = [record[0], INSTANT, *(word for cell in record[2:] for word in cell.split() if "`" not in cell)]
    for whole in (*wholes, *([COMMAND] if COMMAND in record[3] else [])):
        assert any(whole in line for line in lines), whole
    assert "…" not in text
    longest = max(map(cell_len, (*record[:2], *wholes, COMMAND)))
    assert all(cell_len(line) <= max(width, longest + 20) for line in lines)


def test_a_table_that_has_room_is_one_and_wraps_sentences_between_words() -> None:
    text = shown(100, [("a/uplink", INSTANT, NAME, "Hỏng")])
    assert max(map(cell_len, text.splitlines())) <= 100
    (first,) = [line for line in text.splitlines() if "a/uplink" in line]
    assert INSTANT in first
    assert "tầng hai" not in first


def test_what_has_no_room_is_a_block_each() -> None:
    text = shown(40, [("a/uplink", INSTANT, NAME, "Hỏng")])
    assert text.startswith("Mã: a/uplink\n  Từ: 01/12/2026 08:00:30\n  Tên: Ủy ban")
    assert max(map(cell_len, text.splitlines())) <= 40


def test_a_pipe_gets_each_record_on_a_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    records = [(ID, INSTANT, NAME, "dòng một\ndòng hai"), ("b", INSTANT, "tên", "-")]
    show(columns("Mã|Từ|Tên|Vì sao", prose=(2, 3)), records, console())
    say(NAME * 3, console())
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert lines[1] == f"{ID}  {INSTANT}  {NAME}  dòng một  dòng hai"
    assert lines[2].split() == ["b", *INSTANT.split(), "tên", "-"]
    assert lines[3] == NAME * 3


def test_columns_is_believed_where_output_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert console().width == 80
