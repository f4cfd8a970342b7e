"""BANK_ACCOUNT: accounts, cards, wallets and payment names, known by form and by the words around.

ISO/IEC 7812-1 (cards, Luhn; first digits as in Wikipedia "Payment card number"), Reserve Bank of India
(IFSC), ITU-T E.164 national numbering plans (mobile numbers).
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

from stdnum import luhn

from models.entities.bank_context import BEFORE_CHARS, IFSC_BANKS, Cue, Cues, Institution
from models.entities.bank_forms import email_accounts, ibans, last_digits, masked_numbers, payment_names
from models.entities.bank_numbers import MAX_DIGITS, MIN_DIGITS, count_digits, numbers, stands_alone
from models.entities.bank_spelled import spelled_names
from models.entities.entity import Context, Entity, disjoint
from models.entities.numerals_disguised import disguised_runs
from models.entities.phone_plans import REGIONS_OF
from models.entities.words import LATIN

_NAMED_CHARS: Final = 12
"""How far before a number a word that names it, as a transaction or a phone, may end."""
_REACH: Final = {"account": 45, "institution": 30, "bank": 30, "transfer": 40, "into": 1}
"""How far before a number a cue may end, in characters."""
_DIGIT = re.compile("[0-9]")
_THAI_GROUPS = re.compile("[0-9]{3}[- ][0-9][- ][0-9]{5}[- ][0-9]")
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
_CAPITALS = re.compile(f"[ ,:(-]{{1,3}}([{LATIN}]+ [{LATIN}]+)")
_IFSC = re.compile("(?<![A-Za-z0-9])([A-Z]{4})0[A-Z0-9]{6}(?![A-Za-z0-9])")
_DATE = re.compile("(?<![0-9])[0-3]?[0-9][-./][01]?[0-9][-./](?:19|20|25)[0-9]{2}(?![0-9])|[0-9]:[0-5][0-9]")
"""A day or a time, in which the marks of a disguise are usual."""
_MIN_HIDDEN: Final = 8
_TELLING: Final = frozenset({"account", "bank", "institution"})
_MANY_SIGNS: Final = 4
_MAX_NUMBERS: Final = 3_000
"""More than a text of 20,000 characters, the longest that is screened, can hold."""
_MOBILES: Final = {
    "TH": re.compile("(?:0|66)[689][0-9]{8}"),
    "LA": re.compile("(?:0|856)?20[0-9]{7,8}|(?:0|856)?30[0-9]{7}"),
    "KH": re.compile("(?:0|855)[1-9][0-9]{7,8}"),
    "MM": re.compile("(?:0|95)9[0-9]{7,9}"),
    "VN": re.compile("(?:0|84)[35789][0-9]{8}"),
    "ID": re.compile("(?:0|62)8[0-9]{8,11}"),
    "MY": re.compile("(?:0|60)1[0-9]{8,9}"),
    "PH": re.compile("(?:0|63)9[0-9]{9}"),
    "CN": re.compile("(?:86)?1[3-9][0-9]{9}"),
    "KR": re.compile("(?:0|82)1[016789][0-9]{7,8}"),
    "IN": re.compile("(?:91)?[6-9][0-9]{9}"),
    "JP": re.compile("0[789]0[0-9]{8}"),
    "TW": re.compile("(?:0|886)9[0-9]{8}"),
    "HK": re.compile("(?:852)?[5679][0-9]{7}"),
}
"""Mobile numbers as dialled at home or with the country code; ITU-T E.164 national numbering plans."""
_CARD_SCHEMES: Final = (
    ("unionpay", re.compile("62[0-9]{14,17}")),
    ("visa", re.compile("4[0-9]{15}")),
    (
        "mastercard",
        re.compile("(?:5[1-5][0-9]{2}|222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]{12}"),
    ),
    ("jcb", re.compile("35(?:2[89]|[3-8][0-9])[0-9]{12}")),
    ("rupay", re.compile("(?:60|65|81|82)[0-9]{14}")),
)


def find(text: str, context: Context) -> list[Entity]:
    """Accounts, cards, wallets and payment names in a text.

    Attributes: `bank` and `scheme` (None if unknown); `checksum` of cards and IBANs; `ifsc` if one is near;
    `alternatives` where the same could be a phone, an identity number or an e-mail address. Value: digits
    only, or name@handle in lower case; None for masked and shortened numbers.
    """
    spans = [*islice(numbers(text), _MAX_NUMBERS)] if _DIGIT.search(text) else []
    cues = Cues(text, spans)
    return disjoint(
        [
            *spelled_names(text, cues),
            *_hidden_accounts(text, context),
            *payment_names(text, cues),
            *email_accounts(text, cues),
            *ibans(text, cues),
            *masked_numbers(text, cues),
            *last_digits(text, cues),
            *_accounts(text, spans, cues, context),
        ]
    )


def _accounts(text: str, spans: Sequence[tuple[int, int]], cues: Cues, context: Context) -> Iterator[Entity]:
    """The numbers that are accounts; a list of accounts goes on with the words of its first."""
    previous: tuple[int, Cue] | None = None
    claimed = 0  # where the institution of the account before ends
    for start, end in spans:
        digits = count_digits(text[start:end])
        if not 5 <= digits <= MAX_DIGITS or not stands_alone(text, start, end, cues):
            continue
        before = [_anonymous(cue) if cue.start < claimed else cue for cue in cues.before(start)]
        if not before and previous and start - previous[0] <= 3 and digits >= MIN_DIGITS:
            before = [previous[1]._replace(start=start, end=start)]
        after = cues.after(end)
        if cues.after_is_of_next(end):
            after = [_anonymous(cue) for cue in after]
        plain = re.sub("[^0-9]", "", text[start:end])
        number = _candidate(text, (start, end), plain, (before, after), context)
        entity, cue = _account(number)
        if entity is not None:
            yield entity
            previous = (end, cue) if cue is not None else None
            claimed = number.named.end if number.named is not None else claimed


def _hidden_accounts(text: str, context: Context) -> Iterator[Entity]:
    """Numbers with marks, words or letters between or for their digits, where words tell of an account."""
    hidden = [*islice(disguised_runs(text, context.language, _MIN_HIDDEN), _MAX_NUMBERS)]
    cues = Cues(text, [(found.run.start, found.run.end) for found in hidden])
    for found in hidden:
        start, end = found.run.start, found.run.end
        digits = "".join(group.digits for group in found.run.groups)
        if len(digits) > MAX_DIGITS or _DATE.search(text, start, end):
            continue
        number = _candidate(text, (start, end), digits, (cues.before(start), cues.after(end)), context)
        entity, cue = _account(number, by_form=False)
        told = cue is not None and (cue.kind in _TELLING or found.signs >= _MANY_SIGNS)
        if entity is not None and told:
            yield entity


def _anonymous(cue: Cue) -> Cue:
    """A cue that names some bank, but not that of the number in question."""
    return cue._replace(kind="bank", institution=None) if cue.institution else cue


class _Evidence(NamedTuple):
    proba: float
    cue: Cue | None


class _Candidate(NamedTuple):
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
        return self.text[self.start : self.end]

    @property
    def institution(self) -> Institution | None:
        return self.named.institution if self.named else None


def _candidate(
    text: str, span: tuple[int, int], digits: str, around: tuple[list[Cue], list[Cue]], context: Context
) -> _Candidate:
    """The number at a place, with the cues before and after it."""
    before, after = around
    named = _named(span, digits, before, after, context)
    institution = named.institution if named else None
    mobile = not _THAI_GROUPS.fullmatch(text[slice(*span)]) and _is_mobile(digits, institution, context)
    return _Candidate(text, *span, digits, before, after, named, mobile, context.language)


def _account(number: _Candidate, *, by_form: bool = True) -> tuple[Entity | None, Cue | None]:
    """The account a number is, if it is one, and the cue that told it."""
    evidence = _before(number) or _after(number) or (_by_form(number) if by_form else None)
    if evidence is None:
        return None, None
    attributes = _attributes(number)
    proba, reason = evidence.proba, "pattern"
    if attributes.get("checksum") == "valid":
        proba, reason = (0.95, "checksum") if evidence.cue else (proba, "checksum")
    elif evidence.cue:
        reason = f'context word "{evidence.cue.word}"'
    if number.mobile:
        institution = number.institution
        wallet = institution is not None and institution.mobile
        if wallet and _follows_wallet(number):
            proba = min(proba, 0.9)
        else:
            proba = min(proba, 0.8) if wallet or _is_payee(number) else min(proba - 0.15, 0.7)
    start = number.start - (number.text[max(0, number.start - 1) : number.start] == "+")
    proba = round(max(proba, 0.5), 2)
    entity = Entity("BANK_ACCOUNT", start, number.end, number.digits, attributes, proba, "rule", reason)
    return entity, evidence.cue


def _follows_wallet(number: _Candidate) -> bool:
    """Whether the name of a wallet stands directly before a number, with no word between."""
    if number.named is None or number.named.end > number.start:
        return False
    return number.text[number.named.end : number.start].strip(" :：.-=(") == ""


def _is_payee(number: _Candidate) -> bool:
    """Whether a bank stands directly before and the owner after: announced, or in capitals as banks print."""
    if number.named is None or not 0 <= number.start - number.named.end <= 3:
        return False
    if any(cue.kind == "owner" and cue.start - number.end <= 3 for cue in number.after[:1]):
        return True
    owner = _CAPITALS.match(number.text, number.end)
    return owner is not None and owner[1].isupper()


def _attributes(number: _Candidate) -> dict[str, Any]:
    """Bank, scheme, checksum of a card, IFSC, and what else the number could be."""
    institution = number.institution
    attributes: dict[str, Any] = {"bank": None, "scheme": None}
    if institution is not None:
        attributes[institution.kind] = institution.code
    card = next((scheme for scheme, form in _CARD_SCHEMES if form.fullmatch(number.digits)), None)
    if card and not number.mobile and attributes["scheme"] in (None, "unionpay"):
        valid = luhn.is_valid(number.digits)
        if valid or card == "unionpay":
            attributes |= {"scheme": card, "checksum": "valid" if valid else "failed"}
    branch = _IFSC.search(number.text, max(0, number.start - BEFORE_CHARS), number.end + BEFORE_CHARS)
    if branch:
        attributes |= {"ifsc": branch.group(), "bank": attributes["bank"] or IFSC_BANKS.get(branch[1])}
    if number.mobile:
        attributes["alternatives"] = ["PHONE"]
    elif attributes["scheme"] == "promptpay" and len(number.digits) == 13:
        attributes["alternatives"] = ["ID_DOCUMENT"]
    return attributes


def _named(
    span: tuple[int, int], digits: str, before: list[Cue], after: list[Cue], context: Context
) -> Cue | None:
    """The nearest institution named, whose accounts can look like this."""
    near = [(span[0] - cue.end, cue) for cue in before]
    near += [(cue.start - span[1] + 1, cue) for cue in after]
    for _, cue in sorted(near, key=lambda pair: pair[0]):
        institution = cue.institution
        if institution is None:
            continue
        if not institution.mobile or len(digits) in institution.digits:
            return cue
        if _is_mobile(digits, institution, context):
            return cue
    return None


def _is_mobile(digits: str, institution: Institution | None, context: Context) -> bool:
    """Whether digits could be a mobile number where the text, or the wallet it names, is from."""
    countries = {*REGIONS_OF.get(context.language, ()), institution.country if institution else ""}
    return any(_MOBILES[country].fullmatch(digits) for country in countries if country)


def _before(number: _Candidate) -> _Evidence | None:
    """What the words before say for an account; None if they say nothing, or something else."""
    wallet = number.mobile and number.institution is not None and number.institution.mobile
    for cue in number.before:
        if cue.kind == "other":
            if not wallet:
                return None
        elif cue.kind == "reference" and number.start - cue.end <= _NAMED_CHARS:
            return None
        elif cue.kind == "owner" and len(number.digits) >= 10 and _is_named(cue, number):
            return _Evidence(0.65, cue)
        elif _speaks_of(cue, number):
            gap = number.start - cue.end
            if cue.kind in ("transfer", "into"):
                return _Evidence(0.75 if gap <= 15 else 0.7, cue)
            return _Evidence(0.92 if gap <= 12 else 0.85, cue)
    return None


def _is_named(cue: Cue, number: _Candidate) -> bool:
    """Whether a number that looks like no phone follows directly on a word for the owner's name."""
    phone = number.mobile or _PHONE_SHAPE.fullmatch(number.written)
    return not phone and number.start - cue.end <= 4


def _speaks_of(cue: Cue, number: _Candidate) -> bool:
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


def _reach(cue: Cue, number: _Candidate) -> int:
    """How many characters may stand between: few where the number looks like a phone."""
    if cue.institution is not None and cue.institution.mobile:
        return _REACH["institution"]
    if _PHONE_SHAPE.fullmatch(number.written):
        return {"transfer": 2, "account": 8, "bank": 3, "institution": 3}.get(cue.kind, 0)
    if number.mobile:
        return {"transfer": 6, "account": 16, "bank": 4, "institution": 8, "into": 1}.get(cue.kind, 0)
    return _REACH.get(cue.kind, 0)


def _after(number: _Candidate) -> _Evidence | None:
    """What the first words after say for an account: a bank, or the owner's name."""
    if len(number.digits) < 8 or _told_otherwise(number) or not number.after:
        return None
    cue = number.after[0]
    gap = cue.start - number.end
    if cue.institution is not None and cue.institution == number.institution and gap <= 15:
        return _Evidence(0.85, cue)
    if number.mobile or _PHONE_SHAPE.fullmatch(number.written):
        return None
    if (cue.kind in ("account", "bank") and gap <= 6) or (cue.kind == "transfer" and gap <= 10):
        return _Evidence(0.75, cue)
    return _Evidence(0.7, cue) if cue.kind == "owner" and gap <= 3 else None


def _by_form(number: _Candidate) -> _Evidence | None:
    """Forms that need no words: Thai 3-1-5-1 with dashes, UnionPay cards, accounts in fours."""
    if _told_otherwise(number):
        return None
    if "-" in number.written and _THAI_GROUPS.fullmatch(number.written):
        return _Evidence(0.9, None)
    is_card = _CARD_SCHEMES[0][1].fullmatch(number.digits) and luhn.is_valid(number.digits)
    if is_card:
        return _Evidence(0.85, None)
    fours = _FOURS.fullmatch(number.written) and not number.mobile and number.language in _ACCOUNTS_IN_FOURS
    return _Evidence(0.6, None) if fours or _CARD_GROUPS.fullmatch(number.written) else None


def _told_otherwise(number: _Candidate) -> bool:
    """Whether the word before names the number as something else."""
    if not number.before:
        return False
    cue = number.before[0]
    return cue.kind in ("other", "reference") and number.start - cue.end <= _NAMED_CHARS
