"""Accounts in other forms than a plain number: payment names, IBANs, masked and shortened numbers.

ISO 13616 (IBAN, MOD 97-10 of ISO 7064), NPCI (UPI name@handle), National Bank of Cambodia (Bakong name@bank).
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from stdnum.iso7064 import mod_97_10

from models.entities.bank_context import HANDLES, TAIL_WORDS, TAILS, Cue, Cues, near_cue
from models.entities.bank_numbers import count_digits
from models.entities.entity import Entity
from models.entities.words import is_latin, lower

_MASKED = re.compile("[0-9xX*•](?=[0-9xX*•-]{3})(?<![0-9xX*•-].)[0-9xX*•]*(?:-[0-9xX*•]+)*")
_MASK = re.compile("[xX*•]-?[0-9]|[0-9]-?[xX*•]")
"""What every masked number has somewhere."""
_THAI_MASK = re.compile("[xX*•]{3}-[0-9xX*•]-[0-9xX*•]{5}-[0-9xX*•]")
_EMAIL = re.compile(
    "(?<![A-Za-z0-9._@/+-])[A-Za-z0-9][A-Za-z0-9._+-]{1,63}@[A-Za-z0-9-]{1,63}(?:[.][A-Za-z0-9-]{1,63}){1,4}"
    "(?![A-Za-z0-9@])"
)
_NAME = re.compile(
    "(?<![A-Za-z0-9._@/-])[A-Za-z0-9][A-Za-z0-9._-]{1,40}@([A-Za-z]{2,20})(?:[.]test)?(?![A-Za-z0-9@]|[.][A-Za-z])"
)
_IBAN = re.compile(
    "[A-Z](?<![A-Za-z0-9].)[A-Z][0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])"
)
_TAIL_DIGITS = re.compile("[^0-9\n]{0,6}([0-9]{4})(?![0-9])")
_LAST_FOUR = re.compile("(?:[.]{2,4}|…) ?([0-9]{3,5})(?![0-9])")
_MAX_SPECIAL: Final = 3_000
"""More of a form than a text of 20,000 characters, the longest that is screened, can hold."""


def payment_names(text: str, cues: Cues) -> Iterator[Entity]:
    """UPI and Bakong names: name@handle, of a handle we know or after a word that says so."""
    if "@" not in text:
        return
    for match in _NAME.finditer(text):
        handle = match[1].lower()
        scheme = HANDLES.get(handle) or ("upi" if "upi" in handle else None)
        proba, reason = 0.93, "pattern"
        if scheme is None:
            cue = next((cue for cue in cues.before(match.start()) if cue.institution), None)
            if cue is None or cue.institution is None or cue.institution.code not in ("upi", "bakong"):
                continue
            scheme, proba, reason = cue.institution.code, 0.85, f'context word "{cue.word}"'
        yield Entity(
            type="BANK_ACCOUNT",
            start=match.start(),
            end=match.end(),
            value=match.group().lower(),
            attributes={"bank": None, "scheme": scheme},
            proba=proba,
            reason=reason,
        )


def email_accounts(text: str, cues: Cues) -> Iterator[Entity]:
    """E-mail addresses that are accounts: beside the name of a scheme that takes them."""
    if "@" not in text:
        return
    for match in islice(_EMAIL.finditer(text), _MAX_SPECIAL):
        cue = _email_cue(match, cues)
        if cue is not None and cue.institution is not None:
            yield Entity(
                type="BANK_ACCOUNT",
                start=match.start(),
                end=match.end(),
                value=match.group().lower(),
                attributes={"bank": None, "scheme": cue.institution.code, "alternatives": ["EMAIL"]},
                proba=0.9,
                reason=f'context word "{cue.word}"',
            )


def _email_cue(match: re.Match[str], cues: Cues) -> Cue | None:
    """The scheme that stands beside an address, with nothing but words for an account between."""
    edge = match.start()
    for cue in cues.before(match.start()):
        if edge - cue.end > 3 or cue.kind not in ("account", "institution"):
            break
        if cue.institution is not None and cue.institution.email:
            return cue
        edge = cue.start
    for cue in cues.after(match.end())[:1]:
        beside = cue.start - match.end() <= 2 and not match.string[cue.end : cue.end + 1].isalpha()
        if beside and cue.institution is not None and cue.institution.email:
            return cue
    return None


def ibans(text: str, cues: Cues) -> Iterator[Entity]:
    """International bank account numbers."""
    for match in islice(_IBAN.finditer(text), _MAX_SPECIAL):
        plain = match.group().replace(" ", "")
        valid = mod_97_10.is_valid(plain[4:] + plain[:4])
        cue = near_cue(cues.before(match.start()), match.start())
        if not 15 <= len(plain) <= 34 or count_digits(plain) < 8 or not (valid or cue):
            continue
        yield Entity(
            type="BANK_ACCOUNT",
            start=match.start(),
            end=match.end(),
            value=plain if valid else None,
            attributes={"bank": None, "scheme": "iban", "checksum": "valid" if valid else "failed"},
            proba=0.97 if valid else 0.8,
            reason="checksum" if valid else f'context word "{cue.word if cue else ""}", checksum failed',
        )


def masked_numbers(text: str, cues: Cues) -> Iterator[Entity]:
    """Numbers with digits hidden, as banks write them: xxx-x-x5559-x, XX5521, X-5553."""
    if _MASK.search(text) is None:
        return
    for match in islice(_MASKED.finditer(text), _MAX_SPECIAL):
        written = match.group()
        hidden, shown = sum(map(written.count, "xX*•")), count_digits(written)
        if not 3 <= shown <= 10 or hidden < 1 or (hidden == 1 and not written.upper().startswith("X-")):
            continue
        if is_latin(text[match.end() : match.end() + 1]):
            continue
        cue = near_cue(cues.before(match.start()), match.start(), reach=30)
        if cue is None and not _THAI_MASK.fullmatch(written):
            continue
        yield _shortened(match.span(), cue, cues)


def last_digits(text: str, cues: Cues) -> Iterator[Entity]:
    """The last digits of an account or card: 尾号6031, account ending 1234, TK ...5521."""
    if TAILS.are_in(lower(text)):
        yield from _announced_tails(text, cues)
    if ".." in text or "…" in text:
        for match in islice(_LAST_FOUR.finditer(text), _MAX_SPECIAL):
            cue = near_cue(cues.before(match.start()), match.start(), reach=3)
            if cue is not None:
                yield _shortened(match.span(1), cue, cues)


def _announced_tails(text: str, cues: Cues) -> Iterator[Entity]:
    """The last digits after a word that says so."""
    for match in islice(TAIL_WORDS.finditer(text), _MAX_SPECIAL):
        digits = _TAIL_DIGITS.match(text, match.end())
        if digits is None:
            continue
        before = cues.before(match.start())
        cue = near_cue(before, match.start())
        chinese = match.group().startswith("尾") and not (before and before[0].kind == "other")
        if cue is not None or chinese:
            word = cue or Cue("tail", *match.span(), match.group(), None)
            yield _shortened(digits.span(1), word, cues)


def _shortened(span: tuple[int, int], cue: Cue | None, cues: Cues) -> Entity:
    """An account of which only some digits are known."""
    named = next((near.institution for near in cues.before(span[0]) if near.institution), None)
    return Entity(
        type="BANK_ACCOUNT",
        start=span[0],
        end=span[1],
        value=None,
        attributes={
            "bank": named.code if named and named.kind == "bank" else None,
            "scheme": named.code if named and named.kind == "scheme" else None,
        },
        proba=0.85,
        reason=f'context word "{cue.word}"' if cue else "pattern",
    )
