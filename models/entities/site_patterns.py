"""How the parts of a site are written: words in everyday use in addresses and on doors, with a number."""

import re
import string
from dataclasses import dataclass

from models.entities.words import any_of


@dataclass(frozen=True, slots=True)
class SitePattern:
    """How a part is written.

    Attributes:
        cues: one of these, in lower case, stands in every match; the pattern is asked only where one does.
        begins: whether a match begins with its cue.
    """

    kind: str
    regex: re.Pattern[str]
    cues: tuple[str, ...]
    weak: bool
    begins: bool


_NUMBER = r"\d{1,4}(?:[-/]\d{1,4}){0,2}[A-Z]?|[A-Z]{1,2}-?\d{1,4}(?:-\d{1,4})?"
# Not a price, a rate, a time, a percentage or a longer number.
_NOT_AMOUNT = (
    r"(?![\d%％]|[.,:]\d| ?(?:k|tr|triệu|trieu|jt|juta|ribu|rb|baht|usd|rm|บาท|ล้าน|ບາດ"
    r"|ກີບ|ដុល្លារ|រៀល|ကျပ်|ဘတ်|元|块|万|원|h|giờ|โมง|นาฬิกา|นาที|คน|ໂມງ|ຄົນ|ម៉ោង|នាក់|နာရီ|ယောက်)(?![a-z]))"
)
_LABEL = rf"(?P<label>(?!\d{{1,2}}h\b)(?:{_NUMBER})|(?<=[ .:#])(?-i:[A-HJ-Z]))(?![A-Za-zÀ-ỹ]){_NOT_AMOUNT}"
_GAP = r"[ .:#]{0,2}(?:(?:no|nomor|nombor|nmr|number|num|lek|số|so)\b[ .]{0,2})?"
_ENGLISH_ORDINAL = (
    r"(?:\d{1,2} ?(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh"
    r"|eighth|ninth|tenth|eleventh|twelfth|ground|top|upper|lower)"
)
# Letters of the alphabet as Thai and Lao spell them: ตึกเอ7, ตึกบี.
SPELT = {
    "เอ": "A",
    "บี": "B",
    "ซี": "C",
    "ดี": "D",
    "อี": "E",
    "เอฟ": "F",
    "จี": "G",
    "เอช": "H",
    "ເອ": "A",
    "ບີ": "B",
    "ຊີ": "C",
    "ດີ": "D",
    "ອີ": "E",
}
_SPELT_LABEL = rf"(?:{any_of(SPELT)})(?:\d{{1,3}}|(?=[ ,]|$|ชั้น|ห้อง|ຊັ້ນ|ຫ້ອງ))"


def _latin(kind: str, nouns: str, *, cues: str = "", weak: bool = False) -> SitePattern:
    """A noun in Latin letters before its number: 'Block C', 'lantai 4', 'tầng 9'."""
    regex = re.compile(rf"\b(?<![@/.\-])(?:{nouns}){_GAP}{_LABEL}", re.IGNORECASE)
    return SitePattern(kind, regex, tuple((cues or nouns).split("|")), weak, begins=True)


def _glued(kind: str, nouns: str, *, cues: str = "", letters: str = "", weak: bool = False) -> SitePattern:
    """A noun in a script without word breaks before its number; `letters`: native letters used as labels."""
    native = rf"|(?<=[ (])(?:[{letters}])(?![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])" if letters else ""
    regex = re.compile(
        rf"(?:{nouns})[ .:]{{0,2}}(?P<open>\()?(?P<label>{_NUMBER}"
        rf"|[A-HJ-Z]{native}|{_SPELT_LABEL})(?(open)\)|)(?![A-Za-z]){_NOT_AMOUNT}"
    )
    return SitePattern(kind, regex, tuple((cues or nouns).split("|")), weak, begins=True)


def _phrase(kind: str, pattern: str, *, cues: str, weak: bool = False) -> SitePattern:
    """Words or a number and its noun, with a cue anywhere in it."""
    return SitePattern(kind, re.compile(pattern, re.IGNORECASE), tuple(cues.split("|")), weak, begins=False)


def _each(first: str, second: str) -> str:
    """Return the cues that put each of the second behind each of the first; the cues are parted by |."""
    return "|".join(a + b for a in first.split("|") for b in second.split("|"))


_DIGIT = "|".join(string.digits)
_LETTER = "|".join(string.ascii_lowercase)
_CJK_DIGIT = f"{_DIGIT}|一|二|三|四|五|六|七|八|九|十"
_CJK_NUMBER = r"(?:\d{1,4}|(?<![一二三四五六七八九十两兩])[一二三四五六七八九十]{1,3})"
_THAI_COLOUR = r"(?:สี ?)?(?:แดง|ฟ้า|ฟา|เทา|ส้ม|ขาว|เขียว|เหลือง|ชมพู|น้ำเงิน|ม่วง|ดำ|กระจก)"
_LAO_COLOUR = r"(?:ສີ ?)?(?:ແດງ|ຟ້າ|ເທົາ|ຂາວ|ຂຽວ|ເຫຼືອງ|ເຫລືອງ|ຊົມພູ|ສົ້ມ)"
_ENGLISH_COLOUR = r"(?:red|blue|green|yellow|white|pink|grey|gray|orange|brown)"
_PATTERNS = (
    # English, Malay, Indonesian, Filipino, Vietnamese
    _latin(
        "building",
        r"building|bldg|block|blk|tower|tuek|gedung|gdg|blok|menara|bangunan|gusali|tòa nhà"
        r"|toà nhà|tòa|toà|toa nha|akear|akea|ruko",
    ),
    _latin(
        "building",
        r"dãy nhà|dãy|nhà xưởng|nhà|toa|nha|khu|hall|wing|warehouse|dorm|dormitory|villa|lot"
        r"|shoplot|aula|gudang",
        weak=True,
    ),
    _latin("floor", r"floor|flr|lantai|lt|tingkat|tgkt|tầng|lầu|joan ti|joan"),
    _latin("floor", r"level|fl|chan|san|palapag|storey", weak=True),
    _latin("floor", r"(?:lau|tang)(?= ?\d{1,2}\b)", cues="lau|tang"),
    _phrase("building", r"\btuek (?:lang|na|daeng|khao|si fa)\b", cues="tuek "),
    _latin("room", r"room|flat|apartment|apt|kamar|kmr|bilik|phòng|căn hộ|căn|unit|bangsal"),
    _latin("room", r"(?-i:Rm(?=[ .]))", cues="rm |rm."),
    _latin("room", r"hong|phong|can|ruang|ward|door|bed|kuwarto|silid|rooms|no|nomor|nombor|số", weak=True),
    _latin("gate", r"gate|pintu|pntu|cổng|pier|counter|window"),
    _latin("lane", r"soi|hẻm|hem|ngõ|ngo|kiệt|gang|lorong|jalan|jln", weak=True),
    _phrase(
        "floor",
        rf"\b{_ENGLISH_ORDINAL}[ -](?:floor|flr|storey|palapag)\b",
        cues=_each(" |-", "floor|flr|storey|palapag"),
    ),
    _phrase("floor", r"\b(?:\d{1,2} ?/ ?F|\d{1,2}F)(?![A-Za-z0-9])", cues=_each(f"/|/ |{_DIGIT}", "f")),
    _phrase(
        "floor",
        r"\bika-?\d{1,2}(?: na)? palapag\b|\b(?:unang|ikalawang|ikatlong|ikaapat na|ikalimang"
        r"|ikaanim na) palapag\b",
        cues="palapag",
    ),
    _phrase(
        "floor",
        r"\b(?:tầng trệt|tang tret|tầng hầm|lantai dasar|lantai bawah tanah|tingkat (?:satu|dua"
        r"|tiga|empat|lima|bawah))\b",
        cues="tầng trệt|tang tret|tầng hầm|lantai dasar|lantai bawah tanah|tingkat ",
    ),
    _phrase(
        "building",
        rf"\b{_ENGLISH_COLOUR} (?:building|bldg|dormitory|dorm|warehouse|gate)\b",
        cues=_each(" ", "building|bldg|dorm|warehouse|gate"),
    ),
    _phrase(
        "building",
        r"\b(?:gedung|bangunan|rumah|ruko) (?:cat )?(?:kuning|merah|biru|hijau|putih|ijo|krem)\b"
        r"|\b(?:building|bldg|bahay) na (?:kulay )?(?:dilaw|pula|puti|asul|berde)\b",
        cues=_each(" ", "kuning|merah|biru|hijau|putih|ijo|krem|dilaw|pula|puti|asul|berde"),
    ),
    _phrase("building", r"\b(?:nhà|tòa|toà|dãy)(?: nhà)? sơn (?:xanh|vàng|trắng|đỏ|hồng)\b", cues=" sơn "),
    # Thai, Lao
    _glued("building", r"ตึก|อาคาร|โกดัง|ຕຶກ|ອາຄານ|ສາງ"),
    _glued("building", r"หอพัก|หอ|โซน|ศาลา|คอนโด|ເຂດ|ສວນ", weak=True),
    _glued("floor", r"(?<!รถ)(?<!ประกัน)(?<!ประกันภัย)ชั้น(?:ที่)?(?! ?(?:มัธยม|ป\.|ม\.))|ຊັ້ນ(?:ທີ)?", cues="ชั้น|ຊັ້ນ"),
    _glued("room", r"ห้องพัก|ห้อง(?:เลขที่|ที่|เบอร์)?|หอ้ง|ຫ້ອງ(?:ເລກທີ)?|ຫອ້ງ|ຕຽງ", cues="ห้อง|หอ้ง|ຫ້ອງ|ຫອ້ງ|ຕຽງ"),
    _glued("gate", r"ประตู|เคาน์เตอร์|ປະຕູ"),
    _glued("lane", r"ซอย|ช่อง|แถว|บ้านเลขที่|เลขที่|ຮ່ອມ|ເຮືອນເລກທີ|ໂຕະ", weak=True),
    _phrase(
        "floor",
        r"ชั้น(?:ล่าง|บนสุด|ใต้ดิน|ดาดฟ้า|[สองสามสี่ห้าหกเจ็ด]{3,5}(?=[ ,]|$))|ຊັ້ນ(?:ໃຕ້ດິນ|ເທິງສຸດ|ລຸ່ມ)",
        cues="ชั้น|ຊັ້ນ",
    ),
    _phrase("building", rf"(?:ตึก|อาคาร){_THAI_COLOUR}|ຕຶກ{_LAO_COLOUR}", cues="ตึก|อาคาร|ຕຶກ"),
    # Khmer
    _glued(
        "building",
        r"អគារ(?:លេខ)?|អាគារ(?:លេខ)?|តឹក(?:លេខ)?|ប្លុក|ឃ្លាំង(?:ទី)?",
        cues="អគារ|អាគារ|តឹក|ប្លុក|ឃ្លាំង",
        letters="កខគឃង",
    ),
    _glued("floor", r"ជាន់(?:ទី)?", cues="ជាន់"),
    _glued("room", r"បន្ទប់(?:លេខ)?", cues="បន្ទប់"),
    _glued("gate", r"ទ្វារ(?:លេខ)?|ច្រក(?:លេខ)?", cues="ទ្វារ|ច្រក"),
    _glued("lane", r"ផ្ទះ(?:លេខ)?|លេខ|ផ្លូវ(?:លេខ)?", cues="ផ្ទះ|លេខ|ផ្លូវ", weak=True),
    _phrase("building", r"(?:អគារ|អាគារ|តឹក)(?:ពណ៌)(?:លឿង|ខៀវ|ស|ក្រហម|បៃតង|ផ្កាឈូក)", cues="ពណ៌"),
    _phrase("floor", r"ជាន់(?:ផ្ទាល់ដី|ក្រោម)", cues="ជាន់"),
    # Burmese
    _glued(
        "building",
        r"အဆောင်(?:အမှတ်)?|အဆောက်အအုံ|အဆောက်အဦး?|တိုက်(?:အမှတ်)?|ဂိုဒေါင်",
        cues="အဆောင်|အဆောက်အအုံ|အဆောက်အဦ|တိုက်|ဂိုဒေါင်",
        letters="ကခဂဃင",
    ),
    _glued("floor", r"အထပ်|အလွှာ"),
    _glued("room", r"အခန်း(?:အမှတ်|နံပါတ်)?|ကုတင်", cues="အခန်း|ကုတင်"),
    _glued("gate", r"ဂိတ်(?:ပေါက်)?|တံခါး", cues="ဂိတ်|တံခါး"),
    _glued("lane", r"ခြံအမှတ်|အမှတ်", weak=True),
    _phrase("floor", r"(?<!\d)\d{1,2} ?(?:လွှာ|ထပ်တိုက်|ထပ်)", cues=_each(_each(_DIGIT, "| "), "လွှာ|ထပ်")),
    _phrase(
        "floor", r"(?:ပထမ|ဒုတိယ|တတိယ|စတုတ္ထ|ပဉ္စမ|ဆဋ္ဌမ|အောက်|အပေါ်|မြေညီ)ထပ်|(?:သုံး|လေး|ငါး|ခြောက်|ခုနစ်|ရှစ်)ထပ်တိုက်", cues="ထပ်"
    ),
    _phrase(
        "building",
        r"[A-Z] ဆောင်|(?:အပြာ|အဖြူ|အဝါ|အနီ|အစိမ်း)ရောင်(?:တိုက်|ဂိုဒေါင်|အဆောင်)|အဆောင်အပြာ",
        cues="ရောင်တိုက်|ရောင်ဂိုဒေါင်|ရောင်အဆောင်|အဆောင်အပြာ| ဆောင်",
    ),
    # Chinese, Japanese
    _phrase(
        "building",
        rf"(?:{_CJK_NUMBER}|(?<![A-Za-z])[A-Z]-?\d{{0,3}})(?:栋|棟|幢|号楼|號樓|号院楼|号馆)|[A-Z]\d?座",
        cues=_each(f"{_CJK_DIGIT}|{_LETTER}", "栋|棟|幢|号楼|號樓|号院楼|号馆|座"),
    ),
    _phrase(
        "floor",
        r"(?:\d{1,2}|(?<![一二三四五六七八九十几])[二三四五六七八九十]{1,3})(?:楼|樓|階)(?!上"
        r"|下楼|主|盘|盤)|(?<!第)一[楼樓](?:大厅|大廳)",
        cues=_each(_CJK_DIGIT, "楼|樓|階"),
    ),
    _phrase(
        "floor",
        r"\d{1,2}[层層](?!高|的?楼)|负[一二\d][楼层]|地下室",
        cues=_each(_DIGIT, "层|層") + "|" + _each("负", f"{_DIGIT}|一|二") + "|地下室",
    ),
    _phrase(
        "room",
        r"\d{3,4}(?:号房|號房|室|房|号室|號室)(?![一二三四五六七八九\d]*厅)|房[号號间間] ?\d{2,4}",
        cues=_each(_DIGIT, "号房|號房|室|房|号室|號室") + "|房号|房號|房间|房間",
    ),
    _phrase(
        "room",
        r"\d{1,2}(?:号床|床|上铺|下铺)|宿舍 ?\d{3,4}",
        cues=_each(_DIGIT, "号床|床|上铺|下铺") + "|宿舍",
        weak=True,
    ),
    _phrase("gate", r"\d{1,2}(?:单元|單元)", cues=_each(_DIGIT, "单元|單元"), weak=True),
    _phrase(
        "gate",
        rf"{_CJK_NUMBER}(?:号|號)(?:门|門|窗口|仓库|仓|廠房|厂房)",
        cues=_each(_CJK_DIGIT, _each("号|號", "门|門|窗口|仓|廠房|厂房")),
    ),
    _phrase(
        "building",
        r"[A-Z][区區]|\d{1,2}[区區]|\d{1,2}座",
        cues=_each(f"{_DIGIT}|{_LETTER}", "区|區") + "|" + _each(_DIGIT, "座"),
        weak=True,
    ),
    _phrase(
        "building",
        r"[蓝藍红紅黄黃白灰绿綠粉]色(?:大?楼|大?樓|公寓|大门|大門|宿舍|厂房)",
        cues=_each("色|色大", "楼|樓|公寓|门|門|宿舍|厂房"),
    ),
    # Korean
    _phrase("building", r"(?<![A-Za-z])[A-Z]동(?![가-힣])", cues=_each(_LETTER, "동")),
    _phrase("building", r"(?<![가-힣\d])\d{1,3}동(?![가-힣])", cues=_each(_DIGIT, "동"), weak=True),
    _phrase("floor", r"(?:지하 ?)?(?<!\d)\d{1,2}층", cues=_each(_DIGIT, "층")),
    _phrase(
        "room", r"(?<![\d제])(?<!제\d{4}-)\d{3,4}호(?:실)?|(?<![\d제])\d{1,2}호실", cues=_each(_DIGIT, "호")
    ),
    _phrase("building", r"(?:파란|노란|빨간|하얀|회색|흰) ?(?:지붕|건물)", cues="지붕|건물"),
    # Hindi
    _glued("building", r"बिल्डिंग|टावर|टॉवर|ब्लॉक", letters="एबीसीडी"),
    _glued("room", r"(?:कमरा|कमरे|रूम|फ़्लैट|फ्लैट)(?: (?:नंबर|नं\.?|नम्बर))?", cues="कमरा|कमरे|रूम|फ़्लैट|फ्लैट"),
    _glued("gate", r"(?<![\u0900-\u0963])गेट(?: (?:नंबर|नं\.?|नम्बर))?", cues="गेट"),
    _glued("lane", r"मकान(?: (?:नंबर|नं\.?))?|हॉल", cues="मकान|हॉल", weak=True),
    _phrase(
        "building",
        r"\b[A-Z]\d? (?:ब्लॉक|टावर|wing\b|block\b|tower\b)",
        cues=_each(" ", "ब्लॉक|टावर|wing|block|tower"),
    ),
    _phrase(
        "floor",
        r"(?:पहली|दूसरी|तीसरी|चौथी|पाँचवीं|पांचवीं|छठी|सातवीं|आठवीं|नौवीं|दसवीं|\d{1,2}(?:वीं|वी)) मंज़?िल",
        cues=" मंज",
    ),
)


def _by_cue() -> dict[str, list[SitePattern]]:
    of_cue: dict[str, list[SitePattern]] = {}
    for pattern in _PATTERNS:
        for cue in pattern.cues:
            of_cue.setdefault(cue, []).append(pattern)
    return of_cue


PATTERNS_OF = _by_cue()
