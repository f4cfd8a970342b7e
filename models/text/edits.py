"""Edits: how a rule says what to change, and how the offset map follows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Offsets = npt.NDArray[np.int32]

Edit = tuple[int, int, str]
"""(start, end, replacement) with start < end; a rule returns them in order and without overlap."""

Rule = Callable[[str], list[Edit]]
"""Looks at a text and says what to change in it; a rule that finds nothing returns an empty list."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Rules that are of interest only to a text in which `needs` is found."""

    needs: re.Pattern[str]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A text on its way to its normal form.

    Attributes:
        text: the text so far.
        starts: (len(text),) int32, where each character starts in the original.
        ends: (len(text),) int32, where each character ends (exclusive) in the original.
    """

    text: str
    starts: Offsets
    ends: Offsets

    @classmethod
    def of(cls, text: str) -> Draft:
        """A draft that is still the original."""
        starts = np.arange(len(text), dtype=np.int32)
        return cls(text, starts, starts + np.int32(1))

    def apply(self, edits: Sequence[Edit]) -> Draft:
        """The draft after `edits`.

        A replacement as long as what it replaces maps character by character; each character of any other
        replacement maps to the whole of what it replaces.
        """
        pieces: list[str] = []
        done = 0
        for start, end, replacement in edits:
            pieces += (self.text[done:start], replacement)
            done = end
        pieces.append(self.text[done:])
        text = "".join(pieces)
        if all(end - start == len(replacement) for start, end, replacement in edits):
            return Draft(text, self.starts, self.ends)
        first, last = _sources(edits, len(self.text))
        return Draft(text, self.starts[first], self.ends[last])


def _sources(edits: Sequence[Edit], length: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """For each new character, the first and the last old character it stands for."""
    bounds = np.array([(start, end) for start, end, _ in edits], dtype=np.int64)
    new_lengths = np.fromiter((len(replacement) for _, _, replacement in edits), np.int64, len(edits))
    # The text is a row of segments: gap, edit, gap, edit, ..., gap.
    borders = np.concatenate(([0], bounds.ravel(), [length]))
    seg_start, seg_end = borders[:-1], borders[1:]
    seg_length = seg_end - seg_start
    seg_length[1::2] = new_lengths
    one_to_one = seg_length == seg_end - seg_start
    before = np.cumsum(seg_length) - seg_length
    within = np.arange(int(seg_length.sum())) - np.repeat(before, seg_length)
    aligned = np.repeat(one_to_one, seg_length)
    first = np.repeat(seg_start, seg_length) + np.where(aligned, within, 0)
    last = np.where(aligned, first, np.repeat(seg_end, seg_length) - 1)
    return first, last


def _tight(start: int, old: str, new: str) -> Edit:
    """The edit from `old` to `new` at `start`, without what they share at either end."""
    shared = min(len(old), len(new))
    head = 0
    while head < shared and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < shared - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    end = start + len(old) - tail
    if start + head == end:  # an insertion: tie it to a character that stays
        head, end = (head - 1, end) if head else (head, end + 1)
        tail -= end - (start + len(old) - tail)
    return start + head, end, new[head : len(new) - tail]


def substitute(
    pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str], needs: re.Pattern[str] | None = None
) -> Rule:
    """A rule that replaces every match of `pattern`; to leave one alone, `replace` returns it as it is.

    Args:
        pattern: what to look for.
        replace: what to write instead.
        needs: a cheap pattern without which `pattern` cannot match; saves the search in most texts.
    """

    def rule(text: str) -> list[Edit]:
        edits: list[Edit] = []
        if needs is not None and not needs.search(text):
            return edits
        for match in pattern.finditer(text):
            old, new = match.group(), replace(match)
            if new != old:
                edits.append(_tight(match.start(), old, new))
        return edits

    return rule


def char_class(chars: Iterable[str]) -> str:
    """A regex class of these characters, as ranges: `re` looks through single astral ones one by one."""
    ranges: list[list[int]] = []
    for code in sorted(map(ord, chars)):
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "[" + "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges) + "]"


def translate(table: dict[str, str]) -> Rule:
    """A rule that replaces single characters by single characters; runs of them are one edit."""
    by_code = str.maketrans(table)
    return substitute(re.compile(char_class(table) + "+"), lambda match: match.group().translate(by_code))


def remove(text: str, start: int, end: int, unwanted: re.Pattern[str]) -> list[Edit]:
    """Edits that delete what `unwanted` matches within `text[start:end]`."""
    return [(*match.span(), "") for match in unwanted.finditer(text, start, end)]
