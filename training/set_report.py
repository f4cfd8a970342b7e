"""One data set at a time: average precision, recall, false alarms."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from models.screening import OPERATING_POINTS
from training.baselines import keyword_score
from training.comparison import columns_of, judged
from training.example import Source
from training.mask import mask_all
from training.metrics import (
    BoolArray,
    FloatArray,
    Share,
    average_precision,
    paired_bootstrap,
    recall_at_false_alarms,
    scam_score,
)
from training.scored import Scored, join, rounded
from training.table import Table

COLLECTIONS = ("id_sms_spam_michaelchen", "id_sms_spam_2nd_collection")

Report = dict[str, Any]


def two_class(scored: Scored, source: Source, rows: Table) -> Report:
    """Average precision of the scam score over the source's labels, beside the baselines."""
    columns = columns_of(source)
    rows, truth = judged(rows, columns)
    proba, _ = scored.proba(rows)
    masked, _ = scored.proba(rows, masked=True)
    any_label, _ = scored.baseline.predict(list(rows.text))
    any_masked, _ = scored.baseline.predict([mask_all(text) for text in rows.text])
    ours = scam_score(proba, columns)
    return {
        "eval_only": bool(rows.eval_only.all()),
        "languages": sorted(set(rows.language)),
        **compare(truth, ours, any_label, rows.near),
        "average_precision_masked": rounded(average_precision(truth, scam_score(masked, columns))),
        "baseline_average_precision_masked": rounded(average_precision(truth, any_masked)),
        "keyword_average_precision": rounded(average_precision(truth, keyword_score(list(rows.text)))),
        "curve": _curve(truth, ours),
        "baseline_curve": _curve(truth, any_label),
    }


def compare(truth: BoolArray, ours: FloatArray, theirs: FloatArray, groups: np.ndarray) -> Report:
    """Return how two rankings of the same texts find the positives, and the interval of the difference.

    Args:
        truth: (n,) positives.
        ours: (n,) scores.
        theirs: (n,) scores.
        groups: (n,) near duplicates, drawn together by the bootstrap.
    """
    low, high = paired_bootstrap(average_precision, truth, ours, theirs, list(groups))
    return {
        "n": len(truth),
        "positives": int(truth.sum()),
        "prevalence": rounded(float(truth.mean())),
        "average_precision": rounded(average_precision(truth, ours)),
        "baseline_average_precision": rounded(average_precision(truth, theirs)),
        "difference95": [rounded(low), rounded(high)],
        "recall_at_1_percent": rounded(recall_at_false_alarms(truth, ours)),
        "baseline_recall_at_1_percent": rounded(recall_at_false_alarms(truth, theirs)),
    }


def recall(scored: Scored, source: Source, rows: Table) -> Report:
    """Share of an all-positive set with a mapped label flagged, at every operating point."""
    columns = columns_of(source)
    return {
        point: Share(int(scored.flagged(rows, point)[:, columns].any(1).sum()), len(rows)).to_dict()
        for point in OPERATING_POINTS
    }


def _curve(truth: BoolArray, scores: FloatArray, points: int = 60) -> list[list[float]]:
    """Return (recall, precision) at up to `points` ranks, for the plots."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(truth[order])
    ranks = np.unique(np.linspace(1, len(truth), points).astype(int))
    return [[rounded(float(hits[r - 1] / truth.sum())), rounded(float(hits[r - 1] / r))] for r in ranks]


def false_alarms(scored: Scored, rows: Table) -> Report:
    """Return the share of the benign rows with any flag, by operating point and, at `balanced`, language."""
    quiet = rows.where(rows.benign)
    flags = {point: np.asarray(scored.flagged(quiet, point).any(1)) for point in OPERATING_POINTS}
    result: Report = {
        point: Share(int(flags[point].sum()), len(quiet)).to_dict() for point in OPERATING_POINTS
    }
    result["eval_only"] = bool(quiet.eval_only.all())
    result["by_language"] = {
        str(language): Share.of(flags["balanced"], quiet.language == language).to_dict()
        for language in sorted(set(quiet.language))
    }
    return result


def by_language(scored: Scored, rows: Table) -> Report:
    """Return the share of rows with any flag at `balanced`, by language."""
    flags = np.asarray(scored.flagged(rows, "balanced").any(1))
    return {
        str(language): Share.of(flags, rows.language == language).to_dict()
        for language in sorted(set(rows.language))
    }


def warnings(scored: Scored, sets: Mapping[str, Table]) -> Report:
    """False alarms at `balanced` on texts of role `warning`: news, advisories, education about scams."""
    rows = join([table.where((table.role == "warning") & table.benign) for table in sets.values()])
    return Share(int(scored.flagged(rows, "balanced").any(1).sum()), len(rows)).to_dict()


def later_collection(scored: Scored, sets: Mapping[str, Table]) -> Report:
    """Fraud found and promotions flagged, at `balanced`, in two collections of one set, the second later."""
    result: Report = {}
    for name in COLLECTIONS:
        if name not in sets or not len(sets[name]):
            continue
        flags = np.asarray(scored.flagged(sets[name], "balanced").any(1))
        positive, promotion = sets[name].positive, sets[name].benign & (sets[name].role == "offer")
        result[name] = {
            "recall": Share.of(flags, positive).to_dict(),
            "promotions_flagged": Share.of(flags, promotion).to_dict(),
        }
    return result
