"""The model card says what the artefact and its report say: shortfalls, certificates and examples too."""

from pathlib import Path

from models.artifact import load_artifact
from tests.test_training.reports import invented_report
from training.card import model_card


def test_a_card_shows_figures_shortfalls_and_examples(tiny_artifact: Path) -> None:
    report = invented_report()
    card = model_card(load_artifact(tiny_artifact), report)

    assert "| macro average precision, 20 labels with 40 or more positives | 0.871 |" in card
    assert "| place | 0.012 | 0.250 | 2 |" in card
    assert "Too few test texts to say anything: drug_trade." in card
    assert "Pleas of people in danger that `screening` misses in the written test: 1 of 139." in card
    assert "Benign texts flagged, for example: t-en-001 “hi”." in card
    assert "Positives without a right label, for example: none short enough to show." in card
    assert "leet 30% 12 %" in card


def test_a_language_without_a_certificate_says_so(tiny_artifact: Path) -> None:
    artifact = load_artifact(tiny_artifact)
    rows = [line for line in model_card(artifact, invented_report()).splitlines() if line.startswith("| th ")]

    assert set(artifact.manifest["certificates"]) == {"en"}
    assert rows[0].endswith("| none |")
    assert "| 0.96 % |" in model_card(artifact, invented_report())
