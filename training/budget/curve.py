"""How recall grows with labels: a head on a frozen encoder, texts drawn at random or suggested."""

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from training.budget.choose import Standing, choose
from training.budget.head import Head, Space, fit_head
from training.files import write_whole
from training.metrics import BoolArray, FloatArray, recall_at_false_alarms

logger = logging.getLogger(__name__)

Strategy = Literal["random", "suggest"]
STRATEGIES: Final[tuple[Strategy, ...]] = ("random", "suggest")
TARGET_RECALL: Final = 0.8
FALSE_ALARMS: Final = 0.01
SEEDS: Final = (1, 2, 3, 4, 5)
TEST_SHARE: Final = 0.3
FIRST: Final = 10
"""Labels of the first batch; later ones are an eighth of what is labelled, at least as many."""
_GROWTH: Final = 8


@dataclass(frozen=True, slots=True)
class Scheme:
    """One kind of scam whose labels are to be spent.

    Attributes:
        name: of the scheme.
        keys: (n,) of the texts.
        truth: (n,) whether the label holds.
        languages: (n,).
        groups: (n,) near duplicates; a group is never divided between pool and test.
        vectors: (n, width) what the encoder says.
        guess: (n,) what the artefact makes of it before any label is known.
    """

    name: str
    keys: Sequence[str]
    truth: BoolArray
    languages: Sequence[str]
    groups: npt.NDArray[np.int64]
    vectors: FloatArray
    guess: FloatArray


@dataclass(frozen=True, slots=True)
class Curve:
    """What one run of one strategy came to.

    Attributes:
        scheme, strategy, seed: which run.
        pool, test, test_positives: how many texts; of the test one of each group and class.
        labels: how many were labelled after each batch.
        positives: how many of those were positive.
        recall: on the test, at 1 % false alarms; 0 while a class has no example.
        chosen: keys of the texts, in the order they were labelled.
    """

    scheme: str
    strategy: Strategy
    seed: int
    pool: int
    test: int
    test_positives: int
    labels: tuple[int, ...]
    positives: tuple[int, ...]
    recall: tuple[float, ...]
    chosen: tuple[str, ...]

    def needed(self, target: float = TARGET_RECALL) -> float | None:
        """Return how many labels it took to reach a recall and to keep it with the next batch, or None.

        Between two batches recall is taken to grow evenly.
        """
        points = [(0, 0.0), *zip(self.labels, self.recall, strict=True)]
        for index, ((before, low), (after, high)) in enumerate(pairwise(points)):
            kept = self.recall[index + 1] >= target if index + 1 < len(self.recall) else True
            if high >= target and kept:
                return before + (after - before) * (target - low) / (high - low)
        return None


def split(scheme: Scheme, seed: int) -> tuple[BoolArray, BoolArray]:
    """Return (n,) which texts are the pool and which the test, of that one of each group and class."""
    names = np.unique(scheme.groups)
    drawn = np.random.default_rng(seed).permutation(names)[: round(TEST_SHARE * len(names))]
    apart = np.isin(scheme.groups, drawn)
    _, first = np.unique(np.column_stack([scheme.groups, scheme.truth]), axis=0, return_index=True)
    distinct = np.zeros(len(apart), dtype=bool)
    distinct[first] = True
    return ~apart, apart & distinct


def run_curve(scheme: Scheme, strategy: Strategy, seed: int, *, most: int) -> Curve:
    """Label a pool batch by batch and return how recall on the test grows.

    Args:
        scheme: texts and what is true of them; a label that is asked for is always told rightly.
        strategy: how texts are chosen. Both begin with nothing labelled.
        seed: of split, draws and clusters; the split is the same for both strategies.
        most: labels to spend, at most; never more than the pool holds.
    """
    in_pool, in_test = split(scheme, seed)
    pool, test = np.flatnonzero(in_pool), np.flatnonzero(in_test)
    space = Space.of(scheme.vectors[pool])
    placed, seen = space.place(scheme.vectors[pool]), space.place(scheme.vectors[test])
    order = np.random.default_rng([seed, 1]).permutation(len(pool))
    labelled: list[int] = []
    points: list[tuple[int, int, float]] = []
    for count in batches(min(most, len(pool))):
        if strategy == "random":
            labelled += order[len(labelled) : len(labelled) + count].tolist()
        else:
            labelled += _suggested(scheme, pool, placed, labelled, (count, seed))
        truth = scheme.truth[pool[labelled]]
        head = fit_head(placed[labelled], truth)
        points.append((len(labelled), int(truth.sum()), _recall(head, seen, scheme.truth[test])))
    return Curve(
        scheme.name,
        strategy,
        seed,
        len(pool),
        len(test),
        int(scheme.truth[test].sum()),
        tuple(labels for labels, _, _ in points),
        tuple(positives for _, positives, _ in points),
        tuple(recall for _, _, recall in points),
        tuple(scheme.keys[row] for row in pool[labelled]),
    )


def batches(most: int) -> Iterator[int]:
    """Yield how many texts are labelled at a time, until `most` are."""
    done = 0
    while done < most:
        count = min(max(FIRST, done // _GROWTH), most - done)
        done += count
        yield count


def _recall(head: Head | None, placed: FloatArray, truth: BoolArray) -> float:
    if head is None:
        return 0.0
    return round(recall_at_false_alarms(truth, head.logits(placed), FALSE_ALARMS), 5)


def _suggested(
    scheme: Scheme,
    pool: npt.NDArray[np.int64],
    placed: FloatArray,
    labelled: Sequence[int],
    asked: tuple[int, int],
) -> list[int]:
    """Return rows of the pool to label next; where every group has been looked at, of any.

    Args:
        scheme: whose texts.
        pool: (n_pool,) their rows.
        placed: (n_pool, width) vectors.
        labelled: rows of the pool.
        asked: how many, and the seed.
    """
    count, seed = asked
    known = list(labelled)
    truth = scheme.truth[pool[known]]
    head = fit_head(placed[known], truth, calibrated=True)
    proba = scheme.guess[pool] if head is None else head.proba(placed)
    groups = scheme.groups[pool]
    free = np.flatnonzero(~np.isin(groups, groups[known]))
    chosen = choose(
        count,
        placed[free],
        [Standing(scheme.name, proba[free], int(truth.sum()))],
        [scheme.languages[row] for row in pool[free]],
        groups[free].tolist(),
        seed=seed,
    )
    rows = [int(free[one.row]) for one in chosen]
    taken = {*known, *rows}
    rest = [row for row in np.argsort(-proba, kind="stable").tolist() if row not in taken]
    return rows + rest[: count - len(rows)]


def run_curves(
    schemes: Sequence[Scheme], folder: Path, *, seeds: Sequence[int] = SEEDS, most: int
) -> list[Curve]:
    """Return the curves of all schemes, strategies and seeds; one that `folder` holds is not run again."""
    folder.mkdir(parents=True, exist_ok=True)
    curves = []
    for scheme in schemes:
        for seed in seeds:
            for strategy in STRATEGIES:
                path = folder / f"{scheme.name}-{strategy}-{seed}-{most}.json"
                if path.is_file():
                    curves.append(_read(path))
                    continue
                curve = run_curve(scheme, strategy, seed, most=most)
                write_whole(path, json.dumps(asdict(curve)))
                logger.info("%s, %s, seed %d: %s labels", scheme.name, strategy, seed, curve.needed())
                curves.append(curve)
    return curves


def _read(path: Path) -> Curve:
    stored = json.loads(path.read_text(encoding="utf-8"))
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()
    }
    return Curve(**fields)
