"""`scamscreen-train import-hf`: a Hugging Face folder that was exported here -> an artefact again."""

import argparse
import os
import sys
from pathlib import Path

from models.errors import TrainingDataError

_TEXTS = 64


def add_import_hf_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to those of `scamscreen-train`."""
    bring = commands.add_parser(
        "import-hf", help="make an artefact of a folder of `export --format hf`, trained further or not"
    )
    bring.add_argument("folder", type=Path)
    bring.add_argument("output", type=Path, help="new folder of the artefact")
    bring.add_argument(
        "--recipe", type=Path, help="calibrate and certify it anew on the texts of this recipe, if it changed"
    )
    bring.add_argument(
        "--data",
        type=Path,
        default=os.environ.get("SCAMSCREEN_DATA"),
        help="data root, for --recipe (default: SCAMSCREEN_DATA)",
    )
    bring.add_argument("--cache", type=Path, default=Path("runs/cache"), help="of what can be computed again")
    bring.set_defaults(command=import_hf_command)


def import_hf_command(options: argparse.Namespace) -> None:
    """Write the artefact and say how far it is from the folder."""
    from training.hugging_face_import import import_hugging_face
    from training.sources import authored

    if options.recipe and options.data is None:
        raise TrainingDataError(
            "--recipe needs the texts it names: pass --data FOLDER or set SCAMSCREEN_DATA"
        )
    written = [example.text for example in authored.SOURCE.read(Path())]
    texts = written[:: max(1, len(written) // _TEXTS)][:_TEXTS]
    imported = import_hugging_face(options.folder, options.output, texts)
    info = imported.artifact.info
    if not imported.is_same and options.recipe:
        _calibrate(options)
    told = (
        "the exported model, to the bit"
        if imported.is_same
        else "another model than the exported one: "
        + ("calibrated anew" if options.recipe else "its thresholds are the old ones, its certificates void")
    )
    sys.stdout.write(
        f"{info.name} {info.version}: {told}. Largest difference of a label's probability between the folder "
        f"and the artefact, on {imported.texts} written texts: {imported.largest_difference:.4f}\n"
    )


def _calibrate(options: argparse.Namespace) -> None:
    from training.calibrate_tokens import calibrate_tokens
    from training.finish import calibrate, certify
    from training.recipe import load_recipe
    from training.run import corpus_of, written_of

    own = corpus_of(load_recipe(options.recipe), Path(options.data), options.cache)
    tune = own.where(own.split == "tune")
    calibrate(options.output, tune, options.cache)
    calibrate_tokens(options.output, written_of(tune))
    certify(options.output, own.where(own.split == "certify"), options.cache)
