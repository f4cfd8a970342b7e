"""English questions of bank customers about cards, transfers and identity checks; all benign."""

from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import BENIGN_PARTS, Example, Source
from training.sources.tables import read_csv


def read(data_root: Path) -> Iterator[Example]:
    """Yield every question of `train.csv` and `test.csv`."""
    for part in ("train", "test"):
        path = data_root / SOURCE.folder / f"{part}.csv"
        for number, row in enumerate(read_csv(path, ("text",)), start=1):
            if text := row["text"].strip():
                yield Example(
                    text=text,
                    labels=frozenset(),
                    known=frozenset(LABELS),
                    role="ordinary",
                    language="en",
                    source=SOURCE.name,
                    key=f"{part}-{number}",
                )


SOURCE = Source(
    name="banking77",
    folder="open/banking77",
    read=read,
    parts=BENIGN_PARTS,
    measure="false_alarms",
    register="messages",
)
