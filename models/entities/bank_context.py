"""The words around a number that say whose account it is: banks, schemes, and words for accounts.

Names are in `bank_account.toml`, each with its source.
"""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from models.entities.taken_apart import Joined, joined
from models.entities.words import LATIN, Words, any_of, is_latin, lower


class Institution(NamedTuple):
    """A bank or a payment scheme.

    Attributes:
        kind: `bank` or `scheme`.
        digits: how many its accounts have, empty if unknown.
        mobile: its accounts are mobile numbers.
        email: its accounts may be e-mail addresses.
    """

    kind: str
    code: str
    country: str
    digits: frozenset[int]
    mobile: bool
    email: bool


class Cue(NamedTuple):
    """A word that says what a number near it is."""

    kind: str
    start: int
    end: int
    word: str
    institution: Institution | None


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


_DATA: Final = _table("bank_account.toml")
HANDLES: Final = {handle: scheme for scheme, handles in _DATA["handles"].items() for handle in handles}
IFSC_BANKS: Final = {entry["ifsc"]: entry["code"] for entry in _DATA["institution"] if "ifsc" in entry}


def _meanings() -> dict[str, tuple[str, Institution | None]]:
    """Every cue in lower case, with its kind and the institution it names; a first entry counts."""
    meanings: dict[str, tuple[str, Institution | None]] = {}
    before_places = [word for kind in ("account", "bank", "transfer") for word in _DATA["words"][kind]]
    for entry in _DATA["institution"]:
        institution = Institution(
            entry["kind"],
            entry["code"],
            entry["country"],
            frozenset(entry["digits"]),
            entry.get("mobile", False),
            entry.get("email", False),
        )
        places = [
            f"{word}{space}{place}"
            for place in entry.get("places", [])
            for word in before_places
            for space in ("", " ")
        ]
        for name in [*entry["names"], *places]:
            meanings.setdefault(name.lower(), ("institution", institution))
    words = _DATA["words"] | {"reference": _DATA["words"]["reference"] + _table("reference.toml")["sure"]}
    for kind, listed in words.items():
        for word in listed:
            meanings.setdefault(word.lower(), (kind, None))
    return meanings


_MEANINGS: Final = _meanings()


def institution_named(name: str) -> str | None:
    """Return the code of the bank or scheme of a name, in any listed spelling; None if unknown."""
    institution = _MEANINGS.get(name.lower(), ("", None))[1]
    return institution.code if institution else None


_LATIN_WORDS: Final = [word for word in _MEANINGS if is_latin(word[0])]
_OTHER_WORDS: Final = [word for word in _MEANINGS if not is_latin(word[0])]
_CUES: Final = re.compile(f"(?<![{LATIN}])(?:{any_of(_LATIN_WORDS)})(?![{LATIN}])|{any_of(_OTHER_WORDS)}")
"""For a text in lower case."""
TAILS: Final = Words(_DATA["words"]["tail"])
TAIL_WORDS: Final = re.compile(any_of(_DATA["words"]["tail"]), re.IGNORECASE)

BEFORE_CHARS: Final = 60
_AFTER_CHARS: Final = 25

_BREAK = re.compile("[\n,;]")
_MAX_ROW: Final = 5
"""Numbers read ahead, to see which side of them the banks of a list stand."""


class Cues:
    """The cues of a text, looked for only around what may be an account."""

    def __init__(self, text: str, spans: Sequence[tuple[int, int]]) -> None:
        self.text = text
        self._lowered = lower(text)
        self._starts = [start for start, _ in spans]
        self._ends = [end for _, end in spans]

    def before(self, start: int) -> list[Cue]:
        """Cues before `start`, nearest first, none beyond another number."""
        at = bisect_left(self._starts, start)
        edge = max(0, start - BEFORE_CHARS, self._ends[at - 1] if at else 0)
        return self._within(edge, start)[::-1]

    def after(self, end: int) -> list[Cue]:
        """Cues after `end`, nearest first, none beyond another number."""
        at = bisect_left(self._starts, end)
        edge = min(end + _AFTER_CHARS, self._starts[at] if at < len(self._starts) else len(self.text))
        return self._within(end, edge)

    def after_is_of_next(self, end: int) -> bool:
        """Whether the institution after the number that ends at `end` is that of the number after it.

        Where it stands between two, the last of the row tells: in a row of `number bank` it has one after it.
        """
        for behind in range(_MAX_ROW):
            after = self.after(end)
            if not any(cue.institution for cue in after):
                return behind > 0
            at = bisect_left(self._starts, end)
            if at == len(self._starts) or not self._announces(after[-1], self._starts[at]):
                return False
            end = self._ends[at]
        return False

    def _announces(self, cue: Cue, start: int) -> bool:
        """Whether a cue for an account stands directly before the number at `start`."""
        between = self.text[cue.end : start]
        speaks = cue.kind in ("institution", "account", "bank")
        return speaks and len(between) <= 3 and not _BREAK.search(between)

    def _within(self, start: int, end: int) -> list[Cue]:
        cues = []
        for match in _CUES.finditer(self._lowered, start, end):
            kind, institution = _MEANINGS[match.group()]
            cues.append(Cue(kind, *match.span(), self.text[slice(*match.span())], institution))
        together = joined(self._lowered[start:end])
        return cues if together is None else _with_hidden(cues, self.text, start, together)


def _with_hidden(cues: list[Cue], text: str, start: int, together: Joined) -> list[Cue]:
    """`cues` and the institutions whose names are taken apart in the text from `start` on."""
    hidden = []
    for match in _CUES.finditer(together.text):
        kind, institution = _MEANINGS[match.group()]
        first, last = (start + together.places[at] for at in (match.start(), match.end() - 1))
        if institution is not None and not any(cue.start <= last and first < cue.end for cue in cues):
            hidden.append(Cue(kind, first, last + 1, text[first : last + 1], institution))
    return sorted([*cues, *hidden], key=lambda cue: cue.start) if hidden else cues


def near_cue(cues: list[Cue], at: int, reach: int = 45) -> Cue | None:
    """The first of `cues` that speaks of an account or a bank, unless another one nearer says otherwise."""
    for cue in cues:
        if cue.kind == "other":
            return None
        if cue.kind in ("account", "bank", "institution") and at - cue.end <= reach:
            return cue
    return None
