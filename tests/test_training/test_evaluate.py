"""What the evaluation draws from a set, and how it masks."""

from tests.test_training.tables import table
from training.mask import mask_all
from training.scored import LEAST_POSITIVES, TEXTS_PER_SET, drawn
from training.table import Table


def phishing(n: int, positives: int, *, chars: int = 20) -> Table:
    """Return `n` distinct texts of one set, the first `positives` of them phishing."""
    labels = [{"phishing"}] * positives + [set[str]()] * (n - positives)
    return table([f"{index} ".ljust(chars, "x") for index in range(n)], labels)


def test_a_draw_keeps_the_share_of_positives() -> None:
    rows = drawn(phishing(5000, 2000))

    assert len(rows) == TEXTS_PER_SET
    assert rows.positive.mean() == 0.4


def test_a_draw_from_a_set_with_rare_positives_holds_enough_of_them() -> None:
    rows = drawn(phishing(5000, 150))

    assert len(rows) == TEXTS_PER_SET
    assert rows.positive.sum() == LEAST_POSITIVES


def test_a_set_of_long_texts_is_drawn_smaller() -> None:
    assert len(drawn(phishing(1000, 0, chars=400))) == 300


def test_a_set_smaller_than_its_budget_is_drawn_whole() -> None:
    assert sorted(drawn(phishing(50, 7)).text) == sorted(phishing(50, 7).text)


def test_near_duplicates_count_once() -> None:
    rows = table([f"text {index}" for index in range(6)], near=[0, 0, 0, 3, 3, 5])

    assert len(drawn(rows)) == 3


def test_masking_leaves_no_url_and_no_number() -> None:
    assert mask_all("โอน 500 บาท ที่ www.bank.example/x7 ๒๕") == "โอน 000 บาท ที่ URL 00"
