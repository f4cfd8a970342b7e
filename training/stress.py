"""What is still found when a text is damaged, redacted or put in another script: the written test again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from models.artifact import Artifact
from training import noise
from training.flags import flagged, right_and_wrong
from training.metrics import macro_average_precision
from training.predict import predict
from training.table import Table
from training.written_test_report import ENOUGH

SEED: Final = 2027
Change = Callable[[str, str, np.random.Generator], str]
CHANGES: Final[Mapping[str, Change]] = {
    "URLs and digits masked": noise.masked,
    "camera (OCR) noise": noise.ocr,
    "speech-recogniser noise": noise.speech,
    "romanised": noise.romanised,
    "Zawgyi": noise.in_zawgyi,
    "Vietnamese without diacritics": noise.without_diacritics,
}
REDACTED: Final = "entities redacted"
_ENTITY: Final = "entity"


@dataclass(frozen=True, slots=True)
class _Variant:
    name: str
    texts: list[str]


def measure(rows: Table, artifact: Artifact, cache: Path) -> list[dict[str, Any]]:
    """Return, per change, what the texts it touches score before and after it, at `balanced`.

    Each entry holds n (texts touched), any_right_label and false_alarms, and macro_average_precision over the
    labels with 40 positives among them (None if there is none), each as [before, after].
    """
    variants = [
        _Variant(name, _changed(rows, change, np.random.default_rng(SEED)))
        for name, change in CHANGES.items()
    ]
    variants.append(_Variant(REDACTED, [redacted(rows, index) for index in range(len(rows))]))
    plain = predict(artifact, list(rows.text), cache, name="stress-none").proba(artifact)[0]
    entries = []
    for variant in variants:
        after = predict(artifact, variant.texts, cache, name=variant.name).proba(artifact)[0]
        touched = np.array([new != old for new, old in zip(variant.texts, rows.text, strict=True)])
        part = rows.where(touched)
        figures = [_figures(part, proba[touched], artifact) for proba in (plain, after)]
        entries.append(
            {
                "change": variant.name,
                "n": len(part),
                **{key: [figures[0][key], figures[1][key]] for key in figures[0]},
            }
        )
    return entries


def redacted(rows: Table, index: int) -> str:
    """Return a text with every marked entity replaced by its type in brackets, as a redacted copy has it."""
    text = str(rows.text[index])
    entities = sorted((span.start, span.end, span.code) for span in rows.spans[index] if span.kind == _ENTITY)
    parts, done = [], 0
    for start, end, code in entities:
        if start >= done:
            parts += [text[done:start], f"[{code}]"]
            done = end
    return "".join([*parts, text[done:]])


def _changed(rows: Table, change: Change, rng: np.random.Generator) -> list[str]:
    return [change(text, language, rng) for text, language in zip(rows.text, rows.language, strict=True)]


def _figures(rows: Table, proba: np.ndarray, artifact: Artifact) -> dict[str, Any]:
    flags = flagged(proba, rows.language.tolist(), artifact.calibration, "balanced")
    macro = macro_average_precision(rows.labels > 0, proba, ENOUGH)
    return {
        **right_and_wrong(rows, flags),
        "macro_average_precision": None if macro is None else round(macro, 4),
    }
