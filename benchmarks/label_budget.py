"""How many labels two kinds of scam take that a base artefact has never seen: drawn at random, and suggested.

`python -m benchmarks.label_budget --artifact BASE [--data ROOT]`. Indonesian promotion of online gambling,
and Burmese money scams against the same collection's advertisements (there the file a post came from is its
label: what is learnt is partly which group wrote it). BASE is trained without either, and without every other
text of that label in that language. Each run that is done is kept: broken off, it goes on where it was.

Writes learning_curve.json, .md and .png, and under `chosen/` what one seed labelled and its test:
`python -m benchmarks.retraining --confirm OUTPUT/chosen` trains the whole network on it.
"""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.held_out_schemes import SCHEMES, write_labels, write_test
from models.artifact import DEFAULT_ARTIFACT, Artifact, load_artifact
from models.errors import ScamScreenError, TrainingDataError
from training.budget.curve import SEEDS, TARGET_RECALL, Curve, Scheme, run_curves, split
from training.budget.curve_report import curve_markdown, write_curves
from training.budget.schemes import Told, scheme_of

MOST: Final = 2000
CHOSEN: Final = "chosen"
_CHOSEN_SEED: Final = SEEDS[0]


def check_unseen(artifact: Artifact) -> None:
    """Check that an artefact was trained without the two sets.

    Raises:
        TrainingDataError: it, or the artefact it went on from, has read one of them.
    """
    origin = artifact.manifest.get("started_from", {})
    recipes = [artifact.manifest["recipe"], *([origin["recipe"]] if "recipe" in origin else [])]
    read = {name for recipe in recipes for name, count in recipe["texts_per_epoch"].items() if count}
    if seen := sorted(read & {scheme.source.name for scheme in SCHEMES}):
        raise TrainingDataError(
            f"the artefact was trained on {', '.join(seen)}: pass one that was not, or --seen to try it all"
        )


def write_chosen(curves: Sequence[Curve], schemes: Sequence[Scheme], data_root: Path, folder: Path) -> None:
    """Write what one seed labelled until the target, by each strategy, and its test, for a full fine-tune."""
    for held_out, scheme in zip(SCHEMES, schemes, strict=True):
        by_key = {one.key: (one, positive) for one, positive in held_out.texts(data_root)}
        for curve in curves:
            if (curve.scheme, curve.seed) == (scheme.name, _CHOSEN_SEED):
                spent = round(curve.needed() or curve.labels[-1])
                labelled = [by_key[key] for key in curve.chosen[:spent]]
                write_labels(held_out, labelled, folder / held_out.name / curve.strategy)
        _, in_test = split(scheme, _CHOSEN_SEED)
        test = [by_key[key] for key, is_tested in zip(scheme.keys, in_test, strict=True) if is_tested]
        write_test(test, folder / held_out.name)


def main() -> int:
    """Run what is left to run and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.label_budget", description=__doc__)
    parser.add_argument("--artifact", type=Path, default=DEFAULT_ARTIFACT)
    parser.add_argument(
        "--data",
        type=Path,
        default=os.environ.get("SCAMSCREEN_DATA"),
        help="data root (default: SCAMSCREEN_DATA)",
    )
    parser.add_argument("--cache", type=Path, default=Path("runs/cache"))
    parser.add_argument("--output", type=Path, default=Path("runs/label_budget"))
    parser.add_argument("--seeds", type=int, default=len(SEEDS), help="how many")
    parser.add_argument("--most", type=int, default=MOST, help="labels to spend at most in a run")
    parser.add_argument("--seen", action="store_true", help="take an artefact that was trained on the sets")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        return _measure(options)
    except ScamScreenError as error:
        sys.stderr.write(f"label_budget: {error}\n")
        return 1


def _measure(options: argparse.Namespace) -> int:
    if options.data is None:
        raise TrainingDataError("no data root: pass --data FOLDER or set SCAMSCREEN_DATA")
    artifact = load_artifact(options.artifact)
    if not options.seen:
        check_unseen(artifact)
    schemes = [
        scheme_of(
            one.name,
            [Told(text.key, text.text, positive, one.language) for text, positive in one.texts(options.data)],
            sorted(one.codes),
            artifact,
            options.cache,
        )
        for one in SCHEMES
    ]
    runs = options.output / f"runs-{artifact.info.sha256[:12]}"
    curves = run_curves(schemes, runs, seeds=range(1, options.seeds + 1), most=options.most)
    report = write_curves(curves, options.output)
    write_chosen(curves, schemes, options.data, options.output / CHOSEN)
    sys.stdout.write(curve_markdown(report))
    sys.stdout.write(f"Target recall {TARGET_RECALL:.0%}; written to {options.output}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
