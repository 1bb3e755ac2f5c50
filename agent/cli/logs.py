"""Structured logs on stderr: one event, one line, whatever a device put into a name or a banner."""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import structlog

FORMATS = ("logfmt", "json")
LEVELS = ("debug", "info", "warning", "error")
MAX_VALUE = 2_000
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """Control, line-breaking and direction-changing characters written out, so that none of them acts."""
    return _UNSAFE.sub(lambda match: f"\\x{ord(match[0]):02x}", text)[:MAX_VALUE]


def _safe(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {key: visible(value) if isinstance(value, str) else value for key, value in event.items()}


def configure(style: str, level: str) -> None:
    """Set up logging for this process."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if style == "json"
        else structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _safe,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_Bridge()])


def log() -> Any:
    """A logger for commands."""
    return structlog.get_logger("sansang")


class _Bridge(logging.Handler):
    """What libraries log goes through the same renderer."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger(record.name).log(record.levelno, "library", logger=record.name, text=record.getMessage())
