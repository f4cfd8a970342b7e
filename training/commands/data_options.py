"""What commands that read training data are told: where it lies and where to keep what was computed."""

import argparse
import os
from pathlib import Path

from models.errors import TrainingDataError


def add_data_options(parser: argparse.ArgumentParser) -> None:
    """Add `--data` and `--cache`."""
    parser.add_argument(
        "--data",
        type=Path,
        default=os.environ.get("SCAMSCREEN_DATA"),
        help="data root (default: SCAMSCREEN_DATA)",
    )
    parser.add_argument(
        "--cache", type=Path, default=Path("runs/cache"), help="folder of what can be computed again"
    )


def data_root_of(options: argparse.Namespace) -> Path:
    """Return the data root.

    Raises:
        TrainingDataError: none is named.
    """
    if not options.data:
        raise TrainingDataError(
            "no data root: pass --data FOLDER or set SCAMSCREEN_DATA; data_cards/ say how to fill it"
        )
    return Path(options.data)
