"""Which texts a run reads: of the sources that its recipe names, and of the sets that are added."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from training.corpus import load_corpus
from training.example import Source, Split
from training.left_out import LeftOut, without
from training.recipe import Recipe
from training.second_reading import both_readings, read_second_readings
from training.sources import OPEN, authored, present_sources
from training.table import Table, as_table
from training.texts import Marks, TrainingTexts, role_index


def corpus_of(
    recipe: Recipe,
    data_root: Path | None,
    cache: Path,
    *,
    added: Sequence[Source] = (),
    left_out: Sequence[LeftOut] = (),
) -> Table:
    """Return the texts of the sources a run reads, all splits."""
    root = data_root or Path()
    present = present_sources(data_root, OPEN)
    corpus = without(as_table(load_corpus(present, root, cache, added)), left_out, added)
    return corpus.where(np.isin(corpus.source, [*sources_of(recipe), *(source.name for source in added)]))


def written_of(table: Table) -> Table:
    """Return the written texts of a table, which alone have every mark, one of each near-duplicate group."""
    return table.where(table.source == authored.SOURCE.name).distinct()


def sources_of(recipe: Recipe) -> list[str]:
    """Return the sources a run reads: those its recipe names, and those that only certify."""
    named = [name for name, count in recipe.texts_per_epoch.items() if count]
    return named + [source.name for source in OPEN if not source.parts[0]]


def training_texts(table: Table, *, second_reading: float = 0.0, split: Split = "train") -> TrainingTexts:
    """Return the `train` rows of a corpus, or those of another split, as the fit reads them.

    Args:
        table: with all splits.
        second_reading: share of a written text's labels that its second reader decides.
        split: which rows.
    """
    rows = table.where(table.split == split)
    second = read_second_readings() if second_reading else {}
    again = [
        second.get(key) if source == authored.SOURCE.name else None
        for key, source in zip(rows.key, rows.source, strict=True)
    ]
    entity_types = {source.name: source.entity_types for source in OPEN}
    labels, roles = both_readings(rows.labels, list(rows.role), again, second_reading)
    return TrainingTexts(
        texts=list(rows.text),
        labels=torch.from_numpy(labels),
        mask=torch.from_numpy(rows.mask),
        any_of=torch.from_numpy(rows.any_of),
        roles=torch.tensor([role_index(role) for role in roles]),
        sources=list(rows.source),
        strata=[
            f"{language}{'+' if positive else '-'}"
            for language, positive in zip(rows.language, rows.positive, strict=True)
        ],
        languages=list(rows.language),
        pairs=list(rows.pair),
        marks=[
            Marks(spans, indicators=True, entity_types=authored.complete_types(key))
            if source == authored.SOURCE.name
            else Marks(spans, indicators=False, entity_types=entity_types.get(source, frozenset()))
            for spans, source, key in zip(rows.spans, rows.source, rows.key, strict=True)
        ],
    )
