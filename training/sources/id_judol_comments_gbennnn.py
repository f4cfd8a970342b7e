"""Real Indonesian video comments, human-labelled: promotion of online gambling (judol) against the rest."""

from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import LABELLED_PARTS, Example, Source
from training.sources.tables import look_up, read_csv

MAPPED = frozenset({"online_gambling"})
_KNOWN_IN_POSITIVES = MAPPED | {"person_at_risk", "loss_report", "trafficking_recruitment"}


def read(data_root: Path) -> Iterator[Example]:
    """Yield every comment; 1 promotes gambling, 0 is benign."""
    path = data_root / SOURCE.folder / "judol_text_label.csv"
    for number, row in enumerate(read_csv(path, ("text", "label")), start=1):
        gambling = look_up({"0": False, "1": True}, row["label"], f"{path.name}, row {number}, label")
        if text := row["text"].strip():
            yield Example(
                text=text,
                labels=MAPPED if gambling else frozenset(),
                known=_KNOWN_IN_POSITIVES if gambling else frozenset(LABELS),
                role="offer" if gambling else "ordinary",
                language="id",
                source=SOURCE.name,
                key=str(number),
            )


SOURCE = Source(
    name="id_judol_comments_gbennnn",
    folder="open/id_judol_comments_gbennnn",
    read=read,
    parts=LABELLED_PARTS,
    measure="two_class",
    mapped=MAPPED,
    register="messages",
)
