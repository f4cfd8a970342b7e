"""One table of texts and the papers found in them; numbers are fictional, built for their check."""

import pytest

from models.entities.entity import Context
from models.entities.id_document import find
from tests.reading_time import reads_in_linear_time

FOUND = [
    # mentions: (text, ((words, value), ...))
    ("Please bring your passport", (("passport", None),)),
    ("They took our passports at the airport", (("passports", None),)),
    ("Work permit and birth certificate needed", (("Work permit", None), ("birth certificate", None))),
    ("boss kept my ID and phone", (("ID", None),)),
    ("passport, visa and ID card", (("passport", None), ("visa", None), ("ID card", None))),
    ("visa, ticket and meals provided", (("visa", None),)),
    ("ビザ支給、寮あり", (("ビザ", None),)),
    ("boss kept my visa and my degree", (("visa", None), ("degree", None))),
    ("เก็บพาสปอร์ตไว้ทุกคน", (("พาสปอร์ต", None),)),
    ("ใช้บัตรประชาชนใบเดียว", (("บัตรประชาชน", None),)),
    ("ยึดบัตรประชาชนกับบัตร ATM", (("บัตรประชาชน", None),)),
    ("ต้องเอาเล่ม CI ไปด้วยไหมครับ", (("เล่ม CI", None),)),
    ("ส่งหน้าบัตร ปชช.มาค่ะ", (("บัตร ปชช.", None),)),
    ("รับทำใบขับขี่ ใบอนุญาตทำงาน บัตรชมพู", (("ใบขับขี่", None), ("ใบอนุญาตทำงาน", None), ("บัตรชมพู", None))),
    ("เอาสูติบัตรกับทะเบียนบ้านมาด้วย", (("สูติบัตร", None), ("ทะเบียนบ้าน", None))),
    ("ເຂົາຍຶດພາສປອດໝົດ", (("ພາສປອດ", None),)),
    ("ເອົາບັດປະຈຳຕົວ ແລະ ສຳມະໂນຄົວ", (("ບັດປະຈຳຕົວ", None), ("ສຳມະໂນຄົວ", None))),
    ("គេដកលិខិតឆ្លងដែនខ្ញុំ", (("លិខិតឆ្លងដែន", None),)),
    ("ត្រូវមានអត្តសញ្ញាណប័ណ្ណ ឬ ប័ណ្ណបើកបរ", (("អត្តសញ្ញាណប័ណ្ណ", None), ("ប័ណ្ណបើកបរ", None))),
    ("ပတ်စပို့သိမ်းထားတယ်", (("ပတ်စပို့", None),)),
    ("မှတ်ပုံတင်နဲ့ သန်းခေါင်စာရင်း ယူလာပါ", (("မှတ်ပုံတင်", None), ("သန်းခေါင်စာရင်း", None))),
    ("သူဌေးက စာအုပ် သိမ်းထားတယ်", (("စာအုပ်", None),)),
    ("họ giữ hộ chiếu và căn cước", (("hộ chiếu", None), ("căn cước", None))),
    ("can 2 mat cccd va ho chieu", (("cccd", None), ("ho chieu", None))),
    ("làm bằng lái xe, giấy khai sinh", (("bằng lái xe", None), ("giấy khai sinh", None))),
    ("护照被没收，身份证也扣了", (("护照", None), ("身份证", None))),
    ("專辦護照、駕照", (("護照", None), ("駕照", None))),
    ("paspornya ditahan bos", (("paspornya", None),)),
    ("kirim foto KTP dan SKCK", (("foto KTP", None), ("SKCK", None))),
    ("pasport saya disimpan ejen", (("pasport", None),)),
    ("bawa MyKad dan surat beranak", (("MyKad", None), ("surat beranak", None))),
    ("kinuha ang pasaporte ko", (("pasaporte", None),)),
    ("driver's license at NBI clearance", (("driver's license", None), ("NBI clearance", None))),
    ("여권 뺏겼어요, 외국인등록증도", (("여권", None), ("외국인등록증", None))),
    ("पासपोर्ट और आधार कार्ड भेजो", (("पासपोर्ट", None), ("आधार कार्ड", None))),
    ("パスポートと在留カードを預かる", (("パスポート", None), ("在留カード", None))),
    # numbers
    ("passport P5550143A", (("passport P5550143A", "P5550143A"),)),
    ("passport no. AA5550143 expired", (("passport no. AA5550143", "AA5550143"),)),
    ("पासपोर्ट नंबर Z5550143 है", (("पासपोर्ट नंबर Z5550143", "Z5550143"),)),
    ("护照号码：E55501432", (("护照号码：E55501432", "E55501432"),)),
    ("hộ chiếu số B5550143", (("hộ chiếu số B5550143", "B5550143"),)),
    ("เลข 1-5555-00000-12-1 ค่ะ", (("1-5555-00000-12-1", "1555500000121"),)),
    ("บัตรประชาชน 1555500000121", (("บัตรประชาชน 1555500000121", "1555500000121"),)),
    ("身份证号码555555199001015550", (("身份证号码555555199001015550", "555555199001015550"),)),
    ("他是11010519491231002X对吧", (("11010519491231002X", "11010519491231002X"),)),
    ("주민등록번호 900101-1555551", (("주민등록번호 900101-1555551", "9001011555551"),)),
    ("aadhaar 2555 5000 1119", (("aadhaar 2555 5000 1119", "255550001119"),)),
    ("my PAN ABCPD5550F ok", (("ABCPD5550F", "ABCPD5550F"),)),
    ("IC saya 900101-14-5551", (("900101-14-5551", "900101145551"),)),
    ("NIK 3171015508900055 dicatat", (("3171015508900055", "3171015508900055"),)),
    ("CCCD 001090555012", (("CCCD 001090555012", "001090555012"),)),
    ("CMND: 555 123 456", (("CMND: 555 123 456", "555123456"),)),
    ("PhilSys 5555-0123-4567", (("PhilSys 5555-0123-4567", "555501234567"),)),
    ("7/ပခန(နိုင်)555012 ပါ", (("7/ပခန(နိုင်)555012", "7/ပခန(နိုင်)555012"),)),
    ("NRC 12/KaMaYa(N)555012", (("NRC 12/KaMaYa(N)555012", "12/KaMaYa(N)555012"),)),
    ("7/ပခန(ယာယီ)555012 ပါ", (("7/ပခန(ယာယီ)555012", "7/ပခန(ယာယီ)555012"),)),
    ("KTP 317101xxxx", (("KTP 317101xxxx", None),)),
    ("พาสปอร์ต AA5550143 ครับ", (("พาสปอร์ต AA5550143", "AA5550143"),)),
    ("พาสเลข MF5550143", (("พาสเลข MF5550143", "MF5550143"),)),
    ("my passport number is AA5550143", (("passport number is AA5550143", "AA5550143"),)),
    ("护照号码是E5550143", (("护照号码是E5550143", "E5550143"),)),
    ("số hộ chiếu của tôi là B5550143", (("hộ chiếu của tôi là B5550143", "B5550143"),)),
    ("nomor paspor saya adalah B5550143", (("paspor saya adalah B5550143", "B5550143"),)),
    ("passport ko po ay P5550143A", (("passport ko po ay P5550143A", "P5550143A"),)),
    ("เลขพาสปอร์ตของหนูคือ AA5550143 ค่ะ", (("พาสปอร์ตของหนูคือ AA5550143", "AA5550143"),)),
    ("ເລກພາສປອດແມ່ນ P5550143", (("ພາສປອດແມ່ນ P5550143", "P5550143"),)),
    ("លេខប៉ាស្ព័រគឺ N5550143", (("ប៉ាស្ព័រគឺ N5550143", "N5550143"),)),
    ("パスポート番号はTK5550143です", (("パスポート番号はTK5550143", "TK5550143"),)),
    ("पासपोर्ट नंबर मेरा Z5550143 है", (("पासपोर्ट नंबर मेरा Z5550143", "Z5550143"),)),
    ("passport: AA 555 0143", (("passport: AA 555 0143", "AA5550143"),)),
    ("visa no. is 55501432", (("visa no. is 55501432", "55501432"),)),
    ("passport no. 0815550143", (("passport no. 0815550143", "0815550143"),)),
    ("여권번호 M555A0143", (("여권번호 M555A0143", "M555A0143"),)),
    ("여권 번호는 M55501432입니다", (("여권 번호는 M55501432", "M55501432"),)),
    ("운전면허 11-12-555012-78", (("운전면허 11-12-555012-78", "111255501278"),)),
    ("អត្តសញ្ញាណប័ណ្ណ 015550143", (("អត្តសញ្ញាណប័ណ្ណ 015550143", "015550143"),)),
    ("ပတ်စပို့ သိမ်းထားတယ် ME555012", (("ပတ်စပို့", None), ("ME555012", "ME555012"))),
    ("passport holder Somchai Jaidee AA5550143", (("passport", None), ("AA5550143", "AA5550143"))),
    ("NIK 3171 0155 0890 0055", (("3171 0155 0890 0055", "3171015508900055"),)),
    ("NIK: 3171-0155-0890-0055", (("3171-0155-0890-0055", "3171015508900055"),)),
    ("CCCD của em 0010 9055 5012", (("CCCD của em 0010 9055 5012", "001090555012"),)),
    ("เลข 13 หลัก 1 5 5 5 5 0 0 0 0 0 1 2 1", (("1 5 5 5 5 0 0 0 0 0 1 2 1", "1555500000121"),)),
    ("1555500000121", (("1555500000121", "1555500000121"),)),
    ("บัตรชมพู 0012345678901", (("บัตรชมพู 0012345678901", "0012345678901"),)),
]

NOT_FOUND = [
    "order 1555500000121 shipped",
    "พัสดุ 1555500000121",
    "1555500000122",
    "we take Visa, Mastercard and cash",
    "visa/mastercard",
    "금융소비자 보호",
    "passport office opens at 9",
    "ราคา 1,555,500 บาท",
    "โทร 081-555-0123",
    "เลขพัสดุ 8850001555501",
    "เลขบัญชี 555-0-12345-6",
    "เล่มนี้สนุกมาก บทที่ 12",
    "บัตรเครดิตวงเงินสูง",
    "บัตรคอนเสิร์ต 2 ใบ",
    "add LINE ID scam555",
    "my user ID is kim555",
    "SIM card 5 USD",
    "Visa debit accepted",
    "I did it",
    "the idea is simple, id est",
    "gambar pasport RM10",
    "kk nanti aku call",
    "permit me to say",
    "ဖုန်းဘေလ်ကတ် 5000",
    "ကုမ္ပဏီမှတ်ပုံတင် ပြီးပြီ",
    "ဒီစာအုပ် ကောင်းတယ်",
    "这个证据很重要",
    "订单号 202611220155501234",
    "timestamp 20261122101915",
    "카드 할인 20%",
    "계좌 900101-12-555555",
    "आधार पर काम होगा",
    "score 2555-5000",
    "4555 5500 0111 2225 card",
    "hạng B2 tiếng Anh",
    "số đơn 001090555012",
    "tel +60 12-555 0123",
    "ABCPD5550FX1",
    "version 12/KaMaYa release",
    "ກາລຸນາໂທ 020 5555 0123",
    "លេខទូរស័ព្ទ 012 555 012",
    "date 900101-14",
    "NIK 2271015508900055",
    "NIK 3171018508900055",
]

NO_NUMBER = [
    "passport ready, order AB5550143 shipped",
    "pasport RM 50000",
    "passport 55501432",
    "ทำพาสปอร์ต 0815550143",
    "passport here. Flight TG555012",
]

ATTRIBUTES = [
    ("เลข 1-5555-00000-12-1", {"kind": "national_id", "country": "TH", "checksum": "valid"}),
    ("เลข 1-5555-00000-12-2", {"kind": "national_id", "country": "TH", "checksum": "failed"}),
    ("身份证441523198802295551", {"kind": "national_id", "country": "CN", "checksum": "valid"}),
    ("身份证441523198802295552", {"kind": "national_id", "country": "CN", "checksum": "failed"}),
    ("주민번호 900101-1555552", {"kind": "national_id", "country": "KR", "checksum": "failed"}),
    ("번호 210101-3555551", {"kind": "registration_number", "country": "KR", "checksum": "none"}),
    ("번호 900101-5555554", {"kind": "registration_number", "country": "KR", "checksum": "valid"}),
    ("번호 900101-5555555", {"kind": "registration_number", "country": "KR", "checksum": "none"}),
    ("เลข 0-0000-00555-55-0", {"kind": "national_id", "country": "TH", "checksum": "valid"}),
    ("aadhaar: 2555 5000 1118", {"kind": "national_id", "country": "IN", "checksum": "failed"}),
    ("passport P5550143A", {"kind": "passport", "country": "PH", "checksum": "none"}),
    ("passport AA5550143", {"kind": "passport", "checksum": "none"}),
    ("ใบขับขี่หาย", {"kind": "driving_licence"}),
    ("passport no. 0815550143", {"kind": "passport", "checksum": "none", "alternatives": ["PHONE"]}),
]

_LONG = {
    "digits": "1" * 100_000,
    "dashed digits": "1-" * 50_000,
    "dots": "." * 100_000,
    "thai": "ก" * 100_000,
    "burmese": "7/" + "က" * 100_000,
    "masked": "passport " + "1x" * 50_000,
    "latin": "a" * 100_000,
    "passports": "passport is my number " * 5_000,
    "spaced digits": "1 " * 50_000,
}


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_papers_are_found(text: str, expected: tuple[tuple[str, str | None], ...]) -> None:
    found = find(text, Context())
    assert tuple((text[entity.start : entity.end], entity.value) for entity in found) == expected


@pytest.mark.parametrize("text", NOT_FOUND)
def test_look_alikes_are_left_alone(text: str) -> None:
    assert find(text, Context()) == []


@pytest.mark.parametrize("text", NO_NUMBER)
def test_a_number_of_something_else_is_not_the_papers(text: str) -> None:
    assert [entity.value for entity in find(text, Context())] == [None]


@pytest.mark.parametrize(("text", "attributes"), ATTRIBUTES)
def test_the_number_tells_only_about_the_paper(text: str, attributes: dict[str, str]) -> None:
    (entity,) = find(text, Context())
    assert dict(entity.attributes) == attributes


def test_a_valid_number_is_surer_than_a_failed_one() -> None:
    (valid,) = find("เลข 1-5555-00000-12-1", Context())
    (failed,) = find("เลข 1-5555-00000-12-2", Context())
    assert valid.proba > failed.proba
    assert valid.reason == "checksum"


def test_a_number_money_is_sent_to_is_not_proved_a_paper() -> None:
    (entity,) = find("พร้อมเพย์ 1-5555-00000-12-1", Context())
    assert entity.reason != "checksum"
    assert entity.proba < 0.9


@pytest.mark.parametrize("name", _LONG)
def test_a_long_run_of_one_thing_takes_no_longer_than_its_length(name: str) -> None:
    assert reads_in_linear_time(find, _LONG[name], Context())
