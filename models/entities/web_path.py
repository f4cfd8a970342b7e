"""What follows the host of an address: a port and a path, plain or spelled out (slash vip, / vip / a1)."""

import re
from typing import Final

from models.entities.handle_links import PATH
from models.entities.web_hosts import registrable
from models.entities.web_signs import LETTER, SIGNS, Token, sign_at

_OTHER_WAYS: Final = frozenset(SIGNS["other"]["names"])
_PIECE: Final = re.compile(r"[A-Za-z0-9~%@?#=&_+.:;,$!'*()-]{1,2000}+")
_APART: Final = re.compile(f"[A-Za-z0-9](?: [A-Za-z0-9]){{1,40}}+(?![{LETTER}0-9])")
_PORT: Final = re.compile(":[0-9]{2,5}(?![0-9])")
_PLAIN_TAIL: Final = re.compile(f"[/?#]{PATH}{{0,2000}}+")
_EXTENSION: Final = re.compile("(?:html?|php|apk|aspx?|jsp|exe|ipa|pdf)(?![A-Za-z0-9])", re.IGNORECASE)
_TRAILING: Final = ".,;:!?'*&_~(["
_MOST_PIECES: Final = 12


def path_after(text: str, lowered: str, end: int, *, odd: bool) -> tuple[str, int]:
    """Return what follows the host that ends at `end`, as an address has it, and where it ends.

    Args:
        text: a normalised text.
        lowered: the same in lower case.
        end: where the host ends.
        odd: the host is not written plainly, so that slashes between spaces may be meant too.
    """
    tail = ""
    if port := _PORT.match(text, end):
        tail, end = port.group(), port.end()
    if plain := _PLAIN_TAIL.match(text, end):
        piece = trimmed(plain.group())
        if len(piece) < len(plain.group()):
            return tail + piece, end + len(piece)
        if piece != "/":
            tail, end = tail + piece, plain.end()
    for _ in range(_MOST_PIECES):
        step = _piece(text, lowered, end, odd, bool(tail))
        if step is None:
            break
        piece, piece_end = step
        tail, end = tail + piece, piece_end
    return tail, end


def _piece(text: str, lowered: str, end: int, odd: bool, more: bool) -> tuple[str, int] | None:
    """The next sign and what follows it, if they are part of the path."""
    sign = sign_at(lowered, end)
    if sign is None or not _goes_on(text, sign, odd, more):
        return None
    if sign.how != "plain" and (apart := _APART.match(text, sign.end)):
        return sign.plain + apart.group().replace(" ", ""), apart.end()
    match = _PIECE.match(text, sign.end)
    piece = trimmed(match.group()) if match else ""
    following = text[sign.end + len(piece) : sign.end + len(piece) + 1]
    if not piece or (following.isalpha() and re.match(f"[{LETTER}]", following)):
        return None
    first = piece.lower().partition("/")[0]
    if sign.how != "plain" and (first in _OTHER_WAYS or registrable(first)):
        return None
    return sign.plain + piece, sign.end + len(piece)


def _goes_on(text: str, sign: Token, odd: bool, more: bool) -> bool:
    """Whether a sign after a host is one within the address."""
    said = sign.how in ("word", "bracketed")
    if sign.kind == "slash":
        return said or (odd and "\n" not in text[sign.end - 1 : sign.end])
    if sign.kind == "dot":
        return more and said and _EXTENSION.match(text, sign.end) is not None
    return more and said and sign.kind in ("dash", "underscore")


def trimmed(piece: str) -> str:
    """A path without the punctuation of the sentence around it; brackets stay in pairs."""
    while piece and (
        piece[-1] in _TRAILING
        or (piece[-1] == ")" and piece.count("(") < piece.count(")"))
        or (piece[-1] == "]" and piece.count("[") < piece.count("]"))
    ):
        piece = piece[:-1]
    return piece
