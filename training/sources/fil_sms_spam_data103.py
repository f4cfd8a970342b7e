"""Filipino SMS, lemmatised by its makers: only the ham is read, its spam is mostly promotion of banks."""

from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import LABELLED_PARTS, Example, Source
from training.sources.tables import look_up, read_csv


def read(data_root: Path) -> Iterator[Example]:
    """Yield every ham SMS."""
    path = data_root / SOURCE.folder / "cleaned_sms_text_labels_only_v2.csv"
    for number, row in enumerate(read_csv(path, ("text", "label")), start=1):
        ham = look_up({"ham": True, "spam": False}, row["label"], f"{path.name}, row {number}, label")
        text = row["text"].strip()
        if ham and text:
            yield Example(
                text=text,
                labels=frozenset(),
                known=frozenset(LABELS),
                role="ordinary",
                language="tl",
                source=SOURCE.name,
                key=str(number),
            )


SOURCE = Source(
    name="fil_sms_spam_data103",
    folder="open/fil_sms_spam_data103",
    read=read,
    parts=LABELLED_PARTS,
    measure="false_alarms",
    register="messages",
)
