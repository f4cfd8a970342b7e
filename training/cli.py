"""`scamscreen-train`: data -> artefact -> report. A thin shell over functions of the same names."""

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from models.artifact import DEFAULT_ARTIFACT
from models.errors import ScamScreenError
from training.commands.compare import add_compare_command
from training.commands.data import add_data_command
from training.commands.drift import add_drift_command
from training.commands.grow import add_grow_command
from training.commands.import_hf import add_import_hf_command
from training.commands.learning_curve import add_learning_curve_command
from training.commands.options import Commands, add_cache_option, add_data_options, data_root_of
from training.commands.promote import add_promote_command
from training.commands.suggest import add_suggest_command
from training.commands.train import add_train_command


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns 0 done, 1 expected error (one line on stderr), 2 usage."""
    parser = command_line()
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        options.command(options)
    except ScamScreenError as error:
        sys.stderr.write(f"scamscreen-train: {error}\n")
        return 1
    return 0


def command_line() -> argparse.ArgumentParser:
    """Return what the command line understands."""
    parser = argparse.ArgumentParser(
        prog="scamscreen-train", description="Train, export and evaluate ScamScreen models."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    for add_command in (
        add_data_command,
        add_train_command,
        add_grow_command,
        add_compare_command,
        add_promote_command,
        add_suggest_command,
        add_learning_curve_command,
        add_drift_command,
        add_import_hf_command,
    ):
        add_command(commands)

    tokens = commands.add_parser(
        "tokens",
        help="fit the heads for entities and indicators again; labels stay as they are",
    )
    tokens.add_argument("recipe", type=Path, help="the recipe it was trained by")
    tokens.add_argument("--base", type=Path, required=True, help="artefact folder")
    add_data_options(tokens)
    tokens.add_argument("--run", type=Path, required=True, help="folder for the new artefact")
    tokens.set_defaults(command=_tokens)

    _add_gate(commands)
    export = commands.add_parser("export", help="write a run's artefact, or any artefact in another format")
    export.add_argument("artifact", type=Path, help="artefact folder, e.g. RUN/artifact")
    export.add_argument("output", type=Path)
    export.add_argument("--format", choices=("artifact", "hf"), default="artifact")
    export.add_argument(
        "--report",
        type=Path,
        help="report.json of this artefact: goes in with a model card, as for a release",
    )
    export.set_defaults(command=_export)

    evaluate = commands.add_parser(
        "evaluate", help="score an artefact; writes report.json, report.md and plots"
    )
    evaluate.add_argument(
        "recipe", type=Path, help="the recipe it was trained by (the baselines read the same texts)"
    )
    evaluate.add_argument("--artifact", type=Path, default=DEFAULT_ARTIFACT)
    add_data_options(evaluate)
    evaluate.add_argument("--previous", type=Path, help="artefact it replaces, to compare with")
    evaluate.add_argument(
        "--ablations", type=Path, help="folder of `ablate`: what each part bought, sources never seen"
    )
    evaluate.add_argument("--output", type=Path, default=Path("runs/report"))
    evaluate.set_defaults(command=_evaluate)

    ablate = commands.add_parser("ablate", help="train a recipe again with one part changed at a time")
    ablate.add_argument("recipe", type=Path)
    ablate.add_argument("variant", nargs="*", help="of ablations.toml, or `whole`; default: all")
    ablate.add_argument("--base", required=True, help="folder or hub id of the encoder")
    add_data_options(ablate)
    ablate.add_argument("--run", type=Path, default=Path("runs/ablations"))
    ablate.set_defaults(command=_ablate)

    attack = commands.add_parser(
        "attack", help="disguise the written test in every known way and count the flags it costs"
    )
    attack.add_argument("--artifact", type=Path, default=DEFAULT_ARTIFACT)
    add_cache_option(attack)
    attack.add_argument("--output", type=Path, default=Path("runs/attacks.json"))
    attack.set_defaults(command=_attack)

    entities = commands.add_parser(
        "entities", help="score the entities and indicators of records; writes entities.json and entities.md"
    )
    entities.add_argument("--artifact", type=Path, default=DEFAULT_ARTIFACT)
    add_data_options(entities)
    entities.add_argument(
        "--presidio",
        nargs=2,
        default=(),
        metavar=("PYTHON", "MODEL"),
        help="Python of a virtual environment with presidio-analyzer, and the spaCy model it has",
    )
    entities.add_argument("--output", type=Path, default=Path("runs/report"))
    entities.set_defaults(command=_entities)

    _add_corpus(commands)
    return parser


def _add_corpus(commands: Commands) -> None:
    corpus = commands.add_parser(
        "corpus", help="read every source and print what there is by source, language and split"
    )
    add_data_options(corpus)
    corpus.set_defaults(command=_corpus)


def _add_gate(commands: Commands) -> None:
    gate = commands.add_parser(
        "gate", help="fit and certify the gate of `scamscreen screen --cascade`; all else stays as it is"
    )
    gate.add_argument("recipe", type=Path, help="the recipe the artefact was trained by")
    gate.add_argument("artifact", type=Path, help="artefact folder")
    add_data_options(gate)
    gate.add_argument("--output", type=Path, required=True, help="folder for the artefact with the gate")
    gate.add_argument("--version", help="version of the artefact with the gate (default: as before)")
    gate.set_defaults(command=_gate)

    unseen = commands.add_parser(
        "gate-report",
        help="what the gate answers in sets it never saw; writes Markdown",
    )
    unseen.add_argument("--artifact", type=Path, default=DEFAULT_ARTIFACT)
    add_data_options(unseen)
    unseen.add_argument("--output", type=Path, default=Path("runs/report/gate.md"))
    unseen.set_defaults(command=_gate_report)


def _tokens(options: argparse.Namespace) -> None:
    from training.recipe import load_recipe
    from training.run import train_tokens

    train_tokens(load_recipe(options.recipe), options.base, data_root_of(options), options.run, options.cache)


def _gate(options: argparse.Namespace) -> None:
    from training.certify_gate import certificate_table
    from training.gate import fit_gate_of
    from training.recipe import load_recipe
    from training.run_texts import corpus_of

    own = corpus_of(load_recipe(options.recipe), data_root_of(options), options.cache)
    certificate = fit_gate_of(options.artifact, own, options.output, version=options.version)
    sys.stdout.write(certificate_table(certificate))


def _gate_report(options: argparse.Namespace) -> None:
    from models.artifact import load_artifact
    from training.certify_gate import certificate_table
    from training.corpus import load_corpus
    from training.gate_report import answered_by_source, gate_markdown
    from training.lanes import lanes_markdown
    from training.sources import present_sources
    from training.table import as_table

    artifact = load_artifact(options.artifact)
    rows = as_table(load_corpus(present_sources(data_root_of(options)), data_root_of(options), options.cache))
    unseen = rows.where(rows.eval_only & ~rows.leaked)
    content = (
        "# The gate of `scamscreen screen --cascade`\n\n"
        "On texts of the sets it was fitted on, of splits it was not fitted on (`certify`, `test`):\n\n"
        f"{certificate_table(artifact.manifest['gate']['certificate'])}\n"
        "On sets it has never seen, up to 500 texts of each kind; of the written test all:\n\n"
        f"{gate_markdown([*answered_by_source(artifact, unseen)])}"
        f"{lanes_markdown(artifact, unseen)}"
    )
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(content, encoding="utf-8")
    sys.stdout.write(content)


def _export(options: argparse.Namespace) -> None:
    from models.artifact import copy_artifact
    from training.export import release_artifact
    from training.hugging_face import export_hugging_face

    if options.format == "hf":
        export_hugging_face(options.artifact, options.output)
    elif options.report:
        release_artifact(options.artifact, options.report, options.output)
    else:
        copy_artifact(options.artifact, options.output)


def _evaluate(options: argparse.Namespace) -> None:
    from training.evaluate import Others, evaluate
    from training.recipe import load_recipe
    from training.report import write_report

    report = evaluate(
        load_recipe(options.recipe),
        options.artifact,
        data_root_of(options),
        options.cache,
        Others(options.previous, options.ablations),
    )
    write_report(report, options.output)


def _ablate(options: argparse.Namespace) -> None:
    from training.ablate import ablate
    from training.recipe import load_recipe

    options.run.mkdir(parents=True, exist_ok=True)
    recipe = load_recipe(options.recipe)
    ablate(
        recipe,
        options.variant,
        base=options.base,
        data_root=data_root_of(options),
        runs=options.run,
        cache=options.cache,
    )


def _attack(options: argparse.Namespace) -> None:
    from models.artifact import load_artifact
    from training.attack import artifact_flags, run_attacks
    from training.corpus import build_corpus
    from training.files import write_json
    from training.sources import written_test
    from training.table import as_table
    from training.written_test_report import count_scoring

    rows = as_table(build_corpus([written_test.SOURCE], Path()))
    artifact = load_artifact(options.artifact)
    count_scoring(artifact)
    results = run_attacks(rows, artifact_flags(artifact, options.cache))
    write_json(options.output, results)
    for result in results:
        success = result["success_macro"]
        sys.stdout.write(
            f"{result['family']:>15} {result['strength']:>5} {'' if result['normalised'] else 'raw':>4} "
            f"{'-' if success is None else f'{success:.1%}':>6}\n"
        )


def _entities(options: argparse.Namespace) -> None:
    from models.artifact import load_artifact
    from training.entity_evaluation import entity_markdown, evaluate_entities
    from training.files import write_json
    from training.written_test_report import count_scoring

    artifact = load_artifact(options.artifact)
    count_scoring(artifact)
    report = evaluate_entities(artifact, data_root_of(options), options.cache, presidio=options.presidio)
    write_json(options.output / "entities.json", report)
    (options.output / "entities.md").write_text(entity_markdown(report), encoding="utf-8")


def _corpus(options: argparse.Namespace) -> None:
    from training.corpus import load_corpus
    from training.sources import present_sources
    from training.table import as_table, count_table

    corpus = load_corpus(present_sources(data_root_of(options)), data_root_of(options), options.cache)
    sys.stdout.write(count_table(as_table(corpus)))


if __name__ == "__main__":
    sys.exit(main())
