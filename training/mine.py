"""Hard negatives: benign texts the network, as it is now, is most wrong about (Shrivastava et al. 2016)."""

import logging
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from tokenizers import Tokenizer

from models.encoder import pad, token_budget_batches
from models.text.edits import Draft
from training.network import Network
from training.place import in_bf16
from training.reading import Reading, masked, read
from training.recipe import FitSection
from training.texts import UNMARKED, TrainingTexts

logger = logging.getLogger(__name__)
_MINING = 2  # what the generator is for, beside its seed and epoch
_POOL = 10  # of so many benign texts one is mined


def benign_not_drawn(
    data: TrainingTexts,
    drawn: Sequence[int],
    texts_per_epoch: Mapping[str, int],
    recipe: FitSection,
    epoch: int,
) -> list[int]:
    """Return rows to mine from: benign texts of the recipe's sources that an epoch did not draw."""
    rng = np.random.default_rng([recipe.seed, epoch, _MINING])
    named = np.array([bool(texts_per_epoch.get(source)) for source in data.sources])
    benign = data.benign.numpy() & named
    benign[list(drawn)] = False
    rows = rng.permutation(np.flatnonzero(benign))
    return [int(row) for row in rows[: _POOL * recipe.mined_texts]]


def hardest(
    network: Network, tokenizer: Tokenizer, data: TrainingTexts, rows: Sequence[int], recipe: FitSection
) -> list[int]:
    """Return the `recipe.mined_texts` rows in which the network hears some label loudest, loudest first."""
    rng = np.random.default_rng(recipe.seed)
    drafts = [masked(Draft.of(data.texts[row]), urls=0.0, digits=0.0, rng=rng) for row in rows]
    readings = read(drafts, [UNMARKED] * len(rows), tokenizer, recipe.max_tokens, rng, hidden=0.0)
    order = np.argsort(-_loudest(network, readings, recipe.batch_tokens), kind="stable")
    mined = [rows[index] for index in order[: recipe.mined_texts].tolist()]
    logger.info("%d benign texts mined of %d", len(mined), len(rows))
    return mined


def _loudest(network: Network, readings: Sequence[Reading], batch_tokens: int) -> np.ndarray:
    """Return (n,) the highest label logit of each reading."""
    network.eval()
    highest = np.zeros(len(readings), dtype=np.float32)
    device = network.labels.weight.device
    with torch.inference_mode(), in_bf16(device):
        for bucket in token_budget_batches([len(one.ids) for one in readings], batch_tokens):
            ids, attention = pad([readings[i].ids for i in bucket], network.encoder.config.pad_token_id)
            outputs = network(torch.from_numpy(ids).to(device), torch.from_numpy(attention).to(device))
            highest[bucket] = outputs.label_logits.float().amax(1).cpu().numpy()
    return highest
