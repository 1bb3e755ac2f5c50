"""PromQL from the metric catalogue: the only place that spells a selector, so that a renamed metric fails the build."""

from __future__ import annotations

from exporters.catalog import LATENESS, METRICS

_SAMPLES = {metric.sample: metric for metric in METRICS} | {
    f"{LATENESS.name}{end}": LATENESS for end in ("_bucket", "_sum", "_count")
}


def select(sample: str, *matchers: str) -> str:
    """``sample{matchers}``; matchers as PromQL writes them: ``role="conference"``, ``site=~"$site"``.

    Raises KeyError for a sample that the catalogue does not have, ValueError for a label that it does not carry.
    """
    metric = _SAMPLES[sample]
    known = {*metric.labels, "le", "job", "instance"}
    for matcher in matchers:
        label = matcher.split("=", 1)[0].rstrip("!~")
        if label not in known:
            raise ValueError(f"{sample} has no label {label!r}, it has {', '.join(metric.labels)}")
    return f"{sample}{{{', '.join(matchers)}}}" if matchers else sample
