"""Sentences of British job adverts with occupations marked (Green, Maynard and Lin 2022); all benign."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from models.taxonomy import LABELS
from training.example import LABELLED_PARTS, Example, Source
from training.sources.tables import join_bio, read_csv


def read(data_root: Path) -> Iterator[Example]:
    """Yield every sentence, its words joined by spaces; an Occupation is a JOB_TITLE, the rest unmarked."""
    path = data_root / SOURCE.folder / "df_testset.csv"
    rows = read_csv(path, ("sentence_id", "word", "tag"))
    for sentence_id, words in groupby(rows, key=lambda row: row["sentence_id"]):
        text, spans = join_bio(((row["word"], row["tag"]) for row in words), {"Occupation": "JOB_TITLE"})
        if text:
            yield Example(
                text=text,
                labels=frozenset(),
                known=frozenset(LABELS),
                role="offer",
                language="en",
                source=SOURCE.name,
                key=sentence_id,
                spans=spans,
            )


SOURCE = Source(
    name="skill_extraction_ner",
    folder="open/skill_extraction_ner",
    read=read,
    parts=LABELLED_PARTS,
    measure="false_alarms",
    register="adverts",
    entity_types=frozenset({"JOB_TITLE"}),
)
