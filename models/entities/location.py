"""LOCATION by the project's gazetteer: compounds, crossings, towns, regions, countries and airports by name.

The names, their sources and the meaning of their marks are in `gazetteer.toml`. A name is found in any
script, glued to other words where the script does so; an ambiguous one (Muse, Tamu) only beside a word
such as "in" or "city of".
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from models.entities.entity import Context, Entity
from models.entities.words import LATIN, ScriptWords, lower

_WORD_BREAK = "\u200b"
_WINDOW_CHARS = 20
_TOKEN_CHARS = 60

# Scripts whose letters stand in whole words: no name begins or ends inside one.
_LATIN, _KATAKANA, _DEVANAGARI = f"0-9{LATIN}", "ァ-ヺー", "\u0900-\u0963\u0970-\u097f"
_HANGUL = "가-힣"
# Signs that a name never follows: a vowel written before its consonant, the stackers of Burmese and Khmer.
_LEADING = "\u0e40-\u0e44\u0ec0-\u0ec4\u1039\u17d2"
# Vowel signs, tones and killers: a name ends before none of them. Unicode Standard, chapter 16.
_DEPENDENT = (
    "\u0e30-\u0e3a\u0e45\u0e47-\u0e4e\u0eb0-\u0ebd\u0ec8-\u0ece\u17b6-\u17d3\u102b-\u103e\u1056-\u1059"
)
_BURMESE_FINAL = "[\u1000-\u1021]\u1037?[\u1039\u103a]"
# What may follow the name of a place in Korean: a particle or a word of place.
_KOREAN_TAIL = (
    r"[^가-힣]|$|라|에|로|으로|의|은|는|이|가|을|를|와|과|도|만|까지|부터|행|쪽"
    r"|공항|시|역|출발|도착|발|산|현지|지사|거주|여행|랑|서"
    r"|한테|인데|입니다|있|왔|쯤|인근|국경|지역|내|북부|남부|동부|서부|취업|구|군|항"
    r"|중동점|교민|유학|생활|비자|주재"
)
# To be matched at the first character of a name and at the character after it.
_BEGINS_WORD = re.compile(
    rf"(?<![{_LEADING}])(?:(?<![{_LATIN}])[{_LATIN}]|(?<![{_KATAKANA}])[{_KATAKANA}]"
    rf"|(?<![{_DEVANAGARI}])[{_DEVANAGARI}]|(?<![{_HANGUL}])[{_HANGUL}]"
    rf"|[^{_LATIN}{_KATAKANA}{_DEVANAGARI}{_HANGUL}])"
)
_ENDS_WORD = re.compile(
    rf"(?:(?<=[{_LATIN}])(?![{_LATIN}])|(?<=[{_KATAKANA}])(?![{_KATAKANA}])"
    rf"|(?<=[{_DEVANAGARI}])(?![{_DEVANAGARI}])|(?<=[{_HANGUL}])(?={_KOREAN_TAIL})"
    rf"|(?<![{_LATIN}{_KATAKANA}{_DEVANAGARI}{_HANGUL}]))(?![{_DEPENDENT}]|{_BURMESE_FINAL})"
)

_ADDRESS = re.compile(r"@|://|_|\.[A-Za-z]{2,}(?:/|\b)(?<!\.[A-Z]{2})|/[A-Za-z0-9_]+[/.?]")
_ADDRESS_RUN = re.compile(rf"[A-Za-z0-9@:/._?=&%-]{{0,{_TOKEN_CHARS}}}")

# Words right before an ambiguous name, by script of the name, that make it a place.
_PLACE_BEFORE = {
    "latin": r"(?:^|[^a-zà-ỹ])(?:in|to|from|at|near|of|via|into|across|around|inside|outside"
    r"|leave|left|reach|reached"
    r"|visit|towards?|work abroad|flight|going|reached|di|ke|dari|dr|drpd|sampai"
    r"|negara|kota|daerah|luar|sa|papuntang"
    r"|papunta|taga|bansang|galing|ở|sang|qua|về|từ|tại|bên|đi|nước|đất|đến|tới|vào"
    r"|khỏi|xứ|trong|o|tu|ve|den|ben|tai|nuoc"
    r"|biên giới|xuất khẩu|xklđ|tp|tp\.|thành phố|huyện|tỉnh|quận|visa|me|mein|ja|jana)\s+",
    "thai": r"ที่|ใน|จาก|ไป|มา|อยู่|ถึง|เข้า|ออก|กลับ|ข้าม|ฝั่ง|แถว|ประเทศ|เมือง|จังหวัด|จ\."
    r"|อ\.|อำเภอ|แดน|บน|สู่|ผ่าน|ทั่ว"
    r"|ด่าน|ลง|แวะ|บิน|เที่ยว|ตลาด|สนามบิน|ส่ง|นอก|เหนือ|ใต้|ตะวันออก|ตก|ตรงข้าม|สาขา"
    r"|ศาล|สภ\.|ระหว่าง",
    "lao": r"ຢູ່|ໄປ|ມາ|ຈາກ|ໃນ|ທີ່|ຮອດ|ເຖິງ|ເຂົ້າ|ອອກ|ກັບ|ຂ້າມ|ຝັ່ງ|ປະເທດ|ເມືອງ|ແຂວງ|ຊາຍແດນ"
    r"|ທົ່ວ|ສູ່|ຜ່ານ|ສົ່ງ|ຕະຫຼາດ"
    r"|ສປປ|ສ\.ປ\.ປ|ທາງ|ລະຫວ່າງ|ນອກ",
    "khmer": r"នៅ|ទៅ|មក|ពី|ក្នុង|ដល់|ឆ្លង|ប្រទេស|ខេត្ត|ក្រុង|ស្រុក|ព្រំដែន|ចូល|ត្រឡប់|ខាង|ឯ|ទី"
    r"|ឯណា|ដី|ចេញ|ម្តុំ",
    "myanmar": r"ကနေ|မှ|ဘက်က|နိုင်ငံ",
    "han": r"在|到|去|来|來|从|從|往|回|至|赴|飞|飛|抵|驻|於|于|经|離|离|入|返|缅甸|缅北|果敢"
    r"|柬埔寨|云南|市",
}
# Words right after an ambiguous name that make it a place.
_PLACE_AFTER = {
    "latin": r"\s*(?:city\b|town\b|province\b|airport\b|border\b|township\b|side\b)|\s+(?:jana"
    r"|mein|me|se)\b",
    "myanmar": r"\s?(?:မှာ|မှ(?![ုူိီ])|ကနေ|သို့|ဘက်|ထဲ|အထိ|ရောက်|သွား|နယ်စပ်|မြို့|နိုင်ငံ(?!သား"
    r"|ကူး)|ပြည်(?!သူ)|တွင်|ကို|ကိုသွား|က\s|က(?=ပြန်|လာ))",
    "han": r"那边|那邊|这边|境内|边境|边界|市|县|省|镇|口岸|园区|機場|机场|等地",
    "kana": r"(?:へ|に|で|から|まで|国|側|行き|在住|旅行|出張|北部|南部|国内|国境|経由|・"
    r"|の(?:バンコク|チェンマイ|会社|工場|病院|国境|空港))",
    "hangul": r"(?:에서|에|으로|로|행|까지|부터|현지|쪽|\s(?:내|현지|공항|국경|북부))",
    "devanagari": r"\s(?:में|से|तक|जाना|जाने|जा|गए|पहुँच|पहुंच|बॉर्डर|शहर)",
}
# Around the name of a country: a people, a language, food or money, so no place.
_PEOPLE_BEFORE = {
    "latin": r"(?:^|[^a-zà-ỹ])(?:người|nguoi|tiếng|tieng|công dân|cong dan|khách|món|gái|trai"
    r"|đồng|orang|org|warga|wn|rakyat"
    r"|warganegara|warga negara|bahasa|bhs|masakan|makanan|pekerja|paspor|pasport"
    r"|cewek|cowok|lelaki|pemuda|lao động)\s+",
    "thai": r"คน|ชาว|ภาษา|สัญชาติ|เชื้อชาติ|อาหาร|เงิน|สาว|หนุ่ม|หญิง|ชาย|แรงงาน|ลูกค้า|นวด"
    r"|พูด|ลูกครึ่ง|กสิกร|กรุง|ซีรีส์|ซีรี่ย์"
    r"|พลเมือง|ลูกจ้าง|ข้าว|กรุงศรี",
    "lao": r"ຄົນ|ຊາວ|ພາສາ|ສັນຊາດ|ອາຫານ|ເງິນ|ແຮງງານ|ລູກຄ້າ|ສາວ|ໜຸ່ມ|ພົນລະເມືອງ|ຮຽນ|ເວົ້າ",
    "khmer": r"ជនជាតិ|ភាសា|ជន|ជាតិ|ពលរដ្ឋ|ម្ហូប|ភ្ញៀវ|ថៅកែ|អក្សរ|កម្មករ|ពលករ|លុយ|និយាយ",
    "han": r"说|说|會|会说|會說|讲|講|学|名",
}
_PEOPLE_AFTER = {
    "latin": r"\s*(?:dollars?\b|baht\b|massage\b|food\b|pass?port\b|embassy\b|women\b|men\b"
    r"|girls?\b|boys?\b|language\b|kip\b)",
    "thai": r"พาณิชย์|รัฐ|แลนด์|คม|โพสต์|ใหญ่|สมุทร",
    "lao": r"ກີບ|ເດີມ",
    "khmer": r"\s?\d+\s?(?:នាក់|អ្នក)",
    "myanmar": r"\s?(?:ဘာသာ|စကား|လူမျိုး|လူ|သား|သူ|အမျိုး|အစားအစာ|ငွေ|ဘတ်|လို|မတွေ|ကောင်လေး"
    r"|အလုပ်သမား|ဖောက်သည်|များ|တွေ"
    r"|နိုင်ငံသား|အစိုးရ|\d+\s?(?:ယောက်|ဦး))",
    "han": r"[人籍语語话話菜铢銖币幣盾妹仔佬]|姑娘|小伙|老板|老闆|小姐|大姐|大哥|姐姐|式|盾"
    r"|料理|風|风味",
    "kana": r"人|語|料理|籍|円|ドル|古式|・バーツ|バーツ|米",
    "hangul": r"인(?!근)|\s?사람|어(?![디느])|말(?!레)|\s?음식|\s?국적|\s?여성|\s?남성|\s?청년"
    r"|식\s",
    "devanagari": r"ी|ियों|ाई",
}
# Before or after any name: a firm, a bank, a person, a thing.
_BLOCK_BEFORE = {
    "latin": r"(?:@|#|/|\.|\bmr\.? |\bms\.? |\bbank of |\bngân hàng |\bhotline )",
    "thai": r"ธนาคาร|ธ\.|แบงก์|แบงค์|เผย|นาย|นางสาว|คุณ",
    "han": r"包罗|包羅",
    "myanmar": r"ဘေး",
    "khmer": r"ធនាគារ",
}
_BLOCK_AFTER = {
    "latin": r"\s(?:bank|airways|airlines|times|post|milk|beer|coffee)\b",
    "thai": r"พาณิชย์|ผ้า|แดด|ลม(?!\S*เมือง)|ฝน|แห้ง|กระจาย|เชื้อ|ระบาด|ข่าว|ภาพ",
    "han": r"[语語话話]|眼镜|眼鏡|银行|銀行|城(?!市|区|西|东|南|北)|更新|航空",
    "hangul": r"은행|항공",
    "khmer": r"ប៊ែរ",
}


def _ends(patterns: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
    """Return `patterns` compiled to be searched in a window that ends at the name."""
    return {script: re.compile(f"(?:{words})\\s*$", re.IGNORECASE) for script, words in patterns.items()}


def _starts(patterns: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
    """Return `patterns` compiled to be matched right after the name."""
    return {script: re.compile(words, re.IGNORECASE) for script, words in patterns.items()}


_IS_PLACE_BEFORE, _IS_PLACE_AFTER = _ends(_PLACE_BEFORE), _starts(_PLACE_AFTER)
_IS_PEOPLE_BEFORE, _IS_PEOPLE_AFTER = _ends(_PEOPLE_BEFORE), _starts(_PEOPLE_AFTER)
_IS_BLOCKED_BEFORE, _IS_BLOCKED_AFTER = _ends(_BLOCK_BEFORE), _starts(_BLOCK_AFTER)


@dataclass(frozen=True, slots=True)
class _Name:
    """One spelling of a place: `weak` needs a place word beside it, `cased` this very case."""

    written: str
    script: str
    weak: bool
    cased: bool
    is_country: bool
    value: str | None
    attributes: Mapping[str, Any]
    reason: str


def _reason(place: Mapping[str, Any], sources: Mapping[str, Mapping[str, str]]) -> str:
    """Return why an entry counts: who reported a scam site and when, `gazetteer` for any other place."""
    if place["kind"] != "scam_site":
        return "gazetteer"
    latest = max((sources[key] for key in place["sources"]), key=lambda source: source["date"])
    return f"gazetteer: reported by {latest['publisher']}, {latest['date']}"


def _names_of(place: Mapping[str, Any], sources: Mapping[str, Mapping[str, str]]) -> Iterator[_Name]:
    """Yield the spellings of one entry of the gazetteer."""
    attributes = {"country": place["country"] or None, "gazetteer_id": place["id"], "kind": place["kind"]}
    if place["kind"] == "scam_site":
        attributes |= {"status": place["status"], "as_of": place["as_of"] or None}
    reason = _reason(place, sources)
    first = next(iter(place["names"].values()))[0].rstrip("?^")
    for script, names in place["names"].items():
        for name in names:
            written = name.rstrip("?^")
            marks = name[len(written) :]
            yield _Name(
                written=written,
                script=script,
                weak="?" in marks,
                cased="^" in marks or (script == "latin" and len(written) <= 3),
                is_country=place["kind"] == "country",
                value=None if place.get("collective") else first,
                attributes=attributes,
                reason=reason,
            )


def _load() -> dict[str, _Name]:
    """Return the gazetteer's names by their lower-case form."""
    data = tomllib.loads(Path(__file__).with_name("gazetteer.toml").read_text(encoding="utf-8"))
    return {lower(n.written): n for place in data["place"] for n in _names_of(place, data["sources"])}


_NAMES = _load()
_SPELLINGS = ScriptWords(_NAMES)


def find(text: str, context: Context) -> list[Entity]:
    """Return the places that `text` names, the longest name where several start at the same character.

    `value` is the English name. `attributes`: country (ISO 3166-1 alpha-2, None if several), gazetteer_id,
    kind; of a scam_site also status and as_of, and the reason says who reported it and when.
    """
    if _WORD_BREAK not in text:
        return list(_find(text))
    found = list(_find(text.replace(_WORD_BREAK, "")))
    if not found:
        return []
    kept = [index for index, char in enumerate(text) if char != _WORD_BREAK]
    return [replace(entity, start=kept[entity.start], end=kept[entity.end - 1] + 1) for entity in found]


def _find(text: str) -> Iterator[Entity]:
    """Yield the places of a text without word-break characters."""
    lowered = lower(text).replace("’", "'")
    free = 0
    for start, end in _SPELLINGS.longest_first(lowered):
        name = _NAMES[lowered[start:end]]
        if start >= free and _is_meant(text, start, end, name):
            yield _entity(name, start, end)
            free = end


def _entity(name: _Name, start: int, end: int) -> Entity:
    """Return the entity of `name` at `[start, end)`."""
    proba = 0.8 if name.weak else 0.95 if len(name.written) >= 4 else 0.88
    return Entity("LOCATION", start, end, name.value, name.attributes, proba, "gazetteer", name.reason)


def _is_meant(text: str, start: int, end: int, name: _Name) -> bool:
    """Whether `text[start:end]`, spelt like `name`, is a whole word and means the place."""
    if name.cased and text[start:end] != name.written and not _is_shouted(text[start:end]):
        return False
    if not _is_word(text, start, end):
        return False
    before, after = text[max(0, start - _WINDOW_CHARS) : start], text[end : end + _WINDOW_CHARS]
    if _ends_in(before, _IS_BLOCKED_BEFORE, name.script) or _starts_with(
        after, _IS_BLOCKED_AFTER, name.script
    ):
        return False
    if name.is_country and _is_people(name.script, before, after):
        return False
    if name.weak and not _has_place_word(name.script, before, after):
        return False
    return name.script != "latin" or not _is_in_address(text, start, end)


def _is_shouted(words: str) -> bool:
    """Whether a name of four letters and more stands in capitals."""
    return len(words) >= 4 and words.isupper()


def _ends_in(window: str, patterns: Mapping[str, re.Pattern[str]], script: str) -> bool:
    """Whether `window` ends in the words of `script`."""
    return script in patterns and patterns[script].search(window) is not None


def _starts_with(window: str, patterns: Mapping[str, re.Pattern[str]], script: str) -> bool:
    """Whether `window` starts with the words of `script`."""
    return script in patterns and patterns[script].match(window) is not None


def _is_people(script: str, before: str, after: str) -> bool:
    """Whether the words around a country's name make it a people, a language, a dish or a currency."""
    return _ends_in(before, _IS_PEOPLE_BEFORE, script) or _starts_with(after, _IS_PEOPLE_AFTER, script)


def _has_place_word(script: str, before: str, after: str) -> bool:
    """Whether a word beside an ambiguous name makes it a place."""
    return _ends_in(before, _IS_PLACE_BEFORE, script) or _starts_with(after, _IS_PLACE_AFTER, script)


def _is_word(text: str, start: int, end: int) -> bool:
    """Whether `[start, end)` cuts no word or syllable, by the rules of the scripts at its ends."""
    return _BEGINS_WORD.match(text, start) is not None and _ENDS_WORD.match(text, end) is not None


def _is_in_address(text: str, start: int, end: int) -> bool:
    """Whether `[start, end)` is part of a web or mail address or of a handle."""
    left = start - _run_length(text[max(0, start - _TOKEN_CHARS) : start][::-1])
    right = end + _run_length(text[end : end + _TOKEN_CHARS])
    return _ADDRESS.search(text, left, right) is not None


def _run_length(window: str) -> int:
    """Return how many characters at the start of `window` may belong to an address."""
    run = _ADDRESS_RUN.match(window)
    return run.end() if run else 0
