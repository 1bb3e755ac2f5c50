"""What the kinds of changes of units are called."""

from __future__ import annotations

from collections.abc import Mapping

from agent.text import Text

CHANGE_KINDS: Mapping[str, Text] = {
    "rename": Text("Đổi tên", "Rename"),
    "recode": Text("Đổi mã", "Recode"),
    "merge": Text("Sáp nhập", "Merge"),
    "split": Text("Chia tách", "Split"),
    "transfer": Text("Chuyển", "Transfer"),
    "dissolve": Text("Giải thể", "Dissolve"),
}
"""By the word of the inventory."""
