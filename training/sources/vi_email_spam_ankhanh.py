"""Vietnamese social-media comments, all benign. Measures only, never trains."""

from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import TEST_ONLY_PARTS, Example, Source
from training.sources.tables import look_up, read_csv


def read(data_root: Path) -> Iterator[Example]:
    """Yield the comments (spam 0) of `vietnamese_data.csv`; its 123 spam rows are mostly not fraud."""
    path = data_root / SOURCE.folder / "vietnamese_data.csv"
    for number, row in enumerate(read_csv(path, ("text", "spam")), start=1):
        spam = look_up({"0": False, "1": True}, row["spam"], where=f"{path.name}, row {number}")
        text = row["text"].strip()
        if spam or not text:
            continue
        yield Example(
            text=text,
            labels=frozenset(),
            known=frozenset(LABELS),
            role="ordinary",
            language="vi",
            source=SOURCE.name,
            key=str(number),
        )


SOURCE = Source(
    name="vi_email_spam_ankhanh",
    folder="eval_only/vi_email_spam_ankhanh",
    read=read,
    parts=TEST_ONLY_PARTS,
    measure="false_alarms",
)
