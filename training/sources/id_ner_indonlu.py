"""Indonesian sentences with people, places and organisations marked (NERGrit, NERP, IndoNLU); all benign."""

from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import LABELLED_PARTS, Example, Source
from training.sources.tables import join_bio, read_bio

_TYPES = {
    "PERSON": "PERSON",
    "PLACE": "LOCATION",
    "ORGANISATION": "ORGANISATION",
    "PPL": "PERSON",
    "PLC": "LOCATION",
    "IND": "ORGANISATION",
}


def read(data_root: Path) -> Iterator[Example]:
    """Yield every sentence of both sets, its words joined by spaces."""
    for name in ("nergrit_ner-grit", "nerp_ner-prosa"):
        for part in ("train", "valid", "test"):
            path = data_root / SOURCE.folder / f"{name}_{part}.txt"
            for number, sentence in enumerate(read_bio(path), start=1):
                text, spans = join_bio(sentence, _TYPES)
                if text:
                    yield Example(
                        text=text,
                        labels=frozenset(),
                        known=frozenset(LABELS),
                        role="ordinary",
                        language="id",
                        source=SOURCE.name,
                        key=f"{name}-{part}-{number}",
                        spans=spans,
                    )


SOURCE = Source(
    name="id_ner_indonlu",
    folder="open/id_ner_indonlu",
    read=read,
    parts=LABELLED_PARTS,
    measure="false_alarms",
    entity_types=frozenset(_TYPES.values()),
)
