"""Tables: characters and words that stand for others. Data only; the rules are elsewhere."""

from __future__ import annotations

import unicodedata
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# ---------------------------------------------------------------- scripts, as contents of a regex class

LATIN: Final = "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
HAN: Final = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
KANA: Final = "\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\uff66-\uff9f"
MYANMAR: Final = "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f"
KHMER: Final = "\u1780-\u17dd"
THAI: Final = "\u0e01-\u0e3a\u0e40-\u0e4f\u0e5a\u0e5b"
LAO: Final = "\u0e80-\u0ecf\u0edc-\u0edf"

THAI_CONSONANT: Final = "\u0e01-\u0e2e"
LAO_CONSONANT: Final = "\u0e81-\u0eae\u0edc-\u0edf"
PREFIX_VOWEL: Final = "\u0e40-\u0e44\u0ec0-\u0ec4"
"""Thai and Lao vowels written before their consonant: no word ends in one."""

THAI_LAO_MARK: Final = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece"
FOLLOWING_VOWEL: Final = "\u0e30\u0e32\u0e33\u0e45\u0eb0\u0eb2\u0eb3"
"""Thai and Lao vowels written after their consonant: no word begins with one."""

KHMER_MARK: Final = "\u17b6-\u17d3\u17dd"
MYANMAR_MARK: Final = (
    "\u102b-\u103e\u1056-\u1059\u105e-\u1060\u1062-\u1064\u1067-\u106d\u1071-\u1074"
    "\u1082-\u108d\u108f\u109a-\u109d"
)
DEPENDENT: Final = (
    f"\u0300-\u036f{THAI_LAO_MARK}{FOLLOWING_VOWEL}{KHMER_MARK}{MYANMAR_MARK}\u0900-\u0903\u093a-\u094f"
)
"""Signs that only ever follow a letter of their own word."""
WITHIN_A_WORD: Final = f"[{DEPENDENT}]|[{THAI_CONSONANT}]\u0e4c|[{LAO_CONSONANT}]\u0ecc"
"""A sign or a silenced letter: no word begins with one."""

# ---------------------------------------------------------------- decoration

EMOJI: Final = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u25aa-\u25fe\u2600-\u27bf\u2934\u2935\u2b05-\u2b55"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001f0ff\U0001f170-\U0001f19a\U0001f1e6-\U0001f1ff\U0001f201-\U0001faff"
)
DECORATION: Final = (
    "\u2190-\u21ff\u2300-\u23ff\u2500-\u2767\u2794-\u27bf\u2900-\u297f\u2b00-\u2bff\u00a4\u203b\u2605\u2606\u25cf\u3013"
    "\U0001f000-\U0001f0ff\U0001f201-\U0001faff\ufe0f\u200d"
)
"""Emoji, stars, hearts, boxes and arrows that get strewn between letters."""

# ---------------------------------------------------------------- invisible characters

INVISIBLE: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)

NEWLINES: Final = "\u000b\u000c\u0085\u2028\u2029"
SPACES: Final = (
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u2800\u3000"
)

# ---------------------------------------------------------------- digits

DIGIT_ZEROS: Final = (
    *(0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6),
    *(0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40),
    *(0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30, 0x11066),
    *(0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x11950),
    *(0x11C50, 0x11D50, 0x11DA0, 0x16A60, 0x16AC0, 0x16B50, 0x1E140, 0x1E2F0, 0x1E950, 0x1FBF0),
    *(0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6),
)
"""The zero of every decimal script and style; 1 to 9 follow it. Shan digits (U+1090) have their own rule."""

DIGITS: Final = {chr(zero + value): str(value) for zero in DIGIT_ZEROS for value in range(10)}


def _enclosed(first: int, count: int = 9, value: int = 1) -> dict[str, str]:
    return {chr(first + step): str(value + step) for step in range(count)}


ENCLOSED_DIGITS: Final = {
    **_enclosed(0x2460, 20),  # ①
    **_enclosed(0x2474, 20),  # ⑴
    **_enclosed(0x24EB, 10, 11),  # ⓫
    **_enclosed(0x24F5, 10),  # ⓵
    **_enclosed(0x2776, 10),  # ❶
    **_enclosed(0x2780, 10),  # ➀
    **_enclosed(0x278A, 10),  # ➊
    "\u24ea": "0",
    "\u24ff": "0",
    "\U0001f10b": "0",
    "\U0001f10c": "0",
    "\U0001f51f": "10",
}

RAISED_DIGITS: Final = dict(
    zip("\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079", "0123456789", strict=True)
) | {chr(0x2080 + value): str(value) for value in range(10)}

HAN_DIGITS: Final = dict(
    zip("〇零○一二三四五六七八九幺两壹贰貳叁參肆伍陆陸柒捌玖", "00012345678912122334566789", strict=True)
)

MYANMAR_LETTER_DIGITS: Final = {"\u101d": "0", "\u101b": "7"}
"""Letters typed for digits: WA for zero, RA for seven."""

DIGIT_LOOKALIKES: Final = {
    **{"o": "0", "O": "0", "Q": "0", "D": "0", "l": "1", "I": "1", "i": "1", "|": "1", "!": "1"},
    **{"Z": "2", "z": "2", "S": "5", "s": "5", "b": "6", "B": "8", "g": "9", "q": "9"},
}

# ---------------------------------------------------------------- styled Latin letters


def _alphabet(first: int, letters: str) -> dict[str, str]:
    return {chr(first + step): letter for step, letter in enumerate(letters)}


_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LOWER = _UPPER.lower()

FULL_WIDTH_LETTERS: Final = _alphabet(0xFF21, _UPPER) | _alphabet(0xFF41, _LOWER)

FULL_WIDTH_SYMBOLS: Final = {chr(0xFEE0 + ord(symbol)): symbol for symbol in "@.-/:+_%$#&=*"} | {
    "\u3002": "."
}
"""Become ASCII only between ASCII letters and digits; beside Chinese or Japanese text they stay."""

MATHEMATICAL: Final = {
    char: plain
    for char in map(chr, range(0x1D400, 0x1D7CC))  # NFKC is right for these, and only these
    if (plain := unicodedata.normalize("NFKC", char)) != char
}
LETTERLIKE: Final = dict(zip("ℂℊℋℌℍℎℐℑℒℕℙℚℛℜℝℤℨℬℭℯℰℱℳℴℹⅅⅆⅇⅈⅉ", "CgHHHhIILNPQRRRZZBCeEFMoiDdeij", strict=True))
CIRCLED: Final = (
    _alphabet(0x24B6, _UPPER)
    | _alphabet(0x24D0, _LOWER)
    | _alphabet(0x249C, _LOWER)
    | _alphabet(0x1F110, _UPPER)
    | _alphabet(0x1F130, _UPPER)
    | _alphabet(0x1F150, _UPPER)
)
SQUARED: Final = _alphabet(0x1F170, _UPPER)
"""Negative squared letters; A, B, O and P are emoji too, so they become letters only inside words."""

REGIONAL: Final = _alphabet(0x1F1E6, _UPPER)

STYLED: Final = (
    FULL_WIDTH_LETTERS | MATHEMATICAL | LETTERLIKE | {k: v for k, v in CIRCLED.items() if k != "\u24c2"}
)
"""Styled letters that become plain wherever they stand."""

SMALL_CAPITALS: Final = dict(zip("ᴀʙᴄᴅᴇꜰғɢʜɪᴊᴋʟᴍɴᴏᴘꞯǫʀꜱᴛᴜᴠᴡʏᴢ", "abcdeffghijklmnopqqrstuvwyz", strict=True))
RAISED_LETTERS: Final = dict(
    zip("ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ",
        "abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW", strict=True)
)  # fmt: skip
IPA_ONLY: Final = "ʃʒθðŋəɛɔʌæɑɒɜʊɾɹˈˌː"
"""Beside one of these, small capitals are phonetics, not decoration."""

FLAGS: Final = _words(
    """
    AC AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
    BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CP CR CU CV CW CX CY CZ DE DG DJ DK DM DO DZ EA
    EC EE EG EH ER ES ET EU FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY
    HK HM HN HR HT HU IC ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA
    LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ
    NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
    SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TA TC TD TF TG TH TJ TK TL TM TN TO
    TR TT TV TW TZ UA UG UM UN US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
    """
)

# ---------------------------------------------------------------- look-alikes of Latin letters

CYRILLIC: Final = dict(
    zip(
        "АВЕЅІЈКМНОРСТУХԌԚԜҮѴаеѕіјорсухԁһӏԛԝѵүкмтпг",
        "ABESIJKMHOPCTYXGQWYVaesijopcyxdhlqwvykmtnr",
        strict=True,
    )
)
GREEK: Final = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹαεικνορτυχϲϳ", "ABEZHIKMNOPTYXCaeikvoptuxcj", strict=True))
ARMENIAN: Final = dict(zip("ՏՍԼՕցհոսօզք", "SULOghnuoqp", strict=True))
CHEROKEE: Final = dict(zip("ᎪᏴᏟᎠᎬᏀᎻᎥᎫᏦᏞᎷᏢᎡᏚᎢᏙᏔᏃ", "ABCDEGHiJKLMPRSTVWZ", strict=True))
SYLLABICS: Final = dict(zip("ᗩᗷᑕᗪᖴᕼᒍᒪᗰᑎᑭᖇᔕᑌᐯᗯ᙭", "ABCDFHJLMNPRSUVWX", strict=True))
LATIN_LOOKALIKES: Final = dict(zip("ɑɡɩʋⅼⅽⅾⅿⅰⅴⅹ", "agivlcdmivx", strict=True))

HOMOGLYPHS: Final = CYRILLIC | GREEK | ARMENIAN | CHEROKEE | SYLLABICS | LATIN_LOOKALIKES
"""A letter of another script -> the Latin letter it passes for."""

LEET: Final = {
    "0": "o",
    "1": "i",
    "3": "e",
    "4": "a",
    "5": "s",
    "7": "t",
    "8": "b",
    "@": "a",
    "$": "s",
    "!": "i",
}

# ---------------------------------------------------------------- words worth hiding

HIDDEN_WORDS: Final = (
    _words(  # contact
        """
        line lineid telegram whatsapp wechat weixin viber zalo facebook messenger instagram tiktok
        signal skype kakao kakaotalk inbox contact call phone mobile number email gmail channel group
        chat admin
        """
    )
    | _words(  # money
        """
        bank banking account deposit withdraw transfer payment pay paypal cash money dollar baht loan
        credit debit card atm otp pin usdt bitcoin crypto binance wallet invest investment investor
        profit profits trading forex
        """
    )
    | _words(  # credentials
        """
        password login verify verified verification account accounts update confirm security secure
        suspended locked access apple amazon google netflix microsoft support
        """
    )
    | _words(  # bait
        """
        free bonus promo promotion gift prize winner win reward lucky lottery jackpot casino slot slots
        poker bet betting gamble gambling baccarat judi togel gacor maxwin daftar menang pinjaman pinjol
        dana tunai uang rekening hadiah urgent click link apply hiring hire job jobs work worker salary
        income earn earning remote online visa passport offer discount cheap sale buy sell order limited
        today now escort sex sexy massage drugs cocaine meth ketamine vay tien lamviec tuyendung luong
        kerja gaji trabaho sahod pautang sugal dream winwin viagra degree diploma
        """
    )
)
"""Latin words that are rejoined or de-leeted even where the general rules would hold back."""

NUMBER_WORDS: Final = _words(
    """
    zero oh one two three four five six seven eight nine double triple
    nol kosong satu dua tiga empat lima enam tujuh lapan delapan sembilan belas puluh
    khong mot hai ba bon nam sau bay tam chin sero isa dalawa tatlo apat anim pito walo siyam uno dos
    tres kwatro singko sais siyete syete otso nuwebe ek do teen char chaar paanch panch chhe saat aath nau
    """
)
"""Digits in words, in Latin letters: with digits beside them they are no leet but part of a number."""

HIDDEN_HAN_WORDS: Final = (
    *(
        "微信",
        "薇信",
        "威信",
        "扣扣",
        "电报",
        "電報",
        "飞机",
        "支付宝",
        "刷单",
        "兼职",
        "返利",
        "贷款",
        "博彩",
        "转账",
    ),
    *(
        "银行卡",
        "跑分",
        "卡农",
        "招聘",
        "高薪",
        "投资",
        "理财",
        "彩票",
        "赌博",
        "代理",
        "日结",
        "客服",
        "加微",
        "下注",
    ),
)
"""Chinese words that emoji, stars or dots may cut in two."""
