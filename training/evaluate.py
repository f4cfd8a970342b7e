"""An artefact -> a report: what it finds, what it flags wrongly, what a user would get from simpler tools."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.artifact import Artifact, load_artifact
from models.calibration import AT_RISK
from models.errors import TrainingDataError
from models.language import FIRST_CLASS
from models.screening import OPERATING_POINTS, OperatingPoint
from models.taxonomy import LABELS, ROLES
from training import (
    attack,
    comparison,
    fairness,
    hand_labels,
    language_report,
    stress,
    written_test_report,
)
from training.baselines import CharacterBaseline, keyword_score
from training.comparison import columns_of, judged
from training.corpus import load_corpus
from training.example import Source
from training.fit import epoch_counts
from training.flags import flagged, right_and_wrong
from training.mask import mask_all
from training.metrics import (
    BoolArray,
    FloatArray,
    Share,
    average_precision,
    paired_bootstrap,
    recall_at_false_alarms,
    reliability,
    scam_score,
)
from training.novelty import CLOSEST, unlike
from training.predict import predict
from training.recipe import Recipe
from training.run import training_texts
from training.sources import present_sources
from training.table import Table, as_table

logger = logging.getLogger(__name__)

TEXTS_PER_SET = 700
CHARACTERS_PER_SET = 120_000  # sets of long texts (calls, e-mails) are scored on fewer
LEAST_TEXTS_PER_SET = 300
LEAST_POSITIVES = 100  # a draw holds at least so many positives, if the set does; else intervals say nothing
MIN_POSITIVES = 20
NOVEL_TEXTS_PER_SOURCE = 200
SHORT_CHARACTERS = 60
WRITTEN_TEST = "written_test"
BASELINE_FALSE_ALARMS = 0.01
SLICED = "burmese_moneyscam_nuwai"
COLLECTIONS = ("id_sms_spam_michaelchen", "id_sms_spam_2nd_collection")
NEWS_SET = "parallel_ntrex128"  # every line counts, not a draw

Report = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Bench:
    """What every part of the evaluation needs. `plain` and `masked` map a text to its row of scores."""

    artifact: Artifact
    baseline: CharacterBaseline
    plain: dict[str, tuple[FloatArray, FloatArray]]
    masked: dict[str, tuple[FloatArray, FloatArray]]

    def proba(self, table: Table, *, masked: bool = False) -> tuple[FloatArray, FloatArray]:
        """Return (n, n_labels) and (n, n_roles) probabilities."""
        scores = [(self.masked if masked else self.plain)[text] for text in table.text]
        return np.array([labels for labels, _ in scores]), np.array([roles for _, roles in scores])

    def flagged(self, rows: Table, point: OperatingPoint) -> BoolArray:
        """Return (n, n_labels) labels over their threshold."""
        return flagged(self.proba(rows)[0], rows.language.tolist(), self.artifact.calibration, point)


@dataclass(frozen=True, slots=True)
class Others:
    """Artefacts to set beside the one under evaluation, each a folder or None.

    Attributes:
        previous: the one it replaces.
        held_out: one whose recipe leaves sources out.
        control: one trained as `held_out` was, but on all sources.
    """

    previous: Path | None = None
    held_out: Path | None = None
    control: Path | None = None

    def load(self) -> tuple[Artifact | None, Artifact | None, Artifact | None]:
        """Return them, before anything takes long.

        Raises:
            ScamScreenError: one is absent or corrupt, or saw what it should not have.
        """
        previous, held_out, control = (
            load_artifact(folder) if folder else None
            for folder in (self.previous, self.held_out, self.control)
        )
        if held_out and "artifact" in held_out.manifest.get("started_from", {}):
            raise TrainingDataError("the held-out model went on from an artefact: it has seen everything")
        return previous, held_out, control


def evaluate(
    recipe: Recipe, artifact_folder: Path, data_root: Path, cache: Path, others: Others | None = None
) -> Report:
    """Score an artefact on every `test` text, plain and masked, beside two baselines.

    Per set one text per near-duplicate group and at most 700 (fewer of long texts), drawn by a fixed seed in
    proportion, but at least 100 positives where there are; rows marked `leaked` are left out and counted.
    """
    others = others or Others()
    previous, held_out, control = others.load()
    sources = present_sources(data_root)
    table = as_table(load_corpus(sources, data_root, cache))
    artifact = load_artifact(artifact_folder)
    test = table.where((table.split == "test") & ~table.leaked)
    sets = {source.name: drawn(test.where(test.source == source.name)) for source in sources}
    benign = {name: rows for name, rows in sets.items() if len(rows) and rows.benign.any()}
    own = _join([rows.where(~rows.eval_only) for rows in sets.values()])
    two_class = {
        source: sets[source.name]
        for source in sources
        if source.measure == "two_class" and len(sets[source.name])
    }
    news = test.where(test.source == NEWS_SET)
    written = table.where(table.source == WRITTEN_TEST)
    bench = _Bench(
        artifact,
        _fit_baseline(recipe, table),
        plain=_scored(artifact, [*sets.values(), news, written], cache, "plain"),
        masked=_scored(artifact, [own, *two_class.values()], cache, "masked", mask_all),
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
        "test_split": _test_split(bench, own),
        "false_alarms": {name: _false_alarms(bench, rows) for name, rows in benign.items()},
        "ntrex_by_language": _by_language(bench, news),
        "warnings": _warnings(bench, sets),
        "two_class": {source.name: _two_class(bench, source, rows) for source, rows in two_class.items()},
        "recall": {
            source.name: _recall(bench, source, sets[source.name])
            for source in sources
            if source.measure == "recall" and len(sets[source.name])
        },
        "language_identification": language_report.measure(data_root),
        "written_test": _written_test(bench, written),
        "attacks": _attacks(bench, written, table.where(table.split == "tune"), cache),
        "stress": stress.measure(written, artifact, cache),
        "fairness": fairness.measure(written, artifact, cache),
        "hand_labelled": {
            SLICED: hand_labels.measure(SLICED, test.where(test.source == SLICED), artifact, cache)
        },
        "later_collection": _later_collection(bench, sets),
        "new_texts": _new_texts(bench, own, table.where((table.split == "train") & ~table.eval_only)),
    }
    by_source = {source: sets[source.name] for source in sources if len(sets[source.name])}
    if previous:
        report["previous"] = comparison.against(artifact, previous, by_source, written, cache)
    if held_out:
        report["held_out"] = comparison.never_seen(held_out, control, by_source, cache)
    return report


def _later_collection(bench: _Bench, sets: dict[str, Table]) -> Report:
    """Fraud found and promotions flagged, at `balanced`, in two collections of one set, the second later."""
    result: Report = {}
    for name in COLLECTIONS:
        if name not in sets or not len(sets[name]):
            continue
        flags = np.asarray(bench.flagged(sets[name], "balanced").any(1))
        positive, promotion = sets[name].positive, sets[name].benign & (sets[name].role == "offer")
        result[name] = {
            "recall": Share.of(flags, positive).to_dict(),
            "promotions_flagged": Share.of(flags, promotion).to_dict(),
        }
    return result


def _new_texts(bench: _Bench, own: Table, train: Table) -> Report:
    """Average precision of the scam score on `test` texts unlike every training text, beside all of them."""
    told = own.where(own.positive | own.benign).at_most_per_source(NOVEL_TEXTS_PER_SOURCE)
    new = unlike(list(told.text), list(train.text))
    ours = scam_score(bench.proba(told)[0])
    flags = np.asarray(bench.flagged(told, "balanced").any(1))
    return {
        "closest": CLOSEST,
        **{
            name: {
                "n": int(rows.sum()),
                "positives": int(told.positive[rows].sum()),
                "average_precision": _round(average_precision(told.positive[rows], ours[rows])),
                "recall": Share.of(flags, rows & told.positive).to_dict(),
                "false_alarms": Share.of(flags, rows & told.benign).to_dict(),
            }
            for name, rows in (("all", np.ones(len(told), dtype=bool)), ("new", new))
        },
    }


def _written_test(bench: _Bench, rows: Table) -> Report:
    """Every text of the independent test, none left out, and how many artefacts have been scored on it."""
    proba, roles = bench.proba(rows)
    figures = written_test_report.measure(rows, proba, roles, bench.artifact)
    return {**figures, "scorings": written_test_report.count_scoring(bench.artifact)}


def _attacks(bench: _Bench, rows: Table, tune: Table, cache: Path) -> Report:
    """Every attack on the independent test, against the artefact and, beside it, the character baseline.

    The baseline's threshold is where it flags 1 % of benign `tune` texts.
    """
    quiet, _ = bench.baseline.predict(tune.where(tune.benign).distinct().text.tolist())
    theirs = attack.baseline_flags(bench.baseline, float(np.quantile(quiet, 1 - BASELINE_FALSE_ALARMS)))
    ours = attack.artifact_flags(bench.artifact, cache)
    return {
        name: [
            result
            for normalised in (True, False)
            for result in attack.run_attacks(rows, flags, normalised=normalised)
        ]
        for name, flags in (("model", ours), ("character n-grams", theirs))
    }


def _scored(
    artifact: Artifact,
    tables: list[Table],
    cache: Path,
    name: str,
    change: Callable[[str], str] | None = None,
) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Score every distinct text once; the cache file is keyed by weights and texts."""
    texts = list(dict.fromkeys(text for table in tables for text in table.text))
    labels, roles = predict(artifact, texts, cache, change=change, name=name).proba(artifact)
    return dict(zip(texts, zip(labels, roles, strict=True), strict=True))


def _fit_baseline(recipe: Recipe, table: Table) -> CharacterBaseline:
    """Train the character baseline on the texts the network read, weighted by how often."""
    texts = training_texts(table.where(~table.eval_only))
    counts = epoch_counts(texts, recipe.fit, dict(recipe.texts_per_epoch))
    rows = np.flatnonzero(counts)
    logger.info("baseline: %d texts", len(rows))
    baseline = CharacterBaseline()
    baseline.fit(
        [texts.texts[row] for row in rows.tolist()],
        texts.labels.numpy()[rows],
        texts.mask.numpy()[rows],
        texts.any_of.numpy()[rows],
        counts[rows].astype(np.float32),
    )
    return baseline


def drawn(rows: Table) -> Table:
    """One text per group, as many as the set's budget allows, in proportion but for `LEAST_POSITIVES`."""
    distinct = rows.distinct()
    if not len(distinct):
        return distinct
    mean_chars = float(np.mean([len(text) for text in distinct.text]))
    budget = max(LEAST_TEXTS_PER_SET, min(TEXTS_PER_SET, int(CHARACTERS_PER_SET / mean_chars)))
    positive = distinct.where(distinct.positive)
    in_proportion = round(budget * len(positive) / len(distinct))
    positive = positive.at_most(max(LEAST_POSITIVES, in_proportion))
    return _join([positive, distinct.where(~distinct.positive).at_most(max(0, budget - len(positive)))])


def _join(tables: list[Table]) -> Table:
    return Table(
        **{name: np.concatenate([getattr(table, name) for table in tables]) for name in Table.__slots__}
    )


def _test_split(bench: _Bench, rows: Table) -> Report:
    """Label by label on the `test` split of the open sets and the written corpus."""
    proba, roles = bench.proba(rows)
    any_label, baseline = bench.baseline.predict(list(rows.text))
    masked, _ = bench.proba(rows, masked=True)
    labels: dict[str, Report] = {}
    for index, code in enumerate(LABELS):
        known = rows.mask[:, index] > 0
        truth = rows.labels[known, index] > 0
        if not truth.any():
            continue
        labels[code] = {
            "n": int(known.sum()),
            "positives": int(truth.sum()),
            "prevalence": round(float(truth.mean()), 5),
            "average_precision": _round(average_precision(truth, proba[known, index])),
            "average_precision_masked": _round(average_precision(truth, masked[known, index])),
            "recall_at_1_percent": _round(recall_at_false_alarms(truth, proba[known, index])),
            "baseline_average_precision": _round(average_precision(truth, baseline[known, index])),
            "reliability": [[_round(p), _round(t), n] for p, t, n in reliability(truth, proba[known, index])],
        }
    enough = [entry for entry in labels.values() if entry["positives"] >= MIN_POSITIVES]
    told = rows.positive | rows.benign
    truth = rows.positive[told]
    ours = scam_score(proba)[told]
    written = rows.source == "authored"
    known_role = rows.role != ""
    role_truth = np.array([ROLES.index(role) if role else -1 for role in rows.role])
    return {
        "n": len(rows),
        "labels": labels,
        "macro_average_precision": _round(float(np.mean([entry["average_precision"] for entry in enough]))),
        "baseline_macro_average_precision": _round(
            float(np.mean([e["baseline_average_precision"] for e in enough]))
        ),
        "labels_in_macro": len(enough),
        "any_label": _compare(truth, ours, any_label[told], rows.near[told]),
        "any_label_masked": _round(average_precision(truth, scam_score(masked)[told])),
        "keyword_average_precision": _round(average_precision(truth, keyword_score(list(rows.text[told])))),
        "role_accuracy": Share.of(roles.argmax(1) == role_truth, known_role).to_dict(),
        "role_accuracy_written": Share.of(roles.argmax(1) == role_truth, written).to_dict(),
        "written_by_language": _written_by_language(bench, rows.where(written)),
        "written_short": _right_on_short(bench, rows.where(written)),
        "language_x_label": _language_by_label(rows, proba),
        "person_at_risk_recall_screening": _at_risk(bench, rows),
    }


def _at_risk(bench: _Bench, rows: Table) -> Report:
    column = LABELS.index(AT_RISK)
    pleas = rows.where(rows.labels[:, column] > 0)
    return Share(int(bench.flagged(pleas, "screening")[:, column].sum()), len(pleas)).to_dict()


def _written_by_language(bench: _Bench, rows: Table) -> Report:
    flags = bench.flagged(rows, "balanced")
    return {
        language: right_and_wrong(rows.where(rows.language == language), flags[rows.language == language])
        for language in FIRST_CLASS
    }


def _right_on_short(bench: _Bench, rows: Table) -> Report:
    """Any right label at `balanced` on written positives of at most 60 characters."""
    short = np.array([len(text) <= SHORT_CHARACTERS for text in rows.text]) & rows.positive
    right = np.asarray((bench.flagged(rows, "balanced") & (rows.labels > 0)).any(1))
    return Share.of(right, short).to_dict()


def _language_by_label(rows: Table, proba: FloatArray) -> Report:
    """Average precision by language and label; None where there are fewer than 3 positives."""
    result: Report = {}
    for language in FIRST_CLASS:
        cells = {}
        for index, code in enumerate(LABELS):
            known = (rows.language == language) & (rows.mask[:, index] > 0)
            truth = rows.labels[known, index] > 0
            cells[code] = _round(average_precision(truth, proba[known, index])) if truth.sum() >= 3 else None
        result[language] = cells
    return result


def _false_alarms(bench: _Bench, rows: Table) -> Report:
    quiet = rows.where(rows.benign)
    flags = {point: np.asarray(bench.flagged(quiet, point).any(1)) for point in OPERATING_POINTS}
    result: Report = {
        point: Share(int(flags[point].sum()), len(quiet)).to_dict() for point in OPERATING_POINTS
    }
    result["eval_only"] = bool(quiet.eval_only.all())
    result["by_language"] = {
        str(language): Share.of(flags["balanced"], quiet.language == language).to_dict()
        for language in sorted(set(quiet.language))
    }
    return result


def _by_language(bench: _Bench, rows: Table) -> Report:
    flags = np.asarray(bench.flagged(rows, "balanced").any(1))
    return {
        str(language): Share.of(flags, rows.language == language).to_dict()
        for language in sorted(set(rows.language))
    }


def _warnings(bench: _Bench, sets: dict[str, Table]) -> Report:
    """False alarms at `balanced` on texts of role `warning`: news, advisories, education about scams."""
    rows = _join([table.where((table.role == "warning") & table.benign) for table in sets.values()])
    return Share(int(bench.flagged(rows, "balanced").any(1).sum()), len(rows)).to_dict()


def _two_class(bench: _Bench, source: Source, rows: Table) -> Report:
    """Average precision of the scam score over the source's labels, beside the baselines."""
    columns = columns_of(source)
    rows, truth = judged(rows, columns)
    proba, _ = bench.proba(rows)
    masked, _ = bench.proba(rows, masked=True)
    any_label, _ = bench.baseline.predict(list(rows.text))
    any_masked, _ = bench.baseline.predict([mask_all(text) for text in rows.text])
    ours = scam_score(proba, columns)
    return {
        "eval_only": bool(rows.eval_only.all()),
        "languages": sorted(set(rows.language)),
        **_compare(truth, ours, any_label, rows.near),
        "average_precision_masked": _round(average_precision(truth, scam_score(masked, columns))),
        "baseline_average_precision_masked": _round(average_precision(truth, any_masked)),
        "keyword_average_precision": _round(average_precision(truth, keyword_score(list(rows.text)))),
        "curve": _curve(truth, ours),
        "baseline_curve": _curve(truth, any_label),
    }


def _compare(truth: BoolArray, ours: FloatArray, theirs: FloatArray, groups: np.ndarray) -> Report:
    low, high = paired_bootstrap(average_precision, truth, ours, theirs, list(groups))
    return {
        "n": len(truth),
        "positives": int(truth.sum()),
        "prevalence": _round(float(truth.mean())),
        "average_precision": _round(average_precision(truth, ours)),
        "baseline_average_precision": _round(average_precision(truth, theirs)),
        "difference95": [_round(low), _round(high)],
        "recall_at_1_percent": _round(recall_at_false_alarms(truth, ours)),
        "baseline_recall_at_1_percent": _round(recall_at_false_alarms(truth, theirs)),
    }


def _recall(bench: _Bench, source: Source, rows: Table) -> Report:
    """Share of an all-positive set with a mapped label flagged, at every operating point."""
    columns = columns_of(source)
    return {
        point: Share(int(bench.flagged(rows, point)[:, columns].any(1).sum()), len(rows)).to_dict()
        for point in OPERATING_POINTS
    }


def _curve(truth: BoolArray, scores: FloatArray, points: int = 60) -> list[list[float]]:
    """Return (recall, precision) at up to `points` ranks, for the plots."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(truth[order])
    ranks = np.unique(np.linspace(1, len(truth), points).astype(int))
    return [[_round(float(hits[r - 1] / truth.sum())), _round(float(hits[r - 1] / r))] for r in ranks]


def _round(value: float) -> float:
    return round(float(value), 4)
