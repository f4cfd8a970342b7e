"""Names of peoples, and the words around them that say that people are meant. Names: `nationality.toml`."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from models.entities.words import LATIN, any_of

_LATIN = f"0-9{LATIN}"
_DATA = tomllib.loads(Path(__file__).with_name("nationality.toml").read_text(encoding="utf-8"))["nationality"]
_NUMBER_EN = (
    r"\d{1,4}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several"
    r"|many|some|other|young|rich"
)
# Words for people: before the name (Thai, Lao, Khmer, Vietnamese, Malay, Indonesian) or after it (the rest).
_THAI_KEPT = "คน|ชาว"
_THAI_BEFORE = (
    r"สัญชาติ\s?|เชื้อชาติ\s?|ลูกครึ่ง|หนุ่ม|สาว|หญิง|ชาย|แรงงาน|พลเมือง|ลูกค้า|เด็ก"
    r"|ลูกจ้าง|คนงาน|บอส|นายจ้าง|หัวหน้า|ทหาร"
    r"|เพื่อน|เหยื่อ|นักท่องเที่ยว|ล่าม|ประชาชน|แฟน|กะเทย|แม่บ้าน|(?:แฟน|เมีย|ผัว|พ่อ|แม่|เขา|ผม|หนู)เป็น|รับทั้ง"
)
_LAO_KEPT = "ຄົນ|ຊາວ"
_LAO_BEFORE = (
    r"ສັນຊາດ\s?|ໜຸ່ມ|ສາວ|ແຮງງານ|ເດັກ|ລູກຄ້າ|ຜູ້ຊາຍ|ຜູ້ຍິງ|ພົນລະເມືອງ|ນັກທຸລະກິດ"
    r"|ຄູ່ຮ່ວມງານ|ຮ່ວມຫ້ອງ|ນາຍຈ້າງ|ຫົວໜ້າ|ຍິງ|ຊາຍ|ໝູ່"
)
_KHMER_KEPT = "ជនជាតិ|ជន"
_KHMER_BEFORE = (
    r"ពលរដ្ឋ|ជាតិ៖\s?|សញ្ជាតិ\s?៖?\s?|ថៅកែ|ប្រជាជន|កម្មករ|ពលករ|ភ្ញៀវ|បុរស|ស្ត្រី|នារី"
    r"|ក្មេង|មនុស្ស|អ្នក|កូន|យុវជន|មេ|វិស្វករ|កាពីទែន|វេជ្ជបណ្ឌិត|ទាហាន"
)
_MYANMAR_AFTER = (
    r"\s?(?:လူမျိုး|နိုင်ငံသား|နိုင်ငံသူ|အမျိုးသား|အမျိုးသမီး|သားတွေ|သားတစ်"
    r"|သား(?![ါာိီုူေဲံ့း်ျြွှ])|သူဌေး|များ|တွေ|မလေး|မတွေ|ကောင်လေး"
    r"|ကောင်မလေး|အလုပ်သမား|လူငယ်|ဖောက်သည်|ဘော့စ်|ဗိုလ်ချုပ်|ဆရာဝန်|အင်ဂျင်နီယာ|စစ်သား)|\s?(?:ကျား\s?"
    r"|မ\s?)?\d{1,4}\s?(?:ယောက်|ဦး)|\s?ကျား\s?\d"
)
_HAN_AFTER = (
    r"籍|國籍|国籍|仔|妹子?|佬|姑娘|小伙|老板|老闆|小姐|男子|女子|男生|女生|女孩|男孩"
    r"|大姐|大哥|姐姐|哥哥|青年|年轻人|年輕人|同胞"
    r"|公民|游客|劳工|员工|客户|受害者|留学生|新娘|朋友|同事|夫妻|船长|军官|医生|工程师|的(?:小伙|姑娘|女孩|男孩|朋友|同事)|来的|人(?![民寿壽保工口数气均参蔘])"
)
_KANA_AFTER = (
    r"人|籍|国籍|出身|の(?:友だち|友達|女性|男性|青年|方|女の子|男の子|同僚|若い)|女性"
    r"|男性|青年"
)
_HANGUL_AFTER = (
    r"인(?![터삼구권적력증정재도쇄근접건데지])|국적|\s?(?:사람|여성|남성|청년|노동자"
    r"|직원|남자|여자|친구|손님|사장|국민|근로자|동포)"
)
_LATIN_KEPT = "người|nguoi"
_LATIN_BEFORE = (
    r"công dân|cong dan|khách hàng|khách|khach|bạn|nhân sự|nhan su|sếp|chủ|cô gái"
    r"|chàng trai|gái|trai|dân|bà con|lao động"
    r"|lao dong|phụ nữ|đàn ông|thanh niên|nạn nhân|quốc tịch:?|quoc tich:?|orang|org"
    r"|warga\s?negara|warga|wn|rakyat|cewek"
    r"|cowok|cwk|cwo|pekerja migran|pekerja|lelaki|wanita|perempuan|pelakon|gadis|pria"
    r"|pemuda|kepala|bangsa|nationality:?"
    r"|kewarganegaraan:?|mga|kapwa|\d{1,4}"
)
# Everyday words that are also a people's short name in Vietnamese: only in this very case.
CASED = frozenset(
    (
        "Anh",
        "Trung",
        "Hoa",
        "Cam",
        "Nga",
        "Phi",
        "Úc",
        "Mỹ",
        "Đài",
        "Mã",
        "Pháp",
        "Đức",
        "Nhật",
        "Hàn",
        "Tàu",
        "VN",
    )
)
_NAME_TAIL = r"(?!\s?(?:gian|niên|tâm|học|thu|hồng|quả|đoan|kết|động|dong|mái|độ|tệ|bình|dương))"
_PERSON_EN = (
    r"boys?|girls?|m[ae]n|wom[ae]n|guys?|lad(?:y|ies)|nationals?|citizens?|workers?"
    r"|people|persons?|boss(?:es)?|managers?"
    r"|friends?|victims?|staff|employees?|students?|team leader|tl|customers?|clients?"
    r"|wife|husband|bf|gf|boyfriend"
    r"|girlfriend|guards?|investors?|players?|migrants?|couple|family|families|youths?"
    r"|teens?|teenagers?|males?|females?"
    r"|kids?|children|owners?|gangs?|nanny|maids?|helpers?|engineers?|models?"
    r"|colleagues?|roommates?|guests?|supervisors?|soldiers?|na|log|ladk[aeio]"
    r"|bhai|je|lang|saja|sahaja|log[oa]n|naagrik|nagrik|passport holders?|job ?seekers?"
)
_THING_EN = (
    r"food|massage|boxing|restaurants?|language|visa|embassy|consul\w+|baht|dollars?"
    r"|rupees?|currency|numbers?|sim|bank"
    r"|border|side|police|army|military|government|law|market|tea|milk|curry|rice"
    r"|cuisine|class\w*|lessons?|course|speak\w*"
    r"|translat\w+|version|news|airways|time|foods?|style|movies?|drama|songs?|oil"
    r"|ocean|railways?|grocery|store|shop|school"
    r"|dhaba|embassies|soil|company|mobile|account|passports?|new year|traditional"
    r"|noodles?|tutor|teacher"
)
_THING_HI = (
    r"दूतावास|रेल|स्टेट|रिज़र्व|रिजर्व|रुपय|रुपए|सेना|बाज़ार|बाजार|भाषा|रेस्टोरेंट"
    r"|रेस्तरां|खाना|खाने|पासपोर्ट|नंबर|बैंक|मूल|डाक|चाय|टीम|कानून|संविधान|वीज़ा|दंड"
    r"|समय"
)
AMBIGUOUS_HI = frozenset(("चीनी", "चाइनीज", "चाइनीज़", "थाई", "लाओ"))
PERSON_HI = re.compile(
    r"\s(?:लोग|बॉस|मालिक|नागरिक|लड़क|आदमी|औरत|युवक|युवती|मैनेजर|महिला|ग्राहक|मज़दूर"
    r"|मजदूर|दोस्त|कर्मचार)"
)


def _codes(key: str) -> dict[str, str]:
    """Return the country of every name of one script (`stems`), in lower case."""
    return {name.lower(): row["country"] for row in _DATA for name in row.get("stems", {}).get(key, ())}


STEMS = {key: _codes(key) for key in ("thai", "lao", "khmer", "myanmar", "han", "kana", "hangul", "latin")}
COUNTRY = {name: code for stems in STEMS.values() for name, code in stems.items()}
DEMONYMS = {name.lower(): row["country"] for row in _DATA for name in row.get("demonyms", ())}
LATIN_DEMONYMS = [name for name in DEMONYMS if name.isascii()]
HINDI_DEMONYMS = [name for name in DEMONYMS if not name.isascii()]
ABBREVIATIONS = ("wni", "vn")
_ANYWHERE, _NOWHERE = re.compile(""), re.compile("(?!)")


@dataclass(frozen=True, slots=True)
class WordBefore:
    """A script that says first that people are meant: คนไทย, người Lào, or counts them after: ไทย 3 คน.

    Attributes:
        word: ends where the name begins; the entity begins with the word if it is in the group `kept`.
        begins, ends: match where a name with such a word may begin and end.
        counted: matches after a name without such a word.
    """

    word: re.Pattern[str]
    begins: re.Pattern[str] = _ANYWHERE
    ends: re.Pattern[str] = _ANYWHERE
    counted: re.Pattern[str] = _NOWHERE


@dataclass(frozen=True, slots=True)
class _WordAfter:
    """A script that says after the name that people are meant.

    Attributes:
        word: matches after a name that is the entity by itself: 中国公民.
        kept: matches after a name where the entity is both together: 中国人.
        begins: matches where such a name may begin.
    """

    word: re.Pattern[str]
    kept: re.Pattern[str] = _NOWHERE
    begins: re.Pattern[str] = _ANYWHERE


def _person(kept: str, words: str) -> re.Pattern[str]:
    """Return the pattern of the words before a name in a script without spaces."""
    return re.compile(rf"(?:(?P<kept>{kept})|{words})\s?\Z")


WORDS_BEFORE = {
    "thai": WordBefore(
        _person(_THAI_KEPT, _THAI_BEFORE),
        counted=re.compile(r"\s?(?:ชาย|หญิง)?\s?\d{1,4}\s?(?:คน(?!ละ)|ราย|หัว)"),
    ),
    "lao": WordBefore(_person(_LAO_KEPT, _LAO_BEFORE), counted=re.compile(r"\s?\d{1,4}\s?ຄົນ")),
    "khmer": WordBefore(
        _person(_KHMER_KEPT, _KHMER_BEFORE),
        counted=re.compile(rf"\s?(?:ប្រុស|ស្រី)?\s?\d{{1,4}}\s?(?:នាក់|អ្នក|{any_of(STEMS['khmer'])})"),
    ),
    "latin": WordBefore(
        re.compile(rf"(?<![{_LATIN}])(?:(?P<kept>{_LATIN_KEPT})|{_LATIN_BEFORE})\s\Z", re.IGNORECASE),
        begins=re.compile(r"(?<=\s)"),
        ends=re.compile(rf"(?![{_LATIN}]){_NAME_TAIL}", re.IGNORECASE),
    ),
}
WORDS_AFTER = {
    "myanmar": _WordAfter(re.compile(_MYANMAR_AFTER)),
    "han": _WordAfter(re.compile(_HAN_AFTER), kept=re.compile("人(?![民寿壽保工口数气均参蔘])")),
    "kana": _WordAfter(re.compile(_KANA_AFTER), kept=re.compile("人"), begins=re.compile("(?<![ァ-ヺー])")),
    "hangul": _WordAfter(
        re.compile(_HANGUL_AFTER),
        kept=re.compile("인(?![터삼구권적력증정재도쇄근접건데지])"),
        begins=re.compile("(?<![가-힣])"),
    ),
}
_NATIVE_AND = r"\s?(?:,|/|และ|กับ|ແລະ|ກັບ|និង|\s)\s?"
_LATIN_AND = r"\s?[,/+]\s?|\s(?:dan|atau|or|and|và|với|hoặc|va|voi|at|o)\s"
LISTS = {
    script: re.compile(
        rf"(?:\s?\d{{1,3}}(?:\s?(?:คน|ຄົນ|នាក់))?)?(?:{joint})(?P<name>{any_of(STEMS[script])})(?={end})",
        re.IGNORECASE,
    )
    for script, joint, end in (
        ("thai", _NATIVE_AND, r"[\s,/]|$|และ"),
        ("lao", _NATIVE_AND, r"[\s,/]|$|ແລະ"),
        ("khmer", _NATIVE_AND, r"[\s,/។]|$|និង"),
        ("latin", _LATIN_AND, rf"(?![{_LATIN}]){_NAME_TAIL}"),
    )
}
WNI = re.compile(rf"(?<![{_LATIN}])WNI(?![{_LATIN}])")
BARE_VN = re.compile(rf"(?<![{_LATIN}])VN(?=\s\d{{1,3}}\s(?:nam|nữ|người))")
# Where a demonym may begin and end.
ADJECTIVE_BEGINS = re.compile(rf"(?<![{_LATIN}@#/._-])")
ADJECTIVE_ENDS = re.compile(rf"(?P<plural>s?)(?![{_LATIN}@_])", re.IGNORECASE)
HINDI_BEGINS = re.compile("(?<![\u0900-\u0963])")
HINDI_ENDS = re.compile(rf"(?![\u0900-\u0963])(?!\s(?:{_THING_HI}))")
IS_THING = re.compile(rf"\s(?:{_THING_EN})\b", re.IGNORECASE)
IS_PERSON_AFTER = re.compile(rf"\s(?:[a-z]{{3,12}}\s)?(?:{_PERSON_EN})\b", re.IGNORECASE)
IS_PERSON_BEFORE = re.compile(
    rf"(?:^|[^\w])(?:{_NUMBER_EN}|am|i'm|im|are|mga|kapwa|kayong|kaming|fellow"
    rf"|nationality:?|old|babaeng|lalaking|yung"
    r"|nationals?:?|by|only|fellow|marrying an?|(?:roommate|kasama|asawa|boss) (?:kong|naming|niyang))\s$",
    re.IGNORECASE,
)
IS_AGE_BEFORE = re.compile(r"\b(?:[1-6]\d)(?: ?y/?o| years old)?,? $")
IS_LANGUAGE_BEFORE = re.compile(
    r"\b(?:speak\w*|spoken|learn\w*|study|in|into|fluent|read|write|to|from|wikang"
    r"|salitang|bahasa|thoda|thodi|mag|native)\s$",
    re.IGNORECASE,
)
_LIST_MARK = r"\s?(?:,|/|and|or|&|\+|aur|at|or an?|and an?|and \w+|, \w+|\+ ?\d+|, ?\d+)\s?"
# Words that mean people in any context, whatever stands beside them.
ALWAYS = frozenset(
    (
        "pinoy",
        "pinay",
        "pnoy",
        "pilipino",
        "pilipina",
        "filipino",
        "filipina",
        "pilipinong",
        "filipinong",
        "kano",
        "amerikano",
        "amerikana",
        "amerikanong",
        "intsik",
        "koreano",
        "koreanong",
        "hapones",
        "nihonjin",
        "bharatiya",
    )
)
IS_LISTED_AFTER = re.compile(rf"{_LIST_MARK}(?:{any_of(LATIN_DEMONYMS)})s?(?![{_LATIN}])", re.IGNORECASE)
IS_LISTED_BEFORE = re.compile(rf"(?<![{_LATIN}])(?:{any_of(LATIN_DEMONYMS)})s?{_LIST_MARK}$", re.IGNORECASE)
IS_THAI_PLACE = re.compile(r"(?:ไป|ที่|ใน|จาก|มา|อยู่|เที่ยว|ໄປ|ຢູ່|ຈາກ|ມາ|ທີ່|ទៅ|នៅ|ពី|មក|ប្រទេស)\s?$")
IS_OTHER_NAME = re.compile(
    r"(?:พาณิชย์|รัฐ|ใหญ่|แลนด์"
    r"|[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u17b6-\u17d3])"
)
