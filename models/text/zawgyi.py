"""Zawgyi, the old Burmese font encoding, to Unicode.

Zawgyi stores Burmese in the order it is drawn (vowel E and medial RA before their consonant) and
uses code points that Unicode gives to Mon, Karen and Shan (U+1033, U+1034, U+105A, U+1060 to U+1097)
for variant glyphs. So text is converted only when a trained detector is sure of it.

Source for the detector: google/myanmar-tools (PyPI `myanmartools`, Apache-2.0). The conversion is
written from the published meaning of Zawgyi's code points.
"""

from __future__ import annotations

import re
import warnings
from functools import cache
from typing import Any, Final

from models.text.edits import Edit, Stage

MIN_PROBA: Final = 0.95
MIN_SYLLABLES: Final = 8
MAX_DETECTOR_CHARS: Final = 5_000
"""The detector is sure long before this; it keeps long texts cheap."""

# ---------------------------------------------------------------- what a Zawgyi code point means

CONSONANTS: Final = {
    "\u106a": "\u1009",
    "\u106b": "\u100a",
    "\u106e": "\u100d\u1039\u100d",
    "\u106f": "\u100d\u1039\u100e",
    "\u1086": "\u103f",
    "\u108f": "\u1014",
    "\u1090": "\u101b",
    "\u1091": "\u100f\u1039\u100d",
    "\u1092": "\u100b\u1039\u100c",
    "\u1097": "\u100b\u1039\u100b",
    "\u1040": "\u101d",
    "\u1047": "\u101b",
}
"""Zawgyi glyphs that carry a syllable, where they differ; a digit with marks is a letter."""

STACKED: Final = {
    **dict(
        zip(
            "\u1060\u1061\u1062\u1063\u1065\u1066\u1067",
            "\u1000\u1001\u1002\u1003\u1005\u1006\u1006",
            strict=True,
        )
    ),
    **dict(
        zip(
            "\u1068\u1069\u106c\u106d\u1070\u1071\u1072",
            "\u1007\u1008\u100b\u100c\u100f\u1010\u1010",
            strict=True,
        )
    ),
    **dict(
        zip(
            "\u1073\u1074\u1075\u1076\u1077\u1078\u1079",
            "\u1011\u1011\u1012\u1013\u1014\u1015\u1016",
            strict=True,
        )
    ),
    **dict(zip("\u107a\u107b\u1093\u107c\u1085", "\u1017\u1018\u1018\u1019\u101c", strict=True)),
}
"""Glyphs of a consonant under another one."""

MARKS: Final = {
    "\u1033": "\u102f",
    "\u1034": "\u1030",
    "\u1039": "\u103a",
    "\u103a": "\u103b",
    "\u103b": "\u103c",
    "\u103c": "\u103d",
    "\u103d": "\u103e",
    "\u105a": "\u102b\u103a",
    "\u107d": "\u103b",
    **dict.fromkeys("\u107e\u107f\u1080\u1081\u1082\u1083\u1084", "\u103c"),
    "\u1087": "\u103e",
    "\u1088": "\u103e\u102f",
    "\u1089": "\u103e\u1030",
    "\u108a": "\u103d\u103e",
    "\u108e": "\u102d\u1036",
    "\u1094": "\u1037",
    "\u1095": "\u1037",
}
"""Glyphs of medials, vowels and tones, where they differ from Unicode."""

KINZI: Final = {"\u1064": "", "\u108b": "\u102d", "\u108c": "\u102e", "\u108d": "\u1036"}
"""Glyphs of a small NGA above the next syllable's consonant, with the vowel they carry."""

_KINZI_UNICODE = "\u1004\u103a\u1039"
_RA = "\u103b\u107e-\u1084"
_BASE = "\u1000-\u102a\u103f\u106a\u106b\u106e\u106f\u1086\u108f-\u1092\u1097"
_MARK = (
    "\u102b-\u1030\u1032-\u103a\u103c\u103d\u105a\u1060-\u1069\u106c\u106d\u1070-\u107d\u1085\u1087-\u108e"
    "\u1093-\u1096"
)
_CLUSTER = re.compile(
    f"[\u1031{_RA}]{{0,4}}(?:[{_BASE}]|[\u1040\u1047](?=[{_MARK}])|(?<=[\u1031{_RA}])[\u1040\u1047])[{_MARK}]*"
    f"(?:\u1031[{_MARK}]+)?|[{_MARK}]+"
    "|\u104e|\u1044(?=\u1004\u1039\u1038)"
)

_KILLED_BEFORE_YA = re.compile("\u1039[\u103a\u107d]")
"""As in the word for man, the one place where the killer comes before a medial."""

_ORDER: Final = {
    mark: place
    for place, mark in enumerate(
        "\u103b\u103c\u103d\u103e\u1031\u102d\u102e\u1032\u102f\u1030\u102b\u102c\u1036\u103a\u1037\u1038"
    )
}
"""The order of signs in a Unicode syllable; composition puts dot below before the killer where it belongs."""


def _syllable(match: re.Match[str]) -> str:
    """One Zawgyi cluster in Unicode code points and order."""
    cluster = match.group()
    if cluster in ("\u104e", "\u1044"):
        return "\u104e\u1004\u103a\u1038" if cluster == "\u104e" else "\u104e"
    base, kinzi, stacked, marks = "", "", "", ""
    for char in cluster:
        if char in STACKED:
            stacked += "\u1039" + STACKED[char]
        elif char in KINZI:
            kinzi, marks = _KINZI_UNICODE, marks + KINZI[char]
        elif char in CONSONANTS or (char <= "\u102a" or char == "\u103f"):
            base = CONSONANTS.get(char, char)
        elif char == "\u1096":
            stacked, marks = stacked + "\u1039\u1010", marks + "\u103d"
        else:
            marks += MARKS.get(char, char)
    if _KILLED_BEFORE_YA.search(cluster):
        base, marks = base + "\u103a", marks.replace("\u103a", "")
    return _settled(kinzi + base + stacked, marks)


def _settled(letters: str, marks: str) -> str:
    """Letters and their marks in order, with the spellings that Zawgyi typists write otherwise."""
    ordered = "".join(sorted(set(marks), key=lambda mark: _ORDER[mark]))
    if letters == "\u101e" and ordered == "\u103c":
        return "\u1029"
    if letters == "\u101e" and ordered == "\u103c\u1031\u102c\u103a":
        return "\u102a"
    if letters == "\u1025" and "\u103a" in ordered:
        letters = "\u1009"
    return letters + ordered


# ---------------------------------------------------------------- whether to convert

_SYLLABLE = re.compile("[\u1000-\u102a\u106a\u106b\u106e\u106f\u1086\u108f-\u1092](?![\u1039\u103a\u1037])")
_NEVER_ZAWGYI = re.compile(
    "[\u1022\u1028\u1035\u103e\u1050-\u1059\u105b-\u105f\u1098-\u109f\ua9e0-\ua9fe\uaa60-\uaa7f]"
)
"""Letters of Mon, Karen and Shan, and medial HA, that no Zawgyi font draws."""
_SIGN = re.compile(
    "\u1039(?![\u1000-\u1021])|(?<![\u1000-\u1021\u1025-\u1029\u103b-\u103f])\u1031|[\u1033\u1034\u105a\u1060-\u1097]"
)
"""A killer where Unicode wants a stacked consonant, a vowel E before its consonant, or a variant glyph."""


@cache
def _detector() -> Any:  # noqa: ANN401 - the package has no types
    from myanmartools import ZawgyiDetector

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # it reads its resource the old way
        return ZawgyiDetector()


def _proba(text: str) -> float:
    return float(_detector().get_zawgyi_probability(text[:MAX_DETECTOR_CHARS]))


def _converted(text: str) -> list[Edit]:
    edits: list[Edit] = []
    for match in _CLUSTER.finditer(text):
        syllable = _syllable(match)
        if syllable != match.group():
            edits.append((*match.span(), syllable))
    return edits


def convert(text: str) -> list[Edit]:
    """Edits from Zawgyi to Unicode; none unless the text is surely Zawgyi."""
    if not _SIGN.search(text) or _NEVER_ZAWGYI.search(text):
        return []
    if sum(1 for _ in _SYLLABLE.finditer(text)) < MIN_SYLLABLES or _proba(text) < MIN_PROBA:
        return []
    return _converted(text)


CONVERSION: Final = Stage(needs=re.compile("[\u1031\u1033\u1034\u1039\u105a\u1060-\u1097]"), rules=(convert,))
