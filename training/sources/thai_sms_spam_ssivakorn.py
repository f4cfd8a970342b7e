"""Real Thai SMS from receive-SMS sites, 2021-22, hand-labelled: scam, operator promotion, OTP, ordinary."""

from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import LABELLED_PARTS, Example, Source
from training.sources.tables import look_up, read_csv

MAPPED = frozenset(
    {
        "online_gambling",
        "loan_scam",
        "fraudulent_job_offer",
        "task_scam",
        "phishing",
        "prize_scam",
        "investment_scam",
        "other_scam",
    }
)
_ROLES = {"otp": "ordinary", "ok": "ordinary", "spam": "offer", "scam": "approach"}


def read(data_root: Path) -> Iterator[Example]:
    """Yield every SMS; `scam` is one of `MAPPED`, `spam` is an operator's promotion and benign."""
    path = data_root / SOURCE.folder / "dedup.csv"
    for number, row in enumerate(read_csv(path, ("text", "label")), start=1):
        role = look_up(_ROLES, row["label"], f"{path.name}, row {number}, label")
        scam = row["label"] == "scam"
        if text := row["text"].strip():
            yield Example(
                text=text,
                labels=frozenset(),
                known=frozenset() if scam else frozenset(LABELS),
                any_of=MAPPED if scam else frozenset(),
                role=role,
                language="th",
                source=SOURCE.name,
                key=str(number),
            )


SOURCE = Source(
    name="thai_sms_spam_ssivakorn",
    folder="open/thai_sms_spam_ssivakorn",
    read=read,
    parts=LABELLED_PARTS,
    measure="two_class",
    mapped=MAPPED,
    register="messages",
)
