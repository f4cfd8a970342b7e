"""Hosts that are not what they seem: letters of other alphabets, accents easily missed, odd spellings.

Sources: Unicode Technical Standard 39, sections 4 and 5.1; Unicode Technical Standard 46, section 4.
"""

import re
import unicodedata
from dataclasses import replace
from typing import Final

import idna

from models.entities.entity import Entity
from models.entities.web_hosts import ascii_host, registrable
from models.entities.web_signs import tokens
from models.entities.words import is_latin, lower
from models.text.confusables import HOMOGLYPHS

_LIKE_LATIN: Final = frozenset(
    {"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "CANADIAN", "LISU", "COPTIC", "DESERET"}
)
"""Alphabets with letters that pass for Latin ones, as the names of their characters begin."""
_MOSTLY_SMALL_CAPITALS: Final = frozenset("кмт")
"""Letters that look Latin as capitals only: a word of them and look-alikes is a word (мост)."""
_ODD_ACCENT: Final = re.compile("[ąćęịķḷṃṇọṛșṣṭụṿẉỵẓıŀẹ]")
_VIETNAMESE: Final = re.compile(
    "[ăâđêôơưàáảãèéẻẽìíỉĩòóỏõùúủũỳýỷỹ\u1ea4-\u1eb7\u1ebe-\u1ec7\u1ed0-\u1ee3\u1ee8-\u1ef1]"
)
_HOST: Final = re.compile(r"(?:.{0,12}?//)?(?:[^/?#@]*@)?(?P<host>[^/?#:？＃]*)")


def lookalike(written_host: str) -> bool:
    """Whether a host, with the characters it was written in, is not what it seems to be.

    So is one with letters of two alphabets in a label (krungthаi.com with a Cyrillic а), with small capitals
    or phonetic letters, with accents easily missed, or with a whole label that passes for a Latin one before
    a Latin ending (аррӏе.com). Names in one script are what they seem, and so are styled letters (𝐚𝐛𝐜), which
    browsers read as plain ones.

    Source: UTS 39, sections 4 and 5.1; UTS 46, section 4; the policy of Chromium, "IDN in Google Chrome".
    """
    if written_host.isascii() and "xn--" not in written_host:
        return False
    *labels, ending = _unicode(_mapped(written_host)).split(".")
    vietnamese = ending == "vn"
    return any(_is_disguised(label, ending.isascii(), vietnamese) for label in labels) or (
        not ending.isascii() and _is_disguised(ending, False, vietnamese)
    )


def as_written(entity: Entity, written: str) -> Entity:
    """A URL or EMAIL with the host that its original characters show, if that is a disguise.

    Args:
        entity: as `find` returns it.
        written: the characters of the original text in its span.

    Returns:
        `entity` itself, or with `homoglyph` among its flags, and `value` and `domain` with the host that was
        written as the domain name system knows it (xn--krungthi-76g.com), not the one it imitates.
    """
    if written.isascii() or entity.value is None:
        return entity
    host = _mapped(_host_part(written))
    flags = entity.attributes["flags"]
    if not lookalike(host) or "homoglyph" in flags:
        return entity
    start = entity.value.rindex("@") + 1 if entity.type == "EMAIL" else entity.value.index("://") + 3
    imitated = re.split("[/?#:]", entity.value[start:])[0]
    value = f"{entity.value[:start]}{ascii_host(host)}{entity.value[start + len(imitated) :]}"
    attributes = {
        **entity.attributes,
        "domain": registrable(host) or ascii_host(host),
        "flags": [*flags, "homoglyph"],
    }
    return replace(entity, value=value, attributes=attributes)


def _host_part(written: str) -> str:
    """The host in an address with all its original characters, its signs as plain ones."""
    text = lower(written)
    pieces = tokens(text, 0, len(text))
    plain = "".join(text[one.start : one.end] if one.kind == "rest" else one.plain for one in pieces)
    match = _HOST.match(plain)
    return match["host"] if match else plain


def _mapped(host: str) -> str:
    """The host as browsers read it: styled letters plain, invisible ones gone."""
    try:
        return idna.uts46_remap(host, std3_rules=False)
    except idna.IDNAError:
        return unicodedata.normalize("NFKC", host).lower()


def _unicode(host: str) -> str:
    if "xn--" not in host:
        return host
    try:
        return idna.decode(host)
    except idna.IDNAError:
        return host


def _is_disguised(label: str, latin_ending: bool, vietnamese: bool) -> bool:
    """Whether a label mixes alphabets, or passes for a Latin one."""
    letters = [letter for letter in label if letter.isalpha()]
    alphabets = {unicodedata.name(letter, "").partition(" ")[0] for letter in letters}
    if alphabets & _LIKE_LATIN:
        foreign = [letter for letter in letters if not letter.isascii()]
        passes = all(letter in HOMOGLYPHS and letter not in _MOSTLY_SMALL_CAPITALS for letter in foreign)
        return len(alphabets) > 1 or alphabets == {"LISU"} or (passes and latin_ending)
    if any(not is_latin(letter) for letter in letters if unicodedata.name(letter, "").startswith("LATIN")):
        return True
    return bool(_ODD_ACCENT.search(label)) and not vietnamese and not _VIETNAMESE.search(label)
