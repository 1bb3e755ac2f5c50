"""Values as the text of a file: the same value gives the same bytes, and the head says where it came from."""

from __future__ import annotations

import io
import json
from typing import Any

from ruamel.yaml import YAML

_HEAD = "# Written by `sansang build`: change the settings and build again.\n"


def as_json(value: Any) -> str:
    """Indented by one, keys in their given order, Vietnamese as it is written, a newline at the end."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def as_yaml(value: Any) -> str:
    """Block style, keys in their given order, long lines unbroken."""
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 10_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump(value, out)
    return _HEAD + out.getvalue()
