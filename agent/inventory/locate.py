"""The configuration file that a command means."""

from __future__ import annotations

import os
from pathlib import Path

PLACES = (Path("sansang.yml"), Path("/etc/sansang/sansang.yml"))


def locate(argument: str | None) -> Path:
    """The argument, else $SANSANG_CONFIG, else ./sansang.yml, else /etc/sansang/sansang.yml.

    A directory stands for the sansang.yml in it. The file need not exist: loading says so.
    """
    if name := named(argument):
        path = Path(name)
        return path / "sansang.yml" if _is_folder(path) else path
    return next((place for place in PLACES if _is_there(place)), PLACES[0])


def named(argument: str | None) -> str:
    """The file that somebody named, by argument or environment; "" where the usual places are looked through."""
    return argument or os.environ.get("SANSANG_CONFIG", "")


def _is_there(place: Path) -> bool:
    try:
        return place.is_file()
    except PermissionError:  # in a folder that this user may not enter: loading says that it cannot be read,
        return place.is_absolute()  # but for where `sudo -u` happened to be called


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # in such a folder, or with a name too long: loading says so
        return False
