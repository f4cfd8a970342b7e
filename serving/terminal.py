"""What is told to whoever sits at a terminal: nothing in it can command the terminal or reorder its lines."""

import sys
import unicodedata
from typing import Final

_SHAPING: Final = frozenset("\u200b\u200c\u200d")
"""Khmer, Thai and Indic texts need them; they hide nothing on a terminal."""


def say(message: str) -> None:
    """Write a line to the standard error, beside what a command was asked for."""
    sys.stderr.write(f"scamscreen: {visible(message)}\n")


def visible(text: str) -> str:
    """Return the text, character for character, what could command a terminal or reorder it made harmless."""
    return "".join(map(_visible_character, text))


def _visible_character(character: str) -> str:
    if character.isprintable() or character in _SHAPING:
        return character
    code = ord(character)
    if character == "\t" or unicodedata.category(character) == "Zs":
        return " "
    if code < 0x20:
        return chr(0x2400 + code)  # Unicode's pictures of control characters
    return "\N{SYMBOL FOR DELETE}" if code == 0x7F else "\N{REPLACEMENT CHARACTER}"
