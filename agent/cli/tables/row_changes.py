"""What a sheet would change, line by line, and what of it is read otherwise: for `import` and `units apply`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from agent.errors import Fault
from agent.inventory.export import HEADERS
from agent.inventory.importing.changes import RowChanges
from agent.inventory.sources.yaml_writer import Row
from agent.text import Text

_KINDS = {
    "units": Text("Đơn vị", "Units"),
    "sites": Text("Điểm", "Sites"),
    "contacts": Text("Liên hệ", "Contacts"),
    "modules": Text("Module", "Modules"),
    "objects": Text("Tập đối tượng SNMP", "SNMP object sets"),
}
_COUNTS = {
    "added": Text("thêm", "added"),
    "changed": Text("đổi", "changed"),
    "removed": Text("bỏ", "removed"),
}
_SIGNS = {"added": "+", "changed": "~", "removed": "-"}
_ENDS = Text("lịch sử kết thúc", "its history ends")


def noted(notes: Sequence[Fault], heading: str) -> Iterator[str]:
    """What is alike is said once, before its places."""
    if notes:
        yield heading
    alike: dict[tuple[str, str], list[Fault]] = {}
    for note in notes:
        alike.setdefault((note.wrong, note.right), []).append(note)
    for (wrong, right), of_a_kind in alike.items():
        if len(of_a_kind) == 1:
            yield _within(of_a_kind[0], str(of_a_kind[0]))
            continue
        yield ", ".join(text for text in (wrong, right) if text)
        yield from (f"  {_within(note, note.place)}" for note in of_a_kind)


def _within(note: Fault, text: str) -> str:
    """A cell without the name of its workbook: it is the one that is imported."""
    return text.removeprefix(f"{note.file}: ") if note.cell else text


def change_lines(changes: Mapping[str, RowChanges], language: str) -> Iterator[str]:
    """For each kind of row how many, then each of them."""
    for kind, rows in changes.items():
        if rows:
            counts = {"added": rows.added, "changed": rows.changed, "removed": rows.removed}
            counted = (f"{len(some)} {_COUNTS[name].to(language)}" for name, some in counts.items() if some)
            yield f"{_KINDS[kind].to(language)}: {', '.join(counted)}"
            yield from _lines(rows, _Labels(kind, language), _ENDS.to(language) if kind == "sites" else "")


@dataclass(frozen=True, slots=True)
class _Labels:
    """What the fields of one kind of row are called."""

    kind: str
    language: str

    def of(self, key: str) -> str:
        words = HEADERS.get(self.kind, {}).get(key)
        return key if words is None else words.to(self.language).lower()

    def summary(self, row: Row) -> str:
        return ", ".join(
            value if key == "name" else f"{self.of(key)} {value}" for key, value in row.items() if key != "id"
        )


def _lines(changes: RowChanges, labels: _Labels, ends: str) -> Iterator[str]:
    for row in changes.added:
        yield f"  {_SIGNS['added']} {row['id']}: {labels.summary(row)}"
    for changed in changes.changed:
        for field in changed.fields:
            what = f"{labels.of(field.key)} {field.before or '-'} -> {field.after or '-'}"
            yield f"  {_SIGNS['changed']} {changed.id}: {what}"
    for row in changes.removed:
        yield f"  {_SIGNS['removed']} {row['id']}: {row.get('name', '')}{f' ({ends})' if ends else ''}"
