"""A text disguised all over is read as if it were not; one mark, digit or styled letter is left alone."""

import numpy as np
import pytest

from models.text import normalize
from tests.reading_time import reads_in_linear_time
from training import disguise

LURES = {
    "en": "Work from home and earn good money every day, just like and share videos, write to me now",
    "th": "รับสมัครแอดมินตอบแชทลูกค้า รายได้ดี มีที่พักให้ฟรี เดินทางไปกับรถของบริษัท สนใจทักมาได้เลย",
    "zh": "招聘客服人员，包吃包住，月薪两万起，机票签证公司全包，有意者加我联系方式详谈",
    "vi": "Tuyển nhân viên gấp, lương cao, bao ăn ở, công ty lo hết giấy tờ và xe đưa đón tận nơi",
    "km": "ជ្រើសរើសបុគ្គលិកបន្ទាន់ ប្រាក់ខែខ្ពស់ មានកន្លែងស្នាក់នៅ ក្រុមហ៊ុនរ៉ាប់រងការធ្វើដំណើរទាំងអស់",
}


@pytest.mark.parametrize("language", LURES)
@pytest.mark.parametrize("share", [0.1, 0.3])
def test_emoji_strewn_through_every_word_are_gone(language: str, share: float) -> None:
    plain = f"{LURES[language]} {LURES[language]}"
    disguised = disguise.emoji(plain, language, share, np.random.default_rng(5))

    assert disguised != plain
    assert normalize(disguised).text.replace(" ", "") == normalize(plain).text.replace(" ", "")


def test_marks_strewn_through_words_are_gone_and_the_address_keeps_its_dots() -> None:
    text = "W_ork fr.om h-ome a*nd ea_rn mo.ney ev-ery d*ay at www.good-job.example/a_b"

    assert normalize(text).text == "Work from home and earn money every day at www.good-job.example/a_b"


def test_leet_in_many_words_is_read_and_codes_stay() -> None:
    text = "e4rn m0ney ev3ry d4y jus7 lik3 vide0s, code AB1234, order 20 pcs, mp3 ok"

    assert normalize(text).text == "earn money every day just like videos, code AB1234, order 20 pcs, mp3 ok"


def test_small_capitals_in_half_of_a_word_are_plain() -> None:
    assert normalize("ᴡork frᴏm home, eᴀrn ᴍoney").text == "work from home, earn money"


@pytest.mark.parametrize(
    "text",
    [
        "so happy🎉today we won🏆again and again, thank you all for coming to the party last night",
        "ร.ต.ท.สมชาย นัดที่ สภ.เมือง วันที่ 2 ธ.ค. เวลา 9 น.",
        "teman-teman dan orang-orang di kampung lari-lari pagi, anak-anak juga",
        "a state-of-the-art e-mail set-up, co-op and all-in-one plug-ins",
        "the word home is transcribed həʊm, dine dɪˈnaɪ, with ɪ and ʀ in phonetics",
        "Mazda3 and True4U and PRO1 and 7-Eleven and Covid-19 are names",
        "Good morning😊how are you❤miss you😘call me when you wake up",
        "今天很开心😊我们一起去吃饭吧❤改天见",
        "LINE: nan_ta.w-k or telegram jo3y_k and id mai5ka2",
        "commit d4f3a1b and m4a, m4v or m4b files",
        "U.S. and E.U. rules, e.g. 9 a.m. or 5 p.m., i.e. Ph.D. hours",
        "บอส😊ทักมานะ❤ขอบคุณค่ะ",
        "баға ғылым қағаз және hǫn ǫgu",
        "see B2B and B2C plans, 3D, 4G, mp3, win10",
    ],
)
def test_what_people_write_stays(text: str) -> None:
    assert normalize(text).text == text


@pytest.mark.parametrize("unit", ["a.", "a-b_", "💰ก", "a💰", "p4y ", "a.b ", "ᴀb", "x1y", "a.me"])
def test_a_long_text_disguised_all_over_is_read_in_linear_time(unit: str) -> None:
    text = unit * (200_000 // len(unit.encode()))
    assert reads_in_linear_time(normalize, text)


def test_spans_of_a_text_disguised_all_over_point_at_the_original() -> None:
    text = "L🎁ike vi✨de💰os and sh💎are"
    plain = normalize(text)
    start = plain.text.index("videos")

    assert plain.text == "Like videos and share"
    assert text[slice(*plain.original_span(start, start + 6))] == "vi✨de💰os"
