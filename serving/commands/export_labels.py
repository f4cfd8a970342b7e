"""The command `scamscreen export-labels`: what people say that texts show, for those who train the model."""

import argparse
from collections import Counter
from pathlib import Path

from serving.clock import now_ms
from serving.commands.command import DONE, Commands
from serving.commands.office import opened, operator_of, words_given
from serving.reports.research_dataset import TOO_MUCH, can_be_replaced, check_dataset_folder, write_dataset
from serving.store.casework.labelled import Labelled, labelled, write_down
from serving.store.organisations import organisation_named
from serving.terminal import say


def add_label_commands(commands: Commands) -> None:
    """Add the command to those of `scamscreen`; what it does is `options.command`."""
    export = commands.add_parser(
        "export-labels", help="write texts with the labels that people gave them, for research"
    )
    export.add_argument("folder", type=Path, metavar="FOLDER", help="a new one, for the dataset")
    export.add_argument("--organisation", metavar="NAME", help="(default: all)")
    export.add_argument(
        "--victim-accounts",
        metavar="REASON",
        help="hand out victims' accounts too, and keep why, encrypted; - reads it from the standard input",
    )
    export.set_defaults(command=export_labels)


def export_labels(options: argparse.Namespace) -> int:
    """Write the texts of those who agree to research; that it was done, and why, is in the audit."""
    check_dataset_folder(options.folder)
    with_victims = options.victim_accounts is not None
    reason = words_given(options.victim_accounts) if with_victims else ""
    with opened() as office:
        database, keyring = office.database, office.keyring
        if options.organisation:
            database.read(lambda connection: organisation_named(connection, options.organisation))
        found = database.read(
            lambda connection: [
                *labelled(connection, keyring, options.organisation, with_victims=with_victims)
            ]
        )
        told = [TOO_MUCH if isinstance(one, Labelled) and not can_be_replaced(one) else one for one in found]
        by, now = operator_of(database), now_ms()
        told = database.write(
            lambda connection: write_down(connection, keyring, by, told, reason, now_ms=now)
        )
    texts = [one for one in told if isinstance(one, Labelled)]
    write_dataset(options.folder, texts, now_ms=now)
    for why, count in sorted(Counter(one for one in told if isinstance(one, str)).items()):
        say(f"{count:,} labelled reports are left out {why}")
    say(f"{len(texts):,} texts in {options.folder}, NOT encrypted: read them before you pass them on")
    return DONE
