"""What the gate of an artefact answers in sources it has never seen, rules of use and all."""

from dataclasses import dataclass

import numpy as np

from models.artifact import Artifact
from models.cascade import Cascade
from models.errors import TrainingDataError
from models.gate import Gate
from models.screening import Document
from models.text import normalize
from training.markdown import share, table
from training.metrics import Share
from training.table import BoolArray, Table

MOST_TEXTS = 500
"""Of each source and kind."""


@dataclass(frozen=True, slots=True)
class Answered:
    """How many texts of a source the gate answers for, of those with a label and of those without any."""

    source: str
    positives: Share
    benign: Share


def answered_by_source(artifact: Artifact, rows: Table) -> list[Answered]:
    """Return what the gate answers, source by source, near duplicates counted once.

    Raises:
        TrainingDataError: the artefact has no gate.
    """
    if artifact.gate is None:
        raise TrainingDataError("the artefact has no gate: `scamscreen-train gate` fits one")
    return [
        Answered(
            str(source),
            _answered(artifact, artifact.gate, of_source, of_source.positive),
            _answered(artifact, artifact.gate, of_source, of_source.benign),
        )
        for source in sorted(set(rows.source))
        if len(of_source := rows.where(rows.source == source).distinct())
    ]


def _answered(artifact: Artifact, gate: Gate, rows: Table, wanted: BoolArray) -> Share:
    texts = list(rows.where(wanted).at_most(MOST_TEXTS).text)
    documents = [Document(str(index), text) for index, text in enumerate(texts)]
    answers = Cascade(artifact, gate).answers(documents, [normalize(text) for text in texts], "balanced")
    hits = np.array([answer is not None for answer in answers], dtype=bool)
    return Share.of(hits, np.ones(len(hits), dtype=bool))


def gate_markdown(found: list[Answered]) -> str:
    """Return the report as a Markdown table."""
    shown = [(one.source, share(one.positives.to_dict()), share(one.benign.to_dict())) for one in found]
    return table(("source", "positives answered", "benign answered"), shown)
