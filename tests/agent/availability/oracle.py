"""The rules once more, by brute force: what the state was at every instant, computed from the whole story at once.

Nothing here is shared with agent.availability. Slow, simple, and looked at one rule at a time. Text of the result:
"up", "degraded", "down", or the cause of UNKNOWN.
"""

from __future__ import annotations

from dataclasses import dataclass

PRECEDENCE = ["clock", "disk", "paused", "monitor_net", "dns"]


@dataclass(frozen=True)
class Probe:
    start: int
    took: int
    verdict: str  # ok, degraded, failed, local_error


@dataclass(frozen=True)
class Darkness:
    start: int
    end: int
    cause: str


@dataclass(frozen=True)
class Story:
    """A target from instant 0, first cause "not_yet", to the clean stop at ``end``."""

    interval: int
    grace: int
    fail_after: int
    recover_after: int
    probes: tuple[Probe, ...]
    darks: tuple[Darkness, ...]
    end: int


def evidence(story: Story) -> list[Probe]:
    """Probes that count: begun outside every blind interval (its end is outside), finished by the stop."""
    return [
        probe
        for probe in story.probes
        if not any(dark.start <= probe.start < dark.end for dark in story.darks)
        and probe.start + probe.took <= story.end
        and probe.start < story.end
    ]


def states(story: Story) -> list[str]:
    """The word for each instant of [0, end)."""
    seen = evidence(story)
    words = ["not_yet"] * story.end
    for index, probe in enumerate(seen):
        follower = seen[index + 1].start if index + 1 < len(seen) else None
        _paint(words, story, probe, follower, _class_at(story, seen, index))
    for instant in range(story.end):
        words[instant] = _dark_word(story, seen, instant) or words[instant]
    return words


def _paint(words: list[str], story: Story, probe: Probe, follower: int | None, word: str) -> None:
    """What this probe vouches for, and the gap after it up to the follower or whatever ends the span."""
    dark = min((dark.start for dark in story.darks if dark.start > probe.start), default=story.end)
    ends = min(dark, story.end if follower is None else follower)
    vouched = probe.start + story.interval
    if ends <= vouched + story.grace:
        vouched = ends
    for instant in range(probe.start, min(ends, vouched)):
        words[instant] = word
    for instant in range(vouched, ends):
        words[instant] = "overload"


def _dark_word(story: Story, seen: list[Probe], instant: int) -> str | None:
    """Inside a blind interval its cause; after it, until a probe starts, the cause of its last instant."""
    inside = [dark.cause for dark in story.darks if dark.start <= instant < dark.end]
    if inside:
        return min(inside, key=PRECEDENCE.index)
    past = [dark.end for dark in story.darks if dark.end <= instant]
    if not past or any(max(past) <= probe.start <= instant for probe in seen):
        return None
    return _dark_word(story, seen, max(past) - 1)


def _stretches(story: Story, seen: list[Probe]) -> list[list[int]]:
    """Indices of probes in stretches that no gap, blind interval or local error cuts."""
    found: list[list[int]] = []
    for index, probe in enumerate(seen):
        if probe.verdict == "local_error":
            found.append([])
            continue
        before = seen[index - 1] if index else None
        cut = (
            before is None
            or before.verdict == "local_error"
            or probe.start > before.start + story.interval + story.grace
            or any(before.start < dark.start <= probe.start for dark in story.darks)
        )
        if cut or not found:
            found.append([])
        found[-1].append(index)
    return [stretch for stretch in found if stretch]


def _runs(story: Story, seen: list[Probe], stretch: list[int]) -> list[tuple[bool, list[int]]]:
    """Maximal sequences of one class: (is it of failures, indices)."""
    runs: list[tuple[bool, list[int]]] = []
    for index in stretch:
        failed = seen[index].verdict == "failed"
        if runs and runs[-1][0] == failed:
            runs[-1][1].append(index)
        else:
            runs.append((failed, [index]))
    return runs


def _class_at(story: Story, seen: list[Probe], index: int) -> str:
    """The word that holds from this probe on, while something vouches for it."""
    if seen[index].verdict == "local_error":
        return "local_error"
    stretch = next(stretch for stretch in _stretches(story, seen) if index in stretch)
    word = "not_yet"
    for failed, members in _runs(story, seen, stretch):
        if members[0] > index:
            break
        reached = len(members) >= (story.fail_after if failed else story.recover_after)
        if failed and reached:
            word = "down"
        elif not failed and (reached or word in {"up", "degraded"}):
            newest = max(member for member in members if member <= index)
            word = "up" if seen[newest].verdict == "ok" else "degraded"
    return word


def soft_failures(story: Story) -> list[tuple[int, int]]:
    """(first start, failures) of every run of failures that ended without DOWN, failures while DOWN left out."""
    seen = evidence(story)
    found = []
    for stretch in _stretches(story, seen):
        for failed, members in _runs(story, seen, stretch):
            if not failed or len(members) >= story.fail_after:
                continue
            before = members[0] - 1
            if before in stretch and _class_at(story, seen, before) == "down":
                continue
            found.append((seen[members[0]].start, len(members)))
    return found
