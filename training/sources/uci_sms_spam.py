"""English SMS of the 2000s (UCI SMS Spam Collection): British premium-rate spam against ordinary messages."""

from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import LABELLED_PARTS, Example, Source
from training.sources.tables import look_up, read_csv

MAPPED = frozenset(
    {
        "prize_scam",
        "phishing",
        "shopping_scam",
        "other_scam",
        "commercial_sex_ad",
        "loan_scam",
        "call_centre_scam",
    }
)


def read(data_root: Path) -> Iterator[Example]:
    """Yield every SMS; spam is one of `MAPPED`."""
    path = data_root / SOURCE.folder / "SMSSpamCollection"
    rows = read_csv(path, ("Label", "SMS"), delimiter="\t", quoted=False)
    for number, row in enumerate(rows, start=1):
        spam = look_up({"ham": False, "spam": True}, row["Label"], f"{path.name}, row {number}, Label")
        if text := row["SMS"].strip():
            yield Example(
                text=text,
                labels=frozenset(),
                known=frozenset() if spam else frozenset(LABELS),
                any_of=MAPPED if spam else frozenset(),
                role="approach" if spam else "ordinary",
                language="en",
                source=SOURCE.name,
                key=str(number),
            )


SOURCE = Source(
    name="uci_sms_spam",
    folder="open/uci_sms_spam",
    read=read,
    parts=LABELLED_PARTS,
    measure="two_class",
    mapped=MAPPED,
    register="messages",
)
