"""What a run leaves to read: `log.jsonl`, a line for every step and every score, and `environment.json`.

A resumed run takes the lines after its checkpoint out again, so that each step stands there once.
"""

import json
import os
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final, Protocol, TextIO

import torch

from training.checkpoint import Progress
from training.files import write_json, write_whole
from training.place import Place, multiplies_bf16

LOG: Final = "log.jsonl"
ENVIRONMENT: Final = "environment.json"
TUNE_LOSS: Final = "tune_loss"
_LIBRARIES: Final = (
    "torch",
    "transformers",
    "tokenizers",
    "datasets",
    "numpy",
    "scikit-learn",
    "openvino",
    "accelerate",
)


class Tracker(Protocol):
    """Whoever else is told of a run's figures, such as MLflow."""

    def track(self, step: int, figures: Mapping[str, float]) -> None:
        """Take the figures of a step."""


class RunLog:
    """The log of one run, in its folder; what it says of a step follows the step."""

    def __init__(
        self, run: Path, progress: Progress, tracker: Tracker | None = None, *, writes: bool = True
    ) -> None:
        """Open the log of a run that goes on from where it stands; one that does not write takes nothing."""
        self._file: TextIO | None = None
        self._tracker = tracker
        if not writes:
            return
        path = run / LOG
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.is_file() else []
        write_whole(path, "".join(line for line in lines if _is_done(line, progress)))
        self._file = path.open("a", encoding="utf-8", buffering=1)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def write(self, step: int, epoch: int, figures: Mapping[str, float | None]) -> None:
        """Add a line: how many steps have been taken, in which epoch, from 1, and the figures."""
        if self._file is None:
            return
        self._file.write(json.dumps({"step": step, "epoch": epoch + 1, **figures}) + "\n")
        if self._tracker is not None:
            self._tracker.track(step, {name: value for name, value in figures.items() if value is not None})


def _is_done(line: str, progress: Progress) -> bool:
    """Whether a line is whole, and of a step, or of a score after an epoch, that will not come again."""
    if not line.endswith("\n"):
        return False
    noted = json.loads(line)
    return noted["step"] <= progress.step and (TUNE_LOSS not in noted or noted["epoch"] <= progress.epoch)


def describe_environment(place: Place) -> dict[str, Any]:
    """Return what a run's figures may depend on: machine, libraries, processes."""
    card = torch.cuda.get_device_name(place.device) if place.device.type == "cuda" else None
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "device": place.device.type,
        "card": card,
        "bf16": multiplies_bf16(place.device.type),
        "processes": place.count,
        "libraries": {name: _version(name) for name in _LIBRARIES},
    }


def note_environment(run: Path, place: Place) -> None:
    """Write `environment.json` into a run folder."""
    write_json(run / ENVIRONMENT, describe_environment(place))


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None
