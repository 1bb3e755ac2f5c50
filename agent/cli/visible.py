"""Text of devices and people as a terminal or a log may have it."""

from __future__ import annotations

from agent.characters import written_out

_MOST = 2_000  # characters


def visible(text: str) -> str:
    """Control, line-breaking and direction-changing characters written out, so that none of them acts."""
    if len(text) > _MOST:  # both ends: the last line of a traceback says what happened
        text = f"{text[: _MOST // 2]} ... {text[-_MOST // 2 :]}"
    return written_out(text)
