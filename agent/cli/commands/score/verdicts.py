"""What `sansang score verify` found, in words and as a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from agent.availability.instants import iso_utc
from agent.cli.visible import visible
from agent.ledger.signed.score_issues import DatedScoreIssue
from agent.text import Text, Translatable
from exporters.reports.formatting import moment
from exporters.scores.differences import Difference
from exporters.scores.verification import MOST_SHOWN, PackageCheck


class PackageOrigin(StrEnum):
    """What shows where a package is from."""

    HASH = "hash"  # it has the hash that was asked for
    OTHER = "other"  # it has another
    LEDGER = "ledger"  # a row of the ledger names its hash
    NOT_PROVED = "not_proved"


_ORIGIN: Mapping[PackageOrigin, Text] = {
    PackageOrigin.HASH: Text(
        "Nguồn gốc đã chứng minh: manifest.json có đúng mã {wanted}.",
        "Origin proved: its manifest has the hash {wanted}.",
    ),
    PackageOrigin.OTHER: Text(
        "KHÔNG phải gói đã nộp: mã được đưa ra là {wanted}, gói này có mã {own}.",
        "NOT the package that was handed in: the hash asked for is {wanted}, this one has {own}.",
    ),
    PackageOrigin.LEDGER: Text(
        "Nguồn gốc đã chứng minh: dòng {seq} của sổ ghi mã {own}, lúc {at}, người lập: {who}.",
        "Origin proved: row {seq} of the ledger has the hash {own}, of {at}, by {who}.",
    ),
    PackageOrigin.NOT_PROVED: Text(
        "Chưa chứng minh nguồn gốc: ai cũng có thể tự lập một gói nhất quán. Mã của gói: {own}. Hãy so mã này với bảng"
        " điểm đã nộp (--manifest), hoặc với sổ (--ledger).",
        "Origin not proved: anybody can make a package that is consistent. Its hash: {own}. Compare it with the"
        " workbook that was handed in (--manifest), or with the ledger (--ledger).",
    ),
}
_CONSISTENT = Text(
    "{name}: nhất quán. {files} tệp, {size} byte; mọi số liệu tính lại từ dữ liệu trong gói đều bằng nhau từng byte.",
    "{name}: consistent. {files} files, {size} bytes; every figure counted again from the packed evidence is equal to"
    " the byte.",
)
_DIFFERS = Text("{name}: KHÁC ở {found} chỗ.", "{name}: DIFFERS in {found} places.")
_NOT_COUNTED = Text("{name}: không tính lại được.", "{name}: cannot be counted again.")
_SAYS = Text(
    "  {file}, {place}: gói ghi {says}, đúng ra là {follows}", "  {file}, {place}: says {says}, should be {follows}"
)
_PLACE = Text("  {file}: {place}", "  {file}: {place}")
_MORE = Text("  ... và {more} chỗ nữa", "  ... and {more} more")
_LEDGER_EQUAL = Text(
    "Sổ: lập lại từ sổ tại {as_of} cũng bằng nhau từng byte.",
    "Ledger: made again from it as of {as_of}, equal to the byte.",
)
_LEDGER_DIFFERS = Text(
    "Sổ: lập lại từ sổ tại {as_of} thì KHÁC ở {found} chỗ.",
    "Ledger: made again from it as of {as_of}, it DIFFERS in {found} places.",
)
_LEDGER_NOT = Text("Sổ: không lập lại được: {why}", "Ledger: it cannot be made again: {why}")
_UNREADABLE = Text("không đọc được dữ liệu của gói", "the package's evidence cannot be read")
_NO_ROW = Text("Sổ không có dòng nào ghi mã của gói này.", "The ledger has no row of this package's hash.")


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """The ledger's row of the hash, None without one; where the ledger gives something else, None if it cannot say."""

    issue: DatedScoreIssue | None
    differences: tuple[Difference, ...] | None
    why_not: Translatable = _UNREADABLE

    @property
    def equal(self) -> bool:
        """Whether the ledger gives the same bytes."""
        return self.differences == ()


@dataclass(frozen=True, slots=True)
class PackageVerdict:
    """Everything that is said of one package; wanted: the hash that was asked for, ledger: None if it was not asked."""

    name: str
    size: int
    check: PackageCheck
    origin: PackageOrigin
    wanted: str
    ledger: LedgerCheck | None

    @property
    def good(self) -> bool:
        """Nothing differs from anything that was asked for."""
        return (
            self.check.consistent
            and self.origin is not PackageOrigin.OTHER
            and (self.ledger is None or self.ledger.equal)
        )


def lines(verdict: PackageVerdict, language: str, zone: str) -> Iterator[str]:
    """For people. zone: of times."""
    check, name = verdict.check, visible(verdict.name)
    files = 0 if check.manifest is None else len(check.manifest.files) + 2
    text = _CONSISTENT if check.consistent else _DIFFERS if check.found else _NOT_COUNTED
    yield text.to(language).format(name=name, files=files, size=verdict.size, found=check.found)
    yield from _differences(check.differences, check.found, language)
    for remark in check.remarks:
        yield visible(remark.to(language))
    if verdict.ledger is not None:
        yield from _of_ledger(verdict, verdict.ledger, language)
    if check.consistent or verdict.origin is not PackageOrigin.NOT_PROVED:
        yield _origin_text(verdict, language, zone)


def _differences(differences: Sequence[Difference], found: int, language: str) -> Iterator[str]:
    for one in differences:
        shown = {"file": one.file, "place": one.place.to(language), "says": one.says, "follows": one.follows}
        yield visible((_SAYS if one.says or one.follows else _PLACE).to(language).format(**shown))
    if found > len(differences):
        yield _MORE.to(language).format(more=found - len(differences))


def _of_ledger(verdict: PackageVerdict, ledger: LedgerCheck, language: str) -> Iterator[str]:
    manifest = verdict.check.manifest
    as_of = "" if manifest is None else manifest.as_of
    if ledger.differences is None:
        yield visible(_LEDGER_NOT.to(language).format(why=ledger.why_not.to(language)))
    elif ledger.differences:
        found = len(ledger.differences)
        yield visible(_LEDGER_DIFFERS.to(language).format(as_of=as_of, found=found))
        yield from _differences(ledger.differences[:MOST_SHOWN], found, language)
    else:
        yield visible(_LEDGER_EQUAL.to(language).format(as_of=as_of))
    if ledger.issue is None:
        yield _NO_ROW.to(language)


def _origin_text(verdict: PackageVerdict, language: str, zone: str) -> str:
    issue = None if verdict.ledger is None else verdict.ledger.issue
    said = {"seq": 0, "at": "", "who": ""}
    if issue is not None:
        said = {"seq": issue.seq, "at": moment(issue.wall_ms, zone, language), "who": visible(issue.row.who)}
    own = verdict.check.manifest_sha256
    return _ORIGIN[verdict.origin].to(language).format(own=own, wanted=verdict.wanted, **said)


def document(verdict: PackageVerdict) -> dict[str, object]:
    """For programs: English, instants in UTC."""
    check, ledger = verdict.check, verdict.ledger
    found: dict[str, object] = {
        "ok": verdict.good,
        "consistent": check.consistent,
        "recounted": check.recounted,
        "origin": verdict.origin.value,
        "manifest_sha256": check.manifest_sha256,
        "found": check.found,
        "differences": [_difference(one) for one in check.differences],
        "remarks": [remark.en for remark in check.remarks],
    }
    if ledger is not None:
        differences = ledger.differences or ()
        found["ledger"] = {
            "equal": ledger.equal,
            "why_not": ledger.why_not.to("en") if ledger.differences is None else None,
            "found": len(differences),
            "differences": [_difference(one) for one in differences[:MOST_SHOWN]],
            "row": None if ledger.issue is None else ledger.issue.seq,
            "recorded": None if ledger.issue is None else iso_utc(ledger.issue.wall_ms),
            "who": None if ledger.issue is None else ledger.issue.row.who,
        }
    return found


def _difference(one: Difference) -> dict[str, str]:
    return {"file": one.file, "place": one.place.en, "says": one.says, "follows": one.follows}
