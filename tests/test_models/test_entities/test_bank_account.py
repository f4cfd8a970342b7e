"""Accounts are told from the other numbers of a text. All of them are invented."""

import pytest

from models.entities import bank_account
from models.entities.entity import Context
from tests.reading_time import reads_in_linear_time

# language, text, [(span as written, value, attributes that must hold)]
ROWS = [
    ("th", "โอนเข้าบัญชี 555-2-10984-3 ก่อนหกโมง", [("555-2-10984-3", "5552109843", {"bank": None})]),
    ("th", "กสิกร 555-0-14398-2 ชื่อ สมชาย", [("555-0-14398-2", "5550143982", {"bank": "Kasikornbank"})]),
    ("th", "ไทยพาณิชย์5550143982นะคะ", [("5550143982", "5550143982", {"bank": "Siam Commercial Bank"})]),
    ("th", "เลขบช.0455551236 กรุงไทย", [("0455551236", "0455551236", {"bank": "Krungthai Bank"})]),
    ("th", "ออมสิน 020055512345", [("020055512345", "020055512345", {"bank": "Government Savings Bank"})]),
    ("th", "ธ.ก.ส. 010055512347", [("010055512347", "010055512347", {"bank": "BAAC"})]),
    ("th", "ช่วยหน่อย ยืม 2500 555-3-01928-4", [("555-3-01928-4", "5553019284", {})]),
    (
        "th",
        "พร้อมเพย์ 081-555-0143",
        [("081-555-0143", "0815550143", {"scheme": "promptpay", "alternatives": ["PHONE"]})],
    ),
    (
        "th",
        "promptpay 1555000000013 ครับ",
        [("1555000000013", "1555000000013", {"scheme": "promptpay", "alternatives": ["ID_DOCUMENT"]})],
    ),
    ("th", "ทรูวอลเล็ท 0815550143", [("0815550143", "0815550143", {"scheme": "truemoney"})]),
    ("th", "เข้าบัญชี 0815550143", [("0815550143", "0815550143", {"alternatives": ["PHONE"]})]),
    ("th", "บัญชี xxx-x-x5559-x ถอน 2,000.00 บ.", [("xxx-x-x5559-x", None, {})]),
    ("th", "เงินเข้าบัญชี X-5553 21/11", [("X-5553", None, {})]),
    ("km", "វេរមក ABA 005 555 331 ឈ្មោះ", [("005 555 331", "005555331", {"bank": "ABA Bank"})]),
    ("km", "ចូលគណនី 1100 555 8804", [("1100 555 8804", "11005558804", {})]),
    ("km", "ផ្ញើតាម sok_dara555@aclb", [("sok_dara555@aclb", "sok_dara555@aclb", {"scheme": "bakong"})]),
    ("my", "KPay 09555017633 သို့ လွှဲပါ", [("09555017633", "09555017633", {"scheme": "kbzpay"})]),
    ("my", "Wave 09 555 0177 31", [("09 555 0177 31", "09555017731", {"scheme": "wavepay"})]),
    ("my", "အကောင့် 0555 1200 3341", [("0555 1200 3341", "055512003341", {})]),
    ("my", "AYA 2000 5551 884", [("2000 5551 884", "20005551884", {"bank": "AYA Bank"})]),
    ("my", "ယခု 0555 8821 9006 သို့ လွှဲထားပေးပါ", [("0555 8821 9006", "055588219006", {})]),
    ("lo", "ໂອນເຂົ້າບັນຊີ 160-12-00-55503-9", [("160-12-00-55503-9", "1601200555039", {})]),
    ("lo", "BCEL One 0101200555123", [("0101200555123", "0101200555123", {"bank": "BCEL"})]),
    ("lo", "U-Money 2055550143", [("2055550143", "2055550143", {"scheme": "umoney"})]),
    ("vi", "ck stk 0555 8813 290 gấp", [("0555 8813 290", "05558813290", {})]),
    ("vi", "stk05558813290 Vietcombank", [("05558813290", "05558813290", {"bank": "Vietcombank"})]),
    (
        "vi",
        "MoMo 0799 555 204",
        [("0799 555 204", "0799555204", {"scheme": "momo", "alternatives": ["PHONE"]})],
    ),
    ("vi", "Ck gấp 7tr viện phí vào 0915 5550 22", [("0915 5550 22", "0915555022", {})]),
    ("vi", "TK ...5521 đã giải ngân", [("5521", None, {})]),
    ("id", "transfer ke rek BCA 5551007729 a.n. Deni", [("5551007729", "5551007729", {"bank": "BCA"})]),
    ("id", "Mandiri 155-00-5550912-3", [("155-00-5550912-3", "155005550912" + "3", {"bank": "Mandiri"})]),
    ("id", "DANA 081255501234", [("081255501234", "081255501234", {"scheme": "dana"})]),
    ("ms", "masuk akaun 5628 0555 1937 Maybank", [("5628 0555 1937", "562805551937", {"bank": "Maybank"})]),
    ("ms", "TNG 0125550143", [("0125550143", "0125550143", {"scheme": "tng"})]),
    (
        "tl",
        "GCash 0917 555 0231",
        [("0917 555 0231", "09175550231", {"scheme": "gcash", "alternatives": ["PHONE"]})],
    ),
    ("tl", "bago account ko: 5550-1120-33", [("5550-1120-33", "5550112033", {})]),
    (
        "zh",
        "卡号6217 5550 0931 8428",
        [("6217 5550 0931 8428", "6217555009318428", {"scheme": "unionpay", "checksum": "valid"})],
    ),
    (
        "zh",
        "打到工行 6228555011700392555",
        [("6228555011700392555", "6228555011700392555", {"bank": "ICBC", "checksum": "valid"})],
    ),
    ("zh", "王海 6228 5550 1170 0392", [("6228 5550 1170 0392", "6228555011700392", {"checksum": "failed"})]),
    ("zh", "支付宝13955501234", [("13955501234", "13955501234", {"scheme": "alipay"})]),
    ("zh", "您尾号6031的卡正在消费", [("6031", None, {})]),
    ("ko", "국민은행 555-0210-338417 예금주", [("555-0210-338417", "5550210338417", {"bank": "KB Kookmin"})]),
    ("ko", "계좌 3555-01-229876.", [("3555-01-229876", "355501229876", {})]),
    ("ja", "かなえ銀行 普通 5550931", [("5550931", "5550931", {})]),
    ("hi", "यूपीआई पर डाल दो ankit555@okaxis", [("ankit555@okaxis", "ankit555@okaxis", {"scheme": "upi"})]),
    ("hi", "खाता 5550 0218 7743", [("5550 0218 7743", "555002187743", {})]),
    ("hi", "आपके खाते XX5521 का", [("XX5521", None, {})]),
    (
        "en",
        "a/c 55500218774 IFSC SBIN0005550",
        [("55500218774", "55500218774", {"bank": "State Bank of India", "ifsc": "SBIN0005550"})],
    ),
    ("en", "pay UPI Airhr5550@upi now", [("Airhr5550@upi", "airhr5550@upi", {"scheme": "upi"})]),
    (
        "en",
        "account GB27 TEST 5550 4317 7555 01",
        [("GB27 TEST 5550 4317 7555 01", "GB27TEST55504317755501", {"checksum": "valid"})],
    ),
    ("en", "账号 GB00 TEST 5550 0431 77", [("GB00 TEST 5550 0431 77", None, {"checksum": "failed"})]),
    (
        "en",
        "card number 2720555000555001",
        [("2720555000555001", "2720555000555001", {"scheme": "mastercard"})],
    ),
    ("en", "card number 2721555000555000", [("2721555000555000", "2721555000555000", {"scheme": None})]),
    ("en", "till 555210 before six", [("555210", "555210", {})]),
    ("en", "bank 20-55-51 55501932", [("20-55-51 55501932", "20555155501932", {})]),
    # an amount after or before an account is not its, nor is what only looks like a unit
    ("en", "ABA 005555331 $500", [("005555331", "005555331", {"bank": "ABA Bank"})]),
    ("en", "ABA account 555123456 USD 500", [("555123456", "555123456", {"bank": "ABA Bank"})]),
    ("km", "ABA 555123456 USD", [("555123456", "555123456", {})]),
    ("km", "វីង 012555733 $20", [("012555733", "012555733", {"scheme": "wing"})]),
    ("th", "กสิกร 5550143982 ฿5,000", [("5550143982", "5550143982", {"bank": "Kasikornbank"})]),
    ("th", "พร้อมเพย์ 081 555 0143 500 บาท", [("081 555 0143", "0815550143", {})]),
    ("th", "บัญชี 5550143982 บ.เจริญ จำกัด", [("5550143982", "5550143982", {})]),
    ("ms", "Maybank 555012345678 RM2,500", [("555012345678", "555012345678", {"bank": "Maybank"})]),
    ("ko", "국민은행 55504604123456 $300", [("55504604123456", "55504604123456", {"bank": "KB Kookmin"})]),
    ("hi", "खाता 555021877434 ₹5000", [("555021877434", "555021877434", {})]),
    ("ja", "口座 5550931 ¥5000", [("5550931", "5550931", {})]),
    ("zh", "卡号 6217 5550 0931 8428 5000元", [("6217 5550 0931 8428", "6217555009318428", {})]),
    ("tl", "GCash 0917 555 0231 ₱500", [("0917 555 0231", "09175550231", {"scheme": "gcash"})]),
    ("tl", "GCash 0917 555 0231 1,500 pesos", [("0917 555 0231", "09175550231", {})]),
    ("tl", "send ₱500 0917 555 0231 gcash", [("0917 555 0231", "09175550231", {})]),
    ("id", "BCA 5551007729 Rp 500.000", [("5551007729", "5551007729", {"bank": "BCA"})]),
    ("id", "kirim Rp 500 000 0812 5550 1234 DANA", [("0812 5550 1234", "081255501234", {"scheme": "dana"})]),
    ("vi", "TK 1055512345 -2,000,000VND", [("1055512345", "1055512345", {})]),
    ("vi", "TK 1055512345 - 50000VND luc 10:00", [("1055512345", "1055512345", {})]),
    ("vi", "STK: 0555881329 MB Bank NGUYEN VAN A", [("0555881329", "0555881329", {"bank": "MB Bank"})]),
    ("vi", "STK 5558813290 MB", [("5558813290", "5558813290", {"bank": "MB Bank"})]),
    ("my", "KBZPay 09555017633 U Aung Min", [("09555017633", "09555017633", {"scheme": "kbzpay"})]),
    ("th", "5550143982 K Bank", [("5550143982", "5550143982", {"bank": "Kasikornbank"})]),
    ("th", "5550143982 K-PLUS", [("5550143982", "5550143982", {"bank": "Kasikornbank"})]),
    ("ko", "100055501234 토스뱅크", [("100055501234", "100055501234", {"bank": "Toss Bank"})]),
    ("ko", "Toss 1000-5550-1234", [("1000-5550-1234", "100055501234", {"scheme": "toss"})]),
    # identity numbers used as accounts
    (
        "th",
        "พร้อมเพย์ 1-5550-00000-01-3",
        [("1-5550-00000-01-3", "1555000000013", {"scheme": "promptpay", "alternatives": ["ID_DOCUMENT"]})],
    ),
    # whose bank it is
    (
        "th",
        "ไทยเครดิต 5550143982 กสิกร 5550143983",
        [
            ("5550143982", "5550143982", {"bank": "Thai Credit Bank"}),
            ("5550143983", "5550143983", {"bank": "Kasikornbank"}),
        ],
    ),
    (
        "th",
        "กรุงเทพ 5550143982 ออมสิน 020055512345",
        [
            ("5550143982", "5550143982", {"bank": None}),
            ("020055512345", "020055512345", {"bank": "Government Savings Bank"}),
        ],
    ),
    (
        "id",
        "ดาน่า 081255501234 ABA 005555331",
        [
            ("081255501234", "081255501234", {"bank": None, "scheme": "dana"}),
            ("005555331", "005555331", {"bank": "ABA Bank", "scheme": None}),
        ],
    ),
    (
        "th",
        "555014398212 ออมสิน 5550143983 กสิกร 5550143984 กรุงไทย",
        [
            ("555014398212", "555014398212", {"bank": "Government Savings Bank"}),
            ("5550143983", "5550143983", {"bank": "Kasikornbank"}),
            ("5550143984", "5550143984", {"bank": "Krungthai Bank"}),
        ],
    ),
    (
        "vi",
        "STK 1055512345 Vietcombank, 19055512345 Techcombank",
        [
            ("1055512345", "1055512345", {"bank": "Vietcombank"}),
            ("19055512345", "19055512345", {"bank": "Techcombank"}),
        ],
    ),
    (
        "th",
        "โอนจากกสิกร ไป 5550143982 ไทยพาณิชย์",
        [("5550143982", "5550143982", {"bank": "Siam Commercial Bank"})],
    ),
    # a name that is a place too
    ("th", "บัญชีกรุงเทพ 5550143982", [("5550143982", "5550143982", {"bank": "Bangkok Bank"})]),
    ("th", "โอนเข้า กรุงเทพ 5550143982", [("5550143982", "5550143982", {"bank": "Bangkok Bank"})]),
    # a transaction or a paper farther away
    ("en", "ticket refund to account 5550143982", [("5550143982", "5550143982", {})]),
    ("th", "ส่งสลิปหลังโอน กสิกร 5550143982", [("5550143982", "5550143982", {"bank": "Kasikornbank"})]),
    ("id", "transaksi ke rek BCA 5551007729", [("5551007729", "5551007729", {"bank": "BCA"})]),
    # addresses that are accounts
    (
        "zh",
        "支付宝账号：abc@mail.example",
        [("abc@mail.example", "abc@mail.example", {"scheme": "alipay", "alternatives": ["EMAIL"]})],
    ),
    (
        "zh",
        "Abc.d@mail.example（支付宝）",
        [("Abc.d@mail.example", "abc.d@mail.example", {"scheme": "alipay"})],
    ),
    ("th", "เพย์พาล boss@mail.example", [("boss@mail.example", "boss@mail.example", {"scheme": "paypal"})]),
    (
        "th",
        "บัญชี 555-1-11111-1\n555-2-22222-2",
        [("555-1-11111-1", "5551111111", {}), ("555-2-22222-2", "5552222222", {})],
    ),
]

NOT_ACCOUNTS = [
    ("th", "โทร 081-555-0143 คุณนก"),
    ("th", "ติดต่อ 0815550143 ได้ตลอด"),
    ("th", "เงินเดือน 45,000 บาท โอนทุกวันที่ 25"),
    ("th", "บัญชี 2569 เปิดใหม่"),
    ("th", "โอน 15000000 บาท"),
    ("th", "เลขพัสดุ 5550001234567"),
    ("th", "ออเดอร์ 5550143982 ส่งแล้ว"),
    ("th", "อย่าให้เลขบัญชีใคร! สอบถาม 02-555-0480"),
    ("lo", "ສົ່ງປຶ້ມບັນຊີກັບຊິມມາ ໂທ 020 5559 1240"),
    ("lo", "ໂອນ 185.000.000 ກີບ"),
    ("km", "ទូរស័ព្ទ 012 555 733"),
    ("km", "ប្រាប់ 1800 555 017"),
    ("my", "ဖုန်း 09 555 0151 22"),
    ("my", "TXN 5550081243 ရှိသေးတယ်"),
    ("vi", "SĐT 0905 555 188 gặp Hạnh"),
    ("vi", "chuyển 63.450.000 hôm qua"),
    ("vi", "mã đơn 5550119283"),
    ("id", "HP 0812-5550-1234 ya"),
    ("id", "resi 5550012345678"),
    ("ms", "air masuk, ni no baru 014-555 0318"),
    ("tl", "text mo ko 0917 555 0182"),
    ("zh", "转账后发通知。小曼老师 158-0555-0116微信同号"),
    ("zh", "手机尾号6031"),
    ("zh", "订单 6217555009318428 已发货"),
    ("zh", "带户口本也行。座机0573-5550-2190"),
    ("ko", "입금 시 즉시 해제. 문의 070-555-0151"),
    ("ko", "주문번호 5550-1234-5678"),
    ("ja", "電話 098-555-0126"),
    ("en", "call me on +855 97 555 6612"),
    ("en", "write to bank.help@upi.example or admin@okaxis.com"),
    ("en", "order #5550143982 and ref CC-5550-7712"),
    ("en", "account opened 2026-11-03, closed 21-11-2026"),
    ("en", "https://shop.example/account/5550143982"),
    ("en", "account 9b2d7f60-5550-4716-a123-446655440000"),
    ("en", "bank pays $55501432 in total"),
    ("en", "my account has 5550123 views"),
    ("en", "GB00 TEST 5550 0431 77 is a seat code"),
    ("vi", "chuyển 115 000 000 đ"),
    ("vi", "chuyển 15000000 VND 2 lần"),
    ("en", "transfer 1500000 USD 300 times"),
    ("th", "โอน 1234567 บ."),
    # days, shares, lottery tickets
    ("th", "โอนเงินไทยพาณิชย์ วันที่ 20260310"),
    ("th", "ธนาคารออมสิน งวดวันที่ 16032569"),
    ("vi", "Vietcombank ngày 10032026 nhận"),
    ("en", "SCB 20260310123456"),
    ("th", "หุ้น KBANK 55512345 หุ้น"),
    ("zh", "招行 持有 55512345股"),
    ("ko", "국민은행 55512345주"),
    ("th", "ออมสิน สลากเลข 555456789012"),
    # transactions and papers of a bank
    ("th", "โอนกสิกร รหัสรายการ 015555456789"),
    ("th", "SCB เลขที่รายการ 202603105554567890"),
    ("th", "kbank ticket 5550143982"),
    ("km", "ABA លេខប្រតិបត្តិការ 555456789012"),
    ("lo", "BCEL ເລກທຸລະກຳ 555456789012"),
    ("my", "KBZ ငွေလွှဲနံပါတ် 555456789012"),
    ("id", "BCA kode transaksi 5551007729"),
    ("en", "KBank statement no 5550143982"),
    ("vi", "Vietcombank: GD 5558813290"),
    ("zh", "工行 交易号 555456789012"),
    ("ko", "국민은행 거래번호 555456789012"),
    ("ja", "振込 取引番号 5550143982"),
    ("hi", "SBI लेनदेन 555021877434"),
    # a place
    ("th", "รถเข้ากรุงเทพ 0815550143"),
    ("th", "อยู่กรุงเทพ 5550143982"),
    # addresses that are addresses
    ("zh", "支付宝客服邮箱 abc@mail.example"),
    ("zh", "邮箱 abc@mail.example 支付宝付款"),
    ("en", "email abc@mail.example for Alipay help"),
    ("en", "screen 1920x1080, chapter 12, score 555-210"),
]

HIDDEN = [
    # language, text, value: marks, letters and words for digits; names taken apart; payment names in words
    ("th", "ออ.มสิน O2O⭐555⭐Ol4⭐399 ร่วมทำบุญ", "020555014399"),
    ("th", "กรุง*ไทย 987 555 0136", "9875550136"),
    ("my", "KBZ ဘဏ်အကောင့် 099=3O5=55O=143=O1299", "09930555014301299"),
    ("lo", "JDB ສອງສູນ-11-ສູນ-ຫ້າຫ້າຫ້າ-019", "20110555019"),
    ("zh", "农行6228-48★5550★1983★7264★7", "6228485550198372647"),
    ("zh", "邮储的，前半段62179955，后半段50142863799", "6217995550142863799"),
    ("zh", "招行 6214(83)555(0271)944", "6214835550271944"),
    ("ko", "농협 3O2-555O-l432-O9 예금주", "3025550143209"),
    ("vi", "Tài khoản MB không một hai, năm năm năm, tám chín bảy bảy", "0125558977"),
    ("id", "ke Mand1ri satu tiga tujuh nol nol satu lima lima lima dua nol sembilan tujuh", "1370015552097"),
    ("id", "transfer ke b.c.a 555 021 7844", "5550217844"),
    ("ms", "T n G ewallet kosong satu satu 5550 sembilan dua tujuh lapan", "01155509278"),
    ("tl", "sa B-D-O savings oo52-8o-555-199", "005280555199"),
    ("hi", "यूपीआई करो: suresh555 एट द रेट oksbi", "suresh555@oksbi"),
    ("en", "UPI ravi dot k at the rate ok icici", "ravi.k@okicici"),
    ("en", "gpay: meena [at] ybl", "meena@ybl"),
    ("en", "into A.B.A zero-zero-three 555 one-8-four", "003555184"),
    ("th", "โอน K.T.B 9 8 7~5~5 5 0 1 3~9", "9875550139"),
    ("zh", "請匯中行6216/6155/5098/7654/329", "6216615550987654329"),
    ("zh", "過數去滙豐戶口 1l8-555OI4-299", "118555014299"),
    ("vi", "chuyển vào Tếch com 19o3-555o-142-8l9", "19035550142819"),
    ("ko", "신한 110ㅡ555ㅡ014329 입금", "110555014329"),
    ("hi", "H-D-F-C a/c no five zero one 00 555 27 ek eight four 9", "50100555271849"),
    ("hi", "U.P.I kar do sunita[dot]559 (a) y b l pe", "sunita.559@ybl"),
    ("id", "kirim ke be er i 0021 lima lima lima 5043 509", "00215555043509"),
]

NOT_HIDDEN = [
    ("en", "my account at sbi is closed"),
    ("en", "meet me at airtel"),
    ("th", "บัญชีกสิกร สาขา 12/05/2567 08:30"),
    ("en", "the bank has one of two offices"),
    ("vi", "tài khoản của tôi có hai ba triệu"),
    ("vi", "tài khoản mở đầu năm 2024, cuối năm 2025"),
    ("en", "my account (a) and yours (b) at the bank"),
]


@pytest.mark.parametrize(("language", "text", "value"), HIDDEN)
def test_hidden_accounts_are_found(language, text, value):
    assert [entity.value for entity in bank_account.find(text, Context(language))] == [value]


@pytest.mark.parametrize(("language", "text"), NOT_HIDDEN)
def test_words_beside_a_bank_are_no_account(language, text):
    assert bank_account.find(text, Context(language)) == []


def test_amount_in_words_after_an_account_is_not_its():
    assert found("กสิกร 5550143982 สองพันบาท", "th") == [("5550143982", "5550143982")]


def found(text: str, language: str = "und") -> list[tuple[str, str | None]]:
    return [(text[e.start : e.end], e.value) for e in bank_account.find(text, Context(language))]


@pytest.mark.parametrize(("language", "text", "expected"), ROWS)
def test_accounts_are_found(language, text, expected):
    entities = bank_account.find(text, Context(language))
    assert [(text[e.start : e.end], e.value) for e in entities] == [row[:2] for row in expected]
    for entity, (_, _, attributes) in zip(entities, expected, strict=True):
        assert entity.type == "BANK_ACCOUNT"
        assert 0.5 <= entity.proba <= 1
        assert {name: entity.attributes.get(name) for name in attributes} == attributes


@pytest.mark.parametrize(("language", "text"), NOT_ACCOUNTS)
def test_other_numbers_are_no_accounts(language, text):
    assert found(text, language) == []


def test_reason_names_the_word():
    assert bank_account.find("stk 05558813290", Context("vi"))[0].reason == 'context word "stk"'


def test_number_that_may_be_a_phone_is_less_sure():
    sure, unsure = (
        bank_account.find(f"บัญชี {n}", Context("th"))[0].proba for n in ("5551234567", "0815550143")
    )
    assert unsure < sure


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("vi", "MB 0915555022 NGUYEN VAN A chuyển gấp"),
        ("vi", "Vietcombank 0915 555 022 LÊ THỊ B"),
        ("id", "BCA 081255501234 BUDI SANTOSO"),
        ("th", "กสิกร 0815550143 ชื่อ สมชาย"),
    ],
)
def test_bank_before_and_owner_after_are_surer_of_an_account_than_of_a_phone(language, text):
    (account,) = bank_account.find(text, Context(language))
    assert account.proba == 0.8
    assert account.attributes["alternatives"] == ["PHONE"]
    (unsure,) = bank_account.find(f"{text[: account.end]} gặp chị Lan", Context(language))
    assert unsure.proba < 0.75


def test_entities_come_in_order_of_start():
    text = "a555@upi, 尾号6031, 卡号6217555009318428, b555@ybl"
    starts = [entity.start for entity in bank_account.find(text, Context("zh"))]
    assert len(starts) == 4
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    "unit",
    [
        "1234567890",
        "1 ",
        ".",
        "ก",
        "xx-",
        "a",
        "a@",
        "-",
        "1-",
        "บัญชี",
        "口",
        "1 1,111",
        "1 000 ",
        "555 1234567 $ ",
        "5550143982 กสิกร ",
        "a@b.c ",
        "支付宝账号 a@b.c ",
    ],
)
def test_long_odd_text_is_read_fast(unit):
    text = unit * (100_000 // len(unit))
    assert reads_in_linear_time(bank_account.find, text, Context())
