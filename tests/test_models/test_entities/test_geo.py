"""One table of texts and the points found in them."""

import pytest

from models.entities.entity import Context
from models.entities.geo import find
from tests.reading_time import reads_in_linear_time

FOUND = [
    # text, words, value, kind
    ("พิกัด 16.6552, 98.5170 ครับ", "16.6552, 98.5170", "16.6552,98.517", "coordinates"),
    ("อยู่ที่13.6512,102.5498ช่วยด้วย", "13.6512,102.5498", "13.6512,102.5498", "coordinates"),
    ("ພິກັດ 17.9512,102.6173", "17.9512,102.6173", "17.9512,102.6173", "coordinates"),
    ("ទីតាំង 13.0875, 102.9911", "13.0875, 102.9911", "13.0875,102.9911", "coordinates"),
    ("ទីតាំង៖ 11.555, 103.50", "11.555, 103.50", "11.555,103.5", "coordinates"),
    ("တည်နေရာ 16.68,98.55 မှာ", "16.68,98.55", "16.68,98.55", "coordinates"),
    ("我在16.7209, 98.5102快来", "16.7209, 98.5102", "16.7209,98.5102", "coordinates"),
    ("坐标 20.555，99.955", "20.555，99.955", "20.555,99.955", "coordinates"),
    ("tọa độ 11.0412, 106.1873", "11.0412, 106.1873", "11.0412,106.1873", "coordinates"),
    ("toa do 11.0412 106.1873", "11.0412 106.1873", "11.0412,106.1873", "coordinates"),
    ("koordinat -8.7412, 115.2104", "-8.7412, 115.2104", "-8.7412,115.2104", "coordinates"),
    ("lokasi 3.7123,101.8904", "3.7123,101.8904", "3.7123,101.8904", "coordinates"),
    ("위치 10.6093, 103.5296 입니다", "10.6093, 103.5296", "10.6093,103.5296", "coordinates"),
    ("लोकेशन 16.61, 98.55", "16.61, 98.55", "16.61,98.55", "coordinates"),
    ("location: 13.0555, 103.2555.", "13.0555, 103.2555", "13.0555,103.2555", "coordinates"),
    ("座標 35.6555, 139.7555", "35.6555, 139.7555", "35.6555,139.7555", "coordinates"),
    ("lokasyon ko 14.5555, 120.9855", "14.5555, 120.9855", "14.5555,120.9855", "coordinates"),
    ("16.6555N, 98.5155E", "16.6555N, 98.5155E", "16.6555,98.5155", "coordinates"),
    ("8.7412° S, 115.2104° E", "8.7412° S, 115.2104° E", "-8.7412,115.2104", "coordinates"),
    ("16°39'18\"N 98°30'36\"E", "16°39'18\"N 98°30'36\"E", "16.655,98.51", "coordinates"),
    ("16°39.3'N, 98°30.6'E", "16°39.3'N, 98°30.6'E", "16.655,98.51", "coordinates"),
    ("อยู่ 16°39′18″N 98°30′36″E ค่ะ", "16°39′18″N 98°30′36″E", "16.655,98.51", "coordinates"),
    ("8°44'24\"S 115°12'36\"E", "8°44'24\"S 115°12'36\"E", "-8.74,115.21", "coordinates"),
    ("N16.6555 E98.5155", "N16.6555 E98.5155", "16.6555,98.5155", "coordinates"),
    (
        "https://maps.example/?q=11.72,104.98",
        "https://maps.example/?q=11.72,104.98",
        "11.72,104.98",
        "map_link",
    ),
    (
        "ดูhttps://maps.example/p/13.71,102.53ด่วน",
        "https://maps.example/p/13.71,102.53",
        "13.71,102.53",
        "map_link",
    ),
    ("maps.example/pin/555", "maps.example/pin/555", None, "map_link"),
    ("https://peta.example/jtn555", "https://peta.example/jtn555", None, "map_link"),
    ("https://maps.app.goo.gl/x5x5x5X.", "https://maps.app.goo.gl/x5x5x5X", None, "map_link"),
    (
        "https://www.google.com/maps/@16.6555,98.5155,15z",
        "https://www.google.com/maps/@16.6555,98.5155,15z",
        "16.6555,98.5155",
        "map_link",
    ),
    ("看https://j.map.baidu.com/x5/5x，救我", "https://j.map.baidu.com/x5/5x", None, "map_link"),
    ("HTTPS://Maps.Example/Pin/5", "HTTPS://Maps.Example/Pin/5", None, "map_link"),
    ("kko.to/x5x5x5", "kko.to/x5x5x5", None, "map_link"),
    ("8Q7XMQ4C+55", "8Q7XMQ4C+55", None, "plus_code"),
    ("location MG4C+55 Myawaddy", "MG4C+55", None, "plus_code"),
    ("///filled.count.soap", "///filled.count.soap", None, "what3words"),
    ("what3words filled.count.soap pls", "filled.count.soap", None, "what3words"),
    ("https://w3w.co/filled.count.soap", "https://w3w.co/filled.count.soap", None, "map_link"),
    ("maps.example/16.68,98.50", "maps.example/16.68,98.50", "16.68,98.5", "map_link"),
]

NOT_FOUND = [
    "ราคา 16.65, 98.51 บาท",
    "odds 1.95, 2.05",
    "price 12.50, 99.99",
    "RM16.65 98.51",
    "rates 3.125, 4.250",
    "version 16.6552.98",
    "IP 10.55.55.55",
    "1,555.50, 2,555.50",
    "โทร 081.555.0123",
    "hcm 22.11.2026, 10.20",
    "GPA 3.555, 3.755",
    "16.6552%, 98.5170%",
    "USDT 99.1234, 16.5555",
    "map of the mall",
    "maps are useful",
    "www.shop.example/maps5",
    "mail map@maps.example",
    "visit news.example.test today",
    "filled.count.soap",
    "A+55 rated",
    "C++ 11",
    "5555+55=5610",
    "ABCD+12 room",
    "ชั้น 4 ห้อง 312",
    "10°C 35°C",
    "30° N",
    "得分 16.5, 98.5",
    "tỷ giá 25.555, 25.755",
    "score 98.5170",
    "91.5555, 200.5555",
    "45.5555 95.5555",
    "weight 55.555 kg",
    "環率 16.6555, 198.5155",
]

_LONG = {
    "digits": "1" * 100_000,
    "decimals": "1.55," * 20_000,
    "dots": "." * 100_000,
    "thai": "ก" * 100_000,
    "words": "maps.aa.bb." * 9_000,
    "degrees": "16°39'" * 16_000,
    "link": "maps.example/" + "1" * 100_000,
    "hosts": "/map." * 20_000,
    "points": "16.555, 98.555; " * 6_000,
    "plus codes": "5555+55 " * 12_000,
}


@pytest.mark.parametrize(("text", "words", "value", "kind"), FOUND)
def test_points_are_found(text: str, words: str, value: str | None, kind: str) -> None:
    (entity,) = find(text, Context())
    assert (text[entity.start : entity.end], entity.value, entity.attributes["kind"]) == (words, value, kind)


@pytest.mark.parametrize("text", NOT_FOUND)
def test_look_alikes_are_left_alone(text: str) -> None:
    assert find(text, Context()) == []


@pytest.mark.parametrize("name", _LONG)
def test_a_long_run_of_one_thing_takes_no_longer_than_its_length(name: str) -> None:
    assert reads_in_linear_time(find, _LONG[name], Context())
