"""Indonesian news items found to be true, all benign. Measures only, never trains."""

from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import TEST_ONLY_PARTS, Example, Source
from training.sources.tables import read_csv


def read(data_root: Path) -> Iterator[Example]:
    """Yield headline and body of every item of `facts.csv`; the hoaxes are another file and not read."""
    path = data_root / SOURCE.folder / "facts.csv"
    for number, row in enumerate(read_csv(path, ("Judul", "Isi")), start=1):
        text = f"{row['Judul'].strip()}\n{row['Isi'].strip()}".strip()
        if not text:
            continue
        yield Example(
            text=text,
            labels=frozenset(),
            known=frozenset(LABELS),
            role=None,
            language="id",
            source=SOURCE.name,
            key=str(number),
        )


SOURCE = Source(
    name="id_hoax_mesolitica",
    folder="eval_only/id_hoax_mesolitica",
    read=read,
    parts=TEST_ONLY_PARTS,
    measure="false_alarms",
)
