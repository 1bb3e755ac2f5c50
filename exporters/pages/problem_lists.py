"""The lists of the landing page: what is not well, each with what to try and whom to call; and what is well."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from xml.etree.ElementTree import Element  # only written, nothing is parsed

from agent.engine.snapshot import ComponentView, TargetView
from agent.explain.clock import DOUBTED
from agent.explain.components import component_advice, component_sentence, since_text, without_protocol
from agent.explain.labels import STATES
from agent.explain.problems import BY_WEIGHT, Problem, SiteProblems
from agent.explain.texts import Explanation, explain, explain_target
from agent.model import Reason, Role, State, Verdict
from agent.text import Text
from exporters.pages import landing_texts as words
from exporters.pages.elements import PageContext, add, add_name, at_places, counted, names, short_name, since
from exporters.pages.problems import LostPath, ProblemLists, UnknownGroup, by_site
from exporters.reports.unknown_causes import why

PLACES, PROBLEMS, WELL = 100, 4, 300  # entries of a list, troubles of an entry, sites of what is well
PARTS = 4  # of a device, at fault

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ListRenderer:
    """Writes entries for one reader; views by target id."""

    reader: PageContext
    views: Mapping[str, TargetView]

    def write(self, body: Element, lists: ProblemLists) -> None:
        """All four lists, those that are empty left out."""
        language = self.reader.language
        if lists.lost:
            add(body, "h2", words.LOST.to(language))
            self._entries(body, lists.lost, "lost", self._lost)
        self._places(body, lists.down, State.DOWN)
        if lists.blind:
            count = counted(sum(len(group.views) for group in lists.blind), language)
            add(body, "h2", f"{STATES[State.UNKNOWN].to(language)}: {count}")
            self._entries(body, lists.blind, "unknown", self._blind)
        self._places(body, lists.degraded, State.DEGRADED)

    def _places(self, body: Element, places: Sequence[SiteProblems], state: State) -> None:
        if not places:
            return
        language = self.reader.language
        count = counted(sum(place.affected for place in places), language)
        add(body, "h2", f"{STATES[state].to(language)}: {count} {at_places(len(places), language)}")
        self._entries(body, places, state.name.lower(), lambda entry, place: self._place(entry, place, state))

    def _entries(self, body: Element, contents: Sequence[_T], css: str, write: Callable[[Element, _T], None]) -> None:
        items = add(body, "ul", css="entries")
        for entry in contents[:PLACES]:
            write(add(items, "li", css=css), entry)
        if len(contents) > PLACES:
            add(body, "p", words.MORE_PLACES.to(self.reader.language).format(len(contents) - PLACES))

    # -- one entry ----------------------------------------------------------------------------------------------------

    def _place(self, entry: Element, place: SiteProblems, state: State) -> None:
        site = self.reader.sites.get(place.site)
        add_name(entry, "h3", place.site if site is None else site.name, self.reader)
        for problem in place.problems[:PROBLEMS]:
            self._problem(entry, problem, state)
        if left := place.problems[PROBLEMS:]:
            rest = [self.views[problem.root.target] for problem in left]
            more = words.MORE_TARGETS.to(self.reader.language).format(len(rest))
            add(entry, "p", f"{more}: {names(rest, place.site, self.reader)}")
        self._contact(entry, place.site)

    def _problem(self, entry: Element, problem: Problem, state: State) -> None:
        view, language = self.views[problem.root.target], self.reader.language
        line = add(entry, "p", css="fault")
        add_name(line, "strong", short_name(view, view.target.site, self.reader), self.reader).tail = " "
        add(line, "span", STATES[state].to(language).lower(), css="word").tail = " "
        overlay = f" [{words.IN_MAINTENANCE.to(language)}]" if view.in_maintenance else ""
        when = since(line, view.since_wall_ms, self.reader)
        when.tail = f"{when.tail}{overlay} "
        add(line, "span", f"({view.target.id}: {view.cause.value})", css="quiet")
        if failed := _failed_parts(view):
            self._parts(entry, view, failed)
            return
        explanation = explanation_of(view, language)
        add(entry, "p", explanation.what)
        if detail := _detail(view):
            add(entry, "p", detail.to(language))
        if view.last_run is not None and view.last_run.result.clock_doubted:
            add(entry, "p", DOUBTED.to(language))
        self._advice(entry, explanation.advice)
        if problem.behind:
            self._behind(entry, problem)

    def _parts(self, entry: Element, view: TargetView, failed: Sequence[ComponentView]) -> None:
        """The parts of a device that are at fault, each in a sentence, and what to do about the first."""
        language, name = self.reader.language, without_protocol(short_name(view, view.target.site, self.reader))
        now = self.reader.local(self.reader.now_wall_ms)
        for part in failed[:PARTS]:
            since_ms = part.since_wall_ms
            instant = None if since_ms is None else since_text(self.reader.local(since_ms), now)
            add(entry, "p", f"{component_sentence(part.component, name, instant).to(language)}.")
        if more := len(failed[PARTS:]):
            add(entry, "p", words.MORE_PARTS.to(language).format(more))
        self._advice(entry, component_advice(failed[0].component).to(language))

    def _behind(self, entry: Element, problem: Problem) -> None:
        language, behind = self.reader.language, [self.views[failing.target] for failing in problem.behind]
        notes = []
        if (places := len({view.target.site for view in behind})) > 1:
            notes.append(at_places(places, language))
        if points := sum(view.target.role is Role.CONFERENCE for view in behind):
            notes.append(words.POINTS_AMONG.to(language).format(points))
        sentence = (words.CUT_OFF_ONE if len(behind) == 1 else words.CUT_OFF).to(language)
        listed = names(behind, problem.root.site, self.reader)
        add(
            entry, "p", sentence.format(len(behind), listed) + (f" ({', '.join(notes)})" if notes else ""), css="behind"
        )

    def _lost(self, entry: Element, lost: LostPath) -> None:
        language = self.reader.language
        line = add(entry, "h3", f"{lost.path.id}: {counted(lost.path.targets_behind, language)} ")
        add(line, "span", STATES[State.UNKNOWN].to(language).lower(), css="word")
        since(add(entry, "p", css="fault"), lost.path.since_wall_ms, self.reader)
        add(entry, "p", words.PATH_LOST.to(language).format(lost.path.id))
        self._advice(entry, words.PATH_ADVICE.to(language))
        if lost.views:
            listed = ", ".join(self._site_names(lost.views))
            add(entry, "p", words.BEHIND_PATH.to(language).format(listed), css="behind")

    def _blind(self, entry: Element, blind: UnknownGroup) -> None:
        language, heaviest = self.reader.language, sorted(blind.views, key=_weight)
        first = heaviest[0]
        explanation = explain(first.target.role, first.cause, language)
        cause = why(blind.cause, language)
        add(entry, "h3", f"{counted(len(heaviest), language)}: {cause}")
        since(add(entry, "p", css="fault"), min(view.since_wall_ms for view in heaviest), self.reader)
        if len({view.target.role for view in heaviest}) == 1:
            add(entry, "p", explanation.what)
        self._advice(entry, explanation.advice)
        listed = add(entry, "p", f"{names(heaviest, '', self.reader)} ", css="behind")
        add(listed, "span", f"({', '.join((blind.cause.value, *_reasons(heaviest)))})", css="quiet")

    def _site_names(self, views: Sequence[TargetView]) -> list[str]:
        site_ids = list(by_site(views))
        listed = [self.reader.sites[site].name if site in self.reader.sites else site for site in site_ids[:_SHORT]]
        more = len(site_ids) - len(listed)
        return [*listed, words.MORE_PLACES.to(self.reader.language).format(more)] if more else listed

    def _advice(self, entry: Element, advice: str) -> None:
        line = add(entry, "p", css="advice")
        add(line, "strong", words.TRY.to(self.reader.language)).tail = f" {advice}"

    def _contact(self, entry: Element, site_id: str) -> None:
        site = self.reader.sites.get(site_id)
        contact = self.reader.contacts.get(site.contact) if site is not None and site.contact else None
        if contact is None:
            return
        line = add(entry, "p", css="contact")
        add(line, "strong", words.CALL.to(self.reader.language)).tail = " "
        add(line, "span", ", ".join(part for part in (contact.name, contact.phone, contact.email) if part))

    # -- what is well -------------------------------------------------------------------------------------------------

    def well(self, body: Element, views: Sequence[TargetView], *, unfolded: bool) -> None:
        """A list that is folded away: the sites with what works there."""
        language, site_groups = self.reader.language, by_site(views)
        up = {site: sum(view.state is State.UP for view in site_views) for site, site_views in site_groups.items()}
        sites = [site for site, count in up.items() if count]
        if not sites:
            return
        box = add(body, "details")
        if unfolded:
            box.set("open", "open")
        add(
            box,
            "summary",
            words.WELL.to(language).format(f"{counted(sum(up.values()), language)} {at_places(len(sites), language)}"),
        )
        if not unfolded:
            add(box, "a", words.KEEP_OPEN.to(language)).set("href", f"/?lang={language}&well=open")
        items = add(box, "ul", css="well")
        for site in sites[:WELL]:
            entry = self.reader.sites.get(site)
            add(
                items, "li", f"{site if entry is None else entry.name}: {self._share(up[site], len(site_groups[site]))}"
            )
        if len(sites) > WELL:
            add(box, "p", words.MORE_PLACES.to(language).format(len(sites) - WELL))

    def _share(self, count: int, total: int) -> str:
        language = self.reader.language
        return (words.ALL_OF if count == total else words.SOME_OF).to(language).format(count, total)


_SHORT = 8


def _reasons(views: Sequence[TargetView]) -> list[str]:
    """The reasons of last runs that could not measure: not_permitted, no_route and so on."""
    results = (view.last_run.result for view in views if view.last_run is not None)
    return sorted({result.reason.value for result in results if result.verdict is Verdict.LOCAL_ERROR})


def _failed_parts(view: TargetView) -> list[ComponentView]:
    """Those that make it DEGRADED; none of a target whose state has another cause."""
    if view.cause is not Reason.COMPONENT_FAILED:
        return []
    return [part for part in view.components if part.failed]


def _detail(view: TargetView) -> Text | None:
    """The last run's, where that ended for the reason of the state."""
    run = view.last_run
    return None if run is None or run.result.reason is not view.cause else run.result.detail_text


def explanation_of(view: TargetView, language: str) -> Explanation:
    """The explanation of a target's state, with advice."""
    upstream = view.upstream_name or view.upstream or ""
    return explain_target(view.target.role, view.cause, language, upstream=upstream, passing=view.silent_but_passing)


def _weight(view: TargetView) -> tuple[int, str]:
    return BY_WEIGHT.index(view.target.role), view.target.id
