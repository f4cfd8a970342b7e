"""MONEY: what is a sum, in which currency and for how long, and what only looks like one."""

import pytest

from models.entities.entity import Context
from models.entities.money import find
from tests.reading_time import reads_in_linear_time

# (language, text, what is found: (words, value))
SUMS = [
    ("th", "เงินเดือน 25,000-30,000 บาท", [("25,000-30,000 บาท", "25000-30000 THB")]),
    ("th", "รายได้วันละ 500 จ่ายสด", [("500", "500 THB")]),
    ("th", "ได้เดือนละ6หมื่นครับ", [("6หมื่น", "60000 THB")]),
    ("th", "มันขอยืมห้าหมื่นบาท", [("ห้าหมื่นบาท", "50000 THB")]),
    ("th", "โอนไปแล้วสองหมื่นสี่", [("สองหมื่นสี่", "24000 THB")]),
    ("th", "หนี้ 6-7 หมื่น", [("6-7 หมื่น", "60000-70000 THB")]),
    ("th", "เสียหาย 2.2 แสน", [("2.2 แสน", "220000 THB")]),
    ("th", "ถูกหลอก 1.4 ล้านบาท", [("1.4 ล้านบาท", "1400000 THB")]),
    ("th", "ค่าประกัน 2,000 คืนตอนออก", [("2,000", "2000 THB")]),
    ("th", "โอน 3,500บ. ก่อน", [("3,500บ.", "3500 THB")]),
    ("lo", "ເງິນເດືອນ 5 ລ້ານກີບ", [("5 ລ້ານກີບ", "5000000 LAK")]),
    ("lo", "ໂອນ 300 ພັນ ມື້ນີ້", [("300 ພັນ", "300000 LAK")]),
    ("lo", "ຄ່າສະໝັກ 1.200.000", [("1.200.000", "1200000 LAK")]),
    ("lo", "ໄດ້ 800 ໂດລາ", [("800 ໂດລາ", "800 USD")]),
    ("my", "လစာ 15 သိန်း", [("15 သိန်း", "1500000 MMK")]),
    ("my", "လစာ သိန်း 20 ရမယ်", [("သိန်း 20", "2000000 MMK")]),
    ("my", "သိန်းငါးဆယ် ပေးရမယ်", [("သိန်းငါးဆယ်", "5000000 MMK")]),
    ("my", "3 သိန်းခွဲ လွှဲ", [("3 သိန်းခွဲ", "350000 MMK")]),
    ("my", "4 သိန်း 5 သောင်း", [("4 သိန်း 5 သောင်း", "450000 MMK")]),
    ("my", "လစာ ဘတ် 18,500", [("ဘတ် 18,500", "18500 THB")]),
    ("km", "ប្រាក់ខែ 1200$", [("1200$", "1200 USD")]),
    ("km", "បង់ $300-$500", [("$300-$500", "300-500 USD")]),
    ("km", "តម្លៃ 9,000៛", [("9,000៛", "9000 KHR")]),
    ("km", "8000បាត", [("8000បាត", "8000 THB")]),
    ("vi", "lương 20 triệu/tháng", [("20 triệu", "20000000 VND")]),
    ("vi", "còn nợ 3tr8 nha", [("3tr8", "3800000 VND")]),
    ("vi", "vé 85k ngày thường", [("85k", "85000 VND")]),
    ("vi", "mất hai mươi triệu", [("hai mươi triệu", "20000000 VND")]),
    ("vi", "1 triệu 2 thôi", [("1 triệu 2", "1200000 VND")]),
    ("vi", "15-20 triệu, bao ăn", [("15-20 triệu", "15000000-20000000 VND")]),
    ("vi", "cọc 100.000đ", [("100.000đ", "100000 VND")]),
    ("zh", "月薪1.5万-2万包吃住", [("1.5万-2万", "15000-20000 CNY")]),
    ("zh", "被骗了两万五", [("两万五", "25000 CNY")]),
    ("zh", "到手2w-4w上不封顶", [("2w-4w", "20000-40000 CNY")]),
    ("zh", "底薪900刀", [("900刀", "900 USD")]),
    ("zh", "押金八千", [("八千", "8000 CNY")]),
    ("zh", "工资4,000铢", [("4,000铢", "4000 THB")]),
    ("zh", "赔付1.2wU", [("1.2wu", "12000 USDT")]),
    ("id", "gaji 5jt per bulan", [("5jt", "5000000 IDR")]),
    ("id", "bayar lima ratus ribu", [("lima ratus ribu", "500000 IDR")]),
    ("id", "transfer dua belas juta", [("dua belas juta", "12000000 IDR")]),
    ("id", "DP Rp7.500.000 dulu", [("Rp7.500.000", "7500000 IDR")]),
    ("id", "sekitar 2,2 juta", [("2,2 juta", "2200000 IDR")]),
    ("id", "biaya Rp1.500.000,00", [("Rp1.500.000,00", "1500000 IDR")]),
    ("ms", "gaji RM3,500 sebulan", [("RM3,500", "3500 MYR")]),
    ("ms", "RM2k-3k", [("RM2k-3k", "2000-3000 MYR")]),
    ("tl", "sahod ₱35k kada buwan", [("₱35k", "35000 PHP")]),
    ("tl", "bayad P2,000 lang", [("P2,000", "2000 PHP")]),
    ("tl", "₱500 hanggang ₱700", [("₱500 hanggang ₱700", "500-700 PHP")]),
    ("hi", "2 lakh ka loan", [("2 lakh", "200000 INR")]),
    ("hi", "साढ़े तीन लाख दिए", [("साढ़े तीन लाख", "350000 INR")]),
    ("hi", "डेढ़ लाख गए", [("डेढ़ लाख", "150000 INR")]),
    ("hi", "₹3 करोड़ 50 लाख", [("₹3 करोड़ 50 लाख", "35000000 INR")]),
    ("hi", "फीस ₹1,50,000", [("₹1,50,000", "150000 INR")]),
    ("ko", "월급 삼백만 원", [("삼백만 원", "3000000 KRW")]),
    ("ko", "피해액 2억 3천", [("2억 3천", "230000000 KRW")]),
    ("ko", "1,300만 원 입금", [("1,300만 원", "13000000 KRW")]),
    ("ja", "報酬2万8千円", [("2万8千円", "28000 JPY")]),
    ("ja", "80〜100万出る", [("80〜100万", "800000-1000000 JPY")]),
    ("en", "earn $1,800 easily", [("$1,800", "1800 USD")]),
    ("en", "USD 900-1,200 per month", [("USD 900-1,200", "900-1200 USD")]),
    ("en", "Ksh 180,000 net", [("Ksh 180,000", "180000 KES")]),
    ("en", "she sent fifteen thousand", [("fifteen thousand", None)]),
    ("th", "เงินเดือน 20000-25000", [("20000-25000", "20000-25000 THB")]),
    ("th", "400-500/วัน", [("400-500", "400-500 THB")]),
    ("zh", "日结300-500", [("300-500", "300-500 CNY")]),
    ("id", "gaji 3000000-5000000", [("3000000-5000000", "3000000-5000000 IDR")]),
    ("th", "ล้างสต๊อก 990.- วันนี้", [("990.-", "990 THB")]),
    ("id", "Rp 500.000,- saja", [("Rp 500.000,-", "500000 IDR")]),
    ("th", "ได้ 10 000 บาท", [("10 000 บาท", "10000 THB")]),
    ("vi", "1 250 000 đ", [("1 250 000 đ", "1250000 VND")]),
    ("en", "set 2 500 baht", [("500 baht", "500 THB")]),
    ("th", "3000 ยู ต่อเดือน", [("3000 ยู", "3000 USDT")]),
    ("th", "500 ยูโร", [("500 ยูโร", "500 EUR")]),
    ("zh", "充50U送", [("50U", "50 USDT")]),
    ("th", "นวด 300b", [("300b", "300 THB")]),
    ("th", "ค่าน้ำ 20b", [("20b", "20 THB")]),
    ("tl", "pamasahe 50p lang", [("50p", "50 PHP")]),
    ("vi", "2 triệu rưỡi", [("2 triệu rưỡi", "2500000 VND")]),
    ("vi", "2tr rưỡi", [("2tr rưỡi", "2500000 VND")]),
    ("vi", "1 tỷ rưởi", [("1 tỷ rưởi", "1500000000 VND")]),
    ("vi", "hai trieu ruoi", [("hai trieu ruoi", "2500000 VND")]),
    ("vi", "2 trăm rưỡi ngàn", [("2 trăm rưỡi ngàn", "250000 VND")]),
    ("id", "2 juta setengah", [("2 juta setengah", "2500000 IDR")]),
    ("my", "၄ သိန်းခွဲ သုံးခါ", [("၄ သိန်းခွဲ", "450000 MMK")]),
    ("my", "၅သိန်းမှ ၈သိန်း တစ်လ", [("၅သိန်းမှ ၈သိန်း", "500000-800000 MMK")]),
    ("vi", "năm triệu một tháng", [("năm triệu", "5000000 VND")]),
    ("zh", "两人三万一个月", [("三万", "30000 CNY")]),
    ("th", "โอน 5,000 เบอร์ 0812345678", [("5,000", "5000 THB")]),
    ("th", "ห้อง 500/คืน", [("500", "500 THB")]),
    ("th", "ค่าห้อง 300 และ 500", [("300", "300 THB"), ("500", "500 THB")]),
    ("th", "สูง 165 หนัก 50 ราคา 1500", [("1500", "1500 THB")]),
    ("th", "จ.ตาก ค่าห้อง 15000", [("15000", "15000 THB")]),
    ("id", "BCA 1234567890 Rp 500.000", [("Rp 500.000", "500000 IDR")]),
    ("ms", "164012345678 RM 500", [("RM 500", "500 MYR")]),
    ("en", "ABA 12345678 USD 300", [("USD 300", "300 USD")]),
    ("th", "กสิกร 1234567890 ฿5,000", [("฿5,000", "5000 THB")]),
    ("tl", "GCash 0917 555 0143 ₱500", [("₱500", "500 PHP")]),
    ("en", "500 USD 300 THB", [("500 USD", "500 USD"), ("300 THB", "300 THB")]),
    ("en", "send 500 U TRC20", [("500 U", "500 USDT")]),
    ("ko", "20000000 Won", [("20000000 Won", "20000000 KRW")]),
    ("und", "500 USDT or 20000 baht", [("500 USDT", "500 USDT"), ("20000 baht", "20000 THB")]),
]

NO_SUMS = [
    ("th", "โทร 083-555-0116"),
    ("th", "เปิด 20.00 น. ถึง 22.30 น."),
    ("th", "มีสมาชิก 3 ล้านคน"),
    ("th", "รับ 40 คน อายุ 20-35 ปี"),
    ("th", "ลด 50% วันนี้"),
    ("th", "ห้อง 312 ชั้น 5"),
    ("th", "ตลก 55555 ขำมาก"),
    ("th", "ไปปี 2569"),
    ("lo", "ຮັບ 20 ຄົນ ເຮັດ 8 ຊົ່ວໂມງ"),
    ("lo", "ໂທ 020 5555 1234"),
    ("my", "ဖုန်း 09 555 0123"),
    ("my", "အခန်း 302 မှာ 15 ယောက်"),
    ("km", "ប្រុស 20-40 ឆ្នាំ 15 នាក់"),
    ("km", "ទូរស័ព្ទ 012 555 018"),
    ("vi", "tuyển 20 người, 18-35 tuổi"),
    ("vi", "2 triệu người xem"),
    ("vi", "nhà 30 m2, tầng 5"),
    ("vi", "hotline 0900 555 018"),
    ("zh", "十四岁的孩子在千万别去的万象"),
    ("zh", "园区有5万人,12个小时"),
    ("zh", "电话 555-0118 房间402"),
    ("zh", "一万人看过，百分之二十"),
    ("id", "10 juta orang menonton"),
    ("id", "jam 12.00 sampai 03.00"),
    ("id", "butuh 15 org umur 20-30 tahun"),
    ("ms", "12 kepala, 3 jam, 20 minit"),
    ("tl", "8 oras, 6 araw, 15 slots"),
    ("hi", "10 लोग 5 दिन 30 मिनट"),
    ("ko", "12월 13일 3동 402호"),
    ("ko", "20~35세 남자 15명"),
    ("ja", "12時から18時まで 30歳以上"),
    ("en", "typing 30 wpm, 24 hours, 2,000 words"),
    ("en", "10k followers and 1.5 million views"),
    ("en", "flight 2026-11-22 at 20:30, seat 14A"),
    ("en", "order 5550123 room 402, v1.2.3"),
    ("en", "won 3-2 in chapter 12"),
    ("th", "และ 500"),
    ("th", "คะแนน 85 และ 92"),
    ("th", "มาตรา 341 และ 345"),
    ("lo", "ຄະແນນ 85 ແລະ 90"),
    ("th", "30-39 ร้อยละ 45"),
    ("lo", "ຮ້ອຍລະ 20"),
    ("th", "ดอกร้อยละ 20 ต่อเดือน"),
    ("th", "กินยาวันละ 500 มก."),
    ("zh", "每天500毫克"),
    ("vi", "uống 500 mg và 250 ml"),
    ("en", "Room 5B, Apartment 12B, unit 305B"),
    ("en", "a 7b model and Llama 405B parameters"),
    ("en", "room 3U, 23U squad, 1080p video"),
    ("th", "ขนาดบรา 34B รุ่น 18U"),
    ("vi", "vẽ bản 3D miễn phí"),
    ("th", "จ.ตาก 63110"),
    ("th", "รหัสไปรษณีย์ 10110"),
    ("hi", "दिल्ली 110080"),
    ("tl", "Quezon City 1100"),
    ("th", "สูง 165/50"),
    ("lo", "ສູງ 165"),
    ("zh", "身高165"),
    ("th", "หน้า 120 ถึง 145"),
    ("th", "ซิม 5,000 เบอร์"),
    ("th", "ไลก์ 3,400 ผู้ติดตาม 100k"),
    ("km", "ពិន្ទុ 8,200"),
    ("zh", "粉丝六万"),
    ("th", "วิ่ง 10K ระยะทาง 1,200 กม."),
    ("hi", "धारा 420, 406"),
    ("my", "ပုဒ်မ 420"),
    ("th", "ห้อง 305, 310"),
    ("en", "lat 16.689 long 98.517"),
    ("th", "lat 16.689 long 98.517"),
    ("vi", "vĩ độ 16.689, kinh độ 98.517"),
    ("my", "16.802, 98.511"),
    ("th", "ช่วง 2567-2568 โอน 255-123456"),
    ("th", "500 ยูนิต"),
    ("en", "KBZPay 50000 U Aung Min"),
    ("en", "Wave 09777123456 u aung min"),
    ("my", "KBZPay 09777123456 U Aung Min"),
    ("vi", "STK 19034567890 DO THI HOA"),
    ("vi", "STK: 1903 4567 8901 DO THI HOA"),
    ("vi", "STK: 123456789 MB Bank NGUYEN VAN A"),
]


def _shown(text: str, language: str) -> list[tuple[str, str | None]]:
    return [(text[e.start : e.end], e.value) for e in find(text, Context(language))]


@pytest.mark.parametrize(("language", "text", "expected"), SUMS)
def test_sums_are_found_with_their_value(language, text, expected):
    assert [(words.lower(), value) for words, value in _shown(text, language)] == [
        (words.lower(), value) for words, value in expected
    ]


@pytest.mark.parametrize(("language", "text"), NO_SUMS)
def test_what_only_looks_like_money_is_left_alone(language, text):
    assert _shown(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "period", "monthly"),
    [
        ("th", "วันละ 500 บาท", "day", 13000),
        ("th", "25,000 บาท/เดือน", "month", 25000),
        ("en", "$10 per hour", "hour", 2080),
        ("en", "$1,200 a week", "week", 5200),
        ("en", "$60,000 per year", "year", 5000),
        ("zh", "月薪8000元", "month", 8000),
        ("vi", "lương 15-20 triệu", "month", 20000000),
        ("id", "Rp150.000 per hari", "day", 3900000),
        ("th", "หัวละ 800 บาท", "task", None),
        ("en", "the fine was $500", None, None),
        ("th", "500.-/วัน", "day", 13000),
        ("th", "20000บ/ด", "month", 20000),
        ("th", "20,000 บาท/ด.", "month", 20000),
        ("th", "500 บาท/ดวง", None, None),
        ("en", "1500 USD p/m", "month", 1500),
        ("en", "£640 pcm", "month", 640),
        ("ms", "RM 3,500 sebulan", "month", 3500),
        ("ms", "RM50 sehari", "day", 1300),
        ("id", "5jt/mgg", "week", 21666666.67),
        ("tl", "₱500 araw-araw", "day", 13000),
        ("hi", "5 लाख एक महीने", "month", 500000),
        ("th", "เงินเดือนเริ่มต้น 20000-25000 บาท", "month", 25000),
        ("vi", "lương cứng 6 triệu", "month", 6000000),
        ("zh", "月薪保底5万", "month", 50000),
        ("en", "salary up to $2,000", "month", 2000),
        ("ko", "월 300", "month", None),
        ("hi", "₹13,000 महीना", "month", 13000),
        ("hi", "हर महीने ₹9,000", "month", 9000),
        ("zh", "每天返66元", "day", 1716),
        ("vi", "mỗi tuần nhận 1,5 triệu", "week", 6500000),
        ("th", "ได้ 48,000 บาท ทุกเดือน", "month", 48000),
        ("km", "ខែ 480$", "month", 480),
        ("tl", "₱75,000 ang sahod", "month", 75000),
        ("th", "สัญญา 8 เดือน 1,450 USD", None, None),
        ("km", "3 ខែ 180$", None, None),
    ],
)
def test_periods_give_a_figure_for_a_month(language, text, period, monthly):
    (sum_,) = find(text, Context(language))
    assert (sum_.attributes["period"], sum_.attributes["monthly"]) == (period, monthly)


@pytest.mark.parametrize(
    ("language", "text", "periods"),
    [
        ("zh", "一天500 一个月1万5", ["day", "month"]),
        ("th", "วันละ 500 เดือนละ 15000", ["day", "month"]),
        ("vi", "500k một ngày, 15 triệu một tháng", ["day", "month"]),
    ],
)
def test_each_sum_has_its_own_period(language, text, periods):
    assert [sum_.attributes["period"] for sum_ in find(text, Context(language))] == periods


def test_the_longest_name_of_a_currency_counts():
    assert [e.value for e in find("จ่าย 500 ดอลลาร์ออสเตรเลีย", Context("th"))] == ["500 AUD"]


def test_the_sums_of_a_table_are_not_all_read():
    assert len(find("$5, " * 1000, Context("en"))) == 200


def test_a_figure_whose_thousands_stay_unsaid_has_no_value():
    (rent,) = find("월세 65 보냈는데", Context("ko"))
    assert rent.value is None
    assert rent.attributes["amount_min"] == 65


def test_a_dollar_in_cambodia_is_the_american_one():
    assert [e.attributes["currency"] for e in find("ប្រាក់ខែ 400$", Context("km"))] == ["USD"]


def test_the_letter_u_is_no_currency_in_burmese():
    assert find("5 U", Context("my")) == []


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        ".",
        "1 ",
        "1,",
        "ก",
        "万",
        "သ",
        "한",
        "二万",
        "1k ",
        "$1 ",
        "20 - 30 ",
        "10 000 ",
        "1 000 u ",
        "ห้อง 300, ",
    ],
)
def test_pathological_text_takes_linear_time(piece):
    text = piece * (100_000 // len(piece))
    assert reads_in_linear_time(find, text, Context("th"))
