"""Hindi SMS: spam against ham, partly machine-translated. Measures only, never trains."""

from collections.abc import Iterator
from pathlib import Path

from models.taxonomy import LABELS
from training.example import TEST_ONLY_PARTS, Example, Source
from training.sources.tables import look_up, read_csv

MAPPED = frozenset(
    {
        "prize_scam",
        "phishing",
        "loan_scam",
        "shopping_scam",
        "online_gambling",
        "investment_scam",
        "commercial_sex_ad",
        "call_centre_scam",
        "fraudulent_job_offer",
        "other_scam",
    }
)


def read(data_root: Path) -> Iterator[Example]:
    """Yield every row of `Spam_or_Ham2.csv`: spam is some scam or promotion, ham is benign."""
    path = data_root / SOURCE.folder / "Spam_or_Ham2.csv"
    for number, row in enumerate(read_csv(path, ("Message", "Category")), start=1):
        spam = look_up({"ham": False, "spam": True}, row["Category"], where=f"{path.name}, row {number}")
        text = row["Message"].strip()
        if not text:
            continue
        yield Example(
            text=text,
            labels=frozenset(),
            known=frozenset() if spam else frozenset(LABELS),
            any_of=MAPPED if spam else frozenset(),
            role=None,
            language="hi",
            source=SOURCE.name,
            key=str(number),
        )


SOURCE = Source(
    name="hi_spam_ram",
    folder="eval_only/hi_spam_ram",
    read=read,
    parts=TEST_ONLY_PARTS,
    measure="two_class",
    mapped=MAPPED,
)
