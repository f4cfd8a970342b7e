"""A small invented report becomes JSON, Markdown and plots; gaps in it are shown, not hidden."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.test_training.reports import invented_report
from training.report import report_markdown, write_report

PNG = b"\x89PNG"


@pytest.fixture
def report() -> dict[str, Any]:
    return invented_report()


def test_a_report_becomes_json_markdown_and_plots(report: dict[str, Any], tmp_path: Path) -> None:
    write_report(report, tmp_path / "out")
    written = {path.name: path for path in (tmp_path / "out").iterdir()}
    markdown = written["report.md"].read_text(encoding="utf-8")

    assert json.loads(written["report.json"].read_text(encoding="utf-8")) == report
    for plot in ("precision_recall.png", "reliability.png", "language_by_label.png", "attacks.png"):
        assert written[plot].read_bytes().startswith(PNG)
        assert f"({plot})" in markdown


def test_a_figure_stands_beside_its_baseline_interval_and_count(report: dict[str, Any]) -> None:
    markdown = report_markdown(report)

    assert "**0.845** (character n-grams 0.612)" in markdown
    row = next(line for line in markdown.splitlines() if line.startswith("| toy_set | 200 | 40 | 0.912"))
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


def test_a_fall_against_the_last_model_is_shown_like_a_rise(report: dict[str, Any]) -> None:
    markdown = report_markdown(report)

    assert "| toy_set (average precision) | 200 | 0.900 | 0.800 | [0.050, 0.150] |" in markdown
    assert "| only_scams (recall) | 50 | 0.600 | 0.700 | [-0.200, 0.010] |" in markdown
    assert "| toy_set (benign texts flagged) | 160 | 0.020 | 0.010 | [0.000, 0.020] |" in markdown


def test_fairness_counts_the_victims_whose_place_in_the_queue_changed(report: dict[str, Any]) -> None:
    assert "| place | 31 | 0.012 | 0.250 | 40 | 2 |" in report_markdown(report)


def test_new_texts_stand_under_all_of_them(report: dict[str, Any]) -> None:
    assert "| new | 300 | 60 | 0.777 | 1.5 % [0.3, 4.3] of 200 | none |" in report_markdown(report)


def test_a_hand_labelled_slice_stands_beside_the_labels_of_its_set(report: dict[str, Any]) -> None:
    markdown = report_markdown(report)

    assert "| weak_set | 300 | 140 | 1.5 % [0.3, 4.3] of 200 | 0.911 | 0.822 |" in markdown
    assert "absent_set" not in markdown


def test_a_report_without_other_artifacts_leaves_their_sections_out(report: dict[str, Any]) -> None:
    del report["previous"], report["held_out"], report["ablations"]
    markdown = report_markdown(report)

    assert "## Against" not in markdown
    assert "## Sources held out" not in markdown
    assert "## What each part" not in markdown


def test_a_part_of_training_stands_beside_the_short_and_the_full_run(report: dict[str, Any]) -> None:
    markdown = report_markdown(report)

    assert "| full | 0.812 | 0.800 | 0.050 |" in markdown
    assert "| whole | 0.712 |" in markdown


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
