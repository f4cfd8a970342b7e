"""How many labels two kinds of scam take that a base artefact has never seen: drawn at random, and suggested.

`python -m benchmarks.label_budget --artifact BASE [--data ROOT]`. Indonesian promotion of online gambling,
and Burmese money scams against the same collection's advertisements (there the file a post came from is its
label: what is learnt is partly which group wrote it). BASE is trained without either, and without every other
text of that label in that language. Each run that is done is kept: broken off, it goes on where it was.

Writes learning_curve.json, .md and .png, and for a full fine-tune the texts that were labelled, as CSV.
"""

import argparse
import csv
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from models.artifact import DEFAULT_ARTIFACT, Artifact, load_artifact
from models.errors import ScamScreenError, TrainingDataError
from training.budget.curve import SEEDS, TARGET_RECALL, Curve, run_curves
from training.budget.curve_report import curve_markdown, write_curves
from training.budget.schemes import Told, scheme_of
from training.sources import burmese_moneyscam_nuwai, id_judol_comments_gbennnn

MOST: Final = 2000
LANGUAGE: Final = "my"
_ADVERTISEMENTS: Final = "non scam advertisements"
_SOURCES: Final = (id_judol_comments_gbennnn.SOURCE, burmese_moneyscam_nuwai.SOURCE)
_CHOSEN_SEED: Final = SEEDS[0]


def gambling(data_root: Path) -> Iterator[Told]:
    """Yield Indonesian comments: whether they promote online gambling, by hand."""
    for one in id_judol_comments_gbennnn.read(data_root):
        yield Told(one.key, one.text, bool(one.labels), one.language)


def money_scams(data_root: Path) -> Iterator[Told]:
    """Yield Burmese posts of groups collected as mostly scam, and advertisements of groups that were not."""
    for one in burmese_moneyscam_nuwai.read(data_root):
        is_advertisement = one.scheme.startswith(_ADVERTISEMENTS)
        if one.language == LANGUAGE and (one.any_of or is_advertisement):
            yield Told(one.key, one.text, bool(one.any_of), one.language)


def check_unseen(artifact: Artifact) -> None:
    """Check that an artefact was trained without the two sets.

    Raises:
        TrainingDataError: it, or the artefact it went on from, has read one of them.
    """
    origin = artifact.manifest.get("started_from", {})
    recipes = [artifact.manifest["recipe"], *([origin["recipe"]] if "recipe" in origin else [])]
    read = {name for recipe in recipes for name, count in recipe["texts_per_epoch"].items() if count}
    if seen := sorted(read & {source.name for source in _SOURCES}):
        raise TrainingDataError(
            f"the artefact was trained on {', '.join(seen)}: pass one that was not, or --seen to try it all"
        )


def write_chosen(curves: Sequence[Curve], texts: dict[str, list[Told]], folder: Path) -> list[Path]:
    """Write, for each scheme and strategy, the texts of one seed up to the target, for a full fine-tune."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for curve in curves:
        if curve.seed != _CHOSEN_SEED:
            continue
        spent = round(curve.needed() or curve.labels[-1])
        by_key = {one.key: one for one in texts[curve.scheme]}
        path = folder / f"{curve.scheme}-{curve.strategy}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(("key", "text", "language", "holds"))
            chosen = [by_key[key] for key in curve.chosen[:spent]]
            rows.writerows((one.key, one.text, one.language, int(one.holds)) for one in chosen)
        files.append(path)
    return files


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
    texts = {
        _SOURCES[0].name: [*gambling(options.data)],
        _SOURCES[1].name: [*money_scams(options.data)],
    }
    schemes = [
        scheme_of(source.name, texts[source.name], sorted(source.mapped), artifact, options.cache)
        for source in _SOURCES
    ]
    runs = options.output / f"runs-{artifact.info.sha256[:12]}"
    curves = run_curves(schemes, runs, seeds=range(1, options.seeds + 1), most=options.most)
    report = write_curves(curves, options.output)
    write_chosen(curves, texts, options.output / "chosen")
    sys.stdout.write(curve_markdown(report))
    sys.stdout.write(f"Target recall {TARGET_RECALL:.0%}; written to {options.output}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
