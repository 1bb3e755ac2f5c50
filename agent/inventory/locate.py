"""Which configuration file a command means."""

from __future__ import annotations

import os
from pathlib import Path

PLACES = (Path("sansang.yml"), Path("/etc/sansang/sansang.yml"))


def locate(argument: str | None) -> Path:
    """The argument, else $SANSANG_CONFIG, else ./sansang.yml, else /etc/sansang/sansang.yml.

    A directory stands for the sansang.yml in it. The file need not exist: loading says so.
    """
    named = argument or os.environ.get("SANSANG_CONFIG")
    if named:
        path = Path(named)
        return path / "sansang.yml" if path.is_dir() else path
    return next((place for place in PLACES if _is_there(place)), PLACES[0])


def _is_there(place: Path) -> bool:
    try:
        return place.is_file()
    except PermissionError:  # in a folder that this user may not enter: loading says that it cannot be read
        return True
