"""An uptime report out of the ledger: all targets in one pass, each in its own calendar."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from agent.availability.accounting import ReportTerms
from agent.availability.figures import GroupFigures, Report, Subject, Tally, TargetFigures, mean, pooled
from agent.ledger.heartbeat import Heartbeat
from agent.ledger.history.inventories import Inventories
from agent.ledger.history.state_history import HistoryQuery, TargetHistory, target_histories
from agent.ledger.reader import Reader
from agent.reporting.builder import ReportBuilder, ReportQuery, SignedRows, calendars_used, inventory_history
from agent.reporting.provenance import ledger_provenance


def report(reader: Reader, alive: Heartbeat | None, query: ReportQuery) -> Report:
    """What the ledger says at this moment. LedgerError if it contradicts itself, SansangError: unknown calendar."""
    with reader.at_one_moment():
        return _report(reader, alive, query)


def _report(reader: Reader, alive: Heartbeat | None, query: ReportQuery) -> Report:
    terms = query.terms
    kept = Inventories(reader, query.observer)
    signed = SignedRows(reader)
    asked = HistoryQuery(query.observer, terms.start_ms, terms.end_ms, terms.as_of_ms, alive, kept.behind)
    versions = inventory_history(kept, signed, query)
    book = ReportBuilder(versions, signed, query)
    there = [life for life in target_histories(reader, asked) if _is_in(life, terms)]
    found = [book.figures(life) for life in there if query.wants(book.subject(life.target))]
    targets = tuple(one for one in found if one.states)
    within = versions.within(terms.start_ms, terms.until_ms)
    provenance = ledger_provenance(reader, query.observer, versions.newest.hash, calendars_used(targets), within)
    groups = tuple(_groups(targets, query.by))
    span = terms.start_ms, terms.end_ms, terms.as_of_ms
    return Report(*span, query.zone, targets, groups, provenance, query.by, len(there) - len(found))


def _is_in(life: TargetHistory, terms: ReportTerms) -> bool:
    """Whether it was configured at any instant that is reported of."""
    return any(one.start_ms < terms.until_ms and one.end_ms > terms.start_ms for one in life.states)


_KEYS: Mapping[str, Callable[[Subject], tuple[str, str]]] = {
    "site": lambda subject: (subject.site, subject.site_name),
    "unit": lambda subject: (subject.unit, subject.unit_name),
    "level": lambda subject: (subject.level, subject.level),
}


def _groups(targets: Sequence[TargetFigures], by: str) -> Iterable[GroupFigures]:
    """Targets of one site, unit or level together, by id; one that moved counts in each for the time it was there."""
    if by not in _KEYS:
        return
    members: dict[str, dict[str, list[Tally]]] = defaultdict(lambda: defaultdict(list))
    names: dict[str, str] = {}
    for target in targets:
        for part in target.parts:
            identity, names[identity] = _KEYS[by](part.subject)
            members[identity][target.target].append(part.tally)
    for identity, mine in sorted(members.items()):
        tallies = [pooled(parts) for parts in mine.values()]
        shares = [one.availability for one in tallies]
        yield GroupFigures(identity, names[identity], len(mine), pooled(tallies), mean(shares))
