"""The corpus as arrays: what training, calibration and evaluation index by row."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from datasets import Dataset

from models.taxonomy import LABELS
from training.example import HELD, MarkedSpan
from training.split import SPLITS

FloatArray = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of the corpus.

    Attributes:
        labels: (n, n_labels) float32 in [0, 1], between the two where people differ.
        mask, any_of: (n, n_labels) float32 of 0 and 1.
        text, role, language, source, split, key, pair, scheme: (n,) str.
        group: (n,) int64, what was split as one.
        near: (n,) int64, near duplicates.
        eval_only, leaked: (n,) bool.
        spans: (n,) tuples of `MarkedSpan`.
    """

    text: npt.NDArray[np.object_]
    labels: FloatArray
    mask: FloatArray
    any_of: FloatArray
    role: npt.NDArray[np.object_]
    language: npt.NDArray[np.object_]
    source: npt.NDArray[np.object_]
    split: npt.NDArray[np.object_]
    group: npt.NDArray[np.int64]
    near: npt.NDArray[np.int64]
    eval_only: BoolArray
    leaked: BoolArray
    key: npt.NDArray[np.object_]
    pair: npt.NDArray[np.object_]
    scheme: npt.NDArray[np.object_]
    spans: npt.NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.text)

    @property
    def held(self) -> BoolArray:
        """(n, n_labels) labels that count as holding: at least half of who was asked say so."""
        return np.asarray(self.labels >= HELD)

    @property
    def positive(self) -> BoolArray:
        """(n,) texts on which some label holds, known exactly or not."""
        return np.asarray(self.held.any(1) | (self.any_of.max(1) > 0))

    @property
    def benign(self) -> BoolArray:
        """(n,) texts of which every label is known not to hold: nobody says that one does."""
        nothing_said = (self.labels.max(1) == 0) & (self.any_of.max(1) == 0)
        return np.asarray(nothing_said & (self.mask.min(1) > 0))

    def where(self, rows: BoolArray | npt.NDArray[np.int64]) -> "Table":
        """Return the chosen rows."""
        return Table(**{name: getattr(self, name)[rows] for name in self.__slots__})

    def distinct(self) -> "Table":
        """Return one row per source, near-duplicate group and kind (positive or not): the first.

        A minimal pair is one group of two kinds, so both of its members stay.
        """
        kinds = zip(self.near, self.source, self.positive, strict=True)
        _, first = np.unique(
            [f"{near}/{source}/{positive}" for near, source, positive in kinds], return_index=True
        )
        return self.where(np.sort(first))

    def at_most(self, n: int, seed: int = 0) -> "Table":
        """Return `n` rows drawn without replacement, in order; all if there are fewer."""
        if len(self) <= n:
            return self
        return self.where(np.sort(np.random.default_rng(seed).choice(len(self), n, replace=False)))

    def at_most_per_source(self, n: int) -> "Table":
        """Return at most `n` rows of each source drawn without replacement, in order; always the same."""
        rng = np.random.default_rng(0)
        kept = np.zeros(len(self), dtype=bool)
        for source in sorted(set(self.source)):
            kept[rng.permutation(np.flatnonzero(self.source == source))[:n]] = True
        return self.where(kept)


def as_table(corpus: Dataset) -> Table:
    """Return a corpus as arrays."""
    columns = corpus.with_format("numpy")

    def matrix(name: str) -> FloatArray:
        return np.asarray(columns[name][:], dtype=np.float32).reshape(-1, len(LABELS))

    def strings(name: str) -> npt.NDArray[np.object_]:
        return np.array(corpus[name][:], dtype=object)

    return Table(
        text=strings("text"),
        labels=matrix("labels"),
        mask=matrix("mask"),
        any_of=matrix("any_of"),
        role=strings("role"),
        language=strings("language"),
        source=strings("source"),
        split=strings("split"),
        group=np.asarray(columns["group"][:], dtype=np.int64),
        near=np.asarray(columns["near"][:], dtype=np.int64),
        eval_only=np.asarray(columns["eval_only"][:], dtype=bool),
        leaked=np.asarray(columns["leaked"][:], dtype=bool),
        key=strings("key"),
        pair=strings("pair"),
        scheme=strings("scheme"),
        spans=_spans(corpus["spans"][:]),
    )


def _spans(rows: list[list[dict[str, Any]]]) -> npt.NDArray[np.object_]:
    spans = np.empty(len(rows), dtype=object)
    spans[:] = [tuple(MarkedSpan(**span) for span in row) for row in rows]
    return spans


def count_table(table: Table) -> str:
    """Return a Markdown table of texts by source and language: splits, positives, groups, leaked."""
    lines = [
        "| source | language | train | tune | certify | test | positive | groups | leaked |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    cells = sorted(
        {(str(source), str(language)) for source, language in zip(table.source, table.language, strict=True)}
    )
    for source, language in cells:
        part = table.where((table.source == source) & (table.language == language))
        splits = [int((part.split == split).sum()) for split in SPLITS]
        numbers = [*splits, int(part.positive.sum()), len(np.unique(part.group)), int(part.leaked.sum())]
        lines.append(f"| {source} | {language} | " + " | ".join(f"{number:,}" for number in numbers) + " |")
    return "\n".join(lines) + "\n"
