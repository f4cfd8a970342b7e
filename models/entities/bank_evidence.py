"""What speaks for a number being an account: the words before it, those after it, or its form.

Source of the first digits of cards: Wikipedia "Payment card number".
"""

import re
from typing import Final, NamedTuple

from stdnum import luhn

from models.entities.bank_context import Cue, Institution
from models.entities.bank_numbers import MIN_DIGITS

_NAMED_CHARS: Final = 12
"""How far before a number a word that names it, as a transaction or a phone, may end."""
_REACH: Final = {"account": 45, "institution": 30, "bank": 30, "transfer": 40, "into": 1}
"""How far before a number a cue may end, in characters."""
THAI_GROUPS = re.compile("[0-9]{3}[- ][0-9][- ][0-9]{5}[- ][0-9]")
_FOURS = re.compile("[0-9]{4} [0-9]{4} [0-9]{3,4}")
_ACCOUNTS_IN_FOURS: Final = frozenset({"my", "lo", "km", "id", "ms"})
"""Languages whose countries write no identity number in fours (India does: Aadhaar)."""
_CARD_GROUPS = re.compile("62[0-9]{2}(?: [0-9]{4}){3}(?: [0-9]{3})?")
_SENTENCE_END = re.compile("[!?。！？။។៕]|(?<=[^\\W\\d_]{3})[.][ \\n]")
_PHONE_SHAPE = re.compile(
    "0[0-9]{1,3}[- ][0-9]{3,4}[- ][0-9]{4}|1[3-9][0-9][- ][0-9]{4}[- ][0-9]{4}"
    "|1[389]00[- ][0-9]{3}[- ][0-9]{3,4}|0[0-9][- ][0-9]{3}[- ][0-9]{3}"
)
"""Numbers grouped as phones are in several countries of the region."""
CARD_SCHEMES: Final = (
    ("unionpay", re.compile("62[0-9]{14,17}")),
    ("visa", re.compile("4[0-9]{15}")),
    (
        "mastercard",
        re.compile("(?:5[1-5][0-9]{2}|222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]{12}"),
    ),
    ("jcb", re.compile("35(?:2[89]|[3-8][0-9])[0-9]{12}")),
    ("rupay", re.compile("(?:60|65|81|82)[0-9]{14}")),
)


class Evidence(NamedTuple):
    """How likely a number is an account, and the cue that says so, if one does."""

    proba: float
    cue: Cue | None


class AccountNumber(NamedTuple):
    """A number with what stands around it."""

    text: str
    start: int
    end: int
    digits: str
    before: list[Cue]
    after: list[Cue]
    named: Cue | None
    mobile: bool
    language: str

    @property
    def written(self) -> str:
        """The number as it stands in the text."""
        return self.text[self.start : self.end]

    @property
    def institution(self) -> Institution | None:
        """The one that is named near it, and whose accounts look so."""
        return self.named.institution if self.named else None


def words_before(number: AccountNumber) -> Evidence | None:
    """What the words before say for an account; None if they say nothing, or something else."""
    wallet = number.mobile and number.institution is not None and number.institution.mobile
    for cue in number.before:
        if cue.kind == "other":
            if not wallet:
                return None
        elif cue.kind == "reference" and number.start - cue.end <= _NAMED_CHARS:
            return None
        elif cue.kind == "owner" and len(number.digits) >= 10 and _is_named(cue, number):
            return Evidence(0.65, cue)
        elif _speaks_of(cue, number):
            gap = number.start - cue.end
            if cue.kind in ("transfer", "into"):
                return Evidence(0.75 if gap <= 15 else 0.7, cue)
            return Evidence(0.92 if gap <= 12 else 0.85, cue)
    return None


def _is_named(cue: Cue, number: AccountNumber) -> bool:
    """Whether a number that looks like no phone follows directly on a word for the owner's name."""
    phone = number.mobile or _PHONE_SHAPE.fullmatch(number.written)
    return not phone and number.start - cue.end <= 4


def _speaks_of(cue: Cue, number: AccountNumber) -> bool:
    """Whether a cue before a number is near enough, in the same sentence, and of a kind that fits."""
    gap = number.start - cue.end
    if gap > _reach(cue, number) or _SENTENCE_END.search(number.text, cue.end + 1, number.start):
        return False
    if cue.institution is not None and cue.institution != number.institution:
        return False
    if len(number.digits) < MIN_DIGITS:
        return cue.word.lower() in ("till", "paybill") and gap <= 3
    if cue.kind == "into" and (number.mobile or _PHONE_SHAPE.fullmatch(number.written)):
        return any(earlier.kind == "transfer" for earlier in number.before)
    return cue.kind not in ("transfer", "into") or len(number.digits) >= 8


def _reach(cue: Cue, number: AccountNumber) -> int:
    """How many characters may stand between: few where the number looks like a phone."""
    if cue.institution is not None and cue.institution.mobile:
        return _REACH["institution"]
    if _PHONE_SHAPE.fullmatch(number.written):
        return {"transfer": 2, "account": 8, "bank": 3, "institution": 3}.get(cue.kind, 0)
    if number.mobile:
        return {"transfer": 6, "account": 16, "bank": 4, "institution": 8, "into": 1}.get(cue.kind, 0)
    return _REACH.get(cue.kind, 0)


def words_after(number: AccountNumber) -> Evidence | None:
    """What the first words after say for an account: a bank, or the owner's name."""
    if len(number.digits) < 8 or _told_otherwise(number) or not number.after:
        return None
    cue = number.after[0]
    gap = cue.start - number.end
    if cue.institution is not None and cue.institution == number.institution and gap <= 15:
        return Evidence(0.85, cue)
    if number.mobile or _PHONE_SHAPE.fullmatch(number.written):
        return None
    if (cue.kind in ("account", "bank") and gap <= 6) or (cue.kind == "transfer" and gap <= 10):
        return Evidence(0.75, cue)
    return Evidence(0.7, cue) if cue.kind == "owner" and gap <= 3 else None


def form_alone(number: AccountNumber) -> Evidence | None:
    """Forms that need no words: Thai 3-1-5-1 with dashes, UnionPay cards, accounts in fours."""
    if _told_otherwise(number):
        return None
    if "-" in number.written and THAI_GROUPS.fullmatch(number.written):
        return Evidence(0.9, None)
    is_card = CARD_SCHEMES[0][1].fullmatch(number.digits) and luhn.is_valid(number.digits)
    if is_card:
        return Evidence(0.85, None)
    fours = _FOURS.fullmatch(number.written) and not number.mobile and number.language in _ACCOUNTS_IN_FOURS
    return Evidence(0.6, None) if fours or _CARD_GROUPS.fullmatch(number.written) else None


def _told_otherwise(number: AccountNumber) -> bool:
    """Whether the word before names the number as something else."""
    if not number.before:
        return False
    cue = number.before[0]
    return cue.kind in ("other", "reference") and number.start - cue.end <= _NAMED_CHARS
