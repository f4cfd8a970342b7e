"""Digits behind marks, lines, words and letters; the words of a sentence beside them stay out."""

import pytest

from models.entities.numerals_disguised import disguised_runs
from tests.reading_time import reads_in_linear_time

HIDDEN = [
    # language, text, digits
    ("th", "โทร 08★6★555★01★92", "0865550192"),
    ("th", "โทร ศูนย์หก ตองห้า 0184", "065550184"),
    ("th", "โทร ศูนย์แปด ห้าสามตัว 0184", "085550184"),
    ("th", "โทร ศูนย์แปด ห้าร้อยห้าสิบหก 0184", "085560184"),
    ("th", "ซีโร่ เก้า ทู ไฟว์ ไฟว์ 0 1 1", "09255011"),
    ("lo", "ໂທ 020 ແລ້ວ ຫ້າຫ້າ ແລ້ວ 55019", "0205555019"),
    ("km", "ហៅ 096 ហើយ 555 ហើយ 0173", "0965550173"),
    ("my", "ဖုန်း ဝ9-775-ဝ143", "097750143"),
    ("zh", "电话 一三九 三个五 0 二八六", "1395550286"),
    ("zh", "卡号 62179955 后半段 5014286", "621799555014286"),
    ("ko", "전화 공이에 오오오에 공일삼", "02555013"),
    ("ko", "번호 ㅇ1ㅇ.5558.9ㅇ14", "01055589014"),
    ("vi", "gọi không chín ba con năm 0147", "095550147"),
    ("vi", "số không chín năm trăm năm mươi lăm 0147", "095550147"),
    ("id", "wa nol delapan lalu 555 lalu 0193", "085550193"),
    ("ms", "01tiga-5lima5-kosong882", "0135550882"),
    ("tl", "zero nine tatlong lima 0182", "095550182"),
    ("hi", "नौ 8 डबल पाँच 0 एक सात", "9855017"),
    ("en", "call oh eight three fives 0162", "085550162"),
    ("en", "call 08I-S55\n-O162", "0815550162"),
    ("en", "{08}{1}{555}{0162}", "0815550162"),
    ("th", "ตัวแรก 081 ตัวกลาง 555 ตัวท้าย 0152", "0815550152"),
    ("lo", "020 ຕໍ່ມາ 77 ຕໍ່ມາ 555 ທ້າຍ 011", "02077555011"),
    ("lo", "ໂທ ສູນຊາວ ຫ້າຫ້າ ຫ້າຫ້າຫ້າ", "02055555"),
    ("km", "ខ្ទង់ដំបូង 096 ចុងក្រោយ 5550", "0965550"),
    ("my", "ရှေ့ဆုံး 09 အလယ် 42555 နောက်ဆုံး 0152", "09425550152"),
    ("vi", "3 số đầu 091, giữa 555, 4 số cuối 0152", "0915550152"),
    ("zh", "前三位是152，中间5550，后四位3371，加一下", "15255503371"),
    ("zh", "152丨5550丨3371", "15255503371"),
    ("ko", "앞자리 010 가운데 5550 뒷자리 2871", "01055502871"),
    ("hi", "पहले 98555 फिर 01152", "9855501152"),
    ("hi", "98 pachpan 50 gyarah battis", "9855501132"),
    ("hi", "अट्ठानवे पचपन 50 चौदह 32", "9855501432"),
    ("id", "depannya 0812 tengahnya 5550 belakangnya 152", "08125550152"),
    ("id", "08 dua belas 555 01 tiga puluh dua", "08125550132"),
    ("tl", "unang apat 0917, sunod 555, huling apat 0152", "09175550152"),
    ("tl", "09 disisiete 555 01 bente dos", "09175550122"),
    ("tl", "zeronineoneseven fivefivefive", "0917555"),
    ("ms", "0dua7 555 0152", "0275550152"),
    ("en", "first four 0917, next three 555, last four 0152", "09175550152"),
    ("en", "09x17x555x01x52", "09175550152"),
    ("en", "081 (remove) 555 (remove) 0152", "0815550152"),
    ("en", "0815/5501/52", "0815550152"),
    ("en", "K.T.B 9 8 7~5~5 5 0 1 3", "987555013"),
]  # fmt: skip

PLAIN = [
    ("th", "โทร 081-555-0143"),
    ("en", "from 12/10/2026, 08:30"),
    ("en", "one of us has two of them"),
    ("zh", "一共三个人,两天"),
    ("vi", "ba năm nay không có gì"),
    ("en", "so go to Oslo, is it 5 or 6?"),
    ("id", "satu dua orang"),
    ("th", "5 วัน 3 คืน 2,500 บาท"),
    ("zh", "前面3个人，后面12个人"),
    ("vi", "đầu năm 2024, cuối năm 2025"),
    ("hi", "पहले 5 मिनट, फिर 10 मिनट"),
    ("en", "the first 20 of 2024 (see page 31)"),
]


@pytest.mark.parametrize(("language", "text", "digits"), HIDDEN)
def test_hidden_digits_are_read(language: str, text: str, digits: str) -> None:
    (found,) = disguised_runs(text, language, 7)
    assert "".join(group.digits for group in found.run.groups) == digits
    assert found.signs > 0


@pytest.mark.parametrize(("language", "text"), PLAIN)
def test_what_hides_nothing_is_no_disguise(language: str, text: str) -> None:
    assert list(disguised_runs(text, language, 7)) == []


def test_words_of_the_sentence_beside_a_number_are_left_out() -> None:
    (found,) = disguised_runs("is 08★1555★0143 so", "en", 7)
    assert "".join(group.digits for group in found.run.groups) == "0815550143"


def test_a_list_is_two_numbers() -> None:
    runs = disguised_runs("081★5550143, 089★5550120", "th", 7)
    assert [group.digits for found in runs for group in found.run.groups] == [
        "081",
        "5550143",
        "089",
        "5550120",
    ]


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "1 ",
        "1★",
        "ห้า",
        "一",
        "five ",
        "O8",
        "ba con ",
        "o ",
        "1\n",
        "x",
        "(",
        "0O",
        "1a",
        "12 ตัวท้าย ",
        "ตัวท้าย",
        "oneone",
        "1(",
    ],
)
def test_hundred_kilobytes_are_read_in_linear_time(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    assert reads_in_linear_time(lambda some: list(disguised_runs(some, "vi", 7)), text)
