"""Thai social-media messages gathered for sentiment; all benign, a few are adverts."""

from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import BENIGN_PARTS, Example, Source
from training.sources.tables import read_lines


def read(data_root: Path) -> Iterator[Example]:
    """Yield every message of the four files, one a line."""
    for part in ("neu", "neg", "pos", "q"):
        path = data_root / SOURCE.folder / f"{part}.txt"
        for number, line in enumerate(read_lines(path), start=1):
            if text := line.strip():
                yield Example(
                    text=text,
                    labels=frozenset(),
                    known=frozenset(LABELS),
                    role="ordinary",
                    language="th",
                    source=SOURCE.name,
                    key=f"{part}-{number}",
                )


SOURCE = Source(
    name="th_wisesight_sentiment",
    folder="open/th_wisesight_sentiment",
    read=read,
    parts=BENIGN_PARTS,
    measure="false_alarms",
    register="messages",
)
