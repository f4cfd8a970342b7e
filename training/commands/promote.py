"""`scamscreen-train promote`: put a model to work that was compared with the one that answers."""

import argparse
import sys
from pathlib import Path

from training.commands.compare import COMPARISON
from training.commands.options import Commands


def add_promote_command(commands: Commands) -> None:
    """Add `promote` and its options."""
    promote = commands.add_parser(
        "promote", help="make a compared artefact the live one of this machine; a running service follows"
    )
    promote.add_argument("new", type=Path, help="artefact folder, e.g. RUN/artifact")
    promote.add_argument(
        "--because", default="", metavar="REASON", help="why, though it breaks a rule; stands in its card"
    )
    promote.add_argument(
        "--comparison",
        type=Path,
        default=COMPARISON / "compare.json",
        help=f"of it with the live model (default: {COMPARISON / 'compare.json'})",
    )
    promote.set_defaults(command=_promote)


def _promote(options: argparse.Namespace) -> None:
    from datetime import UTC, datetime

    from models.shelf import home_of, shelf_in
    from training.prove.comparison_files import read_comparison
    from training.prove.promote import promote

    shelf = shelf_in(home_of())
    name = promote(
        options.new,
        read_comparison(options.comparison),
        shelf,
        because=options.because,
        promoted_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    sys.stdout.write(
        f"{name} is live: {shelf.folder_of(name)}\n"
        "A service on this machine loads it within seconds; scamscreen model rollback takes it back.\n"
    )
