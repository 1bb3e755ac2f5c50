"""Structured logs on stderr: one event, one line, whatever a device put into a name or a banner."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

from agent.cli.visible import visible


def _safe(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {key: _plain(value) for key, value in event.items()}


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | float) else visible(str(value))


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
