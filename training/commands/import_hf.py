"""`scamscreen-train import-hf`: a Hugging Face folder that was exported here -> an artefact again."""

import argparse
import sys
from pathlib import Path

from training.commands.options import Commands, add_data_options, data_root_of

_TEXTS = 64


def add_import_hf_command(commands: Commands) -> None:
    """Add `import-hf` and its options."""
    bring = commands.add_parser(
        "import-hf", help="make an artefact of a folder of `export --format hf`, trained further or not"
    )
    bring.add_argument("folder", type=Path, help="as `export --format hf` writes it")
    bring.add_argument("output", type=Path, help="new folder of the artefact")
    bring.add_argument(
        "--recipe", type=Path, help="calibrate and certify it anew on the texts of this recipe, if it changed"
    )
    add_data_options(bring)
    bring.set_defaults(command=_import_hf)


def _import_hf(options: argparse.Namespace) -> None:
    from training.hugging_face_import import import_hugging_face
    from training.sources import authored

    if options.recipe:
        data_root_of(options)  # or say before the work that there is none
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
    from training.run_texts import corpus_of, written_of

    own = corpus_of(load_recipe(options.recipe), data_root_of(options), options.cache)
    tune = own.where(own.split == "tune")
    calibrate(options.output, tune, options.cache)
    calibrate_tokens(options.output, written_of(tune))
    certify(options.output, own.where(own.split == "certify"), options.cache)
