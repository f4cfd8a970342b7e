"""Accounts that stand before their platform's name, after a verb or with one behind the name.

Add boss_kk77 on Telegram, cari k o k o 7 7 dalam app pesawat, boss_77 ကို တယ်လီဂရမ်မှာ ရှာပါ.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from models.entities.entity import Entity
from models.entities.handle_account import spelled_entity
from models.entities.handle_gap import BETWEEN, DATA, DOMAIN, QUANTITY, VERBS, words_pattern
from models.entities.handle_names import Name
from models.entities.handle_spelled import Spelled, spelled
from models.entities.words import LATIN, any_of, is_latin

_ONWARD: Final = DATA["connectors"]["onward"]
_LATIN_ONWARD: Final = any_of(word for word in _ONWARD if is_latin(word[0]))
_OTHER_ONWARD: Final = any_of(word for word in _ONWARD if not is_latin(word[0]))
_ARTICLES: Final = words_pattern(DATA["connectors"]["articles"])
ONWARD: Final = re.compile(
    rf"(?:(?: (?:{_LATIN_ONWARD})){{1,2}} | ?(?:{_OTHER_ONWARD}) ?| ?[(（\[【] ?)"
    rf"(?:(?:{_ARTICLES}) ?){{0,2}}",
    re.IGNORECASE,
)
"""What stands between an account and the platform named after it: on the, dalam app, ใน, (."""

_BACK: Final = 90
_MOST_ONWARD: Final = 24
_MOST_NAMES: Final = 200
_WRITTEN: Final = re.compile(
    rf"(?<![{LATIN}0-9_.@/=+-])(?=[^ ]*[a-z]{{2}})(?=[^ ]*[0-9_])[a-z0-9_][a-z0-9_.-]{{3,40}}\Z"
)
_NOTHING: Final = re.compile(rf"{DOMAIN.pattern}|\A{QUANTITY.pattern}".replace("(?i)", ""))
_VERB: Final = re.compile(rf"(?:{VERBS}){BETWEEN}", re.IGNORECASE)
_VERB_JUST_BEFORE: Final = re.compile(rf"(?:{VERBS}){BETWEEN}\Z", re.IGNORECASE)
_VERB_AFTER: Final = re.compile(rf".{{0,8}}?(?:{VERBS})", re.IGNORECASE)


def before(text: str, lowered: str, names: Sequence[Name], found: Sequence[Entity]) -> Iterator[Entity]:
    """The account before each platform's name that has none of its own in `found` (in any order)."""
    starts = sorted(entity.start for entity in found)
    floor = 0
    for name in names[:_MOST_NAMES]:
        next_start = bisect_left(starts, name.end)
        has_own = next_start < len(starts) and starts[next_start] <= name.end + 3
        if not name.weak and not has_own:
            window = max(floor, name.start - _BACK)
            if entity := _before(text, lowered, name, window):
                yield entity
        floor = name.end


def _before(text: str, lowered: str, name: Name, floor: int) -> Entity | None:
    """The account that ends just before a platform's name and begins at `floor` or later."""
    end = _end_of_account(lowered, name, floor)
    if end is None:
        return None
    verb = None
    for verb in _VERB.finditer(lowered, floor, end):  # noqa: B007
        pass
    spelled_out = spelled(lowered, verb.end()) if verb else None
    if spelled_out and spelled_out.disguised and spelled_out.end == end:
        return spelled_entity(text, name, spelled_out, told=False)
    written = _WRITTEN.search(lowered, floor, end)
    if written is None or _NOTHING.search(written.group()):
        return None
    asked = _VERB_JUST_BEFORE.search(lowered, max(floor, written.start() - 20), written.start())
    if not asked and not _VERB_AFTER.match(lowered, name.end, name.end + 20):
        return None
    account = Spelled(written.start(), end, written.group(), signs=0, apart=0, marked=False, digits=False)
    return spelled_entity(text, name, account, told=False)


def _end_of_account(lowered: str, name: Name, floor: int) -> int | None:
    """Where an account ends that a word like on joins to a platform's name, None if none does."""
    ends = (
        at
        for at in range(max(floor + 1, name.start - _MOST_ONWARD), name.start)
        if lowered[at - 1] in _ENDS and ONWARD.fullmatch(lowered, at, name.start)
    )
    apart = name.start - 1 if _apart(lowered, name.start - 1, name.start) else None
    return next(ends, apart)


_ENDS: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")


def _apart(lowered: str, at: int, start: int) -> bool:
    """Whether a space alone stands before a name that is of another script than an account."""
    return at > 0 and lowered[at] == " " and lowered[at - 1 : at] in _ENDS and not is_latin(lowered[start])
