"""PHONE: must-match and must-not-match texts of the region's languages."""

import pytest

from models.entities.entity import Context
from models.entities.phone import find
from tests.reading_time import reads_in_linear_time

CERTAIN = [
    # language, text, the number as written, E.164
    ("th", "โทร0815550143ด่วน", "0815550143", "+66815550143"),
    ("th", "ติดต่อ 081-555-0143 คุณเอ", "081-555-0143", "+66815550143"),
    ("th", "สอบถาม 02-555-0170 ต่อ 12", "02-555-0170", "+6625550170"),
    ("th", "แอดไลน์ 0 8 1 5 5 5 0 1 4 3", "0 8 1 5 5 5 0 1 4 3", "+66815550143"),
    ("th", "รถว่าง 095-555-0476", "095-555-0476", "+66955550476"),
    ("th", "โทร ๐๘๑-๕๕๕-๐๑๔๓", "๐๘๑-๕๕๕-๐๑๔๓", "+66815550143"),
    ("th", "โทร ศูนย์แปดหนึ่ง ห้าห้าห้า 0143", "ศูนย์แปดหนึ่ง ห้าห้าห้า 0143", "+66815550143"),
    ("th", "เบอร์ 66 81 555 0143", "66 81 555 0143", "+66815550143"),
    ("th", "tel O8I-S55-OI43", "O8I-S55-OI43", "+66815550143"),
    ("th", "โทร 081.555.0143", "081.555.0143", "+66815550143"),
    ("th", "+66 (0)81-555-0143", "+66 (0)81-555-0143", "+66815550143"),
    ("lo", "ໂທ 020 5552 7093", "020 5552 7093", "+8562055527093"),
    ("lo", "ສອບຖາມ 021 555 098", "021 555 098", "+85621555098"),
    ("km", "ទូរស័ព្ទ 012 555 084", "012 555 084", "+85512555084"),
    ("km", "ទំនាក់ទំនង 096 555 7718", "096 555 7718", "+855965557718"),
    ("km", "លេខ សូន្យមួយពីរ ប្រាំប្រាំប្រាំ សូន្យប្រាំបីបួន", "សូន្យមួយពីរ ប្រាំប្រាំប្រាំ សូន្យប្រាំបីបួន", "+85512555084"),
    ("my", "ဖုန်း 01 555 041 သို့", "01 555 041", "+951555041"),
    ("vi", "LH 0976 555 480 gặp Nhàn", "0976 555 480", "+84976555480"),
    ("vi", "zalo 0938.555.117", "0938.555.117", "+84938555117"),
    ("vi", "goi khong chin ba tam nam nam nam mot hai ba",
     "khong chin ba tam nam nam nam mot hai ba", "+84938555123"),
    ("zh", "电话13805550162联系", "13805550162", "+8613805550162"),
    ("zh", "打给我妈 138 0555 0162", "138 0555 0162", "+8613805550162"),
    ("zh", "致电021-5550-1437", "021-5550-1437", "+862155501437"),
    ("zh", "香港深水埗店，查詢 2555 0419", "2555 0419", "+85225550419"),
    ("id", "WA 0812-555-0731 ya", "0812-555-0731", "+628125550731"),
    ("id", "wa 62812-5550-0731", "62812-5550-0731", "+6281255500731"),
    ("ms", "Wasap 013-555 6690", "013-555 6690", "+60135556690"),
    ("ms", "talian 1300-555-221", "1300-555-221", "+601300555221"),
    ("tl", "Text 0917 555 0182 po", "0917 555 0182", "+639175550182"),
    ("tl", "Tumawag sa (02) 8555 0100.", "(02) 8555 0100", "+63285550100"),
    ("ko", "문의 010-5550-3652이에요", "010-5550-3652", "+821055503652"),
    ("ko", "전화 공일공 오오오영 삼육오이", "공일공 오오오영 삼육오이", "+821055503652"),
    ("hi", "व्हाट्सऐप 98555 01432", "98555 01432", "+919855501432"),
    ("hi", "फोन 011-4555-0182 पर", "011-4555-0182", "+911145550182"),
    ("ja", "予約080-5550-3371まで", "080-5550-3371", "+818055503371"),
    ("ja", "0120-555-280", "0120-555-280", "+81120555280"),
    ("en", "WhatsApp +65 8555 0137", "+65 8555 0137", "+6585550137"),
    ("en", "Manila office, text 0917 555 0182", "0917 555 0182", "+639175550182"),
    ("en", "in Bangkok call zero eight one, double five five zero one four three",
     "zero eight one, double five five zero one four three", "+66815550143"),
    ("my", "ထိုင်းဖုန်း 081 555 3391", "081 555 3391", "+66815553391"),
    ("th", "0066 81 555 0143", "0066 81 555 0143", "+66815550143"),
]  # fmt: skip

POSSIBLE = [
    # language, text, the number as written: the plan does not have it, or the country is not clear
    ("vi", "gọi 0938 555 0129 nhé", "0938 555 0129"),
    ("my", "ဖုန်း 09 555 0157 08", "09 555 0157 08"),
    ("en", "ring 555-0144", "555-0144"),
    ("en", "My cp 0928 555 0119", "0928 555 0119"),
    ("ms", "Nombor saya 555 0119", "555 0119"),
    ("ko", "문의 1555-0198", "1555-0198"),
    ("th", "โดนหลอก โทร 1441", "1441"),
    ("th", "สายด่วน 1300 ฟรี", "1300"),
    ("en", "call the tourist police 1155", "1155"),
    ("zh", "请马上拨打110", "110"),
    ("zh", "掛掉,打165。", "165"),
    ("vi", "báo 113 ngay", "113"),
    ("lo", "ໂທ 1191", "1191"),
    ("km", "ហៅ 117", "117"),
    ("tl", "Hotline 1343.", "1343"),
    ("ms", "Tel 997", "997"),
    ("hi", "शिकायत 1930", "1930"),
    ("ko", "112에 신고", "112"),
    ("ja", "内線555", "555"),
]

NOTHING = [
    ("th", "ราคา 1,500,000 บาท"),
    ("th", "วันที่ 12/10/2569 เวลา 08.00-17.00 น."),
    ("th", "โทรได้ 08.00-17.00 น. ทุกวัน"),
    ("th", "บัญชีกสิกร 045-2-34567-8"),
    ("th", "โอน 081-5-55014-3"),
    ("th", "เลขพัสดุ 0815550143"),
    ("th", "โทร 3 ครั้ง ไม่รับ"),
    ("th", "บัตรประชาชน 1100555501435"),
    ("th", "ขายดี 555555 ชิ้น"),
    ("th", "พ.ศ. 2567-2569"),
    ("lo", "ລາຄາ 1.200.000 ກີບ"),
    ("lo", "ບັນຊີ 160-12-00-55503-9"),
    ("km", "គណនី 001 555 239"),
    ("km", "តម្លៃ 5.500.000 រៀល"),
    ("my", "ဈေး 1500000 ကျပ်"),
    ("my", "အကောင့် 1234567890123"),
    ("vi", "STK 5550 1882 7341"),
    ("vi", "giá 1.500.000 đ"),
    ("vi", "hai ba người đến năm 2026"),
    ("vi", "mã đơn 0938555117"),
    ("zh", "卡号 6228 5550 7712 0098"),
    ("zh", "一天打三次，共2000元"),
    ("zh", "身份证 110101199003075558"),
    ("zh", "招打字员 一天110 中午管饭"),
    ("id", "rekening 3305550916"),
    ("id", "tgl 12-10-2026 jam 10.00-12.00"),
    ("id", "gaji Rp 5000000"),
    ("ms", "RM 1300555"),
    ("tl", "₱ 9175550"),
    ("ko", "주문번호 20261103-0001"),
    ("ko", "구 이 삼 사"),
    ("hi", "खाते 55501432765"),
    ("ja", "注文番号 4471-555-209"),
    ("en", "550e8400-e29b-41d4-a716-446655440000"),
    ("en", "testdata630-5550143"),
    ("en", "Order 0815550143 has shipped"),
    ("en", "GPS 16.7135551, 98.5750555"),
    ("en", "from 2026-11-03 to 2026-11-09"),
    ("en", "won 21-19 21-15 21-18"),
    ("en", "call 500000 people"),
    ("en", "chapter 12, pages 345-367"),
    ("en", "https://shop.example/0815550143"),
    ("en", "mail 0815550143@mail.example"),
    ("en", "the 1155 and the 1441 editions"),
    ("en", "one two three four five six seven eight"),
    ("en", "version 10.0.19045.5555"),
    ("th", "บัตรชมพู 0012345678901"),
    ("th", "0012345678901"),
    ("en", "md5 0812345678abcdef0123456789"),
    ("th", "hash 0912345678abcdef"),
    ("th", "0912345678abcdef"),
    ("th", "0912345678abcd12"),
    ("th", "d41d8cd0812345678ecf8427e"),
    ("th", "เลขสมาชิก 0812345678"),
    ("th", "เลขกรมธรรม์ 0812345678"),
    ("th", "เลขคิว 0812345678"),
    ("vi", "đơn 0387654321"),
    ("vi", "mã khách hàng 0387654321"),
    ("km", "លេខកុម្ម៉ង់ 0123456789"),
    ("en", "Thailand member number 0812345678"),
    ("zh", "会员号 13812345678"),
    ("id", "nomor anggota 081234567890"),
    ("ko", "회원번호 01012345678"),
    ("lo", "ເລກສະມາຊິກ 02055523456"),
    ("th", "โทรศัพท์มือถือ 45 เครื่อง"),
    ("th", "โทรศัพท์ 120 เครื่อง"),
    ("lo", "ໂທລະສັບ 120 ເຄື່ອງ"),
    ("zh", "查获电话 110 部手机"),
    ("en", "seized mobile 120 phones"),
    ("km", "ទូរស័ព្ទ 120 គ្រឿង"),
]

STATED = [
    # language, text, E.164: the country named beside a number, not the one of the language
    ("th", "เบอร์เขมร 0967778888", ["+855967778888"]),
    ("th", "เบอร์โทรกัมพูชา 0967778888", ["+855967778888"]),
    ("th", "ซิมเขมร 0967778888", ["+855967778888"]),
    ("en", "his Cambodian number 0967778888", ["+855967778888"]),
    ("zh", "柬埔寨电话 0967778888", ["+855967778888"]),
    ("th", "เบอร์เวียดนาม 0912345678", ["+84912345678"]),
    ("th", "เบอร์มาเลย์ 0123456789", ["+60123456789"]),
    ("zh", "缅甸电话 09777123456", ["+959777123456"]),
    ("my", "ထိုင်းဖုန်း 0812345678", ["+66812345678"]),
    ("my", "ထိုင်းနံပါတ် 0812345678 ကိုဆက်ပါ", ["+66812345678"]),
    ("th", "เบอร์ของฝั่งกัมพูชาคือ 096 777 8888", ["+855967778888"]),
    ("th", "เบอร์เขมร 0967778888, 0968889999", ["+855967778888", "+855968889999"]),
    ("th", "🇰🇭 0967778888", ["+855967778888"]),
    ("th", "ไทย: 0815550143 กัมพูชา: 0967778888", ["+66815550143", "+855967778888"]),
    ("th", "0967778888 (กัมพูชา)", ["+855967778888"]),
    ("th", "0967778888 เบอร์เขมร", ["+855967778888"]),
    ("en", "0967778888 is my Cambodian number", ["+855967778888"]),
    ("en", "contact him at 0967778888 (Cambodia)", ["+855967778888"]),
    ("vi", "số Campuchia 0967778888", ["+855967778888"]),
    ("vi", "số điện thoại Thái Lan của nó là 0812345678", ["+66812345678"]),
    ("id", "nomor Thailand 0812345678", ["+66812345678"]),
    ("ms", "nombor telefon Kemboja 0967778888", ["+855967778888"]),
    ("tl", "numero sa Thailand 0812345678", ["+66812345678"]),
    ("ko", "태국 번호 0812345678", ["+66812345678"]),
    ("ko", "캄보디아 전화번호는 0967778888", ["+855967778888"]),
    ("ja", "タイの電話番号 0812345678", ["+66812345678"]),
    ("hi", "थाईलैंड का नंबर 0812345678", ["+66812345678"]),
    ("km", "លេខថៃ 0812345678", ["+66812345678"]),
    ("lo", "ເບີໄທ 0812345678", ["+66812345678"]),
    ("zh", "泰国号 0812345678", ["+66812345678"]),
    ("zh", "他的泰国手机号是0812345678", ["+66812345678"]),
    ("th", "รับสมัครงานกัมพูชา โทร 0815550143", ["+66815550143"]),
    ("th", "งานที่ปอยเปต กัมพูชา ติดต่อ 081-555-0143", ["+66815550143"]),
    ("en", "Thai number 0967778888", ["+66967778888"]),
    ("vi", "sang Campuchia làm việc, gọi 0976555480", ["+84976555480"]),
    ("th", "โดนหลอกไปกัมพูชา เบอร์ 0967778888", ["+66967778888"]),
    ("th", "เบอร์ไทย 0815550143 เบอร์เขมร 0967778888", ["+66815550143", "+855967778888"]),
    ("th", "เบอร์เขมร 0200000000", [None]),
    ("id", "no PHP. 0881-5550-4402", ["+6288155504402"]),
    ("en", "Bangkok, 500 baht, call 081 555 0143", ["+66815550143"]),
]  # fmt: skip

WRITTEN = [
    # language, text, all values: numbers in lists, ranges, of no country, glued to addresses and words
    ("th", "เบอร์ต่างประเทศ 00697 021 234 567", [None]),
    ("th", "เบอร์ต่างประเทศ 00697021234567", [None]),
    ("th", "เบอร์ +697021234567 โทรมา", [None]),
    ("th", "+697 021 234 567", [None]),
    ("ko", "전화 02-123-4567 / 공1공-1234-5678", ["+8221234567", "+821012345678"]),
    ("ko", "전화 공2-123-4567, 공1공-1234-5678", ["+8221234567", "+821012345678"]),
    ("th", "เลข 0066812345678", ["+66812345678"]),
    ("th", "โทร 02 123 4567-9", ["+6621234567"]),
    ("th", "โทร 0812345678-9", ["+66812345678"]),
    ("th", "0812345678-9", ["+66812345678"]),
    ("th", "โทร 02-123-4567-70", ["+6621234567"]),
    ("en", "call (917) 555-0142 or (202) 555-0143", [None, None]),
    ("en", "call me nine one seven, five five five, zero one four three", [None]),
    ("th", "0815550143or0895550120", ["+66815550143", "+66895550120"]),
    ("en", "Bangkok 0815550143call", ["+66815550143"]),
    ("th", "https://bit.ly/abcโทร0815550143", ["+66815550143"]),
    ("th", "แอด @sudaโทร0815550143", ["+66815550143"]),
    ("th", "a@b.coโทร0815550143", ["+66815550143"]),
    ("zh", "www.kk.com电话13805550162", ["+8613805550162"]),
    ("th", "สมัครสมาชิก 0812345678", ["+66812345678"]),
]

DISGUISED = [
    # language, text, E.164: marks, lines, letters and words between or for the digits
    ("th", "เบอร์น้อง 08🍒6🍒555🍒01🍒92", "+66865550192"),
    ("th", "โทร บวก66 (0) 86 / 5 5 5 / 01 / 92", "+66865550192"),
    ("th", "ติดต่อเจ้าหน้าที่ O86-555\n-Ol92", "+66865550192"),
    ("th", "โทร ศูนย์แปดหก ตองห้า ศูนย์หนึ่งเก้าสอง", "+66865550192"),
    ("lo", "ເບີ {02}{0}{56}{5SS}{O19}", "+8562056555019"),
    ("km", "លេខ 01🌹5 5🌹53 1🌹91", "+85515553191"),
    ("my", "ဖုန်း (+95) ကိုး-26-ငါးငါးငါး-0183", "+959265550183"),
    ("zh", "打我手机【138】5550【2291】", "+8613855502291"),
    ("zh", "电话 一三八，三个五，零二，九一七", "+8613855502917"),
    ("ko", "번호야 ㅇ1ㅇ.5558.9ㅇ14", "+821055589014"),
    ("ko", "전화 플러스 82 10 5558 9014", "+821055589014"),
    ("vi", "gọi số zero chín hai, ba con năm, zero sáu tám hai", "+84925550682"),
    ("id", "WA saya plus enam dua 812-555-0-9-4-1", "+628125550941"),
    ("ms", "roger saya 01dua-5lima5-sembilan6satu7", "+60125559617"),
    ("ms", "Whatsapp 014//555//26//81", "+60145552681"),
    ("tl", "agent:\n0967-\n555-\n93\n14", "+639675559314"),
    ("hi", "WA karo 8l3O~555~7O9", "+918130555709"),
    ("th", "สามตัวแรก 081 ตัวกลาง 555 สี่ตัวท้าย 0152", "+66815550152"),
    ("th", "โทร 08x1x555x01x52", "+66815550152"),
    ("lo", "ໂທ ສູນຊາວ ຫ້າຫ້າ ຫ້າຫ້າຫ້າ ສູນສິບສອງ", "+8562055555012"),
    ("km", "តេ +8-5-5 (0) 71 / 555 / 0152", "+855715550152"),
    ("my", "ဖုန်းလေး 09🌸78🌸555🌸01🌸52", "+959785550152"),
    ("vi", "3 số đầu 098, 3 số giữa 555, 4 số cuối 0152, gọi anh", "+84985550152"),
    ("zh", "前三位189，中间四位5550，后四位3352，看到打给我", "+8618955503352"),
    ("zh", "电联130丶555丶02丶752", "+8613055502752"),
    ("zh", "電話09・37・555・252 借錢", "+886937555252"),
    ("ko", "010ㅡ5553ㅡ6152 문자만", "+821055536152"),
    ("ko", "앞자리 010 중간 5550 뒷자리 3152 연락", "+821055503152"),
    ("id", "depannya 0812 tengahnya 5550 belakangnya 1452, wa ya", "+6281255501452"),
    ("ms", "call kosong1sembilan5limalima8empat0lapan", "+60195558408"),
    ("ms", "hubungi 018-555-2052", "+60185552052"),
    ("tl", "txt mo zeronine56triplefive2052", "+639565552052"),
    ("tl", "txt 09 disisiete 555 0152", "+639175550152"),
    ("hi", "call plus nau ek 99 555 ikkis 452", "+919955521452"),
    ("en", "Manila: first four 0917, next three 555, last four 0152", "+639175550152"),
]  # fmt: skip

NOT_DISGUISED = [
    ("th", "ติดต่อ 08/05/2567 09.00 น."),
    ("en", "call before 12/05/2026 at 9:30"),
    ("th", "บัญชี 08★6★555★01★92"),
    ("en", "won 21★19★21★15★21★18"),
    ("zh", "二〇二六年三月五日一共三百二十五人"),
    ("vi", "một hai ba bốn năm sáu bảy tám"),
    ("zh", "前面 139 个人，中间 5550 个，最后 8724 个"),
    ("id", "depan 12 orang, belakang 5550 orang"),
    ("hi", "पहले 98555 रुपये, फिर 01432 अंक"),
    ("th", "ชุดแรก 2024 ชุดท้าย 2025"),
]


@pytest.mark.parametrize(("language", "text", "value"), DISGUISED)
def test_disguised_number_is_found(language: str, text: str, value: str) -> None:
    assert [entity.value for entity in find(text, Context(language))] == [value]


@pytest.mark.parametrize(("language", "text"), NOT_DISGUISED)
def test_marks_and_words_alone_are_no_number(language: str, text: str) -> None:
    assert [entity for entity in find(text, Context(language)) if entity.proba >= 0.75] == []


@pytest.mark.parametrize(("language", "text", "written", "value"), CERTAIN)
def test_number_of_a_certain_country(language: str, text: str, written: str, value: str) -> None:
    (found,) = find(text, Context(language))
    assert (text[found.start : found.end], found.value) == (written, value)
    assert found.proba >= 0.75
    assert found.type == "PHONE"


@pytest.mark.parametrize(("language", "text", "written"), POSSIBLE)
def test_possible_number_has_no_value(language: str, text: str, written: str) -> None:
    (found,) = find(text, Context(language))
    assert (text[found.start : found.end], found.value) == (written, None)
    assert found.proba < 0.9


@pytest.mark.parametrize(("language", "text"), NOTHING)
def test_no_phone(language: str, text: str) -> None:
    assert find(text, Context(language)) == []


@pytest.mark.parametrize(("language", "text", "values"), STATED)
def test_country_stated_beside_a_number_beats_that_of_the_language(
    language: str, text: str, values: list[str | None]
) -> None:
    assert [entity.value for entity in find(text, Context(language))] == values


@pytest.mark.parametrize(("language", "text", "values"), WRITTEN)
def test_all_numbers_of_a_text(language: str, text: str, values: list[str | None]) -> None:
    assert [entity.value for entity in find(text, Context(language))] == values


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("call 0815550143\n" * 1_000, 1_000),
        ("081-555-0143 " * 1_000, 1_000),
        ("call 1155, " * 2_000, 2_000),
        ("tel O8I-S55-OI43\n" * 100, 100),
        ("1 a " * 1_000 + "โทร ศูนย์แปดหนึ่ง ห้าห้าห้า 0143", 1),
    ],
)
def test_no_number_of_a_long_text_is_dropped(text: str, count: int) -> None:
    assert len(find(text, Context("th"))) == count


def test_context_word_is_the_reason_and_makes_it_surer() -> None:
    (with_cue,) = find("โทร 081-555-0143", Context("th"))
    (without,) = find("081-555-0143", Context("th"))
    assert with_cue.reason == 'context word "โทร"'
    assert without.reason == "pattern"
    assert with_cue.proba > without.proba


@pytest.mark.parametrize("text", ["พร้อมเพย์ 081-555-0143", "0815550143 ด่วน"])
def test_number_that_may_be_an_account_says_so(text: str) -> None:
    (found,) = find(text, Context("th"))
    assert found.attributes == {"alternatives": ["BANK_ACCOUNT"]}
    assert found.proba < 0.8


def test_numbers_in_a_list_are_found_apart_and_in_order() -> None:
    text = "โทร 081-555-0143/089-555-0120, 02-555-0170"
    values = [entity.value for entity in find(text, Context("th"))]
    assert values == ["+66815550143", "+66895550120", "+6625550170"]


def test_place_decides_where_language_does_not() -> None:
    assert find("Phnom Penh 012 555 084", Context("en"))[0].value == "+85512555084"
    assert find("012 555 084", Context("en"))[0].value is None


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "1 ",
        "12 ",
        "1-",
        "081 555 0143 ",
        ".",
        "ห้า",
        "一",
        "ก",
        "five ",
        "O8",
        "call ",
        "a@",
        "a.",
        "+",
        "(0) ",
    ],
)
def test_hundred_kilobytes_are_read_in_linear_time(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    assert reads_in_linear_time(find, text, Context("th"))
