"""The command `scamscreen export-labels`: what people say that texts show, for those who train the model."""

import argparse
import json
import os
from collections import Counter
from pathlib import Path
from typing import Any, Final

from models.errors import InputError
from serving.clock import now_ms
from serving.commands.command import DONE, Commands
from serving.commands.office import opened
from serving.moment import iso
from serving.store.casework.labelled import Labelled, labelled, write_down
from serving.store.organisations import organisation_named
from serving.terminal import say

_PRIVATE: Final = 0o600


def add_label_commands(commands: Commands) -> None:
    """Add the command to those of `scamscreen`; what it does is `options.command`."""
    export = commands.add_parser(
        "export-labels", help="write texts with the labels that people gave them, for research"
    )
    export.add_argument("file", type=Path, metavar="FILE", help="a new one: a JSON object a line")
    export.add_argument("--organisation", metavar="NAME", help="(default: all)")
    export.set_defaults(command=export_labels)


def export_labels(options: argparse.Namespace) -> int:
    """Write the texts of those who agree to research; that it was done is in the audit."""
    if options.file.exists():
        raise InputError(f"{options.file} is there already: name a new file")
    with opened() as office:
        if options.organisation:
            office.database.read(lambda connection: organisation_named(connection, options.organisation))
        found = office.database.read(
            lambda connection: list(labelled(connection, office.keyring, options.organisation))
        )
        texts = [one for one in found if isinstance(one, Labelled)]
        exported = Counter(one.organisation_id for one in texts)
        office.database.write(
            lambda connection: write_down(connection, office.keyring, office.by, exported, now_ms=now_ms())
        )
    with os.fdopen(os.open(options.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "w") as file:
        for one in texts:
            file.write(json.dumps(_told(one)) + "\n")
    for why, count in sorted(Counter(one for one in found if isinstance(one, str)).items()):
        say(f"{count:,} labelled reports are left out {why}")
    say(f"{len(texts):,} texts, NOT encrypted: they name people")
    return DONE


def _told(one: Labelled) -> dict[str, Any]:
    labelling = one.labelling
    spans = labelling.spans
    return {
        "id": one.report_id,
        "text": one.text,
        "language": one.language or None,
        "labels": [*labelling.labels, *labelling.context_labels],
        "spans": None if spans is None else [[span.code, span.start, span.end] for span in spans],
        "labelled_by": labelling.actor,
        "labelled_at": iso(labelling.at_ms),
    }
