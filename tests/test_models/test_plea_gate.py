"""Which texts seem urgent: by either end of a text, in any disguise, and with artefacts of before."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.artifact import load_artifact
from models.plea_gate import READ_CHARS
from tests.tiny import ALARM_WORDS, tiny_plea_gate, write_tiny_gate

PLEA = f"they keep her as a {ALARM_WORDS[1]} there"
PADDING = "we met at the market and bought rice and fish for the family dinner. "


@pytest.mark.parametrize(
    ("text", "is_plea"),
    [
        (PLEA, True),
        (ALARM_WORDS[0], False),
        ("", False),
        ("\ud83d \0", False),
        (PADDING * 10 + PLEA, True),
        (PLEA + PADDING * 15_000, True),
        (PADDING * 15_000 + PLEA, True),
        (f"{PADDING * 100}{PLEA}{PADDING * 100}", False),
        ("they keep her as a h\u200bo\u200bstage there", True),
        ("they keep her as a 𝐡𝐨𝐬𝐭𝐚𝐠𝐞 there", True),
    ],
    ids=["plea", "scam", "empty", "no text", "after", "start", "end", "between", "invisible", "styled"],
)
def test_a_plea_at_either_end_of_a_text_seems_urgent(text: str, is_plea: bool) -> None:
    assert tiny_plea_gate().seem_urgent([text]) == [is_plea]


def test_a_text_scores_the_same_alone_and_among_others() -> None:
    gate, texts = tiny_plea_gate(), [PLEA, "", PADDING * 40, ALARM_WORDS[1]]

    assert gate.scores(texts).tolist() == [gate.scores([text])[0] for text in texts]
    assert gate.seem_urgent([]) == []


def test_no_more_than_both_ends_are_read_of_a_text_of_a_million_characters() -> None:
    start, end = PADDING * 100, PLEA * 100
    gate = tiny_plea_gate()

    whole = gate.scores([start + "x" * 1_000_000 + end])
    assert whole == gate.scores([start[:READ_CHARS] + " " * READ_CHARS + end[-READ_CHARS:]])


def test_an_artefact_keeps_its_plea_gate(tiny_artifact: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_artifact, tmp_path / "gated")
    write_tiny_gate(folder, replace(tiny_plea_gate(), threshold=0.25))

    read = load_artifact(folder).pleas
    assert read is not None
    assert read.threshold == 0.25
    assert np.array_equal(read.scores([PLEA, "noon"]), tiny_plea_gate().scores([PLEA, "noon"]))


def test_an_artefact_without_one_uses_its_head_of_people_harmed(tiny_artifact: Path, tmp_path: Path) -> None:
    folder = write_tiny_gate(shutil.copytree(tiny_artifact, tmp_path / "gated"))

    read = load_artifact(folder).pleas
    assert read is not None
    assert read.seem_urgent([PLEA, *ALARM_WORDS]) == [True, False, True, False]
    assert load_artifact(tiny_artifact).pleas is None
