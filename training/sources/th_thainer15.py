"""Thai news sentences with people, organisations, places, sums and dates marked (ThaiNER 1.5); all benign."""

import re
from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import LABELLED_PARTS, Example, MarkedSpan, Source
from training.sources.tables import read_lines

_TYPES = {
    "PERSON": "PERSON",
    "ORGANIZATION": "ORGANISATION",
    "LOCATION": "LOCATION",
    "FACILITY": "LOCATION",
    "MONEY": "MONEY",
    "PHONE": "PHONE",
    "URL": "URL",
    "EMAIL": "EMAIL",
    "DATE": "DATE",
}
_TAG = re.compile(r"\[(/?)([A-Z]{1,12})\]")


def read(data_root: Path) -> Iterator[Example]:
    """Yield every sentence of the three files."""
    for part in ("train", "val", "test"):
        path = data_root / SOURCE.folder / f"{part}.txt"
        for number, line in enumerate(read_lines(path), start=1):
            text, spans = without_tags(line)
            if text:
                yield Example(
                    text=text,
                    labels=frozenset(),
                    known=frozenset(LABELS),
                    role="ordinary",
                    language="th",
                    source=SOURCE.name,
                    key=f"{part}-{number}",
                    spans=spans,
                )


def without_tags(line: str) -> tuple[str, tuple[MarkedSpan, ...]]:
    """Return the text without `[TAG]`, `[/TAG]`, stripped, and the spans of the entity types we have.

    Other tags, and a tag not closed by its own name, leave their words and no span.
    """
    text = ""
    position = 0
    opened: list[tuple[str, int]] = []
    spans: list[MarkedSpan] = []
    for tag in _TAG.finditer(line):
        text = f"{text}{line[position : tag.start()]}".lstrip()
        position = tag.end()
        if not tag[1]:
            opened.append((tag[2], len(text)))
        elif opened:
            name, start = opened.pop()
            if name == tag[2] and name in _TYPES:
                spans.extend(_trimmed(text, start, _TYPES[name]))
    return f"{text}{line[position:]}".strip(), tuple(spans)


def _trimmed(text: str, start: int, entity_type: str) -> Iterator[MarkedSpan]:
    """Yield the span from `start` to the end of `text` without the spaces around it, unless it is empty."""
    words = text[start:]
    if words.strip():
        start += len(words) - len(words.lstrip())
        yield MarkedSpan("entity", entity_type, start, start + len(words.strip()))


SOURCE = Source(
    name="th_thainer15",
    folder="open/th_thainer15",
    read=read,
    parts=LABELLED_PARTS,
    measure="false_alarms",
    entity_types=frozenset({"PERSON", "ORGANISATION", "LOCATION"}),  # its dates and sums are not ours
)
