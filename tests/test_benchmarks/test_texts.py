"""The texts that are measured are those of `mix.json`, and the same on every clone."""

import math
from collections import Counter
from statistics import mean, median, quantiles

import pytest

from benchmarks.mix import load_mix
from benchmarks.texts import MixText, Pools, build_texts, written_pools

COUNT = 2000


@pytest.fixture(scope="module")
def pools() -> Pools:
    return written_pools()


@pytest.fixture(scope="module")
def texts(pools: Pools) -> list[MixText]:
    return list(build_texts(COUNT, pools))


def test_the_mix_is_complete():
    mix = load_mix()
    assert math.isclose(sum(mix.languages.values()), 1)
    assert round(mix.length(0.5)) == 25
    assert 127 < mix.length(0.99) < 130


def test_every_language_has_its_share(texts: list[MixText]):
    counted = Counter(text.language for text in texts)
    assert counted == {tag: share * COUNT for tag, share in load_mix().languages.items()}


def test_a_tenth_is_made_of_texts_that_carry_a_label(texts: list[MixText]):
    assert sum(bool(text.labels) for text in texts) == COUNT // 10


def test_lengths_have_the_median_the_mean_and_the_tail_of_the_mix(texts: list[MixText]):
    mix = load_mix()
    words = [mix.words(text.text, text.language) for text in texts]
    assert 24 < median(words) < 26
    assert 31 < mean(words) < 33
    assert 115 < quantiles(words, n=100)[-1] < 140


def test_texts_are_made_again_to_the_letter(pools: Pools, texts: list[MixText]):
    assert list(build_texts(COUNT, pools)) == texts
    assert list(build_texts(COUNT, pools, seed=1)) != texts


def test_hardly_any_text_comes_twice_unless_asked_for(texts: list[MixText]):
    assert len({text.text for text in texts}) > 0.99 * COUNT


def test_the_share_of_repeats_holds_from_the_first_rows_on(pools: Pools):
    texts = list(build_texts(COUNT, pools, repeats=0.4))
    seen: set[str] = set()
    for text in texts:
        assert not text.repeats or text.text in seen
        seen.add(text.text)
    for part in (texts[: COUNT // 4], texts):
        assert 0.34 < mean(text.repeats for text in part) < 0.46
