"""What rows of a ledger keep in English is told in Vietnamese, those of earlier versions too."""

from __future__ import annotations

from string import Formatter

import pytest

from agent.explain import ledger_errors
from agent.explain.ledger_errors import stored_text
from agent.text import Text

SENTENCES = {name: said for name, said in vars(ledger_errors).items() if isinstance(said, Text)}


@pytest.mark.parametrize("name", [name for name in SENTENCES if name != "OTHER_COLUMNS"])
def test_every_sentence_is_recalled_from_its_english(name: str) -> None:
    fields = [field for _, field, _, _ in Formatter().parse(SENTENCES[name].en) if field]
    filled = SENTENCES[name].filled(**{field: f"<{number}>" for number, field in enumerate(fields)})
    assert stored_text(filled.en) == filled


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        (
            "the ledger is damaged at row 12: its content does not fit its hash",
            "sổ bị hỏng ở dòng 12: nội dung không khớp với mã băm của dòng",
        ),
        (
            "/var/lib/sansang/ledger.db is damaged: database disk image is malformed",
            "/var/lib/sansang/ledger.db bị hỏng: nội dung tệp cơ sở dữ liệu bị hỏng",
        ),
        (
            "it is 31.000 s later than row 9, which it does not know",
            "tệp này ghi muộn hơn dòng 9 mà nó không biết 31.000 giây",
        ),
        ("its file was deleted, moved or replaced while the agent was writing it", ledger_errors.TAKEN.vi),
        ("2026-11-29", "2026-11-29"),
        ("what no version ever wrote", "what no version ever wrote"),
    ],
)
def test_stored_sentences(stored: str, told: str) -> None:
    assert stored_text(stored).vi == told
    assert stored_text(stored).en == stored
