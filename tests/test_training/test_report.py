"""A small invented report becomes JSON, Markdown and plots; gaps in it are shown, not hidden."""

import json
from pathlib import Path
from typing import Any

import pytest

from models.language import FIRST_CLASS
from models.taxonomy import LABELS
from training.metrics import Share
from training.report import report_markdown, write_report

PNG = b"\x89PNG"


def comparison(**fields: Any) -> dict[str, Any]:
    return {
        "n": 200,
        "positives": 40,
        "prevalence": 0.2,
        "average_precision": 0.912,
        "baseline_average_precision": 0.734,
        "difference95": [0.101, 0.257],
        "recall_at_1_percent": 0.625,
        "baseline_recall_at_1_percent": 0.375,
        **fields,
    }


@pytest.fixture
def report() -> dict[str, Any]:
    share, nothing = Share(3, 200).to_dict(), Share(0, 0).to_dict()
    points = {"screening": share, "balanced": share, "strict": share}
    label = {
        "n": 300,
        "positives": 30,
        "prevalence": 0.1,
        "average_precision": 0.887,
        "average_precision_masked": 0.871,
        "recall_at_1_percent": 0.733,
        "baseline_average_precision": 0.651,
        "reliability": [[0.1, 0.05, 100], [0.6, 0.55, 100], [0.9, 0.95, 100]],
    }
    empty: dict[str, Any] = {language: dict.fromkeys(LABELS) for language in FIRST_CLASS}
    empty["th"]["phishing"] = 0.5
    return {
        "artifact": {"name": "tiny", "version": "0.0.1", "sha256": "abcdef0123456789" * 4},
        "texts_per_set": 1200,
        "least_positives": 100,
        "thresholds": {point: dict.fromkeys(LABELS, 0.5) for point in points},
        "vocabulary": {
            "pieces": 68000,
            "tokens_per_word": {language: [1.5, 1.625] for language in FIRST_CLASS},
        },
        "leaked": {"vi_smishing": 1234},
        "test_split": {
            "n": 400,
            "labels": {"phishing": label, "loan_scam": {**label, "positives": 3}},
            "macro_average_precision": 0.845,
            "baseline_macro_average_precision": 0.612,
            "labels_in_macro": 1,
            "any_label": comparison(),
            "any_label_masked": 0.9,
            "keyword_average_precision": 0.4,
            "role_accuracy": share,
            "role_accuracy_written": nothing,
            "written_short": nothing,
            "written_by_language": {
                language: {"any_right_label": share, "false_alarms": nothing} for language in FIRST_CLASS
            },
            "language_x_label": empty,
            "person_at_risk_recall_screening": Share(47, 48).to_dict(),
        },
        "false_alarms": {"nus_sms": {**points, "eval_only": True, "by_language": {"en": share}}},
        "ntrex_by_language": dict.fromkeys(FIRST_CLASS, share),
        "warnings": share,
        "two_class": {
            "toy_set": comparison(
                eval_only=True,
                languages=["vi"],
                average_precision_masked=0.9,
                baseline_average_precision_masked=0.7,
                keyword_average_precision=0.5,
                curve=[[0.1, 1.0], [1.0, 0.2]],
                baseline_curve=[[0.1, 0.9], [1.0, 0.2]],
            )
        },
        "recall": {"only_scams": points},
        "certificates": {"th": {"n": 1500, "k": 8, "bound": 0.00961, "sources": {"toy_sms": 1500}}},
        "attacks": {
            name: [
                {
                    "family": "leet",
                    "strength": "30%",
                    "normalised": normalised,
                    "success_macro": 0.125 if name == "model" else None,
                    "success": share,
                    "by_language": {"en": share},
                    "raised": share,
                }
                for normalised in (True, False)
            ]
            for name in ("model", "character n-grams")
        },
        "written_test": {
            "n": 1200,
            "positives": 615,
            "scorings": 3,
            "macro_average_precision": 0.871,
            "labels_in_macro": 20,
            "labels": {
                "phishing": {
                    "positives": 57,
                    "average_precision": 0.913,
                    "recall": share,
                    "brier_skill": 0.41,
                },
                "drug_trade": {"positives": 24, "average_precision": 0.333, "recall": nothing},
            },
            "any_right_label": share,
            "any_right_label_by_language": dict.fromkeys(FIRST_CLASS, share),
            "any_right_label_by_role": {"offer": share, "enquiry": nothing},
            "any_right_label_by_kind": {"plain": share},
            "false_alarms": share,
            "false_alarms_hard": share,
            "false_alarms_by_language": dict.fromkeys(FIRST_CLASS, nothing),
            "false_alarms_on_warnings": share,
            "role_accuracy": share,
            "person_at_risk_screening": Share(138, 139).to_dict(),
            "person_at_risk_missed": ["t-lo-031"],
            "pleas_with_an_offence_in_flags": [],
        },
        "language_identification": {
            "full": dict.fromkeys((*FIRST_CLASS, "id+ms", "mean"), 0.991),
            "first_30": dict.fromkeys((*FIRST_CLASS, "id+ms", "mean"), 0.953),
        },
    }


def test_a_report_becomes_json_markdown_and_three_plots(report: dict[str, Any], tmp_path: Path) -> None:
    write_report(report, tmp_path / "out")
    written = {path.name: path for path in (tmp_path / "out").iterdir()}
    markdown = written["report.md"].read_text(encoding="utf-8")

    assert json.loads(written["report.json"].read_text(encoding="utf-8")) == report
    for plot in ("precision_recall.png", "reliability.png", "language_by_label.png"):
        assert written[plot].read_bytes().startswith(PNG)
        assert f"({plot})" in markdown


def test_a_figure_stands_beside_its_baseline_interval_and_count(report: dict[str, Any]) -> None:
    markdown = report_markdown(report)

    assert "**0.845** (character n-grams 0.612)" in markdown
    row = next(line for line in markdown.splitlines() if line.startswith("| toy_set"))
    for shown in ("200", "40", "0.912", "0.734", "[0.101, 0.257]", "0.625", "0.375"):
        assert f"| {shown} |" in row
    assert "1.5 % [0.3, 4.3] of 200" in markdown
    assert "| th | 1.500 | 1.625 |" in markdown
    assert "| th | 99.1 | 95.3 |" in markdown


def test_what_could_not_be_measured_is_said(report: dict[str, Any]) -> None:
    markdown = report_markdown(report)

    assert "vi_smishing 1,234" in markdown
    assert "on written texts none" in markdown
    report["leaked"] = {}
    assert "are left out: none" in report_markdown(report)


def test_the_written_test_lists_what_it_missed_and_says_where_texts_are_too_few(
    report: dict[str, Any],
) -> None:
    markdown = report_markdown(report)

    assert "Scored so far: 3 artefacts" in markdown
    assert "Pleas missed at `screening`: t-lo-031." in markdown
    assert "| phishing | 57 | 0.913 |" in markdown
    assert "| drug_trade | 24 | too few |" in markdown
    assert "| enquiry | too few (0) |" in markdown


def test_an_attack_stands_beside_the_baseline_and_a_certificate_with_its_bound(
    report: dict[str, Any],
) -> None:
    markdown = report_markdown(report)

    assert "| leet | 30% | 12.50 % | 12.50 % |  |  |" in markdown
    assert "| th | 1,500 | 8 | 0.96 % |" in markdown


def test_every_table_row_has_as_many_cells_as_its_head(report: dict[str, Any]) -> None:
    tables: list[list[str]] = [[]]
    for row in report_markdown(report).splitlines():
        if row.startswith("|"):
            tables[-1].append(row)
        elif tables[-1]:
            tables.append([])

    assert sum(bool(table) for table in tables) >= 7
    for table in tables:
        assert len({row.count("|") for row in table}) <= 1


def test_a_report_without_two_class_sets_is_still_drawn(report: dict[str, Any], tmp_path: Path) -> None:
    report["two_class"] = {}
    write_report(report, tmp_path)

    assert (tmp_path / "precision_recall.png").read_bytes().startswith(PNG)
