"""The texts or records of one period, as drift reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from models.artifact import Artifact
from models.errors import TrainingDataError
from models.taxonomy import LABELS, ROLES
from training.budget.pool import read_pool
from training.flags import flagged
from training.metrics import BoolArray, FloatArray
from training.predict import predict
from training.sources.tables import read_json_lines

LEAST_TEXTS: Final = 50
MOST_TEXTS: Final = 20_000
"""Of a longer period so many are drawn: more would not make the answer surer, only later."""


@dataclass(frozen=True, slots=True)
class Period:
    """What was seen of the texts of one period.

    Attributes:
        languages, roles: (n,).
        proba: (n, n_labels) float32, calibrated.
        flags: (n, n_labels) bool, `flags` and `context_labels` alike.
        texts: (n,), or None where only records are there.
    """

    languages: Sequence[str]
    roles: Sequence[str]
    proba: FloatArray
    flags: BoolArray
    texts: Sequence[str] | None

    def __len__(self) -> int:
        return len(self.languages)


def read_period(path: Path, artifact: Artifact, cache: Path) -> Period:
    """Return a period from a file of records or of texts; texts are screened with the artefact first.

    Args:
        path: JSONL of records (`scamscreen screen`, an export of the console), or whatever `read_pool` reads.
        artifact: screens texts at `balanced`; of records nothing is computed again.
        cache: of scores.

    Raises:
        TrainingDataError: the file cannot be read, or holds too little.
    """
    period = _of_records(path) if _holds_records(path) else _of_texts(path, artifact, cache)
    if len(period) < LEAST_TEXTS:
        raise TrainingDataError(
            f"{path.name}: expected {LEAST_TEXTS} texts or records at least, found {len(period)}: "
            "fewer tell nothing"
        )
    return period


def _holds_records(path: Path) -> bool:
    if path.suffix.lower() != ".jsonl" or not path.is_file():
        return False
    first = next(iter(read_json_lines(path, ())), {})
    return (isinstance(first.get("labels"), Mapping) and "flags" in first) or "error" in first


def _of_records(path: Path) -> Period:
    records = [row for row in read_json_lines(path, ()) if "error" not in row]
    records = [records[at] for at in _some(len(records))]
    for number, record in enumerate(records, start=1):
        if not _is_record(record):
            raise TrainingDataError(f"{path.name}, record {number}: expected a screening record of schema 1")
    flagged_codes = [{*record["flags"], *record.get("context_labels", ())} for record in records]
    with_text = all(isinstance(record.get("text"), str) for record in records)
    return Period(
        [str(record["language"]) for record in records],
        [str(record["role"]) for record in records],
        np.array([[record["labels"][code] for code in LABELS] for record in records], dtype=np.float32),
        np.array([[code in codes for code in LABELS] for codes in flagged_codes], dtype=bool),
        [record["text"] for record in records] if with_text else None,
    )


def _is_record(record: Mapping[str, Any]) -> bool:
    labels = record.get("labels")
    return (
        isinstance(labels, Mapping)
        and set(LABELS) <= set(labels)
        and all(name in record for name in ("language", "role", "flags"))
    )


def _of_texts(path: Path, artifact: Artifact, cache: Path) -> Period:
    pool = read_pool(path)
    some = [pool[at] for at in _some(len(pool))]
    texts, languages = [one.text for one in some], [one.language for one in some]
    proba, roles = predict(artifact, texts, cache, name=path.name).proba(artifact)
    return Period(
        languages,
        [ROLES[at] for at in roles.argmax(1)],
        proba,
        flagged(proba, languages, artifact.calibration, "balanced"),
        texts,
    )


def _some(count: int) -> list[int]:
    """Return which of `count` rows are read: all, or some drawn, in order."""
    if count <= MOST_TEXTS:
        return list(range(count))
    return sorted(np.random.default_rng(0).choice(count, MOST_TEXTS, replace=False).tolist())
