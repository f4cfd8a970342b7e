"""Which texts an epoch reads, and in which batches; all of it follows from the seed and the epoch."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from models.encoder import token_budget_batches
from models.taxonomy import ROLES
from training.augment import Stock, Variation, augment, is_disguised
from training.reading import Reading, masked, read
from training.recipe import FitSection
from training.sample import epoch_sample
from training.texts import UNMARKED, TrainingTexts

_READING = 1  # what a generator is for, beside its seed and epoch


def epoch_counts(data: TrainingTexts, recipe: FitSection, texts_per_epoch: dict[str, int]) -> np.ndarray:
    """Return (n,) int64: how often a whole run reads each text, but for mined ones, which no baseline has."""
    counts = np.zeros(len(data.texts), dtype=np.int64)
    for epoch in range(recipe.epochs):
        np.add.at(counts, sample_of(data, recipe, texts_per_epoch, epoch), 1)
    return counts


def sample_of(
    data: TrainingTexts, recipe: FitSection, texts_per_epoch: dict[str, int], epoch: int
) -> list[int]:
    """Return the rows an epoch draws, in random order."""
    rng = np.random.default_rng([recipe.seed, epoch])
    return epoch_sample(data.sources, data.strata, texts_per_epoch, rng)


@dataclass(frozen=True, slots=True)
class Batch:
    """What one step reads.

    Attributes:
        rows: (n,) of the training texts.
        readings: (n,) how each is read this time.
    """

    rows: list[int]
    readings: list[Reading]

    def part(self, rank: int, count: int) -> "Batch":
        """Return the share of one of `count` processes; all of it where there is not one text for each."""
        if len(self.rows) < count:
            return self
        return Batch(self.rows[rank::count], self.readings[rank::count])


def epoch_batches(
    data: TrainingTexts,
    stock: Stock,
    tokenizer: Tokenizer,
    recipe: FitSection,
    rows: Sequence[int],
    *,
    epoch: int,
) -> list[Batch]:
    """Return the batches of one epoch: its texts varied, read, bucketed by length, shuffled."""
    rng = np.random.default_rng([recipe.seed, epoch, _READING])
    variation = Variation(
        swapped=recipe.swapped,
        shortened=recipe.shortened,
        truncated=recipe.truncated,
        disguised=recipe.disguised,
        romanised=recipe.romanised,
        padded=recipe.padded,
    )
    anywhere = data.benign | (data.roles == ROLES.index("victim_account"))
    drafts, marks = [], []
    for row in rows:
        varied = augment(
            data.texts[row],
            data.languages[row],
            data.marks[row].spans,
            in_pair=bool(data.pairs[row]),
            anywhere=bool(anywhere[row]),
            variation=variation,
            stock=stock,
            rng=rng,
        )
        drafts.append(masked(varied, urls=recipe.masked_urls, digits=recipe.masked_digits, rng=rng))
        marks.append(UNMARKED if is_disguised(varied) else data.marks[row])
    readings = read(drafts, marks, tokenizer, recipe.max_tokens, rng, hidden=recipe.hidden_tokens)
    buckets = list(token_budget_batches([len(one.ids) for one in readings], recipe.batch_tokens))
    rng.shuffle(buckets)
    return [Batch([rows[i] for i in bucket], [readings[i] for i in bucket]) for bucket in buckets]
