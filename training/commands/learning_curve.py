"""`scamscreen-train learning-curve`: how many labels a kind of scam takes."""

import argparse
import sys
from pathlib import Path

from models.artifact import load_artifact
from training.commands.options import Commands, add_artifact_option, add_cache_option, positive


def add_learning_curve_command(commands: Commands) -> None:
    """Add `learning-curve` and its options."""
    curve = commands.add_parser(
        "learning-curve",
        help="how many labels it takes to find 80 %% at 1 %% false alarms: drawn at random, and suggested",
    )
    curve.add_argument("dataset", type=Path, help="a labelled dataset's folder")
    curve.add_argument("--label", required=True, metavar="CODE", help="the label to learn")
    add_artifact_option(curve, "its encoder reads the texts")
    add_cache_option(curve)
    curve.add_argument("--seeds", type=positive, default=5, help="how many (default: 5)")
    curve.add_argument("--most", type=positive, default=2000, help="labels to spend at most (default: 2000)")
    curve.add_argument(
        "--output",
        type=Path,
        default=Path("runs/learning_curve"),
        help="folder for JSON, Markdown and plot; runs of the same texts that it holds are not done again",
    )
    curve.set_defaults(command=_learning_curve)


def _learning_curve(options: argparse.Namespace) -> None:
    from training.budget.curve import run_curves
    from training.budget.curve_report import curve_markdown, write_curves
    from training.budget.schemes import scheme_of_dataset
    from training.labelled.dataset import TEXTS_FILE, read_dataset
    from training.labelled.importing import sha256_of

    artifact = load_artifact(options.artifact)
    scheme = scheme_of_dataset(read_dataset(options.dataset), options.label, artifact, options.cache)
    texts = sha256_of(options.dataset / TEXTS_FILE)
    runs = options.output / f"runs-{artifact.info.sha256[:12]}-{texts[:12]}"
    curves = run_curves([scheme], runs, seeds=range(1, options.seeds + 1), most=options.most)
    sys.stdout.write(curve_markdown(write_curves(curves, options.output)))
