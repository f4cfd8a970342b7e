"""An artefact -> a report: what it finds, what it flags wrongly, what a user would get from simpler tools."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.artifact import Artifact, load_artifact
from models.errors import TrainingDataError
from training import (
    ablate,
    attack,
    comparison,
    fairness,
    hand_labels,
    language_report,
    novelty,
    set_report,
    split_report,
    stress,
    written_test_report,
)
from training.corpus import load_corpus
from training.mask import mask_all
from training.recipe import Recipe
from training.scored import LEAST_POSITIVES, TEXTS_PER_SET, Scored, drawn, fit_baseline, join, score
from training.sources import present_sources
from training.table import Table, as_table

WRITTEN_TEST = "written_test"
BASELINE_FALSE_ALARMS = 0.01
SLICED = "burmese_moneyscam_nuwai"
NEWS_SET = "parallel_ntrex128"  # every line counts, not a draw

Report = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Others:
    """What to set beside the artefact under evaluation, each a folder or None.

    Attributes:
        previous: the artefact it replaces.
        ablations: of `ablate`, with `whole` and `held_out` among its variants.
    """

    previous: Path | None = None
    ablations: Path | None = None

    def load(self) -> tuple[Artifact | None, tuple[Artifact, Artifact] | None]:
        """Return the previous artefact, and the held-out one with its control, before anything takes long.

        Raises:
            ScamScreenError: one is absent or corrupt, or saw what it should not have.
        """
        previous = load_artifact(self.previous) if self.previous else None
        if self.ablations is None:
            return previous, None
        held_out, control = (
            load_artifact(self.ablations / name / "artifact") for name in ("held_out", "whole")
        )
        if "artifact" in held_out.manifest.get("started_from", {}):
            raise TrainingDataError("the held-out model went on from an artefact: it has seen everything")
        return previous, (held_out, control)


def evaluate(
    recipe: Recipe, artifact_folder: Path, data_root: Path, cache: Path, others: Others | None = None
) -> Report:
    """Score an artefact on every `test` text, plain and masked, beside two baselines.

    Per set one text per near-duplicate group and at most 700 (fewer of long texts), drawn by a fixed seed in
    proportion, but at least 100 positives where there are; rows marked `leaked` are left out and counted.
    """
    others = others or Others()
    previous, ablated = others.load()
    sources = present_sources(data_root)
    table = as_table(load_corpus(sources, data_root, cache))
    artifact = load_artifact(artifact_folder)
    test = table.where((table.split == "test") & ~table.leaked)
    sets = {source.name: drawn(test.where(test.source == source.name)) for source in sources}
    benign = {name: rows for name, rows in sets.items() if len(rows) and rows.benign.any()}
    own = join([rows.where(~rows.eval_only) for rows in sets.values()])
    two_class = {
        source: sets[source.name]
        for source in sources
        if source.measure == "two_class" and len(sets[source.name])
    }
    news = test.where(test.source == NEWS_SET)
    written = table.where(table.source == WRITTEN_TEST)
    scored = Scored(
        artifact,
        fit_baseline(recipe, table),
        plain=score(artifact, [*sets.values(), news, written], cache, "plain"),
        masked=score(artifact, [own, *two_class.values()], cache, "masked", mask_all),
    )
    report: Report = {
        "artifact": {
            "name": artifact.info.name,
            "version": artifact.info.version,
            "sha256": artifact.info.sha256,
        },
        "thresholds": artifact.calibration.thresholds,
        "certificates": artifact.manifest["certificates"],
        "vocabulary": artifact.manifest["vocabulary"],
        "texts_per_set": TEXTS_PER_SET,
        "least_positives": LEAST_POSITIVES,
        "leaked": {
            source.name: int((table.leaked & (table.source == source.name)).sum())
            for source in sources
            if (table.leaked & (table.source == source.name)).any()
        },
        "test_split": split_report.measure(scored, own),
        "false_alarms": {name: set_report.false_alarms(scored, rows) for name, rows in benign.items()},
        "ntrex_by_language": set_report.by_language(scored, news),
        "warnings": set_report.warnings(scored, sets),
        "two_class": {
            source.name: set_report.two_class(scored, source, rows) for source, rows in two_class.items()
        },
        "recall": {
            source.name: set_report.recall(scored, source, sets[source.name])
            for source in sources
            if source.measure == "recall" and len(sets[source.name])
        },
        "language_identification": language_report.measure(data_root),
        "written_test": _written_test(scored, written),
        "attacks": _attacks(scored, written, table.where(table.split == "tune"), cache),
        "stress": stress.measure(written, artifact, cache),
        "fairness": fairness.measure(written, artifact, cache),
        "hand_labelled": {
            SLICED: hand_labels.measure(SLICED, test.where(test.source == SLICED), artifact, cache)
        },
        "later_collection": set_report.later_collection(scored, sets),
        "new_texts": novelty.measure(scored, own, table.where((table.split == "train") & ~table.eval_only)),
    }
    by_source = {source: sets[source.name] for source in sources if len(sets[source.name])}
    if previous:
        report["previous"] = comparison.against(artifact, previous, by_source, written, cache)
    if ablated and others.ablations:
        report["held_out"] = comparison.never_seen(*ablated, by_source, cache)
        report["ablations"] = ablate.beside(artifact, others.ablations, test.where(~test.eval_only), cache)
    return report


def _written_test(scored: Scored, rows: Table) -> Report:
    """Every text of the independent test, none left out, and how many artefacts have been scored on it."""
    proba, roles = scored.proba(rows)
    figures = written_test_report.measure(rows, proba, roles, scored.artifact)
    return {**figures, "scorings": written_test_report.count_scoring(scored.artifact)}


def _attacks(scored: Scored, rows: Table, tune: Table, cache: Path) -> Report:
    """Every attack on the independent test, against the artefact and, beside it, the character baseline.

    The baseline's threshold is where it flags 1 % of benign `tune` texts.
    """
    quiet, _ = scored.baseline.predict(tune.where(tune.benign).distinct().text.tolist())
    theirs = attack.baseline_flags(scored.baseline, float(np.quantile(quiet, 1 - BASELINE_FALSE_ALARMS)))
    ours = attack.artifact_flags(scored.artifact, cache)
    return {
        name: attack.run_attacks(rows, flags)
        for name, flags in (("model", ours), ("character n-grams", theirs))
    }
