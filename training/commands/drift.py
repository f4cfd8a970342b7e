"""`scamscreen-train drift`: what has changed between two periods."""

import argparse
import sys
from pathlib import Path

from models.artifact import load_artifact
from training.commands.options import Commands, add_artifact_option, add_cache_option


def add_drift_command(commands: Commands) -> None:
    """Add `drift` and its options."""
    drift = commands.add_parser(
        "drift", help="what has changed between two periods: languages, labels, confidence, words"
    )
    drift.add_argument(
        "before", type=Path, help="JSONL of records, or texts in whatever `suggest --pool` reads"
    )
    drift.add_argument("after", type=Path, help="the same of the later period")
    add_artifact_option(drift, "screens texts that have no records")
    add_cache_option(drift)
    drift.add_argument("--output", type=Path, default=Path("runs/drift"), help="folder for the report")
    drift.set_defaults(command=_drift)


def _drift(options: argparse.Namespace) -> None:
    from tokenizers import Tokenizer

    from training.drift.drift import drift
    from training.drift.drift_report import drift_markdown, write_drift
    from training.drift.period import read_period

    artifact = load_artifact(options.artifact)
    before, after = (read_period(path, artifact, options.cache) for path in (options.before, options.after))
    tokenizer = Tokenizer.from_file(str(artifact.folder / "tokenizer.json"))
    report = drift(before, after, tokenizer)
    write_drift(report, options.output)
    sys.stdout.write(drift_markdown(report))
