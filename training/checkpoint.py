"""Where a run stands, kept so that a kill at any moment leaves one whole checkpoint."""

import json
import logging
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from training.network import Network

logger = logging.getLogger(__name__)


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
        shutil.rmtree(old, ignore_errors=True)  # what a kill left of the one before
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


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
