"""One table of texts and the places inside a site found in them."""

import time

import pytest

from models.entities.entity import Context
from models.entities.site_detail import find

FOUND = [
    # text, words, attributes
    ("อยู่ตึก 5 ชั้น 3 ช่วยด้วย", "ตึก 5 ชั้น 3", {"building": "5", "floor": "3"}),
    ("หนูอยู่อาคาร A", "อาคาร A", {"building": "A"}),
    ("โดนขังห้อง 412", "ห้อง 412", {"room": "412"}),
    ("ตึกสีเทา ชั้น 5", "ตึกสีเทา ชั้น 5", {"floor": "5"}),
    ("หอ B ห้อง 306 ค่ะ", "หอ B ห้อง 306", {"building": "B", "room": "306"}),
    ("ซอย 9 ห้อง 412", "ซอย 9 ห้อง 412", {"lane": "9", "room": "412"}),
    ("รอที่ประตู B", "ประตู B", {"gate": "B"}),
    ("ตึกแดงหลังคาสูง", "ตึกแดง", {}),
    ("rao yu tuek 7 chan 3", "tuek 7 chan 3", {"building": "7", "floor": "3"}),
    ("ຢູ່ ຕຶກ 7 ຫ້ອງ 302 ຊ່ວຍແດ່", "ຕຶກ 7 ຫ້ອງ 302", {"building": "7", "room": "302"}),
    ("ຕຶກສີຟ້າ ຊັ້ນ 3", "ຕຶກສີຟ້າ ຊັ້ນ 3", {"floor": "3"}),
    ("ຊັ້ນ 5ແລ້ວ", "ຊັ້ນ 5", {"floor": "5"}),
    ("ຫ້ອງ 305 ຕຶກ C", "ຫ້ອງ 305 ຕຶກ C", {"room": "305", "building": "C"}),
    ("ខ្ញុំនៅអគារ B ជាន់ទី 2", "អគារ B ជាន់ទី 2", {"building": "B", "floor": "2"}),
    ("តឹកលេខ 7 ជាន់ 3", "តឹកលេខ 7 ជាន់ 3", {"building": "7", "floor": "3"}),
    ("ជាន់ទី4 បន្ទប់ 512", "ជាន់ទី4 បន្ទប់ 512", {"floor": "4", "room": "512"}),
    ("ប្លុក 8 បន្ទប់ 611", "ប្លុក 8 បន្ទប់ 611", {"building": "8", "room": "611"}),
    ("អគារ គ ជាន់ទី 2", "អគារ គ ជាន់ទី 2", {"building": "គ", "floor": "2"}),
    ("akear B joan ti 6", "akear B joan ti 6", {"building": "B", "floor": "6"}),
    ("အဆောင် 3 မှာ", "အဆောင် 3", {"building": "3"}),
    ("အဆောင် C 4 လွှာ", "အဆောင် C 4 လွှာ", {"building": "C", "floor": "4"}),
    ("တိုက် (9) ထဲမှာ", "တိုက် (9)", {"building": "9"}),
    ("9 လွှာ၊ အခန်း 903", "9 လွှာ၊ အခန်း 903", {"floor": "9", "room": "903"}),
    ("အဆောင် 2 ဒုတိယထပ်", "အဆောင် 2 ဒုတိယထပ်", {"building": "2", "floor": "2"}),
    ("အဆောင် (ခ) အောက်ထပ်", "အဆောင် (ခ) အောက်ထပ်", {"building": "ခ"}),
    ("ဂိတ် 7 အနီး", "ဂိတ် 7", {"gate": "7"}),
    ("em ở tòa A2", "tòa A2", {"building": "A2"}),
    ("dãy C, phòng 307", "dãy C, phòng 307", {"building": "C", "room": "307"}),
    ("tầng 9 cứu em", "tầng 9", {"floor": "9"}),
    ("khu B, nhà số 3, lầu 6", "khu B, nhà số 3, lầu 6", {"building": "B", "floor": "6"}),
    ("bi nhot bavet lau 5 cuu voi", "lau 5", {"floor": "5"}),
    ("căn 1207", "căn 1207", {"room": "1207"}),
    ("di gedung 4 lantai 2 kak", "gedung 4 lantai 2", {"building": "4", "floor": "2"}),
    (
        "blok C lantai 2 kamar 208",
        "blok C lantai 2 kamar 208",
        {"building": "C", "floor": "2", "room": "208"},
    ),
    ("lt 4 gedung B", "lt 4 gedung B", {"floor": "4", "building": "B"}),
    ("tingkat 3 bilik 312", "tingkat 3 bilik 312", {"floor": "3", "room": "312"}),
    ("bangunan E, bilik 512", "bangunan E, bilik 512", {"building": "E", "room": "512"}),
    ("Menara 2, unit 21-07", "Menara 2, unit 21-07", {"building": "2", "room": "21-07"}),
    ("Bldg C daw 4th flr", "Bldg C daw 4th flr", {"building": "C", "floor": "4"}),
    ("sa building 7 kami", "building 7", {"building": "7"}),
    (
        "Building C, ikatlong palapag, Room 307",
        "Building C, ikatlong palapag, Room 307",
        {"building": "C", "floor": "3", "room": "307"},
    ),
    ("we are in building C", "building C", {"building": "C"}),
    ("tower 3, 22nd floor", "tower 3, 22nd floor", {"building": "3", "floor": "22"}),
    ("locked in Room 302", "Room 302", {"room": "302"}),
    ("Block 7, flat 31", "Block 7, flat 31", {"building": "7", "room": "31"}),
    ("the pink building", "pink building", {}),
    ("Unit 5, 2/F", "Unit 5, 2/F", {"room": "5", "floor": "2"}),
    ("我在8栋602", "8栋602", {"building": "8", "room": "602"}),
    ("B栋9楼救命", "B栋9楼", {"building": "B", "floor": "9"}),
    ("7栋4楼", "7栋4楼", {"building": "7", "floor": "4"}),
    ("C区3号楼，四楼", "C区3号楼，四楼", {"building": "3", "floor": "4"}),
    ("瑞光路A棟7樓", "A棟7樓", {"building": "A", "floor": "7"}),
    ("6栋2单元501", "6栋2单元501", {"building": "6", "gate": "2", "room": "501"}),
    ("房号208", "房号208", {"room": "208"}),
    ("B동 302호에 있어요", "B동 302호", {"building": "B", "room": "302"}),
    ("지하 2층", "지하 2층", {"floor": "B2"}),
    ("टावर C, 903", "टावर C, 903", {"building": "C", "room": "903"}),
    ("बिल्डिंग 9, तीसरी मंज़िल", "बिल्डिंग 9, तीसरी मंज़िल", {"building": "9", "floor": "3"}),
    ("गेट नंबर 4 पर", "गेट नंबर 4", {"gate": "4"}),
    ("3号館の9階 912", "9階 912", {"floor": "9", "room": "912"}),
    ("หนูอยู่ 2/F ค่ะ", "2/F", {"floor": "2"}),
    ("負け A座 負一楼", "A座", {"building": "A"}),
    ("nhà sơn xanh có cổng", "nhà sơn xanh", {}),
    ("naka building na kulay dilaw kami", "building na kulay dilaw", {}),
    ("Rm 5 po", "Rm 5", {"room": "5"}),
    ("3栋502 B座12楼", "3栋502 B座12楼", {"building": "3", "floor": "12", "room": "502"}),
    ("A7栋", "A7栋", {"building": "A7"}),
    ("17동 3층", "17동 3층", {"building": "17", "floor": "3"}),
    ("3rd floor", "3rd floor", {"floor": "3"}),
    ("fifth floor", "fifth floor", {"floor": "5"}),
    ("十二楼", "十二楼", {"floor": "12"}),
    ("တတိယထပ်", "တတိယထပ်", {"floor": "3"}),
    ("ตึกเอ7", "ตึกเอ7", {"building": "A7"}),
    ("ตึกบี ชั้น 3", "ตึกบี ชั้น 3", {"building": "B", "floor": "3"}),
    ("ຕຶກເອ ຊັ້ນ 2", "ຕຶກເອ ຊັ້ນ 2", {"building": "A", "floor": "2"}),
    ("ตึก 5 ชั้นล่าง", "ตึก 5 ชั้นล่าง", {"building": "5"}),
    ("gedung 4 lantai dasar", "gedung 4 lantai dasar", {"building": "4"}),
    ("宿舍 204，负一层", "宿舍 204，负一层", {"room": "204", "floor": "B1"}),
    ("파란 지붕", "파란 지붕", {}),
]

NOT_FOUND = [
    "ประกันรถชั้น 1",
    "ตรวจห้อง 11 โมง",
    "คอนโด 30 ชั้น 450 ห้อง",
    "ตึก 5 ชั้น",
    "ตึกดีราคาถูก",
    "tòa nhà 9 tầng",
    "gedung 4 lantai",
    "building 12 floors 240 rooms",
    "ຕຶກ 5 ຊັ້ນ",
    "អគារ 5 ជាន់",
    "စာအုပ် အခန်း 3",
    "အခန်း 3 ဖတ်ပြီးပြီ",
    "ราคา 412 บาท",
    "ทาวน์โฮมหลายชั้น",
    "ມີ 3 ຫ້ອງ",
    "ສູງຫຼາຍ",
    "ម៉ោង 2 រសៀល",
    "ទូរស័ព្ទ 012 555 012",
    "အဆောင်က တစ်ခန်း",
    "ဂိတ် 6 နာရီခွဲ ပိတ်",
    "အသက် 20",
    "tang 500k cho ban",
    "phòng trọ giá rẻ",
    "nhà đẹp 3 tỷ",
    "lantai kayu",
    "gaji RM300",
    "RM 650 sebulan",
    "kamar mandi bersih",
    "blok ini bagus",
    "sewa unit baru",
    "LTO Taytay",
    "building a better future",
    "the room is nice",
    "flat 50% off",
    "level 2",
    "unit price 5.50",
    "floor price",
    "no 5",
    "section B",
    "B2 English",
    "3室一厅",
    "楼上楼下",
    "一层油",
    "第3号通知",
    "第二",
    "역삼1동",
    "제302호",
    "제2021-5550호",
    "दिन का टारगेट: 11",
    "xem phòng 7h tối",
    "3호선",
    "कमरा खाली है",
    "B",
    "1503",
]

_LONG = {
    "digits": "1" * 100_000,
    "letters and digits": "A1 " * 33_000,
    "dots": "." * 100_000,
    "thai": "ก" * 100_000,
    "floors": "ชั้น" * 25_000,
    "chinese": "楼" * 100_000,
    "numerals": "二" * 100_000,
    "spaces": " " * 100_000,
    "latin": "a" * 100_000,
    "lanes": "soi 5 " * 17_000,
    "nouns": "no " * 33_000,
    "chinese parts": "A座1层2楼3室4床" * 10_000,
    "bare numbers": "room 5 " + "A1 1503 B " * 10_000,
}


@pytest.mark.parametrize(("text", "words", "attributes"), FOUND)
def test_site_details_are_found(text: str, words: str, attributes: dict[str, str]) -> None:
    (entity,) = find(text, Context())
    assert (text[entity.start : entity.end], dict(entity.attributes)) == (words, attributes)


@pytest.mark.parametrize("text", NOT_FOUND)
def test_look_alikes_are_left_alone(text: str) -> None:
    assert find(text, Context()) == []


@pytest.mark.parametrize("name", _LONG)
def test_a_long_run_of_one_thing_takes_no_longer_than_its_length(name: str) -> None:
    started = time.process_time()
    find(_LONG[name], Context())
    assert time.process_time() - started < 0.8
