"""Malay tweets and news sentences gathered for sentiment, all benign. Measures only, never trains."""

from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import TEST_ONLY_PARTS, Example, Source
from training.sources.tables import read_csv


def read(data_root: Path) -> Iterator[Example]:
    """Yield the texts of `supervised_twitter_sentiment.csv` (tab-separated) and `news_sentiment_v2.csv`."""
    for file, delimiter in (("supervised_twitter_sentiment.csv", "\t"), ("news_sentiment_v2.csv", ",")):
        path = data_root / SOURCE.folder / file
        for number, row in enumerate(read_csv(path, ("text",), delimiter=delimiter), start=1):
            text = row["text"].strip()
            if not text:
                continue
            yield Example(
                text=text,
                labels=frozenset(),
                known=frozenset(LABELS),
                role="ordinary",
                language="ms",
                source=SOURCE.name,
                key=f"{path.stem}-{number}",
            )


SOURCE = Source(
    name="ms_mesolitica",
    folder="eval_only/ms_mesolitica",
    read=read,
    parts=TEST_ONLY_PARTS,
    measure="false_alarms",
)
