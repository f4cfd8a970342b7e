"""Khmer sentences of a part-of-speech corpus, all benign. Measures only, never trains."""

from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import TEST_ONLY_PARTS, Example, Source
from training.sources.tables import read_lines

# The corpus marks compounds, prefixes and suffixes inside a word; running Khmer has no such marks.
_WORD_MARKS = str.maketrans("", "", "_~^")


def read(data_root: Path) -> Iterator[Example]:
    """Yield every sentence of `train.all` and `OPEN-TEST`, its words joined without spaces."""
    for file in ("train.all", "OPEN-TEST"):
        path = data_root / SOURCE.folder / file
        for number, line in enumerate(read_lines(path), start=1):
            words = (token.rpartition("/")[0] for token in line.split())
            text = "".join(words).translate(_WORD_MARKS)
            if not text:
                continue
            yield Example(
                text=text,
                labels=frozenset(),
                known=frozenset(LABELS),
                role=None,
                language="km",
                source=SOURCE.name,
                key=f"{file}-{number}",
            )


SOURCE = Source(
    name="km_khpos",
    folder="eval_only/km_khpos",
    read=read,
    parts=TEST_ONLY_PARTS,
    measure="false_alarms",
)
