"""NATIONALITY: a people in every language; a place, a language, a dish or a currency is none."""

from itertools import pairwise

import pytest

from models.entities import nationality
from models.entities.entity import Context
from tests.reading_time import reads_in_linear_time

# text, [(words of the span, ISO 3166-1 alpha-2)]
FOUND = [
    ("รับคนไทย 4 คน", [("คนไทย", "TH")]),
    ("หลอกคนจีนกับคนลาว", [("คนจีน", "CN"), ("คนลาว", "LA")]),
    ("วิศวกรชาวพม่า", [("ชาวพม่า", "MM")]),
    ("แรงงานกัมพูชา ลาว เมียนมา", [("กัมพูชา", "KH"), ("ลาว", "LA"), ("เมียนมา", "MM")]),
    ("เรือสัญชาติเวียดนาม", [("เวียดนาม", "VN")]),
    ("ช่วยหญิงไทย 3 คน", [("ไทย", "TH")]),
    ("มีเมียนมา 5 คน", [("เมียนมา", "MM")]),
    ("ມີຄົນລາວ 3 ຄົນ", [("ຄົນລາວ", "LA")]),
    ("ລູກຄ້າໄທ ກັບ ຄົນຈີນ", [("ໄທ", "TH"), ("ຄົນຈີນ", "CN")]),
    ("ຊາວຫວຽດນາມ", [("ຊາວຫວຽດນາມ", "VN")]),
    ("ជនជាតិចិន ២ នាក់", [("ជនជាតិចិន", "CN")]),
    ("ខ្មែរ 3 នាក់", [("ខ្មែរ", "KH")]),
    ("ថៅកែចិន", [("ចិន", "CN")]),
    ("ពលរដ្ឋឥណ្ឌូនេស៊ី", [("ឥណ្ឌូនេស៊ី", "ID")]),
    ("မြန်မာ 11 ယောက် ရှိတယ်", [("မြန်မာ", "MM")]),
    ("တရုတ်လူမျိုးတွေ", [("တရုတ်", "CN")]),
    ("အမေရိကန်တွေကို လိမ်", [("အမေရိကန်", "US")]),
    ("ထိုင်းအမျိုးသမီး", [("ထိုင်း", "TH")]),
    ("招聘中国人4个", [("中国人", "CN")]),
    ("台灣仔俾人打", [("台灣", "TW")]),
    ("那个越南妹子", [("越南", "VN")]),
    ("缅甸籍人员27名", [("缅甸", "MM")]),
    ("我係香港人", [("香港人", "HK")]),
    ("tuyển 4 người Việt", [("người Việt", "VN")]),
    ("41 công dân Việt Nam", [("Việt Nam", "VN")]),
    ("chủ người Trung Quốc", [("người Trung Quốc", "CN")]),
    ("lua nguoi viet", [("nguoi viet", "VN")]),
    ("sếp Trung khó lắm", [("Trung", "CN")]),
    ("VN 3 nam 1 nữ", [("VN", "VN")]),
    ("kami 7 orang WNI", [("WNI", "ID")]),
    ("nipu orang Amerika", [("Amerika", "US")]),
    ("warga negara Indonesia", [("Indonesia", "ID")]),
    ("rakyat Malaysia", [("Malaysia", "MY")]),
    ("Cari Malaysian je", [("Malaysian", "MY")]),
    ("Pito kaming Pilipino dito", [("Pilipino", "PH")]),
    ("mga Kano ang target", [("Kano", "US")]),
    ("May babaeng Vietnamese na", [("Vietnamese", "VN")]),
    ("we are eleven Kenyans here", [("Kenyans", "KE")]),
    ("one Ugandan boy cannot walk", [("Ugandan", "UG")]),
    ("2 Ethiopian, 1 Pakistani", [("Ethiopian", "ET"), ("Pakistani", "PK")]),
    ("My brother, 20, Indian, was taken", [("Indian", "IN")]),
    ("the Chinese boss", [("Chinese", "CN")]),
    ("I am Thai", [("Thai", "TH")]),
    ("Cambodian seasonal workers", [("Cambodian", "KH")]),
    ("64 भारतीय छुड़ाए", [("भारतीय", "IN")]),
    ("एक नेपाली लड़का", [("नेपाली", "NP")]),
    ("चीनी बॉस मारता है", [("चीनी", "CN")]),
    ("hum yaha 11 indian hai", [("indian", "IN")]),
    ("한국인 14명이", [("한국인", "KR")]),
    ("저는 베트남 사람입니다", [("베트남", "VN")]),
    ("日本人とベトナム人", [("日本人", "JP"), ("ベトナム人", "VN")]),
    ("ミャンマー国籍の方", [("ミャンマー", "MM")]),
    ("tipu orang Singapore dan Indonesia guna gambar", [("Singapore", "SG"), ("Indonesia", "ID")]),
    ("mấy anh người Khmer với Việt bị nhốt", [("người Khmer", "KH"), ("Việt", "VN")]),
    ("มีคนไทย 3 ลาว 2 ในห้อง", [("คนไทย", "TH"), ("ลาว", "LA")]),
    ("ខ្មែរ 3 ថៃ 1 នៅជាន់ 2", [("ខ្មែរ", "KH"), ("ថៃ", "TH")]),
    ("แฟนเป็นลาว", [("ลาว", "LA")]),
    ("德国船长", [("德国", "DE")]),
    ("Indian guests at the hotel", [("Indian", "IN")]),
    ("yung roommate kong Vietnamese", [("Vietnamese", "VN")]),
]
NOT_FOUND = [
    "พูดภาษาไทยได้",
    "นวดไทย 300",
    "300 บาทไทย",
    "ไปลาว 3 คน",
    "ธนาคารไทยพาณิชย์",
    "ประเทศกัมพูชา",
    "คนไทยใหญ่",
    "ชายแดนไทย",
    "ພາສາລາວ",
    "ໄປໄທ 3 ຄົນ",
    "ភាសាថៃ",
    "ទៅថៃ 3 នាក់",
    "មកពីប្រទេសចិន",
    "မြန်မာစကား",
    "ထိုင်းမှာ",
    "တရုတ်ဘာသာ",
    "泰国菜",
    "去越南旅游",
    "中国人民银行",
    "中国人寿保险",
    "韩国人参",
    "tiếng Anh",
    "người trung gian",
    "quyền lợi người lao động",
    "khách hàng thân thiết",
    "người mỹ miều",
    "đi Thái Lan",
    "bahasa Indonesia",
    "kerja di Kamboja",
    "orang tua",
    "wikang Filipino",
    "Filipino food",
    "Thai massage",
    "Indian restaurant",
    "I speak Thai and translate to Chinese",
    "Japanese yen, Thai baht",
    "Chinese New Year",
    "travel to Laos",
    "french fries",
    "चाय में चीनी कम",
    "भारतीय स्टेट बैंक",
    "थाई खाना",
    "नेपाली भाषा",
    "한국인터넷진흥원",
    "nộp chủ tàu",
    "quầy 6 thái độ tốt",
    "29 Đài tệ",
    "캄보디아인데 어디인지 몰라요",
    "한국어",
    "日本語",
    "タイ料理",
    "order #5551 from China",
]


def found(text):
    return [(text[e.start : e.end], e.value) for e in nationality.find(text, Context())]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_a_people_is_found_with_the_code_of_its_country(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize("text", NOT_FOUND)
def test_a_place_a_language_a_dish_or_a_currency_is_no_nationality(text):
    assert found(text) == []


def test_entities_are_in_order_and_do_not_overlap():
    entities = nationality.find("Kenyans, คนไทย, 中国人 and 한국인 with two Indian boys", Context())

    assert [e.value for e in entities] == ["KE", "TH", "CN", "KR", "IN"]
    assert all(a.end <= b.start for a, b in pairwise(entities))


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        ".",
        " ",
        "ก",
        "คน",
        "ສ",
        "ស",
        "မ",
        "中国",
        "한",
        "タイ",
        "भ",
        "indian ",
        "thai",
        "người ",
        "ខ្មែរ 3 ថៃ 1 ",
        "orang Lao, ",
    ],
)
def test_a_hundred_kilobytes_of_one_thing_are_read_in_linear_time(unit):
    text = unit * (100_000 // len(unit.encode()))
    assert reads_in_linear_time(nationality.find, text, Context())
