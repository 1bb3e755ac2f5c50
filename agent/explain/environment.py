"""The language of whoever calls, where no configuration says one."""

from __future__ import annotations

import os
import re

_NO_LANGUAGE = re.compile(r"(C|POSIX)?(\..*)?")


def environment_language() -> str:
    """``en`` if the locale for messages is an English one, else ``vi``; C and POSIX name no language."""
    names = (os.environ.get(variable, "") for variable in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next((name for name in names if not _NO_LANGUAGE.fullmatch(name)), "")
    return "en" if locale.startswith("en") else "vi"
