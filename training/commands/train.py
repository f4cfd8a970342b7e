"""`scamscreen-train train`: fine-tune, export, calibrate and certify by a recipe."""

import argparse
from pathlib import Path

from models.artifact import DEFAULT_ARTIFACT
from models.errors import RecipeError
from training.commands.options import Commands, add_added_option, add_data_options, added_of, data_root_of


def add_train_command(commands: Commands) -> None:
    """Add `train` and its options."""
    train = commands.add_parser(
        "train",
        help="fine-tune, export and calibrate by a recipe; by several processes with torchrun",
    )
    train.add_argument("recipe", type=Path, help="a TOML file, or the name of a shipped recipe")
    add_added_option(train, "folders of labelled datasets to learn from as well; needs no data root")
    train.add_argument(
        "--base",
        help="folder or hub id of an encoder (intfloat/multilingual-e5-small), or an artefact to train on "
        "(default with --add: the shipped one)",
    )
    add_data_options(train, without="(only with --add) the written texts are read")
    train.add_argument(
        "--run",
        type=Path,
        required=True,
        help="folder for checkpoints, log and artefact; a run that was broken off goes on",
    )
    train.add_argument(
        "--leave-out",
        nargs="+",
        default=[],
        metavar="LANGUAGE:LABEL",
        help="let it see no text of this language with one of these labels (id:online_gambling,task_scam), "
        "to measure later how well it learns them",
    )
    train.add_argument("--mlflow", default="", metavar="NAME", help="tell an experiment of MLflow as well")
    train.set_defaults(command=_train)


def _train(options: argparse.Namespace) -> None:
    from training.left_out import parse_left_out
    from training.recipe import load_recipe
    from training.run import Extra, train

    if options.base is None and not options.add:
        raise RecipeError("--base is missing: an encoder or an artefact to begin with")
    data_root = options.data if options.add else data_root_of(options)
    left_out = tuple(parse_left_out(said) for said in options.leave_out)
    extra = Extra(added=added_of(options), left_out=left_out, mlflow=options.mlflow)
    base = options.base or str(DEFAULT_ARTIFACT)
    train(load_recipe(options.recipe), base, data_root, options.run, options.cache, extra=extra)
