"""Data that `--add` brings to a run: what they speak of, how often they are read, what watches the rest."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from models.artifact import Artifact
from models.errors import TrainingDataError
from models.taxonomy import LABELS
from training.calibrate import LEAST_POSITIVES
from training.example import Source
from training.predict import predict
from training.recipe import Recipe
from training.table import BoolArray, Table
from training.texts import Taught, TrainingTexts

logger = logging.getLogger(__name__)


def rows_of(table: Table, added: Sequence[Source]) -> BoolArray:
    """Return (n,) which texts are of added sets."""
    return np.isin(table.source, [source.name for source in added])


def spoken_of(table: Table, added: Sequence[Source]) -> frozenset[str]:
    """Return the labels that hold for some text of the added sets."""
    held = table.held[rows_of(table, added)]
    return frozenset(code for code, any_text in zip(LABELS, np.asarray(held.any(0)), strict=True) if any_text)


def check_added(table: Table, added: Sequence[Source]) -> None:
    """Check that every label the added sets speak of can be learnt from them.

    Raises:
        TrainingDataError: a set, or a label in it, has no text left to train on.
    """
    for source in added:
        rows = table.where(table.source == source.name)
        train, tune = (rows.where(rows.split == split) for split in ("train", "tune"))
        if not len(train):
            raise TrainingDataError(
                f"{source.name}: of its {len(rows):,} texts none is left to train on, after those that tune "
                "and test are set apart: bring more, or ones that resemble no text of a test set"
            )
        for code in sorted(spoken_of(rows, [source])):
            column = LABELS.index(code)
            holds, learnt, tuned = (int(some.held[:, column].sum()) for some in (rows, train, tune))
            if not learnt:
                raise TrainingDataError(
                    f"{source.name}: {code} holds for {holds:,} of its texts and for none that is left to "
                    "train on: bring more of them, 50 or better 500, or take the label out of the mapping"
                )
            if tuned < LEAST_POSITIVES:
                logger.warning(
                    "%s: %s holds for %d texts to tune by: its probability and threshold rest on little",
                    source.name,
                    code,
                    tuned,
                )


def texts_per_epoch(recipe: Recipe, table: Table, added: Sequence[Source]) -> dict[str, int]:
    """Return source -> texts of an epoch: the recipe's, and the added sets as its [added] says.

    Where something is added, sources of the recipe that are not at hand are left out.
    """
    if not added:
        return dict(recipe.texts_per_epoch)
    train = table.source[table.split == "train"]
    present = set(train)
    counts = {name: count for name, count in recipe.texts_per_epoch.items() if name in present}
    for source in added:
        texts = int((train == source.name).sum())
        counts[source.name] = min(recipe.added.repeats * texts, recipe.added.most_texts)
    return counts


def taught_by(
    artifact: Artifact,
    texts: TrainingTexts,
    drawn: npt.NDArray[np.bool_],
    *,
    free: frozenset[str],
    added: Sequence[Source],
    cache: Path,
) -> Taught:
    """Return what an artefact says of the texts that a run draws.

    Its word counts for every label that is not free to change; of an added text for those of them alone that
    nobody has said anything about.

    Args:
        artifact: that is trained further.
        texts: to learn from.
        drawn: (n,) whether the run reads them; nothing is asked about the others.
        free: labels that added data speak of, or that are new.
        added: sets.
        cache: folder of the artefact's scores.
    """
    rows = np.flatnonzero(drawn)
    told = predict(artifact, [texts.texts[row] for row in rows.tolist()], cache, name="what it said before")
    logits = torch.zeros_like(texts.labels)
    logits[rows] = torch.from_numpy(told.label_logits)
    kept = torch.tensor([code not in free for code in LABELS], dtype=torch.float32)
    weight = torch.zeros_like(texts.labels)
    weight[rows] = kept
    names = {source.name for source in added}
    own = torch.tensor([source in names for source in texts.sources])
    weight[own] *= 1 - texts.mask[own]
    return Taught(logits, weight)


def tune_rows(table: Table, recipe: Recipe, added: Sequence[Source]) -> tuple[Table, list[list[int]]]:
    """Return the `tune` texts that are scored after every epoch, and the parts whose mean the score is.

    Added texts are one part, all others together the other, drawn evenly from their sources. Without added
    texts every source is a part.
    """
    rows = table.where(table.split == "tune").distinct()
    names = {source.name for source in added}
    others = sorted(set(rows.source) - names)
    kept = rows_of(rows, added)
    rng = np.random.default_rng(recipe.fit.seed)
    for name in others:
        of_source = np.flatnonzero(rows.source == name)
        kept[rng.permutation(of_source)[: max(1, recipe.fit.tune_texts // len(others))]] = True
    drawn = rows.where(kept)
    parts: dict[str, list[int]] = defaultdict(list)
    for row, name in enumerate(drawn.source):
        parts["added" if name in names else "replay" if added else name].append(row)
    return drawn, list(parts.values())
