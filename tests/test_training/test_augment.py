"""Augmentation never touches what carries a label."""

from dataclasses import replace

import numpy as np
from anyascii import anyascii

from training.augment import NEVER_SHOWN, SHOWN, Stock, Variation, augment, company_of, entity_values
from training.disguise import FAMILIES
from training.markup import parse_markup

NEVER = Variation(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
ALWAYS = replace(NEVER, swapped=1.0, shortened=1.0)
ADVERT = (
    "สวัสดีค่ะ พี่ฝนเองนะ.\n{{unrealistic_pay|เงินเดือน [[MONEY|90,000]]}} ต่อเดือน.\n"
    "{{retention_of_identity_documents|ส่งพาสปอร์ตให้หัวหน้า}}.\nวันนี้อากาศดี.\nโทร [[PHONE|081-555-0143]]."
)
TEXT, SPANS = parse_markup(ADVERT)
COMPANY = ("แม่ซื้อผักแล้ว", "พรุ่งนี้ประชุมเก้าโมง")


def variants(
    *, in_pair: bool = False, anywhere: bool = False, variation: Variation = ALWAYS, marked: str = ADVERT
) -> list[str]:
    text, spans = parse_markup(marked)
    other, other_spans = parse_markup("โทร [[PHONE|02-555-0199]] [[MONEY|12]] [[LOCATION|ระยอง]]")
    values = entity_values([other], ["th"], [other_spans])
    return [
        augment(
            text,
            "th",
            spans,
            in_pair=in_pair,
            anywhere=anywhere,
            variation=variation,
            stock=Stock(values, {"th": COMPANY}),
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


def test_a_place_becomes_another_only_where_it_carries_no_label() -> None:
    swapped = replace(NEVER, swapped=1.0)
    kitchen = "รับแม่ครัวที่[[LOCATION|ปอยเปต]] {{travel_or_visa_paid|มีรถรับจาก[[LOCATION|แม่สอด]]}}"

    assert set(variants(marked=kitchen, variation=swapped)) == {parse_markup(kitchen)[0]}
    assert set(variants(marked=kitchen, variation=swapped, anywhere=True)) == {"รับแม่ครัวที่ระยอง มีรถรับจากแม่สอด"}


def test_one_sentence_goes_and_it_is_not_always_the_same() -> None:
    lengths = {text.count("\n") for text in variants()}

    assert max(lengths) < TEXT.count("\n") + 1
    assert any("วันนี้อากาศดี" not in text for text in variants())
    assert any("พี่ฝน" not in text for text in variants())


def test_a_minimal_pair_loses_no_sentence() -> None:
    for text in variants(in_pair=True):
        assert text.replace("02-555-0199", "081-555-0143") == TEXT


def test_without_variation_a_text_is_read_as_it_is() -> None:
    assert set(variants(variation=NEVER)) == {TEXT}


def test_three_disguises_are_never_shown_to_the_network() -> None:
    assert len(NEVER_SHOWN) == 3
    assert set(SHOWN) == set(FAMILIES) - set(NEVER_SHOWN)


def test_a_text_cut_short_keeps_its_beginning_and_most_of_its_indicators() -> None:
    cut = {text for text in variants(variation=replace(NEVER, truncated=1.0)) if text != TEXT}

    assert cut
    assert all(TEXT.startswith(text) and len(text) >= 0.6 * len(TEXT) - 1 for text in cut)
    assert all("ส่งพาสปอร์ตให้หัวหน้า" in text for text in cut)
    assert set(variants(variation=replace(NEVER, truncated=1.0), in_pair=True)) == {TEXT}


def test_harmless_texts_stand_before_after_or_on_both_sides() -> None:
    texts = variants(variation=replace(NEVER, padded=1.0), in_pair=True)

    assert all(TEXT in text and text != TEXT for text in texts)
    assert any(text.startswith(COMPANY) and not text.endswith(COMPANY) for text in texts)
    assert any(text.endswith(COMPANY) and not text.startswith(COMPANY) for text in texts)
    assert any(text.startswith(COMPANY) and text.endswith(COMPANY) for text in texts)


def test_company_is_short_and_harmless() -> None:
    found = company_of(["พรุ่งนี้ประชุม", "โอนเงินด่วน", "ก" * 500], ["th"] * 3, [True, False, True])

    assert found == {"th": ["พรุ่งนี้ประชุม"]}


def test_marked_words_are_found_again_among_company_and_in_latin_letters() -> None:
    """The words of an indicator map back to the same place of the original, company to none of them."""
    pay = next(span for span in SPANS if span.code == "unrealistic_pay")
    for seed in range(10):
        draft = augment(
            TEXT,
            "th",
            SPANS,
            in_pair=True,
            anywhere=False,
            variation=replace(NEVER, romanised=1.0, padded=1.0),
            stock=Stock({}, {"th": COMPANY}),
            rng=np.random.default_rng(seed),
        )
        inside = [
            char
            for char, start, end in zip(draft.text, draft.starts, draft.ends, strict=True)
            if start < pay.end and pay.start < end
        ]

        assert "".join(inside) == anyascii(TEXT[pay.start : pay.end])
