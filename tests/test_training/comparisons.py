"""A small invented comparison, for tests of what is made of one."""

from typing import Any

from training.prove.cells import ALARMS, BENIGN, PRECISION, RECALL, RIGHT
from training.prove.verdict import verdict


def cell(measure: str, label: str, language: str, old: float, new: float, p: float | None) -> dict[str, Any]:
    return {
        "measure": measure,
        "label": label,
        "language": language,
        "n": 80,
        "old": old,
        "new": new,
        "change95": [new - old - 0.02, new - old + 0.02],
        "p_worse": 0.5 if p is None else p / 10,
        "p_adjusted": p,
    }


def figure(old: float, new: float) -> dict[str, Any]:
    return {
        "n": 90,
        "old": old,
        "new": new,
        "change95": [new - old - 0.005, new - old + 0.005],
        "p_worse": 0.5,
    }


def written_test(right: float) -> dict[str, Any]:
    share = {"share": right, "n": 100, "interval95": [right - 0.05, right + 0.05]}
    names = ("any_right_label", "false_alarms", "false_alarms_hard", "false_alarms_on_warnings")
    return {
        "n": 200,
        "macro_average_precision": right,
        "labels": {"phishing": {"positives": 40, "average_precision": right}},
        **dict.fromkeys((*names, "role_accuracy", "person_at_risk_screening"), share),
    }


def invented_comparison(**parts: Any) -> dict[str, Any]:
    """Return a comparison that breaks no rule, with some of its parts changed, and its verdict."""
    both = {"old": 0.04, "new": 0.04}
    report = {
        "old": {"name": "scamscreen", "version": "1.0", "sha256": "a" * 64},
        "new": {"name": "scamscreen", "version": "1.1", "sha256": "b" * 64},
        "texts": {"authored": 900, "written_test": 100},
        "cells": [
            cell(RIGHT, "any", "th", 0.80, 0.85, 1.0),
            cell(RECALL, "online_gambling", "id", 0.40, 0.75, 1.0),
            cell(RECALL, "phishing", "th", 0.80, 0.60, None),
            cell(PRECISION, "phishing", "all", 0.90, 0.905, 1.0),
            cell(BENIGN, "any", "th", 0.010, 0.009, 1.0),
            cell(ALARMS, "phishing", "th", 0.002, 0.006, 0.01),
        ],
        "sets": {
            "average_precision": {"sms": {"n": 300, "this": 0.9, "previous": 0.89, "rise95": [-0.02, 0.03]}},
            "recall": {},
            "false_alarms": {"news": {"n": 300, "this": 0.01, "previous": 0.01, "rise95": [0.0, 0.0]}},
        },
        "labelled_sets": {"hotline": {"recall": figure(0.3, 0.7), "false_alarms": figure(0.02, 0.02)}},
        "written_test": {"old": written_test(0.8), "new": written_test(0.82), "scorings": 3},
        "masked": {"recall": figure(0.7, 0.71), "average_precision": figure(0.9, 0.9)},
        "attacked": {"leet": figure(0.6, 0.61)},
        "calibration": {
            "labels": {"phishing": {"positives": 60, "calibration_error": both, "brier": both}},
            "mean": {"calibration_error": both, "brier": both},
        },
        "certificates": {"en": {"old": 0.0096, "new": 0.0095}, "ms": {"old": None, "new": 0.009}},
        "people_at_risk": figure(0.95, 0.95),
        "fairness": {"place": {"mean_gap": both, "priority_changed": {"old": 2, "new": 3}}},
        "speed": {
            "documents": 256,
            "rounds": 7,
            "documents_per_second": {"old": 300.0, "new": 298.0},
            "ratio": 0.99,
            "ratio95": [0.95, 1.02],
        },
        "sizes": {
            "old": {"bytes": 52_000_000, "pieces": 80_000},
            "new": {"bytes": 52_000_000, "pieces": 80_000},
        },
        **parts,
    }
    return report | {"verdict": verdict(report)}
