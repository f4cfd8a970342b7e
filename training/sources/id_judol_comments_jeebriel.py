"""Indonesian video comments: gambling promotion against the rest. Measures only, never trains."""

from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import TEST_ONLY_PARTS, Example, Source
from training.sources.tables import look_up, read_csv

MAPPED = frozenset({"online_gambling"})
_FILES = tuple(f"datasetraw{number}_text_label.csv" for number in range(1, 6))


def read(data_root: Path) -> Iterator[Example]:
    """Yield every distinct text once, at its first place; a text that bears both labels is left out."""
    found: dict[str, tuple[str, set[bool]]] = {}
    for file in _FILES:
        path = data_root / SOURCE.folder / file
        for number, row in enumerate(read_csv(path, ("text", "label")), start=1):
            gambling = look_up({"0": False, "1": True}, row["label"], where=f"{file}, row {number}")
            text = row["text"].strip()
            if text:
                found.setdefault(text, (f"raw{file[10]}-{number}", set()))[1].add(gambling)
    for text, (key, verdicts) in found.items():
        if len(verdicts) > 1:
            continue
        (gambling,) = verdicts
        yield Example(
            text=text,
            labels=MAPPED if gambling else frozenset(),
            known=MAPPED if gambling else frozenset(LABELS),
            role="offer" if gambling else "ordinary",
            language="id",
            source=SOURCE.name,
            key=key,
        )


SOURCE = Source(
    name="id_judol_comments_jeebriel",
    folder="eval_only/id_judol_comments_jeebriel",
    read=read,
    parts=TEST_ONLY_PARTS,
    measure="two_class",
    mapped=MAPPED,
)
