"""SQL is written where its tables are known, and nowhere else: whoever reads asks a question that has a name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SQL = re.compile(
    r"\b(SELECT|INSERT INTO|UPDATE \w+ SET|DELETE FROM|CREATE (?:TEMP )?(?:TABLE|INDEX|VIEW|TRIGGER)|ALTER TABLE"
    r"|DROP \w+|PRAGMA|ORDER BY|GROUP BY|WHERE)\b"
)
HOMES = {
    "agent/ledger/queries.py": "the rows of a ledger",
    "agent/ledger/contents.py": "its contents",
    "agent/ledger/schema.py": "its tables, settings and migrations",
    "agent/ledger/days/day_files.py": "the files of daily sums",
}


def written(path: Path) -> Iterator[str]:
    """Every piece of SQL in the texts of a module, but for what it is documented with."""
    tree = ast.parse(path.read_text("utf-8"))
    documents = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
            yield from (match[0] for match in SQL.finditer(node.value))


def test_sql_is_written_in_its_own_modules_alone() -> None:
    modules = [path for room in ("agent", "exporters", "dashboards") for path in (ROOT / room).rglob("*.py")]
    found = {str(path.relative_to(ROOT)) for path in modules if any(written(path))}
    assert found == set(HOMES)
