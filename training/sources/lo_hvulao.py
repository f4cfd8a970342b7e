"""Lao sentences of a language model, corrected by linguists, all benign. Measures only, never trains."""

from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import TEST_ONLY_PARTS, Example, Source
from training.sources.tables import read_lines


def read(data_root: Path) -> Iterator[Example]:
    """Yield every line of `testorgin1k.txt`; a line is a clause, not always a whole sentence."""
    path = data_root / SOURCE.folder / "testorgin1k.txt"
    for number, line in enumerate(read_lines(path), start=1):
        text = line.strip()
        if not text:
            continue
        yield Example(
            text=text,
            labels=frozenset(),
            known=frozenset(LABELS),
            role=None,
            language="lo",
            source=SOURCE.name,
            key=str(number),
        )


SOURCE = Source(
    name="lo_hvulao",
    folder="eval_only/lo_hvulao",
    read=read,
    parts=TEST_ONLY_PARTS,
    measure="false_alarms",
)
