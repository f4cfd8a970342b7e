"""Payment names whose sign is in words: ramesh555 at the rate oksbi, ravi (dot) k (at) ybl."""

import re
import tomllib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from models.entities.bank_context import HANDLES, Cues
from models.entities.entity import Entity
from models.entities.words import LATIN, Words, any_of, lower

_WORDS: Final = tomllib.loads(Path(__file__).with_name("bank_account.toml").read_text(encoding="utf-8"))[
    "spelled"
]
_OPEN, _CLOSE = r"[ ]?[(\[{<]?[ ]?", r"[ ]?[)\]}>]?[ ]?"
_SURE: Final = any_of(_WORDS["at_sure"])
_IN_BRACKETS = re.compile(r"[ ]?[(\[{<] ?(?:at?|ऐट|एट) ?[)\]}>]", re.IGNORECASE)
_AT = re.compile(
    rf"(?:{_IN_BRACKETS.pattern}|[ ]?(?P<sure>{_SURE})|(?P<word>{any_of(_WORDS['at'])})(?![{LATIN}])|@)",
    re.IGNORECASE,
)
_DOT = rf"{_OPEN}(?:{any_of(_WORDS['dot'])}){_CLOSE}"
_NAME = re.compile(rf"(?<![A-Za-z0-9@])[A-Za-z0-9](?:[A-Za-z0-9._-]|{_DOT}){{1,40}}$", re.IGNORECASE)
_NAME_CHARS: Final = 60
_HANDLE = re.compile(
    "|".join(sorted(("[ .-]?".join(handle) for handle in HANDLES), key=len, reverse=True)) + "", re.IGNORECASE
)
_ANY_HANDLE: Final = Words(HANDLES)
_ENDS = re.compile("(?![A-Za-z0-9@]|[.][A-Za-z])")
_MAX_SIGNS: Final = 3_000


def spelled_names(text: str, cues: Cues) -> Iterator[Entity]:
    """Payment names with words for @ and dot, of a handle we know."""
    if not _ANY_HANDLE.are_in(lower(text)) and _IN_BRACKETS.search(text) is None:
        return
    for match in islice(_AT.finditer(text), _MAX_SIGNS):
        handle = _HANDLE.match(text, _after_space(text, match.end()))
        if handle is None or _ENDS.match(text, handle.end()) is None:
            continue
        start, name = _name_before(text, match.start())
        code = re.sub("[ .-]", "", handle.group()).lower()
        told = match["word"] is None or any(map(str.isdigit, name)) or _speaks_of_upi(cues, start)
        as_written = (
            match.group() == "@" and start + len(name) == match.start() and code == handle.group().lower()
        )
        if not name or not told or as_written or code not in HANDLES:
            continue
        yield Entity(
            type="BANK_ACCOUNT",
            start=start,
            end=handle.end(),
            value=f"{name}@{code}",
            attributes={"bank": None, "scheme": HANDLES[code]},
            proba=0.9,
        )


def _after_space(text: str, at: int) -> int:
    return at + 1 if text[at : at + 1] == " " else at


def _name_before(text: str, end: int) -> tuple[int, str]:
    """Where the name begins that ends before `end`, and the name with its dots; "" if there is none."""
    window = text[max(0, end - _NAME_CHARS) : end]
    found = _NAME.search(window.rstrip())
    if found is None:
        return end, ""
    return end - len(window) + found.start(), re.sub(_DOT, ".", found.group(), flags=re.IGNORECASE).lower()


def _speaks_of_upi(cues: Cues, start: int) -> bool:
    """Whether a word before names UPI or an app of it."""
    return any(cue.institution is not None and cue.institution.code == "upi" for cue in cues.before(start))
