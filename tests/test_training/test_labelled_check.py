"""What a check finds: typos, copies, leaks, wrong labels, people who disagree, and what leads to people."""

import json
from pathlib import Path

import numpy as np
import pytest

from models.taxonomy import LABELS
from tests.test_training.labelled_files import annotations, row, write
from tests.test_training.sets import words
from training.corpus import build_corpus
from training.example import TEST_ONLY_PARTS, Example, Source
from training.labelled.agreement import agreements, krippendorff_alpha
from training.labelled.check import Check, check_dataset
from training.labelled.check_markdown import check_markdown
from training.labelled.copies import find_copies
from training.labelled.counts import class_counts, disagreeing, language_counts
from training.labelled.label_errors import doubtful, suspects
from training.labelled.personal_data import personal_data

KNOWN = "The ferry to the far island leaves at six, bring {} lanterns and a warm coat for the crossing."
SECRET = "zqx-0143"


@pytest.fixture(scope="module")
def corpus():
    """One text of a set that only measures."""
    text = KNOWN.format(4)
    known = Example(text, frozenset(), frozenset(LABELS), "ordinary", "en", "measured", "1")
    source = Source("measured", "", lambda _root: iter([known]), TEST_ONLY_PARTS, "none")

    return build_corpus([source], Path())


# ---------------------------------------------------------------- copies


def test_a_copy_of_a_test_text_is_a_leak_whatever_its_numbers(corpus):
    copies = find_copies([row("a", KNOWN.format(90)), row("b", words(1))], corpus)

    assert copies.elsewhere == {("measured", "test"): ["a"]}
    assert copies.leaks == ["a"]


def test_copies_inside_a_dataset_are_counted_and_conflicts_named(corpus):
    lure = words(2)
    rows = [
        row("a", lure, {"loan_scam": 1.0}),
        row("b", lure, {"loan_scam": 1.0}),
        row("c", lure.upper(), {"loan_scam": 0.0}),
        row("d", words(3), {"loan_scam": 0.0}),
    ]
    copies = find_copies(rows, corpus)

    assert (copies.exact, copies.near) == (1, 1)
    assert copies.conflicting == ["a", "b", "c"]
    assert copies.leaks == []


# ---------------------------------------------------------------- agreement


def test_alpha_is_that_of_a_worked_example():
    """Three coders and fifteen units, some without a value (Krippendorff's alpha in Wikipedia): 0.691."""
    coders = ("*****34121133*3", "1*213343*******", "**21344*21133*4")
    counts = [[sum(coder[unit] == value for coder in coders) for value in "1234"] for unit in range(15)]

    assert krippendorff_alpha(np.array(counts)) == pytest.approx(0.691358, abs=1e-6)


def test_alpha_of_people_who_always_say_the_same_of_everything_is_not_known():
    assert krippendorff_alpha(np.array([[2, 0], [3, 0]])) is None
    assert krippendorff_alpha(np.array([[1, 0], [0, 1]])) is None


def test_agreement_is_told_label_by_label():
    rows = [
        row(
            "a",
            labels={"loan_scam": 1.0, "phishing": 0.5},
            annotations=annotations({"loan_scam"}, {"loan_scam", "phishing"}),
        ),
        row("b", labels={"loan_scam": 0.0, "phishing": 0.5}, annotations=annotations({"phishing"}, set())),
        row("c", labels={"loan_scam": 1.0}, annotations=annotations({"loan_scam"})),
    ]
    found = {one.code: one for one in agreements(rows)}

    assert found["loan_scam"].alpha == 1
    assert found["phishing"].alpha < 0
    assert found["loan_scam"].texts == 2


# ---------------------------------------------------------------- wrong labels


def test_labels_that_were_swapped_on_purpose_are_found():
    rows = [
        row(
            f"{seed}",
            words(seed) + " jackpot casino spin" * (seed % 2),
            {"online_gambling": float(seed % 2)},
        )
        for seed in range(100)
    ]
    for swapped in (10, 21, 54, 77):
        rows[swapped] = row(rows[swapped].key, rows[swapped].text, {"online_gambling": 1.0 - swapped % 2})
    found = suspects(rows, range(100))

    assert len({one.key for one in found[:4]} & {"10", "21", "54", "77"}) >= 3
    assert len(found) <= 6
    assert all(one.code == "online_gambling" for one in found)


def test_a_label_with_few_texts_is_not_judged():
    rows = [row(f"{seed}", words(seed), {"loan_scam": float(seed < 5)}) for seed in range(40)]

    assert suspects(rows, range(40)) == []


def test_a_text_is_doubtful_that_is_likelier_of_the_other_class_than_that_class_itself():
    holds = np.array([True, True, True, False, False, False])
    proba = np.array([0.9, 0.8, 0.1, 0.1, 0.2, 0.95])

    assert doubtful(holds, proba).tolist() == [False, False, True, False, False, True]


# ---------------------------------------------------------------- counts


def test_labels_are_counted_as_people_gave_them():
    rows = [
        row("a", labels={"loan_scam": 0.5, "phishing": 0.0}),
        row("b", labels={"loan_scam": 1 / 3}),
        row("c", labels={"loan_scam": 1.0}),
    ]
    loan, phishing = sorted(class_counts(rows), key=lambda one: one.code)

    assert (loan.held, loan.not_held, loan.disputed, loan.unknown) == (2, 1, 2, 0)
    assert (phishing.held, phishing.not_held, phishing.unknown) == (0, 1, 2)


def test_a_text_in_another_language_than_is_said_is_counted():
    rows = [
        row("a", "พรุ่งนี้ประชุมเก้าโมงที่ห้องสมุด", language="th"),
        row("b", "พรุ่งนี้ประชุมเก้าโมงที่ห้องสมุด", language="lo"),
        row("c", "พรุ่งนี้ประชุมเก้าโมงที่ห้องสมุด"),
    ]

    assert disagreeing(language_counts(rows)) == 1


def test_what_leads_to_people_is_counted_and_never_told():
    rows = [row("a", "โทร 081-555-0143 หรือ 081-555-0144"), row("b", "write to hr@river.example"), row("c")]
    found = {one.type: (one.mentions, one.texts) for one in personal_data(rows)}

    assert found["PHONE"] == (2, 1)
    assert found["EMAIL"] == (1, 1)


# ---------------------------------------------------------------- the whole check


@pytest.fixture
def check(tmp_path, corpus) -> Check:
    rows = [
        row("k1", KNOWN.format(7), {"loan_scam": 1.0}, annotations=annotations({"loan_scam"}, {"loan_scam"})),
        row("k2", f"{words(5)} 081-555-0143 {SECRET}", {"loan_scam": 0.0}),
    ]
    folder = write(
        tmp_path / "toy", rows, mapping={"codes": {"pinjol": ["loan_scam"], "judi": ["online_gambling"]}}
    )
    with (folder / "texts.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({"key": "k3", "text": SECRET}) + "\n")
    return check_dataset(folder, corpus)


def test_a_check_tells_all_that_is_wrong_at_once(check):
    told = check_markdown(check)

    assert "PROBLEM: toy/texts.jsonl, line 3: expected the fields" in told
    assert "PROBLEM: no text holds online_gambling" in told
    assert "LEAK: 1 texts resemble texts of measured, test: k1" in told
    assert "under 20 texts hold loan_scam" in told
    assert "| PHONE | 1 | 1 |" in told


def test_a_check_shows_no_text(check):
    told = check_markdown(check) + json.dumps(check.to_dict())

    assert SECRET not in told
    assert "0143" not in told
    assert "ferry" not in told
