"""What the network reads of a text, and which tokens it is told show an indicator."""

from dataclasses import replace

import numpy as np
import pytest
from tokenizers import Tokenizer

from models.taxonomy import INDICATORS
from models.text.edits import Draft
from tests.test_training.test_augment import NEVER
from tests.tiny import tiny_tokenizer_json
from training.augment import Stock, augment, entity_values, is_disguised
from training.markup import parse_markup
from training.reading import masked, read, token_indicators

RNG = np.random.default_rng
LURE, SPANS = parse_markup("hello, {{urgency|only today}} call [[PHONE|081-555-0143]] now")


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_str(tiny_tokenizer_json())


def test_a_share_of_the_tokens_is_hidden_but_never_the_ends(tokenizer: Tokenizer) -> None:
    draft = Draft.of("hello now " * 300)
    (whole,) = read([draft], [None], tokenizer, 600, RNG(0), hidden=0.0)
    (reading,) = read([draft], [None], tokenizer, 600, RNG(0), hidden=0.2)
    mask = tokenizer.token_to_id("<mask>")

    assert mask not in whole.ids
    assert 0.1 < (reading.ids == mask).mean() < 0.3
    assert (reading.ids[[0, -1]] == whole.ids[[0, -1]]).all()


def words_that_show(code: str, draft: Draft, spans: tuple) -> str:
    """Return the characters of the draft, each taken as a token, that show an indicator."""
    offsets = [(index, index + 1) for index in range(len(draft.text))]
    found = token_indicators(draft, offsets, spans)[:, INDICATORS.index(code)]
    return "".join(char for char, hit in zip(draft.text, found, strict=True) if hit)


def test_the_marked_words_are_the_ones_taught() -> None:
    assert words_that_show("urgency", Draft.of(LURE), SPANS) == "onlytoday"


def test_they_are_still_the_ones_after_another_number_and_masking() -> None:
    other, other_spans = parse_markup("[[PHONE|+66 2 555 0100 ext 12]]")
    values = entity_values([other], ["en"], [other_spans])
    variant = augment(
        LURE,
        "en",
        SPANS,
        in_pair=False,
        variation=replace(NEVER, swapped=1.0),
        stock=Stock(values, {}),
        rng=RNG(0),
    )
    draft = masked(variant, urls=1.0, digits=1.0, rng=RNG(0))

    assert "555" not in draft.text
    assert words_that_show("urgency", draft, SPANS) == "onlytoday"


def test_a_url_becomes_one_word_and_what_follows_keeps_its_place() -> None:
    text, spans = parse_markup("see www.pay.example/a?b=1 {{urgency|right now}}")
    draft = masked(Draft.of(text), urls=1.0, digits=0.0, rng=RNG(0))

    assert draft.text == "see URL right now"
    assert words_that_show("urgency", draft, spans) == "rightnow"


def test_of_a_disguised_text_no_place_is_claimed() -> None:
    always = replace(NEVER, disguised=1.0)
    variants = [
        augment(LURE, "en", SPANS, in_pair=False, variation=always, stock=Stock({}, {}), rng=RNG(seed))
        for seed in range(20)
    ]

    assert any(variant.text != LURE for variant in variants)
    assert all(is_disguised(variant) == (variant.text != LURE) for variant in variants)


def test_a_reading_fits_its_window_and_marks_as_many_tokens(tokenizer: Tokenizer) -> None:
    long = Draft.of(" ".join([LURE] * 20))
    for reading in read([long] * 10, [SPANS] * 10, tokenizer, 32, RNG(0), hidden=0.0):
        assert len(reading.ids) == 32
        assert reading.indicators is not None
        assert reading.indicators.shape == (32, len(INDICATORS))
        assert not reading.indicators[[0, -1]].any()


def test_a_text_nobody_marked_teaches_no_indicator(tokenizer: Tokenizer) -> None:
    (reading,) = read([Draft.of(LURE)], [None], tokenizer, 32, RNG(0), hidden=0.0)

    assert reading.indicators is None


def test_an_empty_text_is_read_as_one(tokenizer: Tokenizer) -> None:
    draft = masked(Draft.of("\u200b"), urls=1.0, digits=1.0, rng=RNG(0))
    (reading,) = read([draft], [()], tokenizer, 32, RNG(0), hidden=0.0)

    assert len(reading.ids) == 2
