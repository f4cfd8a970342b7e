"""Fine-tuning: AdamW with warm-up, length-bucketed batches, masked loss, checkpoints that resume."""

import json
import logging
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor
from tqdm import tqdm

from models.encoder import pad, token_budget_batches
from models.taxonomy import ROLES
from training.augment import Variation, augment, entity_values, is_disguised
from training.example import MarkedSpan
from training.network import FrozenLayers, Network, Outputs
from training.reading import Reading, masked, read
from training.recipe import FitSection
from training.sample import epoch_sample

logger = logging.getLogger(__name__)
_UNKNOWN_ROLE = -100


@dataclass(frozen=True, slots=True)
class TrainingTexts:
    """The `train` split as arrays.

    Attributes:
        texts: (n,) as received.
        labels, mask, any_of: (n, n_labels) float32 of 0 and 1.
        roles: (n,) int64 index into ROLES, -100 where unknown.
        sources, strata: (n,) for sampling.
        languages, spans, pairs: (n,) main language, marked words, id of a minimal pair or "": what
            augmentation goes by.
        marked: (n,) whether somebody has marked the words of this text, be it none.
    """

    texts: Sequence[str]
    labels: Tensor
    mask: Tensor
    any_of: Tensor
    roles: Tensor
    sources: Sequence[str]
    strata: Sequence[str]
    languages: Sequence[str]
    spans: Sequence[Sequence[MarkedSpan]]
    pairs: Sequence[str]
    marked: Sequence[bool]


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands; saved with every checkpoint."""

    step: int
    losses: tuple[float, ...]


def role_index(role: str) -> int:
    """Return the index of a role code, or the value the loss ignores."""
    return ROLES.index(role) if role else _UNKNOWN_ROLE


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
        labels: (batch, n_labels) 0 or 1.
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
    known = roles != _UNKNOWN_ROLE
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

    Every batch follows from the seed and the epoch, so a resumed run reads what the broken one would have.
    """
    torch.manual_seed(recipe.seed)
    FrozenLayers(embeddings=True, layers=recipe.frozen_layers).apply(network)
    batches = [
        _epoch_batches(data, tokenizer, recipe, texts_per_epoch, epoch) for epoch in range(recipe.epochs)
    ]
    plan = [(epoch, batch) for epoch, of_epoch in enumerate(batches) for batch in of_epoch]
    optimizer = torch.optim.AdamW(
        _parameter_groups(network, recipe), weight_decay=recipe.weight_decay, fused=True
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, Schedule.with_warmup(len(plan), recipe.warmup_share)
    )
    progress = load_checkpoint(run / "checkpoint", network, optimizer)
    for _ in range(progress.step):
        schedule.step()
    losses = list(progress.losses)
    network.train()
    network.encoder.eval()  # no dropout but the heads': its random numbers cost a quarter of every step
    dtype = torch.bfloat16 if multiplies_bf16() else None
    with tqdm(total=len(plan), initial=progress.step, unit="step", desc="train") as bar:
        for step in range(progress.step, len(plan)):
            torch.manual_seed(recipe.seed + step)
            batch = plan[step][1]
            ids, attention = pad([one.ids for one in batch.readings], network.encoder.config.pad_token_id)
            rows = torch.tensor(batch.rows)
            with torch.autocast("cpu", dtype=dtype, enabled=dtype is not None):
                outputs = network(torch.from_numpy(ids), torch.from_numpy(attention))
            loss = masked_loss(
                outputs,
                data.labels[rows],
                data.mask[rows],
                data.any_of[rows],
                data.roles[rows],
                positive_weight=recipe.positive_weight,
                role_weight=recipe.role_weight,
            ) + recipe.indicator_weight * indicator_loss(outputs.indicator_logits, batch.readings)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), recipe.gradient_clip)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            schedule.step()
            losses.append(round(loss.item(), 4))
            bar.update()
            bar.set_postfix(loss=f"{np.mean(losses[-50:]):.3f}")
            if (step + 1) % recipe.checkpoint_steps == 0:
                save_checkpoint(run / "checkpoint", network, optimizer, Progress(step + 1, tuple(losses)))
    network.eval()
    finished = Progress(len(plan), tuple(losses))
    save_checkpoint(run / "checkpoint", network, optimizer, finished)
    return finished


def multiplies_bf16() -> bool:
    """Return whether this processor multiplies bfloat16 in hardware; without, autocast is 30 times slower."""
    path = Path("/proc/cpuinfo")
    return path.is_file() and ("amx_bf16" in (flags := path.read_text()) or "avx512_bf16" in flags)


def epoch_counts(data: TrainingTexts, recipe: FitSection, texts_per_epoch: dict[str, int]) -> np.ndarray:
    """Return (n,) int64: how often a whole run reads each text; a baseline trained so has seen the same."""
    counts = np.zeros(len(data.texts), dtype=np.int64)
    for epoch in range(recipe.epochs):
        rng = np.random.default_rng([recipe.seed, epoch])
        np.add.at(counts, epoch_sample(data.sources, data.strata, texts_per_epoch, rng), 1)
    return counts


@dataclass(frozen=True, slots=True)
class _Batch:
    rows: list[int]
    readings: list[Reading]


def _epoch_batches(
    data: TrainingTexts, tokenizer: Tokenizer, recipe: FitSection, texts_per_epoch: dict[str, int], epoch: int
) -> list[_Batch]:
    """Return the batches of one epoch: sampled, varied, read, bucketed by length, shuffled."""
    rng = np.random.default_rng([recipe.seed, epoch])
    rows = epoch_sample(data.sources, data.strata, texts_per_epoch, rng)
    values = entity_values(data.texts, data.languages, data.spans)
    variation = Variation(recipe.swapped, recipe.shortened, recipe.disguised)
    drafts, marks = [], []
    for row in rows:
        varied = augment(
            data.texts[row],
            data.languages[row],
            data.spans[row],
            in_pair=bool(data.pairs[row]),
            variation=variation,
            values=values,
            rng=rng,
        )
        drafts.append(masked(varied, urls=recipe.masked_urls, digits=recipe.masked_digits, rng=rng))
        known = data.marked[row] and not is_disguised(varied)
        marks.append(data.spans[row] if known else None)
    readings = read(drafts, marks, tokenizer, recipe.max_tokens, rng)
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
    heads = [parameter for name, parameter in network.named_parameters() if not name.startswith("encoder.")]
    yield {"params": heads, "lr": recipe.head_rate}


@dataclass(frozen=True, slots=True)
class Schedule:
    """Learning-rate factor: up from 0 in `warmup` steps, then down to 0 at `steps`."""

    steps: int
    warmup: int

    @classmethod
    def with_warmup(cls, steps: int, share: float) -> "Schedule":
        """Return a schedule that warms up for a share of its steps, at least one."""
        return cls(steps, max(1, math.ceil(steps * share)))

    def __call__(self, step: int) -> float:
        """Return the factor at a step."""
        if step < self.warmup:
            return (step + 1) / self.warmup
        return max(0.0, (self.steps - step) / max(1, self.steps - self.warmup))


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
    (new / "progress.json").write_text(json.dumps({"step": progress.step, "losses": progress.losses}))
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
            return Progress(0, ())
        old.rename(folder)
    network.load_state_dict(load_file(folder / "network.safetensors"))
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in load_file(folder / "optimizer.safetensors").items():
        index, key = name.split("/")
        state.setdefault(int(index), {})[key] = tensor
    optimizer.load_state_dict({**optimizer.state_dict(), "state": state})
    stored = json.loads((folder / "progress.json").read_text())
    logger.info("resuming at step %d", stored["step"])
    return Progress(stored["step"], tuple(stored["losses"]))
