"""Augmentation never touches what carries a label."""

import numpy as np

from training.augment import NEVER_SHOWN, SHOWN, Variation, augment, entity_values
from training.disguise import FAMILIES
from training.markup import parse_markup

ALWAYS = Variation(swapped=1.0, shortened=1.0, disguised=0.0)
ADVERT = (
    "สวัสดีค่ะ พี่ฝนเองนะ.\n{{unrealistic_pay|เงินเดือน [[MONEY|90,000]]}} ต่อเดือน.\n"
    "{{retention_of_identity_documents|ส่งพาสปอร์ตให้หัวหน้า}}.\nวันนี้อากาศดี.\nโทร [[PHONE|081-555-0143]]."
)
TEXT, SPANS = parse_markup(ADVERT)


def variants(*, in_pair: bool = False, variation: Variation = ALWAYS) -> list[str]:
    other, other_spans = parse_markup("โทร [[PHONE|02-555-0199]] [[MONEY|12]]")
    values = entity_values([other], ["th"], [other_spans])
    return [
        augment(
            TEXT,
            "th",
            SPANS,
            in_pair=in_pair,
            variation=variation,
            values=values,
            rng=np.random.default_rng(seed),
        ).text
        for seed in range(30)
    ]


def test_words_that_show_an_indicator_stay_whole() -> None:
    for text in variants():
        assert "เงินเดือน 90,000" in text
        assert "ส่งพาสปอร์ตให้หัวหน้า" in text


def test_a_contact_becomes_another_of_its_kind() -> None:
    assert all("081-555-0143" not in text for text in variants())
    assert any("02-555-0199" in text for text in variants())


def test_one_sentence_goes_and_it_is_not_always_the_same() -> None:
    lengths = {text.count("\n") for text in variants()}

    assert max(lengths) < TEXT.count("\n") + 1
    assert any("วันนี้อากาศดี" not in text for text in variants())
    assert any("พี่ฝน" not in text for text in variants())


def test_a_minimal_pair_loses_no_sentence() -> None:
    for text in variants(in_pair=True):
        assert text.replace("02-555-0199", "081-555-0143") == TEXT


def test_without_variation_a_text_is_read_as_it_is() -> None:
    assert set(variants(variation=Variation(0.0, 0.0, 0.0))) == {TEXT}


def test_three_disguises_are_never_shown_to_the_network() -> None:
    assert len(NEVER_SHOWN) == 3
    assert set(SHOWN) == set(FAMILIES) - set(NEVER_SHOWN)
