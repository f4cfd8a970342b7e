"""Which language a text is in."""

from __future__ import annotations

from dataclasses import dataclass

FIRST_CLASS: tuple[str, ...] = ("en", "th", "zh", "vi", "my", "km", "lo", "id", "ms", "tl", "ko", "hi")


@dataclass(frozen=True, slots=True)
class Language:
    """A BCP-47 primary tag and how sure we are of it, in [0, 1]."""

    tag: str
    proba: float


def detect(text: str) -> Language:
    """The language most of `text` is in; `und` with 0.0 when there is nothing to go by."""
    scripts = (
        ("th", "\u0e01", "\u0e5b"),
        ("lo", "\u0e81", "\u0edf"),
        ("km", "\u1780", "\u17ff"),
        ("my", "\u1000", "\u109f"),
        ("ko", "\uac00", "\ud7a3"),
        ("zh", "\u4e00", "\u9fff"),
        ("hi", "\u0900", "\u097f"),
        ("en", "A", "z"),
    )
    counts = {tag: sum(low <= char <= high for char in text) for tag, low, high in scripts}
    tag = max(counts, key=lambda item: counts[item])
    return Language(tag, 0.9) if counts[tag] else Language("und", 0.0)
