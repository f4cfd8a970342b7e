"""What the gate of an artefact answers in sets it has never seen, rules of use and all."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.artifact import Artifact
from models.cascade import Cascade
from models.errors import TrainingDataError
from models.screening import Document
from models.text import normalize
from training.certify_gate import HARMED, MUST_NOT_PASS, has_label, read_texts
from training.markdown import share, table
from training.metrics import Share
from training.table import BoolArray, Table

MOST_TEXTS = 500
"""Of each source and kind; of the written test all."""


@dataclass(frozen=True, slots=True)
class Answered:
    """How many texts the gate answers for: of all, and of those whose length and language it may answer."""

    source: str
    kind: str
    of_all: Share
    of_fit: Share


def answered_by_source(artifact: Artifact, rows: Table) -> Iterator[Answered]:
    """Yield what the gate answers, source by source and kind by kind, near duplicates counted once.

    Raises:
        TrainingDataError: the artefact has no gate.
    """
    if artifact.gate is None:
        raise TrainingDataError("the artefact has no gate: `scamscreen-train gate` fits one")
    for source in sorted(set(rows.source)):
        of_source = rows.where(rows.source == source).distinct()
        kinds: dict[str, BoolArray] = {"any label": of_source.positive, "benign": of_source.benign}
        kinds |= {code: has_label(of_source, [code]) for code in MUST_NOT_PASS}
        kinds[HARMED] = np.asarray(of_source.role == HARMED)
        for kind, wanted in kinds.items():
            texts = of_source.where(wanted)
            if len(texts):
                some = texts if source == "written_test" else texts.at_most(MOST_TEXTS)
                yield _answered(artifact, str(source), kind, some)


def _answered(artifact: Artifact, source: str, kind: str, rows: Table) -> Answered:
    assert artifact.gate is not None  # noqa: S101 (for the type checker)
    ready = [normalize(text) for text in rows.text]
    documents = [Document(str(index), text) for index, text in enumerate(rows.text)]
    answers = Cascade(artifact, artifact.gate).answers(documents, ready, "balanced")
    hits = np.array([answer is not None for answer in answers], dtype=bool)
    read = read_texts(artifact.gate, rows)
    fit = read.fit & np.isin(read.language, [*artifact.gate.thresholds])
    return Answered(source, kind, Share.of(hits, np.ones(len(hits), dtype=bool)), Share.of(hits, fit))


def gate_markdown(found: list[Answered]) -> str:
    """Return the report as a Markdown table."""
    shown = [
        (one.source, one.kind, share(one.of_all.to_dict()), share(one.of_fit.to_dict())) for one in found
    ]
    return table(("source", "texts", "answered", "answered of those it may answer"), shown)
