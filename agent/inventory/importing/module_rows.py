"""Modules as rows, so that an import can show what it changes of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agent.inventory.sources.files import Files, read_document
from agent.inventory.sources.yaml_writer import Row


def written_modules(target: Path) -> Mapping[str, Any]:
    """The modules of the last import."""
    source, _ = read_document(Files(), target) if target.exists() else (None, [])
    data: Any = source.data() if source else {}
    before = data.get("modules") if isinstance(data, dict) else None
    return before if isinstance(before, dict) else {}


def module_rows(modules: Mapping[str, Any]) -> list[Row]:
    """A row for each, its options as text."""
    return [
        {
            "id": name,
            **{
                key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
                for key, value in options.items()
            },
        }
        for name, options in modules.items()
        if isinstance(options, dict)
    ]
