"""What counts as a success of an attack, and what does not."""

import tomllib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from models.taxonomy import LABELS
from tests.test_training.tables import table
from training.attack import (
    PARAPHRASES,
    STRENGTHS,
    Attack,
    character_attacks,
    clean_lines,
    meaning_attacks,
    measure,
)
from training.disguise import FAMILIES
from training.sources import written_test

LURE, PLEA, CHAT, LATE = "easy cash win", "help me please", "see you at five", "bus is late"
ROWS = table(
    [LURE, PLEA, CHAT, LATE],
    labels=[{"phishing"}, {"person_at_risk"}, set(), set()],
    languages=["en", "th", "en", "en"],
)


def flags(texts: Sequence[str], _languages: Sequence[str], _name: str, _normalised: bool) -> np.ndarray:
    """Flag "cash" as phishing, "help" as a plea and "bus!" as a prize."""
    found = np.zeros((len(texts), len(LABELS)), dtype=bool)
    for row, text in enumerate(texts):
        found[row, LABELS.index("phishing")] = "cash" in text
        found[row, LABELS.index("person_at_risk")] = "help" in text
        found[row, LABELS.index("prize_scam")] = "bus!" in text
    return found


def attacked(*texts: str) -> Attack:
    touched = np.array([new != old for new, old in zip(texts, ROWS.text, strict=True)])
    return Attack("test", "", texts, touched)


def test_a_lost_flag_is_a_success_in_its_language() -> None:
    (result,) = measure(ROWS, [attacked("easy c4sh win", "help me plz", CHAT, LATE)], flags, normalised=True)

    assert result["by_language"]["en"]["share"] == 1.0
    assert result["by_language"]["th"]["share"] == 0.0
    assert result["success_macro"] == 0.5
    assert result["success"] == {**result["success"], "share": 0.5, "n": 2}


def test_texts_the_attack_leaves_alone_do_not_count() -> None:
    (result,) = measure(ROWS, [attacked("easy c4sh win", PLEA, CHAT, LATE)], flags, normalised=True)

    assert list(result["by_language"]) == ["en"]
    assert result["success_macro"] == 1.0


def test_a_harmless_text_that_becomes_flagged_is_counted() -> None:
    (result,) = measure(ROWS, [attacked(LURE, PLEA, "see you at 5", "bus! late")], flags, normalised=True)

    assert result["success_macro"] is None
    assert result["raised"] == {**result["raised"], "share": 0.5, "n": 2}


def test_every_family_is_tried_at_both_strengths_the_same_way_every_time() -> None:
    attacks = character_attacks(ROWS)

    assert [(attack.family, attack.strength) for attack in attacks] == [
        (family, f"{strength:.0%}") for family in FAMILIES for strength in STRENGTHS
    ]
    assert [attack.texts for attack in attacks] == [attack.texts for attack in character_attacks(ROWS)]


@pytest.mark.parametrize("family", ["truncation", "padding", "romanisation"])
def test_an_attack_on_meaning(family: str) -> None:
    rows = table(["ช่วยด้วย", "win a prize"], labels=[{"person_at_risk"}, set()], languages=["th", "en"])
    by_name = {attack.family: attack for attack in meaning_attacks(rows, clean_lines())}
    plea, prize = by_name[family].texts

    if family == "truncation":
        assert "win a prize".startswith(prize) and prize != "win a prize"
    elif family == "padding":
        assert "\nช่วยด้วย\n" in plea
        assert "\nwin a prize\n" in prize
    else:
        assert plea.isascii()
        assert prize == "win a prize"


def test_every_paraphrase_says_a_text_of_the_test_in_other_words() -> None:
    texts = {example.key: example.text for example in written_test.read(Path())}
    written = tomllib.loads(PARAPHRASES.read_text(encoding="utf-8"))["paraphrase"]

    assert len({entry["of"] for entry in written}) == len(written) >= 90
    for entry in written:
        assert entry["text"].strip() not in ("", texts[entry["of"]])
        assert "{{" not in entry["text"]
