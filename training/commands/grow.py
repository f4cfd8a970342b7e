"""`scamscreen-train grow`: make room in an artefact for the labels that a taxonomy was given since."""

import argparse
import sys
from pathlib import Path

from training.commands.options import Commands


def add_grow_command(commands: Commands) -> None:
    """Add `grow` and its options."""
    grow = commands.add_parser(
        "grow",
        help="make room in an artefact for labels that are new in the taxonomy; it flags none of them yet",
    )
    grow.add_argument("artifact", type=Path, help="artefact folder")
    grow.add_argument("output", type=Path, help="folder for the artefact with room")
    grow.set_defaults(command=_grow)


def _grow(options: argparse.Namespace) -> None:
    from training.grow import grow_artifact

    new = grow_artifact(options.artifact, options.output)
    sys.stdout.write(f"new: {', '.join(new) or 'no label'}\n")
