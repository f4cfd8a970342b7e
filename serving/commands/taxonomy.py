"""The command `scamscreen taxonomy`."""

import argparse
import json
import sys

from models.taxonomy import taxonomy_document
from serving.commands.command import DONE, Commands


def add_taxonomy_command(commands: Commands) -> None:
    """Add the command to those of `scamscreen`; what it does is `options.command`."""
    taxonomy = commands.add_parser(
        "taxonomy", help="print the labels, roles, indicators and entity types as JSON"
    )
    taxonomy.set_defaults(command=taxonomy_command)


def taxonomy_command(_: argparse.Namespace) -> int:
    """Print the taxonomy as JSON."""
    sys.stdout.write(json.dumps(taxonomy_document(), ensure_ascii=False, indent=2) + "\n")
    return DONE
