"""Which encoding a text file is in: by its byte order mark, UTF-8, or what its letters speak for."""

import codecs
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from models.errors import InputError
from serving.files.row import UNREADABLE

HEAD_BYTES = 256 * 1024
UNREADABLE_HANDLER = "scamscreen_unreadable"

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_LEAST_PLAUSIBLE = 0.9

_THAI = re.compile("[\u0e00-\u0e7f]")
_THAI_MARK_ASTRAY = re.compile("(?<![\u0e01-\u0e4e])[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_HAN = re.compile("[\u4e00-\u9fff]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]")
_LAO, _MYANMAR, _KHMER = (
    re.compile("[\u0e80-\u0eff]"),
    re.compile("[\u1000-\u109f]"),
    re.compile("[\u1780-\u17ff]"),
)
_DEVANAGARI, _TAMIL = re.compile("[\u0900-\u097f]"), re.compile("[\u0b80-\u0bff]")
_SCRIPTS = (_LATIN, _THAI, _LAO, _MYANMAR, _KHMER, _DEVANAGARI, _TAMIL, _HANGUL, _HAN)
_VIETNAMESE = re.compile("[àáâãăèéêìíòóôõơùúýưđÀÁÂÃĂÈÉÊÌÍÒÓÔÕƠÙÚÝƯĐ\u0300\u0301\u0303\u0309\u0323₫]")
_VIETNAMESE_MARK = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_VIETNAMESE_MARK_ASTRAY = re.compile("(?<![aăâeêioôơuưyAĂÂEÊIOÔƠUƯY])[\u0300\u0301\u0303\u0309\u0323]")
# A double-byte codec reads almost any bytes as rare characters; real text is full of these common ones.
_COMMON_HAN = re.compile(
    "[的一是了我不人在他有这個个上们們来來到时時大地为為子中你说說生国國年着就那和要她出也得里裡后後自以会會家可下而"
    "过過天去能对對小多然于於心学學么麼之都好看起发發当當没沒成只如事把还還用第样樣道想作种種开開从從无無面最女但现現前"
    "所同日手又行动動方期头頭经經长長回位分老因给給名间間知两兩次使身者被高已进進话話常与與请請您招聘工薪包吃住元万萬月"
    "联聯系係電电加群钱錢款网網银銀卡号號公司信收费費时账賬户戶]"
)
_COMMON_HANGUL = re.compile(
    "[이다는에을가고하의지로기사은도를해한서어시자리인니요나대수주정아게보세전스일있습만그부]"
)
_LEAST_COMMON = 0.15
# What cp1252 has beyond ASCII in real text: typographic signs, and letters that stand alone among ASCII ones.
_WESTERN_LETTER = "[À-ÖØ-öø-ÿŒœŠšŽžŸ]"
_WESTERN = re.compile(
    f"[‘’“”–—…•€£©®™°·«»¿¡\u00a0\u00ad]|(?<!{_WESTERN_LETTER}){_WESTERN_LETTER}(?!{_WESTERN_LETTER})"
)


@dataclass(frozen=True, slots=True)
class Encoding:
    """The encoding of a text file; `guessed` when neither the file nor the user said so."""

    name: str
    guessed: bool = False


def find_encoding(head: bytes, *, wanted: str | None, name: str) -> Encoding:
    """Return the encoding of a file from its head (`lines.text_file` chooses it).

    A file that is UTF-8 but for a few rows is UTF-8: those rows become errors, the others are read.

    Raises:
        InputError: it is not UTF-8 and nothing plausible either.
    """
    if wanted is not None:
        return Encoding(wanted)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return Encoding(encoding)
    wide = _utf_16_without_mark(head)
    if wide is not None:
        return Encoding(wide, guessed=True)
    if _is_utf_8(head):
        return Encoding("utf-8")
    legacy = _legacy(head) or ("cp1252" if _is_western(head) else None)
    if legacy is not None:
        return Encoding(legacy, guessed=True)
    if _is_utf_8_in_most_lines(head):
        return Encoding("utf-8")
    raise InputError(
        f"{name} is not UTF-8 and its encoding is unclear: pass --encoding cp874 (Thai), gb18030, big5 "
        "(Chinese), cp1258 (Vietnamese), cp949 (Korean) or another"
    )


def mark_unreadable(error: UnicodeError) -> tuple[str, int]:
    """Put `UNREADABLE` in the place of bytes that cannot be decoded (a codec error handler)."""
    if isinstance(error, UnicodeDecodeError):
        return UNREADABLE, error.end
    raise error


def _is_utf_8(head: bytes) -> bool:
    """Whether the head is UTF-8, or nearly: at most one bad byte for four good characters beyond ASCII."""
    text = _decoded_marking(head, "utf-8")
    bad = text.count(UNREADABLE)
    good = sum(not character.isascii() for character in text) - bad
    return bad == 0 or good >= 4 * bad


def _is_utf_8_in_most_lines(head: bytes) -> bool:
    lines = _decoded_marking(head, "utf-8").splitlines()
    return 2 * sum(UNREADABLE in line for line in lines) <= len(lines)


def _is_western(head: bytes) -> bool:
    """Whether the head is plausible as cp1252, and next to nothing in it as UTF-8."""
    marked, text = _decoded_marking(head, "utf-8"), _decoded(head, "cp1252")
    if text is None:
        return False
    bad = marked.count(UNREADABLE)
    good = sum(not character.isascii() for character in marked) - bad
    foreign = sum(not character.isascii() for character in text)
    return 10 * good <= bad and len(_WESTERN.findall(text)) >= _LEAST_PLAUSIBLE * foreign


def _utf_16_without_mark(head: bytes) -> str | None:
    """Return the byte order of UTF-16 text: its blanks, digits and line ends hold NUL bytes."""
    if head.count(0) * 200 < len(head):
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        text = _decoded(head[: len(head) // 2 * 2], encoding)
        if text is not None and _is_of_one_script(text):
            return encoding
    return None


def _is_of_one_script(text: str) -> bool:
    """Whether nearly all letters are Latin or of one other script; those of a wrong byte order never are."""
    letters = [character for character in text if unicodedata.category(character)[0] in "LM"]
    for script in _SCRIPTS:
        in_script = sum(bool(_LATIN.match(letter) or script.match(letter)) for letter in letters)
        if letters and in_script >= _LEAST_PLAUSIBLE * len(letters):
            return script is not _HAN or _share(_COMMON_HAN, _HAN, text) >= _LEAST_COMMON
    return False


def _legacy(head: bytes) -> str | None:
    """Return the legacy encoding that makes the head the most plausible text, or None."""
    scores = {}
    for encoding, plausibility in _LEGACY.items():
        text = _decoded(head, encoding)
        if text is not None:
            scores[encoding] = plausibility(text)
    best = max(scores, key=lambda encoding: scores[encoding], default=None)
    return best if best is not None and scores[best] >= _LEAST_PLAUSIBLE else None


def _thai(text: str) -> float:
    return _share_of_foreign(_THAI, text) if _rare(_THAI_MARK_ASTRAY, _THAI, text) else 0.0


def _vietnamese(text: str) -> float:
    # Tone marks on vowels set it apart from cp1252, which shares most letters.
    has_tones = _share(_VIETNAMESE_MARK, _VIETNAMESE, text) >= 0.1
    return (
        _share_of_foreign(_VIETNAMESE, text)
        if has_tones and _rare(_VIETNAMESE_MARK_ASTRAY, _VIETNAMESE, text)
        else 0.0
    )


def _korean(text: str) -> float:
    return _share_of_foreign(_HANGUL, text) if _share(_COMMON_HANGUL, _HANGUL, text) >= _LEAST_COMMON else 0.0


def _chinese(text: str) -> float:
    common = _share(_COMMON_HAN, _HAN, text)
    # Both Chinese codecs may read the same bytes: more common characters win.
    return _share_of_foreign(_HAN, text) + common if common >= _LEAST_COMMON else 0.0


_LEGACY: dict[str, Callable[[str], float]] = {
    "cp874": _thai,
    "cp1258": _vietnamese,
    "cp949": _korean,
    "gb18030": _chinese,
    "big5": _chinese,
}


def _share_of_foreign(letters: re.Pattern[str], text: str) -> float:
    """Return which share of the letters and marks beyond ASCII are of one script."""
    foreign = [
        character
        for character in text
        if not character.isascii() and unicodedata.category(character)[0] in "LM"
    ]
    return (
        sum(letters.match(character) is not None for character in foreign) / len(foreign) if foreign else 0.0
    )


def _share(part: re.Pattern[str], whole: re.Pattern[str], text: str) -> float:
    return len(part.findall(text)) / max(1, len(whole.findall(text)))


def _rare(astray: re.Pattern[str], letters: re.Pattern[str], text: str) -> bool:
    return _share(astray, letters, text) <= 0.02


def _decoded(head: bytes, encoding: str) -> str | None:
    """Return the head decoded, its last character may be cut; None where a byte does not belong."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        return decoder.decode(head, final=len(head) < HEAD_BYTES)
    except UnicodeDecodeError:
        return None


def _decoded_marking(head: bytes, encoding: str) -> str:
    codecs.register_error(UNREADABLE_HANDLER, mark_unreadable)
    decoder = codecs.getincrementaldecoder(encoding)(errors=UNREADABLE_HANDLER)
    return decoder.decode(head, final=len(head) < HEAD_BYTES)
