"""Stories for `promtool test rules`: what the agent shows, step by step, and which alerts fire when."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dashboards.build import documents
from dashboards.generated_files import as_yaml
from dashboards.settings import BuildSettings

STEP = 15
JOB = {"job": "sansang", "instance": "a:1"}
Spans = tuple[tuple[object, int], ...]
"""(value, steps) one after the other; "_" is no sample, "stale" the mark of a scrape that failed."""


def spans(*parts: tuple[object, int]) -> str:
    """As promtool reads it."""
    return " ".join(str(value) for value, steps in parts for _ in range(steps))


def counted(*parts: tuple[object, int]) -> str:
    """A counter as promtool reads it: (seconds per step, steps); after a word as in Spans it begins at 0 again."""
    texts, total = [], 0.0
    for each, steps in parts:
        if isinstance(each, str):
            texts.append(f"{each}x{steps}" if each == "_" else each)
            total = 0.0
        else:
            texts.append(f"{total:g}+{each}x{steps - 1}" if steps > 1 else f"{total:g}")
            total += float(str(each)) * steps
    return " ".join(texts)


def series(name: str, values: str, /, **labels: str) -> dict[str, str]:
    """One input series of the agent's scrape job."""
    text = ",".join(f'{key}="{value}"' for key, value in (JOB | labels).items())
    return {"series": f"{name}{{{text}}}", "values": values}


ANY_HOUR = BuildSettings(warnings_wait=False)
"""A story begins on 1 January 1970 at 07:00 in Viet Nam, when the office is closed."""


@dataclass
class Story:
    """Series and expectations. steps of step seconds: how long it lasts, scraped and judged at each."""

    steps: int
    settings: BuildSettings = ANY_HOUR
    step: int = STEP
    series: list[dict[str, str]] = field(default_factory=list)
    tests: list[dict[str, Any]] = field(default_factory=list)
    full: list[dict[str, Any]] = field(default_factory=list)

    def agent(self, *up: tuple[object, int]) -> Story:
        """Whether scrapes come back."""
        self.series.append(series("up", spans(*(up or ((1, self.steps),)))))
        return self

    def target(self, name: str, role: str, known: Spans | None = None, **also: Spans) -> Story:
        """What is shown of a target: last_known_up, and maintenance, passing, upstream (0 where nothing is said)."""
        calm: Spans = ((0, self.steps),)
        site = name.partition("/")[0]
        shown = {
            "sansang_target_last_known_up": known or ((1, self.steps),),
            "sansang_target_in_maintenance": also.get("maintenance", calm),
            "sansang_target_silent_but_passing": also.get("passing", calm),
            "sansang_target_upstream_down": also.get("upstream", calm),
        }
        for metric, parts in shown.items():
            self.series.append(series(metric, spans(*parts), role=role, site=site, target=name))
        return self

    def shows(self, metric: str, parts: Spans, /, **labels: str) -> Story:
        """Any other series."""
        self.series.append(series(metric, spans(*parts), **labels))
        return self

    def counts(self, metric: str, parts: Spans, /, **labels: str) -> Story:
        """A counter: what it gains each step."""
        self.series.append(series(metric, counted(*parts), **labels))
        return self

    def firing(self, alert: str, *counts: tuple[int, int]) -> Story:
        """(step, how many fire then)."""
        return self.value(f'count(ALERTS{{alertname="{alert}", alertstate="firing"}}) or vector(0)', *counts)

    def value(self, expr: str, *values: tuple[int, float]) -> Story:
        """(step, what an expression without labels gives then)."""
        for step, value in values:
            samples = [{"labels": "{}", "value": value}]
            self.tests.append({"expr": expr, "eval_time": f"{step * self.step}s", "exp_samples": samples})
        return self

    def says(self, alert: str, step: int, labels: dict[str, str], annotations: dict[str, str]) -> Story:
        """The alert that fires then, word for word."""
        found = {"exp_labels": JOB | labels, "exp_annotations": annotations}
        self.full.append({"eval_time": f"{step * self.step}s", "alertname": alert, "exp_alerts": [found]})
        return self

    def check(self, folder: Path, language: str = "vi") -> None:
        """Run promtool over it; what differs is its output."""
        for path, text in documents(self.settings, "rules").items():
            if f"/{language}/" in path:
                (folder / Path(path).name).write_text(text, encoding="utf-8")
        test = {
            "interval": f"{self.step}s",
            "input_series": self.series,
            "alert_rule_test": self.full,
            "promql_expr_test": self.tests,
        }
        files = ["recording.yml", "alerts.yml"]
        document = {"rule_files": files, "evaluation_interval": f"{self.step}s", "tests": [test]}
        (folder / "test.yml").write_text(as_yaml(document), encoding="utf-8")
        done = subprocess.run(
            ["promtool", "test", "rules", "test.yml"],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=170,
            check=False,
        )
        assert (done.returncode, done.stdout + done.stderr) == (0, "Unit Testing:  test.yml\n  SUCCESS\n\n")
