"""The recorded H.323 exchanges of tests/data/h323."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

_FILE = json.loads((Path(__file__).parent / "data" / "h323" / "exchanges.json").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class StatusEnquiry:
    """What a peer did when asked outside a call; closed tells whether it then closed the connection."""

    peer: str
    sent: bytes
    came: bytes
    closed: bool


STATUS_ENQUIRIES = tuple(
    StatusEnquiry(row["peer"], bytes.fromhex(row["sent"]), bytes.fromhex(row["came"]), row["end"] == "closed")
    for row in _FILE["status_enquiries"]
)
MESSAGES: tuple[tuple[str, bytes], ...] = tuple((row["kind"], bytes.fromhex(row["hex"])) for row in _FILE["messages"])
"""Every message that came, with its kind."""
