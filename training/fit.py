"""Fine-tuning: AdamW with warm-up, length-bucketed batches, masked loss, checkpoints that resume."""

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor
from tqdm import tqdm

from models.encoder import pad, token_budget_batches
from models.taxonomy import ROLES
from training.augment import Stock, Variation, augment, company_of, entity_values, is_disguised
from training.mine import benign_not_drawn, hardest
from training.network import FrozenLayers, Network, Outputs
from training.reading import Reading, masked, read
from training.recipe import FitSection
from training.sample import epoch_sample
from training.texts import UNKNOWN, UNMARKED, TrainingTexts

logger = logging.getLogger(__name__)
_READING = 1  # what a generator is for, beside its seed and epoch
_FIRST = 1e-3  # the first step has a rate too


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands; saved with every checkpoint.

    Attributes:
        epoch: under way, from 0; the number of epochs when the run is finished.
        batch: next one of that epoch.
        losses: (steps,) of every step so far.
    """

    epoch: int
    batch: int
    losses: tuple[float, ...]

    @property
    def step(self) -> int:
        """Steps taken so far."""
        return len(self.losses)


def masked_loss(
    outputs: Outputs,
    labels: Tensor,
    mask: Tensor,
    any_of: Tensor,
    roles: Tensor,
    *,
    positive_weight: float,
    role_weight: float,
) -> Tensor:
    """Return the mean loss of a batch, a scalar.

    Labels a text's source cannot speak about are masked. Where a source says only "one of these", the loss is
    the negative log of the probability that at least one holds (noisy-or; Zhang et al. 2005,
    multiple-instance boosting).

    Args:
        outputs: of the network.
        labels: (batch, n_labels) in [0, 1].
        mask: (batch, n_labels) 1 where `labels` is known.
        any_of: (batch, n_labels) 1 where at least one of the row holds.
        roles: (batch,) int64, -100 where unknown.
        positive_weight: weight of known positives.
        role_weight: weight of the role loss against the label loss.
    """
    logits = outputs.label_logits.float()
    weight = mask * (1 + (positive_weight - 1) * labels)
    exact = torch.nn.functional.binary_cross_entropy_with_logits(
        logits, labels, weight=weight, reduction="none"
    ).sum(1)
    log_none = (torch.nn.functional.logsigmoid(-logits) * any_of).sum(1)  # log P(none of them)
    vague = -torch.log(-torch.expm1(log_none.clamp(max=-1e-6))) * any_of.amax(1)
    role_logits = outputs.role_logits.float()
    known = roles != UNKNOWN
    role = (
        torch.nn.functional.cross_entropy(role_logits[known], roles[known])
        if known.any()
        else role_logits.sum() * 0
    )
    return (exact + vague).mean() + role_weight * role


def indicator_loss(logits: Tensor, readings: Sequence[Reading]) -> Tensor:
    """Return the mean loss of the indicator head over the tokens of marked texts, a scalar.

    The words that show why a text is a scam teach the encoder where to look (Zaidan et al. 2007, "Using
    Annotator Rationales").

    Args:
        logits: (batch, tokens, n_indicators).
        readings: (batch,) with their marks; those without are left out.
    """
    losses = [
        torch.nn.functional.binary_cross_entropy_with_logits(
            logits[row, : len(one.ids)].float(), torch.from_numpy(one.indicators).float(), reduction="none"
        ).sum(-1)
        for row, one in enumerate(readings)
        if one.indicators is not None
    ]
    return torch.cat(losses).mean() if losses else logits.sum() * 0


def entity_loss(logits: Tensor, readings: Sequence[Reading]) -> Tensor:
    """Return the mean loss of the entity head over the tokens of marked texts, a scalar.

    Where only some types are marked, a token outside them may be of any other: its loss is the negative log
    of the probability of "O" and of every tag nobody marked (Greenberg et al. 2018, "Marginal Likelihood
    Training of BiLSTM-CRF for Biomedical Named Entity Recognition from Disjoint Label Sets").

    Args:
        logits: (batch, tokens, n_entity_tags).
        readings: (batch,) with their tags; those without are left out.
    """
    losses = []
    for row, one in enumerate(readings):
        if one.entities is None:
            continue
        tags = torch.from_numpy(one.entities)
        known = tags != UNKNOWN
        log_proba, tags = logits[row, : len(one.ids)].float().log_softmax(-1)[known], tags[known]
        named = log_proba.gather(1, tags.unsqueeze(1)).squeeze(1)
        none = log_proba[:, torch.from_numpy(one.outside)].logsumexp(-1)
        losses.append(-torch.where(tags == 0, none, named))
    found = torch.cat(losses) if losses else logits.new_zeros(0)
    return found.mean() if len(found) else logits.sum() * 0


def fit(
    network: Network,
    tokenizer: Tokenizer,
    data: TrainingTexts,
    recipe: FitSection,
    texts_per_epoch: dict[str, int],
    *,
    run: Path,
) -> Progress:
    """Fine-tune in place and return where the run ended. Resumes from `run/checkpoint` if there is one.

    Every batch follows from the seed, the epoch and the texts mined for it, which are kept in the run folder:
    a resumed run reads what the broken one would have.
    """
    FrozenLayers(embeddings=True, layers=recipe.frozen_layers).apply(network)
    optimizer = torch.optim.AdamW(
        _parameter_groups(network, recipe), weight_decay=recipe.weight_decay, fused=True
    )
    rates = [group["lr"] for group in optimizer.param_groups]
    schedule = Schedule(recipe.warmup_share)
    progress = load_checkpoint(run / "checkpoint", network, optimizer)
    losses = list(progress.losses)
    stock = Stock(
        entity_values(data.texts, data.languages, [marks.spans for marks in data.marks]),
        company_of(data.texts, data.languages, data.benign.tolist()),
    )
    for epoch in range(progress.epoch, recipe.epochs):
        rows = sample_of(data, recipe, texts_per_epoch, epoch)
        if epoch and recipe.mined_texts:
            kept = run / f"mined-{epoch}.json"
            if not kept.is_file():
                pool = benign_not_drawn(data, rows, texts_per_epoch, recipe, epoch)
                _write_whole(kept, json.dumps(hardest(network, tokenizer, data, pool, recipe)))
            rows += json.loads(kept.read_text())
        batches = _epoch_batches(data, stock, tokenizer, recipe, rows, epoch=epoch)
        network.train()
        network.encoder.eval()  # no dropout but the heads': its random numbers cost a quarter of every step
        first = progress.batch if epoch == progress.epoch else 0
        with tqdm(total=len(batches), initial=first, unit="step", desc=f"epoch {epoch + 1}") as bar:
            for index in range(first, len(batches)):
                torch.manual_seed(recipe.seed + len(losses))
                factor = schedule((epoch + index / len(batches)) / recipe.epochs)
                for group, rate in zip(optimizer.param_groups, rates, strict=True):
                    group["lr"] = rate * factor
                losses.append(_step(network, optimizer, data, batches[index], recipe))
                bar.update()
                bar.set_postfix(loss=f"{np.mean(losses[-50:]):.3f}")
                if len(losses) % recipe.checkpoint_steps == 0:
                    here = Progress(epoch, index + 1, tuple(losses))
                    save_checkpoint(run / "checkpoint", network, optimizer, here)
    network.eval()
    finished = Progress(recipe.epochs, 0, tuple(losses))
    save_checkpoint(run / "checkpoint", network, optimizer, finished)
    return finished


def _step(
    network: Network,
    optimizer: torch.optim.Optimizer,
    data: TrainingTexts,
    batch: "_Batch",
    recipe: FitSection,
) -> float:
    """Take one step down the loss of a batch; return that loss."""
    ids, attention = pad([one.ids for one in batch.readings], network.encoder.config.pad_token_id)
    rows = torch.tensor(batch.rows)
    halved = multiplies_bf16()
    with torch.autocast("cpu", dtype=torch.bfloat16 if halved else None, enabled=halved):
        outputs = network(torch.from_numpy(ids), torch.from_numpy(attention))
    loss = masked_loss(
        outputs,
        data.labels[rows],
        data.mask[rows],
        data.any_of[rows],
        data.roles[rows],
        positive_weight=recipe.positive_weight,
        role_weight=recipe.role_weight,
    )
    loss = loss + recipe.indicator_weight * indicator_loss(outputs.indicator_logits, batch.readings)
    loss = loss + recipe.entity_weight * entity_loss(outputs.entity_logits, batch.readings)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(network.parameters(), recipe.gradient_clip)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return round(loss.item(), 4)


def _write_whole(path: Path, content: str) -> None:
    """Write a file that is there whole or not at all."""
    new = path.with_suffix(".new")
    new.write_text(content)
    new.rename(path)


@cache
def multiplies_bf16() -> bool:
    """Return whether this processor multiplies bfloat16 in hardware; without, autocast is 30 times slower."""
    path = Path("/proc/cpuinfo")
    return path.is_file() and ("amx_bf16" in (flags := path.read_text()) or "avx512_bf16" in flags)


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
class _Batch:
    rows: list[int]
    readings: list[Reading]


def _epoch_batches(
    data: TrainingTexts,
    stock: Stock,
    tokenizer: Tokenizer,
    recipe: FitSection,
    rows: Sequence[int],
    *,
    epoch: int,
) -> list[_Batch]:
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
    return [_Batch([rows[i] for i in bucket], [readings[i] for i in bucket]) for bucket in buckets]


def _parameter_groups(network: Network, recipe: FitSection) -> Iterator[dict[str, object]]:
    """Yield parameters with their rates: layers, slower the lower (Howard & Ruder 2018), then heads."""
    layers = network.encoder.encoder.layer
    for depth, layer in enumerate(layers):
        if depth >= recipe.frozen_layers:
            yield {
                "params": list(layer.parameters()),
                "lr": recipe.encoder_rate * recipe.layer_decay ** (len(layers) - 1 - depth),
            }
    yield {"params": list(network.branch.parameters()), "lr": recipe.encoder_rate}
    inner = ("encoder.", "branch.")
    heads = [parameter for name, parameter in network.named_parameters() if not name.startswith(inner)]
    yield {"params": heads, "lr": recipe.head_rate}


@dataclass(frozen=True, slots=True)
class Schedule:
    """Learning-rate factor by the share of the run that is done: up from 0 in `warmup`, then down to 0."""

    warmup: float

    def __call__(self, done: float) -> float:
        """Return the factor in (0, 1] at a share of the run in [0, 1)."""
        if done < self.warmup:
            return (done + _FIRST) / (self.warmup + _FIRST)
        return (1 - done) / (1 - self.warmup)


def save_checkpoint(
    folder: Path, network: Network, optimizer: torch.optim.Optimizer, progress: Progress
) -> None:
    """Write a checkpoint beside the old one, then take its place: a kill leaves one whole checkpoint."""
    new, old = folder.with_suffix(".new"), folder.with_suffix(".old")
    new.mkdir(parents=True, exist_ok=True)
    save_file(
        {name: tensor.contiguous() for name, tensor in network.state_dict().items()},
        new / "network.safetensors",
    )
    moments = {
        f"{index}/{key}": value
        for index, state in optimizer.state_dict()["state"].items()
        for key, value in state.items()
    }
    save_file(moments, new / "optimizer.safetensors")
    (new / "progress.json").write_text(json.dumps(asdict(progress)))
    if folder.is_dir():
        folder.rename(old)
    new.rename(folder)
    if old.is_dir():
        for path in old.iterdir():
            path.unlink()
        old.rmdir()


def load_checkpoint(folder: Path, network: Network, optimizer: torch.optim.Optimizer) -> Progress:
    """Restore network and optimizer from a checkpoint, or return the start when there is none."""
    if not folder.is_dir():
        old = folder.with_suffix(".old")
        if not old.is_dir():
            return Progress(0, 0, ())
        old.rename(folder)
    network.load_state_dict(load_file(folder / "network.safetensors"))
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in load_file(folder / "optimizer.safetensors").items():
        index, key = name.split("/")
        state.setdefault(int(index), {})[key] = tensor
    optimizer.load_state_dict({**optimizer.state_dict(), "state": state})
    stored = json.loads((folder / "progress.json").read_text())
    logger.info("resuming at step %d", len(stored["losses"]))
    return Progress(stored["epoch"], stored["batch"], tuple(stored["losses"]))
