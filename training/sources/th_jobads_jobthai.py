"""Thai job adverts of a recruitment site, all benign. Measures only, never trains."""

from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import TEST_ONLY_PARTS, Example, Source
from training.sources.tables import read_csv

_COLUMNS = ("title", "location", "salary", "positions", "benefits", "body")


def read(data_root: Path) -> Iterator[Example]:
    """Yield every advert of `jobthai_slim.csv`, its filled fields one below the other."""
    path = data_root / SOURCE.folder / "jobthai_slim.csv"
    for row in read_csv(path, ("id", *_COLUMNS)):
        text = "\n".join(row[column].strip() for column in _COLUMNS if row[column].strip())
        if not text:
            continue
        yield Example(
            text=text,
            labels=frozenset(),
            known=frozenset(LABELS),
            role="offer",
            language="th",
            source=SOURCE.name,
            key=row["id"],
        )


SOURCE = Source(
    name="th_jobads_jobthai",
    folder="eval_only/th_jobads_jobthai",
    read=read,
    parts=TEST_ONLY_PARTS,
    measure="false_alarms",
)
