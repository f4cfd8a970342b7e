"""Indonesian comments and reviews gathered for sentiment (SmSA of IndoNLU); all benign."""

from collections.abc import Iterator
from pathlib import Path

from models.errors import TrainingDataError
from models.taxonomy import LABELS
from training.example import BENIGN_PARTS, Example, Source
from training.sources.tables import read_lines


def read(data_root: Path) -> Iterator[Example]:
    """Yield every comment of the three files of `text<TAB>sentiment` lines."""
    for part in ("train", "valid", "test"):
        path = data_root / SOURCE.folder / f"smsa_{part}.tsv"
        for number, line in enumerate(read_lines(path), start=1):
            text, tab, _sentiment = line.rpartition("\t")
            if line.strip() and not tab:
                raise TrainingDataError(f"{path.name}, line {number}: expected text, tab, sentiment")
            if text := text.strip():
                yield Example(
                    text=text,
                    labels=frozenset(),
                    known=frozenset(LABELS),
                    role="ordinary",
                    language="id",
                    source=SOURCE.name,
                    key=f"{part}-{number}",
                )


SOURCE = Source(
    name="id_smsa_indonlu",
    folder="open/id_smsa_indonlu",
    read=read,
    parts=BENIGN_PARTS,
    measure="false_alarms",
    register="messages",
)
