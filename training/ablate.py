"""What each part of training buys: one recipe, trained again and again with one part changed.

`training/ablations.toml` names the variants: what differs from the recipe, section by section. The seed is
the same; a variant differs from `whole` in nothing else. Scores are of the `test` split of the open sets and
of the written texts, so that no choice is made on the independent test or an `eval_only` set.
"""

import dataclasses
import json
import logging
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from models.artifact import Artifact, load_artifact
from models.errors import RecipeError
from training.corpus import load_corpus
from training.files import write_json
from training.flags import flagged
from training.metrics import average_precision, macro_average_precision, scam_score
from training.predict import predict
from training.recipe import Recipe
from training.run import train_trial
from training.sources import OPEN, authored, present_sources
from training.table import Table, as_table

logger = logging.getLogger(__name__)

RESULTS: Final = "ablations.json"
VARIANTS: Final = Path(__file__).with_name("ablations.toml")
TEXTS_PER_SOURCE: Final = 250
_LEAST_POSITIVES: Final = 10


def varied(recipe: Recipe, change: Mapping[str, Mapping[str, Any]]) -> Recipe:
    """Return a recipe with some keys of some sections changed.

    Raises:
        RecipeError: a section or key is unknown.
    """
    sections: dict[str, Any] = {}
    for section, keys in change.items():
        stored = getattr(recipe, section, None)
        if stored is None:
            raise RecipeError(f"ablations: no section {section!r}")
        known = set(stored) if isinstance(stored, Mapping) else {f.name for f in dataclasses.fields(stored)}
        if unknown := sorted(set(keys) - known):
            raise RecipeError(f"ablations: {section} has no {', '.join(unknown)}")
        changed = {**stored, **keys} if isinstance(stored, Mapping) else dataclasses.replace(stored, **keys)
        sections[section] = changed
    return dataclasses.replace(recipe, **sections)


def variants(path: Path = VARIANTS) -> dict[str, Mapping[str, Mapping[str, Any]]]:
    """Return name -> what it changes; `whole` changes nothing and comes first."""
    return {"whole": {}, **tomllib.loads(path.read_text(encoding="utf-8"))}


def ablate(recipe: Recipe, names: list[str], *, base: str, data_root: Path, runs: Path, cache: Path) -> None:
    """Train and score the named variants, all if none is named; writes `runs/ablations.json` as it goes.

    Raises:
        RecipeError: a name is unknown.
    """
    known = variants()
    if unknown := sorted(set(names) - set(known)):
        raise RecipeError(f"no ablation {', '.join(unknown)}: there are {', '.join(known)}")
    table = as_table(load_corpus(present_sources(data_root, OPEN), data_root, cache))
    results_file = runs / RESULTS
    for name in names or known:
        artifact = train_trial(varied(recipe, known[name]), base, data_root, runs / name, cache)
        scores = score(load_artifact(artifact), table.where(table.split == "test"), cache)
        tried = json.loads(results_file.read_text("utf-8")) if results_file.is_file() else {}
        tried[name] = scores
        in_order = {known_name: tried[known_name] for known_name in known if known_name in tried}
        write_json(results_file, in_order)
        logger.info("%s: %s", name, scores)


def beside(artifact: Artifact, runs: Path, test: Table, cache: Path) -> dict[str, dict[str, float | None]]:
    """Return the scores of an artefact, as `full`, and of the variants that were tried.

    Args:
        artifact: of a whole run.
        runs: folder of `ablate`.
        test: the same texts: `test` ones of the open sets.
        cache: of scores.
    """
    tried: dict[str, dict[str, float | None]] = json.loads((runs / RESULTS).read_text(encoding="utf-8"))
    return {"full": score(artifact, test, cache), **tried}


def score(artifact: Artifact, test: Table, cache: Path) -> dict[str, float | None]:
    """Return what an artefact finds on `test` texts: written ones and those of public sets apart."""
    written = test.where(test.source == authored.SOURCE.name).distinct()
    public = test.where(test.source != authored.SOURCE.name).distinct().at_most_per_source(TEXTS_PER_SOURCE)
    result: dict[str, float | None] = {}
    for name, rows in (("written", written), ("public", public)):
        proba, _ = predict(artifact, list(rows.text), cache, name=name).proba(artifact)
        flags = flagged(proba, rows.language.tolist(), artifact.calibration, "balanced")
        told = rows.positive | rows.benign
        result[f"{name}_any_label"] = average_precision(rows.positive[told], scam_score(proba[told]))
        result[f"{name}_false_alarms"] = float(np.asarray(flags.any(1))[rows.benign].mean())
        if name == "written":
            right = np.asarray((flags & (rows.labels > 0)).any(1))
            result["written_any_right_label"] = float(right[rows.positive].mean())
            result["written_macro"] = macro_average_precision(rows.labels > 0, proba, _LEAST_POSITIVES)
    return {key: None if value is None else round(value, 4) for key, value in result.items()}
