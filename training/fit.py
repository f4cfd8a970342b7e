"""Fine-tuning: AdamW with warm-up, length-bucketed batches, masked loss, checkpoints that resume."""

import json
import math
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from tqdm import tqdm

from models.encoder import pad
from models.errors import RecipeError
from training.augment import Stock, company_of, entity_values
from training.batches import Batch, epoch_batches, sample_of
from training.checkpoint import Progress, load_checkpoint, save_checkpoint
from training.files import write_whole
from training.losses import entity_loss, indicator_loss, kept_loss, masked_loss
from training.mine import benign_not_drawn, hardest
from training.network import FrozenLayers, Network
from training.place import ALONE, Place, in_bf16
from training.recipe import FitSection
from training.run_log import TUNE_LOSS, RunLog, Tracker
from training.stopping import TuneTexts, keep_score, score_tune, stops_after, take_best
from training.texts import Taught, TrainingTexts

_FIRST: Final = 1e-3  # the first step has a rate too
_SHOWN: Final = 50  # steps whose mean loss the progress bar shows


def fit(
    network: Network,
    tokenizer: Tokenizer,
    data: TrainingTexts,
    recipe: FitSection,
    texts_per_epoch: dict[str, int],
    *,
    run: Path,
    tune: TuneTexts | None = None,
    taught: Taught | None = None,
    place: Place = ALONE,
    tracker: Tracker | None = None,
) -> Progress:
    """Fine-tune in place and return where the run ended. Resumes from `run/checkpoint` if there is one.

    Every batch follows from the seed, the epoch and the texts mined for it, which are kept in the run folder:
    a resumed run reads what the broken one would have, and stops where it would have.

    Args:
        network: stays on the device of `place`.
        tokenizer: of the network.
        data: what is learnt from.
        recipe: how.
        texts_per_epoch: source -> how many of its texts an epoch reads.
        run: folder of the run.
        tune: scored after every epoch; decides when to stop, if the recipe has patience.
        taught: what an earlier model said of `data`.
        place: the device, and which of the processes this is.
        tracker: told of what the log says.

    Raises:
        RecipeError: a source of `texts_per_epoch` has no text, or the loss is no number any more.
    """
    run.mkdir(parents=True, exist_ok=True)
    FrozenLayers(embeddings=True, layers=recipe.frozen_layers).apply(network)
    network.to(place.device)
    optimizer = torch.optim.AdamW(
        _parameter_groups(network, recipe), weight_decay=recipe.weight_decay, fused=True
    )
    with place.first_alone():
        progress = load_checkpoint(run / "checkpoint", network, optimizer)
    step = _Step(network, place.joined(network), optimizer, data, taught, recipe, place)
    schedule = Schedule(recipe.warmup_share)
    losses = list(progress.losses)
    stock = Stock(
        entity_values(data.texts, data.languages, [marks.spans for marks in data.marks]),
        company_of(data.texts, data.languages, data.benign.tolist()),
    )
    reader = _Epochs(network, tokenizer, data, stock, recipe, texts_per_epoch, run, place)
    epochs = recipe.epochs
    with (
        closing(RunLog(run, progress, tracker, writes=place.first)) as log,
        tqdm(unit="step", initial=progress.step, disable=not place.first) as bar,
    ):
        for epoch in range(progress.epoch, epochs):
            batches = reader.batches(epoch)
            network.train()
            network.encoder.eval()  # no dropout but the heads': its random numbers cost a quarter of a step
            first = progress.batch if epoch == progress.epoch else 0
            bar.total = len(losses) - first + len(batches) * (epochs - epoch)
            bar.set_description(f"epoch {epoch + 1} of {epochs}")
            for index in range(first, len(batches)):
                started = time.monotonic()
                torch.manual_seed(recipe.seed + len(losses))
                figures = step(batches[index], schedule((epoch + index / len(batches)) / epochs))
                losses.append(figures["loss"])
                log.write(len(losses), epoch, {**figures, "seconds": round(time.monotonic() - started, 3)})
                bar.update()
                bar.set_postfix(loss=f"{np.mean(losses[-_SHOWN:]):.3f}", refresh=False)
                if place.first and len(losses) % recipe.checkpoint_steps == 0:
                    here = Progress(epoch, index + 1, tuple(losses))
                    save_checkpoint(run / "checkpoint", network, optimizer, here)
            if tune:
                if place.first:
                    score = score_tune(network, tokenizer, tune, recipe)
                    keep_score(run, network, epoch, score)
                    found = {TUNE_LOSS: score.loss, "tune_average_precision": score.average_precision}
                    log.write(len(losses), epoch, found)
                place.wait()
                if stops_after(run, epoch, recipe.patience):
                    break
    network.eval()
    finished = Progress(epochs, 0, tuple(losses))
    if place.first:
        save_checkpoint(run / "checkpoint", network, optimizer, finished)
    if tune and recipe.patience:
        take_best(run, network)
    return finished


@dataclass(frozen=True, slots=True)
class _Epochs:
    """What the epochs of a run read; `stock` is what variants of the texts are made of."""

    network: Network
    tokenizer: Tokenizer
    data: TrainingTexts
    stock: Stock
    recipe: FitSection
    texts_per_epoch: dict[str, int]
    run: Path
    place: Place

    def batches(self, epoch: int) -> list[Batch]:
        """Return the batches of an epoch, the same ones if the run was broken off in it."""
        rows = sample_of(self.data, self.recipe, self.texts_per_epoch, epoch)
        if epoch and self.recipe.mined_texts:
            rows += self._mined(rows, epoch)
        return epoch_batches(self.data, self.stock, self.tokenizer, self.recipe, rows, epoch=epoch)

    def _mined(self, drawn: list[int], epoch: int) -> list[int]:
        kept = self.run / f"mined-{epoch}.json"
        with self.place.first_alone():
            if not kept.is_file():
                pool = benign_not_drawn(self.data, drawn, self.texts_per_epoch, self.recipe, epoch)
                mined = hardest(self.network, self.tokenizer, self.data, pool, self.recipe)
                write_whole(kept, json.dumps(mined))
        rows: list[int] = json.loads(kept.read_text())
        return rows


@dataclass(frozen=True, slots=True)
class _Step:
    """Takes steps down the loss; `joined` is the network as all processes train it."""

    network: Network
    joined: torch.nn.Module
    optimizer: torch.optim.Optimizer
    data: TrainingTexts
    taught: Taught | None
    recipe: FitSection
    place: Place

    def __call__(self, whole: Batch, factor: float) -> dict[str, float]:
        """Take one step at a share of the rates; return the loss, its parts, and the encoder's rate."""
        batch = whole.part(self.place.rank, self.place.count)
        share = 1.0 if batch is whole else len(batch.rows) * self.place.count / len(whole.rows)
        parts = {name: part * share for name, part in self._losses(batch).items()}
        loss = sum(parts.values(), start=torch.zeros((), device=self.place.device))
        found = self.place.mean(torch.stack([one.detach().float() for one in (loss, *parts.values())]))
        figures = dict(zip(("loss", *parts), found.tolist(), strict=True))
        if not math.isfinite(figures["loss"]):
            raise RecipeError("the loss is no number any more: choose a lower encoder_rate and head_rate")
        for group in self.optimizer.param_groups:
            group["lr"] = group["full_rate"] * factor
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), self.recipe.gradient_clip)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        rate = {"rate": float(f"{self.recipe.encoder_rate * factor:.3g}")}
        return {name: round(figure, 4) for name, figure in figures.items()} | rate

    def _losses(self, batch: Batch) -> dict[str, Tensor]:
        """Return the weighted losses of a batch, each a scalar."""
        recipe, device = self.recipe, self.place.device
        ids, attention = pad([one.ids for one in batch.readings], self.network.encoder.config.pad_token_id)
        rows = torch.tensor(batch.rows)
        with in_bf16(device):
            outputs = self.joined(torch.from_numpy(ids).to(device), torch.from_numpy(attention).to(device))
        known = (self.data.labels, self.data.mask, self.data.any_of, self.data.roles)
        losses = {
            "labels": masked_loss(
                outputs,
                *(one[rows].to(device) for one in known),
                positive_weight=recipe.positive_weight,
                role_weight=recipe.role_weight,
            ),
            "indicators": recipe.indicator_weight * indicator_loss(outputs.indicator_logits, batch.readings),
            "entities": recipe.entity_weight * entity_loss(outputs.entity_logits, batch.readings),
        }
        if self.taught:
            theirs, weight = (one[rows].to(device) for one in (self.taught.logits, self.taught.weight))
            losses["kept"] = recipe.kept_weight * kept_loss(outputs.label_logits, theirs, weight)
        return losses


def _parameter_groups(network: Network, recipe: FitSection) -> Iterator[dict[str, object]]:
    """Yield parameters with their rates: layers, slower the lower (Howard & Ruder 2018), then heads."""
    layers = network.encoder.encoder.layer
    inner = ("encoder.", "branch.")
    heads = [parameter for name, parameter in network.named_parameters() if not name.startswith(inner)]
    rates: list[tuple[list[torch.nn.Parameter], float]] = [
        (
            list(layer.parameters()),
            recipe.encoder_rate * recipe.layer_decay ** (len(layers) - 1 - depth),
        )
        for depth, layer in enumerate(layers)
        if depth >= recipe.frozen_layers
    ]
    rates += [(list(network.branch.parameters()), recipe.encoder_rate), (heads, recipe.head_rate)]
    for parameters, rate in rates:
        yield {"params": parameters, "lr": rate, "full_rate": rate}


@dataclass(frozen=True, slots=True)
class Schedule:
    """Learning-rate factor by the share of the run that is done: up from 0 in `warmup`, then down to 0."""

    warmup: float

    def __call__(self, done: float) -> float:
        """Return the factor in (0, 1] at a share of the run in [0, 1)."""
        if done < self.warmup:
            return (done + _FIRST) / (self.warmup + _FIRST)
        return (1 - done) / (1 - self.warmup)
