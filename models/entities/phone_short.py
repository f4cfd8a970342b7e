"""Hotlines, short codes and extensions: numbers of so few digits that only words tell them."""

import re
from collections.abc import Iterator
from typing import Final

from models.entities.entity import Entity
from models.entities.phone_candidate import Candidate, phone_entity, why_phone
from models.entities.phone_context import ANNOUNCING, TABLE, UNIT, WEAK, cue_after, cue_before
from models.entities.words import LATIN, lower

_HOTLINES: Final = frozenset(TABLE["hotlines"]["numbers"])
_SHORT = re.compile(
    rf"\d(?<![\d#@=_/\\$€£¥฿₱₹₩₫{LATIN}].)(?<!\d[-.,:/ ].)"
    r"(?:\d{2,5}|\d{2,3}-\d{3})"
    rf"(?!\d|[-.,:/]\d|/\w| \d{{3}}|[{LATIN}%°_@=-])"
)
"""Begins with the digit, not with what stands before it: so the engine jumps from digit to digit."""
_SHORT_GAP: Final = 3
_HOTLINE_GAP: Final = 24


def short_numbers(text: str) -> Iterator[Entity]:
    """Hotlines and other short numbers, only where the words say that they are dialled."""
    if not ANNOUNCING.are_in(lower(text)):
        return
    for match in _SHORT.finditer(text):
        if UNIT.match(text, match.end()):
            continue
        cue = cue_before(text, match.start()) or cue_after(text, match.end())
        if cue is None or cue.kind != "phone":
            continue
        candidate = Candidate(match.start(), match.end(), match.group(), (len(match.group()),), True, False)
        weak = cue.word in WEAK
        if match.group() in _HOTLINES and cue.gap <= (_SHORT_GAP if weak else _HOTLINE_GAP):
            yield phone_entity(candidate, None, 0.85, why_phone(cue))
        elif cue.gap <= _SHORT_GAP and not weak and _is_dialled(match.group(), cue.word):
            yield phone_entity(candidate, None, 0.65, why_phone(cue))


_SHORT_CODES: Final = frozenset({"stop to", "sms to", "report to", "i-report sa"})
_EXTENSIONS: Final = frozenset({"ext", "ext.", "extension", "内線", "内线", "分机", "分機", "내선", "លេខក្នុង"})


def _is_dialled(digits: str, cue: str) -> bool:
    """Whether `digits` are a service number by form, or a short code or an extension by the cue."""
    if cue in _EXTENSIONS or (cue in _SHORT_CODES and len(digits) >= 4 and not digits.endswith("00")):
        return True
    return re.fullmatch(
        r"(?!1[90]\d\d$)[19]\d{3,4}|\d{3,4}-\d{3}", digits
    ) is not None and not digits.endswith("00")
