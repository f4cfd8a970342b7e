"""Which texts an epoch reads: so many of each source, spread over its languages, positive and benign."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from models.errors import RecipeError


def epoch_sample(
    sources: Sequence[str],
    strata: Sequence[str],
    texts_per_epoch: Mapping[str, int],
    rng: np.random.Generator,
) -> list[int]:
    """Return indices of one epoch in random order.

    Args:
        sources: (n_texts,) source of each text.
        strata: (n_texts,) anything to spread over within a source, e.g. "th+": each stratum's share goes with
            the square root of its size, so that small ones are read more often than their size says.
        texts_per_epoch: source -> texts; a source not named is not read.
        rng: decides everything.

    Raises:
        RecipeError: a named source has no text.
    """
    cells: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for index, (source, stratum) in enumerate(zip(sources, strata, strict=True)):
        cells[source][stratum].append(index)
    chosen: list[int] = []
    for source, count in sorted(texts_per_epoch.items()):
        if count and source not in cells:
            raise RecipeError(f"texts_per_epoch names {source!r}, which has no training text")
        of_source = [members for _, members in sorted(cells[source].items())]
        edges = np.cumsum([0.0, *np.sqrt([len(members) for members in of_source])])
        edges = np.round(edges / max(edges[-1], 1e-9) * count).astype(int)
        for members, start, end in zip(of_source, edges, edges[1:], strict=False):
            chosen.extend(_take(members, int(end - start), rng))
    rng.shuffle(chosen)
    return chosen


def _take(members: Sequence[int], count: int, rng: np.random.Generator) -> list[int]:
    """Return `count` members, each used once before any is used again."""
    taken: list[int] = []
    while len(taken) < count:
        taken.extend(rng.permutation(members)[: count - len(taken)].tolist())
    return taken
