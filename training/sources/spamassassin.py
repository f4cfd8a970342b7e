"""English e-mail of 2002-03, mailing lists and newsletters: the ham of the SpamAssassin public corpus."""

from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import BENIGN_PARTS, Example, Source
from training.sources.tables import look_up, read_json_lines


def read(data_root: Path) -> Iterator[Example]:
    """Yield every ham mail, subject first; the spam fits none of our labels cleanly and is left out."""
    path = data_root / SOURCE.folder / "spamassassin.jsonl"
    for row in read_json_lines(path, ("id", "label", "subject", "text")):
        ham = look_up({"ham": True, "spam": False}, row["label"], f"{path.name}, {row['id']}, label")
        text = f"{row['subject'].strip()}\n{row['text'].strip()}".strip()
        if ham and text:
            yield Example(
                text=text,
                labels=frozenset(),
                known=frozenset(LABELS),
                role="ordinary",
                language="en",
                source=SOURCE.name,
                key=row["id"],
            )


SOURCE = Source(
    name="spamassassin",
    folder="open/spamassassin",
    read=read,
    parts=BENIGN_PARTS,
    measure="false_alarms",
    register="messages",
)
