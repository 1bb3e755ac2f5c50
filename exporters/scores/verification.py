"""Whether a package is what follows from its own evidence: every byte of it accounted for, without the ledger.

A package is a stranger's. Nothing in it is believed: what can be counted is counted again by the same pure code that
made it, every file is written again and compared, and what cannot be read is told in a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from agent.characters import quoted
from agent.errors import SansangError
from agent.reporting.scoring.evidence_score import score_evidence
from agent.reporting.scoring.report import ScoreReport
from agent.scoring.document.load import sheet_from_bytes
from agent.scoring.package.archive import IN_CONTENT, Archive, read_archive
from agent.scoring.package.evidence_files import read_evidence
from agent.scoring.package.evidence_tables import FOLDER
from agent.scoring.package.manifest import NAME, WORKBOOK, Manifest, ManifestError, read_manifest
from agent.scoring.package.single_change import single_changes
from agent.scoring.package.totals import TOTALS, read_totals
from agent.text import Text
from exporters.scores.differences import Difference, difference
from exporters.scores.package import SHEET, SOURCES, MadeBy, made_here, request_of, score_package

MOST_SHOWN = 100
_ZIP = "zip"
_NOT_LISTED = Text("tệp không có trong manifest.json", "the file is not in manifest.json")
_NOT_THERE = Text("manifest.json có tệp này, gói thì không", "manifest.json names this file, the package lacks it")
_OTHER_HASH = Text("nội dung khác mã SHA-256 trong manifest.json", "the content has another SHA-256 than manifest.json")
_NOT_COUNTED = Text(
    "không tính lại được từ dữ liệu này: {why}", "the figures cannot be counted again from this evidence: {why}"
)
_OTHER_PROGRAM = Text(
    "gói do bản {theirs} tạo, đây là bản {ours}; nếu có chỗ khác nhau thì có thể do khác phiên bản",
    "made by version {theirs}, this is {ours}: a difference may come from that",
)
_NOTHING_RECOUNTED = Text(
    "chưa tính lại số liệu nào, vì chính dữ liệu gốc hoặc manifest.json đã khác",
    "no figure was counted again, because the evidence itself or manifest.json is not what it was",
)
_AS_PACKED = Text(
    "tổng điểm kỳ trước (previous.csv) lấy như trong gói, không tính lại",
    "the totals of the period before (previous.csv) are taken as they are packed",
)
_GIVEN = Text(
    "có {count} số liệu do người nhập (given.csv): lấy như trong gói, không đo lại được",
    "{count} figures were given by people (given.csv): taken as they are packed, nobody can measure them again",
)


@dataclass(frozen=True, slots=True)
class PackageCheck:
    """What was found. differences: none where every byte is as it must be, cut to MOST_SHOWN of ``found``.

    manifest: None where it cannot be read. recounted: whether the figures could be counted again. report: what follows
    from the packed evidence, None where nothing does.
    """

    manifest_sha256: str
    manifest: Manifest | None
    differences: tuple[Difference, ...]
    found: int
    recounted: bool
    remarks: tuple[Text, ...] = ()
    report: ScoreReport | None = None

    @property
    def consistent(self) -> bool:
        """Whether every byte of the package follows from its evidence."""
        return self.recounted and not self.found


def check_package(data: bytes) -> PackageCheck:
    """Look at every byte of a package. ArchiveError for what is no package at all."""
    archive = read_archive(data)
    faults = {(fault.part, fault.place): Difference(fault.part or _ZIP, fault.place) for fault in archive.faults}
    outside = [fault for (_, place), fault in faults.items() if place != IN_CONTENT]
    manifest, wrong = _manifest(archive)
    listed = wrong if wrong or manifest is None else list(_listed(archive, manifest))
    sources = [one for one in listed if one.file == NAME or is_source(one.file)]
    made = hash_of(archive)
    if manifest is None or sources:
        seen = {one.file for one in listed}
        changed = [_changed(archive, name) for name, place in faults if place == IN_CONTENT and name not in seen]
        return _check(made, manifest, [*outside, *listed, *changed], recounted=False, remarks=(_NOTHING_RECOUNTED,))
    try:
        report = counted_again(archive.files, manifest)
        rewritten = score_package(report, made_by(manifest)).files
    except SansangError as error:
        why = Difference("evidence", _NOT_COUNTED.filled(why=error))
        return _check(made, manifest, [*outside, *listed, why], recounted=False)
    except (ArithmeticError, LookupError, TypeError, ValueError, RecursionError, AttributeError) as error:
        why = Difference("evidence", _NOT_COUNTED.filled(why=f"{type(error).__name__}: {quoted(str(error)[:200])}"))
        return _check(made, manifest, [*outside, *listed, why], recounted=False)
    differences = [*outside, *compared(archive.files, rewritten)]
    unseen = {one.file for one in listed} - {one.file for one in differences}
    differences += [one for one in listed if one.file in unseen]
    return replace(
        _check(made, manifest, differences, recounted=True, remarks=tuple(_remarks(manifest, report))), report=report
    )


def is_source(name: str) -> bool:
    """Whether figures are counted from that file."""
    return name.startswith(FOLDER) or name in SOURCES


def hash_of(archive: Archive) -> str:
    """The SHA-256 of the manifest; "" without one."""
    return sha256(archive.files[NAME]).hexdigest() if NAME in archive.files else ""


def made_by(manifest: Manifest) -> MadeBy:
    """The versions that a manifest names."""
    return MadeBy(manifest.version, manifest.tzdata, manifest.xlsxwriter)


def counted_again(files: Mapping[str, bytes], manifest: Manifest) -> ScoreReport:
    """The scores that follow from the files, by the manifest's request. SansangError and others for hostile files."""
    sheet = sheet_from_bytes(SHEET, files[SHEET], manifest.language)
    evidence, before = read_evidence(files), read_totals(files[TOTALS.name])
    return score_evidence(sheet, request_of(manifest), evidence, before, manifest.unverified)


def compared(found: Mapping[str, bytes], follows: Mapping[str, bytes]) -> Iterator[Difference]:
    """Every place where files are not as they follow, by name."""
    for name in sorted(found.keys() | follows.keys()):
        yield from difference(name, found.get(name), follows.get(name))


def _check(
    made: str,
    manifest: Manifest | None,
    differences: Iterable[Difference],
    *,
    recounted: bool,
    remarks: tuple[Text, ...] = (),
) -> PackageCheck:
    every = tuple(dict.fromkeys(differences))
    return PackageCheck(made, manifest, every[:MOST_SHOWN], len(every), recounted, remarks)


def _manifest(archive: Archive) -> tuple[Manifest | None, list[Difference]]:
    if NAME not in archive.files:
        return None, [Difference(NAME, _NOT_THERE)]
    changed = [fault for fault in archive.faults if fault.part == NAME and fault.place == IN_CONTENT]
    wrong = [_changed(archive, NAME)] if changed else []
    try:
        return read_manifest(archive.files[NAME]), wrong
    except ManifestError as error:
        return None, wrong or [Difference(NAME, Text(error.to("vi"), error.to("en")))]


def _listed(archive: Archive, manifest: Manifest) -> Iterator[Difference]:
    """Files that the manifest does not name, that are not there, or that have another hash than it names."""
    listed = {file.name: file for file in manifest.files}
    for name in sorted(archive.files.keys() - listed.keys() - {NAME, WORKBOOK}):
        yield Difference(name, _NOT_LISTED)
    for name in (*listed, WORKBOOK):
        if name not in archive.files:
            yield Difference(name, _NOT_THERE)
        elif name in listed and sha256(archive.files[name]).hexdigest() != listed[name].sha256:
            yield _changed(archive, name, listed[name].sha256)


def _changed(archive: Archive, name: str, digest: str = "") -> Difference:
    """The difference of a file whose content is not what it was: with its place, where one byte alone was changed."""
    content = archive.files[name]
    for place, byte in single_changes(content, archive.checks[name]):
        repaired = content[:place] + bytes([byte]) + content[place + 1 :]
        if not digest or sha256(repaired).hexdigest() == digest:
            return next(difference(name, content, repaired))
    return Difference(name, _OTHER_HASH if digest else IN_CONTENT)


def _remarks(manifest: Manifest, report: ScoreReport) -> Iterator[Text]:
    theirs, ours = made_by(manifest), made_here()
    if theirs != ours:
        names = [
            " ".join(f"{name} {version or '?'}" for name, version in zip(_PROGRAMS, versions, strict=True))
            for versions in ((one.version, one.tzdata, one.xlsxwriter) for one in (theirs, ours))
        ]
        yield _OTHER_PROGRAM.filled(theirs=names[0], ours=names[1])
    if report.before:
        yield _AS_PACKED
    if report.evidence.given:
        yield _GIVEN.filled(count=len(report.evidence.given))


_PROGRAMS = ("sansang", "tzdata", "xlsxwriter")
