"""Reference numbers: one table of (text, words, value)."""

import pytest

from models.entities import reference
from models.entities.entity import Context
from tests.reading_time import reads_in_linear_time

FOUND = [
    ("parcel RR555018295SG arrived", "RR555018295SG", "RR555018295SG"),
    ("Ref no. 5550-2287", "5550-2287", "5550-2287"),
    ("Your OTP is 550318", "550318", "550318"),
    ("case number CC-5550-77", "CC-5550-77", "CC-5550-77"),
    ("licence no. 0417/2563", "0417/2563", "0417/2563"),
    ("your booking ref is K5Q5X1", "K5Q5X1", "K5Q5X1"),
    ("txn FT25550187 done", "FT25550187", "FT25550187"),
    ("เลขพัสดุ TH5550193K", "TH5550193K", "TH5550193K"),
    ("เลขรับแจ้ง TP-5550918", "TP-5550918", "TP-5550918"),
    ("เลขเคลมของคุณคือ CLM-555-80721", "CLM-555-80721", "CLM-555-80721"),
    ("ใบอนุญาตเลขที่ ต.1555/2566", "ต.1555/2566", "ต.1555/2566"),
    ("หมายเลขคดี 412/2568", "412/2568", "412/2568"),
    ("ເລກພັດສະດຸ HK5550316", "HK5550316", "HK5550316"),
    ("ໃບອະນຸຍາດເລກທີ 0555/ຮສສ", "0555/ຮສສ", "0555/ຮສສ"),
    ("លេខកញ្ចប់ VT-5550821", "VT-5550821", "VT-5550821"),
    ("លេខករណី C-77410", "C-77410", "C-77410"),
    ("លេខសំណុំរឿង CC-5550-77", "CC-5550-77", "CC-5550-77"),
    ("ပါဆယ်နံပါတ် HT5550213", "HT5550213", "HT5550213"),
    ("လိုင်စင်အမှတ် 555/2024", "555/2024", "555/2024"),
    ("mã đơn DH5550871", "DH5550871", "DH5550871"),
    ("giấy phép số 118/LĐTBXH-GP", "118/LĐTBXH-GP", "118/LĐTBXH-GP"),
    ("mã vận đơn: SPX5550192", "SPX5550192", "SPX5550192"),
    ("快递单号YT5550098812", "YT5550098812", "YT5550098812"),
    ("案號是R5550726", "R5550726", "R5550726"),
    ("工号30217", "30217", "30217"),
    ("no. resi JX5550921", "JX5550921", "JX5550921"),
    ("nomor laporan LP/B/555/XI", "LP/B/555/XI", "LP/B/555/XI"),
    ("Nombor aduan KT-2026-3381", "KT-2026-3381", "KT-2026-3381"),
    ("DMW-555-LB-0377", "DMW-555-LB-0377", "DMW-555-LB-0377"),
    ("शिकायत संख्या CC-5550-77", "CC-5550-77", "CC-5550-77"),
    ("UTR 5550139921", "5550139921", "5550139921"),
    ("접수번호는 2024-555-0917", "2024-555-0917", "2024-555-0917"),
    ("운송장번호 5553-0192-8841", "5553-0192-8841", "5553-0192-8841"),
    ("受付番号 3390", "3390", "3390"),
    ("追跡番号5550-2231-7784", "5550-2231-7784", "5550-2231-7784"),
    ("check TRK-55501287 in the app", "TRK-55501287", "TRK-55501287"),
    ("queue no. 107", "107", "107"),
    ("file no MU/441", "MU/441", "MU/441"),
    # transfers, members, lots: also in the form of a phone or account number
    ("โอนกสิกร รหัสรายการ 015555123456", "015555123456", "015555123456"),
    ("SCB เลขที่รายการ 202603105550567890", "202603105550567890", "202603105550567890"),
    ("kbank ticket 1555567890", "1555567890", "1555567890"),
    ("KBank statement no 1555567890", "1555567890", "1555567890"),
    ("ABA លេខប្រតិបត្តិការ 155556789012", "155556789012", "155556789012"),
    ("BCA kode transaksi 1555567890", "1555567890", "1555567890"),
    ("Vietcombank: GD 1555567890", "1555567890", "1555567890"),
    ("ออมสิน สลากเลข 155556789012", "155556789012", "155556789012"),
    ("เลขสมาชิก 0815550143", "0815550143", "0815550143"),
    ("เลขอ้างอิง 0155520418", "0155520418", "0155520418"),
    ("លេខកុម្ម៉ង់ 0155567890", "0155567890", "0155567890"),
    ("mã giao dịch 0385550143", "0385550143", "0385550143"),
    ("交易编号 13855501234", "13855501234", "13855501234"),
    ("거래번호 0155501234", "0155501234", "0155501234"),
    ("550318 is your OTP", "550318", "550318"),
    ("552 907 ialah kod anda", "552 907", "552907"),
    ("555210 ແມ່ນ OTP ຂອງທ່ານ", "555210", "555210"),
    ("555104 आपका OTP है", "555104", "555104"),
    ("kode OTP Anda 555204", "555204", "555204"),
    ("订单KP5550ZQ", "KP5550ZQ", "KP5550ZQ"),
]

NO_REFERENCES = [
    "โทร 081-555-0123",
    "เลขที่ 081-555-0123",
    "ราคา 12,500 บาท",
    "เคส 2 ชิ้น",
    "ອາຍຸ 25 ປີ",
    "ລາຄາ 125000 ກີບ",
    "លេខ 016 555 240",
    "តម្លៃ 1500$",
    "ဖုန်းနံပါတ် 09 555 410 227",
    "500000 ကျပ်",
    "số 0243 555 0811",
    "gọi số zalo 0562 555 177",
    "giá 386.000d",
    "一共30217元",
    "3号楼2201",
    "order 200 pcs today",
    "booking RM800",
    "reference letter needed",
    "in case of 3 people",
    "refer 2 friends",
    "the tracking was lost",
    "2026-06-12",
    "nombor 013-555 6690",
    "pake nomor ini 0896-5550-7712",
    "number na 0926 555 0137",
    "मेरे नंबर 93555 18840",
    "1시간 20000원",
    "COVID-19",
    "สอบถามเลขที่แจ้ง 0815550143",
    "शिकायत नंबर 0115550143",
    "ticket hotline 0815550143",
    "order 0815550143",
    "yuran lesen RM2900",
    "paket Rp450000",
    "statement 20260310",
    "접수 20일까지",
    "ကားနံပါတ် 5H/3817",
    "เลขบัญชี 5550123456",
    "550318 people",
    "500000 is your prize",
    "score 12-10",
    "https://parcel.example/TRK-55501287",
]


@pytest.mark.parametrize(("text", "words", "value"), FOUND)
def test_reference_is_found(text: str, words: str, value: str) -> None:
    found = reference.find(text, Context())
    assert [(text[e.start : e.end], e.value) for e in found] == [(words, value)]


@pytest.mark.parametrize("text", NO_REFERENCES)
def test_phones_prices_and_words_are_no_references(text: str) -> None:
    assert [text[e.start : e.end] for e in reference.find(text, Context())] == []


@pytest.mark.parametrize(("number", "checksum"), [("RR473124829GB", "valid"), ("RR473124828GB", "failed")])
def test_upu_check_digit_decides_the_checksum(number: str, checksum: str) -> None:
    (entity,) = reference.find(number, Context())
    assert entity.attributes["checksum"] == checksum


@pytest.mark.parametrize(
    "unit", ["1", ".", "A1", "A-", "ก", "ກ", "ក", "က", "号", "한", "क", "a", "so 1 ", "ref 12 "]
)
def test_long_input_of_one_kind_is_read_in_linear_time(unit: str) -> None:
    assert reads_in_linear_time(reference.find, (unit * 100_000)[:100_000], Context())
