"""Which texts an epoch reads."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from models.errors import RecipeError
from training.sample import epoch_sample

SOURCES = ["big"] * 110 + ["small"] * 3
STRATA = ["en-"] * 100 + ["th+"] * 10 + ["en+"] * 3


def sample(counts: dict[str, int], seed: int = 0) -> list[int]:
    return epoch_sample(SOURCES, STRATA, counts, np.random.default_rng(seed))


def test_every_source_gives_as_many_texts_as_the_recipe_says() -> None:
    drawn = sample({"big": 40, "small": 7})

    assert Counter(SOURCES[index] for index in drawn) == {"big": 40, "small": 7}


def test_a_source_that_is_not_named_is_not_read() -> None:
    assert {SOURCES[index] for index in sample({"small": 5})} == {"small"}


def test_no_text_is_read_twice_before_every_other_was_read_once() -> None:
    counts = Counter(sample({"small": 8}))

    assert sorted(counts.values()) == [2, 3, 3]


def test_a_small_stratum_is_read_more_often_than_its_size_says() -> None:
    strata = Counter(STRATA[index] for index in sample({"big": 44}))

    assert strata["th+"] == pytest.approx(44 * 10**0.5 / (100**0.5 + 10**0.5), abs=1)


def test_a_large_source_that_is_read_less_than_once_repeats_nothing() -> None:
    assert max(Counter(sample({"big": 30})).values()) == 1


def test_one_seed_gives_one_epoch_and_another_seed_another() -> None:
    assert sample({"big": 40}, seed=1) == sample({"big": 40}, seed=1)
    assert sample({"big": 40}, seed=1) != sample({"big": 40}, seed=2)


def test_sources_are_mixed_not_read_one_after_the_other() -> None:
    names = [SOURCES[index] for index in sample({"big": 40, "small": 40})]

    assert sum(a != b for a, b in pairwise(names)) > 10


def test_a_source_without_training_text_is_a_recipe_error() -> None:
    with pytest.raises(RecipeError, match="'absent', which has no training text"):
        sample({"absent": 5})


def test_a_source_named_with_zero_may_be_absent() -> None:
    assert sample({"absent": 0}) == []
