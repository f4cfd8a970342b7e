"""URLs and numbers can be hidden without touching the words around them."""

import numpy as np
import pytest

from training.mask import mask_digits, mask_urls, random_digits


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("see https://example.com/a?b=1 now", "see URL now"),
        ("go to www.example.org/win!", "go to URL"),
        ("open example.co.th/login today", "open URL today"),
        ("hxxps://bank.example/otp", "URL"),
        ("เปิดhttps://example.com/aแล้วโทรกลับ", "เปิดURLแล้วโทรกลับ"),
        ("请打开https://example.com/a，谢谢", "请打开URL，谢谢"),
        ("ဖွင့်ပါ http://example.net/x ယနေ့", "ဖွင့်ပါ URL ယနေ့"),
    ],
)
def test_an_address_becomes_one_word(text: str, masked: str) -> None:
    assert mask_urls(text) == masked


@pytest.mark.parametrize(
    "text", ["Mr. Smith paid 1.500 baht.", "เวลา 9.30 น.", "明天3.5折", "Wait... what?", "e.g. 5"]
)
def test_text_without_an_address_stays_as_it_is(text: str) -> None:
    assert mask_urls(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("call 081-555-0143", "call 000-000-0000"),
        ("โทร ๐๘๑", "โทร 000"),
        ("ဖုန်း ၀၉၇", "ဖုန်း 000"),
        ("no number", "no number"),
    ],
)
def test_digits_of_every_script_become_zero(text: str, masked: str) -> None:
    assert mask_digits(text) == masked


def test_random_digits_change_the_number_and_nothing_else() -> None:
    text = "pay 12,000 to 981-552-0143 before ๑๒ June"
    changed = random_digits(text, np.random.default_rng(1))

    assert changed != text
    assert mask_digits(changed) == mask_digits(text)


def test_random_digits_follow_the_seed() -> None:
    text = "0812345678"

    assert random_digits(text, np.random.default_rng(3)) == random_digits(text, np.random.default_rng(3))
    assert random_digits(text, np.random.default_rng(3)) != random_digits(text, np.random.default_rng(4))
