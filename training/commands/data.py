"""`scamscreen-train data import|check|card`: labels that others give -> a dataset that training reads."""

import argparse
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import TrainingDataError
from training.commands.options import Commands, add_data_options

if TYPE_CHECKING:
    from datasets import Dataset

    from training.labelled.reading import Reading

FORMATS = ("csv", "jsonl", "xlsx", "label-studio", "argilla", "doccano", "hf")
_MOST_PROBLEMS = 50
logger = logging.getLogger(__name__)


def add_data_command(commands: Commands) -> None:
    """Add `data` to the commands; what one of its own does is `options.command`."""
    data = commands.add_parser("data", help="bring labelled texts: import, check, describe")
    parts = data.add_subparsers(required=True, metavar="COMMAND")

    bring = parts.add_parser("import", help="make a labelled dataset of a file of labels")
    bring.add_argument("file", type=Path, help="a file; a folder of argilla, doccano and hf")
    bring.add_argument("--format", choices=FORMATS, required=True)
    bring.add_argument(
        "--mapping", type=Path, help="TOML: which column is what, what labels mean (docs/retraining.md)"
    )
    bring.add_argument("--output", type=Path, metavar="FOLDER", help="new folder of the dataset")
    bring.add_argument("--name", default="", help="of the dataset (default: the mapping's, else FOLDER's)")
    bring.add_argument(
        "--dry-run", action="store_true", help="write nothing; tell what is in it and all that is wrong"
    )
    bring.set_defaults(command=_import)

    check = parts.add_parser("check", help="tell what is wrong with a labelled dataset, and what is in it")
    _add_folder(check)
    check.add_argument("--json", type=Path, metavar="FILE", help="write what was found there too")
    check.add_argument(
        "--show-texts", action="store_true", help="show the beginnings of texts with doubtful labels"
    )
    check.set_defaults(command=_check)

    card = parts.add_parser("card", help="draft the card of a labelled dataset, its README.md")
    _add_folder(card)
    card.set_defaults(command=_card)


def _import(options: argparse.Namespace) -> None:
    """Write the labelled dataset, or with --dry-run tell what it would be."""
    from training.labelled.card import dataset_card
    from training.labelled.dataset import check_new, write_dataset
    from training.labelled.importing import dataset_of
    from training.labelled.mapping import LabelMapping, load_mapping
    from training.labelled.reading import read_labels

    if not options.dry_run and options.output is None:
        raise TrainingDataError("name the new folder with --output, or try it first with --dry-run")
    if not options.dry_run:
        check_new(options.output)
    mapping = load_mapping(options.mapping) if options.mapping else LabelMapping()
    reading = read_labels(options.file, options.format, mapping)
    if options.dry_run:
        _tell(options.file, reading)
    name = options.name or mapping.name or (options.output.name if options.output else options.file.stem)
    created_at = datetime.now(UTC).isoformat(timespec="seconds")
    dataset = dataset_of(reading, options.file, options.format, mapping, name=name, created_at=created_at)
    if options.dry_run:
        sys.stdout.write("nothing is wrong; nothing was written (--dry-run)\n")
        return
    write_dataset(options.output, dataset, dataset_card(dataset))
    logger.info(
        "%d texts in %s; next: scamscreen-train data check %s",
        len(dataset.rows),
        options.output,
        options.output,
    )


def _check(options: argparse.Namespace) -> None:
    """Write what is to be known of a labelled dataset; an error if a row breaks a rule."""
    from training.files import write_json
    from training.labelled.check import check_dataset
    from training.labelled.check_markdown import check_markdown
    from training.labelled.dataset import first_of

    check = check_dataset(options.folder, _corpus(options))
    sys.stdout.write(check_markdown(check, show_texts=options.show_texts))
    if options.json:
        write_json(options.json, check.to_dict())
    if check.problems:
        raise TrainingDataError(first_of(check.problems))
    if check.empty:
        raise TrainingDataError(f"{check.name}: no text holds {', '.join(check.empty)}")


def _card(options: argparse.Namespace) -> None:
    """Draft README.md; one that somebody has written stays."""
    from training.labelled.card import DRAFT, dataset_card
    from training.labelled.check import check_dataset
    from training.labelled.dataset import CARD_FILE, read_dataset

    dataset = read_dataset(options.folder)
    card = options.folder / CARD_FILE
    if card.is_file() and DRAFT not in card.read_text(encoding="utf-8"):
        raise TrainingDataError(f"{card} was written by somebody: move it away for a new draft")
    check = check_dataset(options.folder, _corpus(options))
    card.write_text(dataset_card(dataset, check), encoding="utf-8")
    logger.info("drafted %s: what stands in brackets is for you to write", card)


def _add_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="of the dataset, as `data import` writes it")
    add_data_options(parser, without="copies are looked for in the written texts alone")


def _corpus(options: argparse.Namespace) -> "Dataset":
    """Return the texts of training and of tests: of all sets that are there, or of those in the package."""
    from training.corpus import load_corpus
    from training.sources import present_sources

    corpus = load_corpus(present_sources(options.data), options.data or Path(), options.cache)
    logger.info("looking for copies among %d texts", len(corpus))
    return corpus


def _tell(file: Path, reading: "Reading") -> None:
    from training.labelled.check_markdown import classes_table
    from training.labelled.counts import class_counts, language_counts

    people = {one.annotator for row in reading.rows for one in row.annotations}
    lines = [
        f"{file.name}: {len(reading.rows):,} texts that {len(people) or 'nameless'} people labelled, "
        f"{reading.unlabelled:,} that nobody did, {len(reading.problems):,} problems",
        *reading.problems[:_MOST_PROBLEMS],
        "",
        classes_table(class_counts(reading.rows)),
        "languages, as said and as detected: "
        + ", ".join(
            f"{declared}/{detected} {count:,}"
            for (declared, detected), count in language_counts(reading.rows).most_common()
        ),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
