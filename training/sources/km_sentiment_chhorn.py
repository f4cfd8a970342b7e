"""Khmer sentences gathered for sentiment, many machine-translated, benign. Measures only, never trains."""

from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import TEST_ONLY_PARTS, Example, Source
from training.sources.tables import read_csv


def read(data_root: Path) -> Iterator[Example]:
    """Yield the texts of `new_final.csv` and `combined_sentiment_data.csv`."""
    for file in ("new_final.csv", "combined_sentiment_data.csv"):
        path = data_root / SOURCE.folder / file
        for number, row in enumerate(read_csv(path, ("text",)), start=1):
            text = row["text"].strip()
            if not text:
                continue
            yield Example(
                text=text,
                labels=frozenset(),
                known=frozenset(LABELS),
                role="ordinary",
                language="km",
                source=SOURCE.name,
                key=f"{path.stem}-{number}",
            )


SOURCE = Source(
    name="km_sentiment_chhorn",
    folder="eval_only/km_sentiment_chhorn",
    read=read,
    parts=TEST_ONLY_PARTS,
    measure="false_alarms",
)
