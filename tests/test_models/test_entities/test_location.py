"""LOCATION by the gazetteer: spellings in every script, what only looks like a place, and the data."""

import re
import tomllib
from pathlib import Path

import pytest

from models.entities import location
from models.entities.entity import Context
from tests.reading_time import reads_in_linear_time

GAZETTEER = tomllib.loads(Path(location.__file__).with_name("gazetteer.toml").read_text(encoding="utf-8"))
KINDS = {"scam_site", "crossing", "town", "region", "country", "airport"}
STATUSES = {"reported_active", "raided", "demolished", "unknown"}

# text, [(words of the span, gazetteer_id)]
FOUND = [
    ("รับแอดมินประจำปอยเปต 12 อัตรา", [("ปอยเปต", "kh_poipet")]),
    ("ไปทำงานที่ชเวโก๊กโก่ ข้ามจากแม่สอด", [("ชเวโก๊กโก่", "mm_shwe_kokko"), ("แม่สอด", "th_mae_sot")]),
    ("น้องอยู่เมียวดีออกไม่ได้", [("เมียวดี", "mm_myawaddy")]),
    ("ตอนนี้อยู่ KK ปาร์ค", [("KK ปาร์ค", "mm_kk_park")]),
    ("คิงส์โรมันรับเด็กเสิร์ฟ", [("คิงส์โรมัน", "la_gtsez")]),
    ("กลับไทยไม่ได้แล้ว", [("กลับไทย"[4:], "th")]),
    ("ข้ามไปลาวทางเรือ", [("ลาว", "la")]),
    ("บ้านอยู่จ.ตาก", [("จ.ตาก", "th_tak")]),
    ("ไปpoipetคืนนี้", [("poipet", "kh_poipet")]),
    ("ເຮັດວຽກຢູ່ຕົ້ນເຜິ້ງ ແຂວງບໍ່ແກ້ວ", [("ຕົ້ນເຜິ້ງ", "la_tonpheung"), ("ແຂວງບໍ່ແກ້ວ", "la_bokeo")]),
    ("ໄປປອຍເປດ ຈາກວຽງຈັນ", [("ປອຍເປດ", "kh_poipet"), ("ວຽງຈັນ", "la_vientiane")]),
    ("ຂ້ອຍຢູ່ສີຫະນຸວິນ", [("ສີຫະນຸວິນ", "kh_sihanoukville")]),
    ("ខ្ញុំនៅប៉ោយប៉ែតជិតព្រំដែន", [("ប៉ោយប៉ែត", "kh_poipet")]),
    ("ការងារនៅក្រុងព្រះសីហនុ", [("ក្រុងព្រះសីហនុ", "kh_sihanoukville")]),
    ("ភ្នំ\u200bពេញ ទៅ បាវិត", [("ភ្នំ\u200bពេញ", "kh_phnom_penh"), ("បាវិត", "kh_bavet")]),
    ("ជ្រៃធំ ខេត្តកណ្តាល", [("ជ្រៃធំ", "kh_chrey_thom"), ("ខេត្តកណ្តាល", "kh_kandal")]),
    ("မြဝတီကနေ မဲဆောက်ကို", [("မြဝတီ", "mm_myawaddy"), ("မဲဆောက်", "th_mae_sot")]),
    ("ရွှေကုက္ကိုမှာ ပိတ်မိနေတယ်", [("ရွှေကုက္ကို", "mm_shwe_kokko")]),
    ("လောက်ကိုင်ရောက်နေပြီ", [("လောက်ကိုင်", "mm_laukkaing")]),
    ("ထိုင်းမှာ အလုပ်ရှိတယ်", [("ထိုင်း", "th")]),
    ("ဘုရားသုံးဆူ ဂိတ်", [("ဘုရားသုံးဆူ", "mm_payathonzu")]),
    ("西港高薪招聘打字员", [("西港", "kh_sihanoukville")]),
    ("被卖到妙瓦底的KK园区", [("妙瓦底", "mm_myawaddy"), ("KK园区", "mm_kk_park")]),
    ("水沟谷亚太城", [("水沟谷", "mm_shwe_kokko"), ("亚太城", "mm_shwe_kokko")]),
    ("人在缅北老街出不来", [("缅北老街", "mm_laukkaing")]),
    ("他去了老街口岸", [("老街", "mm_laukkaing")]),
    ("從波貝到金邊", [("波貝", "kh_poipet"), ("金邊", "kh_phnom_penh")]),
    ("老挝金三角金木棉", [("老挝金三角", "la_gtsez"), ("金木棉", "la_gtsez")]),
    ("木姐口岸对面瑞丽", [("木姐", "mm_muse"), ("瑞丽", "cn_ruili")]),
    ("Làm việc tại Bavet, cửa khẩu Mộc Bài", [("Bavet", "kh_bavet"), ("Mộc Bài", "vn_moc_bai")]),
    ("đưa sang Lào rồi qua Tam Giác Vàng", [("Lào", "la"), ("Tam Giác Vàng", "golden_triangle")]),
    ("em ở Sài Gòn, làm ở Hàn", [("Sài Gòn", "vn_hcmc"), ("Hàn", "kr")]),
    ("di tu Tay Ninh", [("Tay Ninh", "vn_tay_ninh")]),
    ("Kerja di Kamboja, berangkat dari Medan", [("Kamboja", "kh"), ("Medan", "id_medan")]),
    ("lowongan CS Sihanoukville gaji USD 800", [("Sihanoukville", "kh_sihanoukville")]),
    ("kena jual dari KL ke Myawaddy", [("KL", "my_kuala_lumpur"), ("Myawaddy", "mm_myawaddy")]),
    ("nasa Tachileik na kami galing NAIA", [("Tachileik", "mm_tachileik"), ("NAIA", "ph_airport_mnl")]),
    (
        "Lucky South 99 sa Porac, Pampanga",
        [("Lucky South 99", "ph_porac"), ("Porac", "ph_pampanga"), ("Pampanga", "ph_pampanga")],
    ),
    ("म्यावाडी में फँसे हैं, मे सोत से ले गए", [("म्यावाडी", "mm_myawaddy"), ("मे सोत", "th_mae_sot")]),
    ("캄보디아 포이펫에서 구조 요청", [("캄보디아", "kh"), ("포이펫", "kh_poipet")]),
    ("태국에 갔다가 미얀마로 팔렸다", [("태국", "th"), ("미얀마", "mm")]),
    (
        "シアヌークビルの拠点、ポイペトへ移動",
        [("シアヌークビル", "kh_sihanoukville"), ("ポイペト", "kh_poipet")],
    ),
    ("タイへ行った", [("タイ", "th")]),
    ("Flight from Suvarnabhumi to Yangon", [("Suvarnabhumi", "th_airport_bkk"), ("Yangon", "mm_yangon")]),
    ("Jobs in Muse and MYAWADDY", [("Muse", "mm_muse"), ("MYAWADDY", "mm_myawaddy")]),
    (
        "taken to O'Smach, then O’Smach Resort",
        [("O'Smach", "kh_o_smach"), ("O’Smach Resort", "kh_o_smach_resort")],
    ),
    (
        "Three Pagodas Pass, Payathonzu",
        [("Three Pagodas Pass", "mm_payathonzu"), ("Payathonzu", "mm_payathonzu")],
    ),
    ("Golden Triangle SEZ", [("Golden Triangle SEZ", "la_gtsez")]),
    ("Jin Bei in Preah Sihanouk", [("Jin Bei", "kh_jinbei"), ("Preah Sihanouk", "kh_sihanoukville")]),
]
NOT_FOUND = [
    "พูดภาษาไทยได้",
    "นวดไทย 300 บาท",
    "ธนาคารไทยพาณิชย์",
    "โอนเข้าธนาคารกรุงเทพ",
    "ไปเลยค่ะ ดีเลย",
    "ตากผ้าแล้วเผยแพร่ข่าว",
    "คนไทยห้าคน",
    "อาหารเวียดนามอร่อย",
    "ລາວເວົ້າວ່າຈະມາ",
    "ຄົນຈີນສອງຄົນ",
    "ພາສາຫວຽດນາມ",
    "រៀនភាសាថៃ",
    "ជនជាតិចិន",
    "မြန်မာစကား",
    "တရုတ်လူမျိုး",
    "学泰国菜怎么做",
    "三个越南人",
    "这条老街很美",
    "一副金边眼镜",
    "万象城购物中心",
    "学日本语",
    "người Thái",
    "học tiếng Anh với anh Nam",
    "cảm ơn anh, bà già nga xuống",
    "món Hàn Quốc",
    "orang Indonesia",
    "lapangan bola medan perang",
    "Betul, kami buat betul-betul",
    "kung walay permiso",
    "ធានាដោយឆែក",
    "รับ QC 5 คน",
    "Tak payah bayar apa-apa",
    "Bakit bago ang sapatos",
    "the muse of the poet",
    "Thai massage and a tie",
    "bangkokjobs.example",
    "mail hr@bangkok.example",
    "https://jobs.example/poipet/apply",
    "@myawaddy_hr",
    "Sihanoukvillex",
    "한국인 두 명",
    "인도네 사람",
    "횡단보도와 인도",
    "タイプとスタイル",
    "タイトル変更",
    "ネクタイを買う",
    "उसकी सूरत अच्छी है, काम हो गया",
    "order 12/05/2567, total 4,500",
]


def found(text, language="und"):
    return [
        (text[e.start : e.end], e.attributes["gazetteer_id"]) for e in location.find(text, Context(language))
    ]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_a_place_is_found_in_the_spelling_of_its_language(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize("text", NOT_FOUND)
def test_a_word_that_looks_like_a_place_is_left_alone(text):
    assert found(text) == []


def test_a_scam_site_says_who_reported_it_and_when():
    (site,) = location.find("He is in KK Park", Context("en"))

    assert (site.type, site.value, site.source) == ("LOCATION", "KK Park", "gazetteer")
    assert site.attributes == {
        "country": "MM",
        "gazetteer_id": "mm_kk_park",
        "kind": "scam_site",
        "status": "raided",
        "as_of": "2025-10",
    }
    assert re.fullmatch(r"gazetteer: reported by .+, \d{4}-\d{2}", site.reason)


def test_a_lawful_town_carries_no_report():
    (town,) = location.find("แม่สอด", Context("th"))

    assert town.attributes == {"country": "TH", "gazetteer_id": "th_mae_sot", "kind": "crossing"}
    assert (town.value, town.reason) == ("Mae Sot", "gazetteer")


def test_a_name_that_stands_for_several_towns_has_no_normal_form():
    (town,) = location.find("गोरखपुर", Context("hi"))

    assert (town.value, town.attributes["country"]) == (None, "IN")


def test_every_entry_has_two_known_sources_a_known_parent_and_a_name():
    ids = {place["id"] for place in GAZETTEER["place"]}

    assert len(ids) == len(GAZETTEER["place"])
    for place in GAZETTEER["place"]:
        assert len(set(place["sources"])) >= 2, place["id"]
        assert set(place["sources"]) <= set(GAZETTEER["sources"]), place["id"]
        assert place["kind"] in KINDS, place["id"]
        assert not place["parent"] or place["parent"] in ids - {place["id"]}, place["id"]
        assert any(place["names"].values()), place["id"]


def test_only_a_scam_site_has_a_status_and_a_dated_one_names_its_month():
    for place in GAZETTEER["place"]:
        assert ("status" in place) == (place["kind"] == "scam_site"), place["id"]
        if place["kind"] == "scam_site":
            assert place["status"] in STATUSES, place["id"]
            assert bool(place["as_of"]) == (place["status"] != "unknown"), place["id"]
            assert re.fullmatch(r"(?:\d{4}-\d{2}(?:-\d{2})?)?", place["as_of"]), place["id"]


def test_no_name_is_listed_twice_or_too_short():
    names = [
        name.rstrip("?^").lower() for p in GAZETTEER["place"] for some in p["names"].values() for name in some
    ]

    assert len(names) == len(set(names))
    assert min(map(len, names)) >= 2


@pytest.mark.parametrize(
    "unit", ["1", ".", " ", "ก", "ສ", "ស", "မ", "泰国", "타", "タイ", "भ", "Bangkok ", "bangkok", "a@b."]
)
def test_a_hundred_kilobytes_of_one_thing_are_read_in_linear_time(unit):
    text = unit * (100_000 // len(unit.encode()))
    assert reads_in_linear_time(location.find, text, Context())
