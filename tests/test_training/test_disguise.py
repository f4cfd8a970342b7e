"""Each disguise does what its name says, as much as asked, and leaves the rest alone."""

import unicodedata

import numpy as np
import pytest

from models.text import normalize
from training.disguise import FAMILIES, zawgyi

LURE = "รับแอดมินตอบแชท ทำงานที่ปอยเปต โทร 0815550143 LINE: easy.job ค่ะ"
EXAMPLES = {
    "homoglyphs": ("en", "easy cash please"),
    "zero_width": ("th", LURE),
    "leet": ("en", "easy cash please"),
    "spacing": ("th", LURE),
    "emoji": ("zh", "高薪招聘打字员包吃住"),
    "small_capitals": ("en", "Line id BOSS easy"),
    "tone_marks": ("th", LURE),
    "zawgyi": ("my", "မြဝတီမှာ အလုပ်ရှိတယ် လစာကောင်းတယ် ဆက်သွယ်ပါ"),
    "diacritics": ("vi", "Việc nhẹ lương cao, không cần kinh nghiệm"),
    "digit_words": ("th", LURE),
    "homophones": ("zh", "加微信赚钱"),
}


def disguised(family: str, share: float, seed: int = 0) -> tuple[str, str]:
    language, text = EXAMPLES[family]
    return text, FAMILIES[family](text, language, share, np.random.default_rng(seed))


@pytest.mark.parametrize("family", FAMILIES)
def test_a_text_is_changed_and_the_same_seed_changes_it_alike(family: str) -> None:
    text, changed = disguised(family, 0.3)

    assert changed != text
    assert changed == disguised(family, 0.3)[1]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_share_of_nothing_changes_nothing(family: str) -> None:
    text, changed = disguised(family, 0.0)

    assert changed == text


@pytest.mark.parametrize("family", [name for name in FAMILIES if name != "zawgyi"])
def test_a_larger_share_changes_more(family: str) -> None:
    text, little = disguised(family, 0.1)
    _, much = disguised(family, 1.0)

    def kept(changed: str) -> int:
        return sum(char in changed for char in text) - abs(len(changed) - len(text))

    assert kept(much) < kept(little)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_text_with_nothing_eligible_stays(family: str) -> None:
    assert FAMILIES[family]("!? ...", "en", 0.3, np.random.default_rng(0)) == "!? ..."


@pytest.mark.parametrize(
    ("family", "share"), [("zero_width", 0.3), ("small_capitals", 1.0), ("homoglyphs", 0.3)]
)
def test_the_normaliser_undoes_it_in_latin_words(family: str, share: float) -> None:
    changed = FAMILIES[family]("easy cash please", "en", share, np.random.default_rng(1))

    assert normalize(changed).text == "easy cash please"


@pytest.mark.parametrize(
    ("unicode_text", "zawgyi_text"),
    [
        ("မြန်မာ", "ျမန္မာ"),
        ("ကျွန်တော်", "ကၽြန္ေတာ္".replace("ၽြ", "\u103a\u103c")),
        ("နေ", "ေန"),
        ("ကောင်း", "ေကာင္း"),
    ],
)
def test_zawgyi_is_in_drawing_order(unicode_text: str, zawgyi_text: str) -> None:
    assert zawgyi(unicode_text, "my", 1.0, np.random.default_rng(0)) == zawgyi_text


def test_a_long_burmese_text_in_zawgyi_comes_back_through_the_normaliser() -> None:
    text = "ကျွန်တော် မြဝတီမှာ ရောက်နေတယ် ထွက်လို့မရဘူး ကယ်ပါ အဆောင်ထဲမှာ ပိတ်ထားတယ် နိုင်ငံကူးလက်မှတ် သိမ်းထားတယ်"

    assert normalize(zawgyi(text, "my", 1.0, np.random.default_rng(0))).text == text


def test_without_diacritics_vietnamese_is_plain_latin() -> None:
    _, changed = disguised("diacritics", 1.0)

    assert changed == "Viec nhe luong cao, khong can kinh nghiem"
    assert not any(unicodedata.combining(char) for char in unicodedata.normalize("NFD", changed))
