"""Burmese sentences with marked names, places and dates, all benign. Measures only, never trains."""

from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import TEST_ONLY_PARTS, Example, MarkedSpan, Source
from training.sources.tables import read_bio

# NUM and TIME have no counterpart among our entity types.
_ENTITY_TYPES = {"PER": "PERSON", "LOC": "LOCATION", "ORG": "ORGANISATION", "DATE": "DATE"}


def read(data_root: Path) -> Iterator[Example]:
    """Yield every sentence of the three files, joined without spaces but between Latin words."""
    for part in ("train", "val", "test"):
        path = data_root / SOURCE.folder / f"{part}_v5.conll"
        for number, tokens in enumerate(read_bio(path), start=1):
            text, spans = _join(tokens)
            yield Example(
                text=text,
                labels=frozenset(),
                known=frozenset(LABELS),
                role=None,
                language="my",
                source=SOURCE.name,
                key=f"{part}-{number}",
                spans=spans,
            )


def _join(tokens: list[tuple[str, str]]) -> tuple[str, tuple[MarkedSpan, ...]]:
    """Return the running text and a span for each run that B or S opens and I or E continue."""
    text = ""
    spans: list[MarkedSpan] = []
    open_type = ""
    for word_and_pos, tag in tokens:
        word = word_and_pos.partition("\t")[0].strip()
        if text and word and _is_latin(text[-1]) and _is_latin(word[0]):
            text += " "
        start = len(text)
        text += word
        position, _, name = tag.strip().partition("-")
        if position in ("B", "S"):
            open_type = _ENTITY_TYPES.get(name, "")
        elif open_type and _ENTITY_TYPES.get(name) == open_type:
            start = spans.pop().start
        else:
            open_type = ""
        if open_type:
            spans.append(MarkedSpan("entity", open_type, start, len(text)))
        if position in ("E", "S"):
            open_type = ""
    return text, tuple(spans)


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


SOURCE = Source(
    name="my_myner7",
    folder="eval_only/my_myner7",
    read=read,
    parts=TEST_ONLY_PARTS,
    measure="false_alarms",
    entity_types=frozenset(_ENTITY_TYPES.values()),
)
