"""What the network reads of a text, and which tokens it is told show an indicator."""

import re
from dataclasses import replace

import numpy as np
import pytest
from tokenizers import Tokenizer

from models.taxonomy import ENTITY_TAGS, ENTITY_TYPES, INDICATORS
from models.text.edits import Draft
from tests.test_training.test_augment import NEVER
from tests.tiny import tiny_tokenizer_json
from training.augment import Stock, augment, entity_values, is_disguised
from training.markup import parse_markup
from training.reading import masked, outside_tags, read, token_entities, token_indicators, token_places
from training.texts import UNKNOWN, UNMARKED, Marks

RNG = np.random.default_rng
LURE, SPANS = parse_markup("hello, {{urgency|only today}} call [[PHONE|081-555-0143]] now")
EMPTY = Stock({}, {})
WRITTEN = Marks(SPANS, indicators=True, entity_types=frozenset(ENTITY_TYPES))


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_str(tiny_tokenizer_json())


def test_a_share_of_the_tokens_is_hidden_but_never_the_ends(tokenizer: Tokenizer) -> None:
    draft = Draft.of("hello now " * 300)
    (whole,) = read([draft], [UNMARKED], tokenizer, 600, RNG(0), hidden=0.0)
    (reading,) = read([draft], [UNMARKED], tokenizer, 600, RNG(0), hidden=0.2)
    mask = tokenizer.token_to_id("<mask>")

    assert mask not in whole.ids
    assert 0.1 < (reading.ids == mask).mean() < 0.3
    assert (reading.ids[[0, -1]] == whole.ids[[0, -1]]).all()


def words_that_show(code: str, draft: Draft, spans: tuple) -> str:
    """Return the characters of the draft, each taken as a token, that show an indicator."""
    offsets = [(index, index + 1) for index in range(len(draft.text))]
    found = token_indicators(token_places(draft, offsets), spans)[:, INDICATORS.index(code)]
    return "".join(char for char, hit in zip(draft.text, found, strict=True) if hit)


def test_the_marked_words_are_the_ones_taught() -> None:
    assert words_that_show("urgency", Draft.of(LURE), SPANS) == "onlytoday"


def varied(text: str, spans: tuple, seed: int = 0, stock: Stock = EMPTY, **variation: float) -> Draft:
    """Return an English text as it is varied for training in the named ways only."""
    ways = replace(NEVER, **variation)
    return augment(
        text, "en", spans, in_pair=False, anywhere=False, variation=ways, stock=stock, rng=RNG(seed)
    )


def test_they_are_still_the_ones_after_another_number_and_masking() -> None:
    other, other_spans = parse_markup("[[PHONE|+66 2 555 0100 ext 12]]")
    values = entity_values([other], ["en"], [other_spans])
    draft = masked(
        varied(LURE, SPANS, stock=Stock(values, {}), swapped=1.0), urls=1.0, digits=1.0, rng=RNG(0)
    )

    assert "555" not in draft.text
    assert words_that_show("urgency", draft, SPANS) == "onlytoday"


def test_a_url_becomes_one_word_and_what_follows_keeps_its_place() -> None:
    text, spans = parse_markup("see www.pay.example/a?b=1 {{urgency|right now}}")
    draft = masked(Draft.of(text), urls=1.0, digits=0.0, rng=RNG(0))

    assert draft.text == "see URL right now"
    assert words_that_show("urgency", draft, spans) == "rightnow"


def test_of_a_disguised_text_no_place_is_claimed() -> None:
    variants = [varied(LURE, SPANS, seed, disguised=1.0) for seed in range(20)]

    assert any(variant.text != LURE for variant in variants)
    assert all(is_disguised(variant) == (variant.text != LURE) for variant in variants)


def test_a_reading_fits_its_window_and_marks_as_many_tokens(tokenizer: Tokenizer) -> None:
    long = Draft.of(" ".join([LURE] * 20))
    for reading in read([long] * 10, [WRITTEN] * 10, tokenizer, 32, RNG(0), hidden=0.0):
        assert len(reading.ids) == 32
        assert reading.indicators is not None
        assert reading.indicators.shape == (32, len(INDICATORS))
        assert not reading.indicators[[0, -1]].any()


def test_a_text_nobody_marked_teaches_no_indicator_and_no_entity(tokenizer: Tokenizer) -> None:
    (reading,) = read([Draft.of(LURE)], [UNMARKED], tokenizer, 32, RNG(0), hidden=0.0)

    assert reading.indicators is None
    assert reading.entities is None


def tags_of(draft: Draft, marks: Marks) -> list[str | None]:
    """Return the tag of every word of a draft, each taken as a token; None where nobody knows."""
    offsets = [word.span() for word in re.finditer(r"\S+", draft.text)]
    tags = token_entities(token_places(draft, offsets), marks)
    return [None if tag == UNKNOWN else ENTITY_TAGS[tag] for tag in tags]


def test_an_entity_begins_and_goes_on_and_two_in_a_row_are_two() -> None:
    text, spans = parse_markup("ask [[PERSON|Mr Somchai]] [[PERSON|Nok]] in [[LOCATION|Mae Sot]]")

    assert tags_of(Draft.of(text), replace(WRITTEN, spans=spans)) == [
        *("O", "B-PERSON", "I-PERSON", "B-PERSON", "O", "B-LOCATION", "I-LOCATION"),
    ]


def test_of_the_words_of_its_company_nobody_knows_what_they_are() -> None:
    text, spans = parse_markup("ask [[PERSON|Nok]]")
    padded = varied(text, spans, stock=Stock({}, {"en": ["call Bank Office"]}), padded=1.0)
    tags = tags_of(padded, replace(WRITTEN, spans=spans))

    assert [tag for tag in tags if tag] == ["O", "B-PERSON"]
    assert tags.count(None) in (3, 6)


def test_a_type_marked_unevenly_is_taught_where_it_is_marked_and_nowhere_denied() -> None:
    names = frozenset({"PERSON"})

    assert tags_of(Draft.of(LURE), replace(WRITTEN, entity_types=names)) == tags_of(Draft.of(LURE), WRITTEN)
    assert {tag for tag, may in zip(ENTITY_TAGS, outside_tags(names), strict=True) if not may} == {
        "B-PERSON",
        "I-PERSON",
    }
    assert [ENTITY_TAGS[0]] == [
        tag for tag, may in zip(ENTITY_TAGS, outside_tags(WRITTEN.entity_types), strict=True) if may
    ]


def test_an_empty_text_is_read_as_one(tokenizer: Tokenizer) -> None:
    draft = masked(Draft.of("\u200b"), urls=1.0, digits=1.0, rng=RNG(0))
    (reading,) = read([draft], [WRITTEN], tokenizer, 32, RNG(0), hidden=0.0)

    assert len(reading.ids) == 2
