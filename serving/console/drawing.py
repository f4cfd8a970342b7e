"""Numbers -> the shapes of a chart: bars, columns side by side, or a map of hours.

Plain geometry in pixels; `_chart.html` writes it as SVG. A shape says its `tone`, not its colour.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

Tone = Literal["first", "second", "third", "soft", "ink", "line"]
WIDTH: Final = 640
_ROW: Final = 26
_BAR: Final = 16
_NAMES: Final = 268
_VALUES: Final = 60
_GAP: Final = 8
_MOST_NAME_CHARS: Final = 40
_JOINERS: Final = "\u200b\u200c\u200d"
_COLUMNS_HEIGHT: Final = 220
_AXIS: Final = 46
_LEGEND: Final = 26
_TEXT: Final = 13
_SMALL: Final = 11
_CELL: Final = 24
_DAY_NAMES: Final = 56
_TITLE: Final = 46
_MARGIN: Final = 16
_NOTE_LINE: Final = 16


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle.

    Attributes:
        strength: from 0 to 1, how much of its colour is seen.
        title: what it stands for, shown to who points at it.
    """

    x: float
    y: float
    width: float
    height: float
    tone: Tone
    title: str = ""
    strength: float = 1.0


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text; `y` is that of its baseline."""

    x: float
    y: float
    text: str
    tone: Tone = "ink"
    anchor: Literal["start", "middle", "end"] = "start"
    size: int = _TEXT


@dataclass(frozen=True, slots=True)
class Drawing:
    """What an SVG shows."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    words: tuple[Words, ...]

    def with_frame(self, title: str, notes: Sequence[str]) -> "Drawing":
        """Return the same with a title above it and notes below, as it goes out of the house alone."""
        boxes = tuple(replace(one, x=one.x + _MARGIN, y=one.y + _TITLE) for one in self.boxes)
        words = tuple(replace(one, x=one.x + _MARGIN, y=one.y + _TITLE) for one in self.words)
        below = _TITLE + self.height + _GAP
        lines = tuple(
            Words(_MARGIN, below + _NOTE_LINE * number, note, "soft", size=_SMALL)
            for number, note in enumerate(notes, start=1)
        )
        height = below + _NOTE_LINE * len(notes) + _MARGIN
        heading = Words(_MARGIN, _TITLE - _MARGIN, title, size=16)
        return Drawing(self.width + 2 * _MARGIN, height, boxes, (heading, *words, *lines))


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one kind, one for each column."""

    name: str
    values: Sequence[int]


def draw_bars(rows: Sequence[tuple[str, int]]) -> Drawing:
    """Return a bar for each row, its name before it and its value behind it."""
    most = max((value for _, value in rows), default=0) or 1
    room = WIDTH - _NAMES - _VALUES - _GAP
    boxes: list[Box] = []
    words: list[Words] = []
    for number, (whole_name, value) in enumerate(rows):
        name = _short(whole_name)
        y, width = number * _ROW, max(room * value / most, 1.0 if value else 0.0)
        boxes.append(Box(_NAMES, y + 5, width, _BAR, "first", f"{name}: {value:,}"))
        words.append(Words(_NAMES - _GAP, y + 18, name, anchor="end"))
        words.append(Words(_NAMES + width + _GAP, y + 18, f"{value:,}", "soft"))
    return Drawing(WIDTH, max(len(rows), 1) * _ROW, tuple(boxes), tuple(words))


def draw_columns(names: Sequence[str], series: Sequence[Series]) -> Drawing:
    """Return columns over names, those of all series side by side; only names that have room are written."""
    most = max((value for one in series for value in one.values), default=0) or 1
    tones: tuple[Tone, ...] = ("first", "second", "third")
    step = (WIDTH - _AXIS) / max(len(names), 1)
    width = step * 0.8 / len(series)
    bottom = _LEGEND + _COLUMNS_HEIGHT
    boxes = [Box(_AXIS, bottom, WIDTH - _AXIS, 1, "line")]
    words = [
        Words(_AXIS - _GAP, _LEGEND + 10, f"{most:,}", "soft", "end", _SMALL),
        Words(_AXIS - _GAP, bottom, "0", "soft", "end", _SMALL),
    ]
    for kind, one in enumerate(series):
        x = _AXIS + kind * 180
        boxes.append(Box(x, 4, 12, 12, tones[kind]))
        words.append(Words(x + 18, 15, one.name))
        for number, value in enumerate(one.values):
            height = _COLUMNS_HEIGHT * value / most
            left = _AXIS + number * step + step * 0.1 + kind * width
            title = f"{names[number]}, {one.name}: {value:,}"
            boxes.append(Box(left, bottom - height, width, height, tones[kind], title))
    every = -(-len(names) * 56 // (WIDTH - _AXIS)) or 1
    for number in range(0, len(names), every):
        middle = _AXIS + (number + 0.5) * step
        words.append(Words(middle, bottom + 18, names[number], "soft", "middle", _SMALL))
    return Drawing(WIDTH, bottom + 28, tuple(boxes), tuple(words))


def draw_map(rows: Sequence[tuple[str, Sequence[int]]]) -> Drawing:
    """Return a cell for each value, the fuller the more; the columns are the hours of a day."""
    most = max((value for _, values in rows for value in values), default=0) or 1
    boxes: list[Box] = []
    words: list[Words] = []
    for number, (name, values) in enumerate(rows):
        y = number * _CELL
        words.append(Words(_DAY_NAMES - _GAP, y + 17, name, anchor="end"))
        for hour, value in enumerate(values):
            strength = 0.06 + 0.94 * value / most
            title = f"{name} {hour:02}:00: {value:,}"
            boxes.append(Box(_DAY_NAMES + hour * _CELL, y, _CELL - 2, _CELL - 2, "first", title, strength))
    y = len(rows) * _CELL + 14
    words += [
        Words(_DAY_NAMES + hour * _CELL + _CELL / 2 - 1, y, f"{hour:02}", "soft", "middle", _SMALL)
        for hour in range(0, 24, 3)
    ]
    return Drawing(WIDTH, y + 6, tuple(boxes), tuple(words))


def _short(name: str) -> str:
    """Return a name that fits before a bar, without what no SVG can hold or what turns its line around."""
    plain = "".join(char if char.isprintable() or char in _JOINERS else " " for char in name)
    ends = [place for place, char in enumerate(plain) if unicodedata.category(char) != "Mn"]  # no width
    return plain if len(ends) <= _MOST_NAME_CHARS else f"{plain[: ends[_MOST_NAME_CHARS - 1]]}…"
