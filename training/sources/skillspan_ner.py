"""Sentences of real English job postings (SkillSpan), names replaced by placeholders; all benign."""

from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import LABELLED_PARTS, Example, Source
from training.sources.tables import read_json_lines


def read(data_root: Path) -> Iterator[Example]:
    """Yield every sentence, its words joined by spaces; sentences of one posting share their `aligned` value.

    Its skill and knowledge spans have no entity type here, and it marks no occupations: no spans.
    """
    for part in ("train", "dev", "test"):
        path = data_root / SOURCE.folder / f"{part}.json"
        for number, row in enumerate(read_json_lines(path, ("idx", "tokens", "source")), start=1):
            if text := " ".join(token.strip() for token in row["tokens"]).strip():
                yield Example(
                    text=text,
                    labels=frozenset(),
                    known=frozenset(LABELS),
                    role="offer",
                    language="en",
                    source=SOURCE.name,
                    key=f"{part}-{number}",
                    aligned=f"skillspan:{part}-{row['source']}-{row['idx']}",
                )


SOURCE = Source(
    name="skillspan_ner",
    folder="open/skillspan_ner",
    read=read,
    parts=LABELLED_PARTS,
    measure="false_alarms",
    register="adverts",
)
