"""Finds identity and travel papers: mentions in the region's languages, and numbers with their checks.

Only the paper is described. What a number tells about its holder (nationality, sex, birth date, legal
status) is never derived; `country` is the country whose form the number has.
"""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from models.entities.entity import Context, Entity, disjoint
from models.entities.id_numbers import DIGIT_FORMS, LETTERED_FORMS, Checksum, NumberForm
from models.entities.words import LATIN, ScriptWords, any_of, is_latin, lower

_CONTEXT_CHARS = 40  # a number's context word stands at most so far before it
_BESIDE_CHARS = 12  # papers in one list stand so close
_TAKEN_CHARS = 24
_NUMBER_CHARS = 40  # a paper's number begins at most so far after the word for the paper


@dataclass(frozen=True, slots=True)
class _Mention:
    start: int
    end: int
    kind: str
    weak: bool


# Where a word in Latin letters may begin and end: Indonesian adds "my", "your" and "his" to it.
_BEGINS = re.compile(rf"(?<![0-9{LATIN}@/_-])")
_ENDS = re.compile(rf"(?:nya|mu|ku)?(?![0-9{LATIN}@_])", re.IGNORECASE)

_WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_IGNORED = "ignored"
_KIND: dict[str, str] = {
    word.lower(): kind
    for section in (_WORDS["kinds"], _WORDS["weak"], {_IGNORED: _WORDS["ignored"]["words"]})
    for kind, words in section.items()
    for word in words
}
_EXACT: dict[str, str] = {word: kind for kind, words in _WORDS["exact"].items() for word in words}
_WEAK = frozenset(word.lower() for words in _WORDS["weak"].values() for word in words)
_SURE_IN = {language: frozenset(words) for language, words in _WORDS["sure_in"].items()}
_PAPERS = ScriptWords((*_KIND, *_EXACT))
_CAPITALS = re.compile(r"[A-Z]")

_TAKEN = re.compile(
    r"\b(?:seiz|confiscat|h[eo]ld|keep|kept|took|taken|take[ns]?\b|withh|return|stole|lost"
    r"|los[te]|copy of|photo of"
    r"|rampas|tahan|simpan|pegang|ambil|sita|dikumpul|hilang|kinuha|hawak|kumpiska|thu gi|tịch thu|giữ|mất"
    r"|hand over|surrender)"
    r"|ยึด|เก็บ|ริบ|ຍຶດ|ເກັບ|ដក|ដកហូត|យក|ទុក|သိမ်း|ယူထား|ထိန်း|扣|没收|收走|收了|押|交出|압수|뺏"
    r"|रख लि|छीन|ज़ब्त|取り上げ|預か",
    re.IGNORECASE,
)
_BREAK = re.compile(r"[\n.!?。！？။]")
_NEW_MATTER = re.compile(r"[\d\n!?。！？။]|\. ")


def _all_mentions(text: str) -> Iterator[_Mention]:
    """Yield every word for a paper, weak and ignored ones included, the longest where two overlap."""
    lowered = lower(text)
    free = 0
    for start, end in _PAPERS.longest_first(lowered):
        kind = _KIND.get(lowered[start:end]) or _EXACT.get(text[start:end])
        if kind is None or start < free:
            continue
        last = _word_end(text, start, end) if is_latin(lowered[start]) else end
        if last is not None:
            free = last
            yield _Mention(start, last, kind, lowered[start:end] in _WEAK)


def _word_end(text: str, start: int, end: int) -> int | None:
    """Return where the Latin word at `[start, end)` ends with its suffix, None if it is part of another."""
    if not _BEGINS.match(text, start):
        return None
    last = _ENDS.match(text, end)
    return last.end() if last else None


def _mentions(text: str, language: str) -> Iterator[tuple[_Mention, str]]:
    """Yield the mentions to report, each with the reason."""
    sure = _SURE_IN.get(language, frozenset())
    mentions = [mention for mention in _all_mentions(text) if mention.kind != _IGNORED]
    papers_end = -_BESIDE_CHARS - 1
    for index, mention in enumerate(mentions):
        is_weak = mention.weak and text[mention.start : mention.end].lower() not in sure
        reason = _weak_reason(text, mentions, index, papers_end) if is_weak else "pattern"
        if reason:
            papers_end = mention.end
            yield mention, reason


def _weak_reason(text: str, mentions: list[_Mention], index: int, papers_end: int) -> str:
    """Say why a weak word is a paper here: its number, another paper, a word for taking it away; else ''."""
    mention = mentions[index]
    word = text[mention.start : mention.end]
    if word.isascii() and len(word) <= 3 and not _CAPITALS.match(word):
        return ""
    if mention.kind != "visa" and _is_beside_paper(text, mentions, index, papers_end):
        return "beside another paper"
    if mention.kind in _NUMBERED and _NUMBER_AFTER.match(text, mention.end):
        return "pattern"
    start, end = max(0, mention.start - _TAKEN_CHARS), mention.end + _TAKEN_CHARS
    taken = _TAKEN.search(text, start, end)
    if taken and not _BREAK.search(text, min(taken.start(), mention.end), max(taken.end(), mention.start)):
        return f'context word "{taken.group()}"'
    return ""


def _is_beside_paper(text: str, mentions: list[_Mention], index: int, papers_end: int) -> bool:
    """Whether a paper stands right before the mention, or a sure one right after it."""
    start, end = mentions[index].start, mentions[index].end
    if start - papers_end <= _BESIDE_CHARS and not _BREAK.search(text, papers_end, start):
        return True
    if index + 1 == len(mentions) or mentions[index + 1].weak:
        return False
    following = mentions[index + 1].start
    return following - end <= _BESIDE_CHARS and not _BREAK.search(text, end, following)


def _between(*lists: str) -> str:
    """Return the pattern of one of the words that may stand between a paper and its number."""
    words = [word for key in lists for word in _WORDS["between"][key]]
    latin = any_of(word for word in words if is_latin(word[0]))
    return rf"(?<![{LATIN}]){latin}(?![0-9{LATIN}])|{any_of(word for word in words if not is_latin(word[0]))}"


_GAP = rf"(?:[ \t:：#№.,\-=()（）\"'“”៖]{{1,4}}|{_between('number', 'other')}){{0,9}}+"
_CODE = (
    r"(?P<code>(?!(?:RM|RP|USD|THB|PHP|IDR|MYR|SGD|VND|KHR|LAK|MMK|CNY|INR|KRW|JPY|EUR) ?\d)"
    r"[A-Z]{1,3} ?-?\d{5,9}[A-Z]?|[A-Z]{1,2} \d{3} ?\d{4}|[A-Z]\d{3}[A-Z]\d{4}|\d{7,18}"
    r"|(?:[A-Z]{1,2})?\d{2,6}[xX*•]{3,10}\d{0,4}|\d{3,12}[xX*•]{3,8})"
    r"(?![\dA-Za-z])"
)
_NUMBER_AFTER = re.compile(_GAP + _CODE, re.IGNORECASE)
_ONLY_GAP = re.compile(rf"{_GAP}\Z", re.IGNORECASE)
_SAYS_NUMBER = re.compile(_between("number"), re.IGNORECASE)
# A passport's number (ICAO Doc 9303, part 4: up to nine characters) in any sentence that names the
# paper; since 2020 Korean ones have a letter inside (Ministry of Foreign Affairs).
_PASSPORT_NUMBER = re.compile(
    r"(?<![A-Za-z0-9@/_-])(?:[A-Z]{1,2}\d{6,8}[A-Z]?|[A-Z]\d{3}[A-Z]\d{4})(?![A-Za-z0-9@_-])"
)
_OTHER_NUMBER = re.compile(
    "|".join(
        rf"(?<![{LATIN}]){re.escape(word)}(?![{LATIN}])" if is_latin(word[0]) else re.escape(word)
        for word in _WORDS["other_numbers"]["words"]
    ),
    re.IGNORECASE,
)
_PROMPTPAY = re.compile(r"พร้อมเพย์|promptpay|prompt pay", re.IGNORECASE)
_PHONE = re.compile(r"0[1-9]\d{7,9}$|(?:66|84|95|855|856|60|62|63|86|91|82|81)\d{8,11}$")
_FEWEST_DIGITS = 9  # in a number without letters that nothing but the name of the paper announces
_KHMER, _KHMER_DIGITS = re.compile("[\u1780-\u17ff]"), 9  # of a Khmer identity card
_ANY_NUMBER = re.compile(r"\d[ .-]?\d[ .-]?\d")
# Digits with what may stand between those of one number; the last character of a Chinese one may be X.
_DIGITS = re.compile(r"\d(?:[ .-]{0,3}+\d){8,}+[Xx]?")
_MAX_DIGITS_CHARS = 1_000  # a longer run is a table
_MOST_RUNS = 3_000  # what follows so many runs is not read
_LOOKAHEAD_CHARS = 2
_SEPARATORS = re.compile(r"[\s.\-]")
_MASK = re.compile(r"[xX*•]{3}")
_PHILIPPINE_PASSPORT = re.compile(r"P\d{7}[A-Z]")  # Department of Foreign Affairs, ePassport number of 2016
_NUMBERED = frozenset(
    {
        "passport",
        "national_id",
        "residence_card",
        "work_permit",
        "visa",
        "border_pass",
        "driving_licence",
        "seaman_book",
    }
)


def _numbers(text: str) -> Iterator[Entity]:
    """Yield the numbers of papers that have a known form."""
    if not _ANY_NUMBER.search(text):
        return
    for form, match in _written_numbers(text):
        number = _SEPARATORS.sub("", match.group())
        checksum = form.check(number)
        context = text[max(0, match.start() - _CONTEXT_CHARS) : match.start()]
        hint = form.hint.search(context)
        if checksum is None or not (hint or _is_clear_alone(form, checksum, context)):
            continue
        yield Entity(
            "ID_DOCUMENT",
            *match.span(),
            value=number.upper() if number.isascii() and form.country != "MM" else number,
            attributes={"kind": form.kind, "country": form.country, "checksum": checksum},
            proba=_number_proba(form, checksum, context, in_context=bool(hint)),
            reason=_number_reason(form, checksum, context, hint),
        )


def _written_numbers(text: str) -> Iterator[tuple[NumberForm, re.Match[str]]]:
    """Yield everything that is written like the number of a paper."""
    for form in LETTERED_FORMS:
        if all(sign in text for sign in form.signs):
            for match in form.pattern.finditer(text):
                yield form, match
    for run in islice(_DIGITS.finditer(text), _MOST_RUNS):
        start, end = run.span()
        if end - start > _MAX_DIGITS_CHARS:
            continue
        for form in DIGIT_FORMS:
            for match in form.pattern.finditer(text, start, end + _LOOKAHEAD_CHARS):
                yield form, match


def _is_clear_alone(form: NumberForm, checksum: Checksum, context: str) -> bool:
    """Whether a number without a word for the paper before it is one."""
    if form.alone == "if valid":
        return checksum == "valid" and not _OTHER_NUMBER.search(context)
    return form.alone == "always"


def _is_proved(form: NumberForm, checksum: Checksum, context: str) -> bool:
    """Whether the checksum proves a paper: not where any digits will do, nor where money is sent."""
    return checksum == "valid" and form.alone != "if valid" and not _PROMPTPAY.search(context)


def _number_proba(form: NumberForm, checksum: Checksum, context: str, *, in_context: bool) -> float:
    if _is_proved(form, checksum, context):
        return 0.97
    if checksum == "failed":
        return 0.85 if in_context else 0.6
    return 0.95 if in_context else 0.85


def _number_reason(form: NumberForm, checksum: Checksum, context: str, hint: re.Match[str] | None) -> str:
    if _is_proved(form, checksum, context):
        return "checksum"
    return f'context word "{hint.group()}"' if hint else "pattern"


def _first_after(numbers: list[Entity], end: int) -> Entity | None:
    """Return the first of `numbers`, which are in order, that begins close after `end`."""
    index = bisect_left(numbers, end, key=lambda number: number.start)
    return numbers[index] if index < len(numbers) and numbers[index].start <= end + _NUMBER_CHARS else None


def _mention_entity(text: str, mention: _Mention, reason: str, numbers: list[Entity]) -> Entity:
    """Make the mention an entity, joined with the number that follows it, if there is one."""
    known = _first_after(numbers, mention.end)
    if known and _ONLY_GAP.match(text, mention.end, known.start):
        kind = known.attributes["kind"] if mention.kind == "document" else mention.kind
        attributes = {**known.attributes, "kind": kind}
        return replace(known, start=mention.start, attributes=attributes, proba=max(known.proba, 0.96))
    follows = _NUMBER_AFTER.match(text, mention.end) if mention.kind in _NUMBERED else None
    if follows and (attributes := _attributes_of(text, mention, follows)):
        value = None if _MASK.search(follows["code"]) else _plain(follows["code"])
        reason = f'context word "{text[mention.start : mention.end]}"'
        return Entity("ID_DOCUMENT", mention.start, follows.end(), value, attributes, 0.9, reason=reason)
    proba = 0.6 if mention.kind == "document" else 0.85
    return Entity(
        "ID_DOCUMENT", mention.start, mention.end, None, {"kind": mention.kind}, proba, reason=reason
    )


def _attributes_of(text: str, mention: _Mention, follows: re.Match[str]) -> dict[str, Any]:
    """Return the attributes of a paper and the number after it, none if that is rather a phone or a price."""
    code = _plain(follows["code"])
    attributes: dict[str, Any] = {"kind": mention.kind, "checksum": "none"}
    if mention.kind == "passport" and _PHILIPPINE_PASSPORT.fullmatch(code):
        attributes["country"] = "PH"
    is_sure = _SAYS_NUMBER.search(text, mention.end, follows.start("code")) is not None
    if code.isdigit() and len(code) < _FEWEST_DIGITS:
        return attributes if is_sure else {}
    if not _PHONE.match(code):
        return attributes
    is_khmer = len(code) == _KHMER_DIGITS and _KHMER.match(text, mention.start) is not None
    return {**attributes, "alternatives": ["PHONE"]} if is_khmer or is_sure else {}


def _plain(code: str) -> str:
    return _SEPARATORS.sub("", code).upper()


def _passport_number(text: str, mention: _Mention) -> Entity | None:
    """Return the number that has the form of a passport's, some words after the mention."""
    number = _PASSPORT_NUMBER.search(text, mention.end, mention.end + _NUMBER_CHARS)
    if number is None:
        return None
    words = text[mention.end : number.start()]
    if _NEW_MATTER.search(words) or _OTHER_NUMBER.search(words):
        return None
    reason = f'context word "{text[mention.start : mention.end]}"'
    attributes = {"kind": "passport", "checksum": "none"}
    return Entity("ID_DOCUMENT", *number.span(), number.group(), attributes, 0.85, reason=reason)


def find(text: str, context: Context) -> list[Entity]:
    """Find mentions of identity and travel papers and their numbers.

    Args:
        text: normalised text.
        context: not used: papers are named in many languages in one text.

    Returns:
        In order of start, without overlaps. `value` is the number without separators, None for a mention and
        for a masked number. Attributes: `kind`; with a number also `checksum` (valid | none | failed) and
        `country`, if the form belongs to one country.
    """
    numbers = sorted(_numbers(text), key=lambda number: (number.start, -number.proba))
    mentions = list(_mentions(text, context.language))
    found = [_mention_entity(text, mention, reason, numbers) for mention, reason in mentions]
    passports = (_passport_number(text, mention) for mention, _ in mentions if mention.kind == "passport")
    every = [*found, *numbers, *(number for number in passports if number)]
    return disjoint(sorted(every, key=lambda entity: (entity.start, -entity.proba)))
