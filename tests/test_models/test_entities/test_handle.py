"""SOCIAL_HANDLE: accounts and invitations by link, by platform, by @; and what only looks like one."""

from itertools import pairwise

import pytest

from models.entities import handle
from models.entities.entity import Context
from models.text import normalize
from tests.reading_time import reads_in_linear_time

FOUND = [
    # (text with the entity in brackets, value, platform)
    ("สนใจทักไลน์ ⟦@mama555⟧ ค่ะ", "mama555", "line"),
    ("แอดไลน์⟦shop_555⟧ได้เลย", "shop_555", "line"),
    ("ไลน์ไอดี: ⟦nok.work555⟧", "nok.work555", "line"),
    ("Line ID ⟦easyjob⟧", "easyjob", "line"),
    ("LINE: ⟦malifootspa⟧", "malifootspa", "line"),
    ("ไลน์ไอดี ⟦0815550123⟧", "0815550123", "line"),
    ("ทางเทเลแกรมเท่านั้น ⟦@siang.555⟧", "siang.555", "telegram"),
    ("ทักเทเล ⟦@hr_poipet⟧ ด่วน", "hr_poipet", "telegram"),
    ("แอดไอดี ⟦puricha.refund⟧", "puricha.refund", None),
    ("ອິນບັອກ ຫຼື ໄລນ໌ ⟦nok.casting⟧", "nok.casting", "line"),
    ("ທັກ ⟦@boss_lin8⟧", "boss_lin8", None),
    ("ສົນໃຈ Telegram ⟦@daoneua_hr⟧", "daoneua_hr", "telegram"),
    ("ວີແຊັດ ⟦boten_hr55⟧", "boten_hr55", "wechat"),
    ("តេឡេក្រាម ⟦@kh_job555⟧", "kh_job555", "telegram"),
    ("ទាក់ទង LINE: ⟦rungroeung⟧", "rungroeung", "line"),
    ("ឆាតមក ⟦@campus_cash⟧", "campus_cash", None),
    ("တယ်လီဂရမ် ⟦@hr_laomu7⟧", "hr_laomu7", "telegram"),
    ("Viber: ⟦easyloan.maei⟧", "easyloan.maei", "viber"),
    ("ဗိုင်ဘာ ⟦nurse_555⟧ ကို ဆက်သွယ်ပါ", "nurse_555", "viber"),
    ("Nhắn zalo: ⟦lan_555⟧ nhé", "lan_555", "zalo"),
    ("chi nhan qua tele ⟦@longtieng_dao⟧", "longtieng_dao", "telegram"),
    ("fb: ⟦bantaymekongxanh⟧", "bantaymekongxanh", "facebook"),
    ("加微信⟦baoma_xiu55⟧", "baoma_xiu55", "wechat"),
    ("微信号：⟦xinda555⟧，长期有效", "xinda555", "wechat"),
    ("咨询飞机 ⟦@xg_laochen88⟧", "xg_laochen88", "telegram"),
    ("纸飞机⟦gw_7731⟧", "gw_7731", "telegram"),
    ("客服QQ⟦5550881⟧", "5550881", "qq"),
    ("QQ群：⟦55501437⟧，来", "55501437", "qq"),
    ("扣扣 ⟦5550771823⟧", "5550771823", "qq"),
    ("蝙蝠号⟦bt5558017⟧", "bt5558017", "bat"),
    ("土豆：⟦tudou_555⟧", "tudou_555", "potato"),
    ("SafeW ⟦safe_555⟧", "safe_555", "safew"),
    ("小红书 ⟦qingtian_kids⟧", "qingtian_kids", "xiaohongshu"),
    ("抖音号：⟦dy555abc⟧", "dy555abc", "douyin"),
    ("微博 ⟦@weibo_555⟧", "weibo_555", "weibo"),
    ("探探 ⟦tan_555⟧", "tan_555", "tantan"),
    ("脸书搜 ⟦huaren.mart.ygn⟧", "huaren.mart.ygn", "facebook"),
    ("V：⟦rb_laowu77⟧", "rb_laowu77", "wechat"),
    ("텔레 ⟦@vte_vip⟧", "vte_vip", "telegram"),
    ("카톡 ⟦bori_rider⟧", "bori_rider", "kakaotalk"),
    ("라인 추가 ⟦sweet_like55⟧", "sweet_like55", "line"),
    ("쪽지 ⟦@dalin_hr⟧", "dalin_hr", None),
    ("LINEで即採用 ⟦@seal_zaitaku⟧", "seal_zaitaku", "line"),
    ("カカオ ⟦rin25x⟧", "rin25x", "kakaotalk"),
    ("सिर्फ़ टेलीग्राम ⟦@lookbook_nitara⟧", "lookbook_nitara", "telegram"),
    ("insta: ⟦kit.wala.jaipur⟧", "kit.wala.jaipur", "instagram"),
    ("Minat? Tele aja ⟦@koko_jeri_kh⟧", "koko_jeri_kh", "telegram"),
    ("IG ⟦@kebaya.melati555⟧", "kebaya.melati555", "instagram"),
    ("wasap/tele: ⟦@bro_kad555⟧", "bro_kad555", "telegram"),
    ("Signal lang ⟦@kuya_lakbay⟧", "kuya_lakbay", "signal"),
    ("X ⟦@tai_room30⟧", "tai_room30", "x"),
    ("TikTok ⟦@dance_555⟧", "dance_555", "tiktok"),
    ("Threads: ⟦@thr_555⟧", "thr_555", "threads"),
    ("Add Discord ⟦pixelreef_hr⟧", "pixelreef_hr", "discord"),
    ("imo id: ⟦karim555⟧", "karim555", "imo"),
    ("LinkedIn: ⟦hr-lotus-555⟧", "hr-lotus-555", "linkedin"),
    ("Tinder ⟦@anna555⟧", "anna555", "tinder"),
    ("telegaram: ⟦Big_Boss555⟧", "big_boss555", "telegram"),
    ("Signal/LINE only ⟦papers4u_555⟧", "papers4u_555", "line"),
    ("⟦@abc_555⟧ on Instagram", "abc_555", "instagram"),
    ("hello ⟦@somebody⟧ nice", "somebody", None),
    ("FB: ⟦Salon Meuang Nok⟧, hai", None, "facebook"),
    ("แอดเขียว ⟦suda_99⟧", "suda_99", "line"),
    ("ทักแอปเขียว⟦suda.k99⟧", "suda.k99", "line"),
    ("ไลย์ไอดี ⟦suda.k99⟧", "suda.k99", "line"),
    ("Line ID ; ⟦sudak99⟧", "sudak99", "line"),
    ("微信号；⟦xinda555⟧", "xinda555", "wechat"),
    ("ไลน์ของเขาคือ ⟦somchaiza⟧", "somchaiza", "line"),
    ("ไลน์ชื่อ ⟦somchaiza⟧ ค่ะ", "somchaiza", "line"),
    ("ໄລນ໌ຂອງລາວແມ່ນ ⟦nok.555⟧", "nok.555", "line"),
    ("zalo của em là ⟦lan_555⟧", "lan_555", "zalo"),
    ("telegram dia adalah ⟦koko_555⟧", "koko_555", "telegram"),
    ("टेलीग्राम मेरा है ⟦raj_555⟧", "raj_555", "telegram"),
    ("➕V ⟦lucky77⟧", "lucky77", "wechat"),
    ("加V ⟦lucky77⟧", "lucky77", "wechat"),
    ("+vx ⟦lucky77⟧", "lucky77", "wechat"),
    ("➕Q ⟦5550881⟧", "5550881", "qq"),
    ("卫星 ⟦lucky66⟧", "lucky66", "wechat"),
    ("绿泡泡：⟦lucky66⟧", "lucky66", "wechat"),
    ("蝙蝠 ⟦55545678⟧", "55545678", "bat"),
    ("企鹅 ⟦55554322⟧", "55554322", "qq"),
    ("telegram ⟦boss underscore kk⟧", "boss_kk", "telegram"),
    ("เทเล ⟦boss ขีดล่าง kk555⟧ ค่ะ", "boss_kk555", "telegram"),
    ("微信 ⟦lucky下划线66⟧", "lucky_66", "wechat"),
    ("카톡 ⟦bora 언더바 555⟧", "bora_555", "kakaotalk"),
    ("tele ⟦koko garis bawah 555⟧ ya", "koko_555", "telegram"),
    ("zalo: ⟦lan gạch dưới 555⟧", "lan_555", "zalo"),
]

LINKS = [
    # (text with the entity in brackets, value, platform, kind)
    ("เข้ากลุ่ม⟦https://t.me/+AbCdEfGh555⟧", "+AbCdEfGh555", "telegram", "invite_link"),
    ("⟦t.me/joinchat/AAAAAE555⟧", "joinchat/AAAAAE555", "telegram", "invite_link"),
    ("ดู ⟦t.me/Khata_King_555⟧.", "khata_king_555", "telegram", "handle"),
    ("⟦hxxps://t[.]me/evil_555⟧", "evil_555", "telegram", "handle"),
    ("⟦t . me / abc_555⟧", "abc_555", "telegram", "handle"),
    ("⟦tg://resolve?domain=abc555⟧", "abc555", "telegram", "handle"),
    ("⟦https://line.me/ti/p/~abc555⟧", "abc555", "line", "handle"),
    ("⟦line.me/R/ti/p/@shop555⟧", "shop555", "line", "handle"),
    ("⟦https://line.me/ti/g2/AbC-555_xyz⟧", "ti/g2/AbC-555_xyz", "line", "invite_link"),
    ("⟦https://lin.ee/AbC1555⟧", "AbC1555", "line", "invite_link"),
    ("⟦wa.me/66815550123⟧", "66815550123", "whatsapp", "handle"),
    (
        "⟦https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQr555t⟧",
        "AbCdEfGhIjKlMnOpQr555t",
        "whatsapp",
        "invite_link",
    ),
    ("⟦wasap.my/60115550123⟧", "60115550123", "whatsapp", "handle"),
    ("⟦https://wassap.my/60115550123/hi⟧", "60115550123", "whatsapp", "handle"),
    ("⟦https://invite.viber.com/?g2=AQAbC555xyz⟧", "?g2=AQAbC555xyz", "viber", "invite_link"),
    ("ไลน์/⟦t.me/abc_555⟧", "abc_555", "telegram", "handle"),
    ("link=⟦https://t.me/abc_555⟧", "abc_555", "telegram", "handle"),
    ("⟦zalo.me/g/abcd555⟧", "g/abcd555", "zalo", "invite_link"),
    ("⟦zalo.me/0905550123⟧", "0905550123", "zalo", "handle"),
    ("⟦m.me/shop.555⟧", "shop.555", "messenger", "handle"),
    ("⟦https://www.facebook.com/shop.555⟧/", "shop.555", "facebook", "handle"),
    ("⟦facebook.com/profile.php?id=100005550123⟧", "100005550123", "facebook", "handle"),
    ("⟦https://discord.gg/abc555⟧", "abc555", "discord", "invite_link"),
    ("⟦open.kakao.com/o/gAbC555⟧", "o/gAbC555", "kakaotalk", "invite_link"),
    ("⟦instagram.com/kebaya555⟧", "kebaya555", "instagram", "handle"),
    ("⟦https://www.tiktok.com/@dance.555⟧", "dance.555", "tiktok", "handle"),
    ("⟦x.com/tai_room30⟧", "tai_room30", "x", "handle"),
    ("⟦linkedin.com/in/hr-lotus-555⟧", "hr-lotus-555", "linkedin", "handle"),
]

NOTHING = [
    "ทำงานออนไลน์ abc_555",
    "온라인 task_555 라고",
    "オンライン work_555",
    "अनलाइन ऑनलाइन work_555",
    "Line 3: total 500",
    "LINE Pay, LINE Man, LINE Official Account",
    "in line with policy, the line is open",
    "Telegram said today that WhatsApp messages are safe",
    "the signal: weak today",
    "x 2 pcs, x3, 5x10",
    "WhatsApp +66 81 555 0123",
    "Zalo 0905 555 073",
    "ไลน์ 081-555-0123",
    "Viber 09 5550 123456",
    "微信支付100元，微信群里有人",
    "加20元，加V50",
    "土豆 3斤 5元，蝙蝠 2只",
    "飞机 CA1555 航班",
    "hr@romchang.example, talent@kala.example",
    "อีเมล jobs@abc.example ไลน์แมน",
    "UPI abc555@upi, Bakong dara555@aclb",
    "3 apples @ 5 baht, @500, @ Rp50.000, @10k, meet @ 5pm",
    "@everyone @all @here @home",
    "facebook.com/groups and facebook.com/watch/?v=5550123",
    "https://abc.example/t.me or www.abc555.com",
    "youtube.com/watch?v=AbC555",
    "Website: goldnest.test, LINE: goldnest.test",
    "order no. AB_555-12, ref GA4550, flight TG 555",
    "PS5, mp3, covid-19, A4, b2b",
    "tele 2 jam saja",
    "ข้อมูลใน IG 5 รูป",
    "Tik Tok dance and tele drama",
    "호텔 room_1 예약",
    "price: 100@2pcs",
    "เขาใช้ไลน์ชื่อ Peter ติดต่อมา",
    "เฟซบุ๊กชื่อ Somying",
    "在微信叫 Peter 的人",
    "Line nama toko, Telegram called hermes",
    "北斗卫星 BDS-3 和卫星 GSAT7A",
    "企鹅 100000 只，蝙蝠 2026 只",
    "加VIP会员，加V认证，C+V 50",
    "the word underscore is in telegram",
    "https://abc.example/t.me/foo_555 and abc.example/?to=line.me/ti/p/~abc555",
]


def _unmarked(marked: str) -> tuple[str, int, int]:
    return marked.replace("⟦", "").replace("⟧", ""), marked.index("⟦"), marked.index("⟧") - 1


@pytest.mark.parametrize(("marked", "value", "platform"), FOUND)
def test_a_handle_is_found_with_its_platform(marked, value, platform):
    text, start, end = _unmarked(marked)
    entities = handle.find(text, Context())
    assert [(e.type, e.start, e.end, e.value) for e in entities] == [("SOCIAL_HANDLE", start, end, value)]
    assert entities[0].attributes == {"platform": platform, "kind": "handle"}


@pytest.mark.parametrize(("marked", "value", "platform", "kind"), LINKS)
def test_a_link_to_an_account_or_a_group_is_told_apart(marked, value, platform, kind):
    text, start, end = _unmarked(marked)
    entities = handle.find(text, Context())
    assert [(e.start, e.end, e.value) for e in entities] == [(start, end, value)]
    assert entities[0].attributes == {"platform": platform, "kind": kind}


@pytest.mark.parametrize("text", NOTHING)
def test_what_only_looks_like_a_handle_is_left_alone(text):
    assert [text[e.start : e.end] for e in handle.find(text, Context())] == []


@pytest.mark.parametrize("text", ["TİKTOK: abc_555", "İİİ line: abc_555", "lıne or line: abc_555"])
def test_turkish_letters_shift_no_span(text):
    assert [text[e.start : e.end] for e in handle.find(text, Context())] == ["abc_555"]


def test_a_mention_in_a_chat_is_less_sure_than_a_contact():
    mention, contact, named = (
        handle.find(text, Context())[0].proba
        for text in ("nice @somebody thanks", "ทัก @somebody", "Telegram @somebody")
    )
    assert mention < contact < named


def test_handles_of_several_platforms_come_in_order_and_do_not_overlap():
    text = "IG: abc_555 / FB: def.555 / ไลน์ @ghi555 t.me/jkl_555 QQ 5550123"
    entities = handle.find(text, Context())
    platforms = [e.attributes["platform"] for e in entities]
    assert platforms == ["instagram", "facebook", "line", "telegram", "qq"]
    assert all(one.end <= two.start for one, two in pairwise(entities))


@pytest.mark.parametrize(
    ("raw", "platform", "value"),
    [
        ("ʟɪɴᴇ ɪᴅ: nok555", "line", "nok555"),
        ("L I N E : nok555", "line", "nok555"),
        ("ไ ล น์ : nok_555", "line", "nok_555"),
        ("加V：rb_555", "wechat", "rb_555"),
        ("薇信 rb_5555", "wechat", "rb_5555"),
        ("微❤：rb_5555", "wechat", "rb_5555"),
        ("t-e-l-e-g-r-a-m @hr_555", "telegram", "hr_555"),
        ("QQ：５５５０１２３", "qq", "5550123"),
        ("𝗧𝗲𝗹𝗲𝗴𝗿𝗮𝗺: @hr_555", "telegram", "hr_555"),
    ],
)
def test_a_disguised_contact_is_found_after_normalisation(raw, platform, value):
    entities = handle.find(normalize(raw).text, Context())
    assert [(e.attributes["platform"], e.value) for e in entities] == [(platform, value)]


@pytest.mark.parametrize(
    "unit",
    [
        "5",
        ".",
        "a",
        "a.",
        "_",
        "@",
        "a.b/?t.me/ab",
        "at.me/t.me/",
        "line a_ underscore ",
        "@a",
        "ก",
        "ມ",
        "ក",
        "က",
        "中",
        "가",
        "อ",
        "ไ",
        "t.me/",
        "[.]",
        " ",
    ],
)
def test_a_pathological_text_is_read_in_linear_time(unit):
    text = (unit * 100_000)[:100_000]
    assert reads_in_linear_time(handle.find, text, Context())
