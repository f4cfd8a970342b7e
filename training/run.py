"""A whole training run: corpus -> vocabulary -> network -> fit -> artefact -> calibration."""

import logging
import shutil
from collections import Counter
from collections.abc import Mapping
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from tokenizers import Tokenizer

from models.artifact import Artifact, load_artifact
from models.gate import GATE_FILE
from models.taxonomy import LABELS
from training.added import check_added, rows_of, spoken_of, taught_by, texts_per_epoch, tune_rows
from training.batches import epoch_counts
from training.calibrate_added import calibrate_added
from training.calibrate_tokens import calibrate_tokens
from training.checkpoint import Progress
from training.example import Source
from training.export import export_artifact, write_manifest
from training.finish import TUNE_TEXTS_PER_SOURCE, calibrate, certify, note_parity
from training.fit import fit
from training.fit_tokens import fit_tokens, read_features
from training.gate import add_gate, can_fit
from training.grow import new_labels
from training.left_out import LeftOut
from training.mlflow_run import MlflowRun
from training.network import Network, from_artifact
from training.place import ALONE, Place, find_place
from training.predict import inherit_scores
from training.recipe import Recipe
from training.run_log import note_environment
from training.run_texts import corpus_of, training_texts, written_of
from training.start import (
    as_of_today,
    claim,
    is_artifact,
    start_from,
    vocabulary_note,
    vocabulary_of,
    warn_of_unknown,
)
from training.stopping import TuneTexts
from training.table import Table
from training.texts import Taught, TrainingTexts
from training.vocabulary import TrimmedVocabulary, apply_trim

logger = logging.getLogger(__name__)
TRIAL_TEXTS_PER_SOURCE = 250
PARITY_TEXTS = 500


@dataclass(frozen=True, slots=True)
class Extra:
    """What a run may have beside its recipe, its base and its sources.

    Attributes:
        added: sets that it learns from as well.
        left_out: texts that it must not see.
        mlflow: experiment of MLflow that is told of its figures, or "".
    """

    added: tuple[Source, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    mlflow: str = ""


NOTHING_EXTRA: Final = Extra()


def train(
    recipe: Recipe,
    base: str,
    data_root: Path | None,
    run: Path,
    cache: Path,
    *,
    extra: Extra = NOTHING_EXTRA,
) -> Path:
    """Train by a recipe and return the calibrated artefact folder, `run/artifact`.

    Reads no `eval_only` set, and no source with training texts that the recipe does not name, be it for
    thresholds or certificates. Added sets are trained and tuned on and certify nothing: how many of their
    texts are benign says nothing about all of a language.

    Args:
        recipe: what to do.
        base: folder or hub id of an encoder, or the folder of an artefact.
        data_root: of the public sources; None for what the package has.
        run: folder of the run; one that was broken off goes on.
        cache: folder of what can be computed again.
        extra: added sets and the like.

    Raises:
        RecipeError: the recipe names a source that has no training text, or the folder holds another run.
        TrainingDataError: a source cannot be read, or a label of an added set cannot be learnt from it.
    """
    place = find_place()
    artifact = run / "artifact"
    begun = fit_and_export(recipe, base, data_root, run, cache, extra=extra, place=place)
    place.leave()
    if not place.first:
        return artifact
    own, tune = begun.own, begun.own.where(begun.own.split == "tune")
    if begun.earlier is not None and extra.added:
        some = tune.distinct().at_most_per_source(TUNE_TEXTS_PER_SOURCE)
        calibrate_added(artifact, begun.earlier, some, free=begun.free, added=extra.added, cache=cache)
    else:
        calibrate(artifact, tune, cache)
    calibrate_tokens(artifact, written_of(tune))
    certify(artifact, own.where((own.split == "certify") & ~rows_of(own, extra.added)), cache)
    if can_fit(own):
        add_gate(artifact, own)
    note_parity(artifact, begun.network, list(tune.at_most(PARITY_TEXTS).text))
    return artifact


def train_tokens(recipe: Recipe, base: Path, data_root: Path, run: Path, cache: Path) -> Path:
    """Fit the token heads of an artefact anew and return the new artefact, `run/artifact`.

    Its labels, roles, thresholds, certificates and gate are those of `base`, and so is what a report says of
    them.
    """
    run.mkdir(parents=True, exist_ok=True)
    network, kept = from_artifact(base), load_artifact(base).manifest
    tokenizer_json = (base / "tokenizer.json").read_text(encoding="utf-8")
    own = corpus_of(recipe, data_root, cache)
    fit_tokens_of(network, Tokenizer.from_str(tokenizer_json), training_texts(own), recipe, run)
    artifact = run / "artifact"
    export_artifact(network, tokenizer_json, recipe, artifact, vocabulary=kept["vocabulary"])
    if "gate" in kept:
        shutil.copyfile(base / GATE_FILE, artifact / GATE_FILE)
    names = ("calibration", "thresholds", "certificates", "started_from", "gate")
    same = {name: kept[name] for name in names if name in kept}
    write_manifest(artifact, {**load_artifact(artifact).manifest, **same})
    tune = own.where(own.split == "tune")
    calibrate_tokens(artifact, written_of(tune))
    some = list(tune.at_most(PARITY_TEXTS).text)
    note_parity(artifact, network, some)
    inherit_scores(load_artifact(base), load_artifact(artifact), some, cache)
    return artifact


def train_trial(recipe: Recipe, base: str, data_root: Path, run: Path, cache: Path) -> Path:
    """Train as `train` does, but calibrate on fewer texts and certify nothing: good enough to compare."""
    own = fit_and_export(recipe, base, data_root, run, cache).own
    tune = own.where(own.split == "tune").distinct().at_most_per_source(TRIAL_TEXTS_PER_SOURCE)
    calibrate(run / "artifact", tune, cache)
    return run / "artifact"


@dataclass(frozen=True, slots=True)
class Begun:
    """What a run has before its first step; its network is fitted in place.

    Attributes:
        network: on the vocabulary.
        vocabulary: of the network.
        origin: what the manifest says it started from.
        note: what the manifest says of the vocabulary.
        own: the texts that the run goes by, all splits.
        texts: those it learns from.
        counts: source -> how many of its texts an epoch reads.
        earlier: the artefact it started from, or None.
        free: labels that need not stay what that artefact made of them.
        taught: what that artefact says of `texts`, where the network is to say the same; or None.
    """

    network: Network
    vocabulary: TrimmedVocabulary
    origin: Mapping[str, object]
    note: Mapping[str, Any]
    own: Table
    texts: TrainingTexts
    counts: dict[str, int]
    earlier: Artifact | None
    free: frozenset[str]
    taught: Taught | None


def fit_and_export(
    recipe: Recipe,
    base: str,
    data_root: Path | None,
    run: Path,
    cache: Path,
    *,
    extra: Extra = NOTHING_EXTRA,
    place: Place = ALONE,
) -> Begun:
    """Fit a network and write it to `run/artifact` without calibration."""
    run.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(recipe.fit.seed)  # before the new heads are drawn
    with place.first_alone():
        begun = _begin(recipe, base, data_root, run, cache=cache, extra=extra)
    progress = _fit(recipe, begun, run, extra, place)
    if place.first:
        last = float(np.mean(progress.losses[-50:]))
        logger.info("fitted: %d steps, last loss %.3f", progress.step, last)
        network, vocabulary = begun.network, begun.vocabulary
        fit_tokens_of(network, vocabulary.tokenizer(), begun.texts, recipe, run)
        network.cpu()
        artifact = run / "artifact"
        export_artifact(network, vocabulary.tokenizer_json, recipe, artifact, vocabulary=begun.note)
        seen = {"started_from": begun.origin, **_seen(begun.own, extra)}
        write_manifest(artifact, {**load_artifact(artifact).manifest, **seen})
    return begun


def _begin(
    recipe: Recipe, base: str, data_root: Path | None, run: Path, *, cache: Path, extra: Extra
) -> Begun:
    """Read all that a run needs, and claim its folder."""
    added = extra.added
    own = corpus_of(recipe, data_root, cache, added=added, left_out=extra.left_out)
    check_added(own, added)
    texts = training_texts(own, second_reading=recipe.fit.second_reading)
    base = as_of_today(base, run)
    network, origin = start_from(base)
    claim(run, recipe, origin, texts)
    vocabulary = vocabulary_of(recipe, base, texts.texts, run)
    earlier = load_artifact(Path(base)) if is_artifact(base) else None
    free = spoken_of(own, added) | (new_labels(earlier.manifest) if earlier else frozenset())
    counts = texts_per_epoch(recipe, own, added)
    taught = None
    if earlier and added and recipe.fit.kept_weight:
        drawn = epoch_counts(texts, recipe.fit, counts) > 0
        taught = taught_by(earlier, texts, drawn, free=free, added=added, cache=cache)
    apply_trim(network, vocabulary)
    note = vocabulary_note(base, vocabulary, own)
    return Begun(network, vocabulary, origin, note, own, texts, counts, earlier, free, taught)


def _fit(recipe: Recipe, begun: Begun, run: Path, extra: Extra, place: Place) -> Progress:
    """Fit the network of a run, scored on `tune` texts if the recipe says so; return where it ended."""
    tokenizer = begun.vocabulary.tokenizer()
    tune = None
    if recipe.fit.tune_texts:
        rows, parts = tune_rows(begun.own, recipe, extra.added)
        tune = TuneTexts(training_texts(rows, split="tune"), parts)
    if place.first:
        note_environment(run, place)
        warn_of_unknown(tokenizer, begun.own.where(rows_of(begun.own, extra.added)))
    tracking: AbstractContextManager[MlflowRun | None] = nullcontext()
    if extra.mlflow and place.first:
        tracking = closing(MlflowRun(extra.mlflow, run, recipe))
    with tracking as tracker:
        return fit(
            begun.network,
            tokenizer,
            begun.texts,
            recipe.fit,
            begun.counts,
            run=run,
            tune=tune,
            taught=begun.taught,
            place=place,
            tracker=tracker,
        )


def _seen(own: Table, extra: Extra) -> dict[str, Any]:
    """Return what the manifest says of added sets and of what was left out."""
    added = {}
    for source in extra.added:
        rows = own.where(own.source == source.name)
        holds = {code: int(rows.held[:, LABELS.index(code)].sum()) for code in spoken_of(rows, [source])}
        splits = Counter(rows.split.tolist())
        added[source.name] = {"texts": dict(sorted(splits.items())), "labels": dict(sorted(holds.items()))}
    left_out = [one.to_dict() for one in extra.left_out]
    return {name: value for name, value in (("added", added), ("left_out", left_out)) if value}


def fit_tokens_of(
    network: Network, tokenizer: Tokenizer, texts: TrainingTexts, recipe: Recipe, run: Path
) -> None:
    """Fit the token heads of a network, in place, on what its encoder says by now of the marked texts."""
    if not recipe.tokens.epochs or not any(marks.indicators or marks.entity_types for marks in texts.marks):
        return
    kept = run / "token_features.f16"
    losses = fit_tokens(network, read_features(network, tokenizer, texts, recipe.tokens, kept), recipe.tokens)
    kept.unlink()
    logger.info("token heads fitted: %d steps, last loss %.3f", len(losses), float(np.mean(losses[-50:])))
