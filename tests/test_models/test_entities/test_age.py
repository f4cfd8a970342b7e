"""AGE: ages and age limits with their bounds, and figures that are none."""

import pytest

from models.entities.age import find
from models.entities.entity import Context
from tests.reading_time import reads_in_linear_time

# (text, words found, value)
AGES = [
    ("รับอายุ 20-35 ปี", "20-35 ปี", "20-35"),
    ("พ่ออายุ 71 โดนหลอก", "71", "71"),
    ("อายุไม่เกิน 55", "55", "-55"),
    ("อายุ18ปีขึ้นไป", "18ปี", "18+"),
    ("เด็ก 8 ขวบ", "8 ขวบ", "8"),
    ("ลูกสาว 16 หายไป", "16", "16"),
    ("ตำรวจจับหนุ่ม 19 เปิดบัญชี", "19", "19"),
    ("ອາຍຸ 18-35 ປີ", "18-35 ປີ", "18-35"),
    ("ອາຍຸບໍ່ເກີນ 45 ປີ", "45 ປີ", "-45"),
    ("ລູກສາວ 16 ຫາຍໄປ", "16", "16"),
    ("ເດັກ 2 ຂວບ", "2 ຂວບ", "2"),
    ("អាយុ 34ឆ្នាំ", "34ឆ្នាំ", "34"),
    ("អាយុក្រោម 26", "26", "-26"),
    ("ប្រុស 20-40 ឆ្នាំ", "20-40 ឆ្នាំ", "20-40"),
    ("កូនស្រី 16 ឆ្នាំ", "16 ឆ្នាំ", "16"),
    ("အသက် 19 နှစ်", "19 နှစ်", "19"),
    ("58 နှစ်အရွယ် ဆရာ", "58 နှစ်အရွယ်", "58"),
    ("သမီး 15 ပါ", "15", "15"),
    ("Em gái tôi 20 tuổi", "20 tuổi", "20"),
    ("tuyển 22-45 tuổi", "22-45 tuổi", "22-45"),
    ("hai mươi tuổi", "hai mươi tuổi", "20"),
    ("Nữ 34, giáo viên", "34", "34"),
    ("dưới 30 tuổi", "30 tuổi", "-30"),
    ("我二十岁", "二十岁", "20"),
    ("男女18-32五官端正", "18-32", "18-32"),
    ("她 66 岁", "66 岁", "66"),
    ("18岁以上", "18岁", "18+"),
    ("我今年四十一岁", "四十一岁", "41"),
    ("无业男子(34)被捕", "34", "34"),
    ("umur 18-30", "18-30", "18-30"),
    ("usia 21–45 tahun", "21–45 tahun", "21-45"),
    ("Cewek 18-26, good looking", "18-26", "18-26"),
    ("Anak saya 14 tahun hilang", "14 tahun", "14"),
    ("usia maksimal 32 thn", "32 thn", "-32"),
    ("Anak saya (22) hilang", "22", "22"),
    ("Umur 18 tahun ke atas", "18 tahun", "18+"),
    ("28 anyos na babae", "28 anyos", "28"),
    ("Si nanay 68 gumaling", "68", "68"),
    ("20-30 yrs old, pleasing", "20-30 yrs old", "20-30"),
    ("उम्र 22, अगस्त", "22", "22"),
    ("आयु 20-32 वर्ष", "20-32 वर्ष", "20-32"),
    ("58 वर्ष का शिक्षक", "58 वर्ष का", "58"),
    ("대구에 사는 54세 엄마", "54세", "54"),
    ("스무 살 친구", "스무 살", "20"),
    ("20대 3명", "20대", "20-29"),
    ("弟(26歳)が留学", "26歳", "26"),
    ("20歳以上", "20歳", "20+"),
    ("age 15 only", "15", "15"),
    ("I'm 16. Do I tell police?", "16", "16"),
    ("My sons Dawit, 24, went", "24", "24"),
    ("A 19-year-old student", "19-year-old", "19"),
    ("18+ only", "18+", "18+"),
    ("she is fourteen years old", "fourteen years old", "14"),
    ("my cousin is twelve", "twelve", "12"),
    ("สาวลาว 19 สูง 165", "19", "19"),
    ("น้องมายด์ 18 // 160/45/34", "18", "18"),
    ("ผช. 20-30", "20-30", "20-30"),
    ("ສາວລາວ 19 ສູງ 165", "19", "19"),
    ("ນາງ ວຽງສະຫວັນ 19 ປີ", "19 ປີ", "19"),
    ("បុរសម៉ាស្សា 27 ឆ្នាំ ចុះតាមបន្ទប់", "27 ឆ្នាំ", "27"),
    ("သား 23 နှစ် က မဲဆောက်မှာ", "23 နှစ်", "23"),
    ("17 နှစ် ကောင်လေး", "17 နှစ်", "17"),
    ("Saya 44, ibu tunggal", "44", "44"),
    ("max age 30", "30", "-30"),
    ("maximum age: 35", "35", "-35"),
    ("age limit: 40", "40", "-40"),
    ("age limit 18", "18", "18+"),
    ("age limit 21+", "21+", "21+"),
    ("minimum age 18", "18", "18+"),
    ("batas usia 40", "40", "-40"),
    ("asal umur di atas 18 tahun", "18 tahun", "18+"),
    ("umur di bawah 30", "30", "-30"),
    ("độ tuổi tối đa 35", "35", "-35"),
    ("tuổi từ 18", "18", "18+"),
    ("อายุสูงสุด 45", "45", "-45"),
    ("年龄上限40", "40", "-40"),
    ("20多岁的女孩", "20多岁", "20-29"),
    ("三十几岁", "三十几岁", "30-39"),
    ("อายุ 30 กว่าปี", "30 กว่าปี", "30-39"),
    ("她20来泰国", "20", "20"),
    ("20来岁", "20来岁", "20-29"),
    ("at age 30 an accident", "30", "30"),
    ("usia 20-an", "20-an", "20-29"),
    ("she is in her 20s", "20s", "20-29"),
    ("18 နှစ်ကနေ 35 နှစ်", "18 နှစ်ကနေ 35 နှစ်", "18-35"),
    ("招18岁到35岁", "18岁到35岁", "18-35"),
    ("từ 18 tuổi đến 35 tuổi", "18 tuổi đến 35 tuổi", "18-35"),
    ("18세부터 35세", "18세부터 35세", "18-35"),
]

NO_AGES = [
    "สัญญา 2 ปี ต่อได้",
    "บ้านอายุ 20 ปี",
    "ตึกมีอายุ 30 ปี",
    "account age 5 years",
    "usia rumah 20 tahun",
    "น้องขาย 20 ชิ้น",
    "ได้ 20 กว่าคน",
    "20多人",
    "wait 30s, ok",
    "cũng im một lúc",
    "2 နှစ်က ရောက်တယ်",
    "ประสบการณ์ 20 ปี",
    "รับชาย 20 คน",
    "เดินทาง 20-35 นาที",
    "เงินเดือน 20-35 พัน",
    "ห้อง 18 ชั้น 5",
    "ສັນຍາ 2 ປີ",
    "ຮັບຍິງ 20 ຄົນ",
    "កិច្ចសន្យា 2 ឆ្នាំ",
    "20 នាក់ 30 ថ្ងៃ",
    "စာချုပ် 2 နှစ်",
    "ယောက်ျား 20 ယောက်",
    "hợp đồng 3 năm, 20 người",
    "lương 20-30 triệu",
    "20-30 phút là xong",
    "合同两年，工作20天",
    "20-30元一单",
    "女20人",
    "男18号来的",
    "kontrak 2 tahun",
    "pengalaman 5 tahun",
    "anak 20 orang",
    "15-20 juta per bulan",
    "20 slots, 24 hours",
    "3 years experience",
    "2 साल का अनुभव",
    "20 लोग 30 दिन",
    "12월 20일 15명",
    "3년 계약",
    "20時から30分",
    "bus 18-35 km",
    "score 21-18 at 20:30",
    "call 555-0118",
    "won 3-2, chapter 21",
]


@pytest.mark.parametrize(("text", "words", "value"), AGES)
def test_ages_are_found_with_their_bounds(text, words, value):
    assert [(text[e.start : e.end], e.value) for e in find(text, Context())] == [(words, value)]


@pytest.mark.parametrize("text", NO_AGES)
def test_durations_counts_and_prices_are_no_ages(text):
    assert [text[e.start : e.end] for e in find(text, Context())] == []


def test_a_limit_leaves_the_other_bound_open():
    (limit,) = find("อายุไม่เกิน 30", Context("th"))
    assert dict(limit.attributes) == {"minimum": None, "maximum": 30}


@pytest.mark.parametrize(
    "piece", ["1", ".", "1 ", "18-", "ก", "一", "သ", "한", "a", "soi 5 ", "18-25 years old ", "岁一"]
)
def test_pathological_text_takes_linear_time(piece):
    text = piece * (100_000 // len(piece))
    assert reads_in_linear_time(find, text, Context("th"))
