"""SOCIAL_HANDLE in disguise: names of platforms taken apart, handles spelled out; and what is none."""

import pytest

from models.entities import handle
from models.entities.entity import Context
from models.text import normalize
from tests.reading_time import reads_in_linear_time

NAMES = [
    # (text, value, platform): the name is taken apart, in look-alike letters, a nickname or a picture
    ("add my L1NE: suda_shop7", "suda_shop7", "line"),
    ("LiИE ไอดี suda77", "suda77", "line"),
    ("L|I|N|E @suda77", "suda77", "line"),
    ("ทัก ไล-น์ suda77", "suda77", "line"),
    ("ไล น์ไอดี: suda77", "suda77", "line"),
    ("T3L3GR4M @boss_kk7", "boss_kk7", "telegram"),
    ("tele / gram : boss_kk7", "boss_kk7", "telegram"),
    ("เท.เล @boss_kk7", "boss_kk7", "telegram"),
    ("ເທ-ເລ-ແກຣມ @boss_kk7", "boss_kk7", "telegram"),
    ("តេ លេ @boss_kk7", "boss_kk7", "telegram"),
    ("텔ㄹㅔ @boss_kk7", "boss_kk7", "telegram"),
    ("ㅋㅏ카오톡 bora77", "bora77", "kakaotalk"),
    ("카.카.오 bora77", "bora77", "kakaotalk"),
    ("D!sc0rd: lee_77", "lee_77", "discord"),
    ("W€CH4T id mei_77", "mei_77", "wechat"),
    ("wh4t$app: agent_77x", "agent_77x", "whatsapp"),
    ("V1b3r: agent_77x", "agent_77x", "viber"),
    ("f.b mali_77", "mali_77", "facebook"),
    ("i-g: mali_77", "mali_77", "instagram"),
    ("嘉薇：mei7788", "mei7788", "wechat"),
    ("微♥ mei7788", "mei7788", "wechat"),
    ("抠抠 7755123", "7755123", "qq"),
    ("灰机 @hr_kk77", "hr_kk77", "telegram"),
    ("🐧7755123", "7755123", "qq"),
    ("✈️ hr_kk77", "hr_kk77", "telegram"),
    ("人在小🍠：mei_7788", "mei_7788", "xiaohongshu"),
    ("加萊 mei_7788", "mei_7788", "line"),
    ("脆 @mei_7788", "mei_7788", "threads"),
    ("哀居 mei.7788", "mei.7788", "instagram"),
    ("nhắn za lô: lan_77", "lan_77", "zalo"),
    ("máy bay giấy @lan_77", "lan_77", "telegram"),
    ("pesawat kertas: koko_77", "koko_77", "telegram"),
    ("kapal terbang biru koko_77", "koko_77", "telegram"),
    ("pesbuk ko: ana_77", "ana_77", "facebook"),
    ("कागज का जहाज @raj_77", "raj_77", "telegram"),
    ("紙飛行機 @rin_77", "rin_77", "telegram"),
    ("인★ @bora_77", "bora_77", "instagram"),
    ("စက္ကူလေယာဉ် @ko_77", "ko_77", "telegram"),
    ("ไลท์ไอดี suda77", "suda77", "line"),
    ("我的賴D是 mei77tw", "mei77tw", "line"),
    ("tell me on t-gram @boss_77", "boss_77", "telegram"),
    ("telegrrm: boss_77", "boss_77", "telegram"),
    ("watsaap: agent_77x", "agent_77x", "whatsapp"),
    ("ﾃﾚｸﾞﾗﾑ @noi_77", "noi_77", "telegram"),
    ("TΛI₦ or LI₦E: suda_77", "suda_77", "line"),
    ("aplikasi kelelawar: boss_77", "boss_77", "bat"),
    ("แอปนกฟ้า @suda_77", "suda_77", "x"),
    ("the purple app: mark_77", "mark_77", "viber"),
    ("paper plane ✈️ : boss_77", "boss_77", "telegram"),
    ("ပုံ လို..င်း အိုင်ဒီ ko_77", "ko_77", "line"),
    ("ไ\nล\nน์ sud\na77", "suda77", "line"),
]

HANDLES = [
    # (text, value, platform): the handle is spelled out
    ("ไลน์ suda จุด shop จุด 77", "suda.shop.77", "line"),
    ("ไลน์ไอดี suda(ขีดล่าง)77", "suda_77", "line"),
    ("ไลน์ (แอท) suda77", "suda77", "line"),
    ("ไลน์ s u d a 7 7 7", "suda777", "line"),
    ("ไลน์ gold(ตองเจ็ด)", "gold777", "line"),
    ("ไลน์ su⭐da⭐77", "suda77", "line"),
    ("ไลน์ไอดี @ suda ๗๗๗ shop ทักมา", "suda777shop", "line"),
    ("ເທເລ at vong ຂີດລຸ່ມ 77", "vong_77", "telegram"),
    ("តេឡេក្រាម sok (dot) kh77", "sok.kh77", "telegram"),
    ("ဗိုင်ဘာ nwe underscore 77", "nwe_77", "viber"),
    ("Telegram: koko garis bawah slot77", "koko_slot77", "telegram"),
    ("tele a keong koko_slot", "koko_slot", "telegram"),
    ("ig: mia dot travels dot 77", "mia.travels.77", "instagram"),
    ("ig mia[dot]travels77", "mia.travels77", "instagram"),
    ("msgr: kuya tuldok rodel7", "kuya.rodel7", "messenger"),
    ("zalo lan chấm le chấm 77", "lan.le.77", "zalo"),
    ("tele a còng hr_bảy77", "hr_777", "telegram"),
    ("Zalo l-a-n-7-7-7", "lan777", "zalo"),
    ("tele lan|bảy|7|7|vip", "lan777vip", "telegram"),
    ("signal: earn underscore daily underscore 7", "earn_daily_7", "signal"),
    ("टेलीग्राम raj अंडरस्कोर 77", "raj_77", "telegram"),
    ("微信：mei点shop点77", "mei.shop.77", "wechat"),
    ("微信 mei柒柒7", "mei777", "wechat"),
    ("微信 mei三个7", "mei777", "wechat"),
    ("飞机号：艾特mei_vip", "mei_vip", "telegram"),
    ("賴：mei底線vip", "mei_vip", "line"),
    ("QQ 7*7*5*5*1*2*3", "7755123", "qq"),
    ("카톡 bora칠칠7", "bora777", "kakaotalk"),
    ("텔레 골뱅이 bora칠7kr 로", "bora77kr", "telegram"),
    ("인스타 bora점kim점77", "bora.kim.77", "instagram"),
    ("ライン rin アンダーバー 77", "rin_77", "line"),
    ("IG r/i/n/7/7/v/i/p", "rin77vip", "instagram"),
    ("tele agent_ros tujuh tujuh tujuh ya", "agent_ros777", "telegram"),
    ("ไอจี suda ขีดล่าง 77 ขีดล่าง", "suda_77_", "instagram"),
    ("ติ๊กต่อกชื่อ ขีดล่าง suda จุด 77", "_suda.77", "tiktok"),
    ("signal: anna then a dot then 77", "anna.77", "signal"),
    ("telegram: lan rồi gạch dưới rồi 77", "lan_77", "telegram"),
    ("ไลน์ suda แล้วตามด้วยขีดล่าง แล้วตามด้วย 77", "suda_77", "line"),
    ("飞机号 boss然后下划线然后77", "boss_77", "telegram"),
    ("LINE ID 【suda】【77】【shop】", "suda77shop", "line"),
    ("ဗိုင်ဘာ (thida)(777)", "thida777", "viber"),
    ("TikTok @ lina|77|77|shop", "lina7777shop", "tiktok"),
    ("加Q：19 零 577 贰八", "19057728", "qq"),
    ("SafeW: m-a-r-_-7-7-7", "mar_777", "safew"),
    ("zalo huong chấm bảy bảy bảy rồi nhắn", "huong.777", "zalo"),
    ("discord: nam gạch dưới bảy bảy", "nam_77", "discord"),
    ("zalo: lan-vip-77 (bỏ dấu gạch)", "lanvip77", "zalo"),
    ("potato id bos-jaya-77 (tanpa strip)", "bosjaya77", "potato"),
    ("微信：mei.shop.77（去掉点）", "meishop77", "wechat"),
]

LATER = [
    # (text, value, platform): words stand between the name and the handle
    ("ทักมาทางเทเลแกรมได้ตลอดเลยนะคะ ไอดี suda77", "suda77", "telegram"),
    ("Kita pindah ke Telegram biar aman, id nya koko_slot77", "koko_slot77", "telegram"),
    ("카톡으로 얘기해요 편하게 아이디 bora77", "bora77", "kakaotalk"),
    ("Telegram mein aao bhai jaldi, id raj underscore 77", "raj_77", "telegram"),
    ("라인으로 친구해요. 아이디 bora밑줄77", "bora_77", "line"),
    ("카톡으로 오라네요. bora칠칠칠 라는데", "bora777", "kakaotalk"),
    ("Ayo main LINE dong sayang, id : c.l.a.r.a.7.7", "clara77", "line"),
    ("app na eroplanong papel tapos add boss_mike triple seven", "boss_mike777", "telegram"),
]

EARLIER = [
    # (text, value, platform): the handle stands before its platform
    ("Add boss_kk77 on the Telegram app", "boss_kk77", "telegram"),
    ("Look up h r _ d e s k 7 7 on Signal", "hr_desk77", "signal"),
    ("Cari k_o_k_o_7_7_7 dalam tele", "koko777", "telegram"),
    ("Tìm mai_linh77 trên tê lê nha", "mai_linh77", "telegram"),
    ("แอด boss_kk77 ทางเทเลแกรม", "boss_kk77", "telegram"),
    ("ແອັດ boss_kk77 ໃນເທເລແກຣມ", "boss_kk77", "telegram"),
    ("Add dara_vip77 តាមតេឡេក្រាម", "dara_vip77", "telegram"),
    ("thiri_job77 ကို တယ်လီဂရမ်မှာ ရှာပါ", "thiri_job77", "telegram"),
    ("加 xiaoli_77 的飞机", "xiaoli_77", "telegram"),
    ("bora_77 텔레그램 추가", "bora_77", "telegram"),
    ("raj_tips77 ko Telegram par add karo", "raj_tips77", "telegram"),
    ("I-add mo boss_jun77 sa Telegram", "boss_jun77", "telegram"),
]

NOTHING = [
    "the line 1 underscore is wrong",
    "we meet at dot com",
    "line a b c d of the form",
    "Telegram/WhatsApp/LINE",
    "LINE or WhatsApp, one two three",
    "Whatsapp plus six two 812 555 0 9 3 8",
    "WhatsApp 0 8 1 5 5 5 0 1 2 3",
    "LINE Pay 5*5*5 points",
    "ไลน์ 555 ขำมาก",
    "ไลน์มา 555 555",
    "พี่ไล นะ 77",
    "坐飞机，机票500元，7点起飞",
    "在微信里点开77",
    "微信三点五十",
    "抖音 3个5",
    "카톡 이 일 이",
    "텔레비전 5점",
    "zalo một hai ba",
    "tele 5 lima menit",
    "facebook titik dua",
    "in sta lled 77 apps",
    "signal dot product",
    "beautiful in e-mail or on line 77",
    "pesawat 737 max, 2 pesawat kertas",
    "✈️ BKK 10:30 TG555",
    "máy bay VN1234 hạ cánh",
    "🐧 3 con 5 tuổi",
    "x dot 5 and y dot 7",
    "tele 9 jam lalu 91 orang",
    "Find ref_2024 (LINE 3), search for report_91 in Messenger logs",
    "the file img_2024 on Telegram servers",
    "飞机 [CA][1234] 航班",
    "Telegram [1] [2] says",
    "WhatsApp <media> <omitted>",
    "LINE 2026-11-05, QQ 2026-11-05 10",
    "we line up, then underscore the word",
    "sa Viber po tayo, 8 tapos 9 ng gabi",
    "小号 and the discard of data",
    "þetta, ænema, ŋa",
]


def _found(text: str) -> list[tuple[str | None, str | None]]:
    return [
        (entity.value, entity.attributes["platform"])
        for entity in handle.find(normalize(text).text, Context())
    ]


@pytest.mark.parametrize(("text", "value", "platform"), NAMES)
def test_a_platform_in_disguise_names_the_handle_after_it(text, value, platform):
    assert _found(text) == [(value, platform)]


@pytest.mark.parametrize(("text", "value", "platform"), HANDLES)
def test_a_handle_that_is_spelled_out_is_put_together(text, value, platform):
    assert _found(text) == [(value, platform)]


@pytest.mark.parametrize(("text", "value", "platform"), LATER)
def test_a_handle_may_follow_its_platform_at_a_distance(text, value, platform):
    assert _found(text) == [(value, platform)]


@pytest.mark.parametrize(("text", "value", "platform"), EARLIER)
def test_a_handle_may_stand_before_its_platform(text, value, platform):
    assert _found(text) == [(value, platform)]


@pytest.mark.parametrize("text", NOTHING)
def test_words_and_figures_after_a_platform_are_no_handle(text):
    assert _found(text) == []


def test_the_span_reaches_from_the_first_character_to_the_last():
    text = "LINE: suda (dot) shop (dot) 77 thanks"
    entity = handle.find(text, Context())[0]
    assert text[entity.start : entity.end] == "suda (dot) shop (dot) 77"


@pytest.mark.parametrize(
    "unit",
    [
        "line a dot ",
        "l i n e ",
        "l.",
        "i|",
        "line a/",
        "tele 5 5 ",
        "카",
        "텔ㄹㅔ",
        "at ",
        "line: a b ",
        "✈️",
        "ต!",
        "v信",
        "add a_1 on telegram ",
        "telegram. id ",
        "ไ\nล\n",
        "then a dot ",
        "tllgrm ",
        "line a-b-1 (no ",
    ],
)
def test_a_long_text_in_disguise_is_read_in_linear_time(unit):
    text = (unit * 100_000)[:100_000]
    assert reads_in_linear_time(handle.find, text, Context())
