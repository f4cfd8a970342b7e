"""Addresses whose signs or letters stand apart or are said, in the languages of the region."""

import pytest

from models.entities import web
from models.entities.entity import Context
from models.text import normalize
from tests.reading_time import reads_in_linear_time

FOUND = [
    # (text with the entity in brackets, type, value)
    ("go ⟦w w w . naga555 . test / y⟧", "URL", "http://www.naga555.test/y"),
    ("เข้า ⟦w w w . n a g a 5 5 5 . t e s t / p a y⟧ เลย", "URL", "http://www.naga555.test/pay"),
    ("⟦h t t p s : / / naga555 . test / pay⟧", "URL", "https://naga555.test/pay"),
    ("ចូល ⟦h x x p s : / / naga555 [ . ] test⟧", "URL", "https://naga555.test"),
    ("⟦hxxp :// btc - gold . test / join⟧ now", "URL", "http://btc-gold.test/join"),
    ("กด\n⟦naga555\n.test⟧\n", "URL", "http://naga555.test"),
    ("กด ⟦https://\nnaga555.test\n/pay⟧", "URL", "https://naga555.test/pay"),
    ("⟦https:// naga win555 . test⟧", "URL", "https://nagawin555.test"),
    ("mở ⟦kho 555 . test / qua⟧ nha", "URL", "http://kho555.test/qua"),
    ("buka ⟦naga555 . exam ple / win⟧", "URL", "http://naga555.example/win"),
    ("⟦naga555.test slash win⟧ po", "URL", "http://naga555.test/win"),
    ("เว็บ ⟦naga555 จุด co จุด th⟧", "URL", "http://naga555.co.th"),
    ("⟦naga555・test⟧ です", "URL", "http://naga555.test"),
    ("⟦naga555（点）test/win⟧", "URL", "http://naga555.test/win"),
    ("⟦naga555【.】test⟧", "URL", "http://naga555.test"),
    ("⟦naga555 *dot* test⟧ hari ini", "URL", "http://naga555.test"),
    ("⟦naga555-dot-test⟧", "URL", "http://naga555.test"),
    ("เว็บ⟦naga555จุดtestทับwin⟧นะ", "URL", "http://naga555.test/win"),
    ("ສະໝັກ ⟦naga555 ຈຸດ test ທັບ win⟧", "URL", "http://naga555.test/win"),
    ("ចូលមើល ⟦naga555 ចុច test ស្លាស win⟧", "URL", "http://naga555.test/win"),
    ("ဝင်ကြည့်ပါ ⟦naga555 ဒေါ့ test မျဉ်းစောင်း win⟧", "URL", "http://naga555.test/win"),
    ("打开⟦naga555点test斜杠win⟧领取", "URL", "http://naga555.test/win"),
    ("⟦naga555 닷 test 슬래시 win⟧ 들어오세요", "URL", "http://naga555.test/win"),
    ("⟦naga555ドットtestスラッシュwin⟧です", "URL", "http://naga555.test/win"),
    ("खोलें ⟦naga555 डॉट test स्लैश win⟧", "URL", "http://naga555.test/win"),
    ("vào ⟦naga555 chấm test gạch chéo win⟧ nhé", "URL", "http://naga555.test/win"),
    ("vào ⟦naga555 chấm test xuyệt nhan gạch ngang qua⟧ nhé", "URL", "http://naga555.test/nhan-qua"),
    ("buka ⟦naga555 titik test garis miring win⟧ ya", "URL", "http://naga555.test/win"),
    ("buksan ang ⟦naga555 tuldok test slash win⟧ po", "URL", "http://naga555.test/win"),
    ("open ⟦naga dash win dot test forward slash app dot apk⟧ now", "URL", "http://naga-win.test/app.apk"),
    ("⟦https colon slash slash naga555 dot test slash win⟧", "URL", "https://naga555.test/win"),
    ("เมล ⟦n a n 5 5 5 @ mail . test⟧", "EMAIL", "nan555@mail.test"),
    ("อีเมล ⟦visa 5 5 5 @ korea-work . test⟧", "EMAIL", "visa555@korea-work.test"),
    ("⟦hr555 แอท naga จุด test⟧ ค่ะ", "EMAIL", "hr555@naga.test"),
    ("⟦tuyendung a còng naga chấm test⟧ nhé", "EMAIL", "tuyendung@naga.test"),
    ("kirim ke ⟦hrd (a keong) naga (titik) test⟧", "EMAIL", "hrd@naga.test"),
    ("⟦hr_555 [at] naga [dot] test⟧", "EMAIL", "hr_555@naga.test"),
    ("⟦jobs<dot>yan <at> naga <dot> test⟧ with", "EMAIL", "jobs.yan@naga.test"),
    ("qua ⟦lan . le [@] naga . test⟧ giúp", "EMAIL", "lan.le@naga.test"),
    ("CV ⟦hr at the rate naga dot test⟧", "EMAIL", "hr@naga.test"),
    ("send cv to ⟦jobs at naga dot test⟧ today", "EMAIL", "jobs@naga.test"),
    ("ส่งที่ ⟦hr at naga dot test⟧ ครับ", "EMAIL", "hr@naga.test"),
    ("投稿⟦hr555小老鼠naga点test⟧", "EMAIL", "hr555@naga.test"),
    ("⟦hr555 골뱅이 naga 닷 test⟧ 로", "EMAIL", "hr555@naga.test"),
    ("⟦hr555アットマークnagaドットtest⟧まで", "EMAIL", "hr555@naga.test"),
    ("⟦hr555 एट naga डॉट test⟧ पर", "EMAIL", "hr555@naga.test"),
    ("ສົ່ງ ⟦hr555 ແອັດ naga ດອດ test⟧", "EMAIL", "hr555@naga.test"),
    ("ផ្ញើ ⟦hr555 អេត naga ដត test⟧", "EMAIL", "hr555@naga.test"),
    ("⟦hr555 အက် naga ဒေါ့ test⟧ သို့", "EMAIL", "hr555@naga.test"),
    ("邮箱 ⟦hr555#naga.test⟧（把#换成@）", "EMAIL", "hr555@naga.test"),
    ("thư ⟦hr555*naga.test⟧ (thay * bằng @)", "EMAIL", "hr555@naga.test"),
    ("email ⟦hr underscore th555 at naga dot test⟧", "EMAIL", "hr_th555@naga.test"),
    ("⟦hr555(a)naga.test⟧", "EMAIL", "hr555@naga.test"),
    ("email ⟦hr555 at naga.test⟧ now", "EMAIL", "hr555@naga.test"),
    ("thư ⟦hr555@gmail com⟧", "EMAIL", "hr555@gmail.com"),
    ("buka ⟦btc - gold . test / win⟧ ya", "URL", "http://btc-gold.test/win"),
    ("⟦ttps://naga555.test/a⟧", "URL", "https://naga555.test/a"),
    ("⟦hr555 a-keong naga titik test⟧", "EMAIL", "hr555@naga.test"),
    ("⟦loan - safe . test⟧ 접속", "URL", "http://loan-safe.test"),
    ("เข้าเว็บ ⟦n a g a 5 5 5 จุด t e s t ทับ v i p⟧", "URL", "http://naga555.test/vip"),
    ("⟦h-r-5-5-5@naga.test⟧", "EMAIL", "hr555@naga.test"),
    ("ส่ง ⟦hr 555 @ naga . co . th⟧", "EMAIL", "hr555@naga.co.th"),
    ("⟦https://naga555 . test . com / vip⟧", "URL", "https://naga555.test.com/vip"),
    ("⟦naga555🔴test⟧", "URL", "http://naga555.test"),
    ("⟦www dot naga win dot test⟧", "URL", "http://www.nagawin.test"),
    ("⟦https://naga\n555.test/pay⟧", "URL", "https://naga555.test/pay"),
    ("⟦naga555.\ntest⟧", "URL", "http://naga555.test"),
    ("⟦naga555 닷 테스트⟧ 로", "URL", "http://naga555.test"),
    ("⟦hr555 @ naga.test⟧", "EMAIL", "hr555@naga.test"),
    ("Register at ⟦golden-task dot test⟧ now", "URL", "http://golden-task.test"),
    ("look for us at ⟦naga555 dot test⟧", "URL", "http://naga555.test"),
    ("เว็บ ⟦naga555 . test⟧ / LINE naga", "URL", "http://naga555.test"),
    ("I like it. ⟦naga555 . test⟧ is good", "URL", "http://naga555.test"),
]

NOTHING = [
    "Web · Shop · Online",
    "mil gaya task2 . in logo ne",
    "booked naga555 at agoda",
    "I am good . My friend 5 . Id card",
    "Xin chào.\nTest thử / xem",
    "the dot com bubble and a polka dot top it off",
    "We met at noon. Test results come at 5 . com e later",
    "ตอน 5 จุด test ทับ 7",
    "ราคา 5 จุด 5 บาท ทับ 3",
    "明天9点app见，10点top场",
    "점 5 개, 3 점 com 퓨터",
    "titik temu di jalan / garis miring",
    "meet me at the top / shop",
    "chấm công lúc 8 giờ, gạch chéo ô số 5",
    "call 5 5 5 at noon . Then go",
    "2 . top quality 3 . shop",
    "A - B . C / D @ E",
    "9 . 5 / 10 @ 555",
    "and / or . net weight 5 kg",
    "pay # 5 @ 3 usd",
    "tuldok sa dulo ng pangungusap",
    "点 斜杠 艾特",
    "डॉट स्लैश एट",
    "dot dot dot and slash",
]


@pytest.mark.parametrize(("marked", "kind", "value"), FOUND)
def test_an_address_spelled_out_is_found_whole(marked, kind, value):
    start, end = marked.index("⟦"), marked.index("⟧") - 1
    entities = web.find(marked.replace("⟦", "").replace("⟧", ""), Context())
    assert [(e.type, e.start, e.end, e.value) for e in entities] == [(kind, start, end, value)]


@pytest.mark.parametrize(("marked", "kind", "value"), FOUND)
def test_normalisation_does_not_hide_an_address_spelled_out(marked, kind, value):
    text = normalize(marked.replace("⟦", "").replace("⟧", "")).text
    assert [(e.type, e.value) for e in web.find(text, Context())] == [(kind, value)]


@pytest.mark.parametrize("text", NOTHING)
def test_signs_said_without_an_address_are_left_alone(text):
    assert [text[e.start : e.end] for e in web.find(text, Context())] == []


def test_two_addresses_with_a_slash_between_are_two():
    found = web.find("naga555 . test / gold555.example", Context())
    assert [e.value for e in found] == ["http://naga555.test", "http://gold555.example"]


def test_an_address_spelled_out_says_that_it_was_disguised():
    (found,) = web.find("ดาวน์โหลด naga555 จุด test ทับ app จุด apk", Context())
    assert found.attributes == {"domain": "naga555.test", "flags": ["defanged", "apk"]}


@pytest.mark.parametrize(
    "unit",
    [
        "a . test ",
        "a . test / b ",
        "5 ",
        "a\n",
        " . com",
        "(dot) com",
        "h t t p ",
        "/ / ",
        "a @ ",
        "a slash b ",
        "# a@b ",
        "a#b @ ",
        "จุด test ",
        "naga - ",
        "http : / / a . test / ",
        "t e s t ",
        ".c o m ",
        "x . co . th",
        "# ",
        ".test/ a",
        " ",
    ],
)
def test_a_pathological_text_is_read_in_linear_time(unit):
    text = (unit * 100_000)[:100_000]
    assert reads_in_linear_time(web.find, text, Context())
