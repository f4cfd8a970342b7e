"""What several commands are told alike: where data lie, what is added, where to keep what was computed."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from models.artifact import DEFAULT_ARTIFACT
from models.errors import TrainingDataError

if TYPE_CHECKING:
    from training.example import Source

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_data_options(parser: argparse.ArgumentParser, *, without: str = "") -> None:
    """Add `--data` and `--cache`.

    Args:
        parser: of a command.
        without: what the command reads where there is no data root; "" if it needs one.
    """
    more = f"; without one {without}" if without else ""
    parser.add_argument(
        "--data",
        type=Path,
        default=os.environ.get("SCAMSCREEN_DATA") or None,
        help=f"data root (default: SCAMSCREEN_DATA{more})",
    )
    add_cache_option(parser)


def add_cache_option(parser: argparse.ArgumentParser) -> None:
    """Add `--cache`."""
    parser.add_argument(
        "--cache",
        type=Path,
        default=Path("runs/cache"),
        help="folder of what can be computed again (default: runs/cache)",
    )


def add_added_option(parser: argparse.ArgumentParser, what: str) -> None:
    """Add `--add`; `what` says what is done with the datasets."""
    parser.add_argument("--add", type=Path, nargs="+", default=[], metavar="DATASET", help=what)


def add_artifact_option(parser: argparse.ArgumentParser, what: str) -> None:
    """Add `--artifact`; `what` says what the artefact is for."""
    parser.add_argument(
        "--artifact",
        type=Path,
        default=DEFAULT_ARTIFACT,
        help=f"artefact folder: {what} (default: the shipped one)",
    )


def positive(said: str) -> int:
    """Return a whole number of 1 or more, or have argparse refuse it."""
    number = int(said)
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected 1 or more, found {number}")
    return number


def data_root_of(options: argparse.Namespace) -> Path:
    """Return the data root of a command that needs one.

    Raises:
        TrainingDataError: none is named.
    """
    if options.data is None:
        raise TrainingDataError(
            "no data root: pass --data FOLDER or set SCAMSCREEN_DATA; data_cards/ say how to fill it"
        )
    root: Path = options.data
    return root


def added_of(options: argparse.Namespace) -> "tuple[Source, ...]":
    """Return the labelled datasets that `--add` names, as sources.

    Raises:
        TrainingDataError: one is absent or broken.
    """
    if not options.add:
        return ()
    from training.labelled.dataset import as_source, read_dataset

    return tuple(as_source(read_dataset(folder)) for folder in options.add)
