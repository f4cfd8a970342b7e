"""A whole training run: corpus -> vocabulary -> network -> fit -> artefact -> calibration."""

import hashlib
import json
import logging
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from models.artifact import load_artifact
from models.calibration import AT_RISK, label_proba
from models.errors import RecipeError
from models.gate import GATE_FILE
from models.language import FIRST_CLASS
from models.openvino_network import best_precision
from models.taxonomy import LABELS
from models.text import normalize
from training.calibrate import fit_role_temperature, fit_temperature, fit_thresholds, half_and_half
from training.calibrate_tokens import calibrate_tokens
from training.certify import LEAST_MESSAGES, Certificate, allowed, certified_thresholds, upper_bound
from training.corpus import load_corpus
from training.export import export_artifact, write_manifest
from training.fit import fit
from training.fit_tokens import fit_tokens, read_features
from training.gate import add_gate, can_fit
from training.network import Network, from_artifact, from_base
from training.parity import largest_difference
from training.predict import inherit_scores, predict
from training.recipe import Recipe
from training.second_reading import both_readings, read_second_readings
from training.sources import OPEN, authored, present_sources
from training.table import Table, as_table
from training.texts import Marks, TrainingTexts, role_index
from training.vocabulary import (
    TrimmedVocabulary,
    apply_trim,
    tokenizer_file,
    tokens_per_word,
    trim_vocabulary,
)

logger = logging.getLogger(__name__)
TUNE_TEXTS_PER_SOURCE = 1000
TRIAL_TEXTS_PER_SOURCE = 250
PARITY_TEXTS = 500
CERTIFY_TEXTS_PER_LANGUAGE = 1500


def train(recipe: Recipe, base: str, data_root: Path, run: Path, cache: Path) -> Path:
    """Train by a recipe and return the calibrated artefact folder, `run/artifact`.

    Reads no `eval_only` set, and no source with training texts that the recipe does not name, be it for
    thresholds or certificates.

    Raises:
        RecipeError: the recipe names a source that has no training text, or the folder holds another run.
        TrainingDataError: a source cannot be read.
    """
    network, own = fit_and_export(recipe, base, data_root, run, cache)
    artifact = run / "artifact"
    tune = own.where(own.split == "tune")
    calibrate(artifact, tune, cache)
    calibrate_tokens(artifact, written_of(tune))
    certify(artifact, own.where(own.split == "certify"), cache)
    if can_fit(own):
        add_gate(artifact, own)
    note_parity(artifact, network, list(tune.at_most(PARITY_TEXTS).text))
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
    _, own = fit_and_export(recipe, base, data_root, run, cache)
    tune = own.where(own.split == "tune").distinct().at_most_per_source(TRIAL_TEXTS_PER_SOURCE)
    calibrate(run / "artifact", tune, cache)
    return run / "artifact"


def fit_and_export(
    recipe: Recipe, base: str, data_root: Path, run: Path, cache: Path
) -> tuple[Network, Table]:
    """Fit a network, write it to `run/artifact` without calibration; return it and the texts it goes by."""
    run.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(recipe.fit.seed)  # before the new heads are drawn
    own = corpus_of(recipe, data_root, cache)
    texts = training_texts(own, second_reading=recipe.fit.second_reading)
    network, origin = start_from(base)
    claim(run, recipe, origin, texts)
    vocabulary = _vocabulary(recipe, base, texts.texts, run)
    apply_trim(network, vocabulary)
    texts_per_epoch = dict(recipe.texts_per_epoch)
    progress = fit(network, vocabulary.tokenizer(), texts, recipe.fit, texts_per_epoch, run=run)
    logger.info("fitted: %d steps, last loss %.3f", progress.step, float(np.mean(progress.losses[-50:])))
    fit_tokens_of(network, vocabulary.tokenizer(), texts, recipe, run)
    pieces = {"pieces": len(vocabulary.kept), "tokens_per_word": _tokens_per_word(base, vocabulary, own)}
    artifact = run / "artifact"
    export_artifact(network, vocabulary.tokenizer_json, recipe, artifact, vocabulary=pieces)
    write_manifest(artifact, {**load_artifact(artifact).manifest, "started_from": origin})
    return network, own


def fit_tokens_of(
    network: Network, tokenizer: Tokenizer, texts: TrainingTexts, recipe: Recipe, run: Path
) -> None:
    """Fit the token heads of a network, in place, on what its encoder says by now of the marked texts."""
    if not any(marks.indicators or marks.entity_types for marks in texts.marks):
        return
    kept = run / "token_features.f16"
    losses = fit_tokens(network, read_features(network, tokenizer, texts, recipe.tokens, kept), recipe.tokens)
    kept.unlink()
    logger.info("token heads fitted: %d steps, last loss %.3f", len(losses), float(np.mean(losses[-50:])))


def corpus_of(recipe: Recipe, data_root: Path, cache: Path) -> Table:
    """Return the texts of the sources a run reads, all splits."""
    corpus = as_table(load_corpus(present_sources(data_root, OPEN), data_root, cache))
    return corpus.where(np.isin(corpus.source, sources_of(recipe)))


def written_of(table: Table) -> Table:
    """Return the written texts of a table, which alone have every mark, one of each near-duplicate group."""
    return table.where(table.source == authored.SOURCE.name).distinct()


def sources_of(recipe: Recipe) -> list[str]:
    """Return the sources a run reads: those its recipe names, and those that only certify."""
    named = [name for name, count in recipe.texts_per_epoch.items() if count]
    return named + [source.name for source in OPEN if not source.parts[0]]


def claim(run: Path, recipe: Recipe, origin: Mapping[str, object], data: TrainingTexts) -> None:
    """Note in a run folder what the run is, so that another recipe, base or corpus never resumes it.

    Raises:
        RecipeError: the folder holds another run.
    """
    digest = hashlib.sha256()
    for text in data.texts:
        digest.update(text.encode("utf-8", "surrogatepass") + b"\0")
    for known in (data.labels, data.mask, data.any_of, data.roles):
        digest.update(known.numpy().tobytes())
    content = json.dumps(
        {"recipe": asdict(recipe), "started_from": dict(origin), "texts": digest.hexdigest()}, indent=1
    )
    note = run / "run.json"
    if note.is_file() and note.read_text(encoding="utf-8") != content:
        raise RecipeError(f"{run} holds a run of another recipe, base or corpus: choose another folder")
    note.write_text(content, encoding="utf-8")


def start_from(base: str) -> tuple[Network, dict[str, object]]:
    """Return a network on an encoder with new heads, or an artefact's with its own, and what it came from.

    Args:
        base: folder or hub id of an encoder, or the folder of an artefact, to train it further.
    """
    if not (Path(base) / "manifest.json").is_file():
        return from_base(base), {"encoder": Path(base).name}
    artifact = load_artifact(Path(base))
    info, recipe = artifact.info, artifact.manifest["recipe"]
    origin: dict[str, object] = {"artifact": info.name, "version": info.version, "sha256": info.sha256}
    if "started_from" in artifact.manifest:  # its own beginnings, so that the chain can be run again
        origin |= {"recipe": recipe, "started_from": artifact.manifest["started_from"]}
    return from_artifact(Path(base)), origin


def training_texts(table: Table, *, second_reading: float = 0.0) -> TrainingTexts:
    """Return the `train` rows of a corpus as the fit reads them.

    Args:
        table: with all splits.
        second_reading: share of a written text's labels that its second reader decides.
    """
    rows = table.where(table.split == "train")
    second = read_second_readings() if second_reading else {}
    again = [
        second.get(key) if source == authored.SOURCE.name else None
        for key, source in zip(rows.key, rows.source, strict=True)
    ]
    entity_types = {source.name: source.entity_types for source in OPEN}
    labels, roles = both_readings(rows.labels, list(rows.role), again, second_reading)
    return TrainingTexts(
        texts=list(rows.text),
        labels=torch.from_numpy(labels),
        mask=torch.from_numpy(rows.mask),
        any_of=torch.from_numpy(rows.any_of),
        roles=torch.tensor([role_index(role) for role in roles]),
        sources=list(rows.source),
        strata=[
            f"{language}{'+' if positive else '-'}"
            for language, positive in zip(rows.language, rows.positive, strict=True)
        ],
        languages=list(rows.language),
        pairs=list(rows.pair),
        marks=[
            Marks(spans, indicators=True, entity_types=authored.complete_types(key))
            if source == authored.SOURCE.name
            else Marks(spans, indicators=False, entity_types=entity_types.get(source, frozenset()))
            for spans, source, key in zip(rows.spans, rows.source, rows.key, strict=True)
        ],
    )


def calibrate(artifact_folder: Path, tune: Table, cache: Path) -> None:
    """Fit temperatures and thresholds on `tune` texts and write them into the manifest."""
    artifact = load_artifact(artifact_folder)
    rows = tune.distinct().at_most_per_source(TUNE_TEXTS_PER_SOURCE)
    scores = predict(artifact, list(rows.text), cache, name="tune")
    weights = half_and_half(rows.source == authored.SOURCE.name)
    temperature, bias = fit_temperature(scores.label_logits, rows.labels, rows.mask > 0, weights)
    roles = np.array([role_index(role) for role in rows.role])
    role_temperature = fit_role_temperature(scores.role_logits, roles)
    manifest = dict(artifact.manifest)
    manifest["calibration"] = {
        "temperature": {
            code: round(float(value), 4) for code, value in zip(LABELS, temperature, strict=True)
        },
        "bias": {code: round(float(value), 4) for code, value in zip(LABELS, bias, strict=True)},
        "role_temperature": round(role_temperature, 4),
    }
    write_manifest(artifact_folder, manifest)
    proba = label_proba(scores.label_logits, load_artifact(artifact_folder).calibration)
    at_risk = rows.held[:, LABELS.index(AT_RISK)]
    strata = [f"{source}/{language}" for source, language in zip(rows.source, rows.language, strict=True)]
    manifest["thresholds"] = fit_thresholds(proba, rows.benign, strata, at_risk)
    write_manifest(artifact_folder, manifest)


def certify(artifact_folder: Path, table: Table, cache: Path) -> None:
    """Write certificates into the manifest, for every language with benign `certify` texts enough."""
    artifact = load_artifact(artifact_folder)
    register = {source.name: source.register for source in OPEN}
    benign = table.where(table.benign).distinct()
    certificates = {}
    for language in artifact.languages:
        rows = benign.where(benign.language == language).at_most(CERTIFY_TEXTS_PER_LANGUAGE)
        reported = sum(register[source] != "other" for source in rows.source)
        k = allowed(len(rows))
        if k is None or reported < LEAST_MESSAGES:
            logger.info(
                "%s: %d benign texts, %d of them messages: no certificate", language, len(rows), reported
            )
            continue
        proba = predict(artifact, list(rows.text), cache, name=f"certify-{language}").proba(artifact)[0]
        certificates[language] = Certificate(
            n=len(rows),
            k=k,
            bound=upper_bound(k, len(rows)),
            thresholds=certified_thresholds(proba, artifact.calibration.thresholds["balanced"], k),
            sources=Counter(rows.source.tolist()),
        ).to_dict()
    write_manifest(artifact_folder, {**artifact.manifest, "certificates": certificates})


def note_parity(artifact_folder: Path, trained: Network, texts: list[str]) -> None:
    """Write into the manifest how far the shipped path is from torch in float32.

    Two numbers: against the artefact's own weights (what the runtime and its precision cost) and against the
    network as it was before its weights were rounded to int8.
    """
    artifact = load_artifact(artifact_folder)
    runtime = largest_difference(from_artifact(artifact_folder), artifact, texts)
    rounding = largest_difference(trained, artifact, texts)
    logger.info(
        "largest probability difference on %d texts: torch %.4f, before rounding %.4f",
        len(texts),
        runtime,
        rounding,
    )
    parity = {
        "texts": len(texts),
        "precision": best_precision(),
        "torch_float32": round(runtime, 5),
        "before_rounding": round(rounding, 5),
    }
    write_manifest(artifact_folder, {**artifact.manifest, "parity": parity})


def _tokens_per_word(base: str, vocabulary: TrimmedVocabulary, table: Table) -> dict[str, list[float]]:
    """Return language -> tokens per word before and after trimming, over `tune` texts."""
    rows = table.where(table.split == "tune")
    words_of = {
        language: [normalize(text).text for text in rows.where(rows.language == language).at_most(300).text]
        for language in FIRST_CLASS
    }
    before = tokens_per_word(Tokenizer.from_file(str(tokenizer_file(base))), words_of)
    after = tokens_per_word(vocabulary.tokenizer(), words_of)
    return {language: [before[language], after[language]] for language in FIRST_CLASS}


def _vocabulary(recipe: Recipe, base: str, train: Sequence[str], run: Path) -> TrimmedVocabulary:
    """Return the trimmed vocabulary, kept in the run folder so that a resumed run has the same."""
    stored = run / "vocabulary.json"
    if stored.is_file():
        content = json.loads(stored.read_text(encoding="utf-8"))
        return TrimmedVocabulary(content["tokenizer_json"], tuple(content["kept"]))
    vocabulary = trim_vocabulary(base, list(train), recipe.vocabulary.size)
    stored.write_text(
        json.dumps({"tokenizer_json": vocabulary.tokenizer_json, "kept": vocabulary.kept}), encoding="utf-8"
    )
    return vocabulary
