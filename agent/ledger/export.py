"""All rows as JSON lines that a third party can check without this program (docs/check_ledger.py does)."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator

from agent.errors import LedgerError
from agent.ledger.reader import Reader


def lines(reader: Reader, mark: str = "") -> Iterator[str]:
    """One line a row, oldest first; a content row carries its bytes. apsw.Error, LedgerError if it cannot be read.

    mark: why it was not verified; it stands on each line then, and contents that cannot be read are empty.
    """
    for link in reader.links():
        row = link.row
        plain: dict[str, object] = {
            "seq": link.seq,
            "run": link.run,
            "kind": row.kind,
            "target": row.target,
            "at_ms": row.at_ms,
            "body": row.body,
            "hash": link.hash.hex(),
        }
        if row.kind == "content":
            plain["content"] = b64encode(_content(reader, row.content_hash, anyway=bool(mark))).decode()
        if mark:
            plain["unverified"] = mark
        yield json.dumps(plain)


def _content(reader: Reader, digest: str, *, anyway: bool) -> bytes:
    try:
        return reader.content(digest)
    except LedgerError:
        if anyway:
            return b""
        raise
