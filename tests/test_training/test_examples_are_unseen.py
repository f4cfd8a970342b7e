"""The demonstration texts show what the model can do only while no text like them is in training."""

import csv
import os
from pathlib import Path

import pytest

from training.corpus import load_corpus
from training.duplicates import near_groups
from training.sources import OPEN, authored, present_sources

ROOT = Path(__file__).parents[2]


def example_texts() -> list[str]:
    with (ROOT / "examples" / "forty_texts.csv").open(encoding="utf-8", newline="") as file:
        return [row["text"] for row in csv.DictReader(file)]


def resembling(examples: list[str], others: list[str]) -> list[int]:
    """Return the indices of examples that share a near-duplicate group with one of the others."""
    groups = near_groups(examples + others)
    elsewhere = set(groups[len(examples) :])
    return [index for index in range(len(examples)) if groups[index] in elsewhere]


def test_a_planted_copy_would_be_noticed() -> None:
    examples = example_texts()
    copy = examples[3].replace("5", "7").upper()
    assert resembling(examples, [copy]) == [3]


def test_no_example_resembles_a_written_text() -> None:
    assert resembling(example_texts(), [example.text for example in authored.read(ROOT)]) == []


@pytest.mark.data
def test_no_example_resembles_a_training_text() -> None:
    root = Path(os.environ["SCAMSCREEN_DATA"])
    cache = Path(os.environ.get("SCAMSCREEN_CACHE", "runs/cache"))
    corpus = load_corpus(present_sources(root, OPEN), root, cache)
    assert resembling(example_texts(), [text for text in corpus["text"] if len(text) < 5000]) == []
