"""Vietnamese shop reviews judged genuine, all benign. Measures only, never trains."""

from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import TEST_ONLY_PARTS, Example, Source
from training.sources.tables import look_up, read_csv


def read(data_root: Path) -> Iterator[Example]:
    """Yield the genuine reviews (Label 0); the spam is left out, for some of it sells loans and bets."""
    for part in ("train", "dev", "test"):
        path = data_root / SOURCE.folder / "dataset" / f"{part}.csv"
        for number, row in enumerate(read_csv(path, ("Comment", "Label")), start=1):
            spam = look_up({"0": False, "1": True}, row["Label"], where=f"{path.name}, row {number}")
            text = row["Comment"].strip()
            if spam or not text:
                continue
            yield Example(
                text=text,
                labels=frozenset(),
                known=frozenset(LABELS),
                role="ordinary",
                language="vi",
                source=SOURCE.name,
                key=f"{part}-{number}",
            )


SOURCE = Source(
    name="vi_vispamreviews",
    folder="eval_only/vi_vispamreviews",
    read=read,
    parts=TEST_ONLY_PARTS,
    measure="false_alarms",
)
