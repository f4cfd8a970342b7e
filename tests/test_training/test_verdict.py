"""Which changes break a rule, and which do not."""

from typing import Any

import pytest

from tests.test_training.comparisons import cell, figure, invented_comparison
from training.prove.cells import ALARMS, BENIGN, PRECISION, RECALL, RIGHT
from training.prove.compare_markdown import compare_markdown, summary
from training.prove.compare_plots import plot_comparison
from training.prove.verdict import RULES, broken_rules

SURE = 0.001
BROKEN: dict[str, tuple[str, dict[str, Any]]] = {
    "a plea is lost": ("person_at_risk", {"people_at_risk": figure(0.95, 0.94)}),
    "a language loses right labels": ("right_label", {"cells": [cell(RIGHT, "any", "my", 0.8, 0.7, SURE)]}),
    "a label is found less": ("recall", {"cells": [cell(RECALL, "phishing", "th", 0.8, 0.7, SURE)]}),
    "a label ranks worse": (
        "average_precision",
        {"cells": [cell(PRECISION, "extortion", "all", 0.9, 0.8, SURE)]},
    ),
    "benign texts are flagged more": (
        "alarms_on_benign",
        {"cells": [cell(BENIGN, "any", "km", 0.01, 0.015, SURE)]},
    ),
    "a label is raised for nothing": (
        "false_alarms",
        {"cells": [cell(ALARMS, "phishing", "th", 0.01, 0.03, SURE)]},
    ),
    "a data set is worse": (
        "sets",
        {
            "sets": {
                "average_precision": {},
                "recall": {"mules": {"n": 99, "this": 0.5, "previous": 0.7, "rise95": [-0.3, -0.1]}},
                "false_alarms": {},
            }
        },
    ),
    "a labelled set is worse": (
        "labelled_sets",
        {"labelled_sets": {"hotline": {"recall": figure(0.7, 0.6)}}},
    ),
    "masked texts are found less": ("masked", {"masked": {"recall": figure(0.7, 0.6)}}),
    "disguised texts are found less": ("attacked", {"attacked": {"leet": figure(0.7, 0.6)}}),
    "a certificate is lost": ("certificates", {"certificates": {"lo": {"old": 0.009, "new": None}}}),
    "probabilities mean less": (
        "calibration",
        {
            "calibration": {
                "labels": {},
                "mean": {"calibration_error": {"old": 0.04, "new": 0.07}, "brier": {"old": 0.1, "new": 0.1}},
            }
        },
    ),
    "a nationality moves more": (
        "fairness",
        {
            "fairness": {
                "nationality": {
                    "mean_gap": {"old": 0.01, "new": 0.03},
                    "priority_changed": {"old": 0, "new": 0},
                }
            }
        },
    ),
    "it is slower": (
        "speed",
        {
            "speed": {
                "documents": 9,
                "rounds": 7,
                "documents_per_second": {"old": 300.0, "new": 100.0},
                "ratio": 0.33,
                "ratio95": [0.3, 0.4],
            }
        },
    ),
    "it is larger": (
        "size",
        {"sizes": {"old": {"bytes": 5e7, "pieces": None}, "new": {"bytes": 3e8, "pieces": None}}},
    ),
}


def broken(comparison: dict[str, Any]) -> list[str]:
    return [rule["name"] for rule in comparison["verdict"]["rules"] if rule["broken"]]


def test_what_is_better_or_uncertain_or_small_breaks_no_rule() -> None:
    comparison = invented_comparison()

    assert broken(comparison) == []
    assert comparison["verdict"]["passed"]
    assert broken_rules(comparison) == []


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_worse_breaks_its_rule_and_no_other(case: str) -> None:
    name, parts = BROKEN[case]
    comparison = invented_comparison(**parts)

    assert broken(comparison) == [name]
    assert not comparison["verdict"]["passed"]
    assert len(broken_rules(comparison)) == 1


def test_every_rule_can_be_broken() -> None:
    assert {name for name, _ in BROKEN.values()} == {rule.name for rule in RULES}


def test_a_comparison_says_its_verdict_first_and_shows_what_changed(tmp_path) -> None:
    comparison = invented_comparison(people_at_risk=figure(0.95, 0.94))
    text = compare_markdown(comparison)

    assert text.index("1 of 15 rules are broken") < text.index("Recall by label and language")
    assert "BROKEN: no plea of a person at risk" in summary(comparison)
    assert "| online_gambling | id | 80 | 0.400 | 0.750 | +0.350 [+0.330, +0.370] |" in text
    assert "| ms | none | 0.90 % |" in text
    assert "| leet | 90 | 0.600 | 0.610 |" in text
    plot_comparison(comparison, tmp_path)
    assert len(list(tmp_path.glob("*.png"))) == 3
