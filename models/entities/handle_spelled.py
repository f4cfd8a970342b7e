"""Reads a handle that is spelled out at a place of a text: letters taken apart, signs and digits in words.

    fon จุด 555     rina(dot)agen555     m i n j i 5 5 5     noy*555*job     boss오55kr     gold(ตองห้า)

A handle is a row of atoms (letters and figures, or digits in words) and what joins them. Glued atoms, signs
of a handle and signs in words always join; marks join where nothing but the handle has them; spaces only
where what stands between them can be no word. Words: `handle_spelled.toml`, number words `numerals.toml`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from models.entities.handle_tokens import LATIN_UNITS, SpelledToken, spelled_tokens
from models.entities.words import is_latin


@dataclass(frozen=True, slots=True)
class Spelled:
    """A handle as it is read.

    Attributes:
        start, end: `[start, end)` in the text.
        value: the handle in lower case.
        signs: how many of its signs are in words or brackets.
        apart: how many of its characters stand alone.
        marked: whether marks are strewn through it.
        digits: whether digits of it are in words, or joined over a space.
        mixed: whether at least two digits in words of another script are glued to its letters.
    """

    start: int
    end: int
    value: str
    signs: int
    apart: int
    marked: bool
    digits: bool
    mixed: bool = False

    @property
    def disguised(self) -> bool:
        """Whether it is written otherwise than as it is."""
        return bool(self.signs or self.apart >= _MIN_APART or self.marked or self.digits)


_MIN_APART: Final = 4


class _Atom(NamedTuple):
    """Characters of the handle, and what stands before them: kind and text of the joining part."""

    joined_by: str
    joiner: str
    value: str
    start: int
    end: int

    @property
    def single(self) -> bool:
        """Whether it is one character."""
        return len(self.value) == 1


def spelled(lowered: str, start: int, *, loose: bool = False) -> Spelled | None:
    """Return the handle that begins at `start` of a text in lower case, None if none does.

    Args:
        lowered: the text in lower case.
        start: where its first character would stand.
        loose: whether what announces it is itself followed by a space (@ jane 555).
    """
    atoms = _cut_at_marks(_atoms(lowered, list(spelled_tokens(lowered, start)), loose))
    if not atoms or _is_number(atoms):
        return None
    value = _value(atoms)
    return Spelled(
        start,
        atoms[-1].end,
        value,
        signs=sum(atom.joined_by == "sign" for atom in atoms),
        apart=_apart_count(atoms),
        marked=any(atom.joined_by == "mark" for atom in atoms),
        digits=any(
            atom.joined_by in ("space", "then") or lowered[atom.start : atom.end] != atom.value
            for atom in atoms
        ),
        mixed=sum(
            atom.joined_by in ("glued", "sign") and not lowered[atom.start : atom.end].isascii()
            for atom in atoms[1:]
        )
        > 1,
    )


def _atoms(lowered: str, tokens: list[SpelledToken], loose: bool) -> list[_Atom]:
    """The atoms as far as they are joined."""
    atoms: list[_Atom] = []
    at = 1 if tokens and tokens[0].kind == "own" and tokens[0].value == "_" else 0
    while at < len(tokens):
        joiner = _GLUED
        if tokens[at].kind in _JOINERS and (atoms or (tokens[at].kind, tokens[at].value) == ("sign", "_")):
            joiner, at = tokens[at], at + 1
        if at == len(tokens) or tokens[at].kind in _JOINERS:
            if atoms and (joiner.kind, joiner.value) == ("sign", "_"):
                end = joiner.start + len(lowered[joiner.start : joiner.end].rstrip(" -*|~,，、"))
                atoms.append(_Atom("sign", "_", "", joiner.start, end))
            break
        token = _read(tokens, at, joiner)
        if not _joins(_Place(lowered, tokens, at, loose), joiner, token, atoms):
            break
        atoms.append(_Atom(joiner.kind, joiner.value, token.value, token.start, token.end))
        spaced = joiner.kind == "sign" and " " in lowered[joiner.start : joiner.end]
        loose = loose or spaced or joiner.kind == "space"
        at += 1
    return atoms


class _Place(NamedTuple):
    """A token among the others, and whether spaces have been found to join."""

    lowered: str
    tokens: list[SpelledToken]
    at: int
    loose: bool


_GLUED: Final = SpelledToken("glued", "", 0, 0)
_JOINERS: Final = frozenset({"sign", "own", "space", "mark", "then"})


def _read(tokens: list[SpelledToken], at: int, joiner: SpelledToken) -> SpelledToken:
    """The atom at a place; a number word of Latin letters is a digit only beside digits."""
    token = tokens[at]
    if token.kind != "latin":
        return token
    digit = token._replace(kind="units", value=LATIN_UNITS[token.value])
    telling = len(token.value) > 3 or not token.value.isascii()
    if (
        at
        and (joiner.kind in ("mark", "space", "glued", "sign", "then") or telling)
        and _beside_digits(tokens, at)
    ):
        return digit
    return token._replace(kind="piece") if token.value.isascii() and token.value.isalpha() else digit


def _beside_digits(tokens: list[SpelledToken], at: int) -> bool:
    """Whether the next atom on one side of a number word is a number too."""
    before = next((token for token in reversed(tokens[:at]) if token.kind not in _JOINERS), None)
    after = next((token for token in tokens[at + 1 : at + 3] if token.kind not in _JOINERS), None)
    return bool(
        (before and before.value and (before.kind in ("units", "latin") or before.value[-1].isdigit()))
        or (after and (after.kind in ("units", "latin") or after.value[0].isdigit()))
    )


def _joins(place: _Place, joiner: SpelledToken, token: SpelledToken, atoms: list[_Atom]) -> bool:
    """Whether an atom belongs to the handle so far."""
    following = place.tokens[place.at + 1].kind if place.at + 1 < len(place.tokens) else ""
    if not atoms:
        return token.kind == "piece" or (
            token.kind == "units" and following in ("piece", "own", "sign", "mark")
        )
    if joiner.kind == "then":
        return any(map(str.isdigit, token.value))
    if joiner.kind == "glued" and token.kind == "units" and len(token.value) == 1 and not following:
        return not place.lowered[token.end : token.end + 1].isalpha()
    return joiner.kind != "space" or _joins_over_space(place, token, atoms[-1])


def _joins_over_space(place: _Place, token: SpelledToken, before: _Atom) -> bool:
    """Whether an atom after a space can be no word of its own: letters one by one, or digits."""
    ahead = [ahead for ahead in place.tokens[place.at + 1 : place.at + 3] if ahead.kind != "space"]
    number = token.value.isdigit()
    if len(token.value) == 1:
        single_ahead = bool(ahead) and (len(ahead[0].value) == 1 or ahead[0].kind in ("units", "latin"))
        counts_on = number and single_ahead and not before.value.isdigit()
        return before.single or counts_on or (number and place.loose)
    if number:
        return token.kind == "units" or place.loose or (before.single and before.joined_by == "space")
    after_number = before.value.isdigit() and before.joined_by == "space"
    return place.loose and after_number and _before_other_script(place.lowered, token.end)


def _before_other_script(lowered: str, end: int) -> bool:
    """Whether the next word is not of Latin letters."""
    following = lowered[end : end + 2].lstrip(" ")[:1]
    return lowered[end : end + 1] == " " and following.isalpha() and not is_latin(following)


_ENUMERATING: Final = frozenset("/|&+=\\")
_MOST_PER_ATOM: Final = 4


def _cut_at_marks(atoms: list[_Atom]) -> list[_Atom]:
    """The atoms up to a mark that parts two handles rather than the letters of one."""
    marks = [(at, atom.joiner) for at, atom in enumerate(atoms) if atom.joined_by == "mark"]
    if not marks:
        return atoms
    first_at, first = marks[0]
    if first in _ENUMERATING:
        length = sum(len(atom.value) for atom in atoms)
        if len(marks) < 2 or length > _MOST_PER_ATOM * len(atoms):
            return atoms[:first_at]
    other = next((at for at, mark in marks if mark != first and (mark.isascii() or first.isascii())), None)
    return atoms[:other]


def _is_number(atoms: list[_Atom]) -> bool:
    """Whether all of it is figures and number words (one two three), or a figure and a sign come first."""
    first = atoms[0].value
    if first.isdigit():
        return len(atoms) > 1 and atoms[1].joined_by == "sign"
    if any(atom.joined_by == "sign" and atom.joiner == "_" for atom in atoms):
        return False
    return len(atoms) > 1 and first in LATIN_UNITS and all(atom.value.isdigit() for atom in atoms[1:])


def _apart_count(atoms: list[_Atom]) -> int:
    """How many characters stand one by one."""
    return (
        sum(atom.single and atom.joined_by not in ("glued", "sign") for atom in atoms[1:]) + atoms[0].single
    )


def _value(atoms: list[_Atom]) -> str:
    """The handle; a sign between characters that stand one by one only parts them."""
    value = ""
    for at, atom in enumerate(atoms):
        if atom.joined_by == "sign":
            value += atom.joiner
        elif atom.joined_by == "own" and not _only_parts(atoms, at):
            value += _within_parts(atoms, at)
        value += atom.value
    return value


def _within_parts(atoms: list[_Atom], at: int) -> str:
    """The signs before an atom, without those that only part characters on both sides (m-a-_-7-7)."""
    signs = atoms[at].joiner
    parting, inner = signs[0], signs[1:-1]
    near = [atom.joiner for atom in atoms[max(1, at - 1) : at + 2] if atom is not atoms[at]]
    parted = len(inner) == 1 and signs[-1] == parting != inner and near and set(near) <= {parting, ""}
    return inner if parted else signs


def _only_parts(atoms: list[_Atom], at: int) -> bool:
    """Whether the sign before an atom is one of at least two that part single characters."""
    sign = atoms[at].joiner

    def parts(one: int) -> bool:
        return (
            0 < one < len(atoms)
            and sign == atoms[one].joiner[:1] == atoms[one].joiner[-1:]
            and atoms[one].joined_by == "own"
            and atoms[one].single
            and (atoms[one - 1].single or (sign == "-" and one == at))
        )

    return parts(at) and (parts(at - 1) or parts(at + 1))
