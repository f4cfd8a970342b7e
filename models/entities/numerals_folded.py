"""Words that make digits together: double five, 三个五, fifty-five, ห้าร้อยห้าสิบห้า, limabelas."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple


class Token(NamedTuple):
    """A piece of a number, `text[start:end]`.

    Attributes:
        kind: `digits`, `unit` or `letters` are digits as they stand; other words change what is beside them.
        value: its digits, or how often what follows is written.
        latin: in Latin letters, with spaces between the words of one number.
    """

    kind: str
    start: int
    end: int
    value: str
    latin: bool = False


def folded(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Stretches in which repeats and hundreds are digits; a word that means nothing there ends one."""
    groups: list[Token] = []
    at = 0
    while at < len(tokens):
        found = _repeated(tokens, at) or _compound(tokens, at) or _plain(tokens[at])
        if found is None:
            if groups:
                yield groups
            groups, at = [], at + 1
            continue
        group, used = found
        groups.append(group)
        at += used
    if groups:
        yield groups


def _plain(token: Token) -> tuple[Token, int] | None:
    known = token.kind in ("digits", "unit", "letters", "word", "filler", "label")
    return (token, 1) if known else None


def _merged(tokens: Sequence[Token], value: str) -> tuple[Token, int]:
    return Token("unit", tokens[0].start, tokens[-1].end, value), len(tokens)


_COUNTS: Final = frozenset("2345")


def _repeated(tokens: Sequence[Token], at: int) -> tuple[Token, int] | None:
    """`double five`, `三个五`, `three fives`, `ห้าสามตัว` at a place, and how many tokens it takes."""
    here = tokens[at : at + 3]
    kinds = [token.kind for token in here]
    values = [token.value for token in here]
    one = [len(value) == 1 for value in values]
    match kinds, one:
        case ["times", *_], [_, True, *_]:
            count, digit, used = values[0], values[1], 2
        case [_, "plural", *_], [True, *_]:
            count, digit, used = values[0], values[1], 2
        case [_, "link", _], [True, _, True]:
            count, digit, used = values[0], values[2], 3
        case [_, _, "counter"], [True, True, _]:
            count, digit, used = values[1], values[0], 3
        case [_, _, "link"], [True, True, _] if not any(
            len(token.value) == 1 for token in tokens[at + 3 : at + 4]
        ):
            count, digit, used = values[1], values[0], 3
        case _:
            return None
    return _merged(here[:used], digit * int(count)) if count in _COUNTS else None


def _compound(tokens: Sequence[Token], at: int) -> tuple[Token, int] | None:
    """`ห้าร้อยห้าสิบห้า`, `fifty-five`, `dua belas` at a place, and how many tokens it takes."""
    kinds = [token.kind for token in tokens[at : at + 2]]
    if kinds == ["unit", "hundred"]:
        rest = _below_hundred(tokens, at + 2) or ("0" + _unit(tokens, at + 2), bool(_unit(tokens, at + 2)))
        digits, used = rest
        return _merged(tokens[at : at + 2 + used], tokens[at].value + digits.ljust(2, "0"))
    below = _below_hundred(tokens, at)
    return _merged(tokens[at : at + below[1]], below[0]) if below else None


def _below_hundred(tokens: Sequence[Token], at: int) -> tuple[str, int] | None:
    """The two digits of a number in tens at a place, and how many tokens it takes."""
    kinds = [token.kind for token in tokens[at : at + 2]]
    match kinds:
        case ["pair", *_]:
            return tokens[at].value, 1
        case ["unit", "teen"]:
            return "1" + tokens[at].value, 2
        case ["tens", *_]:
            tens, used, apart = tokens[at].value, 1, 0
        case ["ten", *_]:
            tens, used, apart = "1", 1, 0
        case ["unit", "ten"] if tokens[at].value != "0":
            tens, used, apart = tokens[at].value, 2, tokens[at + 1].start - tokens[at].end
        case _:
            return None
    unit = _unit(tokens, at + used)
    if unit and not tokens[at + used - 1].latin:
        unit *= tokens[at + used].start - tokens[at + used - 1].end <= apart  # ຊາວ ຫ້າ is 20 and 5
    return tens + (unit or "0"), used + bool(unit)


def _unit(tokens: Sequence[Token], at: int) -> str:
    """The digit of a number word at a place, "" if there is none."""
    return tokens[at].value if at < len(tokens) and tokens[at].kind == "unit" else ""
