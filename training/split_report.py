"""Label by label, language by language: the `test` split of the open sets and the written corpus."""

from typing import Any

import numpy as np

from models.calibration import AT_RISK
from models.language import FIRST_CLASS
from models.taxonomy import LABELS, ROLES
from training.baselines import keyword_score
from training.flags import right_and_wrong
from training.metrics import (
    FloatArray,
    Share,
    average_precision,
    recall_at_false_alarms,
    reliability,
    scam_score,
)
from training.scored import Scored, rounded
from training.set_report import compare
from training.table import Table

MIN_POSITIVES = 20
SHORT_CHARACTERS = 60

Report = dict[str, Any]


def measure(scored: Scored, rows: Table) -> Report:
    """Label by label on the `test` split of the open sets and the written corpus."""
    proba, roles = scored.proba(rows)
    any_label, baseline = scored.baseline.predict(list(rows.text))
    masked, _ = scored.proba(rows, masked=True)
    labels: dict[str, Report] = {}
    for index, code in enumerate(LABELS):
        known = rows.mask[:, index] > 0
        truth = rows.held[known, index]
        if not truth.any():
            continue
        labels[code] = {
            "n": int(known.sum()),
            "positives": int(truth.sum()),
            "prevalence": round(float(truth.mean()), 5),
            "average_precision": rounded(average_precision(truth, proba[known, index])),
            "average_precision_masked": rounded(average_precision(truth, masked[known, index])),
            "recall_at_1_percent": rounded(recall_at_false_alarms(truth, proba[known, index])),
            "baseline_average_precision": rounded(average_precision(truth, baseline[known, index])),
            "reliability": [
                [rounded(p), rounded(t), n] for p, t, n in reliability(truth, proba[known, index])
            ],
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
        "macro_average_precision": rounded(float(np.mean([entry["average_precision"] for entry in enough]))),
        "baseline_macro_average_precision": rounded(
            float(np.mean([e["baseline_average_precision"] for e in enough]))
        ),
        "labels_in_macro": len(enough),
        "any_label": compare(truth, ours, any_label[told], rows.near[told]),
        "any_label_masked": rounded(average_precision(truth, scam_score(masked)[told])),
        "keyword_average_precision": rounded(average_precision(truth, keyword_score(list(rows.text[told])))),
        "role_accuracy": Share.of(roles.argmax(1) == role_truth, known_role).to_dict(),
        "role_accuracy_written": Share.of(roles.argmax(1) == role_truth, written).to_dict(),
        "written_by_language": _written_by_language(scored, rows.where(written)),
        "written_short": _right_on_short(scored, rows.where(written)),
        "language_x_label": _language_by_label(rows, proba),
        "person_at_risk_recall_screening": _at_risk(scored, rows),
    }


def _at_risk(scored: Scored, rows: Table) -> Report:
    column = LABELS.index(AT_RISK)
    pleas = rows.where(rows.held[:, column])
    return Share(int(scored.flagged(pleas, "screening")[:, column].sum()), len(pleas)).to_dict()


def _written_by_language(scored: Scored, rows: Table) -> Report:
    flags = scored.flagged(rows, "balanced")
    return {
        language: right_and_wrong(rows.where(rows.language == language), flags[rows.language == language])
        for language in FIRST_CLASS
    }


def _right_on_short(scored: Scored, rows: Table) -> Report:
    """Any right label at `balanced` on written positives of at most 60 characters."""
    short = np.array([len(text) <= SHORT_CHARACTERS for text in rows.text]) & rows.positive
    right = np.asarray((scored.flagged(rows, "balanced") & rows.held).any(1))
    return Share.of(right, short).to_dict()


def _language_by_label(rows: Table, proba: FloatArray) -> Report:
    """Average precision by language and label; None where there are fewer than 3 positives."""
    result: Report = {}
    for language in FIRST_CLASS:
        cells = {}
        for index, code in enumerate(LABELS):
            known = (rows.language == language) & (rows.mask[:, index] > 0)
            truth = rows.held[known, index]
            cells[code] = rounded(average_precision(truth, proba[known, index])) if truth.sum() >= 3 else None
        result[language] = cells
    return result
