"""What stands behind a row of a score: papers, and the agent's own figures."""

from __future__ import annotations

from collections.abc import Iterator

from agent.scoring.evaluation import CriterionScore
from agent.scoring.explanations.sentences import Explanations
from agent.scoring.values import Origin, ValueStatus
from agent.text import Text

_MEASURED = Text("Số đo của bộ giám sát (gói bằng chứng)", "Measured by the agent (package of evidence)")


def proofs(words: Explanations, row: CriterionScore, language: str) -> Iterator[str]:
    """What papers there are, each once, and that the figure is in the package."""
    yield from words.documents(row)
    if any(value.source is Origin.MEASURED and value.status is ValueStatus.KNOWN for value in row.values):
        yield _MEASURED.to(language)
