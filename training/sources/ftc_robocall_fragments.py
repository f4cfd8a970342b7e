"""Fragments of suspected illegal robocalls to the United States, transcribed by machine; all fraud."""

from collections.abc import Iterator
from pathlib import Path

from training.example import LABELLED_PARTS, Example, Source
from training.sources.tables import look_up, read_json_lines

MAPPED = frozenset({"call_centre_scam", "phishing", "loan_scam", "prize_scam", "shopping_scam", "other_scam"})


def read(data_root: Path) -> Iterator[Example]:
    """Yield every fragment as one of `MAPPED`."""
    path = data_root / SOURCE.folder / "robocall_fragments.jsonl"
    for row in read_json_lines(path, ("id", "text", "label")):
        look_up({"robocall_suspected_illegal": True}, row["label"], f"{path.name}, {row['id']}, label")
        if text := row["text"].strip():
            yield Example(
                text=text,
                labels=frozenset(),
                known=frozenset(),
                any_of=MAPPED,
                role="approach",
                language="en",
                source=SOURCE.name,
                key=str(row["id"]),
            )


SOURCE = Source(
    name="ftc_robocall_fragments",
    folder="open/ftc_robocall_fragments",
    read=read,
    parts=LABELLED_PARTS,
    measure="recall",
    mapped=MAPPED,
    register="messages",
)
