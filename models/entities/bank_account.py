"""BANK_ACCOUNT: accounts, cards, wallets and payment names, known by form and by the words around.

Sources: ISO/IEC 7812-1 (cards, Luhn), Reserve Bank of India (IFSC), ITU-T E.164 national numbering plans
(mobile numbers).
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

from stdnum import luhn

from models.entities.bank_context import BEFORE_CHARS, IFSC_BANKS, Cue, Cues, Institution
from models.entities.bank_evidence import (
    CARD_SCHEMES,
    THAI_GROUPS,
    AccountNumber,
    form_alone,
    words_after,
    words_before,
)
from models.entities.bank_forms import email_accounts, ibans, last_digits, masked_numbers, payment_names
from models.entities.bank_numbers import MAX_DIGITS, MIN_DIGITS, count_digits, numbers, stands_alone
from models.entities.bank_spelled import spelled_names
from models.entities.entity import Context, Entity, disjoint
from models.entities.numerals_disguised import disguised_runs
from models.entities.phone_plans import REGIONS_OF
from models.entities.words import LATIN

_DIGIT = re.compile("[0-9]")
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


def _candidate(
    text: str, span: tuple[int, int], digits: str, around: tuple[list[Cue], list[Cue]], context: Context
) -> AccountNumber:
    """The number at a place, with the cues before and after it."""
    before, after = around
    named = _named(span, digits, before, after, context)
    institution = named.institution if named else None
    mobile = not THAI_GROUPS.fullmatch(text[slice(*span)]) and _is_mobile(digits, institution, context)
    return AccountNumber(text, *span, digits, before, after, named, mobile, context.language)


def _account(number: AccountNumber, *, by_form: bool = True) -> tuple[Entity | None, Cue | None]:
    """The account a number is, if it is one, and the cue that told it."""
    evidence = words_before(number) or words_after(number) or (form_alone(number) if by_form else None)
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


def _follows_wallet(number: AccountNumber) -> bool:
    """Whether the name of a wallet stands directly before a number, with no word between."""
    if number.named is None or number.named.end > number.start:
        return False
    return number.text[number.named.end : number.start].strip(" :：.-=(") == ""


def _is_payee(number: AccountNumber) -> bool:
    """Whether a bank stands directly before and the owner after: announced, or in capitals as banks print."""
    if number.named is None or not 0 <= number.start - number.named.end <= 3:
        return False
    if any(cue.kind == "owner" and cue.start - number.end <= 3 for cue in number.after[:1]):
        return True
    owner = _CAPITALS.match(number.text, number.end)
    return owner is not None and owner[1].isupper()


def _attributes(number: AccountNumber) -> dict[str, Any]:
    """Bank, scheme, checksum of a card, IFSC, and what else the number could be."""
    institution = number.institution
    attributes: dict[str, Any] = {"bank": None, "scheme": None}
    if institution is not None:
        attributes[institution.kind] = institution.code
    card = next((scheme for scheme, form in CARD_SCHEMES if form.fullmatch(number.digits)), None)
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
