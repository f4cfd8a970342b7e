"""When a run stops early: how `tune` texts are scored after every epoch, and the weights of the best."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor

from models.encoder import pad, token_budget_batches
from models.text.edits import Draft
from training.calibrate import LEAST_POSITIVES
from training.example import HELD
from training.files import write_json
from training.losses import masked_loss
from training.metrics import macro_average_precision
from training.network import Network, Outputs
from training.place import in_bf16
from training.reading import Reading, masked, read
from training.recipe import FitSection
from training.texts import UNMARKED, TrainingTexts

SCORES: Final = "tune.json"
BEST: Final = "best.safetensors"


@dataclass(frozen=True, slots=True)
class TuneTexts:
    """Texts that no step learns from.

    Attributes:
        texts: of `tune`.
        parts: rows of each part; a score is the mean over the parts, so that a large one drowns none.
    """

    texts: TrainingTexts
    parts: Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class TuneScore:
    """How a network does on `tune` texts after an epoch.

    Attributes:
        loss: of labels and roles, the mean over the parts.
        average_precision: mean over the labels with 8 positives or more; None without one.
    """

    loss: float
    average_precision: float | None


def score_tune(network: Network, tokenizer: Tokenizer, tune: TuneTexts, recipe: FitSection) -> TuneScore:
    """Score a network on `tune` texts, each read as it is; the same windows every time."""
    data = tune.texts
    labels, roles = _logits(network, _readings(tokenizer, data, recipe), recipe.batch_tokens)
    losses = []
    for part in tune.parts:
        rows = torch.tensor(part)
        nothing = torch.empty(0)
        loss = masked_loss(
            Outputs(labels[rows], roles[rows], nothing, nothing, nothing),
            data.labels[rows],
            data.mask[rows],
            data.any_of[rows],
            data.roles[rows],
            positive_weight=recipe.positive_weight,
            role_weight=recipe.role_weight,
        )
        losses.append(float(loss))
    return TuneScore(round(float(np.mean(losses)), 5), _average_precision(labels, data))


def _readings(tokenizer: Tokenizer, data: TrainingTexts, recipe: FitSection) -> list[Reading]:
    rng = np.random.default_rng(recipe.seed)
    drafts = [masked(Draft.of(text), urls=0.0, digits=0.0, rng=rng) for text in data.texts]
    return read(drafts, [UNMARKED] * len(drafts), tokenizer, recipe.max_tokens, rng, hidden=0.0)


def _logits(network: Network, readings: Sequence[Reading], batch_tokens: int) -> tuple[Tensor, Tensor]:
    """Return label logits (n, n_labels) and role logits (n, n_roles), float32."""
    device = network.labels.weight.device
    labels = torch.zeros(len(readings), network.labels.out_features)
    roles = torch.zeros(len(readings), network.roles.out_features)
    network.eval()
    with torch.no_grad(), in_bf16(device):
        for bucket in token_budget_batches([len(one.ids) for one in readings], batch_tokens):
            ids, attention = pad([readings[i].ids for i in bucket], network.encoder.config.pad_token_id)
            outputs = network(torch.from_numpy(ids).to(device), torch.from_numpy(attention).to(device))
            labels[bucket] = outputs.label_logits.float().cpu()
            roles[bucket] = outputs.role_logits.float().cpu()
    return labels, roles


def _average_precision(logits: Tensor, data: TrainingTexts) -> float | None:
    """Return the mean over labels of the average precision on the texts whose source knows the label."""
    scores = []
    for label in range(logits.shape[1]):
        known = data.mask[:, label] > 0
        truth = (data.labels[known, label] >= HELD).numpy()[:, None]
        score = macro_average_precision(truth, logits[known, label].numpy()[:, None], LEAST_POSITIVES)
        if score is not None and not truth.all():
            scores.append(score)
    return round(float(np.mean(scores)), 5) if scores else None


def keep_score(run: Path, network: Network, epoch: int, score: TuneScore) -> None:
    """Note the score of an epoch in the run folder, and the weights there if it is the best so far.

    What is noted of this epoch and later ones is of a run that was killed, and is written anew.
    """
    scores = {of: kept for of, kept in _scores(run).items() if of < epoch} | {epoch: score}
    if best_epoch(scores) == epoch:
        new = run / f"{BEST}.new"
        save_file({name: tensor.contiguous() for name, tensor in network.state_dict().items()}, new)
        new.rename(run / BEST)
    write_json(run / SCORES, {of: asdict(kept) for of, kept in scores.items()})


def stops_after(run: Path, epoch: int, patience: int) -> bool:
    """Whether so many epochs, this one the last of them, have brought no better score."""
    scores = {of: score for of, score in _scores(run).items() if of <= epoch}
    return bool(patience) and epoch - best_epoch(scores) >= patience


def take_best(run: Path, network: Network) -> None:
    """Give a network the weights of its best epoch."""
    network.load_state_dict(load_file(run / BEST))


def best_epoch(scores: dict[int, TuneScore]) -> int:
    """Return the epoch of the least loss, the first of several."""
    return min(scores, key=lambda epoch: (scores[epoch].loss, epoch))


def _scores(run: Path) -> dict[int, TuneScore]:
    if not (run / SCORES).is_file():
        return {}
    stored = json.loads((run / SCORES).read_text(encoding="utf-8"))
    return {int(epoch): TuneScore(**score) for epoch, score in stored.items()}
