"""Takes what identifies people out of a text, so that it can be passed on."""

import hashlib
import hmac
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from models.entities.words import LATIN, Words
from models.errors import RedactionError
from models.screening import Entity
from models.taxonomy import ENTITY_TYPES

RedactionStyle = Literal["placeholder", "mask", "token"]
REDACTION_STYLES: Final[tuple[RedactionStyle, ...]] = ("placeholder", "mask", "token")
DEFAULT_TYPES: Final = (
    "PERSON",
    "PHONE",
    "EMAIL",
    "SOCIAL_HANDLE",
    "BANK_ACCOUNT",
    "CRYPTO_WALLET",
    "ID_DOCUMENT",
    "VEHICLE",
    "GEO",
    "SITE_DETAIL",
    "REFERENCE",
)
"""What may lead to one person. Sums, dates and places stay unless they are asked for, and addresses that name
nobody: one that holds a mail address or a long number goes with these."""
LEAST_KEY_BYTES: Final = 16
_TOKEN_BYTES: Final = 8
_NAMES_SOMEBODY: Final = re.compile(r"@|\d{7}")
_LATIN_SIGN: Final = re.compile(f"[0-9{LATIN}]")
_IDEOGRAPHS: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff가-힣]")
_LEAST_REPEATED_CHARS: Final = 4
_LEAST_REPEATED_LETTERS: Final = 2  # of Latin words and of names in ideographs
_MASKED: Final = re.compile(r"[^\s+\-./:,@()]")


@dataclass(frozen=True, slots=True)
class Redaction:
    """One thing taken out; `[start, end)` in the redacted text, where `replacement` stands."""

    type: str
    start: int
    end: int
    replacement: str


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without what was to be taken out of it."""

    text: str
    redactions: tuple[Redaction, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Words that are taken out of a text.

    Attributes:
        start, end: `[start, end)` in the text as received.
        identity: what they name, the same for all words that name it.
        number: of what they name among the things of its type in the text, from 1.
    """

    type: str
    start: int
    end: int
    identity: str = field(repr=False)
    number: int


class Redactor:
    """Replaces entities of some types in one of three styles."""

    def __init__(
        self,
        types: Collection[str] = DEFAULT_TYPES,
        style: RedactionStyle = "placeholder",
        *,
        key: bytes | None = None,
    ) -> None:
        """Choose what is taken out and what takes its place.

        Args:
            types: entity types.
            style: `placeholder`: [PHONE_1], the same number for the same value within a text; `mask`: every
                character but separators becomes •; `token`: [PHONE:9f86d081884c7d65], the same for the same
                value in every text (HMAC-SHA256, RFC 2104), so that cases can be linked by who has the key
                and by nobody else.
            key: of the tokens, at least 16 bytes.

        Raises:
            RedactionError: an unknown type or style, or a token without a key that protects it.
        """
        if unknown := sorted(set(types) - set(ENTITY_TYPES)):
            raise RedactionError(f"no entity type {', '.join(unknown)}: expected {', '.join(ENTITY_TYPES)}")
        if style not in REDACTION_STYLES:
            raise RedactionError(f"no style {style!r}: expected {', '.join(REDACTION_STYLES)}")
        if style == "token" and len(key or b"") < LEAST_KEY_BYTES:
            raise RedactionError(f"tokens need a secret key of at least {LEAST_KEY_BYTES} bytes")
        self._types = frozenset(types)
        self._style = style
        self._key = key or b""

    def redact(self, text: str, entities: Sequence[Entity]) -> Redacted:
        """Return the text without the entities, and without their words wherever else they stand in it.

        Args:
            text: as received.
            entities: of its record, in any order.
        """
        pieces: list[str] = []
        done = length = 0
        redactions = []
        for place in self.places(text, entities):
            pieces.append(text[done : place.start])
            length += place.start - done
            replacement = self._replacement(text[place.start : place.end], place)
            redactions.append(Redaction(place.type, length, length + len(replacement), replacement))
            pieces.append(replacement)
            length += len(replacement)
            done = place.end
        pieces.append(text[done:])
        return Redacted("".join(pieces), tuple(redactions))

    def places(self, text: str, entities: Sequence[Entity]) -> Iterator[Place]:
        """Yield what is taken out of a text, in order, without overlaps; see `redact`."""
        numbers: dict[str, dict[str, int]] = {}
        for start, end, code, identity in self._places(text, entities):
            of_type = numbers.setdefault(code, {})
            yield Place(code, start, end, identity, of_type.setdefault(identity, len(of_type) + 1))

    def _places(self, text: str, entities: Sequence[Entity]) -> Iterator[tuple[int, int, str, str]]:
        """Yield (start, end, type, identity) of what is taken out, in order, without overlaps."""
        taken_out = [one for one in entities if self._takes_out(one)]
        identities: dict[tuple[int, int, str], str] = {}
        words: dict[tuple[str, str], str] = {}
        for one in taken_out:
            identity = one.value or one.text.casefold()
            identities.setdefault((one.start, one.end, one.type), identity)
            words.setdefault((_lowered(one.text), one.type), identity)
        repeated = _repeated({one.text for one in taken_out}, text)
        for (word, code), identity in words.items():
            for start, end in repeated.get(word, ()):
                identities.setdefault((start, end, code), identity)
        done = 0
        places = [(*place, identity) for place, identity in identities.items()]
        for start, end, code, identity in sorted(places, key=lambda place: (place[0], -place[1])):
            if end > done:
                yield max(start, done), end, code, identity
                done = end

    def _takes_out(self, entity: Entity) -> bool:
        """Whether an entity is, may be or holds what is to be taken out."""
        if entity.type == "ID_DOCUMENT" and not any(char.isdigit() for char in entity.text):
            return False  # the name of a paper, not its number
        if entity.type == "URL" and _NAMES_SOMEBODY.search(entity.text):
            return True
        return not self._types.isdisjoint({entity.type, *entity.attributes.get("alternatives", ())})

    def _replacement(self, words: str, place: Place) -> str:
        if self._style == "mask":
            return _MASKED.sub("•", words)
        if self._style == "token":
            digest = hmac.digest(self._key, f"{place.type}\0{place.identity}".encode(), hashlib.sha256)
            return f"[{place.type}:{digest[:_TOKEN_BYTES].hex()}]"
        return f"[{place.type}_{place.number}]"


def _repeated(words: Collection[str], text: str) -> dict[str, list[tuple[int, int]]]:
    """Return where else words stand in a text, by the word in lower case, found in one pass.

    In scripts that do not part words, those too short to be told from a part of another one are left.
    """
    sought = {_lowered(word) for word in words if len(word) >= _least_chars(word)}
    found: dict[str, list[tuple[int, int]]] = {}
    if not sought:
        return found
    lowered = _lowered(text)
    for start, end in Words(sought).places(lowered):
        of_word = found.setdefault(lowered[start:end], [])
        overlaps = bool(of_word) and of_word[-1][1] > start
        if not overlaps and not _is_part(lowered, start, end):
            of_word.append((start, end))
    return found


def _least_chars(word: str) -> int:
    is_parted = _is_latin(word) or _IDEOGRAPHS.match(word)
    return _LEAST_REPEATED_LETTERS if is_parted else _LEAST_REPEATED_CHARS


def _is_part(text: str, start: int, end: int) -> bool:
    """Whether Latin letters or digits at a place are part of a longer word."""
    if not _is_latin(text[start:end]):
        return False
    around = text[max(0, start - 1) : start], text[end : end + 1]
    return any(_LATIN_SIGN.match(one) for one in around)


def _is_latin(word: str) -> bool:
    return bool(_LATIN_SIGN.match(word[:1]) and _LATIN_SIGN.match(word[-1:]))


def _lowered(text: str) -> str:
    """Return a text in lower case, character for character."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(lower if len(lower := sign.lower()) == 1 else sign for sign in text)
