"""All rows as JSON lines that a third party can check without this program (docs/check_ledger.py does)."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator

from agent.ledger.reading import Reader


def lines(reader: Reader) -> Iterator[str]:
    """One line a row, oldest first; a content row carries its bytes. apsw.Error, LedgerError if it cannot be read."""
    for one in reader.links():
        row = one.row
        plain: dict[str, object] = {
            "seq": one.seq,
            "run": one.run,
            "kind": row.kind,
            "target": row.target,
            "at_ms": row.at_ms,
            "body": row.body,
            "hash": one.hash.hex(),
        }
        if row.kind == "content":
            plain["content"] = b64encode(reader.content(row.content_hash)).decode()
        yield json.dumps(plain)
