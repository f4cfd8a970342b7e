"""`scamscreen-train compare`: is a new model better than the one that answers?"""

import argparse
import sys
from pathlib import Path

from training.commands.options import Commands, add_added_option, add_data_options, added_of

COMPARISON = Path("runs/compare")


def add_compare_command(commands: Commands) -> None:
    """Add `compare` and its options."""
    compare = commands.add_parser(
        "compare",
        help="two artefacts side by side, with a verdict; writes compare.json, compare.md and plots",
    )
    compare.add_argument("old", help="artefact folder, or `live`: the one that promote chose last here")
    compare.add_argument("new", type=Path, help="artefact folder, e.g. RUN/artifact")
    add_added_option(
        compare, "labelled datasets, the same as in training: their parts for testing are asked too"
    )
    add_data_options(compare, without="only written and added texts are asked")
    compare.add_argument(
        "--output", type=Path, default=COMPARISON, help=f"folder for the report (default: {COMPARISON})"
    )
    compare.set_defaults(command=_compare)


def _compare(options: argparse.Namespace) -> None:
    from models.shelf import home_of, shelf_in
    from training.prove.compare import compare
    from training.prove.compare_markdown import summary
    from training.prove.comparison_files import write_comparison

    shelf = shelf_in(home_of())
    old = shelf.folder_of(shelf.live()[0]) if options.old == "live" else Path(options.old)
    report = compare(old, options.new, options.data, added_of(options), options.cache)
    write_comparison(report, options.output)
    sys.stdout.write(f"{summary(report)}\nMore in {options.output / 'compare.md'}\n")
