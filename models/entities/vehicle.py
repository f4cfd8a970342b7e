"""Finds vehicle number plates of the region: in an unmistakable form, or beside a word for a vehicle."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from models.entities.entity import Context, Entity, disjoint
from models.entities.words import Words, lower

_CONTEXT_CHARS = 36
_AFTER_CHARS = 14


# Thai provinces as plates name them (Department of Land Transport), with the short form of Bangkok.
_THAI_PROVINCE = (
    "กรุงเทพมหานคร|กรุงเทพฯ?|กทม\\.?|กระบี่|กาญจนบุรี|กาฬสินธุ์|กำแพงเพชร|ขอนแก่น|จันทบุรี"
    "|ฉะเชิงเทรา|ชลบุรี|ชัยนาท|ชัยภูมิ|ชุมพร|เชียงราย|เชียงใหม่|ตรัง|ตราด|ตาก"
    "|นครนายก|นครปฐม|นครพนม|นครราชสีมา|โคราช|นครศรีธรรมราช|นครสวรรค์|นนทบุรี|นราธิวาส|น่าน|บึงกาฬ"
    "|บุรีรัมย์|ปทุมธานี|ประจวบคีรีขันธ์|ปราจีนบุรี|ปัตตานี|พระนครศรีอยุธยา|อยุธยา"
    "|พะเยา|พังงา|พัทลุง|พิจิตร|พิษณุโลก|เพชรบุรี|เพชรบูรณ์|แพร่|ภูเก็ต|มหาสารคาม|มุกดาหาร"
    "|แม่ฮ่องสอน|ยโสธร|ยะลา|ร้อยเอ็ด|ระนอง|ระยอง|ราชบุรี|ลพบุรี|ลำปาง|ลำพูน|เลย"
    "|ศรีสะเกษ|สกลนคร|สงขลา|สตูล|สมุทรปราการ|สมุทรสงคราม|สมุทรสาคร|สระแก้ว|สระบุรี|สิงห์บุรี"
    "|สุโขทัย|สุพรรณบุรี|สุราษฎร์ธานี|สุรินทร์|หนองคาย|หนองบัวลำภู"
    "|อ่างทอง|อำนาจเจริญ|อุดรธานี|อุตรดิตถ์|อุทัยธานี|อุบลราชธานี|เบตง"
)
_PROVINCE = rf"(?: ?(?:จังหวัด|จ\.)? ?(?P<province>{_THAI_PROVINCE}))"
_KOREAN_USE = "가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주바사아자허하호배해육공국합"
_CHINESE_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"

# A pattern begins with a set of characters, so that the search jumps from one of them to the next: what must
# not stand before the plate is asked after the first character, which is the point in `(?<!x.)`.
_START = r"(?<![A-Za-z0-9@/_#.,\-].)"
_END = r"(?![A-Za-z0-9@_])(?!-\d)(?![.,]\d)"


def _codes(joined: str) -> str:
    """A pattern for one of the area codes, parted by spaces, where a plate may begin.

    It asks for the codes, from before the first letter, only where that letter may begin a plate.
    """
    return rf"[A-Z]{_START}(?<=(?=(?:{joined.replace(' ', '|')})[ \-\d]).)[A-Z]?"


_INDIAN_STATE = _codes(
    "AN AP AR AS BR CG CH DD DL DN GA GJ HP HR JH JK KA KL LA LD MH ML MN MP MZ NL OD OR "
    "PB PY RJ SK TN TR TS TG UA UK UP WB"
)
_INDONESIAN_AREA = _codes(
    "A AA AB AD AE AG B BA BB BD BE BG BH BK BL BM BN BP D DA DB DC DD DE DG DH DK DL DM DN DP DR "
    "DS DT DW E EA EB ED F G H K KB KH KT KU L M N P PA PB PS PT PY R S T W Z"
)


@dataclass(frozen=True, slots=True)
class _Form:
    country: str | None
    pattern: re.Pattern[str]
    alone: bool  # unmistakable without a context word


@dataclass(frozen=True, slots=True)
class _Script:
    """The forms of one script, and what a text with any of them holds."""

    core: re.Pattern[str]
    forms: tuple[_Form, ...]


def _form(country: str | None, pattern: str, *, alone: bool = False) -> _Form:
    return _Form(country, re.compile(pattern, re.ASCII), alone)


def _script(core: str, *forms: _Form) -> _Script:
    return _Script(re.compile(core, re.ASCII), forms)


# Forms: Wikipedia, "Vehicle registration plates of Thailand / Laos / Cambodia / Myanmar / Vietnam /
# Malaysia / Indonesia / the Philippines / China / South Korea / India / Japan".
_ASCII_SCRIPTS = (
    _script(
        rf"[A-Z\d]{_START}(?:(?<=[A-Z])|\d?[ -]?[A-Z])[A-Z\d]{{0,2}} ?[-./]? ?\d",
        _form("KH", rf"\d{_START}\d?[A-Z]{{2}} ?[-.] ?\d{{4}}{_END}", alone=True),
        _form("MM", rf"\d{_START}[A-Z] ?/ ?\d{{4}}{_END}", alone=True),
        _form(None, rf"\d{_START}\d?[A-Z] ?- ?\d{{4}}{_END}", alone=True),  # both Cambodia and Myanmar
        _form("VN", rf"[1-9]{_START}\d-?[A-Z][A-Z\d]? ?-? ?\d{{3}}\.\d{{2}}{_END}", alone=True),
        _form("VN", rf"[1-9]{_START}\d-?[A-Z][A-Z\d]?[ -]?\d{{4,5}}{_END}"),
        _form("VN", rf"[A-Z]{_START}[A-Z][- ]?\d{{4,5}}(?:[- ]?TS)?{_END}"),
        _form("MY", rf"[A-Z]{_START}[A-Z]{{0,2}} ?\d{{1,4}}(?: ?[A-Z])?{_END}"),
        _form("ID", rf"{_INDONESIAN_AREA} \d{{4}} [A-Z]{{2,3}}{_END}", alone=True),
        _form("ID", rf"{_INDONESIAN_AREA}[ -]?\d{{1,4}}[ -]?[A-Z]{{1,3}}{_END}"),
        _form("PH", rf"[A-Z]{_START}[A-Z]{{2}}[ -]?\d{{3,4}}{_END}"),
        _form(
            "IN",
            rf"{_INDIAN_STATE}[ -]?\d{{1,2}}[ -]?[A-HJ-NP-Z]{{1,3}}[ -]?\d{{4}}{_END}",
            alone=True,
        ),
        _form("IN", rf"{_INDIAN_STATE}[ -]?\d{{1,2}}[ -][A-Z]? ?\d{{4}}{_END}"),
        _form("IN", rf"\d{_START}\d[ -]?BH[ -]?\d{{4}}[ -]?[A-HJ-NP-Z]{{1,2}}{_END}", alone=True),
        _form(None, rf"[A-Z]{_START}[A-Z]{{0,2}} ?-? ?\d{{3,4}}(?:-[A-Z]{{1,2}})?{_END}"),
    ),
    _script(
        r"[1-9]\d-\d{4}",
        _form("TH", rf"[1-9](?<![\d\-].)\d-\d{{4}}(?![\d\-]){_PROVINCE}", alone=True),
        _form("TH", r"[6-9](?<![\d\-+].)\d-\d{4}(?![\d\-])"),
    ),
)
_SCRIPTS = (
    *_ASCII_SCRIPTS,
    _script(
        r"[ก-ฮ][ก-ฮ] ?-? ?\d",
        _form("TH", rf"\d(?<![\d.,].)[ก-ฮ]{{2}} ?-? ?\d{{1,4}}(?![\d,.]\d|\d){_PROVINCE}?", alone=True),
        _form("TH", rf"[ก-ฮ](?<![ก-๛\d.].)[ก-ฮ] ?-? ?\d{{1,4}}(?!\d|[.,]\d){_PROVINCE}", alone=True),
        _form(
            "TH",
            r"[ก-ฮ](?:(?<=ทะเบียน.)|(?<=ป้าย.)|(?<![ก-๛\d.].))[ก-ฮ] ?-? ?\d{1,4}(?!\d|[.,:]\d)",
        ),
    ),
    _script(
        r"[ກ-ຮ][ກ-ຮ] ?-? ?\d",
        _form(
            "LA",
            r"[ກ-ຮ](?:(?<=ທະບຽນ.)|(?<=ປ້າຍ.)|(?<![ກ-ໝ\d.].))[ກ-ຮ] ?-? ?\d{4}(?!\d|[.,:]\d)",
        ),
    ),
    _script(
        r"\d[က-အ]",
        _form("MM", r"\d(?<![\d./].)\d?[က-အ]{1,2} ?[-/] ?\d{4}(?!\d)", alone=True),
    ),
    _script(
        rf"[{_CHINESE_PROVINCE}][A-HJ-Z]",
        _form(
            "CN",
            rf"[{_CHINESE_PROVINCE}][A-HJ-Z][·•.・ ]?[A-HJ-NP-Z0-9]{{5,6}}(?![A-Za-z0-9])",
            alone=True,
        ),
    ),
    _script(
        rf"\d[{_KOREAN_USE}] ?\d",
        _form("KR", rf"\d(?<!\d.)\d{{1,2}}[{_KOREAN_USE}] ?\d{{4}}(?![\d,원])", alone=True),
    ),
    _script(
        r"\d ?[ぁ-ん] ?[\d・]",
        _form("JP", r"[一-鿿]{1,4} ?\d{3} ?[ぁ-ん] ?(?:\d{2}-\d[\d×x]|・?\d{3})(?!\d)", alone=True),
    ),
)
_HINT_PIECES = (  # wherever they stand
    "ทะเบียน|ป้าย|รถ|กระบะ|เก๋ง|มอเตอร์ไซ|ตู้ทึบ|ทบ.|ເລກທະບຽນ|ທະບຽນ|ປ້າຍ|ລົດ|ຄັນ|ផ្លាកលេខ"
    "|ស្លាកលេខ|ផ្លាក|ស្លាក|ឡាន|រថយន្ត|ម៉ូតូ|ប៉ូលិសឡាន|ណុលេខ|ယာဉ်|ကား|နံပါတ်ပြား|ဆိုင်ကယ်|လှေ"
    "|လိုင်စင်နံပါတ်"
    "|车牌|車牌|牌照|车|車|面包|皮卡|货柜|차량|번호판|승합|트럭|봉고|차|ナンバー|गाड़ी"
    "|नंबर प्लेट|कार|ट्रक|बस|वैन|ऑटो|बाइक|स्कूटी"
)
_HINT_WORDS = (  # as whole words; a longer one before what it begins with
    "plates|plate|plat|plaka|car|van|truck|lorry|bus|pickup|pick-up|taxi|minivan|minibus|sedan"
    "|suv|motorbike|motorcycle|bike|scooter|tuk-tuk|tuktuk|vehicle"
    "|registration number|registration no|registration|reg number|reg no|reg"
    "|kereta|lori|bas|motor|motosikal|pendaftaran"
    "|mobil|truk|travel|angkot|nopol|kendaraan|avanza|innova"
    "|biển số|biển|bien so|bs|xe|ô tô|oto|tàu|ghe|thuyền|jeep|jeepney|trike|tricycle|sasakyan"
    "|kotse|gaadi|gadi|auto|hilux|fortuner|vios|myvi|alza|hiace|alphard"
    "|lexus|mio|vario|scoopy|nmax|aerox|click|toyota|honda|hyundai|proton|perodua|thabian|boat"
    "|bot|kapal|rot|lod|ban|lan"
)
_HINT = re.compile(
    rf"{'|'.join(map(re.escape, _HINT_PIECES.split('|')))}|\b(?:{_HINT_WORDS})\b", re.IGNORECASE
)
_ANY_HINT = Words([*_HINT_PIECES.split("|"), *_HINT_WORDS.split("|")])
_NOT_PLATE = re.compile(
    r"^(?:RM|USD|THB|PHP|IDR|MYR|KHR|LAK|MMK|VND|CNY|HK|NT|SGD|INR|RS|BTC|KRW|JPY|COD|KM|CC|HP|FL"
    r"|NO|ID|PIN|OTP|SMS|OT|KL|PM|AM|SPM|ATM|KYC|VIP|TV|WC|EU|JAN|FEB"
    r"|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC|PHASE|ISO|MOU|TM|REF|INV|BE|CE|AD|RP|GATE|BLK|ROOM"
    r"|LOT|BAY|SEAT|TG|QR|VN|SQ|MH|AK|FD|PR|CX|TR|A|B|C|M|G|T|K|X|P|U)[ -]?\d+[A-Z]?$",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r" ?(?:บาท|คน|ล้าน|ກີບ|ບາດ|ကျပ်|ဘတ်|រៀល|ដុល្លារ|baht|usd|元|块|원|명|jt|juta|ribu|k\b|kg\b|km\b|%)",
    re.IGNORECASE,
)
# Months in short (Royal Society of Thailand), dots left out, and a year: 5ธค2568 has the form of a plate.
_THAI_DATE = re.compile(
    r"(?:0?[1-9]|[12]\d|3[01]) ?(?:มค|กพ|พค|กค|สค|กย|ตค|พย|ธค) ?(?:2[4-6]\d\d|20\d\d|[5-7]\d)"
)
_DAY_BEFORE = re.compile(r"(?<!\d)\d{1,2} ?\Z")
_SAYS_PLATE = re.compile(r"(?:ทะเบียน|ป้าย).{0,12}\Z")
_TWO_DIGITS = re.compile(r"\d\d", re.ASCII)
_SPACES = re.compile(r"[\s·•・.\-/]+")


def _candidates(text: str) -> Iterator[tuple[Entity, bool]]:
    """Yield plates, each with whether its form is unmistakable."""
    scripts = _ASCII_SCRIPTS if text.isascii() else _SCRIPTS
    forms = [form for script in scripts if script.core.search(text) for form in script.forms]
    if not forms:
        return
    any_hint = _ANY_HINT.are_in(lower(text))
    for form in forms:
        if not (form.alone or any_hint):
            continue
        for match in form.pattern.finditer(text):
            if _MEASURED.match(text, match.end()):
                continue
            if not form.alone and _NOT_PLATE.match(match.group()):
                continue
            if _is_thai_date(text, *match.span()):
                continue
            hint = _hint(text, *match.span()) if any_hint else None
            if form.alone or hint:
                yield _entity(match, form, hint), form.alone


def _is_thai_date(text: str, start: int, end: int) -> bool:
    """Whether `[start, end)` is a day, or its month and year, and no word for a plate says otherwise."""
    before = text[max(0, start - _AFTER_CHARS) : start]
    day = _DAY_BEFORE.search(before)
    written = (day.group() if day else "") + text[start:end]
    return _THAI_DATE.fullmatch(written) is not None and not _SAYS_PLATE.search(before)


def _hint(text: str, start: int, end: int) -> re.Match[str] | None:
    """Find the nearest word for a vehicle on the line before the plate, or shortly after it."""
    line = text.rfind("\n", max(0, start - _CONTEXT_CHARS), start) + 1
    before = _HINT.search(text, max(line, start - _CONTEXT_CHARS), start)
    return before or _HINT.search(text, end, min(len(text), end + _AFTER_CHARS))


def _entity(match: re.Match[str], form: _Form, hint: re.Match[str] | None) -> Entity:
    province = match["province"] if "province" in match.re.groupindex else None
    plate = match.group() if province is None else match.string[match.start() : match.start("province")]
    plate = re.sub(r" ?(?:จังหวัด|จ\.) ?$", "", plate)
    attributes = {"country": form.country if form.alone else None, "province": province}
    return Entity(
        "VEHICLE",
        *match.span(),
        value=_SPACES.sub("", plate).upper(),
        attributes={key: item for key, item in attributes.items() if item},
        proba=0.95 if form.alone and hint else 0.85,
        reason=f'context word "{hint.group()}"' if hint else "pattern",
    )


def find(text: str, context: Context) -> list[Entity]:
    """Find number plates.

    Args:
        text: normalised text.
        context: not used: plates of all countries meet at a border.

    Returns:
        In order of start, without overlaps. `value` is the plate without spaces, dots and hyphens, capitals,
        province left out; attributes `country` where only one has the form, `province` as written.
    """
    if not _TWO_DIGITS.search(text):
        return []
    found = sorted(_candidates(text), key=lambda item: (item[0].start, not item[1], -item[0].end))
    return disjoint(entity for entity, _ in found)
