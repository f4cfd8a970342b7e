"""Thresholds of the token heads, fitted on the marked texts of `tune`: when a span counts, how sure it is."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from sklearn.linear_model import LogisticRegression

from models.artifact import load_artifact
from models.encoded import FloatArray
from models.encoder import Encoder
from models.entities.entity import Context, Entity
from models.entities.pipeline import find_entities, settle
from models.findings import named_by_model
from models.taxonomy import ENTITY_TYPES, INDICATORS
from models.text import NormalizedText, normalize
from models.tokens import Tokens, entity_spans, indicator_spans, tokens_of
from training.export import write_manifest
from training.sources import authored
from training.table import Table

PROBABILITIES: Final = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
LOGITS: Final = tuple(float(value) for value in np.arange(-4.0, 3.1, 0.5))
LEAST_SPANS: Final = 30
"""With fewer marked spans of an indicator, its threshold is the one best for all."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Marked:
    """One text, what the token heads say of it and what is marked in it, all in its normal form.

    Attributes:
        spans: (kind, code) -> marked spans.
        complete: entity types of which every mention is marked.
    """

    text: NormalizedText
    language: str
    tokens: Tokens
    spans: Mapping[tuple[str, str], Sequence[Span]]
    complete: Set[str]


def calibrate_tokens(artifact_folder: Path, tune: Table) -> None:
    """Fit the thresholds of the token heads on marked `tune` texts and write them into the manifest."""
    artifact = load_artifact(artifact_folder)
    texts = read_marked(Encoder(artifact), tune)
    manifest = dict(artifact.manifest)
    manifest["tokens"] = {"entities": fit_entities(texts), "indicators": fit_indicators(texts)}
    write_manifest(artifact_folder, manifest)


def read_marked(encoder: Encoder, table: Table) -> list[Marked]:
    """Return written texts as the token heads read them, marks moved to their normal form."""
    normal = [normalize(text) for text in table.text]
    encoded = encoder.encode([text.text for text in normal])
    found = []
    for row, (text, one) in enumerate(zip(normal, encoded, strict=True)):
        spans: dict[tuple[str, str], list[Span]] = {}
        for span in table.spans[row]:
            moved = _in_normal_form(text, span.start, span.end)
            if moved[0] < moved[1]:
                spans.setdefault((span.kind, span.code), []).append(moved)
        complete = authored.complete_types(str(table.key[row]))
        found.append(Marked(text, str(table.language[row]), tokens_of(one), spans, complete))
    return found


def _in_normal_form(text: NormalizedText, start: int, end: int) -> Span:
    """Return the `[start, end)` of the normal form that covers a span of the original."""
    return int(np.searchsorted(text.ends, start, "right")), int(np.searchsorted(text.starts, end, "left"))


def fit_entities(texts: Sequence[Marked]) -> dict[str, float]:
    """Return type -> least probability at which adding what the head finds helps most, if it helps.

    A type is judged by the texts in which every mention of it is marked.
    """
    by_rule = [find_entities(one.text.text, Context(one.language)) for one in texts]
    by_head = [entity_spans(one.text.text, one.tokens) for one in texts]
    chosen = {}
    for code in ENTITY_TYPES:
        best, threshold = overlap_f1(by_rule, texts, code), None
        for least in PROBABILITIES:
            merged = []
            for rules, spans in zip(by_rule, by_head, strict=True):
                named = named_by_model(spans, {code: least})
                merged.append(settle([*rules, *named]) if named else rules)
            if (score := overlap_f1(merged, texts, code)) > best:
                best, threshold = score, least
        if threshold is not None:
            chosen[code] = threshold
    return chosen


def overlap_f1(found: Sequence[Sequence[Entity]], texts: Sequence[Marked], code: str) -> float:
    """Return the F1 of one entity type, a span being right where it meets a marked one."""
    counts = np.zeros(3, dtype=np.int64)
    for entities, one in zip(found, texts, strict=True):
        if code not in one.complete:
            continue
        ours = [(entity.start, entity.end) for entity in entities if entity.type == code]
        counts += matches(ours, one.spans.get(("entity", code), ()))
    return f1(counts)


def matches(found: Sequence[Span], marked: Sequence[Span]) -> tuple[int, int, int]:
    """Return how many spans meet one of the other side, how many were found, how many are marked.

    Every span meets at most one other.
    """
    free = list(marked)
    met = 0
    for start, end in found:
        for other in free:
            if start < other[1] and other[0] < end:
                free.remove(other)
                met += 1
                break
    return met, len(found), len(marked)


def f1(counts: Sequence[int] | np.ndarray) -> float:
    """Return the F1 of (met, found, marked)."""
    met, found, marked = (int(count) for count in counts)
    return 2 * met / (found + marked) if found + marked else 0.0


def fit_indicators(texts: Sequence[Marked]) -> dict[str, dict[str, Any]]:
    """Return indicator -> logit threshold of its spans, and scale and bias of their probability."""
    counts = {code: np.array([_counts_at(texts, code, logit) for logit in LOGITS]) for code in INDICATORS}
    pooled = LOGITS[int(np.argmax([f1(row) for row in np.sum(list(counts.values()), axis=0)]))]
    fitted = {}
    for code in INDICATORS:
        marked = counts[code][0, 2]
        threshold = pooled
        if marked >= LEAST_SPANS:
            threshold = LOGITS[int(np.argmax([f1(row) for row in counts[code]]))]
        scale, bias = _platt(texts, code)
        fitted[code] = {"threshold": threshold, "scale": round(scale, 4), "bias": round(bias, 4)}
    return fitted


def _counts_at(texts: Sequence[Marked], code: str, logit: float) -> tuple[int, int, int]:
    """Return (met, found, marked) of one indicator at one threshold."""
    column = INDICATORS.index(code)
    thresholds = np.full(len(INDICATORS), np.inf, dtype=np.float32)
    thresholds[column] = logit
    counts = np.zeros(3, dtype=np.int64)
    for one in texts:
        found = []
        if len(one.tokens.spans) and one.tokens.indicator_logits[:, column].max() >= logit:
            found = [
                (span.start, span.end) for span in indicator_spans(one.text.text, one.tokens, thresholds)
            ]
        counts += matches(found, one.spans.get(("indicator", code), ()))
    return int(counts[0]), int(counts[1]), int(counts[2])


def _platt(texts: Sequence[Marked], code: str) -> tuple[float, float]:
    """Return what makes a text's highest logit the log-odds that it shows an indicator (Platt 1999)."""
    column = INDICATORS.index(code)
    known = [one for one in texts if len(one.tokens.spans)]
    highest: FloatArray = np.array([one.tokens.indicator_logits[:, column].max() for one in known])
    shown = np.array([("indicator", code) in one.spans for one in known])
    if not 0 < shown.sum() < len(shown):
        return 1.0, 0.0
    model = LogisticRegression(C=100.0).fit(highest[:, None], shown)
    return float(model.coef_[0, 0]), float(model.intercept_[0])
