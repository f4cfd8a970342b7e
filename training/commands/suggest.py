"""`scamscreen-train suggest`: which texts to label next."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from models.artifact import load_artifact
from training.commands.options import Commands, add_artifact_option, add_cache_option, positive

if TYPE_CHECKING:
    from training.labelled.row import LabelledRow

_FORMATS = ("label-studio", "argilla", "csv", "jsonl")


def add_suggest_command(commands: Commands) -> None:
    """Add `suggest` and its options."""
    suggest = commands.add_parser("suggest", help="pick what to label next from texts without labels")
    suggest.add_argument("-n", type=positive, default=200, help="how many (default: 200)")
    suggest.add_argument(
        "--pool",
        type=Path,
        required=True,
        help="a labelled dataset's folder, or .jsonl .csv .tsv .xlsx .parquet .txt with a column `text`",
    )
    suggest.add_argument(
        "--labelled",
        type=Path,
        nargs="+",
        default=(),
        metavar="DATASET",
        help="what is labelled already; without it the artefact alone decides",
    )
    suggest.add_argument(
        "--label",
        nargs="+",
        default=(),
        metavar="CODE",
        help="ask for these labels (default: those that hold for a text of --labelled, or all)",
    )
    add_artifact_option(suggest, "its encoder reads the texts, and what it says is the first guess")
    add_cache_option(suggest)
    suggest.add_argument("--seed", type=int, default=0, help="of what is drawn (default: 0)")
    suggest.add_argument(
        "--format", nargs="+", choices=_FORMATS, default=_FORMATS, help="files to write (default: all)"
    )
    suggest.add_argument("--output", type=Path, default=Path("runs/to_label"), help="folder for the files")
    suggest.set_defaults(command=_suggest)


def _suggest(options: argparse.Namespace) -> None:
    from training.budget.pool import read_pool
    from training.budget.suggest import suggest
    from training.budget.tasks import count_table, write_tasks

    suggestions = suggest(
        read_pool(options.pool),
        [row for folder in options.labelled for row in _labelled(folder)],
        options.label,
        load_artifact(options.artifact),
        options.cache,
        n=options.n,
        seed=options.seed,
    )
    files = write_tasks(suggestions, options.output, options.format)
    sys.stdout.write(count_table(suggestions))
    sys.stdout.writelines(f"{file}\n" for file in files)


def _labelled(folder: Path) -> "list[LabelledRow]":
    """Return the rows of a labelled dataset; its groups are its own, whatever others call theirs."""
    from training.labelled.dataset import read_dataset

    dataset = read_dataset(folder)
    return [replace(row, group=f"{dataset.name}/{row.group}" if row.group else "") for row in dataset.rows]
