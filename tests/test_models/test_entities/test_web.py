"""URL and EMAIL: what is an address, what its normal form is, and what only looks like one."""

from itertools import pairwise

import pytest

from models.entities import handle, web, web_lookalikes
from models.entities.entity import Context
from models.entities.pipeline import settle
from models.text import normalize
from tests.reading_time import reads_in_linear_time

FOUND = [
    # (text with the entity in brackets, type, value, domain, flags)
    ("Apply at ⟦https://jobs.example/th?ref=7⟧.", "URL", "https://jobs.example/th?ref=7", "jobs.example", ""),
    ("see ⟦HTTP://WWW.Jobs.Example/Path⟧", "URL", "http://www.jobs.example/Path", "jobs.example", ""),
    ("(⟦https://a555.example/b_(c)⟧).", "URL", "https://a555.example/b_(c)", "a555.example", ""),
    ("⟦https://a555.example/⟧", "URL", "https://a555.example", "a555.example", ""),
    ("⟦https:// a555.example/x1⟧", "URL", "https://a555.example/x1", "a555.example", ""),
    ("สมัครที่เว็บ⟦sbo555.test⟧ได้เลย", "URL", "http://sbo555.test", "sbo555.test", ""),
    ("เข้า⟦www.sbo555.com⟧สมัครเลย", "URL", "http://www.sbo555.com", "sbo555.com", ""),
    ("ลิงก์ ⟦goldnest.my⟧ กดเลย", "URL", "http://goldnest.my", "goldnest.my", ""),
    ("ติดต่อ ⟦shop555.co.th⟧ ครับ", "URL", "http://shop555.co.th", "shop555.co.th", ""),
    ("truy cập ⟦nhan-qua555.com.vn⟧ ngay", "URL", "http://nhan-qua555.com.vn", "nhan-qua555.com.vn", ""),
    ("网址：⟦888bet点com⟧，速来", "URL", "http://888bet.com", "888bet.com", "defanged"),
    (
        "请登录⟦https://yinhang.example/kefu⟧。谢谢",
        "URL",
        "https://yinhang.example/kefu",
        "yinhang.example",
        "",
    ),
    ("登录⟦xgdr-lucky.example⟧填写", "URL", "http://xgdr-lucky.example", "xgdr-lucky.example", ""),
    ("ကြည့်ပါ ⟦goalking9.test⟧မှာ", "URL", "http://goalking9.test", "goalking9.test", ""),
    ("ចុចលីង ⟦naga-fun55.example/kh⟧", "URL", "http://naga-fun55.example/kh", "naga-fun55.example", ""),
    ("ກົດ ⟦paa888la.test⟧ 🎰", "URL", "http://paa888la.test", "paa888la.test", ""),
    ("본인인증 ⟦http://nhis-gift.test/r⟧ 접속", "URL", "http://nhis-gift.test/r", "nhis-gift.test", ""),
    ("登録は⟦sakura-spin.test⟧から", "URL", "http://sakura-spin.test", "sakura-spin.test", ""),
    ("रिचार्ज करें: ⟦gangabank.example⟧।", "URL", "http://gangabank.example", "gangabank.example", ""),
    (
        "Lacak: ⟦https://kurir.example/AB77410552⟧",
        "URL",
        "https://kurir.example/AB77410552",
        "kurir.example",
        "",
    ),
    ("semak ⟦jpj-saman.test/semak⟧, cepat", "URL", "http://jpj-saman.test/semak", "jpj-saman.test", ""),
    ("punta sa ⟦bday-quiz.example⟧!", "URL", "http://bday-quiz.example", "bday-quiz.example", ""),
    ("⟦bit.ly/3xAb555⟧", "URL", "http://bit.ly/3xAb555", "bit.ly", "shortener"),
    ("คลิก ⟦shorturl.asia/a555⟧ ด่วน", "URL", "http://shorturl.asia/a555", "shorturl.asia", "shortener"),
    (
        "⟦hxxps://evil555[.]example/login⟧",
        "URL",
        "https://evil555.example/login",
        "evil555.example",
        "defanged",
    ),
    ("⟦hxxp[:]//evil555{.}test⟧", "URL", "http://evil555.test", "evil555.test", "defanged"),
    ("block ⟦evil555(dot)example⟧ now", "URL", "http://evil555.example", "evil555.example", "defanged"),
    ("go to ⟦evil555 dot com⟧ today", "URL", "http://evil555.com", "evil555.com", "defanged"),
    ("⟦www . scam-555 . com⟧", "URL", "http://www.scam-555.com", "scam-555.com", "defanged"),
    (
        "⟦https://xn--80ak6aa92e.com/x⟧",
        "URL",
        "https://xn--80ak6aa92e.com/x",
        "xn--80ak6aa92e.com",
        "punycode homoglyph",
    ),
    ("go ⟦аррӏе.com⟧", "URL", "http://xn--80ak6aa92e.com", "xn--80ak6aa92e.com", "homoglyph"),
    ("⟦https://ร้าน.ไทย/a⟧", "URL", "https://xn--q3ct9b5e.xn--o3cw4h/a", "xn--q3ct9b5e.xn--o3cw4h", ""),
    ("⟦http://192.0.2.55:8080/a⟧", "URL", "http://192.0.2.55:8080/a", None, "ip_address"),
    ("open ⟦192.0.2.55/pay⟧ now", "URL", "http://192.0.2.55/pay", None, "ip_address"),
    ("⟦http://dl555.test/KBank.apk⟧ ติดตั้ง", "URL", "http://dl555.test/KBank.apk", "dl555.test", "apk"),
    ("⟦http://bank.example@evil555.test/a⟧", "URL", "http://evil555.test/a", "evil555.test", "userinfo"),
    ("⟦http://scam555.web.app/x⟧", "URL", "http://scam555.web.app/x", "scam555.web.app", ""),
    ("shop at ⟦1688.com⟧ or", "URL", "http://1688.com", "1688.com", ""),
    ("CV to ⟦hr@romchang.example⟧ / Lan", "EMAIL", "hr@romchang.example", "romchang.example", ""),
    ("เข้า ⟦scb-th,com⟧", "URL", "http://scb-th.com", "scb-th.com", "defanged"),
    ("ลิงก์ ⟦kk555,co.th⟧ กด", "URL", "http://kk555.co.th", "kk555.co.th", "defanged"),
    ("truy cập ⟦vietbank,com/nhan⟧ ngay", "URL", "http://vietbank.com/nhan", "vietbank.com", "defanged"),
    ("⟦www scbeasy top⟧", "URL", "http://www.scbeasy.top", "scbeasy.top", "defanged"),
    ("ไปที่ ⟦www scbeasy co th⟧ เลย", "URL", "http://www.scbeasy.co.th", "scbeasy.co.th", "defanged"),
    ("⟦www . scbeasy . top⟧ now", "URL", "http://www.scbeasy.top", "scbeasy.top", "defanged"),
    ("⟦www,scbeasy,top⟧", "URL", "http://www.scbeasy.top", "scbeasy.top", "defanged"),
    ("登录 ⟦scbeasy .top⟧", "URL", "http://scbeasy.top", "scbeasy.top", "defanged"),
    ("đăng nhập ⟦vcb-digi .info⟧", "URL", "http://vcb-digi.info", "vcb-digi.info", "defanged"),
    ("เว็บ⟦kk555ดอทคอม⟧ได้เลย", "URL", "http://kk555.com", "kk555.com", "defanged"),
    ("ເວັບ ⟦kk555 ດອດ ຄອມ⟧", "URL", "http://kk555.com", "kk555.com", "defanged"),
    ("⟦kk555닷컴⟧ 가입", "URL", "http://kk555.com", "kk555.com", "defanged"),
    ("⟦kk555ドットコム⟧です", "URL", "http://kk555.com", "kk555.com", "defanged"),
    ("वेबसाइट ⟦kk555 डॉट कॉम⟧ खोलें", "URL", "http://kk555.com", "kk555.com", "defanged"),
    ("เมล ⟦boss.kk88 แอท จีเมล ดอท คอม⟧", "EMAIL", "boss.kk88@gmail.com", "gmail.com", "defanged"),
    ("⟦boss555แอทจีเมลดอทคอม⟧นะ", "EMAIL", "boss555@gmail.com", "gmail.com", "defanged"),
    ("⟦boss dot kk555 at gmail dot com⟧", "EMAIL", "boss.kk555@gmail.com", "gmail.com", "defanged"),
    ("⟦boss555 골뱅이 네이버 닷컴⟧ 으로", "EMAIL", "boss555@naver.com", "naver.com", "defanged"),
    ("⟦boss555アットジーメールドットコム⟧", "EMAIL", "boss555@gmail.com", "gmail.com", "defanged"),
    ("ई-मेल ⟦boss555 एट जीमेल डॉट कॉम⟧", "EMAIL", "boss555@gmail.com", "gmail.com", "defanged"),
    ("⟦boss555 a còng gmail chấm com⟧ nhé", "EMAIL", "boss555@gmail.com", "gmail.com", "defanged"),
    ("⟦boss555 ແອັດ ຈີເມລ ດອດ ຄອມ⟧", "EMAIL", "boss555@gmail.com", "gmail.com", "defanged"),
    ("⟦boss555 at gmail titik com⟧", "EMAIL", "boss555@gmail.com", "gmail.com", "defanged"),
    ("邮箱 ⟦boss555艾特qq点com⟧", "EMAIL", "boss555@qq.com", "qq.com", "defanged"),
    ("อีเมล⟦Jobs.TH@Pixel.Example⟧ส่งเลย", "EMAIL", "jobs.th@pixel.example", "pixel.example", ""),
    ("邮箱：⟦zhang555@post.example⟧。", "EMAIL", "zhang555@post.example", "post.example", ""),
    ("⟦name555(at)gmail(dot)com⟧", "EMAIL", "name555@gmail.com", "gmail.com", "defanged"),
    ("⟦name555 at gmail dot com⟧", "EMAIL", "name555@gmail.com", "gmail.com", "defanged"),
    ("⟦abc555@gmail,com⟧", "EMAIL", "abc555@gmail.com", "gmail.com", "defanged"),
    ("이력서 [⟦dev@banapp.example⟧] 로", "EMAIL", "dev@banapp.example", "banapp.example", ""),
    ("⟦talent+a@kala.example⟧।", "EMAIL", "talent+a@kala.example", "kala.example", ""),
    ("⟦tulong@a.acg-desk.example⟧, po", "EMAIL", "tulong@a.acg-desk.example", "acg-desk.example", ""),
]

NOTHING = [
    "version 1.2.3 and v10.4.1, build 192.0.2.55",
    "file main.py, README.md, install.sh, invoice.zip, track.apk, Undangan.apk, photo.jpg",
    "e.g. this, i.e. that, a.m., p.m., U.S.A., Ph.D, B.Com, M.Com",
    "written in ASP.NET and Node.js",
    "It is done.In the morning we go.So be it",
    "please.my friend, call.me later, ok.in there",
    "ราคา 1.500 บาท เวลา 10.30 น. ถึง 18.00น.",
    "พ.ศ. 2569 ม.ค. น.ส. สมศรี ต.ค.",
    "giá 2.500.000đ lúc 9.30 ngày 12.11.2026, TP.HCM, Q.1",
    "con quen vo toan. co kiem tra ma",
    "Balance is 480. Top up within 30 minutes. Me too",
    "价格3.5万，时间10.30，第1.2节",
    "အချိန် ၁၀.၃၀ ဈေး ၃.၅ သိန်း",
    "តម្លៃ 3.50$ ម៉ោង 10.30",
    "ລາຄາ 50.000 ກີບ ເວລາ 8.30",
    "Rp1.500.000 jam 09.00, no.12, dll.",
    "RM3.50 pukul 8.30, sdn.bhd.",
    "Rs.500, Dr.Sharma, No.5, 3.5 लाख",
    "1.shop owner 2.seller",
    "score 3.2, rating 4.9/5, and/or, 24/7",
    "UPI abc555@upi, dara@aclb, name@okbank",
    "@shop555 and LINE: quickcard.ae",
    "meet me at gmail office",
    "Co.Ltd and Co.,Ltd.",
    "ดอทคอม จุด 5 เมตร",
    "hello,com and one,two-3,com",
    "item-1,topic 2,information and a1,community",
    "A จุดคอมพิวเตอร์ B จุด คอมพิวเตอร์",
    "草www that is top, www or not",
    "he was at gmail before, at naver now",
    "meet boss at yahoo building dot",
    "ร้าน 7 จุด เน็ตแรง",
    "CGV점 컴퓨터 3대",
]

LOOKALIKES = [
    "krungthаi.com",  # Cyrillic а
    "www.krungthаi.com",
    "kbаnk-online.example",
    "pаypal.com",
    "paypaӏ.com",
    "scbεasy.com",  # Greek ε
    "аррӏе.com",  # all of it Cyrillic
    "xn--80ak6aa92e.com",
    "bаnk.in.th",
    "ᴋʙᴀɴᴋ.com",
    "ꜱcb.co.th",
    "ɡoogle.com",
    "gооgle[.]com",
    "krungthaị.com",
    "ꓡꓲꓠꓰ.me",
    "gооgle.соm",
    "ցoogle.com",  # Armenian
    "ᎪᏢᏢᏞᎬ.com",  # Cherokee
]

GENUINE = [
    "krungthai.com",
    "192.0.2.55",
    "ร้าน.ไทย",
    "ร้านabc.com",
    "россия.рф",
    "мост.com",
    "сор.рф",
    "ελλάδα.gr",
    "ελλάδα.ελ",
    "银行.中国",
    "抖音abc.com",
    "はじめよう.みんな",
    "名がドメイン.com",
    "삼성.com",
    "ရွှေ.com",
    "គេហទំព័រ.com",
    "हिन्दी.भारत",
    "müller.de",
    "café.com",
    "tạpchí.vn",
    "điệntử.com",
    "ＡＢＣ５５５．ｃｏｍ",
    "𝐰𝐰𝐰.𝐚𝐛𝐜𝟓𝟓𝟓.𝐜𝐨𝐦",
    "ab\u200bc555.com",
    "xn--q3ct9b5e.xn--o3cw4h",
    "xn--broken-.com",
]

AS_WRITTEN = [
    # (text, value, domain, flags)
    ("go www.krungthаi.com/a", "http://www.xn--krungthi-76g.com/a", "xn--krungthi-76g.com", "homoglyph"),
    (
        "https://krungthаi.com:8080?a=1",
        "https://xn--krungthi-76g.com:8080?a=1",
        "xn--krungthi-76g.com",
        "homoglyph",
    ),
    (
        "hxxps[:]//krungthаi[.]com/x//y",
        "https://xn--krungthi-76g.com/x//y",
        "xn--krungthi-76g.com",
        "defanged homoglyph",
    ),
    (
        "https://bank.example@krungthаi.com/x",
        "https://xn--krungthi-76g.com/x",
        "xn--krungthi-76g.com",
        "userinfo homoglyph",
    ),
    ("pаypal.co.th/login", "http://xn--pypal-4ve.co.th/login", "xn--pypal-4ve.co.th", "homoglyph"),
    ("mail hr@krungthаi.com", "hr@xn--krungthi-76g.com", "xn--krungthi-76g.com", "homoglyph"),
    ("mail hr(at)krungthаi(dot)com", "hr@xn--krungthi-76g.com", "xn--krungthi-76g.com", "defanged homoglyph"),
    ("go аррӏе.com/x", "http://xn--80ak6aa92e.com/x", "xn--80ak6aa92e.com", "homoglyph"),
    ("go krungthai.com/pаth", "http://krungthai.com/path", "krungthai.com", ""),
    ("ｗｗｗ．ａｂｃ５５５．ｃｏｍ", "http://www.abc555.com", "abc555.com", ""),
    ("ดู ab\u200bc555.com/x", "http://abc555.com/x", "abc555.com", ""),
    ("https://ร้าน.ไทย/a", "https://xn--q3ct9b5e.xn--o3cw4h/a", "xn--q3ct9b5e.xn--o3cw4h", ""),
]


@pytest.mark.parametrize(("marked", "kind", "value", "domain", "flags"), FOUND)
def test_an_address_is_found_whole_and_normalised(marked, kind, value, domain, flags):
    start, end = marked.index("⟦"), marked.index("⟧") - 1
    entities = web.find(marked.replace("⟦", "").replace("⟧", ""), Context())
    assert [(e.type, e.start, e.end, e.value) for e in entities] == [(kind, start, end, value)]
    assert entities[0].attributes == {"domain": domain, "flags": flags.split()}
    assert entities[0].proba >= 0.85


@pytest.mark.parametrize("text", NOTHING)
def test_what_only_looks_like_an_address_is_left_alone(text):
    assert [text[e.start : e.end] for e in web.find(text, Context())] == []


@pytest.mark.parametrize("host", LOOKALIKES)
def test_a_host_of_lookalikes_is_told(host):
    assert web_lookalikes.lookalike(host)


@pytest.mark.parametrize("host", GENUINE)
def test_a_name_in_its_own_script_is_no_lookalike(host):
    assert not web_lookalikes.lookalike(host)


@pytest.mark.parametrize(("text", "value", "domain", "flags"), AS_WRITTEN)
def test_a_disguised_host_is_recorded_as_it_was_written(text, value, domain, flags):
    normal = normalize(text)
    (found,) = web.find(normal.text, Context())
    start, end = normal.original_span(found.start, found.end)
    entity = web_lookalikes.as_written(found, text[start:end])
    assert (entity.value, entity.attributes["domain"]) == (value, domain)
    assert entity.attributes["flags"] == flags.split()


def test_a_long_path_belongs_to_its_address():
    text = f"https://abc555.example/?id={'a' * 1_500} end"
    assert [e.end for e in web.find(text, Context())] == [len(text) - 4]


def test_every_address_of_a_long_list_is_found():
    assert len(web.find("https://abc555.example/x a@b555.example www abc555 com\n" * 300, Context())) == 900


def test_several_addresses_come_in_order_and_do_not_overlap():
    text = "mail hr@abc.example or https://abc.example/jobs, else abc555.test และ b@c.example"
    entities = web.find(text, Context("en"))
    assert [e.type for e in entities] == ["EMAIL", "URL", "URL", "EMAIL"]
    assert all(one.end <= two.start for one, two in pairwise(entities))


def test_a_link_to_an_account_is_left_to_the_handles_where_both_meet():
    text = "t.me/abc_555 https://line.me/ti/p/~abc555 https://abc555.example/t.me"
    entities = settle([*web.find(text, Context()), *handle.find(text, Context())])
    assert [e.type for e in entities] == ["SOCIAL_HANDLE", "SOCIAL_HANDLE", "URL"]


@pytest.mark.parametrize(
    "text",
    [
        "https://abc555.example/t.me/foo_555",
        "https://evil555.example/?u=https://t.me/abc_555",
        "evil555.example/login?next=line.me/ti/p/~abc555",
        "hxxps://evil555[.]example/go#wa.me/66815550123",
        "https://evil555.example/?open=tg://resolve?domain=abc555",
    ],
)
def test_a_link_within_an_address_does_not_lose_the_address(text):
    entities = settle([*web.find(text, Context()), *handle.find(text, Context())])
    assert [(e.type, e.end) for e in entities] == [("URL", len(text))]


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("ｗｗｗ．ａｂｃ５５５．ｃｏｍ", "http://www.abc555.com"),
        ("bit。ly/a555", "http://bit.ly/a555"),
        ("pаypal.com/login", "http://paypal.com/login"),
        ("𝐰𝐰𝐰.𝐚𝐛𝐜𝟓𝟓𝟓.𝐜𝐨𝐦", "http://www.abc555.com"),
        ("ab\u200bc555.com", "http://abc555.com"),
    ],
)
def test_a_disguised_address_is_found_after_normalisation(raw, value):
    assert [e.value for e in web.find(normalize(raw).text, Context())] == [value]


@pytest.mark.parametrize(
    "unit",
    [
        "5",
        ".",
        "a",
        "a.",
        "a-",
        "@",
        "a@",
        "http://",
        "ก",
        "ມ",
        "中",
        "[.]",
        " . ",
        "(",
        "1.1.",
        "/a",
        "www.",
        "www a ",
        "a,com",
        "a dot ",
        "a at gmail ",
        "จุด",
        "http://a.b/",
    ],
)
def test_a_pathological_text_is_read_in_linear_time(unit):
    text = (unit * 100_000)[:100_000]
    assert reads_in_linear_time(web.find, text, Context())
