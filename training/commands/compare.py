"""`scamscreen-train compare`: is a new model better than the one that answers?"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from training.example import Source

COMPARISON = Path("runs/compare")


def add_compare_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to those of `scamscreen-train`."""
    compare = commands.add_parser(
        "compare",
        help="two artefacts side by side, with a verdict; writes compare.json, compare.md and plots",
    )
    compare.add_argument("old", help="artefact folder, or `live`: the one that promote chose last here")
    compare.add_argument("new", type=Path, help="artefact folder, e.g. RUN/artifact")
    compare.add_argument(
        "--data",
        type=Path,
        default=os.environ.get("SCAMSCREEN_DATA"),
        help="data root (default: SCAMSCREEN_DATA; without one only written and added texts are asked)",
    )
    compare.add_argument(
        "--add",
        type=Path,
        nargs="*",
        default=(),
        metavar="DATASET",
        help="labelled datasets, the same as in training: their parts for testing are asked too",
    )
    compare.add_argument(
        "--cache", type=Path, default=Path("runs/cache"), help="of what can be computed again"
    )
    compare.add_argument("--output", type=Path, default=COMPARISON, help=f"(default: {COMPARISON})")
    compare.set_defaults(command=compare_command)


def compare_command(options: argparse.Namespace) -> None:
    """Write the comparison and print its verdict."""
    from models.shelf import home_of, shelf_in
    from training.prove.compare import compare
    from training.prove.compare_markdown import compare_markdown, summary
    from training.prove.compare_plots import plot_comparison

    shelf = shelf_in(home_of())
    old = shelf.folder_of(shelf.live()[0]) if options.old == "live" else Path(options.old)
    root = Path(options.data) if options.data else None
    report = compare(old, options.new, root, _added(options.add), options.cache)
    options.output.mkdir(parents=True, exist_ok=True)
    content = json.dumps(report, ensure_ascii=False, indent=1)
    (options.output / "compare.json").write_text(content + "\n", encoding="utf-8")
    (options.output / "compare.md").write_text(compare_markdown(report), encoding="utf-8")
    plot_comparison(report, options.output)
    sys.stdout.write(f"{summary(report)}\nMore in {options.output / 'compare.md'}\n")


def _added(folders: Sequence[Path]) -> list["Source"]:
    """Return labelled datasets as sources."""
    if not folders:
        return []
    from training.labelled.dataset import as_source, read_dataset

    return [as_source(read_dataset(folder)) for folder in folders]
