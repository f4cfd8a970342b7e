"""Where a run computes: on a processor or a graphics card, alone or as one of several processes.

Several processes are started by `torchrun`, on one machine or more, and need the package `accelerate`. Each
takes its share of every batch, so a step is the same whatever their number; the first of them does all the
writing, and all must see the same run folder.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import torch

from models.errors import DeviceError
from training.network import Network


@dataclass(frozen=True, slots=True)
class Place:
    """One process of a run.

    Attributes:
        device: where its network is.
        rank: which of the processes it is, from 0.
        count: how many there are.
        accelerator: joins them; None of a process alone.
    """

    device: torch.device
    rank: int
    count: int
    accelerator: Any | None

    @property
    def first(self) -> bool:
        """Whether this process writes, and says what is done."""
        return self.rank == 0

    def joined(self, network: Network) -> torch.nn.Module:
        """Return a network whose gradients are the mean over all processes; of one alone the network."""
        if self.accelerator is None:
            return network
        joined: torch.nn.Module = self.accelerator.prepare(network)
        return joined

    def mean(self, figures: torch.Tensor) -> torch.Tensor:
        """Return the mean over all processes."""
        if self.accelerator is None:
            return figures
        mean: torch.Tensor = self.accelerator.reduce(figures, "mean")
        return mean

    def wait(self) -> None:
        """Wait until every process is here."""
        if self.accelerator is not None:
            self.accelerator.wait_for_everyone()

    def leave(self) -> None:
        """Part from the other processes."""
        if self.accelerator is not None:
            self.accelerator.end_training()

    @contextmanager
    def first_alone(self) -> Iterator[None]:
        """Let the first process do something before the others do it, who find what it has kept."""
        if not self.first:
            self.wait()
        yield
        if self.first:
            self.wait()


ALONE = Place(torch.device("cpu"), 0, 1, None)


def find_place() -> Place:
    """Return where this process computes: on a graphics card if there is one, among those of `torchrun`.

    Raises:
        DeviceError: it is one of several, and `accelerate` is not installed.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        return Place(device, 0, 1, None)
    try:
        from accelerate import Accelerator
    except ImportError as error:
        raise DeviceError(
            "several processes need the package accelerate: pip install 'scamscreen[distributed]'"
        ) from error
    accelerator = Accelerator(cpu=device.type == "cpu", mixed_precision="no")
    return Place(accelerator.device, accelerator.process_index, accelerator.num_processes, accelerator)


def in_bf16(device: torch.device) -> torch.autocast:
    """Return a context in which matrices are multiplied in bfloat16, where the hardware does that."""
    halved = multiplies_bf16(device.type)
    return torch.autocast(device.type, dtype=torch.bfloat16 if halved else None, enabled=halved)


@cache
def multiplies_bf16(device_type: str = "cpu") -> bool:
    """Return whether this device multiplies bfloat16 in hardware; without, autocast is 30 times slower."""
    if device_type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    path = Path("/proc/cpuinfo")
    return path.is_file() and ("amx_bf16" in (flags := path.read_text()) or "avx512_bf16" in flags)
