"""docs/snmp-objects.md from the object sets: ``python -m exporters.pages.snmp_objects > docs/snmp-objects.md``."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from agent.probes.snmp.object_file import shipped_sets
from agent.probes.snmp.object_set import ObjectSet, SnmpObject
from agent.probes.snmp.values import decode_oid

_HEAD = """\
# Object sets of the probe `snmp`

Generated from `agent/probes/snmp/objects` by `python -m exporters.pages.snmp_objects > docs/snmp-objects.md`.

What each set asks of a device, and where every number comes from. *Verified* means that the numbers were compared with
the MIB files and the recorded walks that are named; a set without them says *unverified*, here and in
`sansang validate`. How sets are chosen and how to write one: [probes/snmp.md](probes/snmp.md#object-sets).
"""


def page() -> Iterator[str]:
    """The lines of the page."""
    yield _HEAD
    yield "| Set | For | Objects | Numbers |"
    yield "|---|---|---|---|"
    for part in shipped_sets():
        yield f"| [`{part.name}`](#{part.name}) | {part.title} | {len(part.objects)} | {_numbers(part)} |"
    for part in shipped_sets():
        yield from _section(part)


def _numbers(part: ObjectSet) -> str:
    return f"verified: {part.verified_by}" if part.verified else "**unverified**"


def _section(part: ObjectSet) -> Iterator[str]:
    yield f"\n## {part.name}\n"
    yield f"{part.title}.\n"
    yield f"Asked of {_asked_of(part)}.\n"
    yield "| Object | OID | Source | Says | Read |"
    yield "|---|---|---|---|---|"
    for item in part.objects:
        yield f"| `{item.name}` | {decode_oid(item.oid)} | {item.source} | {_says(item)} | {_read(item)} |"


def _asked_of(part: ObjectSet) -> str:
    if part.everywhere:
        return "every device; what it does not have is left out after the first time"
    if part.identified_by:
        return "devices whose sysObjectID begins with " + ", ".join(map(decode_oid, part.identified_by))
    return "devices whose module names it"


def _says(item: SnmpObject) -> str:
    meaning = "" if item.means is None else f"`{item.means.value}`"
    faults = ", ".join(
        f"{item.values.get(value, value)} is `{fault.value}`" for value, fault in sorted(item.faults.items())
    )
    return " ".join(filter(None, (meaning, f"({faults})" if faults else ""))) or "-"


def _read(item: SnmpObject) -> str:
    often = "every 5 minutes" if item.rarely else "every run"
    return often if item.series else f"{often}, no series"


if __name__ == "__main__":
    sys.stdout.write("\n".join(page()) + "\n")
