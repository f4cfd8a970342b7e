"""What the evaluation draws from a set, and how it masks."""

import numpy as np

from models.taxonomy import LABELS
from training.evaluate import LEAST_POSITIVES, TEXTS_PER_SET, drawn, mask_all
from training.table import Table


def table(n: int, positives: int, *, chars: int = 20) -> Table:
    """Return `n` distinct texts of one set, the first `positives` of them phishing."""
    labels = np.zeros((n, len(LABELS)), dtype=np.float32)
    labels[:positives, LABELS.index("phishing")] = 1
    words = np.array([f"{index} ".ljust(chars, "x") for index in range(n)], dtype=object)
    same = np.array(["set"] * n, dtype=object)
    return Table(
        text=words,
        labels=labels,
        mask=np.ones_like(labels),
        any_of=np.zeros_like(labels),
        role=same,
        language=same,
        source=same,
        split=same,
        group=np.arange(n),
        near=np.arange(n),
        eval_only=np.zeros(n, dtype=bool),
        leaked=np.zeros(n, dtype=bool),
    )


def test_a_draw_keeps_the_share_of_positives() -> None:
    rows = drawn(table(5000, 2000))

    assert len(rows) == TEXTS_PER_SET
    assert rows.positive.mean() == 0.4


def test_a_draw_from_a_set_with_rare_positives_holds_enough_of_them() -> None:
    rows = drawn(table(5000, 150))

    assert len(rows) == TEXTS_PER_SET
    assert rows.positive.sum() == LEAST_POSITIVES


def test_a_set_of_long_texts_is_drawn_smaller() -> None:
    assert len(drawn(table(1000, 0, chars=400))) == 300


def test_a_set_smaller_than_its_budget_is_drawn_whole() -> None:
    assert sorted(drawn(table(50, 7)).text) == sorted(table(50, 7).text)


def test_near_duplicates_count_once() -> None:
    rows = table(6, 0)
    rows.near[:] = [0, 0, 0, 3, 3, 5]

    assert len(drawn(rows)) == 3


def test_masking_leaves_no_url_and_no_number() -> None:
    assert mask_all("โอน 500 บาท ที่ www.bank.example/x7 ๒๕") == "โอน 000 บาท ที่ URL 00"
