"""Compiles the catalogues: ``python -m agent.explain.catalogues`` writes each .mo beside its .po.

Needs Babel, a development dependency. The product itself reads the .mo with the standard library and never
imports this module.
"""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).parent / "locale"


def sources() -> list[Path]:
    """Every .po file: the sentences of each language, and for Vietnamese those of argparse."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))


def compiled(source: Path) -> bytes:
    """The .mo of one .po; a line that is no gettext syntax raises PoFileError."""
    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parent.parent.name, abort_invalid=True)
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def main() -> None:
    for source in sources():
        source.with_suffix(".mo").write_bytes(compiled(source))


if __name__ == "__main__":
    main()
