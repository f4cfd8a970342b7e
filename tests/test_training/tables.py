"""Small tables of the corpus for tests."""

from collections.abc import Sequence

import numpy as np

from models.taxonomy import LABELS
from training.table import Table


def table(
    texts: Sequence[str],
    labels: Sequence[set[str]] | None = None,
    languages: Sequence[str] | None = None,
    *,
    near: Sequence[int] | None = None,
) -> Table:
    """Return texts of one set with exact labels (none unless given) and languages (English unless given)."""
    n = len(texts)
    truth = np.zeros((n, len(LABELS)), dtype=np.float32)
    for row, codes in enumerate(labels or [set()] * n):
        truth[row, [LABELS.index(code) for code in codes]] = 1

    def column(values: Sequence[str]) -> np.ndarray:
        return np.array(list(values), dtype=object)

    spans = np.empty(n, dtype=object)
    spans[:] = [()] * n
    return Table(
        text=column(texts),
        labels=truth,
        mask=np.ones_like(truth),
        any_of=np.zeros_like(truth),
        role=column(["ordinary"] * n),
        language=column(languages or ["en"] * n),
        source=column(["set"] * n),
        split=column(["test"] * n),
        group=np.arange(n),
        near=np.array(near if near is not None else range(n)),
        eval_only=np.zeros(n, dtype=bool),
        leaked=np.zeros(n, dtype=bool),
        key=column([f"{row}" for row in range(n)]),
        pair=column([""] * n),
        scheme=column(["plain"] * n),
        spans=spans,
    )
