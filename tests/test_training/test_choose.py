"""What is chosen to be labelled: rare positives are sought, no two alike, no language forgotten."""

from collections import Counter

import numpy as np
import pytest

from training.budget.choose import SOUGHT, Standing, choose, share_out, spread
from training.budget.curve import Scheme, run_curve
from training.budget.head import Space, fit_head


def clusters(n: int, *, seed: int = 0, width: int = 16) -> np.ndarray:
    """Texts in eight heaps."""
    rng = np.random.default_rng(seed)
    middles = 3 * rng.normal(size=(8, width))
    return (middles[rng.integers(8, size=n)] + rng.normal(size=(n, width))).astype(np.float32)


def rare(n: int = 3000, *, seed: int = 2, share: float = 0.08) -> Scheme:
    """A scheme of which few texts are positive: moved a little, in a direction that parts heaps too."""
    rng = np.random.default_rng(seed)
    vectors = clusters(n, seed=seed, width=32)
    truth = rng.random(n) < share
    direction = rng.normal(size=32)
    vectors[truth] += (8 * direction / np.linalg.norm(direction)).astype(np.float32)
    return Scheme(
        name="rare",
        keys=[str(row) for row in range(n)],
        truth=truth,
        languages=["th"] * n,
        groups=np.arange(n),
        vectors=vectors,
        guess=np.full(n, 0.01, dtype=np.float32),
    )


def test_shares_are_whole_and_sum_to_what_is_shared() -> None:
    assert share_out(10, {"a": 1.0, "b": 1.0, "c": 1.0}) == {"a": 4, "b": 3, "c": 3}
    assert share_out(1, {"a": 1.0, "b": 3.0}) == {"a": 0, "b": 1}
    assert share_out(5, {}) == {}


def test_texts_of_all_heaps_are_chosen_not_of_the_best_one_alone() -> None:
    vectors = np.repeat(np.eye(4, dtype=np.float32), 25, axis=0) + 0.01 * clusters(100, width=4)
    weights = np.linspace(1, 0.5, 100).astype(np.float32)

    rows = spread(vectors, weights, 4, seed=0)

    assert {int(row) // 25 for row in rows} == {0, 1, 2, 3}


def test_as_many_are_chosen_as_asked_for_where_all_vectors_are_the_same() -> None:
    rows = spread(np.zeros((30, 4), dtype=np.float32), np.ones(30, dtype=np.float32), 7, seed=0)
    assert len(set(rows.tolist())) == 7


def test_while_positives_are_rare_the_probable_ones_come_and_later_the_doubtful_ones() -> None:
    proba = np.linspace(0, 1, 400).astype(np.float32)
    vectors = clusters(400)

    def chosen(positives: int) -> np.ndarray:
        standing = Standing("online_gambling", proba, positives)
        return proba[[one.row for one in choose(40, vectors, [standing], ["id"] * 400, range(400), seed=0)]]

    assert np.mean(chosen(5) > 0.7) >= 0.4
    assert np.mean(np.abs(chosen(SOUGHT) - 0.5) < 0.3) > 0.5


def test_of_near_duplicates_one_is_chosen() -> None:
    standing = Standing("phishing", np.full(100, 0.9, dtype=np.float32), 5)
    groups = [row // 10 for row in range(100)]

    chosen = choose(50, clusters(100), [standing], ["th"] * 100, groups, seed=0)

    assert Counter(groups[one.row] for one in chosen) == dict.fromkeys(range(10), 1)


def test_a_small_language_is_not_forgotten_and_not_first() -> None:
    languages = ["th"] * 900 + ["lo"] * 100
    standing = Standing("phishing", np.linspace(1, 0, 1000).astype(np.float32), 5)

    chosen = choose(40, clusters(1000), [standing], languages, range(1000), seed=0)

    assert Counter(languages[one.row] for one in chosen) == {"th": 30, "lo": 10}


def test_what_a_language_lacks_is_made_up_by_others() -> None:
    languages = ["th"] * 90 + ["lo"] * 2 + ["km"] * 8
    groups = [*range(90), 500, 500, *range(90, 98)]
    standing = Standing("phishing", np.linspace(1, 0, 100).astype(np.float32), 5)

    chosen = choose(60, clusters(100), [standing], languages, groups, seed=0)

    assert len(chosen) == 60
    assert len({one.row for one in chosen}) == 60


def test_labels_share_alike() -> None:
    standings = [
        Standing(code, np.random.default_rng(at).random(300).astype(np.float32), positives)
        for at, (code, positives) in enumerate((("phishing", 400), ("drug_trade", 0), ("extortion", 12)))
    ]
    chosen = choose(30, clusters(300), standings, ["th"] * 300, range(300), seed=0)

    assert Counter(one.code for one in chosen) == {"phishing": 10, "drug_trade": 10, "extortion": 10}
    assert chosen[0].code == "drug_trade"


@pytest.mark.parametrize("calibrated", [False, True])
def test_a_head_learns_what_can_be_told_apart(calibrated: bool) -> None:
    scheme = rare(share=0.3)
    space = Space.of(scheme.vectors)
    placed = space.place(scheme.vectors)

    head = fit_head(placed[:1000], scheme.truth[:1000], calibrated=calibrated)

    assert head is not None
    proba = head.proba(placed[1000:])
    assert proba[scheme.truth[1000:]].mean() > proba[~scheme.truth[1000:]].mean() + 0.2


def test_there_is_no_head_of_one_class() -> None:
    assert fit_head(clusters(10), np.ones(10, dtype=bool)) is None
    assert fit_head(clusters(10)[:0], np.zeros(0, dtype=bool)) is None


def test_suggesting_finds_more_of_a_rare_kind_than_chance_and_learns_it_sooner() -> None:
    by_chance, suggested = (run_curve(rare(), name, 2, most=110) for name in ("random", "suggest"))

    assert by_chance.labels == suggested.labels
    assert (by_chance.pool, by_chance.test) == (suggested.pool, suggested.test)
    assert suggested.positives[-1] > 2 * by_chance.positives[-1]
    sooner, later = suggested.needed(), by_chance.needed()
    assert sooner is not None
    assert later is not None
    assert sooner < 0.8 * later
    assert len(set(suggested.chosen)) == len(suggested.chosen) == 110
