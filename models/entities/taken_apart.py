"""Names that people take apart or misspell to hide them: B.D.O, T n G, กรุง*ไทย, एस बी आई, D4NA, be-ce-a."""

import re
import tomllib
from pathlib import Path
from typing import Final, NamedTuple

from models.entities.words import LATIN, any_of

_LETTER_NAMES: Final[dict[str, str]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)["letter_names"]
_LEET: Final = dict(zip("013457689@$!", "oieastbbqasi", strict=True))

_LETTER: Final = r"[^\s\d!-@\[-`{-~·•]"
"""A letter or a vowel mark of any script."""
_MARKED = re.compile(rf"(?<={_LETTER})[.*_·•~|+-]{{1,2}}(?={_LETTER})")
_SINGLE = re.compile(rf"(?<![{LATIN}\d])[{LATIN}](?:[ .·•*_-]{{1,2}}[{LATIN}](?![{LATIN}\d]))+")
_SHORT = re.compile(r"(?<!\S)[^\s\x00-\x7f]{1,4}(?: [^\s\x00-\x7f]{1,4})+(?!\S)")
_NAMED = re.compile(
    rf"(?<![{LATIN}])(?:{any_of(_LETTER_NAMES)})(?:[ -](?:{any_of(_LETTER_NAMES)})){{2,}}(?![{LATIN}])"
)
_NAME = re.compile(any_of(_LETTER_NAMES))
_LEETED = re.compile(
    r"(?<=[a-z])[0134578@$!](?=[a-z])|(?<![\w@])[0134568](?=[a-z]{2})|(?<=[a-z]{2})[0134@$](?![\w@])"
)
_ANY = re.compile(rf"{_MARKED.pattern}|{_SINGLE.pattern}|{_SHORT.pattern}|{_LEETED.pattern}")
_JOINTS = re.compile("[ .·•*_-]+")


class Joined(NamedTuple):
    """A text with its words together.

    Attributes:
        text: without what stood between the parts.
        places: for every character of `text` and its end, where it is in the original.
    """

    text: str
    places: list[int]


def joined(lowered: str) -> Joined | None:
    """Return a short text in lower case with its words together again; None if none is taken apart."""
    if _ANY.search(lowered) is None and _NAMED.search(lowered) is None:
        return None
    characters = list(lowered)
    for match in _LEETED.finditer(lowered):
        characters[match.start()] = _LEET[match.group()]
    for match in _MARKED.finditer(lowered):
        _empty(characters, *match.span())
    for apart in (_SINGLE, _SHORT):
        for match in apart.finditer(lowered):
            for joint in _JOINTS.finditer(lowered, *match.span()):
                _empty(characters, *joint.span())
    for match in _NAMED.finditer(lowered):
        _empty(characters, *match.span())
        for name in _NAME.finditer(lowered, *match.span()):
            characters[name.start()] = _LETTER_NAMES[name.group()]
    places = [at for at, character in enumerate(characters) if character]
    return Joined("".join(characters), [*places, len(lowered)])


def _empty(characters: list[str], start: int, end: int) -> None:
    characters[start:end] = [""] * (end - start)
