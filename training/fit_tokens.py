"""Fits what reads entities and indicators on an encoder that stays as it is.

What the encoder says of every token is computed once and kept in half precision; the branch and the token
heads then learn from it for several epochs in the time one epoch of the whole network takes. Labels, roles
and their certificates do not change.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from torch import Tensor
from tqdm import tqdm

from models.encoder import pad, token_budget_batches
from models.text.edits import Draft
from training.fit import Schedule
from training.losses import entity_loss, indicator_loss
from training.network import Network
from training.reading import Reading, masked, read
from training.recipe import TokensSection
from training.texts import TrainingTexts

logger = logging.getLogger(__name__)
_LAYERS: Final = 2  # kept of every token: the middle and the last


@dataclass(frozen=True, slots=True)
class Features:
    """What a frozen encoder says of the tokens of some readings.

    Attributes:
        readings: (n,) windows with their marks.
        starts: (n + 1,) int64, where the tokens of each begin in `values`.
        values: (n_tokens, 2, width) float16: after the layer the branch reads, and after the last.
    """

    readings: Sequence[Reading]
    starts: npt.NDArray[np.int64]
    values: npt.NDArray[np.float16]

    def batch(self, rows: Sequence[int]) -> tuple[Tensor, Tensor, Tensor]:
        """Return the middle and last vectors, (rows, tokens, width) float32, and the mask of readings."""
        longest = max(len(self.readings[row].ids) for row in rows)
        values = np.zeros((len(rows), longest, *self.values.shape[1:]), dtype=np.float32)
        mask = np.zeros((len(rows), longest), dtype=np.int64)
        for at, row in enumerate(rows):
            length = len(self.readings[row].ids)
            values[at, :length] = self.values[self.starts[row] : self.starts[row + 1]]
            mask[at, :length] = 1
        tensor = torch.from_numpy(values)
        return tensor[:, :, 0], tensor[:, :, 1], torch.from_numpy(mask)


def read_features(
    network: Network, tokenizer: Tokenizer, data: TrainingTexts, recipe: TokensSection, path: Path
) -> Features:
    """Return the features of the marked texts; the numbers lie in a file of 1.5 kB a token.

    Args:
        network: its encoder is used as it is.
        tokenizer: of the network.
        data: texts without marks are left out.
        recipe: how long a text may be.
        path: of the numbers; written anew.
    """
    rows = [row for row, marks in enumerate(data.marks) if marks.indicators or marks.entity_types]
    rng = np.random.default_rng(recipe.seed)
    drafts = [masked(Draft.of(data.texts[row]), urls=0.0, digits=0.0, rng=rng) for row in rows]
    marks = [data.marks[row] for row in rows]
    readings = read(drafts, marks, tokenizer, recipe.max_tokens, rng, hidden=0.0)
    lengths = [len(one.ids) for one in readings]
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    shape = (int(starts[-1]), _LAYERS, network.width)
    values = np.memmap(path, dtype=np.float16, mode="w+", shape=shape)
    network.eval()
    device = network.labels.weight.device
    batches = list(token_budget_batches(lengths, recipe.batch_tokens))
    for batch in tqdm(batches, unit="batch", desc="what the encoder says"):
        ids, mask = pad([readings[row].ids for row in batch], network.encoder.config.pad_token_id)
        with torch.no_grad():
            encoded = network.encode(torch.from_numpy(ids).to(device), torch.from_numpy(mask).to(device))
        both = torch.stack(encoded, dim=2).half().cpu().numpy()
        for at, row in enumerate(batch):
            values[starts[row] : starts[row + 1]] = both[at, : lengths[row]]
    return Features(readings, starts, values)


def fit_tokens(network: Network, features: Features, recipe: TokensSection) -> list[float]:
    """Fit the branch and the token heads in place; return the loss of every step."""
    network.requires_grad_(False)
    learning = _learning(network, recipe)
    for module, _ in learning:
        module.requires_grad_(True)
    groups = [
        {"params": list(module.parameters()), "lr": recipe.rate * factor} for module, factor in learning
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=recipe.weight_decay, fused=True)
    rates = [group["lr"] for group in optimizer.param_groups]
    schedule = Schedule(recipe.warmup_share)
    torch.manual_seed(recipe.seed)
    network.eval()
    network.branch.train()
    network.dropout.train()
    device = network.labels.weight.device
    losses: list[float] = []
    steps = list(_batches(features, recipe))
    with tqdm(steps, unit="step", desc="token heads") as bar:
        for step, rows in enumerate(bar):
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * schedule(step / len(steps))
            readings = [features.readings[row] for row in rows]
            entities, indicators = network.read_tokens(*(one.to(device) for one in features.batch(rows)))
            loss = recipe.entity_weight * entity_loss(entities, readings)
            loss = loss + recipe.indicator_weight * indicator_loss(indicators, readings)
            loss.backward()  # type: ignore[no-untyped-call]
            parameters = [one for group in optimizer.param_groups for one in group["params"]]
            torch.nn.utils.clip_grad_norm_(parameters, recipe.gradient_clip)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            losses.append(round(loss.item(), 4))
            bar.set_postfix(loss=f"{np.mean(losses[-50:]):.3f}")
    network.eval()
    return losses


def _learning(network: Network, recipe: TokensSection) -> list[tuple[torch.nn.Module, float]]:
    """Return what learns and at what share of the rate: the branch has learnt before, as a layer."""
    heads = (network.tokens, network.entities, network.indicators)
    return [(network.branch, recipe.branch_share), *((head, 1.0) for head in heads)]


def _batches(features: Features, recipe: TokensSection) -> Iterator[list[int]]:
    """Yield the rows of every step: batches of like lengths, in another order each epoch."""
    lengths = [len(one.ids) for one in features.readings]
    for epoch in range(recipe.epochs):
        rng = np.random.default_rng([recipe.seed, epoch])
        shuffled = rng.permutation(len(lengths))
        batches = list(token_budget_batches([lengths[row] for row in shuffled], recipe.batch_tokens))
        rng.shuffle(batches)
        for batch in batches:
            yield [int(shuffled[row]) for row in batch]
