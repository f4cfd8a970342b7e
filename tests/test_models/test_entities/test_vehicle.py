"""One table of texts and the number plates found in them; the plates are fictional."""

import pytest

from models.entities.entity import Context
from models.entities.vehicle import find
from tests.reading_time import reads_in_linear_time

FOUND = [
    # text, words, value, attributes
    ("รถตู้ทะเบียน 1กข 5550 ตาก", "1กข 5550 ตาก", "1กข5550", {"country": "TH", "province": "ตาก"}),
    ("ทะเบียน1กก5555", "1กก5555", "1กก5555", {"country": "TH"}),
    ("บพ 5550 เชียงใหม่", "บพ 5550 เชียงใหม่", "บพ5550", {"country": "TH", "province": "เชียงใหม่"}),
    ("กระบะสีดำ ฮค 5553", "ฮค 5553", "ฮค5553", {}),
    ("รถบรรทุก 70-5558", "70-5558", "705558", {}),
    ("30-5551 ตาก", "30-5551 ตาก", "305551", {"country": "TH", "province": "ตาก"}),
    ("ทะเบียน 5กค 2568", "5กค 2568", "5กค2568", {"country": "TH"}),
    ("5กค 5551", "5กค 5551", "5กค5551", {"country": "TH"}),
    ("ป้ายกข 5551 จอดอยู่", "กข 5551", "กข5551", {}),
    ("2กฬ-5557 จ.ชลบุรี", "2กฬ-5557 จ.ชลบุรี", "2กฬ5557", {"country": "TH", "province": "ชลบุรี"}),
    ("ລົດຕູ້ ກມ 5558", "ກມ 5558", "ກມ5558", {}),
    ("ທະບຽນ ກຂ 5514 ສີຂາວ", "ກຂ 5514", "ກຂ5514", {}),
    ("ລົດ KT-5551", "KT-5551", "KT5551", {}),
    ("ឡាន 2AB-5550 ពណ៌ស", "2AB-5550", "2AB5550", {"country": "KH"}),
    ("white van 2BX-5550", "2BX-5550", "2BX5550", {"country": "KH"}),
    ("1HF-5554", "1HF-5554", "1HF5554", {"country": "KH"}),
    ("ကား 5E-5550 အဖြူ", "5E-5550", "5E5550", {}),
    ("ကားနံပါတ် 5H/3817", "5H/3817", "5H3817", {"country": "MM"}),
    ("3ကဆ-5551 ဗင်ကား", "3ကဆ-5551", "3ကဆ5551", {"country": "MM"}),
    ("xe 51K-555.62 mau trang", "51K-555.62", "51K55562", {"country": "VN"}),
    ("biển số 63B9-555.71", "63B9-555.71", "63B955571", {"country": "VN"}),
    ("xe tải 51C55501", "51C55501", "51C55501", {}),
    ("tàu CM-55512-TS", "CM-55512-TS", "CM55512TS", {}),
    ("van putih WXX 5550", "WXX 5550", "WXX5550", {}),
    ("kereta SAB 5552 K", "SAB 5552 K", "SAB5552K", {}),
    ("Hilux VDR5521 hitam", "VDR5521", "VDR5521", {}),
    ("mobil B 4471 ZQA", "B 4471 ZQA", "B4471ZQA", {"country": "ID"}),
    ("avanza BP 5550 ZK", "BP 5550 ZK", "BP5550ZK", {"country": "ID"}),
    ("D 2210 ABX", "D 2210 ABX", "D2210ABX", {"country": "ID"}),
    ("plaka NBX 5550", "NBX 5550", "NBX5550", {}),
    ("puting van, NCX 5550", "NCX 5550", "NCX5550", {}),
    ("车牌粤B·55501", "粤B·55501", "粤B55501", {"country": "CN"}),
    ("苏E55K03停在门口", "苏E55K03", "苏E55K03", {"country": "CN"}),
    ("桂A·5K555", "桂A·5K555", "桂A5K555", {"country": "CN"}),
    ("승합차 58머 5550", "58머 5550", "58머5550", {"country": "KR"}),
    ("123가5550", "123가5550", "123가5550", {"country": "KR"}),
    ("गाड़ी UP 32 KX 5550", "UP 32 KX 5550", "UP32KX5550", {"country": "IN"}),
    ("RJ14XX5550", "RJ14XX5550", "RJ14XX5550", {"country": "IN"}),
    ("गाड़ी नंबर KA-05-5551", "KA-05-5551", "KA055551", {}),
    ("22 BH 5550 AA", "22 BH 5550 AA", "22BH5550AA", {"country": "IN"}),
    ("mobil DW 5550 AB", "DW 5550 AB", "DW5550AB", {"country": "ID"}),
    ("山梨 300 あ 55-51", "山梨 300 あ 55-51", "山梨300あ5551", {"country": "JP"}),
]

NOT_FOUND = [
    "ม.6 ปี 2569",
    "วันที่ 22 พย 2569",
    "5ธค2568",
    "ลงวันที่5สค2568",
    "1กพ68",
    "รถเข้า 5 ธค 2568",
    "รถคันนี้ 22 พย 2569",
    "ราคา 5550 บาท",
    "รถราคา 550,000 บาท",
    "โทร 02-555-0123",
    "รถเมล์สาย 555",
    "เวลา 10-1130 น.",
    "บทที่ 12",
    "order AB 5550",
    "car price RM 5550",
    "sewa kereta RM200",
    "van fee USD 5550",
    "bus 5550 seats",
    "flight TG 555 by bus",
    "ticket PHP 5550",
    "kode B 12 lagi",
    "jam 10 malam",
    "phòng A203",
    "xe giá 555 triệu",
    "số đơn 51K-555",
    "ngày 22.11.2026",
    "车费200元",
    "京东快递 555001",
    "订单A55501",
    "12시 3000원",
    "100만 5000원",
    "30도 1000명",
    "차비 5000원",
    "गाड़ी 5550 रुपये",
    "UP board result 2026",
    "2AB-55501",
    "https://shop.example/2AB-5550",
    "ref 12AB-5550-1",
    "ລາຄາ 5550 ກີບ",
    "ໂທ 020 5555 0123",
    "តម្លៃ 5550 រៀល",
    "ကား ၅ စီး",
    "covid 2026 bus",
]

_LONG = {
    "digits": "1" * 100_000,
    "dots": "." * 100_000,
    "thai": "12" + "ก" * 100_000,
    "lao": "12" + "ກ" * 100_000,
    "chinese": "12" + "京" * 100_000,
    "capitals": "12" + "A" * 100_000,
    "spaces": "12" + " " * 100_000,
}


@pytest.mark.parametrize(("text", "words", "value", "attributes"), FOUND)
def test_plates_are_found(text: str, words: str, value: str, attributes: dict[str, str]) -> None:
    (entity,) = find(text, Context())
    assert (text[entity.start : entity.end], entity.value, dict(entity.attributes)) == (
        words,
        value,
        attributes,
    )


@pytest.mark.parametrize("text", NOT_FOUND)
def test_look_alikes_are_left_alone(text: str) -> None:
    assert find(text, Context()) == []


@pytest.mark.parametrize("name", _LONG)
def test_a_long_run_of_one_thing_takes_no_longer_than_its_length(name: str) -> None:
    assert reads_in_linear_time(find, _LONG[name], Context())
