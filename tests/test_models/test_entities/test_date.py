"""Dates and times: one table of (language, text, [(words, value, other attributes)])."""

from datetime import datetime
from typing import Any

import pytest

from models.entities import date
from models.entities.entity import Context
from tests.reading_time import reads_in_linear_time

RECEIVED = datetime(2026, 6, 10, 9, 0)  # a Wednesday

FOUND: list[tuple[str, str, str, str | None, dict[str, Any]]] = [
    (
        "th",
        "นัดวันที่ 12 มิ.ย. 2569 นะคะ",
        "วันที่ 12 มิ.ย. 2569",
        "2026-06-12",
        {"calendar": "buddhist", "precision": "day"},
    ),
    (
        "th",
        "โอน12/06/69แล้ว",
        "12/06/69",
        "2026-06-12",
        {"calendar": "buddhist", "alternatives": ["1969-06-12"]},
    ),
    ("th", "16 พ.ย. 68 ครับ", "16 พ.ย. 68", "2025-11-16", {"calendar": "buddhist"}),
    ("th", "หมดเขต 14-18 ม.ค. 2569", "14-18 ม.ค. 2569", "2026-01-14/2026-01-18", {"precision": "day"}),
    ("th", "เดือนมีนาคม 2566", "เดือนมีนาคม 2566", "2023-03", {"precision": "month"}),
    ("th", "พ.ศ. 2569", "พ.ศ. 2569", "2026", {"calendar": "buddhist", "precision": "year"}),
    ("th", "เจอกันพรุ่งนี้บ่ายสองโมง", "พรุ่งนี้บ่ายสองโมง", "2026-06-11T14:00", {"precision": "minute"}),
    ("th", "ตอนสองทุ่ม", "สองทุ่ม", None, {"iso": "T20:00"}),
    ("th", "ทำถึงตีสาม", "ตีสาม", None, {"iso": "T03:00"}),
    ("th", "เริ่มสามโมงเช้า", "สามโมงเช้า", None, {"iso": "T09:00"}),
    ("th", "ถึงเก้าโมงเช้า", "เก้าโมงเช้า", None, {"iso": "T09:00"}),
    ("th", "เลิกสี่โมงเย็น", "สี่โมงเย็น", None, {"iso": "T16:00"}),
    ("th", "พุธที่ 22", "พุธที่ 22", None, {"iso": "XXXX-XX-22"}),
    ("th", "ศุกร์หน้า", "ศุกร์หน้า", "2026-06-19", {"alternatives": ["2026-06-12"]}),
    ("th", "เมื่อวาน", "เมื่อวาน", "2026-06-09", {}),
    ("th", "วันที่ 5 ธค 2568", "วันที่ 5 ธค 2568", "2025-12-05", {"calendar": "buddhist"}),
    ("th", "5ธค2568", "5ธค2568", "2025-12-05", {}),
    ("th", "ม.ค.2569", "ม.ค.2569", "2026-01", {"precision": "month"}),
    ("th", "12ธ.ค.68", "12ธ.ค.68", "2025-12-12", {"calendar": "buddhist"}),
    ("th", "หมดเขตคืนนี้", "คืนนี้", "2026-06-10", {}),
    ("th", "เกิดปี 63", "ปี 63", None, {"calendar": "buddhist", "alternatives": ["2020", "1963"]}),
    ("th", "วันที่:12/06/2569", "12/06/2569", "2026-06-12", {}),
    ("th", "28 ธ.ค.-3 ม.ค. 2570", "28 ธ.ค.-3 ม.ค. 2570", "2026-12-28/2027-01-03", {}),
    ("lo", "ວັນທີ 12 ເດືອນ 6 ປີ 2026", "ວັນທີ 12 ເດືອນ 6 ປີ 2026", "2026-06-12", {"calendar": "gregorian"}),
    ("lo", "ນັດວັນສຸກ 6 ໂມງແລງ", "ວັນສຸກ 6 ໂມງແລງ", None, {"precision": "minute"}),
    ("lo", "ມື້ອື່ນ", "ມື້ອື່ນ", "2026-06-11", {}),
    ("lo", "5 ມ.ກ. 2026", "5 ມ.ກ. 2026", "2026-01-05", {}),
    ("lo", "14/07/2025", "14/07/2025", "2025-07-14", {}),
    ("km", "ថ្ងៃទី3 ដល់ទី7 មីនា 2025", "ថ្ងៃទី3 ដល់ទី7 មីនា 2025", "2025-03-03/2025-03-07", {}),
    ("km", "ថ្ងៃចន្ទ ទី15 មិថុនា", "ថ្ងៃចន្ទ ទី15 មិថុនា", "2026-06-15", {"alternatives": ["2025-06-15"]}),
    ("km", "ម៉ោង 9 ព្រឹក", "ម៉ោង 9 ព្រឹក", None, {"iso": "T09:00"}),
    ("km", "ថ្ងៃស្អែក", "ថ្ងៃស្អែក", "2026-06-11", {}),
    ("my", "2026 ခုနှစ် ဇွန်လ 12 ရက်", "2026 ခုနှစ် ဇွန်လ 12 ရက်", "2026-06-12", {"calendar": "gregorian"}),
    ("my", "ဇွန် ၁၂ ရက်", "ဇွန် ၁၂ ရက်", "2026-06-12", {}),
    ("my", "မနက်ဖြန်", "မနက်ဖြန်", "2026-06-11", {}),
    (
        "my",
        "မြန်မာသက္ကရာဇ် 1388",
        "မြန်မာသက္ကရာဇ် 1388",
        None,
        {"calendar": "burmese", "alternatives": ["2026", "2027"]},
    ),
    ("my", "သောကြာနေ့", "သောကြာနေ့", None, {"alternatives": ["2026-06-05", "2026-06-12"]}),
    ("vi", "ngày 12 tháng 6 năm 2026", "ngày 12 tháng 6 năm 2026", "2026-06-12", {}),
    ("vi", "lúc 17h thứ Tư", "lúc 17h thứ Tư", None, {"iso": "T17:00"}),
    ("vi", "8h30 sáng mai nhé", "8h30 sáng mai", "2026-06-11T08:30", {}),
    ("vi", "thứ Năm 11/6", "thứ Năm 11/6", "2026-06-11", {}),
    ("vi", "hôm qua", "hôm qua", "2026-06-09", {}),
    ("vi", "từ 28/12 đến 3/1/2027", "28/12 đến 3/1/2027", "2026-12-28/2027-01-03", {}),
    ("vi", "ngày 1 tháng 7 - 5 tháng 8", "ngày 1 tháng 7 - 5 tháng 8", "2026-07-01/2026-08-05", {}),
    ("vi", "thứ Sáu tuần sau", "thứ Sáu tuần sau", "2026-06-19", {"alternatives": None}),
    ("vi", "mở 8h-20h", "8h-20h", None, {"iso": "T08:00/T20:00"}),
    ("vi", "14/7 âm lịch", "14/7 âm lịch", None, {"iso": None}),
    ("zh", "2026年6月12日到账", "2026年6月12日", "2026-06-12", {}),
    ("zh", "二〇二六年六月十二日下午三点半", "二〇二六年六月十二日下午三点半", "2026-06-12T15:30", {}),
    ("zh", "民國115年6月12日", "民國115年6月12日", "2026-06-12", {"calendar": "minguo"}),
    ("zh", "下周五签约", "下周五", "2026-06-19", {}),
    ("zh", "明早七点", "明早七点", "2026-06-11T07:00", {}),
    ("zh", "3月1日至4月5日", "3月1日至4月5日", "2026-03-01/2026-04-05", {}),
    ("zh", "12月28日至1月3日", "12月28日至1月3日", None, {"iso": "XXXX-12-28/XXXX-01-03"}),
    ("zh", "2026年12月28日至1月3日", "2026年12月28日至1月3日", "2026-12-28/2027-01-03", {}),
    ("zh", "查明,2023年起", "2023年", "2023", {}),
    ("zh", "时间:14:30", "14:30", None, {"iso": "T14:30"}),
    ("zh", "3天前", "3天前", "2026-06-07", {}),
    ("zh", "本月20日", "本月20日", "2026-06-20", {}),
    ("ja", "令和8年6月12日", "令和8年6月12日", "2026-06-12", {}),
    ("ja", "来月3日", "来月3日", "2026-07-03", {}),
    ("ja", "昨日", "昨日", "2026-06-09", {}),
    ("ko", "6월 13일(토) 1시", "6월 13일(토) 1시", "2026-06-13T01:00", {}),
    ("ko", "다음 주 수요일에", "다음 주 수요일", "2026-06-17", {}),
    ("ko", "6월 28일부터 7월 3일", "6월 28일부터 7월 3일", "2026-06-28/2026-07-03", {}),
    ("ko", "모레 오전 9시", "모레 오전 9시", "2026-06-12T09:00", {}),
    ("hi", "18 नवंबर 2024", "18 नवंबर 2024", "2024-11-18", {}),
    ("hi", "कल रात 11 बजे", "कल रात 11 बजे", None, {"alternatives": ["2026-06-09T11:00", "2026-06-11T11:00"]}),
    ("en", "by June 12, 2026 at 8pm", "June 12, 2026 at 8pm", "2026-06-12T20:00", {}),
    ("en", "see you next Friday", "next Friday", "2026-06-19", {"alternatives": ["2026-06-12"]}),
    ("en", "on 2026-06-12", "2026-06-12", "2026-06-12", {}),
    ("en", "28 Dec to 3 Jan 2027", "28 Dec to 3 Jan 2027", "2026-12-28/2027-01-03", {}),
    ("en", "1 Mar - 5 Apr 2026", "1 Mar - 5 Apr 2026", "2026-03-01/2026-04-05", {}),
    ("en", "March 1 to April 5, 2026", "March 1 to April 5, 2026", "2026-03-01/2026-04-05", {}),
    ("en", "5 Mar 2026 - 5 Apr", "5 Mar 2026 - 5 Apr", "2026-03-05/2026-04-05", {}),
    ("en", "5th of March 2026", "5th of March 2026", "2026-03-05", {"precision": "day"}),
    ("en", "29/02/2028", "29/02/2028", "2028-02-29", {}),
    ("en", "at 2026-03-10T14:30:00+07:00", "2026-03-10T14:30:00+07:00", "2026-03-10T14:30", {}),
    ("en", "8:00-17:00", "8:00-17:00", None, {"iso": "T08:00/T17:00", "precision": "minute"}),
    ("en", "last month 8:00-17:00", "last month 8:00-17:00", "2026-05", {"iso": "2026-05"}),
    ("en", "12 June 20:00-02:00", "12 June 20:00-02:00", "2026-06-12T20:00/2026-06-13T02:00", {}),
    ("en", "12/06/2026 - 14:30", "12/06/2026 - 14:30", "2026-06-12T14:30", {}),
    ("en", "Friday next week", "Friday next week", "2026-06-19", {}),
    ("en", "tomorrow, Friday", "tomorrow, Friday", None, {"alternatives": ["2026-06-11"]}),
    ("en", "the 14th", "the 14th", None, {"iso": "XXXX-XX-14"}),
    ("en", "Nov 25 to Jan 5", "Nov 25 to Jan 5", None, {"iso": "XXXX-11-25/XXXX-01-05"}),
    ("id", "Senin, 8 Juni pukul 16.00", "Senin, 8 Juni pukul 16.00", "2026-06-08T16:00", {}),
    ("id", "akhir Juni 2026", "akhir Juni 2026", "2026-06", {"precision": "month"}),
    ("id", "akhir 2026", "akhir 2026", "2026", {"precision": "year"}),
    ("id", "besok jam 8 pagi", "besok jam 8 pagi", "2026-06-11T08:00", {}),
    ("id", "dua minggu lalu", "dua minggu lalu", "2026-05-25/2026-05-31", {}),
    ("ms", "Isnin 15 Jun 2026", "Isnin 15 Jun 2026", "2026-06-15", {}),
    ("ms", "datang 8 malam", "8 malam", None, {"iso": "T20:00"}),
    ("ms", "esok", "esok", "2026-06-11", {}),
    ("tl", "sa Hunyo 12, 2026", "Hunyo 12, 2026", "2026-06-12", {}),
    ("tl", "06/27/2026", "06/27/2026", "2026-06-27", {}),
    ("tl", "ika-12 ng Hunyo 2026", "ika-12 ng Hunyo 2026", "2026-06-12", {}),
    ("tl", "alas-otso ng umaga", "alas-otso ng umaga", None, {"iso": "T08:00"}),
]

NOT_DATES = [
    ("th", "โทร 081-555-0123"),
    ("th", "ราคา 12,500 บาท ลด 50%"),
    ("th", "ดวงอาทิตย์ขึ้น"),
    ("th", "บทที่ 12 หน้า 30"),
    ("th", "กู้ กยศ 12 งวด"),
    ("th", "ร้อง สคบ 5 มคอ"),
    ("lo", "ລາຄາ 12.500 ກີບ"),
    ("lo", "ໂທ 020 5555 0123"),
    ("km", "តុលាការខេត្ត"),
    ("km", "តម្លៃ 25$"),
    ("my", "၅၀၀၀၀၀ ကျပ်"),
    ("my", "၃ ရက် နား"),
    ("vi", "lần thứ hai"),
    ("vi", "giá 12.500.000đ"),
    ("vi", "0905 555 123"),
    ("zh", "住3号楼"),
    ("zh", "有一点贵"),
    ("zh", "30天内"),
    ("zh", "取件码 12-3-4567"),
    ("zh", "住2晚"),
    ("vi", "thuê 2 đêm"),
    ("th", "ห้อง 2 คืน"),
    ("ja", "日本語の先生"),
    ("ko", "8시간 근무"),
    ("ko", "월급 200만"),
    ("hi", "आजकल काम"),
    ("en", "I may march on"),
    ("en", "open 24/7"),
    ("en", "version 2.10.3"),
    ("en", "won 3-1, odds 1.85"),
    ("en", "192.168.10.12"),
    ("en", "order 555-2026-1"),
    ("en", "http://a.example/2026/06/12"),
    ("en", "31/02/2026"),
    ("en", "29/02/2026"),
    ("en", "29 Feb 2027"),
    ("en", "in 100 days, from 120 to 150"),
    ("en", "by 62"),
    ("en", "F-16, COVID-19"),
    ("id", "skor akhir 2-0"),
    ("id", "Rp 12.500"),
    ("ms", "2 minggu cuti"),
    ("tl", "₱12,500 lang"),
    ("tl", "ika-4 na palapag"),
]


@pytest.mark.parametrize(("language", "text", "words", "value", "attributes"), FOUND)
def test_date_is_found_and_resolved(
    language: str, text: str, words: str, value: str | None, attributes: dict[str, Any]
) -> None:
    if language == "my":
        text, words = (s.translate(str.maketrans("၀၁၂၃၄၅၆၇၈၉", "0123456789")) for s in (text, words))
    found = date.find(text, Context(language, RECEIVED))
    assert [(text[e.start : e.end], e.value) for e in found] == [(words, value)]
    assert {key: found[0].attributes.get(key) for key in attributes} == attributes


@pytest.mark.parametrize(("language", "text"), NOT_DATES)
def test_numbers_and_look_alike_words_are_no_dates(language: str, text: str) -> None:
    text = text.translate(str.maketrans("၀၁၂၃၄၅၆၇၈၉", "0123456789"))
    assert [text[e.start : e.end] for e in date.find(text, Context(language, RECEIVED))] == []


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("th", "วันพุธหน้า อาทิตย์ที่แล้ว", ["วันพุธหน้า", "อาทิตย์ที่แล้ว"]),
        ("en", "next Friday, last month", ["next Friday", "last month"]),
        ("en", "last Friday, yesterday", ["last Friday", "yesterday"]),
        ("en", "12 June, last month", ["12 June", "last month"]),
        ("ms", "bulan Jun, bulan ini", ["bulan Jun", "bulan ini"]),
        ("zh", "上周五 前天", ["上周五", "前天"]),
        ("ko", "지난주 금요일, 3일 전", ["지난주 금요일", "3일 전"]),
    ],
)
def test_dates_that_contradict_each_other_stay_apart(language: str, text: str, words: list[str]) -> None:
    assert [text[e.start : e.end] for e in date.find(text, Context(language, RECEIVED))] == words


@pytest.mark.parametrize("year", [1, 9999])
@pytest.mark.parametrize(
    "text",
    [
        "tomorrow",
        "yesterday",
        "3 weeks ago",
        "last month",
        "next year",
        "end of the month",
        "Friday",
        "last Monday",
        "12 June",
        "the 14th",
        "29 Feb",
        "28 Dec to 3 Jan",
        "tomorrow 20:00-02:00",
        "31 years ago",
        "day 31",
    ],
)
def test_no_date_of_receipt_makes_a_date_overflow(year: int, text: str) -> None:
    for received in (datetime(year, 1, 1), datetime(year, 12, 31, 23, 59)):
        assert all(e.value is None for e in date.find(text, Context("en", received)))


def test_relative_words_have_no_value_without_the_day_of_receipt() -> None:
    assert [e.value for e in date.find("พรุ่งนี้ 10 โมง", Context("th"))] == [None]


def test_calendar_dates_are_surer_than_relative_words() -> None:
    sure, unsure = date.find("2026-06-12. I go tomorrow", Context("en", RECEIVED))
    assert sure.proba > 0.9
    assert unsure.proba < 0.65
    assert unsure.reason == "relative word"


@pytest.mark.parametrize("unit", ["1", ".", "๑", "ก", "ທ", "ក", "က", "点", "한", "क", "a", "1-", "5 Mar - "])
def test_long_input_of_one_kind_is_read_in_linear_time(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    assert reads_in_linear_time(date.find, text, Context("th", RECEIVED))
